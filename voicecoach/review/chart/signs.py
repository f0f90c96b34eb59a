"""Signs that stand for things in a terminal, and texts that fit in so many of its columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from voicecoach.errors import printable
from voicecoach.review.chart.lanes import KINDS


class Signs(NamedTuple):
    """What stands for what: ``looks`` by the look of a step; of a lane, one line, and that it lasts."""

    looks: Mapping[str, str]
    line: str
    lasts: str
    music: str
    open: str
    axis: str
    tick: str
    cut: str
    times: str
    span: str
    dot: str

    @property
    def all(self) -> str:
        """Every one of them."""
        return "".join((*self.looks.values(), *self[1:]))


BLOCKS = Signs(
    dict(zip(KINDS, "█▓▌▒░·─?", strict=True)), "●", "─", "♪", "»", "─", "┬", "…", "×", "–", "·"
)  # fmt: skip
PLAIN = Signs(dict(zip(KINDS, "#=|/-._?", strict=True)), "o", "-", "~", ">", "-", "+", "~", "x", "-", "-")


def cells(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.combining(char) or char == "\u200d" or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, columns: int, sign: str) -> str:
    """A text that is no wider than so many columns; where it was, it ends with a sign, or is empty."""
    if cells(text) <= columns:
        return text
    if columns < 3:
        return ""
    found, wide = "", 0
    for char in text:
        wide += _cell(char)
        if wide > columns - 1:
            break
        found += char
    return found.rstrip() + sign


def clean(text: str, signs: Signs) -> str:
    """A text on one line that a terminal shows and does not obey, with our own signs in plain where all are."""
    text = " ".join(printable(text).split())
    if signs is PLAIN:
        for sign, plain in zip((*BLOCKS[5:], BLOCKS.open), (*PLAIN[5:], PLAIN.open), strict=True):
            text = text.replace(sign, plain)
    return text


def wrapped(words: Sequence[str], columns: int) -> Iterator[str]:
    """Words on lines of at most so many columns, one that is too long cut in pieces."""
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if cells(longer) <= columns:
            line = longer
            continue
        if line:
            yield line
        while cells(word) > columns:
            part = word
            while cells(part) > columns:
                part = part[:-1]
            yield part
            word = word[len(part) :]
        line = word
    if line:
        yield line
