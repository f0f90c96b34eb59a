"""A session without sound, on a clock that is told how late it is."""

from __future__ import annotations

import math

from voicecoach.arrange.arrangement import Arrangement, Passage
from voicecoach.play.moment import Moment
from voicecoach.timeline.model import Content


class Simulation:
    """Plays without sound, as fast as it is told to: ``advance`` is its clock."""

    def __init__(self, arrangement: Arrangement, first: int = 0) -> None:
        self.seconds = 0.0
        """How long it has been going on, pauses included."""
        self.paused = False
        self._rate = arrangement.rate
        self._first = first
        self._elapsed = 0
        self._fraction = 0.0
        self._turn = -1
        self.follow(arrangement, first)

    def follow(self, arrangement: Arrangement, segment: int, elapsed: int = 0) -> None:
        """As ``Session.follow``."""
        self._arrangement = arrangement
        self._first, self._elapsed = segment, 0
        self._turn += 1
        self._ended = segment >= len(arrangement.passages)
        self._passage: Passage | None = None
        self._frame = 0
        self._chosen = min(segment, max(0, len(arrangement.passages) - 1))
        if not self._ended:
            self._passage, self._carry = arrangement.place(segment, None)
            self._frame = -self._passage.lead

    def advance(self, seconds: float) -> None:
        """So many seconds go by."""
        self.seconds += seconds
        if self.paused or self._passage is None or self._ended:
            return
        wanted = seconds * self._rate + self._fraction
        frames = math.floor(wanted)
        self._fraction = wanted - frames
        self._frame += frames
        self._elapsed += frames
        while self._passage is not None and self._frame >= self._passage.end:
            over = self._frame - self._passage.end
            following = self._passage.segment + 1
            if following >= len(self._arrangement.passages):
                speech = max((one.end for one in self._passage.placements), default=0)
                self._ended = self._frame >= speech
                return
            self._passage, self._carry = self._arrangement.place(following, self._carry)
            self._chosen = following
            self._frame = over - self._passage.lead

    def state(self) -> Moment:
        """How it stands."""
        following = None
        if self._passage is not None and self._passage.segment + 1 < len(self._arrangement.passages):
            following, _ = self._arrangement.place(self._passage.segment + 1, self._carry)
        return Moment(
            segment=self._chosen,
            frame=self._frame,
            first=self._first,
            elapsed=self._elapsed,
            passage=self._passage,
            following=following,
            paused=self.paused,
            lost=False,
            ended=self._ended,
            error=None,
            turn=self._turn,
        )

    def pause(self) -> None:
        """Holds its place."""
        self.paused = True

    def resume(self, word: Content | None = None) -> None:
        """Goes on."""
        self.paused = False

    def sign(self, what: Content, gain: float = 0.0) -> None:
        """There is nobody to hear it."""

    def set_gains(self, voice: float, music: float) -> None:
        """There is nobody to hear it."""
