"""Sudden noises in what a microphone hears: a clap, a shout, a knock.

A noise is far louder than the room and than what may be heard of our own sound, in several bands at once, from one
moment to the next, and lasts longer than a click in the line. Nothing here knows a device, a thread or a clock.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voicecoach.sound.bands import BANDS, QUIETEST, Bands, Levels, total
from voicecoach.sound.echo import Echo

LEARNING = 1.5
"""Seconds of the room alone that tell how loud it is."""
OVER_ROOM = 12.0
"""Decibels that a noise is louder than the room, in a band that counts."""
OVER_OWN = 4.0
"""The same, over what may be heard of our own sound."""
LEAST = -65.0
"""Decibels, below which nothing in a band is a noise, however quiet the room."""
SUDDEN = 10.0
"""Decibels that it is louder than a moment before."""
ENOUGH = 3
"""Bands that count: a knock is in the low ones, a hiss only in the highest."""
LASTS = 3
"""Frames in which it is heard; a click is over after two."""
STILL = 8.0
"""Decibels by which it may have faded meanwhile."""
DEAF = 0.4
"""Seconds after a noise in which there is no other: one clap is one."""
_STANDS_OUT = 6.0
"""Decibels over the room, from which on something is heard besides it."""
_FAR_BELOW = 3.0
"""Decibels under the room, from which on our own sound changes nothing of it."""
_BEFORE = slice(0, 8)
"""The moment before, of the last frames: 20 to 65 ms ago, since a noise takes a while to rise."""
_FRAMES = 11
_QUANTILE = 0.95
"""The room is as loud as it is most of the time: fans, streets and music have their peaks."""
_PACE = 0.15
"""Decibels a frame at which a room that changes is followed, up; the way down is 1.3 dB a second."""


class Level(NamedTuple):
    """How loud it is, in dB: now, in the room as a rule, and what would be a noise now."""

    now: float
    room: float
    noise: float


class Detector:
    """Finds noises in mono samples at ``rate`` hertz; ``echo`` is what knows our own sound, if there is any."""

    def __init__(self, rate: int, echo: Echo | None = None) -> None:
        self._rate = rate
        self._echo = echo or Echo(rate)
        self.relearn()

    def relearn(self) -> None:
        """It is another room, or another microphone."""
        self._bands = Bands(self._rate)
        a_second = self._rate / self._bands.hop
        self._learning, self._deaf = round(LEARNING * a_second), round(DEAF * a_second)
        self._alone: list[Levels] = []
        self._all: list[Levels] = []
        self._room = np.full(BANDS, np.inf)
        self._recent: deque[Levels] = deque(maxlen=_FRAMES)
        self._frame = 0
        self._limit = np.full(BANDS, np.inf)
        self._since: int | None = None
        self._until = 0
        self._loudest = np.full(BANDS, QUIETEST)

    @property
    def learnt(self) -> bool:
        """Whether the room is known."""
        return bool(np.isfinite(self._room).all())

    @property
    def level(self) -> Level:
        """Of the samples heard last."""
        return Level(total(self._loudest), total(self._room), total(self._limit))

    def hear(self, samples: npt.NDArray[np.float32], position: int | None = None) -> list[int]:
        """Takes more samples; returns where noises began that they tell of, in samples from their end, negative.

        ``position`` is how many samples of our own sound were heard by now, None where there is none.
        """
        own = np.full(BANDS, -np.inf) if position is None else self._echo.around(position)
        expected = self._echo.expected(own)
        frames = self._bands.push(samples)
        found: list[int] = []
        for number, frame in enumerate(frames):
            begun = self._noise(frame, expected)
            if begun is not None:
                found.append((begun - self._frame - (len(frames) - number)) * self._bands.hop)
            elif self._frame >= self._until:
                self._learn(frame, expected)
            # what does not stand out from the room may be ours or not: so loud it is at most
            known = np.where(np.isfinite(self._room), self._room + _STANDS_OUT, -np.inf)
            self._echo.learn(own, np.maximum(frame, known))
            self._frame += 1
        if len(frames):
            self._loudest = frames.max(axis=0)
        return found

    def _noise(self, frame: Levels, expected: Levels) -> int | None:
        """The frame at which a noise began, once it has lasted long enough."""
        before = np.max(list(self._recent)[_BEFORE], axis=0, initial=QUIETEST)
        self._recent.append(frame)
        if self._since is not None:
            if np.sum(frame > self._limit - STILL) < ENOUGH:
                self._since = None
            elif self._frame - self._since + 1 >= LASTS:
                begun, self._since = self._since, None
                self._until = self._frame + self._deaf
                return begun
            return None
        self._limit = np.maximum(np.maximum(self._room + OVER_ROOM, expected + OVER_OWN), LEAST)
        sudden = (frame > self._limit) & (frame > before + SUDDEN)
        if len(self._recent) == _FRAMES and self._frame >= self._until and np.sum(sudden) >= ENOUGH:
            self._since = self._frame
        return None

    def _learn(self, frame: Levels, expected: Levels) -> None:
        alone = expected + _FAR_BELOW < np.where(np.isfinite(self._room), self._room, -np.inf)
        alone |= np.isneginf(expected)
        if len(self._alone) < self._learning:
            self._first(frame, alone=bool(np.isneginf(expected).all()))
        else:
            steps = np.where(frame > self._room, _QUANTILE, _QUANTILE - 1.0)
            self._room = self._room + np.where(alone, _PACE * steps, 0.0)

    def _first(self, frame: Levels, *, alone: bool) -> None:
        """The room as it is at the beginning, until it was heard long enough without us as good as it goes."""
        if len(self._all) < self._learning:
            self._all.append(frame)
            if len(self._all) == self._learning:
                self._room = np.quantile(self._all, _QUANTILE, axis=0)
        if alone:
            self._alone.append(frame)
            if len(self._alone) == self._learning:
                self._room = np.quantile(self._alone, _QUANTILE, axis=0)
