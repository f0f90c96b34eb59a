"""``voicecoach list``: the workouts there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import click

from voicecoach.cli import output
from voicecoach.cli.remembered import asked, history_options
from voicecoach.store import folders


@click.command("list")
@history_options
def command(today: date | None, no_history: bool) -> None:
    """Show the workouts that ship and your own: name, title, length, and when they were last done and how often.

    Your own are the .toml files of your scripts folder ("voicecoach doctor" shows where it is). A workout of yours
    with the name of one that ships takes its place. Lengths are estimated; of a plan they are its sessions. What was
    done counts sessions that were finished, and stands here once there are any.
    """
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
