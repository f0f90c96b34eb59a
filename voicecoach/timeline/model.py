"""What is to be heard, in seconds and text: no voice, no audio, no clock.

A timeline is a row of segments, each one step as it happens. A segment has a *lead* (what is said before its
clock starts), a clock of ``duration`` seconds, and cues placed against that clock. What became of a session so far is a
*path*: a ``Done`` for each segment that is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from textwrap import shorten
from typing import NamedTuple

from voicecoach.store.sessions import Why
from voicecoach.wording import pauses

CHAPTER_WIDTH = 40
"""Longest title, in characters, of a chapter named after what is said in it."""


class Role(StrEnum):
    """Why a cue is there; it decides who yields when two want the same moment."""

    SAY = "say"
    INTRO = "intro"
    AT = "at"
    ANNOUNCE = "announce"
    COUNTDOWN = "countdown"
    CUE = "cue"
    REMINDER = "reminder"
    TICK = "tick"
    BOUNDARY = "boundary"


class Line(NamedTuple):
    """A text to be spoken, in spoken form ("thirty seconds", not "30s").

    ``[pause 1.5s]`` inside the text is silence of that length; ``language`` is a BCP 47 tag. It is said ``rate`` times
    as fast as the others, and ``gain`` dB louder.
    """

    text: str
    language: str
    rate: float = 1.0
    gain: float = 0.0

    @property
    def plain(self) -> Line:
        """The same words as others are said: by these a recording of them is known, which is heard as it is."""
        return Line(self.text, self.language)


class RecordedLine(NamedTuple):
    """A line that a person has recorded: wherever it is to be spoken, the file of ``path`` is heard, if it can be."""

    line: Line
    path: Path


class Recording(NamedTuple):
    """An audio file heard in place of a line; ``text`` is what it says, for captions and cue sheets."""

    path: Path
    text: str


class Sound(NamedTuple):
    """A sound: ``start``, ``end``, ``countdown``, ``halfway`` or ``tick``; the one that ships, or that of ``path``."""

    name: str
    path: Path | None = None


class StatedTime(NamedTuple):
    """A line that states a time or a repetition: its words follow from where it is heard.

    ``parts`` are texts and, between them, the names that stand for the times. The rest is what they are told from: how
    long its segment is and how much of the session comes after it, in seconds, and the repetitions there are.
    ``rate`` and ``gain`` are those of its line.
    """

    parts: tuple[str, ...]
    language: str
    duration: float
    after: float = 0.0
    reps: int = 0
    rate: float = 1.0
    gain: float = 0.0


Content = Line | Recording | Sound


class Ends(StrEnum):
    """What ends a segment."""

    CLOCK = "clock"
    SPEECH = "speech"
    PERSON = "person"


class Origin(NamedTuple):
    """The step of a script that a segment is.

    ``script`` are the words of the ``use`` steps that lead to its script, none for the outermost. ``block`` and
    ``step`` count from 0; the rest between two rounds is no step of its own, and has None.
    """

    script: tuple[str, ...] = ()
    block: int = 0
    step: int | None = None
    round: int = 1
    side: str | None = None


_FIRST = Origin()


class Done(NamedTuple):
    """What became of a segment: how many seconds it lasted, why it ended, and which answer (from 0) was given.

    ``target`` is that of a hold that grows, in seconds, where it is not the one of the segments to come.
    """

    seconds: float
    why: Why = Why.CLOCK
    answer: int | None = None
    target: float | None = None


class Cue(NamedTuple):
    """Something to be heard at a place.

    ``at`` is in seconds from the start of the segment's clock; negative before it. ``slack`` is how many seconds later
    it may come, None for as many as its role allows. ``from_end`` counts its place from the end of the clock, wherever
    that comes to lie.
    """

    at: float
    what: Content | StatedTime
    role: Role
    slack: float | None = None
    from_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One step as it happens: this block, this round, this side.

    ``lead`` is heard one line after the other before the clock starts, and takes at least ``lead_in`` seconds; after
    a rest it lies inside the end of the rest. ``duration`` is in seconds, or None where the segment lasts as long
    as what it says, plus ``pause`` seconds; then its cues follow one another. Where the person ends it, that is where a
    file ends it. ``countdown`` is how many of its last seconds it asks to be counted, 0 where it leaves that open.

    ``progression`` names what says today's length of a hold that grows, ``target`` is that length, and ``best`` the
    longest of the sessions before, in seconds; None where there is none. ``reps`` is how many repetitions are counted.
    ``answers`` are the labels of a question's. Where a live session waits for the person, ``waits`` is how many seconds
    a file would; of a question ``unanswered`` is what a file says, which takes as long as it takes. In a ``quiet`` one
    no reminder and no cue of a pool is heard.
    """

    index: int
    kind: str
    name: str
    block: str
    rounds: int
    duration: float | None
    origin: Origin = _FIRST
    ends: Ends = Ends.CLOCK
    lead: tuple[Cue, ...] = ()
    lead_in: float = 0.0
    pause: float = 0.0
    cues: tuple[Cue, ...] = ()
    countdown: int = 0
    progression: str = ""
    target: float | None = None
    reps: int = 0
    best: float | None = None
    answers: tuple[str, ...] = ()
    waits: float | None = None
    quiet: bool = False
    unanswered: tuple[Cue, ...] = ()

    @property
    def round(self) -> int:
        """Which round of its block it is in, from 1."""
        return self.origin.round

    @property
    def side(self) -> str | None:
        """The label of the side it is for."""
        return self.origin.side

    @property
    def counts_up(self) -> bool:
        """Whether it is a hold for as long as the person can, so that the time held is what counts."""
        return self.kind == "hold" and self.ends is Ends.PERSON

    @property
    def called(self) -> str:
        """Its name, with the side; empty where it has no name."""
        return f"{self.name}, {self.side}" if self.name and self.side else self.name

    @property
    def label(self) -> str:
        """What a screen calls it: name, side, and round where there are several."""
        counted = self.name and self.rounds > 1 and self.kind != "rest"
        return f"{self.called} {self.round}/{self.rounds}" if counted else self.called

    @property
    def chapter(self) -> str:
        """What a chapter calls it: its label, or the beginning of what it says."""
        if label := self.label:
            return label
        said = next((cue.what.text for cue in self.cues if isinstance(cue.what, Line | Recording)), "")
        return shorten(pauses.shown(said), CHAPTER_WIDTH, placeholder="…")

    @property
    def absorbs_lead(self) -> bool:
        """Whether the next segment's lead lies inside the end of this one."""
        return self.kind == "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceWish:
    """The voice that a call, a configuration or a script would like; None leaves it open.

    ``rate`` 1.0 is natural speed; ``pitch`` 1.0 is the voice's own; ``volume`` 1.0 is full.
    """

    engine: str | None = None
    name: str | None = None
    rate: float | None = None
    pitch: float | None = None
    volume: float | None = None


class Pronunciation(NamedTuple):
    """How a word or phrase is said: respelt, or in IPA between slashes.

    ``language`` is the BCP 47 tag of the texts it is meant for, empty where it is for all.
    """

    written: str
    said: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicBed:
    """A music bed: ``files`` in playing order, ``gain`` in dB, ``duck`` the dB it is lowered by under speech.

    ``fade`` is how long it comes and goes at the session's start and end, in seconds.
    """

    files: tuple[Path, ...]
    gain: float
    duck: float
    fade: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A whole session, symbolically.

    ``unheard`` are the reminders that never come: the words that lead to their script, as in ``Origin``, and their
    number in it, from 0. Of two in ``pronounce`` for the same word, and in
    ``recorded`` for the same line, the first counts.
    """

    title: str
    summary: str
    language: str
    seed: int
    segments: tuple[Segment, ...]
    voice: VoiceWish
    music: MusicBed | None = None
    unheard: tuple[tuple[tuple[str, ...], int], ...] = ()
    pronounce: tuple[Pronunciation, ...] = ()
    recorded: tuple[RecordedLine, ...] = ()
