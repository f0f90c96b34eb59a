"""The recordings of a coach's own voice: a folder beside the script, and in it which line each file says.

The index, ``lines.toml``, has a table a language, and in it the file of each line, by the text as it is spoken::

    [en]
    "Squeeze your glutes." = "squeeze-your-glutes.wav"
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import tomli

from voicecoach.errors import shown
from voicecoach.store.folders import is_file

INDEX = "lines.toml"
MAX_BYTES = 5_000_000
"""Largest index that is read."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = '# Lines in your own voice, and the file that says each: written by "voicecoach record".\n'


class Recorded(NamedTuple):
    """A line, as it is spoken, and the file in which a person says it, which may not be there."""

    text: str
    language: str
    file: Path


def read(folder: Path) -> tuple[Recorded, ...]:
    """What a folder's index says; nothing where there is none.

    Raises ValueError with the words for an index that cannot be read, or names files outside of its folder.
    """
    index = folder / INDEX
    if not is_file(index):
        return ()
    try:
        with index.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ValueError("it is far too large")
        data = tomli.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        raise ValueError(f"{index} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, RecursionError) as error:
        reason = "it lies too deep" if isinstance(error, RecursionError) else str(error)
        raise ValueError(f"{index} cannot be read: {reason[:1].lower()}{reason[1:]}") from None
    found = []
    for language, lines in data.items():
        if not isinstance(lines, dict):
            raise ValueError(f"{index}: {shown(language)} is no table of lines (write [{language}] above them)")
        for text, name in lines.items():
            if not isinstance(name, str) or not name or Path(name).name != name or "\\" in name or "\0" in name:
                raise ValueError(f"{index}: {shown(text)} needs the name of a file in that folder, found {shown(name)}")
            found.append(Recorded(text, language, folder / name))
    return tuple(found)


def written(recorded: Iterable[Recorded]) -> str:
    """The index of a folder that holds these, in their order; of two of the same line the last counts."""
    tables: dict[str, dict[str, str]] = {}
    for text, language, file in recorded:
        tables.setdefault(language, {})[text] = file.name
    rows = [_HEAD]
    for language, lines in tables.items():
        rows.append(f"\n[{language if _BARE.fullmatch(language) else _quoted(language)}]\n")
        rows += [f"{_quoted(text)} = {_quoted(name)}\n" for text, name in lines.items()]
    return "".join(rows)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
