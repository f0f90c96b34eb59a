"""WAV: samples as they are, 16 bits each."""

from __future__ import annotations

import struct
from typing import BinaryIO

from voicecoach.errors import ExportError
from voicecoach.export.formats.format import Encoding, SampleFile
from voicecoach.export.tags import Tags
from voicecoach.sound.clip import Samples
from voicecoach.sound.pcm import to_int16

_LONGEST = 0xFFFFFFFF
"""A size has 32 bits."""
_ZEROS = bytes(1 << 20)


class WavFile(SampleFile):
    """Writes the header, tags and samples of a session of so many frames; their size is even, as a chunk's must be.

    Raises ExportError where there are more than the format can hold.
    """

    def __init__(self, file: BinaryIO, encoding: Encoding, tags: Tags, frames: int) -> None:
        rate, channels = encoding.rate, encoding.channels
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
        self._file.write(to_int16(samples).data)

    def silent(self, count: int) -> None:
        size = count * self._frame
        for _ in range(size // len(_ZEROS)):
            self._file.write(_ZEROS)
        self._file.write(_ZEROS[: size % len(_ZEROS)])


def _info(tags: Tags) -> bytes:
    texts = (
        (b"INAM", tags.title),
        (b"IART", tags.artist),
        (b"IPRD", tags.album),
        (b"ITRK", str(tags.track or "")),
        (b"ICMT", tags.comment),
    )
    return b"INFO" + b"".join(_chunk(name, text.encode("utf-8", "replace") + b"\0") for name, text in texts if text)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
