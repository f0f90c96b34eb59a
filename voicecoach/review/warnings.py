"""What a coach would want to know of a script that is right: cues that moved or fell out, lines that do not fit, and
keys that change nothing.

Works on any arrangement of the workout, spoken or estimated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.review import brevity, coaching, phrasing, repetition
from voicecoach.review.cuesheet import words
from voicecoach.review.places import Found, Places, ScriptWarning, path_of, quoted, script_of, step_of
from voicecoach.script import idle
from voicecoach.script.codes import Code
from voicecoach.script.model import Reminder, Workout
from voicecoach.script.problems import Path
from voicecoach.timeline.model import Origin, Role, Segment, Sound, Timeline

LATE = 0.5
"""A cue that starts more than this many seconds later than written is worth telling."""
LATE_BY_NATURE = 2.0
"""The same where a line always waits, for a tone or a counted number on its second, or has a rhythm and no second."""
OVERRUN = 0.3
"""So many seconds may a line run past the end of its step, or a step past its written length."""
FASTEST_SPEECH = 275 / 60
"""Words a second past which understanding falls steeply (Foulke and Sticht 1969, Psychological Bulletin 72:50)."""
LETTERS_A_WORD = 6
"""Letters of a word of prose, with the space behind it: so long are the words by which speeds are compared."""
SHORTEST_MEASURED = 4
"""Words a line must have for its speed to be judged: in shorter ones the pauses decide."""
_REMINDER = "reminder"
"""In place of a key of the step, of a line that comes from a reminder."""


def warnings_of(
    workout: Workout,
    timeline: Timeline,
    arrangement: Arrangement,
    more: Iterable[tuple[Path, str, Code]] = (),
) -> tuple[ScriptWarning, ...]:
    """All there is to say about a workout as it is arranged: of its keys, then in order of time.

    ``more`` is what somebody else has to say of the keys of the script itself, each by its path. What a script says is
    meant so is left out (see ``voicecoach.script.silences``).
    """
    return tuple(in_turn(workout, timeline, arrangement, more))


def in_turn(
    workout: Workout,
    timeline: Timeline,
    arrangement: Arrangement,
    more: Iterable[tuple[Path, str, Code]] = (),
) -> Iterator[ScriptWarning]:
    """The same one by one: what is about keys comes before any passage is asked for."""
    places = Places(workout)
    given = [Found(code, (), path, message) for path, message, code in more]
    for findings in (given, *_of_keys(workout, timeline)):
        yield from sorted(places.warnings(findings), key=lambda warning: (warning.line, warning.column))
    yield from places.warnings(_in_time(workout, timeline, arrangement))
    yield from places.of_silences()


def _in_time(workout: Workout, timeline: Timeline, arrangement: Arrangement) -> list[Found]:
    """What there is to say of a session as it is arranged, each thing when it happens first."""
    found: dict[tuple[Code, tuple[str, ...], Path, str], Found] = {}
    reminders: dict[tuple[tuple[str, ...], str], tuple[tuple[str, ...], Path] | None] = {}
    passages = tuple(arrangement.passages)  # each is placed when it is asked for
    for passage in passages:
        segment = timeline.segments[passage.segment]
        for at, code, line, message, key in _of_passage(segment, passage, arrangement.rate):
            uses, path = segment.origin.script, path_of(segment.origin, "" if key == _REMINDER else key)
            if key == _REMINDER:
                if (uses, line) not in reminders:
                    reminders[uses, line] = repetition.reminder_of(workout, uses, line)
                uses, path = reminders[uses, line] or (uses, path)
            known = found.get(same := (code, uses, path, line))
            if known is None:
                where = f"{units.format_clock(at)} {segment.label or segment.kind}"
                found[same] = Found(code, uses, path, message, at, where)
            else:
                found[same] = known._replace(times=known.times + 1)
    unreached = _unreached(workout, timeline, passages, arrangement.rate)
    coached = coaching.of_session(workout, timeline, passages, arrangement.rate)
    return sorted([*found.values(), *unreached, *coached], key=lambda warning: warning.at)


def _of_keys(workout: Workout, timeline: Timeline) -> Iterator[list[Found]]:
    """What there is to say of the keys of each script, whatever time it is."""
    seen: set[int] = set()
    waiting: list[tuple[tuple[str, ...], Workout]] = [((), workout)]
    for uses, script in waiting:
        if id(script) in seen:
            continue
        seen.add(id(script))
        waiting += [((*uses, use), other) for use, other in script.included.items()]
        findings = [
            *phrasing.of_script(script),
            *brevity.of_script(script),
            *idle.findings(script, outermost=not uses),
            *dict.fromkeys(_silent_reminders(script, timeline, workout)),
        ]
        yield [Found(code, uses, path, message) for path, message, code in findings]


Finding = tuple[float, Code, str, str, str]
"""Seconds, code, the line it is about, the message, and the key of the step, empty for the whole."""


def _of_passage(segment: Segment, passage: Passage, rate: int) -> Iterator[Finding]:
    start, end = passage.start / rate, passage.end / rate
    if segment.duration is not None and end - start > segment.duration + OVERRUN:
        written = units.format_duration(segment.duration)
        yield (
            start,
            Code.STRETCHED,
            "",
            f"lasts {end - start:.1f} s instead of {written}: what is said in it needs the time",
            segment.kind,
        )
    toned: list[Placement] = []
    for placement in passage.placements:
        if placement.role is Role.COUNTDOWN:
            if isinstance(placement.what, Sound):
                toned.append(placement)
        elif not isinstance(placement.what, Sound):
            yield from _of_line(placement, placement.what.text, segment, passage, rate)
    for missing in passage.dropped:
        line = words(missing.what)
        message = f"{_role(missing.role)} {quoted(line)} is left out: {missing.why}"
        yield missing.start / rate, Code.LEFT_OUT, line, message, _key(missing.role, segment)
    if toned:
        wanted = sum(cue.role is Role.COUNTDOWN and isinstance(cue.what, Sound) for cue in segment.cues)
        missed = len(toned) - wanted
        if missed:
            said = "a counted number finds" if missed == 1 else f"{missed} counted numbers find"
            yield toned[0].start / rate, Code.UNCOUNTED, "", f"{said} no room to be spoken; tones stand for them", ""


def _waits(placement: Placement, passage: Passage) -> bool:
    """Whether a line is late by its nature, and not because of what else the script says."""
    if placement.role in (Role.CUE, Role.REMINDER):
        return True
    written = placement.start - placement.moved
    return written in (passage.start, passage.end) or any(
        other.role is Role.COUNTDOWN and other.start == written for other in passage.placements
    )


def _of_line(placement: Placement, line: str, segment: Segment, passage: Passage, rate: int) -> Iterator[Finding]:
    at, moved = placement.start / rate, placement.moved
    if moved > LATE * rate and (moved > LATE_BY_NATURE * rate or not _waits(placement, passage)):
        message = f"{_role(placement.role)} {quoted(line)} starts {moved / rate:.1f} s later than written"
        yield at, Code.LATE, line, message, _key(placement.role, segment)
    over = (placement.end - passage.end) / rate
    if segment.duration is not None and placement.start < passage.end - LATE * rate and over > OVERRUN:
        message = f"{_role(placement.role)} {quoted(line)} runs {over:.1f} s past the end of its step"
        yield at, Code.OVERRUN, line, message, _key(placement.role, segment)
    count = len(line.split())
    seconds = (placement.end - placement.start) / rate
    if count >= SHORTEST_MEASURED and seconds > 0 and "[" not in line:
        pace = min(count, len(line) / LETTERS_A_WORD) / seconds
        if pace > FASTEST_SPEECH:
            yield (
                at,
                Code.TOO_FAST,
                line,
                (
                    f"{quoted(line)} is spoken at {pace * 60:.0f} words a minute; "
                    f"past {FASTEST_SPEECH * 60:.0f} few people follow"
                ),
                _key(placement.role, segment),
            )


def _key(role: Role, segment: Segment) -> str:
    """The key of a step that a line comes from; empty where it is none of the step's own."""
    keys = {Role.CUE: "cues", Role.INTRO: "intro", Role.AT: "at", Role.COUNTDOWN: "countdown", Role.SAY: segment.kind}
    return _REMINDER if role is Role.REMINDER else keys.get(role, "")


def _unreached(workout: Workout, timeline: Timeline, passages: Sequence[Passage], rate: int) -> Iterator[Found]:
    """Steps that have cues of which none is ever heard."""
    silent: dict[Origin, tuple[float, str]] = {}
    reached: set[Origin] = set()
    for segment, passage in zip(timeline.segments, passages, strict=True):
        if segment.quiet:
            reached.add(segment.origin._replace(round=1, side=None))  # its switch, which is not quiet, has the same
        if segment.quiet or getattr(step_of(workout, segment.origin), "cues", None) is None:
            continue
        step = segment.origin._replace(round=1, side=None)
        if any(placement.role is Role.CUE for placement in passage.placements):
            reached.add(step)
        else:
            at = passage.start / rate
            silent.setdefault(step, (at, f"{units.format_clock(at)} {segment.label}"))
    for step, (at, where) in silent.items():
        if step not in reached:
            message = 'none of its cues is ever heard: the step is too short for them (lower "first" or "every")'
            yield Found(Code.CUES_UNHEARD, step.script, path_of(step, "cues"), message, at, where)


def _silent_reminders(script: Workout, timeline: Timeline, workout: Workout) -> Iterator[idle.Finding]:
    """Reminders of a script that never come, wherever it is used; not those whose steps never happen at all."""
    for uses, number in timeline.unheard:
        if script_of(workout, uses) is script:
            reminder = script.reminder[number]
            if reminder.during is None or not idle.names(script).isdisjoint(reminder.during):
                quiet = any(segment.quiet for segment in timeline.segments)
                yield (
                    ("reminder", number),
                    f"the reminder is never heard: {_why_silent(reminder, quiet=quiet)}",
                    Code.REMINDER_UNHEARD,
                )


def _why_silent(reminder: Reminder, *, quiet: bool) -> str:
    due = units.format_duration(reminder.every if reminder.first is None else reminder.first)
    where = "the steps under a clock"
    if reminder.during is not None:
        where = "the steps called " + " or ".join(f'"{name}"' for name in reminder.during)
    others = "those that are not quiet" if quiet else "they"
    return f'it is first due after {due} of {where}, and {others} do not last so long (lower "first" or "every")'


def _role(role: Role) -> str:
    names = {Role.CUE: "the cue", Role.REMINDER: "the reminder", Role.ANNOUNCE: "the announcement"}
    return names.get(role, "the line")
