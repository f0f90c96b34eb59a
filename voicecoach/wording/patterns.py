"""What the patterns of all languages are put together from."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

NOTHING = "(?!)"
FIGURE = re.compile(r"[0-9½¼¾⅓⅔]")
UNSPEAKABLE = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff"
    r"\ud800-\udfff"
)
"""Control characters, soft hyphens, invisible and bidirectional marks, lone surrogates: a character class."""
BREAKS = r"\t\n\x0b\x0c\r\x85\u2028\u2029"
"""What parts lines, and tabs: a character class."""


@functools.cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that few texts need, compiled when the first one does."""
    return re.compile(pattern, flags)


def any_of(texts: Iterable[str]) -> str:
    """A pattern for any of the texts, the longest that fits; for none of them where there are none."""
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True))) or NOTHING


def in_any_case(texts: Iterable[str]) -> set[str]:
    """The texts as they stand, in lower and in upper case, and with a capital: faster to look for than any case."""
    return {form for text in texts for form in (text, text.lower(), text.upper(), text[0].upper() + text[1:])}


LOOK_BACK = 48
"""Characters before a place that can tell how what stands there is meant."""


def behind(pattern: re.Pattern[str], text: str, place: int) -> re.Match[str] | None:
    """What ends at a place in a text, for a pattern that ends in "$"."""
    return pattern.search(text, max(0, place - LOOK_BACK), place)


_WORD = re.compile(r"[^\W\d_]+")


def words(text: str) -> set[str]:
    """The words of a text, casefolded; letters on both sides of a full stop are two."""
    return set(_WORD.findall(text.casefold()))


def first_words(forms: Iterable[str]) -> frozenset[str]:
    """A word of each form without which a text does not have it."""
    return frozenset(found[0] for form in forms if (found := _WORD.search(form.casefold())) is not None)
