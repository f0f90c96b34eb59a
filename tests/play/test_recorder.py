"""A microphone that stays open, of which only what was asked for is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from voices import RATE, Mono, read_out, room

from voicecoach.errors import MicrophoneError
from voicecoach.play.microphone import Hears, Microphone
from voicecoach.play.recorder import Recorder
from voicecoach.sound import take


class Desk:
    """A microphone on a desk, and the clock on the wall."""

    def __init__(self) -> None:
        self.now = 100.0
        self.open = 0
        self.asked: tuple[int, str | None] | None = None
        self._hears: Hears | None = None

    def __call__(self, hears: Hears, rate: int, name: str | None = None, again: Microphone | None = None) -> Microphone:
        self._hears, self.asked = hears, (rate, name)
        self.open += 1
        return self

    def close(self) -> None:
        self.open -= 1

    def hears(self, samples: Mono) -> None:
        """In blocks of 20 ms, from a thread of its own, while the clock goes on."""

        def speak() -> None:
            assert self._hears is not None
            for start in range(0, samples.size, RATE // 50):
                self._hears(samples[start : start + RATE // 50])

        thread = threading.Thread(target=speak)
        thread.start()
        thread.join()
        self.now += samples.size / RATE


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def recorder(desk: Desk) -> Iterator[Recorder]:
    with Recorder("desk", rate=RATE, microphone=desk, clock=lambda: desk.now) as opened:
        yield opened


def test_it_is_open_while_it_is_entered_and_no_longer(desk: Desk) -> None:
    with Recorder("desk", rate=RATE, microphone=desk):
        assert desk.asked == (RATE, "desk")
        assert desk.open == 1
    assert desk.open == 0


def test_only_what_is_heard_between_begin_and_end_is_kept(desk: Desk, recorder: Recorder) -> None:
    desk.hears(read_out())
    recorder.begin()
    line = read_out(0.5, 0.5)
    desk.hears(line)
    assert np.array_equal(recorder.end(), line)
    desk.hears(read_out())
    recorder.begin()
    assert recorder.end().size == 0


def test_it_notices_that_a_line_was_said(desk: Desk, recorder: Recorder) -> None:
    desk.hears(room(1.0))
    assert not recorder.said()
    recorder.begin()
    desk.hears(read_out(3.0, 0.8))
    assert not recorder.said()
    desk.hears(room(0.3))
    assert recorder.said()
    assert take.of(recorder.end(), RATE).start == pytest.approx(3.0, abs=0.02)


def test_what_is_played_meanwhile_is_not_taken_for_the_room(desk: Desk, recorder: Recorder) -> None:
    desk.hears(room(1.0))
    with recorder.deaf():
        desk.hears(read_out(0, 0, seconds=5.0))
    recorder.begin()
    desk.hears(read_out(0.5, 1.2))
    assert recorder.said()


def test_it_tells_how_loud_it_is(desk: Desk, recorder: Recorder) -> None:
    desk.hears(room(0.1, -60))
    assert recorder.level() == pytest.approx(-60, abs=1)


def test_a_microphone_that_goes_away_is_told(desk: Desk, recorder: Recorder) -> None:
    desk.hears(room(0.5))
    recorder.begin()
    desk.now += 0.5
    assert not recorder.said()
    desk.now += 0.7
    with pytest.raises(MicrophoneError, match="has gone away"):
        recorder.said()


def test_it_may_take_a_while_to_begin(desk: Desk, recorder: Recorder) -> None:
    desk.now += 4.0
    recorder.level()
    desk.now += 1.5
    with pytest.raises(MicrophoneError):
        recorder.level()
