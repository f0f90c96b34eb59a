"""Where a new script goes, and that nothing is written over."""

from __future__ import annotations

import os
import re
from pathlib import Path

from voicecoach.authoring import layout, schema_file
from voicecoach.errors import AuthoringError, ScriptError
from voicecoach.script import source
from voicecoach.store import folders
from voicecoach.store.atomic import make_folder, writing

_TITLE = re.compile(r"^title\s*=\s*(?:\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')", re.MULTILINE)
_SCHEMA = re.compile(r"^#:schema[^\n]*\n", re.MULTILINE)
_NO_NAME = re.compile(r'[\x00-\x1f\x7f:*?"<>|#]|^[-.\s]|[.\s]$')
_LONGEST = 100


def of(name: str) -> Path:
    """The file of a script to be: a path as it stands, a name in the person's own folder.

    Raises AuthoringError for what no script can be called, or where something is already.
    """
    if source.is_path(name):
        path = Path(name)
        path = path if path.name.endswith(source.SUFFIX) else path.with_name(f"{path.name}{source.SUFFIX}")
    elif not name or len(name) > _LONGEST or _NO_NAME.search(name):
        raise AuthoringError(f'"{name[:40]}" is no name for a script (take letters, figures and dashes, as "hip-day")')
    else:
        path = folders.own_scripts() / f"{name}{source.SUFFIX}"
    if os.path.lexists(path):
        raise AuthoringError(f'{path}: is there already (take another name, or "voicecoach edit {name}")')
    if path.parent != folders.own_scripts() and not path.parent.is_dir():
        raise AuthoringError(f"{path}: there is no such folder (make it first, or name the script without a folder)")
    return path


def title_of(path: Path) -> str:
    """A title made of a file's name: "hip-day" is "Hip day"."""
    words = re.sub(r"[-_.\s]+", " ", source.known_as(path)).strip() or source.known_as(path)
    return words[:1].upper() + words[1:]


def write(path: Path, text: str) -> None:
    """Puts a script in its place, and beside it the schema for its editor. Raises ExportError or AuthoringError."""
    make_folder(path.parent)
    schema_file.write(path.parent)
    if os.path.lexists(path):
        raise AuthoringError(f"{path}: is there already (take another name)")
    with writing(path) as file:
        file.write(text.encode())


def copy(original: str, path: Path, *, title: str | None = None) -> str:
    """The text of a script that is right, for ``path``, under another title if one is given.

    Raises ScriptError where the original is wrong, and AuthoringError where it names files that are not at ``path``.
    """
    from voicecoach.script.loader import Loader

    found = source.opened(original)
    Loader().load(found)
    text = f"{schema_file.LINE}\n{_SCHEMA.sub('', found.text)}"
    if title is not None:
        named = f"title    = {layout.value(title)}"
        text = _TITLE.sub(lambda _: named, text, count=1)
    try:
        checked(text, path)
    except ScriptError as error:
        where = found.path.parent if found.path else Path()
        raise AuthoringError(
            f"{original}: it uses files beside it, which are not in {path.parent} ({error.problems[0].message}); "
            f'write it beside it: "voicecoach new {where / path.name} --like {original}"'
        ) from None
    return text


def checked(text: str, path: Path) -> None:
    """Raises ScriptError with every mistake of a text that is to be the script at ``path``."""
    from voicecoach.script.loader import Loader

    Loader().load(source.Source(str(path), path, path.parent, text.encode(), text))
