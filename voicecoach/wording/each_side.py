"""What is counted for each side, as people write it: "8/leg", "10 e/s", "10 c/lado", "30 s/s", "10/10 each side"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.ambiguity import Ambiguity
from voicecoach.wording.patterns import any_of, behind
from voicecoach.wording.quantities import Quantities

_AFTER_FIGURE = re.compile(r"[0-9][^!?]*$")
_FIGURE_BEFORE = re.compile(r"[0-9]\s?(?:[^\W\d_]+\.?\s)?$")
_CLAUSE_ENDS = re.compile(r"\s*(?:$|[.,;:!?)+–-])")


class EachSide:
    """Puts words in place of what a count is for.

    The file's table ``each`` has the ``nouns`` that are counted for, the ``prefixes`` they are written with ("e/side"),
    the single letters for some of them (``initials``: "e/s", "8/s"), short forms that stand ``alone`` ("ea."), those
    for ``every`` before a number ("c/2 min"), and the ``phrases`` that say in full what a number is for.
    """

    def __init__(self, data: Mapping[str, Any], quantities: Quantities) -> None:
        each = data["each"]
        self._per = quantities.per
        self._number = quantities.numbers.cardinal
        self._per_second = quantities.per(quantities.units["second"])
        self._initials: Mapping[str, str] = each["initials"]
        self._prefixes: Mapping[str, str] = each["prefixes"]
        self._alone: Mapping[str, str] = each["alone"]
        self._every: Mapping[str, str] = each["every"]
        self._each_side: str = each["equal"]
        self._out_of: str = data["quantities"]["out_of"]
        self._nouns = frozenset(noun.casefold() for noun in each["nouns"])
        self._counted = quantities.counted
        nouns, initials, ignore = any_of(each["nouns"]), any_of(self._initials), re.IGNORECASE
        rep, second = quantities.units["rep"], quantities.units["second"]
        reps = any_of([*rep.symbols, *rep.words, rep.singular, rep.plural])
        seconds = any_of([*second.symbols, *second.words, second.singular, second.plural])
        self._slash = re.compile(rf"(?P<before>\S{{1,40}}?)(?P<closed>\)?)\s?/\s?(?P<noun>{nouns})(?![\w/])", ignore)
        self._slash_initial = re.compile(
            rf"(?P<before>(?:(?<![\w.,:/-])|(?<=[0-9][xX×]))[0-9]{{1,3}}|(?<=[0-9])\s?(?:{seconds})\.?|(?<!\w)(?:{reps})\.?)"
            rf"\s?/\s?(?P<initial>{initials})(?![\w/'’])\.?",
            ignore,
        )
        dotted = any_of(prefix for prefix in self._prefixes if prefix[-1] in "./")
        self._short = re.compile(
            rf"(?:(?<=[0-9])|(?<![\w/.]))(?:(?P<prefix>{any_of(self._prefixes)})\s?(?P<noun>{nouns})(?!\w)"
            rf"|(?P<dotted>{dotted})\s?(?P<initial>{initials})(?![\w/'’])(?P<dot>\.?)"
            rf"|(?P<every>{any_of(each['every'])})\s?(?=[0-9])"
            rf"|(?P<alone>{any_of(self._alone)})(?![\w/]))",
            ignore,
        )
        self._equal = re.compile(
            rf"(?:(?<![\w/.,:])|(?<=[0-9][xX×]))(?P<number>[0-9]{{1,3}})\s?/\s?(?P=number)"
            rf"(?:(?=\s(?:{any_of(each['phrases'])})(?!\w))|(?P<reps>\s?(?:{reps})(?!\w)))",
            ignore,
        )

    def __call__(self, text: str, doubts: list[Ambiguity]) -> str:
        """The text with what is counted for each side in words; its numbers stay figures."""
        text = self._short.sub(self._in_full, text)
        if "/" in text:
            text = self._slash.sub(self._slash_in_words, text)
            text = self._slash_initial.sub(lambda found: self._initial_in_words(found, doubts), text)
        return self._equal.sub(lambda found: self._once(found, doubts), text)

    def _once(self, found: re.Match[str], doubts: list[Ambiguity]) -> str:
        """The number of two that are the same, with what they are for."""
        if found["reps"] is None:
            return found["number"]
        number = self._number(int(found["number"]))
        said, out_of = f"{number}{found['reps']} {self._each_side}", self._out_of.format(number, number) + found["reps"]
        doubts.append(Ambiguity(found[0], said, out_of))
        return f"{found['number']}{found['reps']} {self._each_side}"

    def _slash_in_words(self, found: re.Match[str]) -> str:
        word = found["before"].strip("().").casefold()
        text = found.string
        figure = found["before"][0].isdigit() or behind(_AFTER_FIGURE, text, found.start()) is not None
        counts = word[-1:].isdigit() or word[:1].isdigit() or word in self._counted
        if word in self._nouns or not figure or not (counts or _CLAUSE_ENDS.match(text, found.end())):
            return found[0]
        return f"{found['before']}{found['closed']} {self._per(found['noun'])}"

    def _initial_in_words(self, found: re.Match[str], doubts: list[Ambiguity]) -> str:
        said = self._per(self._initials[found["initial"].lower()])
        if found["initial"] == "s" and found["before"].isdigit():
            number = self._number(int(found["before"]))
            doubts.append(Ambiguity(found[0], f"{number} {said}", f"{number} {self._per_second}"))
        stop = "." if found[0].endswith(".") and not found.string[found.end() :].strip() else ""
        return f"{found['before']} {said}{stop}"

    def _in_full(self, found: re.Match[str]) -> str:
        said = self._said(found)
        parted = said == found[0] or not found.string[: found.start()][-1:].isdigit()
        return said if parted else f" {said}"

    def _said(self, found: re.Match[str]) -> str:
        if found["prefix"] is not None:
            if found["prefix"][0] in "xX" and behind(_FIGURE_BEFORE, found.string, found.start()) is None:
                return found[0]
            return f"{self._prefixes[found['prefix'].lower()]} {found['noun']}"
        if found["every"] is not None:
            return f"{self._every[found['every'].lower()]} "
        if behind(_AFTER_FIGURE, found.string, found.start()) is None:
            return found[0]
        last = not found.string[found.end() :].strip()
        if found["alone"] is not None:
            return self._alone[found["alone"].lower()] + ("." if last and found[0].endswith(".") else "")
        stop = "." if last and found["dot"] else ""
        return f"{self._prefixes[found['dotted'].lower()]} {self._initials[found['initial'].lower()]}{stop}"
