"""A plan: which script is done on which day, and how a day is meant. Light: it knows no models."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from voicecoach.store.sessions import PlanDay

if TYPE_CHECKING:
    from voicecoach.script.model import Week, Workout

REST = "rest"
"""What stands for a day on which nothing is done."""
_DAY = re.compile(r"\D{0,20}?(?:(\d{1,4})\D{1,20}?)?(\d{1,4})\s*", re.ASCII)


class Day(NamedTuple):
    """A day of a plan on which something is done.

    ``plan`` is what the plan is known by, ``title`` what it is called. ``week`` is None where it counts days only.
    ``number`` is that of the session among the ``sessions`` of the plan, from 1; ``use`` are the words that name what
    is done, which ``before`` so many of them did.
    """

    plan: str
    title: str
    week: int | None
    day: int
    number: int
    sessions: int
    use: str
    before: int = 0

    @property
    def key(self) -> PlanDay:
        """What the history knows it by."""
        return PlanDay(self.plan, self.week, self.day)

    @property
    def named(self) -> str:
        """What the interface calls it: "week 3, day 2"."""
        return f"day {self.day}" if self.week is None else f"week {self.week}, day {self.day}"

    @property
    def written(self) -> str:
        """How it is asked for: "3.2", or "12" where there are no weeks."""
        return self.key.written


def weeks(rows: Sequence[Week]) -> Iterator[tuple[int | None, Week]]:
    """The weeks of a plan with their numbers: one that has none follows on the week before.

    Where there is but one, without a number, the plan counts days only.
    """
    if len(rows) == 1 and rows[0].week is None:
        yield None, rows[0]
        return
    last = 0
    for row in rows:
        last = last + 1 if row.week is None else row.week
        yield last, row


def days(workout: Workout) -> tuple[Day, ...]:
    """The days of a plan on which something is done, in order; none of what is no plan."""
    found = [
        (week, day, use)
        for week, row in weeks(workout.plan)
        for day, use in enumerate(row.days, 1)
        if use.strip() != REST
    ]
    seen = Counter[str]()
    made: list[Day] = []
    for number, (week, day, use) in enumerate(found, 1):
        made.append(Day(workout.identity, workout.title, week, day, number, len(found), use, seen[use]))
        seen[use] += 1
    return tuple(made)


def workouts(workout: Workout) -> tuple[Workout, ...]:
    """What is done on the days of a plan, each once; of what is no plan, itself."""
    uses = dict.fromkeys(day.use for day in days(workout))
    if not uses:
        return (workout,)
    return tuple(workout.only(use) if use.startswith("#") else workout.included[use] for use in uses)


def following(all_days: Sequence[Day], last: tuple[PlanDay, bool] | None) -> Day | None:
    """The day that comes now, by the one that was done ``last`` and whether that was finished.

    One that was left comes again; behind one that was finished comes the next, also where the plan is another one
    since. None where the plan is over.
    """
    if last is None:
        return all_days[0]
    place, finished = (last[0].week or 0, last[0].day), last[1]
    places = [((day.week or 0, day.day), day) for day in all_days]
    return next((day for here, day in places if here > place or (here == place and not finished)), None)


def meant(all_days: Sequence[Day], text: str) -> Day:
    """The day that is asked for, as "3.2", "week 3, day 2" or "day 12".

    Raises ValueError that says what would be right.

    A number alone is a day where there are no weeks, otherwise the first one of a week.
    """
    first = all_days[0]
    example = first.written
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'"{text[:40]}" is no day of a plan (write "{example}")')
    week, day = (None if found[1] is None else int(found[1])), int(found[2])
    if first.week is None:
        chosen = [one for one in all_days if week is None and one.day == day]
    elif week is None:
        chosen = [one for one in all_days if one.week == day]
    else:
        chosen = [one for one in all_days if (one.week, one.day) == (week, day)]
    if chosen:
        return chosen[0]
    there = [one.day for one in all_days if one.week == week] if week is not None and first.week is not None else []
    if there:
        raise ValueError(f"nothing is done on day {day} of week {week} (on days {', '.join(map(str, there))})")
    last = all_days[-1]
    raise ValueError(f'there is no day "{text[:40]}" in the plan, which goes from {example} to {last.written}')
