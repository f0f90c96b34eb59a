"""What of ours lies in a folder that a device reads, so that only that is ever replaced or taken away.

Each album has a small file of its own, ``voicecoach/NAME.json`` at the top, which names its files with their sizes and
checksums. It is written before the album, so that what was left half-way is known as ours too.
"""

from __future__ import annotations

import contextlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from voicecoach.devices.names import key
from voicecoach.errors import ExportError, shown
from voicecoach.store.atomic import make_folder, writing

FOLDER = "voicecoach"
"""At the top of what a device reads."""
_VERSION = 1
_OUTSIDE = re.compile(r"^/|^$|^\.$|(^|/)\.\.(/|$)|[\\:\0]")
_AT_ONCE = 1 << 20


class DamagedNoteError(ExportError):
    """A note that does not say what is ours."""


class Content(NamedTuple):
    """What a file holds: its size in bytes, and the CRC-32 of them."""

    size: int
    checksum: int


Files = Mapping[str, Content | None]
"""The files of an album by their path from the top, with ``/`` between its parts; None where one is still to come."""


def content(path: Path) -> Content:
    """What a file holds now. Raises OSError."""
    size = checksum = 0
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            size += len(part)
            checksum = zlib.crc32(part, checksum)
    return Content(size, checksum)


def is_untouched(held: Content | None, now: Content) -> bool:
    """Whether a file of ours is as it was written, or was never finished: then there is nothing of anybody's in it."""
    return held is None or now == held or now.size == 0


def albums(top: Path) -> Iterator[str]:
    """The albums that are known in a folder, in order."""
    yield from sorted(path.stem for path in (top / FOLDER).glob("*.json") if not path.name.startswith("."))


def read(top: Path, album: str) -> Files:
    """The files of an album; none where there is no such album. Raises ExportError for what nobody can read."""
    path = path_of(top, album)
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise _unreadable(path, error) from error
    return parsed(text, path)


def parsed(text: bytes, path: Path) -> Files:
    """The files that a note names; ``path`` is where it stands. Raises ExportError for what nobody can read."""
    try:
        written = json.loads(text.decode("utf-8"))
        if written["version"] != _VERSION:
            raise ExportError(f"{path}: was written by a newer voicecoach: use that one, or another folder")
        return {
            _within(name): None if held is None else Content(*map(int, held)) for name, held in written["files"].items()
        }
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable(path, error) from error


def _within(name: str) -> str:
    """A path that leads nowhere but into the folder. Raises ValueError."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name or ":" in name:
        raise ValueError(f'"{name}" is no path in it')
    return name


def _unreadable(path: Path, error: Exception) -> DamagedNoteError:
    return DamagedNoteError(
        f"{path}: does not say what is ours ({error}): remove it together with the album's files, and do this again"
    )


def script(text: bytes) -> str:
    """The script that an album was made of, as a note tells it; empty where it does not."""
    try:
        found = json.loads(text.decode("utf-8"))["script"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""


def refuse_other(top: Path, album: str, made_of: str) -> None:
    """Raises ExportError where there is an album of that name which was made of another script."""
    try:
        before = script(path_of(top, album).read_bytes())
    except OSError:
        return
    if before and made_of and key(before) != key(made_of):
        raise ExportError(
            f"{shown(made_of)}: would take the place of {shown(album)}, which was made of {shown(before)}: "
            "rename one of the two files, or take that away first"
        )


def write(top: Path, album: str, files: Files, made_of: str = "") -> None:
    """Notes the files of an album, and its script; of one that has none left the note goes too. Raises ExportError."""
    path = path_of(top, album)
    if not files:
        path.unlink(missing_ok=True)
        _tidy(path.parent)
        return
    make_folder(path.parent)
    note = {"version": _VERSION, **({"script": made_of} if made_of else {}), "files": dict(sorted(files.items()))}
    text = json.dumps(note, ensure_ascii=False, indent=1)
    with writing(path) as file:
        file.write(f"{text}\n".encode())


def others(top: Path, album: str) -> frozenset[str]:
    """The files of all other albums."""
    return frozenset(name for other, files in known(top).items() if other != album for name in files)


def known(top: Path) -> dict[str, Files]:
    """The files of each album; a note that is damaged says nothing. Raises ExportError for a newer one."""
    found: dict[str, Files] = {}
    for album in albums(top):
        with contextlib.suppress(DamagedNoteError):
            found[album] = read(top, album)
    return found


def remove(top: Path, files: Files) -> list[str]:
    """Takes files of ours away, and folders that are empty then.

    Those that somebody has changed since stay, and are told.
    Raises OSError.
    """
    changed = []
    for name, held in files.items():
        path = top / name
        if not path.is_file():
            continue
        if not is_untouched(held, content(path)):
            changed.append(name)
            continue
        path.unlink()
    for folder in folders(files):
        _tidy(top / folder)
    return changed


def take_away(top: Path, album: str) -> list[str]:
    """Takes all of an album away, and forgets it; files that somebody has changed since stay, and are told.

    Raises OSError and ExportError.
    """
    changed = remove(top, read(top, album))
    write(top, album, {})
    return changed


def refuse_foreign(top: Path, before: Files, paths: Iterable[str]) -> None:
    """Raises ExportError where one of the paths holds what is not ours, or what somebody has changed since.

    ``before`` are the files of the album so far; names are compared as file systems without case do.
    """
    ours = {key(name): held for name, held in before.items()}
    for name in paths:
        path = top / name
        if not path.exists():
            continue
        held = ours.get(key(name))
        if key(name) not in ours or not path.is_file():
            what = "is not one of voicecoach's"
        elif not is_untouched(held, content(path)):
            what = "was changed since it was written"
        else:
            continue
        raise ExportError(f"{path}: is there, and {what}: move it away, or name another folder (-o)")


def refuse_no_folder(folders: Iterable[Path]) -> None:
    """Raises ExportError where something that is no folder stands where one has to be; the outer ones come first."""
    for folder in folders:
        if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
            what = "is a file" if folder.exists() else "is a link that leads nowhere"
            raise ExportError(f"{folder}: {what}, where a folder has to be: move it away, and do this again")


def stale(top: Path, before: Files, here: Files) -> Files:
    """Those files of an album that are none of it any more; one that is only written in another case still is."""
    now = {key(name): name for name in here}
    return {
        name: held
        for name, held in before.items()
        if name not in here and not ((same := now.get(key(name))) and _one(top / name, top / same))
    }


def _one(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def path_of(top: Path, album: str) -> Path:
    """Where the note of an album stands."""
    return top / FOLDER / f"{album}.json"


def folders(names: Iterable[str]) -> list[PurePosixPath]:
    """The folders of files, the inner ones first, and not the top."""
    found = {parent for name in names for parent in PurePosixPath(name).parents} - {PurePosixPath()}
    return sorted(found, key=lambda folder: (-len(folder.parts), folder))


def _tidy(folder: Path) -> None:
    """Removes a folder that is empty."""
    try:
        folder.rmdir()
    except OSError:
        return
