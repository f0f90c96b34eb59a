"""What is heard in the place of a line that cannot be spoken."""

from __future__ import annotations

import pytest

from voicecoach.arrange.stand_in import TONE, StandIn
from voicecoach.errors import AudioFileError, VoiceError
from voicecoach.sound.clip import Clip, mono
from voicecoach.timeline.model import Content, Line, Sound

GOOD, BAD, LOST = Line("Lift.", "en"), Line("Mute.", "en"), Line("Gone.", "en")


class Voice:
    """Fails at a line, at another only when its samples are asked for, and at a sound that is not there."""

    rate = 8000

    def __init__(self) -> None:
        self.asked: list[Content] = []

    def frames(self, what: Content) -> int:
        self.asked.append(what)
        if what == BAD:
            raise VoiceError("out of breath")
        if what == Sound("gong"):
            raise AudioFileError("no gong")
        return 100 if what == TONE else 800

    def clip(self, what: Content) -> Clip:
        if what == LOST:
            raise VoiceError("lost its voice")
        return mono([0.1] * self.frames(what), self.rate)

    def identity(self, what: Content) -> str:
        self.frames(what)
        return repr(what)


def test_a_line_that_fails_is_a_tone_and_is_not_tried_again() -> None:
    voice = Voice()
    clips = StandIn(voice)
    assert [clips.frames(what) for what in (GOOD, BAD, BAD, GOOD)] == [800, 100, 100, 800]
    assert clips.clip(BAD).frames == 100
    assert clips.identity(BAD) == repr(TONE)
    assert voice.asked.count(BAD) == 1
    assert {line.text: str(why) for line, why in clips.missed.items()} == {"Mute.": "out of breath"}


def test_a_line_may_fail_as_late_as_when_it_is_heard() -> None:
    clips = StandIn(Voice())
    assert (clips.frames(LOST), clips.clip(LOST).frames) == (800, 100)
    assert list(clips.missed) == [LOST]


def test_other_faults_stay_what_they_are() -> None:
    with pytest.raises(AudioFileError, match="no gong"):
        StandIn(Voice()).frames(Sound("gong"))
