"""A reading sheet to print, what the file of each line is called, and which line a file means by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from voicecoach.authoring.reading import Reading
from voicecoach.errors import counted, shown
from voicecoach.timeline.model import Line

_LONGEST = 48
"""Characters of a name."""
_BETWEEN = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"(\d{1,5})(?:-(.+))?", re.ASCII)
_FOLDED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})
_IN_WORDS = str.maketrans(dict.fromkeys("'’‘ʼ"))


class Meant(NamedTuple):
    """Which line each file says, and of each other file why it says none."""

    lines: Mapping[Reading, Path]
    others: tuple[tuple[Path, str], ...]


def plain(text: str) -> str:
    """A text as names have it: small letters without accents, and figures, with dashes between the words."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDED).translate(_IN_WORDS))
    letters = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return _BETWEEN.sub("-", unicodedata.normalize("NFC", letters)).strip("-")


def names(readings: Sequence[Reading]) -> dict[Line, str]:
    """What the file of each line is called, without its suffix; no two are the same."""
    taken: set[str] = set()
    found: dict[Line, str] = {}
    for reading in readings:
        whole = plain(reading.line.text) or "line"
        short = whole if len(whole) <= _LONGEST else whole[:_LONGEST].rpartition("-")[0] or whole[:_LONGEST]
        name, again = short, 1
        while name in taken:
            again += 1
            name = f"{short}-{again}"
        taken.add(name)
        found[reading.line] = name
    return found


def meant(files: Iterable[Path], readings: Sequence[Reading]) -> Meant:
    """Which line each file says: named by its number, by its name on the sheet, or by its text.

    Nothing is guessed: a name that fits no line, or two, or whose number and words disagree, and two files for a line,
    are told.
    """
    by_number = {reading.number: reading for reading in readings}
    by_words: dict[str, set[Reading]] = {}
    called = names(readings)
    for reading in readings:
        for words in {called[reading.line], plain(reading.line.text)} - {""}:
            by_words.setdefault(words, set()).add(reading)
    found: dict[Reading, list[Path]] = {}
    others: list[tuple[Path, str]] = []
    for file in files:
        fits = _meant(plain(file.stem), by_number, by_words)
        if isinstance(fits, str):
            others.append((file, fits))
        else:
            found.setdefault(fits, []).append(file)
    for reading, same in found.items():
        if len(same) > 1:
            also = ", ".join(file.name for file in same)
            others += [(file, f"line {reading.number} has {len(same)} files ({also}): leave one") for file in same]
    return Meant({reading: same[0] for reading, same in found.items() if len(same) == 1}, tuple(others))


def _meant(name: str, by_number: Mapping[int, Reading], by_words: Mapping[str, Collection[Reading]]) -> Reading | str:
    """The line of a name, or why it has none."""
    exact = by_words.get(name, ())
    numbered = _NUMBERED.fullmatch(name)
    if len(exact) > 1:
        return f"its name fits lines {' and '.join(str(one.number) for one in sorted(exact))}: name it by the number"
    for reading in exact:
        return reading
    if numbered is None:
        return "no line has this name"
    reading_of_number = by_number.get(int(numbered.group(1)))
    if reading_of_number is None:
        return f"there is no line {int(numbered.group(1))} (there are {len(by_number)})"
    words = numbered.group(2)
    if words is not None and reading_of_number not in by_words.get(words, ()):
        return f"line {reading_of_number.number} is {shown(reading_of_number.line.text)}, which its name does not say"
    return reading_of_number


def sheet(title: str, readings: Sequence[Reading], recorded: Collection[Line], *, numbered: Sequence[Reading]) -> str:
    """The lines to be read, as plain text; ``numbered`` are all that the numbers count."""
    called = names(numbered)
    width = len(str(len(numbered)))
    done = sum(reading.line in recorded for reading in readings)
    rows = [
        title,
        f"{counted(len(readings), 'line')} to read aloud, {done} recorded",
        "",
        "Read each as you would say it to somebody in the room. Save each as a sound file of",
        "its own, named by its number, or as it is shown below; any usual format will do.",
    ]
    for reading in readings:
        mark = "x" if reading.line in recorded else " "
        name = f"{reading.number:0{max(2, width)}}-{called[reading.line]}.wav"
        rows += [
            "",
            f"[{mark}] {reading.number:>{width}}  {reading.line.text}",
            f"    {'':>{width}}  {name}   ({about(reading)})",
        ]
    return "\n".join(rows) + "\n"


def about(reading: Reading) -> str:
    """Where a line is heard, and how often."""
    often = {0: "not in every session", 1: "heard once"}.get(reading.heard, f"heard {reading.heard} times")
    return f"{reading.where}; {often}"
