"""Where a script comes from: a path, standard input, or the name of a workout that ships or is the person's own."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from voicecoach.errors import Problem, ScriptError, near
from voicecoach.script.codes import Code
from voicecoach.script.problems import line_and_column
from voicecoach.store import folders
from voicecoach.store.folders import beside, is_file

SUFFIX = ".toml"
_HIDDEN = ".txt"
"""What editors put behind a suffix that they do not know, and file managers do not show."""
_MOST_NAMED = 5
STANDARD_INPUT = "-"
MAX_BYTES = 5_000_000
"""Largest file that is read; 10,000 steps take about 0.6 million bytes."""


@dataclass(frozen=True, slots=True)
class Source:
    """A script's text. ``name`` is what errors call it; relative paths in it start at ``folder``.

    Two are equal that say the same, wherever they were read.
    """

    name: str = field(compare=False)
    path: Path | None = field(compare=False)
    folder: Path = field(compare=False)
    content: bytes
    text: str


def names() -> list[tuple[str, Path]]:
    """Every workout that can be called by name, with its file, sorted; the person's own stand before shipped ones."""
    found: dict[str, Path] = {}
    for folder in (folders.shipped_scripts(), folders.own_scripts()):
        if folder.is_dir():
            found |= {path.name.removesuffix(SUFFIX): path for path in folder.glob(f"*{SUFFIX}") if is_file(path)}
    return sorted(found.items())


def identity(source: Source | None, title: str) -> str:
    """What a script is known by, wherever its file lies: the name of that, or its title where there is none.

    There is no slash in it.
    """
    return title.replace("/", "-") if source is None or source.path is None else known_as(source.path)


def known_as(path: Path) -> str:
    """What the script of a file is known by, wherever that lies."""
    return path.name.removesuffix(_HIDDEN).removesuffix(SUFFIX).encode("utf-8", "replace").decode()


def is_path(text: str) -> bool:
    """Whether a text is meant as a path rather than as a name."""
    return "/" in text or "\\" in text or text.endswith(SUFFIX)


def by_name(name: str) -> Path | None:
    """The file of a workout that is called by name."""
    for folder in (folders.own_scripts(), folders.shipped_scripts()):
        if is_file(path := folder / f"{name}{SUFFIX}"):
            return path
    return None


def used(use: str, folder: Path) -> Path | None:
    """The file that a script in ``folder`` uses, which may not be there; None for a name that nothing has."""
    return beside(folder, use) if is_path(use) else by_name(use)


def find(source: str | Path) -> Path:
    """The file that a person means. Raises ScriptError with near names where there is none."""
    text = str(source)
    if isinstance(source, Path) or is_path(text):
        path = Path(source)
        if _exists(path):
            return path
        known = [name for name, _ in names()]
        stem = path.name.removesuffix(SUFFIX)
        remedy = f' (did you mean the workout "{stem}"?)' if stem in known else ""
        if _exists(hidden := path.with_name(f"{path.name or SUFFIX}{_HIDDEN}")):
            remedy = f' (did you mean "{hidden}"?)'
        raise refused(text, f"there is no such file{remedy}")
    if text and (path_by_name := by_name(text)) is not None:
        return path_by_name
    if text and _exists(Path(text)):
        return Path(text)
    raise refused(text, unknown(text, Path()))


def opened(source: str | Path, stdin: TextIO | None = None) -> Source:
    """The script that a person means: by path, by name, or ``"-"`` for ``stdin``. Raises ScriptError."""
    if source == STANDARD_INPUT:
        return read_standard_input(stdin)
    path = find(source)
    return read(path, str(path))


def unknown(name: str, folder: Path) -> str:
    """Why a name is not found, with what is near to it: a file in ``folder``, or the names there are."""
    for suffix in (SUFFIX, SUFFIX + _HIDDEN):
        if is_file(beside(folder, name + suffix)):
            return f'there is no workout called "{name}" (did you mean the file "./{name}{suffix}"?)'
    return f'there is no workout called "{name}"{near(name, dict(names()))}'


def refused(name: str, message: str, line: int = 0, column: int = 0) -> ScriptError:
    """The error for a script that cannot be read at all."""
    return ScriptError((Problem(name, line, column, "", message, Code.UNREADABLE_FILE),))


def read(path: Path, name: str) -> Source:
    """A script from a file, of which no more than MAX_BYTES are ever read. Raises ScriptError."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (
            f"is a folder, not a script{_scripts_in(path)}" if path.is_dir() else f"cannot be read ({error.strerror})"
        )
        raise refused(name, f"it {reason}") from None
    return decoded(name, path, path.parent, content)


def _scripts_in(folder: Path) -> str:
    """What may have been meant instead of a folder."""
    try:
        found = sorted(path.name for path in folder.iterdir() if path.name.endswith(SUFFIX))
    except OSError:
        return ""
    return f" (in it: {', '.join(found[:_MOST_NAMED])}{', …' if len(found) > _MOST_NAMED else ''})" if found else ""


def read_standard_input(stdin: TextIO | None) -> Source:
    """A script from standard input; its relative paths start at the current folder. Raises ScriptError."""
    stream = sys.stdin if stdin is None else stdin
    name = "<stdin>"
    if stream is None:  # a windowed Python has none
        raise refused(name, "there is no standard input")
    try:
        binary = getattr(stream, "buffer", None)
        content = binary.read(MAX_BYTES + 1) if binary else stream.read(MAX_BYTES + 1).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise refused(name, "it is not UTF-8 text") from None
    except OSError as error:
        raise refused(name, f"it cannot be read ({error.strerror})") from None
    return decoded(name, None, Path(), content)


def decoded(name: str, path: Path | None, folder: Path, content: bytes) -> Source:
    """The script that a file holds; relative paths in it start at ``folder``. Raises ScriptError."""
    if len(content) > MAX_BYTES:
        raise refused(name, f"it is larger than {MAX_BYTES // 1_000_000} MB; a script is a short text")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(name, "it is UTF-16 text; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        where, line = content[: error.start], content.count(b"\n", 0, error.start) + 1
        column = len(where[where.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8 text (is this a script? if so, save it as UTF-8)"
        raise refused(name, message, line, column) from None
    if not text.strip():
        raise refused(name, 'it is empty; a script needs at least a "title" and a [[block]] with "steps"')
    if "\0" in text:
        raise refused(name, "a NUL byte: this is no text (is it a script?)", *line_and_column(text, text.index("\0")))
    return Source(name, path, folder, content, text)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that the system cannot take
        return False
