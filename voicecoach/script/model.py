"""What a script says: a workout of blocks of steps, as frozen models.

The field names are the keys of the script format, so these models are both the validation of a script and, through
``voicecoach.script.schema()``, the schema for editors. Durations are kept as seconds (float).
"""

# No postponed annotations here: evaluating them late doubles what importing this module costs.
from collections.abc import Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from voicecoach.errors import shown
from voicecoach.script.own_voice import Recorded
from voicecoach.script.source import Source, identity
from voicecoach.script.values import (
    MAX_TEXT,
    AtPlace,
    AudioPath,
    Emphasis,
    Flag,
    FlagOrText,
    HoldTarget,
    Label,
    Language,
    Name,
    Number,
    OneARound,
    Pronounce,
    Rounds,
    Seconds,
    Several,
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
MAX_WEEKS, MAX_DAYS = 1_000, 1_000
"""Highest number of a week of a plan, and most days of a week; a plan without weeks is one."""
MAX_CUES = 1_000_000
"""Most cues of a script, counted after expansion."""

SWITCH = 5.0
"""Seconds to change sides where the script names none."""

Order = Literal["cycle", "shuffle", "random"]
Style = Literal["voice", "beep", "both", "none"]


def _told(description: str, *examples: object) -> object:
    """What an editor tells of a key: one sentence, and what may stand there."""
    return Field(description=description, examples=list(examples))


if TYPE_CHECKING:  # what a step has as it happens: see Step.in_round
    Lengths = float
    Targets = float | str
    Counts = int
    Tempos = tuple[int, ...]
else:
    Lengths = OneARound[SomeSeconds]
    Targets = OneARound[HoldTarget]
    Counts = OneARound[Annotated[Whole, Field(ge=1, le=1000)]]
    Tempos = OneARound[Tempo]


class Model(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, defer_build=True
    )


LineRate = Annotated[
    Annotated[Number, Field(ge=0.5, le=2)], _told("How fast this line is said, against the others.", 0.9)
]
LineEmphasis = Annotated[Emphasis, _told("Whether this line stands out from the others.", True, "strong", "reduced")]


Quiet = Annotated[Flag, _told("Whether reminders and pool cues keep silent in it.", True)]


class CueLine(Model):
    """A line of a pool: a text, or a recording that stands for it; ``weight`` counts in random order."""

    text: Annotated[Text, _told("What is said; with a recording, what is said in it.", "Squeeze your glutes.")]
    audio: Annotated[
        AudioPath | None,
        _told("A recording that is heard in place of the text; a path from the script's folder.", "squeeze.wav"),
    ] = None
    weight: Annotated[
        Number, Field(gt=0, le=1000), _told("How often it comes in random order, against the other lines.", 0.5)
    ] = 1.0
    rate: LineRate = 1.0
    emphasis: LineEmphasis = ""


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
    """One answer to an ``ask``.

    ``use`` follows at once; ``then`` when the block of the question is over, both sides and all rounds of it, and once
    however many answers lead there.
    """

    label: Annotated[Label, _told("What the answer is called, on the screen and aloud.", "Hamstring")]
    say: Annotated[Text | None, _told("What is said when it is picked.", "Bring your heels closer.")] = None
    use: Annotated[Name | None, _told("The block, or the script, that follows when it is picked.", "#More glutes")] = (
        None
    )
    then: Annotated[
        Name | None, _told("The block, or the script, that follows once the block is over.", "glute-bridge")
    ] = None

    @property
    def uses(self) -> tuple[str, ...]:
        """All that it leads to."""
        return tuple(use for use in (self.use, self.then) if use)


class Step(Model):
    """What every step may have."""

    kind: ClassVar[str]
    by_round: ClassVar[tuple[str, ...]] = ()
    """The keys that may be a list, with a value for each round."""
    rounds: Annotated[
        Rounds | None, _told("The rounds of its block in which the step happens.", "first", "not first", "2-4")
    ] = None

    def seconds(self, targets: Mapping[str, float]) -> float | None:
        """Seconds under its clock, a progression's as ``targets`` has them; None where its words say how long."""
        return None

    @property
    def uses(self) -> tuple[str, ...]:
        """The words that name other scripts and blocks in it."""
        return ()

    @property
    def varies(self) -> bool:
        """Whether it is another in each round, since something of it is a list."""
        return any(isinstance(getattr(self, key), Several) for key in self.by_round)

    def in_round(self, number: int) -> Self:
        """The step as it is in a round, from 1: of nothing in it there are several."""
        lists = {key: values for key in self.by_round if isinstance(values := getattr(self, key), Several)}
        return self.model_copy(update={key: values[number - 1] for key, values in lists.items()}) if lists else self

    def each_round(self) -> tuple[Self, ...]:
        """The step as it is in one round after the other; once where it is the same in all of them."""
        lists = [values for key in self.by_round if isinstance(values := getattr(self, key), Several)]
        return tuple(self.in_round(number) for number in range(1, len(lists[0]) + 1)) if lists else (self,)


class Say(Step):
    """Speaks, for as long as the speech lasts plus ``pause``."""

    kind = "say"
    say: Annotated[Text, _told("A line to be spoken; the step lasts as long as the speech.", "Lie on your back.")]
    pause: Annotated[Seconds, _told("Silence after the words.", "5s")] = 0.0
    rate: LineRate = 1.0
    emphasis: LineEmphasis = ""


class Timed(Step):
    """What any step under a clock may add."""

    name: Annotated[
        SpokenName | None, _told("What the step is called, aloud and in chapters; by its kind if left out.", "Bridge")
    ] = None
    intro: Annotated[Text | None, _told("What is said before its clock starts.", "Tuck, and lift.")] = None
    cues: Annotated[
        Cues | None,
        _told("What is said in between: the name of a pool, or lines.", "form", ["Keep breathing.", "Long neck."]),
    ] = None
    every: Annotated[SomeSeconds | None, _told("From one cue to the next; spread evenly if left out.", "8s")] = None
    first: Annotated[Seconds | None, _told("Where the first cue falls; after one `every` if left out.", "5s")] = None
    order: Annotated[Order, _told("How lines are chosen from the pool.", "shuffle")] = "cycle"
    at: Annotated[
        dict[AtPlace, AtLine],
        _told(
            "Lines at exact places: a time from its start or, with a minus, its end; a share, `half`, a repetition.",
            {"10s": "Back flat.", "half": "Hips level?", "-10s": "Nearly there."},
        ),
    ] = Field(default_factory=dict)
    countdown: Annotated[
        Annotated[Whole, Field(ge=0, le=60)] | None, _told("How many of the last seconds are counted; 0 is none.", 5)
    ] = None
    halfway: Annotated[
        FlagOrText | None, _told("Whether half time is told, or your own words for it.", False, "Half of it.")
    ] = None
    sides: Annotated[
        Sides,
        _told("Whether the step is done for each side, or what the two are called.", True, ["Right leg", "Left leg"]),
    ] = False
    switch: Annotated[Seconds, _told("How long there is to change sides.", "8s")] = SWITCH
    next: Annotated[Flag | None, _told("Whether it says what comes next; rests of 10 s or longer do.", True)] = None
    quiet: Quiet = False
    cadence: Annotated[
        Annotated[Number, Field(ge=20, le=400)] | None, _told("A metronome under the step, in steps per minute.", 170)
    ] = None

    def seconds(self, targets: Mapping[str, float]) -> float:
        """Seconds under its clock; of one side, where it is done for each."""
        return float(getattr(self, self.kind))


class Hold(Timed):
    """A still hold: seconds, ``"max"``, or ``"progression:NAME"``; ``cap`` ends a ``"max"`` hold in a file."""

    kind = "hold"
    by_round = ("hold",)
    hold: Annotated[
        Targets,
        _told(
            "How long to hold still; as long as you can, or as your history says. A list has one for each round.",
            "45s",
            "max",
            "progression:bridge",
            ["20s", "30s", "20s"],
        ),
    ]
    cap: Annotated[SomeSeconds, _told("Where a hold without an end ends in a file.", "2min")] = 180.0

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
    by_round = ("work",)
    work: Annotated[
        Lengths, _told("How long the effort is; a list has one for each round.", "20s", ["20s", "40s", "20s"])
    ]


class Run(Timed):
    """Timed running."""

    kind = "run"
    by_round = ("run",)
    run: Annotated[Lengths, _told("How long to run; a list has one for each round.", "3min", ["1min", "2min"])]


class Walk(Timed):
    """Timed walking."""

    kind = "walk"
    by_round = ("walk",)
    walk: Annotated[Lengths, _told("How long to walk; a list has one for each round.", "90s", ["90s", "1min"])]


class Rest(Timed):
    """A pause that says what comes next."""

    kind = "rest"
    by_round = ("rest",)
    rest: Annotated[Lengths, _told("How long to rest; a list has one for each round.", "30s", ["20s", "30s"])]


class Reps(Timed):
    """Counted repetitions: ``tempo`` gives each phase's seconds, ``each`` the seconds of a whole rep."""

    kind = "reps"
    by_round = ("reps", "tempo", "each")
    reps: Annotated[Counts, _told("How many repetitions, counted aloud; a list has one for each round.", 8, [10, 8, 6])]
    tempo: Annotated[
        Tempos | None, _told("Seconds of each phase of one: down, held, up, and held again.", "3-1-2", "2-0-1-2")
    ] = None
    each: Annotated[Lengths | None, _told("How long one takes, where there is no tempo.", "3s")] = None

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
    ready: Annotated[Text, _told("What is said before it waits for you.", "Lie down and get comfortable.")]
    wait: Annotated[SomeSeconds, Field(alias="or"), _told("How long a file waits.", "20s")] = 15.0

    def seconds(self, targets: Mapping[str, float]) -> float:
        """Seconds that a file waits."""
        return self.wait


class Ask(Step):
    """A question; live the person picks an answer, a file speaks each in turn."""

    kind = "ask"
    ask: Annotated[Text, _told("A question.", "Which muscle worked first?")]
    answers: Annotated[
        tuple[Answer, ...],
        Field(min_length=1, max_length=9),
        _told("One to nine answers.", [{"label": "Glute", "say": "Good."}, {"label": "Hamstring"}]),
    ]

    @property
    def uses(self) -> tuple[str, ...]:
        """The words that name what its answers bring."""
        return tuple(use for answer in self.answers for use in answer.uses)


class Play(Step):
    """A recorded clip, at its own length."""

    kind = "play"
    play: Annotated[AudioPath, _told("A recording; a path from the script's folder.", "welcome.wav")]
    name: Annotated[SpokenName | None, _told("What it is called, in chapters.", "Welcome")] = None


class Use(Step):
    """Another script (``name`` or ``./file.toml``) or a block of this one (``#name``)."""

    kind = "use"
    use: Annotated[
        Name,
        _told(
            "Another script by name or path, or a block of this one.", "glute-bridge", "./warm-up.toml", "#Shake out"
        ),
    ]
    quiet: Quiet = False

    @property
    def uses(self) -> tuple[str, ...]:
        """The words of its ``use``."""
        return (self.use,)


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

    name: Annotated[
        SpokenName | None, _told("What the block is called: for chapters, `{block}` and `use`.", "Bridge")
    ] = None
    aside: Annotated[bool, _told("Whether it is heard only where a `use` or an answer names it.", True)] = False
    repeat: Annotated[Whole, Field(ge=1, le=MAX_ROUNDS), _told("How many rounds.", 3)] = 1
    rest: Annotated[
        Lengths | None,
        _told("The rest between two rounds; a list has one for each such rest.", "30s", ["30s", "45s"]),
    ] = None
    sides: Annotated[
        Sides,
        _told("Whether all rounds are done for one side, then all for the other.", True, ["Right leg", "Left leg"]),
    ] = False
    switch: Annotated[Seconds, _told("How long there is to change sides.", "10s")] = SWITCH
    quiet: Quiet = False
    steps: Annotated[
        tuple[AnyStep, ...],
        Field(min_length=1),
        _told("The steps of a round, in order.", [{"hold": "45s", "name": "Bridge"}, {"rest": "15s"}]),
    ]

    def rest_before(self, number: int) -> float | None:
        """Seconds of the rest before a round, from 2; None where there is none."""
        rest: object = self.rest
        return rest[number - 2] if isinstance(rest, Several) else self.rest

    @property
    def rested(self) -> float:
        """Seconds of all rests between its rounds."""
        rest: object = self.rest
        return sum(rest) if isinstance(rest, Several) else (self.rest or 0.0) * (self.repeat - 1)


class Voice(Model):
    """The voice that a script, or a person's configuration, would like; what is left out stays open.

    ``rate`` 1.0 is natural speed; ``pitch`` 1.0 is the voice's own; ``volume`` 1.0 is full.
    """

    engine: Annotated[Name | None, _told("Who makes the voice.", "espeak", "hibari")] = None
    name: Annotated[Name | None, _told('A voice, as "voicecoach voices" lists it.', "en-gb")] = None
    rate: Annotated[Annotated[Number, Field(ge=0.25, le=4)] | None, _told("How fast; 1 is natural.", 0.95)] = None
    pitch: Annotated[Annotated[Number, Field(ge=0.25, le=4)] | None, _told("How high; 1 is the voice's own.", 0.9)] = (
        None
    )
    volume: Annotated[Annotated[Number, Field(ge=0, le=1)] | None, _told("How loud; 1 is full.", 0.8)] = None


class ScriptVoice(Voice):
    """The voice that a script would like; what is left out stays open.

    ``rate`` 1.0 is natural speed; ``pitch`` 1.0 is the voice's own; ``volume`` 1.0 is full. ``recordings`` is the
    folder of lines that a person has recorded.
    """

    recordings: Annotated[
        Name | None,
        _told("The folder of lines in your own voice; a path from the script's folder.", "glute-bridge.voice"),
    ] = None


class Announce(Model):
    """Defaults for every step; without ``lead_in`` the kind of step says how long before its clock it is announced."""

    lead_in: Annotated[Seconds | None, _told("How long before its clock an announcement has at least.", "5s")] = None
    halfway: Annotated[
        FlagOrText, _told("Whether half time of a step is told, or your own words for it.", False, "Half of it.")
    ] = True
    countdown: Annotated[
        Whole, Field(ge=0, le=60), _told("How many of the last seconds are counted; 0 is none.", 5)
    ] = 3
    remaining: Annotated[
        tuple[SomeSeconds, ...],
        _told("Marks before the end that are told, each in steps at least three times as long.", ["10min", "1min"]),
    ] = (10.0,)
    next: Annotated[Flag, _told("Whether a rest says what comes next.", False)] = True
    complete: Annotated[FlagOrText, _told("Whether the end is told, or your own last words.", "Well run.")] = True
    style: Annotated[Style, _told("Words, tones, both, or none but what the script itself says.", "voice")] = "both"
    session_halfway: Annotated[
        FlagOrText, _told("Whether half of the session is told, or your own words for it.", True)
    ] = False
    gap: Annotated[Seconds, _told("Least distance between two reminders.", "15s")] = 8.0


class Reminder(Model):
    """Lines that come back through the steps of ``during`` (kinds or names)."""

    cues: Annotated[Cues, _told("What is said: the name of a pool, or lines.", "activate", ["Run tall."])]
    every: Annotated[SomeSeconds, _told("From one to the next.", "3min")]
    first: Annotated[Seconds | None, _told("Where the first one falls; after one `every` if left out.", "2min")] = None
    jitter: Annotated[Seconds, _told("How much earlier or later each may come, by chance.", "20s")] = 0.0
    during: Annotated[
        tuple[Name, ...] | None, _told("Kinds or names of the steps it belongs to; all but rests if left out.", ["run"])
    ] = None
    order: Annotated[Order, _told("How lines are chosen.", "cycle")] = "shuffle"
    fade: Annotated[
        Number, Field(ge=1, le=10), _told("With each finished session `every` is so many times as long.", 1.2)
    ] = 1.0
    max_every: Annotated[SomeSeconds | None, _told("How far apart they may become.", "15min")] = None


class Progression(Model):
    """A hold that grows: what it is today follows from the history; with none it is ``start``."""

    start: Annotated[SomeSeconds, _told("The length of the first day.", "20s")]
    goal: Annotated[SomeSeconds, _told("The length that is the aim.", "1min")]
    step: Annotated[SomeSeconds, _told("How much longer it becomes.", "5s")]
    unlocks: Annotated[Name | None, _told("The script that comes after the goal.", "single-leg-bridge")] = None


class Music(Model):
    """A music bed: ``gain`` in dB, ``duck`` the dB it is lowered by under speech, ``fade`` in seconds."""

    files: Annotated[
        tuple[Name, ...], Field(min_length=1), _told("Paths or patterns, from the script's folder.", ["music/*.mp3"])
    ]
    gain: Annotated[Number, Field(ge=-60, le=12), _told("How loud, in dB.", -16)] = -14.0
    duck: Annotated[Number, Field(ge=0, le=60), _told("How many dB it is lowered by under speech.", 10)] = 12.0
    fade: Annotated[Seconds, _told("How long it fades in and out.", "3s")] = 2.0
    order: Annotated[Order, _told("How files are chosen.", "shuffle")] = "cycle"


class Week(Model):
    """A week of a plan: what is done on its days, in order."""

    week: Annotated[
        Annotated[Whole, Field(ge=1, le=MAX_WEEKS)] | None,
        _told("Its number; one more than the week before if left out, and no week if it stands alone.", 3),
    ] = None
    days: Annotated[
        tuple[Name, ...],
        Field(min_length=1, max_length=MAX_DAYS),
        _told(
            'What is done on each day: a script by name or path, a block of this one, or "rest".',
            ["couch-to-5k-1", "rest", "./long-run.toml", "#Strides"],
        ),
    ]


class Script(Model):
    """The tables of a script, as written."""

    title: Annotated[Name, _told("What the workout is called.", "Glute bridge")]
    summary: Annotated[
        str,
        Field(max_length=MAX_TEXT),
        _told("A sentence about it, for lists and tags.", "Wake lazy glutes, then hold the bridge."),
    ] = ""
    language: Annotated[Language, _told("The language of its texts, as a tag.", "en", "de", "pt-BR")] = "en"
    cues: Annotated[
        dict[Name, CueLines], _told("Pools of lines, by name.", {"form": ["Squeeze your glutes.", "Keep breathing."]})
    ] = {}
    voice: Annotated[
        ScriptVoice, _told("The voice that the script would like.", {"engine": "espeak", "rate": 0.95})
    ] = Field(default_factory=ScriptVoice)
    announce: Annotated[Announce, _told("Defaults for every step.", {"countdown": 5, "halfway": False})] = Field(
        default_factory=Announce
    )
    block: Annotated[
        tuple[Block, ...],
        Field(min_length=1),
        _told("Blocks of steps, in order.", [{"repeat": 3, "rest": "30s", "steps": [{"hold": "45s"}]}]),
    ] = ()
    plan: Annotated[
        tuple[Week, ...],
        Field(min_length=1),
        _told(
            "Sessions over days and weeks, in order; what has them is a plan.",
            [{"week": 1, "days": ["couch-to-5k-1", "rest", "couch-to-5k-1"]}],
        ),
    ] = ()
    reminder: Annotated[
        tuple[Reminder, ...],
        _told("Lines that come back.", [{"cues": ["Run tall."], "every": "3min", "during": ["run"]}]),
    ] = ()
    progression: Annotated[
        dict[Name, Progression],
        _told("Holds that grow, by name.", {"bridge": {"start": "20s", "goal": "1min", "step": "5s"}}),
    ] = {}
    music: Annotated[Music | None, _told("Music underneath.", {"files": ["music/*.mp3"], "gain": -16})] = None
    sounds: Annotated[
        Sounds,
        _told(
            "Own files in place of the tones, for all steps or a kind of them.",
            {"start": "gong.wav", "end.run": "bell.wav"},
        ),
    ] = {}
    pronounce: Annotated[
        Pronounce,
        _told("Words and how each is said: in other letters, or in IPA between slashes.", {"Pilates": "pih-lah-teez"}),
    ] = {}


class Workout(Script):
    """A script with all that it names found: what it includes, by the words of its ``use`` steps, and its audio files.

    ``digest`` is a hash (hex) of the contents of the script and of all it includes, ``source`` where it was read. Where
    it is a plan's block ``alone``, as one of its days, that is how the day names it.
    """

    digest: str = ""
    included: "dict[str, Workout]" = {}
    music_files: tuple[Path, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    source: Source | None = None
    alone: str = ""

    @property
    def identity(self) -> str:
        """What the history knows it by."""
        return identity(self.source, self.title)

    def only(self, use: str) -> "Workout":
        """A workout of which just one block is heard, as a ``use`` names it."""
        aside = tuple(block.model_copy(update={"aside": True}) for block in self.block)
        alone = Block.model_construct(steps=(Use.model_construct(use=use),))
        used = {name for block in self.block for step in block.steps for name in step.uses}
        return self.model_copy(
            update={
                "block": (*aside, alone),
                "digest": f"{self.digest}{use}",
                "alone": use,
                "included": {name: other for name, other in self.included.items() if name in used},
            }
        )
