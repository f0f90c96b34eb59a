"""Amounts as people write them in a text: "10 kg", "400m", "1h30", "0:45", "5:30/km"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from voicecoach.wording.quantities import Unit

_START = r"(?: (?<!\w) | (?<=[0-9\s(][xX]) | (?<=^[xX]) ) (?<![0-9][.,:/'′]) (?<!\.)"
_CLOCK = r"""
    (?: (?P<clock> [0-9]{1,3} (?: :[0-5][0-9] ){1,2} (?:\.[0-9]{1,2})? ) (?![0-9:])
      | (?P<prime> [0-9]{1,3} ['′] [0-5][0-9] ) (?: '' | ["″] )? (?![0-9]) )
    (?: \s?min(?=/) )?"""
_COMPACT = r"""
    (?: (?P<hours> [0-9]{1,2} ) [hu]
        (?: (?P<then> [0-5]?[0-9] ) (?: m(?:in|n)? (?: \s?(?P<last> [0-5]?[0-9] ) s(?:e[ck])? )? )?
          | \s (?P<apart_then> [0-5]?[0-9] ) m(?:in|n)? )
      | (?: (?P<minutes> [0-9]{1,3} ) (?: min | mn | m(?=[0-9]+s) ) | (?P<few> [0-9] ) m \s (?=[0-9]+s) )
        (?P<seconds> [0-5]?[0-9] ) (?: s(?:e[ck])? )? ) (?!\w)"""
_NUMBER = r"""
    (?: (?P<whole> [0-9]{1,3} (?: [GROUP\u00a0\u202f][0-9]{3} ){1,3} (?![0-9]) | [0-9]{1,9} )
        (?: (?P<half> \s?½ | \s1/2(?![\w/]) ) | [.,](?P<fraction> [0-9]{1,3} ) )?
      | \.(?P<small> [0-9]{1,3} )
      | (?P<only_half> ½ | 1/2(?=\s?[^\W\d_]) ) ) (?! [0-9] | [.,:/][0-9] )"""
_UNIT = r"""
    (?P<apart> \s | -(?=[^\W\d_]) )?
    (?P<unit> [xX×*](?=\s?[0-9]) | ×(?!\w) | (?: [^\W\d_]+ | % | °[CF]? | '' | ″ | ′ ) (?! \w | ['’]\w ) )"""
_PER = r"(?: \.?/(?P<per> [^\W\d_]+ ) )?"
_AMOUNT = f"{_START} (?: {_CLOCK} | {_COMPACT} | {_NUMBER} (?: {_UNIT} )? ) {_PER}"
_SIGN = re.compile(r"(?:^|[\s(])[-−]$")
_ABBREVIATION_STOP = re.compile(r"(?<=\w\w)\.(?=\s[a-zà-ÿ(]|[,;:])")
_WORD_FOLLOWS = re.compile(r"\s?[^\W\d_]")
_LOOK_BACK = 24
"""Characters before an amount that can tell how it is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What stands at ``start`` to ``end`` of a text.

    A duration of ``seconds``; or else the number ``whole`` with the digits ``fraction`` after the point, and its
    unit if it has one. ``noun`` is the author's own word for the unit, with what parts it from the number.
    ``per`` is the word after a slash. ``attributive``: it stands before the noun it describes.
    """

    start: int
    end: int
    whole: int = 0
    fraction: str = ""
    negative: bool = False
    seconds: float | None = None
    unit: Unit | None = None
    noun: str | None = None
    attributive: bool = False
    per: str = ""

    @property
    def bare(self) -> bool:
        """Whether it is a number and nothing else."""
        return self.seconds is None and self.unit is None and not self.per


class Amounts:
    """Finds the amounts in the texts of one language.

    "m" after a number is metres, except in what can only be a duration: "1h30m", "2m15s", "2m 15s". The time of a
    day ("7:30 am") is no amount.
    """

    def __init__(self, data: Mapping[str, Any], units: Mapping[str, Unit]) -> None:
        rules = data["quantities"]
        self._pattern = re.compile(_AMOUNT.replace("GROUP", rules["thousands"]), re.VERBOSE)
        day = "|".join(map(re.escape, rules["time_of_day"]))
        self._time_of_day = re.compile(rf"\s?(?:{day})(?!\w)", re.IGNORECASE)
        self._articles = frozenset(rules["articles"])
        self._symbols = {symbol: unit for unit in units.values() for symbol in unit.symbols}
        self._nouns = {
            noun.casefold(): unit for unit in units.values() for noun in (unit.singular, unit.plural, *unit.words)
        }

    def unit(self, written: str) -> Unit | None:
        """The unit of a symbol ("kg") or of a noun ("kilos"). The case of single letters counts."""
        return self._symbol(written) or (self._nouns.get(written.casefold()) if len(written) > 1 else None)

    def find(self, text: str) -> Iterator[Amount]:
        """The amounts of a text, from left to right."""
        for found in self._pattern.finditer(text):
            amount = self._duration(text, found) or self._number(text, found)
            if amount is not None:
                yield amount

    def _duration(self, text: str, found: re.Match[str]) -> Amount | None:
        seconds = _seconds(found)
        if seconds is None or self._time_of_day.match(text, found.end()):
            return None
        return Amount(start=found.start(), end=found.end(), seconds=seconds, per=found["per"] or "")

    def _number(self, text: str, found: re.Match[str]) -> Amount | None:
        written, apart, per = found["unit"] or "", found["apart"] or "", found["per"] or ""
        unit = self.unit(written)
        if not (found["whole"] or found["small"] or (found["only_half"] and unit)):
            return None
        half = found["half"] or found["only_half"]
        amount = Amount(
            start=found.start(),
            end=found.end(),
            whole=int(re.sub(r"\D", "", found["whole"] or "0")),
            fraction="5" if half else found["fraction"] or found["small"] or "",
            unit=unit,
            noun=apart + written if written and self._symbol(written) is None else None,
            per=per,
        )
        if unit is None:
            if not written or (per and self.unit(per) is not None):
                return amount
            return replace(amount, end=found.start("unit") - len(apart), noun=None, per="")
        before = text[max(0, amount.start - _LOOK_BACK) : amount.start]
        negative = _SIGN.search(before) is not None
        article = before[-1:] == " " and before[:-1].rpartition(" ")[2].casefold() in self._articles
        abbreviated = not amount.noun and not per and _ABBREVIATION_STOP.match(text, amount.end) is not None
        return replace(
            amount,
            start=amount.start - negative,
            end=amount.end + abbreviated,
            negative=negative,
            attributive=(
                apart == "-"
                or (article and _WORD_FOLLOWS.match(text, amount.end) is not None)
                or written.casefold() == unit.singular.casefold()
            ),
        )

    def _symbol(self, written: str) -> Unit | None:
        return self._symbols.get(written) or (self._symbols.get(written.lower()) if len(written) > 1 else None)


def _seconds(found: re.Match[str]) -> float | None:
    clock = found["clock"] or found["prime"]
    if clock:
        parts = re.split("[:'′]", clock)
    elif found["hours"]:
        parts = [found["hours"], found["then"] or found["apart_then"], found["last"] or "0"]
    elif found["seconds"]:
        parts = [found["minutes"] or found["few"], found["seconds"]]
    else:
        return None
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + float(part)
    return seconds
