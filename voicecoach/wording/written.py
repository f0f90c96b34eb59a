"""What is written in a text, for those that do not speak it: amounts, number words, each side, tempos."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from voicecoach.wording.amounts import Amount, Amounts
from voicecoach.wording.each_side import EachSide
from voicecoach.wording.language import read
from voicecoach.wording.nouns import Nouns
from voicecoach.wording.numbers import Numbers
from voicecoach.wording.patterns import any_of
from voicecoach.wording.quantities import Quantities, Unit

_HALVES = (("hour", 3600), ("minute", 60))
_MOST_HALVES = 4


class Written:
    """Reads the texts of one language by the words of its file."""

    def __init__(self, tag: str) -> None:
        data = read(tag).data
        self._quantities = quantities = Quantities(data, Numbers(data["numbers"]))
        self._amounts = Amounts(data, quantities.units, Nouns(data, quantities.units))
        self._names = {id(unit): name for name, unit in quantities.units.items()}
        self._short_sides = EachSide(data, quantities)
        body = any_of(data["left_right"]["nouns"])
        phrases, ignore = any_of(data["each"]["phrases"]), re.IGNORECASE
        self._sides = re.compile(rf"\(?(?<!\w)(?:(?:{phrases})\s+)+(?:{body})(?!\w)\)?", ignore)
        tempo = any_of(data["tempo"]["words"])
        phases = r"([0-9])([-–.:/]?)([0-9])\2([0-9])(?:\2([0-9]))?"
        self._tempo_word = re.compile(rf"(?<!\w)(?:{tempo})(?!\w)", ignore)
        self._tempo = re.compile(rf"(?:@\s?|(?<!\w)(?:{tempo})\s?[:=]?\s?)+{phases}(?![\w-])", ignore)
        numbers, units = quantities.numbers, quantities.units
        self._spelled = {word.lower(): n for n, word in enumerate(data["numbers"]["words"]) if n > 1}
        ones = {numbers.cardinal(1, gender).lower(): 1 for gender in ("m", "f", "n", None)}
        counted = any_of(written for unit in units.values() for written in unit.written if written[-1:].isalpha())
        self._with_unit = re.compile(
            rf"(?<!\w)({any_of([*self._spelled, *ones])})[\s-]+(?=(?:{counted})(?!\w))", ignore
        )
        self._first = re.compile(rf"^({any_of(self._spelled)})(?=\s)", ignore)
        self._spelled |= ones
        self._halves = {
            quantities.say(whole, units[name], "5").lower(): (whole + 0.5) * seconds
            for name, seconds in _HALVES
            for whole in range(_MOST_HALVES)
        }
        self._half = re.compile(rf"(?<!\w)(?:{any_of(self._halves)})(?!\w)", ignore)

    def figures(self, text: str) -> str:
        """The text with the numbers that are written as words in figures, before units and where it begins."""
        text = self._half.sub(lambda found: f"{self._halves[found[0].lower()]:.0f} s", text)
        text = self._first.sub(lambda found: str(self._spelled[found[1].lower()]), text)
        return self._with_unit.sub(lambda found: f"{self._spelled[found[1].lower()]} ", text)

    def without_sides(self, text: str) -> tuple[str, bool]:
        """The text without "each side", "/leg" and the like, and whether there was any."""
        said = self._short_sides(text, [])
        left = self._sides.sub(" ", said)
        return (left, True) if left != said else (text, False)

    def without_tempo(self, text: str) -> tuple[str, str]:
        """The text without a tempo, and that as "3-1-2"; empty where there is none."""
        found = self._tempo.search(text)
        if found is None:
            return text, ""
        phases = "-".join(phase for phase in (found[1], found[3], found[4], found[5]) if phase)
        return f"{text[: found.start()]} {text[found.end() :]}", phases

    def names_tempo(self, text: str) -> bool:
        """Whether a text speaks of a tempo, and not of one that is written in figures."""
        while (found := self._tempo.search(text)) is not None:
            text = text[: found.start()] + text[found.end() :]
        return self._tempo_word.search(text) is not None

    def grouped(self, text: str) -> str:
        """The text with no spaces between thousands; of it ``amounts`` are asked for."""
        return self._amounts.grouped(text)

    def amounts(self, text: str) -> Iterator[Amount]:
        """The amounts of a text, from left to right."""
        return self._amounts.find(text)

    def unit(self, amount: Amount) -> str:
        """What the language files call the unit of an amount ("minute"); empty where it has none."""
        return self._names[id(amount.unit)] if amount.unit is not None else ""

    def noun(self, name: str) -> Unit:
        """A unit by what the language files call it."""
        return self._quantities.units[name]


@lru_cache(maxsize=8)
def of(tag: str) -> Written:
    """The reader for a BCP 47 tag; the English one where there is no file for it."""
    return Written(tag)
