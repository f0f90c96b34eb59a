"""The frame in front of an MP3 stream that says how long it is: Xing's header with LAME's extension.

It is a silent frame with a table where its audio would be, so a player that knows nothing of it plays 26 ms more.
The layout follows Gabriel Bouvigne's description of the LAME tag.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from voicecoach.encode.crc import crc16

DECODER_DELAY = 529
"""Frames by which every MP3 decoder is late."""
LONGEST_PADDING = 4095
"""The tag has 12 bits for it."""

_FRAMES_BYTES_TABLE_QUALITY = 0b1111
_LAME = b"LAME3.100"
_CBR, _VBR = 1, 4
"""LAME's numbers for constant and (new) variable bitrate."""


class Stream(NamedTuple):
    """What the frame says of the stream behind it.

    ``size`` is in bytes, with this frame; ``table`` tells for each hundredth of the playing time how far into the file
    it lies, in 256ths; ``delay`` and ``padding`` are the frames an encoder put before and behind; ``bit_rate`` is in
    kbit/s, the lowest where it varies.
    """

    packets: int
    size: int
    table: bytes
    delay: int
    padding: int
    bit_rate: int
    constant: bool
    lowpass: int = 0
    stereo: bool = False


def frame(template: bytes, side_information: int, stream: Stream) -> bytes:
    """The whole frame: the header of ``template``, silent side information, and the tables; as long as ``template``."""
    head = template[:4] + bytes(side_information)
    xing = (b"Info" if stream.constant else b"Xing") + struct.pack(
        ">III", _FRAMES_BYTES_TABLE_QUALITY, stream.packets, stream.size
    )
    lame = struct.pack(
        ">9sBBIHHBB3sBBHIH",
        _LAME,
        _CBR if stream.constant else _VBR,
        min(255, stream.lowpass // 100),
        0,
        0,
        0,
        0,
        min(255, stream.bit_rate),
        (stream.delay << 12 | stream.padding).to_bytes(3, "big"),
        (3 if stream.stereo else 0) << 2,
        0,
        0,
        stream.size,
        0,
    )
    tagged = head + xing + stream.table + struct.pack(">I", 0) + lame
    whole = tagged + struct.pack(">H", crc16(tagged))
    return whole + bytes(len(template) - len(whole))
