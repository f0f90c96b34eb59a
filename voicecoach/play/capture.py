"""A microphone through miniaudio.

Costs its import.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import miniaudio
import numpy as np

from voicecoach.errors import MicrophoneError, UnknownMicrophoneError
from voicecoach.play import backends
from voicecoach.play.backends import Device
from voicecoach.play.microphone import Hears, Microphone

PERIOD_MS = 20
"""Milliseconds that come at a time: a clap is to be heard soon."""
PERIODS = 3
_NO_MICROPHONE = (
    "no microphone was found, or it may not be listened to (looked for one through {tried}): plug one in, "
    "and allow it in your system's settings; `voicecoach doctor` lists those that are here"
)


def microphones() -> tuple[Device, ...]:
    """Every microphone; none where there is no sound."""
    return backends.devices("microphone")


class MiniaudioMicrophone(backends.Opened):
    """Hears from now until it is closed. Not for several threads at once."""

    def __init__(self, hears: Hears, rate: int, backend: Any, identity: Any) -> None:
        super().__init__(
            miniaudio.CaptureDevice,
            _take(hears),
            backend,
            identity,
            input_format=miniaudio.SampleFormat.FLOAT32,
            nchannels=1,
            sample_rate=rate,
            buffersize_msec=PERIOD_MS,
            callback_periods=PERIODS,
        )


def open_microphone(
    hears: Hears, rate: int, name: str | None = None, again: Microphone | None = None
) -> MiniaudioMicrophone:
    """Listens to the microphone of that name, or of which it is a part; to the default one where it is None.

    ``again`` is the one used before: then no other way than its own is tried. Raises UnknownMicrophoneError and
    MicrophoneError.
    """

    def opens(backend: Any, identity: Any) -> MiniaudioMicrophone:
        return MiniaudioMicrophone(hears, rate, backend, identity)

    ways = [again.backend] if isinstance(again, MiniaudioMicrophone) else backends.usable()
    opened = backends.first_opened("microphone", name, ways, rate, opens, UnknownMicrophoneError)
    if opened is None:
        raise MicrophoneError(_NO_MICROPHONE.format(tried=backends.tried(ways)))
    return opened


def _take(hears: Hears) -> Generator[None, bytes, None]:
    while True:
        data = yield
        hears(np.frombuffer(data, dtype=np.float32))
