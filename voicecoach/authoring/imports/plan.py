"""A workout as other programs have it: segments with targets, texts at their seconds, and what was not understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MOST_SEGMENTS = 20_000
"""Segments, counted in each round, of the longest workout that is taken."""
MOST_ROUNDS = 10_000
"""As many as a block of a script may have."""
LONGEST = 48 * 3600.0
"""Seconds of the longest workout, as of a script."""


class Effort(StrEnum):
    """What a segment is for. ``STEADY`` is named by its target."""

    WARM = "warm"
    COOL = "cool"
    STEADY = "steady"
    EASY = "easy"
    RAMP = "ramp"
    FREE = "free"
    ALL_OUT = "all_out"
    REST = "rest"


class Unit(StrEnum):
    """What a target is measured in; shares are 1.0 for all of it."""

    FTP = "ftp"
    WATT = "watt"
    HEART_MAX = "heart_max"
    HEART_THRESHOLD = "heart_threshold"
    PACE_SHARE = "pace_share"
    BEATS = "beats"
    PACE = "pace"
    """Seconds for a kilometre."""
    MILE_PACE = "mile_pace"
    """Seconds for a mile."""
    SPEED = "speed"
    """Kilometres per hour."""
    ZONE = "zone"
    HEART_ZONE = "heart_zone"
    PACE_ZONE = "pace_zone"
    TURNS = "turns"
    """Revolutions per minute."""
    STEPS = "steps"
    """Steps per minute."""


SHARES = frozenset({Unit.FTP, Unit.HEART_MAX, Unit.HEART_THRESHOLD, Unit.PACE_SHARE})


@dataclass(frozen=True, slots=True)
class Target:
    """What a segment is to be done at, from ``low`` to ``high``; ``race`` is the index of the race whose pace it is."""

    unit: Unit
    low: float
    high: float
    race: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """So many ``seconds`` of one effort; ``name`` is its own, or empty. ``line`` is that of the source.

    One that ``waits`` lasts until the person goes on, one with ``reps`` is counted.
    """

    effort: Effort
    seconds: float
    line: int
    targets: tuple[Target, ...] = ()
    name: str = ""
    waits: bool = False
    reps: int = 0
    sides: bool = False
    """Whether it is done for each side, so many seconds each."""
    switch: float = 0.0
    """Seconds between the sides."""
    cues: tuple[str, ...] = ()
    """Lines that are heard in turn, wherever there is room."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text at so many ``seconds`` from the start of its part."""

    seconds: float
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Part:
    """Segments that are done one after the other, ``rounds`` times; texts count from the start of the first round."""

    segments: tuple[Segment, ...]
    texts: tuple[Text, ...] = ()
    rounds: int = 1
    name: str = ""

    @property
    def seconds(self) -> float:
        """How long all rounds last."""
        return self.rounds * sum(segment.seconds for segment in self.segments)


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """What was not taken as it stands in the source, and what became of it; lines count from 1, 0 is the whole file."""

    line: int
    what: str


@dataclass(slots=True)
class Plan:
    """What a reader has understood so far; ``move`` is the kind of step for an effort: work, run or walk."""

    title: str = ""
    about: str = ""
    author: str = ""
    move: str = "work"
    parts: list[Part] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    before: str = ""
    """What is said before it all."""
    after: str = ""
    texts: list[Text] = field(default_factory=list)
    """Texts that count from the start of the workout."""

    def note(self, line: int, what: str) -> None:
        """Lists what was not taken as it stands in a line."""
        self.notes.append(Note(line, what))

    def add(self, *segments: Segment, texts: tuple[Text, ...] = (), rounds: int = 1, name: str = "") -> None:
        """One more part; none where nothing lasts."""
        if segments:
            self.parts.append(Part(segments, texts, rounds, name))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person says for what the source leaves open: seconds for a kilometre, where it gives only metres."""

    pace: float | None = None
    language: str = "en"


def shown(text: str, most: int = 60) -> str:
    """A text of the source, short enough for a note."""
    text = " ".join(text.split())
    return f'"{text[:most]}…"' if len(text) > most else f'"{text}"'
