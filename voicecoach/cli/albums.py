"""Sessions as folders for a device: which albums there are, and how each is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.arguments import Command
from voicecoach.cli.sessions import Session

if TYPE_CHECKING:
    from voicecoach.devices.album import Wish
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
    """The folder of a device's files: the one that is named, or one of the device's name here."""
    return Path(where if where is not None else device)


def albums(sessions: Iterable[Session], wish: Wish) -> Iterator[tuple[Session, Wish]]:
    """How each session goes onto a device, wished as ``wish`` says: its name and title are its own.

    Raises UsageError where two would be kept under one name.
    """
    from dataclasses import replace

    from voicecoach.devices.names import key, unique

    kept: dict[str, str] = {}
    titles: dict[str, int] = {}
    for session in sessions:
        if session.name in kept:
            raise click.UsageError(f"{kept[session.name]} and {session.source} would both become {session.name}")
        kept[session.name] = session.source
        title = session.title
        alike = key(unique([title], "", wish.profile)[0])
        known = titles[alike] = titles.get(alike, 0) + 1
        yield session, replace(wish, name=session.name, title=title if known == 1 else f"{title} ({known})")
