"""The configuration as it is written: checked as scripts are."""

import re
from typing import Annotated, Any

from pydantic import Field, PlainValidator, ValidationError

from voicecoach.config import Config
from voicecoach.errors import ConfigError, near, shown
from voicecoach.script.document import Document
from voicecoach.script.model import Model, Voice
from voicecoach.script.problems import Finding, placed
from voicecoach.script.values import Name, Pronounce, wrong
from voicecoach.store.cache import DEFAULT_LIMIT
from voicecoach.timeline.model import Pronunciation, VoiceWish

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kmg])b?", re.ASCII | re.IGNORECASE)
_BYTES = {"k": 10**3, "m": 10**6, "g": 10**9}


def size(value: object) -> int:
    """Bytes of a size such as ``500MB``."""
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise wrong(f'{shown(value)} is not a size (write "500MB" or "2GB")')
    return round(float(found.group(1)) * _BYTES[found.group(2).lower()])


class _Written(Model):
    voice: Voice = Voice()
    cache_limit: Annotated[int, PlainValidator(size)] = DEFAULT_LIMIT
    device: Name | None = None
    pronounce: Pronounce = Field(default_factory=dict)
    devices: dict[Name, dict[str, Any]] = Field(default_factory=dict)


def check(file: str, text: str) -> Config:
    """What the text of a file sets. Raises ConfigError with every mistake, each with its line and key."""
    document = Document(text)
    findings: list[Finding] = []
    if document.data is not None and not document.faults:
        try:
            written = _Written.model_validate(document.data)
        except ValidationError as error:
            findings = [_finding(details) for details in error.errors(include_url=False)]
        else:
            return Config(
                voice=VoiceWish(**dict(written.voice)),
                cache_limit=written.cache_limit,
                device=written.device,
                pronounce=tuple(Pronunciation(word, said) for word, said in written.pronounce.items()),
                devices=written.devices,
            )
    raise ConfigError("\n".join(map(str, placed(document, file, findings))))


def _finding(details: Any) -> Finding:
    """What pydantic found."""
    from voicecoach.script import messages

    where = tuple(part for part in details["loc"] if part != "[key]")
    if details["type"] == "extra_forbidden":
        known = Voice.model_fields if where[0] == "voice" else _Written.model_fields
        return where, f'unknown key "{where[-1]}"{near(str(where[-1]), known)}'
    return where, messages.message(details["type"], where, details["input"], details.get("ctx", {})) or details["msg"]
