"""FLAC files: every sample, in about half the space, and silence in next to none (RFC 9639)."""

from __future__ import annotations

import hashlib
import os
import struct
from typing import BinaryIO

import numpy as np

from voicecoach.export.formats import flac_frames
from voicecoach.export.formats.format import Encoding, SampleFile
from voicecoach.export.formats.vorbis_comments import comments
from voicecoach.export.libav import Encoder
from voicecoach.export.tags import Tags
from voicecoach.sound.clip import Samples
from voicecoach.sound.pcm import Whole, to_int16

_SEEK_SECONDS = 10
_STREAM_INFO, _COMMENTS, _SEEK_TABLE, _PICTURE, _LAST = 0, 4, 3, 6, 0x80
"""Kinds of metadata, and the flag of the last."""
_ZEROS = bytes(1 << 20)


class FlacFile(SampleFile):
    """Writes the samples of a session of so many frames, to a file that can be sought."""

    def __init__(self, file: BinaryIO, encoding: Encoding, tags: Tags, frames: int) -> None:
        self._file = file
        self._rate = encoding.rate
        self._channels = encoding.channels
        self._frames = frames
        self._encoder = self._encoding()
        self._block = self._encoder.context.frame_size
        """Frames of the session in each frame of FLAC (a block, in its words); FFmpeg's choice."""
        self._silence = self._encoding().feed(self._zeros(self._block))[0]
        self._partial = self._zeros(0)
        self._digest = hashlib.md5(usedforsecurity=False)
        self._blocks = 0
        self._sizes: tuple[int, int] = (0, 0)
        self._seek = [at // self._block for at in range(0, frames, _SEEK_SECONDS * self._rate)]
        self._offsets: list[int] = []
        self._file.write(b"fLaC")
        self._write_metadata(_STREAM_INFO, bytes(34))
        self._write_metadata(_SEEK_TABLE, bytes(18 * len(self._seek)))
        if tags.cover is not None:
            self._write_metadata(_PICTURE, tags.cover.front_cover)
        self._write_metadata(_COMMENTS | _LAST, comments(tags, self._rate))
        self._start = file.tell()

    def sound(self, samples: Samples) -> None:
        whole = to_int16(samples)
        self._digest.update(whole.data)
        self._take(whole)

    def silent(self, count: int) -> None:
        size = 2 * self._channels * count
        for at in range(0, size, len(_ZEROS)):
            self._digest.update(_ZEROS[: size - at])
        filling = min(count, -self._partial.shape[0] % self._block)
        self._take(self._zeros(filling))
        blocks, rest = divmod(count - filling, self._block)
        for several, content in flac_frames.silent(self._silence, self._blocks, self._blocks + blocks):
            self._write(several, content)
        self._take(self._zeros(rest))

    def finish(self) -> None:
        for frame in self._encoder.feed(self._partial) + self._encoder.flush():
            self._write(1, flac_frames.numbered(frame, self._blocks))
        self._file.seek(4)
        self._write_metadata(_STREAM_INFO, self._stream_info())
        points = zip(self._seek, self._offsets, strict=True)
        self._write_metadata(_SEEK_TABLE, b"".join(self._seek_point(*point) for point in points))
        self._file.seek(0, os.SEEK_END)

    def _encoding(self) -> Encoder:
        return Encoder("flac", rate=self._rate, channels=self._channels, sample_format="s16")

    def _zeros(self, frames: int) -> Whole:
        return np.zeros((frames, self._channels), dtype=np.int16)

    def _take(self, samples: Whole) -> None:
        """Encodes all complete blocks; what remains waits."""
        waiting = np.concatenate((self._partial, samples))
        complete = waiting.shape[0] // self._block * self._block
        for frame in self._encoder.feed(waiting[:complete]):
            self._write(1, flac_frames.numbered(frame, self._blocks))
        self._partial = waiting[complete:]

    def _write(self, count: int, content: bytes) -> None:
        """Writes so many frames of the same length."""
        offset, size = self._file.tell() - self._start, len(content) // count
        while len(self._offsets) < len(self._seek) and self._seek[len(self._offsets)] < self._blocks + count:
            self._offsets.append(offset + (self._seek[len(self._offsets)] - self._blocks) * size)
        smallest, largest = self._sizes
        self._sizes = min(smallest or size, size), max(largest, size)
        self._file.write(content)
        self._blocks += count

    def _write_metadata(self, kind: int, content: bytes) -> None:
        self._file.write(bytes((kind,)) + len(content).to_bytes(3, "big") + content)

    def _stream_info(self) -> bytes:
        smallest, largest = self._sizes
        about = self._rate << 44 | self._channels - 1 << 41 | 15 << 36 | self._frames
        return (
            struct.pack(">HH", self._block, self._block)
            + smallest.to_bytes(3, "big")
            + largest.to_bytes(3, "big")
            + about.to_bytes(8, "big")
            + self._digest.digest()
        )

    def _seek_point(self, block: int, offset: int) -> bytes:
        return struct.pack(">QQH", block * self._block, offset, min(self._block, self._frames - block * self._block))
