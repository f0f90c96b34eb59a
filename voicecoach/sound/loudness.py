"""How loud a clip is, and making every line equally loud.

Loudness is the integrated loudness of ITU-R BS.1770-4, in LUFS: K-weighted, in blocks of 400 ms that overlap
by three quarters, with the absolute and the relative gate. A clip is measured as if silence lay around it, so that
short words have a loudness too. Peaks are true peaks in dBTP: of the curve through the samples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from voicecoach import units
from voicecoach.sound.clip import Clip, Samples

TARGET_LUFS = units.LOUDNESS
"""Loudness of every spoken line."""
CEILING_DBTP = -2.5
"""Highest true peak of a levelled clip: 1.5 dB are left for what a lossy encoder adds, so that −1 is kept."""

_Floats = npt.NDArray[np.float64]
_Spectrum = npt.NDArray[np.complex64]
"""Single precision, which is quicker, and far finer than the ear or the standard."""
_Indices = npt.NDArray[np.intp]

_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_MOST_GAIN_DB = 60.0
"""Quieter than this below the target it is noise, not a voice."""
_MOST_LIMITING_DB = 15.0
"""Peaks are pushed down by no more than this; a clip of bare clicks stays quieter than the target."""
_NODES_A_HOP = 100
"""Nodes of the limiter in a hop of the loudness, which is a tenth of a second."""
_LOOK_AHEAD_NODES = 4
"""Reach of the limiter to either side of a peak, in nodes."""
_ROUNDS = 6
"""Most approximations; three are usual."""
_AIMED_AT = 0.999
"""Of the ceiling: limiting moves the peaks between samples by up to a thousandth."""
_TAPS = 16
"""Samples on each side that a point between samples is computed from."""
_PHASES = 4


@lru_cache(maxsize=8)
def _weighting(rate: int) -> _Spectrum:
    """Magnitude and phase of the K filter for one transform of ``_transform_size(rate)`` points.

    The standard gives its two biquads at 48 kHz only. Here their analog prototypes (a shelf of 4 dB above
    1.68 kHz and a high-pass at 38 Hz) are evaluated under the bilinear transform at ``rate``: the same filter.
    The last factor is the gain that the high-pass of the standard has at high frequencies.
    """
    size = _transform_size(rate)
    half_angle = np.pi * np.arange(size // 2 + 1) / size
    sine, cosine = np.sin(half_angle), np.cos(half_angle)

    def section(hertz: float, quality: float, high: float, band: float, low: float) -> npt.NDArray[np.complex128]:
        s = 1j * sine / math.tan(math.pi * hertz / rate)
        upper = high * s**2 + band / quality * s * cosine + low * cosine**2
        return np.asarray(upper / (s**2 + s * cosine / quality + cosine**2))

    shelf_gain = units.gain(3.999843853973347)
    shelf = section(1681.974450955533, 0.7071752369554196, shelf_gain, shelf_gain**0.4996667741545416, 1.0)
    high_pass = section(38.13547087602444, 0.5003270373238773, 1.0, 0.0, 0.0)
    return (shelf * high_pass * 1.004995).astype(np.complex64)


def _transform_size(rate: int) -> int:
    return 1 << max(8, int(rate * 0.35).bit_length())


def _weighted(samples: Samples, rate: int) -> Samples:
    """The samples through the K filter, shape (channels, frames or a little more), by overlap and save."""
    size = _transform_size(rate)
    tail = size // 4
    step = size - tail
    frames, channels = samples.shape
    rows = -(-(frames + tail) // step)
    padded = np.zeros((channels, tail + rows * step), dtype=np.float32)
    padded[:, tail : tail + frames] = samples.T
    windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=1)[:, ::step]
    filtered = np.fft.irfft(np.fft.rfft(windows) * _weighting(rate), size)[:, :, tail:]
    return cast("Samples", filtered.reshape(channels, -1))


def _gated(power: _Floats, rate: int) -> float:
    """LUFS from the power of each K-weighted frame, or the mean of several, summed over the channels."""
    hop = max(1, round(rate / 10))
    power = np.concatenate((power, np.zeros(-power.size % hop)))
    blocks = np.convolve(power.reshape(-1, hop).sum(axis=1), np.ones(4)) / (4 * hop)
    blocks = blocks[blocks > _power(_ABSOLUTE_GATE)]
    if not blocks.size:
        return -math.inf
    return _lufs(blocks[blocks > np.mean(blocks) * 10 ** (_RELATIVE_GATE / 10)].mean())


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


@lru_cache(maxsize=1)
def _interpolator() -> npt.NDArray[np.float32]:
    """Windowed sinc, shape (2 · _TAPS + 1, points): the points lie up to a sample to either side of the centre."""
    offsets = np.arange(1 - _PHASES, _PHASES)[None, :] / _PHASES
    distance = np.arange(-_TAPS, _TAPS + 1)[:, None] - offsets
    return np.asarray(np.sinc(distance) * np.cos(np.pi * distance / (2 * _TAPS + 4)) ** 2, dtype=np.float32)


def _peaks(samples: Samples, above: float) -> tuple[_Indices, _Floats]:
    """Where the true peaks stand out: frames, and the height of the curve within one sample of each.

    Only crests and troughs of at least half of ``above`` are looked at: from lower ones no curve rises beyond it.
    """
    frames: list[_Indices] = []
    heights: list[_Floats] = []
    around = np.arange(2 * _TAPS + 1)
    for channel in range(samples.shape[1]):
        padded = np.pad(samples[:, channel], _TAPS)
        before, here, after = (padded[_TAPS + shift : padded.size - _TAPS + shift] for shift in (-1, 0, 1))
        crest = (here >= above / 2) & (here >= before) & (here >= after)
        trough = (here <= above / -2) & (here <= before) & (here <= after)
        found = np.flatnonzero(crest | trough)
        # not "@": a linear algebra library's threads cost more here than they give
        curve = np.einsum("ij,jk->ik", padded[found[:, None] + around], _interpolator())
        frames.append(found)
        heights.append(np.abs(curve).max(axis=1, initial=0.0).astype(np.float64))
    return np.concatenate(frames), np.concatenate(heights)


def integrated(clip: Clip) -> float:
    """The integrated loudness of a clip in LUFS, minus infinity for silence."""
    return _gated((_weighted(clip.samples, clip.rate) ** 2).sum(axis=0), clip.rate)


def level(clip: Clip, target_lufs: float = TARGET_LUFS) -> Clip:
    """The clip at the target loudness, its true peak at most −2.5 dBTP.

    Peaks that would go higher are pushed down by a limiter that sees them coming, and the rest is raised to make
    up for it; a clip too peaky for that stays quieter. Silence, and noise too faint for a voice, stay as they are.
    """
    power = (_weighted(clip.samples, clip.rate) ** 2).sum(axis=0)
    loudness = _gated(power, clip.rate)
    if loudness < target_lufs - _MOST_GAIN_DB:
        return clip
    raised = target_lufs - loudness
    tallest = float(np.abs(clip.samples).max())
    frames, heights = _peaks(clip.samples, tallest * units.gain(-_MOST_LIMITING_DB))
    if float(heights.max()) * units.gain(raised) <= units.gain(CEILING_DBTP):
        return Clip(clip.samples * np.float32(units.gain(raised)), clip.rate)
    step = _node(clip.rate)
    edges = np.rint(np.arange(math.ceil(clip.frames / step)) * step).astype(np.intp)
    edges = edges[edges < clip.frames]
    power = np.add.reduceat(power[: clip.frames], edges) / step
    gains = _limited(power, frames / step, heights, raised, target_lufs)[1]
    curve = np.interp(np.arange(clip.frames) / step, np.arange(gains.size), gains).astype(np.float32)
    return Clip(clip.samples * curve[:, None], clip.rate)


def _node(rate: int) -> float:
    """Frames from one node of the limiter to the next."""
    return round(rate / 10) / _NODES_A_HOP


def _limited(power: _Floats, at: _Floats, heights: _Floats, raised: float, target_lufs: float) -> tuple[float, _Floats]:
    """The gain in dB, first guessed as ``raised``, that leads to the target through the limiter; its gain at each node.

    ``power`` is that of each node; peaks as high as ``heights`` lie ``at`` so many nodes from the start.
    """
    aimed_at = units.gain(CEILING_DBTP) * _AIMED_AT
    most = CEILING_DBTP + _MOST_LIMITING_DB - 20 * math.log10(float(heights.max()))
    raised, slope = min(raised, most), 1.0
    reached: tuple[float, float] | None = None
    for _ in range(_ROUNDS):
        gains = units.gain(raised) * _limiting(at, heights * units.gain(raised) / aimed_at, power.size)
        before, after = gains[:-1], gains[1:]
        loudness = _gated(power * (before**2 + before * after + after**2) / 3, 10 * _NODES_A_HOP)
        if reached is not None and raised != reached[0]:
            slope = min(1.0, max(0.2, (loudness - reached[1]) / (raised - reached[0])))
        reached = raised, loudness
        raised = min(most, raised + (target_lufs - loudness) / slope)
        if abs(raised - reached[0]) < 0.05:
            break
    return raised, gains


class Measured(NamedTuple):
    """What levelling must know of a stretch: at each node, a thousandth of a second, its power and highest sample."""

    power: _Floats
    peaks: _Floats


def measured(samples: Samples, rate: int) -> Measured:
    """For a stretch whose length is a multiple of a tenth of a second."""
    frames = samples.shape[0]
    nodes = frames // round(rate / 10) * _NODES_A_HOP
    step = _node(rate)
    power = (_weighted(samples, rate)[:, :frames] ** 2).sum(axis=0)
    edges = np.rint(np.arange(nodes) * step).astype(np.intp)
    peaks = np.maximum.reduceat(np.abs(samples).max(axis=1), edges)
    return Measured(np.add.reduceat(power, edges) / step, peaks)


def raising(stretches: Sequence[Measured], target_lufs: float = TARGET_LUFS) -> float:
    """The gain (linear) that brings what these stretches are part of to the target; ``limit`` then does the rest."""
    power, peaks = (np.concatenate(rows) for rows in zip(*stretches, strict=True))
    loudness = _gated(power, 10 * _NODES_A_HOP)
    if loudness < target_lufs - _MOST_GAIN_DB:
        return 1.0
    raised = target_lufs - loudness
    if float(peaks.max()) * units.gain(raised) > units.gain(CEILING_DBTP):
        raised = _limited(power, np.arange(peaks.size, dtype=np.float64), peaks, raised, target_lufs)[0]
    return units.gain(raised)


def limit(samples: Samples, rate: int, gain: float) -> Samples:
    """A stretch times ``gain``, its true peak at most −2.5 dBTP, without a tenth of a second at either end.

    There it only shows what comes before and after: stretch by stretch, the result is that of the whole.
    The length of ``samples`` is a multiple of a tenth of a second.
    """
    hop = round(rate / 10)
    inner = samples[hop:-hop]
    aimed_at = units.gain(CEILING_DBTP) * _AIMED_AT
    frames, heights = _peaks(samples, aimed_at / gain)
    excess = heights * (gain / aimed_at)
    if not (excess > 1).any():
        return inner * np.float32(gain)
    step = _node(rate)
    gains = gain * _limiting(frames / step, excess, samples.shape[0] // hop * _NODES_A_HOP)
    curve = np.interp(np.arange(hop, samples.shape[0] - hop) / step, np.arange(gains.size), gains)
    return inner * curve.astype(np.float32)[:, None]


def _limiting(at: _Floats, excess: _Floats, steps: int) -> _Floats:
    """Gain at each of ``steps`` + 1 nodes, so that no peak (``excess`` times the ceiling) stays above it.

    Nodes are a millisecond apart, and ``at`` counts in them. Each has the lowest gain within reach of the look-ahead,
    smoothed over the same reach, which can never exceed what the peak in the middle needs; it is linear from node to
    node.
    """
    reach = _LOOK_AHEAD_NODES
    needed = np.ones(steps + 1 + 4 * reach)
    allowed = 1 / np.maximum(excess, 1.0)
    node = at.astype(np.intp) + 2 * reach
    np.minimum.at(needed, node, allowed)
    np.minimum.at(needed, node + 1, allowed)
    last = needed.size - 2 * reach
    lowest = np.minimum.reduce([needed[shift : shift + last] for shift in range(2 * reach + 1)])
    window = np.hanning(2 * reach + 3)[1:-1]
    return np.convolve(lowest, window / window.sum(), mode="valid")


_SILENT_BELOW_DB = -45.0
"""What is quieter than this under the clip's peak, at its ends, is taken for silence."""
_KEPT_SECONDS = 0.005


def trim(clip: Clip) -> Clip:
    """The clip without the silence at its ends, so that it starts when its place comes.

    Five milliseconds are kept on each side and faded, so that nothing clicks. A silent clip becomes empty.
    """
    height = np.abs(clip.samples).max(axis=1, initial=0.0)
    heard = np.flatnonzero(height > height.max(initial=0.0) * units.gain(_SILENT_BELOW_DB))
    if not heard.size:
        return Clip(clip.samples[:0], clip.rate)
    kept = max(1, round(clip.rate * _KEPT_SECONDS))
    start, end = max(0, int(heard[0]) - kept), min(clip.frames, int(heard[-1]) + 1 + kept)
    samples = clip.samples[start:end].copy()
    faded = min(kept, samples.shape[0] // 2)
    fade = np.sin(np.linspace(0, np.pi / 2, faded, endpoint=False, dtype=np.float32))[:, None] ** 2
    samples[:faded] *= fade
    samples[samples.shape[0] - faded :] *= fade[::-1]
    return Clip(samples, clip.rate)
