"""The sound card through miniaudio, which loads PulseAudio, ALSA, JACK, CoreAudio or WASAPI when it runs.

Costs its import; nothing else imports miniaudio.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import miniaudio

from voicecoach import log
from voicecoach.errors import SinkError, UnknownOutputError, meant

PERIOD_MS = 80
"""Milliseconds asked for at a time. Much less, and a busy machine drops some; much more, and a key is heard late."""
PERIODS = 2

Fill = Callable[[int], bytes]
"""Called from the card's own thread with a number of frames; returns them as float32, or nothing for silence."""

_UNUSABLE = (miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM)
_NO_DEVICE = (
    "no sound device was found (looked for one through {tried}); "
    "`voicecoach export` writes a file to play elsewhere, `voicecoach doctor` tells what works here"
)


class Device(NamedTuple):
    """A device that can play: its name, and what it is reached through."""

    name: str
    backend: str


def devices() -> tuple[Device, ...]:
    """Every device that can play; none where there is no sound."""
    for backend in _backends():
        if found := _listed(backend):
            return tuple(Device(entry["name"], _title(backend)) for entry in found)
    return ()


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
        self._playback.close()
        context = getattr(self._playback, "_context", None)
        if context is not None:
            self._playback._context = None
            miniaudio.lib.ma_context_uninit(context)


def open_device(
    fill: Fill, rate: int, channels: int, device: str | None = None, again: MiniaudioDevice | None = None
) -> MiniaudioDevice:
    """Plays on the device of that name, or of which it is a part; on the default one where it is None.

    ``again`` is the card used before: then no other way than its own is tried, so that a sound server that comes back
    does not find its hardware taken. Raises UnknownOutputError and SinkError.
    """
    backends = _backends() if again is None else [again.backend]
    for backend in backends:
        _hush(backend)
        found = _listed(backend) if device else []
        if device and not found:
            continue
        identity = _chosen(device, found)["id"] if device else None
        try:
            opened = MiniaudioDevice(fill, rate, channels, backend, identity)
        except miniaudio.MiniaudioError as error:
            log.record("%s: %s", _title(backend), error)
            continue
        log.record("%s opened through %s, %d Hz", device or "the default device", _title(backend), rate)
        return opened
    raise SinkError(_NO_DEVICE.format(tried=", ".join(map(_title, backends)) or "nothing"))


def _backends() -> list[Any]:
    """All that can make a sound, the usual one first; miniaudio by itself would take silence for a device."""
    enabled = miniaudio.get_enabled_backends() - set(_UNUSABLE)
    return sorted(enabled, key=lambda backend: int(backend.value))


def _title(backend: Any) -> str:
    names = {"PULSEAUDIO": "PulseAudio", "COREAUDIO": "CoreAudio", "DSOUND": "DirectSound", "WINMM": "WinMM"}
    return names.get(backend.name, str(backend.name))


def _listed(backend: Any) -> list[dict[str, Any]]:
    _hush(backend)
    try:
        found: list[dict[str, Any]] = miniaudio.Devices([backend]).get_playbacks()
    except miniaudio.MiniaudioError:
        return []
    return found


def _chosen(device: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    """The device of that name, else the only one whose name holds it."""
    wanted = device.casefold()
    exact = [entry for entry in found if entry["name"].casefold() == wanted]
    matching = exact or [entry for entry in found if wanted in entry["name"].casefold()]
    if len(matching) == 1 or exact:
        return matching[0]
    names = [entry["name"] for entry in matching or found]
    if matching:
        raise UnknownOutputError(f'"{device}" may be any of these devices: {"; ".join(names)}')
    there_are = f"{meant(device, tuple(names), 1, 0.5)} there are: {'; '.join(names)}".lstrip()
    raise UnknownOutputError(f'there is no device "{device}" ({there_are})')


def _feed(fill: Fill) -> Generator[bytes, int, None]:
    frames = yield b""
    while True:
        frames = yield fill(frames)


@functools.cache
def _hush(backend: Any) -> None:
    """ALSA and JACK tell the screen of every device they do not find; what matters comes back as an error.

    They are given a function to call with their message instead, and ``strlen`` does nothing but read it. A function
    in Python would not do: they may call it when Python has already ended.
    """
    setters = {
        miniaudio.Backend.ALSA: ("libasound.so.2", ["snd_lib_error_set_handler"]),
        miniaudio.Backend.JACK: ("libjack.so.0", ["jack_set_error_function", "jack_set_info_function"]),
    }
    library, names = setters.get(backend, ("", []))
    if not sys.platform.startswith("linux") or not library:
        return
    try:
        loaded = ctypes.CDLL(library)
    except OSError:  # it is not there to be noisy
        return
    for name in names:
        getattr(loaded, name)(ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p))
