"""Sessions as folders for a device: which albums there are, and how each is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.arguments import Command
from voicecoach.cli.sessions import Session, made_of

if TYPE_CHECKING:
    from voicecoach.devices.album import Wish
    from voicecoach.devices.manifest import Files
    from voicecoach.devices.profile import Profile
    from voicecoach.export.batch import Besides, Job
    from voicecoach.export.cuts import Split
    from voicecoach.timeline.model import VoiceWish

GENERIC = "generic"
"""The device of who names none."""


def split(text: str) -> Split:
    """How a session is cut, as it is written on the command line."""
    from voicecoach.export.cuts import split

    return split(text)


def limit(text: str) -> int:
    """Bytes, as they are written on the command line."""
    from voicecoach.config.written import size  # brings pydantic, which most exports do without

    try:
        return size(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def album_options(command: Command) -> Command:
    """``--split``, ``--spoken-position`` and ``--size-limit``."""
    for option in (
        click.option(
            "--size-limit",
            type=limit,
            metavar="SIZE",
            help="Make each session no larger than this, as 20MB, at the best that fits.",
        ),
        click.option(
            "--spoken-position", is_flag=True, help='Let the voice begin each track with its number: "Three of eight."'
        ),
        click.option(
            "--split",
            "cut",
            type=split,
            metavar="HOW",
            help="Cut it into tracks, for the next button: by step, by block, after about so many minutes (10min), "
            "or none.",
        ),
    ):
        command = option(command)
    return command


def fit_option(command: Command) -> Command:
    """``--fit``."""
    return click.option(
        "--fit",
        "with_fit",
        is_flag=True,
        help="Also make a workout (NAME.fit) for Garmin watches, which show the steps as they are spoken.",
    )(command)


def beside(with_fit: bool) -> tuple[Besides, ...]:
    """What makes the files that go with the audio. Raises ExportError where it is not installed."""
    if not with_fit:
        return ()
    from voicecoach.devices import fit

    fit.check()
    return (fit.beside,)


def job(session: Session, wish: Wish, top: Path, voice: VoiceWish, beside: tuple[Besides, ...]) -> Job:
    """How the album of a session is made in the folder ``top``."""
    from voicecoach.export.batch import Job

    return Job(
        timeline=session.titled, path=top, voice=voice, rate=wish.profile.sample_rate, beside=beside, writes=wish
    )


def place(where: str | None, device: str) -> Path:
    """The folder of a device's files: the one that is named, or one of the device's name here.

    Raises UsageError where it is a file.
    """
    path = Path(where if where is not None else device)
    if path.is_file():
        raise click.UsageError(f"{path} is a file, and files for a device go into a folder: name one (-o DIRECTORY)")
    return path


def albums(sessions: Iterable[Session], wish: Wish, noted: Mapping[str, Files]) -> Iterator[tuple[Session, Wish]]:
    """How each session goes onto a device, wished as ``wish`` says: its name and title are its own.

    ``noted`` are the albums that are there. One of them is called as it was, as long as its title gives that; what is
    new takes the next title that none of the others has.
    Raises UsageError where two would be kept under one name.
    """
    from dataclasses import replace

    wanted: dict[str, Session] = {}
    for session in sessions:
        if (other := wanted.setdefault(session.name, session)) is not session:
            raise click.UsageError(f"{other.source} and {session.source} would both become {session.name}")
    titles = _titles({name: session.title for name, session in wanted.items()}, noted, wish.profile)
    for name, session in wanted.items():
        yield session, replace(wish, name=name, title=titles[name], script=made_of(session.source))


def _titles(wanted: Mapping[str, str], noted: Mapping[str, Files], profile: Profile) -> dict[str, str]:
    """A title for each name, none of them as another's once it is a name of files."""
    from voicecoach.devices.names import is_named, key, unique

    inside = f"{profile.folder}/" if profile.folder else ""
    there = {
        name: [path.removeprefix(inside) for path in files if path.startswith(inside)] for name, files in noted.items()
    }
    numbers = range(2, len(wanted) + len(noted) + 2)

    def names(title: str, name: str) -> bool:
        return any(is_named(path, title, profile) for path in there.get(name, ()))

    found: dict[str, str] = {}
    for name, title in wanted.items():
        known = (title, *(form for number in numbers for form in (f"{title} ({number})", f"{title}-{number}")))
        if (same := next((form for form in known if names(form, name)), None)) is not None:
            found[name] = same
    used = {key(unique([title], "", profile)[0]) for title in found.values()}
    for name, title in wanted.items():
        if name in found:
            continue
        for form in (title, *(f"{title} ({number})" for number in numbers)):
            alike = key(unique([form], "", profile)[0])
            if alike not in used and not any(names(form, other) for other in there if other != name):
                break
        else:  # too long for a number behind it: the album finds a name
            form = title
        found[name] = form
        used.add(alike)
    return found
