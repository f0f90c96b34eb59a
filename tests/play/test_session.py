"""A session as it is played: what reaches the sink, and what it says of itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.arrange.mixer import Mixer
from voicecoach.errors import SinkError, VoiceError
from voicecoach.play import player
from voicecoach.play.prefetch import AHEAD
from voicecoach.play.session import Session
from voicecoach.play.sinks.base import Source
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.sound.clip import Clip, Samples, mono
from voicecoach.timeline.model import Content, Line, Role

RATE = 8000
FADE = RATE // 100
LOUDEST_STEP = 0.06
"""No tone here changes by more from one sample to the next; a click does."""


def line(text: str) -> Line:
    return Line(text, "en")


class Voice:
    """Says every line as a tone of one second, and remembers in which thread it was asked to."""

    def __init__(self) -> None:
        self.threads: set[str] = set()
        self.spoken: list[str] = []
        self.before_clip: Callable[[Content], None] = lambda what: None

    def frames(self, what: Content) -> int:
        self.threads.add(threading.current_thread().name)
        return RATE

    def clip(self, what: Content) -> Clip:
        self.threads.add(threading.current_thread().name)
        self.before_clip(what)
        assert isinstance(what, Line)
        self.spoken.append(what.text)
        pitch = 100.0 + 10 * (len(what.text) % 5)
        fade = np.minimum(1, np.minimum(np.arange(RATE), np.arange(RATE)[::-1]) / 400)
        return mono(0.5 * fade * np.sin(2 * np.pi * pitch * np.arange(RATE) / RATE), RATE)

    def identity(self, what: Content) -> str:
        return repr(what)


def passage(segment: int, start: float, end: float, *spoken: tuple[float, str]) -> Passage:
    placements = tuple(
        Placement(round(at * RATE), round((at + 1) * RATE), line(text), Role.AT, segment) for at, text in spoken
    )
    return Passage(segment, f"step {segment}", round(start * RATE), round(end * RATE), placements)


STEPS = (
    passage(0, 2, 10, (0, "bridge"), (5, "breathe")),
    passage(1, 10, 14, (10.5, "rest")),
    passage(2, 14, 20, (12, "again"), (15, "breathe")),
)
"""A step with a lead of 2 s; a rest; a step whose lead lies inside the rest."""


def arrangement(passages: Sequence[Passage] = STEPS, voice: Voice | None = None) -> Arrangement:
    return Arrangement(
        title="", summary="", language="en", rate=RATE, passages=passages, clips=voice or Voice(), bed=None
    )


def mixed(start: float, end: float) -> Samples:
    mixer = Mixer(arrangement())
    mixer.seek(round(start * RATE))
    return mixer.read(round((end - start) * RATE))


class LiveSink(MemorySink):
    """Takes what there is, as a device has to."""

    live = True

    def wait(self, seconds: float) -> bool:
        return super().wait(0)


def test_a_sink_may_ask_for_more_than_is_ever_ready_at_once(sink: MemorySink) -> None:
    passages = tuple(passage(number, 20.0 * number, 20.0 * number + 20, (20.0 * number, "go")) for number in range(6))
    session = Session(arrangement(passages), sink)
    session.start()
    try:
        taken = [sink.step(round(seconds * RATE)).shape[0] / RATE for seconds in (AHEAD + 45, 100)]
    finally:
        session.close()
    assert taken == [75, 45]


class SlowSink(MemorySink):
    """Plays everything half a second after it was pulled."""

    gone = False

    def played(self) -> int:
        return max(0, super().played() - RATE // 2)

    def lost(self) -> bool:
        return self.gone


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def session(sink: MemorySink) -> Iterator[Session]:
    session = Session(arrangement(), sink)
    session.start()
    yield session
    session.close()


def seconds(sink: MemorySink, length: float) -> Samples:
    """What the sink pulls in the next so many seconds, a little at a time as a device does."""
    return np.concatenate([sink.step(RATE // 10) for _ in range(round(length * 10))])


def play_until(session: Session, sink: MemorySink, position: float) -> None:
    """From the beginning; returns when what follows is ready too, as it is when it is played in its own time."""
    seconds(sink, position)
    while session._prefetch.ready < RATE:
        time.sleep(0.001)


def click(samples: Samples) -> float:
    return float(np.abs(np.diff(samples[:, 0])).max(initial=0.0))


def test_playing_gives_the_mix_and_returns_when_it_is_over() -> None:
    sink = MemorySink()
    player.play(arrangement(), sink)
    np.testing.assert_array_equal(sink.samples, mixed(0, 20))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 3 * RATE), min_size=1, max_size=6))
def test_any_sequence_of_blocks_gives_the_mix(sizes: list[int]) -> None:
    sink = MemorySink()
    session = Session(arrangement(), sink)
    session.start()
    for size in sizes:
        sink.step(size)
    session.close()
    pulled = min(sum(sizes), 20 * RATE)
    np.testing.assert_array_equal(sink.samples, mixed(0, 20)[:pulled])


def test_a_session_can_begin_at_any_step(sink: MemorySink) -> None:
    player.play(arrangement(), sink, first=2)
    np.testing.assert_array_equal(sink.samples, mixed(12, 20))


def test_a_session_can_begin_in_the_middle_of_a_step(sink: MemorySink) -> None:
    session = Session(arrangement(), sink, into=5.5 - 2)
    session.start()
    try:
        sink.step(RATE)
        moment = session.state()
        while sink.step(RATE).shape[0]:
            pass
    finally:
        session.close()
    assert (moment.segment, moment.frame) == (0, round(4.5 * RATE))
    np.testing.assert_array_equal(sink.samples[: RATE // 2], 0)  # a line that had begun is not heard from its middle
    np.testing.assert_array_equal(sink.samples[RATE // 2 :], mixed(6, 20))


def test_there_is_no_step_that_there_is_not(sink: MemorySink) -> None:
    with pytest.raises(IndexError, match="no segment 3: the session has 3"):
        Session(arrangement(), sink, first=3)
    with pytest.raises(IndexError, match="no segment -1"):
        Session(arrangement(), sink).jump(-1)


def test_a_session_without_steps_is_over_at_once(sink: MemorySink) -> None:
    player.play(arrangement(()), sink)
    assert not sink.samples.size


def test_a_pause_is_silence_and_nothing_is_lost(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    session.pause()
    pause = seconds(sink, 3)
    assert session.state().paused
    assert not pause[FADE:].any()
    session.resume()
    after = seconds(sink, 14)
    heard = np.concatenate([pause[:FADE], after])
    assert click(sink.samples) < LOUDEST_STEP
    np.testing.assert_array_equal(heard[2 * FADE :], mixed(5.5, 20)[2 * FADE : len(heard)])


def test_a_pause_can_be_toggled_faster_than_the_sink_pulls(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    for _ in range(2):
        session.pause()
        session.resume()
    assert not session.state().paused
    seconds(sink, 1)
    assert click(sink.samples) < LOUDEST_STEP
    np.testing.assert_array_equal(sink.samples[6 * RATE :], mixed(6, 6.5))


def test_jumping_goes_to_the_lead_without_a_click(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    session.jump(2)
    after = seconds(sink, 3)
    assert click(sink.samples) < LOUDEST_STEP
    np.testing.assert_array_equal(after[2 * FADE :], mixed(12, 15)[FADE:-FADE])
    assert session.state().segment == 2


def test_of_two_jumps_at_once_the_last_counts(session: Session, sink: MemorySink) -> None:
    seconds(sink, 3)
    session.jump(1)
    session.jump(2)
    seconds(sink, 1)
    assert session.state().segment == 2
    assert session.state().frame == pytest.approx(-1 * RATE, abs=0.02 * RATE)


def test_following_behind_the_last_segment_is_the_end(session: Session, sink: MemorySink) -> None:
    session.jump(2)
    seconds(sink, 1)
    session.follow(arrangement(), 3)
    assert session.wait(10)
    state = session.state()
    assert (state.ended, state.segment) == (True, 2)
    session.follow(arrangement(), 1)
    assert session.state().ended


def test_another_arrangement_is_followed_without_a_click(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    session.follow(arrangement(), 2)
    after = seconds(sink, 3)
    assert click(sink.samples) < LOUDEST_STEP
    np.testing.assert_array_equal(after[2 * FADE :], mixed(12, 15)[FADE:-FADE])


def test_a_sign_is_heard_at_once_over_what_is_on_and_in_a_pause(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    ring = Voice().clip(line("ring")).samples
    session.sign(line("ring"), -6.0)
    heard = seconds(sink, 1.2)
    np.testing.assert_allclose(heard[:RATE] - mixed(5.5, 6.5), ring * 10 ** (-6 / 20), atol=1e-6)
    np.testing.assert_array_equal(heard[RATE:], mixed(6.5, 6.7))
    session.pause()
    seconds(sink, 0.5)
    stood = session.state().frame
    session.sign(line("ring"))
    np.testing.assert_array_equal(seconds(sink, 1), ring)
    assert session.state().frame == stood


def test_a_word_before_it_goes_on_moves_nothing(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    session.pause()
    seconds(sink, 0.5)
    word = Voice().clip(line("go on")).samples
    session.resume(line("go on"))
    held = seconds(sink, 1.2)
    np.testing.assert_array_equal(held[: len(word)], word)
    assert not held[len(word) :].any()
    went_on = seconds(sink, 0.3)[round(0.05 * RATE) :]
    np.testing.assert_array_equal(went_on[FADE:], mixed(5.5, 6.0)[2 * FADE :][: len(went_on) - FADE])


def test_the_voice_may_be_louder_and_softer(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    session.set_gains(-6.0, 0.0)
    heard = seconds(sink, 1)
    assert click(sink.samples) < LOUDEST_STEP
    np.testing.assert_allclose(heard[FADE:], mixed(5.5, 6.5)[FADE:] * 10 ** (-6 / 20), atol=1e-6)


def test_a_jump_in_a_pause_stays_paused(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    session.pause()
    seconds(sink, 1)
    session.jump(1)
    assert not seconds(sink, 1).any()
    session.resume()
    np.testing.assert_array_equal(seconds(sink, 2)[FADE:], mixed(10, 12)[FADE:])


def test_the_position_is_what_was_heard_not_what_was_pulled() -> None:
    sink = SlowSink()
    session = Session(arrangement(), sink)
    session.start()
    seconds(sink, 0.1)
    assert (session.state().elapsed, session.state().segment) == (0, 0)
    seconds(sink, 1.9)
    state = session.state()
    assert (state.elapsed, state.frame) == (1.5 * RATE, -0.5 * RATE)
    sink.gone = True
    assert session.state().lost
    session.close()


def test_a_step_is_on_until_its_clock_has_run_out(session: Session, sink: MemorySink) -> None:
    steps = []
    for _ in range(20):
        seconds(sink, 1)
        steps.append(session.state().segment)
    assert steps == [0] * 9 + [1] * 4 + [2] * 7


class OneByOne(Sequence[Passage]):
    """Places passages one by one, and none before it is told to."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self.placed = 0
        self.go_on = threading.Semaphore(0)

    def __len__(self) -> int:
        return len(self.passages)

    def __getitem__(self, index: Any) -> Any:
        while self.placed <= index < len(self.passages):
            assert self.go_on.acquire(timeout=10)
            self.placed += 1
        return self.passages[index]


def test_sound_begins_before_the_rest_is_arranged(sink: MemorySink) -> None:
    passages = OneByOne(STEPS)
    session = Session(arrangement(passages), sink)
    passages.go_on.release(2)
    session.start()
    np.testing.assert_array_equal(seconds(sink, 3), mixed(0, 3))
    passages.go_on.release(1)
    assert session.wait(20)
    session.close()


def test_no_more_is_made_ready_than_will_be_heard_soon(sink: MemorySink) -> None:
    minutes = [passage(i, 60 * i, 60 * i + 60, (60 * i, "go")) for i in range(600)]
    passages = OneByOne(minutes)
    passages.go_on.release(600)
    session = Session(arrangement(passages), sink)
    session.start()
    seconds(sink, 90)
    session.close()
    assert passages.placed <= (90 + AHEAD) / 60 + 2


def test_the_thread_of_the_sink_never_waits_for_a_voice() -> None:
    voice = Voice()
    player.play(arrangement(voice=voice), MemorySink())
    assert voice.threads == {"prefetch"}


def test_a_live_sink_hears_silence_while_a_voice_is_slow_and_then_all_of_it() -> None:
    voice, sink, speak = Voice(), LiveSink(), threading.Event()

    def only_later(what: Content) -> None:
        if what == line("breathe"):
            assert speak.wait(10)

    voice.before_clip = only_later
    session = Session(arrangement(voice=voice), sink)
    session.start()
    seconds(sink, 8)
    assert session.state().elapsed < 5.2 * RATE
    speak.set()
    while not session.state().ended:
        sink.step(RATE // 10)
    session.close()
    moving = np.flatnonzero(np.abs(sink.samples[:, 0]) > 0)
    np.testing.assert_array_equal(sink.samples[moving], mixed(0, 20)[np.flatnonzero(mixed(0, 20)[:, 0])])


def test_a_voice_that_fails_ends_the_session_with_its_error(sink: MemorySink) -> None:
    voice = Voice()

    def fail(what: Content) -> None:
        raise VoiceError("no such voice")

    voice.before_clip = fail
    session = Session(arrangement(voice=voice), sink)
    session.start()
    with pytest.raises(VoiceError, match="no such voice"):
        session.wait(10)
    assert isinstance(session.state().error, VoiceError)
    assert session.state().ended
    session.close()


def test_beginning_at_a_step_speaks_nothing_of_those_before(sink: MemorySink) -> None:
    voice = Voice()
    player.play(arrangement(voice=voice), sink, first=2)
    assert set(voice.spoken) == {"again", "breathe"}


def test_a_step_that_follows_a_jump_is_told_with_what_was_heard_since(session: Session, sink: MemorySink) -> None:
    play_until(session, sink, 5.5)
    session.jump(1)
    seconds(sink, 5)
    state = session.state()
    assert (state.segment, state.first) == (2, 1)
    assert state.elapsed == pytest.approx(5 * RATE, abs=2 * FADE)
    assert state.frame == pytest.approx(1 * RATE, abs=2 * FADE)
    assert state.passage is not None
    assert [one.start for one in state.passage.placements] == [-2 * RATE, 1 * RATE]


@pytest.mark.slow
def test_keys_answer_at_once_while_a_slow_voice_speaks() -> None:
    voice, sink, speak = Voice(), LiveSink(), threading.Event()

    def only_later(what: Content) -> None:
        assert speak.wait(10)

    voice.before_clip = only_later
    session = Session(arrangement(voice=voice), sink)
    session.start()
    sink.step(RATE // 10)
    began = time.monotonic()
    session.jump(1)
    sink.step(1)
    assert session.state().segment == 1
    session.jump(2)
    session.pause()
    sink.step(1)
    assert (session.state().segment, session.state().paused) == (2, True)
    session.resume()
    assert not seconds(sink, 1).any()
    assert time.monotonic() - began < 1
    speak.set()
    session.close()


class Refusing(MemorySink):
    def start(self, source: Source, rate: int, channels: int) -> None:
        raise SinkError("nothing to play on")


def test_a_sink_that_refuses_leaves_nothing_running() -> None:
    before = set(threading.enumerate())
    with pytest.raises(SinkError, match="nothing to play on"):
        player.play(arrangement(), Refusing())
    assert set(threading.enumerate()) <= before


def test_closing_twice_or_before_the_start_is_fine(sink: MemorySink) -> None:
    session = Session(arrangement(), sink)
    session.close()
    session.close()
