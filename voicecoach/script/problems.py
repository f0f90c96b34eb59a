"""Findings become problems: in the order of the file, with line, column and key path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from voicecoach.errors import Problem
from voicecoach.script.codes import Code

if TYPE_CHECKING:
    from voicecoach.script.document import Document

Path = tuple[str | int, ...]
"""The keys and indices that lead to a value."""
Finding = tuple[Path, str]
"""What is wrong, by the path to the value."""

MAX_PROBLEMS = 1_000
"""Most mistakes of a file that are told."""
MAX_MESSAGE = 1_000
"""Most characters of a message; what a script says can be much longer."""
LONGEST_KEY = 80
"""Most characters of each part of a key path."""


def placed(document: Document, file: str, findings: Iterable[Finding]) -> Iterator[Problem]:
    """The faults of a document and the findings about its data: one for each key, and none where a fault is told."""
    found = [(offset, "", message, Code.SYNTAX) for offset, message in document.faults]
    told: set[tuple[str | int, ...]] = set()
    for path, message in findings:
        offset = document.offset(path)
        if tuple(path) not in told and not document.hides(offset):
            told.add(tuple(path))
            found.append((offset, key_path(path), message, Code.FORMAT))
    found.sort(key=lambda item: item[0])
    for offset, key, message, code in found[:MAX_PROBLEMS]:
        yield Problem(file, *line_and_column(document.text, offset), key, message[:MAX_MESSAGE], code)
    if len(found) > MAX_PROBLEMS:
        yield Problem(file, 0, 0, "", f"and there are more; these were the first {MAX_PROBLEMS:,}", Code.FORMAT)


def key_path(path: Sequence[str | int]) -> str:
    """A key path as its author would write it: ``block[0].steps[1].at."75%"``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            short = part if len(part) <= LONGEST_KEY else part[:LONGEST_KEY] + "…"
            bare = part.isascii() and part.replace("-", "").replace("_", "").isalnum()
            text += ("." if text else "") + (short if bare else f'"{short}"')
    return text


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset in a text."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
