"""One conformance suite over every sink, then what each has of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from voicecoach.errors import SinkError, UnknownOutputError
from voicecoach.play import sinks
from voicecoach.play.sinks import simpleaudio
from voicecoach.play.sinks.base import Sink
from voicecoach.play.sinks.device import LEAD_IN, DeviceSink
from voicecoach.play.sinks.device_clock import WINDOW, DeviceClock
from voicecoach.play.sinks.file import FileSink
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.play.sinks.simpleaudio import SimpleaudioSink
from voicecoach.play.sinks.unplayed import Stretch, UnplayedFrames
from voicecoach.sound.clip import Samples

Fill = Callable[[int], bytes]

RATE = 8000
SILENCE = round(LEAD_IN * RATE)


def tone(frames: int) -> Samples:
    """No two samples of it are alike."""
    return np.linspace(0.1, 0.9, frames, dtype=np.float64).astype(np.float32)[:, None]


class Player:
    """A source that gives ``samples`` once, and remembers what it was asked for."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self.position = 0
        self.threads: set[int] = set()

    def __call__(self, frames: int) -> Samples:
        self.threads.add(threading.get_ident())
        block = self.samples[self.position : self.position + frames]
        self.position += len(block)
        return block


class Card:
    """A sound card without sound: it asks for more as soon as there is room, and plays as its time goes by."""

    room = round(0.3 * RATE)
    period = round(0.1 * RATE)

    def __init__(self, fill: Fill, channels: int) -> None:
        self.fill = fill
        self.channels = channels
        self.closed = False
        self.held = b""
        self.played = b""

    def ask(self) -> None:
        frame = 4 * self.channels
        while len(self.held) <= (self.room - self.period) * frame:
            data = self.fill(self.period)
            self.held += data + bytes(self.period * frame - len(data))

    def play(self, frames: int) -> None:
        """What it holds, and silence when it has run dry."""
        size = 4 * self.channels * frames
        self.played += self.held[:size] + bytes(max(0, size - len(self.held)))
        self.held = self.held[size:]

    @property
    def heard(self) -> Samples:
        return np.frombuffer(self.played, np.float32).reshape(-1, self.channels)

    def close(self) -> None:
        self.closed = True


class Bench:
    """Where the device sink finds its cards, and a clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.cards: list[Card] = []
        self.there = True

    def open(self, fill: Fill, rate: int, channels: int, device: str | None = None, again: object = None) -> Card:
        if not self.there:
            raise SinkError("no sound device was found")
        self.cards.append(Card(fill, channels))
        return self.cards[-1]

    def sink(self) -> DeviceSink:
        return DeviceSink(opener=self.open, clock=lambda: self.now, lost_after=1.0, try_again=0.005)

    def play(self, seconds: float, *, asking: bool = True) -> None:
        """Time goes by, and the card plays."""
        for _ in range(round(seconds * 100)):
            if asking:
                self.cards[-1].ask()
            self.now += 0.01
            self.cards[-1].play(RATE // 100)


class Humming(Bench):
    """A bench whose card plays by itself, in its own thread, as real ones do."""

    def open(self, fill: Fill, rate: int, channels: int, device: str | None = None, again: object = None) -> Card:
        card = super().open(fill, rate, channels, device, again)
        threading.Thread(target=self._hum, args=(card,), daemon=True).start()
        return card

    def _hum(self, card: Card) -> None:
        while not card.closed:
            card.ask()
            time.sleep(0.02)
            card.play(RATE // 50)


class Speaker(ModuleType):
    """As much of the module simpleaudio as is needed: remembers what it was given to play, and when."""

    class SimpleaudioError(Exception):
        pass

    def __init__(self) -> None:
        super().__init__("simpleaudio")
        self.heard: list[tuple[float, bytes]] = []
        self.works = True
        self._simpleaudio = SimpleNamespace(SimpleaudioError=self.SimpleaudioError)

    def play_buffer(self, data: bytes, channels: int, width: int, rate: int) -> SimpleNamespace:
        if not self.works:
            raise self.SimpleaudioError("Error opening PCM device.")
        self.heard.append((time.monotonic(), data))
        return SimpleNamespace(stop=lambda: None, is_playing=lambda: False)


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> Speaker:
    module = Speaker()
    monkeypatch.setitem(sys.modules, "simpleaudio", module)
    monkeypatch.setattr(simpleaudio, "why_not", lambda: None)
    return module


@pytest.fixture(params=["memory", "file", "device", "simpleaudio"])
def sink(request: pytest.FixtureRequest, tmp_path: Path, speaker: Speaker) -> Iterator[Sink]:
    made: dict[str, Callable[[], Sink]] = {
        "memory": MemorySink,
        "file": lambda: FileSink(tmp_path / "heard.wav"),
        "device": lambda: DeviceSink(opener=Humming().open),
        "simpleaudio": SimpleaudioSink,
    }
    sink = made[request.param]()
    yield sink
    sink.close()


@pytest.mark.slow
@pytest.mark.parametrize("channels", [1, 2])
def test_every_sink_takes_all_of_the_source_and_says_when_it_is_over(sink: Sink, channels: int) -> None:
    source = Player(np.repeat(tone(RATE // 5), channels, axis=1))
    sink.start(source, RATE, channels)
    assert sink.wait(5)
    assert source.position == RATE // 5
    assert sink.played() == RATE // 5
    assert not sink.lost()


def test_no_sink_says_that_it_is_over_before_it_is(sink: Sink) -> None:
    assert not sink.wait(0)
    sink.start(lambda frames: np.zeros((frames, 1), np.float32), RATE, 1)
    assert not sink.wait(0.05)
    assert not sink.wait(0)


@pytest.mark.slow
def test_the_clock_of_every_sink_goes_on_and_never_beyond_what_it_took(sink: Sink) -> None:
    source = Player(tone(RATE // 2))
    sink.start(source, RATE, 1)
    before = 0
    while not sink.wait(0.02):
        played = sink.played()
        assert before <= played <= source.position
        before = played


def test_every_sink_raises_what_the_source_raises(sink: Sink) -> None:
    def fail(frames: int) -> Samples:
        raise ValueError("out of breath")

    sink.start(fail, RATE, 1)
    with pytest.raises(ValueError, match="out of breath"):
        while not sink.wait(5):
            pass


def test_every_sink_can_be_closed_early_and_twice(sink: Sink) -> None:
    sink.start(lambda frames: np.zeros((frames, 1), np.float32), RATE, 1)
    sink.close()
    sink.close()


def test_every_sink_can_be_closed_unstarted(sink: Sink) -> None:
    sink.close()


def test_an_empty_source_is_over_at_once(sink: Sink) -> None:
    sink.start(Player(tone(0)), RATE, 1)
    assert sink.wait(5)
    assert sink.played() == 0


# by name


def test_outputs_are_opened_by_name(tmp_path: Path) -> None:
    assert set(sinks.OUTPUTS) == {"device", "file", "simpleaudio", "memory"}
    assert isinstance(sinks.open(), DeviceSink)
    assert isinstance(sinks.open("device:headphones"), DeviceSink)
    assert isinstance(sinks.open(f"file:{tmp_path / 'a:b.wav'}"), FileSink)
    assert isinstance(sinks.open("simpleaudio"), SimpleaudioSink)
    assert isinstance(sinks.open("memory"), MemorySink)


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("devise", r'no output "devise" \(did you mean device\? there are: device, file, simpleaudio, memory\)'),
        ("", 'no output ""'),
        ("file", "needs a path"),
        ("file:", "needs a path"),
        ("memory:here", "takes no target"),
        ("simpleaudio:headphones", "default device only"),
    ],
)
def test_an_output_that_is_none_of_them_names_them(output: str, says: str) -> None:
    with pytest.raises(UnknownOutputError, match=says):
        sinks.open(output)


def test_naming_an_output_costs_no_import_of_numpy_or_a_sound_library() -> None:
    heavy = "import sys, voicecoach.play.sinks; print([m for m in ('numpy', 'miniaudio', 'av') if m in sys.modules])"
    asked = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"


# memory


def test_memory_keeps_what_it_is_given() -> None:
    sink = MemorySink()
    samples = tone(1000)
    sink.start(Player(samples), RATE, 1)
    np.testing.assert_array_equal(sink.step(300), samples[:300])
    assert sink.played() == 300
    assert sink.wait(5)
    np.testing.assert_array_equal(sink.samples, samples)
    assert len(sink.step(10)) == 0


def test_memory_by_name_does_not_grow() -> None:
    sink = sinks.open("memory")
    assert isinstance(sink, MemorySink)
    sink.start(Player(tone(1000)), RATE, 1)
    assert sink.wait(5)
    assert (sink.played(), sink.samples.size) == (1000, 0)


# file


@pytest.mark.slow
def test_a_file_holds_what_was_heard_at_the_pace_of_the_clock(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "heard.wav")
    samples = np.repeat(tone(RATE // 2), 2, axis=1)
    began = time.monotonic()
    sink.start(Player(samples), RATE, 2)
    assert sink.wait(5)
    sink.close()
    assert time.monotonic() - began > 0.4
    with wave.open(str(tmp_path / "heard.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (RATE, 2, RATE // 2)
        heard = np.frombuffer(file.readframes(RATE), "<i2").reshape(-1, 2) / 32768
    np.testing.assert_allclose(heard, samples, atol=1 / 32768)


def test_full_scale_does_not_wrap_around(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "heard.wav")
    sink.start(Player(np.array([[1.0], [-1.0], [1.5]], np.float32)), RATE, 1)
    assert sink.wait(5)
    sink.close()
    with wave.open(str(tmp_path / "heard.wav")) as file:
        assert list(np.frombuffer(file.readframes(3), "<i2")) == [32767, -32768, 32767]


def test_a_file_that_is_not_closed_is_whole_so_far(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "heard.wav")
    sink.start(lambda frames: np.zeros((frames, 1), np.float32), RATE, 1)
    while sink.played() < RATE // 10:
        time.sleep(0.01)
    with wave.open(str(tmp_path / "heard.wav")) as file:
        assert file.getnframes() >= RATE // 10
    sink.close()


def test_a_file_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match=r"nowhere.*heard\.wav: cannot be written: No such file"):
        FileSink(tmp_path / "nowhere" / "heard.wav").start(Player(tone(10)), RATE, 1)


# device


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def playing(bench: Bench) -> Iterator[tuple[DeviceSink, Player]]:
    sink, source = bench.sink(), Player(tone(60 * RATE))
    sink.start(source, RATE, 1)
    yield sink, source
    sink.close()


def test_without_a_device_the_start_says_so_and_nothing_stays_behind(bench: Bench) -> None:
    bench.there = False
    sink = bench.sink()
    with pytest.raises(SinkError, match="no sound device was found"):
        sink.start(Player(tone(10)), RATE, 1)
    sink.close()


def test_a_device_hears_a_little_silence_then_every_frame(bench: Bench, playing: tuple[DeviceSink, Player]) -> None:
    bench.play(2)
    heard = bench.cards[0].heard
    assert not heard[:SILENCE].any()
    np.testing.assert_array_equal(heard[SILENCE:], tone(60 * RATE)[: 2 * RATE - SILENCE])


def test_what_the_device_still_holds_has_not_been_played(bench: Bench, playing: tuple[DeviceSink, Player]) -> None:
    sink, source = playing
    bench.cards[0].ask()
    assert (sink.played(), source.position) == (0, round(0.3 * RATE) - SILENCE)
    bench.now += 0.2
    assert sink.played() == round(0.2 * RATE) - SILENCE
    bench.now += 60
    assert sink.played() == source.position


def test_frames_of_an_ended_source_sound_to_their_end(bench: Bench) -> None:
    sink = bench.sink()
    sink.start(Player(tone(RATE)), RATE, 1)
    bench.play(1)
    assert not sink.wait(0)
    bench.play(0.5)
    assert sink.wait(5)
    assert sink.played() == RATE
    sink.close()


def until(condition: Callable[[], bool]) -> None:
    """Waits for the thread that keeps the device open."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_device_that_goes_away_is_noticed_and_the_place_is_held(
    bench: Bench, playing: tuple[DeviceSink, Player]
) -> None:
    sink, source = playing
    bench.play(3)
    last = bench.cards[0].heard[-1]
    bench.there = False
    bench.now += 1.5
    until(sink.lost)
    taken, held = source.position, sink.played()
    bench.now += 3600
    assert (source.position, sink.played()) == (taken, held)
    bench.there = True
    until(lambda: not sink.lost())
    assert bench.cards[0].closed
    bench.play(2)
    heard = bench.cards[1].heard
    assert not heard[:SILENCE].any()
    whole = tone(60 * RATE)
    first = int(np.flatnonzero(whole == heard[SILENCE])[0])
    stopped = int(np.flatnonzero(whole == last)[-1])
    assert stopped - 0.3 * RATE < first <= stopped + 1, "nothing is lost, and no more than a buffer is repeated"
    np.testing.assert_array_equal(heard[SILENCE:], whole[first : first + 2 * RATE - SILENCE])
    assert sink.played() > held


def test_a_device_given_up_gets_nothing_more(bench: Bench, playing: tuple[DeviceSink, Player]) -> None:
    sink, source = playing
    bench.play(1)
    bench.there = False
    bench.now += 1.5
    until(sink.lost)
    taken = source.position
    assert bench.cards[0].fill(100) == b""
    assert source.position == taken


@pytest.mark.slow
def test_a_source_that_is_slow_is_not_taken_for_a_device_that_is_gone(bench: Bench) -> None:
    sink, let_go = bench.sink(), threading.Event()

    def slow(frames: int) -> Samples:
        assert let_go.wait(5)
        return np.zeros((frames, 1), np.float32)

    sink.start(slow, RATE, 1)
    asking = threading.Thread(target=bench.cards[0].ask)
    asking.start()
    bench.now += 5
    time.sleep(0.6)
    assert not sink.lost()
    let_go.set()
    asking.join()
    sink.close()


# lateness


def test_silence_makes_up_for_time_in_which_the_device_ran_dry(bench: Bench) -> None:
    ticks = np.zeros((40 * RATE, 1), np.float32)
    ticks[RATE // 2 :: RATE] = 0.5
    sink = bench.sink()
    sink.start(Player(ticks), RATE, 1)
    bench.play(10)
    bench.play(0.7, asking=False)
    bench.play(20)
    at = np.flatnonzero(bench.cards[0].heard) - SILENCE - RATE // 2
    late = [int(frame - number * RATE) / RATE for number, frame in enumerate(at)]
    assert late[:10] == [0] * 10
    assert late[10] == pytest.approx(0.4, abs=0.1), "0.7 s without asking, with 0.2 to 0.3 s in hand"
    assert late[-12:] == pytest.approx([0] * 12, abs=0.005)
    sink.close()


def steady(pace: DeviceClock, now: float, seconds: float, period: float = 0.15) -> float:
    for _ in range(round(seconds / period)):
        pace.given(round(period * RATE), now)
        now += period
    return now


@pytest.fixture
def pace() -> DeviceClock:
    pace = DeviceClock(RATE)
    pace.given(RATE // 4, 100.0)
    return pace


def test_a_steady_device_is_never_late(pace: DeviceClock) -> None:
    steady(pace, 100.1, 60)
    assert pace.late == 0


def test_a_clock_that_is_a_little_slow_is_no_lateness(pace: DeviceClock) -> None:
    now = 100.1
    for _ in range(24_000):
        pace.given(round(0.15 * RATE), now)
        now += 0.15 * 1.0001
    assert pace.late == 0
    held = RATE // 4 + 24_000 * round(0.15 * RATE) - pace.heard(now)
    assert 0.1 < held / RATE < 0.3


def test_asking_late_without_running_dry_is_no_lateness(pace: DeviceClock) -> None:
    now = steady(pace, 100.1, 20)
    now = steady(pace, now + 0.1, 20)
    assert pace.late == 0


@pytest.mark.parametrize("refilled", [0.0, 0.15])
def test_what_was_not_asked_for_in_time_is_lateness(pace: DeviceClock, refilled: float) -> None:
    now = steady(pace, 100.1, 20)
    now = steady(pace, now + 0.75, 0.15) - 0.15
    pace.given(round(refilled * RATE), now)
    now = steady(pace, now + 0.15, 2 * WINDOW)
    assert pace.late / RATE == pytest.approx(0.75 - refilled, abs=0.01)
    pace.settle(pace.late)
    steady(pace, now, 10 * WINDOW)
    assert pace.late == 0


def test_lateness_adds_up(pace: DeviceClock) -> None:
    now = steady(pace, 100.1, 20)
    for _ in range(10):
        now = steady(pace, now + 0.5, 20)
    assert pace.late / RATE == pytest.approx(5, abs=0.05)


def test_a_machine_that_slept_is_not_late(pace: DeviceClock) -> None:
    now = steady(pace, 100.1, 20)
    steady(pace, now + 3600, 4 * WINDOW)
    assert pace.late == 0


def test_a_ledger_gives_back_what_was_not_heard() -> None:
    ledger = UnplayedFrames()
    ledger.add(Stretch(0, 10, None))
    ledger.add(Stretch(0, 4, bytes(range(8))))
    ledger.add(Stretch(4, 4, bytes(range(8, 16))))
    assert [ledger.source_frame(heard) for heard in (0, 9, 11, 14, 17, 30)] == [0, 0, 1, 4, 7, 8]
    assert ledger.unheard(15) == [Stretch(5, 3, bytes(range(10, 16)))]
    ledger.forget(12)
    assert ledger.source_frame(13) == 3
    assert ledger.unheard(13) == [Stretch(3, 1, bytes([6, 7])), Stretch(4, 4, bytes(range(8, 16)))]


# simpleaudio


@pytest.mark.slow
def test_simpleaudio_plays_island_by_island_at_their_moments(speaker: Speaker) -> None:
    samples = np.concatenate([tone(RATE // 10), np.zeros((RATE // 5, 1), np.float32), tone(RATE // 10)])
    sink = SimpleaudioSink()
    sink.start(Player(samples), RATE, 1)
    assert sink.wait(5)
    sink.close()
    assert [len(data) for _, data in speaker.heard[1:]] == [RATE // 10 * 2] * 2
    assert speaker.heard[2][0] - speaker.heard[1][0] > 0.25


def test_simpleaudio_without_a_device_is_a_clear_error(speaker: Speaker) -> None:
    speaker.works = False
    with pytest.raises(SinkError, match=r"found no sound device; `voicecoach export`.*`voicecoach doctor`"):
        SimpleaudioSink().start(Player(tone(10)), RATE, 1)


@pytest.mark.slow
def test_simpleaudio_holds_its_place_while_there_is_no_device(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simpleaudio, "TRY_AGAIN", 0.01)
    samples = np.concatenate([np.zeros((RATE // 10, 1), np.float32), tone(RATE // 10)])
    sink = SimpleaudioSink()
    sink.start(Player(samples), RATE, 1)
    speaker.works = False
    while not sink.lost():
        time.sleep(0.005)
    held = sink.played()
    time.sleep(0.1)
    assert sink.played() == held
    speaker.works = True
    assert sink.wait(5)
    assert sink.played() == RATE // 5
    assert len(speaker.heard) == 2
    sink.close()


def test_simpleaudio_says_why_it_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 0))
    assert "crashes with Python 3.12" in str(simpleaudio.why_not())
    monkeypatch.setattr(sys, "version_info", (3, 11, 7))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SinkError, match=r'not installed: pip install "voicecoach\[simpleaudio\]".*"device"'):
        SimpleaudioSink().start(Player(tone(10)), RATE, 1)
