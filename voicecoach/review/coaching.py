"""What an experienced coach would say of a session that is right: too much talk, a side that comes short.

Everything here goes by rules of thumb, which ``voicecoach check --explain`` tells with their sources; each keeps quiet
where a script may well be meant so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from voicecoach import units, wording
from voicecoach.arrange.arrangement import Passage, Placement
from voicecoach.review.places import Found, path_of, quoted, script_of
from voicecoach.script import idle
from voicecoach.script.codes import Code
from voicecoach.script.model import CueLine, Reminder, Reps, Run, Script, Step, Timed, Walk, Workout
from voicecoach.script.problems import Path
from voicecoach.timeline.model import Ends, Origin, Role, Segment, Sound, Timeline
from voicecoach.wording.left_or_right import LEFT, RIGHT, sided

MOST_WORDS_IN_MOTION = 5
"""One cue at a time, five words or fewer: what coaches practise."""
MOST_WORDS = 12
"""Words of a cue line past which it is an explanation: prompts in public run and ride plans have 10 at the median."""
CROWDED_FROM = 15.0
"""Seconds that a step must last for its talk to be judged."""
MOST_TALK = 0.5
"""So much of a step may be filled with lines."""
CLOSEST = 5.0
"""Seconds from one cue to the next on average, where there are many; left open, they are never closer than six."""
MANY = 5
"""So many cues of a step are many."""
SOON = 30.0
"""Seconds within which a line that comes back is still in the ear."""
MOST_IN_A_STEP = 4
"""So often may a line come back soon."""
MOST_IN_A_SESSION = 30
"""So often may a line be heard in a session."""
SETTLING = 2.0
"""Seconds in which nobody gets from one position into another."""
FORETOLD = 15.0
"""Seconds before the end of a step in which a line can prepare for the next."""

_EFFORTS = ("hold", "work", "run", "walk", "reps")
_WORKED = ("hold", "work", "reps")
_BREAKS = ("rest", "say", "ready", "ask", "play")
_SENTENCE = re.compile(r"[.!?;:…]+(?:\s|$)|\[[^\]]*\]")
_WORD = re.compile(r"[^\W_](?:[\w'’{}-]|[.,](?=\d))*|\{\w+\}")


def of_session(workout: Workout, timeline: Timeline, passages: Sequence[Passage], rate: int) -> Iterator[Found]:
    """What there is to say of a session as it is arranged, each thing once, with when it happens first.

    ``passages`` are those of its arrangement, at a ``rate`` in hertz.
    """
    yield from _crowded(timeline.segments, passages, rate)
    yield from _repeated(workout, timeline.segments, passages, rate)
    yield from _sides(workout, timeline.segments, passages, rate)
    yield from _unprepared(timeline.segments, passages, rate)


def of_script(script: Workout, outermost: Workout) -> Iterator[tuple[Path, str, Code]]:
    """The cue lines of a script, not of those it uses, that are too long for where they are heard, each once."""
    moving, resting = dict[Path, str](), dict[Path, str]()
    at_places = dict[Path, str]()
    for number, block in enumerate(script.block):
        for index, step in enumerate(block.steps):
            if not isinstance(step, Timed):
                continue
            path: Path = ("block", number, "steps", index)
            found = moving if in_motion(step) else resting
            if step.cues is not None:
                found.update(_lines((*path, "cues"), step.cues, script))
            own = [((*path, "at", n), line.text) for n, line in enumerate(step.at.values()) if line.audio is None]
            (at_places if in_motion(step) else resting).update(own)
    for number, reminder in enumerate(script.reminder):
        found = moving if _reminds_in_motion(reminder, script) else resting
        found.update(_lines(("reminder", number, "cues"), reminder.cues, script))
    for path, text in (moving | at_places | resting).items():
        count = words(text)
        longest = max(map(words, _SENTENCE.split(text)), default=0) if path in at_places else count
        if count > MOST_WORDS:
            yield (
                path,
                f"{quoted(text)} has {count} words: a cue of more than {MOST_WORDS} is an explanation",
                Code.LONG_CUE,
            )
        elif path in moving | at_places and longest > MOST_WORDS_IN_MOTION:
            message = (
                f"{quoted(text)} has {longest} words, and is heard in motion, where {MOST_WORDS_IN_MOTION} are plenty"
            )
            yield path, message, Code.LONG_IN_MOTION


def words(text: str) -> int:
    """How many words a line has; what is filled in counts as one."""
    return len(_WORD.findall(text))


def in_motion(step: Step) -> bool:
    """Whether somebody moves in a step: runs, walks, counts repetitions or follows a metronome."""
    return isinstance(step, Run | Walk | Reps) or getattr(step, "cadence", None) is not None


def _lines(path: Path, cues: str | tuple[CueLine, ...], script: Script) -> dict[Path, str]:
    """The lines of a pool, or of a step's own; one that is a recording has been said as it is."""
    base, lines = (("cues", cues), script.cues[cues]) if isinstance(cues, str) else (path, cues)
    return {(*base, index): line.text for index, line in enumerate(lines) if line.audio is None}


def _reminds_in_motion(reminder: Reminder, script: Workout) -> bool:
    return any(in_motion(step) and idle.belongs(reminder, step) for step in idle.steps(script))


def _crowded(segments: Sequence[Segment], passages: Iterable[Passage], rate: int) -> Iterator[Found]:
    told: set[Origin] = set()
    for passage in passages:
        segment = segments[passage.segment]
        seconds = (passage.end - passage.start) / rate
        if segment.kind not in _EFFORTS or seconds < CROWDED_FROM or len(passage.placements) < 3:
            continue
        lines = [one for one in _authors(passage) if passage.start <= one.start < passage.end]
        cues = [one for one in lines if one.role is not Role.AT]
        talk = sum(min(one.end, passage.end) - one.start for one in lines) / rate
        if len(lines) >= 3 and talk > MOST_TALK * seconds:
            what = f"{len(lines)} lines fill {100 * talk / seconds:.0f} % of the step"
        elif len(cues) >= MANY and (cues[-1].start - cues[0].start) / rate < CLOSEST * (len(cues) - 1):
            gap = (cues[-1].start - cues[0].start) / rate / (len(cues) - 1)
            what = f"{len(cues)} cues come {gap:.1f} s one after the other"
        else:
            continue
        same = segment.origin._replace(round=1, side=None)
        if same not in told:
            told.add(same)
            key = "cues" if any(one.role is Role.CUE for one in lines) else "at" if lines[0].role is Role.AT else ""
            message = f"{what}: there is no quiet in which to do what they say"
            yield _found(Code.CROWDED, segment, key, message, passage, rate)


def _authors(passage: Passage) -> list[Placement]:
    """The author's own lines of a step, but for its opening."""
    return [
        one
        for one in passage.placements
        if one.role in (Role.CUE, Role.AT, Role.REMINDER) and not isinstance(one.what, Sound)
    ]


class _Heard(NamedTuple):
    """Where a line was heard first, and its key there."""

    passage: Passage
    segment: Segment
    key: str


def _repeated(workout: Workout, segments: Sequence[Segment], passages: Iterable[Passage], rate: int) -> Iterator[Found]:
    firsts: dict[tuple[tuple[str, ...], str], _Heard] = {}
    totals: dict[tuple[tuple[str, ...], str], int] = {}
    told: set[tuple[tuple[str, ...], str]] = set()
    for passage in passages:
        segment = segments[passage.segment]
        heard: dict[tuple[tuple[str, ...], str], list[int]] = {}
        for one in passage.placements:
            if one.role in (Role.CUE, Role.REMINDER) and not isinstance(one.what, Sound):
                which = (segment.origin.script, one.what.text)
                heard.setdefault(which, []).append(one.start)
                firsts.setdefault(which, _Heard(passage, segment, "cues" if one.role is Role.CUE else ""))
        for which, starts in heard.items():
            totals[which] = totals.get(which, 0) + len(starts)
            if len(starts) <= MOST_IN_A_STEP or which in told:
                continue
            apart = (starts[-1] - starts[0]) / rate / (len(starts) - 1)
            if apart < SOON:
                told.add(which)
                message = f"{quoted(which[1])} is heard {len(starts)} times in the step, every {apart:.0f} s"
                yield _found(Code.REPEATED, segment, firsts[which].key, message, passage, rate, _line(workout, *which))
    for which, total in totals.items():
        if total > MOST_IN_A_SESSION and which not in told:
            passage, segment, key = firsts[which]
            message = f"{quoted(which[1])} is heard {total} times in the session"
            yield _found(Code.REPEATED, segment, key, message, passage, rate, _line(workout, *which))


def _line(workout: Workout, uses: tuple[str, ...], said: str) -> tuple[tuple[str, ...], Path] | None:
    """Where a line that is said stands in the script of its step, or as a reminder in one around it; None if unsure."""
    for depth in range(len(uses), -1, -1):
        script = script_of(workout, uses[:depth])
        spoken = wording.of(script.language).spoken
        for name, lines in script.cues.items():
            for index, line in enumerate(lines):
                if said in (line.text, spoken(line.text)):
                    return uses[:depth], ("cues", name, index)
        for number, reminder in enumerate(script.reminder):
            for index, line in enumerate(reminder.cues if not isinstance(reminder.cues, str) else ()):
                if said in (line.text, spoken(line.text)):
                    return uses[:depth], ("reminder", number, "cues", index)
    return None


def reminder_of(workout: Workout, uses: tuple[str, ...], said: str) -> tuple[tuple[str, ...], Path] | None:
    """The reminder that says a line in a step of a script, there or in one around it; None if it could be several."""
    found: list[tuple[tuple[str, ...], Path]] = []
    for depth in range(len(uses), -1, -1):
        script = script_of(workout, uses[:depth])
        spoken = wording.of(script.language).spoken
        for number, reminder in enumerate(script.reminder):
            lines = script.cues[reminder.cues] if isinstance(reminder.cues, str) else reminder.cues
            if any(said in (line.text, spoken(line.text)) for line in lines):
                found.append((uses[:depth], ("reminder", number)))
    return found[0] if len(found) == 1 else None


class _Side:
    """What of an exercise is done for each side, in seconds; ``last`` is where it was last for a side."""

    def __init__(self) -> None:
        self.seconds = [0.0, 0.0]
        self.last: list[tuple[Segment, Passage] | None] = [None, None]


def _sides(workout: Workout, segments: Sequence[Segment], passages: Iterable[Passage], rate: int) -> Iterator[Found]:
    exercises: dict[tuple[str, str], _Side] = {}
    known: dict[tuple[str, str | None, str], tuple[str, int] | None] = {}
    for passage in passages:
        segment = segments[passage.segment]
        if segment.kind not in _WORKED or segment.duration is None:
            continue
        if segment.progression or segment.ends is Ends.PERSON:  # each side as long as it can
            continue
        language = script_of(workout, segment.origin.script).language
        same = (segment.name, segment.side, language)
        if same not in known:
            known[same] = _side_of(*same)
        if (found := known[same]) is None:
            continue
        exercise = exercises.setdefault((found[0], segment.kind), _Side())
        exercise.seconds[found[1]] += segment.duration
        exercise.last[found[1]] = (segment, passage)
    left, right = (sum(exercise.seconds[side] for exercise in exercises.values()) for side in (LEFT, RIGHT))
    if abs(left - right) < 0.5:
        return
    less = LEFT if left < right else RIGHT
    for exercise in exercises.values():
        short = exercise.seconds[1 - less] - exercise.seconds[less]
        place = exercise.last[less] or exercise.last[1 - less]
        if short >= 0.5 and place is not None:
            segment, passage = place
            told = [units.format_duration(seconds) if seconds else "nothing" for seconds in exercise.seconds]
            message = f"the left side gets {told[LEFT]}, the right {told[RIGHT]}"
            yield _found(Code.SIDES_UNEQUAL, segment, segment.kind, message, passage, rate)


def _side_of(name: str, side: str | None, language: str) -> tuple[str, int] | None:
    """What an exercise is called whichever side it is for, and that side."""
    spoken = wording.of(language).spoken
    if side is not None:
        own = sided(spoken(side), language)
        return None if own is None else (name.casefold(), own.side)
    found = sided(spoken(name), language)
    return None if found is None else (found.rest, found.side)


def _unprepared(segments: Sequence[Segment], passages: Sequence[Passage], rate: int) -> Iterator[Found]:
    told: set[Origin] = set()
    before: tuple[Segment, Passage] | None = None
    for passage in passages:
        segment = segments[passage.segment]
        if segment.kind == "hold" and not segment.lead and _bare(segment, passage, before, rate):
            same = segment.origin._replace(round=1, side=None)
            if same not in told:
                told.add(same)
                after = "begins the session" if before is None else f"follows right upon {quoted(before[0].label)}"
                message = f"the hold {after}: nothing says what comes, and there is no time to get into it"
                yield _found(Code.NO_SET_UP, segment, "hold", message, passage, rate)
        before = segment, passage


def _bare(segment: Segment, passage: Passage, before: tuple[Segment, Passage] | None, rate: int) -> bool:
    """Whether there is neither time nor a word between a hold and what was before it, and that was something else."""
    if before is None:
        return passage.start < SETTLING * rate
    last, ended = before
    if last.kind in _BREAKS or passage.start - ended.end >= SETTLING * rate:
        return False
    if (last.kind, last.name, last.side) == (segment.kind, segment.name, segment.side):
        return False
    return not any(one.start >= ended.end - FORETOLD * rate and one.role is Role.AT for one in _authors(ended))


def _found(
    code: Code,
    segment: Segment,
    key: str,
    message: str,
    passage: Passage,
    rate: int,
    line: tuple[tuple[str, ...], Path] | None = None,
) -> Found:
    at = passage.start / rate
    where = f"{units.format_clock(at)} {segment.label or segment.kind}"
    uses, path = line or (segment.origin.script, path_of(segment.origin, key))
    return Found(code, uses, path, message, at, where)
