"""What a single value of a script may be: each check returns the value to keep, or says what would be right.

A check raises ``wrong(message)``; the message is shown to the script's author as it stands.
"""

import datetime
import re
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import (
    Field,
    PlainValidator,
    Strict,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from voicecoach import units
from voicecoach.errors import near, shown
from voicecoach.store.folders import beside, is_file
from voicecoach.units import MAX_PAUSE, MAX_SECONDS

MAX_TEXT = 2_000
"""Longest line, in characters."""

PLACEHOLDERS = (
    "name", "next", "remaining", "elapsed", "duration", "rep", "reps",
    "round", "rounds", "side", "block", "target", "best",
)  # fmt: skip
"""What a text may name in braces; each is filled in spoken form."""

_BRACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_PAUSE = re.compile(r"\[\s*pause\b([^\]]*)\]", re.IGNORECASE)
_ROUNDS = re.compile(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?", re.ASCII)
_TEMPO = re.compile(r"\d{1,3}(-\d{1,3}){2,3}", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%", re.ASCII)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_LANGUAGE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$"


def wrong(message: str) -> PydanticCustomError:
    """An error whose message is shown as it stands."""
    return PydanticCustomError("script", "{message}", {"message": message})


def duration(value: object) -> float:
    """Seconds of a duration, which may be nothing."""
    if isinstance(value, str):
        try:
            seconds = units.parse_duration(value)
        except ValueError as error:
            raise wrong(str(error)) from None
        if seconds > MAX_SECONDS:
            raise wrong(f'"{value}" is longer than 48h, the most a script may last')
        return seconds
    if isinstance(value, int | float) and _NUMBER.fullmatch(shown(value)) is not None:
        raise wrong(f'{shown(value)} has no unit (did you mean "{shown(value)}s"?)')
    if isinstance(value, datetime.time):
        raise wrong('a duration stands in quotes (write "45s", "20min", "1h30m" or "1:30")')
    raise wrong(f'expected a duration such as "45s", found {shown(value)}')


def some_duration(value: object) -> float:
    """Seconds of a duration that is longer than nothing."""
    seconds = duration(value)
    if not seconds:
        raise wrong(f'"{value}" lasts no time; it must be longer than 0s')
    return seconds


def hold(value: object) -> float | str:
    """Seconds, ``"max"``, or ``"progression:NAME"``."""
    if isinstance(value, str) and (value == "max" or value.startswith("progression:")):
        return value
    if isinstance(value, str) and value.lower() == "max":
        raise wrong(f'"{value}" is not a duration (did you mean "max"?)')
    return some_duration(value)


def text(value: object) -> str:
    """A line to be spoken, its placeholders and pauses checked but not filled."""
    if not isinstance(value, str):
        raise wrong(f"expected a text, found {shown(value)}")
    if not value or value.isspace():
        raise wrong("the text is empty")
    if len(value) > MAX_TEXT:
        raise wrong(f"the text has {len(value)} characters; at most {MAX_TEXT} are spoken")
    if "{" in value or "}" in value:
        for brace in _BRACE.finditer(value):
            _placeholder(brace.group(), brace.group(1))
    if "[" in value:
        _pauses(value)
    return value


def _pauses(line: str) -> None:
    total = 0.0
    for pause in _PAUSE.finditer(line):
        try:
            total += units.parse_duration(pause.group(1))
        except ValueError as error:
            raise wrong(f"{pause.group()}: {error}") from None
    if total > MAX_PAUSE:
        long, most = units.format_duration(total), units.format_duration(MAX_PAUSE)
        raise wrong(f"the pauses in the text last {long}; at most {most} fit in a line (write a step between two)")


def _placeholder(brace: str, name: str | None) -> None:
    if brace in ("{{", "}}") or name in PLACEHOLDERS:
        return
    if name is None:
        raise wrong(f'a single "{brace}" in a text (write "{brace * 2}" for a brace)')
    raise wrong(f"unknown name {{{name[:40]}}}{near(name, PLACEHOLDERS)}")


def flag_or_text(value: object) -> bool | str:
    """``true``, ``false``, or a line to be spoken instead of the built-in one."""
    if isinstance(value, bool | str):
        return value if isinstance(value, bool) else text(value)
    raise wrong(f"expected true, false or a text, found {shown(value)}")


def sides(value: object) -> bool | tuple[str, str]:
    """Whether a step is done for each side, or what the two sides are called."""
    match value:
        case bool():
            return value
        case [str(first), str(second)] if first.strip() and second.strip():
            return first, second
    raise wrong(f'expected true or two labels such as ["left", "right"], found {shown(value)}')


def tempo(value: object) -> tuple[int, ...]:
    """Seconds of each phase of a rep."""
    if not isinstance(value, str) or _TEMPO.fullmatch(value.strip()) is None:
        raise wrong(f'{shown(value)} is not a tempo (write the seconds of each phase, as "3-1-2" or "3-1-2-0")')
    phases = tuple(map(int, value.strip().split("-")))
    if not sum(phases):
        raise wrong(f'"{value}" lasts no time')
    return phases


def language(value: object) -> str:
    """A BCP 47 tag."""
    if isinstance(value, str) and len(value) <= 35 and re.fullmatch(_LANGUAGE, value):
        return value
    raise wrong(f'{shown(value)} is not a language (write its tag, as "en", "de" or "pt-BR")')


def audio(value: object, info: ValidationInfo) -> Path:
    """A file that exists; a relative path starts at the folder in the context."""
    if not isinstance(value, str) or not value.strip():
        raise wrong(f"expected the path of an audio file, found {shown(value)}")
    path = beside(info.context["folder"] if info.context else ".", value)
    if not is_file(path):
        raise wrong(f"no audio file at {shown(value)} (looked in {path.parent})")
    return path


class Place(NamedTuple):
    """Where in a step an ``at`` line stands: a share of its duration, or seconds from its start or its end."""

    seconds: float = 0.0
    share: float | None = None
    from_end: bool = False

    def within(self, duration: float) -> float:
        """Seconds from the step's start, for a step of ``duration`` seconds; may lie outside it."""
        if self.share is not None:
            return self.share * duration
        return duration - self.seconds if self.from_end else self.seconds


def place(value: object) -> Place:
    """A place in a step, as the keys of ``at`` give it."""
    written = str(value).strip()
    if written in ("half", "halfway"):
        return Place(share=0.5)
    if (percent := _PERCENT.fullmatch(written)) is not None:
        share = float(percent.group(1)) / 100
        if share > 1:
            raise wrong(f'"{written}" lies after the step (100% is its end)')
        return Place(share=share)
    try:
        return Place(seconds=units.parse_duration(written.removeprefix("-")), from_end=written.startswith("-"))
    except ValueError:
        raise wrong(f'{shown(value)} is not a place in a step (write "10s", "half", "75%" or "-10s")') from None


class RoundRange(NamedTuple):
    """The rounds of a block in which a step happens; they count from 1, and ``last`` None is the last round."""

    first: int = 1
    last: int | None = None
    only_last: bool = False

    def includes(self, number: int, rounds: int) -> bool:
        """Whether the step happens in round ``number`` of ``rounds``."""
        if self.only_last:
            return number == rounds
        return self.first <= number <= (rounds if self.last is None else self.last)

    def count(self, rounds: int) -> int:
        """In how many of ``rounds`` rounds the step happens."""
        if self.only_last:
            return 1
        return max(0, min(rounds, rounds if self.last is None else self.last) - self.first + 1)


def round_range(value: object) -> RoundRange:
    """The rounds that ``rounds`` names."""
    match value:
        case "first":
            return RoundRange(1, 1)
        case "last":
            return RoundRange(only_last=True)
        case "not first":
            return RoundRange(2)
    found = _ROUNDS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise wrong(f'{shown(value)} is not a choice of rounds (write "first", "last", "not first", "3" or "2-4")')
    first, last = int(found.group(1)), int(found.group(2) or found.group(1))
    if not 1 <= first <= last:
        raise wrong(f'"{value}" names no round (rounds count from 1, the smaller first)')
    return RoundRange(first, last)


_WORDS = r"(\d+(\.\d+)?h)?(\d+(\.\d+)?m(in)?)?(\d+(\.\d+)?s)?"
_CLOCK = r"(\d{1,2}:[0-5]\d|\d{1,3}):[0-5]\d(\.\d+)?"
_DURATION = WithJsonSchema(
    {"type": "string", "minLength": 2, "pattern": f"^({_WORDS}|{_CLOCK})$", "examples": ["45s", "1h30m", "1:30"]}
)
_TEXT = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
_FLAG_OR_TEXT = WithJsonSchema({"anyOf": [{"type": "boolean"}, _TEXT]})
_SIDES = {
    "anyOf": [
        {"type": "boolean"},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 2, "maxItems": 2},
    ]
}
_HOLD = {
    "type": "string",
    "minLength": 2,
    "pattern": f"^({_WORDS}|{_CLOCK}|max|progression:.+)$",
    "examples": ["45s", "max", "progression:NAME"],
}
_ROUNDS_SHAPE = WithJsonSchema(
    {"type": "string", "pattern": r"^(first|last|not first|\d+( *- *\d+)?)$", "examples": ["first", "not first", "2-4"]}
)

Seconds = Annotated[float, PlainValidator(duration), _DURATION]
"""A duration that may be nothing, in seconds."""
SomeSeconds = Annotated[float, PlainValidator(some_duration), _DURATION]
"""A duration longer than nothing, in seconds."""
HoldTarget = Annotated[float | str, PlainValidator(hold), WithJsonSchema(_HOLD)]
"""Seconds, ``"max"``, or ``"progression:NAME"``."""
Text = Annotated[str, PlainValidator(text), WithJsonSchema(_TEXT)]
"""A line to be spoken, with placeholders checked but not filled."""
FlagOrText = Annotated[bool | str, PlainValidator(flag_or_text), _FLAG_OR_TEXT]
"""On, off, or the line to speak."""
Sides = Annotated[bool | tuple[str, str], PlainValidator(sides), WithJsonSchema(_SIDES)]
"""Whether for each side, or the two labels."""
Tempo = Annotated[
    tuple[int, ...], PlainValidator(tempo), WithJsonSchema({"type": "string", "pattern": f"^{_TEMPO.pattern}$"})
]
"""Seconds of each phase of a rep."""
Language = Annotated[str, PlainValidator(language), WithJsonSchema({"type": "string", "pattern": _LANGUAGE})]
"""A BCP 47 tag."""
AudioPath = Annotated[Path, PlainValidator(audio), WithJsonSchema({"type": "string", "minLength": 1})]
"""An audio file that exists, relative to the script's folder."""
Rounds = Annotated[RoundRange, PlainValidator(round_range), _ROUNDS_SHAPE]
"""The rounds in which a step happens."""
AtPlace = Annotated[Place, PlainValidator(place), WithJsonSchema({"type": "string"})]
"""A place in a step."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""What something is called."""
Whole = Annotated[int, Strict()]
"""A whole number; no text, no fraction."""
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
"""A number; no text."""
Flag = Annotated[bool, Strict()]
"""``true`` or ``false``; nothing else."""
