"""A device as it is mounted: what is on it, how much room, and what a delivery does to it.

Whatever happens half-way, each file of ours that is there is as its note says, and nothing else is touched.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from voicecoach.devices import delivery, manifest, volumes
from voicecoach.devices.carrier import Carrier, Desktop, carrier
from voicecoach.devices.manifest import Content, Files
from voicecoach.errors import DeviceError, ExportError
from voicecoach.store import atomic
from voicecoach.units import format_size

if TYPE_CHECKING:
    from voicecoach.devices.delivery import Delivery, Item
    from voicecoach.devices.profile import Profile

Progress = Callable[[str, int], None]
"""Called with the path that is on its way, and how many more of its bytes are."""

_BLOCK = 1 << 15
"""What a file is rounded up to, where nobody says: a cluster of a FAT32 of some size."""
_TICK = 2
"""Seconds between two times of FAT32."""
_SPARE = ".bak"
"""Of a note, where a file does not take its place whole."""
_RESOURCE_FORK = b"\x00\x05\x16\x07"
"""How the files begin that a Mac puts beside others on a drive (AppleDouble)."""
_FOREIGN = Content(-1, 0)
"""What a folder or anything else holds that is no file."""
_GONE = {errno.EIO, errno.ENXIO, errno.ENODEV, errno.ENOTCONN, errno.ESTALE}
_NO_ENTRY = {errno.EROFS, errno.EACCES, errno.EPERM}
_FULL = {errno.ENOSPC, errno.EDQUOT}
_UNKNOWN_TO_IT = {errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


class Device:
    """A device as it is mounted at ``top``, and how files come there.

    All raise DeviceError where it does not answer, is full, or lets nobody write.
    """

    def __init__(self, top: Path, profile: Profile, by: Carrier | None = None) -> None:
        self.top = top
        self._profile = profile
        self._by = by or carrier(top)
        self._torn: set[str] = set()
        """Albums of which only the spare note is whole, or none."""
        self.done: set[str] = set()
        """Paths that have been copied or taken away."""
        self.scripts: dict[str, str] = {}
        """What each album was made of, as far as its note tells."""
        self.unread: dict[str, str] = {}
        """Albums of which no note can be read, and why."""
        with self._reached():
            self._mount = top.stat().st_dev

    @property
    def whole(self) -> bool:
        """Whether files take their places whole, and are compared by more than their size."""
        return self._by.whole

    def path(self, path: str) -> Path:
        """Where a path of an album lies: in the folders that are there, whatever their case."""
        *folders, name = PurePosixPath(path).parts
        here = self.top
        for folder in folders:
            exact = here / folder
            here = exact if exact.is_dir() else volumes.entry(here, folder) or exact
        return here / name

    def notes(self) -> dict[str, Files]:
        """What is noted of each album; nothing where its note is damaged (``unread``).

        Raises ExportError too, for the note of a newer version.
        """
        with self._reached():
            folder = self.top / manifest.FOLDER
            inside = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
            names = {name.removesuffix(_SPARE) for name in inside if not name.startswith(".")}
            notes = {name: self._noted(folder / name) for name in sorted(names) if name.endswith(".json")}
            return {name.removesuffix(".json"): files for name, files in notes.items()}

    def _noted(self, path: Path) -> Files:
        """What a note says, or its spare one, which is written first: one of both is whole, or nothing was copied."""
        try:
            return self._parsed(self._by.fetch(path), path)
        except FileNotFoundError:
            with contextlib.suppress(ExportError):
                return self._spare(path)
            return {}
        except manifest.DamagedNoteError as error:
            with contextlib.suppress(manifest.DamagedNoteError, FileNotFoundError):
                return self._spare(path)
            self._torn.add(path.stem)
            self.unread[path.stem] = f"{path}: cannot be read ({error.__cause__})"
            return {}

    def _parsed(self, text: bytes, path: Path) -> Files:
        self.scripts[path.stem] = manifest.script(text)
        return manifest.parsed(text, path)

    def _spare(self, path: Path) -> Files:
        files = self._parsed(self._by.fetch(path.with_name(path.name + _SPARE)), path)
        self._torn.add(path.name.removesuffix(".json"))
        return files

    def look(self, paths: Mapping[str, Content | None], told: Progress) -> dict[str, Content]:
        """What is there under some paths; they may hold what is told with them."""
        found = {}
        with self._reached():
            for path, held in paths.items():
                there = self.path(path)
                try:
                    is_file, size = there.is_file(), there.stat().st_size
                except (FileNotFoundError, NotADirectoryError):
                    continue
                found[path] = self._by.content(there, held) if is_file else _FOREIGN
                told(path, size)
        return found

    def damaged(
        self, wanted: Iterable[Item], noted: Files, found: Mapping[str, Content], staging: Path
    ) -> frozenset[str]:
        """Paths under which there is the beginning of what is wanted, and then nothing or zeros: a torn file.

        What is as its note says is not read.
        """
        with self._reached():
            return frozenset(
                path
                for path, content in wanted
                if (now := found.get(path)) not in (None, content, noted.get(path), _FOREIGN)
                and now.size <= content.size
                and _is_torn(self._by.fetch(self.path(path)), staging / path)
            )

    def crowded(self, deliveries: Sequence[Delivery]) -> list[str]:
        """What is told of folders that hold more files than are kept in order."""
        ours = {step.path for each in deliveries for step in each.steps}
        found: Counter[str] = Counter()
        with self._reached():
            for folder in {str(PurePosixPath(path).parent) for path in ours}:
                place = self.path(f"{folder}/x").parent
                names = {PurePosixPath(path).name for path in ours if str(PurePosixPath(path).parent) == folder}
                inside = place.iterdir() if place.is_dir() else ()
                found[folder] = sum(each.name not in names and each.is_file() for each in inside)
        return list(delivery.crowded(deliveries, found, self._profile))

    def room(self, deliveries: Sequence[Delivery]) -> str:
        """How much room is needed and there is, in words."""
        needed, free = self._room(deliveries)
        more = f"{format_size(abs(needed))} {'more are needed' if needed > 0 else 'become free'}"
        wants = more if needed else "no more room is needed"
        return f"{wants}, {'nobody knows how much is' if free is None else f'{format_size(free)} are'} free"

    def check_places(self, deliveries: Sequence[Delivery]) -> None:
        """Raises ExportError where something that is no folder stands where one has to be."""
        coming = [step.path for each in deliveries for step in each.of("copy", "replace")]
        with self._reached():
            for folder in reversed(manifest.folders([*coming, f"{manifest.FOLDER}/x"] if deliveries else [])):
                manifest.refuse_no_folder([self.path(f"{folder}/x").parent])

    def check_room(self, deliveries: Sequence[Delivery]) -> None:
        """Raises DeviceError where there is too little, with what would help."""
        needed, free = self._room(deliveries)
        if free is not None and needed > free:
            raise DeviceError(
                f"{self.top}: has {format_size(free)} free, and {format_size(needed)} are needed: free some space on "
                "it (--remove takes workouts away), or make them smaller (--size-limit, --bitrate)"
            )

    def _room(self, deliveries: Sequence[Delivery]) -> tuple[int, int | None]:
        """Bytes that are needed, and that are free; None where nobody knows."""
        with self._reached():
            usage = shutil.disk_usage(self.top)
            block = os.statvfs(self.top).f_frsize if hasattr(os, "statvfs") else _BLOCK
        return delivery.room(deliveries, block or _BLOCK), usage.free if usage.total else None

    def carry(self, album: Delivery, staging: Path, told: Progress) -> None:
        """Does all of a delivery; its files lie in ``staging``, under the same paths.

        What goes is taken away first; then it is noted what comes, and then that is copied. So every file that is
        there, at any moment, is as its note says.
        """
        with self._reached():
            self._tidy(album)
            for step in album.of("remove", "replace"):
                self.path(step.path).unlink(missing_ok=True)
                if step.action == "remove":
                    self.done.add(step.path)
            after = album.files
            coming = album.of("copy", "replace")
            if not after:
                self._remove_notes(album.name)
            elif after != album.noted or coming or album.name in self._torn or self._is_of_older(album):
                moving = {step.path for step in coming if delivery.is_taken_up(step.path, self._profile)}
                before = {path: None if path in moving or not self.whole else held for path, held in after.items()}
                self._note(album, before, staging)
                self._copy(album, staging, told)
                if moving or not self.whole:
                    self._note(album, after, staging)
            for step in album.of("copy", "replace", "keep", "remove"):
                self._remove_fork(self.path(step.path))
            self._remove_folders([*(step.path for step in album.of("remove")), *(album.noted.keys() - after.keys())])

    def _copy(self, album: Delivery, staging: Path, told: Progress) -> None:
        times = self._times(album)
        for step in album.of("copy", "replace"):
            assert step.content is not None
            place = self.path(step.path)
            self._put(staging / step.path, place, step.content, partial(told, step.path))
            self.done.add(step.path)
            if step.path in times:
                with contextlib.suppress(OSError):
                    os.utime(place, (times[step.path], times[step.path]))

    def _times(self, album: Delivery) -> dict[str, int]:
        """Where the order of copying counts the files' times have it too, as far apart as FAT32 can tell."""
        if self._profile.order != "copy":
            return {}
        coming = album.of("copy", "replace")
        kept = [self.path(step.path).stat().st_mtime for step in album.of("keep") if step.there is not None]
        first = max(int(time.time()) - _TICK * len(coming), int(max(kept, default=0)) + _TICK)
        return {step.path: first + _TICK * place for place, step in enumerate(coming)}

    def _is_of_older(self, album: Delivery) -> bool:
        """Whether its note does not tell yet what it was made of."""
        return bool(album.script) and not self.scripts.get(album.name)

    def _note(self, album: Delivery, files: Files, staging: Path) -> None:
        manifest.write(staging, album.name, files, album.script)
        source, target = manifest.path_of(staging, album.name), manifest.path_of(self.top, album.name)
        content = manifest.content(source)
        try:
            if not self.whole:
                self._put(source, target.with_name(target.name + _SPARE), content)
            self._put(source, target, content)
        except (OSError, ExportError) as error:
            if not self.whole or _number(error) not in _UNKNOWN_TO_IT:
                raise
            self._by = Desktop(None)  # it cannot rename, or flush: what is simplest has to do
            self._note(album, dict.fromkeys(files), staging)

    def _put(
        self, source: Path, target: Path, content: Content, told: Callable[[int], None] = lambda size: None
    ) -> None:
        """Not where the device was: the folder that it was mounted on may be left behind."""
        if self.top.stat().st_dev != self._mount:
            raise OSError(errno.ENODEV, "it was unmounted", str(self.top))
        self._by.put(source, target, content, told)

    def _remove_notes(self, name: str) -> None:
        path = manifest.path_of(self.top, name)
        path.unlink(missing_ok=True)
        path.with_name(path.name + _SPARE).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()

    def _tidy(self, album: Delivery) -> None:
        """Removes what copying has left unfinished in the folders of an album."""
        paths = {*album.noted, *(step.path for step in album.steps), f"{manifest.FOLDER}/x"}
        for folder in {self.path(path).parent for path in paths}:
            atomic.tidy(folder)

    def _remove_folders(self, paths: Iterable[str]) -> None:
        """Those that are empty, but for the device's own."""
        own = [PurePosixPath(self._profile.folder), PurePosixPath(self._profile.fit)]
        for folder in manifest.folders(paths):
            if not any(one.is_relative_to(folder) for one in own):
                with contextlib.suppress(OSError):
                    self.path(f"{folder}/x").parent.rmdir()

    def _remove_fork(self, path: Path) -> None:
        """What a Mac has put beside a file of ours, and players take for another track."""
        fork = path.with_name(f"._{path.name}")
        if fork.is_file():
            with fork.open("rb") as file:
                ours = file.read(len(_RESOURCE_FORK)) == _RESOURCE_FORK
            if ours:
                fork.unlink()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ExportError) as error:
            number = _number(error)
            if number is None:
                raise
            raise self._refused(error, number) from error

    def _refused(self, error: BaseException, number: int) -> DeviceError:
        cause = error if isinstance(error, OSError) else error.__cause__
        why = str(getattr(cause, "strerror", "") or cause).lower()
        again = "do this again: what has arrived stays, and the rest is copied"
        if number in _GONE or not _answers(self.top):
            return DeviceError(f"{self.top}: does not answer any more ({why}): plug it in again, and {again}")
        if number in _FULL:
            return DeviceError(f"{self.top}: is full: free some space on it, and {again}")
        if number in _NO_ENTRY:
            return DeviceError(f"{self.top}: lets nobody write ({why}): is it locked, or mounted to be read only?")
        where = getattr(cause, "filename", None) or self.top
        return DeviceError(f"{where}: is refused ({why}): check the device, and {again}")


def _is_torn(there: bytes, source: Path) -> bool:
    begun = there.rstrip(b"\0")
    with source.open("rb") as file:
        return file.read(len(begun)) == begun


def _number(error: BaseException) -> int | None:
    """The number of what the system says is wrong; None where it is not the system that says something."""
    cause = error if isinstance(error, OSError) else error.__cause__
    return (cause.errno or 0) if isinstance(cause, OSError) else None


def _answers(top: Path) -> bool:
    try:
        os.stat(top)  # noqa: PTH116 (is_dir would hide why)
    except OSError:
        return False
    return True
