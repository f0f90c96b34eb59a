"""What a microphone is expected to hear of our own sound: how loud, and when, as far as that can be told."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach.sound.bands import BANDS, QUIETEST, Bands, Levels
from voicecoach.sound.clip import Samples

LATER, EARLIER = 0.7, 0.15
"""Seconds by which what is played may be heard later than the clock of a sink says, and earlier."""
SOUNDING = -65.0
"""Decibels in a band, from which on there is something of ours that might be heard."""
_NEAR_LOUDEST = 6.0
"""Only what is no more than so many dB softer than our loudest tells how much of it comes back."""
_FADES = 0.003
"""Decibels that what counts as our loudest loses with each frame."""
_STRETCH = 0.5
"""Seconds of sound from which one figure is taken: what came back at most."""
_LEAST, _MOST = 6, 40
"""Figures that are needed, and that are kept."""
_ODD = 4
"""One figure in so many may not be of ours, and too high: somebody clapped while we spoke."""


class Echo:
    """Follows what is played at ``rate`` hertz, and learns in each band how much of it comes back."""

    def __init__(self, rate: int) -> None:
        self._bands = Bands(rate)
        self._later, self._earlier = round(LATER * rate / self._bands.hop), round(EARLIER * rate / self._bands.hop)
        self._stretch = round(_STRETCH * rate / self._bands.hop)
        self._played: deque[Levels] = deque()
        self._first = 0
        """Which frame the first one kept is."""
        self._loudest = np.full(BANDS, QUIETEST)
        self._figures: list[deque[float]] = [deque(maxlen=_MOST) for _ in range(BANDS)]
        self._peak = np.full(BANDS, -np.inf)
        self._count = np.zeros(BANDS, dtype=int)
        self._gain = np.full(BANDS, np.inf)

    def played(self, samples: Samples) -> None:
        """More of what is played: shape (frames, channels)."""
        self._played.extend(self._bands.push(samples.mean(axis=1, dtype=np.float32)))

    def around(self, position: int) -> Levels:
        """The loudest in each band that may be heard when ``position`` samples have sounded; positions only grow."""
        at = position // self._bands.hop
        while self._played and self._first < at - self._later:
            self._played.popleft()
            self._first += 1
        near = max(0, at + self._earlier - self._first)
        rows = np.array([row for row, _ in zip(self._played, range(near), strict=False)]).reshape(-1, BANDS)
        return np.asarray(rows.max(axis=0, initial=QUIETEST), np.float64)

    def expected(self, own: Levels) -> Levels:
        """How loud that is in the microphone, at most; infinite where it may sound and nothing is known yet."""
        expected: Levels = np.full(BANDS, -np.inf)
        np.add(own, self._gain, where=own > SOUNDING, out=expected)
        return expected

    def learn(self, own: Levels, heard: Levels) -> None:
        """So much was heard while ``own`` was the loudest that might be heard."""
        self._loudest = np.maximum(self._loudest - _FADES, own)
        tells = (own > SOUNDING) & (own >= self._loudest - _NEAR_LOUDEST)
        self._peak = np.where(tells, np.maximum(self._peak, heard - own), self._peak)
        self._count += tells
        for band in np.flatnonzero(self._count >= self._stretch):
            figures = self._figures[band]
            figures.append(float(self._peak[band]))
            self._peak[band], self._count[band] = -np.inf, 0
            if len(figures) >= _LEAST:
                self._gain[band] = sorted(figures, reverse=True)[len(figures) // _ODD]
