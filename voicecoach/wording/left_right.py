"""Left and right as people write them: "10L/10R", "(L)", "li. Bein", "pierna izq.", "gamba dx"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.nouns import Nouns
from voicecoach.wording.patterns import any_of, behind, in_any_case

_AHEAD = re.compile(r"(?:(?<=\.)\s?|[\s-])(?P<noun>[^\W\d_]+)")
_BEHIND = re.compile(r"(?<!\w)([^\W\d_]+)[\s-]\(?$")
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
        self._nouns = nouns
        self._noun_first: bool = rules["noun"] == "before"
        self._sides: dict[str, Mapping[str, Any]] = dict(
            zip(rules["letters"], (rules["left"], rules["right"]), strict=True)
        )
        self._sides |= {
            short.casefold(): side
            for side in (rules["left"], rules["right"])
            for short in (*side["written"], *side.get("as_written", ()))
        }
        letter, body = f"[{''.join(rules['letters'])}]", any_of(in_any_case(rules["nouns"]))
        sides = (rules["left"], rules["right"])
        shorts = in_any_case(short for side in sides for short in side["written"])
        exact = {short for side in sides for short in side.get("as_written", ())}
        number = r"[0-9]{1,3}(?:[-–][0-9]{1,3})?"
        beside = rf"(?<=\s){letter}(?!\w)" if self._noun_first else rf"(?<!\w){letter}(?=[\s-](?:{body})(?!\w))"
        trailing = rf"|(?<=[^\W\d_]{{3}}\s){letter}(?=\s*(?:$|[.,;:!?)]))" if rules["trailing"] else ""
        self._counted = re.compile(rf"(?:(?<!\w)|(?<=[0-9][xX×]))(?P<count>{number}\s?)(?P<side>{letter})(?!\w)")
        self._pair = re.compile(rf"(?<![\w/])(?P<first>{letter})\s?/\s?(?P<second>{letter})(?![\w/])")
        self._written = re.compile(
            rf"(?:(?<=\(){letter}(?=\))|{beside}{trailing}|(?:(?<![\w.])|(?<=[0-9]))(?:{any_of(shorts | exact)})(?!\w))"
        )
        self._body = frozenset(noun.casefold() for noun in rules["nouns"])

    def __call__(self, text: str) -> str:
        """The text with left and right in words."""
        text = self._pair.sub(lambda pair: ", ".join(self._sides[pair[side]]["alone"] for side in (1, 2)), text)
        if len({found["side"] for found in self._counted.finditer(text)}) == 2:
            text = self._counted.sub(
                lambda found: f"{found['count'].strip()} {_counted(self._sides[found['side']])}", text
            )
        said: list[str] = []
        done = 0
        for found in self._written.finditer(text):
            word, end = self._word(text, found)
            said += [text[done : found.start()], " " if text[: found.start()][-1:].isdigit() else "", word]
            done = end
        return "".join([*said, text[done:]]) if said else text

    def _word(self, text: str, found: re.Match[str]) -> tuple[str, int]:
        """The word for what was found, and where what it stands for ends."""
        written = found[0]
        side = self._sides.get(written) or self._sides[written.casefold()]
        if self._noun_first:
            before = behind(_BEHIND, text, found.start())
            noun = before[1] if before is not None else ""
            if len(written) == 1 and noun.casefold() not in self._body and text[found.start() - 1] != "(":
                return written, found.end()
            word = side.get(self._nouns.gender(noun, guess=True) or "alone", side["alone"])
            if text[: found.start()].rstrip()[-1:].isdigit():
                word = _counted(side)
        else:
            ahead = _AHEAD.match(text, found.end())
            noun = ahead["noun"] if ahead is not None else ""
            gender = self._nouns.gender(noun) if noun else None
            if gender is not None and ahead is not None and "joined" in side:
                return side["joined"] + noun.lower(), ahead.end()
            word = side["alone"]
            if gender is not None and "stem" in side:
                before = behind(_BEFORE, text, found.start())
                ending = self._nouns.ending(before[1] if before is not None else "", gender)
                word = side["stem"] + (ending or "")
        if written[0].isupper() and len(written) > 1:
            word = word[0].upper() + word[1:]
        ends = self._nouns.begins_sentence(text, found.end()) and not text.lstrip()[:1].islower()
        stop = "." if written.endswith(".") and ends else ""
        return word + stop, found.end()


def _counted(side: Mapping[str, Any]) -> str:
    """The word behind a number."""
    word: str = side.get("counted", side["alone"])
    return word
