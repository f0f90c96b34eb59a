"""What a script says: a workout of blocks of steps, as frozen models.

The field names are the keys of the script format, so these models are both the validation of a script and, through
``Workout.model_json_schema()``, the schema for editors. Durations are kept as seconds (float).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from voicecoach import units

MAX_SECONDS = 48 * 3600.0
"""Longest script, in seconds."""
MAX_ROUNDS = 10_000
"""Most rounds of a block."""
MAX_CUES = 1_000_000
"""Most cues of a script, counted after expansion."""
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


def _wrong(message: str) -> PydanticCustomError:
    """An error whose message is shown as it stands."""
    return PydanticCustomError("script", "{message}", {"message": message})


def near(word: str, known: tuple[str, ...] | list[str]) -> str:
    """`` (did you mean "x"?)`` where something known is near to ``word``, otherwise what there is."""
    import difflib

    found = difflib.get_close_matches(word, known, n=2, cutoff=0.6)
    if found:
        return " (did you mean " + " or ".join(f'"{name}"' for name in found) + "?)"
    return f" (known: {', '.join(known)})" if known else ""


def _duration(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _wrong(f'expected a duration such as "45s", found {_shown(value)}')
    if isinstance(value, int | float):
        raise _wrong(f'{value} has no unit (did you mean "{value}s"?)')
    try:
        return units.parse_duration(value)
    except ValueError as error:
        raise _wrong(str(error)) from None


def _some_duration(value: object) -> float:
    seconds = _duration(value)
    if seconds <= 0:
        raise _wrong(f'"{value}" lasts no time; it must be longer than 0s')
    return seconds


def _shown(value: object) -> str:
    """A value as a script author knows it."""
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"'
    return kinds.get(type(value), "something else")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(f"expected a text, found {_shown(value)}")
    if not value.strip():
        raise _wrong("the text is empty")
    if len(value) > MAX_TEXT:
        raise _wrong(f"the text has {len(value)} characters; at most {MAX_TEXT} are spoken")
    for brace in _BRACE.finditer(value):
        name = brace.group(1)
        if brace.group() in ("{{", "}}") or name in PLACEHOLDERS:
            continue
        if name is None:
            raise _wrong(f'a single "{brace.group()}" in a text (write "{brace.group() * 2}" for a brace)')
        raise _wrong(f"unknown name {{{name}}}{near(name, PLACEHOLDERS)}")
    for pause in _PAUSE.finditer(value):
        try:
            units.parse_duration(pause.group(1))
        except ValueError as error:
            raise _wrong(f"{pause.group()}: {error}") from None
    return value


def _audio(value: object, info: ValidationInfo) -> Path:
    if not isinstance(value, str):
        raise _wrong(f"expected the path of an audio file, found {_shown(value)}")
    if not value or "\0" in value:
        raise _wrong("expected the path of an audio file")
    path = Path(info.context["folder"] if info.context else ".") / Path(value).expanduser()
    if not path.is_file():
        raise _wrong(f'no audio file at "{value}" (looked in {path.parent})')
    return path


_DURATION_SCHEMA = WithJsonSchema(
    {
        "type": "string",
        "pattern": r"^\s*(\d+(\.\d+)?h)?(\d+(\.\d+)?(min|m))?(\d+(\.\d+)?s)?\s*$|^\s*(\d{1,2}:)?\d{1,3}:\d\d(\.\d+)?\s*$",
        "examples": ["45s", "20min", "1h30m", "1:30"],
    }
)
Seconds = Annotated[float, BeforeValidator(_duration), _DURATION_SCHEMA]
"""A duration that may be nothing, in seconds."""
SomeSeconds = Annotated[float, BeforeValidator(_some_duration), _DURATION_SCHEMA]
"""A duration longer than nothing, in seconds."""
Text = Annotated[str, BeforeValidator(_text)]
"""A line to be spoken, with placeholders checked but not filled."""
AudioPath = Annotated[Path, BeforeValidator(_audio), WithJsonSchema({"type": "string"})]
"""An audio file that exists, relative to the script's folder."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Order = Literal["cycle", "shuffle", "random"]
Style = Literal["voice", "beep", "both", "none"]


class Model(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


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


def _place(value: object) -> Place:
    text = str(value).strip()
    if text in ("half", "halfway"):
        return Place(share=0.5)
    if (percent := _PERCENT.fullmatch(text)) is not None:
        share = float(percent.group(1)) / 100
        if share > 1:
            raise _wrong(f'"{text}" lies after the step (100% is its end)')
        return Place(share=share)
    try:
        return Place(seconds=units.parse_duration(text.removeprefix("-")), from_end=text.startswith("-"))
    except ValueError:
        raise _wrong(f'"{text}" is not a place in a step (write "10s", "half", "75%" or "-10s")') from None


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


def _rounds(value: object) -> RoundRange:
    if value == "first":
        return RoundRange(1, 1)
    if value == "last":
        return RoundRange(only_last=True)
    if value == "not first":
        return RoundRange(2)
    found = _ROUNDS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise _wrong(f'{_shown(value)} is not a choice of rounds (write "first", "last", "not first", "3" or "2-4")')
    first, last = int(found.group(1)), int(found.group(2) or found.group(1))
    if not 1 <= first <= last:
        raise _wrong(f'"{value}" names no round (rounds count from 1, the smaller first)')
    return RoundRange(first, last)


class CueLine(Model):
    """A line of a pool: a text, or a recording that stands for it; ``weight`` counts in random order."""

    text: Text
    audio: AudioPath | None = None
    weight: Annotated[float, Field(gt=0, le=1000)] = 1.0


def _cue_line(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


CueLines = Annotated[tuple[Annotated[CueLine, BeforeValidator(_cue_line)], ...], Field(min_length=1)]


class Answer(Model):
    """One answer to an ``ask``."""

    label: Name
    say: Text | None = None
    use: Name | None = None


class Step(Model):
    """What every step may have."""

    kind: ClassVar[str]
    rounds: Annotated[RoundRange, BeforeValidator(_rounds), WithJsonSchema({"type": "string"})] | None = None


class Say(Step):
    """Speaks, for as long as the speech lasts plus ``pause``."""

    kind = "say"
    say: Text
    pause: Seconds = 0.0


class Timed(Step):
    """What any step under a clock may add."""

    name: Name | None = None
    intro: Text | None = None
    cues: Name | CueLines | None = None
    every: SomeSeconds | None = None
    first: Seconds | None = None
    order: Order = "cycle"
    at: dict[Annotated[Place, BeforeValidator(_place)], Text] = {}
    countdown: Annotated[int, Field(ge=0, le=60)] | None = None
    halfway: bool | Text | None = None
    sides: bool | tuple[Name, Name] = False
    switch: Seconds = 5.0
    cadence: Annotated[float, Field(ge=20, le=400)] | None = None


class Hold(Timed):
    """A still hold: seconds, ``"max"``, or ``"progression:NAME"``; ``cap`` ends a ``"max"`` hold in a file."""

    kind = "hold"
    hold: float | str
    cap: SomeSeconds = 180.0

    @field_validator("hold", mode="before")
    @classmethod
    def _hold(cls, value: object) -> float | str:
        if isinstance(value, str) and (value == "max" or value.startswith("progression:")):
            return value
        return _some_duration(value)

    @property
    def progression(self) -> str | None:
        """The name of the progression that says how long it is."""
        return self.hold.removeprefix("progression:") if isinstance(self.hold, str) and self.hold != "max" else None


class Work(Timed):
    """Any timed effort."""

    kind = "work"
    work: SomeSeconds


class Run(Timed):
    """Timed running."""

    kind = "run"
    run: SomeSeconds


class Walk(Timed):
    """Timed walking."""

    kind = "walk"
    walk: SomeSeconds


class Rest(Timed):
    """A pause that says what comes next."""

    kind = "rest"
    rest: SomeSeconds


class Reps(Timed):
    """Counted repetitions: ``tempo`` gives each phase's seconds, ``each`` the seconds of a whole rep."""

    kind = "reps"
    reps: Annotated[int, Field(ge=1, le=1000)]
    tempo: tuple[int, ...] | None = None
    each: SomeSeconds | None = None

    @field_validator("tempo", mode="before")
    @classmethod
    def _tempo(cls, value: object) -> tuple[int, ...]:
        if not isinstance(value, str) or _TEMPO.fullmatch(value.strip()) is None:
            raise _wrong(f'{_shown(value)} is not a tempo (write the seconds of each phase, as "3-1-2" or "3-1-2-0")')
        phases = tuple(map(int, value.strip().split("-")))
        if not sum(phases):
            raise _wrong(f'"{value}" lasts no time')
        return phases

    @model_validator(mode="after")
    def _one_pace(self) -> Reps:
        if self.tempo is not None and self.each is not None:
            raise _wrong("tempo and each both say how long a rep lasts; keep one")
        return self

    @property
    def rep_seconds(self) -> float:
        """Seconds of one rep; 3 where the script does not say."""
        return float(sum(self.tempo)) if self.tempo is not None else (self.each or 3.0)


class Ready(Step):
    """Waits until the person goes on; an exported file waits ``or`` seconds."""

    kind = "ready"
    ready: Text
    wait: Annotated[SomeSeconds, Field(alias="or")] = 15.0


class Ask(Step):
    """A question; live the person picks an answer, a file speaks each in turn."""

    kind = "ask"
    ask: Text
    answers: Annotated[tuple[Answer, ...], Field(min_length=1, max_length=9)]


class Play(Step):
    """A recorded clip, at its own length."""

    kind = "play"
    play: AudioPath
    name: Name | None = None


class Use(Step):
    """Another script (``name`` or ``./file.toml``) or a block of this one (``#name``)."""

    kind = "use"
    use: Name


STEP_MODELS: dict[str, type[Step]] = {
    model.kind: model for model in (Say, Hold, Work, Run, Walk, Rest, Reps, Ready, Ask, Play, Use)
}
"""Each step model by the key that makes a step one of its kind."""


def _step_kind(value: Any) -> str | None:
    if isinstance(value, Step):
        return value.kind
    if not isinstance(value, dict):
        return None
    kinds = [key for key in STEP_MODELS if key in value]
    return kinds[0] if len(kinds) == 1 else None


AnyStep = Annotated[
    Annotated[Say, Tag("say")]
    | Annotated[Hold, Tag("hold")]
    | Annotated[Work, Tag("work")]
    | Annotated[Run, Tag("run")]
    | Annotated[Walk, Tag("walk")]
    | Annotated[Rest, Tag("rest")]
    | Annotated[Reps, Tag("reps")]
    | Annotated[Ready, Tag("ready")]
    | Annotated[Ask, Tag("ask")]
    | Annotated[Play, Tag("play")]
    | Annotated[Use, Tag("use")],
    Discriminator(_step_kind),
]


class Block(Model):
    """Steps that repeat together; ``rest`` lies between rounds, not after the last."""

    name: Name | None = None
    repeat: Annotated[int, Field(ge=1, le=MAX_ROUNDS)] = 1
    rest: SomeSeconds | None = None
    steps: Annotated[tuple[AnyStep, ...], Field(min_length=1)]


class VoiceWish(Model):
    """The voice a script, a configuration or a call would like; None leaves it open.

    ``rate`` 1.0 is natural speed; ``pitch`` 1.0 is the voice's own; ``volume`` 1.0 is full.
    """

    engine: Name | None = None
    name: Name | None = None
    rate: Annotated[float, Field(ge=0.25, le=4)] | None = None
    pitch: Annotated[float, Field(ge=0.25, le=4)] | None = None
    volume: Annotated[float, Field(ge=0, le=1)] | None = None


class Announce(Model):
    """Defaults for every step. ``lead_in`` None leaves it to the kind of step."""

    lead_in: Seconds | None = None
    halfway: bool | Text = True
    countdown: Annotated[int, Field(ge=0, le=60)] = 3
    remaining: tuple[SomeSeconds, ...] = (10.0,)
    next: bool = True
    complete: bool | Text = True
    style: Style = "both"


class Reminder(Model):
    """Lines that come back through the steps of ``during`` (kinds or names)."""

    cues: Name | CueLines
    every: SomeSeconds
    first: Seconds | None = None
    jitter: Seconds = 0.0
    during: tuple[Name, ...] | None = None
    order: Order = "shuffle"
    fade: Annotated[float, Field(ge=1, le=10)] = 1.0
    max_every: SomeSeconds | None = None


class Progression(Model):
    """A hold that grows: what it is today follows from the history; with none it is ``start``."""

    start: SomeSeconds
    goal: SomeSeconds
    step: SomeSeconds
    unlocks: Name | None = None


class Music(Model):
    """A music bed: ``gain`` in dB, ``duck`` the dB it is lowered by under speech, ``fade`` in seconds."""

    files: Annotated[tuple[Name, ...], Field(min_length=1)]
    gain: Annotated[float, Field(ge=-60, le=12)] = -14.0
    duck: Annotated[float, Field(ge=0, le=60)] = 12.0
    fade: Seconds = 2.0
    order: Order = "cycle"


class Script(Model):
    """The tables of a script, as written."""

    title: Name
    summary: Annotated[str, StringConstraints(max_length=MAX_TEXT)] = ""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$")] = "en"
    cues: dict[Name, CueLines] = {}
    voice: VoiceWish = VoiceWish()
    announce: Announce = Announce()
    block: Annotated[tuple[Block, ...], Field(min_length=1)]
    reminder: tuple[Reminder, ...] = ()
    progression: dict[Name, Progression] = {}
    music: Music | None = None


class Workout(Script):
    """A script with all that it names found: what it includes, by the words of its ``use`` steps, and its music.

    ``digest`` is a hash (hex) of the contents of the script and of all it includes.
    """

    digest: str = ""
    included: dict[str, Workout] = {}
    music_files: tuple[Path, ...] = ()
