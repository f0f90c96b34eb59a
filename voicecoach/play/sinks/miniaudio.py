"""The sound card through miniaudio.

Costs its import.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import miniaudio

from voicecoach.errors import SinkError, UnknownOutputError
from voicecoach.play import backends
from voicecoach.play.backends import Device

PERIOD_MS = 80
"""Milliseconds asked for at a time. Much less, and a busy machine drops some; much more, and a key is heard late."""
PERIODS = 2

Fill = Callable[[int], bytes]
"""Called from the card's own thread with a number of frames; returns them as float32, or nothing for silence."""

_NO_DEVICE = (
    "no sound device was found (looked for one through {tried}); "
    "`voicecoach export` writes a file to play elsewhere, `voicecoach doctor` tells what works here"
)


def devices() -> tuple[Device, ...]:
    """Every device that can play; none where there is no sound."""
    return backends.devices("device")


class MiniaudioDevice(backends.Opened):
    """A device that plays what ``fill`` gives, from now until it is closed. Not for several threads at once.

    A device that goes away tells nobody: ``fill`` is just not called any more.
    """

    def __init__(self, fill: Fill, rate: int, channels: int, backend: Any, identity: Any) -> None:
        super().__init__(
            miniaudio.PlaybackDevice,
            _feed(fill),
            backend,
            identity,
            output_format=miniaudio.SampleFormat.FLOAT32,
            nchannels=channels,
            sample_rate=rate,
            buffersize_msec=PERIOD_MS,
            callback_periods=PERIODS,
        )


def open_device(
    fill: Fill, rate: int, channels: int, device: str | None = None, again: MiniaudioDevice | None = None
) -> MiniaudioDevice:
    """Plays on the device of that name, or of which it is a part; on the default one where it is None.

    ``again`` is the card used before: then no other way than its own is tried, so that a sound server that comes back
    does not find its hardware taken. Raises UnknownOutputError and SinkError.
    """

    def opens(backend: Any, identity: Any) -> MiniaudioDevice:
        return MiniaudioDevice(fill, rate, channels, backend, identity)

    ways = backends.usable() if again is None else [again.backend]
    opened = backends.first_opened("device", device, ways, rate, opens, UnknownOutputError)
    if opened is None:
        raise SinkError(_NO_DEVICE.format(tried=backends.tried(ways)))
    return opened


def _feed(fill: Fill) -> Generator[bytes, int, None]:
    frames = yield b""
    while True:
        frames = yield fill(frames)
