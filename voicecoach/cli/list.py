"""``voicecoach list``: the workouts there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import complete_script
from voicecoach.cli.remembered import asked, history_options
from voicecoach.store import folders

if TYPE_CHECKING:
    from voicecoach.store.history import History, PlanDay


@click.command("list")
@click.argument("plan", required=False, shell_complete=complete_script)
@history_options
def command(plan: str | None, today: date | None, no_history: bool) -> None:
    """Show the workouts that ship and your own: name, title, length, and when they were last done and how often.

    Your own are the .toml files of your scripts folder ("voicecoach doctor" shows where it is). A workout of yours
    with the name of one that ships takes its place. Lengths are estimated; of a plan they are its sessions. What was
    done counts sessions that were finished, and stands here once there are any.

    Of a PLAN its days: what is done on each, when it last was and how often, and which comes next.
    """
    if plan is not None:
        output.table(("day", "what", "last done", "times", "next"), _days(plan, today, no_history=no_history))
        return
    done = asked("list", today, lambda history: (history.done(today), history.plans(today)), no_history=no_history)
    headings = ("name", "title", "length", "from")
    scripts, plans = done or ({}, {})
    output.table((*headings, "last done", "times") if scripts else headings, _rows(scripts, plans))


def _rows(scripts: Mapping[str, tuple[int, date]], plans: Mapping[str, tuple[int, date]]) -> Iterator[tuple[str, ...]]:
    from voicecoach import script
    from voicecoach.script import source

    own = folders.own_scripts()
    for name, path in script.names():
        title, length, is_plan = _described(path)
        row = name, title, length, "yours" if path.parent == own else "voicecoach"
        if not scripts:
            yield row
        else:
            times, last = (plans if is_plan else scripts).get(source.known_as(path), (0, None))
            yield *row, "" if last is None else str(last), str(times or "")


def _days(source: str, today: date | None, *, no_history: bool) -> Iterator[tuple[str, ...]]:
    from voicecoach import pipeline
    from voicecoach.review.schedule import schedule

    days = pipeline.opened(source).outline().days
    if not days:
        raise click.UsageError(output.one_line(f"{source} is a script, and no plan"))
    of = days[0].plan

    def had(history: History) -> tuple[Mapping[PlanDay, tuple[int, date]], tuple[PlanDay, bool] | None]:
        return history.days_done(of, today), history.last_day(of, today)

    done, last = asked(source, today, had, no_history=no_history) or ({}, None)
    for row in schedule(days, done, last):
        when = "" if row.last is None else str(row.last)
        yield row.day.written, row.day.use, when, str(row.times or ""), "next" if row.next else ""


def _described(path: Path) -> tuple[str, str, bool]:
    """Title and length, and whether it is a plan, which has sessions.

    Of a script that is wrong or whose recordings cannot be read, where to read what is.
    """
    from voicecoach import pipeline, units
    from voicecoach.errors import AudioFileError, ScriptError, counted

    try:
        script = pipeline.opened(path)
        if days := script.outline().days:
            return days[0].title, counted(len(days), "session"), True
        timeline = pipeline.compiled(script)
        length = pipeline.arrange_estimated(timeline).frames
    except (ScriptError, AudioFileError) as error:
        count = len(error.problems) if isinstance(error, ScriptError) else 1
        return f'({counted(count, "mistake")}: "voicecoach check {path}" shows them)', "", False
    return timeline.title, units.format_clock(length / units.SAMPLE_RATE), False
