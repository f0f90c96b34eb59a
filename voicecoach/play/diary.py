"""What becomes of a live session goes to the history, segment by segment, and comes back from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from voicecoach.errors import HistoryError
from voicecoach.store.sessions import SegmentDone, SessionDone, Why
from voicecoach.timeline.course import Course, question
from voicecoach.timeline.model import Done, Ends, Origin, Segment, Timeline

if TYPE_CHECKING:
    from voicecoach.store.history import History
    from voicecoach.timeline.progression import Growing


LONG_WAY = 60.0
"""Seconds of a run, a walk or work that are not done anew where a session is taken up in it."""
_WAYS = frozenset({"run", "walk", "work"})


def _now() -> datetime:
    return datetime.now().astimezone()


class HistoryDiary:
    """Keeps one session in the history. Where that fails it says so once, and the session goes on without."""

    def __init__(
        self,
        history: History,
        number: int,
        grown: Callable[[Origin], Growing | None],
        failed: Callable[[HistoryError], None],
        now: Callable[[], datetime] = _now,
    ) -> None:
        """``grown`` tells which progression says how long a hold is; ``now`` has an offset."""
        self._history: History | None = history
        self._number = number
        self._grown = grown
        self._failed = failed
        self._now = now

    def add(self, segment: Segment, done: Done, clean: float) -> None:
        """A segment is over."""
        growing = None if segment.target is None else self._grown(segment.origin)
        record = recorded(segment, done, clean, growing and growing.key)
        self._write(lambda history: history.add(self._number, record, self._now()))

    def take_back(self, first: int) -> None:
        """The person went back to segment ``first``."""
        self._write(lambda history: history.take_back(self._number, first))

    def finish(self, *, finished: bool) -> bool:
        """The session is over, or was left; whether it is kept, as something of it was done."""
        return self._write(lambda history: history.finish(self._number, self._now(), finished=finished)) or False

    def _write(self, write: Callable[[History], bool | None]) -> bool | None:
        if self._history is None:
            return None
        try:
            return write(self._history)
        except HistoryError as error:
            self._history = None
            self._failed(error)
            return None


def recorded(segment: Segment, done: Done, clean: float, progression: str | None) -> SegmentDone:
    """What is kept of a segment that is over; ``progression`` is the key of what says how long its hold is."""
    open_ended = segment.ends is Ends.PERSON and segment.target is None
    return SegmentDone(
        index=segment.index,
        kind=segment.kind,
        name=segment.name,
        side=segment.side,
        round=segment.round,
        planned=None if open_ended else segment.target or segment.duration,
        seconds=clean,
        why=done.why,
        question=question(segment) if segment.answers else None,
        answer=None if done.answer is None else segment.answers[done.answer],
        progression=progression,
        target=segment.target,
    )


def path_of(session: SessionDone, course: Callable[[list[Done]], Course]) -> list[Done] | None:
    """The path that an interrupted session came; ``course`` makes the course behind a path.

    None where its script is another one since: one of its steps is not where it was.
    """
    path: list[Done] = []
    segments = course(path).timeline.segments
    for record in sorted(session.segments, key=lambda segment: segment.index):
        while len(path) < record.index:
            path.append(Done(0.0, Why.SKIPPED))
        if record.index >= len(segments) or not _is_of(record, segments[record.index]):
            return None
        if record.why == Why.ENDED:  # what was left is done anew
            break
        answers = segments[record.index].answers
        answer = None if record.answer is None else answers.index(record.answer)
        path.append(Done(record.seconds, Why(record.why), answer, _own_target(record, segments[record.index])))
        if answer is not None:
            segments = course(path).timeline.segments
    return path[: max(0, len(segments) - 1)]


def into(session: SessionDone, segment: Segment) -> float:
    """Seconds on the clock of ``segment``, at which an interrupted session goes on, where it was left.

    0 where that step is done anew: only a long way is not gone twice.
    """
    left = next((record for record in session.segments if record.index == segment.index), None)
    if left is None or left.why != Why.ENDED or segment.kind not in _WAYS or segment.duration is None:
        return 0.0
    return left.seconds if LONG_WAY <= left.seconds < segment.duration == left.planned else 0.0


def _own_target(record: SegmentDone, segment: Segment) -> float | None:
    """The target that a hold was run with, where that is another one now."""
    same = record.target is None or segment.target is None or record.target == round(segment.target, 1)
    return None if same else record.target


def place_in(timeline: Timeline, session: SessionDone) -> int | None:
    """The segment where an interrupted session goes on in a script that is another one since.

    That is the step in which it was left, or the one behind the last that was done, if that is still there once, or in
    its place; None where it is not.
    """
    last = max(session.segments, key=lambda record: record.index)
    places = [segment.index for segment in timeline.segments if _is_of(last, segment)]
    if last.index in places:
        places = [last.index]
    place = places[0] + (last.why != Why.ENDED) if len(places) == 1 else len(timeline.segments)
    return place if place < len(timeline.segments) else None


def _is_of(record: SegmentDone, segment: Segment) -> bool:
    """Whether a record is of a step, as far as it tells."""
    asked = question(segment) if segment.answers else None
    step = segment.kind, segment.name, segment.side, segment.round, asked
    if (record.kind, record.name, record.side, record.round, record.question) != step:
        return False
    return record.answer is None or record.answer in segment.answers
