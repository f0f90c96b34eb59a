"""A script's text laid out anew: one step a line, comments kept, and nothing said otherwise than before.

The text is known to be valid TOML 1.1. How a list or table comes to lie depends only on what it holds and on where its
author broke it, and both are the same in what is written here: so what is laid out once is not changed by being laid
out again. Keys and values stand as they were written, and in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from voicecoach.script.positions import KEY, SCALAR, bare, end

WIDTH = 120
"""Columns of the longest line, where that can be."""
_INDENT = "  "
_LONGEST_ALIGNED = 24
"""Keys longer than that are not waited for by the equals signs around them."""
_STEPS = "steps"
_SPACE = re.compile(r"[ \t]*+")
_COMMENT = re.compile(r"#[^\n]*+")
_CLOSING = {"[": "]", "{": "}"}


class _Gap(NamedTuple):
    """What lies between two things: a comment on the line of the first, then comments and blank lines (empty)."""

    beside: str
    above: list[str]
    broken: bool


@dataclass(slots=True)
class _Value:
    """A value as written; of a list or table ``raw`` is the bracket that opens it.

    ``head`` is the comment behind that, ``below`` what stands before the closing one. ``broken`` tells whether its
    author began its inside on a new line (of a table: had any line end between its pairs).
    """

    raw: str
    entries: list[_Entry] = field(default_factory=list)
    head: str = ""
    below: list[str] = field(default_factory=list)
    broken: bool = False
    steps: bool = False
    flat: str | None = None
    """All of it on one line, where that can be."""


@dataclass(slots=True)
class _Entry:
    """A pair, an element (without a key), or a table's heading (without a value), with the comments around it."""

    key: str
    value: _Value | None
    above: list[str]
    broken: bool
    beside: str = ""


class _Row(NamedTuple):
    """Text of a line or more, and the comment behind it."""

    text: str
    beside: str = ""


def laid_out(text: str) -> str:
    """A script's text as it is best read; ``text`` has no line ends but ``\\n``.

    Of tables over several lines, which only TOML 1.1 has, there are no more than before unless a line would be longer
    than ``WIDTH``.
    """
    entries, below = _Reader(text).document()
    rows: list[_Row] = []
    group: list[_Entry] = []
    headed = False
    for entry in entries:
        above = _above(entry, first=not (rows or group), headed=headed)
        if above or entry.value is None:
            rows += _pairs(group)
            group = []
        rows += map(_Row, above)
        headed = entry.value is None
        if headed:
            rows.append(_Row(entry.key, entry.beside))
            continue
        group.append(entry)
        if "\n" in _pair(entry, ""):
            rows += _pairs(group)
            group = []
    rows += _pairs(group)
    return "\n".join([*_lines([*rows, *map(_Row, below)]), ""])


def _above(entry: _Entry, *, first: bool, headed: bool) -> list[str]:
    """What stands above an entry: a blank line before each table but none at the beginning or below a heading."""
    if first or (headed and entry.value is not None):
        return entry.above[entry.above[:1] == [""] :]
    return entry.above if entry.value is not None or "" in entry.above else ["", *entry.above]


def comments(text: str) -> list[str]:
    """Every comment of a text, in order, without what is blank at its end."""
    return list(_Reader(text).comments())


def _pairs(group: Sequence[_Entry]) -> Iterator[_Row]:
    """Pairs that follow one another, a line each."""
    yield from (_Row(text, entry.beside) for text, entry in zip(_aligned(group, ""), group, strict=True))


def _aligned(group: Sequence[_Entry], indent: str) -> list[str]:
    """Pairs with their equals signs in one column, if no line becomes too long by that."""
    plain = [_pair(entry, indent) for entry in group]
    longest = max((len(entry.key) for entry in group), default=0)
    if longest > _LONGEST_ALIGNED:
        return plain
    aligned = [_pair(entry, indent, longest) for entry in group]
    room = WIDTH - len(indent) - bool(indent)  # a comma
    for before, after in zip(plain, aligned, strict=True):  # only the first line of each moves
        if before.count("\n") != after.count("\n") or _first(before) <= room < _first(after):
            return plain
    return aligned


def _first(text: str) -> int:
    return len(text.partition("\n")[0])


def _pair(entry: _Entry, indent: str, width: int = 0) -> str:
    key = f"{entry.key:<{width}} = " if entry.key else ""
    return key + _written(entry.value, indent, len(indent) + len(key)) if entry.value else key


def _written(value: _Value, indent: str, used: int) -> str:
    """A value behind ``used`` columns of a line that is indented so."""
    flat = value.flat
    after = bool(indent)  # a comma
    if flat is not None and (not value.entries or _fits(flat, used, after)):
        return flat
    if value.raw == "{" and not value.broken and (hung := _hung(value, indent, used)) is not None:
        return hung
    return _tall(value, indent)


def _fits(text: str, used: int = 0, after: int = 0) -> bool:
    first, *rest = text.split("\n")
    return max(used + len(first), *map(len, rest), 0) + after <= WIDTH


def _hung(value: _Value, indent: str, used: int) -> str | None:
    """A table whose last value is a list over several lines, which TOML 1.0 has, too."""
    *first, last = value.entries
    inside = [_flat_pair(entry) for entry in first]
    if last.value is None or last.value.raw != "[" or not last.value.entries or None in inside:
        return None
    begin = "{ " + "".join(f"{pair}, " for pair in inside) + f"{last.key} = "
    written = begin + _tall(last.value, indent) + " }"
    return written if _fits(written.partition("\n")[0], used) and "\n" not in begin else None


def _tall(value: _Value, indent: str) -> str:
    """A list with an element a line, or a table with as many pairs on each as it has room for."""
    inner = indent + _INDENT
    rows = list(_inside(value, [_pair(entry, inner) for entry in value.entries], inner))
    if value.raw == "{" and len(rows) == sum(1 + len(entry.above) for entry in value.entries):  # a pair on each
        rows = list(_inside(value, _aligned(value.entries, inner), inner))
    rows += (_Row(inner + comment if comment else "") for comment in value.below)
    return "\n".join([*_lines([_Row(value.raw, value.head), *rows]), indent + _CLOSING[value.raw]])


def _inside(value: _Value, texts: Sequence[str], inner: str) -> Iterator[_Row]:
    """The lines between the brackets; ``texts`` are those of the entries."""
    row: _Row | None = None
    for entry, text in zip(value.entries, texts, strict=True):
        if row is not None and value.raw == "{" and _joins(row, entry, text):
            row = _Row(f"{row.text} {text},", entry.beside)
            continue
        if row is not None:
            yield row
        yield from (_Row(inner + comment if comment else "") for comment in entry.above)
        row = _Row(f"{inner}{text},", entry.beside)
    if row is not None:
        yield row


def _joins(row: _Row, entry: _Entry, text: str) -> bool:
    """Whether a pair goes onto the line of the one before."""
    if entry.above or entry.broken or row.beside or "\n" in row.text + text:
        return False
    return _fits(row.text, 1 + len(text) + 1)


def _lines(rows: Sequence[_Row]) -> Iterator[str]:
    """Rows with their comments, which stand in one column where they follow one another and there is room."""
    for has_comments, following in groupby(rows, lambda row: bool(row.beside) and "\n" not in row.text):
        run = list(following)
        column = max(len(row.text) for row in run) if has_comments else 0
        if any(column + 2 + len(row.beside) > WIDTH for row in run):
            column = 0
        for row in run:
            yield f"{row.text:<{column}}  {row.beside}" if row.beside else row.text


def _flat(value: _Value) -> str | None:
    """A list or table on one line; None where a comment or its author forbids that."""
    a_list = value.raw == "["
    if value.head or value.below or (a_list and value.broken) or (value.steps and len(value.entries) > 1):
        return None
    inside = [_flat_pair(entry) for entry in value.entries]
    if any(each is None for each in inside) or any(map(_has_comments, value.entries)):
        return None
    if not inside:
        return value.raw + _CLOSING[value.raw]
    space = " " * (not a_list or any(entry.value is not None and entry.value.raw == "{" for entry in value.entries))
    return f"{value.raw}{space}{', '.join(filter(None, inside))}{space}{_CLOSING[value.raw]}"


def _has_comments(entry: _Entry) -> bool:
    return bool(entry.beside) or any(entry.above)


def _flat_pair(entry: _Entry) -> str | None:
    if entry.value is None or entry.value.flat is None or _has_comments(entry):
        return None
    return f"{entry.key} = {entry.value.flat}" if entry.key else entry.value.flat


class _Reader:
    """Reads a text into entries."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = 0
        self._comments: list[str] = []

    def document(self) -> tuple[list[_Entry], list[str]]:
        """The entries of a whole text, and what stands below the last one."""
        entries: list[_Entry] = []
        gap = self._gap(begun=True)
        while self._offset < len(self._text):
            entry = self._heading(gap) if self._text[self._offset] == "[" else self._pair(gap)
            gap = self._gap()
            entry.beside = gap.beside
            entries.append(entry)
        return entries, _trimmed(gap.above, first=not entries)

    def comments(self) -> list[str]:
        """All that are met on the way."""
        self.document()
        return self._comments

    def _heading(self, gap: _Gap) -> _Entry:
        brackets = 2 if self._text.startswith("[[", self._offset) else 1
        self._offset += brackets
        key = self._key()
        self._offset += brackets
        return _Entry("[" * brackets + key + "]" * brackets, None, gap.above, gap.broken)

    def _pair(self, gap: _Gap) -> _Entry:
        key = self._key()
        self._offset = end(_SPACE, self._text, self._offset + 1)  # behind the equals sign
        value = self._value(steps=bare(key) == _STEPS if "." not in key else key.endswith("." + _STEPS))
        return _Entry(key, value, gap.above, gap.broken)

    def _value(self, *, steps: bool = False) -> _Value:
        start = self._offset
        opening = self._text[start]
        if opening not in _CLOSING:
            self._offset = end(SCALAR, self._text, start)
            raw = self._text[start : self._offset]
            return _Value(raw, flat=raw)
        self._offset += 1
        gap = self._gap()
        value = _Value(opening, head=gap.beside, broken=gap.broken, steps=steps)
        while self._text[self._offset] != _CLOSING[opening]:
            gap = gap._replace(above=_trimmed(gap.above, first=True, last=False)) if not value.entries else gap
            entry = self._pair(gap) if opening == "{" else _Entry("", self._value(), gap.above, gap.broken)
            value.entries.append(entry)
            entry.beside, gap = self._separated()
            value.broken = value.broken or (opening == "{" and gap.broken)
        self._offset += 1
        value.below = _trimmed(gap.above, first=not value.entries)
        value.flat = _flat(value)
        return value

    def _separated(self) -> tuple[str, _Gap]:
        """The comment beside an element, before its comma or behind it, and what lies before the next one."""
        before = self._gap()
        if self._text[self._offset] != ",":
            return before.beside, before
        self._offset += 1
        behind = self._gap()
        broken = before.broken or behind.broken
        if not any((before.beside, *before.above)):
            return behind.beside, _Gap("", behind.above, broken)
        above = [*before.above, *([behind.beside] if behind.beside else []), *behind.above]
        return before.beside, _Gap(
            "", [line for at, line in enumerate(above) if line or above[at - 1 : at] != [""]], broken
        )

    def _key(self) -> str:
        """A key, its parts as they are written."""
        parts = []
        while True:
            self._offset = end(_SPACE, self._text, self._offset)
            start, self._offset = self._offset, end(KEY, self._text, self._offset)
            parts.append(self._text[start : self._offset])
            self._offset = end(_SPACE, self._text, self._offset)
            if self._text[self._offset] != ".":
                return ".".join(parts)
            self._offset += 1

    def _gap(self, *, begun: bool = False) -> _Gap:
        """What lies between here and the next thing; ``begun`` where a line has begun here."""
        beside, above, ends, broken = "", list[str](), int(begun), begun
        while True:
            self._offset = end(_SPACE, self._text, self._offset)
            match self._text[self._offset : self._offset + 1]:
                case "\n":
                    self._offset += 1
                    ends, broken = ends + 1, True
                    if ends > 1 and above[-1:] != [""]:
                        above.append("")
                case "#":
                    start, self._offset = self._offset, end(_COMMENT, self._text, self._offset)
                    comment = self._text[start : self._offset].rstrip()
                    self._comments.append(comment)
                    ends = 0
                    if broken:
                        above.append(comment)
                    else:
                        beside = comment
                case _:
                    return _Gap(beside, above, broken)


def _trimmed(above: list[str], *, first: bool, last: bool = True) -> list[str]:
    """Without a blank line at its beginning, if nothing stands before it, and at its end, if nothing stands behind."""
    start = 1 if first and above[:1] == [""] else 0
    stop = len(above) - (last and above[start:][-1:] == [""])
    return above[start:stop]
