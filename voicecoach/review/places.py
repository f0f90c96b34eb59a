"""A warning, and where it stands in the script that it is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from voicecoach import units
from voicecoach.arrange.arrangement import Passage
from voicecoach.errors import Problem
from voicecoach.script import positions
from voicecoach.script.codes import Code
from voicecoach.script.model import Step, Workout
from voicecoach.script.positions import Position
from voicecoach.script.problems import Path, key_path
from voicecoach.script.silences import Silences
from voicecoach.script.source import Source
from voicecoach.timeline.model import Origin, Segment


class ScriptWarning(NamedTuple):
    """One thing to look at, with the place of its key as in ``Problem`` and the code that explains it.

    What happens at a time has ``at``, in seconds, and ``where``, that time and the step in words; it is the first of
    ``times`` times.
    """

    file: str
    line: int
    column: int
    key: str
    message: str
    code: str
    at: float = 0.0
    where: str = ""
    times: int = 1

    def __str__(self) -> str:
        said = f"warning: {self.told} [{self.code}]"
        return str(Problem(self.file, self.line, self.column, self.key, said))

    @property
    def told(self) -> str:
        """The message with its time and step, and how often it happens."""
        when = f"{self.where}: " if self.where else ""
        again = f" (and {self.times - 1} more like it)" if self.times > 1 else ""
        return f"{when}{self.message}{again}"

    @property
    def clock(self) -> str | None:
        """When it happens first, as clocks show it; None for what has no time."""
        return units.format_clock(self.at) if self.where else None


class Found(NamedTuple):
    """A warning before its place is looked up: ``uses`` lead to its script as in ``Origin``, ``path`` to its key."""

    code: Code
    uses: tuple[str, ...]
    path: Path
    message: str
    at: float = 0.0
    where: str = ""
    times: int = 1


class _Text(NamedTuple):
    """Where everything in a script's text stands: the keys, the lines (offsets of their starts), what is silenced."""

    root: Position
    lines: list[int]
    silences: Silences


class Places:
    """Where the keys of a workout and of those it uses stand; each text is looked through once, when first asked of."""

    def __init__(self, workout: Workout) -> None:
        self._workout = workout
        self._known: dict[int, _Text] = {}

    def warnings(self, findings: list[Found]) -> Iterator[ScriptWarning]:
        """Those of the findings of which the script does not say that they are meant so, each at its place."""
        for found in findings:
            source = script_of(self._workout, found.uses).source
            said = (found.message, found.code, found.at, found.where, found.times)
            if source is None:
                yield ScriptWarning("", 0, 0, key_path(found.path), *said)
                continue
            text = self._text(source)
            path = text.root.written(found.path)
            if not text.silences.cover(found.code, text.root, path):
                offset = text.root.find(path)
                line = bisect_right(text.lines, offset)
                yield ScriptWarning(source.name, line, offset - text.lines[line - 1] + 1, key_path(path), *said)

    def of_silences(self) -> Iterator[ScriptWarning]:
        """What is wrong with the silences of the script itself, once all its warnings are there.

        What follows from how long speech lasts comes and goes with the voice: that nothing of it is silenced today says
        little.
        """
        source = self._workout.source
        if source is None or "check:" not in source.text.lower():
            return
        silences = self._text(source).silences
        for silence in silences.all:
            if not silence.codes:
                message = 'the comment names no code (write it as "# check: ok VC121")'
                yield _of_silence(source, silence.line, silence.column, Code.UNKNOWN_SILENCE, message)
            for code in silence.codes:
                if why := _unknown(code):
                    yield _of_silence(source, silence.line, silence.column, Code.UNKNOWN_SILENCE, why)
        for silence, code in silences.unused():
            if not _unknown(code) and code not in _BY_LENGTH:
                message = f"nothing here needs {code} to be silenced"
                yield _of_silence(source, silence.line, silence.column, Code.UNUSED_SILENCE, message)

    def _text(self, source: Source) -> _Text:
        if id(source) not in self._known:
            lines = [0, *(newline.end() for newline in re.finditer("\n", source.text))]
            self._known[id(source)] = _Text(positions.read(source.text), lines, Silences(source.text))
        return self._known[id(source)]


_BY_LENGTH = frozenset(
    {
        Code.LATE,
        Code.LEFT_OUT,
        Code.OVERRUN,
        Code.STRETCHED,
        Code.TOO_FAST,
        Code.UNCOUNTED,
        Code.CUES_UNHEARD,
        Code.REMINDER_UNHEARD,
        Code.CROWDED,
        Code.REPEATED,
        Code.NO_SET_UP,
        Code.VOICE,
        Code.VOICE_NOTE,
    }
)
"""What depends on the voice, the history or the computer."""


def _of_silence(source: Source, line: int, column: int, code: Code, message: str) -> ScriptWarning:
    return ScriptWarning(source.name, line, column, "", message, code)


def _unknown(code: str) -> str:
    """Why a code cannot be silenced; empty where it can."""
    if code not in frozenset(Code):
        return f'there is no code {code} ("voicecoach check --explain" lists them)'
    return f"{code} is a mistake, which cannot be silenced" if code.startswith("VC0") else ""


def script_of(workout: Workout, uses: tuple[str, ...]) -> Workout:
    """The script that the words of ``use`` steps lead to."""
    for use in uses:
        workout = workout.included[use]
    return workout


def step_of(workout: Workout, origin: Origin) -> Step | None:
    """The step of a script that a segment is; None for a rest between rounds."""
    block = script_of(workout, origin.script).block[origin.block]
    return None if origin.step is None else block.steps[origin.step]


def path_of(origin: Origin, key: str = "") -> Path:
    """The path to a key of the step that a segment is; rests between rounds and sides are keys of the block."""
    if origin.step is None:
        return ("block", origin.block, "rest" if origin.side is None else "switch")
    return ("block", origin.block, "steps", origin.step, *((key,) if key else ()))


def quoted(line: str) -> str:
    """A line as a warning shows it."""
    return f'"{line}"' if len(line) <= LONGEST_SHOWN else f'"{line[:LONGEST_SHOWN].rstrip()}…"'


LONGEST_SHOWN = 60
"""Characters of a line shown in a warning."""


def found_in(
    code: Code,
    segment: Segment,
    key: str,
    message: str,
    passage: Passage,
    rate: int,
    line: tuple[tuple[str, ...], Path] | None = None,
) -> Found:
    """What there is to say of a segment, at a key of its step or at the ``line`` that is known, by its first time."""
    at = passage.start / rate
    where = f"{units.format_clock(at)} {segment.label or segment.kind}"
    uses, path = line or (segment.origin.script, path_of(segment.origin, key))
    return Found(code, uses, path, message, at, where)
