"""LAME at its full speed, where this machine has it.

PyAV brings LAME too, but built without optimisation: any other takes 0.4 of its time. ``lameenc`` carries one whose
functions can be called past its own few (on Linux and macOS), many Linux systems have one (ffmpeg and lame need it),
and Homebrew installs one. Where there is none, PyAV's does the same work.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
import sys
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING

from voicecoach import log
from voicecoach.errors import ExportError

if TYPE_CHECKING:
    from voicecoach.sound.clip import Samples

_NAMES = {
    "linux": ("libmp3lame.so.0",),
    "darwin": ("libmp3lame.0.dylib", "/opt/homebrew/lib/libmp3lame.0.dylib", "/usr/local/lib/libmp3lame.0.dylib"),
}
_INTEGER_SETTINGS = (
    "lame_set_num_channels",
    "lame_set_mode",
    "lame_set_in_samplerate",
    "lame_set_out_samplerate",
    "lame_set_brate",
    "lame_set_quality",
    "lame_set_disable_reservoir",
    "lame_set_bWriteVbrTag",
)
_JOINT_STEREO, _MONO = 1, 3
_AT_ONCE = 1 << 16
"""Frames to hand over in one call."""


class Library:
    """LAME, loaded. Raises OSError or AttributeError where ``name`` is no library or not this one."""

    def __init__(self, name: str) -> None:
        calls = ctypes.CDLL(name)
        calls.get_lame_version.restype = ctypes.c_char_p
        calls.lame_init.restype = ctypes.c_void_p
        for setting in _INTEGER_SETTINGS:
            getattr(calls, setting).argtypes = (ctypes.c_void_p, ctypes.c_int)
        calls.lame_init_params.argtypes = (ctypes.c_void_p,)
        calls.lame_close.argtypes = (ctypes.c_void_p,)
        pointer, integer = ctypes.c_void_p, ctypes.c_int
        calls.lame_encode_buffer_ieee_float.argtypes = (pointer, pointer, pointer, integer, pointer, integer)
        self.calls = calls
        self.version = f"LAME {calls.get_lame_version().decode('ascii')} of {name}"


@functools.cache
def library() -> Library | None:
    """The first of those there may be, or None."""
    found = next(libraries(), None)
    log.record("MP3 by %s", "FFmpeg" if found is None else found.version)
    return found


def libraries() -> Iterator[Library]:
    """Every one that this machine has."""
    lameenc = importlib.util.find_spec("lameenc")
    names = () if lameenc is None or lameenc.origin is None else (lameenc.origin,)
    for name in names + _NAMES.get(sys.platform, ()):
        try:
            library = Library(name)
        except (OSError, AttributeError):
            continue
        yield library


class Lame:
    """One run of LAME at constant bitrate, with the bit reservoir off. Raises ExportError where it refuses."""

    def __init__(self, lame: Library, *, rate: int, channels: int, bit_rate: int, quality: int) -> None:
        self._lame = lame.calls
        self._state = ctypes.c_void_p(self._lame.lame_init())
        if not self._state:
            raise ExportError("LAME does not start: there is no memory left")
        weakref.finalize(self, self._lame.lame_close, self._state)
        self._slots = (144 if rate >= 32_000 else 72) * bit_rate // rate
        self._rest = b""
        mode = _MONO if channels == 1 else _JOINT_STEREO
        values = (channels, mode, rate, rate, bit_rate // 1000, quality, 1, 0)
        for setting, value in zip(_INTEGER_SETTINGS, values, strict=True):
            getattr(self._lame, setting)(self._state, value)
        if self._lame.lame_init_params(self._state) < 0:
            raise ExportError(f"LAME refuses {rate} Hz at {bit_rate} bit/s")

    def feed(self, samples: Samples) -> list[bytes]:
        """Takes in the next samples, of shape (frames, channels); the packets that are complete."""
        import numpy as np  # whoever brings samples has it

        written = [self._rest]
        for at in range(0, samples.shape[0], _AT_ONCE):
            planes = np.ascontiguousarray(samples[at : at + _AT_ONCE].T)
            frames = planes.shape[1]
            room = np.empty(frames * 5 // 4 + 7200, dtype=np.uint8)
            sides = planes[0].ctypes.data, planes[-1].ctypes.data
            size = self._lame.lame_encode_buffer_ieee_float(self._state, *sides, frames, room.ctypes.data, room.size)
            if size < 0:
                raise ExportError(f"LAME failed (its number {size})")
            written.append(room[:size].tobytes())
        return self._split(b"".join(written))

    def _split(self, stream: bytes) -> list[bytes]:
        """The packets: all of one length, or a byte longer where their header says so."""
        packets, at = [], 0
        while at + 4 <= len(stream):
            end = at + self._slots + (stream[at + 2] >> 1 & 1)
            if end > len(stream):
                break
            packets.append(stream[at:end])
            at = end
        self._rest = stream[at:]
        return packets
