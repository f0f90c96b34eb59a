"""What a coach would want to know of a script that is right: cues that moved or fell out, lines that do not fit, and
keys that change nothing.

Works on any arrangement of the workout, spoken or estimated.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from voicecoach import units, wording
from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.errors import Problem
from voicecoach.review.cuesheet import words
from voicecoach.script import idle, positions, texts
from voicecoach.script.model import Reminder, Script, Step, Workout
from voicecoach.script.positions import Position
from voicecoach.script.problems import Path, key_path
from voicecoach.timeline.model import Origin, Role, Segment, Sound, Timeline
from voicecoach.wording.language import languages

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
    """One thing to look at, with the place of its key as in ``Problem``.

    What happens at a time has ``at``, in seconds, and ``where``, that time and the step in words; it is the first of
    ``times`` times.
    """

    file: str
    line: int
    column: int
    key: str
    message: str
    at: float = 0.0
    where: str = ""
    times: int = 1

    def __str__(self) -> str:
        when = f"{self.where}: " if self.where else ""
        again = f" (and {self.times - 1} more like it)" if self.times > 1 else ""
        return str(Problem(self.file, self.line, self.column, self.key, f"warning: {when}{self.message}{again}"))


class _Found(NamedTuple):
    """A warning before its place is looked up: ``uses`` lead to its script as in ``Origin``, ``path`` to its key."""

    uses: tuple[str, ...]
    path: Path
    message: str
    at: float = 0.0
    where: str = ""
    times: int = 1


def warnings_of(workout: Workout, timeline: Timeline, arrangement: Arrangement) -> tuple[ScriptWarning, ...]:
    """All there is to say about a workout as it is arranged: of its keys, then in order of time."""
    found: dict[tuple[str, ...], _Found] = {}
    for passage in arrangement.passages:
        segment = timeline.segments[passage.segment]
        for at, kind, line, message, key in _of_passage(segment, passage, arrangement.rate):
            known = found.get(same := (kind, segment.kind, segment.name, segment.block, line))
            if known is None:
                where = f"{units.format_clock(at)} {segment.label or segment.kind}"
                uses, path = segment.origin.script, _path(segment.origin, key)
                found[same] = _Found(uses, path, message, at, where)
            else:
                found[same] = known._replace(times=known.times + 1)
    unreached = _unreached(workout, timeline, arrangement)
    timed = sorted([*found.values(), *unreached], key=lambda warning: warning.at)
    places = _Places(workout)
    of_keys = [
        sorted(map(places.warning, findings), key=lambda warning: (warning.line, warning.column))
        for findings in _of_keys(workout, timeline)
    ]
    return (*chain.from_iterable(of_keys), *map(places.warning, timed))


def warning_at(workout: Workout, path: Path, message: str) -> ScriptWarning:
    """What somebody else has to say of a key of a workout, at its place, or that of the nearest thing around it."""
    return _Places(workout).warning(_Found((), path, message))


class _Places:
    """Where the keys of a workout and of those it uses stand; each text is looked through once, when first asked of."""

    def __init__(self, workout: Workout) -> None:
        self._workout = workout
        self._known: dict[int, tuple[Position, list[int]]] = {}

    def warning(self, found: _Found) -> ScriptWarning:
        source = _script(self._workout, found.uses).source
        said = (found.message, found.at, found.where, found.times)
        if source is None:
            return ScriptWarning("", 0, 0, key_path(found.path), *said)
        if id(source) not in self._known:
            lines = [0, *(newline.end() for newline in re.finditer("\n", source.text))]
            self._known[id(source)] = positions.read(source.text), lines
        root, lines = self._known[id(source)]
        path = root.written(found.path)
        offset = root.find(path)
        line = bisect_right(lines, offset)
        return ScriptWarning(source.name, line, offset - lines[line - 1] + 1, key_path(path), *said)


def _path(origin: Origin, key: str) -> Path:
    """The path to a key of the step that a segment is; rests between rounds and sides are keys of the block."""
    if origin.step is None:
        return ("block", origin.block, "rest" if origin.side is None else "switch")
    return ("block", origin.block, "steps", origin.step, *((key,) if key else ()))


def _of_keys(workout: Workout, timeline: Timeline) -> Iterator[list[_Found]]:
    """What there is to say of the keys of each script, whatever time it is."""
    seen: set[int] = set()
    waiting: list[tuple[tuple[str, ...], Workout]] = [((), workout)]
    for uses, script in waiting:
        if id(script) in seen:
            continue
        seen.add(id(script))
        waiting += [((*uses, use), other) for use, other in script.included.items()]
        findings = [
            *_language(script),
            *_wording(script),
            *idle.findings(script, outermost=not uses),
            *dict.fromkeys(_silent_reminders(script, timeline, workout)),
        ]
        yield [_Found(uses, path, message) for path, message in findings]


def _language(script: Workout) -> Iterator[tuple[Path, str]]:
    """A language for which nothing built-in can be said."""
    if not wording.of(script.language).known and script.announce.style in ("voice", "both"):
        known = ", ".join(languages())
        message = f'there are no built-in phrases in "{script.language}" (there are: {known}); tones stand for them'
        yield ("language",), message


def _wording(script: Script) -> Iterator[tuple[Path, str]]:
    """Lines in which there is nothing to say, and figures that could be meant otherwise than they are said."""
    phrases = wording.of(script.language)
    for path, text in texts.texts(script):
        if phrases.silent(text):
            yield path, f"{_quoted(text)} is silent: there is no word in it that a voice can say"
        elif word := phrases.unreadable(_without(text, script.pronounce)):
            yield (
                path,
                f'{_quoted(word)} is in letters that voices for "{script.language}" cannot read: another spells it, '
                f"or it is silent (say in [pronounce] how it sounds)",
            )
        for written, said, other in phrases.ambiguities(text):
            remedy = f'if you mean "{other}", write it so' if other else "if you mean something else, write it in words"
            yield path, f'"{written}" is said "{said}" ({remedy})'


def _without(text: str, words: Iterable[str]) -> str:
    """A text without words of which it is said how they sound."""
    for word in words:
        text = text.replace(word, " ")
    return text


Finding = tuple[float, str, str, str, str]
"""Seconds, kind of warning, the line it is about, the message, and the key of the step, empty for the whole."""


def _of_passage(segment: Segment, passage: Passage, rate: int) -> Iterator[Finding]:
    start, end = passage.start / rate, passage.end / rate
    if segment.duration is not None and end - start > segment.duration + OVERRUN:
        written = units.format_duration(segment.duration)
        yield (
            start,
            "long step",
            "",
            f"lasts {end - start:.1f} s instead of {written}: what is said in it needs the time",
            segment.kind,
        )
    for placement in passage.placements:
        if placement.role is not Role.COUNTDOWN and not isinstance(placement.what, Sound):
            yield from _of_line(placement, placement.what.text, segment, passage, rate)
    for missing in passage.dropped:
        line = words(missing.what)
        message = f"{_role(missing.role)} {_quoted(line)} is left out: {missing.why}"
        yield missing.start / rate, "dropped", line, message, _key(missing.role, segment)
    toned = [p for p in passage.placements if p.role is Role.COUNTDOWN and isinstance(p.what, Sound)]
    if toned:
        wanted = sum(cue.role is Role.COUNTDOWN and isinstance(cue.what, Sound) for cue in segment.cues)
        missed = len(toned) - wanted
        if missed:
            said = "a counted number finds" if missed == 1 else f"{missed} counted numbers find"
            yield toned[0].start / rate, "tones", "", f"{said} no room to be spoken; tones stand for them", ""


def _of_line(placement: Placement, line: str, segment: Segment, passage: Passage, rate: int) -> Iterator[Finding]:
    at, key = placement.start / rate, _key(placement.role, segment)
    on_boundary = placement.start - placement.moved in (passage.start, passage.end)
    if placement.moved > (LATE_ON_BOUNDARY if on_boundary else LATE) * rate:
        late = placement.moved / rate
        yield at, "moved", line, f"{_role(placement.role)} {_quoted(line)} starts {late:.1f} s later than written", key
    over = (placement.end - passage.end) / rate
    if segment.duration is not None and placement.start < passage.end - LATE * rate and over > OVERRUN:
        message = f"{_role(placement.role)} {_quoted(line)} runs {over:.1f} s past the end of its step"
        yield at, "over", line, message, key
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
                key,
            )


def _key(role: Role, segment: Segment) -> str:
    """The key of a step that a line comes from; empty where it is none of the step's own."""
    keys = {Role.CUE: "cues", Role.INTRO: "intro", Role.AT: "at", Role.COUNTDOWN: "countdown", Role.SAY: segment.kind}
    return keys.get(role, "")


def _unreached(workout: Workout, timeline: Timeline, arrangement: Arrangement) -> Iterator[_Found]:
    """Steps that have cues of which none is ever heard."""
    silent: dict[Origin, tuple[float, str]] = {}
    reached: set[Origin] = set()
    for segment, passage in zip(timeline.segments, arrangement.passages, strict=True):
        step = segment.origin._replace(round=1, side=None)
        if segment.quiet or getattr(_step(workout, step), "cues", None) is None:
            continue
        if any(placement.role is Role.CUE for placement in passage.placements):
            reached.add(step)
        else:
            at = passage.start / arrangement.rate
            silent.setdefault(step, (at, f"{units.format_clock(at)} {segment.label}"))
    for step, (at, where) in silent.items():
        if step not in reached:
            message = "none of its cues is ever heard: the step is too short for them"
            yield _Found(step.script, _path(step, "cues"), message, at, where)


def _step(workout: Workout, origin: Origin) -> Step | None:
    """The step of a script that a segment is; None for a rest between rounds."""
    block = _script(workout, origin.script).block[origin.block]
    return None if origin.step is None else block.steps[origin.step]


def _script(workout: Workout, uses: tuple[str, ...]) -> Workout:
    for use in uses:
        workout = workout.included[use]
    return workout


def _silent_reminders(script: Workout, timeline: Timeline, workout: Workout) -> Iterator[tuple[Path, str]]:
    """Reminders of a script that never come, wherever it is used; not those whose steps never happen at all."""
    for uses, number in timeline.unheard:
        if _script(workout, uses) is script:
            reminder = script.reminder[number]
            if reminder.during is None or not idle.names(script).isdisjoint(reminder.during):
                quiet = any(segment.quiet for segment in timeline.segments)
                yield ("reminder", number), f"the reminder is never heard: {_why_silent(reminder, quiet=quiet)}"


def _why_silent(reminder: Reminder, *, quiet: bool) -> str:
    due = units.format_duration(reminder.every if reminder.first is None else reminder.first)
    where = "the steps under a clock"
    if reminder.during is not None:
        where = "the steps called " + " or ".join(f'"{name}"' for name in reminder.during)
    others = "those that are not quiet" if quiet else "they"
    return f"it is first due after {due} of {where}, and {others} do not last so long"


def _role(role: Role) -> str:
    names = {Role.CUE: "the cue", Role.REMINDER: "the reminder", Role.ANNOUNCE: "the announcement"}
    return names.get(role, "the line")


def _quoted(line: str) -> str:
    return f'"{line}"' if len(line) <= LONGEST_SHOWN else f'"{line[:LONGEST_SHOWN].rstrip()}…"'
