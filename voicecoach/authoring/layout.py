"""A script as a person would have laid it out: a step a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voicecoach import units
from voicecoach.authoring.schema_file import LINE
from voicecoach.errors import printable

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def value(of: object) -> str:
    """A value as TOML writes it."""
    match of:
        case str():
            return json.dumps(of, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool() | int() | float():
            return json.dumps(of)
        case Mapping():
            return "{ " + ", ".join(f"{key(name)} = {value(inside)}" for name, inside in of.items()) + " }"
        case Iterable():
            return "[" + ", ".join(map(value, of)) + "]"
    raise TypeError(of)


def key(name: str) -> str:
    """A key as TOML writes it."""
    return name if _BARE.fullmatch(name) else value(name)


def duration(seconds: float) -> str:
    """A duration as people write it: "45s", "20min", "1m30s"."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f}min" if 0 < minutes < 100 and not rest else units.format_duration(seconds)


def comment(text: str) -> str:
    """A text as comments, a line each."""
    return "\n".join(f"# {printable(line.expandtabs(4))}".rstrip() for line in text.split("\n"))


def head(title: str, language: str, *, about: str = "") -> str:
    """The top of a script: the schema for editors, a comment, and what it is called."""
    said = f"{LINE}\n{comment(about)}\n\n" if about else f"{LINE}\n\n"
    return f"{said}title    = {value(title)}\nlanguage = {value(language)}\n"


def pool(name: str, lines: Sequence[str]) -> str:
    """A pool of lines, a line each."""
    return f"{key(name)} = [\n" + "".join(f"  {value(line)},\n" for line in lines) + "]\n"


def block(steps: Sequence[Mapping[str, Any]], **keys: Any) -> str:
    """A block with its keys, those that are None or false left out, and a step a line."""
    written = {name: inside for name, inside in keys.items() if inside not in (None, False, "")}
    width = max([len("steps"), *map(len, written)])
    lines = [f"{name:{width}} = {value(inside)}" for name, inside in written.items()]
    rows = "".join(f"  {value(step)},\n" for step in steps)
    return "\n".join(["[[block]]", *lines, f"{'steps':{width}} = [\n{rows}]\n"])
