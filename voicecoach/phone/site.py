"""A folder of pages that any web space serves: a page and an audio file a workout, a list, and a podcast feed.

What is ours in it is noted as for a device (``devices.manifest``), so that nothing of anybody else's is replaced. A
workout that was exported into it before stays in the list.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from voicecoach.devices import manifest
from voicecoach.devices.manifest import Content, Files
from voicecoach.devices.names import key
from voicecoach.errors import AudioFileError, ExportError
from voicecoach.export import feed
from voicecoach.export.captions import KINDS
from voicecoach.export.feed import Episode
from voicecoach.phone import catalogue
from voicecoach.phone.catalogue import Entry
from voicecoach.store.atomic import writing

INDEX = "index.html"
FEED = "feed.xml"
AUDIO = "mp3"
"""The format of the audio files that the feed tells of, where none is named: the one that every player takes."""
_LIST = "index"
"""What the notes call the list and the feed."""
_PAGE = ".html"


class Was(NamedTuple):
    """A file as it was: what it held, and when it was last changed."""

    content: Content
    changed: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What will be ours in the folder ``top``: the files of each workout; and those that were there ``before``."""

    top: Path
    files: Mapping[str, Sequence[str]]
    before: Mapping[str, Was]


def files(name: str, audio: str) -> tuple[str, ...]:
    """The files of a workout: its page, its audio of the format ``audio``, and the chapters of that."""
    return f"{name}{_PAGE}", f"{name}.{audio}", f"{name}{KINDS['chapters'].suffix}"


def claim(top: Path, workouts: Mapping[str, Sequence[str]]) -> Claim:
    """Notes that the files of some workouts, by their names, are going to be ours.

    Raises ExportError where one of them, or the list, is somebody else's, or a workout is called like the list.
    """
    taken = next((name for name in workouts if key(name) == key(_LIST)), None)
    if taken is not None:
        raise ExportError(f"{taken}: its page would take the place of the list, {INDEX}: give the script another name")
    wanted = {**workouts, _LIST: (INDEX, FEED)}
    noted = {name: manifest.read(top, name) for name in wanted}
    for name, paths in wanted.items():
        manifest.refuse_foreign(top, noted[name], paths)
    before = {path: was for paths in wanted.values() for path in paths if (was := _was(top / path)) is not None}
    for name, paths in wanted.items():
        manifest.write(top, name, {**noted[name], **dict.fromkeys(paths)})
    return Claim(top, workouts, before)


def finish(claimed: Claim, *, title: str, address: str = "", latest: float | None = None) -> tuple[int, list[str]]:
    """Writes the list and the feed of all workouts that the folder holds, and notes what is there now.

    ``address`` is that of the folder on the web, as ``feed.base`` gives it; empty where it is not known: then those in
    the feed are relative. No file is dated later than ``latest``. Gives how many workouts the list has, and what is
    wrong with files of theirs. Raises ExportError.
    """
    top = claimed.top
    for name, paths in claimed.files.items():
        manifest.write(top, name, _here(claimed, {**manifest.read(top, name), **dict.fromkeys(paths)}))
    entries: list[Entry] = []
    episodes: list[Episode] = []
    troubles: list[str] = []
    for name, noted in manifest.known(top).items():
        page = f"{name}{_PAGE}"
        if name == _LIST or page not in noted or not (top / page).is_file():
            continue
        audio = _audio(top, noted)
        episode = None
        if audio is not None:
            try:
                episode = feed.episode(audio, latest)
            except AudioFileError as error:
                troubles.append(str(error))
        entries.append(_entry(name, page, episode))
        episodes += [episode] if episode is not None else []
    entries.sort(key=lambda entry: (entry.title.casefold(), entry.page))
    with writing(top / INDEX) as file:
        file.write(catalogue.catalogue(entries, title=title, feed=FEED if episodes else ""))
    if episodes:
        with writing(top / FEED) as file:
            file.write(feed.feed(episodes, address, title, own_name=FEED))
    manifest.write(top, _LIST, _here(claimed, dict.fromkeys((INDEX, FEED))))
    return len(entries), troubles


def _entry(name: str, page: str, episode: Episode | None) -> Entry:
    if episode is None:
        return Entry(title=name, page=page)
    return Entry(
        title=episode.title,
        page=page,
        summary=episode.summary,
        language=episode.language,
        seconds=episode.seconds,
        audio=episode.name,
    )


def _audio(top: Path, noted: Files) -> Path | None:
    return next((top / name for name in noted if feed.is_audio(top / name)), None)


def _was(path: Path) -> Was | None:
    try:
        return Was(manifest.content(path), path.stat().st_mtime_ns)
    except OSError:
        return None


def _here(claimed: Claim, paths: Iterable[str]) -> Files:
    """What is there of some files. One that was written anew and is as before keeps its time: it is no news."""
    found: dict[str, Content | None] = {}
    for name in paths:
        path = claimed.top / name
        if not path.is_file():
            continue
        found[name] = manifest.content(path)
        was = claimed.before.get(name)
        if was is not None and was.content == found[name]:
            os.utime(path, ns=(was.changed, was.changed))
    return found
