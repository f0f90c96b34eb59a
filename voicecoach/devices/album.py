"""A session as the folder that a device wants: its tracks, how they are called, and what lies beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import pipeline
from voicecoach.devices import fit, manifest, names, playlist, spoken
from voicecoach.errors import ExportError
from voicecoach.export import sizes
from voicecoach.export import tags as tagging
from voicecoach.export.batch import Beside, Job, Written
from voicecoach.export.cuts import NEAR, Split, Stretch, part, split, stretches
from voicecoach.export.exporter import Progress, Track, export_tracks, with_captions
from voicecoach.export.formats import FORMATS, Silence
from voicecoach.export.tags import Chapter, Tags
from voicecoach.store.atomic import make_folder, writing
from voicecoach.units import LOUDNESS

if TYPE_CHECKING:
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.devices.profile import Profile, Taken
    from voicecoach.export.formats.format import Encoding
    from voicecoach.export.tags import TagVersion
    from voicecoach.timeline.model import Timeline


class Piece(NamedTuple):
    """A track: its path from the folder for audio on, and the stretch of the session that it is."""

    path: str
    stretch: Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """A session as a device has it; ``playlist`` is a path and its text, where the device reads one."""

    title: str
    pieces: tuple[Piece, ...]
    playlist: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a session goes onto a device: what a call says, and where it says nothing, what its profile does.

    ``name`` is what the album's files are kept under, and ``title`` what it is called; ``bit_rate`` is in bits a
    second, ``size_limit`` in bytes. ``numbered`` lets a voice say the number of each track as it begins; ``captions``
    are kinds to lie beside each, besides those that the device reads.
    """

    profile: Profile
    name: str = ""
    title: str = ""
    split: Split | None = None
    format: str | None = None
    bit_rate: int | None = None
    size_limit: int | None = None
    numbered: bool = False
    captions: tuple[str, ...] = ()

    def __call__(self, job: Job, arrangement: Arrangement, workers: int | None, progress: Progress | None) -> Written:
        """Makes the album in the folder ``job.path``. Raises ExportError and UnknownFormatError."""
        return _write(self, job, arrangement, workers, progress)


def planned(
    title: str, found: Sequence[Stretch], suffix: str, profile: Profile, rate: int, taken: Sequence[str] = ()
) -> Album:
    """Which files there are, for stretches of a session at ``rate`` hertz; ``taken`` are the paths of other albums.

    Raises ExportError where the device takes no more so many.
    """
    if profile.songs is not None and len(found) > profile.songs:
        raise ExportError(
            f'"{title}": {len(found)} tracks are more than {profile.title} takes ({profile.songs}): '
            "split it less (--split block, --split 10min)"
        )
    used = {names.key(path.split("/")[0]) for path in taken}
    folder = names.unique([title], "", profile, used)[0]
    titles = [one.title for one in found]
    if len(found) == 1:
        paths = names.unique([title], suffix, profile, used)
    elif profile.subfolders == 0:
        digits = max(2, len(str(len(found))))
        rows = (f"{title} {number:0{digits}} {one}" for number, one in enumerate(titles, start=1))
        paths = names.unique(rows, suffix, profile, taken)
    else:
        files = names.numbered(titles, suffix, profile)
        room = profile.folder_files or len(files)
        several = len(files) > room
        paths = tuple(
            f"{names.unique([f'{folder} {at // room + 1}'], '', profile, used)[0] if several else folder}/{file}"
            for at, file in enumerate(files)
        )
    pieces = tuple(Piece(path, one) for path, one in zip(paths, found, strict=True))
    entries = [playlist.Entry(path, one.title, (one.end - one.start) / rate) for path, one in pieces]
    text = playlist.text(entries, profile)
    listed = names.unique([title], playlist.SUFFIX, profile, used)[0]
    return Album(title=title, pieces=pieces, playlist=(listed, text) if text else None)


def encodings(wish: Wish, arrangement: Arrangement) -> Iterator[Encoding]:
    """Those that the device takes, best first: the one that is wanted, then smaller ones.

    Raises ExportError for a format or bit rate that the device does not take, and UnknownFormatError.
    """
    profile = wish.profile
    if arrangement.channels > profile.channels:
        raise ExportError(f'"{wish.title}": {profile.title} plays mono only, and music has two channels')
    offered = [taken for taken in profile.makes if wish.format in (None, taken.name)]
    if not offered:
        there = ", ".join(taken.name for taken in profile.makes)
        raise ExportError(f"{profile.title} takes no {wish.format} that can be made here (it takes: {there})")
    first = _wanted(offered[0], wish, arrangement)
    every = (encoding for taken in offered for encoding in _offered(taken, profile, arrangement))
    return sizes.smaller(first, every if wish.bit_rate is None else ())


def _wanted(taken: Taken, wish: Wish, arrangement: Arrangement) -> Encoding:
    made, channels = FORMATS[taken.name], arrangement.channels
    rate = wish.bit_rate
    if rate is not None and not taken.least <= rate / 1000 <= taken.most:
        raise ExportError(f"{wish.profile.title} takes {taken.name} of {taken.least} to {taken.most} kbit/s")
    silence: Silence = "small" if wish.profile.variable_bitrate else "constant"
    if rate is None and made.choice and not (silence == "small" and made.small_bit_rate and channels == 1):
        kbits = taken.speech if channels == 1 else taken.music
        rate = max((each for each in made.choice if each <= 1000 * kbits), default=made.choice[0])
    return made.encoding(arrangement.rate, channels, silence, rate)


def _offered(taken: Taken, profile: Profile, arrangement: Arrangement) -> Iterator[Encoding]:
    made = FORMATS[taken.name]
    silences: list[Silence] = (
        ["constant", "small"] if profile.variable_bitrate and made.small_bit_rate else ["constant"]
    )
    for silence in silences:
        for rate in made.choice:
            if taken.least <= rate / 1000 <= taken.most:
                yield made.encoding(arrangement.rate, arrangement.channels, silence, rate)


def _write(wish: Wish, job: Job, arrangement: Arrangement, workers: int | None, progress: Progress | None) -> Written:
    """The best that fits."""
    limits = [limit for limit in (wish.size_limit, wish.profile.size_limit) if limit is not None]
    limit = min(limits, default=None)
    least: list[int] = []
    for encoding in encodings(wish, arrangement):
        size = sizes.estimated(arrangement, encoding)
        if limit is None or size <= limit:
            made = _made(wish, job, arrangement, encoding, workers, progress)
            if limit is None or made.size <= limit:
                return made
            size = made.size
        least.append(size)
    raise sizes.too_large(wish.title, limit or 0, wish.profile.title, min(least))


def _made(
    wish: Wish,
    job: Job,
    arrangement: Arrangement,
    encoding: Encoding,
    workers: int | None,
    progress: Progress | None,
) -> Written:
    profile, top = wish.profile, job.path
    codec, segments = encoding.codec(), job.timeline.segments
    arrangement = arrangement.louder(profile.loudness - LOUDNESS)
    found = stretches(arrangement, segments, wish.split or split(profile.split), codec)
    if wish.numbered and len(found) > 1:
        arrangement, found = spoken.numbered(arrangement, found, codec)
    before, others = manifest.read(top, wish.name), manifest.others(top, wish.name)
    inside = f"{profile.folder}/" if profile.folder else ""
    taken = [path.removeprefix(inside) for path in others]
    album = planned(wish.title, found, encoding.format.suffix, profile, arrangement.rate, taken)
    about = _about(job.timeline, arrangement, profile)
    kinds = dict.fromkeys((*profile.captions, *wish.captions))
    near = int(NEAR * arrangement.rate)
    tracks = []
    for number, (path, one) in enumerate(album.pieces, start=1):
        own = _tags(about, one, number, album, profile, near)
        track = Track(top / f"{inside}{path}", one.start, one.end, own)
        tracks.append(with_captions(track, part(arrangement, one), kinds) if kinds else track)
    files = [path for track in tracks for path in (track.path, *(beside for beside, _ in track.texts))]
    if album.playlist is not None:
        files.append(top / f"{inside}{album.playlist[0]}")
    beside = [
        (top / _beside(one, wish, [*(path.path for path in album.pieces), *taken]), one)
        for one in (make(job.timeline, arrangement, Path(wish.title)) for make in job.beside)
    ]
    files += [path for path, _ in beside]
    paths = [path.relative_to(top).as_posix() for path in files]
    for path in paths:
        if path not in before and (top / path).exists():
            raise ExportError(
                f"{top / path}: is there, and is not one of voicecoach's: move it, or name another folder (-o)"
            )
    manifest.write(top, wish.name, {**before, **dict.fromkeys(paths)})
    for folder in {path.parent for path in files}:
        make_folder(folder)
    export_tracks(arrangement, tracks, encoding, jobs=workers, cache=pipeline.cache(), progress=progress)
    if album.playlist is not None:
        with writing(top / f"{inside}{album.playlist[0]}") as file:
            file.write(album.playlist[1].encode("utf-8"))
    for place, other in beside:
        with writing(place) as file:
            file.write(other.content)
    here = {path: manifest.content(top / path) for path in paths}
    changed = manifest.remove(top, {path: held for path, held in before.items() if path not in here})
    manifest.write(top, wish.name, here)
    return Written(
        files=tuple(files),
        size=sum(held.size for held in here.values()),
        beside=tuple(beside),
        notes=tuple(f"{top / path}: was changed by somebody since it was written, and stays" for path in changed),
    )


def _beside(one: Beside, wish: Wish, taken: Sequence[str]) -> str:
    """Where a file goes that belongs to the album as a whole: a workout for the watch where it looks for those."""
    profile = wish.profile
    folder = profile.fit if one.suffix == fit.SUFFIX and profile.fit else profile.folder
    name = names.unique([wish.title], one.suffix, profile, [names.key(path.split("/")[0]) for path in taken])[0]
    return f"{folder}/{name}" if folder else name


def _about(timeline: Timeline, arrangement: Arrangement, profile: Profile) -> Tags:
    """What all tracks say, in the tag that the device reads, with a cover where it shows one."""
    about = tagging.of(arrangement, arrangement.frames)
    version: TagVersion = (
        "2.4" if profile.tag_version == "2.4" else "2.3-latin-1" if profile.tag_characters != "unicode" else "2.3"
    )
    about = replace(about.but({"album": names.legible(about.album, profile.tag_characters)}), version=version)
    if not profile.cover:
        return about
    from voicecoach.export.artwork import artwork
    from voicecoach.export.cover import SIZE, cover  # brings numpy

    return replace(about, cover=artwork(cover(timeline, min(SIZE, profile.cover // 4 * 4))))


def _tags(about: Tags, one: Stretch, number: int, album: Album, profile: Profile, least: int) -> Tags:
    """Those of one track: its own title, number and chapters, in characters that the device shows.

    The last ``least`` frames of a step are no chapter: a track may begin so much before its own.
    """

    def legible(text: str) -> str:
        return names.legible(text, profile.tag_characters) if text else ""

    several = len(album.pieces) > 1
    chapters = [
        Chapter(max(0, chapter.start - one.start), min(one.end, chapter.end) - one.start, legible(chapter.title))
        for chapter in about.chapters
        if chapter.start < one.end and one.start < chapter.end - least
    ]
    if chapters:
        chapters[0] = chapters[0]._replace(start=0)
    return replace(
        about,
        title=legible(one.title if several else about.title),
        comment=legible(about.comment),
        chapters=tuple(chapters) if len(chapters) > 1 else (),
        track=number if several else 0,
        tracks=len(album.pieces) if several else 0,
    )
