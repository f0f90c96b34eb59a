"""Checksums of audio containers that the standard library lacks."""

from __future__ import annotations

import functools


@functools.cache
def _table16() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return tuple(table)


def crc16(data: bytes, start: int = 0) -> int:
    """CRC-16 with the polynomial 0x8005, bits reversed: the one of LAME's tag. Slow: for short data."""
    table = _table16()
    for byte in data:
        start = start >> 8 ^ table[(start ^ byte) & 0xFF]
    return start
