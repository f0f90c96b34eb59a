"""What is shown, and since when: from it follow the position now, and what others have to be told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicecoach.play.remote.base import Shown

JUMP = 1.0
"""Seconds by which a position may be off from where others expect it before they are told."""


@dataclass(frozen=True, slots=True)
class Showing:
    """``at`` is when it was shown, in seconds of a clock that only goes on."""

    shown: Shown
    at: float

    def position(self, now: float) -> float:
        """In seconds, never before the start of the step or behind its end."""
        position = max(0.0, self.shown.position)
        if self.shown.state == "playing":
            position += now - self.at
        return position if self.shown.length is None else min(position, self.shown.length)

    def changed(self, told: Showing | None) -> bool:
        """Whether anything but the position is other than what was told."""
        return told is None or replace(told.shown, position=self.shown.position) != self.shown

    def jumped(self, told: Showing | None) -> bool:
        """Whether the position is not where one expects it who knows what was told: a new step begins at 0."""
        known = told is not None and told.shown.number == self.shown.number
        expected = told.position(self.at) if told is not None and known else 0.0
        return abs(self.position(self.at) - expected) > JUMP
