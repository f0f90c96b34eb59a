"""Ordinals as people write them in a text: "1st", "2e", "3ª", "1°", "3. Runde"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.nouns import Nouns
from voicecoach.wording.patterns import LOOK_BACK, any_of

_DASH = re.compile(r"\s?[-–]\s?")
_DEGREE = ("°", "º")
"""Signs that are also written for degrees."""
_FEW = 4
"""Nobody writes of so few degrees: the sign after a number up to this makes an ordinal."""
_WORD_BEFORE = re.compile(r"(\w+)\s$")
_LONGEST_ROW = 6
"""Ordinals of one noun that are looked through: "1., 2. und 3. Runde"."""


class Ordinals:
    """Puts words in place of the ordinals of a text, in agreement with their noun, as far as the file has them.

    The file gives the words from first on by gender (``m``, and ``f`` where they differ), and the suffixes: those of
    one gender, and those that ``agree`` with the noun. ``short`` are forms before a masculine noun ("primer").
    Where a full stop is the suffix, only a noun tells an ordinal from the end of a sentence, and the words are stems.
    """

    def __init__(self, data: Mapping[str, Any], nouns: Nouns) -> None:
        rules = data["ordinals"]
        suffixes = rules["suffixes"]
        self._nouns = nouns
        self._masculine: list[str] = rules["m"]
        self._feminine: list[str] = rules.get("f", rules["m"])
        self._short: Mapping[str, str] = rules["short"]
        self._exact: Mapping[str, str] = rules["exact"]
        self._articles = {article: gender for gender in "mf" for article in rules["articles"][gender]}
        self._no_nouns = frozenset(rules["no_nouns"])
        self._genders = {suffix: gender for gender in "mf" for suffix in suffixes[gender]}
        self._suffixes = frozenset([*self._genders, *suffixes["agree"]])
        self._numbered = frozenset(data["quantities"]["numbered"])
        self._range: str = data["quantities"]["range"]
        exact = (known.lstrip("0123456789") for known in self._exact)
        written = any_of({*self._suffixes, *exact})
        joiners = "|".join(rules["joiners"])
        joiner = rf"(?:\s(?:{joiners})\s|\s?[,&+/–-]\s?)"
        ignore = re.IGNORECASE
        start = r"(?:(?<![\w.,:/-])|(?<=[^\W\d_][-–/])|(?<=[.°ºª][-–/]))"
        self._pattern = re.compile(rf"{start}(?P<number>[0-9]{{1,3}})(?P<suffix>{written})(?!\w)", ignore)
        self._next = re.compile(rf"{joiner}[0-9]{{1,3}}(?:{written})(?!\w)", ignore)
        self._earlier = re.compile(rf"[0-9]{{1,3}}(?:{written}){joiner}$", ignore)
        self._dotted = "." in suffixes["agree"]
        adjective, symbol = rf"(?:(?:{joiners})\s)?(?:[a-zäöüß]+e[nrs]?\s)?", rf"(?:{any_of(nouns.symbols)})(?!\w)"
        noun = rf"{adjective}(?P<noun>[A-ZÄÖÜ]\w*|{symbol})" if self._dotted else r"(?P<noun>[^\W\d_]+)"
        self._noun = re.compile(rf"\s?{noun}")

    def __call__(self, text: str) -> str:
        """The text with its ordinals in words."""
        said: list[str] = []
        done = 0
        for found in self._pattern.finditer(text):
            word = self._word(text, found)
            if word is not None:
                gap = text[done : found.start()]
                said += [f" {self._range} " if done and _DASH.fullmatch(gap) else gap, word]
                done = found.end()
        return "".join([*said, text[done:]]) if said else text

    def _word(self, text: str, found: re.Match[str]) -> str | None:
        """The ordinal in words, None where it is none."""
        exact = self._exact.get(found[0].lower())
        number, suffix = int(found["number"]), found["suffix"].lower()
        if exact is not None or suffix not in self._suffixes or not 1 <= number <= len(self._masculine):
            return exact
        noun = self._noun_after(text, found)
        if suffix == ".":
            before = self._before(text, found)
            ending = self._nouns.ending(before, self._nouns.gender(noun, guess=True))
            ordinal = noun and ending is not None and before not in self._numbered
            return f"{self._masculine[number - 1]}{ending}" if ordinal else None
        written = self._genders.get(suffix)
        if suffix not in _DEGREE and written is not None:
            gender, followed = written, bool(noun)
        else:
            known = self._nouns.gender(noun)
            if suffix in _DEGREE and known is None and not self._surely(text, found, noun):
                return None
            guess, before = known or self._nouns.gender(noun, guess=True), self._before(text, found)
            gender = guess or self._articles.get(before) or self._nouns.gender(before) or written or "m"
            followed = guess == "m"
        if gender == "f":
            return self._feminine[number - 1]
        word = self._masculine[number - 1]
        return self._short.get(word, word) if followed or suffix.endswith("er") else word

    def _surely(self, text: str, found: re.Match[str], noun: str) -> bool:
        """Whether a sign that is also one for degrees, ahead of no noun that is known, makes an ordinal."""
        if int(found["number"]) <= _FEW:
            chained = self._next.match(text, found.end()) or self._earlier.search(text[: found.start()])
            return bool(noun) or chained is not None or self._before(text, found) in self._articles
        return bool(noun) and found["suffix"] != "°" and not noun.endswith("s")

    def _noun_after(self, text: str, found: re.Match[str]) -> str:
        """The noun of an ordinal, or of a row of them ("1. und 2. Runde"); empty where there is none."""
        end = found.end()
        for _ in range(_LONGEST_ROW):
            if (joined := self._next.match(text, end)) is None:
                break
            end = joined.end()
        ahead = self._noun.match(text, end)
        noun = ahead["noun"] if ahead is not None else ""
        if noun.casefold() in self._no_nouns or (self._dotted and self._nouns.begins_sentence(text, end)):
            return ""
        return noun

    def _before(self, text: str, found: re.Match[str]) -> str:
        """The word ahead of an ordinal, or of a row of them."""
        before = text[max(0, found.start() - LOOK_BACK) : found.start()]
        while (earlier := self._earlier.search(before)) is not None:
            before = before[: earlier.start()]
        word = _WORD_BEFORE.search(before)
        return word[1].casefold() if word is not None else ""
