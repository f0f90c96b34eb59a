"""What a coach would want to know of a script that is right: cues that moved or fell out, lines that do not fit.

Works on any arrangement of the workout, spoken or estimated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.review.cuesheet import words
from voicecoach.script.model import Reminder, Step, Workout
from voicecoach.timeline.model import Origin, Role, Segment, Sound, Timeline

LATE = 0.5
"""A cue that starts more than this many seconds later than written is worth telling."""
LATE_ON_BOUNDARY = 2.0
"""The same where a line is written on a boundary: it always waits for the tone there."""
OVERRUN = 0.3
"""So many seconds may a line run past the end of its step, or a step past its written length."""
FASTEST_SPEECH = 275 / 60
"""Words a second past which understanding falls steeply (Foulke and Sticht 1969, Psychological Bulletin 72:50)."""
SHORTEST_MEASURED = 4
"""Words a line must have for its speed to be judged: in shorter ones the pauses decide."""
LONGEST_SHOWN = 60
"""Characters of a line shown in warning."""


class ScriptWarning(NamedTuple):
    """One thing to look at: where it happens first, and how often in all. ``at`` is in seconds."""

    at: float
    where: str
    message: str
    times: int

    def __str__(self) -> str:
        again = f" (and {self.times - 1} more like it)" if self.times > 1 else ""
        return f"{self.where}: {self.message}{again}"


def warnings_of(workout: Workout, timeline: Timeline, arrangement: Arrangement) -> tuple[ScriptWarning, ...]:
    """All there is to say about a workout as it is arranged, in order of time."""
    found: dict[tuple[str, ...], ScriptWarning] = {}
    for passage in arrangement.passages:
        segment = timeline.segments[passage.segment]
        for at, kind, line, message in _of_passage(segment, passage, arrangement.rate):
            key = (kind, segment.kind, segment.name, segment.block, line)
            known = found.get(key)
            if known is None:
                where = f"{units.format_clock(at)} {segment.label or segment.kind}"
                found[key] = ScriptWarning(at, where, message, 1)
            else:
                found[key] = known._replace(times=known.times + 1)
    unreached = _unreached(workout, timeline, arrangement)
    silent = _silent_reminders(workout, timeline)
    return tuple(sorted([*found.values(), *unreached, *silent], key=lambda warning: warning.at))


Finding = tuple[float, str, str, str]
"""Seconds, kind of warning, the line it is about, and the message."""


def _of_passage(segment: Segment, passage: Passage, rate: int) -> Iterator[Finding]:
    start, end = passage.start / rate, passage.end / rate
    if segment.duration is not None and end - start > segment.duration + OVERRUN:
        written = units.format_duration(segment.duration)
        yield (
            start,
            "long step",
            "",
            f"lasts {end - start:.1f} s instead of {written}: what is said in it needs the time",
        )
    for placement in passage.placements:
        if placement.role is not Role.COUNTDOWN and not isinstance(placement.what, Sound):
            yield from _of_line(placement, placement.what.text, segment, passage, rate)
    for missing in passage.dropped:
        line = words(missing.what)
        yield missing.start / rate, "dropped", line, f"{_role(missing.role)} {_quoted(line)} is left out: {missing.why}"
    toned = [p for p in passage.placements if p.role is Role.COUNTDOWN and isinstance(p.what, Sound)]
    if toned:
        wanted = sum(cue.role is Role.COUNTDOWN and isinstance(cue.what, Sound) for cue in segment.cues)
        missed = len(toned) - wanted
        if missed:
            said = "a counted number finds" if missed == 1 else f"{missed} counted numbers find"
            yield toned[0].start / rate, "tones", "", f"{said} no room to be spoken; tones stand for them"


def _of_line(placement: Placement, line: str, segment: Segment, passage: Passage, rate: int) -> Iterator[Finding]:
    at = placement.start / rate
    on_boundary = placement.start - placement.moved in (passage.start, passage.end)
    if placement.moved > (LATE_ON_BOUNDARY if on_boundary else LATE) * rate:
        late = placement.moved / rate
        yield at, "moved", line, f"{_role(placement.role)} {_quoted(line)} starts {late:.1f} s later than written"
    over = (placement.end - passage.end) / rate
    if segment.duration is not None and placement.start < passage.end - LATE * rate and over > OVERRUN:
        yield at, "over", line, f"{_role(placement.role)} {_quoted(line)} runs {over:.1f} s past the end of its step"
    count = len(line.split())
    seconds = (placement.end - placement.start) / rate
    if count >= SHORTEST_MEASURED and seconds > 0 and "[" not in line:
        pace = count / seconds
        if pace > FASTEST_SPEECH:
            yield (
                at,
                "fast",
                line,
                (
                    f"{_quoted(line)} is spoken at {pace * 60:.0f} words a minute; "
                    f"past {FASTEST_SPEECH * 60:.0f} few people follow"
                ),
            )


def _unreached(workout: Workout, timeline: Timeline, arrangement: Arrangement) -> Iterator[ScriptWarning]:
    """Steps that have cues of which none is ever heard."""
    silent: dict[Origin, tuple[float, str]] = {}
    reached: set[Origin] = set()
    for segment, passage in zip(timeline.segments, arrangement.passages, strict=True):
        step = segment.origin._replace(round=1, side=None)
        if getattr(_step(workout, step), "cues", None) is None:
            continue
        if any(placement.role is Role.CUE for placement in passage.placements):
            reached.add(step)
        else:
            at = passage.start / arrangement.rate
            silent.setdefault(step, (at, f"{units.format_clock(at)} {segment.label}"))
    for step, (at, where) in silent.items():
        if step not in reached:
            yield ScriptWarning(at, where, "none of its cues is ever heard: the step is too short for them", 1)


def _step(workout: Workout, origin: Origin) -> Step | None:
    """The step of a script that a segment is; None for a rest between rounds."""
    block = _script(workout, origin.script).block[origin.block]
    return None if origin.step is None else block.steps[origin.step]


def _script(workout: Workout, uses: tuple[str, ...]) -> Workout:
    for use in uses:
        workout = workout.included[use]
    return workout


def _silent_reminders(workout: Workout, timeline: Timeline) -> Iterator[ScriptWarning]:
    """Reminders that never come, wherever their script is used."""
    for uses, number in timeline.unheard:
        script = _script(workout, uses)
        where = f"reminder[{number}]" + (f' of "{script.title}"' if uses else "")
        yield ScriptWarning(0.0, where, f"is never heard: {_why_silent(script.reminder[number])}", 1)


def _why_silent(reminder: Reminder) -> str:
    due = units.format_duration(reminder.every if reminder.first is None else reminder.first)
    where = "the steps under a clock"
    if reminder.during is not None:
        where = "the steps called " + " or ".join(f'"{name}"' for name in reminder.during)
    return f"it is first due after {due} of {where}, and they do not last so long"


def _role(role: Role) -> str:
    names = {Role.CUE: "the cue", Role.REMINDER: "the reminder", Role.ANNOUNCE: "the announcement"}
    return names.get(role, "the line")


def _quoted(line: str) -> str:
    return f'"{line}"' if len(line) <= LONGEST_SHOWN else f'"{line[:LONGEST_SHOWN].rstrip()}…"'
