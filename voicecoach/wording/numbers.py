"""Whole numbers and decimals in words, in agreement with what they count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LARGEST = 10**12


class Numbers:
    """The number words of a language.

    The common ones stand in its file; num2words, which costs 25 ms to load, speaks the others.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._words: list[str] = data["words"]
        self._num2words: str = data["num2words"]
        self._rewrite = _rules(data.get("rewrite", []))
        self._forms = {gender: _rules(rules) for gender, rules in data.get("forms", {}).items()}
        self.minus: str = data["minus"]
        self._point: str = data["point"]
        self._digit_by_digit: bool = data["digit_by_digit"]

    def cardinal(self, n: int, gender: str | None = None) -> str:
        """``n`` in words: alone, or before a noun of a grammatical gender. From a million million on, its digits."""
        if n < 0:
            return f"{self.minus} {self.cardinal(-n, gender)}"
        words = self._words[n] if n < len(self._words) else self._spell(n)
        return _apply(self._forms[gender], words) if gender in self._forms else words

    def decimal(self, whole: int, fraction: str) -> str:
        """``whole`` and the digits after the point, in words: ``decimal(2, "25")`` is "two point two five"."""
        zeros = len(fraction) - len(fraction.lstrip("0"))
        if self._digit_by_digit or zeros == len(fraction):
            after = [int(digit) for digit in fraction]
        else:
            after = [0] * zeros + [int(fraction)]
        return " ".join([self.cardinal(whole), self._point, *map(self.cardinal, after)])

    def _spell(self, n: int) -> str:
        if n >= _LARGEST:
            return str(n)
        from num2words import num2words

        return _apply(self._rewrite, num2words(n, lang=self._num2words))


def _rules(pairs: list[list[str]]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), replacement) for pattern, replacement in pairs]


def _apply(rules: list[tuple[re.Pattern[str], str]], words: str) -> str:
    for pattern, replacement in rules:
        words = pattern.sub(replacement, words)
    return words
