"""How loud a stream of samples is from moment to moment, low and high apart."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Levels: TypeAlias = npt.NDArray[np.float64]
"""Levels in dB, of shape (frames, bands) or (bands,)."""

EDGES = (100.0, 400.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0)
"""Where the bands end, in hertz."""
BANDS = len(EDGES) - 1
WINDOW = 0.0116
"""Seconds of a frame, about; each begins half a frame after the one before."""
QUIETEST = -90.0
"""Decibels, below which all is silence."""


class Bands:
    """Cuts mono samples at ``rate`` hertz into frames, wherever the blocks end in which they come.

    ``hop`` is how many samples later each frame begins. A sine of full scale is −3 dB in its band.
    """

    def __init__(self, rate: int) -> None:
        self.hop = 1 << max(4, round(math.log2(WINDOW * rate / 2)))
        size = 2 * self.hop
        self._window = np.hanning(size).astype(np.float32)
        bins = np.searchsorted(np.fft.rfftfreq(size, 1 / rate), EDGES)
        self._starts = np.minimum(bins[:-1], self.hop)
        self._empty = bins[:-1] >= np.minimum(bins[1:], self.hop)
        self._scale = 2.0 / (size * float(np.square(self._window).sum()))
        self._rest = np.zeros(0, dtype=np.float32)

    def push(self, samples: npt.NDArray[np.float32]) -> Levels:
        """Takes more samples, of shape (frames,); returns the levels of the frames that they complete."""
        samples = np.concatenate([self._rest, samples])
        count = max(0, len(samples) // self.hop - 1)
        self._rest = samples[count * self.hop :]
        if not count:
            return np.zeros((0, BANDS))
        frames = np.lib.stride_tricks.sliding_window_view(samples, 2 * self.hop)[:: self.hop][:count]
        powers = np.square(np.abs(np.fft.rfft(frames * self._window)))
        sums = np.add.reduceat(powers, self._starts, axis=1) * self._scale
        sums[:, self._empty] = 0.0
        return np.asarray(10 * np.log10(np.maximum(sums, 10 ** (QUIETEST / 10))), np.float64)


def total(levels: Levels) -> float:
    """The level of all bands together, in dB."""
    return float(10 * np.log10(np.sum(10 ** (levels / 10))))
