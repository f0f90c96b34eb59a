"""How long a command takes, how much memory, and whether its cues land where they should."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
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


_LAUNCHER = """
import json, os, sys, time
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
took = time.perf_counter() - start
print(json.dumps([os.waitstatus_to_exitcode(status), took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""
"""Starts a command from a small process: Linux counts the memory of whoever starts a process as the process's own."""


def run(command: Sequence[str], runs: Runs, environment: Mapping[str, str]) -> None:
    """Runs a command once and adds what it took. Raises RuntimeError where it fails."""
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command]
    done = subprocess.run(launcher, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=dict(environment))
    if done.returncode:
        raise RuntimeError(f"{command[0]} cannot be started: {done.stderr[-2000:]}")
    code, wall, cpu, peak = json.loads(done.stdout.splitlines()[-1])
    if code:
        raise RuntimeError(f"{command[0]} failed ({code}): {done.stderr[-2000:]}")
    runs.wall.append(wall)
    runs.cpu.append(cpu)
    runs.peak = max(runs.peak, peak)


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
