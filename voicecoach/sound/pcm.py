"""Samples as whole numbers of 16 bits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecoach.sound.clip import Samples

WIDTH = 2
"""Bytes of one sample."""
Whole = npt.NDArray[np.int16]
"""Signed, the lowest byte first."""
_FULL_SCALE = np.float32(32768)


def to_int16(samples: Samples) -> Whole:
    """The nearest of 65,536 steps, without dither, of samples from −1 to 1; beyond, the last one. The shape stays."""
    whole: Whole = np.clip(np.rint(samples * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2")
    return whole


def from_int16(whole: Whole) -> Samples:
    """Samples from −1 to 1; the shape stays."""
    return whole.astype(np.float32) / _FULL_SCALE
