"""The music under a session: files one after the other, as often as needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from voicecoach import units
from voicecoach.errors import AudioFileError
from voicecoach.sound import decoding
from voicecoach.sound.clip import Samples

CHANNELS = 2
SHORT_SECONDS = 5.0
"""A file no longer than that is kept in memory: to open it again can take longer than it lasts."""
MOST_SHORT = 8
"""Most files that are kept."""


class MusicStream:
    """An endless stream of the files in their order, stereo at ``rate`` hertz, at their own level.

    Which samples come depends on ``position`` alone, not on how they were asked for. Memory does not grow with the
    files' lengths. Raises AudioFileError at once where one of the files is no music.
    """

    def __init__(self, files: tuple[Path, ...], rate: int) -> None:
        for path in files:
            check(path, rate)
        self._files = files
        self._rate = rate
        self._lengths: dict[int, int] = {}
        self._short: dict[int, list[Samples]] = {}
        self._begin(0, at=0)

    @property
    def position(self) -> int:
        """The frame that comes next, counted from the start of the first file."""
        return self._position

    def read(self, frames: int) -> Samples:
        """The next frames, as many as asked for."""
        samples = np.empty((frames, CHANNELS), dtype=np.float32)
        filled = 0
        while filled < frames:
            part = self._take(frames - filled)
            samples[filled : filled + part.shape[0]] = part
            filled += part.shape[0]
        return samples

    def seek(self, frame: int) -> None:
        """Goes on from ``frame``. Files whose length is known are jumped over, others decoded up to there."""
        if frame < self._start:
            self._begin(0, at=0)
        elif frame < self._position:
            self._begin(self._track, at=self._start)
        while self._position < frame:
            length = self._lengths.get(self._track)
            if length is not None and frame >= self._start + length:
                self._begin(self._track + 1, at=self._start + length)
            else:
                self._take(frame - self._position)

    def _begin(self, track: int, *, at: int) -> None:
        self._track = track % len(self._files)
        self._start = self._position = at
        self._blocks: Iterator[Samples] = iter(self._short.get(self._track) or self._decoded(self._track))
        self._rest: Samples = np.empty((0, CHANNELS), dtype=np.float32)

    def _decoded(self, track: int) -> Iterator[Samples]:
        """A file from its start; a short one is kept."""
        blocks: list[Samples] = []
        frames = 0
        for block in decoding.stream(self._files[track], self._rate, CHANNELS):
            frames += len(block)
            if frames <= SHORT_SECONDS * self._rate:
                blocks.append(block)
            yield block
        if frames <= SHORT_SECONDS * self._rate and len(self._short) < MOST_SHORT:
            self._short[track] = blocks

    def _take(self, most: int) -> Samples:
        """At least one frame, at most so many."""
        while not self._rest.shape[0]:
            block = next(self._blocks, None)
            if block is None:
                self._lengths[self._track] = self._position - self._start
                self._begin(self._track + 1, at=self._position)
            else:
                self._rest = block
        taken, self._rest = self._rest[:most], self._rest[most:]
        self._position += taken.shape[0]
        return taken


def check(path: Path, rate: int) -> None:
    """Raises AudioFileError for what is no music: one that ends within a block would be opened many times a second."""
    frames = next(decoding.stream(path, rate, CHANNELS)).shape[0]
    if frames < decoding.BLOCK:
        least = units.to_seconds(decoding.BLOCK, rate)
        raise AudioFileError(f"{path}: lasts less than {least:.2g}s, which is too short for music")
