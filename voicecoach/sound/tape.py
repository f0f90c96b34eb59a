"""A recording that is too long to be held in memory: levelled and given part by part, as it is decoded."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from voicecoach import units
from voicecoach.errors import AudioFileError
from voicecoach.sound import decoding, loudness, media
from voicecoach.sound.clip import Samples

KEPT_SECONDS = 4
"""So much of what was asked for last is kept: the pieces of an export overlap by less."""
_STRETCH_SECONDS = 5
"""Listened to at a time."""
MOST_STRETCHES = 60
"""At most so many stretches, evenly spread over a recording, are listened to for its loudness."""
_PIECE_SECONDS = 1
"""Levelled at a time."""


class Tape:
    """Frames of a recording from any place on, mono at ``rate`` hertz, each times ``gain`` and limited.

    Going on costs no more than decoding what comes; going back begins at the start again. Safe to share between
    threads.
    """

    def __init__(self, path: Path, rate: int, frames: int, gain: float) -> None:
        """``frames`` and ``gain`` are what ``listen`` gives for the file as it is now."""
        self.frames = frames
        self.nbytes = (KEPT_SECONDS + 2 * _PIECE_SECONDS) * rate * 4
        self._path = path
        self._rate = rate
        self._gain = gain
        self._stamp = media.stamp(path)
        self._lock = threading.Lock()
        self._rewind()

    def part(self, start: int, end: int) -> Samples:
        """Frames ``start`` up to ``end``. Raises AudioFileError where the file is not the one it was."""
        with self._lock:
            if media.stamp(self._path) != self._stamp:
                raise media.changed(self._path)
            if start < self._first:
                self._rewind()
            while self._reached < end:
                piece = next(self._pieces, None)
                if piece is None:
                    raise media.changed(self._path)
                self._kept.append(piece)
                self._reached += len(piece)
                needed = min(start, self._reached - KEPT_SECONDS * self._rate)
                while self._first + len(self._kept[0]) <= needed:
                    self._first += len(self._kept.popleft())
            return np.concatenate(self._kept)[start - self._first : end - self._first]

    def _rewind(self) -> None:
        self._kept: deque[Samples] = deque()
        self._first = self._reached = 0
        """The frames that are kept: from the first up to what was reached."""
        self._pieces = _levelled(decoding.stream(self._path, self._rate, 1), self._rate, self._gain)


def listen(path: Path, rate: int) -> tuple[int, float]:
    """How many frames a recording has, and the gain (linear) of its tape. Raises AudioFileError.

    The gain brings it to the loudness of speech. Decodes all of it, in memory that does not grow with its length.
    """
    hop = round(rate / 10)
    frames, every = 0, 1
    heard: list[loudness.Measured] = []
    for number, stretch in enumerate(_cut(decoding.stream(path, rate, 1), 10 * hop * _STRETCH_SECONDS)):
        frames += len(stretch)
        if frames > units.MAX_SECONDS * rate:
            raise too_long(path)
        if number % every == 0:
            heard.append(loudness.measured(_filled(stretch, -(-len(stretch) // hop) * hop), rate))
        if len(heard) > MOST_STRETCHES:
            heard, every = heard[::2], 2 * every
    return frames, loudness.raising(heard)


def too_long(path: Path) -> AudioFileError:
    """For a recording that no session has room for."""
    return AudioFileError(
        f"{path}: lasts longer than {units.format_duration(units.MAX_SECONDS)}, the most there may be"
    )


def _levelled(blocks: Iterable[Samples], rate: int, gain: float) -> Iterator[Samples]:
    """The same pieces wherever one begins to read: each is limited with what lies around it in view."""
    hop = round(rate / 10)
    size = 10 * hop * _PIECE_SECONDS
    before = np.zeros((hop, 1), dtype=np.float32)
    pieces = _cut(blocks, size)
    piece = next(pieces, None)
    while piece is not None:
        after = next(pieces, None)
        ahead = np.zeros((hop, 1), dtype=np.float32) if after is None else _filled(after[:hop], hop)
        yield loudness.limit(np.concatenate((before, _filled(piece, size), ahead)), rate, gain)[: len(piece)]
        before, piece = piece[-hop:], after


def _cut(blocks: Iterable[Samples], size: int) -> Iterator[Samples]:
    """The same frames in pieces of one size; the last may be shorter."""
    waiting: list[Samples] = []
    count = 0
    for block in blocks:
        waiting.append(block)
        count += len(block)
        if count >= size:
            joined = np.concatenate(waiting)
            for start in range(0, count - size + 1, size):
                yield joined[start : start + size]
            waiting = [joined[count - count % size :]]
            count %= size
    if count:
        yield np.concatenate(waiting)


def _filled(samples: Samples, frames: int) -> Samples:
    """With silence behind it, up to so many frames."""
    return np.pad(samples, ((0, frames - len(samples)), (0, 0))) if len(samples) < frames else samples
