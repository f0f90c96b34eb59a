"""A stretch of audio, and one that is held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""float32, shape (frames, channels), −1 to 1."""


class Audio(Protocol):
    """Audio of a known length, of which any part can be had."""

    @property
    def frames(self) -> int:
        """Length in frames."""
        ...

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes at most."""
        ...

    def part(self, start: int, end: int) -> Samples:
        """Frames ``start`` up to ``end``, which lie within it; not to be written to."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Audio with its sample rate.

    ``samples`` is float32 of shape (frames, channels), −1 to 1; ``rate`` is in hertz.
    """

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or self.samples.dtype != np.float32:
            raise ValueError(
                f"samples must be float32 of shape (frames, channels), not "
                f"{self.samples.dtype} of shape {self.samples.shape}"
            )

    @property
    def frames(self) -> int:
        """Length in frames."""
        return len(self.samples)

    @property
    def nbytes(self) -> int:
        """Bytes of its samples."""
        return self.samples.nbytes

    def part(self, start: int, end: int) -> Samples:
        """Frames ``start`` up to ``end``."""
        return self.samples[start:end]

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate


def mono(samples: npt.ArrayLike, rate: int) -> Clip:
    """A clip of one channel from a sequence of samples, −1 to 1."""
    return Clip(np.asarray(samples, dtype=np.float32).reshape(-1, 1), rate)
