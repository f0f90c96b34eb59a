"""A sink that keeps what it is given: for tests, and for machines without sound."""

from __future__ import annotations

import numpy as np

from voicecoach.play.sinks.base import Source
from voicecoach.sound.clip import Samples

BLOCK = 4096
"""Frames asked for at a time."""


class MemorySink:
    """Pulls when told to, as fast as it comes: ``step`` some frames, ``wait`` so many seconds of them.

    Twelve hours of samples are 8 GB; with ``keep`` false they are only counted.
    """

    live = False

    def __init__(self, *, keep: bool = True) -> None:
        self._keep = keep
        self._source: Source | None = None
        self._blocks: list[Samples] = []
        self._frames = 0
        self._channels = 1
        self._ended = False
        self.rate = 0

    def start(self, source: Source, rate: int, channels: int) -> None:
        """Begins with nothing kept."""
        self._source = source
        self._blocks, self._frames, self._ended = [], 0, False
        self._channels = channels
        self.rate = rate

    def step(self, frames: int) -> Samples:
        """Pulls the next frames; fewer at the end."""
        if self._source is None or self._ended:
            return np.zeros((0, self._channels), dtype=np.float32)
        block = self._source(frames)
        self._ended = block.shape[0] < frames
        if self._keep:
            self._blocks.append(block)
        self._frames += block.shape[0]
        return block

    @property
    def samples(self) -> Samples:
        """All that was kept, float32 of shape (frames, channels)."""
        return np.concatenate([np.zeros((0, self._channels), dtype=np.float32), *self._blocks])

    def played(self) -> int:
        """Frames pulled so far."""
        return self._frames

    def lost(self) -> bool:
        """Memory does not go away."""
        return False

    def wait(self, seconds: float) -> bool:
        """Pulls until the source ends, at most ``seconds`` of it: there is no other clock."""
        missing = round(seconds * self.rate)
        while self._source is not None and not self._ended and missing > 0:
            missing -= len(self.step(min(BLOCK, missing)))
        return self._ended

    def close(self) -> None:
        """Pulls no more; what was kept stays."""
        self._source = None
