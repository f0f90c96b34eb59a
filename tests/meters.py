"""What is in a clip, and how loud it is, as levelling measures it."""

from __future__ import annotations

import math

import numpy as np

from voicecoach.sound import loudness
from voicecoach.sound.clip import Audio, Clip, Samples


def held(audio: Audio) -> Clip:
    """Audio that is in memory as a whole."""
    assert isinstance(audio, Clip)
    return audio


def samples(audio: Audio) -> Samples:
    """All of it."""
    return audio.part(0, audio.frames)


def integrated(clip: Clip) -> float:
    """Gated loudness of a mono or stereo clip in LUFS; −inf for silence."""
    return loudness._gated((loudness._weighted(clip.samples, clip.rate) ** 2).sum(axis=0), clip.rate)


def true_peak(clip: Clip) -> float:
    """Highest point of the curve through the samples, oversampled four times, in dBTP; −inf for silence."""
    tallest = float(np.abs(clip.samples).max(initial=0.0))
    return 20 * math.log10(float(loudness._peaks(clip.samples, tallest)[1].max())) if tallest else -math.inf
