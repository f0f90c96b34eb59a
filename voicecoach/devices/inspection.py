"""What of a folder a device will refuse, put out of order or mangle; also where the audio was not made here."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from voicecoach.devices import manifest, names, playlist, playlist_faults, track_faults, volumes
from voicecoach.devices.finding import Finding
from voicecoach.errors import AudioFileError, DeviceError, counted, shown

if TYPE_CHECKING:
    from voicecoach.devices.profile import Profile
    from voicecoach.devices.track import Track

MOST_FILES = 50_000
"""Files that are looked at; a folder with more is no folder of workouts."""
_LARGEST_PLAYLIST = 5_000_000
_LARGEST_FIT = 5_000_000
_LITTER = {".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".spotlight-v100", ".trashes", ".fseventsd"}
"""What systems leave in folders, in small letters."""
_WINDOWS = "system volume information"
"""Windows makes it anew on every drive; nothing in it is looked at."""
_FIT = ".fit"
_TICK = 2.0
"""Seconds between two times of FAT32."""
_FIGURES = re.compile(r"(\d+)")


def inspect(folder: Path, profile: Profile) -> tuple[Finding, ...]:
    """Everything in a folder that a device will not take as it is meant, by path.

    ``folder`` is what is to be copied, or the device itself. Raises DeviceError where it is no folder, cannot be read,
    or holds far too many files.
    """
    inside = _inside(folder, profile)
    music = inside or folder
    files = {path: file for path, file in _files(music).items() if not _is_note(path)}
    lead = "" if music == folder else f"{music.relative_to(folder).as_posix()}/"
    found = [replace(each, path=f"{lead}{each.path}".removesuffix("/.")) for each in _of_audio(music, files, profile)]
    found += _outside(folder, inside) if inside is not None else ()
    if not any(_is_audio(path) or Path(path).suffix.lower() == _FIT for path in files):
        where = lead.rstrip("/") or "."
        fix = f"copy audio into it, as voicecoach export --for {profile.name} makes it"
        found.append(Finding(where, "no-audio", "there is no audio in it", fix))
    return tuple(sorted([*found, *_workouts(folder, music, profile)]))


def _is_note(path: str) -> bool:
    """Whether it is where albums keep what they know of their own files, which no player looks at."""
    return path.startswith(f"{manifest.FOLDER}/") and path.endswith(".json")


def _is_audio(path: str) -> bool:
    return not _litter(path) and Path(path).suffix.lower() in track_faults.SUFFIXES


def _outside(folder: Path, music: Path) -> Iterator[Finding]:
    """Audio on a device that is not below its folder for audio: a finding a folder, and one for each empty file."""
    lost: dict[str, list[str]] = {}
    for path, file in _files(folder, but=music).items():
        if not _is_audio(path):
            continue
        if _size(file):
            lost.setdefault(str(PurePosixPath(path).parent), []).append(PurePosixPath(path).name)
        else:
            yield _empty(path)
    place = music.relative_to(folder).as_posix()
    for parent, files in lost.items():
        more = f" and {counted(len(files) - 1, 'file')} more" if len(files) > 1 else ""
        why = f"it looks for audio in {place}, and not for {shown(files[0])}{more} here"
        yield Finding(parent, "outside", why, f"move it into {place}")


def _inside(folder: Path, profile: Profile) -> Path | None:
    """The device's folder for audio within what may be the device; names are compared without case."""
    for start in ("", *profile.storages):
        here = volumes.below(folder, f"{start}/{profile.folder}".strip("/"))
        if here is not None and here != folder:
            return here
    return None


def _files(folder: Path, but: Path | None = None) -> dict[str, Path]:
    """Every file below a folder by its path from there on, without those below ``but``.

    Links to folders are not followed.
    """
    found: dict[str, Path] = {}

    def refuse(error: OSError) -> None:
        raise DeviceError(f"{error.filename}: cannot be read: {(error.strerror or str(error)).lower()}") from error

    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "is not there"
        raise DeviceError(f"{folder}: {what} (the folder to copy is needed, or the device itself)")
    for parent, folders, inside in os.walk(folder, onerror=refuse):
        there = (each for each in folders if each.lower() != _WINDOWS and Path(parent, each) != but)
        folders[:] = sorted(there, key=_counted)
        for name in sorted(inside, key=_counted):
            path = Path(parent, name)
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path
        if len(found) > MOST_FILES:
            raise DeviceError(f"{folder}: holds more than {MOST_FILES:,} files (name one folder of it)")
    return found


def _of_audio(music: Path, files: Mapping[str, Path], profile: Profile) -> Iterator[Finding]:
    litter = {path: left for path in files if (left := _litter(path))}
    for path in set(litter.values()):
        yield Finding(path, "litter", "another system left it; some players take it for a track", "delete it")
    real = {path: file for path, file in files.items() if path not in litter and file.suffix.lower() != _FIT}
    yield from _names(real, profile)
    audio = {path: file for path, file in real.items() if _is_audio(path)}
    tracks: dict[str, Track] = {}
    for path, file in audio.items():
        yield from _track(path, file, profile, tracks)
    yield from _amounts(audio, real, profile)
    yield from _order(audio, tracks, profile)
    yield from _playlists(music, audio, real, profile)


def _litter(path: str) -> str:
    """The file or folder on the way to ``path`` that some system left there; empty where there is none."""
    parts = path.split("/")
    for place, part in enumerate(parts):
        if part.lower() in _LITTER or part.startswith("._"):
            return "/".join(parts[: place + 1])
    return ""


def _names(files: Mapping[str, Path], profile: Profile) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    folders = dict.fromkeys(parent.as_posix() for path in files for parent in PurePosixPath(path).parents)
    for path in (*(each for each in folders if each != "."), *files):
        here = PurePosixPath(path)
        suffix = here.suffix if path in files else ""
        better = names.unique([here.name.removesuffix(suffix)], suffix, profile)[0]
        for kind, why in names.faults(here.name, profile):
            yield Finding(path, kind, why, f"call it {shown(better)}")
        same = seen.setdefault(names.key(path), path)
        if same != path and profile.fat32:
            yield Finding(path, "name-same", f"it is the same name as {shown(same)} there", "give one of them another")
    deep = {path: len(PurePosixPath(path).parts) - 1 for path in files}
    for parent in sorted({str(PurePosixPath(path).parent) for path in files if deep[path] > profile.subfolders}):
        why = f"it reads {counted(profile.subfolders, 'level')} of folders"
        yield Finding(parent, "too-deep", why, "move the files up")


def _track(path: str, file: Path, profile: Profile, tracks: dict[str, Track]) -> Iterator[Finding]:
    from voicecoach.devices import track  # brings FFmpeg

    try:
        size = file.stat().st_size
        if size:
            tracks[path] = track.read(file)
            yield from track_faults.found(tracks[path], path, profile)
        else:
            yield _empty(path)
        if profile.largest_file is not None and size > profile.largest_file:
            why = f"it has {size / 1e6:,.0f} MB; at most {profile.largest_file / 1e6:,.0f} are taken"
            yield Finding(path, "too-large", why, "cut it, or take a smaller bitrate")
    except (AudioFileError, OSError) as error:
        why = str(error).removeprefix(f"{file}: ") or "it cannot be read"
        yield Finding(path, "damaged", why, "copy it again, or delete it")


def _empty(path: str) -> Finding:
    fix = "copy it again; where it comes back after it was deleted, format the drive on the device"
    return Finding(path, "empty", "it has 0 bytes, as after a copy that was interrupted", fix)


def _amounts(audio: Mapping[str, Path], files: Mapping[str, Path], profile: Profile) -> Iterator[Finding]:
    for parent, paths in _by_folder(audio).items():
        if profile.folder_files is not None and len(paths) > profile.folder_files:
            why = f"it holds {len(paths)} audio files; at most {profile.folder_files} stay in order"
            yield Finding(parent, "too-many-files", why, "make longer tracks, or more folders")
    if profile.order != "playlist" and profile.songs is not None and len(audio) > profile.songs:
        why = f"there are {len(audio)} songs; at most {profile.songs} are taken"
        yield Finding(".", "too-many-songs", why, "make longer tracks")
    total = sum(_size(file) for file in files.values())
    if profile.size_limit is not None and total > profile.size_limit:
        why = f"there are {total / 1e6:,.0f} MB; at most {profile.size_limit / 1e6:,.0f} are taken"
        yield Finding(".", "too-much", why, "take a smaller bitrate, or copy less")


def _order(audio: Mapping[str, Path], tracks: Mapping[str, Track], profile: Profile) -> Iterator[Finding]:
    """Whether files come in the order that their names count in."""
    if profile.order == "playlist":
        return
    for parent, paths in _by_folder(audio).items():
        meant = sorted(paths, key=_counted)
        plain = sorted(paths, key=str.casefold)
        if meant != plain and profile.order != "tags":
            first = next(one for one, other in zip(plain, meant, strict=True) if one != other)
            digits = max(2, len(str(len(paths))))
            why = f"{shown(PurePosixPath(first).name)} comes too early: names are sorted letter by letter"
            yield Finding(
                parent,
                "order-names",
                why,
                f"write the numbers with noughts, {1:0{digits}d}, {2:0{digits}d} …",
            )
        if profile.order == "copy":
            yield from _copied(meant, audio)
        if profile.order == "tags":
            yield from _numbers(parent, meant, tracks)


def _copied(meant: list[str], audio: Mapping[str, Path]) -> Iterator[Finding]:
    for one, other in itertools.pairwise(meant):
        if audio[one].stat().st_mtime - audio[other].stat().st_mtime > _TICK:
            why = f"it is older than {shown(PurePosixPath(one).name)}, and will be played before it"
            yield Finding(other, "order-copied", why, "empty the folder and copy the files again, one after the other")
            return


def _numbers(parent: str, meant: list[str], tracks: Mapping[str, Track]) -> Iterator[Finding]:
    albums: dict[str, list[int | None]] = {}
    for path in meant:
        if path in tracks:
            albums.setdefault(tracks[path].texts.get("album", ""), []).append(tracks[path].number)
    for numbers in albums.values():
        known = [number for number in numbers if number is not None]
        if len(numbers) > 1 and len(known) < len(numbers):
            why = f"{counted(len(numbers) - len(known), 'file')} without a track number"
            yield Finding(parent, "order-tags", why, "give each its number")
        elif any(one >= other for one, other in itertools.pairwise(known)):
            why = "track numbers go another way than names"
            yield Finding(parent, "order-tags", why, "number the tracks as their names are")


def _playlists(
    music: Path, audio: Mapping[str, Path], files: Mapping[str, Path], profile: Profile
) -> Iterator[Finding]:
    known = playlist_faults.by_key(audio, profile)
    there = {path: file for path, file in files.items() if file.suffix.lower() in playlist.SUFFIXES}
    listed: set[str | None] = set()
    for path, file in there.items():
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_PLAYLIST)
        yield from playlist_faults.found(content, path, profile, known, music.name)
        lines = playlist.read(playlist_faults.decoded(content)[0])
        listed.update(playlist_faults.named(line, path, profile, known, music.name) for line in lines)
    again = f"make the folder anew with voicecoach export --for {profile.name}"
    if profile.order == "playlist" and audio and not there:
        yield Finding(".", "no-playlist", "only a playlist gives the tracks an order", again)
    for path in audio if profile.order == "playlist" and there else ():
        if path not in listed:
            yield Finding(path, "not-in-playlist", "no playlist names it, so it is not in order", f"add it, or {again}")


def _workouts(folder: Path, music: Path, profile: Profile) -> Iterator[Finding]:
    """Those beside the audio, and those in the folder that is for them."""
    top = music
    for _ in PurePosixPath(profile.folder).parts if music != folder else ():
        top = top.parent
    place = volumes.below(top, profile.fit)
    looked = {music} | ({place} if place is not None and profile.fit else set())
    files = sorted({file for each in looked for file in _files(each).values() if file.suffix.lower() == _FIT})
    for file in files:
        path = file.relative_to(folder).as_posix()
        if not profile.fit:
            yield Finding(path, "fit", "it takes no FIT workouts", "leave it out")
        elif file.parent != place:
            yield Finding(path, "fit", "it is not looked for here", f"move it to {profile.fit}")
        elif not _is_fit(file):
            yield Finding(path, "fit", "it is no FIT file, or a damaged one", "copy it again")


def _is_fit(file: Path) -> bool:
    """Whether a FIT file is whole: its header, its length, and its checksum."""
    from voicecoach.export.formats.xing import checksum

    with file.open("rb") as opened:
        content = opened.read(_LARGEST_FIT)
    if len(content) < 14 or content[0] not in (12, 14) or content[8:12] != b".FIT":
        return False
    end = content[0] + int.from_bytes(content[4:8], "little")
    return len(content) == end + 2 and checksum(content[:end]) == int.from_bytes(content[end:], "little")


def _by_folder(audio: Mapping[str, Path]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in audio:
        found.setdefault(str(PurePosixPath(path).parent), []).append(path)
    return found


def _counted(name: str) -> tuple[list[tuple[int, str]], str]:
    """Sorts names as people count: 1, 2, 10."""
    parts = _FIGURES.split(name.casefold())
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts], name


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
