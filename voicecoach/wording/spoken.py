"""A script author's text, turned into what is to be spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from voicecoach.wording import pauses
from voicecoach.wording.amount_words import AmountWords
from voicecoach.wording.ordinals import Ordinals
from voicecoach.wording.quantities import Quantities

_UNSPEAKABLE = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff"
    r"\ud800-\udfff"
)
"""Control characters, soft hyphens, invisible and bidirectional marks, lone surrogates."""
_BREAKS = r"\t\n\x0b\x0c\r\x85\u2028\u2029"
_STRIPPED = re.compile(f"[{_UNSPEAKABLE}]+")
_BREAK = re.compile(rf"\s*[{_BREAKS}]\s*")
_BRACKETS = re.compile(r"[\[\]]+")
_NUMBERS_WITH_SLASH = re.compile(r"(?<![\w/.,])([0-9]{1,3})/([0-9]{1,3})(?![\w/]|[.,][0-9])")
_SLASH = re.compile(r"\s*/+\s*")
_BARE_NUMBER = re.compile(r"(?<!\S)(?<![xX×]\s)[0-9]{1,9}(?=\.?$|[!?]|,\s)")
"""A number that nothing can make an amount of: it ends its clause."""
_CLOSING = (".", ",", ";", ":", "!", "?", "…", ")")


class Spoken:
    """Called with a text, gives its spoken form.

    Amounts, abbreviations, acronyms and signs become words. Control characters, bidirectional marks, lone surrogates
    and square brackets, which engines stumble over, go; ``[pause 1.5s]`` stays. A plain sentence comes back as it
    is, and so does what is in spoken form already.
    """

    def __init__(self, data: Mapping[str, Any], quantities: Quantities) -> None:
        self._data = data
        self._quantities = quantities
        self._acronyms: Mapping[str, str] = data["acronyms"]
        self._abbreviations = {written.casefold(): said for written, said in data["abbreviations"].items()}
        self._signs: Mapping[str, str] = data["signs"]
        self._fractions: Mapping[str, str] = data["fractions"]
        self._out_of: str = data["quantities"]["out_of"]
        short = rf"(?<![\w.])(?:{_any_of(self._acronyms)}|(?i:{_any_of(self._abbreviations)}))(?!\w)"
        self._short = re.compile(short)
        self._short_but_units = re.compile(rf"(?<![0-9]\s){short}")
        self._sign = re.compile(rf"\s*({_any_of(self._signs)})\s*")
        marks = "".join(mark for mark in self._fractions if len(mark) == 1)
        self._mark = re.compile(rf"(?<!\w)[{marks}](?!\w)")
        signs = "".join(map(re.escape, self._signs))
        self._written = re.compile(rf"[0-9/\[\]{signs}{marks}{_UNSPEAKABLE}{_BREAKS}]")

    def __call__(self, text: str) -> str:
        """The text in spoken form."""
        if not self._has_more_to_say(text):
            return text
        return pauses.around(_BREAK.sub(" ", _STRIPPED.sub("", text)), self._around_pauses)

    def _has_more_to_say(self, text: str) -> bool:
        return self._written.search(_BARE_NUMBER.sub("", text)) is not None or self._short.search(text) is not None

    def _around_pauses(self, part: str) -> str:
        """Each pass takes away digits, signs or short forms and adds none, so there is a last one."""
        while self._has_more_to_say(part):
            before, part = part, self._pass(part)
            if part == before:
                break
        return part

    def _pass(self, part: str) -> str:
        said = self._short_but_units.sub(self._in_full, _BRACKETS.sub("", part))
        for in_words in self._numbers:
            said = in_words(said)
        said = self._short.sub(self._in_full, said)
        said = _NUMBERS_WITH_SLASH.sub(self._fraction, self._mark.sub(lambda mark: self._fractions[mark[0]], said))
        said = self._sign.sub(self._sign_in_words, _SLASH.sub(_comma, said))
        if said == part:
            return part
        kept = len(part) - len(part.lstrip())
        return part[:kept] + said.strip() + part[len(part.rstrip()) :]

    @cached_property
    def _numbers(self) -> tuple[Ordinals, AmountWords]:
        return Ordinals(self._data), AmountWords(self._data, self._quantities)

    def _in_full(self, found: re.Match[str]) -> str:
        written = found.group()
        said = self._acronyms.get(written)
        if said is None:
            said = self._abbreviations.get(written.casefold(), written)
            if written[0].isupper():
                said = said[0].upper() + said[1:]
        ends = written.endswith(".") and not found.string[found.end() :].strip()
        return said + "." if ends else said

    def _fraction(self, found: re.Match[str]) -> str:
        part, whole = int(found[1]), int(found[2])
        if found[0] in self._fractions:
            return self._fractions[found[0]]
        if part <= whole:
            number = self._quantities.number
            return self._out_of.format(number(part), number(whole))
        return f"{part} {whole}"

    def _sign_in_words(self, found: re.Match[str]) -> str:
        word = self._signs[found[1]]
        if not word:
            return " " if len(found[0]) > 1 else ""
        after = "" if found.string.startswith(_CLOSING, found.end()) else " "
        return f" {word}{after}"


def _comma(found: re.Match[str]) -> str:
    inside = found.start() > 0 and found.end() < len(found.string)
    return ", " if inside else " "


def _any_of(texts: Iterable[str]) -> str:
    """A pattern for any of the texts, the longest that fits."""
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))
