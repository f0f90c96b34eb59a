"""Lines that come back through a run: placed on the time spent in the steps they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from voicecoach.script.model import Reminder, Rest, Timed
from voicecoach.timeline import pools
from voicecoach.timeline.expand import Happening, Scope
from voicecoach.timeline.model import Cue, Role, Segment
from voicecoach.timeline.placeholders import Writer

CLOSEST = 1.0
"""Least seconds between two reminders of a kind, whatever the jitter."""


def running(
    happenings: Sequence[Happening], durations: Sequence[float | None]
) -> Iterator[tuple[Scope, int, list[float | None]]]:
    """Every reminder of every script that has a step here, by its number in it, the outermost script's first.

    Each comes with its script, and the durations of the steps as it runs through them: None where a step is none of
    its script.
    """
    scopes = dict.fromkeys(scope for happening in happenings for scope in reversed([*happening.scope.chain()]))
    for scope in scopes:
        if scope.workout.reminder:
            own = [
                duration if scope in happening.scope.chain() else None
                for happening, duration in zip(happenings, durations, strict=True)
            ]
            for number in range(len(scope.workout.reminder)):
                yield scope, number, own


def spread(reminders: Sequence[Reminder]) -> list[float]:
    """By which share of its spacing each comes later, so that those of one rhythm do not all come at once."""
    rhythms = [(reminder.every, reminder.during) if reminder.first is None else None for reminder in reminders]
    alike = [rhythms.count(rhythm) for rhythm in rhythms]
    return [
        0.0 if rhythm is None else rhythms[:number].count(rhythm) / alike[number]
        for number, rhythm in enumerate(rhythms)
    ]


def apart(placed: Sequence[tuple[int, Cue]], others: Sequence[Segment], gap: float) -> Iterator[tuple[int, Cue]]:
    """The reminders that were placed, each at least ``gap`` seconds from those in the same segment of ``others``.

    One that is too near to another comes later, or where the segment ends before, earlier; where neither is possible it
    stays.
    """
    for index, cue in placed:
        taken = sorted(other.at for other in others[index].cues if other.role is Role.REMINDER)
        last = others[index].duration or cue.at
        later = earlier = cue.at
        for at in taken:
            later = at + gap if abs(at - later) < gap else later
        for at in reversed(taken):
            earlier = at - gap if abs(at - earlier) < gap else earlier
        moved = later if later < last else earlier if earlier >= 0 else cue.at
        yield index, cue if moved == cue.at else cue._replace(at=moved)


def place(
    reminder: Reminder,
    scope: Scope,
    happenings: Sequence[Happening],
    writers: Sequence[Writer],
    durations: Sequence[float | None],
    *,
    seed: str,
    finished: int,
    shift: float = 0.0,
) -> Iterator[tuple[int, Cue]]:
    """The reminder's cues, each with the index of the step it falls in; ``writers`` write their lines.

    Time runs only in the steps of ``during`` (all under a clock but rests where it names none). Each of the
    ``finished`` sessions before this one has made the spacing ``fade`` times wider, up to ``max_every``. ``shift`` is
    the share of the spacing by which all come later.
    """
    source = Random(seed)
    lines = scope.lines(reminder.cues)
    running = pools.endless(lines, reminder.order, source)
    every = reminder.every * reminder.fade**finished
    if reminder.max_every is not None:
        every = min(every, max(reminder.max_every, reminder.every))
    nominal = (every if reminder.first is None else reminder.first) + shift * every
    due = _jittered(nominal, reminder.jitter, source)
    passed = 0.0
    for index, (happening, duration) in enumerate(zip(happenings, durations, strict=True)):
        if duration is None or not _belongs(reminder, happening):
            continue
        while due < passed + duration:
            at = due - passed
            if (said := writers[index].next_cue(lines, running, at)) is not None:
                yield index, Cue(at, said, Role.REMINDER)
            nominal += every
            due = max(due + CLOSEST, _jittered(nominal, reminder.jitter, source))
        passed += duration


def _jittered(at: float, jitter: float, source: Random) -> float:
    return max(0.0, at + (2 * source.random() - 1) * jitter)


def _belongs(reminder: Reminder, happening: Happening) -> bool:
    step = happening.step
    if not isinstance(step, Timed) or happening.quiet:
        return False
    if reminder.during is None:
        return not isinstance(step, Rest)
    return step.kind in reminder.during or happening.name in reminder.during
