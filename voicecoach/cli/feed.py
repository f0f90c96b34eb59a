"""``voicecoach feed``: a podcast feed of the audio files in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import failures, output
from voicecoach.errors import AudioFileError, ExportError, counted

if TYPE_CHECKING:
    from voicecoach.export.feed import Episode


def checked_address(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The address of a folder on the web, if it is one."""
    if value is None:
        return None
    from voicecoach.export import feed

    try:
        return feed.base(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command("feed")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--base-url",
    "address",
    required=True,
    metavar="URL",
    callback=checked_address,
    help="Where the folder is reached on the web, as https://example.org/workouts.",
)
@click.option(
    "-o",
    "--output",
    "where",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file to write, best in the folder itself; standard output if left out.",
)
@click.option("--title", metavar="TEXT", help="What the podcast is called; as the folder, if left out.")
@click.option(
    "--chapters",
    is_flag=True,
    help="Write chapters beside each file that has some; old ones are renewed.",
)
@click.pass_context
def command(
    context: click.Context, folder: Path, address: str, where: Path | None, title: str | None, chapters: bool
) -> None:
    """Write a podcast feed of the audio files in FOLDER, for players that fetch podcasts.

    The folder is put on the web by you, as it is. Titles are those of the tags; an episode keeps its identity as long
    as its content stays the same. It is dated by its tag, or by when its file was last changed, but not later than
    SOURCE_DATE_EPOCH in the environment.
    """
    from voicecoach.export import feed
    from voicecoach.store.atomic import writing

    if where is not None and where.suffix.lower() in feed.TYPES:
        raise click.UsageError(f"-o {where} is the name of an audio file; a feed is called feed.xml")
    code: list[int] = []
    episodes = list(_episodes(folder, chapters, code))
    below = sorted({path.parent for path in folder.rglob("*.*") if path.parent != folder and feed.is_audio(path)})
    if not episodes:
        inner = f"; there are some in {below[0]}: name that folder" if below else "; export one into it first"
        raise ExportError(f"{folder}: holds no audio file ({', '.join(feed.TYPES)}){inner}")
    output.notes(f"{inner}: what is in it is left out; name that folder for a feed of its own" for inner in below)
    names = {path.name.lower(): path.name for path in sorted(folder.iterdir(), reverse=True)}
    written = feed.feed(
        episodes,
        address,
        title or folder.resolve().name or "Workouts",
        own_name=where.name if where is not None and where.resolve().parent == folder.resolve() else "",
        cover=next((names[cover] for cover in feed.COVERS if cover in names), ""),
    )
    if where is None:
        click.echo(written, nl=False)
    else:
        with writing(where) as file:
            file.write(written)
        output.report(f"{where}  {counted(len(episodes), 'episode')}")
    context.exit(max(code, default=0))


def _episodes(folder: Path, chapters: bool, code: list[int]) -> Iterator[Episode]:
    """What can be read; of the rest is told, and the exit code it gives is added."""
    from dataclasses import replace

    from voicecoach.export import captions, feed
    from voicecoach.store.atomic import writing

    latest = feed.epoch(os.environ.get("SOURCE_DATE_EPOCH", ""))
    for path in feed.files(folder):
        try:
            one = feed.episode(path, latest)
        except AudioFileError as error:
            output.tell(f"{failures.described(error)}; it is left out")
            code.append(error.exit_code)
            continue
        name = feed.chapters_name(one)
        if chapters and one.chapters and _are_to_be_written(folder / name, one):
            with writing(folder / name) as file:
                file.write(captions.chapters_json(one.chapters, one.title).encode("utf-8"))
            one = replace(one, beside=tuple(dict.fromkeys((name, *one.beside))))
        yield one


def _are_to_be_written(path: Path, one: Episode) -> bool:
    """Whether the chapters beside an episode are missing, or old and written here; of others that differ is told."""
    from voicecoach.export import captions, feed

    if path.name not in one.beside:
        return True
    try:
        there = captions.written_chapters(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        there = None
    if there is None:
        output.note(output.one_line(f"{path}: was written by somebody else, and stays"))
        return False
    if feed.same_chapters(one, there):
        return False
    output.note(output.one_line(f"{path}: renewed, because {one.name} has other chapters now"))
    return True
