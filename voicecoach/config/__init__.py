"""The person's own configuration: ``config.toml`` in their configuration folder, which need not exist.

::

    cache_limit = "500MB"   # what is kept may take on disk; "0MB" keeps nothing
    device = "headphones"   # what to play on, or a part of its name

    [voice]                 # goes before the wishes of a script
    engine = "espeak"
    name = "en-gb"
    rate = 0.9

    [pronounce]             # in every script; goes before what a script says
    Pilates = "pih-lah-teez"

    [devices.garmin]        # what differs on your watch; see voicecoach.devices
    split = "step"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voicecoach.errors import ConfigError
from voicecoach.store import folders
from voicecoach.store.cache import DEFAULT_LIMIT
from voicecoach.timeline.model import Pronunciation, VoiceWish

DEVICES = "devices"
"""The table of what a person says of devices, and the folder beside the configuration for files of it."""
_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a person has set; ``cache_limit`` is in bytes, ``device`` None is the system's default.

    ``devices`` are tables as they are written: what is right in them is known where devices are.
    """

    voice: VoiceWish = field(default_factory=VoiceWish)
    cache_limit: int = DEFAULT_LIMIT
    device: str | None = None
    pronounce: tuple[Pronunciation, ...] = ()
    devices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def path() -> Path:
    """Where the configuration is, whether it exists or not."""
    return folders.config() / "config.toml"


def place_of_voice() -> tuple[int, int, str]:
    """Line, column and key of the voice that the configuration names, or of the engine where it names none."""
    from voicecoach.script import positions
    from voicecoach.script.problems import key_path, line_and_column

    text = path().read_text(encoding="utf-8-sig")
    root = positions.read(text)
    found = max((root.written(("voice", key)) for key in ("name", "engine")), key=len)  # the first of two as long
    return *line_and_column(text, root.find(found)), key_path(found)


def load() -> Config:
    """The person's configuration; the defaults where there is none.

    Raises ConfigError with every mistake of the file, each with its line and key.
    """
    text = read()
    if text is None:
        return Config()
    from voicecoach.config.written import check  # brings the models, and few have a configuration

    return check(str(path()), text)


def read(file: Path | None = None) -> str | None:
    """The text of the configuration, or of another file of it; None where there is none. Raises ConfigError."""
    file = file or path()
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(content) > _LARGEST_FILE:
        raise ConfigError(f"{file}: is far too large for a configuration")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: is no text in UTF-8 (byte {error.start})") from None
