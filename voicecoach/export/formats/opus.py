"""Opus packets, and the Ogg file they go into (RFC 7845)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import BinaryIO

from voicecoach.export.codec import Codec
from voicecoach.export.formats.crc import ogg32
from voicecoach.export.formats.vorbis_comments import comments
from voicecoach.export.tags import Tags

RATE = 48_000
"""The one rate of Opus, in hertz."""
PACKET = 960
"""Frames at that rate in a packet: 20 ms."""
PRE_SKIP = 120
"""Frames at that rate which the encoder puts in front, in its mode without linear prediction."""
BIT_RATES = {1: 48_000, 2: 96_000}
"""Bits a second, by channels."""

_SERIAL = 0x76636F61
"""Any number tells the one stream of a file from the others."""
_FIRST, _LAST = 2, 4
"""Flags of a page."""
_PAGE = 50
"""Packets on a page: a second, as RFC 7845 recommends."""
_LONGEST_PAGE = 255
"""Pieces of up to 255 bytes that fit on a page."""


def codec(rate: int, channels: int) -> Codec:
    """libopus without its linear prediction ("low delay"): what a packet takes over from those before soon fades.

    So the start of an island can follow upon silence, and after a second two encoders agree on music. The bitrate is
    held to, a little less is spent on silence, and the tail of the encoder's high-pass filter is left out.
    """
    return Codec(
        name="libopus",
        session_rate=rate,
        rate=RATE,
        channels=channels,
        bit_rate=BIT_RATES[channels],
        sample_format="flt",
        options=(("application", "lowdelay"), ("vbr", "constrained")),
        grid=PACKET * rate // RATE,
        late=-(-PRE_SKIP * rate // RATE),
        before=2,
        after=2,
        cut=600,
        lead=50,
        reach=3,
        merge=16,
    )


class OpusFile:
    """Writes an Ogg stream: two pages of headers, then packets, a second a page."""

    def __init__(self, file: BinaryIO, codec: Codec, silence: bytes, tags: Tags, frames: int) -> None:
        self._file = file
        self._silence = silence
        self._total = codec.packets(frames)
        self._end = PRE_SKIP + -(-frames * RATE // codec.session_rate)
        self._pages = 0
        self._waiting: list[bytes] = []
        self._written = 0
        head = struct.pack("<8sBBHIhB", b"OpusHead", 1, codec.channels, PRE_SKIP, codec.session_rate, 0, 0)
        self._page(_FIRST, 0, [head])
        self._headers(b"OpusTags" + comments(tags, codec.session_rate))

    def sound(self, packets: Sequence[bytes]) -> None:
        """Writes the next packets."""
        self._waiting += packets
        while len(self._waiting) > _PAGE:
            self._flush(_PAGE)

    def silent(self, count: int) -> None:
        """Writes so many silent packets."""
        while count:
            room = min(count, _PAGE + 1 - len(self._waiting))
            self.sound([self._silence] * room)
            count -= room

    def finish(self) -> None:
        """Writes the last page."""
        self._flush(len(self._waiting))

    def close(self) -> None:
        """Nothing is left to do."""

    def _flush(self, count: int) -> None:
        """Writes a page of packets, fewer where they are long."""
        while count:
            chunks, fitting = 0, 0
            for packet in self._waiting[:count]:
                chunks += len(packet) // 255 + 1
                if chunks > _LONGEST_PAGE:
                    break
                fitting += 1
            page, self._waiting = self._waiting[:fitting], self._waiting[fitting:]
            self._written += fitting
            count -= fitting
            last = self._written == self._total
            self._page(_LAST if last else 0, self._end if last else self._written * PACKET, page)

    def _page(self, flags: int, position: int, packets: Sequence[bytes]) -> None:
        lengths = b"".join(b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,)) for packet in packets)
        self._write(flags, position, lengths, b"".join(packets))

    def _headers(self, packet: bytes) -> None:
        """A packet on as many pages as it takes, and alone on them."""
        lengths = b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,))
        for at in range(0, len(lengths), _LONGEST_PAGE):
            part = lengths[at : at + _LONGEST_PAGE]
            ended = at + _LONGEST_PAGE >= len(lengths)
            content = packet[at * 255 : (at + _LONGEST_PAGE) * 255]
            self._write(1 if at else 0, 0 if ended else -1, part, content)

    def _write(self, flags: int, position: int, lengths: bytes, content: bytes) -> None:
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, _SERIAL, self._pages, 0, len(lengths))
        whole = head + lengths + content
        self._file.write(whole[:22] + struct.pack("<I", ogg32(whole)) + whole[26:])
        self._pages += 1
