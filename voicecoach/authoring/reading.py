"""The lines of a workout that a person can record: each as it is spoken, once, in the order of a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from voicecoach.script.model import Workout
from voicecoach.script.texts import texts
from voicecoach.timeline.model import Cue, Done, Line, Role, Segment, StatedTime, Timeline
from voicecoach.timeline.stated import OF_SESSION, plain, stated

SEEDS = 8
"""Sessions that are looked at, so that what chance leaves out of one is found in another."""
_MOST_QUESTIONS = 50
"""How many questions of a session are answered."""
_OWN = frozenset({Role.SAY, Role.INTRO, Role.AT, Role.CUE, Role.REMINDER})
"""Roles of lines that stand in a script."""
_CALLED = {
    Role.SAY: "in", Role.INTRO: "before", Role.AT: "in", Role.ANNOUNCE: "announced at", Role.COUNTDOWN: "counted in",
    Role.CUE: "cue in", Role.REMINDER: "reminder in",
}  # fmt: skip

Compiled = Callable[[int, bool, Sequence[Done]], Timeline]
"""The session of a seed, live or as a file, of which these segments are over."""


class Reading(NamedTuple):
    """A line to be read aloud.

    ``number`` is its place in the order, from 1, ``where`` tells in words where it is first heard, and ``heard`` how
    often it is in a session as a file: never where chance or an answer has to bring it. One that is ``built_in`` stands
    in no script.
    """

    number: int
    line: Line
    where: str
    heard: int
    built_in: bool


def readings(workout: Workout, compiled: Compiled) -> tuple[Reading, ...]:
    """Every line of a workout: those of its scripts in order, then those that are built in.

    A line that tells how much of the session is over or left has other words each time, and is none of them.
    """
    written = {
        plain(text, each.language) for each in _scripts(workout) for path, text in texts(each) if "{" not in text
    }
    found: dict[Line, tuple[str, bool]] = {}
    counts: dict[Line, int] = {}
    for number, timeline in enumerate(_sessions(compiled)):
        for segment in timeline.segments:
            for cue, line in _lines(segment):
                built_in = cue.role not in _OWN and line not in written
                where, before = found.get(line, (_where(cue, segment), True))
                found[line] = where, built_in and before
                if not number:
                    counts[line] = counts.get(line, 0) + 1
    ordered = sorted(found.items(), key=lambda item: item[1][1])
    return tuple(
        Reading(number, line, where, counts.get(line, 0), built_in)
        for number, (line, (where, built_in)) in enumerate(ordered, start=1)
    )


def not_said(workout: Workout, readings: Sequence[Reading]) -> tuple[str, ...]:
    """The texts of a workout's recordings that no session of it says: as where a line was changed since."""
    said = {reading.line for reading in readings}
    return tuple(one.text for one in workout.recorded if Line(one.text, one.language) not in said)


def _scripts(workout: Workout) -> Iterator[Workout]:
    yield workout
    for included in workout.included.values():
        yield from _scripts(included)


def _sessions(compiled: Compiled) -> Iterator[Timeline]:
    """As a file first, then live with each answer, then by chance."""
    first = compiled(0, False, ())
    yield first
    live = compiled(0, True, ())
    most = 1
    answer = 0
    while answer < most:
        path: list[Done] = []
        for _ in range(_MOST_QUESTIONS):
            asked = next((one for one in live.segments[len(path) :] if one.answers), None)
            if asked is None:
                break
            most = max(most, len(asked.answers))
            over = live.segments[len(path) : asked.index]
            path += [Done(_seconds(one)) for one in over]
            path.append(Done(_seconds(asked), answer=min(answer, len(asked.answers) - 1)))
            live = compiled(0, True, path)
        yield live
        answer += 1
        live = compiled(0, True, ())
    if any(cue.role in (Role.CUE, Role.REMINDER) for segment in first.segments for cue in segment.cues):
        for seed in range(1, SEEDS):
            yield compiled(seed, False, ())


def _seconds(segment: Segment) -> float:
    return segment.duration or segment.waits or 0.0


def _lines(segment: Segment) -> Iterator[tuple[Cue, Line]]:
    for cue in (*segment.lead, *segment.cues):
        what = cue.what
        if isinstance(what, Line):
            yield cue, what.plain
        elif isinstance(what, StatedTime) and not OF_SESSION.intersection(what.parts):
            yield cue, stated(what, cue.at).plain


def _where(cue: Cue, segment: Segment) -> str:
    """In words: "cue in Bridge"."""
    name = segment.name or segment.block
    if cue.role is Role.SAY and segment.kind == "ask":
        return "question"
    return f"{_CALLED.get(cue.role, 'in')} {name}" if name else f"step {segment.index + 1}"
