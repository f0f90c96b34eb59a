"""Where each key and each element of a TOML text stands.

The text is known to be valid TOML 1.1 (a parser has read it), so this reader needs no errors of its own: it only
notes offsets. It runs when there is a mistake or a warning to place, never on the way of a script without either.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence

import tomli

_BLANK = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_BLANKS = " \t\n#"
KEY = re.compile(r'[A-Za-z0-9_-]++|"(?:[^"\\]++|\\.)*+"|\'[^\']*+\'')
"""One part of a key."""
SCALAR = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\]++|\\.)*+"'
    r"|'[^']*+'"
    r"|\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*+"
    r"|[^\s,\]}#]++",
    re.DOTALL,
)
"""A value that is neither list nor table."""
_PLAIN_PAIR = re.compile(
    r"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+"
    r'(?:"[^"\\\n]*+"(?!")|(?:\d++(?:\.\d++)?|true|false)(?=[\s,}]))'
)
"""What most keys of a script and their values are like; all others are read part by part."""


_NOTHING: dict[str | int, Position] = {}
"""What is inside most of them; never written to."""


class Position:
    """A key or an element: its offset in the text, and those inside it."""

    __slots__ = ("inside", "offset")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.inside = _NOTHING

    def at(self, key: str | int, offset: int) -> Position:
        """The position of a key, which begins at ``offset`` if it has not been met before."""
        if self.inside is _NOTHING:
            self.inside = {}
        known = self.inside.get(key)
        if known is None:
            known = self.inside[key] = Position(offset)
        return known

    def find(self, path: Sequence[str | int]) -> int:
        """Offset of what a path leads to, or of the nearest thing around it."""
        position = self
        for part in path:
            if part not in position.inside:
                break
            position = position.inside[part]
        return position.offset

    def written(self, path: Sequence[str | int]) -> tuple[str | int, ...]:
        """A path as its keys are written, as far as it leads; a number may also count the keys of a table."""
        position, keys = self, list[str | int]()
        for part in path:
            counted = isinstance(part, int) and part not in position.inside and part < len(position.inside)
            key = list(position.inside)[part] if counted and isinstance(part, int) else part
            if key not in position.inside:
                break
            keys.append(key)
            position = position.inside[key]
        return tuple(keys)


def read(text: str) -> Position:
    """The root of all that a valid TOML text holds."""
    reader = _Reader(text)
    with contextlib.suppress(RecursionError):  # what lies so deep is wrong anyway, and is placed at what holds it
        reader.document()
    return reader.root


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.root = Position(0)

    def document(self) -> None:
        table = self.root
        while self._next():
            if self.text[self.offset] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Position:
        start = self.offset
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.offset += brackets
        *above, (last, _) = self._key()
        self.offset += brackets
        table = self.root
        for part, _ in above:
            table = _newest(table.at(part, start))
        table = table.at(last, start)
        return table.at(len(table.inside), start) if brackets == 2 else _newest(table)

    def _pair(self, table: Position) -> None:
        plain = _PLAIN_PAIR.match(self.text, self.offset)
        if plain is not None:
            table.at(plain[1], self.offset)
            self.offset = plain.end()
            return
        for part, offset in self._key():
            table = table.at(part, offset)
        self.offset += 1  # the equals sign
        self._value(table)

    def _value(self, position: Position) -> None:
        opening = self._next()
        if opening not in ("[", "{"):
            self.offset = end(SCALAR, self.text, self.offset)
            return
        self.offset += 1
        while (following := self._next()) not in ("]", "}", ""):
            if following == ",":
                self.offset += 1
            elif opening == "[":
                self._value(position.at(len(position.inside), self.offset))
            else:
                self._pair(position)
        self.offset += 1

    def _key(self) -> list[tuple[str, int]]:
        """The parts of a key, each with its offset."""
        parts = []
        while True:
            self._next()
            start, self.offset = self.offset, end(KEY, self.text, self.offset)
            parts.append((bare(self.text[start : self.offset]), start))
            if self._next() != ".":
                return parts
            self.offset += 1

    def _next(self) -> str:
        """The next character that is neither blank nor comment; empty at the end."""
        following = self.text[self.offset : self.offset + 1]
        if following not in _BLANKS:
            return following
        self.offset = end(_BLANK, self.text, self.offset)
        return self.text[self.offset : self.offset + 1]


def end(pattern: re.Pattern[str], text: str, offset: int) -> int:
    """Where what a pattern finds at an offset ends."""
    found = pattern.match(text, offset)
    return found.end() if found else offset + 1


def _newest(position: Position) -> Position:
    """The last table of a list of tables, or the table itself."""
    return position.inside[len(position.inside) - 1] if 0 in position.inside else position


def bare(key: str) -> str:
    """What a part of a key says, with or without quotes."""
    return next(iter(tomli.loads(f"{key} = 1"))) if key[0] in "\"'" else key
