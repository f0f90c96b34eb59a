"""All kinds of short forms, in the order they are put into words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from voicecoach.wording import markup, pauses
from voicecoach.wording.ambiguity import Ambiguity
from voicecoach.wording.nouns import Nouns
from voicecoach.wording.patterns import FIGURE, any_of, words
from voicecoach.wording.quantities import Quantities
from voicecoach.wording.trigger_words import TriggerWords

if TYPE_CHECKING:
    from voicecoach.wording.amount_words import AmountWords
    from voicecoach.wording.each_side import EachSide
    from voicecoach.wording.left_right import LeftRight
    from voicecoach.wording.numbered import Numbered
    from voicecoach.wording.ordinals import Ordinals
    from voicecoach.wording.pairs import Pairs
    from voicecoach.wording.ratios import Ratios
    from voicecoach.wording.short_forms import ShortForms
    from voicecoach.wording.tempo import Tempo

_SLASH = re.compile(r"\s*/+\s*")
_SLASHES = str.maketrans("⁄∕", "//")
_TEMPO = re.compile(r"[X@]|[./:–-]x")
_COLON = re.compile(r":\w")
_NUMBER_SIGN = re.compile(r"[#№°º]")
_CLOSING = (".", ",", ";", ":", "!", "?", "…", ")")


class Forms:
    """Everything that is written in a short form, in the order it is put into words.

    Each kind is loaded when the first text needs it.
    """

    def __init__(self, data: Mapping[str, Any], quantities: Quantities, triggers: TriggerWords) -> None:
        self._data = data
        self._quantities = quantities
        self._triggers = triggers
        self._nouns = Nouns(data, quantities.units)
        self._signs: Mapping[str, str] = data["signs"]
        self._fractions: Mapping[str, str] = data["fractions"]
        ordinals = data["ordinals"]
        suffixes = [*ordinals["suffixes"]["m"], *ordinals["suffixes"]["f"], *ordinals["suffixes"]["agree"]]
        suffixes += (exact.lstrip("0123456789") for exact in ordinals["exact"])
        self._ordinal = re.compile(rf"[0-9](?:{any_of(suffixes)})", re.IGNORECASE)
        self._dotted_ordinals = "." in suffixes
        self._sign = re.compile(rf"\s*({any_of(self._signs)})\s*")
        marks = "".join(mark for mark in self._fractions if len(mark) == 1)
        self._mark = re.compile(rf"(?<!\w)[{marks}](?!\w)")

    @cached_property
    def _each(self) -> EachSide:
        from voicecoach.wording.each_side import EachSide

        return EachSide(self._data, self._quantities)

    @cached_property
    def _sides(self) -> LeftRight:
        from voicecoach.wording.left_right import LeftRight

        return LeftRight(self._data, self._nouns)

    @cached_property
    def _short(self) -> ShortForms:
        from voicecoach.wording.short_forms import ShortForms

        return ShortForms(self._data, self._quantities, self._nouns)

    @cached_property
    def _numbered(self) -> Numbered:
        from voicecoach.wording.numbered import Numbered

        return Numbered(self._data, self._quantities.numbers)

    @cached_property
    def _tempo(self) -> Tempo:
        from voicecoach.wording.tempo import Tempo

        return Tempo(self._data, self._quantities.numbers)

    @cached_property
    def _pairs(self) -> Pairs:
        from voicecoach.wording.pairs import Pairs

        return Pairs(self._data, self._quantities)

    @cached_property
    def _ratios(self) -> Ratios:
        from voicecoach.wording.ratios import Ratios

        return Ratios(self._data, self._quantities)

    @cached_property
    def _ordinals(self) -> Ordinals:
        from voicecoach.wording.ordinals import Ordinals

        return Ordinals(self._data, self._nouns)

    @cached_property
    def _amounts(self) -> AmountWords:
        from voicecoach.wording.amount_words import AmountWords

        return AmountWords(self._data, self._quantities, self._nouns)

    def speak(self, text: str, doubts: list[Ambiguity]) -> str:
        """The text after one pass: what is in words now may be part of another short form."""
        text = markup.lines_joined(markup.plain(text, self._only_counts))
        if not text.isascii():
            text = text.translate(_SLASHES)
        return pauses.around(text, lambda part: self._between_pauses(part, doubts))

    def _only_counts(self, word: str) -> bool:
        """Whether "1." before a word where a line begins only counts the lines."""
        return word[0].isupper() and not (self._dotted_ordinals and self._nouns.gender(word, guess=True) is not None)

    def _between_pauses(self, part: str, doubts: list[Ambiguity]) -> str:
        triggers, found = self._triggers, words(part)
        figures = FIGURE.search(part) is not None
        short = not triggers.short.isdisjoint(found)
        units = not triggers.units.isdisjoint(found)
        said = part
        if "/" in said or not triggers.each.isdisjoint(found):
            said = self._each(said, doubts)
        if figures and (_TEMPO.search(said) is not None or not triggers.tempo.isdisjoint(found)):
            said = self._tempo(said, doubts)
        if figures and "/" in said:
            said = self._pairs.in_context(said, doubts)
        if figures and _COLON.search(said) is not None:
            said = self._ratios(said)
        if "[" in said or "]" in said:
            said = markup.unbracketed(said)
        if figures and self._ordinal.search(said) is not None:
            said = self._ordinals(said)
        if not triggers.sides.isdisjoint(found):
            said = self._sides(said)
        if units:
            said = self._short.singulars(said)
        if short:
            said = self._short.in_words(said, units=False)
        if figures and (_NUMBER_SIGN.search(said) is not None or not triggers.named.isdisjoint(found)):
            said = self._numbered(said)
        if figures:
            said = self._amounts(said, doubts)
        if short:
            said = self._short.in_words(said)
        if figures:
            said = self._mark.sub(lambda mark: self._fractions[mark[0]], said)
        if "/" in said:
            said = _SLASH.sub(_comma, self._pairs.fractions(said, doubts) if figures else said)
        if not self._signs.keys().isdisjoint(said):
            said = self._sign.sub(self._sign_in_words, said)
        if said == part:
            return part
        kept = len(part) - len(part.lstrip())
        return part[:kept] + said.strip() + part[len(part.rstrip()) :]

    def _sign_in_words(self, found: re.Match[str]) -> str:
        word = self._signs[found[1]]
        if not word:
            return " " if len(found[0]) > 1 else ""
        after = "" if found.string.startswith(_CLOSING, found.end()) else " "
        return f" {word}{after}"


def _comma(found: re.Match[str]) -> str:
    inside = found.start() > 0 and found.end() < len(found.string)
    return ", " if inside else " "
