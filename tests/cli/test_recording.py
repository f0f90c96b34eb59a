"""``record`` for real: in a terminal, with a null sink's monitor for a microphone that hears a known voice."""

from __future__ import annotations

import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import terminals
from meters import integrated
from soundserver import SoundServer, require
from terminals import PROMPT, Terminal
from voices import RATE, Mono, room

from voicecoach import script
from voicecoach.play.recorder import Recorder
from voicecoach.sound import take
from voicecoach.sound.clip import Clip
from voicecoach.sound.pcm import from_int16
from voicecoach.speech import finish, registry
from voicecoach.speech.engine import Manner

pytestmark = [pytest.mark.soundserver, pytest.mark.slow]

SCRIPT = """
title = "Hips"
[[block]]
steps = [
  { say = "Lie on your back, knees bent." },
  { say = "Squeeze your glutes." },
  { say = "Keep breathing." },
]
"""
SOFT = 10 ** (-24 / 20)
"""So much softer than a spoken line the voice is before the microphone: −40 LUFS."""
ALIKE, WHOLE = 0.6, 0.95
"""The same line, of which a busy sound server may have lost a moment, and of which it has not."""
ATTEMPTS = 5


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    terminals.require()
    require()
    with SoundServer() as running:
        yield running


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("hips.toml").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def terminal(server: SoundServer, here: Path) -> Iterator[Terminal]:
    with Terminal(server.env | {"VOICECOACH_HOME": str(here / "home")}) as terminal:
        yield terminal


def spoken(text: str) -> Mono:
    """A line as the embedded voice says it, at −16 LUFS, with no silence around."""
    voice = registry.embedded("en", Manner())
    return from_int16(np.frombuffer(finish.pcm(voice.engine, text, voice.info, Manner(), RATE), "<i2"))


def say(server: SoundServer, line: Mono, before: float = 0.8, after: float = 0.5) -> None:
    """Somebody says it in a room, and this waits until they have."""
    whole = room(before + line.size / RATE + after, -85)
    start = round(before * RATE)
    whole[start : start + line.size] += line * np.float32(SOFT)
    words = [
        "pacat",
        "--playback",
        "--raw",
        "--format=float32le",
        f"--rate={RATE}",
        "--channels=1",
        "--latency-msec=200",
    ]
    subprocess.run(words, env=server.env, input=whole.tobytes(), stderr=subprocess.DEVNULL, check=True)


def read(path: Path) -> Clip:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return Clip(from_int16(np.frombuffer(file.readframes(file.getnframes()), "<i2"))[:, None], RATE)


def alike(one: Mono, other: Mono) -> float:
    """How alike two recordings are where they fit best, 1 for the same."""
    size = 1 << (one.size + other.size).bit_length()
    match = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return float(np.abs(match).max() / np.sqrt((one**2).sum() * (other**2).sum()))


def starts(terminal: Terminal, *options: str) -> str:
    terminal.types(" ".join([sys.executable, "-m", "voicecoach", "record", "hips.toml", *options]) + "\n")
    return terminal.until("Line 1 of", "Enter records")


def test_what_the_microphone_hears_is_trimmed_and_levelled(
    server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in server.own_env.items():
        monkeypatch.setenv(name, value)
    line = spoken("Lie on your back, knees bent.")
    with Recorder("monitor of", rate=RATE) as recorder:
        for _ in range(ATTEMPTS):
            recorder.begin()
            say(server, line)
            while not recorder.said():
                time.sleep(0.05)
            taken = take.of(recorder.end(), RATE)
            if alike(taken.clip.samples[:, 0], line) > WHOLE:
                break
    assert alike(taken.clip.samples[:, 0], line) > WHOLE
    assert alike(taken.clip.samples[:, 0], spoken("Keep breathing.")) < ALIKE / 2
    assert taken.clip.seconds == pytest.approx(line.size / RATE, abs=0.03)
    assert integrated(taken.clip) == pytest.approx(-16, abs=1)
    assert taken.faults == ()


def test_lines_are_recorded_kept_left_out_and_the_rest_is_there_next_time(
    server: SoundServer, here: Path, terminal: Terminal
) -> None:
    first = spoken("Lie on your back, knees bent.")
    shown = starts(terminal)
    assert "Line 1 of 3 (step 1; heard once)" in shown
    assert "Lie on your back, knees bent." in shown
    terminal.types("\n")
    terminal.until("recording: read it aloud")
    say(server, first)
    terminal.until("Enter keeps it, r again, p plays it")
    assert not (here / "hips.voice").exists()
    terminal.types("\n")
    terminal.until("kept: lie-on-your-back-knees-bent.wav", "Line 2 of 3", "Squeeze your glutes.", "Enter records")
    kept = read(here / "hips.voice" / "lie-on-your-back-knees-bent.wav")
    if alike(kept.samples[:, 0], first) > WHOLE:
        assert kept.seconds == pytest.approx(first.size / RATE, abs=0.03)
    assert integrated(kept) == pytest.approx(-16, abs=1)
    assert alike(kept.samples[:, 0], first) > ALIKE
    assert [one.text for one in script.load(here / "hips.toml").recorded] == ["Lie on your back, knees bent."]
    terminal.types("s")
    terminal.until("Line 3 of 3", "Keep breathing.", "Enter records")
    terminal.types("q")
    terminal.until("1 line recorded in hips.voice", "2 lines are still synthetic: 2, 3", PROMPT)
    assert "Line 1 of 2" in starts(terminal)
    terminal.types("q")
    terminal.until(PROMPT)


def test_a_line_can_be_heard_and_said_again(server: SoundServer, here: Path, terminal: Terminal) -> None:
    wrong, right = spoken("Lie on your front."), spoken("Lie on your back, knees bent.")
    starts(terminal, "--plain")
    terminal.types("\n")
    terminal.until("recording")
    say(server, wrong)
    terminal.until("Enter keeps it")
    with server.capture() as capture:
        terminal.types("p")
        terminal.types("r")
        terminal.until("recording")
    heard = capture.samples[:, 0]
    assert alike(heard, wrong) > ALIKE
    say(server, right)
    terminal.until("Enter keeps it")
    terminal.types("\n")
    terminal.until("kept: ", "Enter records")
    assert alike(read(here / "hips.voice" / "lie-on-your-back-knees-bent.wav").samples[:, 0], right) > ALIKE
    terminal.types("q")
    terminal.until("1 line recorded", PROMPT)


def test_a_line_in_which_nobody_speaks_is_not_kept(here: Path, terminal: Terminal) -> None:
    starts(terminal)
    terminal.types("\n")
    terminal.until("recording", "●", "●")
    time.sleep(0.5)  # while the microphone hears nothing
    terminal.types("\n")
    terminal.until("is the microphone muted?", "Enter records again")
    terminal.types("q")
    terminal.until("nothing was recorded", "3 lines are still synthetic", PROMPT)
    assert not (here / "hips.voice").exists()
    assert (here / "hips.toml").read_text(encoding="utf-8") == SCRIPT


@pytest.mark.parametrize("how", ["interrupt", "killed"])
def test_whatever_ends_it_what_was_kept_is_there(server: SoundServer, here: Path, terminal: Terminal, how: str) -> None:
    starts(terminal)
    terminal.types("\n")
    terminal.until("recording")
    say(server, spoken("Lie on your back, knees bent."))
    terminal.until("Enter keeps it")
    terminal.types("\n")
    terminal.until("kept: ", "Enter records")
    terminal.types("\n")
    terminal.until("recording")
    if how == "interrupt":
        terminal.types("interrupt")
        terminal.until("interrupted", PROMPT)
    else:
        subprocess.run(["pkill", "-KILL", "-P", str(terminal.shell.pid)], check=True)
        terminal.until("Killed", PROMPT)
        terminal.types("stty sane\n")
    assert {path.name for path in (here / "hips.voice").iterdir()} == {"lines.toml", "lie-on-your-back-knees-bent.wav"}
    assert "Line 1 of 2" in starts(terminal)
    terminal.types("q")
    terminal.until(PROMPT)
