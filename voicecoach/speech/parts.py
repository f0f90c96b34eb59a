"""What a line asks of an engine: plain texts to be spoken, and the exact silences between them."""

from __future__ import annotations

import re
import unicodedata

from voicecoach import units
from voicecoach.errors import VoiceError
from voicecoach.units import MAX_PAUSE

_PAUSE = re.compile(r"\[\s*pause\b([^\]]*)\]", re.IGNORECASE)
_JOINERS = "\u200c\u200d"
"""Invisible, but letters of Persian and of Indic scripts depend on them."""
_PICTURES = re.compile(r"[\u2190-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff\U000e0000-\U000e007f]")
"""Arrows, dingbats and emoji: engines read out their names."""


def parts(text: str) -> tuple[str | float, ...]:
    """The texts to be spoken and the silences in seconds, in order; never an empty text.

    Raises VoiceError where a pause is no duration or lasts too long.
    """
    found: list[str | float] = []
    pieces = _PAUSE.split(text)
    for spoken, pause in zip(pieces[::2], [*pieces[1::2], None], strict=True):
        if any(map(str.isalnum, plain := clean(spoken))):
            found.append(plain)
        if pause is not None:
            found.append(_seconds(pause))
    if sum(part for part in found if isinstance(part, float)) > MAX_PAUSE:
        raise VoiceError(f'the pauses in "{shown(text)}" last longer than {MAX_PAUSE:.0f} seconds')
    return tuple(found)


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


def shown(text: str) -> str:
    """As much of a text as an error message can bear."""
    return text if len(text) <= 40 else text[:40] + "…"


def _seconds(pause: str) -> float:
    try:
        return units.parse_duration(pause)
    except ValueError as error:
        raise VoiceError(f"[pause{pause}]: {error}") from None
