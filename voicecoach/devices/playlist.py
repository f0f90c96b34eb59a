"""Playlists in the dialect of a device, and what one that is there already says. Pure.

A path is that of a file from the folder for audio on, with ``/`` between its parts: ``Bridge/01 Lift.mp3``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from voicecoach.devices.names import legible

if TYPE_CHECKING:
    from voicecoach.devices.profile import Profile

SUFFIX = ".m3u8"
SUFFIXES = (".m3u", ".m3u8")
"""Of what is taken for a playlist."""

_ON_GARMIN = "0:/"
_DRIVE = re.compile(r"[A-Za-z0-9]+:[\\/]|file:|\w+://|[\\/]", re.ASCII)


class Entry(NamedTuple):
    """A track: its path, what it is called, and how long it lasts."""

    path: str
    title: str
    seconds: float


def text(entries: Sequence[Entry], profile: Profile, within: str = "") -> str:
    """A playlist that stands in the folder ``within``, with the line ends that belong to it; to be written as UTF-8.

    Empty where the device knows no playlists.
    """
    if profile.playlist == "none":
        return ""
    if profile.playlist == "garmin":
        return "".join(f"{_on_garmin(entry.path, profile)}\r\n" for entry in entries)
    lines = ["#EXTM3U"]
    for entry in entries:
        title = legible(entry.title, profile.tag_characters)
        lines += [f"#EXTINF:{round(entry.seconds)},{title}", _relative(entry.path, within)]
    return "\n".join(lines) + "\n"


def read(text: str) -> tuple[str, ...]:
    """What the lines of a playlist name, as it stands there."""
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def is_absolute(line: str) -> bool:
    """Whether a line names a place on a computer: one that begins with a drive, a root or an address."""
    return _DRIVE.match(line) is not None


def is_garmin(line: str, profile: Profile) -> bool:
    """Whether a line is of Garmin's dialect."""
    return line.startswith(_on_garmin("", profile)) and line == line.upper()


def path_of(line: str, profile: Profile, within: str = "") -> str | None:
    """The path that a line means in a playlist in the folder ``within``; None outside of the folder for audio."""
    start = _on_garmin("", profile)
    if line.upper().startswith(start):
        return line[len(start) :]
    if is_absolute(line):
        return None
    parts: list[str] = []
    for part in (*PurePosixPath(within).parts, *line.replace("\\", "/").split("/")):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _on_garmin(path: str, profile: Profile) -> str:
    folder = f"{profile.folder}/" if profile.folder else ""
    return f"{_ON_GARMIN}{folder}{path}".upper()


def _relative(path: str, within: str) -> str:
    here, there = PurePosixPath(within).parts, PurePosixPath(path).parts
    same = 0
    while same < min(len(here), len(there) - 1) and here[same] == there[same]:
        same += 1
    return "/".join([".."] * (len(here) - same) + list(there[same:]))
