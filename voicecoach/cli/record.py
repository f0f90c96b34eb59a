"""``voicecoach record``: lines of a script in the person's own voice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import script_argument
from voicecoach.errors import AudioFileError, AuthoringError, counted, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.authoring.own_voice import Folder
    from voicecoach.authoring.reading import Reading
    from voicecoach.pipeline import Today
    from voicecoach.script.model import Workout

_NO_SOUND = (".txt", ".toml", ".md", ".pdf")
"""Suffixes of what lies beside recordings and is none."""
_MOST_NAMED = 20


@click.command("record")
@script_argument
@click.option("--list", "listed", is_flag=True, help="Print the reading sheet, for recording elsewhere.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the reading sheet there.",
)
@click.option(
    "--from",
    "given",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Take in files recorded elsewhere, each named by its line.",
)
@click.option("--all", "everything", is_flag=True, help="Built-in lines, announcements and counted numbers too.")
@click.option("--again", is_flag=True, help="Lines that are recorded already too.")
@click.option(
    "--microphone", metavar="NAME", help='The microphone, or a part of its name ("voicecoach doctor" lists them).'
)
@click.option("--device", metavar="NAME", help="The device on which you hear what was recorded, or a part of its name.")
@click.option("--plain", is_flag=True, help="No level meter: a line an event.")
@click.pass_context
def command(
    context: click.Context,
    source: str,
    listed: bool,
    target: Path | None,
    given: Path | None,
    everything: bool,
    again: bool,
    microphone: str | None,
    device: str | None,
    plain: bool,
) -> None:
    """Record the lines of a script in your own voice.

    \b
    Keys:  Enter begins and ends a line, which also ends by itself after a second of quiet;
           then Enter keeps it, r records it again, p plays it, s leaves the line out, q ends.

    A line is trimmed, brought to the loudness of spoken ones and kept at once, in a folder beside the script, whose
    name goes into the script. It is heard wherever the session says just that; lines that are not recorded, or whose
    text was changed since, stay synthetic. A workout that ships is copied into your own scripts folder first.
    """
    from voicecoach import pipeline
    from voicecoach.authoring import reading_sheet
    from voicecoach.authoring.own_voice import Folder
    from voicecoach.script import source as sources

    if given is not None and (listed or target is not None):
        raise click.UsageError("--from does not go together with --list or --output")
    workout = pipeline.opened(source).workout()
    readings = readings_of(workout, pipeline.today(workout))
    wanted = [reading for reading in readings if everything or not reading.built_in]
    if not wanted:
        raise AuthoringError(f'{source}: it has no lines of its own to record ("--all" takes those that are built in)')
    if source == sources.STANDARD_INPUT and not (listed or target is not None):
        raise click.UsageError("a script from standard input can only be listed (--list)")
    found = None if source == sources.STANDARD_INPUT else sources.find(source)
    if listed or target is not None:
        recorded = Folder(found).lines if found is not None else frozenset()
        sheet = reading_sheet.sheet(workout.title, wanted, recorded, numbered=readings)
        _write(sheet, target)
        return
    assert found is not None
    if given is not None:
        context.exit(_take_in(given, source, found, readings, wanted, again=again))
    from voicecoach.cli.recording import record

    folder = Folder(_home(source, found))
    missing = [reading for reading in wanted if again or reading.line not in folder.lines]
    if missing:
        kept = record(missing, reading_sheet.names(readings), folder, microphone=microphone, device=device, plain=plain)
        output.note(f"{counted(kept, 'line')} recorded in {folder.path}" if kept else "nothing was recorded")
    _tell_missing(folder, wanted)


def readings_of(workout: Workout, due: Today) -> tuple[Reading, ...]:
    """The lines of a workout on a day."""
    from voicecoach.authoring.reading import readings
    from voicecoach.timeline import progression
    from voicecoach.timeline.compiler import compile as compile_workout

    bests = {each.key: each.start for each in progression.progressions(workout)} | dict(due.bests)
    return readings(
        workout,
        lambda seed, live, path: compile_workout(
            workout, seed=seed, targets=due.targets, bests=bests, finished=due.finished, path=path, live=live
        ),
    )


def _home(source: str, path: Path) -> Path:
    """The script that is written in; of a workout that ships, a copy in the person's own folder."""
    from voicecoach.cli.edit import own

    return own(source, path)


def _write(sheet: str, target: Path | None) -> None:
    if target is None:
        output.echo(sheet, nl=False)
        return
    from voicecoach.store.atomic import writing

    if target.exists():
        raise AuthoringError(f"{target}: is there already (take another name)")
    with writing(target) as file:
        file.write(sheet.encode())
    output.note(f"{target}")


def _take_in(
    given: Path, source: str, path: Path, readings: Sequence[Reading], wanted: Sequence[Reading], *, again: bool
) -> int:
    """Takes in what a folder holds and tells of each file; the exit code, 1 where one of them could not be taken."""
    from voicecoach import units
    from voicecoach.authoring import reading_sheet
    from voicecoach.authoring.own_voice import Folder
    from voicecoach.sound import recordings, take

    files = sorted(
        file
        for file in given.iterdir()
        if file.is_file() and not file.name.startswith(".") and file.suffix.lower() not in _NO_SOUND
    )
    found = reading_sheet.meant(files, readings)
    refused = list(found.others)
    called = reading_sheet.names(readings)
    folder: Folder | None = None
    taken: list[tuple[str, str, str]] = []
    for reading, file in sorted(found.lines.items()):
        try:
            recorded = take.of(recordings.short(file, units.SAMPLE_RATE).samples[:, 0], units.SAMPLE_RATE)
        except AudioFileError as error:
            refused.append((file, str(error).removeprefix(f"{file}: ")))
            continue
        if not recorded.clip.frames:
            refused.append((file, recorded.faults[0]))
            continue
        folder = folder or Folder(_home(source, path))
        if folder.path.resolve() == given.resolve():
            raise AuthoringError(f"{given}: is where the recordings of {source} are kept already")
        if reading.line in folder.lines and not again:
            output.note(f'{file.name}: line {reading.number} is recorded already ("--again" replaces it)')
            continue
        folder.put(reading.line, called[reading.line], recorded.clip)
        taken.append((file.name, str(reading.number), reading.line.text))
        output.notes(f"{file.name}: {fault}" for fault in recorded.faults)
    if taken:
        output.table(("file", "line", "says"), taken)
    for file, why in sorted(refused):
        output.tell(output.one_line(f"{file.name}: {why}; it is not taken in"))
    if not files:
        raise AuthoringError(f"{given}: holds no sound files")
    _tell_missing(folder or Folder(path), wanted)
    return 1 if refused else 0


def _tell_missing(folder: Folder, wanted: Sequence[Reading]) -> None:
    missing = [reading for reading in wanted if reading.line not in folder.lines]
    if not missing:
        output.note(f"all {counted(len(wanted), 'line')} are recorded" if len(wanted) > 1 else "its line is recorded")
        return
    numbers = ", ".join(str(reading.number) for reading in missing[:_MOST_NAMED])
    more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
    said = f" ({shown(missing[0].line.text)})" if len(missing) == 1 else f": {numbers}{more}"
    output.note(f"{counted(len(missing), 'line')} {'is' if len(missing) == 1 else 'are'} still synthetic{said}")
