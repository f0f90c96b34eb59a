"""The way of a hold that grows, so far: what it says in words, and a plot of characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from voicecoach import units
from voicecoach.errors import counted
from voicecoach.store.sessions import Held
from voicecoach.timeline import progression
from voicecoach.timeline.progression import Growing

ROWS = 10
"""Rows of a plot, without its dates."""
_DAY_WIDTH = 4
"""Most columns of a day."""
_TICKS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18_000, 43_200)
"""Spacings of marks on an axis of time, in seconds."""
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What was held of a progression until ``today``, the best of each day.

    ``best`` is the longest, and ``reached`` on how many days it was the goal. ``says`` is what its script says of it,
    None where that is not here; ``target`` is today's then, in seconds.
    """

    script: str
    name: str
    today: date
    days: tuple[Held, ...]
    best: Held | None = None
    reached: int = 0
    says: Growing | None = None
    target: float | None = None

    @property
    def first(self) -> date:
        """The day on which it begins."""
        return self.days[0].day if self.days else self.today

    @property
    def top(self) -> float:
        """What a plot must reach, in seconds."""
        goal = self.says.goal if self.says is not None else 0.0
        return max(goal, self.target or 0.0, *(one.seconds for one in self.days), 1.0)

    def in_words(self) -> tuple[str, ...]:
        """Today's target, the goal, the best hold, and what comes next."""
        found = []
        if self.target is not None:
            found.append(f"today {units.format_duration(self.target)}")
        if self.says is not None:
            found.append(f"goal {units.format_duration(self.says.goal)}")
        if self.best is not None:
            found.append(f"best {units.format_duration(self.best.seconds)} on {self.best.day}")
            found.append(f"held on {counted(len(self.days), 'day')}")
        if self.says is not None:
            found.append(self._at_goal(self.says))
        return tuple(found) or ("nothing held yet",)

    def ahead(self) -> str:
        """The same as it matters at the end of a session, where ``today`` is the day of the next one."""
        found = [] if self.best is None else [f"best {units.format_duration(self.best.seconds)}"]
        if self.says is not None and self.target is not None:
            found += [f"next {units.format_duration(self.target)}", f"goal {units.format_duration(self.says.goal)}"]
        return ", ".join(found)

    @property
    def unlocked(self) -> str | None:
        """The script that comes next, once the goal was held often enough."""
        unlocks = None if self.says is None else self.says.unlocks
        return unlocks if self.reached >= progression.UNLOCKS_AFTER else None

    def _at_goal(self, says: Growing) -> str:
        if self.unlocked is not None:
            return f"at the goal on {counted(self.reached, 'day')}: on to {self.unlocked}"
        if says.unlocks is not None:
            return f"at the goal on {self.reached} of {counted(progression.UNLOCKS_AFTER, 'day')}, then {says.unlocks}"
        return f"at the goal on {counted(self.reached, 'day')}"


def way(
    script: str,
    name: str,
    held: Iterable[Held],
    today: date,
    *,
    says: Growing | None = None,
    override: tuple[date, float] | None = None,
) -> Way:
    """The way until ``today``; ``override`` is the target that the person has set last, and since which day."""
    until = [one for one in held if one.day <= today]
    return Way(
        script=script,
        name=name,
        today=today,
        days=progression.best_a_day(until),
        best=max(progression.best_a_day(until), key=_seconds, default=None),
        reached=0 if says is None else progression.at_goal(says, until),
        says=says,
        target=None if says is None else progression.target(says, until, today, override=override),
    )


def ticks(top: float) -> list[float]:
    """The marks of an axis of time from 0, in seconds; the last one is ``top`` or above."""
    spacing = next((each for each in _TICKS if top / each <= _MOST_TICKS), _TICKS[-1])
    count = -int(-top // spacing)
    return [spacing * number for number in range(count + 1)]


def plot(way: Way, columns: int, *, plain: bool = False) -> list[str]:
    """A plot of the best hold of each day against the goal, in so many columns; ``plain`` draws it in ASCII."""
    clean, slipped, goal, tick, side, corner, floor = "ox-+|+-" if plain else "●○┄┤│└─"
    marks = ticks(way.top)
    labels = {_row(mark, marks[-1]): units.format_duration(mark) if mark else "0" for mark in marks}
    margin = max(map(len, labels.values()))
    wide = max(columns - margin - 2, 10)
    grid = [[" "] * wide for _ in range(ROWS)]
    if way.says is not None:
        grid[_row(way.says.goal, marks[-1])] = [goal] * wide
    span = (way.today - way.first).days
    for column, one in _by_column(way, span, wide):
        grid[_row(one.seconds, marks[-1])][column] = clean if one.clean else slipped
    lines = []
    for row in range(ROWS - 1, -1, -1):
        edge = tick if row in labels else side
        lines.append(f"{labels.get(row, ''):>{margin}} {edge}{''.join(grid[row])}".rstrip())
    lines.append(f"{'':{margin}} {corner}{floor * wide}")
    last = _column(span, span, wide)
    begin, end = str(way.first), str(way.today)
    dates = begin if way.first == way.today else f"{begin}{end:>{max(last + 1 - len(begin), len(end) + 1)}}"
    lines.append(f"{'':{margin}}  {dates}")
    legend = [f"{clean} held to the target"] * any(one.clean for one in way.days)
    legend += [f"{slipped} slipped"] * any(not one.clean for one in way.days)
    legend += [f"{goal} goal"] * (way.says is not None)
    told = "  ".join(legend)
    if len(told) > columns:
        return [*lines, *legend]
    return [*lines, " " * min(margin + 2, columns - len(told)) + told] if told else lines


def dates(first: date, last: date, most: int) -> Sequence[date]:
    """At most so many days from the first to the last, evenly apart."""
    span = (last - first).days
    spacing = max(1, -(-span // max(most - 1, 1)))
    return [first + timedelta(days=day) for day in range(0, span + 1, spacing)]


def _seconds(one: Held) -> float:
    return one.seconds


def _row(seconds: float, top: float) -> int:
    return round(seconds / top * (ROWS - 1))


def _column(day: int, span: int, wide: int) -> int:
    return min(day * _DAY_WIDTH, day * (wide - 1) // span) if span else 0


def _by_column(way: Way, span: int, wide: int) -> Iterator[tuple[int, Held]]:
    """The holds by their columns; of those that share one the best."""
    found: dict[int, Held] = {}
    for one in way.days:
        column = _column((one.day - way.first).days, span, wide)
        other = found.get(column)
        if other is None or (one.clean, one.seconds) > (other.clean, other.seconds):
            found[column] = one
    yield from found.items()
