"""MP3: LAME's packets on their grid, and the file they go into."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import BinaryIO

from voicecoach.export.codec import Codec
from voicecoach.export.formats import id3, xing
from voicecoach.export.tags import Tags

DELAY = 576
"""Frames of silence that LAME puts in front."""
QUALITY = "7"
"""LAME's level: what can be heard is estimated, noise is not shaped.

Against level 5, with speech at 64 kbit/s: twice as fast, 2 dB less noise as a whole, 1 dB more in the band where it
is heard most. Without noise shaping a packet depends on nothing but two packets before it, so that islands are exact.
"""
BIT_RATES = {1: 64_000, 2: 128_000}
"""Bits a second, by channels."""
SMALL_BIT_RATE = 48_000
"""At half the rate, for speech only."""
LOWEST_BIT_RATE = 8_000
"""The lowest there is, at half the rate."""
_SHORTER = 49
"""At 44,100 Hz and these bitrates every so many packets there is one that is a byte shorter than the others."""


def codec(rate: int, channels: int) -> Codec:
    """Constant bitrate, with the bit reservoir off: every packet stands alone.

    Speech is encoded so that the shorter packets fall among those thrown away: then nothing depends on where in the
    session an island lies, and equal ones have equal packets. Long islands of music are cut where the shorter
    packets lie anyway.
    """
    if channels == 1:
        return _lame(rate, rate, channels, BIT_RATES[channels], windows=_SHORTER)
    return _lame(rate, rate, channels, BIT_RATES[channels])


def small_codec(rate: int) -> Codec:
    """For small files: mono, at half the rate, where the lowest bitrate is 8 kbit/s instead of 32."""
    return _lame(rate, rate // 2, 1, SMALL_BIT_RATE)


def quiet_codec(rate: int) -> Codec:
    """For the silence in small files."""
    return _lame(rate, rate // 2, 1, LOWEST_BIT_RATE)


def _lame(session_rate: int, rate: int, channels: int, bit_rate: int, windows: int = 0) -> Codec:
    frames = 1152 if rate >= 32_000 else 576
    return Codec(
        name="libmp3lame",
        session_rate=session_rate,
        rate=rate,
        channels=channels,
        bit_rate=bit_rate,
        options=(("reservoir", "0"), ("compression_level", QUALITY)),
        grid=frames * session_rate // rate,
        late=(DELAY + xing.DECODER_DELAY) * session_rate // rate,
        before=2,
        after=2,
        merge=8,
        cut=8 * _SHORTER,
        lead=3,
        reach=1,
        windows=windows,
    )


_AT_ONCE = 1024


class Mp3File:
    """Writes tag, Info frame and packets to a file that can be sought."""

    def __init__(self, file: BinaryIO, codec: Codec, silence: bytes, tags: Tags, frames: int) -> None:
        self._file = file
        self._silence = silence
        self._much_silence = silence * _AT_ONCE
        self._total = codec.packets(frames)
        self._constant = xing.bit_rate(silence) * 1000 == codec.bit_rate
        own_frames = -(-frames * codec.rate // codec.session_rate)
        self._padding = self._total * codec.grid * codec.rate // codec.session_rate - DELAY - own_frames
        file.write(id3.tag(tags, codec.session_rate))
        self._head = file.tell()
        file.write(bytes(xing.size(silence)))
        self._start = file.tell()
        self._written = 0
        self._places = [(0, 0)]

    def sound(self, packets: Sequence[bytes]) -> None:
        """Writes the next packets."""
        self._file.write(b"".join(packets))
        self._mark(len(packets))

    def silent(self, count: int) -> None:
        """Writes so many silent packets."""
        for _ in range(count // _AT_ONCE):
            self._file.write(self._much_silence)
        self._file.write(self._silence * (count % _AT_ONCE))
        self._mark(count)

    def finish(self) -> None:
        """Writes what can be said at the end only."""
        contents = xing.Contents(
            packets=self._total,
            size=self._places[-1][1],
            places=self._places,
            delay=DELAY,
            padding=self._padding,
            constant=self._constant,
        )
        self._file.seek(self._head)
        self._file.write(xing.frame(self._silence, contents))
        self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        """Nothing is left to do."""

    def _mark(self, count: int) -> None:
        self._written += count
        self._places.append((self._written, self._file.tell() - self._start))
