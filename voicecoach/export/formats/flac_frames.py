"""FLAC frames made anew: with another number, or of silence by the thousand.

A frame begins with its number, in as many bytes as it takes, and is held together by two checksums, so to move one is
to write these again. The layout is that of RFC 9639.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

_FIXED = 4
"""Bytes of a frame before its number."""
_AT_ONCE = 16_384
_BLOCK_SIZE_BYTES = {6: 1, 7: 2}
_RATE_BYTES = {12: 1, 13: 2, 14: 2}
"""Bytes behind the number, by the codes in the fixed bytes that announce them."""

_Column = npt.NDArray[np.int64]
"""The same byte of many frames."""


def numbered(frame: bytes, number: int) -> bytes:
    """The same frame as the ``number``-th of its stream, counted from 0."""
    old, end = _head(frame)
    new = frame[:_FIXED] + bytes(_coded(number, _length(number))) + frame[end : len(old)]
    if new == old:
        return frame
    new += bytes((checksum(new, 8),))
    body = frame[len(old) + 1 : -2]
    changed = checksum(frame[: len(old) + 1], 16) ^ checksum(new, 16)
    crc = int.from_bytes(frame[-2:], "big") ^ shifted(changed, len(body))
    return new + body + crc.to_bytes(2, "big")


def silent(frame: bytes, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Frames like this short one, numbered ``first`` up to ``last``: how many, and all of them in one string.

    Those of one string have the same length.
    """
    head, end = _head(frame)
    while first < last:
        length = _length(first)
        until = min(last, first + _AT_ONCE, _beyond(length))

        def columns(content: bytes, count: int = until - first) -> list[_Column]:
            return [np.full(count, byte) for byte in content]

        made = [*columns(frame[:_FIXED]), *_coded(np.arange(first, until), length), *columns(head[end:])]
        made.append(_crc(made, np.array(_TABLES[8]), 8))
        made += columns(frame[len(head) + 1 : -2])
        crc = _crc(made, np.array(_TABLES[16]), 16)
        yield until - first, np.stack([*made, crc >> 8, crc & 0xFF], axis=1).astype(np.uint8).tobytes()
        first = until


def _head(frame: bytes) -> tuple[bytes, int]:
    """A frame up to its first checksum, and where its number ends."""
    end = _FIXED + max(1, 8 - (frame[_FIXED] ^ 0xFF).bit_length())
    return frame[: end + _BLOCK_SIZE_BYTES.get(frame[2] >> 4, 0) + _RATE_BYTES.get(frame[2] & 15, 0)], end


def _beyond(length: int) -> int:
    """The first number that takes more than so many bytes (UTF-8, carried on to 36 bits)."""
    return 0x80 if length == 1 else 1 << 5 * length + 1


def _length(number: int) -> int:
    return next(length for length in range(1, 8) if number < _beyond(length))


def _coded(number: Any, length: int) -> list[Any]:
    """The bytes of a number, or their columns of many."""
    if length == 1:
        return [number]
    first = 0xFF00 >> length & 0xFF | number >> 6 * (length - 1)
    return [first, *(0x80 | number >> 6 * place & 0x3F for place in range(length - 2, -1, -1))]


def _table(bits: int, polynomial: int) -> tuple[int, ...]:
    """For each byte, the CRC of so many bits, highest bits first, of that byte alone."""
    top = 1 << bits - 1
    entries = []
    for value in range(256):
        crc = value << bits - 8
        for _ in range(8):
            crc = (crc << 1 ^ polynomial if crc & top else crc << 1) & (top << 1) - 1
        entries.append(crc)
    return tuple(entries)


_POLYNOMIAL = 0x8005
_TABLES = {8: _table(8, 0x07), 16: _table(16, _POLYNOMIAL)}


def checksum(data: bytes, bits: int) -> int:
    """CRC-8 of a frame's header, or CRC-16 of a frame. For short data."""
    crc: int = _crc(data, _TABLES[bits], bits)
    return crc


def _crc(data: Iterable[Any], table: Any, bits: int) -> Any:
    """Of bytes, or of columns of bytes."""
    crc, mask = 0, (1 << bits) - 1
    for byte in data:
        crc = (crc << 8 & mask) ^ table[crc >> bits - 8 ^ byte]
    return crc


def shifted(crc: int, count: int) -> int:
    """The CRC-16 of data whose CRC was ``crc``, after ``count`` more bytes of zeros."""
    return _product(crc, _power(count))


@functools.lru_cache(maxsize=65_536)
def _power(count: int) -> int:
    """x to the power of ``8 * count``, modulo the polynomial."""
    result, square = 1, 0x0100
    while count:
        if count & 1:
            result = _product(result, square)
        square = _product(square, square)
        count >>= 1
    return result


def _product(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = (one << 1 ^ _POLYNOMIAL if one & 0x8000 else one << 1) & 0xFFFF
        other >>= 1
    return product
