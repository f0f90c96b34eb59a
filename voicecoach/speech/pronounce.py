"""How the words of a text are said, where a script or the person's configuration says how.

The written form stays in cue sheets and captions: only what is handed to an engine changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from voicecoach import wording
from voicecoach.speech import ipa
from voicecoach.speech.engine import primary
from voicecoach.timeline.model import Pronunciation

_ALIKE = {"'": "['’ʼ]", "-": "[-‐‑]"}
"""What a keyboard has, and an editor puts in its place."""
_TYPED = {ord(mark): typed for typed, alike in _ALIKE.items() for mark in alike[2:-1]}


class Pronunciations:
    """Applied to a text in spoken form, gives it with each written word or phrase as it is said.

    Whole words only, the longest first, whichever apostrophe and hyphen they are written with; what was put in is not
    looked at again. A word written in capitals is an abbreviation and means only itself; any other is meant in whatever
    case. Of two for the same word the first counts.
    """

    def __init__(self, entries: Iterable[Pronunciation] = ()) -> None:
        self._entries = tuple(entries)

    def said(self, text: str, language: str, *, phonemes: bool) -> str:
        """The text for an engine; ``phonemes`` tells whether it takes them. Where not, those words stay as written."""
        text = ipa.unmarked(text)
        if not self._entries:
            return text
        found = _compiled(self._entries, primary(language), phonemes)
        return text if found is None else found[0].sub(lambda match: _sound(match.group(), found[1]), text)


@lru_cache(maxsize=32)
def _compiled(
    entries: tuple[Pronunciation, ...], language: str, phonemes: bool
) -> tuple[re.Pattern[str], dict[str, str]] | None:
    """A pattern for every word, and what each is said as."""
    spoken = wording.of(language).spoken
    said: dict[str, str] = {}
    for entry in entries:
        in_ipa = entry.said.startswith("/")
        if (entry.language and primary(entry.language) != language) or (in_ipa and not phonemes):
            continue
        sound = ipa.marked(entry.said.strip("/")) if in_ipa else spoken(ipa.unmarked(entry.said))
        for written in (entry.written, spoken(entry.written)):
            said.setdefault(_key(written), sound)
    if not said:
        return None
    words = "|".join(map(_pattern, sorted(said, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)"), said


def _sound(written: str, said: dict[str, str]) -> str:
    words = _plain(written)
    return said[words] if words in said else said[words.casefold()]


def _pattern(key: str) -> str:
    words = r"\s+".join("".join(_ALIKE.get(mark, re.escape(mark)) for mark in word) for word in key.split())
    return words if _is_abbreviation(key) else f"(?i:{words})"


def _key(written: str) -> str:
    """What a word is looked up by."""
    words = _plain(written)
    return words if _is_abbreviation(words) else words.casefold()


def _plain(written: str) -> str:
    """Words with one space between two, and marks as a keyboard has them."""
    return " ".join(written.split()).translate(_TYPED)


def _is_abbreviation(word: str) -> bool:
    return len(word) > 1 and word.isupper()
