"""WAV: samples as they are, 16 bits each."""

from __future__ import annotations

import struct
from typing import BinaryIO

from voicecoach.errors import ExportError
from voicecoach.export.tags import Tags
from voicecoach.sound.clip import Samples
from voicecoach.sound.pcm import to_int16

_LONGEST = 0xFFFFFFFF
"""A size has 32 bits."""
_CHUNK = bytes(1 << 20)


class WavFile:
    """Writes the header, tags and samples of a session of so many frames.

    Raises ExportError where there are more than the format can hold.
    """

    def __init__(self, file: BinaryIO, rate: int, channels: int, tags: Tags, frames: int) -> None:
        self._file = file
        self._frame = 2 * channels
        size = frames * self._frame
        info = _info(tags)
        about = struct.pack("<HHIIHH", 1, channels, rate, rate * self._frame, self._frame, 16)
        head = b"WAVE" + _chunk(b"fmt ", about) + _chunk(b"LIST", info)
        if len(head) + 8 + size > _LONGEST:
            longest = _LONGEST // (self._frame * rate * 3600)
            raise ExportError(
                f"a WAV file cannot hold {frames / rate / 3600:.1f} hours (at most {longest} with {channels} "
                "channels); export as flac, which loses nothing either, or as mp3"
            )
        file.write(b"RIFF" + struct.pack("<I", len(head) + 8 + size) + head + b"data" + struct.pack("<I", size))

    def sound(self, samples: Samples) -> None:
        """Writes the next samples, of shape (frames, channels)."""
        self._file.write(to_int16(samples).data)

    def silent(self, frames: int) -> None:
        """Writes so many frames of silence."""
        size = frames * self._frame
        for _ in range(size // len(_CHUNK)):
            self._file.write(_CHUNK)
        self._file.write(_CHUNK[: size % len(_CHUNK)])

    def finish(self) -> None:
        """Nothing is left to write: both a sample's and a frame's size are even."""


def _info(tags: Tags) -> bytes:
    texts = ((b"INAM", tags.title), (b"IART", tags.artist), (b"IPRD", tags.album), (b"ICMT", tags.comment))
    return b"INFO" + b"".join(_chunk(name, text.encode("utf-8", "replace") + b"\0") for name, text in texts if text)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
