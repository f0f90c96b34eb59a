"""Scripts: found by path or name, read, checked against the format, and everything wrong told at once."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from voicecoach.errors import ScriptError
from voicecoach.script import source as sources
from voicecoach.script.source import names

if TYPE_CHECKING:
    from voicecoach.script.audio import Audible
    from voicecoach.script.model import Workout

__all__ = ["files", "load", "names", "schema"]


def load(source: str | Path, *, stdin: TextIO | None = None, audible: Audible | None = None) -> Workout:
    """The workout of a script, with all that it includes.

    ``source`` is a path, the name of a workout of the person's own or of one that ships, or ``"-"`` for ``stdin``
    (by default the process's own). ``audible`` is shown each audio file that is named, and raises AudioFileError where
    it cannot be heard. Raises ScriptError with every mistake of the script and of those it uses, each with its file,
    line, column and key path.
    """
    from voicecoach.script.loader import Loader  # brings the models

    return Loader(audible).load(sources.opened(source, stdin))


def files(source: str | Path) -> tuple[Path, ...]:
    """The files that a script is made of, its own first; as far as they can be read, where it has mistakes."""
    from voicecoach.script.loader import Loader

    try:
        own = sources.opened(source)
    except ScriptError:
        return (Path(source),) if sources.is_path(str(source)) else ()
    loader = Loader()
    with contextlib.suppress(ScriptError):
        loader.load(own)
    return tuple(path for path in (own.path, *loader.files) if path is not None)


def schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of the script format; what only a whole script shows, such as names, it cannot say."""
    from voicecoach.script import json_schema

    return json_schema.schema()
