"""How an ID3 tag is written: its version, and how its texts are. What they say is read elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from voicecoach.errors import AudioFileError

_HEADER = 10
_MOST = 1_000_000
"""Most bytes of a tag that are looked through; texts stand before pictures in most."""
_FRAMES = 2_000
UTF_16_WITHOUT_MARK, UTF_8 = 2, 3
"""Encodings that came with 2.4."""


class Id3Header(NamedTuple):
    """``version`` as ``2.3``; ``encodings`` are the numbers of those that its texts have, ``size`` is in bytes."""

    version: str
    encodings: frozenset[int]
    size: int


def read(path: Path) -> Id3Header | None:
    """The tag in front of a file; None where there is none. Raises AudioFileError where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
            if len(head) < _HEADER or head[:3] != b"ID3":
                return None
            size = _syncsafe(head[6:10])
            body = file.read(min(size, _MOST))
    except OSError as error:
        raise AudioFileError(f"{path}: cannot be opened: {(error.strerror or str(error)).lower()}") from error
    major = head[3]
    encodings = frozenset(_encodings(body, major)) if major in (3, 4) else frozenset()
    return Id3Header(f"2.{major}", encodings, _HEADER + size)


def _encodings(body: bytes, major: int) -> Iterator[int]:
    """The encoding of each text; an extended header, which hardly anybody writes, ends the reading."""
    at = 0
    for _ in range(_FRAMES):
        name = body[at : at + 4]
        if len(body) < at + 11 or not (name.isalnum() and name.isupper()):
            return
        size = _syncsafe(body[at + 4 : at + 8]) if major == 4 else int.from_bytes(body[at + 4 : at + 8], "big")
        if (name[:1] == b"T" or name == b"COMM") and size:
            yield body[at + 10]
        at += 10 + size


def _syncsafe(number: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(number, (21, 14, 7, 0), strict=False))
