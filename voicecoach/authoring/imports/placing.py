"""Each text of a plan at a second of a segment where it can be heard: not over another, not over an announcement."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from voicecoach import units
from voicecoach.authoring.imports import spoken_texts
from voicecoach.authoring.imports.numbers import tenths
from voicecoach.authoring.imports.plan import LONGEST, MOST_SEGMENTS, Plan, Segment, Text, shown
from voicecoach.errors import AuthoringError, counted

_BETWEEN = 0.4
"""Seconds between two lines."""
_LATE = 0.6
"""Seconds by which a line may be late without being put elsewhere."""
_END = 0.3
"""Seconds between a line and the tone that ends its segment."""
_MOST_TRIED = 200
"""Segments in which room is looked for."""
_OPENING_SHARE = 0.6
"""Of a segment, the most that its announcement may take from its lines."""
_TONE = 0.6
"""Seconds that the tone takes with which it begins, where there is no room for an announcement."""


@dataclass(slots=True)
class Instance:
    """A segment as it is done once: from ``start``, with lines at seconds of its own."""

    segment: Segment
    part: int
    round: int
    start: float
    lines: dict[float, str] = field(default_factory=dict)


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
        largest = max(plan.parts, key=lambda part: len(part.segments) * part.rounds)
        raise AuthoringError(
            f"there are {count:,} segments in it; at most {MOST_SEGMENTS:,} are taken "
            f"(line {largest.segments[0].line}: {counted(largest.rounds, 'round')})"
        )
    if sum(part.seconds for part in plan.parts) > LONGEST:
        longest = max(plan.parts, key=lambda part: part.seconds)
        lasts_ = units.format_duration(longest.seconds)
        raise AuthoringError(
            f"it lasts longer than 48 hours, the most that is possible (line {longest.segments[0].line}: {lasts_})"
        )
    instances = list(every(plan))
    if not instances:
        return Placed([], [line for _, text in _timed(plan) for line in spoken_texts.lines(text.text)[0]])
    starts = [instance.start for instance in instances]
    after: list[str] = []
    moved: list[tuple[int, float]] = []
    free = 0.0
    for wanted, text in _together(_timed(plan)):
        lines, left = spoken_texts.lines(text.text)
        if left:
            plan.note(text.line, f"left out of {shown(text.text)}: {left}")
        if not lines:
            plan.note(text.line, f"a text that cannot be spoken is lost: {shown(text.text, 200)}")
        for line in lines:
            length = lasts(line)
            place = _place(instances, max(0, bisect_right(starts, wanted + 1e-6) - 1), wanted, free, length, opening)
            if place is None:
                late = wanted >= instances[-1].start + instances[-1].segment.seconds - 0.05
                why = "lies behind the end" if late else "has no room where it stands"
                clock = units.format_clock(wanted)
                plan.note(text.line, f"a text at {clock} {why}, and is said after the workout: {shown(text.text)}")
                after.append(line)
                continue
            instance, own = place
            at = instance.start + own
            if abs(at - wanted) > _LATE:
                moved.append((text.line, abs(at - wanted)))
            free = at + length + _BETWEEN
            known = instance.lines.get(own)
            instance.lines[own] = line if known is None else spoken_texts.joined(known, line)
    if moved:
        most = max(late for _, late in moved)
        lines_ = _listed(list(dict.fromkeys(line for line, _ in moved)))
        plan.note(
            moved[0][0],
            f"{counted(len(moved), 'text')} heard up to {math.ceil(most)} s before or after its time, "
            f"where there is room{lines_}",
        )
    return Placed(instances, after)


def _place(
    instances: list[Instance],
    first: int,
    wanted: float,
    free: float,
    length: float,
    opening: Callable[[Instance], float],
) -> tuple[Instance, float] | None:
    """Where a line of that ``length`` is heard, and at which of the instance's seconds; None where no room is left.

    A line begins when nothing else is said, and ends before the tone that ends its segment. Where that is not so at
    the second that is ``wanted``, it comes as much later as it must, else earlier, else in the next that has room.
    """
    for index in range(first, min(len(instances), first + _MOST_TRIED)):
        instance = instances[index]
        segment = instance.segment
        if wanted - instance.start >= segment.seconds:
            continue
        if segment.waits:
            return instance, 0.0
        said = opening(instance)
        said = said if said <= _OPENING_SHARE * segment.seconds else _TONE
        earliest = max(said, free - instance.start)
        latest = segment.seconds - length - _END
        own = max(earliest, wanted - instance.start)
        if own - (wanted - instance.start) > _LATE:
            own = float(math.ceil(own - 1e-6))
        if own <= latest:
            return instance, tenths(own)
        if earliest <= latest:
            whole = float(math.floor(latest))
            return instance, tenths(whole if whole >= earliest else latest)
    return None


def _together(timed: list[tuple[float, Text]]) -> Iterator[tuple[float, Text]]:
    """Texts of one second, which are the lines of one message, as one text."""
    for wanted, group in groupby(timed, key=lambda each: each[0]):
        first, *others = (text for _, text in group)
        said = " ".join(first.text.split())
        for text in others:
            said = spoken_texts.joined(said, " ".join(text.text.split()))
        yield wanted, replace(first, text=said)


def _listed(lines: list[int]) -> str:
    known = [line for line in lines if line]
    told = ", ".join(str(line) for line in known[:20])
    return f" ({'line' if len(known) == 1 else 'lines'} {told}{', …' if len(known) > 20 else ''})" if told else ""


def every(plan: Plan) -> Iterator[Instance]:
    """Every segment as it is done, one after the other, without lines yet."""
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
    lengths = [part.seconds for part in plan.parts]
    end = sum(lengths)
    for part, length in zip(plan.parts, lengths, strict=True):
        for text in part.texts:
            if length - 0.05 <= text.seconds < end - start - 0.05:
                plan.note(
                    text.line,
                    f"a text at {units.format_clock(text.seconds)} of a segment that lasts "
                    f"{units.format_clock(length)} is heard at its second, in what follows: {shown(text.text)}",
                )
            found.append((start + text.seconds, text))
        start += length
    return sorted(found, key=lambda each: each[0])
