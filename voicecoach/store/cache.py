"""A folder of things that were costly to make, kept by what they are made from.

A key is ``KIND-HEX``: what sort of thing it is, and a hash of everything it depends on (``key`` makes one), so an entry
never goes out of date. Each entry is a file of its own, written beside its place and renamed, and carries a
checksum; one that is damaged is removed and has to be made again. Any number of processes and threads may use a folder
at once. A folder that cannot be written, or a disk that is nearly full, costs only that nothing is kept.

The folder is bounded: what was used longest ago goes first. To know when without looking through the folder each time,
every ``put`` appends to a ledger one byte for each block of 4 KiB it stored, so that the length of the ledger says how
much came since the folder was last swept, by whichever process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LEAST_FREE = 100_000_000
"""Bytes of the disk that a cache leaves free: with less, nothing more is kept."""
DEFAULT_LIMIT = 500_000_000
"""Bytes a cache may hold unless the person's configuration says otherwise."""

_KEY = re.compile(r"([a-z]+)-([0-9a-f]{32,64})", re.ASCII)
_MAGIC = b"vcc1"
_DIGEST_SIZE = 16
_HEAD_SIZE = len(_MAGIC) + _DIGEST_SIZE
_LEDGER = "ledger"
_BLOCK = 4096
"""A file takes whole blocks of a disk, so that is how entries are counted."""
_UNFINISHED = ".part"
_ABANDONED_SECONDS = 3600.0
"""An unfinished file older than this belongs to a process that was ended."""
_SHARE_TO_FREE = 8
"""A sweep frees an eighth of the limit, so that the next one is that far away."""


def key(kind: str, *made_from: object) -> str:
    """The key of something of this kind (lower-case letters) that depends on all of ``made_from``."""
    fields = "\0".join(repr(field) for field in made_from)
    return f"{kind}-{hashlib.sha256(fields.encode('utf-8', 'surrogatepass')).hexdigest()}"


class Usage(NamedTuple):
    """How many entries there are of a kind, and the bytes they take on disk."""

    entries: int
    size: int


class _Entry(NamedTuple):
    used: int
    size: int
    kind: str
    path: str


class Cache:
    """Bytes by key, at most ``limit_bytes`` of them, in ``folder``. Nothing is kept with a limit of 0."""

    def __init__(self, folder: Path, limit_bytes: int = DEFAULT_LIMIT) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self.found = self.missed = 0
        """How often something was here, and how often not, as ``get`` was asked for it."""

    def get(self, key: str) -> bytes | None:
        """What was put under the key, or None where it is not here (any more) or was damaged."""
        path = self._path(key)
        self.missed += 1
        try:
            with path.open("rb", buffering=0) as file:
                head, value = file.read(_HEAD_SIZE), file.read()
        except OSError:
            return None
        if head != _head(key, value):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        self.missed -= 1
        self.found += 1
        return value

    def holds(self, key: str) -> bool:
        """Whether something is kept under the key; nothing of it is read."""
        return self._path(key).is_file()

    def put(self, key: str, value: bytes) -> bool:
        """Keeps the value under the key; False where it could not be kept, which is nobody's failure."""
        path = self._path(key)
        if _HEAD_SIZE + len(value) > self.limit_bytes // 2 or self._crowded():
            return False
        unfinished = path.with_name(f"{os.urandom(8).hex()}{_UNFINISHED}")
        try:
            try:
                file = unfinished.open("xb")
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                file = unfinished.open("xb")
            with file:
                file.write(_head(key, value))
                file.write(value)
            unfinished.replace(path)
            self._account(_HEAD_SIZE + len(value))
        except OSError:
            return False
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
        return True

    def usage(self) -> dict[str, Usage]:
        """What is kept, kind by kind."""
        kinds: dict[str, Usage] = {}
        for entry in self._entries():
            entries, size = kinds.get(entry.kind, Usage(0, 0))
            kinds[entry.kind] = Usage(entries + 1, size + entry.size)
        return dict(sorted(kinds.items()))

    def size(self) -> int:
        """Bytes of all entries together."""
        return sum(entry.size for entry in self._entries())

    def clear(self) -> int:
        """Removes every entry, and nothing else that may lie in the folder; the bytes freed."""
        freed = self._remove(self._entries())
        self._remove_unfinished(older_than=0.0)
        with contextlib.suppress(OSError):
            (self.folder / _LEDGER).unlink(missing_ok=True)
        return freed

    def _path(self, key: str) -> Path:
        found = _KEY.fullmatch(key)
        if found is None:
            raise ValueError(f'"{key}" is no key of a cache (a kind, a hyphen and a hash in hexadecimal)')
        return self.folder / found.group(1) / found.group(2)

    def _crowded(self) -> bool:
        """Whether the disk is nearly full: what is left of it belongs to the person's own files."""
        import shutil  # not needed where all is kept

        for folder in (self.folder, *self.folder.parents):
            with contextlib.suppress(OSError):
                return shutil.disk_usage(folder).free < LEAST_FREE
        return False

    def _account(self, size: int) -> None:
        """Notes in the ledger that ``size`` bytes came; sweeps when an eighth of the limit has come."""
        with (self.folder / _LEDGER).open("ab") as ledger:
            ledger.write(b"." * (_on_disk(size) // _BLOCK))
            ledger.flush()
            since_swept = os.fstat(ledger.fileno()).st_size * _BLOCK
        if since_swept >= self.limit_bytes // _SHARE_TO_FREE:
            self._sweep()

    def _sweep(self) -> None:
        """Removes what was used longest ago until an eighth of the limit is free."""
        with (self.folder / _LEDGER).open("wb"):
            pass
        entries = sorted(self._entries())
        excess = sum(entry.size for entry in entries) - self.limit_bytes * (_SHARE_TO_FREE - 1) // _SHARE_TO_FREE
        oldest = []
        for entry in entries:
            if excess <= 0:
                break
            excess -= entry.size
            oldest.append(entry)
        self._remove(oldest)
        self._remove_unfinished(older_than=_ABANDONED_SECONDS)

    def _entries(self) -> Iterator[_Entry]:
        for kind, file in self._files():
            if _KEY.fullmatch(f"{kind}-{file.name}") is not None:
                with contextlib.suppress(OSError):
                    about = file.stat()
                    yield _Entry(about.st_mtime_ns, _on_disk(about.st_size), kind, file.path)

    def _files(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        with contextlib.suppress(OSError), os.scandir(self.folder) as kinds:
            for kind in kinds:
                if kind.is_dir(follow_symlinks=False):
                    with contextlib.suppress(OSError), os.scandir(kind) as files:
                        for file in files:
                            yield kind.name, file

    def _remove(self, entries: Iterator[_Entry] | list[_Entry]) -> int:
        freed = 0
        for entry in entries:
            with contextlib.suppress(OSError):
                Path(entry.path).unlink()
                freed += entry.size
        return freed

    def _remove_unfinished(self, older_than: float) -> None:
        for _, file in self._files():
            if file.name.endswith(_UNFINISHED):
                with contextlib.suppress(OSError):
                    if time.time() - file.stat().st_mtime >= older_than:
                        Path(file.path).unlink()


def _on_disk(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _head(key: str, value: bytes) -> bytes:
    """The key goes into the checksum too: a file under a wrong name is damaged as well."""
    digest = hashlib.sha256(key.encode("ascii"))
    digest.update(value)
    return _MAGIC + digest.digest()[:_DIGEST_SIZE]
