"""How a session that is played begins: by what the history says, where it was left, or at the step that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.remembered import lost, of_past
from voicecoach.errors import HistoryError, HistoryWriteError, near, shown
from voicecoach.store.sessions import Why

if TYPE_CHECKING:
    from voicecoach.play.diary import HistoryDiary
    from voicecoach.review.closing import Closing
    from voicecoach.review.way import Way
    from voicecoach.script.model import Workout
    from voicecoach.store.history import History, PlanDay, SessionDone
    from voicecoach.timeline.course import Course
    from voicecoach.timeline.kept import Opened
    from voicecoach.timeline.model import Done, Timeline

_LONGEST_NUMBER = 9
"""Digits of the number of a step; Python refuses to read numbers of thousands."""


class Beginning:
    """What a session begins with; where the history cannot be used a line says so, and it begins without."""

    course: Course
    into: float
    """Seconds on the clock of its first step at which it begins."""
    said: str
    """What was told last of how it begins; empty where there was nothing to tell."""

    def __init__(self, script: Opened, source: str, seed: int, live: bool, until: ExitStack) -> None:
        from voicecoach.timeline.course import NOTHING

        self._source = source
        self._seed = seed
        self._live = live
        self._until = until
        self._script = script
        self._history: History | None = None
        self._diary: HistoryDiary | None = None
        self._past = NOTHING
        self._number: int | None = None
        self._keeps = self._kept = False
        self.into, self.said = 0.0, ""
        self._ahead_of_now = timedelta()
        self._day = date.today()

    def remember(self, day: date | None, *, rehearsal: bool = False) -> None:
        """Opens the history, and takes from it what it says for a day, by default today; the session is one of it.

        In a ``rehearsal`` only until it is over: nothing of it is kept.
        """
        if day is not None:
            self._ahead_of_now, self._day = day - self._day, day
        from voicecoach import pipeline
        from voicecoach.store.history import History

        try:
            try:
                history = self._until.enter_context(History.copied() if rehearsal else History.open())
                self._keeps = True
            except HistoryWriteError as error:
                history = self._until.enter_context(History.open(to_read=True))
                self._warn(f"{error}; nothing of this session is remembered")
            self._tell(of_past(history, day))
            self._past = pipeline.past(self._script, self._day, history)
        except HistoryError as error:
            self._lost(error)
        else:
            self._history = history

    def read(self) -> Workout:
        """The script as its file says now. Raises ScriptError."""
        from voicecoach import pipeline

        now, day = pipeline.opened(self._source), self._script.day
        return (now if day is None else now.of(day)).workout()

    def compiled(self, workout: Workout) -> Timeline:
        """The timeline of a script on the day of the session."""
        from voicecoach.timeline.compiler import compile as compile_workout

        past = self._past
        return compile_workout(
            workout,
            seed=self._seed,
            targets=past.targets,
            bests=past.bests,
            finished=past.finished,
            live=self._live,
            day=self._script.day,
        )

    def begin(self, *, resume: bool, wanted: str | None) -> None:
        """Makes the course: from the beginning, from where it was left, or from the step that is wanted."""
        from voicecoach import pipeline
        from voicecoach.play.diary import into
        from voicecoach.timeline.model import Done

        left = self._left() if resume else None
        if left is not None and (path := self._taken_up(left)) is not None:
            self.course = self._made(path)
            self.into = into(left, self.course.timeline.segments[self.course.segment])
            return
        past = self._past
        timeline = pipeline.compiled(
            self._script,
            seed=self._seed,
            targets=past.targets,
            bests=past.bests,
            finished=past.finished,
            live=self._live,
        )
        first = 0 if wanted is None else _step(timeline, wanted)
        if left is not None:
            first = self._place(timeline, left)
        path = [Done(segment.waits or segment.duration or 0.0, Why.SKIPPED) for segment in timeline.segments[:first]]
        self.course = self._made(path, timeline)

    def diary(self) -> HistoryDiary | None:
        """Where what becomes of the session is kept; None where it is not."""
        from voicecoach.play.diary import HistoryDiary
        from voicecoach.timeline import progression

        if self._history is None or not self._keeps:
            return None
        try:
            if self._number is None:
                self._number = self._history.begin(
                    script=self._script.identity,
                    title=self.course.timeline.title,
                    digest=self._script.digest,
                    seed=self._seed,
                    started=self._now(),
                    planned=self._planned,
                )
        except HistoryError as error:
            self._lost(error)
            return None
        script = self._script
        self._diary = HistoryDiary(
            self._history,
            self._number,
            lambda origin: progression.grown(script.workout(), origin),
            self._lost,
            self._now,
        )
        return self._diary

    @property
    def remembered(self) -> bool:
        """Whether something of the session, which has ended, is kept, so that it can be taken up again."""
        return self._kept

    def end(self, *, finished: bool) -> None:
        """The session is over, or was left."""
        if self._diary is not None:
            self._kept = self._diary.finish(finished=finished)

    def closing(self, *, finished: bool) -> Closing:
        """What the session has come to, and how the script's growing holds stand after it."""
        from voicecoach.review.closing import closing

        ahead: list[Way] = []
        try:
            ahead += self._ahead(self._history) if self._history is not None and self._keeps else ()
        except HistoryError as error:
            self._lost(error)
        return closing(self.course, finished=finished, ahead=ahead)

    def _ahead(self, history: History) -> Iterator[Way]:
        from voicecoach.review.way import way
        from voicecoach.timeline import progression

        tomorrow = self._day + timedelta(days=1)
        progressions = self._script.outline().progressions
        names = progression.names(progressions)
        for growing in progressions:
            held, wish = history.held(growing.key, before=tomorrow), history.wished(growing.key, until=self._day)
            if held:
                override = None if wish is None else (wish.day, wish.seconds)
                yield way(growing.script, names[growing.key], held, tomorrow, says=growing, override=override)

    def _left(self) -> SessionDone | None:
        """The last session where that was interrupted; None, with a line, where there is none."""
        found = None
        try:
            if self._history is not None:
                found = self._history.interrupted(self._script.identity, self._day, planned=self._planned)
        except HistoryError as error:
            self._lost(error)
        if found is None and not self._live:
            self._note("no session is remembered where nobody can answer, as in a pipe; it begins at the beginning")
        elif found is None:
            self._note("nothing to resume; it begins at the beginning")
        return found

    def _taken_up(self, left: SessionDone) -> list[Done] | None:
        """The path that a session came, which goes on as one of its own day; None where its steps are others now."""
        from voicecoach import pipeline
        from voicecoach.play.diary import path_of

        today = self._past, self._seed
        self._seed = left.seed
        try:
            day = left.started.date()
            self._past = pipeline.past(self._script, day, self._history, left=left.number, now=self._day)
        except HistoryError as error:
            self._lost(error)
        path = path_of(left, self._made)
        if path is None:
            self._past, self._seed = today
            return None
        self._number = left.number
        if left.digest != self._script.digest:
            self._note("the script has changed since, but not in what was done of it; going on where it was left")
        return path

    def _place(self, timeline: Timeline, left: SessionDone) -> int:
        """Where a session goes on whose script is another one since, as a session of its own."""
        from voicecoach.play.diary import place_in

        place = place_in(timeline, left)
        if place is None:
            again = 'begin with a step of it by "--from STEP", or anew without "--resume"'
            raise click.UsageError(
                output.one_line(f"{self._source}: the script has changed since, and where it was left is gone: {again}")
            )
        step = timeline.segments[place].chapter
        self._note(f'the script has changed since; going on with step {place + 1}, "{step}", as a session of its own')
        return place

    def _note(self, text: str) -> None:
        self._tell(f"{self._source}: {text}", text)

    def _warn(self, text: str) -> None:
        self._tell(f"{self._source}: warning: {text}", text)

    def _tell(self, line: str, said: str = "") -> None:
        if line:
            output.note(output.one_line(line))
            self.said = said or line

    def _made(self, path: list[Done], timeline: Timeline | None = None) -> Course:
        from voicecoach.timeline.course import Course

        return Course(
            self._script.workout,
            seed=self._seed,
            past=self._past,
            path=path,
            live=self._live,
            timeline=timeline,
            day=self._script.day,
        )

    @property
    def _planned(self) -> PlanDay | None:
        """The day of a plan that it is."""
        return None if self._script.day is None else self._script.day.key

    def _now(self) -> datetime:
        """The time of day as it is, on the day that is taken for today."""
        return (datetime.now() + self._ahead_of_now).astimezone()

    def _lost(self, error: HistoryError) -> None:
        self._warn(lost(error))
        self._history = None


def _step(timeline: Timeline, wanted: str) -> int:
    """Index of the segment that ``--from`` means: its number, counted from 1, or the first with that name."""
    count = len(timeline.segments)
    if wanted.isdecimal():
        number = int(wanted) if len(wanted) <= _LONGEST_NUMBER else 0
        if not 1 <= number <= count:
            raise click.BadParameter(f"there is no step {shown(wanted)}: the session has {count}", param_hint="--from")
        return number - 1
    for segment in timeline.segments:
        if wanted.casefold() in (segment.name.casefold(), segment.label.casefold(), segment.block.casefold()):
            return segment.index
    names = list(dict.fromkeys(name for s in timeline.segments for name in (s.name, s.block) if name))
    complaint = output.one_line(f"no step is called {shown(wanted)}{near(wanted, names)}")
    raise click.BadParameter(complaint, param_hint="--from")
