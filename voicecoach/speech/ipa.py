"""Phonemes in IPA, as a person may write how a word is said, for engines that call them by other names.

In a text for an engine that takes them (``Engine.ipa``) they stand between ``⟦`` and ``⟧``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

OPEN, CLOSE = "⟦", "⟧"

_MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_LEFT_OUT = dict.fromkeys(map(ord, "\u0361\u035c.‿|"))
"""Ties and the marks of syllables and groups."""

_ESPEAK = {
    "tʃ": "tS", "dʒ": "dZ", "ʧ": "tS", "ʤ": "dZ", "ts": "ts", "pf": "pF",
    "eɪ": "eI", "aɪ": "aI", "aʊ": "aU", "ɔɪ": "OI", "oʊ": "oU", "əʊ": "oU",
    "iː": "i:", "uː": "u:", "ɑː": "A:", "ɔː": "O:", "ɜː": "3:", "ɝː": "3:", "ɝ": "3:", "ɚ": "3", "øː": "Y:", "œː": "W:",
    "ɛ̃": "E~", "ɑ̃": "A~", "ɔ̃": "O~", "œ̃": "W~", "ɐ̃": "&~", "õ": "o~", "ẽ": "e~", "ĩ": "i~", "ũ": "u~",
    "ɪ": "I", "ɛ": "E", "æ": "a", "ɑ": "A:", "ɒ": "0", "ɔ": "O", "ʊ": "U", "ʌ": "V", "ə": "@", "ɜ": "3:", "ɐ": "a#",
    "ɘ": "@", "ɨ": "I2", "ᵻ": "I2", "ʏ": "y", "ø": "Y", "œ": "W", "ɵ": "8",
    "θ": "T", "ð": "D", "ʃ": "S", "ʒ": "Z", "ŋ": "N", "ɡ": "g", "ɹ": "r", "ʁ": "r", "ʀ": "r", "ɾ": "*", "ç": "C",
    "χ": "x", "ɲ": "n^", "ʎ": "l^", "ɣ": "Q", "β": "B", "ʔ": "?", "ɫ": "l", "ʋ": "v", "ˈ": "'", "ˌ": ",", "ː": ":",
}  # fmt: skip
"""Espeak-ng's own names, as tried in the voices of eight languages; letters that are not here are the same in both."""
_KOKORO = {
    "tʃ": "ʧ", "dʒ": "ʤ", "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O", "əʊ": "Q",
    "ɝː": "ɜɹ", "ɝ": "ɜɹ", "ɚ": "əɹ", "r": "ɹ", "g": "ɡ", "ɫ": "l",
}  # fmt: skip
"""What Kokoro, and hibari after it, learnt for English; the British diphthong of "go" is a letter of its own."""


def marked(phonemes: str) -> str:
    """Phonemes as they stand in a text for an engine."""
    return f"{OPEN}{phonemes}{CLOSE}"


def unmarked(text: str) -> str:
    """A text without what would be taken for the marks of phonemes."""
    return text.replace(OPEN, " ").replace(CLOSE, " ") if OPEN in text or CLOSE in text else text


def replaced(text: str, form: Callable[[str], str]) -> str:
    """A text in which what ``form`` makes of them stands in place of marked phonemes."""
    return _MARKED.sub(lambda found: form(found.group(1)), text) if OPEN in text else text


def espeak(phonemes: str) -> str:
    """Phonemes as espeak-ng calls them; what it has no name for is left out."""
    return re.sub(r"[^\x21-\x7e ]", "", _renamed(phonemes, _ESPEAK))


def kokoro(phonemes: str, *, british: bool) -> str:
    """Phonemes as Kokoro's English voices take them."""
    said = _renamed(phonemes, _KOKORO)
    return said if british else said.replace("Q", "O").replace("ɜː", "ɜɹ").replace("ː", "")


def _renamed(phonemes: str, names: Mapping[str, str]) -> str:
    return _any(tuple(names)).sub(lambda found: names[found.group()], phonemes.translate(_LEFT_OUT))


@lru_cache(maxsize=4)
def _any(names: Iterable[str]) -> re.Pattern[str]:
    """The longest that fits."""
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
