"""How holds grow on the phone: the targets of which a page holds a session, and what leads from one to the next.

The rule is ``timeline.progression``'s: it is asked for everything that can become of a hold, and what it says is
written down, so that the page only looks it up. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from math import floor, prod

from voicecoach.store.sessions import Held, Why
from voicecoach.timeline import progression
from voicecoach.timeline.course import Past
from voicecoach.timeline.progression import WEEK, Growing

REACHES = (((3, 1), (2, 1), (1, 1), (1, 0)), ((1, 1), (1, 0)))
"""How many targets above today's, and how many below, a page holds, with one progression and with two: as many as fit.

With more progressions it holds today's only.
"""
_DAY = date(2024, 1, 1)
"""Any: what the rule says depends on days between."""
_MOST_WEEKS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A progression on the phone, known by ``key``; targets are known by their places in ``levels``, in seconds.

    ``today`` is the one of the day on which the page is made. ``held`` says where each leads that was held, and
    ``slipped`` from how many clean seconds on where each leads that was not; ``weeks`` where it stands after one week
    without a hold, two, and so on.
    """

    key: str
    levels: tuple[float, ...]
    today: int
    held: tuple[int, ...]
    slipped: tuple[tuple[tuple[int, int], ...], ...]
    weeks: tuple[tuple[int, ...], ...]


def reaches(growing: Iterable[Growing], past: Past) -> Iterator[tuple[Growth, ...]]:
    """The progressions of a session as they can grow in a page, by what earlier sessions have left: farthest first.

    Nothing where none can.
    """
    known = list(growing)
    if 1 <= len(known) <= len(REACHES):
        for up, down in REACHES[len(known) - 1]:
            yield tuple(_growth(each, past.targets.get(each.key, each.start), up, down) for each in known)


def variants(found: Sequence[Growth], past: Past) -> tuple[Past, ...]:
    """What has to be known of the past for each session of a page: every target of one progression with every one of
    the others, the last one's running fastest."""
    return tuple(
        replace(
            past,
            targets={**past.targets, **{each.key: each.levels[at] for each, at in zip(found, places, strict=True)}},
        )
        for places in product(*(range(len(each.levels)) for each in found))
    )


def today(found: Sequence[Growth]) -> int:
    """The place of today's session among the variants."""
    return sum(each.today * prod(len(other.levels) for other in found[at + 1 :]) for at, each in enumerate(found))


def untried() -> tuple[Why, ...]:
    """What ends a hold that does not count unless it had reached its target."""
    return progression.NOT_TRIED


def _growth(growing: Growing, target: float, up: int, down: int) -> Growth:
    levels = {target}
    above = below = target
    for _ in range(up):
        levels.add(above := _after(growing, Held(day=_DAY, seconds=above, target=above, why=Why.DONE)))
    for _ in range(down):
        levels.add(below := _rested(growing, below, 1))
    known = tuple(sorted(levels))

    def place(seconds: float) -> int:
        """That of the longest target that is no longer."""
        return max((at for at, level in enumerate(known) if level <= seconds), default=0)

    def slips(level: float) -> Iterator[tuple[int, int]]:
        last = None
        for second in range(floor(level) + 1):
            leads = place(
                _after(growing, Held(day=_DAY, seconds=min(second, level - 0.1), target=level, why=Why.SLIPPED))
            )
            if leads != last:
                yield second, leads
            last = leads

    def weeks(level: float) -> Iterator[int]:
        for week in range(1, _MOST_WEEKS):
            stands = _rested(growing, level, week)
            yield place(stands)
            if stands <= known[0] or stands == _rested(growing, level, week + 1):
                return

    return Growth(
        key=growing.key,
        levels=known,
        today=known.index(target),
        held=tuple(place(_after(growing, Held(day=_DAY, seconds=one, target=one, why=Why.DONE))) for one in known),
        slipped=tuple(tuple(slips(one)) for one in known),
        weeks=tuple(tuple(weeks(one)) for one in known),
    )


def _after(growing: Growing, held: Held) -> float:
    """The target on the day after a hold."""
    return progression.target(growing, [held], held.day + timedelta(days=1))


def _rested(growing: Growing, target: float, weeks: int) -> float:
    """What a target has become after so many weeks without a hold."""
    return progression.target(growing, (), _DAY + timedelta(days=1 + WEEK * weeks), override=(_DAY, target))


def as_data(found: Iterable[Growth]) -> list[Mapping[str, object]]:
    """As the table has it."""
    return [
        {
            "key": each.key,
            "levels": each.levels,
            "today": each.today,
            "held": each.held,
            "slipped": each.slipped,
            "weeks": each.weeks,
        }
        for each in found
    ]
