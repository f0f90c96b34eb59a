"""The one pattern of all amounts, and the seconds of those that are durations."""

from __future__ import annotations

import re

FRACTION_MARKS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
_MARKS = "".join(FRACTION_MARKS)
_FRACTION = "(?:1/2|1/4|3/4|1/3|2/3)"

_START = r"(?: (?<!\w) | (?<=[0-9\s(][xX]) | (?<=^[xX]) ) (?<![0-9][.,:/'′’]) (?<!\.)"
_CLOCK = r"""
    (?: (?P<clock> [0-9]{1,3} (?: :[0-5][0-9] ){1,2} (?:\.[0-9]{1,2})? ) (?![0-9:])
      | (?P<prime> [0-9]{1,3} ['′’] [0-5][0-9] ) (?: ''|’’|["″”] )? (?![0-9])
      | (?P<apart_prime> [0-9]{1,3} ['′’] \s? [0-5]?[0-9] ) (?: ''|’’|["″”] ) (?!\w) )"""
_COMPACT = r"""
    (?: (?P<hours> [0-9]{1,2} ) [hu]
        (?: (?P<then> [0-5]?[0-9] ) (?: m(?:in|n)? (?: \s?(?P<last> [0-5]?[0-9] ) s(?:e[ck])? )? )?
          | \s (?P<apart_then> [0-5]?[0-9] ) \s? m(?:in|n)? )
      | (?P<clock_hours> [0-9]{1,2} ) \s [hu] \s (?P<clock_minutes> [0-5][0-9] ) (?! \s?[\w%°'′’"″/:.,+–-] )
      | (?: (?P<minutes> [0-9]{1,3} ) (?: min | mn | m(?=[0-9]+s) ) | (?P<few> [0-9] ) \s? m \s (?=[0-9]+\s?s) )
        (?P<seconds> [0-5]?[0-9] ) (?: \s? s(?:e[ck])? )? ) (?!\w)"""
_NUMBER = rf"""
    (?: (?P<whole> [0-9]{{1,3}} (?: [GROUP\u00a0\u202f'’][0-9]{{3}} ){{1,3}} (?![0-9])
            | [0-9]{{1,3}} (?: (?:,[0-9]{{3}}){{2,3}} | (?:\.[0-9]{{3}}){{2,3}} ) (?![0-9]) | [0-9]{{1,9}} )
        (?: (?P<part> \s?[{_MARKS}] | \s{_FRACTION}(?![\w/]) ) | [.,](?P<fraction> [0-9]{{1,3}} ) )?
      | \.(?P<small> [0-9]{{1,3}} )
      | (?P<only_part> [{_MARKS}] | {_FRACTION}(?=\s?[^\W\d_]) ) ) (?! [0-9] | [.,:/][0-9] )"""
_UNIT = r"""
    (?P<apart> \s | -(?=[^\W\d_]) )?
    (?P<unit> [xX×*](?=\s?[0-9]) | ×(?!\w) | \#(?!\s?[0-9])
      | (?: [^\W\d_]+ | % | °[CF]? | '' | ’’ | ["″”] | ['′’] ) (?! \w | ['’]\w ) )"""
_PER = r"(?: \.? (?P<slash> \s?/\s? ) (?P<per> [^\W\d_]+ ) )?"
_AMOUNT = f"{_START} (?: {_CLOCK} | {_COMPACT} | {_NUMBER} (?: {_UNIT} )? ) {_PER}"


def amounts(thousands: str) -> re.Pattern[str]:
    """The pattern for a language that puts one of ``thousands`` between the thousands of a number."""
    return re.compile(_AMOUNT.replace("GROUP", thousands), re.VERBOSE)


def part(written: str | None) -> str:
    """A fraction in plain figures: "1/2" for "½"; empty where there is none."""
    if written is None:
        return ""
    return FRACTION_MARKS.get(written.strip(), written.strip())


def seconds(found: re.Match[str]) -> float | None:
    """Seconds of a duration; None for another amount."""
    clock = found["clock"] or found["prime"] or found["apart_prime"]
    if clock:
        parts = re.split("[:'′’]", clock)
    elif found["hours"]:
        parts = [found["hours"], found["then"] or found["apart_then"], found["last"] or "0"]
    elif found["clock_hours"]:
        parts = [found["clock_hours"], found["clock_minutes"], "0"]
    elif found["seconds"]:
        parts = [found["minutes"] or found["few"], found["seconds"]]
    else:
        return None
    total = 0.0
    for place in parts:
        total = total * 60 + float(place)
    return total
