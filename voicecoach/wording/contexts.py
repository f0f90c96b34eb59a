"""What the words around a figure make of it: minutes or metres, thousands or kilometres, seconds or inches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voicecoach.wording.quantities import Unit

if TYPE_CHECKING:
    from voicecoach.wording.amounts import Amount

_CLAUSE_BEFORE = re.compile(r"[^.,;:!?()/+]*$")
_CLAUSE_AFTER = re.compile(r"[^.,;:!?()/+]*")
_SENTENCE_BEFORE = re.compile(r"[^.;!?]*$")
_SENTENCE_AFTER = re.compile(r"[^.;!?]*")
_WORD = re.compile(r"[^\W\d_]+|@")
_NOUN_AHEAD = re.compile(r"\s([^\W\d_]+)")
_NEAR = 3
_MOST_MINUTES = 99
"""In a script's durations "m" means minutes up to here."""
_LOOK = 48


class Contexts:
    """Decides by the words near an amount; where they do not tell, the amount gets its ``other`` reading."""

    def __init__(self, data: Mapping[str, Any], units: Mapping[str, Unit]) -> None:
        words = data["contexts"]
        self._units = units
        self._minutes = frozenset(words["minutes"]) | {"@"}
        self._metres = frozenset(words["metres"])
        self._closed_is_minutes: bool = words["closed_m_is_minutes"]
        self._thousands = frozenset(words["thousands"])
        self._kilometres = frozenset(words["kilometres"])
        self._inches = frozenset(words["inches"])
        self._lengths = frozenset(words["lengths"])
        self._drinks = frozenset(words["litres"])
        self._plurals = {noun.casefold(): unit for unit in units.values() for noun in (unit.plural, *unit.words)}
        self._singular: bool = bool(data["quantities"]["articles"])
        self.numbered = frozenset(data["quantities"]["numbered"])
        """Words that a number follows, as "round"."""

    def minutes_or_metres(self, text: str, amount: Amount, *, closed: bool) -> Amount:
        """What "m" means behind a number."""
        metres, minutes = amount, replace(amount, unit=self._units["minute"])
        if amount.whole > _MOST_MINUTES or amount.negative or len(amount.fraction) > 1:
            return metres
        before = _words(_CLAUSE_BEFORE.search(text[max(0, amount.start - _LOOK) : amount.start]))[: -_NEAR - 1 : -1]
        after = _words(_CLAUSE_AFTER.match(text, amount.end, amount.end + _LOOK))[:_NEAR]
        for word in (*after, *before):
            if word in self._metres:
                return metres
            if word in self._minutes:
                return minutes
        if closed and self._closed_is_minutes:
            return replace(minutes, other=metres)
        return replace(metres, other=minutes)

    def thousand_or_kilometres(self, text: str, amount: Amount) -> Amount:
        """What "k" means behind a number."""
        kilometres = amount
        digits = (amount.fraction + "000")[:3]
        thousand = replace(
            amount,
            unit=None,
            noun=None,
            whole=amount.whole * 1000 + int(digits),
            fraction="",
            spelled=True,
            attributive=False,
        )
        before = _words(_SENTENCE_BEFORE.search(text[max(0, amount.start - _LOOK) : amount.start]))
        after = _words(_SENTENCE_AFTER.match(text, amount.end, amount.end + _LOOK))
        near = after[:2]
        if after and after[0] in self._kilometres:
            return replace(kilometres, attributive=self._singular)
        if any(word in self._thousands for word in near):
            return self._counted(text, thousand)
        if any(word in self._kilometres for word in (*near, *before)):
            return kilometres
        if any(word in self._thousands for word in (*before, *after)):
            return thousand
        return kilometres if any(word in self._kilometres for word in after) else replace(kilometres, other=thousand)

    def _counted(self, text: str, amount: Amount) -> Amount:
        """A number together with the noun it counts, so that the two agree."""
        ahead = _NOUN_AHEAD.match(text, amount.end)
        unit = self._plurals.get(ahead[1].casefold()) if ahead is not None else None
        if ahead is None or unit is None:
            return amount
        return replace(amount, unit=unit, noun=ahead[0], end=ahead.end())

    def boxes(self, text: str, place: int) -> bool:
        """Whether something follows that is measured in inches."""
        return _next_words(text, place) & self._inches != set()

    def lengths(self, text: str, place: int) -> bool:
        """Whether a word follows that only a length has: "high"."""
        return _next_words(text, place) & self._lengths != set()

    def drinks(self, text: str, amount: Amount) -> bool:
        """Whether it is litres that an amount is of."""
        return _next_words(text, amount.end) & self._drinks != set()


def _next_words(text: str, place: int) -> set[str]:
    return set(_words(_CLAUSE_AFTER.match(text, place, place + _LOOK))[:2])


def _words(found: re.Match[str] | None) -> list[str]:
    return [word.casefold() for word in _WORD.findall(found[0])] if found is not None else []
