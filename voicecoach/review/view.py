"""What the play screen says at a moment of a session, as plain words: nothing here draws."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import shorten
from typing import NamedTuple, Protocol

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.timeline.course import question
from voicecoach.timeline.model import CHAPTER_WIDTH, Ends, Line, Recording, Role, Segment, Sound, Timeline
from voicecoach.wording import pauses

WAITING = "waiting for you"
"""What the clock counts where the session waits."""
_GAUGE_STEPS = 240
_SILENT_ON_SCREEN = frozenset({Role.TICK, Role.BOUNDARY, Role.COUNTDOWN})


class State(StrEnum):
    """How the session stands."""

    PLAYING = "playing"
    PAUSED = "paused"
    LOST = "device lost"


class Gauge(NamedTuple):
    """How much of a bar is done, and where the marks of a target and of a best stand in it: 0 to 1, in small steps.

    Past both it is full, and they wander back as it goes on.
    """

    done: float
    target: float | None = None
    best: float | None = None

    @classmethod
    def of(cls, seconds: float, target: float, best: float | None = None) -> Gauge:
        """That of a hold, in seconds."""
        whole = max(seconds, target, best or 0.0)
        at = [None if each is None else round(each / whole * _GAUGE_STEPS) / _GAUGE_STEPS for each in (target, best)]
        return cls(round(seconds / whole * _GAUGE_STEPS) / _GAUGE_STEPS, *at)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that the screen shows; two equal views look the same.

    ``clock`` is what the large digits show and ``clock_means`` what they count. ``now`` is the line last heard,
    ``sounding`` whether it still sounds. ``share`` is how much of the session is done, 0 to 1. ``question`` is what is
    asked now, and ``answers`` are those that can be given. ``aim`` says what a hold that grows is measured by, its
    target and its best so far, and ``gauge`` how far a step under a clock is. ``remaining`` is empty where nothing is
    left but what the person takes. ``remark`` is what else the person should know now.
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
    question: str = ""
    answers: tuple[str, ...] = ()
    aim: str = ""
    gauge: Gauge | None = None
    remark: str = ""


class Heard(Protocol):
    """What was heard of a session: see ``voicecoach.play.moment.Moment``."""

    @property
    def segment(self) -> int: ...
    @property
    def frame(self) -> int: ...
    @property
    def first(self) -> int: ...
    @property
    def elapsed(self) -> int: ...
    @property
    def passage(self) -> Passage | None: ...
    @property
    def following(self) -> Passage | None: ...


class Standing(NamedTuple):
    """A moment of a session that is not playing, to be looked at."""

    segment: int
    frame: int
    first: int
    elapsed: int
    passage: Passage | None
    following: Passage | None

    @classmethod
    def at(cls, passages: Sequence[Passage], index: int, frame: int) -> Standing:
        """At a frame of the whole session, while the segment of that index is on."""
        on = passages[index]
        following = passages[index + 1].moved(-passages[index + 1].start) if index + 1 < len(passages) else None
        return cls(index, frame - on.start, 0, frame, on.moved(-on.start), following)


def expected_begins(estimated: Arrangement) -> tuple[int, ...]:
    """The frame at which each segment is expected to begin, and at the end the session's length."""
    return (*(passage.begin for passage in estimated.passages), estimated.frames)


class Viewer:
    """Tells the view of a session at any moment, at a sample rate of ``rate`` hertz.

    ``expected`` are those of ``expected_begins``; they need be right only roughly, as what is still to come is counted
    by them, and what was passed over.
    """

    def __init__(self, timeline: Timeline, rate: int, expected: tuple[int, ...]) -> None:
        self._timeline = timeline
        self._rate = rate
        self._expected = expected
        self._of: tuple[Passage | None, Passage | None, list[Placement]] = (None, None, [])

    def view(self, heard: Heard, state: State = State.PLAYING) -> View:
        """The view when so much was heard."""
        segments = self._timeline.segments
        segment, frame = segments[heard.segment], heard.frame
        after = segments[heard.segment + 1] if heard.segment + 1 < len(segments) else None
        end = self._end(segment, heard.passage)
        clock, means = self._clock(frame, segment, end)
        now, sounding, coming = self._lines(heard)
        asks = bool(segment.answers) and segment.waits is not None
        elapsed, remaining = self._expected[heard.first] + heard.elapsed, self._remaining(heard)
        return View(
            title=self._timeline.title,
            state=state,
            kind=segment.kind,
            heading=_heading(segment) or self._timeline.title,
            place=_place(segment),
            clock=clock,
            clock_means=means,
            last_seconds=segment.ends is Ends.CLOCK and 0 <= frame >= end - 3 * self._rate,
            now=now,
            sounding=sounding,
            next_line=shown(coming) if coming is not None else "",
            next_line_in=self._seconds_up(coming.start - frame) if coming is not None else "",
            next_step=_step_name(after) if after is not None else "",
            share=round(elapsed / max(1, elapsed + remaining), 3),
            elapsed=units.format_clock(elapsed / self._rate),
            remaining="" if not remaining and segment.ends is Ends.PERSON else self._seconds_up(remaining),
            question=pauses.shown(question(segment)) if asks else "",
            answers=segment.answers if asks else (),
            aim="" if segment.target is None else _aim(frame / self._rate, segment.target, segment.best),
            gauge=self._gauge(max(0, frame), segment, end),
        )

    def _gauge(self, frame: int, segment: Segment, end: int) -> Gauge | None:
        if segment.target is not None:
            return Gauge.of(frame / self._rate, segment.target, segment.best)
        if segment.ends is not Ends.CLOCK or segment.duration is None or end <= 0:
            return None
        return Gauge(round(min(1.0, frame / end) * _GAUGE_STEPS) / _GAUGE_STEPS)

    def _end(self, segment: Segment, passage: Passage | None) -> int:
        """Where the clock ends; as the script says while the step is not placed yet."""
        return units.to_frames(segment.duration or 0.0, self._rate) if passage is None else passage.end

    def _clock(self, frame: int, segment: Segment, end: int) -> tuple[str, str]:
        if frame < 0:
            return self._seconds_up(-frame), "until it starts"
        if segment.waits is not None and not segment.counts_up:
            return units.format_clock(frame / self._rate), WAITING
        if segment.counts_up:
            return units.format_clock(frame / self._rate), "so far"
        return self._seconds_up(end - frame), "left"

    def _lines(self, heard: Heard) -> tuple[str, bool, Placement | None]:
        """The line last heard in this step, whether it still sounds, and the one to come."""
        if self._of[:2] != (heard.passage, heard.following):
            self._of = heard.passage, heard.following, self._lines_of(heard)
        lines = self._of[2]
        count = bisect_right(lines, heard.frame, key=lambda placement: placement.start)
        coming = next((p for p in lines[count:] if p.role not in _SILENT_ON_SCREEN), None)
        if not count:
            return "", False, coming
        last = lines[count - 1]
        return shown(last), heard.frame < last.end, coming

    def _lines_of(self, heard: Heard) -> list[Placement]:
        """The lines of a step, and those of the lead inside its end, in order of their start."""
        passage, following = heard.passage, heard.following
        if passage is None:
            return []
        counted = self._timeline.segments[heard.segment].kind == "reps"
        found = [p for p in passage.placements if _on_screen(p, counted)]
        if following is not None:
            lead = following.moved(passage.end + following.lead).placements
            found += [p for p in lead if p.start < passage.end and _on_screen(p, False)]
        return sorted(found, key=lambda placement: placement.start)

    def _remaining(self, heard: Heard) -> int:
        """Frames from here to the end of the session, by what is expected of the steps to come."""
        into = heard.frame + (heard.passage.lead if heard.passage is not None else 0)
        here, behind = self._expected[heard.segment : heard.segment + 2]
        return max(0, self._expected[-1] - min(here + into, behind))

    def _seconds_up(self, frames: int) -> str:
        """A clock that shows 0:00 only when nothing is left."""
        return units.format_clock(-(-max(0, frames) // self._rate))


def shown(placement: Placement) -> str:
    """The text of a line as it is shown: without its pauses."""
    what = placement.what
    return "" if isinstance(what, Sound) else pauses.shown(what.text)


def _on_screen(placement: Placement, counted: bool) -> bool:
    if isinstance(placement.what, Sound):
        return False
    return placement.role not in _SILENT_ON_SCREEN or (counted and placement.role is Role.COUNTDOWN)


def _aim(seconds: float, target: float, best: float | None) -> str:
    """What a hold is measured by, after so many seconds of it."""
    aim = f"{'target' if seconds < target else 'past'} {units.format_clock(target)}"
    if best is None:
        return aim
    return f"{aim} · {'a new best' if seconds > best else f'best {units.format_clock(best)}'}"


def _heading(segment: Segment) -> str:
    name = segment.name or segment.block
    return f"{name} · {segment.side}" if segment.side else name


def _place(segment: Segment) -> str:
    parts = [segment.block] if segment.name and segment.block not in ("", segment.name) else []
    if segment.rounds > 1:
        parts.append(f"round {segment.round} of {segment.rounds}")
    return " · ".join(parts)


def _step_name(segment: Segment) -> str:
    """What a step is called, or says, and how long it lasts where that is known."""
    cues = (*segment.lead, *segment.cues)
    said = next((pauses.shown(cue.what.text) for cue in cues if isinstance(cue.what, Line | Recording)), "")
    name = segment.label or shorten(said, CHAPTER_WIDTH, placeholder="…") or segment.kind
    if segment.duration is None or segment.ends is Ends.PERSON:
        return name
    return f"{name}, {units.format_duration(segment.duration)}"
