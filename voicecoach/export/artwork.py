"""A picture that an audio file carries: which kind it is, and how large."""

from __future__ import annotations

import struct
from typing import NamedTuple

from voicecoach.errors import ExportError

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of a JPEG that are followed by its size (ITU-T T.81, table B.1)."""
_FRONT_COVER = 3
"""The number of the front cover, in ID3 and in FLAC."""
_DEPTH = 24


class Artwork(NamedTuple):
    """The picture as its file holds it; ``mime`` is ``image/jpeg`` or ``image/png``, its size is in pixels."""

    content: bytes
    mime: str
    width: int
    height: int

    @property
    def front_cover(self) -> bytes:
        """As a FLAC picture block holds it (RFC 9639, 8.8), and an Ogg comment in base64."""
        mime = self.mime.encode("ascii")
        about = (self.width, self.height, _DEPTH, 0, len(self.content))
        return struct.pack(f">II{len(mime)}sI5I", _FRONT_COVER, len(mime), mime, 0, *about) + self.content


def artwork(content: bytes) -> Artwork:
    """The picture that those bytes are. Raises ExportError for what is neither JPEG nor PNG."""
    found = kind_and_size(content)
    if found is None:
        raise ExportError("the cover is neither a JPEG nor a PNG")
    return Artwork(content, *found)


def kind_and_size(content: bytes) -> tuple[str, int, int] | None:
    """The MIME type of a JPEG or PNG, its width and height, by its header; None for another or a damaged one."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) > 24:
        width, height = struct.unpack_from(">II", content, 16)
        return "image/png", width, height
    at = 2
    while content.startswith(_JPEG) and at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return "image/jpeg", width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
