"""Samples as whole numbers."""

from __future__ import annotations

import numpy as np

from voicecoach.sound.clip import Samples

WIDTH = 2
"""Bytes of one sample."""


def sixteen_bits(samples: Samples) -> bytes:
    """Float samples, −1 to 1, as signed 16-bit little-endian ones, channels interleaved."""
    scaled = np.clip(np.rint(samples * 32768.0), -32768, 32767)
    return bytes(scaled.astype("<i2").tobytes())
