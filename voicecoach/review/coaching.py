"""What an experienced coach would say of a session that is right: too much talk, a side that comes short.

Everything here goes by rules of thumb, which ``voicecoach check --explain`` tells with their sources; each keeps quiet
where a script may well be meant so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voicecoach.arrange.arrangement import Passage, Placement
from voicecoach.review import repetition, sides
from voicecoach.review.places import Found, found_in, quoted
from voicecoach.script.codes import Code
from voicecoach.script.model import Workout
from voicecoach.timeline.model import Origin, Role, Segment, Sound, Timeline

CROWDED_FROM = 15.0
"""Seconds that a step must last for its talk to be judged."""
MOST_TALK = 0.5
"""So much of a step may be filled with lines."""
CLOSEST = 5.0
"""Seconds from one cue to the next on average, where there are many; left open, they are never closer than six."""
MANY = 5
"""So many cues of a step are many."""
SETTLING = 2.0
"""Seconds in which nobody gets from one position into another."""
FORETOLD = 15.0
"""Seconds before the end of a step in which a line can prepare for the next."""

_EFFORTS = ("hold", "work", "run", "walk", "reps")
_BREAKS = ("rest", "say", "ready", "ask", "play")


def of_session(workout: Workout, timeline: Timeline, passages: Sequence[Passage], rate: int) -> Iterator[Found]:
    """What there is to say of a session as it is arranged, each thing once, with when it happens first.

    ``passages`` are those of its arrangement, at a ``rate`` in hertz.
    """
    yield from _crowded(timeline.segments, passages, rate)
    yield from repetition.repeated(workout, timeline.segments, passages, rate)
    yield from sides.unequal(workout, timeline.segments, passages, rate)
    yield from _unprepared(timeline.segments, passages, rate)


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
            yield found_in(Code.CROWDED, segment, key, message, passage, rate)


def _authors(passage: Passage) -> list[Placement]:
    """The author's own lines of a step, but for its opening."""
    return [
        one
        for one in passage.placements
        if one.role in (Role.CUE, Role.AT, Role.REMINDER) and not isinstance(one.what, Sound)
    ]


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
                yield found_in(Code.NO_SET_UP, segment, "hold", message, passage, rate)
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
