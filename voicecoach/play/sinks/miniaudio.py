"""The sound card through miniaudio.

Costs its import.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import miniaudio

from voicecoach import log
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


class MiniaudioDevice:
    """A device that plays what ``fill`` gives, from now until it is closed. Not for several threads at once.

    A device that goes away tells nobody: ``fill`` is just not called any more.
    """

    def __init__(self, fill: Fill, rate: int, channels: int, backend: Any, identity: Any) -> None:
        # made in two steps, so that a device which refuses leaves what it has already taken to be freed
        self._playback = miniaudio.PlaybackDevice.__new__(miniaudio.PlaybackDevice)
        feeder = _feed(fill)
        next(feeder)
        try:
            self._playback.__init__(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=channels,
                sample_rate=rate,
                buffersize_msec=PERIOD_MS,
                callback_periods=PERIODS,
                device_id=identity,
                backends=[backend],
                app_name="voicecoach",
            )
            self.backend = backend
            self._playback.start(feeder)
        except miniaudio.MiniaudioError:
            self.close()
            raise

    def close(self) -> None:
        """Stops, and gives back all that miniaudio itself keeps until the process ends."""
        backends.free(self._playback)


def open_device(
    fill: Fill, rate: int, channels: int, device: str | None = None, again: MiniaudioDevice | None = None
) -> MiniaudioDevice:
    """Plays on the device of that name, or of which it is a part; on the default one where it is None.

    ``again`` is the card used before: then no other way than its own is tried, so that a sound server that comes back
    does not find its hardware taken. Raises UnknownOutputError and SinkError.
    """
    ways = backends.usable() if again is None else [again.backend]
    for backend, identity in backends.identities("device", device, ways, UnknownOutputError):
        try:
            opened = MiniaudioDevice(fill, rate, channels, backend, identity)
        except miniaudio.MiniaudioError as error:
            log.record("%s: %s", backends.title(backend), error)
            continue
        log.record("%s opened through %s, %d Hz", device or "the default device", backends.title(backend), rate)
        return opened
    raise SinkError(_NO_DEVICE.format(tried=", ".join(map(backends.title, ways)) or "nothing"))


def _feed(fill: Fill) -> Generator[bytes, int, None]:
    frames = yield b""
    while True:
        frames = yield fill(frames)
