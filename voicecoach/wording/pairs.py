"""Two numbers with a slash or a colon between them: "set 2/3", "RPE 8/10", "8/8", "2/3", "1:1"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.ambiguity import Ambiguity
from voicecoach.wording.patterns import any_of, behind
from voicecoach.wording.quantities import Quantities

_NUMBER = r"[0-9]{1,3}"
_SLASHED = re.compile(
    rf"(?P<open>[(\[])?(?:(?<![\w/.,:])(?<![0-9]\s)|(?<=[0-9][xX×])|(?<=[0-9]\s[xX×]\s))"
    rf"(?P<part>{_NUMBER})(?P<slash>\s?/\s?)(?P<whole>{_NUMBER})(?![\w/%]|[.,:][0-9]|\s?/)(?(open)(?P<close>[)\]])?)"
)
_COLON = re.compile(
    rf"(?<![\w:.,/'-])(?P<numbers>{_NUMBER}(?:[.,][0-9])?(?::{_NUMBER}(?:[.,][0-9])?){{1,2}})(?![\w:]|[.,][0-9])"
)
_SHORT = re.compile(r"[0-9]+(?:[.,][0-9])?(?::[0-9](?:[.,][0-9])?){1,2}")
"""No clock: a clock has two digits for its last place."""
_WORDS = re.compile(r"(?<!\w)([^\W\d_]{2,}):([^\W\d_]{2,})(?!\w)")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\.?:?\s(?:#\s?)?[(\[]?$")
_WORD_AFTER = re.compile(r"[)\]]?\s(?P<word>[^\W\d_]+)")
_TIMES_BEFORE = re.compile(r"[0-9]\s?[xX×]\s?$")
_TITLE_AHEAD = re.compile(r"\s?[:)\]]|\s[-–]\s")
_CLAUSE_END = re.compile(r"\s*(?:$|[.,;:!?])")
_SCORES = (5, 10, 100)
"""What a score is usually out of."""


class Pairs:
    """Puts words in place of two numbers that belong together, as the words around them decide.

    The file's table ``pairs`` has the words that are ``counted`` ("set 2/3" is "set two of three") and ``scored``
    ("effort 3/5"), the patterns of ``of`` and ``ratio``, and the words beside which a colon makes a ratio.
    """

    def __init__(self, data: Mapping[str, Any], quantities: Quantities) -> None:
        rules = data["pairs"]
        self._quantities = quantities
        self._of: str = rules["of"]
        self._out_of: str = data["quantities"]["out_of"]
        self._equal: str = data["each"]["equal"]
        self._range: str = data["quantities"]["range"]
        self._fractions: Mapping[str, str] = data["fractions"]
        self._counted = frozenset(rules["counted"])
        self._scored = frozenset(rules["scored"])
        units = quantities.units
        self._rounds = frozenset(
            noun.casefold()
            for name in ("set", "round", "lap", "series", "pass")
            if name in units
            for noun in (units[name].plural, *units[name].words)
        )
        rep = units["rep"]
        self._reps = frozenset(noun.casefold() for noun in (rep.plural, *rep.symbols, *rep.words))
        self._measured = frozenset(
            noun.casefold()
            for name in ("second", "minute", "hour", "metre", "kilometre", "mile", "kilo", "pound", "litre")
            for noun in (units[name].singular, units[name].plural, *units[name].symbols, *units[name].words)
        )
        self._wholes = frozenset(rules["wholes"])
        self._ratio: str = rules["ratio"]
        ratio_words = any_of(rules["ratio_words"])
        self._ratio_before = re.compile(rf"(?<!\w)(?:{ratio_words})\W{{1,4}}(?:\w+\W{{1,3}})?$", re.IGNORECASE)
        self._ratio_after = re.compile(rf"\s\(?(?:{ratio_words})(?!\w)", re.IGNORECASE)
        self._fraction = re.compile(
            rf"(?<![\w/.,])(?:{any_of(f for f in self._fractions if '/' in f)})(?![\w/]|[.,][0-9])"
        )

    def in_context(self, text: str, doubts: list[Ambiguity]) -> str:
        """The text with the pairs in words that its words tell the meaning of; no fractions yet."""
        if "/" in text:
            text = _SLASHED.sub(lambda found: self._slashed(found, doubts), text)
        if ":" in text:
            rated = False

            def rate(found: re.Match[str]) -> str:
                nonlocal rated
                said = self._rated(found)
                rated = rated or said != found[0]
                return said

            text = _COLON.sub(rate, text)
            if rated or self._ratio_after.search(text) is not None:
                text = _WORDS.sub(lambda found: self._ratio.format(found[1], found[2]), text)
        return text

    def fractions(self, text: str, doubts: list[Ambiguity]) -> str:
        """The text with the fractions in words that are left."""
        return self._fraction.sub(lambda found: self._fraction_in_words(found, doubts), text) if "/" in text else text

    def _slashed(self, found: re.Match[str], doubts: list[Ambiguity]) -> str:
        text, part, whole = found.string, int(found["part"]), int(found["whole"])
        figures = f"{part}/{whole}"
        number, start = self._quantities.number, found.start()
        said_of = self._of.format(number(part), number(whole))
        out_of = self._out_of.format(number(part), number(whole))
        word = behind(_WORD_BEFORE, text, start + len(found["open"] or ""))
        before = word[1].casefold() if word is not None else ""
        ahead = _WORD_AFTER.match(text, found.end())
        after = ahead["word"].casefold() if ahead is not None else ""
        opening, closing = found["open"] or "", (found["close"] or "") if found["open"] else ""
        scored = before in self._scored or (after in self._scored and figures not in self._fractions)
        if part <= whole and scored and len(found["slash"]) == 1:
            return f"{opening}{out_of}{closing}"
        if 0 < part <= whole:
            share = figures in self._fractions and (after in self._measured or after in self._wholes)
            if before in self._counted and not share:
                return f"{opening}{said_of}{closing}"
            if opening and closing and (part < whole or whole not in _SCORES):
                return f"{opening}{said_of}{closing}"
            if after in self._rounds:
                return f"{opening}{said_of}{closing}"
        if len(found["slash"]) > 1:
            return found[0]
        each = f"{part} {self._equal}"
        times = behind(_TIMES_BEFORE, text, start) is not None
        if part == whole:
            said = self._equal_pair(part, times=times)
            other = out_of if said == each else each
            doubts.append(Ambiguity(figures, self._spelled(said, part), self._spelled(other, part)))
            if said == each and after in self._reps:
                return found[0]
            return f"{opening}{said}{closing}"
        if figures in self._fractions:
            start_of_text = not text[:start].strip() and _TITLE_AHEAD.match(text, found.end()) is not None
            return f"{opening}{said_of}{closing}" if start_of_text else found[0]
        if part < whole and after in self._reps:
            doubts.append(Ambiguity(figures, f"{number(part)} {self._range} {number(whole)}", out_of))
            return f"{opening}{part}-{whole}{closing}"
        if part > whole or (part % 5 == whole % 5 == 0 and part >= 10 and whole != 100):
            said = f"{number(part)} {number(whole)}"
            if after in self._quantities.counted:
                said = f"{number(part)}, {whole}"
            elif part < whole:
                doubts.append(Ambiguity(figures, said, out_of))
            return f"{opening}{said}{closing}"
        return f"{opening}{out_of}{closing}"

    def _equal_pair(self, part: int, *, times: bool) -> str:
        number = self._quantities.number(part)
        if times or (part not in _SCORES and (part % 5 or part < 10)):
            return f"{part} {self._equal}"
        return self._out_of.format(number, number) if part in _SCORES else f"{number} {number}"

    def _spelled(self, said: str, part: int) -> str:
        return said.replace(str(part), self._quantities.number(part), 1)

    def _rated(self, found: re.Match[str]) -> str:
        text, numbers = found.string, found["numbers"]
        beside = behind(self._ratio_before, text, found.start())
        if not (_SHORT.fullmatch(numbers) or beside or self._ratio_after.match(text, found.end())):
            return found[0]
        *first, last = (self._number(number) for number in numbers.split(":"))
        for number in first[::-1]:
            last = self._ratio.format(number, last)
        return last

    def _number(self, written: str) -> str:
        whole, _, fraction = written.replace(",", ".").partition(".")
        return self._quantities.number(int(whole), fraction)

    def _fraction_in_words(self, found: re.Match[str], doubts: list[Ambiguity]) -> str:
        said = self._fractions[found[0]]
        before = behind(_WORD_BEFORE, found.string, found.start())
        if before is not None and _CLAUSE_END.match(found.string, found.end()):
            number = self._quantities.number
            part, whole = map(int, found[0].split("/"))
            doubts.append(Ambiguity(found[0], said, self._of.format(number(part), number(whole))))
        return said
