"""What became of sessions: the records that the history keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Why(StrEnum):
    """What ended a segment; ``ENDED`` where the person left the session in it."""

    CLOCK = "clock"
    SPEECH = "speech"
    DONE = "done"
    SLIPPED = "slipped"
    SKIPPED = "skipped"
    CAP = "cap"
    ANSWERED = "answered"
    BACK = "back"
    ENDED = "ended"


class PlanDay(NamedTuple):
    """A day of a plan, which is known by a name as a script is; ``week`` is None where the plan has only days.

    Both count from 1.
    """

    plan: str
    week: int | None
    day: int

    @property
    def written(self) -> str:
        """The day as it is asked for: "3.2", or "12" where there are no weeks."""
        return str(self.day) if self.week is None else f"{self.week}.{self.day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDone:
    """A segment as planned and as done.

    ``index`` counts from 0, ``round`` from 1. ``planned`` and ``seconds`` are in seconds, the latter kept to a tenth;
    ``planned`` is None where the segment lasts as long as what it says, or as the person does. ``progression`` is the
    key of the progression that said how long the hold was to be, and ``target`` so many seconds. ``why`` is one of
    ``Why``.
    """

    index: int
    kind: str
    name: str
    side: str | None
    round: int
    planned: float | None
    seconds: float
    why: str
    question: str | None = None
    answer: str | None = None
    progression: str | None = None
    target: float | None = None


def asked(question: str, side: str | None) -> str:
    """A question as it is told of later: with the side that was meant, where its words do not name that."""
    return question if side is None or side.casefold() in question.casefold() else f"{question} ({side})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDone:
    """A session and the segments of it that are over.

    ``script`` is what its script is known by, ``digest`` the hash of what that said. ``started`` has the offset of the
    place where it was. ``ended`` is when its last segment did, or the person left; None as long as neither has.
    ``planned`` is the day of a plan that it was, if it was one.
    """

    number: int
    script: str
    title: str
    digest: str
    seed: int
    started: datetime
    ended: datetime | None
    finished: bool
    segments: tuple[SegmentDone, ...]
    planned: PlanDay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A session as a list shows it: ``steps`` segments are over; with the one that was left they lasted ``seconds``."""

    number: int
    script: str
    title: str
    started: datetime
    finished: bool
    steps: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A hold of a progression: on which day, for how many clean seconds of how many that were its target."""

    day: date
    seconds: float
    target: float
    why: Why

    @property
    def clean(self) -> bool:
        """Whether it reached its target."""
        return self.seconds >= self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A target in seconds that the person has set, from a day on."""

    progression: str
    day: date
    seconds: float
