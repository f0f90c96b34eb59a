"""What is known of a language's nouns: their gender, what short forms stand for, what adjectives end in before them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.patterns import behind
from voicecoach.wording.quantities import Unit, names_unit

_COMPOUND = 4
"""Letters that the last part of a compound has at least: "Übungsblock" ends in "block", but "Reset" in no "set"."""
_WORD_BEFORE = re.compile(r"(\w+)\s$")
_WORD_AHEAD = re.compile(r"\s+[\"“„«(¿¡]*(?P<word>\w+)")


class Nouns:
    """The nouns of one language.

    The file's table has the common ones by gender, and ``endings`` that tell the gender of others. Where it says
    ``compounds``, the last part of a word decides; where ``capitals``, nouns have one, and only ``starters`` begin a
    sentence. ``stems`` are abbreviated adjectives, and ``adjectives`` gives their endings after certain words.
    """

    def __init__(self, data: Mapping[str, Any], units: Mapping[str, Unit]) -> None:
        table = data["nouns"]
        self._compounds: bool = table["compounds"]
        self._capitals: bool = table["capitals"]
        self._endings: Mapping[str, str] = table["endings"]
        self._singulars = {symbol.casefold(): unit.singular for unit in units.values() for symbol in unit.symbols}
        self._genders = {
            noun.casefold(): unit.gender
            for unit in units.values()
            for noun in (unit.singular, *unit.symbols)
            if unit.gender and len(noun) > 1
        }
        self._genders |= {noun.casefold(): gender for gender in "mfn" for noun in table[gender]}
        self._starters = frozenset(table["starters"])
        self._stems: Mapping[str, str] = table["stems"]
        self._after = {word: rule for rule in table.get("adjectives", ()) for word in rule["after"]}

    def gender(self, word: str, *, guess: bool = False) -> str | None:
        """The gender of a noun in the singular, None where it is unknown; ``guess``: its last letters may tell it."""
        lower = word.casefold()
        known = self._genders.get(lower)
        if known is None and self._compounds:
            tails = (lower[start:] for start in range(1, len(lower) - _COMPOUND + 1))
            known = next((self._genders[tail] for tail in tails if tail in self._genders), None)
        if known is None and guess:
            fitting = (ending for ending in self._endings if lower.endswith(ending) and len(lower) > len(ending) + 1)
            longest = max(fitting, key=len, default=None)
            known = self._endings[longest] if longest is not None else None
        return known

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of units that can stand for their noun without a number."""
        return tuple(filter(names_unit, self._singulars))

    def singular(self, symbol: str) -> str | None:
        """The noun that a unit's symbol stands for: "kilometre" for "km"."""
        return self._singulars.get(symbol.casefold())

    def begins_sentence(self, text: str, place: int) -> bool:
        """Whether a sentence begins at a place in the text, or the text ends there.

        A capital begins one; where nouns have one too, only those words do that are known to.
        """
        ahead = _WORD_AHEAD.match(text, place)
        if ahead is None:
            return not text[place:].strip()
        word = ahead["word"]
        return word[0].isupper() and (not self._capitals or word.casefold() in self._starters)

    def adjective(self, short: str, text: str, start: int, end: int) -> str | None:
        """What an abbreviation from ``start`` to ``end`` of a text is as the adjective of a noun that follows."""
        stem, ahead = self._stems.get(short.casefold()), _WORD_AHEAD.match(text, end)
        if stem is None or ahead is None or (gender := self.gender(ahead["word"])) is None:
            return None
        before = behind(_WORD_BEFORE, text, start)
        ending = self.ending(before[1] if before is not None else "", gender)
        return stem + (ending or "")

    def ending(self, before: str, gender: str | None) -> str | None:
        """What an adjective ends in after the word ``before`` and ahead of a noun; None where that is not known."""
        rule = self._after.get(before.casefold()) or self._after.get("")
        if rule is None:
            return ""
        ending: str | None = rule.get(gender or "any")
        return ending
