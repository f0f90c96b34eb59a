"""A voice of tones, for tests and for machines without a voice: each word a tone, as long as the word is.

It needs nothing but numpy, speaks every language, and says the same text with the same samples everywhere.
"""

from __future__ import annotations

import re
import zlib

import numpy as np

from voicecoach import units
from voicecoach.sound.clip import Clip, Samples, mono
from voicecoach.speech.engine import EVERY_LANGUAGE, Manner, VoiceInfo, unknown_voice

RATE = units.SAMPLE_RATE
"""The session's own sample rate, so that nothing has to be converted."""

_SECONDS_A_CHARACTER = 0.065
"""Conversational speech has about fifteen characters a second."""
_SECONDS_BEFORE_A_WORD = 0.06
_SECONDS_AT_A_STOP = 0.25
_FADE_SECONDS = 0.012
_LOWEST_HERTZ = 140.0
_VOICE = VoiceInfo(engine="tone", name="tone", language=EVERY_LANGUAGE, label="Tones in place of words", licence="MIT")
_WORD = re.compile(r"\w+(?:['’]\w+)*|[.!?;:…]")


class ToneEngine:
    """Tones in place of words."""

    name = "tone"
    ipa = False
    jobs = 1

    def version(self, voice: VoiceInfo) -> str:
        """Goes up whenever its tones change."""
        return "1"

    def available(self) -> str | None:
        """It works everywhere."""
        return None

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Its one voice."""
        return (_VOICE,)

    def default_voice(self, language: str) -> VoiceInfo:
        """Its one voice: tones are the same in all languages."""
        return _VOICE

    def find_voice(self, name: str) -> VoiceInfo:
        """The voice called ``tone``. Raises UnknownVoiceError for other names."""
        if name.casefold() != _VOICE.name:
            raise unknown_voice(self.name, name, [_VOICE.name])
        return _VOICE

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        """A tone a word, with silence before each; its pitch follows from the word."""
        pieces: list[Samples] = []
        for word in _WORD.findall(text):
            spoken = word[0].isalnum()
            pieces.append(_silence((_SECONDS_BEFORE_A_WORD if spoken else _SECONDS_AT_A_STOP) / manner.rate))
            if spoken:
                pieces.append(_tone(word, manner))
        return mono(np.concatenate(pieces) if pieces else _silence(0.0), RATE)

    def start(self, voice: VoiceInfo, lines: int) -> None:
        """It is always ready."""

    def close(self) -> None:
        """Nothing keeps running."""


def _silence(seconds: float) -> Samples:
    return np.zeros(units.to_frames(seconds, RATE), np.float32)


def _tone(word: str, manner: Manner) -> Samples:
    frames = units.to_frames(max(2, len(word)) * _SECONDS_A_CHARACTER / manner.rate, RATE)
    hertz = _LOWEST_HERTZ * 2 ** (zlib.crc32(word.casefold().encode()) % 24 / 12) * manner.pitch
    phase = np.arange(frames) * (2 * np.pi * hertz / RATE)
    sound = np.sin(phase) + np.sin(2 * phase) / 2 + np.sin(3 * phase) / 3
    fade = min(frames // 2, units.to_frames(_FADE_SECONDS, RATE))
    ramp = np.sin(np.linspace(0, np.pi / 2, fade, endpoint=False)) ** 2
    sound[:fade] *= ramp
    sound[frames - fade :] *= ramp[::-1]
    return np.asarray(sound * 0.4 * manner.volume, np.float32)
