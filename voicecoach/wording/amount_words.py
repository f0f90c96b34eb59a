"""Amounts put into words where they stand in a text, and those that belong together: "3x10", "20-30 s", "3-1-2"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from voicecoach.wording.ambiguity import Ambiguity
from voicecoach.wording.amounts import Amount, Amounts
from voicecoach.wording.nouns import Nouns
from voicecoach.wording.patterns import behind
from voicecoach.wording.quantities import Quantities, Unit

_DASH = "-"
_TIMES = ""
_CLOSE = re.compile("[-–—−‑~]")
_APART = re.compile(r"\s[-–—−‑]\s")
_SERIES = 3
"""From so many bare numbers on, dashes make no range but a series, as in the tempo 3-1-2."""
_LAST_WORD = re.compile(r"(\w+)\s$")
_TIMES_BEFORE = re.compile(r"(?:^|[^\W\d]\s|[.,;:)]\s|\()(?P<sign>[xX×])\s?$")
_ENDINGS = (".", "!", "?", "…")
_SENTENCE_END = re.compile(r"[.!?…][\"”»)]?\s+$")


class AmountWords:
    """Puts words in place of the amounts of a text. Numbers that stand alone stay digits, which engines read well."""

    def __init__(self, data: Mapping[str, Any], quantities: Quantities, nouns: Nouns) -> None:
        self._quantities = quantities
        self._amounts = Amounts(data, quantities.units, nouns)
        self._range: str = data["quantities"]["range"]
        self._numbered = frozenset(data["quantities"]["numbered"])
        self._times = quantities.units["time"]
        self._by: str = data["signs"]["×"]

    def __call__(self, text: str, doubts: list[Ambiguity]) -> str:
        """The text with its amounts in words."""
        text = self._amounts.grouped(text)
        said: list[str] = []
        done = 0
        for row, links in self._rows(text):
            start = row[0].start
            times = behind(_TIMES_BEFORE, text, start)
            if times is not None:
                start = times.start("sign")
                if row[-1].bare:
                    row[-1] = replace(row[-1], unit=self._times)
            words = None if text[row[-1].end : row[-1].end + 1].isalnum() else self._row(row, links)
            if words is not None:
                if any(amount.other for amount in row):
                    other = self._row([amount.other or amount for amount in row], links)
                    doubts.append(Ambiguity(text[row[0].start : row[-1].end], words, other or ""))
                if times is not None and row[-1].unit is not self._times:
                    words = f"{self._by} {words}"
                if self._starts_sentence(text, start) and not (said and text[done:start].isspace()):
                    words = words[0].upper() + words[1:]
                said += [text[done:start], words]
                done = row[-1].end
        return "".join([*said, text[done:]]) if said else text

    @staticmethod
    def _starts_sentence(text: str, start: int) -> bool:
        if start == 0:
            return text.rstrip().endswith(_ENDINGS)
        return behind(_SENTENCE_END, text, start) is not None

    def _rows(self, text: str) -> Iterator[tuple[list[Amount], list[str]]]:
        """Amounts that belong together, and the links between them."""
        row: list[Amount] = []
        links: list[str] = []
        for amount in self._amounts.find(text):
            link = self._link(text, row[-1], amount) if row else None
            if link is not None:
                row.append(amount)
                links.append(link)
                continue
            if row:
                yield row, links
            row, links = [amount], []
        if row:
            yield row, links

    def _link(self, text: str, before: Amount, after: Amount) -> str | None:
        gap = text[before.end : after.start]
        if not gap.strip():
            return _TIMES if before.unit is self._times and len(gap) < 2 else None
        if _CLOSE.fullmatch(gap):
            return _DASH
        if _APART.fullmatch(gap):
            word = behind(_LAST_WORD, text, before.start)
            return None if word is not None and word[1].casefold() in self._numbered else _DASH
        return None

    def _row(self, row: list[Amount], links: list[str]) -> str | None:
        """The row in words; None where the text already says it."""
        if len(row) == 1 and row[0].bare:
            return None
        if links.count(_DASH) >= _SERIES - 1:
            if _TIMES in links or not all(amount.bare for amount in row):
                return None
            return ", ".join(self._say(amount) for amount in row)
        said = self._say(row[-1])
        for amount, link, after in zip(row[-2::-1], links[::-1], row[:0:-1], strict=True):
            if link == _TIMES:
                said = f"{self._say(amount)} {said}"
            elif self._same(amount, after):
                said = f"{self._number(amount, None)} {said}"
            elif amount.seconds is None and (amount.unit is None or amount.unit is after.unit):
                said = f"{self._number(amount, after.unit)} {self._range} {said}"
            else:
                said = f"{self._say(amount)} {self._range} {said}"
        return said

    @staticmethod
    def _same(amount: Amount, after: Amount) -> bool:
        """Whether the two ends of a range are the same: "90-90" names two angles."""
        bare = amount.unit is None and amount.seconds is None and not amount.per
        return bare and (amount.whole, amount.fraction, amount.part) == (after.whole, after.fraction, after.part)

    def _number(self, amount: Amount, unit: Unit | None) -> str:
        if amount.part:
            return self._quantities.part(amount.whole, amount.part, None)
        return self._quantities.number(amount.whole, amount.fraction, unit)

    def _say(self, amount: Amount) -> str:
        quantities, unit = self._quantities, amount.unit
        if amount.seconds is not None:
            words = quantities.clock(*amount.clock) if amount.clock else quantities.duration(amount.seconds)
        elif unit is None:
            words = self._number(amount, None) + (amount.noun or "")
        elif amount.part:
            words = quantities.part(amount.whole, amount.part, unit)
        elif amount.noun is not None and not amount.fraction.strip("0") and not (amount.whole == 1 and unit.one):
            words = self._number(amount, unit) + amount.noun
        else:
            words = quantities.say(amount.whole, unit, amount.fraction, attributive=amount.attributive)
        if amount.negative:
            words = f"{quantities.numbers.minus} {words}"
        if not amount.per:
            return words
        return f"{words} {quantities.per(self._amounts.unit(amount.per) or amount.per)}"
