"""Checksums of audio containers that the standard library lacks."""

from __future__ import annotations

import functools
import zlib

_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


@functools.cache
def _reflected16() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return tuple(table)


def lame16(data: bytes) -> int:
    """CRC-16 with polynomial 0x8005, lowest bits first: that of LAME's tag. For short data."""
    table, crc = _reflected16(), 0
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


def ogg32(data: bytes) -> int:
    """CRC-32 with polynomial 0x04C11DB7, highest bits first, from 0: that of Ogg's pages (RFC 3533).

    zlib's is the same with all bits in the other order, started and ended with ones.
    """
    crc = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(crc.to_bytes(4, "little").translate(_REVERSED), "big")


@functools.cache
def table(bits: int, polynomial: int) -> tuple[int, ...]:
    """For each byte, the CRC of so many bits, highest bits first, of that byte alone."""
    top = 1 << bits - 1
    entries = []
    for value in range(256):
        crc = value << bits - 8
        for _ in range(8):
            crc = (crc << 1 ^ polynomial if crc & top else crc << 1) & (top << 1) - 1
        entries.append(crc)
    return tuple(entries)


FLAC_8 = table(8, 0x07)
FLAC_16 = table(16, 0x8005)


def flac8(data: bytes) -> int:
    """CRC-8 of a FLAC frame's header."""
    crc = 0
    for byte in data:
        crc = FLAC_8[crc ^ byte]
    return crc


def flac16(data: bytes) -> int:
    """CRC-16 of a FLAC frame. For short data."""
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFF00) ^ FLAC_16[crc >> 8 ^ byte]
    return crc


def flac16_shifted(crc: int, count: int) -> int:
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
        one = (one << 1 ^ 0x8005 if one & 0x8000 else one << 1) & 0xFFFF
        other >>= 1
    return product
