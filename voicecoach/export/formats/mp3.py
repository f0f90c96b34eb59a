"""MP3: LAME's packets on their grid, and the file they go into."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import BinaryIO

from voicecoach.export.codec import Codec
from voicecoach.export.formats import id3, xing
from voicecoach.export.formats.format import Encoding, PacketFile
from voicecoach.export.tags import Tags

DELAY = 576
"""Frames of silence that LAME puts in front."""
QUALITY = "7"
"""LAME's level: what can be heard is estimated, noise is not shaped.

Against level 5, with speech at 64 kbit/s: twice as fast, 2 dB less noise as a whole, 1 dB more in the band where it
is heard most. Without noise shaping a packet depends on nothing but two packets before it, so that islands are exact.
"""
_LOWEST_BIT_RATE = 8_000
"""The lowest there is, at half the rate."""
_SHORTER = 49
"""At 44,100 Hz and the usual bit rate every so many packets there is one that is a byte shorter than the others."""
_ONE_SHORTER = 64_000
"""The bit rate of which that is so."""
_AT_ONCE = 1024


def codec(encoding: Encoding) -> Codec:
    """LAME with the bit reservoir off: every packet stands alone. Where silence is small, all is at half the rate.

    Speech is encoded so that the shorter packets fall among those thrown away: then nothing depends on where in the
    session an island lies, and equal ones have equal packets. Long islands of music are cut where the shorter
    packets lie anyway.
    """
    small = encoding.silence == "small"
    rate = encoding.rate // 2 if small else encoding.rate
    frames = 1152 if rate >= 32_000 else 576
    return Codec(
        name="libmp3lame",
        session_rate=encoding.rate,
        rate=rate,
        channels=encoding.channels,
        bit_rate=encoding.bit_rate,
        silent_bit_rate=_LOWEST_BIT_RATE if small else encoding.bit_rate,
        options=(("reservoir", "0"), ("compression_level", QUALITY)),
        grid=frames * encoding.rate // rate,
        late=(DELAY + xing.DECODER_DELAY) * encoding.rate // rate,
        merge=8,
        cut=8 * _SHORTER,
        lead=3,
        reach=1,
        windows=_SHORTER if encoding.channels == 1 and not small and encoding.bit_rate == _ONE_SHORTER else 0,
    )


class Mp3File(PacketFile):
    """Writes tag, Info frame and packets to a file that can be sought."""

    def __init__(self, file: BinaryIO, codec: Codec, silence: bytes, tags: Tags, frames: int, preroll: int = 0) -> None:
        self._file = file
        self._silence = silence
        self._much_silence = silence * _AT_ONCE
        self._constant = codec.silent_bit_rate == codec.bit_rate
        own_frames = -(-frames * codec.rate // codec.session_rate)
        own_grid = codec.grid * codec.rate // codec.session_rate
        self._delay = DELAY + preroll * own_grid
        self._padding = codec.packets(frames) * own_grid - DELAY - own_frames
        file.write(id3.tag(tags, codec.session_rate))
        self._head = file.tell()
        file.write(bytes(xing.size(silence)))
        self._start = file.tell()
        self._places = [(0, 0)]
        """How many packets were written, and the bytes they take."""

    def sound(self, packets: Sequence[bytes]) -> None:
        self._file.write(b"".join(packets))
        self._count(len(packets))

    def silent(self, count: int) -> None:
        for _ in range(count // _AT_ONCE):
            self._file.write(self._much_silence)
        self._file.write(self._silence * (count % _AT_ONCE))
        self._count(count)

    def finish(self) -> None:
        front = xing.frame(
            self._silence, self._places, delay=self._delay, padding=self._padding, constant=self._constant
        )
        self._file.seek(self._head)
        self._file.write(front)
        self._file.seek(0, os.SEEK_END)

    def _count(self, count: int) -> None:
        self._places.append((self._places[-1][0] + count, self._file.tell() - self._start))
