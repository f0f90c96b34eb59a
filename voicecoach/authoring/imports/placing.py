"""Each text of a plan at a second of a segment where it can be heard: not over another, not over an announcement."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from voicecoach import units
from voicecoach.authoring.imports import spoken_texts
from voicecoach.authoring.imports.numbers import tenths
from voicecoach.authoring.imports.plan import MOST_SEGMENTS, Plan, Segment, Text, shown
from voicecoach.errors import AuthoringError

_BETWEEN = 0.4
"""Seconds between two lines."""
_LATE = 0.6
"""Seconds by which a line may be late without being put elsewhere."""
_OPENING_SHARE = 0.6
"""Of a segment, the most that its announcement may take from its lines."""


@dataclass(slots=True)
class Instance:
    """A segment as it is done once: from ``start``, with lines at seconds of its own."""

    segment: Segment
    part: int
    round: int
    start: float
    lines: dict[float, str] = field(default_factory=dict)
    until: float = 0.0
    """Second of its own at which its last line has ended, about."""


@dataclass(slots=True)
class Placed:
    """All instances in their order, and lines for which there was no second left."""

    instances: list[Instance]
    after: list[str]


def placed(plan: Plan, opening: Callable[[Instance], float], lasts: Callable[[str], float]) -> Placed:
    """Puts every text of a plan in its place, and notes which were not put where they stood.

    ``opening`` gives how long the announcement of an instance is spoken, ``lasts`` how long a line is, in seconds.
    Raises AuthoringError where there are too many segments.
    """
    count = sum(len(part.segments) * part.rounds for part in plan.parts)
    if count > MOST_SEGMENTS:
        raise AuthoringError(f"there are {count:,} segments in it; at most {MOST_SEGMENTS:,} are taken")
    instances = list(_instances(plan))
    starts = [instance.start for instance in instances]
    last = instances[-1]
    end = last.start + last.segment.seconds
    after: list[str] = []
    moved: list[tuple[int, float]] = []
    free = 0.0
    for wanted, text in _timed(plan):
        lines, left = spoken_texts.lines(text.text)
        if left:
            plan.note(text.line, f"left out of {shown(text.text)}: {left}")
        if not lines:
            plan.note(text.line, f"a text that cannot be spoken is lost: {shown(text.text, 200)}")
        for line in lines:
            at = max(wanted, free)
            index = max(0, bisect_right(starts, at + 1e-6) - 1)
            instance = instances[index]
            said = opening(instance)
            if at - instance.start < said <= _OPENING_SHARE * instance.segment.seconds:
                at = max(at, instance.start + said)
            at = wanted if at - wanted <= _LATE else math.ceil(at - 1e-6)
            if at >= end - 0.05:
                plan.note(text.line, f"a text at {units.format_clock(wanted)} is heard after the end: {shown(text.text)}")
                after.append(line)
                continue
            if at > wanted:
                moved.append((text.line, at - wanted))
            free = at + lasts(line) + _BETWEEN
            instance = instances[max(0, bisect_right(starts, at + 1e-6) - 1)]
            own = tenths(max(0.0, at - instance.start))
            known = instance.lines.get(own)
            instance.lines[own] = line if known is None else spoken_texts.joined(known, line)
            instance.until = free - instance.start
    if moved:
        most = max(late for _, late in moved)
        lines_ = _listed(list(dict.fromkeys(line for line, _ in moved)))
        plan.note(
            moved[0][0],
            f"{len(moved)} of its texts are heard up to {math.ceil(most)} s later than they stand, behind what is said "
            f"before them{lines_}",
        )
    return Placed(instances, after)


def _listed(lines: list[int]) -> str:
    told = ", ".join(str(line) for line in lines[:20] if line)
    return f" (lines {told}{', …' if len(lines) > 20 else ''})" if told else ""


def _instances(plan: Plan) -> Iterator[Instance]:
    start = 0.0
    for number, part in enumerate(plan.parts):
        for done in range(1, part.rounds + 1):
            for segment in part.segments:
                yield Instance(segment, number, done, start)
                start += segment.seconds


def _timed(plan: Plan) -> list[tuple[float, Text]]:
    """Every text at its second of the workout, in their order; those behind the end of their part are noted."""
    found = [(text.seconds, text) for text in plan.texts]
    start = 0.0
    for part in plan.parts:
        for text in part.texts:
            if text.seconds >= part.seconds - 0.05:
                plan.note(
                    text.line,
                    f"a text at {units.format_clock(text.seconds)} of a segment that lasts "
                    f"{units.format_clock(part.seconds)} is heard at its second, in what follows: {shown(text.text)}",
                )
            found.append((start + text.seconds, text))
        start += part.seconds
    return sorted(found, key=lambda each: each[0])
