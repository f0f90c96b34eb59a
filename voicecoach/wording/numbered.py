"""What has a number: "#3", "No. 3", "n° 1", "Nr. 5"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.numbers import Numbers
from voicecoach.wording.patterns import any_of, behind

_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+)$")
_GOES_ON = re.compile(r"\s[a-zà-ÿ]")


class Numbered:
    """Puts the word for "number" in place of its signs. "No. 3 more" is a sentence and three more."""

    def __init__(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        rules = data["numbered"]
        self._numbers = numbers
        self._word: str = rules["word"]
        self._words_no = frozenset(rules["no"])
        self._pattern = re.compile(
            rf"(?<![\w&])(?P<sign>{any_of(rules['signs'])})\s?(?P<number>[0-9]{{1,4}})(?![\w°ºª/×%]|[.,:][0-9])"
            r"(?P<range>(?=\s?[-–]\s?[0-9]))?",
            re.IGNORECASE,
        )

    def __call__(self, text: str) -> str:
        """The text with its numbers named."""
        return self._pattern.sub(self._in_words, text)

    def _in_words(self, found: re.Match[str]) -> str:
        begins = behind(_SENTENCE_START, found.string, found.start())
        if found["sign"].lower() in self._words_no and begins and _GOES_ON.match(found.string, found.end()):
            return found[0]
        capital = begins and (found["sign"][0].isupper() or found.string.rstrip().endswith((".", "!", "?", "…")))
        word = self._word[0].upper() + self._word[1:] if capital else self._word
        number = found["number"] if found["range"] is not None else self._numbers.cardinal(int(found["number"]))
        return f"{word} {number}"
