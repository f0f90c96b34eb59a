"""Playing through a real sound server, judged by what leaves it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from meters import samples
from soundserver import SoundServer, missing, require

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.arrange.mixer import Mixer
from voicecoach.errors import SinkError, UnknownOutputError
from voicecoach.play import player, sinks
from voicecoach.play.session import Session
from voicecoach.play.sinks import miniaudio
from voicecoach.play.sinks.device import DeviceSink, devices
from voicecoach.sound.clip import Clip, Samples, mono
from voicecoach.timeline.model import Content, Line, Role

pytestmark = pytest.mark.soundserver

RATE = units.SAMPLE_RATE
MOST_JITTER = 0.005
"""Seconds that a cue may be off its place."""


@pytest.fixture(scope="module")
def _server() -> Iterator[SoundServer]:
    require()
    with SoundServer() as server:
        yield server


@pytest.fixture
def server(_server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> SoundServer:
    """A running server, which this process finds too."""
    for name, value in _server.own_env.items():
        monkeypatch.setenv(name, value)
    return _server


def noise(seconds: float, seed: int) -> Clip:
    """Every stretch of it can be told from every other."""
    frames = round(seconds * RATE)
    return mono(np.random.default_rng(seed).uniform(-0.3, 0.3, frames), RATE)


class Voice:
    """Says a line by a noise of its own, as long as the line's text says in seconds."""

    def frames(self, what: Content) -> int:
        return self.clip(what).frames

    def clip(self, what: Content) -> Clip:
        assert isinstance(what, Line)
        return noise(float(what.text), seed=int(what.language))

    def identity(self, what: Content) -> str:
        return repr(what)


def line(seconds: float, seed: int) -> Line:
    return Line(str(seconds), str(seed))


def arrangement(*steps: list[tuple[float, Line]]) -> Arrangement:
    """Steps of lines at seconds, each step as long as its lines need."""
    passages: list[Passage] = []
    for number, spoken in enumerate(steps):
        begins = passages[-1].end if passages else 0
        placed = [(begins + round(at * RATE), what) for at, what in spoken]
        placements = tuple(
            Placement(at, at + round(float(what.text) * RATE), what, Role.AT, number) for at, what in placed
        )
        passages.append(Passage(number, f"step {number}", begins, placements[-1].end, placements))
    return Arrangement(title="", summary="", language="en", rate=RATE, passages=passages, clips=Voice(), bed=None)


def find(pattern: Samples, samples: Samples) -> int:
    """Where in ``samples`` the pattern lies."""
    pattern = pattern[:8192]
    size = 1 << (len(samples) + len(pattern)).bit_length()
    spectrum = np.fft.rfft(samples[:, 0], size) * np.conj(np.fft.rfft(pattern[:, 0], size))
    found: npt.NDArray[np.float64] = np.fft.irfft(spectrum, size)[: len(samples)]
    return int(found.argmax())


def sounding(samples: Samples) -> Samples:
    """Without the silence around it."""
    heard = np.flatnonzero(samples[:, 0])
    assert heard.size, "nothing was heard"
    return samples[heard[0] : heard[-1] + 1]


def attempts(check: Callable[[], None], most: int = 3) -> None:
    """A machine may stall for reasons of its own; what it can do, it shows in one of a few tries."""
    for _ in range(most - 1):
        try:
            return check()
        except AssertionError:
            time.sleep(1)
    return check()


@contextmanager
def busy_core() -> Iterator[None]:
    spinning = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        spinning.kill()
        spinning.wait()


def run(script: str, server: SoundServer, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=server.env | {"PYTHONPATH": os.pathsep.join(sys.path)} | more,
        cwd=Path(__file__).parent,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


CUES = arrangement([(0.5 * number, line(0.1 + 0.02 * number, number)) for number in range(8)])


@pytest.mark.slow
@pytest.mark.parametrize("busy", [False, True])
def test_each_cue_leaves_at_its_sample(server: SoundServer, busy: bool) -> None:
    def check() -> None:
        with server.capture() as capture:
            if busy:
                with busy_core():
                    player.play(CUES)
            else:
                player.play(CUES)
        heard = capture.samples
        places = [find(samples(CUES.clips.clip(cue.what)), heard) for cue in CUES.placements()]
        off = [place - places[0] - cue.start for place, cue in zip(places, CUES.placements(), strict=True)]
        assert max(map(abs, off)) < MOST_JITTER * RATE
        whole = Mixer(CUES).read(CUES.frames)
        if not any(off):
            np.testing.assert_allclose(heard[places[0] :][: len(whole)], whole, atol=2 / 32768)

    attempts(check)


@pytest.mark.slow
def test_playing_takes_less_than_a_tenth_of_a_core(server: SoundServer) -> None:
    script = """
import threading, time
from test_soundserver import CUES
from voicecoach.play import player, sinks
from voicecoach.play.session import Session
session = Session(CUES, sinks.open())
session.start()
session.wait(1)
used, began = time.process_time(), time.monotonic()
while not session.wait(0.1) and time.monotonic() < began + 3:
    session.state()
print((time.process_time() - used) / (time.monotonic() - began))
session.close()
"""

    def check() -> None:
        playing = run(script, server)
        out, errors = playing.communicate(timeout=30)
        assert not errors
        assert float(out) < 0.1

    attempts(check)


@pytest.mark.slow
def test_a_server_that_dies_and_comes_back_finds_the_session_where_it_was(server: SoundServer) -> None:
    spoken = noise(6, seed=1)
    may_open = threading.Event()
    may_open.set()

    def opener(*wanted: Any, **more: Any) -> miniaudio.MiniaudioDevice:
        if not may_open.is_set():
            raise SinkError("not yet")
        return miniaudio.open_device(*wanted, **more)

    session = Session(arrangement([(0, line(6, 1))]), DeviceSink(opener=opener, try_again=0.1))
    with server.capture() as before:
        session.start()
        assert not session.wait(2)
        may_open.clear()
        server.kill()
    while not session.state().lost:
        assert not session.wait(0.05)
    held = session.state().elapsed
    assert not session.wait(0.5)
    assert session.state().elapsed == held
    server.restart()
    with server.capture() as after:
        may_open.set()
        while session.state().lost:
            assert not session.wait(0.05)
        while not session.wait(0.1):
            pass
    session.close()
    until = sounding(before.samples)
    stopped = find(until[-4000:], spoken.samples) + 4000
    since = sounding(after.samples)
    resumed = find(since[:4000], spoken.samples)
    assert abs(held - stopped) < 0.3 * RATE
    assert -0.3 * RATE < resumed - stopped < 0.05 * RATE, "no more than a buffer is repeated, and nothing is left out"
    assert find(since[-4000:], spoken.samples) == spoken.frames - 4000


@pytest.mark.slow
def test_a_jump_is_heard_within_a_third_of_a_second(server: SoundServer) -> None:
    steps = arrangement([(0, line(6, 1))], [(0, line(1, 2))])

    def check() -> None:
        session = Session(steps, sinks.open())
        with server.capture() as capture:
            session.start()
            assert not session.wait(2)
            jumped = len(capture.samples)
            session.jump(session.state().segment + 1)
            while not session.wait(0.1):
                pass
            session.close()
        heard = find(noise(1, seed=2).samples[500:], capture.samples) - 500
        assert heard - jumped < 0.33 * RATE

    attempts(check)


@pytest.mark.slow
def test_a_pause_is_silence_and_then_goes_on(server: SoundServer) -> None:
    session = Session(arrangement([(0, line(3, 1))]), sinks.open())
    with server.capture() as capture:
        session.start()
        session.wait(1)
        session.pause()
        session.wait(1)
        session.resume()
        while not session.wait(0.1):
            pass
        session.close()
    heard = sounding(capture.samples)
    whole = noise(3, seed=1).samples
    assert 3.8 * RATE < len(heard) < 4.4 * RATE
    assert find(heard[1000:4000], whole) == 1000
    assert find(heard[-4000:-1000], whole) == len(whole) - 4000


@pytest.mark.slow
def test_devices_are_listed_and_found_by_a_part_of_their_name(server: SoundServer) -> None:
    assert [(device.name, device.backend) for device in devices()] == [("Listener", "PulseAudio")]
    with server.capture() as capture:
        player.play(arrangement([(0, line(0.5, 1))]), sinks.open("device:listen"))
    assert len(sounding(capture.samples)) == RATE // 2
    with pytest.raises(
        UnknownOutputError, match=r'no device "lisener" \(did you mean "Listener"\? there are: Listener'
    ):
        player.play(CUES, sinks.open("device:lisener"))


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_devices_opened_again_and_again_leave_nothing_behind(server: SoundServer) -> None:
    def play_a_little() -> None:
        sink = DeviceSink()
        sink.start(lambda frames: np.zeros((frames, 1), np.float32), RATE, 1)
        sink.close()

    play_a_little()
    before = descriptors()
    for _ in range(20):
        play_a_little()
    assert descriptors() <= before
    assert not server.clients()


@pytest.mark.slow
def test_a_program_that_ends_while_it_plays_ends(server: SoundServer) -> None:
    script = """
import numpy
from voicecoach.play import sinks
sink = sinks.open()
sink.start(lambda frames: numpy.zeros((frames, 1), numpy.float32), 44100, 1)
{end}
"""
    for end, code in (("", 0), ("raise SystemExit(3)", 3)):
        ending = run(script.format(end=end), server)
        _, errors = ending.communicate(timeout=20)
        assert (ending.returncode, errors) == (code, "")


@pytest.mark.slow
def test_a_program_whose_device_is_gone_ends(server: SoundServer) -> None:
    script = """
import numpy, time
from voicecoach.play import sinks
sink = sinks.open()
sink.start(lambda frames: numpy.zeros((frames, 1), numpy.float32), 44100, 1)
print("plays", flush=True)
while not sink.lost():
    time.sleep(0.05)
print("lost", flush=True)
"""
    with SoundServer() as other:
        ending = run(script, other)
        assert ending.stdout is not None
        assert ending.stdout.readline() == "plays\n"
        time.sleep(0.5)
        other.kill()
        _, errors = ending.communicate(timeout=20)
        assert (ending.returncode, errors) == (0, "")


@pytest.mark.slow
def test_without_any_device_there_is_a_clear_error_and_nothing_else_on_the_screen() -> None:
    if missing():
        pytest.skip("needs a sound server to be without")
    script = """
from test_soundserver import CUES
from voicecoach.play import player
from voicecoach.errors import SinkError
from voicecoach.play.sinks.device import devices
try:
    player.play(CUES)
except SinkError as error:
    print(error)
print(devices())
"""
    never_started = SoundServer()
    asked = run(script, never_started, ALSA_CONFIG_PATH=os.devnull)
    out, errors = asked.communicate(timeout=30)
    never_started.kill()
    assert errors == ""
    said, listed = out.splitlines()
    assert said.startswith("no sound device was found (looked for one through PulseAudio, ALSA, JACK)")
    assert "`voicecoach export`" in said
    assert "`voicecoach doctor`" in said
    assert listed == "()"


def test_simpleaudio_plays_each_island_near_its_place(server: SoundServer) -> None:
    pytest.importorskip("simpleaudio")
    cues = arrangement([(number, line(0.2, number)) for number in range(4)])
    with server.capture() as capture:
        player.play(cues, sinks.open("simpleaudio"))
    places = [find(samples(cues.clips.clip(cue.what)), capture.samples) for cue in cues.placements()]
    off = [place - places[0] - cue.start for place, cue in zip(places, cues.placements(), strict=True)]
    assert max(map(abs, off)) < 0.2 * RATE
