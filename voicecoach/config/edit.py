"""Writes a choice into the person's configuration, and leaves all else in it as it is, comments too."""

from __future__ import annotations

import os
import re
from typing import Any

import tomli

from voicecoach import config
from voicecoach.errors import ConfigError
from voicecoach.script.document import Document

_SCALAR = r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
_TABLE = re.compile(r"^[ \t]*\[[ \t]*voice[ \t]*\][^\n]*(?:\n|\Z)", re.MULTILINE)


def use_voice(name: str) -> None:
    """Makes ``name`` (``ENGINE:VOICE``, or an engine) the voice of the configuration, which is right or not there.

    Raises ConfigError where it is written so that nothing can be changed in it, or cannot be written.
    """
    file = config.path()
    try:
        text = file.read_text(encoding="utf-8-sig") if file.exists() else ""
        before = tomli.loads(text)
        after = _without_engine(_with_name(text, name))
        voice = {key: value for key, value in before.get("voice", {}).items() if key != "engine"} | {"name": name}
        if _read(after) != before | {"voice": voice}:
            raise ConfigError(f'{file}: write it in yourself, under [voice]: name = "{name}"')
        _write(after)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {(error.strerror or str(error)).lower()}") from error


def _with_name(text: str, name: str) -> str:
    value = f'"{name}"'.replace("\\", "\\\\")
    found = _entry(text, "name")
    if found is not None:
        return f"{text[: found.start(2)]}{value}{text[found.end(2) :]}"
    table = _TABLE.search(text)
    if table is not None:
        head = table.group() if table.group().endswith("\n") else table.group() + "\n"
        return f"{text[: table.start()]}{head}name = {value}\n{text[table.end() :]}"
    return f"{text.rstrip()}\n\n[voice]\nname = {value}\n".lstrip("\n")


def _without_engine(text: str) -> str:
    """The name says it."""
    found = _entry(text, "engine")
    if found is None:
        return text
    end = found.end()
    if comma := re.compile(r"[ \t]*,[ \t]*").match(text, end):
        return text[: found.start()] + text[comma.end() :]
    before, after = text[: found.start()], text[end:]
    rest = after.partition("\n")[0].strip()
    alone = not before.rpartition("\n")[2].strip()
    if alone and not rest:
        return before.rpartition("\n")[0] + ("\n" if "\n" in before else "") + after.partition("\n")[2]
    return (before if alone else before.rstrip(" \t,") + " ") + after.lstrip(" \t")


def _entry(text: str, key: str) -> re.Match[str] | None:
    """A key of the voice with its value."""
    if key not in _read(text).get("voice", {}):
        return None
    pattern = re.compile(rf"({key}|\"{key}\"|'{key}')[ \t]*=[ \t]*({_SCALAR})")
    return pattern.match(text, Document(text).offset(("voice", key)))


def _read(text: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError:
        return {}


def _write(text: str) -> None:
    """Beside its place, then renamed; a link stays one."""
    place = config.path().resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        if place.exists():
            unfinished.chmod(place.stat().st_mode & 0o777)
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
