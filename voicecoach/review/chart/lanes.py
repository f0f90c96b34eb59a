"""What a picture of a session shows, as data: its steps, and lane by lane what is heard in them. All times are seconds
from the start of the session.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.errors import counted
from voicecoach.review.cuesheet import words
from voicecoach.timeline.model import Ends, Role, Segment, Sound, Timeline
from voicecoach.wording import pauses

LANES = {
    "speech": (Role.SAY, Role.INTRO, Role.ANNOUNCE),
    "cues": (Role.CUE, Role.AT),
    "reminders": (Role.REMINDER,),
    "signals": (Role.COUNTDOWN, Role.TICK, Role.BOUNDARY),
}
"""What lies in each lane, the lanes from top to bottom."""
KINDS = {
    "hold": "hold",
    "work": "work",
    "reps": "reps",
    "run": "run",
    "walk": "walk",
    "rest": "rest",
    "talk": "talk",
    "wait": "waits for you",
}
"""How a stretch of a session looks, and what people call it."""
_LOOKS = {"say": "talk", "play": "talk", "ready": "wait", "ask": "wait"}
_LANE_OF = {role: lane for lane, roles in LANES.items() for role in roles}
_TICKS_APART = 3.5
"""Ticks, and counted numbers, that follow so soon upon each other, in seconds, are one mark."""


class Step(NamedTuple):
    """A step as it happens: what is said before its clock lies from ``begin`` to ``start``.

    ``look`` is one of ``KINDS``. ``side`` is the label of its side, empty where it has none. ``is_open`` is one that
    ends when the person goes on; its length is then that in a file.
    """

    begin: float
    start: float
    end: float
    kind: str
    look: str
    name: str
    side: str
    is_open: bool

    @property
    def seconds(self) -> float:
        """How long its clock runs."""
        return self.end - self.start

    @property
    def length(self) -> str:
        """The same as people write it, in whole seconds where it is longer than some; » where it is open."""
        return f"{lasting(self.seconds)}{'»' * self.is_open}"


class Mark(NamedTuple):
    """Something heard, or ``often`` things that belong together, as a countdown."""

    lane: str
    start: float
    end: float
    role: str
    text: str
    often: int = 1


class Kind(NamedTuple):
    """Steps that are alike but for their length: how many, the shortest and the longest, and all of them in seconds."""

    look: str
    name: str
    side: str
    often: int
    shortest: float
    longest: float
    total: float

    @property
    def times(self) -> str:
        """As "3 × 45s", or "3 × 20s–40s" where they differ."""
        shortest, longest = lasting(self.shortest), lasting(self.longest)
        each = shortest if shortest == longest else f"{shortest}–{longest}"
        return each if self.often == 1 else f"{self.often} × {each}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """All of a session: ``steps`` and ``marks`` in order of their start.

    ``sides`` has the labels of all sides and a letter or digit for each, in the order in which they first come.
    ``music`` names the files of the music bed. ``estimated`` tells that lengths of lines are not those of a voice.
    """

    title: str
    summary: str
    seconds: float
    steps: tuple[Step, ...]
    marks: tuple[Mark, ...]
    sides: dict[str, str]
    music: tuple[str, ...] = ()
    estimated: bool = False

    @property
    def heading(self) -> str:
        """How long it is, in how many steps, and whether that is known."""
        lengths = " (lines estimated)" if self.estimated else ""
        return f"{units.format_clock(round(self.seconds))} in {counted(len(self.steps), 'step')}{lengths}"

    @property
    def looks(self) -> tuple[str, ...]:
        """The looks that occur, in the order of ``KINDS``."""
        here = {step.look for step in self.steps}
        if any(step.start - step.begin > 0 for step in self.steps):
            here.add("talk")
        return tuple(look for look in KINDS if look in here)

    @property
    def lanes(self) -> tuple[str, ...]:
        """The lanes in which something is, from top to bottom."""
        here = {mark.lane for mark in self.marks}
        return tuple(lane for lane in LANES if lane in here)

    def kinds(self) -> tuple[Kind, ...]:
        """The steps that are alike, together; what takes longest in all stands first. What only talks is left out."""
        found: dict[tuple[str, str, str], list[float]] = {}
        for step in self.steps:
            if step.look != "talk":
                found.setdefault((step.look, step.name, step.side), []).append(step.seconds)
        kinds = [Kind(*key, len(all), min(all), max(all), sum(all)) for key, all in found.items()]
        return tuple(sorted(kinds, key=lambda kind: -kind.total))

    def between(self, start: float, end: float) -> Iterator[Step]:
        """The steps that are on between two times."""
        first = bisect_right(self.steps, start, key=lambda step: step.end)
        for step in self.steps[first:]:
            if step.begin >= end:
                return
            yield step


def lanes(timeline: Timeline, arrangement: Arrangement, *, estimated: bool = False) -> Lanes:
    """The lanes of a session; ``arrangement`` must be that of ``timeline``."""
    rate = arrangement.rate
    steps = tuple(
        _step(timeline.segments[passage.segment], passage, before, rate)
        for before, passage in zip((None, *arrangement.passages), arrangement.passages, strict=False)
    )
    heard = sorted(arrangement.placements(), key=lambda one: one.start)
    return Lanes(
        title=timeline.title,
        summary=timeline.summary,
        seconds=arrangement.frames / rate,
        steps=steps,
        marks=tuple(sorted(_marks(heard, rate), key=lambda mark: mark.start)),
        sides=_letters(dict.fromkeys(step.side for step in steps if step.side)),
        music=() if arrangement.bed is None else tuple(file.name for file in arrangement.bed.files),
        estimated=estimated,
    )


def lasting(seconds: float) -> str:
    """A length as people write it: tenths only below ten seconds."""
    return units.format_duration(round(seconds, 1) if seconds < 9.95 else round(seconds))


def look_of(kind: str) -> str:
    """How steps of a kind look."""
    return _LOOKS.get(kind, kind)


def _step(segment: Segment, passage: Passage, before: Passage | None, rate: int) -> Step:
    return Step(
        (0 if before is None else before.end) / rate,
        passage.start / rate,
        passage.end / rate,
        segment.kind,
        look_of(segment.kind),
        segment.name or segment.chapter or segment.kind.capitalize(),
        segment.side or "",
        segment.ends is Ends.PERSON or bool(segment.answers),
    )


def _letters(labels: Iterable[str]) -> dict[str, str]:
    """A letter for each label, its first one where those differ and are no wider than others, otherwise its number."""
    labels = tuple(labels)
    initials = [label.strip()[:1].upper() for label in labels]
    told = all(initial.isalnum() and east_asian_width(initial) not in "WF" for initial in initials) and len(
        set(initials)
    ) == len(labels)
    return dict(zip(labels, initials if told else map(str, range(1, len(labels) + 1)), strict=True))


def _marks(heard: Sequence[Placement], rate: int) -> Iterator[Mark]:
    texts: dict[object, str] = {}
    running: dict[str, Mark] = {}
    for one in heard:
        text = texts.get(one.what)
        if text is None:
            shown = words(one.what)
            text = shown if isinstance(one.what, Sound) else " ".join(pauses.shown(shown).split())
            texts[one.what] = text
        mark = Mark(_LANE_OF[one.role], one.start / rate, one.end / rate, one.role.value, text)
        if one.role not in (Role.TICK, Role.COUNTDOWN):
            yield mark
            continue
        last = running.get(mark.role)
        if last is not None and mark.start - last.end <= _TICKS_APART:
            more = f"{last.text}, {text}" if one.role is Role.COUNTDOWN else last.text
            running[mark.role] = last._replace(end=mark.end, often=last.often + 1, text=more)
            continue
        if last is not None:
            yield last
        running[mark.role] = mark
    yield from running.values()
