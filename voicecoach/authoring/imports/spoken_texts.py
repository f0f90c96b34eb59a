"""Texts of other programs made lines that a script may have, and what was taken from them for that."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from pydantic_core import PydanticCustomError

from voicecoach.script import values
from voicecoach.wording import foreign_marks

_LONGEST = 1_800
_MOST_MARKS = 50
_MARKS = str.maketrans("", "", "[]{}<>")
_BRACKETS = str.maketrans("[]", "()")


def lines(text: str) -> tuple[list[str], str]:
    """The lines that say a text, mostly one, and what was left out of it; no line where nothing of it can be said."""
    said = " ".join("".join(map(_shown, text)).split())
    left = []
    for _ in range(_MOST_MARKS):
        mark = foreign_marks.foreign(said)
        if mark is None:
            break
        without = said.replace(mark.written, f" {mark.pause or ''} ")
        if without == said:
            break
        left.append(mark.written)
        said = " ".join(without.split())
    said = said.replace("{", "{{").replace("}", "}}")
    if not _right(said):
        said = said.translate(_BRACKETS)
    if not _right(said):
        bare = " ".join(said.translate(_MARKS).split())
        left += [] if bare == said else ["its brackets"]
        said = bare
    found = [said] if len(said) <= _LONGEST else textwrap.wrap(said, _LONGEST)
    return [line for line in found if _right(line)], ", ".join(left)


def name(text: str) -> str:
    """A name that a script may have; empty where nothing of the text can be one."""
    for tried in (text, text.translate(_MARKS)):
        tried = " ".join("".join(map(_shown, tried)).split())[:200].strip()
        try:
            return values.spoken_name(tried)
        except PydanticCustomError:
            continue
    return ""


def _shown(char: str) -> str:
    """A character as it may stand in a line: none that a terminal would obey, and a space for one that parts words."""
    if char.isspace():
        return " "
    if char == "\u200d":
        return char
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Cn") else char


def _right(line: str) -> bool:
    try:
        values.text(line)
    except PydanticCustomError:
        return False
    return True


def joined(first: str, second: str) -> str:
    """Two texts, one after the other; one sentence where the second goes on in small letters."""
    stop = "" if not first or re.search(r"[.!?…:,;–-]$", first) or second[:1].islower() else "."
    return f"{first}{stop} {second}".strip()
