"""A line as a person has just recorded it: where the voice is in it, what is wrong with it, and the clip it becomes.

Levels are those of windows of 10 ms, in dB under full scale. The room is as loud as the quietest tenth of them.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voicecoach.sound import loudness
from voicecoach.sound.clip import Clip, Samples

QUIETEST = -120.0
"""Decibels of what is silent altogether."""
FADE = 0.005
"""Seconds that a take comes and goes."""
SOFT_LUFS = -45.0
"""Quieter than this the noise of the microphone itself comes up with the voice."""
NOISY_DB = 20.0
"""Decibels that a voice should be over its room."""
STILL = 1.0
"""Seconds of quiet after the voice that end a take."""
LONGEST = 60.0
"""Seconds of the longest take."""

EMPTY = "no voice is heard in it"
MUTED = "nothing at all is heard in it: is the microphone muted?"
CLIPPED = "it is clipped: speak softer, farther from the microphone, or turn that down"
SOFT = "it is very quiet ({:.0f} LUFS): come nearer to the microphone, or turn that up"
NOISY = "the room is loud, only {:.0f} dB below the voice: find a quieter one"

_WINDOW = 0.01
_OVER_ROOM = 10.0
_AUDIBLE = -60.0
"""A voice is louder."""
_UNDER_PEAK = 45.0
"""Decibels under the loudest window, below which is no voice in the stillest room."""
_ROOM_SPREAD = 8.0
"""Decibels between the softest and the loudest of a room."""
_SOFT_EDGE = 4.0
"""Decibels over the room down to which the beginning and the end of a word are followed."""
_EDGE = 0.2
"""Seconds of it at most."""
_GAP = 0.2
"""Seconds of quiet that part a click of the key or the chair from the words."""
_CLICK = 0.08
"""Seconds of the longest such click."""
_STEADY = 0.5
"""Seconds for which no voice is as loud all the time: what is so long so steady is the room."""
_STILL_UNDER = 30.0
"""Decibels under the loudest of a voice, below which it is still."""
_CLIPPED = 0.985
_CLIPPED_RUN = 3
"""Samples in a row at the top, from which on it is heard."""

Mono = npt.NDArray[np.float32]
_Floats = npt.NDArray[np.float64]


class Take(NamedTuple):
    """What became of a recording.

    ``clip`` is trimmed and as loud as speech, empty where there is no voice. ``start`` and ``end`` say where in the
    recording it was, in seconds. ``faults`` is what the person should know of it, each in words.
    """

    clip: Clip
    start: float
    end: float
    faults: tuple[str, ...]


def of(samples: Mono, rate: int) -> Take:
    """The take in mono samples at ``rate`` hertz: trimmed, at −16 LUFS, with 5 ms fades; else left as it is."""
    centred = samples - samples.mean(dtype=np.float64).astype(np.float32) if samples.size else samples
    levels = _levels(centred, rate)
    around = float(np.quantile(levels, 0.1))
    first, last = _voiced(levels, around)
    if first == last:
        return Take(
            Clip(np.zeros((0, 1), np.float32), rate), 0.0, 0.0, (EMPTY if samples.any() or not samples.size else MUTED,)
        )
    size = _size(rate)
    start, end = first * size, min(samples.size, last * size)
    voice = Clip(_faded(centred[start:end], rate), rate)
    faults = [CLIPPED] if _clipped(samples[start:end]) else []
    loud = loudness.integrated(voice)
    if loud < SOFT_LUFS:
        faults.append(SOFT.format(loud))
    quiet = len(levels) - (last - first)
    over = float(levels.max()) - around
    if over < NOISY_DB and quiet > len(levels) / 10:  # otherwise the room is not in it
        faults.append(NOISY.format(over))
    return Take(loudness.level(voice), start / rate, end / rate, tuple(faults))


def level(samples: Mono) -> float:
    """How loud samples are, in dB."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if samples.size else 0.0
    return max(QUIETEST, 10 * math.log10(power)) if power > 0 else QUIETEST


def room(levels: Collection[float]) -> float:
    """How loud a room is, in dB, of which these levels were heard lately; a quiet one where none were."""
    return float(np.quantile(tuple(levels), 0.2)) if levels else _AUDIBLE - _OVER_ROOM


class Ending:
    """Notices when a person has said the line: a voice, then a second of quiet. ``room`` is its level in dB before."""

    def __init__(self, rate: int, room: float) -> None:
        self._rate = rate
        self._least = max(room + _OVER_ROOM, _AUDIBLE)
        self._loudest = QUIETEST
        self._spoken = self._still = self._heard = 0.0

    def hear(self, samples: Mono) -> None:
        """Takes what comes next."""
        seconds = samples.size / self._rate
        now = level(samples)
        self._heard += seconds
        self._loudest = max(self._loudest, now)
        if now > max(self._least, self._loudest - _STILL_UNDER):
            self._spoken += seconds
            self._still = 0.0
        else:
            self._still += seconds

    @property
    def over(self) -> bool:
        """Whether the line has been said, or has lasted as long as a line may."""
        return (self._spoken > _CLICK and self._still >= STILL) or self._heard >= LONGEST


def _size(rate: int) -> int:
    return max(1, round(rate * _WINDOW))


def _levels(samples: Mono, rate: int) -> _Floats:
    """The level of each window; the last one may be a part of one."""
    size = _size(rate)
    edges = np.arange(0, samples.size, size)
    if not edges.size:
        return np.full(1, QUIETEST)
    sums = np.add.reduceat(np.square(samples, dtype=np.float64), edges)
    counts = np.diff(np.append(edges, samples.size))
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(QUIETEST, 10 * np.log10(sums / counts)), np.float64)


def _voiced(levels: _Floats, room: float) -> tuple[int, int]:
    """The windows from the beginning of the voice up to its end; none where there is no voice."""
    peak = float(levels.max())
    steady = peak < room + _OVER_ROOM and len(levels) > _STEADY / _WINDOW
    if peak < _AUDIBLE or steady:
        return 0, 0
    stillest = peak - _UNDER_PEAK
    least = min(max(room + _OVER_ROOM, stillest), peak - _OVER_ROOM / 2)
    softest, loudest = np.quantile(levels[levels <= least], (0.1, 0.9)) if room < least else (room, room)
    if loudest - softest > _ROOM_SPREAD:  # those are soft sounds of the voice: no room is heard around it
        room = least = stillest
    heard = np.flatnonzero(levels > least)
    groups = np.split(heard, np.flatnonzero(np.diff(heard) > _GAP / _WINDOW) + 1)
    words = [group for group in groups if group[-1] - group[0] + 1 > _CLICK / _WINDOW] or [max(groups, key=len)]
    first, last = int(words[0][0]), int(words[-1][-1]) + 1
    soft = min(max(room + _SOFT_EDGE, stillest), least)
    edge = round(_EDGE / _WINDOW)
    begin = first
    while begin > max(0, first - edge) and levels[begin - 1] > soft:
        begin -= 1
    end = last
    while end < min(levels.size, last + edge) and levels[end] > soft:
        end += 1
    return begin, end


def _faded(samples: Mono, rate: int) -> Samples:
    kept = samples.astype(np.float32).reshape(-1, 1).copy()
    count = min(max(1, round(rate * FADE)), len(kept) // 2)
    fade = np.sin(np.linspace(0, np.pi / 2, count, endpoint=False, dtype=np.float32))[:, None] ** 2
    kept[:count] *= fade
    kept[len(kept) - count :] *= fade[::-1]
    return kept


def _clipped(samples: Mono) -> bool:
    """Whether several samples in a row stand at the top: that of the scale, where a microphone's are cut off."""
    at_top = np.concatenate(([False], np.abs(samples) >= _CLIPPED, [False]))
    edges = np.flatnonzero(np.diff(at_top.astype(np.int8)))
    return bool((edges[1::2] - edges[::2] >= _CLIPPED_RUN).any())
