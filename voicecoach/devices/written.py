"""Profiles as they are written: those that ship, and what a person's own files and configuration lay over them.

::

    [bit_depth]                         # a fact: what is so, how sure that is, and who says it
    is = 16
    sure = "reported"
    source = "…"

In a person's own files a fact may be the value alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach import config
from voicecoach.errors import ConfigError, meant, shown
from voicecoach.script import messages
from voicecoach.script.document import Document
from voicecoach.script.problems import Finding, placed

if TYPE_CHECKING:
    from pydantic import ValidationError

PLAIN = ("title", "models", "notes", "unknown")
"""Keys that are no facts."""
_FOLDER = Path(__file__).parent / "profiles"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


@dataclass(frozen=True, slots=True)
class Layer:
    """What one file says of a device; ``table`` leads to it within the file."""

    file: Path
    document: Document
    table: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def error(self, error: ValidationError, known: Mapping[str, Any]) -> ConfigError:
        """Every mistake that pydantic found in it, each at its place; ``known`` are the keys there are."""
        findings = (self._finding(details, tuple(known)) for details in error.errors(include_url=False))
        found = [finding for finding in findings if finding is not None]
        return ConfigError("\n".join(map(str, placed(self.document, str(self.file), found))))

    def _finding(self, details: Any, known: tuple[str, ...]) -> Finding | None:
        """What is wrong, by its path; None where it only follows from another."""
        where = details["loc"]
        kind, found = details["type"], details["input"]
        inside = (where[0], "is", *where[1:]) if where[0] in self._tables else where
        path = where[1:] if where[0] == "facts" else inside
        key = str(where[-1])
        if kind == "extra_forbidden":
            question = meant(key, known) if len(where) == 1 else ""
            return (*self.table, *path), f'unknown key "{key}"{question and f" ({question})"}'
        said = messages.message(kind, where, found, details.get("ctx", {}))
        return None if said is None else ((*self.table, *path), said)

    @property
    def _tables(self) -> set[str]:
        data: Any = self.document.data
        for part in self.table:
            data = data[part]
        return {key for key, value in data.items() if _is_fact(key, value)}


def shipped() -> tuple[str, ...]:
    """The devices that ship, in order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def own() -> frozenset[str]:
    """The devices of which a person's configuration says something. Raises ConfigError."""
    tables = config.load().devices
    wrong = [((config.DEVICES, name), _no_name(name)) for name in tables if _NAME.fullmatch(name) is None]
    if wrong:
        document = Document(config.read() or "")
        raise ConfigError("\n".join(map(str, placed(document, str(config.path()), wrong))))
    return frozenset(tables) | {path.stem for path in _own_files()}


def layers(name: str) -> Iterator[Layer]:
    """What is said of a device, the later over the earlier. Raises ConfigError."""
    if name in shipped():
        yield _file(_FOLDER / f"{name}.toml")
    for path in _own_files():
        if path.stem == name:
            yield _file(path, own=True)
    tables = config.load().devices
    if name in tables:
        layer = Layer(config.path(), Document(config.read() or ""), (config.DEVICES, name))
        yield _filled(layer, tables[name], own=True)


def base(name: str) -> Layer:
    """A profile that ships, as it is written."""
    return _file(_FOLDER / f"{name}.toml")


def _file(path: Path, *, own: bool = False) -> Layer:
    document = Document(config.read(path) or "")
    layer = Layer(path, document)
    if document.data is None or document.faults:
        raise ConfigError("\n".join(map(str, placed(document, str(path), []))))
    return _filled(layer, document.data, own=own)


def _filled(layer: Layer, table: Mapping[str, Any], *, own: bool) -> Layer:
    for key, value in table.items():
        if _is_fact(key, value):
            layer.values[key] = value["is"]
            layer.facts[key] = {name: part for name, part in value.items() if name != "is"}
        else:
            layer.values[key] = value
            if key not in PLAIN:
                layer.facts[key] = {}
        if own and key not in PLAIN:
            layer.facts[key] = {"sure": "yours", "source": str(layer.file)} | layer.facts[key]
    return layer


def _is_fact(key: str, value: object) -> bool:
    return key not in PLAIN and isinstance(value, dict) and "is" in value


def _own_files() -> list[Path]:
    folder = config.path().parent / config.DEVICES
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError:
        return []
    for path in found:
        if _NAME.fullmatch(path.stem) is None:
            raise ConfigError(f"{path}: {_no_name(path.stem)}")
    return found


def _no_name(name: str) -> str:
    return f"{shown(name)} cannot be the name of a device (write it in small letters, figures and hyphens: my-watch)"
