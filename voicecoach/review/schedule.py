"""A plan as it is looked at: its days, what was done of them, and which comes now. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from voicecoach.script.plan import Day, following
from voicecoach.store.sessions import PlanDay


class Row(NamedTuple):
    """A day of a plan on which something is done: how often it was finished, on which day last, and whether it comes
    now.
    """

    day: Day
    times: int = 0
    last: date | None = None
    next: bool = False


def schedule(
    days: Sequence[Day], done: Mapping[PlanDay, tuple[int, date]], last: tuple[PlanDay, bool] | None
) -> Iterator[Row]:
    """The days of a plan in order; ``done`` and ``last`` are what the history says of them."""
    due = following(days, last)
    for day in days:
        times, when = done.get(day.key, (0, None))
        yield Row(day, times, when, day is due)
