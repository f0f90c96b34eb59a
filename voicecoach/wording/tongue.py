"""Which language a line is in, told by the words that it uses most: of those that there are phrases for.

So few words tell little, and a wrong guess is worse than none: a line is in another language only where two words of it
are of that language and not of its own, and none of it is of its own and not of that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import tomli

from voicecoach.wording.language import read

_FILE = Path(__file__).parent / "common_words.toml"
_WORD = re.compile(r"[^\W\d_]+(?:['’](?:t|s|re|ll|ve|m)\b)?")
_FILLED_IN = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")
LEAST_WORDS = 2
"""So many words of another language must be in a line; one more where nothing is known of its own."""
LEAST_SHARE = 1 / 3
"""So much of a line must be words of the other language."""


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    written = tomli.loads(_FILE.read_text(encoding="utf-8"))["words"]
    return {language: frozenset(words.split()) for language, words in written.items()}


def languages() -> frozenset[str]:
    """Those that can be told."""
    return frozenset(_words())


def spelled(text: str, language: str) -> bool:
    """Whether a text has a word in it that is known to be of its language."""
    return not _own(language).isdisjoint(_found(text))


def other(text: str, language: str) -> str:
    """The language, as "de", that a text is in instead of its own, a BCP 47 tag; empty where that is not sure."""
    found = _found(text)
    if len(found) < LEAST_WORDS:
        return ""
    own = _own(language)
    least = LEAST_WORDS if own else LEAST_WORDS + 1
    there = set(found)
    if len(there - own) < least:
        return ""
    best, most = "", 0
    for tag, common in _words().items():
        if common is own:
            continue
        told = (there & common) - own
        enough = len(told) >= least and sum(word in told for word in found) >= LEAST_SHARE * len(found)
        if enough and not (there & own) - common and len(told) > most:
            best, most = tag, len(told)
    return best


def words(text: str) -> int:
    """How many words of a text there are to go by."""
    return len(_found(text))


def _own(language: str) -> frozenset[str]:
    found = read(language)
    return _words().get(found.tag.partition("-")[0], frozenset()) if found.known else frozenset()


def _found(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(_FILLED_IN.sub(" ", text).lower())]
