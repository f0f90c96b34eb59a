"""Plans on the command line: which day of one is meant, and what there is to say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import Command
from voicecoach.cli.remembered import asked
from voicecoach.errors import PlanOverError, counted
from voicecoach.script import plan
from voicecoach.script.plan import Day

if TYPE_CHECKING:
    from voicecoach.timeline.kept import Opened


def day_option(command: Command) -> Command:
    """``--day``."""
    return click.option(
        "--day",
        "which_day",
        metavar="DAY",
        help='The day of a plan, as 3.2 or "week 3, day 2"; the one that comes now if left out.',
    )(command)


def all_option(command: Command) -> Command:
    """``--all``."""
    return click.option(
        "--all", "all_days", is_flag=True, help="Every session of a plan, in order, each by itself: NAME-01, NAME-02 …"
    )(command)


def opened(source: str, which: str | None, today: date | None, *, no_history: bool) -> Opened:
    """A script; of a plan what is done on the day that is asked for, or that comes now, which a line tells.

    Raises PlanOverError where none comes any more, and UsageError where there is no such day.
    """
    from voicecoach import pipeline

    script = pipeline.opened(source)
    days = script.outline().days
    if not days:
        if which is not None:
            raise click.UsageError(output.one_line(f"--day is for a plan, and {source} is a script"))
        return script
    chosen = due(source, days, today, no_history=no_history) if which is None else meant(days, which)
    tell(source, chosen)
    return script.of(chosen)


def session_of(
    source: str, which: str | None, number: int | None, today: date | None, *, no_history: bool
) -> tuple[Opened, int | None]:
    """The same where a session may be asked for by its number: of a plan that is one of its sessions.

    Gives the number of the session of the script, which is None where it is the one that is due.
    """
    from voicecoach import pipeline

    if number is None:
        return opened(source, which, today, no_history=no_history), None
    script = pipeline.opened(source)
    days = script.outline().days
    if which is not None:
        raise click.UsageError("--day and --session exclude each other")
    if not days:
        return script, number
    chosen = numbered(days, range(number, number + 1))[0]
    tell(source, chosen)
    return script.of(chosen), chosen.before + 1


def numbered(days: Sequence[Day], numbers: range) -> Sequence[Day]:
    """The days of a plan whose sessions have some numbers. Raises UsageError where there are not so many."""
    if numbers[-1] > len(days):
        raise click.UsageError(f"the plan has {counted(len(days), 'session')}: there is no number {numbers[-1]}")
    return days[numbers[0] - 1 : numbers[-1]]


def due(source: str, days: Sequence[Day], today: date | None, *, no_history: bool) -> Day:
    """The day of a plan that comes now. Raises PlanOverError where it is over."""
    last = asked(source, today, lambda history: history.last_day(days[0].plan, today), no_history=no_history)
    day = plan.following(days, last)
    if day is None:
        raise PlanOverError(
            output.one_line(
                f"{source}: the plan is over, its last day is done; begin it again with --day {days[0].written}"
            )
        )
    return day


def meant(days: Sequence[Day], which: str) -> Day:
    """The day that is asked for. Raises BadParameter."""
    try:
        return plan.meant(days, which)
    except ValueError as error:
        raise click.BadParameter(output.one_line(str(error)), param_hint="--day") from None


def tell(source: str, day: Day) -> None:
    """Says which session of a plan it is."""
    output.note(output.one_line(f"{source}: {day.named}, session {day.number} of {day.sessions} ({day.use})"))
