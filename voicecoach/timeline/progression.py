"""How a hold grows: today's target of a progression, by what was held before. Pure: it is told which day it is.

The rule, in full; ``docs/progression.md`` tells it to people:

* Today's target follows from the days before today. The best hold of a day counts.
* With nothing held yet it is ``start``.
* Held clean to the target on the last day: that target plus ``step``, as far as ``goal``.
* Slipped before: the clean time, in whole seconds, but not below ``start``, and no day takes more than half away.
* For each whole week since then without a hold, one ``step`` back, not below ``start``.
* A target that the person has set stands from its day on, also past ``goal`` or below ``start``, until it was held.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from voicecoach.store.sessions import Held, Why

if TYPE_CHECKING:
    from voicecoach.script.model import Workout
    from voicecoach.timeline.model import Origin

WEEK = 7
"""Days without a hold after which the target goes a step back."""
UNLOCKS_AFTER = 3
"""Days at the goal after which the next workout is suggested."""

NOT_TRIED = (Why.SKIPPED, Why.BACK, Why.ENDED)
"""What ends a hold that does not count unless it had reached its target."""


class Growth(Protocol):
    """What a script says of a progression, in seconds."""

    @property
    def start(self) -> float: ...
    @property
    def goal(self) -> float: ...
    @property
    def step(self) -> float: ...
    @property
    def unlocks(self) -> str | None: ...


class Growing(NamedTuple):
    """A progression of a script, which is known by ``script``; ``start``, ``goal`` and ``step`` are in seconds."""

    script: str
    name: str
    start: float
    goal: float
    step: float
    unlocks: str | None = None

    @property
    def key(self) -> str:
        """What the history knows it by."""
        return key(self.script, self.name)


def key(script: str, name: str) -> str:
    """What the history calls the progression ``name`` of a script; the part before the first slash is the script."""
    return f"{script}/{name}"


def names(progressions: Iterable[Growing]) -> dict[str, str]:
    """What progressions are called among one another, by their keys; where two have one name, with their scripts."""
    by_key = {each.key: each for each in progressions}
    often = Counter(each.name for each in by_key.values())
    return {key: each.name if often[each.name] == 1 else f"{each.name} ({each.script})" for key, each in by_key.items()}


def progressions(workout: Workout) -> tuple[Growing, ...]:
    """The progressions of a workout, then those of the scripts that it uses."""
    return tuple(dict.fromkeys(_progressions(workout)))


def grown(workout: Workout, origin: Origin) -> Growing | None:
    """The progression that says how long the step is that a segment was made of; None where none does."""
    for use in origin.script:
        workout = workout.included[use]
    step = None if origin.step is None else workout.block[origin.block].steps[origin.step]
    name = getattr(step and step.in_round(origin.round), "progression", None)
    return None if name is None else _growing(workout, name)


def target(
    progression: Growth, held: Iterable[Held], today: date, *, override: tuple[date, float] | None = None
) -> float:
    """The target in seconds for ``today``, by the rule above.

    ``held`` are the holds so far, in any order. ``override`` is the target that the person has set last, and since
    which day.
    """
    asked = override if override is not None and override[0] <= today else None
    days = best_a_day(one for one in held if one.day < today and (asked is None or _follows(one, asked)))
    if days:
        since, stands = days[-1].day, _after(progression, days[-1])
    elif asked is not None:
        since, stands = asked
    else:
        return progression.start
    weeks = max(0, (today - since).days - 1) // WEEK
    return round(max(min(progression.start, stands), stands - weeks * progression.step), 1)


def best_a_day(held: Iterable[Held]) -> tuple[Held, ...]:
    """The best hold of each day, in order: one that reached its target before one that did not, then the longest.

    One that was skipped, or left with the session, before its target is none.
    """
    best: dict[date, Held] = {}
    for one in sorted(held, key=_rank):
        if one.clean or one.why not in NOT_TRIED:
            best[one.day] = one
    return tuple(best[day] for day in sorted(best))


def best(held: Iterable[Held]) -> float | None:
    """The longest of the best holds of all days, in seconds; None where there is none."""
    return max((one.seconds for one in best_a_day(held)), default=None)


def at_goal(progression: Growth, held: Iterable[Held]) -> int:
    """On how many days the goal was held clean."""
    return len({one.day for one in held if one.seconds >= round(progression.goal, 1)})


def unlocked(progression: Growth, held: Iterable[Held]) -> str | None:
    """The script that comes next, once the goal was held on three days; None before, or where none is named."""
    return progression.unlocks if at_goal(progression, held) >= UNLOCKS_AFTER else None


def _rank(one: Held) -> tuple[bool, float, float]:
    return one.clean, one.seconds, one.target


def _follows(one: Held, asked: tuple[date, float]) -> bool:
    """Whether a hold came after a target was set: on that day it tells by having had it."""
    day, seconds = asked
    return one.day > day or (one.day == day and one.target == round(seconds, 1))


def _after(progression: Growth, last: Held) -> float:
    """What stands after a day's best hold."""
    if last.clean:
        return max(last.target, min(last.target + progression.step, progression.goal))
    least = max(min(progression.start, last.target), math.floor(last.target / 2))
    return max(least, math.floor(last.seconds))


def _progressions(workout: Workout) -> Iterator[Growing]:
    yield from (_growing(workout, name) for name in workout.progression)
    for included in workout.included.values():
        yield from _progressions(included)


def _growing(workout: Workout, name: str) -> Growing:
    says = workout.progression[name]
    return Growing(workout.identity, name, says.start, says.goal, says.step, says.unlocks)
