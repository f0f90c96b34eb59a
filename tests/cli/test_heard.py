"""The command line for real: what ``play`` sends through a sound server is what ``export`` writes."""

from __future__ import annotations

import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from soundserver import SoundServer, require

from voicecoach import units

pytestmark = pytest.mark.soundserver

RATE = units.SAMPLE_RATE
SCRIPT = """
title = "Heard"
[announce]
complete = "Done."
[[block]]
steps = [
  { say = "Lie on your back." },
  { hold = "6s", name = "Bridge", cues = ["Lift."], every = "2s" },
]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    require()
    with SoundServer() as running:
        yield running


def voicecoach(*words: str, server: SoundServer, home: Path) -> None:
    command = [sys.executable, "-m", "voicecoach", *words]
    done = subprocess.run(
        command,
        env=server.env | {"VOICECOACH_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def read(path: Path) -> npt.NDArray[np.float32]:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / np.float32(32768)


def islands(samples: npt.NDArray[np.float32]) -> list[tuple[int, int]]:
    """Stretches of sound that a fifth of a second of silence parts."""
    loud = np.flatnonzero(samples)
    parts = np.split(loud, np.flatnonzero(np.diff(loud) > RATE // 5) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def place(part: npt.NDArray[np.float32], around: npt.NDArray[np.float32]) -> tuple[int, float]:
    """Where ``part`` is found in ``around``, and how alike the two are there (1 is the same)."""
    size = part.size + around.size
    match = np.fft.irfft(np.fft.rfft(around, size) * np.conj(np.fft.rfft(part, size)), size)[: around.size]
    at = int(np.argmax(match))
    found = around[at : at + part.size]
    return at, float(match[at] / max(1e-9, np.linalg.norm(part) * np.linalg.norm(found)))


@pytest.mark.slow
def test_what_is_played_is_what_is_exported(server: SoundServer, tmp_path: Path) -> None:
    script = tmp_path / "heard.toml"
    script.write_text(SCRIPT, encoding="utf-8")
    home = tmp_path / "home"
    voicecoach("export", str(script), "-o", str(tmp_path / "heard.wav"), server=server, home=home)
    with server.capture() as capture:
        voicecoach("play", str(script), server=server, home=home)
    written = read(tmp_path / "heard.wav")
    played = capture.samples[:, 0]
    found = [place(written[start:end], played) for start, end in islands(written)]
    assert len(found) >= 7
    assert min(alike for _, alike in found) > 0.999
    delays = [at - start for (at, _), (start, _) in zip(found, islands(written), strict=True)]
    assert max(delays) - min(delays) < 0.005 * RATE, "every island keeps its place to within 5 ms"
