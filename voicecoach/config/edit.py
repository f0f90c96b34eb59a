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
_MARK = "\ufeff"
"""At the beginning of a file, where an editor put it."""
_TABLE = re.compile(r"^[ \t]*\[[ \t]*voice[ \t]*\][^\n]*(?:\n|\Z)", re.MULTILINE)


def use_voice(name: str) -> None:
    """Makes ``name`` (``ENGINE:VOICE``, or an engine) the voice of the configuration, which is right or not there.

    Raises ConfigError where it is written so that nothing can be changed in it, or cannot be written.
    """
    file = config.path()
    try:
        written = file.read_bytes().decode("utf-8") if file.exists() else ""
        text = written.removeprefix(_MARK).replace("\r\n", "\n")
        before = tomli.loads(text)
        after = _without_engine(_with_name(text, name))
        voice = {key: value for key, value in before.get("voice", {}).items() if key != "engine"} | {"name": name}
        if _read(after) != before | {"voice": voice}:
            raise ConfigError(f'{file}: write it in yourself, under [voice]: name = "{name}"')
        _write(_with_ends(after, written))
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


def _with_ends(text: str, written: str) -> str:
    """The text with the mark at its beginning and the line ends that it was ``written`` with; new lines end as most."""
    if "\r" not in written:
        return _MARK * written.startswith(_MARK) + text
    old, new = written.removeprefix(_MARK).split("\n"), text.split("\n")
    bare = [line.removesuffix("\r") for line in old]
    same = min(_alike(bare, new), len(old) - 1)  # the last is not ended
    rest = min(_alike(bare[::-1], new[::-1]), len(old) - same, len(new) - same)
    usual = "\r" * (2 * written.count("\r\n") >= written.count("\n"))
    changed = [line + usual for line in new[same : len(new) - rest]]
    whole = "\n".join([*old[:same], *changed, *old[len(old) - rest :]])
    return _MARK * written.startswith(_MARK) + (whole if rest else whole.removesuffix(usual))


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines two texts have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (here, there) in enumerate(pairs) if here != there), min(len(one), len(other)))


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
        unfinished.write_bytes(text.encode("utf-8"))
        if place.exists():
            unfinished.chmod(place.stat().st_mode & 0o777)
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
