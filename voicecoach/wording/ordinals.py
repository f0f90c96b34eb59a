"""Ordinals as people write them in a text: "1st", "2e", "3ª", "3. Runde"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any


class Ordinals:
    """Puts words in place of the ordinals of a text, as far as the language's file has them.

    Each table of the file is one form: the ``suffixes`` it is written with and the ``words`` from first on. Where a
    full stop is the suffix, ``nouns`` tell an ordinal from the end of a sentence; after one of the words ``after``
    the ordinal ends in ``ending``.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._forms = [(self._pattern(table), table) for table in data["ordinals"].values()]

    def __call__(self, text: str) -> str:
        """The text with its ordinals in words."""
        for pattern, table in self._forms:
            text = pattern.sub(partial(_say, table), text)
        return text

    @staticmethod
    def _pattern(table: Mapping[str, Any]) -> re.Pattern[str]:
        suffixes = "|".join(map(re.escape, table["suffixes"]))
        after = "|".join(table.get("after", []))
        nouns = "|".join(table.get("nouns", []))
        ahead = rf"(?=\s(?:{nouns})\b)" if nouns else r"(?!\w)"
        behind = rf"(?:\b(?P<after>{after})\s)?" if after else ""
        return re.compile(rf"(?<!\w){behind}(?<![\w.,:/-])(?P<number>[0-9]{{1,2}})(?:{suffixes}){ahead}", re.IGNORECASE)


def _say(table: Mapping[str, Any], found: re.Match[str]) -> str:
    words: list[str] = table["words"]
    number = int(found["number"])
    if not 1 <= number <= len(words):
        return found.group()
    after = found.groupdict().get("after")
    return f"{after} {words[number - 1]}{table['ending']}" if after else words[number - 1]
