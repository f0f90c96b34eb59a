"""Segments that come again made rounds of a block, as a person would write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby

from voicecoach.authoring.imports.placing import Instance
from voicecoach.authoring.imports.plan import MOST_ROUNDS, Plan, Segment

_LONGEST_PERIOD = 8
_SAVED = 0.7
"""Rounds that are found are worth it where they leave at most this share of the steps."""


@dataclass(frozen=True, slots=True)
class Row:
    """A segment in some rounds of its block, from ``first`` to ``last``, with lines at its seconds."""

    segment: Segment
    first: int
    last: int
    lines: dict[float, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that are done ``rounds`` times."""

    rows: tuple[Row, ...]
    rounds: int = 1
    name: str = ""


def blocks(plan: Plan, instances: Sequence[Instance]) -> list[Block]:
    """The blocks of a workout: those that the source repeats, and those in which something comes again."""
    found: list[Block] = []
    single: list[Instance] = []
    for number, each in groupby(instances, key=lambda instance: instance.part):
        inside = list(each)
        part = plan.parts[number]
        if part.rounds == 1 and not part.name:
            single += inside
            continue
        found += _folded(single)
        single = []
        if part.rounds == 1:
            found += [
                replace(block, name=part.name if not index else "") for index, block in enumerate(_folded(inside))
            ]
        else:
            found.append(Block(_rows(inside, part.rounds), part.rounds, part.name))
    return [*found, *_folded(single)]


def beginnings(plan: Plan, instances: Sequence[Instance]) -> dict[float, int]:
    """Of how many rounds one begins at a second, as far as segments tell: their lines may yet part them."""
    found: dict[float, int] = {}
    for number, each in groupby(instances, key=lambda instance: instance.part):
        part = plan.parts[number]
        if part.rounds > 1:
            inside = list(each)
            starts = inside[:: len(part.segments)]
            found |= {instance.start: part.rounds for instance in starts}
    for single in _single(plan, instances):
        for at, period, rounds in _spans(single):
            if rounds > 1:
                found |= {single[at + done * period].start: rounds for done in range(rounds)}
    return found


def _single(plan: Plan, instances: Sequence[Instance]) -> Iterator[list[Instance]]:
    """The runs of segments that the source does not repeat."""
    for once, each in groupby(instances, key=lambda instance: _run(plan, instance)):
        if once is not None:
            yield list(each)


def _run(plan: Plan, instance: Instance) -> int | None:
    """What an instance is one run with: those around it, or its own part if it has a name; None in rounds."""
    part = plan.parts[instance.part]
    return None if part.rounds > 1 else instance.part + 1 if part.name else 0


def _spans(instances: Sequence[Instance]) -> Iterator[tuple[int, int, int]]:
    """Where rounds begin, how many segments they have, and how many there are; one round of what comes once."""
    again = _Again(instances)
    at = 0
    while at < len(instances):
        period, rounds = again.found(at)
        if rounds > 1 and again.rows(at, period, rounds) > _SAVED * period * rounds:
            period, rounds = 1, 1
        yield at, period, rounds
        at += period * rounds


def _folded(instances: Sequence[Instance]) -> Iterator[Block]:
    plain: list[Row] = []
    for at, period, rounds in _spans(instances):
        if rounds == 1:
            plain.append(Row(instances[at].segment, 1, 1, instances[at].lines))
            continue
        if plain:
            yield Block(tuple(plain))
            plain = []
        yield Block(_rows(instances[at : at + period * rounds], rounds), rounds)
    if plain:
        yield Block(tuple(plain))


class _Again:
    """What comes again in a run of segments, and with how many lines that differ; each answer in constant time."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        segments: dict[Segment, int] = {}
        self._keys = [segments.setdefault(replace(each.segment, line=0), len(segments)) for each in instances]
        lines = [sorted(each.lines.items()) for each in instances]
        count = len(instances)
        self._same: dict[int, list[int]] = {}
        """By period: of each segment, how many from it on are as those a period later."""
        self._changes: dict[int, list[int]] = {}
        """By period: how many of those before it have other lines than those a period later."""
        for period in range(1, min(_LONGEST_PERIOD, count // 2) + 1):
            same = [0] * (count + 1)
            for at in range(count - period - 1, -1, -1):
                same[at] = same[at + 1] + 1 if self._keys[at] == self._keys[at + period] else 0
            self._same[period] = same
            changed = (lines[at] != lines[at + period] for at in range(count - period))
            self._changes[period] = list(accumulate(changed, initial=0))

    def found(self, at: int) -> tuple[int, int]:
        """How many segments from here on come again, and how often all of them are there; the most that there are."""
        best, found = 0, (1, 1)
        for period, same in self._same.items():
            if any(period % less == 0 and self._same[less][at] >= period - less for less in range(1, period)):
                continue  # a shorter one comes again in it
            rounds = min(MOST_ROUNDS, 1 + same[at] // period)
            if rounds > 1 and rounds * period > best and (period > 1 or rounds > 2):
                best, found = rounds * period, (period, rounds)
        return found

    def rows(self, at: int, period: int, rounds: int) -> int:
        """How many rows are written for so many rounds: one a segment, and one more where its lines change."""
        changes = self._changes[period]
        return period + changes[at + period * (rounds - 1)] - changes[at]


def _rows(instances: Sequence[Instance], rounds: int) -> tuple[Row, ...]:
    period = len(instances) // rounds
    rows: list[Row] = []
    for place in range(period):
        same = instances[place::period]
        first = 1
        for _, group in groupby(same, key=lambda instance: sorted(instance.lines.items())):
            inside = list(group)
            rows.append(Row(inside[0].segment, first, first + len(inside) - 1, inside[0].lines))
            first += len(inside)
    return tuple(rows)
