"""Left and right as people write them: "10L/10R", "(L)", "li. Bein", "pierna izq.", "gamba dx"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.nouns import Nouns
from voicecoach.wording.patterns import NOTHING, any_of, behind, in_any_case

_NOUN_AHEAD = re.compile(r"(?:(?<=\.)\s?|[\s-])(?P<noun>[^\W\d_]+)")
_NOUN_BEHIND = re.compile(r"(?<!\w)([^\W\d_]+)[\s-]\(?$")
_BEFORE = re.compile(r"(\w+)\s$")


class LeftRight:
    """Puts words in place of short forms of left and right.

    The file's table ``left_right`` has the short forms of both and their words: by the gender of their noun, which
    stands ``after`` or ``before`` them; a ``stem`` that takes an ending; a part that is ``joined`` to the noun;
    ``counted`` behind a number; or ``alone``. The two ``letters`` mean sides only as a pair, in brackets, beside one
    of the ``nouns`` and, where they may be ``trailing``, at the end of a clause.
    """

    def __init__(self, data: Mapping[str, Any], nouns: Nouns) -> None:
        rules = data["left_right"]
        both = (rules["left"], rules["right"])
        self._nouns = nouns
        self._noun_first: bool = rules["noun"] == "before"
        self._body = frozenset(map(str.casefold, rules["nouns"]))
        self._sides: dict[str, Mapping[str, Any]] = dict(zip(rules["letters"], both, strict=True))
        self._sides |= {short.casefold(): side for side in both for short in shorts(side)}
        written = in_any_case(short for side in both for short in side["written"])
        written |= {short for side in both for short in shorts(side)}
        letter, body = f"[{''.join(rules['letters'])}]", any_of(in_any_case(rules["nouns"]))
        number = r"[0-9]{1,3}(?:[-–][0-9]{1,3})?"
        beside = rf"(?<=\s){letter}(?!\w)" if self._noun_first else rf"(?<!\w){letter}(?=[\s-](?:{body})(?!\w))"
        trailing = rf"(?<=[^\W\d_]{{3}}\s){letter}(?=\s*(?:$|[.,;:!?)]))" if rules["trailing"] else NOTHING
        self._counted = re.compile(rf"(?:(?<!\w)|(?<=[0-9][xX×]))(?P<count>{number})\s?(?P<side>{letter})(?!\w)")
        self._pair = re.compile(
            rf"(?<![\w/])(?P<first>{letter})(?P<sign>\s?[/+&]\s?)(?P<second>{letter})(?![\w/])", re.IGNORECASE
        )
        self._written = re.compile(
            rf"(?<=\(){letter}(?=\))|{beside}|{trailing}|(?:(?<![\w.])|(?<=[0-9]))(?:{any_of(written)})(?!\w)"
        )

    def __call__(self, text: str) -> str:
        """The text with left and right in words."""
        text = self._pair.sub(self._both, text)
        if len({found["side"] for found in self._counted.finditer(text)}) == 2:
            text = self._counted.sub(lambda one: f"{one['count']} {counted(self._sides[one['side']])}", text)
        said: list[str] = []
        done = 0
        for found in self._written.finditer(text):
            word, end = (self._behind_noun if self._noun_first else self._ahead_of_noun)(text, found)
            said += [text[done : found.start()], " " if text[found.start() - 1].isdigit() else "", word]
            done = end
        return "".join([*said, text[done:]]) if said else text

    def _both(self, pair: re.Match[str]) -> str:
        first, second = (self._sides[pair[place].upper()]["alone"] for place in ("first", "second"))
        sign = ", " if "/" in pair["sign"] else pair["sign"]
        return f"{first}{sign}{second}"

    def _behind_noun(self, text: str, found: re.Match[str]) -> tuple[str, int]:
        """What stands for a short form behind its noun, and where it ends."""
        written, side = found[0], self._side(found)
        before = behind(_NOUN_BEHIND, text, found.start())
        noun = before[1] if before is not None else ""
        if len(written) == 1 and noun.casefold() not in self._body and text[found.start() - 1] != "(":
            return written, found.end()
        if text[: found.start()].rstrip()[-1:].isdigit():
            return self._as_written(counted(side), found), found.end()
        gender = self._nouns.gender(noun, guess=True) or "alone"
        return self._as_written(side.get(gender, side["alone"]), found), found.end()

    def _ahead_of_noun(self, text: str, found: re.Match[str]) -> tuple[str, int]:
        """What stands for a short form ahead of its noun, or for both, and where it ends."""
        side = self._side(found)
        ahead = _NOUN_AHEAD.match(text, found.end())
        gender = self._nouns.gender(ahead["noun"]) if ahead is not None else None
        if ahead is not None and gender is not None and "joined" in side:
            return side["joined"] + ahead["noun"].lower(), ahead.end()
        word: str = side["alone"]
        if gender is not None and "stem" in side:
            before = behind(_BEFORE, text, found.start())
            word = side["stem"] + (self._nouns.ending(before[1] if before is not None else "", gender) or "")
        return self._as_written(word, found), found.end()

    def _side(self, found: re.Match[str]) -> Mapping[str, Any]:
        return self._sides.get(found[0]) or self._sides[found[0].casefold()]

    def _as_written(self, word: str, found: re.Match[str]) -> str:
        """The word with the capital of its short form, and with a full stop that ends the sentence."""
        text, written = found.string, found[0]
        if written[0].isupper() and len(written) > 1:
            word = word[0].upper() + word[1:]
        ends = self._nouns.begins_sentence(text, found.end()) and not text.lstrip()[:1].islower()
        return f"{word}." if written.endswith(".") and ends else word


def shorts(side: Mapping[str, Any]) -> list[str]:
    """The short forms of a side: those in any case, and those only as they are written."""
    return [*side["written"], *side.get("as_written", ())]


def counted(side: Mapping[str, Any]) -> str:
    """The word of a side behind a number."""
    word: str = side.get("counted", side["alone"])
    return word
