"""Conducts a live session: what the person wants goes to the course, and what comes of it is played and remembered."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from voicecoach import units, wording
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.store.sessions import Why
from voicecoach.timeline.course import Act, Course, meant
from voicecoach.timeline.model import Content, Done, Line, Segment, Sound, Timeline

if TYPE_CHECKING:
    from voicecoach.play.moment import Moment

LONG_PAUSE = 20.0
"""Seconds of a pause after which a word says that it goes on."""
STEP_DB = 3.0
"""How much louder or softer the voice becomes at a time, in dB."""
_MOST_STEPS = 4


class Stage(Protocol):
    """What plays: see ``voicecoach.play.session.Session``."""

    def state(self) -> Moment: ...
    def follow(self, arrangement: Arrangement, segment: int, elapsed: int = 0) -> None: ...
    def pause(self) -> None: ...
    def resume(self, word: Content | None = None) -> None: ...
    def sign(self, what: Content, gain: float = 0.0) -> None: ...
    def set_gains(self, voice: float, music: float) -> None: ...


class Diary(Protocol):
    """Remembers what becomes of a session."""

    def add(self, segment: Segment, done: Done, clean: float) -> None:
        """A segment is over; ``clean`` are the seconds of it that count."""
        ...

    def take_back(self, first: int) -> None:
        """The person went back: what became of segment ``first`` and of those behind it does not count."""
        ...


class NoDiary:
    """Remembers nothing."""

    def add(self, segment: Segment, done: Done, clean: float) -> None:
        return None

    def take_back(self, first: int) -> None:
        return None


class Coach:
    """Stands between the person and what plays; everything here is called by one thread, many times a second.

    ``arranged`` places a timeline on the clips of the session.
    """

    def __init__(
        self,
        course: Course,
        stage: Stage,
        arranged: Callable[[Timeline], Arrangement],
        arrangement: Arrangement,
        diary: Diary | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.course = course
        self.why_not = ""
        """Why the last wish meant nothing; empty where it did mean something."""
        self._stage = stage
        self._arranged = arranged
        self._arrangement = arrangement
        self._diary = diary or NoDiary()
        self._now = now
        self._lasted: dict[int, float] = {}
        self._voice = 0
        self._music = True
        self._paused_at = 0.0
        self._turns = 0

    @property
    def rate(self) -> int:
        """The session's sample rate, in hertz."""
        return self._arrangement.rate

    def look(self) -> Moment:
        """How the session stands; what has ended since is remembered."""
        moment = self._stage.state()
        if moment.turn < self._turns:
            # what is heard is still from before the last turn
            return moment
        for passage in (moment.passage, moment.following):
            if passage is not None:
                self._lasted[passage.segment] = passage.end / self.rate
        count = len(self.course.timeline.segments)
        self._pass(count if moment.ended and moment.error is None else moment.segment)
        return moment

    def wants(self, wanted: Wanted) -> bool:
        """Does what the person wants, and lets it be heard that it was understood; whether it meant anything."""
        self.why_not = ""
        match wanted.wish:
            case Wish.PAUSE:
                return self._resume() if self._stage.state().paused else self._pause()
            case Wish.PLAY:
                return self._resume()
            case Wish.HALT:
                return self._pause()
            case Wish.LOUDER | Wish.SOFTER:
                self._voice += 1 if wanted.wish is Wish.LOUDER else -1
                self._voice = max(-_MOST_STEPS, min(_MOST_STEPS, self._voice))
                self._set_gains()
            case Wish.MUSIC:
                self._music = not self._music
                self._set_gains()
            case Wish.END:
                return True
            case Wish.NOISE if self._stage.state().paused:
                self.why_not = "it is paused"
                return False
            case _:
                return self._act(wanted)
        self._sign("tick")
        return True

    def take_up(self) -> None:
        """Says that it goes on, where a session begins in the middle of a step."""
        word = self._go_on()
        self._stage.sign(word or Sound("tick"))

    def close(self) -> None:
        """The session is over, or the person leaves: then how far the step under way has come is remembered.

        Safe to call twice.
        """
        moment = self.look()
        course = self.course
        if course.segment < len(course.timeline.segments) and course.left(self._at(moment)) is not None:
            self._remember(course.segment - 1, course.timeline.segments[course.segment - 1])

    def _act(self, wanted: Wanted) -> bool:
        moment = self.look()
        course = self.course
        if course.segment >= len(course.timeline.segments) or moment.ended:
            self.why_not = "the session is over"
            return False
        on = course.timeline.segments[course.segment]
        act, at = _ACTS.get(wanted.wish) or meant(on), self._at(moment) - wanted.ago
        turn = course.act(act, at, wanted.number - 1)
        if turn is None:
            self.why_not = course.why_not(act, at, wanted.number - 1)
            if wanted.wish is not Wish.NOISE:  # it may have been anything
                self._sign("countdown", -6.0)
            return False
        if turn.why is None:
            self._diary.take_back(turn.segment)
        else:
            self._remember(turn.segment - 1, on)
        self._sign("tick" if turn.why in (None, Why.SKIPPED) else "end")
        self._arrangement = self._arranged(course.timeline)
        self._turns += 1
        self._stage.follow(self._arrangement, turn.segment, self._elapsed(moment))
        return True

    def _at(self, moment: Moment) -> float:
        """Seconds on the clock of the segment that is on."""
        if moment.turn < self._turns or moment.segment != self.course.segment or moment.passage is None:
            return 0.0
        return moment.frame / self.rate

    def _elapsed(self, moment: Moment) -> int:
        """About how many frames of the session are over."""
        before = sum(done.seconds for done in self.course.path[: moment.first])
        return moment.elapsed + units.to_frames(before, self.rate)

    def _pass(self, segment: int) -> None:
        begun = self.course.segment
        self.course.passed(segment, self._length)
        for index in range(begun, self.course.segment):
            self._remember(index, self.course.timeline.segments[index])

    def _length(self, index: int) -> float:
        return self._lasted.get(index) or self.course.timeline.segments[index].duration or 0.0

    def _remember(self, index: int, planned: Segment) -> None:
        self._diary.add(planned, self.course.path[index], self.course.clean(index))

    def _pause(self) -> bool:
        if self._stage.state().paused:
            self.why_not = "it is paused already"
            return False
        self._paused_at = self._now()
        self._stage.pause()
        self._sign("tick")
        return True

    def _resume(self) -> bool:
        if not self._stage.state().paused:
            self.why_not = "nothing is paused"
            return False
        word = self._go_on() if self._now() - self._paused_at >= LONG_PAUSE else None
        self._stage.resume(word)
        if word is None:
            self._sign("tick")
        return True

    def _go_on(self) -> Line | None:
        """What tells that it goes on; None in a language that has no words."""
        phrases = wording.of(self.course.timeline.language)
        return Line(phrases.go_on, phrases.language) if phrases.known else None

    def _set_gains(self) -> None:
        self._stage.set_gains(STEP_DB * self._voice, 0.0 if self._music else -math.inf)

    def _sign(self, name: str, gain: float = 0.0) -> None:
        self._stage.sign(Sound(name), gain)


_ACTS = {Wish.DONE: Act.DONE, Wish.ON: Act.ON, Wish.BACK: Act.BACK, Wish.ANSWER: Act.ANSWER, Wish.NOISE: Act.NOISE}


def expected(timeline: Timeline, over: int = 0) -> Timeline:
    """A live timeline as a file would go through it, to tell how long it will be about.

    The first ``over`` segments are over, and last as long as they did.
    """
    return replace(
        timeline, segments=(*timeline.segments[:over], *(_in_a_file(segment) for segment in timeline.segments[over:]))
    )


def _in_a_file(segment: Segment) -> Segment:
    if segment.waits is None:
        return segment
    if segment.unanswered:
        return replace(segment, duration=None, cues=segment.unanswered)
    cues = tuple(cue for cue in segment.cues if cue.at <= segment.waits)
    return replace(segment, duration=segment.waits, cues=cues)
