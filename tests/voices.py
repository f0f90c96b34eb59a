"""A voice for tests: syllables of a buzz, which begin and end where they are said to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RATE = 44_100
Mono = npt.NDArray[np.float32]


def said(seconds: float = 1.2, level: float = -20.0) -> Mono:
    """A "line" at so many dB, of four syllables to the second: it is loud from its first sample to its last."""
    at = np.arange(round(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * 140 * number * at) / number for number in range(1, 12))
    line = buzz * (0.08 + 0.92 * np.abs(np.sin(2 * np.pi * 2 * at + 0.7)))
    return np.asarray(line * 10 ** (level / 20) / np.sqrt(np.mean(line**2)), np.float32)


def room(seconds: float, level: float = -70.0) -> Mono:
    noise = np.random.default_rng(3).normal(size=round(seconds * RATE))
    return np.asarray(noise * 10 ** (level / 20), np.float32)


def read_out(
    before: float = 0.8, after: float = 1.0, *, seconds: float = 1.2, level: float = -20.0, noise: float = -70.0
) -> Mono:
    """A line with the room around it, and under it."""
    line = said(seconds, level)
    whole = room(before + after + seconds, noise)
    start = round(before * RATE)
    whole[start : start + line.size] += line
    return whole
