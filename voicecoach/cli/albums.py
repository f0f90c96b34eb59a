"""Sessions as folders for a device: which albums there are, and how each is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.sessions import Session

if TYPE_CHECKING:
    from voicecoach.devices.album import Wish
    from voicecoach.export.cuts import Split

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
        title = session.timeline.title if session.number is None else f"{session.timeline.title} {session.number:02}"
        alike = key(unique([title], "", wish.profile)[0])
        known = titles[alike] = titles.get(alike, 0) + 1
        yield session, replace(wish, name=session.name, title=title if known == 1 else f"{title} ({known})")
