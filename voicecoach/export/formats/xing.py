"""The frame in front of an MP3 stream that says how long it is: Xing's header with LAME's extension.

It is a silent frame with tables where its audio would be, so a player that knows nothing of it plays 26 ms more.
The layout follows Gabriel Bouvigne's description of the LAME tag and ISO 11172-3 (MPEG-1), 13818-3 (MPEG-2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

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


def size(packet: bytes) -> int:
    """Bytes of the frame that goes in front of packets like this one."""
    return _header(packet)[1]


def frame(packet: bytes, places: Sequence[tuple[int, int]], *, delay: int, padding: int, constant: bool) -> bytes:
    """The frame that goes in front of packets like this one: of their bitrate, or a higher one if it must be longer.

    ``places`` tells how many bytes so many packets take, from the first to all; between two of them packets are alike.
    ``delay`` and ``padding`` are the frames an encoder put before and behind.
    """
    index, length, rate = _header(packet)
    mpeg_1, mode = packet[1] >> 3 & 3 == _MPEG_1, packet[3] >> 6
    packets, size = places[-1]
    whole = length + size
    table = bytes(min(255, int((length + at) * 256 / whole)) for at in _hundredths(places))
    # what is left out is nought: quality, lowpass, peak, gains, preset, a checksum of the sound
    written = struct.pack(
        f">4s{_SIDE_INFORMATION[mpeg_1, mode == _MONO]}x4sIII100s4x9sB10xB3sB3xI2x",
        bytes((packet[0], packet[1], index << 4 | packet[2] & 0b00001101, packet[3])),
        b"Info" if constant else b"Xing",
        _FRAMES_BYTES_TABLE_QUALITY,
        packets,
        whole,
        table,
        _ENCODER,
        _CONSTANT if constant else _VARIABLE,
        min(255, _BIT_RATES[mpeg_1][packet[2] >> 4]),
        (delay << 12 | padding).to_bytes(3, "big"),
        (rate == 44_100) << 6 | _MODES[mode] << 2,
        whole,
    )
    written += struct.pack(">H", checksum(written))
    return written.ljust(length, b"\0")


def _hundredths(places: Sequence[tuple[int, int]]) -> Iterator[float]:
    """How many bytes have gone by at each hundredth of the playing time."""
    row = iter(places)
    before = after = next(row)
    for hundredth in range(100):
        packet = hundredth * places[-1][0] / 100
        while after[0] < packet:
            before, after = after, next(row)
        share = (packet - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
        yield before[1] + share * (after[1] - before[1])


def _header(packet: bytes) -> tuple[int, int, int]:
    """Index of the bitrate and length of the frame in front, and the sample rate."""
    mpeg_1 = packet[1] >> 3 & 3 == _MPEG_1
    rate = _RATES[mpeg_1][packet[2] >> 2 & 3]
    needed = 4 + _SIDE_INFORMATION[mpeg_1, packet[3] >> 6 == _MONO] + _TABLES
    lengths = [(144_000 if mpeg_1 else 72_000) * kilobits // rate for kilobits in _BIT_RATES[mpeg_1]]
    index = next(index for index in range(packet[2] >> 4, len(lengths)) if lengths[index] >= needed)
    return index, lengths[index], rate


def checksum(data: bytes) -> int:
    """CRC-16 with polynomial 0x8005, lowest bits first."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
