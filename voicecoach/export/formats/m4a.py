"""AAC packets, and the MPEG-4 file they go into (ISO/IEC 14496-12 and -14, with the boxes of QuickTime and iTunes)."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from typing import BinaryIO

from voicecoach.export.codec import Codec
from voicecoach.export.formats import mpeg4
from voicecoach.export.formats.format import Encoding, PacketFile
from voicecoach.export.tags import Tags

GRID = mpeg4.PACKET
"""Frames in a packet, and those of silence that the encoder puts in front."""
_AT_ONCE = 1024
"""Silent packets that are written at once."""


def codec(encoding: Encoding) -> Codec:
    """FFmpeg's own encoder with its fast search.

    Against the default search, with speech at 64 kbit/s: four times as fast, and 11 dB less noise. Where a long island
    is cut, the rate control has settled after about 40 packets.
    """
    return Codec(
        name="aac",
        session_rate=encoding.rate,
        rate=encoding.rate,
        channels=encoding.channels,
        bit_rate=encoding.bit_rate,
        silent_bit_rate=encoding.bit_rate,
        options=(("aac_coder", "fast"), ("aac_pns", "0")),
        grid=GRID,
        late=GRID,
        cut=512,
        lead=48,
        reach=3,
        merge=16,
    )


class M4aFile(PacketFile):
    """Writes the packets behind a table of their sizes, to a file that can be sought.

    An edit list tells players to leave out the silence in front and behind.
    """

    def __init__(self, file: BinaryIO, codec: Codec, silence: bytes, tags: Tags, frames: int, preroll: int = 0) -> None:
        self._file = file
        self._silence = silence
        self._much_silence = silence * _AT_ONCE
        self._sizes = array("I")
        self._movie = mpeg4.Movie(
            rate=codec.rate,
            channels=codec.channels,
            bit_rate=codec.bit_rate,
            packets=codec.packets(frames) + preroll,
            skipped=GRID * (1 + preroll),
            frames=frames,
            tags=tags,
        )
        front = self._movie.front()
        self._length = len(front)
        file.write(front)

    def sound(self, packets: Sequence[bytes]) -> None:
        self._file.write(b"".join(packets))
        self._sizes.extend(map(len, packets))

    def silent(self, count: int) -> None:
        for _ in range(count // _AT_ONCE):
            self._file.write(self._much_silence)
        self._file.write(self._silence * (count % _AT_ONCE))
        self._sizes.extend(array("I", [len(self._silence)]) * count)

    def finish(self) -> None:
        self._file.seek(0)
        self._file.write(self._movie.front(self._sizes, self._length))
        self._file.seek(0, os.SEEK_END)
