"""How a file comes onto a device, and is seen to have arrived.

A drive takes each file whole or not at all. A watch that only the desktop shows (MTP) knows neither that nor a place
within a file: it is sent whole files under their names, and fetched from the same way.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from voicecoach.devices import manifest, volumes
from voicecoach.devices.manifest import Content
from voicecoach.errors import DeviceError
from voicecoach.store import atomic

_AT_ONCE = 1 << 18


class Carrier(Protocol):
    """How files come onto a kind of device. Each raises OSError, and DeviceError for what has not arrived."""

    whole: bool
    """Whether a file takes its place whole or not at all."""

    def content(self, path: Path, held: Content | None) -> Content:
        """What a file on the device holds; ``held`` is what it should."""
        ...

    def fetch(self, path: Path) -> bytes:
        """All of a small file on the device."""
        ...

    def put(self, source: Path, target: Path, content: Content, told: Callable[[int], None]) -> None:
        """Copies a file, which holds ``content``, and sees that it has arrived."""
        ...


class Drive:
    """A mounted drive: a file is written beside its place, flushed, read back, and renamed."""

    whole = True

    def content(self, path: Path, held: Content | None) -> Content:
        return manifest.content(path)

    def fetch(self, path: Path) -> bytes:
        return path.read_bytes()

    def put(self, source: Path, target: Path, content: Content, told: Callable[[int], None]) -> None:
        atomic.make_folder(target.parent)
        with source.open("rb") as made, atomic.writing(target) as file:
            while part := made.read(_AT_ONCE):
                file.write(part)
                told(len(part))
            file.flush()
            os.fsync(file.fileno())
            _forget(file)
            if manifest.content(Path(file.name)) != content:
                raise _damaged(target)


class Desktop:
    """A watch or phone that a desktop shows, or another place that takes no more than whole files.

    Most watches let nobody write into a file that is mounted so; the desktop's own ``gio`` sends them whole.
    """

    whole = False

    def __init__(self, gio: str | None) -> None:
        self._gio = gio

    def content(self, path: Path, held: Content | None) -> Content:
        """Of a file that has arrived its size has to do: to fetch it takes as long as to send it."""
        if held is not None:
            size = path.stat().st_size
            return held if held.size == size else Content(size, -1)
        with self._fetched(path) as copy:
            return manifest.content(copy)

    def fetch(self, path: Path) -> bytes:
        with self._fetched(path) as copy:
            return copy.read_bytes()

    def put(self, source: Path, target: Path, content: Content, told: Callable[[int], None]) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self._copy(source, target)
        told(content.size)
        with self._fetched(target) as copy:
            if manifest.content(copy) != content:
                target.unlink()
                raise _damaged(target)

    @contextmanager
    def _fetched(self, path: Path) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
            copy = Path(folder, "copy")
            self._copy(path, copy)
            yield copy

    def _copy(self, source: Path, target: Path) -> None:
        if self._gio is None:
            shutil.copyfile(source, target)
            return
        done = subprocess.run([self._gio, "copy", str(source), str(target)], capture_output=True, check=False)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["gio does not say why"]
            raise OSError(errno.EIO, said[-1], str(target))


def carrier(top: Path) -> Carrier:
    """The one for a device."""
    return Desktop(shutil.which("gio")) if volumes.is_of_desktop(top) else Drive()


def _damaged(target: Path) -> DeviceError:
    return DeviceError(
        f"{target}: holds something else than was written to it: try again, then another cable or connector; "
        "if that does not help, the storage is failing"
    )


def _forget(file: BinaryIO) -> None:
    """Lets what is read next come from the device, and not from memory, where the system can be asked to."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
