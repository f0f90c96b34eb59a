"""What a line asks of an engine: plain texts to be spoken, and the exact silences between them."""

from __future__ import annotations

import re
import unicodedata

from voicecoach.errors import VoiceError, shown
from voicecoach.units import MAX_PAUSE
from voicecoach.wording import pauses

_JOINERS = "\u200c\u200d"
"""Invisible, but letters of Persian and of Indic scripts depend on them."""
_ENDED = (".", "!", "?", ",", ";", ":", "…", "。", "！", "？")
_PICTURES = re.compile(r"[\u2190-\u27e5\u27e8-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff\U000e0000-\U000e007f]")
"""Arrows, dingbats and emoji: engines read out their names."""


def split(line: str) -> list[str | float]:
    """The texts to be spoken and the silences in seconds, in order; never an empty text.

    Raises VoiceError where a pause is no duration or lasts too long.
    """
    try:
        found = [part if isinstance(part, float) else clean(part) for part in pauses.split(line)]
    except ValueError as error:
        raise VoiceError(str(error)) from None
    if sum(part for part in found if isinstance(part, float)) > MAX_PAUSE:
        raise VoiceError(f"the pauses in {shown(line)} last longer than {MAX_PAUSE:.0f} seconds")
    return [part for part in found if isinstance(part, float) or any(map(str.isalnum, part))]


def is_heard(line: str) -> bool:
    """Whether there is anything in the line that an engine can be asked to say."""
    try:
        return any(isinstance(part, str) for part in split(line))
    except VoiceError:
        return False


def ended(text: str) -> str:
    """The text with a stop at its end: without one a neural voice breaks off; heard most in single words."""
    return text if text.endswith(_ENDED) else f"{text}."


def clean(text: str) -> str:
    """The text without what no voice can say: control and bidirectional marks, lone surrogates, pictures, ``[[ ]]``."""
    kept = text if text.isascii() and text.isprintable() else _speakable(text)
    return " ".join(kept.replace("[[", " ").replace("]]", " ").split())


def _speakable(text: str) -> str:
    return "".join(
        " " if mark.isspace() else mark
        for mark in unicodedata.normalize("NFC", _PICTURES.sub(" ", text))
        if mark.isspace() or mark in _JOINERS or unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
