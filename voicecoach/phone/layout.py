"""Where everything lies in the one audio file of a page: rows of passages, sayings, and silence around them to jump in.

Passages of a row lie one behind the other as they follow upon each other, so that no jump is needed where nobody does
anything. Before each row and behind it is silence, in which it does not matter when exactly a jump comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from voicecoach import units
from voicecoach.arrange import arranger
from voicecoach.arrange.arrangement import Arrangement, Clips, Passage, Placement
from voicecoach.phone.branches import QUIET, Branches, Step
from voicecoach.timeline.model import Role, Segment, Timeline

ROOM = 0.12
"""Seconds of silence between where a jump comes in and the first sound."""
GUARD = 1.5
"""Seconds of silence behind what is left by a jump: as late as a page in the background may come to it."""


class Place(NamedTuple):
    """Where a step lies, in frames of the file: where a jump comes in, its clock's start and end, and where it is out.

    ``again`` is where a step that waits goes round: from, to, and from where it is quiet.
    """

    enter: int
    start: int
    end: int
    out: int
    again: tuple[int, int, int] | None = None


class Stretch(NamedTuple):
    """Where a saying lies: from, and where it is out."""

    enter: int
    out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``places`` are those of the steps and ``sayings`` those of the sayings, by their numbers.

    ``copies`` are steps that lie there a second time, by the number of the step: one whose beginning lies under what is
    said before has to be entered by a jump somewhere else.
    """

    arrangement: Arrangement
    places: tuple[Place, ...]
    sayings: tuple[Stretch, ...]
    copies: dict[int, Place]


def laid_out(found: Branches, timeline: Timeline, clips: Clips, rate: int = units.SAMPLE_RATE) -> Layout:
    """The file of a page. ``timeline`` is the one that ``branches.timeline`` gives."""
    return _Tape(found, timeline, clips, rate).laid_out()


class _Tape:
    def __init__(self, found: Branches, timeline: Timeline, clips: Clips, rate: int) -> None:
        self._found = found
        self._timeline = timeline
        self._clips = clips
        self._rate = rate
        self._room = units.to_frames(ROOM, rate)
        self._guard = units.to_frames(GUARD, rate)
        self._passages: list[Passage] = []
        self._end = 0
        """Where the next stretch begins."""

    def laid_out(self) -> Layout:
        places: dict[int, Place] = {}
        hidden: list[int] = []
        for row in self._found.rows:
            hidden += self._row(row, places)
        copies = {number: self._alone(number) for number in hidden}
        sayings = []
        for segment in self._timeline.segments[len(self._found.steps) :]:
            (passage,) = self._put([segment])
            sayings.append(Stretch(passage.start - self._room, self._out(passage)))
        arrangement = Arrangement(
            title=self._timeline.title,
            summary=self._timeline.summary,
            language=self._timeline.language,
            rate=self._rate,
            passages=tuple(self._passages),
            clips=self._clips,
            bed=self._timeline.music if self._timeline.music is not None and self._timeline.music.files else None,
        )
        return Layout(
            arrangement=arrangement,
            places=tuple(places[number] for number in range(len(self._found.steps))),
            sayings=tuple(sayings),
            copies=copies,
        )

    def _row(self, row: Sequence[int], places: dict[int, Place]) -> list[int]:
        """Lays a row of steps; those that cannot be entered where they lie."""
        passages = self._put([self._timeline.segments[number] for number in row])
        hidden = []
        enter = passages[0].begin - self._room
        for number, passage, behind in zip(row, passages, [*passages[1:], None], strict=True):
            places[number] = self._place(self._found.steps[number], passage, enter)
            if behind is not None:
                entry = self._entry(passages, passage, behind)
                if entry is None:
                    hidden.append(row[row.index(number) + 1])
                enter = passage.end if entry is None else entry
        return hidden

    def _alone(self, number: int) -> Place:
        (passage,) = self._put([self._timeline.segments[number]])
        return self._place(self._found.steps[number], passage, passage.begin - self._room)

    def _place(self, step: Step, passage: Passage, enter: int) -> Place:
        end, again = passage.end, None
        if step.waiting is not None:
            said = max((one.end for one in passage.placements if one.role is Role.SAY), default=passage.start)
            told = max((one.end for one in passage.placements), default=passage.start)
            start = max(said + self._room, passage.start + units.to_frames(step.waiting.start, self._rate))
            quiet = told + self._room
            end = max(end, quiet + units.to_frames(QUIET, self._rate))
            again = min(start, quiet), end, quiet
        return Place(enter, passage.start, end, max(end, self._out(passage)), again)

    def _entry(self, row: Sequence[Passage], before: Passage, passage: Passage) -> int | None:
        """Where a jump comes into a passage that follows upon another; None where there is no such place.

        Where its lead lies inside the rest before it, that is where the lead begins.
        """
        first = min((one.start for one in passage.placements), default=passage.start)
        earlier = [one for one in before.placements if one.end > min(first, before.end)]
        latest = min(first, passage.start)
        if latest < before.end:
            heard = [one for one in earlier if one.start < latest < one.end]
            return None if any(map(_cuts, heard)) else max(latest - self._room, _ended(before, latest))
        over = max((one.end for one in earlier), default=before.end)
        if over <= latest:
            return max(over, before.end)
        # what begins at the very end, as its tone, is heard as it is where the step has ended by itself
        return None if any(one.start < before.end < one.end and _cuts(one) for one in earlier) else before.end

    def _put(self, segments: Sequence[Segment]) -> list[Passage]:
        """Lays segments one behind the other, as they follow upon each other by themselves."""
        made = arranger.arrangement(replace(self._timeline, segments=tuple(segments)), self._clips, rate=self._rate)
        passages = [*made.passages]
        begins = min((one.start for passage in passages for one in passage.placements), default=0)
        by = self._end + self._room - min(0, begins, passages[0].begin)
        moved = [passage.moved(by) for passage in passages]
        self._passages += moved
        self._end = max(self._out(passage) for passage in moved) + self._guard
        for step in segments[-1:]:
            if step.index < len(self._found.steps) and self._found.steps[step.index].waiting is not None:
                self._end += units.to_frames(QUIET, self._rate)
        return moved

    def _out(self, passage: Passage) -> int:
        return max(passage.end, max((one.end for one in passage.placements), default=0))


def _cuts(one: Placement) -> bool:
    """Whether it is heard that something was not heard from its beginning: of a tick it is not."""
    return one.role is not Role.TICK


def _ended(passage: Passage, before: int) -> int:
    """Where the last sound of a passage before a frame has ended."""
    return max((one.end for one in passage.placements if one.end <= before), default=passage.start)
