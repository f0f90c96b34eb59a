"""What becomes of a live session goes to the history, segment by segment, and comes back from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from voicecoach.errors import HistoryError
from voicecoach.store.sessions import SegmentDone, SessionDone, Why
from voicecoach.timeline import progression
from voicecoach.timeline.course import Course, question
from voicecoach.timeline.model import Done, Ends, Origin, Segment

if TYPE_CHECKING:
    from voicecoach.store.history import History


class HistoryDiary:
    """Keeps one session in the history. Where that fails it says so once, and the session goes on without."""

    def __init__(self, history: History, number: int, script: str, failed: Callable[[HistoryError], None]) -> None:
        """``script`` is what the session's script is known by."""
        self._history: History | None = history
        self._number = number
        self._script = script
        self._failed = failed

    def add(self, segment: Segment, done: Done, clean: float) -> None:
        """A segment is over."""
        record = recorded(segment, done, clean, self._script)
        self._write(lambda history: history.add(self._number, record, _now()))

    def take_back(self, first: int) -> None:
        """The person went back to segment ``first``."""
        self._write(lambda history: history.take_back(self._number, first))

    def finish(self, *, finished: bool) -> None:
        """The session is over, or was left."""
        self._write(lambda history: history.finish(self._number, _now(), finished=finished))

    def _write(self, write: Callable[[History], None]) -> None:
        if self._history is None:
            return
        try:
            write(self._history)
        except HistoryError as error:
            self._history = None
            self._failed(error)


def recorded(segment: Segment, done: Done, clean: float, script: str) -> SegmentDone:
    """What is kept of a segment of a script that is over."""
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
        progression=progression.key(_known_as(script, segment.origin), segment.progression) if segment.target else None,
        target=segment.target,
    )


def path_of(session: SessionDone, course: Callable[[list[Done]], Course]) -> list[Done]:
    """The path that an interrupted session came; ``course`` makes the course behind a path.

    Where its script has changed since, it reaches as far as there are segments.
    """
    path: list[Done] = []
    for record in sorted(session.segments, key=lambda segment: segment.index):
        while len(path) < record.index:
            path.append(Done(0.0, Why.SKIPPED))
        answer = None
        if record.answer is not None:
            segments = course(path).timeline.segments
            answers = segments[len(path)].answers if len(path) < len(segments) else ()
            answer = answers.index(record.answer) if record.answer in answers else None
        path.append(Done(record.seconds, Why(record.why), answer))
    return path[: max(0, len(course(path).timeline.segments) - 1)]


def _known_as(script: str, origin: Origin) -> str:
    """What the script is known by that a segment comes from."""
    return PurePath(origin.script[-1]).name.removesuffix(".toml") if origin.script else script


def _now() -> datetime:
    return datetime.now().astimezone()
