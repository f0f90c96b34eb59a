"""Abbreviations and acronyms, said in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.nouns import Nouns
from voicecoach.wording.patterns import any_of, in_any_case
from voicecoach.wording.quantities import Quantities

_TAIL = r"(?:(?<=/)|(?<=\.)(?![^\W\d_])|(?!\w))"
"""A full stop parts a short form from a figure, a slash from anything; else it ends where the word does."""


class ShortForms:
    """Puts words in place of the short forms of a text.

    ``acronyms`` only as they stand in the file, ``abbreviations`` in any case. The full stop of an abbreviation goes,
    except where it also ends the text or, for those that are ``closing`` ones, the sentence. After words that stand
    before a singular, ``quantities.each``, a unit's symbol becomes its noun ("per km").
    """

    def __init__(self, data: Mapping[str, Any], quantities: Quantities, nouns: Nouns) -> None:
        self._nouns = nouns
        self._acronyms: Mapping[str, str] = data["acronyms"]
        self._abbreviations = {written.casefold(): said for written, said in data["abbreviations"].items()}
        self._closing = frozenset(written.casefold() for written in data["quantities"]["closing"])
        counted = {written for written in data["abbreviations"] if written.rstrip(".").casefold() in quantities.counted}
        counts = any_of(in_any_case(counted))
        others = any_of({*self._acronyms, *in_any_case(data["abbreviations"].keys() - counted)})
        self._short = re.compile(rf"(?<![\w.])(?:{others}|{counts}){_TAIL}")
        self._short_but_units = re.compile(rf"(?<![\w.])(?:{others}|(?<![0-9]\s)(?:{counts})){_TAIL}")
        each, symbols = "|".join(data["quantities"]["each"]), any_of(in_any_case(nouns.symbols))
        self._singular = re.compile(rf"\b(?P<each>(?i:{each}))\s(?P<symbol>{symbols})(?![\w'’/])(?P<dot>\.?)(?!\w)")

    def in_words(self, text: str, *, units: bool = True) -> str:
        """The text with its short forms in words; without ``units`` those that follow a number stay."""
        return (self._short if units else self._short_but_units).sub(self._in_full, text)

    def singulars(self, text: str) -> str:
        """The text with the nouns of single units in words."""
        return self._singular.sub(self._singular_in_words, text)

    def _in_full(self, found: re.Match[str]) -> str:
        written, text = found[0], found.string
        said = self._acronyms.get(written) or self._nouns.adjective(written, text, found.start(), found.end())
        if said is None:
            said = self._abbreviations.get(written.casefold(), written)
            if written[0].isupper():
                said = said[0].upper() + said[1:]
        after = text[found.end() : found.end() + 1]
        if written[-1] in "./" and after.isalnum():
            return f"{said} "
        if not written.endswith("."):
            return said
        last = not text[found.end() :].strip()
        closes = written.casefold() in self._closing and self._nouns.begins_sentence(text, found.end())
        return f"{said}." if last or closes else said

    def _singular_in_words(self, found: re.Match[str]) -> str:
        noun = self._nouns.singular(found["symbol"]) or found["symbol"]
        stop = "." if found["dot"] and self._nouns.begins_sentence(found.string, found.end()) else ""
        return f"{found['each']} {noun}{stop}"
