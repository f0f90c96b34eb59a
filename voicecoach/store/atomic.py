"""Files that are there in whole or not at all.

What is written goes to a file beside its place, reaches the disk, and takes its place at once. The unfinished file is
locked as long as its writer lives, whatever happens to it; so one that is not locked was left behind, and goes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from voicecoach.errors import ExportError

_PREFIX, _SUFFIX = ".voicecoach-", ".part"
_SETTLED_SECONDS = 60.0
"""Where files are not locked: an unfinished one that was not written to for so long was left behind."""

_REMEDIES = {
    errno.ENOSPC: 'the disk is full: free some space ("voicecoach cache clear" may help), or export to another disk',
    errno.EDQUOT: "the disk quota is used up: free some space, or export to another disk",
    errno.EFBIG: "the file becomes larger than this disk or account allows: choose a smaller format, as opus",
    errno.EACCES: "no permission to write there: export to a folder of your own",
    errno.EPERM: "no permission to write there: export to a folder of your own",
    errno.EROFS: "the disk is read-only: export to another one",
    errno.ENOENT: "there is no such folder: make it first, or export elsewhere",
    errno.ENOTDIR: "a part of that path is a file, not a folder: export elsewhere",
    errno.ENAMETOOLONG: "the name is too long: choose a shorter one",
    errno.EIO: "the disk does not answer (was it unplugged?): check it, or export to another one",
    errno.ENXIO: "the disk does not answer (was it unplugged?): check it, or export to another one",
    errno.ENODEV: "the disk does not answer (was it unplugged?): check it, or export to another one",
    errno.EMFILE: "too many files are open: do less at once (--jobs 1)",
    errno.ENFILE: "too many files are open on this machine: close other programs",
    errno.ESTALE: "the network folder has gone away: connect it again, or export to another one",
}


@contextmanager
def writing(target: Path) -> Iterator[BinaryIO]:
    """An empty file whose content stands at ``target`` when the block has ended well.

    If it has not, nothing of it is left and what stood at ``target`` still does. Raises ExportError where the file
    cannot be written, naming it and what would help.
    """
    try:
        place = _place(target)
        tidy(place.parent)
        file, path = _begin(place.parent)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _replace(file, path, place)
        finally:
            with contextlib.suppress(OSError):
                file.close()
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(target, error, "cannot be written") from error


def make_folder(path: Path) -> None:
    """Makes a folder, and those around it, where there are none. Raises ExportError, with what would help."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ExportError(f"{path}: is a file, not a folder: export elsewhere") from error
    except OSError as error:
        raise _refused(path, error, "cannot be made a folder") from error


def _refused(target: Path, error: OSError, what: str) -> ExportError:
    remedy = _REMEDIES.get(error.errno or 0, "check the disk and the folder, or export elsewhere")
    reason = error.strerror or str(error)
    return ExportError(f"{target}: {what} ({reason.lower()}); {remedy}")


def _place(target: Path) -> Path:
    """Where the file is to stand: behind any symbolic link. Only a file may be replaced."""
    place = Path(os.path.realpath(target))
    with contextlib.suppress(FileNotFoundError):
        kind = place.stat().st_mode
        if stat.S_ISDIR(kind):
            raise ExportError(f"{target}: is a folder; name a file in it, such as {target / 'workout.mp3'}")
        if not stat.S_ISREG(kind):
            raise ExportError(f"{target}: is no file but a device or pipe; name a file")
    return place


def _begin(folder: Path) -> tuple[BinaryIO, Path]:
    while True:
        path = folder / f"{_PREFIX}{os.urandom(6).hex()}{_SUFFIX}"
        file = path.open("x+b")
        try:
            if _lock(file) and _stands(file, path):
                return file, path
        except BaseException:
            file.close()
            path.unlink(missing_ok=True)
            raise
        file.close()


def _stands(file: BinaryIO, path: Path) -> bool:
    """Whether it was not tidied away before it was locked."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def tidy(folder: Path) -> None:
    """Removes what writers that are no more have left in the folder."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            _remove_abandoned(path)


def _settled(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _SETTLED_SECONDS


if sys.platform == "win32":

    def _lock(file: BinaryIO) -> bool:
        """An open file cannot be removed here, which is lock enough."""
        return True

    def _remove_abandoned(path: Path) -> None:
        if _settled(path):
            path.unlink()

    def _replace(file: BinaryIO, path: Path, place: Path) -> None:
        file.close()
        path.replace(place)

else:
    import fcntl

    def _lock(file: BinaryIO) -> bool:
        """False where someone else has locked it. Where a file system knows no locks, its time has to tell."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def _remove_abandoned(path: Path) -> None:
        """While it is locked, so that its writer sees that it is gone if it is about to lock it."""
        with path.open("rb") as file:
            if _lock(file) and (_knows_locks(file) or _settled(path)):
                path.unlink()

    def _knows_locks(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _replace(file: BinaryIO, path: Path, place: Path) -> None:
        """Still locked, so that no one tidies it away; then the folder itself is brought to the disk."""
        with contextlib.suppress(OSError):
            os.fchmod(file.fileno(), stat.S_IMODE(place.stat().st_mode))  # as open to others as the one before
        path.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):
                os.fsync(folder)
        finally:
            os.close(folder)
