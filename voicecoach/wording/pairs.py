"""Two numbers with a slash between them: "set 2/3", "RPE 8/10", "8/8", "40/20", "2/3"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from voicecoach.wording.ambiguity import Ambiguity
from voicecoach.wording.patterns import any_of, behind
from voicecoach.wording.quantities import Quantities

_SLASHED = re.compile(
    r"(?P<open>[(\[])?(?:(?<![\w/.,:])(?<![0-9]\s)|(?<=[0-9][xX×])|(?<=[0-9]\s[xX×]\s))"
    r"(?P<part>[0-9]{1,3})(?P<slash>\s?/\s?)(?P<whole>[0-9]{1,3})(?![\w/%]|[.,:][0-9]|\s?/)(?(open)(?P<close>[)\]])?)"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\.?:?\s(?:#\s?)?[(\[]?$")
_WORD_AFTER = re.compile(r"[)\]]?\s(?P<word>[^\W\d_]+)")
_TIMES_BEFORE = re.compile(r"[0-9]\s?[xX×]\s?$")
_TITLE_AHEAD = re.compile(r"\s?[:)\]]|\s[-–]\s")
_CLAUSE_END = re.compile(r"\s*(?:$|[.,;:!?])")
_SCORES = (5, 10, 100)
"""What a score is usually out of."""
_SHORTEST_SPELL = 10
"""Seconds of work and of rest, "40/20", are tens or fives from here on."""


class _Pair(NamedTuple):
    """Two numbers, and what stands around them.

    ``before`` and ``after`` are the words next to them, casefolded. ``apart``: with spaces at the slash; ``enclosed``:
    in brackets; ``multiplied``: behind "3x"; ``heads``: they head the text, as in "1/3: squats".
    """

    part: int
    whole: int
    before: str
    after: str
    apart: bool
    enclosed: bool
    multiplied: bool
    heads: bool

    @property
    def figures(self) -> str:
        """As they are written, without spaces."""
        return f"{self.part}/{self.whole}"

    @property
    def spells(self) -> bool:
        """Whether they may be seconds of work and of rest."""
        return self.part % 5 == self.whole % 5 == 0 and min(self.part, self.whole) >= _SHORTEST_SPELL


class Pairs:
    """Puts words in place of two numbers that belong together, as the words around them decide.

    The file's table ``pairs`` has the words that are ``counted`` ("set 2/3" is "set two of three") and ``scored``
    ("effort 3/5"), and those that tell a share of a whole from both ("run 2/3 of the way").
    """

    def __init__(self, data: Mapping[str, Any], quantities: Quantities) -> None:
        rules, units = data["pairs"], quantities.units
        self._number = quantities.number
        self._of: str = rules["of"]
        self._out_of: str = data["quantities"]["out_of"]
        self._equal: str = data["each"]["equal"]
        self._range: str = data["quantities"]["range"]
        self._fractions: Mapping[str, str] = data["fractions"]
        self._counted = frozenset(rules["counted"])
        self._scored = frozenset(rules["scored"])
        self._units = quantities.counted
        rounds = [units[name] for name in ("set", "round", "lap", "series", "pass") if name in units]
        self._rounds = {noun.casefold(): unit for unit in rounds for noun in (unit.plural, *unit.words)}
        self._reps = frozenset(map(str.casefold, units["rep"].written))
        measures = ("second", "minute", "hour", "metre", "kilometre", "mile", "kilo", "pound", "litre")
        measured = (noun.casefold() for name in measures for noun in units[name].written)
        self._wholes = frozenset([*measured, *rules["wholes"]])
        fractions = any_of(fraction for fraction in self._fractions if "/" in fraction)
        self._fraction = re.compile(rf"(?<![\w/.,])(?:{fractions})(?![\w/]|[.,][0-9])")

    def in_context(self, text: str, doubts: list[Ambiguity]) -> str:
        """The text with those pairs in words that are no fractions."""
        return _SLASHED.sub(lambda found: self._in_words(found, doubts), text)

    def fractions(self, text: str, doubts: list[Ambiguity]) -> str:
        """The text with the fractions in words that are left."""
        return self._fraction.sub(lambda found: self._fraction_in_words(found, doubts), text)

    def _in_words(self, found: re.Match[str], doubts: list[Ambiguity]) -> str:
        pair = _pair(found)
        said = self._one_of_many(pair)
        if said is None and not pair.apart:
            said = self._same(pair, doubts) if pair.part == pair.whole else self._two(pair, doubts)
        return found[0] if said is None else f"{found['open'] or ''}{said}{found['close'] or ''}"

    def _one_of_many(self, pair: _Pair) -> str | None:
        """A score, or how far a count has come; None where it is neither."""
        if not 0 <= pair.part <= pair.whole:
            return None
        fraction = pair.figures in self._fractions
        if not pair.apart and (pair.before in self._scored or (pair.after in self._scored and not fraction)):
            return self._words(self._out_of, pair)
        share = fraction and pair.after in self._wholes
        if (pair.before in self._counted and not share) or (fraction and pair.heads):
            return self._words(self._of, pair)
        if pair.enclosed and (pair.part < pair.whole or pair.whole not in _SCORES):
            return self._words(self._of, pair)
        unit = self._rounds.get(pair.after)
        if unit is None:
            return None
        return self._of.format(self._number(pair.part, unit=unit), self._number(pair.whole, unit=unit))

    def _same(self, pair: _Pair, doubts: list[Ambiguity]) -> str:
        """The same number twice: for each side, of work and rest, or a full score."""
        number, out_of = self._number(pair.part), self._words(self._out_of, pair)
        each = f"{number} {self._equal}"
        if pair.multiplied or not (pair.whole in _SCORES or pair.spells):
            doubts.append(Ambiguity(pair.figures, each, out_of))
            return f"{pair.part} {self._equal}"
        said = out_of if pair.whole in _SCORES else f"{number} {number}"
        doubts.append(Ambiguity(pair.figures, said, each))
        return said

    def _two(self, pair: _Pair, doubts: list[Ambiguity]) -> str | None:
        """Two numbers: a range of repetitions, of work and rest, or a score; None for a fraction."""
        part, whole = self._number(pair.part), self._number(pair.whole)
        out_of = self._words(self._out_of, pair)
        if pair.figures in self._fractions:
            return None
        if pair.part < pair.whole and pair.after in self._reps:
            doubts.append(Ambiguity(pair.figures, f"{part} {self._range} {whole}", out_of))
            return f"{pair.part}-{pair.whole}"
        if pair.part < pair.whole and (pair.whole == _SCORES[-1] or not pair.spells):
            return out_of
        if pair.after in self._units:
            return f"{part}, {pair.whole}"
        said = f"{part} {whole}"
        if pair.part < pair.whole:
            doubts.append(Ambiguity(pair.figures, said, out_of))
        return said

    def _words(self, pattern: str, pair: _Pair) -> str:
        return pattern.format(self._number(pair.part), self._number(pair.whole))

    def _fraction_in_words(self, found: re.Match[str], doubts: list[Ambiguity]) -> str:
        said, pair = self._fractions[found[0]], list(map(int, found[0].split("/")))
        if behind(_WORD_BEFORE, found.string, found.start()) and _CLAUSE_END.match(found.string, found.end()):
            doubts.append(Ambiguity(found[0], said, self._of.format(*map(self._number, pair))))
        return said


def _pair(found: re.Match[str]) -> _Pair:
    text, start, end = found.string, found.start("part"), found.end()
    before, after = behind(_WORD_BEFORE, text, start), _WORD_AFTER.match(text, end)
    return _Pair(
        part=int(found["part"]),
        whole=int(found["whole"]),
        before=before[1].casefold() if before is not None else "",
        after=after["word"].casefold() if after is not None else "",
        apart=len(found["slash"]) > 1,
        enclosed=found["close"] is not None,
        multiplied=behind(_TIMES_BEFORE, text, found.start()) is not None,
        heads=not text[:start].strip() and _TITLE_AHEAD.match(text, end) is not None,
    )
