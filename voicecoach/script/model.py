"""What a script says: a workout of blocks of steps, as frozen models.

The field names are the keys of the script format, so these models are both the validation of a script and, through
``voicecoach.script.schema()``, the schema for editors. Durations are kept as seconds (float).
"""

# No postponed annotations here: evaluating them late doubles what importing this module costs.
from collections.abc import Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from voicecoach.errors import shown
from voicecoach.script.source import Source, identity
from voicecoach.script.values import (
    MAX_TEXT,
    AtPlace,
    AudioPath,
    Flag,
    FlagOrText,
    HoldTarget,
    Label,
    Language,
    Name,
    Number,
    Pronounce,
    Rounds,
    Seconds,
    Sides,
    SomeSeconds,
    Sounds,
    SpokenName,
    Tempo,
    Text,
    Whole,
    wrong,
)

MAX_ROUNDS = 10_000
"""Most rounds of a block."""
MAX_CUES = 1_000_000
"""Most cues of a script, counted after expansion."""

SWITCH = 5.0
"""Seconds to change sides where the script names none."""

Order = Literal["cycle", "shuffle", "random"]
Style = Literal["voice", "beep", "both", "none"]


class Model(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, defer_build=True
    )


class CueLine(Model):
    """A line of a pool: a text, or a recording that stands for it; ``weight`` counts in random order."""

    text: Text
    audio: AudioPath | None = None
    weight: Annotated[Number, Field(gt=0, le=1000)] = 1.0


def _cue_line(value: object) -> object:
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, dict | CueLine):
        return value
    raise wrong(f'expected a text, or {{ text = "…", audio = "…" }}, found {shown(value)}')


def _pool_or_lines(value: object) -> str | None:
    return "pool" if isinstance(value, str) else "lines" if isinstance(value, list | tuple) else None


AtLine = Annotated[CueLine, BeforeValidator(_cue_line, json_schema_input_type=CueLine | Text)]
"""A text, or a recording with what it says."""
CueLines = Annotated[tuple[AtLine, ...], Field(min_length=1)]
Cues = Annotated[
    Annotated[Name, Tag("pool")] | Annotated[CueLines, Tag("lines")],
    Discriminator(_pool_or_lines, custom_error_type="pool_or_lines", custom_error_message="pool or lines"),
]
"""The name of a pool, or lines of its own."""


class Answer(Model):
    """One answer to an ``ask``."""

    label: Label
    say: Text | None = None
    use: Name | None = None


class Step(Model):
    """What every step may have."""

    kind: ClassVar[str]
    rounds: Rounds | None = None

    def seconds(self, targets: Mapping[str, float]) -> float | None:
        """Seconds under its clock, a progression's as ``targets`` has them; None where its words say how long."""
        return None


class Say(Step):
    """Speaks, for as long as the speech lasts plus ``pause``."""

    kind = "say"
    say: Text
    pause: Seconds = 0.0


class Timed(Step):
    """What any step under a clock may add."""

    name: SpokenName | None = None
    intro: Text | None = None
    cues: Cues | None = None
    every: SomeSeconds | None = None
    first: Seconds | None = None
    order: Order = "cycle"
    at: dict[AtPlace, AtLine] = Field(default_factory=dict)
    countdown: Annotated[Whole, Field(ge=0, le=60)] | None = None
    halfway: FlagOrText | None = None
    sides: Sides = False
    switch: Seconds = SWITCH
    next: Flag | None = None
    cadence: Annotated[Number, Field(ge=20, le=400)] | None = None

    def seconds(self, targets: Mapping[str, float]) -> float:
        """Seconds under its clock; of one side, where it is done for each."""
        return float(getattr(self, self.kind))


class Hold(Timed):
    """A still hold: seconds, ``"max"``, or ``"progression:NAME"``; ``cap`` ends a ``"max"`` hold in a file."""

    kind = "hold"
    hold: HoldTarget
    cap: SomeSeconds = 180.0

    @property
    def progression(self) -> str | None:
        """The name of the progression that says how long it is."""
        return self.hold.removeprefix("progression:") if isinstance(self.hold, str) and self.hold != "max" else None

    def seconds(self, targets: Mapping[str, float]) -> float:
        """Seconds under its clock; those of its cap where it has no end."""
        if self.progression is not None:
            return targets[self.progression]
        return self.cap if self.hold == "max" else float(self.hold)


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
    reps: Annotated[Whole, Field(ge=1, le=1000)]
    tempo: Tempo | None = None
    each: SomeSeconds | None = None

    @property
    def rep_seconds(self) -> float:
        """Seconds of one rep; 3 where the script does not say."""
        return float(sum(self.tempo)) if self.tempo is not None else (self.each or 3.0)

    def seconds(self, targets: Mapping[str, float]) -> float:
        """Seconds that all of them take."""
        return self.reps * self.rep_seconds


class Ready(Step):
    """Waits until the person goes on; an exported file waits ``or`` seconds."""

    kind = "ready"
    ready: Text
    wait: Annotated[SomeSeconds, Field(alias="or")] = 15.0

    def seconds(self, targets: Mapping[str, float]) -> float:
        """Seconds that a file waits."""
        return self.wait


class Ask(Step):
    """A question; live the person picks an answer, a file speaks each in turn."""

    kind = "ask"
    ask: Text
    answers: Annotated[tuple[Answer, ...], Field(min_length=1, max_length=9)]


class Play(Step):
    """A recorded clip, at its own length."""

    kind = "play"
    play: AudioPath
    name: SpokenName | None = None


class Use(Step):
    """Another script (``name`` or ``./file.toml``) or a block of this one (``#name``)."""

    kind = "use"
    use: Name


STEP_MODELS: dict[str, type[Step]] = {
    model.kind: model for model in (Say, Hold, Work, Run, Walk, Rest, Reps, Ready, Ask, Play, Use)
}
"""Each step model by the key that makes a step one of its kind."""


def _step_kind(value: Any) -> str | None:
    if isinstance(value, dict):
        kinds = [key for key in value if key in STEP_MODELS]
        return kinds[0] if len(kinds) == 1 else None
    return value.kind if isinstance(value, Step) else None


if TYPE_CHECKING:
    AnyStep = Step
else:
    AnyStep = Annotated[
        reduce(or_, (Annotated[model, Tag(kind)] for kind, model in STEP_MODELS.items())),
        Discriminator(_step_kind, custom_error_type="step_kind", custom_error_message="not one kind"),
    ]


class Block(Model):
    """Steps that repeat together; ``rest`` lies between rounds, not after the last.

    With ``sides`` all rounds are done for one side, and after the ``switch`` for the other. One that stands ``aside``
    is heard only where a ``use`` or an answer names it.
    """

    name: SpokenName | None = None
    aside: bool = False
    repeat: Annotated[Whole, Field(ge=1, le=MAX_ROUNDS)] = 1
    rest: SomeSeconds | None = None
    sides: Sides = False
    switch: Seconds = SWITCH
    steps: Annotated[tuple[AnyStep, ...], Field(min_length=1)]


class Voice(Model):
    """The voice that a script, or a person's configuration, would like; None leaves it open.

    ``rate`` 1.0 is natural speed; ``pitch`` 1.0 is the voice's own; ``volume`` 1.0 is full.
    """

    engine: Name | None = None
    name: Name | None = None
    rate: Annotated[Number, Field(ge=0.25, le=4)] | None = None
    pitch: Annotated[Number, Field(ge=0.25, le=4)] | None = None
    volume: Annotated[Number, Field(ge=0, le=1)] | None = None


class Announce(Model):
    """Defaults for every step. ``lead_in`` None leaves it to the kind of step."""

    lead_in: Seconds | None = None
    halfway: FlagOrText = True
    countdown: Annotated[Whole, Field(ge=0, le=60)] = 3
    remaining: tuple[SomeSeconds, ...] = (10.0,)
    next: Flag = True
    complete: FlagOrText = True
    style: Style = "both"
    session_halfway: FlagOrText = False
    gap: Seconds = 8.0


class Reminder(Model):
    """Lines that come back through the steps of ``during`` (kinds or names)."""

    cues: Cues
    every: SomeSeconds
    first: Seconds | None = None
    jitter: Seconds = 0.0
    during: tuple[Name, ...] | None = None
    order: Order = "shuffle"
    fade: Annotated[Number, Field(ge=1, le=10)] = 1.0
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
    gain: Annotated[Number, Field(ge=-60, le=12)] = -14.0
    duck: Annotated[Number, Field(ge=0, le=60)] = 12.0
    fade: Seconds = 2.0
    order: Order = "cycle"


class Script(Model):
    """The tables of a script, as written."""

    title: Name
    summary: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    language: Language = "en"
    cues: dict[Name, CueLines] = {}
    voice: Voice = Field(default_factory=Voice)
    announce: Announce = Field(default_factory=Announce)
    block: Annotated[tuple[Block, ...], Field(min_length=1)]
    reminder: tuple[Reminder, ...] = ()
    progression: dict[Name, Progression] = {}
    music: Music | None = None
    sounds: Sounds = {}
    pronounce: Pronounce = {}


class Workout(Script):
    """A script with all that it names found: what it includes, by the words of its ``use`` steps, and its music.

    ``digest`` is a hash (hex) of the contents of the script and of all it includes, ``source`` where it was read.
    """

    digest: str = ""
    included: "dict[str, Workout]" = {}
    music_files: tuple[Path, ...] = ()
    source: Source | None = None

    @property
    def identity(self) -> str:
        """What the history knows it by."""
        return identity(self.source, self.title)
