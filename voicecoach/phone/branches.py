"""Every way that a live session can go, as data: the steps there are, and where each leads. Pure: no audio, no clock.

What an act does is not decided here: ``timeline.course`` is asked, for each step and each answer, and what it says is
written down. Ways whose steps are the same from some step on go on as one.

How long a person took is no way of its own. Behind a step that was ended early comes what comes when nobody ends it, so
pool cues and reminders of later steps stay where they were planned.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import NamedTuple, TypeAlias

from voicecoach.errors import ExportError
from voicecoach.script.model import Workout
from voicecoach.store.sessions import Why
from voicecoach.timeline import course as courses
from voicecoach.timeline import progression
from voicecoach.timeline.course import Act, Course, Past
from voicecoach.timeline.model import Cue, Done, Line, Role, Segment, StatedTime, Timeline
from voicecoach.timeline.stated import OF_SESSION

MOST_WAYS = 300
"""Most answers of which the way is followed, so that a page stays small."""
QUIET = 20.0
"""Seconds of silence at the end of a step that waits, to wait in."""
_EXACT, _FIVES, _LAST = 60, 300, 15
"""Up to a minute held it is told to the second, up to five to five seconds, then to fifteen."""


Leads: TypeAlias = int | tuple[int | None, ...] | None
"""A step by its number; None where it is all over; where sessions of several targets part, one for each of these."""


class Telling(NamedTuple):
    """What an act comes to from a second on: why the step is over, and which saying is told; None for none."""

    second: float
    why: Why
    saying: int | None


class Reply(NamedTuple):
    """An answer: what it is called, the step that comes of it (None: it is all over), and what is told before that."""

    label: str
    leads: Leads
    saying: int | None


class Waiting(NamedTuple):
    """Where a step that waits goes round: a stretch of its clock in seconds, and how often, before it is quiet."""

    start: float
    end: float
    laps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A segment, and where it leads.

    ``flows`` where it goes on by itself right into the next step. Otherwise, if it does not wait, ``then`` is what
    comes by itself, and ``after`` what comes where the person goes on. ``why`` is why it is over where nobody has ended
    it, and ``clean`` how many of its seconds count then, None for as long as it speaks. ``done`` and ``on`` are what
    these acts come to, ``done`` empty where it means nothing. ``button`` is what a headset's "next" means, and
    ``counts`` whether what was done of it counts where the session is left. ``progression`` is the key of what says how
    long it is. ``closing`` are the last words, for who has ended the last step.
    """

    segment: Segment
    flows: bool
    then: Leads
    after: Leads
    why: Why
    clean: float | None
    done: tuple[Telling, ...] = ()
    on: tuple[Telling, ...] = ()
    replies: tuple[Reply, ...] = ()
    waiting: Waiting | None = None
    button: Act = Act.ON
    counts: bool = False
    progression: str | None = None
    closing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches:
    """All ways of a session, which begins with step ``first`` (None: there is nothing in it).

    It is one session, or several that differ in their targets, and have steps in common. ``rows`` are the steps that
    follow upon one another by themselves, by their numbers. What is told of what the person did are ``sayings``, each
    known by its number.
    """

    steps: tuple[Step, ...]
    rows: tuple[tuple[int, ...], ...]
    sayings: tuple[tuple[Line, ...], ...]
    first: Leads


def branches(workout: Workout, *, seed: int = 0, pasts: Sequence[Past] = (courses.NOTHING,)) -> Branches:
    """Every way of a session, or of one for each of several ``pasts``. Raises ExportError where there are too many."""
    return _Explorer(workout, seed).explored(pasts)


def timeline(found: Branches, around: Timeline) -> Timeline:
    """All that can be heard, as one timeline: every step by its number, then every saying."""
    said = (
        Segment(
            index=len(found.steps) + number,
            kind="say",
            name="",
            block="",
            rounds=1,
            duration=None,
            cues=tuple(Cue(0.0, line, Role.SAY) for line in lines),
        )
        for number, lines in enumerate(found.sayings)
    )
    return replace(around, segments=(*(step.segment for step in found.steps), *said))


_Rest: TypeAlias = int
"""What a session comes to from a step on, as a number: equal where all of it is. 0 is its end."""
_Rests: TypeAlias = _Rest | tuple[_Rest, ...]


@dataclass(slots=True)
class _Draft:
    """A step whose ways are not yet numbered."""

    step: Step
    then: _Rests
    after: _Rests
    replies: list[tuple[str, _Rest, int | None]] = field(default_factory=list)


class _Explorer:
    def __init__(self, workout: Workout, seed: int) -> None:
        self._workout = workout
        self._seed = seed
        self._past = courses.NOTHING
        self._drafts: list[_Draft] = []
        self._rows: list[list[int]] = []
        self._sayings: dict[tuple[Line, ...], int] = {}
        self._fresh = count(1)
        self._rests: dict[tuple[Segment, _Rest], _Rest] = {}
        self._begins: dict[_Rest, int] = {}
        """The step with which a rest begins."""
        self._asked: deque[tuple[_Draft, int, list[Done], Past]] = deque()
        self._ways = 0

    def explored(self, pasts: Sequence[Past]) -> Branches:
        first = self._together(pasts) if len(pasts) > 1 else self._all_of(pasts[0], [])
        while self._asked:
            draft, answer, path, past = self._asked.popleft()
            on = draft.step.segment
            saying = draft.replies[answer][2]
            draft.replies[answer] = (on.answers[answer], self._all_of(past, path), saying)
        steps = tuple(
            replace(
                draft.step,
                then=self._numbered(draft.then),
                after=self._numbered(draft.after),
                replies=tuple(Reply(label, self._numbered(leads), saying) for label, leads, saying in draft.replies),
            )
            for draft in self._drafts
        )
        return Branches(
            steps=steps,
            rows=tuple(map(tuple, self._rows)),
            sayings=tuple(self._sayings),
            first=self._numbered(first),
        )

    def _numbered(self, rests: _Rests) -> Leads:
        """The steps with which they begin."""
        if isinstance(rests, int):
            return self._begins.get(rests)
        found = tuple(self._begins.get(rest) for rest in rests)
        return found[0] if len(set(found)) == 1 else found

    def _all_of(self, past: Past, path: list[Done]) -> _Rest:
        self._past = past
        return self._follow(path)

    def _together(self, pasts: Sequence[Past]) -> _Rests:
        """Sessions of several pasts, which have in common what they begin with, up to the first question."""
        timelines = [Course(self._workout, seed=self._seed, past=past).timeline for past in pasts]
        common = 0
        for alike in zip(*(_without_false_times(each.segments) for each in timelines), strict=False):
            if alike[0].answers or len(set(alike)) > 1:
                break
            common += 1
        segments = list(_without_false_times(timelines[0].segments))
        while common and segments[common - 1].absorbs_lead:
            common -= 1  # the lead that it takes in is another one each time
        path = [Done(_usual(one), courses.by_itself(one)) for one in segments[:common]]
        parted = tuple(self._all_of(past, path) for past in pasts)
        if not common:
            return parted
        self._past = pasts[0]
        as_heard = replace(timelines[0], segments=tuple(segments))
        begins = [next(self._fresh) for _ in range(common)]
        drafts = []
        for index, rest in enumerate(begins):
            at = Course(self._workout, seed=self._seed, past=self._past, path=path[:index], timeline=as_heard)
            leads: _Rests = begins[index + 1] if index + 1 < common else parted
            step = self._step(at, segments[index], (0, 0), index)
            step.then = step.after = leads
            drafts.append((rest, step))
        row: list[_Draft] = []
        for rest, draft in drafts:
            self._begins[rest] = len(self._drafts) + len(row)
            row.append(draft)
            if draft.step.waiting is not None or draft is drafts[-1][1]:
                self._row(None, row)
                row = []
        return begins[0]

    def _follow(self, path: list[Done]) -> _Rest:
        """The way behind a path, as far as it is not known; what it comes to."""
        self._ways += 1
        if self._ways > MOST_WAYS:
            raise ExportError(
                f'"{self._workout.title}": its questions have more than {MOST_WAYS} ways through them, '
                "which is too much for one page; ask less often, or let fewer answers bring steps of their own"
            )
        course = self._course(path)
        begins = len(path)
        segments = list(_without_false_times(course.timeline.segments))
        whole = [*path, *(Done(_usual(one), courses.by_itself(one)) for one in segments[begins:])]
        last_words = self._course(whole).timeline.segments[len(whole) :] if len(segments) > begins else ()
        goes_on = self._rest(last_words, 0)
        if last_words and goes_on not in self._begins:
            words = self._step(self._course(whole), last_words[0], (0, 0), len(whole))
            words.step = replace(words.step, closing=True)
            self._row(goes_on, [words])
        rests = [0]
        for segment in reversed(segments[begins:]):
            rests.append(self._rest((segment,), rests[-1]))
        rests.reverse()
        as_heard = replace(course.timeline, segments=tuple(segments))
        row: list[_Draft] = []
        starts: _Rest | None = None
        for index, rest in zip(range(begins, len(segments)), rests[:-1], strict=True):
            if rest in self._begins:
                break
            following = rests[index - begins + 1]
            at = Course(self._workout, seed=self._seed, past=self._past, path=whole[:index], timeline=as_heard)
            draft = self._step(at, segments[index], (following, following or goes_on), index)
            starts = rest if not row else starts
            row.append(draft)
            # taken now, so that a way that comes back here finds it
            self._begins[rest] = len(self._drafts) + len(row) - 1
            if draft.step.waiting is not None:
                self._row(starts, row)
                row, starts = [], None
        if row:
            self._row(starts, row)
        return rests[0]

    def _course(self, path: Sequence[Done]) -> Course:
        return Course(self._workout, seed=self._seed, past=self._past, path=path)

    def _rest(self, segments: Sequence[Segment], following: _Rest) -> _Rest:
        for segment in reversed(segments):
            following = self._rests.setdefault((replace(segment, index=0), following), next(self._fresh))
        return following

    def _row(self, begins: _Rest | None, row: list[_Draft]) -> None:
        if begins is not None:
            self._begins[begins] = len(self._drafts)
        numbers = range(len(self._drafts), len(self._drafts) + len(row))
        for draft, number in zip(row, numbers, strict=True):
            draft.step = replace(
                draft.step,
                segment=replace(draft.step.segment, index=number),
                flows=number < numbers[-1],
            )
        self._drafts += row
        self._rows.append([*numbers])

    def _step(self, course: Course, on: Segment, leads: tuple[_Rest, _Rest], index: int) -> _Draft:
        """The segment that is on in a course, and what comes of each act."""
        grown = progression.grown(self._workout, on.origin) if on.target is not None else None
        lasts = courses.by_itself(on)
        seconds = on.duration
        if on.duration is not None and on.target is not None:
            by_itself = Course(
                self._workout,
                path=[*course.path[:index], Done(on.duration, lasts)],
                timeline=course.timeline,
            )
            seconds = by_itself.clean(index)
        waits = _waiting(on)
        step = Step(
            segment=on if waits is None else _heard(on, waits),
            flows=False,
            then=None,
            after=None,
            why=lasts,
            clean=seconds,
            done=tuple(self._tellings(course, on, Act.DONE)),
            on=tuple(self._tellings(course, on, Act.ON)),
            waiting=waits,
            button=courses.meant(on),
            counts=courses.counts(on),
            progression=None if grown is None else grown.key,
        )
        draft = _Draft(step, *leads)
        for answer, label in enumerate(on.answers):
            outcome = course.outcome(Act.ANSWER, 0.0, answer)
            saying = None if outcome is None else self._saying(outcome.said)
            draft.replies.append((label, 0, saying))
            done = Done(on.waits or 0.0, Why.ANSWERED, answer)
            self._asked.append((draft, answer, [*course.path[:index], done], self._past))
        return draft

    def _tellings(self, course: Course, on: Segment, act: Act) -> Iterator[Telling]:
        last: tuple[Why, int | None] | None = None
        for second in _seconds(on):
            if (outcome := course.outcome(act, second)) is None:
                continue
            told = outcome.why, self._saying(outcome.said)
            if told != last:
                yield Telling(second, *told)
            last = told

    def _saying(self, lines: tuple[Line, ...]) -> int | None:
        return self._sayings.setdefault(lines, len(self._sayings)) if lines else None


def _seconds(on: Segment) -> Iterator[float]:
    """The seconds of a segment's clock at which what an act comes to may change."""
    if on.kind != "hold" or on.duration is None:
        yield 0.0
        return
    whole = chain(range(_EXACT), range(_EXACT, _FIVES, 5), range(_FIVES, int(on.duration) + 1, _LAST))
    seconds = {float(second) for second in whole if second <= on.duration}
    yield from sorted(seconds | ({on.target} if on.target is not None else set()))


def _usual(on: Segment) -> float:
    """How long a segment lasts where nobody does anything that a file would not."""
    return on.waits if on.waits is not None else on.duration or 0.0


def _waiting(on: Segment) -> Waiting | None:
    """Where a segment goes round that lasts until the person goes on; None for one that is over by itself."""
    if on.waits is None or on.counts_up or on.duration is None:
        return None
    again = [cue.at for cue in on.cues if cue.role is Role.ANNOUNCE and cue.at < on.duration]
    if len(again) > 1:
        return Waiting(again[0], again[1], len(again) - 1)
    return Waiting(QUIET, 2 * QUIET, 0)


def _heard(on: Segment, waits: Waiting) -> Segment:
    """A segment that waits, as far as it has to be heard once."""
    cues = tuple(cue for cue in on.cues if cue.at < waits.end)
    return replace(on, duration=waits.end, cues=cues)


def _without_false_times(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Without the lines that tell of the session's time, from where on a person has decided how long it takes."""
    known = True
    for segment in segments:
        yield segment if known else _only(segment, lambda cue: not _of_session(cue))
        known = known and segment.waits is None and not segment.counts_up


def _only(segment: Segment, wanted: Callable[[Cue], bool]) -> Segment:
    return replace(
        segment,
        lead=tuple(cue for cue in segment.lead if wanted(cue)),
        cues=tuple(cue for cue in segment.cues if wanted(cue)),
    )


def _of_session(cue: Cue) -> bool:
    return isinstance(cue.what, StatedTime) and not OF_SESSION.isdisjoint(cue.what.parts)
