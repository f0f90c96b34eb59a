"""A stretch of audio in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""float32, shape (frames, channels), −1 to 1."""


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
