"""Spaces between the thousands of a number: "10 000 steps"."""

from __future__ import annotations

import re
from collections.abc import Set

from voicecoach.wording.patterns import behind

_SPACED = re.compile(
    r"(?<![\w.,:/-])(?<![0-9] )(?P<number>[0-9]{1,3}(?: [0-9]{3}){1,3})(?![\w:/]|[.,][0-9]| [0-9])"
    r"(?P<unit>\s[^\W\d_]+)?"
)
_REPEATS = (" 100", " 200", " 300", " 400", " 600", " 800")
"""What is more likely so many metres, several times: "5 100 m"."""
_LAST_WORD = re.compile(r"([^\W\d_]+)[\s:]*$")


def joined(text: str, numbered: Set[str]) -> str:
    """The text with spaces that part no words in its numbers; after words that are ``numbered`` come two numbers."""
    return _SPACED.sub(lambda found: _join(found, numbered), text)


def _join(found: re.Match[str], numbered: Set[str]) -> str:
    number, unit = found["number"], (found["unit"] or "").strip()
    before = behind(_LAST_WORD, found.string, found.start())
    two = (
        not unit
        or (unit == "m" and number.endswith(_REPEATS) and not number.startswith("1 "))
        or (before is not None and before[1].casefold() in numbered)
    )
    return found[0] if two and not number.endswith(" 000") else number.replace(" ", "\u00a0") + (found["unit"] or "")
