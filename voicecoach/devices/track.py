"""What an audio file is, as a player finds it: its kind, rates, length, tags and pictures. Nothing is decoded.

Files are a stranger's: what they claim is bounded by ``sound.media``, and no more of them is read than is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import av.error
from av.stream import Disposition

from voicecoach.devices import id3_header
from voicecoach.devices.id3_header import Id3Header
from voicecoach.export import artwork
from voicecoach.sound import media

if TYPE_CHECKING:
    from av.container import InputContainer

_SHOWN = ("title", "artist", "album_artist", "album", "genre")
"""Tags that a player shows."""
_LOOKED_AT = 20_000
"""Packets that are compared to tell a constant bitrate: nine minutes of MP3."""
_MOST_PICTURES = 8
_MPEG_4 = "mov"
_KINDS = {
    ("mp3", "mp3"): "mp3", (_MPEG_4, "aac"): "m4a", ("aac", "aac"): "aac", ("flac", "flac"): "flac",
    ("ogg", "opus"): "opus", ("ogg", "vorbis"): "ogg", ("asf", "wmav2"): "wma", ("wav", "pcm_s16le"): "wav",
}  # fmt: skip
"""What a profile calls a container with a codec in it."""


_KNOWS_ITS_LENGTH = ("m4a", "m4b", "flac")
"""Of others FFmpeg guesses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """``kind`` is a profile's name of a format, or what FFmpeg calls it; ``bit_rate`` is in kbit/s, of sound alone.

    ``claimed`` is how long the file says it is, ``seconds`` how long it is. ``texts`` are the tags that are shown, by
    name, and ``number`` that of the track; ``pictures`` are width and height, 0 where it is no JPEG or PNG.
    """

    kind: str
    bit_rate: float
    variable: bool
    sample_rate: int
    channels: int
    seconds: float
    claimed: float
    size: int
    texts: Mapping[str, str]
    number: int | None
    pictures: tuple[tuple[int, int], ...]
    id3: Id3Header | None


def read(path: Path) -> Track:
    """What a file is. Raises AudioFileError where it is none, or is damaged."""
    try:
        return _read(path)
    except av.error.FFmpegError as error:
        raise media.unreadable(path, error) from error


def _read(path: Path) -> Track:
    size = path.stat().st_size
    with media.opened(path) as (container, stream):
        about = stream.codec_context
        names = container.format.name.split(",")
        codec = about.name.removesuffix("float")
        kind = _KINDS.get((names[0], codec), f"{codec} in {names[0]}")
        if kind == "m4a" and path.suffix.lower() == ".m4b":
            kind = "m4b"
        claimed = float((stream.duration or 0) * (stream.time_base or 0)) or (container.duration or 0) / av.time_base
        bit_rate = (stream.bit_rate or about.bit_rate or 0) / 1000
        rate, channels = about.sample_rate, about.channels
        texts = {**container.metadata, **stream.metadata}  # Ogg has them at the stream
        pictures = tuple(_pictures(container))
    seconds = media.seconds(path)
    rates = _rates(path) if kind == "mp3" else set()
    tag = id3_header.read(path)
    if kind == "wav":
        claimed = max(claimed, _claimed_by_wav(path, size) * seconds)
    elif kind not in _KNOWS_ITS_LENGTH and not (kind == "mp3" and _has_length(path, tag.size if tag else 0)):
        claimed = seconds
    lower = {key.lower(): value for key, value in texts.items()}
    number = lower.get("track", "").partition("/")[0]
    return Track(
        kind=kind,
        bit_rate=bit_rate or size * 8 / 1000 / max(seconds, 1e-3),
        variable=len(rates) > 1,
        sample_rate=rate,
        channels=channels,
        seconds=seconds,
        claimed=claimed,
        size=size,
        texts={key: lower[key] for key in _SHOWN if lower.get(key)},
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else None,
        pictures=pictures,
        id3=tag,
    )


def _rates(path: Path) -> set[int]:
    """The bitrates of MP3 packets, as the numbers in their headers; a stream of one is of constant bitrate."""
    found = set()
    with suppress(av.error.FFmpegError), media.opened(path) as (container, stream):
        for packet in islice(container.demux(stream), _LOOKED_AT):
            if packet.size > 4:
                found.add(bytes(packet)[2] >> 4)
    return found


def _has_length(path: Path, start: int) -> bool:
    """Whether an MP3 stream begins with a frame that says how long it is."""
    with path.open("rb") as file:
        file.seek(start)
        head = file.read(400)
    return b"Xing" in head or b"Info" in head


def _claimed_by_wav(path: Path, size: int) -> float:
    """How many times as long a WAV file says it is as it is; FFmpeg tells what is there only."""
    with path.open("rb") as file:
        head = file.read(12)
    claimed = int.from_bytes(head[4:8], "little") + 8 if head[:4] == b"RIFF" else 0
    return claimed / size if 0 < claimed < 0xFFFFFFFF else 1.0


def _pictures(container: InputContainer) -> Iterator[tuple[int, int]]:
    attached = [each for each in container.streams if each.disposition & Disposition.attached_pic]
    for each in attached[:_MOST_PICTURES]:
        with suppress(av.error.FFmpegError):
            packet = next(iter(container.demux(each)), None)
            if packet is not None and packet.size:
                yield picture_size(bytes(packet))


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG or PNG by its header; 0, 0 for another or a damaged one."""
    found = artwork.kind_and_size(data)
    return (0, 0) if found is None else found[1:]
