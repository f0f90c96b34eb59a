"""Where a device is: the drives and watches that the computer has mounted, and which of them is meant.

A device is known by what its drive is called, or else by the folders that all of its kind have.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from voicecoach.devices import names
from voicecoach.errors import DeviceError

if TYPE_CHECKING:
    from voicecoach.devices.profile import Profile

_MTP = "mtp:"
"""How the folder of a device without a drive is called by a desktop (gvfs)."""


class Volume(NamedTuple):
    """Something mounted: the folder that it is, and what it is called."""

    path: Path
    label: str


def find(profile: Profile, volumes: Sequence[Volume]) -> Path:
    """The top of the one device there is, of those that are mounted.

    Raises DeviceError where none is there, or several are.
    """
    there = ", ".join(f'"{volume.label}"' for volume in volumes) or "nothing"
    otherwise = f'name its folder (--to PATH), or make it here: "voicecoach export --for {profile.name}"'
    if profile.connection == "phone":
        raise DeviceError(f"{profile.title}: is reached by an app on a phone, not from here: {otherwise}")
    looked_for = " or ".join(_looked_for(profile))
    if not looked_for:
        raise DeviceError(f"{profile.title}: nothing tells it from other drives: {otherwise}")
    found = matching(volumes, profile)
    if not found:
        undrivable = profile.connection == "mtp" and sys.platform != "linux"
        hint = "it has no drive, and is not reached from this system" if undrivable else "plug it in"
        raise DeviceError(
            f"{profile.title}: not found; looked for {looked_for}, and {there} is there: {hint}, or {otherwise}"
        )
    if _is_common(profile) and not _called(volumes, profile):
        called = f"no drive is called {_quoted(profile.labels)}, and " if profile.labels else ""
        has = (
            f'{" and ".join(map(str, found))} {"has" if len(found) == 1 else "have"} the folder "{profile.markers[0]}"'
        )
        raise DeviceError(
            f"{profile.title}: {called}{has}, as many drives do: "
            f"if it is that one, say so (--to {' or --to '.join(map(str, found))})"
        )
    if len(found) > 1:
        raise DeviceError(f"{profile.title}: several are there: say which (--to {' or --to '.join(map(str, found))})")
    return found[0]


def _looked_for(profile: Profile) -> Iterator[str]:
    if profile.labels:
        yield f"a drive called {_quoted(profile.labels)}"
    if profile.markers:
        yield "one with the folder " + " and ".join(f'"{marker}"' for marker in profile.markers)


def _quoted(labels: Iterable[str]) -> str:
    return " or ".join(f'"{label}"' for label in labels)


def _is_common(profile: Profile) -> bool:
    """Whether its folders tell nothing: where audio goes is called the same on many drives."""
    folder = names.key(profile.folder.split("/")[0])
    return bool(profile.markers) and all(names.key(marker) == folder for marker in profile.markers)


def _called(volumes: Sequence[Volume], profile: Profile) -> list[Volume]:
    wanted = [label.casefold() for label in profile.labels]
    return [volume for volume in volumes if any(label in volume.label.casefold() for label in wanted)]


def matching(volumes: Sequence[Volume], profile: Profile) -> tuple[Path, ...]:
    """The tops of the devices of a kind: by name where one is called so, otherwise by folders."""
    if called := _called(volumes, profile):
        return tuple(top(volume.path, profile) for volume in called)
    places = (place for volume in volumes for place in _storages(volume.path, profile))
    return tuple(place for place in places if _is_marked(place, profile))


def top(path: Path, profile: Profile) -> Path:
    """The folder on a device that its profile counts from: the storage inside it, where it has some."""
    places = _storages(path, profile)
    marked = next((place for place in places if _is_marked(place, profile)), None)
    return marked or (places[-1] if _is_watch(path) and len(places) == 2 else path)


def _storages(path: Path, profile: Profile) -> list[Path]:
    """A device itself, then the storages in it; a watch without a drive is nothing but storages."""
    known = [place for storage in profile.storages if (place := entry(path, storage)) is not None]
    every = [place for place in _seen(path, "*") if place.is_dir()] if _is_watch(path) else []
    return list(dict.fromkeys([path, *known, *every]))


def _is_watch(path: Path) -> bool:
    return path.name.startswith(_MTP)


def _is_marked(path: Path, profile: Profile) -> bool:
    return bool(profile.markers) and all(below(path, marker) is not None for marker in profile.markers)


def below(folder: Path, path: str) -> Path | None:
    """The folder of a path on a device, whatever the case that it is written in there; None where there is none."""
    here: Path | None = folder
    for part in PurePosixPath(path).parts:
        here = here and entry(here, part)
    return here


def entry(folder: Path, name: str) -> Path | None:
    """The folder of a name in another, whatever its case; None where there is none."""
    wanted = names.key(name)
    try:
        found = sorted(each for each in folder.iterdir() if names.key(each.name) == wanted and each.is_dir())
    except OSError:
        return None
    exact = folder / name
    return exact if exact in found else found[0] if found else None


def mounted() -> tuple[Volume, ...]:
    """What is mounted now and may be a device."""
    return tuple(dict.fromkeys(_mounted()))


def on_linux(root: Path, is_mount: Callable[[Path], bool] = os.path.ismount) -> Iterator[Volume]:
    """Drives where desktops mount them, by hand below ``/mnt``, and watches that gvfs shows."""
    for pattern in ("media/*", "media/*/*", "run/media/*/*", "mnt/*"):
        yield from (Volume(path, path.name) for path in _seen(root, pattern) if is_mount(path))
    for path in _seen(root, f"run/user/{_user()}/gvfs/{_MTP}*"):
        yield Volume(path, unquote(path.name))


def on_mac(root: Path, is_mount: Callable[[Path], bool] = os.path.ismount) -> Iterator[Volume]:
    """All below ``/Volumes`` but the computer's own disk."""
    for path in _seen(root, "Volumes/*"):
        if is_mount(path) and not path.is_symlink():
            yield Volume(path, path.name)


def is_of_desktop(path: Path) -> bool:
    """Whether a folder is a device that gvfs shows: it has no drive, and knows no more than whole files."""
    return any(part.startswith(_MTP) for part in path.parts) and "gvfs" in path.parts


def _user() -> str:
    return str(os.getuid()) if sys.platform != "win32" else ""


def _seen(root: Path, pattern: str) -> Iterable[Path]:
    """In order; a folder that nobody may look into has nothing in it."""
    try:
        return sorted(root.glob(pattern))
    except OSError:
        return ()


if sys.platform == "win32":
    import ctypes
    import string

    def _mounted() -> Iterator[Volume]:
        """Drives with their labels; those without a disk in them, and those of a network, are passed over."""
        removable, fixed = 2, 3
        for letter in string.ascii_uppercase[2:]:
            drive = f"{letter}:\\"
            if ctypes.windll.kernel32.GetDriveTypeW(drive) not in (removable, fixed):
                continue
            label = ctypes.create_unicode_buffer(261)
            if ctypes.windll.kernel32.GetVolumeInformationW(drive, label, 261, None, None, None, None, 0):
                yield Volume(Path(drive), label.value or drive)

else:

    def _mounted() -> Iterator[Volume]:
        return on_mac(Path("/")) if sys.platform == "darwin" else on_linux(Path("/"))
