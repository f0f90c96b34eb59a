"""What is said, as text: read back by libraries that read such files."""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
import srt
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.errors import UnknownFormatError
from voicecoach.export import tags
from voicecoach.export.captions import KINDS, Caption, beside, captions, lyrics, written
from voicecoach.sound.clip import Clip
from voicecoach.timeline.model import Content, Line, Recording, Role, Sound

RATE = 1000
HOUR = 3600 * RATE


class Clips:
    """No caption needs the sound."""

    def clip(self, what: Content) -> Clip:
        raise NotImplementedError

    def frames(self, what: Content) -> int:
        raise NotImplementedError

    def identity(self, what: Content) -> str:
        raise NotImplementedError


def session(*heard: tuple[int, int, str | Content], frames: int = 20_000, language: str = "en") -> Arrangement:
    """A step in which each is heard from one frame to another."""
    placements = tuple(
        Placement(start, end, Line(what, language) if isinstance(what, str) else what, Role.CUE, 0)
        for start, end, what in heard
    )
    passage = Passage(0, "Bridge", 0, frames, placements)
    return Arrangement(title="Bridge", summary="", language=language, rate=RATE, passages=[passage], clips=Clips())


def text(kind: str, arrangement: Arrangement) -> str:
    return written(kind, arrangement, tags.of(arrangement, arrangement.frames))


def read_vtt(arrangement: Arrangement) -> list[tuple[str, str, str]]:
    found = webvtt.from_buffer(io.BytesIO(text("vtt", arrangement).encode("utf-8")))
    return [(caption.start, caption.end, caption.text) for caption in found]


def read_srt(arrangement: Arrangement) -> list[tuple[float, float, str]]:
    found = srt.parse(text("srt", arrangement))
    return [(one.start.total_seconds(), one.end.total_seconds(), one.content) for one in found]


# what is said, and when


def test_each_line_is_a_caption_as_long_as_it_is_heard() -> None:
    found = captions(session((500, 2500, "Lift."), (5000, 7250, "Hold. [pause 1.5s] Breathe.")))
    assert found == (Caption(0.5, 2.5, "Lift."), Caption(5.0, 7.25, "Hold. … Breathe."))


def test_counted_numbers_stay_until_the_next_so_that_they_can_be_read() -> None:
    counted = [(at, at + 400, word) for at, word in ((1000, "three"), (2000, "two"), (3000, "one"))]
    found = captions(session(*counted, (4000, 4300, Sound("end"))))
    assert found == (
        Caption(1.0, 2.0, "three"),
        Caption(2.0, 3.0, "two"),
        Caption(3.0, 4.0, "one"),
        Caption(4.0, 5.0, "■"),
    )


def test_a_tone_is_a_sign_and_a_metronome_nothing() -> None:
    ticks = [(at, at + 20, Sound("tick")) for at in range(0, 5000, 500)]
    found = captions(session(*ticks, (2000, 2300, Sound("start")), (2100, 3000, "Go.")))
    assert [(one.start, one.end, one.text) for one in found] == [(2.0, 2.1, "▶"), (2.1, 3.1, "Go.")]


def test_of_a_tone_and_a_line_at_the_same_moment_the_line_is_shown() -> None:
    assert captions(session((0, 900, "Go."), (0, 300, Sound("start")))) == (Caption(0.0, 1.0, "Go."),)


def test_a_recording_shows_what_it_says_and_nothing_lasts_beyond_the_end() -> None:
    found = captions(session((0, 300, Recording(Path("a.wav"), "Welcome.\nSit\tdown.")), frames=500))
    assert found == (Caption(0.0, 0.5, "Welcome. Sit down."),)


def test_lyrics_leave_tones_out_and_go_when_they_are_old() -> None:
    heard = session((0, 1000, "Lift."), (9000, 9300, Sound("end")), (9500, 10_500, "Rest."))
    assert lyrics(heard) == ((0, "Lift."), (4000, ""), (9500, "Rest."))


def test_a_line_that_reads_like_the_sign_of_a_tone_is_sung_too() -> None:
    assert lyrics(session((0, 1000, "½"))) == ((0, "½"),)


# files


def test_webvtt_is_read_back() -> None:
    arrangement = session((500, 2500, "Hüften hoch."), (100 * HOUR + 1, 100 * HOUR + 2001, "漢字"), language="de-AT")
    assert text("vtt", arrangement).startswith("WEBVTT\nLanguage: de-AT\n\n00:00:00.500 --> 00:00:02.500\n")
    assert read_vtt(arrangement) == [
        ("00:00:00.500", "00:00:02.500", "Hüften hoch."),
        ("100:00:00.001", "100:00:02.001", "漢字"),
    ]


def test_subrip_is_read_back() -> None:
    arrangement = session((500, 2500, "Hüften hoch."), (3 * HOUR, 3 * HOUR + 2000, "漢字"))
    assert read_srt(arrangement) == [(0.5, 2.5, "Hüften hoch."), (10_800.0, 10_802.0, "漢字")]


def test_lrc_has_as_many_minutes_as_it_takes() -> None:
    arrangement = session((5, 2500, "Hips [left] up"), (2 * HOUR + 1234, 2 * HOUR + 3000, "Walk."))
    assert text("lrc", arrangement).splitlines() == [
        "[ti:Bridge]",
        "[ar:voicecoach]",
        "[al:Bridge]",
        "[la:en]",
        "[00:00.00]Hips (left) up",
        "[00:05.50]",
        "[120:01.23]Walk.",
    ]


def test_chapters_are_those_of_the_audio() -> None:
    assert json.loads(text("chapters", session((0, 1, "x"), frames=1500))) == {
        "version": "1.2.0",
        "title": "Bridge",
        "chapters": [{"startTime": 0.0, "endTime": 1.5, "title": "Bridge"}],
    }


def test_what_players_obey_is_shown_instead() -> None:
    arrangement = session((0, 2000, "a --> b <i>&amp; {\\an8}"))
    assert "a --&gt; b &lt;i&gt;&amp;amp; {\\an8}" in text("vtt", arrangement)
    assert read_srt(arrangement)[0][2] == "a --› b ‹i›&amp; (\\an8)"


words = st.text(st.characters(codec="utf-8") | st.sampled_from("\n\r<>&{}[]-\0\x1b\u2028"), min_size=1, max_size=30)
"""Whatever a script may say."""


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 3000), words), max_size=6))
def test_whatever_is_said_is_as_many_captions_for_every_reader(heard: list[tuple[int, int, str]]) -> None:
    at, cues = 0, []
    for gap, length, said in heard:
        at += gap
        cues.append((at, at + length, said))
        at += length
    arrangement = session(*cues, frames=at + 5000)
    found = captions(arrangement)
    assert all(one.end <= after.start for one, after in pairwise(found))
    blocks = text("vtt", arrangement).split("\n\n")[1:]
    assert [len(block.rstrip("\n").split("\n")) for block in blocks] == [2] * len(found)
    assert text("vtt", arrangement).count("-->") == len(found)
    assert [(start, end) for start, end, _ in read_srt(arrangement)] == [one[:2] for one in found]
    sung = [row for row in text("lrc", arrangement).split("\n") if re.match(r"\[\d", row)]
    assert all(row.count("[") == row.count("]") == 1 for row in sung)
    assert [row.partition("]")[2] != "" for row in sung].count(True) == len(found)


def test_without_a_word_there_is_a_file_all_the_same() -> None:
    assert [text(kind, session()) for kind in ("vtt", "srt")] == ["WEBVTT\nLanguage: en\n", ""]


@pytest.mark.parametrize(
    ("audio", "kind", "name"),
    [
        ("a/bridge.de.mp3", "vtt", "a/bridge.de.vtt"),
        ("bridge.MP3", "chapters", "bridge.chapters.json"),
        ("bridge.de", "srt", "bridge.de.srt"),
    ],
)
def test_a_text_has_the_name_of_its_audio(audio: str, kind: str, name: str) -> None:
    assert beside(Path(audio), kind) == Path(name)


def test_a_kind_there_is_not_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownFormatError, match=f"available: {', '.join(KINDS)}"):
        written("ass", session(), tags.Tags(title="x"))
