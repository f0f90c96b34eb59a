"""Listening through a real sound server: what a null sink plays is what the microphone hears."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from noises import RATE, Mono, clap, music, room
from soundserver import SoundServer, require

from voicecoach.errors import UnknownMicrophoneError
from voicecoach.play import capture
from voicecoach.play.listener import Listener
from voicecoach.sound import sounds

pytestmark = pytest.mark.soundserver

NAME = "Monitor of Listener"
CLAPS = 4
MOST_LATE = 0.3
"""Seconds from a clap to what follows from it, at the median."""
MOST_BUSY = 0.15
"""Of one core."""
SOFTER = 0.5
"""What PulseAudio calls half the volume is 18 dB less: so much softer than a clap is a loudspeaker."""
SCRIPT = """
title = "Listening"
[announce]
style = "none"
{bed}
[[block]]
name = "Main"
steps = [
  {{ hold = "max", name = "First", cap = "2min", cues = "form", every = "2s" }},
{holds}]
[cues]
form = ["Tuck your bum.", "Hips level.", "Breathe out, and lift.", "Heels down.", "Long neck, soft jaw."]
"""
HOLD = '  { hold = "max", name = "Again", cap = "2min", cues = "form", every = "3s" },\n'


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    require()
    with SoundServer() as running:
        for name, value in running.own_env.items():
            monkeypatch.setenv(name, value)
        yield running


def send(server: SoundServer, samples: Mono) -> subprocess.Popen[bytes]:
    """Plays samples into the sink, and does not wait."""
    words = [
        "pacat",
        "--playback",
        "--raw",
        "--format=float32le",
        f"--rate={RATE}",
        "--channels=1",
        "--latency-msec=20",
    ]
    player = subprocess.Popen(words, env=server.env, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert player.stdin is not None
    feeding = player.stdin

    def feed() -> None:
        try:
            with feeding:
                feeding.write(samples.tobytes())
        except BrokenPipeError:
            pass

    threading.Thread(target=feed, daemon=True).start()
    return player


@contextmanager
def in_a_room(server: SoundServer, seconds: float) -> Iterator[None]:
    """While its noise is heard."""
    player = send(server, room(seconds, -60))
    try:
        yield
    finally:
        player.kill()
        player.wait()


def until(true: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def find(pattern: Mono, heard: Mono) -> tuple[int, float]:
    """Where a pattern is found, and how alike the two are there."""
    size = 1 << (len(heard) + len(pattern)).bit_length()
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(pattern, size)), size)[: len(heard)]
    at = int(match.argmax())
    there = heard[at : at + len(pattern)]
    return at, float(match[at] / max(1e-9, float(np.linalg.norm(pattern) * np.linalg.norm(there))))


class Person:
    """Somebody in a session with open hands, who hears it and whom it hears."""

    def __init__(self, server: SoundServer, folder: Path, bed: str) -> None:
        script = SCRIPT.format(bed=bed, holds=(CLAPS - 1) * HOLD)
        (folder / "listening.toml").write_text(script, encoding="utf-8")
        before = {line.split()[0] for line in server.clients()}
        words = ["-m", "voicecoach", "play", "listening.toml", "--listen", "--no-history"]
        self._server = server
        self.process = subprocess.Popen(
            [sys.executable, *words],
            cwd=folder,
            env=server.env | {"PYTHONPATH": os.pathsep.join(sys.path), "VOICECOACH_HOME": str(folder / "home")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until(lambda: {line.split()[0] for line in server.clients()} - before, 30)
        (playing,) = {line.split()[0] for line in server.clients()} - before
        subprocess.run(["pactl", "set-sink-input-volume", playing, f"{SOFTER:.0%}"], env=server.env, check=True)

    def claps(self, number: int) -> None:
        send(self._server, clap(seed=number)).wait()

    def ends(self) -> tuple[str, str]:
        """What it has said, once it is over; it is ended where it does not end."""
        late = threading.Timer(10, self.process.kill)
        late.start()
        try:
            return self.process.communicate()
        finally:
            late.cancel()

    def busy(self) -> float:
        """Seconds of a processor so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bed(folder: Path) -> str:
    with wave.open(str(folder / "bed.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((music(20, -18) * 32767).astype("<i2").tobytes())
    return '[music]\nfiles = ["bed.wav"]\n'


@pytest.mark.slow
@pytest.mark.parametrize("under", ["", "music"])
def test_claps_end_holds_soon_and_the_coach_ends_none(server: SoundServer, tmp_path: Path, under: str) -> None:
    with in_a_room(server, 120), server.capture() as capture:
        person = Person(server, tmp_path, bed(tmp_path) if under else "")
        time.sleep(10)
        used, began = person.busy(), time.monotonic()
        count = 0
        while person.process.poll() is None and count < 2 * CLAPS:  # one that is not heard is repeated
            time.sleep(2.7 + 0.13 * count)
            busy = (person.busy() - used) / (time.monotonic() - began)
            person.claps(count)
            count += 1
            time.sleep(0.8)
        out, said = person.ends()
    assert person.process.returncode == 0, out
    told = "; ".join(re.findall(r"^(?:First|Again): (.*)$", said, re.MULTILINE))
    held = [
        float(seconds) for often, seconds in re.findall(r"(?:(\d+) × )?([\d.]+)s", told) for _ in range(int(often or 1))
    ]
    assert len(held) == CLAPS, (out, said)
    assert held[0] > 9, "what it says itself ends nothing"
    heard, tone = capture.samples[:, 0], sounds.clip("end", RATE).samples[: RATE // 5, 0]
    late = []
    for number in range(count):
        at, alike = find(clap(seed=number), heard)
        assert alike > 0.3
        after, alike = find(tone, heard[at + RATE // 50 : at + RATE])
        late += [after / RATE + 0.02] if alike > 0.3 else []
    print(f"{count} claps, {sorted(round(each, 3) for each in late)} s to the tone, {busy:.1%} of a core")  # noqa: T201
    assert len(late) >= CLAPS - 1, "the last one ends the session, and may cut its tone short"
    assert count - CLAPS <= 1, "that it does not hear a clap is rare"
    assert statistics.median(late) < MOST_LATE
    assert busy < MOST_BUSY


@pytest.mark.slow
def test_a_server_that_dies_and_comes_back_is_listened_to_again(server: SoundServer) -> None:
    told: list[float] = []
    listener = Listener(NAME, told=told.append)
    with in_a_room(server, 10):
        listener.start()
        until(lambda: listener.learnt)
        send(server, clap()).wait()
        until(lambda: told)
    assert abs(told[0] - time.monotonic()) < 1
    server.kill()
    until(lambda: listener.lost)
    server.restart()
    with in_a_room(server, 20):
        until(lambda: not listener.lost)
        until(lambda: listener.learnt)
        send(server, clap()).wait()
        until(lambda: len(told) == 2)
    listener.close()


@pytest.mark.slow
def test_a_microphone_with_nothing_on_it_is_muted(server: SoundServer) -> None:
    listener = Listener(told=lambda at: None)
    listener.start()
    until(lambda: listener.muted)
    with in_a_room(server, 10):
        until(lambda: not listener.muted)
    listener.close()


def test_microphones_are_listed_and_found_by_a_part_of_their_name(server: SoundServer) -> None:
    assert [(each.name, each.backend) for each in capture.microphones()] == [(NAME, "PulseAudio")]
    capture.open_microphone(lambda samples: None, RATE, "monitor of").close()
    with pytest.raises(UnknownMicrophoneError, match=r'no microphone "Monitr" \(.*there are: Monitor of Listener'):
        capture.open_microphone(lambda samples: None, RATE, "Monitr")


@pytest.mark.slow
def test_microphones_opened_again_and_again_leave_nothing_behind(server: SoundServer) -> None:
    def listen_a_little() -> None:
        listener = Listener(told=lambda at: None)
        listener.start()
        listener.close()
        listener.close()

    listen_a_little()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        listen_a_little()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


@pytest.mark.slow
def test_a_program_that_ends_while_it_listens_ends(server: SoundServer) -> None:
    program = """
from voicecoach.play.listener import Listener
Listener(told=print).start()
"""
    env = server.env | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, timeout=20, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.slow
def test_without_any_microphone_there_is_a_clear_error() -> None:
    require()
    nowhere = SoundServer()
    program = "from voicecoach.cli import cli; cli(['doctor', '--listen'])"
    env = nowhere.env | {"PYTHONPATH": os.pathsep.join(sys.path), "ALSA_CONFIG_PATH": os.devnull}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=20, check=False
    )
    nowhere.kill()
    assert ended.returncode == 1
    said = ended.stderr.splitlines()
    assert len(said) == 1
    assert said[0].startswith("voicecoach: no microphone was found, or it may not be listened to")
