"""What an author has looked at and wants no warning of: ``# check: ok VC121 VC124, meant so`` in the script itself.

A comment behind something is about all that begins on its line. One on a line of its own is about what begins on the
next line that is no comment, with everything in it: a step, or a table with its steps. One before everything else is
about the whole file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.script.positions import Position

_MARK = re.compile(r"#+\s*check:\s*ok\b[ \t:]*(?P<rest>.*)", re.IGNORECASE)
_CODE = re.compile(r"VC[0-9]+\b|[A-Z]{1,3}[0-9]{3,4}\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;&+]*(?:and\b\s*)?")
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|(?P<comment>#[^\n]*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Silence:
    """One comment: its ``codes`` as written, in upper case, and the line, from 1, of what it is about; 0 is all."""

    line: int
    column: int
    codes: tuple[str, ...]
    about: int


class Silences:
    """Those of a text, which is known to be valid TOML 1.1."""

    def __init__(self, text: str) -> None:
        self.all = tuple(_silences(text)) if re.search("check:", text, re.IGNORECASE) else ()
        self._used: set[tuple[Silence, str]] = set()
        self._lines = [0, *(newline.end() for newline in re.finditer("\n", text))] if self.all else []

    def cover(self, code: str, root: Position, path: Sequence[str | int]) -> bool:
        """Whether something of a code is not to be told at a path, which is noted."""
        found = [silence for silence in self.all if code in silence.codes]
        if not found:
            return False
        begins = self._begins(root, path)
        covering = [silence for silence in found if not silence.about or silence.about in begins]
        self._used.update((silence, code) for silence in covering)
        return bool(covering)

    def unused(self) -> list[tuple[Silence, str]]:
        """Each code of a silence of which nothing was to be told, in the order of the file."""
        return [(silence, code) for silence in self.all for code in silence.codes if (silence, code) not in self._used]

    def _begins(self, root: Position, path: Sequence[str | int]) -> set[int]:
        """The lines on which what a path leads to and all around it begin; a list of tables begins nowhere."""
        lines, position = set[int](), root
        for part in path:
            if part not in position.inside:
                break
            position = position.inside[part]
            first = next(iter(position.inside.items()), None)
            if first is None or first[0] != 0 or first[1].offset != position.offset:
                lines.add(bisect_right(self._lines, position.offset))
        return lines


def _silences(text: str) -> list[Silence]:
    lines = text.split("\n")
    starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
    found = []
    for token in _TOKEN.finditer(text):
        if token["comment"] is None or (marked := _MARK.match(token["comment"])) is None:
            continue
        line = bisect_right(starts, token.start())
        alone = not text[starts[line - 1] : token.start()].strip()
        about = line
        if alone:
            first = all(not each.strip() or each.lstrip().startswith("#") for each in lines[: line - 1])
            after = (n for n in range(line, len(lines)) if not lines[n].lstrip().startswith("#"))
            about = 0 if first else next(after, line) + 1
        found.append(Silence(line, token.start() - starts[line - 1] + 1, _codes(marked["rest"]), about))
    return found


def _codes(text: str) -> tuple[str, ...]:
    """The codes with which a text begins; what stands behind them is for who reads it."""
    codes, at = list[str](), 0
    while (found := _CODE.match(text, at)) is not None:
        codes.append(found[0].upper())
        between = _BETWEEN.match(text, found.end())
        at = between.end() if between else found.end()
    return tuple(dict.fromkeys(codes))
