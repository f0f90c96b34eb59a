"""Amounts as people write them in a text: "10 kg", "400m", "1h30", "0:45", "5:30/km"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from voicecoach.wording import amount_pattern, primes, thousands
from voicecoach.wording.contexts import Contexts
from voicecoach.wording.nouns import Nouns
from voicecoach.wording.patterns import LOOK_BACK, any_of, behind
from voicecoach.wording.quantities import Unit

_NO_DIGIT = re.compile(r"\D")
_SIGN = re.compile(r"(?:^|[\s(])[-−]$")
_STOP = re.compile(r"(?<=[^\W\d_]{2})\.")
_AFTER_STOP = re.compile(r"[,;:!?…)\]–-]")
_WORD_FOLLOWS = re.compile(r"\s?[^\W\d_]")
_SMALLER = re.compile(r"\s[0-9]{1,2}\s?(?P<symbol>[^\W\d_]{2,})")
_LAST_HOUR = 5
"""No length is likely to have more hours, where the word behind it also names the time of a day ("7:30 uur")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What stands at ``start`` to ``end`` of a text.

    A duration of ``seconds``, of which ``clock`` has the hours and minutes if it was one of hours; or else the number
    ``whole`` with the digits ``fraction`` after the point, or a ``part`` ("1/4"), and its unit if it has one. ``noun``
    is the author's own word for the unit, with what parts it from the number. ``per`` is the word after a slash.
    ``attributive``: it stands before the noun it describes. ``spelled``: it is put into words although it is a number
    and nothing else. ``other`` is what else may be meant.
    """

    start: int
    end: int
    whole: int = 0
    fraction: str = ""
    part: str = ""
    negative: bool = False
    seconds: float | None = None
    clock: tuple[int, int] | None = None
    unit: Unit | None = None
    noun: str | None = None
    attributive: bool = False
    spelled: bool = False
    per: str = ""
    other: Amount | None = None

    @property
    def bare(self) -> bool:
        """Whether it is a number and nothing else, which engines read well."""
        return self.seconds is None and self.unit is None and not self.per and not self.spelled


class Amounts:
    """Finds the amounts in the texts of one language.

    The time of a day ("7:30 am") is no amount.
    """

    def __init__(self, data: Mapping[str, Any], units: Mapping[str, Unit], nouns: Nouns) -> None:
        rules, sides = data["quantities"], data["left_right"]
        self._units = units
        self._known_nouns = nouns
        self._contexts = Contexts(data, units)
        self._pattern = amount_pattern.amounts(rules["thousands"])
        self._spaced_thousands = " " in rules["thousands"]
        self._time_of_day = re.compile(rf"\s?(?:{any_of(rules['time_of_day'])})(?!\w)", re.IGNORECASE)
        self._before_time = re.compile(rf"(?:^|\W)(?:{any_of(rules['time_before'])})\s?$", re.IGNORECASE)
        times = any_of(
            written for name in ("second", "minute", "hour") for written in units[name].written if written.isalpha()
        )
        self._clock_unit = re.compile(rf"\s?(?P<unit>{times})(?![\w'’])", re.IGNORECASE)
        self._clock_per = re.compile(r"\s?/\s?(?P<per>[^\W\d_]+)")
        counted = [sides[side].get("counted", sides[side]["alone"]) for side in ("left", "right")]
        self._spelled = re.compile(
            rf"\s(?:[^\W\d_]+\s)?(?:{any_of([*data['each']['phrases'], *counted])})(?!\w)", re.IGNORECASE
        )
        self._left: str | None = sides["left"]["alone"] if sides["letters"][0] == "L" else None
        self._articles = frozenset(rules["articles"])
        self._symbols = {symbol: unit for unit in units.values() for symbol in unit.symbols}
        self._closed = {symbol: unit for unit in units.values() for symbol in unit.closed}
        self._nouns = {
            noun.casefold(): unit for unit in units.values() for noun in (unit.singular, unit.plural, *unit.words)
        }

    def unit(self, written: str) -> Unit | None:
        """The unit of a symbol ("kg") or of a noun ("kilos"). The case of single letters counts."""
        return self._symbol(written) or (self._nouns.get(written.casefold()) if len(written) > 1 else None)

    def grouped(self, text: str) -> str:
        """The text with spaces that part no words between thousands: "10 000 steps"."""
        return text if self._spaced_thousands else thousands.joined(text, self._contexts.numbered)

    def find(self, text: str) -> Iterator[Amount]:
        """The amounts of a text, from left to right."""
        before: Amount | None = None
        for found in self._pattern.finditer(text):
            seconds = amount_pattern.seconds(found) if found["whole"] is None else None
            amount = self._number(text, found, before) if seconds is None else self._duration(text, found, seconds)
            if amount is not None:
                yield amount
                before = amount

    def _duration(self, text: str, found: re.Match[str], seconds: float) -> Amount | None:
        """A duration, with the unit and the "per" that may follow a clock; None for the time of a day."""
        per, end = self._per(found)
        named = self._clock_unit.match(text, found.end()) if (found["clock"] or found["prime"]) and not per else None
        unit = self.unit(named["unit"]) if named is not None else None
        of_day = self._time_of_day.match(text, found.end()) is not None
        clock = None
        if named is not None and unit is self._units["hour"] and (found["clock"] or "").count(":") == 1:
            hours, minutes = map(int, found["clock"].partition(".")[0].split(":"))
            if (of_day and hours > _LAST_HOUR) or behind(self._before_time, text, found.start()):
                return None
            clock, seconds = (hours, minutes), hours * 3600.0 + minutes * 60
        elif of_day:
            return None
        if named is not None:
            end = named.end() + self._abbreviates(text, named.end(), unit)
        if not per and (after := self._clock_per.match(text, end)) is not None and self.unit(after["per"]) is not None:
            end, per = after.end(), after["per"]
        return Amount(start=found.start(), end=end, seconds=seconds, clock=clock, per=per)

    def _number(self, text: str, found: re.Match[str], before: Amount | None) -> Amount | None:
        written, apart = found["unit"] or "", found["apart"] or ""
        prime = primes.prime(text, found) if written else None
        unit = self._unit(text, found, before, prime)
        part = amount_pattern.part(found["only_part"])
        if part and unit is None:
            return None
        digits = found["whole"] or "0"
        grouped = not digits.isdigit()
        whole, part = int(_NO_DIGIT.sub("", digits)), part or amount_pattern.part(found["part"])
        fraction = found["fraction"] or found["small"] or ""
        if fraction == "000" and whole and len(digits) <= 3:
            whole, fraction, grouped = whole * 1000, "", True
        per, end = self._per(found)
        if unit is None:
            noun = apart + written if per and written and self.unit(per) is not None else None
            if written and noun is None:
                per, end = "", found.start("unit") - len(apart)
            spelled = grouped or bool(part) or self._spelled.match(text, end) is not None
            return Amount(
                start=found.start(),
                end=end,
                whole=whole,
                fraction=fraction,
                part=part,
                noun=noun,
                per=per,
                spelled=spelled,
            )
        own_word = prime is None and self._symbol(written) is None and written not in self._closed
        if part == "1/2":
            part, fraction = "", "5"
        ahead = text[max(0, found.start() - LOOK_BACK) : found.start()]
        negative = _SIGN.search(ahead) is not None
        if not own_word or per:
            end += self._abbreviates(text, end, unit)
        article = ahead[-1:] == " " and ahead[:-1].rpartition(" ")[2].casefold() in self._articles
        amount = Amount(
            start=found.start() - negative,
            end=end,
            whole=whole,
            fraction=fraction,
            part=part,
            negative=negative,
            unit=unit,
            noun=apart + written if own_word else None,
            attributive=(
                apart == "-"
                or written.casefold() == unit.singular.casefold()
                or (article and _WORD_FOLLOWS.match(text, end) is not None)
                or (prime is not None and bool(self._articles) and self._contexts.boxes(text, end))
            ),
            spelled=grouped,
            per=per,
        )
        if len(fraction) == 3 and digits.isdigit() and len(digits) <= 3 and whole:
            return replace(amount, other=replace(amount, whole=whole * 1000 + int(fraction), fraction=""))
        return self._in_context(text, found, amount, before)

    def _in_context(self, text: str, found: re.Match[str], amount: Amount, before: Amount | None) -> Amount:
        """An amount whose unit is written with a letter that can mean two, as the words around it have it."""
        written = found["unit"]
        if written in ("k", "K") and amount.unit is self._units["kilometre"]:
            return self._contexts.thousand_or_kilometres(text, amount)
        if written == "m" and amount.unit is self._units["metre"] and not amount.per:
            if self._follows(text, found, before, "hour"):
                return replace(amount, unit=self._units["minute"])
            return self._contexts.minutes_or_metres(text, amount, closed=not found["apart"])
        if (
            written == "L"
            and self._left
            and not found["apart"]
            and not amount.fraction
            and not self._contexts.drinks(text, amount)
        ):
            return replace(amount, other=replace(amount, unit=None, noun=f" {self._left}", spelled=True))
        return amount

    def _unit(self, text: str, found: re.Match[str], before: Amount | None, prime: str | None) -> Unit | None:
        written = found["unit"] or ""
        if prime is None:
            closed = self._closed.get(written)
            if closed is None:
                return self.unit(written)
            return closed if not found["apart"] or self._follows(text, found, before, "foot") else None
        lengths = self._contexts.lengths(text, found.end())
        if prime == primes.SINGLE:
            return self._units["foot"] if lengths and "foot" in self._units else self._units["minute"]
        inches = lengths or self._contexts.boxes(text, found.end())
        return self._units["inch" if inches else "second"]

    def _follows(self, text: str, found: re.Match[str], before: Amount | None, unit: str) -> bool:
        """Whether an amount of a unit stands right before."""
        return (
            before is not None
            and before.unit is not None
            and before.unit is self._units.get(unit)
            and not text[before.end : found.start()].strip()
        )

    def _abbreviates(self, text: str, place: int, unit: Unit | None) -> bool:
        """Whether the full stop behind a symbol only says that it is one, and ends no sentence."""
        if unit is None or _STOP.match(text, place) is None:
            return False
        after = place + 1
        if _AFTER_STOP.match(text, after) is not None:
            return True
        smaller = _SMALLER.match(text, after)
        if smaller is not None and (named := self.unit(smaller["symbol"])) is not None:
            hour, minute, second = (self._units[name] for name in ("hour", "minute", "second"))
            return (unit is hour and named is minute) or (unit is minute and named is second)
        following = text[after : after + 2]
        return following[:1].isspace() and (
            following[1:] == "("
            or (
                not following[1:].isdigit()
                and following.strip() != ""
                and not self._known_nouns.begins_sentence(text, after)
            )
        )

    def _per(self, found: re.Match[str]) -> tuple[str, int]:
        """What follows a slash, if it belongs to the amount, and where the amount ends."""
        per, slash = found["per"], found["slash"]
        if per is None:
            return "", found.end()
        if len(slash) > 1 and self.unit(per) is None:
            stop = found.string[found.start("slash") - 1] == "."
            return "", found.start("slash") - stop
        return per, found.end()

    def _symbol(self, written: str) -> Unit | None:
        return self._symbols.get(written) or (self._symbols.get(written.lower()) if len(written) > 1 else None)
