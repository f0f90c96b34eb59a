"""Vorbis comments: how Opus and FLAC files carry tags and chapters."""

from __future__ import annotations

import struct
from base64 import b64encode

from voicecoach.export.tags import Tags

VENDOR = "voicecoach"
_MOST_CHAPTERS = 1000
"""Their number has three digits."""


def comments(tags: Tags, rate: int, *, pictures: bool = False) -> bytes:
    """The vendor's name and every comment, each with its length in front. Chapters' frames are at ``rate`` hertz.

    The cover is a comment where ``pictures`` have no place of their own.
    """
    texts = {
        "TITLE": tags.title,
        "ARTIST": tags.artist,
        "ALBUM": tags.album,
        "TRACKNUMBER": str(tags.track or ""),
        "TRACKTOTAL": str(tags.tracks or ""),
        "LANGUAGE": tags.language,
        "COMMENT": tags.comment,
    }
    lines = [f"{name}={text}" for name, text in texts.items() if text]
    for number, chapter in enumerate(tags.chapters[:_MOST_CHAPTERS]):
        lines += [f"CHAPTER{number:03}={_clock(chapter.start, rate)}", f"CHAPTER{number:03}NAME={chapter.title}"]
    if pictures and tags.cover is not None:
        lines.append(f"METADATA_BLOCK_PICTURE={b64encode(tags.cover.front_cover).decode('ascii')}")
    return _sized(VENDOR) + struct.pack("<I", len(lines)) + b"".join(map(_sized, lines))


def _sized(text: str) -> bytes:
    content = text.encode("utf-8", "replace")
    return struct.pack("<I", len(content)) + content


def _clock(frame: int, rate: int) -> str:
    milliseconds = (frame * 1000 + rate // 2) // rate
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
