"""How long everything lasts, about: without a voice and without any audio."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import units
from voicecoach.errors import AudioFileError, VoiceError
from voicecoach.sound import sounds
from voicecoach.speech import utterances
from voicecoach.speech.engine import primary
from voicecoach.timeline.model import Content, Line, RecordedLine

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.sound.clip import Audio
    from voicecoach.store.cache import Cache

_UNHEARD = "an estimated arrangement cannot be heard; arrange it with a voice"
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
    joint: float = 0.0


_PACES = {
    "de": _Pace(0.148, 0.072, 0.047, 0.064, 0.528, 0.253, 0.302),
    "en": _Pace(0.184, 0.048, 0.057, 0.075, 0.576, 0.389, 0.165),
    "es": _Pace(0.099, 0.051, 0.085, 0.017, 0.477, 0.306),
    "fr": _Pace(0.087, 0.069, 0.029, 0.068, 0.494, 0.333),
    "it": _Pace(0.117, 0.060, 0.067, 0.047, 0.495, 0.300),
    "nl": _Pace(0.163, 0.086, 0.042, 0.057, 0.603, 0.426, 0.142),
    "pt": _Pace(0.094, 0.040, 0.072, 0.104, 0.336, 0.336),
}
"""Fitted to the embedded voice's trimmed lines, 40 to 175 a language, by their relative error: median 3 to 7 %."""
_OTHER_PACE = _Pace(0.119, 0.064, 0.051, 0.064, 0.563, 0.378)
_JOINT = re.compile(r"\w\s+\w+\s+(?:and|or|but|und|oder|aber|en|of|maar)\b")
"""Before these the embedded voice pauses in English, German and Dutch."""


class Estimate:
    """The lengths of a session's ``Clips`` at a sample rate of ``rate`` hertz, as the embedded voice would speak it.

    Lines are estimated from their letters, at ``speed`` times the natural speed, unless ``spoken`` knows how many
    frames they last, or they are ``recorded``; pauses in them and sounds are exact. So are recordings of up to a
    minute; how long others are is found in ``cache`` where they were heard before.
    """

    def __init__(
        self,
        rate: int = units.SAMPLE_RATE,
        speed: float = 1.0,
        spoken: Callable[[Line], int] | None = None,
        cache: Cache | None = None,
        recorded: Iterable[RecordedLine] = (),
    ) -> None:
        self.rate = rate
        self.speed = speed
        self._spoken = spoken
        self._cache = cache
        self._recorded = {each.line: each.path for each in reversed(tuple(recorded))}
        self._known: dict[Content, int] = {}

    def frames(self, what: Content) -> int:
        """Length in frames. Raises AudioFileError for a recording that holds no audio."""
        known = self._known.get(what)
        if known is None:
            known = self._known[what] = self._frames(what)
        return known

    def clip(self, what: Content) -> Audio:
        """Raises VoiceError: an estimate has no sound."""
        raise VoiceError(_UNHEARD)

    def identity(self, what: Content) -> str:
        """Raises VoiceError: an estimate has no sound."""
        raise VoiceError(_UNHEARD)

    def _frames(self, what: Content) -> int:
        if isinstance(what, Line):
            if self._spoken is not None:
                return self._spoken(what)
            if what.plain in self._recorded and (frames := self._of_recording(self._recorded[what.plain])):
                return frames
            seconds = sum(
                part if isinstance(part, float) else spoken_seconds(part, what.language) / (self.speed * what.rate)
                for part in utterances.split(what.text)
            )
            return units.to_frames(seconds, self.rate)
        if what.path is not None:
            from voicecoach.sound import recordings  # brings numpy and the decoder

            return recordings.frames(what.path, self.rate, self._cache)
        return sounds.frames(what.name, self.rate)

    def _of_recording(self, path: Path) -> int:
        """As long as its file, which is trimmed as a rule; none where it cannot be heard."""
        from voicecoach.sound import recordings  # brings numpy and the decoder

        try:
            return recordings.frames(path, self.rate, self._cache)
        except (AudioFileError, OSError):
            return 0


def spoken_seconds(text: str, language: str) -> float:
    """About how long a text without pauses lasts, spoken at natural speed; ``language`` is a BCP 47 tag."""
    pace = _PACES.get(primary(language), _OTHER_PACE)
    text = text.lower()
    words = _WORD.findall(text)
    inside = text.strip(_AT_THE_ENDS)
    return (
        pace.once
        + pace.syllable * sum(len(_SYLLABLE.findall(word)) or 1 for word in words)
        + pace.consonant * sum(len(_VOWEL.sub("", word)) for word in words)
        + pace.word * len(words)
        + pace.stop * len(_STOP.findall(inside))
        + pace.comma * len(_COMMA.findall(inside))
        + pace.joint * len(_JOINT.findall(inside))
    )
