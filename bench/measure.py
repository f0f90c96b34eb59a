"""How long a command takes, how much memory, and whether its cues land where they should."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass(slots=True)
class Runs:
    """The runs of one command: wall seconds, CPU seconds, and the largest process's peak memory in MB."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def seconds(self) -> float:
        """Median wall time."""
        return statistics.median(self.wall)

    def times_as_fast_as(self, other: Runs) -> float:
        """Median over the rounds of how many times as fast this is: both ran in each round, one after the other."""
        return statistics.median(theirs / ours for ours, theirs in zip(self.wall, other.wall, strict=True))


def run(command: Sequence[str], runs: Runs, environment: Mapping[str, str]) -> None:
    """Runs a command once and adds what it took. Raises RuntimeError where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(environment)
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    runs.wall.append(time.perf_counter() - start)
    runs.cpu.append(usage.ru_utime + usage.ru_stime)
    runs.peak = max(runs.peak, usage.ru_maxrss / 1024)
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed ({process.returncode}): {errors.decode(errors='replace')[-2000:]}")


def worst_shift(output: Path, pcm: Path, cues: Sequence[int], rate: int, channels: int) -> float:
    """By how many milliseconds the cue that landed worst is off, of those at the given frames.

    ``output`` is decoded by ffmpeg and each cue looked for around its place in ``pcm`` (16-bit, raw).
    """
    decoded = output.with_suffix(".raw")
    layout = ["-f", "s16le", "-ar", str(rate), "-ac", str(channels)]
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(output), *layout, str(decoded)], check=True)
    wanted = np.memmap(pcm, dtype="<i2", mode="r").reshape(-1, channels)
    found = np.memmap(decoded, dtype="<i2", mode="r").reshape(-1, channels)
    reach, length = rate // 10, rate // 2
    worst = 0
    for frame in cues[:: max(1, len(cues) // 200)]:
        sample = wanted[frame : frame + length, 0].astype(np.float64)
        first = max(0, frame - reach)
        around = found[first : frame + length + reach, 0].astype(np.float64)
        size = around.size + sample.size
        match = np.fft.irfft(np.fft.rfft(around, size) * np.conj(np.fft.rfft(sample, size)), size)
        worst = max(worst, abs(first + int(np.argmax(match[: around.size])) - frame))
    decoded.unlink()
    return 1000 * worst / rate
