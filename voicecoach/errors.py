"""Everything that can go wrong, as one tree.

::

    VoicecoachError
    ├── ScriptError      a script is wrong: every problem of it, each with its place
    ├── PlanOverError    the last day of a plan is done
    ├── AuthoringError   a script cannot be begun or edited
    │   ├── NothingUnderstoodError  a text has no workout in it
    │   └── WorkoutFileError  a file of another program cannot be imported; the message has the place
    ├── ConfigError      the person's own configuration is wrong
    ├── VoiceError       no such engine or voice, or an engine failed to speak
    │   ├── EngineError  an engine cannot be loaded at all: another has to speak
    │   └── SilentError  a voice has no sound for a text: another may have
    ├── AudioFileError   an audio file is missing, or is no audio
    ├── SinkError        no device to play on, or it refuses
    ├── MicrophoneError  nothing to listen with, or it refuses
    ├── HistoryError     what is remembered of sessions cannot be read or written
    │   └── HistoryFileError  what is to be imported is no history: every problem of it, each with its place
    ├── DeviceError      what is on a watch or player, or to go there, cannot be read or written
    │   └── UnknownDeviceError  no such watch or player
    ├── ServerError      pages cannot be served: nothing to do it with, or nowhere to listen
    └── ExportError      a file cannot be encoded or written

Each carries the exit code of the command line: 2 where the call, the script or the configuration is wrong,
1 where the work failed.

Beside it stands how messages speak of what somebody wrote, and of what they may have meant.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar


class VoicecoachError(Exception):
    """Base of all errors that a person can do something about."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a script.

    ``line`` and ``column`` count from 1; 0 means the place is not known (the file could not be read at all).
    ``key`` is the path to the value, as ``block[0].steps[1].hold``; empty for the file as a whole. What comes from a
    file may hold anything; as text, a problem is one line that is safe to show. ``code`` is what ``check --explain``
    knows it by.
    """

    file: str
    line: int
    column: int
    key: str
    message: str
    code: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"
        return printable(text.replace("\n", "\ufffd"))


class ScriptError(VoicecoachError):
    """A script does not follow the format; ``problems`` holds every mistake, in the order of the file."""

    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    def __reduce__(self) -> tuple[type[ScriptError], tuple[tuple[Problem, ...]]]:
        """Pickled with its problems, so that it can come from another process."""
        return type(self), (self.problems,)


class PlanOverError(VoicecoachError):
    """No day of a plan comes any more."""


class AuthoringError(VoicecoachError):
    """A script cannot be begun or edited."""


class NothingUnderstoodError(AuthoringError):
    """A text has no workout in it."""

    exit_code = 2


class WorkoutFileError(AuthoringError):
    """A workout of another program cannot be imported; the message begins with the file, and the line if known."""

    exit_code = 2


class ConfigError(VoicecoachError):
    """The person's configuration file is wrong."""

    exit_code = 2


class VoiceError(VoicecoachError):
    """No such engine or voice, or an engine failed."""


class EngineError(VoiceError):
    """An engine is not installed, or cannot be loaded; nothing that it is asked to say can be heard."""


class SilentError(VoiceError):
    """A voice says nothing for a text that has something to say in it."""


class UnknownVoiceError(VoiceError):
    """The engine or voice asked for does not exist here; the message lists near ones."""

    exit_code = 2


class OtherLanguageError(UnknownVoiceError):
    """The engine asked for does not speak the language."""


class AudioFileError(VoicecoachError):
    """An audio file is missing, unreadable, or holds no audio."""


class SinkError(VoicecoachError):
    """There is nothing to play on, or it refuses."""


class UnknownOutputError(SinkError):
    """The output or device asked for is not one of those here; the message lists them."""

    exit_code = 2


class MicrophoneError(VoicecoachError):
    """There is no microphone, or it may not be listened to."""


class UnknownMicrophoneError(MicrophoneError):
    """The microphone asked for is not one of those here; the message lists them."""

    exit_code = 2


class HistoryError(VoicecoachError):
    """The history is damaged, of a later version, or cannot be read or written."""


class HistoryWriteError(HistoryError):
    """The history cannot be written, and may still be read."""


class HistoryFileError(HistoryError):
    """A file that is to be imported is no history; ``problems`` holds every mistake, in the order of the file."""

    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    def __reduce__(self) -> tuple[type[HistoryFileError], tuple[tuple[Problem, ...]]]:
        """Pickled with its problems, as a ScriptError is."""
        return type(self), (self.problems,)


class DeviceError(VoicecoachError):
    """A watch or player, or the folder that is for it, cannot be read or written."""


class UnknownDeviceError(DeviceError):
    """There is no profile of such a watch or player; the message names the nearest."""

    exit_code = 2


class ServerError(VoicecoachError):
    """Pages cannot be served: what does it is not installed, or an address cannot be listened on."""


class ExportError(VoicecoachError):
    """A file cannot be encoded or written."""


class UnknownFormatError(ExportError):
    """The format asked for is not one of ours; the message lists those that are."""

    exit_code = 2


class UnknownSplitError(ExportError):
    """A session cannot be split so; the message lists how it can be."""

    exit_code = 2


def near(word: str, known: Iterable[str]) -> str:
    """`` (did you mean "x"?)`` where something known is near to ``word``, otherwise what there is."""
    known = tuple(known)
    if question := meant(word, known):
        return f" ({question})"
    return f" (known: {', '.join(known[:20])}{', …' if len(known) > 20 else ''})" if known else ""


@functools.lru_cache(maxsize=256)
def meant(word: str, known: tuple[str, ...], most: int = 2, likeness: float = 0.6) -> str:
    """``did you mean "x" or "y"?`` with the nearest of what is known, in whatever case; empty where nothing is near."""
    import difflib  # only where something is wrong

    names = {name.casefold(): name for name in reversed(known)}
    found = difflib.get_close_matches(word[:80].casefold(), names, n=most, cutoff=likeness)
    return "did you mean " + " or ".join(f'"{names[name]}"' for name in found) + "?" if found else ""


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


def counted(number: int, noun: str) -> str:
    """So many of something: "1 step", "2 steps"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def printable(text: str) -> str:
    """A text without what a terminal would obey instead of show: escape sequences, direction marks. Lines stay."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    import unicodedata

    obeyed = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    return "".join(char if char in "\n\u200d" or unicodedata.category(char) not in obeyed else "�" for char in text)
