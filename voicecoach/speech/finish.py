"""What an engine says, made fit to be heard: trimmed, levelled, at the session's sample rate, in 16 bits."""

from __future__ import annotations

import math

import numpy as np

from voicecoach import units
from voicecoach.errors import SilentError, shown
from voicecoach.sound import loudness
from voicecoach.sound.clip import Clip
from voicecoach.sound.pcm import from_int16, to_int16
from voicecoach.speech import turns, utterances
from voicecoach.speech.engine import Engine, Manner, VoiceInfo

_QUIET = 0.001
"""Of the peak's power, as a mean over a window: what is 30 dB under it is hardly heard."""
_WINDOW = 0.005
_LONGEST_ONSET, _ONSET = 0.029, 0.025
"""Seconds of it that a single word may begin with, and what is left of more."""


def pcm(
    engine: Engine,
    text: str,
    voice: VoiceInfo,
    manner: Manner,
    rate: int,
    *,
    gain: float = 0.0,
    may_be_silent: bool = False,
) -> bytes:
    """A text, its pauses included: 16-bit little-endian samples, mono, at ``rate`` hertz.

    It is ``gain`` dB louder than others are, its peaks no higher than theirs may be.

    Raises VoiceError; of that SilentError where nothing is said for a part of it, unless ``may_be_silent``.
    """
    pieces = [
        np.zeros((units.to_frames(part, rate), 1), np.float32)
        if isinstance(part, float)
        else _said(engine, part, voice, manner, rate, gain, may_be_silent).samples
        for part in utterances.split(text)
    ]
    whole = np.concatenate(pieces) if pieces else np.zeros((0, 1), np.float32)
    return to_int16(whole).tobytes()


def clip(pcm: bytes, rate: int, volume: float, frames: int) -> Clip:
    """The clip of such samples, ``volume`` (linear) applied, ``frames`` long whatever they are; not to be written to.

    An engine may speak a line that was lost a little differently, and longer or shorter than was said of it.
    """
    samples = np.zeros((frames, 1), np.float32)
    heard = from_int16(np.frombuffer(pcm, "<i2")[:frames])
    np.multiply(heard, np.float32(volume), out=samples[: heard.size, 0])
    samples.flags.writeable = False
    return Clip(samples, rate)


def _said(
    engine: Engine, text: str, voice: VoiceInfo, manner: Manner, rate: int, gain: float, may_be_silent: bool
) -> Clip:
    """Trimmed and levelled at the engine's own rate, which mostly has fewer samples than the session's."""
    line = finished(turns.speak(engine, text, voice, manner), text, gain)
    if not line.frames:
        if may_be_silent:
            return Clip(np.zeros((0, 1), np.float32), rate)
        raise SilentError(f"the voice {voice.name} of {voice.engine} says nothing for {shown(text)}")
    return resampled(line, rate)


def finished(clip: Clip, text: str, gain: float = 0.0) -> Clip:
    """Such a clip, in which ``text`` is said, trimmed and levelled; empty where it is silent.

    It is ``gain`` dB louder than others are.
    """
    trimmed = loudness.trim(clip)
    if not trimmed.frames:
        return trimmed
    levelled = loudness.level(trimmed, loudness.TARGET_LUFS + gain)
    return levelled if " " in text else _prompt(levelled)


def _prompt(clip: Clip) -> Clip:
    """A single word, as a count is, without most of a consonant that is hardly heard: it is to be on its second.

    Slow words have long ones; as much is left as there is at natural speed.
    """
    samples = clip.samples[:, 0]
    window = round(clip.rate * _WINDOW)
    if samples.size <= window:
        return clip
    sums = np.concatenate(([0.0], np.cumsum(samples.astype(np.float64) ** 2)))
    peak = float(np.abs(samples).max())
    heard = int(np.argmax(sums[window:] - sums[:-window] > _QUIET * peak**2 * window))
    if heard <= round(clip.rate * _LONGEST_ONSET):
        return clip
    kept = samples[heard - round(clip.rate * _ONSET) :].copy()
    kept[:window] *= np.sin(np.linspace(0, np.pi / 2, window, endpoint=False, dtype=np.float32)) ** 2
    return Clip(kept[:, None], clip.rate)


def resampled(clip: Clip, rate: int) -> Clip:
    """The clip, mono, at ``rate`` hertz, by its spectrum.

    The highest twentieth of what both rates can carry fades out, so that nothing rings for longer than milliseconds.
    A trimmed clip begins and ends with silence, so that it does not matter that a spectrum takes it for one turn of
    a wheel. Silence is added until it has a whole number of frames at both rates, and one with small factors only:
    a transform of any other takes ten times as long.
    """
    if clip.rate == rate:
        return clip
    common = math.gcd(clip.rate, rate)
    turns = -(-clip.frames * common // clip.rate)
    step = 1 << max(0, turns.bit_length() - 4)
    turns = -(-turns // step) * step
    before, after = turns * clip.rate // common, turns * rate // common
    spectrum = np.fft.rfft(clip.samples[:, 0], before)[: min(before, after) // 2 + 1]
    fading = spectrum.size // 20
    spectrum[spectrum.size - fading :] *= np.cos(np.linspace(0, np.pi / 2, fading)) ** 2
    samples = np.fft.irfft(spectrum, after)[: -(-clip.frames * rate // clip.rate)] * (after / before)
    return Clip(samples.astype(np.float32).reshape(-1, 1), rate)
