"""Opus packets, and the Ogg file they go into (RFC 7845)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import BinaryIO

from voicecoach.export.codec import Codec
from voicecoach.export.formats.format import Encoding, PacketFile
from voicecoach.export.formats.vorbis_comments import comments
from voicecoach.export.tags import Tags

RATE = 48_000
"""The one rate of Opus, in hertz."""
PACKET = 960
"""Frames at that rate in a packet: 20 ms."""
PRE_SKIP = 120
"""Frames at that rate which the encoder puts in front, in its mode without linear prediction."""

_SERIAL = 0x76636F61
"""Any number tells the one stream of a file from the others."""
_FIRST, _LAST = 2, 4
"""Flags of a page."""
_PAGE = 50
"""Packets on a page: a second, as RFC 7845 recommends."""
_LONGEST_PAGE = 255
"""Segments on a page at most: a packet is cut into segments of 255 bytes and a shorter one."""
_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
"""Each byte with its bits in the other order."""


def codec(encoding: Encoding) -> Codec:
    """libopus without its linear prediction ("low delay"): what a packet takes over from those before soon fades.

    So the start of an island can follow upon silence, and after a second two encoders agree on music. The bitrate is
    held to, a little less is spent on silence, and the tail of the encoder's high-pass filter is left out.
    """
    return Codec(
        name="libopus",
        session_rate=encoding.rate,
        rate=RATE,
        channels=encoding.channels,
        bit_rate=encoding.bit_rate,
        silent_bit_rate=encoding.bit_rate,
        sample_format="flt",
        options=(("application", "lowdelay"), ("vbr", "constrained")),
        grid=PACKET * encoding.rate // RATE,
        late=-(-PRE_SKIP * encoding.rate // RATE),
        cut=600,
        lead=50,
        reach=3,
        merge=16,
        preroll=25,
    )


class OpusFile(PacketFile):
    """Writes an Ogg stream: two pages of headers, then packets, a second a page."""

    def __init__(self, file: BinaryIO, codec: Codec, silence: bytes, tags: Tags, frames: int, preroll: int = 0) -> None:
        self._file = file
        self._silence = silence
        skip = PRE_SKIP + preroll * PACKET
        self._total = preroll + codec.packets(frames)
        self._end = skip + -(-frames * RATE // codec.session_rate)
        self._pages = 0
        self._waiting: list[bytes] = []
        self._written = 0
        head = struct.pack("<8sBBHIhB", b"OpusHead", 1, codec.channels, skip, codec.session_rate, 0, 0)
        self._page(_FIRST, 0, [head])
        self._headers(b"OpusTags" + comments(tags, codec.session_rate, pictures=True))

    def sound(self, packets: Sequence[bytes]) -> None:
        self._waiting += packets
        while len(self._waiting) > _PAGE:
            self._flush(_PAGE)

    def silent(self, count: int) -> None:
        while count:
            room = min(count, _PAGE + 1 - len(self._waiting))
            self.sound([self._silence] * room)
            count -= room

    def finish(self) -> None:
        """Writes the last page."""
        self._flush(len(self._waiting))

    def _flush(self, count: int) -> None:
        """Writes a page of packets, fewer where they are long."""
        while count:
            segments, fitting = 0, 0
            for packet in self._waiting[:count]:
                segments += len(packet) // 255 + 1
                if segments > _LONGEST_PAGE:
                    break
                fitting += 1
            page, self._waiting = self._waiting[:fitting], self._waiting[fitting:]
            self._written += fitting
            count -= fitting
            last = self._written == self._total
            self._page(_LAST if last else 0, self._end if last else self._written * PACKET, page)

    def _page(self, flags: int, position: int, packets: Sequence[bytes]) -> None:
        self._write(flags, position, _lengths(packets), b"".join(packets))

    def _headers(self, packet: bytes) -> None:
        """A packet on as many pages as it takes, and alone on them."""
        lengths = _lengths([packet])
        for at in range(0, len(lengths), _LONGEST_PAGE):
            end = at + _LONGEST_PAGE
            self._write(1 if at else 0, 0 if end >= len(lengths) else -1, lengths[at:end], packet[at * 255 : end * 255])

    def _write(self, flags: int, position: int, lengths: bytes, content: bytes) -> None:
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, _SERIAL, self._pages, 0, len(lengths))
        whole = head + lengths + content
        self._file.write(whole[:22] + struct.pack("<I", checksum(whole)) + whole[26:])
        self._pages += 1


def _lengths(packets: Sequence[bytes]) -> bytes:
    """Those of the packets' segments."""
    return b"".join(b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,)) for packet in packets)


def checksum(data: bytes) -> int:
    """CRC-32 with polynomial 0x04C11DB7, highest bits first, from 0: that of Ogg's pages (RFC 3533).

    zlib's is the same with all bits in the other order, started and ended with ones.
    """
    crc = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(crc.to_bytes(4, "little").translate(_REVERSED), "big")
