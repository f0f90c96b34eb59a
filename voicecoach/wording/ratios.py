"""Numbers with a colon between them that are no clock: "1:1", "ratio 2:1", "work:rest 1:10"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.patterns import any_of, behind
from voicecoach.wording.quantities import Quantities

_NUMBER = r"[0-9]{1,3}(?:[.,][0-9])?"
_COLON = re.compile(rf"(?<![\w:.,/'-])(?P<numbers>{_NUMBER}(?::{_NUMBER}){{1,2}})(?![\w:]|[.,][0-9])")
_SHORT = re.compile(rf"{_NUMBER}(?::[0-9](?:[.,][0-9])?){{1,2}}")
"""No clock: a clock has two digits for its last place."""
_WORDS = re.compile(r"(?<!\w)([^\W\d_]{2,}):([^\W\d_]{2,})(?!\w)")


class Ratios:
    """Puts ratios into words, and the words that are named with a colon beside one.

    A pair with two digits behind the colon is one only beside one of the file's ``ratio_words``.
    """

    def __init__(self, data: Mapping[str, Any], quantities: Quantities) -> None:
        rules = data["pairs"]
        named = any_of(rules["ratio_words"])
        self._number = quantities.number
        self._ratio: str = rules["ratio"]
        self._before = re.compile(rf"(?<!\w)(?:{named})\W{{1,4}}(?:\w+\W{{1,3}})?$", re.IGNORECASE)
        self._after = re.compile(rf"\s\(?(?:{named})(?!\w)", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """The text with its ratios in words."""
        said = _COLON.sub(self._in_words, text)
        if said == text and self._after.search(text) is None:
            return text
        return _WORDS.sub(lambda words: self._ratio.format(words[1], words[2]), said)

    def _in_words(self, found: re.Match[str]) -> str:
        text, numbers = found.string, found["numbers"]
        named = behind(self._before, text, found.start()) or self._after.match(text, found.end())
        if named is None and _SHORT.fullmatch(numbers) is None:
            return found[0]
        *first, said = map(self._spell, numbers.split(":"))
        for number in first[::-1]:
            said = self._ratio.format(number, said)
        return said

    def _spell(self, written: str) -> str:
        whole, _, fraction = written.replace(",", ".").partition(".")
        return self._number(int(whole), fraction)
