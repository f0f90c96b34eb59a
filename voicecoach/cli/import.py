"""``voicecoach import``: a workout of another program as a script."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import checked_language
from voicecoach.errors import counted, shown

if TYPE_CHECKING:
    from voicecoach.authoring.imports.formats import Imported

_FORMATS = ("zwo", "mrc", "garmin", "w2a", "intervals", "phrases", "fit")
_MOST_TOLD = 50


def _pace(context: click.Context, option: click.Parameter, value: str | None) -> float | None:
    """Seconds for a kilometre, of minutes and seconds."""
    from voicecoach.authoring.imports import numbers

    if value is None:
        return None
    seconds = numbers.seconds(value.removesuffix("/km").strip()) if ":" in value else None
    if seconds is None or not 60 <= seconds <= 3600:
        raise click.BadParameter(f'{shown(value)} is no pace (write the minutes and seconds of a kilometre, as "5:30")')
    return seconds


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("-o", "--output", "written", metavar="SCRIPT", help="Write it to this file, which must not be there yet.")
@click.option(
    "--format", "format_", type=click.Choice(_FORMATS), help="What FILE is; told by what is in it if left out."
)
@click.option(
    "--language",
    metavar="TAG",
    callback=checked_language,
    help='The language of its texts, in which segments are named, as "de"; English if left out.',
)
@click.option(
    "--pace", metavar="M:SS", callback=_pace, help="Time for a kilometre, where lengths are metres without a pace."
)
def command(file: str, written: str | None, format_: str | None, language: str | None, pace: float | None) -> None:
    """Make a script of another program's workout.

    FILE is a Zwift workout (.zwo), a course (.mrc, .erg), a FIT workout, Garmin Connect's JSON, the text of
    intervals.icu, w2a's YAML, or a list of "phrase; seconds"; "-" is standard input. The script goes to standard
    output, or with -o into a file, and the schema for editors beside it.

    What is not as it stands in FILE is told, with its line, on standard error, and is a comment in the script.
    """
    from voicecoach.authoring import place
    from voicecoach.authoring.imports import formats
    from voicecoach.authoring.imports.plan import Wishes

    path = place.of(written) if written is not None else None
    content = _content(file, formats.LARGEST)
    name = "standard input" if file == "-" else file
    title = place.title_of(path or Path("Workout" if file == "-" else Path(file).with_suffix("").name))
    wishes = Wishes(pace=pace, language=language or "en")
    made = formats.imported(content, name, title, known=format_, wishes=wishes)
    if path is None:
        output.echo(made.script, nl=False)
    else:
        place.checked(made.script, path)
        place.write(path, made.script)
        output.echo(str(path))
    _tell(made, name)
    if path is not None:
        called = output.call(str(path))
        output.note(f'next: "voicecoach check {called}" or "voicecoach play {called}"')


def _content(file: str, most: int) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(most + 1)
        with Path(file).open("rb") as opened:
            return opened.read(most + 1)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise click.UsageError(output.one_line(f"{file}: cannot be read ({why})")) from error


def _tell(made: Imported, name: str) -> None:
    for note in made.notes[:_MOST_TOLD]:
        place = f"{name}:{note.line}" if note.line else name
        output.note(output.one_line(f"{place}: {note.what}"))
    if made.notes:
        more = f", of which {_MOST_TOLD} are told here" if len(made.notes) > _MOST_TOLD else ""
        count = counted(len(made.notes), "thing")
        output.note(f"{count} not as in the file{more}; each is a comment in the script")
