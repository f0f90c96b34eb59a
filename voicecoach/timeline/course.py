"""The course of a live session: a path that unfolds as the person goes.

What an act of the person does is decided here, and nowhere else. Nothing here plays, waits or keeps: whoever does tells
what was done and when, and gets told where the session goes on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import wording
from voicecoach.errors import counted
from voicecoach.store.sessions import Why
from voicecoach.timeline import progression
from voicecoach.timeline.model import Cue, Done, Ends, Line, Role, Segment, Timeline

if TYPE_CHECKING:
    from voicecoach.script.model import Workout
    from voicecoach.script.plan import Day

RESTART = 2.0
"""Within so many seconds from its beginning, going back from a step, or from what came of it, means the step before."""
LEAST = 0.1
"""Seconds of a step that is left from which on they are kept."""
SAMPLE = 0.002
"""More tenths of a second than one sample lasts at 8,000 hertz or more."""
_UNLOCKED_SLACK = 20.0
"""Seconds by which it may come late, behind the last words of a session, that a hold has unlocked something."""
_MEANT_BY_NOISE = frozenset({"hold", "ready", "reps"})
"""Kinds of the steps that a noise ends."""


class Act(StrEnum):
    """What the person can do to the step that is on.

    ``DONE`` says of a hold that it is over, because the form slipped or otherwise, and goes on from any other step but
    a question; ``ON`` leaves a step out, but of a hold that has reached its target it is ``DONE``. ``NOISE`` is a clap,
    a shout or a knock: ``DONE`` where one may be meant so.
    """

    DONE = "done"
    ON = "on"
    BACK = "back"
    ANSWER = "answer"
    NOISE = "noise"


class Turn(NamedTuple):
    """Where an act leads: to the beginning of ``segment``; ``why`` the step before is over, None where it goes back."""

    segment: int
    why: Why | None


class Outcome(NamedTuple):
    """What an act comes to that ends the step: why that is over, and what the voice says to it."""

    why: Why
    said: tuple[Line, ...] = ()


class Before(NamedTuple):
    """The last answer to a question, and whether that was in the week before this one."""

    answer: str
    last_week: bool = False

    @classmethod
    def of(cls, answer: str, day: date, today: date) -> Before:
        """One that was given on a day, as it is told today; weeks begin on Monday, and yesterday is in none."""
        monday = today - timedelta(days=today.weekday())
        return cls(answer, monday - timedelta(days=7) <= day < monday and today - day > timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What earlier sessions have left to this one.

    ``targets`` are today's lengths of the workout's progressions, and ``bests`` the longest holds of them, in seconds;
    ``finished`` counts the sessions done. ``answered`` gives the last answer to a question's text,
    of a side where it is asked for each. ``at_goal`` says on
    how many days before today each progression's goal was held, and ``unlocks`` what the workout behind it is called.
    Progressions are known by their keys.
    """

    targets: Mapping[str, float] = field(default_factory=dict)
    bests: Mapping[str, float] = field(default_factory=dict)
    finished: int = 0
    answered: Callable[[str, str | None], Before | None] = lambda question, side: None
    at_goal: Mapping[str, int] = field(default_factory=dict)
    unlocks: Mapping[str, str] = field(default_factory=dict)


NOTHING = Past()
"""Of a first session."""


class Course:
    """A session as far as it has come, and as it goes on from there if nobody does anything.

    ``timeline`` is all of it; ``path`` what became of its first segments. The segment behind those is on.
    """

    def __init__(
        self,
        workout: Workout | Callable[[], Workout],
        *,
        seed: int = 0,
        past: Past = NOTHING,
        path: Sequence[Done] = (),
        live: bool = True,
        timeline: Timeline | None = None,
        day: Day | None = None,
    ) -> None:
        """``timeline`` is how it begins, if that is known; then the workout is asked for when something was done.

        ``day`` is that of a plan, if it is one.

        Where it is not ``live``, nobody is waited for.
        """
        self.path = list(path)
        self._given = workout
        self._seed = seed
        self._past = past
        self._live = live
        self._day = day
        self._back_at: int | None = None
        """The segment that the last act went back to."""
        self._answers: dict[int, tuple[Line, ...]] = {}
        """What was said to an act of the person, by the segment at whose beginning."""
        self.timeline = self._compiled() if timeline is None else self._foretelling(timeline)

    @property
    def _workout(self) -> Workout:
        if callable(self._given):
            self._given = self._given()
        return self._given

    @property
    def segment(self) -> int:
        """Which segment is on; as many as there are when all is over."""
        return len(self.path)

    def passed(self, segment: int, lasted: Callable[[int], float]) -> None:
        """The session has come to ``segment`` by itself; ``lasted`` tells how many seconds each one before it took."""
        for index in range(self.segment, min(segment, len(self.timeline.segments))):
            self.path.append(Done(lasted(index), by_itself(self.timeline.segments[index])))

    def act(self, act: Act, at: float, answer: int = 0) -> Turn | None:
        """Does what the person wants, ``at`` seconds on the clock of the segment that is on, negative in its lead.

        ``answer`` counts from 0. None where it means nothing now.
        """
        if act is Act.BACK and not self.why_not(act, at):
            back = self._before(at)
            del self.path[back:]
            self._answers = {index: lines for index, lines in self._answers.items() if index < back}
            self.timeline = self._compiled()
            self._back_at = back
            return Turn(back, None)
        outcome = self.outcome(act, at, answer)
        if outcome is None:
            return None
        why = outcome.why
        self._back_at = None
        self.path.append(Done(_tenths(max(0.0, at)), why, answer if why is Why.ANSWERED else None))
        self._answers[self.segment] = outcome.said
        self.timeline = self._compiled()
        return Turn(self.segment, why)

    def outcome(self, act: Act, at: float, answer: int = 0) -> Outcome | None:
        """What an act other than ``BACK`` would come to; None where it means nothing now. Nothing is changed by it."""
        if self.why_not(act, at, answer):
            return None
        on = self.timeline.segments[self.segment]
        why = _why(act, on, at)
        if not self._says:
            return Outcome(why)
        language = wording.of(self._workout.language).language
        told = self._told(on, _tenths(max(0.0, at)), why)
        return Outcome(why, tuple(Line(text, language) for text in told))

    def why_not(self, act: Act, at: float, answer: int = 0) -> str:
        """Why an act means nothing now; empty where it does mean something."""
        if self.segment >= len(self.timeline.segments):
            return "the session is over"
        on = self.timeline.segments[self.segment]
        match act:
            case Act.ANSWER if not on.answers:
                return "nothing is asked"
            case Act.ANSWER if not 0 <= answer < len(on.answers):
                return f"there {'is' if len(on.answers) == 1 else 'are'} {counted(len(on.answers), 'answer')}"
            case Act.DONE | Act.NOISE if on.answers:
                return "a question wants an answer"
            case Act.DONE | Act.NOISE if at < 0:
                return "the step has not begun"
            case Act.NOISE if on.kind not in _MEANT_BY_NOISE:
                return "a noise means nothing in this step"
        return ""

    def left(self, at: float) -> Done | None:
        """The person leaves, ``at`` seconds on the clock of the segment that is on: what became of that.

        None where it has no clock, or that has not begun: then nothing of it was done.
        """
        if self.segment >= len(self.timeline.segments) or at < LEAST:
            return None
        if not counts(self.timeline.segments[self.segment]):
            return None
        self.path.append(Done(_tenths(at), Why.ENDED))
        return self.path[-1]

    def clean(self, index: int) -> float:
        """How many seconds of a segment count: of a hold that nobody ended, no more than its target."""
        segment, done = self.timeline.segments[index], self.path[index]
        if done.why is Why.CAP and segment.target is not None:
            return min(done.seconds, segment.target)
        return done.seconds

    def _before(self, at: float) -> int:
        """The segment that going back leads to; what was gone back to just before may be over again already."""
        if at > RESTART:
            return self.segment
        began = self.segment if self._back_at is None else self._back_at
        since = max(0.0, at) + sum(done.seconds for done in self.path[began:])
        return max(0, (began if since <= RESTART else self.segment) - 1)

    def _compiled(self) -> Timeline:
        from voicecoach.timeline.compiler import compile  # costly to import, and at first not needed

        timeline = compile(
            self._workout,
            seed=self._seed,
            targets=self._past.targets,
            bests=self._past.bests,
            finished=self._past.finished,
            path=self.path,
            live=self._live,
            day=self._day,
        )
        return self._answering(self._foretelling(timeline))

    def _foretelling(self, timeline: Timeline) -> Timeline:
        """A timeline in which a hold that goes on to its cap tells what it unlocks: nobody ends it, to be told then."""
        near = {key for key in self._past.unlocks if self._past.at_goal.get(key, 0) + 1 >= progression.UNLOCKS_AFTER}
        if not self._live or not near:
            return timeline
        segments = list(timeline.segments)
        phrases = wording.of(self._workout.language)
        for on in timeline.segments:
            if on.target is None or (on.index < len(self.path) and self.path[on.index].why is not Why.CAP):
                continue
            grown = progression.grown(self._workout, on.origin)
            if grown is None or grown.key not in near or self._counts(on) < grown.goal:
                continue
            if self._says and not self._was_held(grown, timeline.segments[: on.index]):
                words = Line(phrases.unlocked(self._past.unlocks[grown.key]), phrases.language)
                cue = Cue(on.duration or 0.0, words, Role.ANNOUNCE, _UNLOCKED_SLACK, from_end=True)
                segments[on.index] = replace(on, cues=(*on.cues, cue))
        return replace(timeline, segments=tuple(segments))

    @property
    def _says(self) -> bool:
        """Whether the voice says anything of its own."""
        style = self._workout.announce.style
        return wording.of(self._workout.language).known and style in ("voice", "both")

    def _told(self, on: Segment, seconds: float, why: Why) -> Iterator[str]:
        """What the voice says to what the person did."""
        phrases = wording.of(self._workout.language)
        if on.kind == "hold" and why in (Why.SLIPPED, Why.DONE) and seconds >= 1:
            tell = phrases.slipped if why is Why.SLIPPED else phrases.held
            yield tell(phrases.duration(math.floor(seconds)))
            grown = progression.grown(self._workout, on.origin)
            if grown is not None and seconds >= grown.goal and self._unlocks(grown, on):
                yield phrases.unlocked(self._past.unlocks[grown.key])
        if why is Why.ANSWERED and (before := self._past.answered(question(on), on.side)) is not None:
            yield phrases.last_time(before.answer, last_week=before.last_week)

    def _unlocks(self, grown: progression.Growing, on: Segment) -> bool:
        """Whether the workout behind a progression comes next, now that its goal was held for the first time today."""
        days = self._past.at_goal.get(grown.key, 0) + 1
        before = self.timeline.segments[: on.index]
        return (
            grown.key in self._past.unlocks and days >= progression.UNLOCKS_AFTER and not self._was_held(grown, before)
        )

    def _was_held(self, grown: progression.Growing, before: Sequence[Segment]) -> bool:
        """Whether a hold of a progression, among those ``before`` in this session, reaches the goal."""
        return any(
            one.progression and self._counts(one) >= grown.goal
            for one in before
            if progression.grown(self._workout, one.origin) == grown
        )

    def _counts(self, hold: Segment) -> float:
        """How many seconds of a hold that grows count; of one still to come, if nobody ends it."""
        if hold.index >= len(self.path):
            return hold.target or 0.0
        return 0.0 if self.path[hold.index].why is Why.SKIPPED else self.clean(hold.index)

    def _answering(self, timeline: Timeline) -> Timeline:
        """A timeline with what is said to the person at the beginning of its segments."""
        if not any(self._answers.values()):
            return timeline
        segments = list(timeline.segments)
        for index, lines in self._answers.items():
            if index < len(segments):
                segments[index] = _beginning_with(lines, segments[index])
        return replace(timeline, segments=tuple(segments))


def _beginning_with(lines: Sequence[Line], segment: Segment) -> Segment:
    if segment.duration is None:
        return replace(segment, cues=(*(Cue(0.0, line, Role.SAY) for line in lines), *segment.cues))
    return replace(segment, lead=(*(Cue(0.0, line, Role.ANNOUNCE) for line in lines), *segment.lead))


_BY_ITSELF = {Ends.CLOCK: Why.CLOCK, Ends.SPEECH: Why.SPEECH, Ends.PERSON: Why.CAP}


def _tenths(seconds: float) -> float:
    """Those that are whole: none is counted that was not held, but for what rounding to samples takes away."""
    return math.floor(seconds * 10 + SAMPLE) / 10


def meant(on: Segment) -> Act:
    """What "next" means on a button that knows nothing else: of a step that waits, or a hold, that it is done."""
    return Act.DONE if on.kind in ("hold", "ready") else Act.ON


def counts(on: Segment) -> bool:
    """Whether what is done of a segment that is left counts: it has a clock, and does not only wait."""
    return on.duration is not None and (on.waits is None or on.counts_up)


def by_itself(on: Segment) -> Why:
    """Why a segment is over that nobody has ended."""
    return _BY_ITSELF[on.ends]


def question(segment: Segment) -> str:
    """The text of a question."""
    return next((cue.what.text for cue in segment.cues if isinstance(cue.what, Line)), "")


def _why(act: Act, on: Segment, at: float) -> Why:
    """Why a segment is over if the person does so, where that means something."""
    match act:
        case Act.ON if on.target is None or at < on.target:
            return Why.SKIPPED
        case Act.ANSWER:
            return Why.ANSWERED
    if on.kind == "hold" and (on.ends is Ends.CLOCK or (on.target is not None and at < on.target)):
        return Why.SLIPPED
    return Why.SKIPPED if on.duration is None else Why.DONE
