"""A listener, with a microphone before it that hears what the test lets it hear."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from noises import BLOCK, RATE, Mono, clap, music, noises_in, room, talk, through_a_room, with_noises

from voicecoach import pipeline, script
from voicecoach.errors import MicrophoneError
from voicecoach.play.listener import Listener
from voicecoach.play.microphone import Hears, Microphone
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Line, VoiceWish

LOST_AFTER = 0.2


class Bench:
    """Where microphones are opened; ``gone`` lets none be."""

    def __init__(self) -> None:
        self.gone = False
        self.opened: list[str | None] = []
        self.closed = 0
        self.told: list[float] = []
        self._hears: list[Hears] = []

    def open(self, hears: Hears, rate: int, name: str | None = None, again: Microphone | None = None) -> Microphone:
        assert rate == RATE
        if self.gone:
            raise MicrophoneError("no microphone was found")
        self.opened.append(name)
        self._hears.append(hears)
        return self

    def close(self) -> None:
        self.closed += 1

    def hears(self, samples: Mono, number: int = -1) -> None:
        """A microphone, the last one opened as a rule, hears this, as fast as it comes."""
        for start in range(0, len(samples), BLOCK):
            self._hears[number](samples[start : start + BLOCK])


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def listener(bench: Bench) -> Iterator[Listener]:
    listening = Listener("desk", told=bench.told.append, microphone=bench.open, lost_after=LOST_AFTER, try_again=0.02)
    listening.start()
    yield listening
    listening.close()
    assert bench.closed >= len(bench.opened)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_noise_is_told_with_its_moment(bench: Bench, listener: Listener) -> None:
    bench.hears(with_noises(room(3, -60), (2.9, clap())))
    until(lambda: bench.told)
    assert bench.opened == ["desk"]
    assert listener.learnt
    assert 0 < time.monotonic() - bench.told[0] < 5
    assert listener.level().room == pytest.approx(-59, abs=2)
    assert listener.level().noise > listener.level().room


def test_without_a_microphone_the_start_says_so_and_nothing_stays_behind(bench: Bench) -> None:
    bench.gone = True
    listening = Listener(told=bench.told.append, microphone=bench.open)
    with pytest.raises(MicrophoneError, match="no microphone"):
        listening.start()
    listening.close()
    assert not bench.closed


@pytest.mark.slow
def test_one_that_goes_away_is_noticed_and_listened_to_again_when_it_is_back(bench: Bench, listener: Listener) -> None:
    bench.hears(room(2, -60))
    until(lambda: listener.learnt)
    bench.gone = True
    until(lambda: listener.lost)
    assert bench.closed == 1
    bench.gone = False
    until(lambda: len(bench.opened) == 2)
    assert listener.lost, "until it hears something"
    bench.hears(with_noises(room(3, -60), (2, clap())), 0)
    bench.hears(with_noises(room(3, -40), (2.9, clap())))
    until(lambda: bench.told)
    assert not listener.lost
    assert listener.level().room == pytest.approx(-39, abs=2), "it may be another room"
    assert len(bench.told) == 1, "what the old one still hears does not count"


def test_one_that_hears_nothing_at_all_is_muted_until_it_hears_something(bench: Bench, listener: Listener) -> None:
    bench.hears(room(2, -60))
    assert not listener.muted
    bench.hears(np.zeros(4 * RATE, np.float32))
    until(lambda: listener.muted)
    bench.hears(room(1, -60))
    until(lambda: not listener.muted)
    bench.hears(with_noises(room(1, -60), (0.5, clap())))
    until(lambda: bench.told)
    assert len(bench.told) == 1, "that it hears again is no noise"


@pytest.mark.slow
def test_what_is_played_is_overheard_and_goes_on_as_it_was(bench: Bench, listener: Listener) -> None:
    said = with_noises(np.zeros(12 * RATE, np.float32), *((0.5 + 2 * n, talk(1.2, -15, seed=n)) for n in range(6)))
    kept = MemorySink()
    sink = listener.overhear(kept)
    given = [0]

    def source(frames: int) -> Mono:
        part = said[given[0] : given[0] + frames, None]
        given[0] += len(part)
        return part

    bench.hears(room(2, -60))
    sink.start(source, RATE, 1)
    assert (sink.live, sink.lost()) == (kept.live, False)
    heard = said + room(12, -60)
    for start in range(0, len(said), BLOCK):
        kept.step(BLOCK)
        bench.hears(heard[start : start + BLOCK])
    until(lambda: listener._heard.empty())
    sink.close()
    assert not bench.told
    np.testing.assert_array_equal(kept.samples[: len(said), 0], said)


def lines() -> list[Mono]:
    """Lines of the workouts that ship, spoken by natural and by robotic voices, in four languages."""
    spoken: list[Mono] = []
    for name, voice, most in (
        ("glute-bridge", None, 30), ("single-leg-bridge", None, 25), ("easy-run", "espeak", 15),
        ("glute-bridge.de", None, 15), ("glute-bridge.fr", None, 10), ("glute-bridge.es", None, 10),
    ):  # fmt: skip
        timeline = compile_workout(script.load(name))
        library = pipeline.library(timeline, pipeline.choose_voice(timeline, VoiceWish(name=voice)))
        said = {cue.what for segment in timeline.segments for cue in (*segment.lead, *segment.cues)}
        texts = sorted((what for what in said if isinstance(what, Line)), key=lambda line: line.text)
        spoken += [clip.part(0, clip.frames)[:, 0] for clip in map(library.clip, texts[:most])]
    return spoken


@pytest.mark.slow
def test_a_hundred_lines_of_the_coach_are_no_noise_and_claps_among_them_are() -> None:
    spoken = lines()[:100]
    assert len(spoken) == 100
    pause = np.zeros(RATE * 6 // 10, np.float32)
    own = np.concatenate([pause, pause, *(part for line in spoken for part in (line, pause))])
    begins = np.cumsum([2 * len(pause)] + [len(line) + len(pause) for line in spoken]) / RATE
    times = 1 + len(own) // (20 * RATE)
    street, bed = (np.tile(make(20, level), times)[: len(own)] for make, level in ((room, -60), (music, -40)))
    rooms = [(0.1, 0, 0.0), (0.25, -15, 0.4), (0.55, -6, 0.7)]
    for played, ways in ((own, rooms), (own + bed, rooms[1:2])):
        for delay, level, echoes in ways:
            heard = through_a_room(played, delay, level, echoes) + street
            assert not noises_in(heard, played), (delay, level, echoes)
        heard = through_a_room(played, 0.2, -25, 0.3) + street
        within = [begins[n] + 0.5 for n in range(20, 100, 4)]
        between = [begins[n] - 0.2 for n in range(22, 100, 4)]
        claps = [(float(at), clap(0.8, seed=n)) for n, at in enumerate([*within, *between])]
        found = noises_in(with_noises(heard, *claps), played)
        assert all(min(abs(at - one) for one, _ in claps) < 0.05 for at in found)
        assert sum(min(abs(at - one) for one in found) < 0.05 for at in within) >= 19, "in the middle of a line"
        assert sum(min(abs(at - one) for one in found) < 0.05 for at in between) == len(between)
