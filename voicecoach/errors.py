"""Everything that can go wrong, as one tree.

::

    VoicecoachError
    ├── ScriptError      a script is wrong: every problem of it, each with its place
    ├── ConfigError      the person's own configuration is wrong
    ├── VoiceError       no such engine or voice, or an engine failed to speak
    ├── AudioFileError   an audio file is missing, or is no audio
    ├── SinkError        no device to play on, or it refuses
    └── ExportError      a file cannot be encoded or written

Each carries the exit code of the command line: 2 where the call, the script or the configuration is wrong,
1 where the work failed.

Beside it stands how messages speak of what somebody wrote, and of what they may have meant.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class VoicecoachError(Exception):
    """Base of all errors that a person can do something about."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a script.

    ``line`` and ``column`` count from 1; 0 means the place is not known (the file could not be read at all).
    ``key`` is the path to the value, as ``block[0].steps[1].hold``; empty for the file as a whole.
    """

    file: str
    line: int
    column: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ScriptError(VoicecoachError):
    """A script does not follow the format; ``problems`` holds every mistake, in the order of the file."""

    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    def __reduce__(self) -> tuple[type[ScriptError], tuple[tuple[Problem, ...]]]:
        """Pickled with its problems, so that it can come from another process."""
        return type(self), (self.problems,)


class ConfigError(VoicecoachError):
    """The person's configuration file is wrong."""

    exit_code = 2


class VoiceError(VoicecoachError):
    """No such engine or voice, or an engine failed."""


class UnknownVoiceError(VoiceError):
    """The engine or voice asked for does not exist here; the message lists near ones."""

    exit_code = 2


class AudioFileError(VoicecoachError):
    """An audio file is missing, unreadable, or holds no audio."""


class SinkError(VoicecoachError):
    """There is nothing to play on, or it refuses."""


class UnknownOutputError(SinkError):
    """The output or device asked for is not one of those here; the message lists them."""

    exit_code = 2


class ExportError(VoicecoachError):
    """A file cannot be encoded or written."""


class UnknownFormatError(ExportError):
    """The format asked for is not one of ours; the message lists those that are."""

    exit_code = 2


def near(word: str, known: Sequence[str]) -> str:
    """`` (did you mean "x"?)`` where something known is near to ``word``, otherwise what there is."""
    return _near(word, tuple(known))


@functools.lru_cache(maxsize=256)
def _near(word: str, known: tuple[str, ...]) -> str:
    import difflib  # only where something is wrong

    found = difflib.get_close_matches(word[:80], known, n=2, cutoff=0.6)
    if found:
        return " (did you mean " + " or ".join(f'"{name}"' for name in found) + "?)"
    return f" (known: {', '.join(known[:20])}{', …' if len(known) > 20 else ''})" if known else ""


def shown(value: object) -> str:
    """A value as a script's author knows it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if abs(value) >= 10**18:
            return "a huge number"
        case int() | float():
            return str(value)
        case str():
            return f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"'
        case list() | tuple():
            return "a list"
        case dict():
            return "a table"
        case datetime.date() | datetime.time():
            return "a date or time"
    return "something else"
