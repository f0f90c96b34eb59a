"""The person's own configuration: ``config.toml`` in their configuration folder, which need not exist.

::

    cache_limit = "500MB"   # what spoken lines and encoded sound may take on disk; "0MB" keeps nothing
    device = "headphones"   # what to play on, or a part of its name

    [voice]                 # goes before the wishes of a script
    engine = "espeak"
    name = "en-gb"
    rate = 0.9
"""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationError

from voicecoach import folders
from voicecoach.cache import DEFAULT_LIMIT
from voicecoach.errors import ConfigError, Problem
from voicecoach.script.document import Document
from voicecoach.values import Name, near, shown, wrong
from voicecoach.workout import Model, VoiceWish

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kMG])B", re.ASCII)
_BYTES = {"k": 10**3, "M": 10**6, "G": 10**9}
_LARGEST_FILE = 1_000_000


def _size(value: object) -> int:
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise wrong(f'{shown(value)} is not a size (write "500MB" or "2GB")')
    return round(float(found.group(1)) * _BYTES[found.group(2)])


class Config(Model):
    """What a person has set; ``cache_limit`` is in bytes, ``device`` None is the system's default."""

    voice: VoiceWish = VoiceWish()
    cache_limit: Annotated[int, PlainValidator(_size)] = DEFAULT_LIMIT
    device: Name | None = None


def path() -> Path:
    """Where the configuration is, whether it exists or not."""
    return folders.config() / "config.toml"


def load() -> Config:
    """The person's configuration; the defaults where there is none.

    Raises ConfigError with every mistake of the file, each with its line and key.
    """
    file = path()
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(content) > _LARGEST_FILE:
        raise ConfigError(f"{file}: is far too large for a configuration")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: is no text in UTF-8 (byte {error.start})") from None
    return _read(str(file), text)


def _read(file: str, text: str) -> Config:
    document = Document(text)
    found = [(offset, "", message) for offset, message in document.faults]
    if document.data is not None and not found:
        try:
            return Config.model_validate(document.data)
        except ValidationError as error:
            found = [_finding(document, details) for details in error.errors(include_url=False)]
    raise ConfigError("\n".join(str(_problem(file, text, *each)) for each in sorted(found)))


def _finding(document: Document, details: Any) -> tuple[int, str, str]:
    """Offset, key path and message of what pydantic found."""
    from voicecoach.script import messages

    where = details["loc"]
    if details["type"] == "extra_forbidden":
        known = VoiceWish.model_fields if where[0] == "voice" else Config.model_fields
        message = f'unknown key "{where[-1]}"{near(str(where[-1]), list(known))}'
    else:
        message = messages.message(details["type"], where, details["input"], details.get("ctx", {})) or details["msg"]
    return document.offset(where), ".".join(map(str, where)), message


def _problem(file: str, text: str, offset: int, key: str, message: str) -> Problem:
    line = text.count("\n", 0, offset) + 1
    return Problem(file, line, offset - text.rfind("\n", 0, offset), key, message)
