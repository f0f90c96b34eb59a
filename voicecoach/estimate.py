"""How long everything lasts, about: without a voice and without any audio."""

from __future__ import annotations

import re
import wave
from typing import NamedTuple

from voicecoach import folders, units
from voicecoach.errors import AudioFileError
from voicecoach.speech.parts import parts
from voicecoach.timeline import Content, Line, Recording

_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ"
_VOWEL = re.compile(f"[{_VOWELS}]")
_SYLLABLE = re.compile(f"[{_VOWELS}]+")
_STOP = re.compile(r"[.!?…]+")
_COMMA = re.compile(r"[,;:]+|\s[–—-]\s")
_AT_THE_ENDS = " .,;:!?…¡¿"


class _Pace(NamedTuple):
    """Seconds that a text takes for being said at all, and for each thing in it."""

    once: float
    syllable: float
    consonant: float
    word: float
    stop: float
    comma: float


_PACES = {
    "de": _Pace(0.128, 0.053, 0.049, 0.076, 0.503, 0.216),
    "en": _Pace(0.147, 0.051, 0.051, 0.064, 0.498, 0.317),
    "es": _Pace(0.093, 0.043, 0.084, 0.017, 0.426, 0.281),
    "fr": _Pace(0.083, 0.063, 0.031, 0.054, 0.464, 0.269),
    "it": _Pace(0.107, 0.057, 0.066, 0.040, 0.456, 0.262),
    "nl": _Pace(0.145, 0.074, 0.045, 0.056, 0.545, 0.366),
    "pt": _Pace(0.080, 0.031, 0.070, 0.105, 0.299, 0.313),
}
"""Fitted to the embedded voice's trimmed lines, 40 to 175 a language, by their relative error: median 3 to 6 %."""
_OTHER_PACE = _Pace(0.109, 0.065, 0.048, 0.050, 0.480, 0.319)


class Estimate:
    """The ``Lengths`` of a session at a sample rate of ``rate`` hertz, as the embedded voice would speak it.

    Lines are estimated from their letters, at ``speed`` times the natural speed; pauses in them, sounds and recordings
    are exact.
    """

    def __init__(self, rate: int = units.SAMPLE_RATE, speed: float = 1.0) -> None:
        self.rate = rate
        self.speed = speed
        self._known: dict[Content, int] = {}

    def frames(self, what: Content) -> int:
        """Length in frames. Raises AudioFileError for a recording that holds no audio."""
        known = self._known.get(what)
        if known is None:
            known = self._known[what] = self._frames(what)
        return known

    def _frames(self, what: Content) -> int:
        if isinstance(what, Line):
            seconds = sum(
                part if isinstance(part, float) else spoken_seconds(part, what.language) / self.speed
                for part in parts(what.text)
            )
            return units.to_frames(seconds, self.rate)
        if isinstance(what, Recording):
            from voicecoach import decode  # brings numpy and the decoder, for the few sessions with recordings

            return sum(len(block) for block in decode.stream(what.path, self.rate, 1))
        return _sound_frames(what.name, self.rate)


def spoken_seconds(text: str, language: str) -> float:
    """About how long a text without pauses lasts, spoken at natural speed; ``language`` is a BCP 47 tag."""
    pace = _PACES.get(language.replace("_", "-").partition("-")[0].lower(), _OTHER_PACE)
    words = _WORD.findall(text.lower())
    inside = text.strip(_AT_THE_ENDS)
    return (
        pace.once
        + pace.syllable * sum(len(_SYLLABLE.findall(word)) or 1 for word in words)
        + pace.consonant * sum(len(_VOWEL.sub("", word)) for word in words)
        + pace.word * len(words)
        + pace.stop * len(_STOP.findall(inside))
        + pace.comma * len(_COMMA.findall(inside))
    )


def _sound_frames(name: str, rate: int) -> int:
    path = folders.shipped_audio() / f"{name}.wav"
    try:
        with wave.open(str(path), "rb") as file:
            return units.to_frames(file.getnframes() / file.getframerate(), rate)
    except (OSError, EOFError, wave.Error) as error:
        raise AudioFileError(f"{path}: a sound that ships with voicecoach cannot be read ({error})") from error
