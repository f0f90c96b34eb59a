"""What the play screen says at a frame of a session, as plain words: nothing here draws."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.timeline.model import Role, Segment, Sound, Timeline

_PAUSE = re.compile(r"\s*\[\s*pause\b[^\]]*\]\s*", re.IGNORECASE)
_SILENT_ON_SCREEN = frozenset({Role.TICK, Role.BOUNDARY, Role.COUNTDOWN})


class State(StrEnum):
    """How the session stands."""

    PLAYING = "playing"
    PAUSED = "paused"
    LOST = "device lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that the screen shows; two equal views look the same.

    ``clock`` is what the large digits show and ``clock_means`` what they count. ``now`` is the line last heard,
    ``sounding`` whether it still sounds. ``share`` is how much of the session is done, 0 to 1.
    """

    title: str
    state: State
    kind: str
    heading: str
    place: str
    clock: str
    clock_means: str
    last_seconds: bool
    now: str
    sounding: bool
    next_line: str
    next_line_in: str
    next_step: str
    share: float
    elapsed: str
    remaining: str


def expected_starts(estimated: Arrangement) -> tuple[int, ...]:
    """The frame at which each segment is expected to start, and at the end the session's length."""
    return (*(passage.start for passage in estimated.passages), estimated.frames)


class Viewer:
    """Tells the view of a session at any frame.

    ``expected`` are those of ``expected_starts``; they need be right only roughly, as what is still to come is counted
    by them.
    """

    def __init__(self, timeline: Timeline, arrangement: Arrangement, expected: tuple[int, ...]) -> None:
        self._timeline = timeline
        self._passages = arrangement.passages
        self._rate = arrangement.rate
        self._expected = expected
        self._of: tuple[int, list[Placement]] = (-1, [])

    def view(self, frame: int, index: int, state: State = State.PLAYING) -> View:
        """The view at a frame, while the segment of that index is on."""
        passage = self._passages[index]
        segment = self._timeline.segments[passage.segment]
        after = self._passages[index + 1] if index + 1 < len(self._passages) else None
        clock, means = self._clock(frame, segment, passage)
        now, sounding, coming = self._lines(frame, index)
        elapsed, remaining = frame, self._remaining(frame, index)
        return View(
            title=self._timeline.title,
            state=state,
            kind=segment.kind,
            heading=_heading(segment) or self._timeline.title,
            place=_place(segment),
            clock=clock,
            clock_means=means,
            last_seconds=not segment.open_ended and passage.start <= frame >= passage.end - 3 * self._rate,
            now=now,
            sounding=sounding,
            next_line=shown(coming) if coming is not None else "",
            next_line_in=self._seconds_up(coming.start - frame) if coming is not None else "",
            next_step=_step_name(self._timeline.segments[after.segment]) if after is not None else "",
            share=round(elapsed / max(1, elapsed + remaining), 3),
            elapsed=units.format_clock(elapsed / self._rate),
            remaining=self._seconds_up(remaining),
        )

    def _clock(self, frame: int, segment: Segment, passage: Passage) -> tuple[str, str]:
        if frame < passage.start:
            return self._seconds_up(passage.start - frame), "until it starts"
        if segment.open_ended:
            return units.format_clock((frame - passage.start) / self._rate), "so far"
        return self._seconds_up(passage.end - frame), "left"

    def _lines(self, frame: int, index: int) -> tuple[str, bool, Placement | None]:
        """The line last heard in this step, whether it still sounds, and the one to come."""
        if self._of[0] != index:
            self._of = (index, self._lines_of(index))
        lines = self._of[1]
        heard = bisect_right(lines, frame, key=lambda placement: placement.start)
        coming = next((p for p in lines[heard:] if p.role not in _SILENT_ON_SCREEN), None)
        if not heard:
            return "", False, coming
        last = lines[heard - 1]
        return shown(last), frame < last.end, coming

    def _lines_of(self, index: int) -> list[Placement]:
        """The lines of a step, and those of the lead inside its end, in order of their start."""
        passage = self._passages[index]
        counted = self._timeline.segments[passage.segment].kind == "reps"
        found = [p for p in passage.placements if _on_screen(p, counted)]
        if index + 1 < len(self._passages):
            lead = self._passages[index + 1].placements
            found += [p for p in lead if p.start < passage.end and _on_screen(p, False)]
        return sorted(found, key=lambda placement: placement.start)

    def _remaining(self, frame: int, index: int) -> int:
        """Frames from here to the end of the session, by what is expected of the steps to come."""
        into = frame - self._passages[index].start
        return max(0, self._expected[-1] - self._expected[index] - into)

    def _seconds_up(self, frames: int) -> str:
        """A clock that shows 0:00 only when nothing is left."""
        return units.format_clock(-(-max(0, frames) // self._rate))


def shown(placement: Placement) -> str:
    """The text of a line as it is shown: without its pauses."""
    what = placement.what
    return "" if isinstance(what, Sound) else _PAUSE.sub(" … ", what.text).strip(" …")


def _on_screen(placement: Placement, counted: bool) -> bool:
    if isinstance(placement.what, Sound):
        return False
    return placement.role not in _SILENT_ON_SCREEN or (counted and placement.role is Role.COUNTDOWN)


def _heading(segment: Segment) -> str:
    name = segment.name or segment.block
    return f"{name} · {segment.side}" if segment.side else name


def _place(segment: Segment) -> str:
    parts = [segment.block] if segment.name and segment.block not in ("", segment.name) else []
    if segment.rounds > 1:
        parts.append(f"round {segment.round} of {segment.rounds}")
    return " · ".join(parts)


def _step_name(segment: Segment) -> str:
    name = segment.label or segment.kind
    return f"{name}, {units.format_duration(segment.duration)}" if segment.duration is not None else name
