"""The seam between voicecoach and whatever speaks.

An engine of another package is found through the entry-point group ``voicecoach.engines``. Its class is called without
arguments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from voicecoach.errors import UnknownVoiceError, meant

if TYPE_CHECKING:
    from voicecoach.sound.clip import Clip

EVERY_LANGUAGE = "mul"
"""The ``language`` of a voice that speaks them all."""
_LIKELY = {"cs": "CZ", "da": "DK", "en": "US", "ja": "JP", "ko": "KR", "pt": "BR", "sv": "SE", "uk": "UA", "zh": "CN"}
"""The likely region of a language (Unicode's CLDR), where it is not written like the language."""
_NEURAL = re.compile(r"[a-z]{2,3}_[A-Z]{2}-\w+-(x_low|low|medium|high)", re.ASCII)
"""What the neural voices of piper are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceInfo:
    """A voice an engine has: ``name`` is what the engine calls it, ``language`` a BCP 47 tag."""

    engine: str
    name: str
    language: str
    label: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to speak: ``rate`` 1.0 is natural speed, ``pitch`` 1.0 the voice's own, ``volume`` 1.0 full."""

    rate: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0


class Engine(Protocol):
    """Turns text into audio."""

    name: str
    """As in ``voice.engine`` of a script."""

    ipa: bool
    """Whether its texts may hold phonemes in IPA, between ``⟦`` and ``⟧``."""

    jobs: int
    """How many lines it can usefully speak at once (from several threads)."""

    def version(self, voice: VoiceInfo) -> str:
        """What changes when the same text in this voice would sound different; part of the cache's key.

        Cheap: it starts nothing and loads no voice.
        """
        ...

    def available(self) -> str | None:
        """None where it works here, otherwise why not and what would help."""
        ...

    def voices(self) -> Sequence[VoiceInfo]:
        """Every voice it has here; empty where it is not available."""
        ...

    def default_voice(self, language: str) -> VoiceInfo:
        """Its best voice for a BCP 47 tag. Raises UnknownVoiceError where it has none."""
        ...

    def find_voice(self, name: str) -> VoiceInfo:
        """The voice of that name. Raises UnknownVoiceError, naming near ones."""
        ...

    def start(self, voice: VoiceInfo, lines: int) -> None:
        """Told that so many lines will be spoken at once: begins what takes time to begin, and does not wait for it.

        Not always called before ``speak``. Raises VoiceError where the engine cannot start.
        """
        ...

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        """The text as the engine says it: mono, at the engine's own rate, neither trimmed nor levelled.

        ``text`` is plain, in spoken form, without control characters. May be called from several threads at once.
        Raises VoiceError where the engine fails.
        """
        ...

    def close(self) -> None:
        """Ends whatever the engine keeps running."""
        ...


@runtime_checkable
class Selective(Protocol):
    """What an engine has besides, if it knows of texts that its voices cannot read."""

    def reads(self, text: str, voice: VoiceInfo) -> bool:
        """Whether the voice has a sound for every word of a text. Cheap: it loads nothing."""
        ...


def reads(engine: Engine, text: str, voice: VoiceInfo) -> bool:
    """Whether an engine can be asked to say a text; one that does not tell is asked."""
    return not isinstance(engine, Selective) or engine.reads(text, voice)


def primary(tag: str) -> str:
    """The language of a BCP 47 tag, without region or script: ``primary("pt-BR")`` is ``"pt"``."""
    return tag.replace("_", "-").partition("-")[0].casefold()


def as_written(tag: str) -> str:
    """A tag as BCP 47 recommends to write it: ``en-GB``, ``zh-Hant-TW``."""
    first, *others = tag.replace("_", "-").casefold().split("-")
    sizes = {2: str.upper, 4: str.title}
    return "-".join([first, *(sizes.get(len(each), str)(each) for each in others)])


def distance(offered: str, wanted: str) -> int:
    """How far a voice's tag is from the one wanted: 0 the same; 1 where no region was asked for, and it is the one
    most who speak the language live in; 2 another region; 3 another language.
    """
    offered, wanted = as_written(offered), as_written(wanted)
    if offered == wanted:
        return 0
    language = primary(wanted)
    if primary(offered) != language:
        return 3
    return 1 if wanted == language and offered == f"{language}-{_LIKELY.get(language, language.upper())}" else 2


def unknown_voice(engine: str, name: str, known: Sequence[str]) -> UnknownVoiceError:
    """The error for a voice that ``engine`` (or none, where it is empty) has, naming the nearest of those known."""
    if _NEURAL.fullmatch(name):
        alike = meant(name, tuple(filter(_NEURAL.fullmatch, known)), 3, 0.5)
        hint = alike or f'"voicecoach voices install {name}" fetches it'
    else:
        there_are = f"known: {', '.join(known) or 'none'}" if len(known) <= 5 else '"voicecoach voices" lists all'
        hint = meant(name, tuple(known), 3, 0.5) or there_are
    nobody = f"{engine} has no voice called" if engine else "no voice is called"
    return UnknownVoiceError(f'{nobody} "{name}" ({hint})')
