"""A podcast feed of the audio files in a folder: RSS 2.0, with what players of podcasts add to it.

The same files give the same bytes. It is written with the standard library, in characters that every encoding has.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from xml.etree import ElementTree

from voicecoach.errors import AudioFileError, ExportError
from voicecoach.export import captions
from voicecoach.export.tags import two_letters

TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".aac": "audio/aac",
    ".opus": "audio/ogg",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
}
"""What a file is, by its suffix: those that are taken."""
COVERS = ("cover.jpg", "cover.jpeg", "cover.png", "folder.jpg", "folder.png")
"""The picture of a feed, the first of these in its folder."""
_BESIDE = {".chapters.json": "application/json+chapters", ".vtt": "text/vtt", ".srt": "application/x-subrip"}
"""What may stand beside a file."""
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"
_ATOM = "http://www.w3.org/2005/Atom"
_FEEDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""In which identities of feeds are made from their address, as the podcast namespace says."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_IN_PATHS = "/%!$&'()*+,;=:@~"
_DIGEST_BYTES = 16
_NEAR = 0.5
"""Seconds by which two chapters may differ and be the same."""

for _prefix, _space in (("itunes", _ITUNES), ("podcast", _PODCAST), ("atom", _ATOM)):
    ElementTree.register_namespace(_prefix, _space)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An audio file as a feed tells of it.

    ``name`` is that of the file, ``size`` its bytes, and ``identity`` follows from its content. ``chapters`` are start
    and end in seconds, and a name. ``beside`` are the names of captions and chapters that stand beside it.
    """

    name: str
    title: str
    size: int
    seconds: float
    identity: str
    published: datetime
    artist: str = ""
    summary: str = ""
    language: str = ""
    chapters: tuple[tuple[float, float, str], ...] = ()
    beside: tuple[str, ...] = ()


def base(url: str) -> str:
    """The address of the folder that files are reached in, with a slash at its end.

    Raises ValueError, with what would be right, for anything but a plain http or https address.
    """
    wrong = ValueError(f'"{url}" is no address of a folder on the web (write https://example.org/workouts)')
    try:
        parts = urlsplit(url)
        host = parts.netloc.encode("idna").decode("ascii") if not parts.netloc.isascii() else parts.netloc
        port = parts.port
    except (ValueError, UnicodeError):
        raise wrong from None
    plain = not (parts.query or parts.fragment or port == 0 or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", url))
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or not plain:
        raise wrong
    return urlunsplit((parts.scheme.lower(), host, quote(parts.path.rstrip("/"), safe=_IN_PATHS) + "/", "", ""))


def files(folder: Path) -> list[Path]:
    """The audio files of a folder, in the order of their names; hidden ones are left out."""
    return sorted(filter(is_audio, folder.iterdir()))


def is_audio(path: Path) -> bool:
    """Whether a path is that of an audio file that is taken."""
    return path.suffix.lower() in TYPES and not path.name.startswith(".") and path.is_file()


def episode(path: Path, latest: float | None = None) -> Episode:
    """What a file says of itself. Raises AudioFileError where it is none.

    It was published on the day that its tag says, or when it was last changed, but at ``latest`` (seconds since 1970).
    """
    from voicecoach.sound import media  # brings FFmpeg

    with media.opened(path) as (container, track):
        said = {name.lower(): text.strip() for name, text in (track.metadata | container.metadata).items()}
        seconds = (container.duration or 0) / 1_000_000
        chapters = tuple(_chapters(container.chapters()))
    try:
        about = path.stat()
        with path.open("rb") as file:
            identity = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST_BYTES)).hexdigest()
    except OSError as error:
        raise AudioFileError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    changed = about.st_mtime if latest is None else min(about.st_mtime, latest)
    return Episode(
        name=path.name,
        title=said.get("title") or path.stem,
        size=about.st_size,
        seconds=seconds,
        identity=identity,
        published=_day(said.get("date", "")) or datetime.fromtimestamp(int(changed), UTC),
        artist=said.get("artist", ""),
        summary=said.get("description") or said.get("comment", ""),
        language=two_letters(said.get("language", "")),
        chapters=chapters,
        beside=tuple(name for suffix in _BESIDE if (path.parent / (name := path.stem + suffix)).is_file()),
    )


def chapters_name(one: Episode) -> str:
    """The name of the file for its chapters."""
    return Path(one.name).stem + captions.KINDS["chapters"].suffix


def same_chapters(one: Episode, chapters: Sequence[tuple[float, float, str]]) -> bool:
    """Whether chapters are those of an episode, as exactly as a listener can tell."""
    return len(chapters) == len(one.chapters) and all(
        name == own[2] and abs(start - own[0]) < _NEAR and abs(end - own[1]) < _NEAR
        for (start, end, name), own in zip(chapters, one.chapters, strict=True)
    )


def feed(episodes: Sequence[Episode], address: str, title: str, *, own_name: str = "", cover: str = "") -> bytes:
    """The feed of files that are reached under ``address``, as ``base`` gives it; beside the feed, where it is empty.

    ``own_name`` is the name of its file, where that lies with the others, and ``cover`` that of a picture.
    """
    root = ElementTree.Element("rss", {"version": "2.0"})
    channel = ElementTree.SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", address or "./")
    _add(channel, "description", title)
    languages = {one.language for one in episodes}
    if len(languages) == 1 and (language := languages.pop()):
        _add(channel, "language", language)
    _add(channel, f"{{{_ITUNES}}}explicit", "false")
    if address:
        _add(
            channel,
            f"{{{_PODCAST}}}guid",
            str(uuid.uuid5(_FEEDS, (address + _quoted(own_name)).partition("://")[2].rstrip("/"))),
        )
    if own_name and address:
        link = {"rel": "self", "type": "application/rss+xml", "href": address + _quoted(own_name)}
        ElementTree.SubElement(channel, f"{{{_ATOM}}}link", link)
    if cover:
        ElementTree.SubElement(channel, f"{{{_ITUNES}}}image", {"href": address + _quoted(cover)})
        image = ElementTree.SubElement(channel, "image")
        for name, text in (("url", address + _quoted(cover)), ("title", title), ("link", address)):
            _add(image, name, text)
    for one in episodes:
        _add_item(channel, one, address)
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, "us-ascii")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written + b"\n"


def _add_item(channel: ElementTree.Element, one: Episode, address: str) -> None:
    item = ElementTree.SubElement(channel, "item")
    _add(item, "title", one.title)
    where = {"url": address + _quoted(one.name), "length": str(one.size), "type": TYPES[Path(one.name).suffix.lower()]}
    ElementTree.SubElement(item, "enclosure", where)
    _add(item, "guid", one.identity, {"isPermaLink": "false"})
    _add(item, "pubDate", format_datetime(one.published, usegmt=True))
    if one.summary:
        _add(item, "description", one.summary)
    if one.artist:
        _add(item, f"{{{_ITUNES}}}author", one.artist)
    _add(item, f"{{{_ITUNES}}}duration", str(round(one.seconds)))
    for name in one.beside:
        suffix = next(suffix for suffix in _BESIDE if name.endswith(suffix))
        what = "chapters" if suffix == captions.KINDS["chapters"].suffix else "transcript"
        about = {"url": address + _quoted(name), "type": _BESIDE[suffix]}
        ElementTree.SubElement(item, f"{{{_PODCAST}}}{what}", about)


def _add(parent: ElementTree.Element, name: str, text: str, about: Mapping[str, str] | None = None) -> None:
    ElementTree.SubElement(parent, name, dict(about or {})).text = _NO_XML.sub("\ufffd", text)


def _quoted(name: str) -> str:
    """A file's name as part of an address: the bytes that it has on the disk."""
    return quote(name.encode("utf-8", "surrogateescape"), safe="")


def _chapters(found: Iterable[Mapping[str, Any]]) -> Iterator[tuple[float, float, str]]:
    for each in found:
        start, end = (round(float(each[place] * each["time_base"]), 3) for place in ("start", "end"))
        if end > start >= 0:
            yield start, end, each["metadata"].get("title", "")


def _day(text: str) -> datetime | None:
    """The time that a tag says, at the least a day; a year is not enough."""
    if not _DAY.match(text):
        return None
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)


def epoch(text: str) -> float | None:
    """What SOURCE_DATE_EPOCH says, in seconds since 1970; None where it is empty. Raises ExportError."""
    if not text.strip():
        return None
    try:
        datetime.fromtimestamp(int(text), UTC)
        return int(text)
    except (ValueError, OverflowError, OSError):
        raise ExportError(f'SOURCE_DATE_EPOCH is "{text}", which is no number of seconds since 1970') from None
