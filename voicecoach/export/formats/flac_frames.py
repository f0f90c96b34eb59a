"""FLAC frames made anew: with another number, or of silence by the thousand.

A frame begins with its number, in as many bytes as it takes, and is held together by two checksums, so to move one is
to write these again. The layout is that of RFC 9639.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from voicecoach.export.formats.crc import FLAC_8, FLAC_16, flac8, flac16, flac16_shifted

_FIXED = 4
"""Bytes of a frame before its number."""
_AT_ONCE = 16_384
_BLOCK_SIZE_BYTES = {6: 1, 7: 2}
_RATE_BYTES = {12: 1, 13: 2, 14: 2}
"""Bytes behind the number, by the codes in the fixed part that announce them."""


def numbered(frame: bytes, number: int) -> bytes:
    """The same frame as the ``number``-th of its stream, counted from 0."""
    start, end = _number_place(frame)
    further = end + _BLOCK_SIZE_BYTES.get(frame[2] >> 4, 0) + _RATE_BYTES.get(frame[2] & 15, 0)
    head = frame[:start] + _written(number) + frame[end:further]
    head += bytes((flac8(head),))
    body = frame[further + 1 : -2]
    old = int.from_bytes(frame[-2:], "big")
    crc = old ^ flac16_shifted(flac16(frame[: further + 1]) ^ flac16(head), len(body))
    return head + body + crc.to_bytes(2, "big")


def silent(frame: bytes, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Frames like this short one, numbered ``first`` up to ``last``: how many, and all of them in one string.

    Those of one string have the same length.
    """
    start, end = _number_place(frame)
    head, body = frame[:start], frame[end + 1 : -2]
    while first < last:
        length = len(_written(first))
        until = min(last, first + _AT_ONCE, _beyond(length))
        columns = [_column(byte, until - first) for byte in head]
        columns += _number_columns(np.arange(first, until), length)
        columns.append(_crc(columns, np.array(FLAC_8, dtype=np.int64), 8))
        columns += [_column(byte, until - first) for byte in body]
        crc = _crc(columns, np.array(FLAC_16, dtype=np.int64), 16)
        columns += [crc >> 8, crc & 0xFF]
        yield until - first, np.stack(columns, axis=1).astype(np.uint8).tobytes()
        first = until


_Column = npt.NDArray[np.int64]


def _column(byte: int, count: int) -> _Column:
    return np.full(count, byte, dtype=np.int64)


def _crc(columns: list[_Column], table: _Column, bits: int) -> _Column:
    crc = np.zeros_like(columns[0])
    for column in columns:
        crc = (crc << 8 & (1 << bits) - 1) ^ table[crc >> bits - 8 ^ column]
    return crc


def _number_place(frame: bytes) -> tuple[int, int]:
    """First byte of a frame's number, and the one after the last."""
    length = 8 - (frame[_FIXED] ^ 0xFF).bit_length()
    return _FIXED, _FIXED + max(1, length)


def _beyond(length: int) -> int:
    """The first number that takes more than so many bytes (UTF-8, carried on to 36 bits)."""
    return 0x80 if length == 1 else 1 << 5 * length + 1


def _written(number: int) -> bytes:
    length = 1
    while number >= _beyond(length):
        length += 1
    return bytes(int(column[0]) for column in _number_columns(np.array([number]), length))


def _number_columns(numbers: _Column, length: int) -> list[_Column]:
    if length == 1:
        return [numbers]
    mark = 0xFF00 >> length & 0xFF
    first = mark | numbers >> 6 * (length - 1)
    return [first, *(0x80 | numbers >> 6 * place & 0x3F for place in range(length - 2, -1, -1))]
