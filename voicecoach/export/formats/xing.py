"""The frame in front of an MP3 stream that says how long it is: Xing's header with LAME's extension.

It is a silent frame with tables where its audio would be, so a player that knows nothing of it plays 26 ms more.
The layout follows Gabriel Bouvigne's description of the LAME tag and ISO 11172-3 (MPEG-1), 13818-3 (MPEG-2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

DECODER_DELAY = 529
"""Frames by which every MP3 decoder is late."""

_MPEG_1 = 3
_MONO = 3
_BIT_RATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""In kbit/s, for MPEG-1 and MPEG-2, by the index in a packet's header."""
_RATES = {True: (44_100, 48_000, 32_000), False: (22_050, 24_000, 16_000)}
_SIDE_INFORMATION = {(True, True): 17, (True, False): 32, (False, True): 9, (False, False): 17}
"""Bytes, for MPEG-1 or not, mono or not."""
_TABLES = 120 + 36
"""Bytes of Xing's header and LAME's extension."""
_FRAMES_BYTES_TABLE_QUALITY = 0b1111
_ENCODER = b"LAME3.100"
_CONSTANT, _VARIABLE = 1, 4
"""LAME's numbers for the kinds of bitrate."""
_MODES = (1, 3, 2, 0)
"""LAME's numbers for stereo, joint stereo, dual channel and mono, by the index in a packet's header."""


class Contents(NamedTuple):
    """What the frame says of the packets behind it.

    ``size`` is in bytes, without the frame itself; ``places`` tells how many bytes so many packets take, from the first
    to all, and between two of them packets are alike. ``delay`` and ``padding`` are the frames an encoder put before
    and behind.
    """

    packets: int
    size: int
    places: Sequence[tuple[int, int]]
    delay: int
    padding: int
    constant: bool


def bit_rate(packet: bytes) -> int:
    """In kbit/s, as the packet itself says."""
    return _BIT_RATES[packet[1] >> 3 & 3 == _MPEG_1][packet[2] >> 4]


def size(packet: bytes) -> int:
    """Bytes of the frame that goes in front of packets like this one."""
    mpeg_1, index, rate = _header(packet)
    return 144_000 * _BIT_RATES[mpeg_1][index] // rate if mpeg_1 else 72_000 * _BIT_RATES[mpeg_1][index] // rate


def frame(packet: bytes, contents: Contents) -> bytes:
    """The frame that goes in front of packets like this one: of their bitrate, or a higher one if it must be longer."""
    mpeg_1, index, rate = _header(packet)
    mode = packet[3] >> 6
    length = size(packet)
    whole = contents.size + length
    table = bytes(min(255, int((length + size) * 256 / whole)) for size in _hundredths(contents))
    written = struct.pack(
        f">4s{_SIDE_INFORMATION[mpeg_1, mode == _MONO]}x4sIII100sI9sBBIHHBB3sBBHIH",
        bytes((packet[0], packet[1], index << 4 | packet[2] & 0b00001101, packet[3])),
        b"Info" if contents.constant else b"Xing",
        _FRAMES_BYTES_TABLE_QUALITY,
        contents.packets,
        whole,
        table,
        0,
        _ENCODER,
        _CONSTANT if contents.constant else _VARIABLE,
        0,
        0,
        0,
        0,
        0,
        min(255, _BIT_RATES[mpeg_1][packet[2] >> 4]),
        (contents.delay << 12 | contents.padding).to_bytes(3, "big"),
        (rate == 44_100) << 6 | _MODES[mode] << 2,
        0,
        0,
        whole,
        0,
    )
    written += struct.pack(">H", checksum(written))
    return written.ljust(length, b"\0")


def _hundredths(contents: Contents) -> Iterator[float]:
    """How many bytes have gone by at each hundredth of the playing time."""
    row = iter(contents.places)
    before = after = next(row)
    for hundredth in range(100):
        packet = hundredth * contents.packets / 100
        while after[0] < packet:
            before, after = after, next(row)
        share = (packet - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
        yield before[1] + share * (after[1] - before[1])


def _header(packet: bytes) -> tuple[bool, int, int]:
    """Whether it is MPEG-1, the index of the bitrate of the frame in front, and the sample rate."""
    mpeg_1 = packet[1] >> 3 & 3 == _MPEG_1
    rate = _RATES[mpeg_1][packet[2] >> 2 & 3]
    needed = 4 + _SIDE_INFORMATION[mpeg_1, packet[3] >> 6 == _MONO] + _TABLES
    slots = 144_000 if mpeg_1 else 72_000
    lowest = packet[2] >> 4
    for index in range(lowest, len(_BIT_RATES[mpeg_1])):
        if slots * _BIT_RATES[mpeg_1][index] // rate >= needed:
            return mpeg_1, index, rate
    raise ValueError("no frame is long enough")


def checksum(data: bytes) -> int:
    """CRC-16 with polynomial 0x8005, lowest bits first."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
