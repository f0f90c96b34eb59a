"""What a session comes to in the end: what was done and held, and what comes next. Plain words: nothing here draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import units
from voicecoach.errors import counted
from voicecoach.store.sessions import Why, asked
from voicecoach.timeline.course import question
from voicecoach.wording import pauses

if TYPE_CHECKING:
    from voicecoach.review.way import Way
    from voicecoach.timeline.course import Course
    from voicecoach.timeline.model import Segment

_EFFORTS = frozenset({"hold", "work", "run", "walk", "reps"})
_LEFT_OUT = frozenset({Why.SKIPPED, Why.BACK})
_BY_THE_PERSON = frozenset({Why.DONE, Why.SLIPPED})


class Held(NamedTuple):
    """A hold that is over: its clean seconds, of how many that were its target, and its best in the sessions before.

    ``slipped`` says that the form did, and ``left`` that the session was left in it.
    """

    seconds: float
    target: float | None
    slipped: bool
    best: float | None
    left: bool = False

    @property
    def is_best(self) -> bool:
        """Whether none before was so long; of a first one nobody knows, and one left before its target is none."""
        counts = not self.left or self.target is None or self.seconds >= self.target
        return counts and self.best is not None and self.seconds > self.best

    def in_words(self) -> str:
        """As ``"27.3s of 40s, form slipped"``."""
        aim = "" if self.target is None else f" of {units.format_duration(self.target)}"
        best = f", a new best ({units.format_duration(self.best)} before)" if self.best and self.is_best else ""
        how = ", form slipped" if self.slipped else ", left there" if self.left else ""
        return f"{units.format_duration(self.seconds)}{aim}{how}{best}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The end of a session.

    ``steps`` of its ``of`` efforts are over; with the one that was left they lasted ``seconds``. ``holds`` are those of
    each name, and ``answers`` what was asked and answered. ``ahead`` are the ways of its holds that grow, as of the day
    after.
    """

    title: str
    finished: bool
    steps: int
    of: int
    seconds: float
    holds: tuple[tuple[str, tuple[Held, ...]], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    ahead: tuple[Way, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing came of it."""
        return not (self.finished or self.steps or self.holds or self.answers)

    @property
    def done(self) -> str:
        """How much was done, in words; empty where there was nothing to do."""
        if not self.of:
            return ""
        done = str(self.steps) if self.steps == self.of else f"{self.steps} of {self.of}"
        steps = f"{done} step{'' if self.of == 1 else 's'}"
        return f"{steps}, {units.format_clock(self.seconds)} of exercise"

    @property
    def unlocked(self) -> tuple[tuple[str, int], ...]:
        """The scripts that come next, and on how many days the goal before them was held."""
        return tuple((way.unlocked, way.reached) for way in self.ahead if way.unlocked is not None)

    def in_words(self) -> Iterator[str]:
        """All of it, a line each; none where nothing came of it."""
        if self.empty:
            return
        yield f"{self.title}: {', '.join(part for part in ('done' if self.finished else '', self.done) if part)}"
        for name, holds in self.holds:
            yield f"{name}: {held_in_words(holds)}"
        for words, answer in self.answers:
            yield f"{words} {answer}"
        for way in self.ahead:
            yield f"{way.name}: {way.ahead()}"
        for script, days in self.unlocked:
            yield f"{suggestion(script, days)} ({call(script)})"


def held_in_words(holds: Iterable[Held]) -> str:
    """The holds of a name, those told once that are alike and follow one another."""
    told = [(held, len([*alike])) for held, alike in groupby(held.in_words() for held in holds)]
    return "; ".join(f"{count} × {held}" if count > 1 else held for held, count in told)


def suggestion(script: str, days: int) -> str:
    """What is said of a script that is unlocked."""
    return f"at the goal on {counted(days, 'day')}: on to {script}"


def call(script: str) -> str:
    """What plays a script that can be called by name."""
    return f"voicecoach play {script}"


def outcome(course: Course, index: int) -> str:
    """What the person made of a segment that is over: how long the hold was that they ended, or what they answered.

    Empty where they did neither.
    """
    segment, over = course.timeline.segments[index], course.path[index]
    if over.answer is not None:
        return " ".join(_answered(segment, over.answer))
    if segment.kind == "hold" and over.why in _BY_THE_PERSON:
        return f"{_name(segment)}: {_held(course, segment).in_words()}"
    return ""


def _held(course: Course, segment: Segment) -> Held:
    why = course.path[segment.index].why
    return Held(course.clean(segment.index), segment.target, why is Why.SLIPPED, segment.best, left=why is Why.ENDED)


def _answered(segment: Segment, answer: int) -> tuple[str, str]:
    return asked(pauses.shown(question(segment)), segment.side), segment.answers[answer]


def closing(course: Course, *, finished: bool, ahead: Sequence[Way] = ()) -> Closing:
    """The end of a session that has come as far as its course."""
    efforts = [segment for segment in course.timeline.segments if segment.kind in _EFFORTS]
    done = [one for one in efforts if one.index < len(course.path) and course.path[one.index].why not in _LEFT_OUT]
    holds: dict[str, list[Held]] = {}
    for segment in done:
        if segment.kind == "hold":
            holds.setdefault(_name(segment), []).append(_held(course, segment))
    answers = [
        _answered(segment, over.answer)
        for segment, over in zip(course.timeline.segments, course.path, strict=False)
        if over.answer is not None
    ]
    return Closing(
        title=course.timeline.title,
        finished=finished,
        steps=sum(course.path[one.index].why is not Why.ENDED for one in done),
        of=len(efforts),
        seconds=sum(course.clean(one.index) for one in done),
        holds=tuple((name, tuple(each)) for name, each in holds.items()),
        answers=tuple(answers),
        ahead=tuple(ahead),
    )


def _name(segment: Segment) -> str:
    return ", ".join(part for part in (segment.name, segment.side) if part) or segment.kind
