"""Which place of a session each frame was that a sink was given."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class Place(NamedTuple):
    """Where a stretch of frames lies: from frame ``at`` of all that is mixed if ``moving``, else silence held there.

    ``chosen`` is the segment last jumped to, with jump number ``turn``; ``at`` is None until the first sound after a
    jump is ready.
    """

    at: int | None
    moving: bool
    chosen: int
    turn: int = 0

    def after(self, frames: int) -> Place:
        """Where it goes on behind so many frames."""
        return self if self.at is None or not self.moving else self._replace(at=self.at + frames)


class _Span(NamedTuple):
    first: int
    frames: int
    place: Place


class Position:
    """Follows what a sink was given; grows with pauses and jumps only, and forgets what was heard."""

    def __init__(self, begin: Place) -> None:
        self.given = 0
        """Frames that the sink was given."""
        self._spans: deque[_Span] = deque([_Span(0, 0, begin)])

    def add(self, frames: int, place: Place) -> None:
        """The sink was given so many frames from a place on."""
        last = self._spans[-1]
        if last.place.after(last.frames) == place:
            self._spans[-1] = last._replace(frames=last.frames + frames)
        else:
            self._spans.append(_Span(self.given, frames, place))
        self.given += frames

    def heard(self, frames: int) -> Place:
        """The place reached when so many frames have been heard; never asked for fewer than before."""
        while len(self._spans) > 1 and self._spans[1].first <= frames:
            self._spans.popleft()
        span = self._spans[0]
        return span.place.after(min(frames - span.first, span.frames))
