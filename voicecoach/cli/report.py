"""What goes along with the report of a fault: versions, the doctor's findings, the configuration; nothing personal."""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

from voicecoach import config, units
from voicecoach.config import Config
from voicecoach.export import lame

_ENVIRONMENT = ("LANG", "LC_ALL", "TERM", "NO_COLOR", "VOICECOACH_HOME")
"""What of it changes how voicecoach behaves."""
_DEVELOPMENT = re.compile(r"extra == ['\"](?:dev|test)['\"]")


def report(findings: Iterable[Sequence[str]], settings: Config) -> str:
    """The whole text; ``findings`` are rows of area, state, what, and remedy."""
    parts = {
        "system": _system(),
        "packages": _packages(),
        "findings": (" | ".join(row).rstrip(" |") for row in findings),
        f"configuration ({config.path()})": _configuration(settings),
    }
    return "\n".join(_anonymous(line) for title, lines in parts.items() for line in (f"## {title}", *lines, ""))


def _system() -> Iterator[str]:
    yield f"voicecoach {metadata.version('voicecoach')}"
    yield f"Python {platform.python_version()} ({platform.python_implementation()}, {sys.executable})"
    yield platform.platform()
    found = lame.library()
    yield f"MP3 by {'FFmpeg' if found is None else found.version}"
    for name in _ENVIRONMENT:
        if name in os.environ:
            yield f"{name}={os.environ[name]}"


def _packages() -> Iterator[str]:
    """Those that voicecoach stands on, and those that it can make use of."""
    for requirement in metadata.requires("voicecoach") or ():
        name = re.match(r"[\w.-]+", requirement)
        if name is not None and not _DEVELOPMENT.search(requirement):
            try:
                yield f"{name[0]} {metadata.version(name[0])}"
            except metadata.PackageNotFoundError:
                yield f"{name[0]}: not installed"


def _configuration(settings: Config) -> Iterator[str]:
    """As it is understood. What a device is called may be the name of who owns it."""
    yield f"cache_limit: {units.format_size(settings.cache_limit)}"
    yield f"device: {'the default one' if settings.device is None else 'one is named'}"
    wishes = [f"{name} {value}" for name, value in asdict(settings.voice).items() if value is not None]
    yield f"voice: {', '.join(wishes) or 'as it comes'}"


def _anonymous(text: str) -> str:
    """Without the home folder, and without the name of who is logged in in any other path."""
    for home in {str(Path.home()), os.path.realpath(Path.home())} - {os.sep}:
        text = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # there is no such name
        return text
    return re.sub(rf"(?<=[/\\]){re.escape(user)}(?![\w.])", "USER", text)
