"""``voicecoach list``: the workouts there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from voicecoach.cli import output
from voicecoach.store import folders


@click.command("list")
def command() -> None:
    """Show the workouts that ship and your own: name, title, length.

    Your own are the .toml files of your scripts folder ("voicecoach doctor" shows where it is). A workout of yours
    with the name of one that ships takes its place. Lengths are estimated.
    """
    output.table(("name", "title", "length", "from"), _rows())


def _rows() -> Iterator[tuple[str, str, str, str]]:
    from voicecoach import script

    own = folders.own_scripts()
    for name, path in script.names():
        title, length = _described(path)
        yield name, title, length, "yours" if path.parent == own else "voicecoach"


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
