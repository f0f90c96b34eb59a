"""What a single value of a script may be: each check returns the value to keep, or says what would be right.

A check raises ``wrong(message)``; the message is shown to the script's author as it stands.
"""

import datetime
import math
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Strict,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from voicecoach import units
from voicecoach.errors import counted, meant, near, shown
from voicecoach.store.folders import beside, is_file
from voicecoach.units import MAX_PAUSE, MAX_SECONDS
from voicecoach.wording import foreign_marks, pauses

MAX_TEXT = 2_000
"""Longest line, in characters."""

PLACEHOLDERS = (
    "name", "next", "remaining", "elapsed", "duration", "rep", "reps",
    "round", "rounds", "side", "block", "target", "best",
    "step", "steps", "session_elapsed", "session_remaining",
)  # fmt: skip
"""What a text may name in braces; each is filled in spoken form."""

_BRACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_ROUNDS = re.compile(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?", re.ASCII)
_TEMPO = re.compile(r"\d{1,3}(-\d{1,3}){2,3}", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%", re.ASCII)
_REP = re.compile(r"rep ([1-9]\d{0,3})|last rep", re.ASCII)
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
        raise wrong(units.without_unit(shown(value), shown(value)))
    if isinstance(value, datetime.time):
        raise wrong('a duration stands in quotes (write "45s", "20 min", "1h30m" or "1:30")')
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
    _no_foreign_marks(value)
    if "{" in value or "}" in value:
        for brace in _BRACE.finditer(value):
            _placeholder(brace.group(), brace.group(1))
    if "[" in value:
        _pauses(value)
    return value


def _no_foreign_marks(line: str) -> None:
    mark = foreign_marks.foreign(line)
    if mark is not None:
        remedy = f'write "{mark.pause}"' if mark.pause else 'leave it out; a silence is written "[pause 2s]"'
        raise wrong(
            f"{shown(' '.join(mark.written.split()))} is a mark of another tool and would be read aloud ({remedy})"
        )


def _pauses(line: str) -> None:
    try:
        total = sum(part for part in pauses.split(line) if isinstance(part, float))
    except ValueError as error:
        raise wrong(str(error)) from None
    if total > MAX_PAUSE:
        long, most = units.format_duration(total), units.format_duration(MAX_PAUSE)
        raise wrong(f"the pauses in the text last {long}; at most {most} fit in a line (write a step between two)")


def _placeholder(brace: str, name: str | None) -> None:
    if brace in ("{{", "}}") or name in PLACEHOLDERS:
        return
    if name is None:
        raise wrong(f'a single "{brace}" in a text (write "{brace * 2}" for a brace)')
    raise wrong(f"unknown name {{{name[:40]}}}{near(name, PLACEHOLDERS)}")


def names_in(line: str) -> list[str]:
    """The placeholders of a text, without their braces."""
    return [brace.group(1) for brace in _BRACE.finditer(line) if brace.group(1)] if "{" in line else []


def spoken_name(value: str) -> str:
    """What something is called, as it will be spoken: its marks and pauses checked; nothing is filled in."""
    if value.isspace():
        raise wrong("the text is empty")
    _no_foreign_marks(value)
    for name in names_in(value):
        raise wrong(f"{{{name[:40]}}} is not filled in here: a name is spoken as it stands")
    if "[" in value:
        _pauses(value)
    return value


def written_word(value: str) -> str:
    """A word or phrase as it stands in texts."""
    if not any(map(str.isalnum, value)) or any(mark in value for mark in "{}[]"):
        raise wrong(f"{shown(value)} is no word or phrase as it stands in a text")
    return value


def said_as(value: str) -> str:
    """How a word is said: respelt, or in IPA between slashes."""
    if any(mark in value for mark in "{}[]"):
        raise wrong("how a word is said has no names or pauses in it")
    inside = value.strip()
    if "/" in inside and not (len(inside) > 2 and inside[0] == inside[-1] == "/" and "/" not in inside[1:-1]):
        raise wrong(f'{shown(value)} has a slash: IPA stands between two, as "/ɡluːt/"')
    if inside.startswith("/"):
        _ipa(inside[1:-1])
    if not any(map(str.isalnum, inside)):
        raise wrong("the text is empty")
    return inside


def _ipa(phonemes: str) -> None:
    """Letters of other alphabets and figures no voice says; what is neither is a mark, of which IPA has many."""
    for mark in phonemes:
        foreign = mark.isalpha() and not _is_of_ipa(mark) and unicodedata.category(mark) != "Lm"
        if foreign or mark.isdecimal():
            raise wrong(
                f'"{mark}" is no letter of IPA (write the sounds, as "/ɡluːt/", or other letters without slashes)'
            )
    if not any(map(_is_of_ipa, phonemes)):
        raise wrong(f'"/{phonemes}/" has no letter of IPA in it (write the sounds, as "/ɡluːt/")')


def _is_of_ipa(mark: str) -> bool:
    return mark in "βθχ" or (mark.isalpha() and unicodedata.name(mark, "").startswith("LATIN "))


def flag_or_text(value: object) -> bool | str:
    """``true``, ``false``, or a line to be spoken instead of the built-in one."""
    if isinstance(value, bool | str):
        return value if isinstance(value, bool) else text(value)
    raise wrong(f"expected true, false or a text, found {shown(value)}")


EMPHASES = ("moderate", "strong", "reduced")
"""How a line may stand out, by SSML's names; ``true`` is the first."""


def emphasis(value: object) -> str:
    """How a line stands out from the others; empty where it does not."""
    if isinstance(value, bool):
        return EMPHASES[0] if value else ""
    if isinstance(value, str) and value in EMPHASES:
        return value
    question = meant(value, EMPHASES) if isinstance(value, str) else ""
    remedy = f" ({question})" if question else ""
    raise wrong(f'expected true, "moderate", "strong" or "reduced", found {shown(value)}{remedy}')


def sides(value: object) -> bool | tuple[str, str]:
    """Whether a step is done for each side, or what the two sides are called."""
    match value:
        case bool():
            return value
        case [str(first), str(second)] if first.strip() and second.strip():
            return spoken_name(first), spoken_name(second)
    found = counted(len(value), "label") if isinstance(value, list | tuple) else shown(value)
    raise wrong(f'expected true or two labels such as ["left", "right"], found {found}')


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


SOUNDS = ("start", "end", "countdown", "halfway", "tick")
"""The sounds that a script may replace."""
SOUND_KINDS = ("hold", "work", "run", "walk", "rest", "reps")
"""The kinds of step that may have sounds of their own."""


def sound(value: object) -> str:
    """The name of a sound, or of that of a kind of step: ``start.run``."""
    name, dot, kind = str(value).partition(".")
    if name not in SOUNDS:
        raise wrong(f"there is no sound called {shown(value)}{near(name, SOUNDS)}")
    if dot and kind not in SOUND_KINDS:
        raise wrong(f'"{kind}" is no kind of step{near(kind, SOUND_KINDS)}')
    return str(value)


def flat(value: object) -> object:
    """A table whose dotted keys are keys: ``start.run = "a.wav"`` is a table in a table to TOML."""
    if not isinstance(value, dict):
        return value
    found: dict[object, object] = {}
    for key, inside in value.items():
        found |= {f"{key}.{kind}": file for kind, file in inside.items()} if isinstance(inside, dict) else {key: inside}
    return found


def audio(value: object, info: ValidationInfo) -> Path:
    """A file that exists; a relative path starts at the folder in the context."""
    if not isinstance(value, str) or not value.strip():
        raise wrong(f"expected the path of an audio file, found {shown(value)}")
    path = beside(info.context["folder"] if info.context else ".", value)
    if not is_file(path):
        raise wrong(f"no audio file at {shown(value)} (looked in {path.parent})")
    return path


LAST_REP = -1


class Place(NamedTuple):
    """Where in a step an ``at`` line stands: a share of it, seconds from its start or its end, or a repetition.

    ``rep`` counts from 1, LAST_REP is the last; None where the place is none of a repetition.
    """

    seconds: float = 0.0
    share: float | None = None
    from_end: bool = False
    rep: int | None = None

    def within(self, duration: float, reps: int = 0) -> float:
        """Seconds from the step's start, for one of ``duration`` seconds and so many ``reps``; may lie outside it."""
        if self.rep is not None:
            number = reps if self.rep == LAST_REP else self.rep
            if number > max(1, reps):
                return math.inf
            return (number - 1) * duration / max(1, reps)
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
    if (rep := _REP.fullmatch(written)) is not None:
        return Place(rep=LAST_REP if rep.group(1) is None else int(rep.group(1)))
    try:
        return Place(seconds=units.parse_duration(written.removeprefix("-")), from_end=written.startswith("-"))
    except ValueError as error:
        if written[:1].isdecimal():
            raise wrong(str(error)) from None
        places = '"10s", "half", "75%", "-10s", "rep 6" or "last rep"'
        raise wrong(f"{shown(value)} is not a place in a step (write {places})") from None


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


_DURATION = WithJsonSchema(
    {"type": "string", "minLength": 2, "pattern": f"^({units.DURATION})$", "examples": ["45s", "20 min", "1:30"]}
)
_TEXT = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
_FLAG_OR_TEXT = WithJsonSchema({"anyOf": [{"type": "boolean"}, _TEXT]})
_SIDES = {
    "anyOf": [
        {"type": "boolean"},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 2, "maxItems": 2},
    ]
}
_PRONOUNCE = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 200}}
_HOLD = {
    "type": "string",
    "minLength": 2,
    "pattern": f"^({units.DURATION}|max|progression:.+)$",
    "examples": ["45s", "max", "progression:NAME"],
}
_ROUNDS_SHAPE = WithJsonSchema(
    {"type": "string", "pattern": r"^(first|last|not first|\d+( *- *\d+)?)$", "examples": ["first", "not first", "2-4"]}
)

ONE, SEVERAL = "<one>", "<several>"
"""What a finding calls the alternatives of a value that may be a list."""


class Several(tuple[Any, ...]):
    """A value for each round, in their order."""

    __slots__ = ()


def _several(value: object) -> str:
    return SEVERAL if isinstance(value, list) else ONE


Value = TypeVar("Value")
OneARound = Annotated[
    Annotated[Value, Tag(ONE)]
    | Annotated[tuple[Value, ...], Field(min_length=1), AfterValidator(Several), Tag(SEVERAL)],
    Discriminator(_several),
]
"""A value for all rounds of a block, or a list with one for each."""
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
Emphasis = Annotated[
    str, PlainValidator(emphasis), WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": [*EMPHASES]}]})
]
"""How a line stands out: one of ``EMPHASES``, or empty."""
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
SoundName = Annotated[str, PlainValidator(sound), WithJsonSchema({"type": "string"})]
"""The name of a sound, alone or with a kind of step."""
_SOUND_FILES = {
    "type": "object",
    "properties": {
        name: {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
        for name in SOUNDS
    },
    "patternProperties": {rf"^({'|'.join(SOUNDS)})\.({'|'.join(SOUND_KINDS)})$": {"type": "string"}},
    "additionalProperties": False,
}
Sounds = Annotated[dict[SoundName, AudioPath], BeforeValidator(flat), WithJsonSchema(_SOUND_FILES)]
"""Own files in place of the sounds that ship."""
Rounds = Annotated[RoundRange, PlainValidator(round_range), _ROUNDS_SHAPE]
"""The rounds in which a step happens."""
AtPlace = Annotated[Place, PlainValidator(place), WithJsonSchema({"type": "string"})]
"""A place in a step."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""What something is called."""
Pronounce = Annotated[
    dict[Annotated[Name, AfterValidator(written_word)], Annotated[Name, AfterValidator(said_as)]],
    WithJsonSchema(_PRONOUNCE),
]
"""Written words and phrases, and how each is said."""
SpokenName = Annotated[Name, AfterValidator(spoken_name)]
"""What something is called aloud."""
Label = Annotated[Name, AfterValidator(text)]
"""What an answer is called; a line to be spoken too."""
Whole = Annotated[int, Strict()]
"""A whole number; no text, no fraction."""
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
"""A number; no text."""
Flag = Annotated[bool, Strict()]
"""``true`` or ``false``; nothing else."""
