"""A session as the folder that a device wants: its tracks, how they are called, and what lies beside them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import pipeline
from voicecoach.devices import fit, manifest, names, playlist, spoken
from voicecoach.errors import ExportError
from voicecoach.export import sizes
from voicecoach.export import tags as tagging
from voicecoach.export.batch import Beside, Job, Written
from voicecoach.export.captions import KINDS
from voicecoach.export.cuts import NEAR, Split, Stretch, part, split, stretches
from voicecoach.export.exporter import Progress, Track, export_tracks, with_captions
from voicecoach.export.formats import FORMATS, RATES, Silence
from voicecoach.export.tags import Chapter, Tags
from voicecoach.store.atomic import make_folder, writing
from voicecoach.units import LOUDNESS, format_clock, format_size

if TYPE_CHECKING:
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.devices.profile import Profile, Taken
    from voicecoach.export.formats.format import Encoding
    from voicecoach.export.tags import TagVersion
    from voicecoach.timeline.model import Timeline

_WAV_BITS = 16
_HEAD = 1_000
"""Bytes of tags and tables in front of a track, without its cover."""
_LARGE = 100_000_000
"""Bytes of an album from which on it is told that another format would take far less."""
_FAR_SMALLER = 2
"""By how much less that is."""
_NO_FIT = "{} takes no FIT workouts: none is made (--fit without --for and --split makes one beside the audio)"
_CLAIMING = Lock()


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

    ``name`` is what the album's files are kept under, ``title`` what it is called, and ``script`` what it is made of,
    as its note tells; ``bit_rate`` is in bits a second, ``size_limit`` in bytes. ``numbered`` lets a voice say the
    number of each track as it begins; ``captions`` are kinds to lie beside each, besides those that the device reads.
    """

    profile: Profile
    name: str = ""
    title: str = ""
    script: str = ""
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
    profile, channels = wish.profile, arrangement.channels
    if channels > profile.channels:
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
    choice = made.bit_rates_at(arrangement.rate)
    rate = wish.bit_rate
    asked = rate if rate is not None else _WAV_BITS * arrangement.rate * channels if taken.name == "wav" else None
    if asked is not None and not taken.least <= round(asked / 1000) <= taken.most:
        raise ExportError(
            f"{wish.profile.title} takes {taken.name} of {taken.least} to {taken.most} kbit/s, "
            f"and not of {asked / 1000:.0f}"
        )
    silence = _silences(taken, wish.profile, arrangement)[-1]
    if rate is None and choice and silence == "constant":
        kbits = taken.speech if channels == 1 else taken.music
        rate = max((each for each in choice if each <= 1000 * kbits), default=choice[0])
    return made.encoding(arrangement.rate, channels, silence, rate)


def _silences(taken: Taken, profile: Profile, arrangement: Arrangement) -> tuple[Silence, ...]:
    """Which silence the device takes; where it is small an MP3 varies, and has half the sample rate."""
    half = arrangement.rate // 2
    small = profile.variable_bitrate and arrangement.channels == 1 and half >= max(profile.sample_rates[0], RATES[0])
    return ("constant", "small") if small and FORMATS[taken.name].small_bit_rate else ("constant",)


def _offered(taken: Taken, profile: Profile, arrangement: Arrangement) -> Iterator[Encoding]:
    made = FORMATS[taken.name]
    for silence in _silences(taken, profile, arrangement):
        for rate in made.bit_rates_at(arrangement.rate, silence):
            if taken.least <= rate / 1000 <= taken.most:
                yield made.encoding(arrangement.rate, arrangement.channels, silence, rate)


class _Plan(NamedTuple):
    """A session as it is cut for an encoding; ``head`` are the bytes in front of each track, about."""

    encoding: Encoding
    arrangement: Arrangement
    found: tuple[Stretch, ...]
    head: int

    @property
    def size(self) -> int:
        """Bytes of all its tracks, about."""
        return sizes.estimated(self.arrangement, self.encoding, sizes.HEAD + len(self.found) * self.head)

    @property
    def largest(self) -> int:
        """Bytes of its longest track, about."""
        longest = max(self.found, key=lambda one: one.end - one.start)
        return sizes.estimated(part(self.arrangement, longest), self.encoding, sizes.HEAD + self.head)


def _write(wish: Wish, job: Job, arrangement: Arrangement, workers: int | None, progress: Progress | None) -> Written:
    """The best that fits."""
    profile = wish.profile
    limit = min((each for each in (wish.size_limit, profile.size_limit) if each is not None), default=None)
    arrangement = arrangement.louder(profile.loudness - LOUDNESS)
    about = _about(job.timeline, arrangement, profile, wish.title)
    least: list[tuple[int, int, str]] = []
    for encoding in encodings(wish, arrangement):
        plan = _plan(wish, job, arrangement, encoding, about)
        if profile.largest_file is not None and (size := plan.largest) > profile.largest_file:
            least.append((size, profile.largest_file, f'a track of "{wish.title}"'))
        elif limit is not None and (size := plan.size) > limit:
            least.append((size, limit, f'"{wish.title}"'))
        else:
            made = _made(wish, job, plan, about, workers, progress)
            if limit is None or made.size <= limit:
                smaller = _smaller(wish, job, arrangement, about, made.size)
                return made._replace(notes=(*made.notes, *smaller))
            least.append((made.size, limit, f'"{wish.title}"'))
            manifest.take_away(job.path, wish.name)
    size, limit, what = min(least)
    raise sizes.too_large(what, limit, profile.title, size)


def _smaller(wish: Wish, job: Job, arrangement: Arrangement, about: Tags, size: int) -> Iterator[str]:
    """Of a large album, which other format that the device takes makes it far smaller."""
    if size < _LARGE or wish.format is not None or wish.bit_rate is not None:
        return
    others = [replace(wish, format=taken.name) for taken in wish.profile.makes if FORMATS[taken.name].choice]
    plans = (_plan(other, job, arrangement, next(encodings(other, arrangement)), about) for other in others)
    least, kind = min((plan.size, plan.encoding.format.name) for plan in plans)
    if least * _FAR_SMALLER <= size:
        yield f'"{wish.title}" takes {format_size(size)}; with --format {kind} it is about {format_size(least)}'


def _plan(wish: Wish, job: Job, arrangement: Arrangement, encoding: Encoding, about: Tags) -> _Plan:
    codec, how = encoding.codec(), wish.split or split(wish.profile.split)
    found = stretches(arrangement, job.timeline.segments, how, codec)
    if wish.numbered and len(found) > 1:
        arrangement, found = spoken.numbered(arrangement, found, codec)
    return _Plan(encoding, arrangement, found, _HEAD + (0 if about.cover is None else len(about.cover.content)))


def _made(wish: Wish, job: Job, plan: _Plan, about: Tags, workers: int | None, progress: Progress | None) -> Written:
    top, arrangement = job.path, plan.arrangement
    beside = [make(job.timeline, arrangement, Path(wish.title)) for make in job.beside if wish.profile.fit]
    remarks = list(_unkept(wish.profile, plan))
    if job.beside and not wish.profile.fit:
        remarks.append(_NO_FIT.format(wish.profile.title))
    with _CLAIMING:  # two of one title, made at the same time, must not take one folder
        claim = _claimed(wish, top, plan, about, beside)
    try:
        for folder in {path.parent for path in claim.files}:
            make_folder(folder)
        cache = pipeline.cache()
        export_tracks(arrangement, claim.tracks, plan.encoding, jobs=workers, cache=cache, progress=progress)
        for path, content in claim.others:
            with writing(path) as file:
                file.write(content)
    except BaseException:
        with contextlib.suppress(OSError, ExportError):  # where the disk is full or gone, that is what is told
            manifest.write(top, wish.name, _left(top, claim), wish.script)
        raise
    here = {path.relative_to(top).as_posix(): manifest.content(path) for path in claim.files}
    changed = manifest.remove(top, manifest.stale(top, claim.before, here))
    manifest.write(top, wish.name, here, wish.script)
    return Written(
        files=tuple(claim.files),
        size=sum(held.size for held in here.values()),
        beside=tuple(zip((path for path, _ in claim.others[: len(beside)]), beside, strict=True)),
        notes=(
            *remarks,
            *(f"{top / path}: was changed by somebody since it was written, and stays" for path in changed),
        ),
    )


def _left(top: Path, claim: _Claim) -> manifest.Files:
    """What is ours of an album that was not finished: what is there, so that nothing that comes later is."""
    names = [path.relative_to(top).as_posix() for path in claim.files if path.is_file()]
    return {**dict.fromkeys(names), **_same(top, claim.before, names)}


def _same(top: Path, before: manifest.Files, names: Sequence[str]) -> manifest.Files:
    """What is noted of the files so far, and still true; all that is none of the new ones."""
    return {
        name: held
        for name, held in before.items()
        if name not in names or (held is not None and manifest.content(top / name) == held)
    }


def _unkept(profile: Profile, plan: _Plan) -> Iterator[str]:
    """What a device does not take of how a session is cut, a sentence each."""
    count = len(plan.found)
    if profile.folder_files is not None and profile.subfolders == 0 and count > profile.folder_files:
        yield (
            f"{count} tracks in one folder are more than {profile.title} takes ({profile.folder_files}): "
            "split it less (--split block, --split none)"
        )
    longest = max((one.end - one.start) / plan.arrangement.rate for one in plan.found)
    if profile.longest_track is not None and longest > profile.longest_track:
        yield (
            f"a track of {format_clock(round(longest))} is longer than {profile.title} takes "
            f"({format_clock(round(profile.longest_track))}): split it more (--split step, --split 1min)"
        )


class _Claim(NamedTuple):
    """What there was of an album, its tracks, and the files that go with them as a whole, with what they hold."""

    before: manifest.Files
    tracks: list[Track]
    others: list[tuple[Path, bytes]]

    @property
    def files(self) -> list[Path]:
        """All that belongs to it."""
        tracks = [path for track in self.tracks for path in (track.path, *(beside for beside, _ in track.texts))]
        return [*tracks, *(path for path, _ in self.others)]


def _claimed(wish: Wish, top: Path, plan: _Plan, about: Tags, beside: Sequence[Beside]) -> _Claim:
    """The places of an album; it is noted that they are ours.

    Raises ExportError where something in them is not, or no longer.
    """
    profile = wish.profile
    before, theirs = manifest.read(top, wish.name), manifest.others(top, wish.name)
    inside = f"{profile.folder}/" if profile.folder else ""
    taken = [path.removeprefix(inside) for path in theirs]
    rate, suffix = plan.arrangement.rate, plan.encoding.format.suffix
    kinds = dict.fromkeys((*profile.captions, *wish.captions))
    longer = max((len(KINDS[kind].suffix) - len(suffix) for kind in kinds), default=0)
    shorter = profile.model_copy(update={"name_length": profile.name_length - max(0, longer)})
    album = planned(wish.title, plan.found, suffix, shorter, rate, taken)
    near = int(NEAR * rate)
    tracks = []
    for number, (path, one) in enumerate(album.pieces, start=1):
        own = _tags(about, one, number, album, profile, near)
        track = Track(top / f"{inside}{path}", one.start, one.end, own)
        tracks.append(with_captions(track, part(plan.arrangement, one), kinds) if kinds else track)
    places = [*(path.path for path in album.pieces), *taken]
    others = [(top / _beside(one, wish, places), one.content) for one in beside]
    if album.playlist is not None:
        others.append((top / f"{inside}{album.playlist[0]}", album.playlist[1].encode("utf-8")))
    claim = _Claim(before, tracks, others)
    paths = [path.relative_to(top).as_posix() for path in claim.files]
    manifest.refuse_other(top, wish.name, wish.script)
    manifest.refuse_no_folder([top, *(top / each for each in manifest.folders([*paths, f"{manifest.FOLDER}/x"])[::-1])])
    manifest.refuse_foreign(top, before, paths)
    manifest.write(top, wish.name, {**before, **dict.fromkeys(paths)}, wish.script)
    return claim


def _beside(one: Beside, wish: Wish, taken: Sequence[str]) -> str:
    """Where a file goes that belongs to the album as a whole: a workout for the watch where it looks for those."""
    profile = wish.profile
    folder = profile.fit if one.suffix == fit.SUFFIX and profile.fit else profile.folder
    name = names.unique([wish.title], one.suffix, profile, [names.key(path.split("/")[0]) for path in taken])[0]
    return f"{folder}/{name}" if folder else name


def _about(timeline: Timeline, arrangement: Arrangement, profile: Profile, title: str) -> Tags:
    """What all tracks say, in the tag that the device reads, with a cover where it shows one."""
    about = tagging.of(arrangement, arrangement.frames)
    version: TagVersion = (
        "2.4" if profile.tag_version == "2.4" else "2.3-latin-1" if profile.tag_characters != "unicode" else "2.3"
    )
    about = replace(about.but({"title": title, "album": names.legible(title, profile.tag_characters)}), version=version)
    if not profile.cover:
        return about
    from voicecoach.export.artwork import artwork
    from voicecoach.export.cover import SIZE, cover

    picture = cover(timeline, min(SIZE, profile.cover // 4 * 4), cache=pipeline.cache())
    return replace(about, cover=artwork(picture))


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
