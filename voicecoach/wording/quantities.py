"""Numbers with units, and durations, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicecoach.wording.numbers import Numbers

_FULL_SECONDS_BELOW = 10
"""Below this the seconds after minutes keep their unit: "two minutes five seconds", but "two minutes thirty"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is counted.

    ``gender`` is one of the language's own. ``symbols`` are what is written for it, ``words`` further forms of the
    noun, ``closed`` symbols that only count right behind their number. ``one``, ``half``, ``per`` and, by fraction,
    ``parts`` are whole phrases where the language's pattern does not do: "un'ora".
    """

    singular: str
    plural: str
    gender: str = "n"
    symbols: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    one: str | None = None
    half: str | None = None
    per: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> tuple[str, ...]:
        """Every noun and symbol of it."""
        return (self.singular, self.plural, *self.symbols, *self.words)


def names_unit(symbol: str) -> bool:
    """Whether a symbol can stand for its unit where no number is before it: "km", and few single letters."""
    return symbol.isalpha() and (len(symbol) > 1 or symbol in "hju")


class Quantities:
    """How a language says amounts."""

    def __init__(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        self.numbers = numbers
        self.units = {name: Unit(**fields) for name, fields in data["units"].items()}
        rules = data["quantities"]
        self._singular_below_two: bool = rules["singular_below_two"]
        self._per: str = rules["per"]
        self._mixed: str = rules["mixed"]
        self._mixed_gender: str = rules["mixed_gender"]
        self._part_of: str = rules["part_of"]
        self._parts: Mapping[str, str] = rules["parts"]
        self._fractions: Mapping[str, str] = data["fractions"]
        self._halves: Mapping[str, Mapping[str, str]] = rules.get("half", {})
        durations = data["durations"]
        self._half_of: tuple[str, ...] = tuple(durations["half"])
        self._short: str = durations["short"]
        self._joined: tuple[str, ...] = ("{0}", durations["two"], durations["three"])
        self.counted = frozenset(written.casefold() for unit in self.units.values() for written in unit.written)
        """Every noun and symbol of a unit, casefolded."""

    def say(self, whole: int, unit: Unit, fraction: str = "", *, attributive: bool = False) -> str:
        """``whole`` (and the digits after the point) of a unit: "one minute", "two and a half kilos".

        ``attributive`` is for an amount before the noun it describes: "a thirty second hold".
        """
        fraction = fraction.rstrip("0")
        if not fraction:
            if whole == 1:
                return unit.one or f"{self.numbers.cardinal(1, unit.gender)} {unit.singular}"
            singular = attributive or (self._singular_below_two and whole < 2)
            noun = unit.singular if singular else unit.plural
            return f"{self.numbers.cardinal(whole, unit.gender)} {noun}"
        halves = self._halves.get(unit.gender)
        if fraction == "5" and halves is not None:
            if whole == 0 and unit.half is not None:
                return unit.half
            return halves[("zero", "one")[whole] if whole < 2 else "more"].format(
                number=self.numbers.cardinal(whole, unit.gender),
                one=self.say(1, unit),
                singular=unit.singular,
                plural=unit.singular if attributive else unit.plural,
            )
        singular = attributive or (self._singular_below_two and whole < 2)
        noun = unit.singular if singular else unit.plural
        return f"{self.numbers.decimal(whole, fraction)} {noun}"

    def part(self, whole: int, part: str, unit: Unit | None) -> str:
        """``whole`` and a fraction of a unit, or of nothing: ``part(1, "1/4", hour)`` is "one and a quarter hours"."""
        if not whole and unit is None:
            return self._fractions[part]
        if not whole and unit is not None:
            return unit.parts.get(part) or self._part_of.format(part=self._fractions[part], singular=unit.singular)
        return self._mixed.format(
            number=self.numbers.cardinal(whole, self._mixed_gender),
            amount=self.numbers.cardinal(whole) if unit is None else self.say(whole, unit),
            part=self._parts[part],
            singular=unit.singular if unit is not None else "",
            plural=unit.plural if unit is not None else "",
        ).strip()

    def clock(self, hours: int, minutes: int) -> str:
        """Hours and minutes as a clock shows them: "one hour thirty"."""
        spelled = hours and minutes >= _FULL_SECONDS_BELOW and not (minutes == 30 and "minute" in self._half_of)
        bare = self.numbers.cardinal(minutes)
        if not spelled or bare != self.numbers.cardinal(minutes, self.units["minute"].gender):
            return self.duration(hours * 3600.0 + minutes * 60)
        return self._short.format(self.say(hours, self.units["hour"]), bare)

    def number(self, whole: int, fraction: str = "", unit: Unit | None = None) -> str:
        """A number alone, or as it is said before a unit's noun."""
        fraction = fraction.rstrip("0")
        if fraction:
            return self.numbers.decimal(whole, fraction)
        return self.numbers.cardinal(whole, unit.gender if unit is not None else None)

    def per(self, unit: Unit | str) -> str:
        """ "per kilometre"; a word the language's file does not know stays as it is."""
        if isinstance(unit, str):
            return self._per.format(unit)
        return unit.per or self._per.format(unit.singular)

    def duration(self, seconds: float) -> str:
        """A duration as a coach says it: "one minute thirty", "two hours ten minutes".

        Under a minute it is rounded to tenths of a second, from there on to whole seconds; what is less than
        nothing counts as nothing.
        """
        tenths = max(0, round(seconds * 10))
        if tenths < 600 and tenths % 10:
            return self.say(tenths // 10, self.units["second"], str(tenths % 10))
        total = max(0, round(seconds))
        hours, minutes, secs = total // 3600, total // 60 % 60, total % 60
        if not secs and minutes == 30 and hours and "hour" in self._half_of:
            return self.say(hours, self.units["hour"], "5")
        if secs == 30 and minutes and not hours and "minute" in self._half_of:
            return self.say(minutes, self.units["minute"], "5")
        if minutes and not hours and secs >= _FULL_SECONDS_BELOW:
            bare = self.numbers.cardinal(secs)
            if bare == self.numbers.cardinal(secs, self.units["second"].gender):
                return self._short.format(self.say(minutes, self.units["minute"]), bare)
        counted = (("hour", hours), ("minute", minutes), ("second", secs))
        parts = [self.say(count, self.units[name]) for name, count in counted if count]
        if not parts:
            return self.say(0, self.units["second"])
        return self._joined[len(parts) - 1].format(*parts)
