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


class MusicStream:
    """An endless stream of the files in their order, stereo at ``rate`` hertz, at their own level.

    Which samples come depends on ``position`` alone, not on how they were asked for. Memory does not grow with the
    files' lengths. Raises AudioFileError at once where one of the files is no music.
    """

    def __init__(self, files: tuple[Path, ...], rate: int) -> None:
        for path in files:
            _check(path, rate)
        self._files = files
        self._rate = rate
        self._lengths: dict[int, int] = {}
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
        self._blocks: Iterator[Samples] = decoding.stream(self._files[self._track], self._rate, CHANNELS)
        self._rest: Samples = np.empty((0, CHANNELS), dtype=np.float32)

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


def _check(path: Path, rate: int) -> None:
    """A file that ends within a block would have to be opened many times a second."""
    frames = next(decoding.stream(path, rate, CHANNELS)).shape[0]
    if frames < decoding.BLOCK:
        seconds = units.to_seconds(frames, rate)
        raise AudioFileError(f"{path}: lasts only {units.format_duration(seconds)}, which is too short for music")
