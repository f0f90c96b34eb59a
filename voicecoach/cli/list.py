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
    with the name of one that ships takes its place. Lengths are estimated. What was done counts sessions that were
    finished, and stands here once there are any.
    """
    done = asked("list", today, lambda history: history.done(today), no_history=no_history)
    headings = ("name", "title", "length", "from")
    output.table((*headings, "last done", "times") if done else headings, _rows(done))


def _rows(done: Mapping[str, tuple[int, date]] | None) -> Iterator[tuple[str, ...]]:
    from voicecoach import script
    from voicecoach.script import source

    own = folders.own_scripts()
    for name, path in script.names():
        title, length = _described(path)
        row = name, title, length, "yours" if path.parent == own else "voicecoach"
        if not done:
            yield row
        else:
            times, last = done.get(source.known_as(path), (0, None))
            yield *row, "" if last is None else str(last), str(times or "")


def _described(path: Path) -> tuple[str, str]:
    """Title and length; of a script that is wrong or whose recordings cannot be read, where to read what is."""
    from voicecoach import pipeline, units
    from voicecoach.errors import AudioFileError, ScriptError, counted

    try:
        timeline = pipeline.compiled(path)
        length = pipeline.arrange_estimated(timeline).frames
    except (ScriptError, AudioFileError) as error:
        count = len(error.problems) if isinstance(error, ScriptError) else 1
        return f'({counted(count, "mistake")}: "voicecoach check {path}" shows them)', ""
    return timeline.title, units.format_clock(length / units.SAMPLE_RATE)
