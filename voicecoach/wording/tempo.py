"""The tempo of a repetition as lifters write it: "31X1", "tempo 3010", "3-1-X-1"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.wording.ambiguity import Ambiguity
from voicecoach.wording.numbers import Numbers

_TIMES_BUT_FOR_SURE = "01"
"""Nobody lifts ten times one: before these "31X1" is a tempo for sure."""
_COUNTS = frozenset(["10", "12", "15", "20", "25", "30"])
"""What is more likely times something than two phases."""


class Tempo:
    """Puts the phases of a tempo into words, "X" being the one that is done as fast as possible.

    Figures alone are one only beside one of the file's ``words``, or after "@".
    """

    def __init__(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        rules = data["tempo"]
        self._numbers = numbers
        self._explosive: str = rules["explosive"]
        self._times: str = data["signs"]["×"]
        words = "|".join(rules["words"])
        start, end = r"(?<![\w.,:/-])", r"(?![\w:/]|[.,–-][0-9])"
        phases = r"[0-9xX](?P<sep>[./:–-])[0-9xX](?:(?P=sep)[0-9xX]){1,2}"
        self._pattern = re.compile(
            rf"(?P<context>\b(?:{words})(?:\s?[:=(])?\s?|@\s?)?{start}(?:"
            rf"(?P<closed>(?=[0-9X]*X)[0-9]{{2}}X[0-9]|(?=[0-9X]*X)[0-9X]{{4}}|[0-9xX]{{4}})|(?P<phases>{phases}))"
            rf"{end}(?P<after>(?=\s(?:{words})\b))?",
            re.IGNORECASE,
        )
        self._unit_ahead = re.compile(r"\s?[^\W\d_]|%")

    def __call__(self, text: str, doubts: list[Ambiguity]) -> str:
        """The text with the phases of each tempo in words."""
        return self._pattern.sub(lambda found: self._in_words(found, doubts), text)

    def _in_words(self, found: re.Match[str], doubts: list[Ambiguity]) -> str:
        written: str = found["closed"] or found["phases"]
        context = found["context"] or ""
        named = bool(context) or found["after"] is not None
        explosive = "X" in written or ("x" in written and (named or found["phases"] is not None))
        digits = re.sub(r"\D", "", written)
        if found["phases"] is not None:
            sure = (explosive and len(digits) > 1) or (named and ":" in written)
        elif written.isdigit():
            sure = found["after"] is not None or (named and not self._unit_ahead.match(found.string, found.end()))
        else:
            sure = explosive and (named or re.fullmatch(r"[0-9]{2}X[0-9]", written) is not None)
        if not sure:
            return found[0]
        said = ", ".join(
            self._explosive if mark in "xX" else self._numbers.cardinal(int(mark)) for mark in written if mark.isalnum()
        )
        if not named and found["closed"] is not None and written[-1] not in _TIMES_BUT_FOR_SURE:
            number = self._numbers.cardinal
            multiplied = f"{number(int(written[:2]))} {self._times} {number(int(written[3]))}"
            if written[:2] in _COUNTS:
                return found[0]
            doubts.append(Ambiguity(written, said, multiplied))
        return context + said
