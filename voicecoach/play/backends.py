"""What miniaudio reaches sound devices through: PulseAudio, ALSA, JACK, CoreAudio, WASAPI, loaded when it runs.

Costs the import of miniaudio.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import miniaudio

from voicecoach import log
from voicecoach.errors import VoicecoachError, meant

Kind = Literal["device", "microphone"]
"""What plays, and what hears."""
OneOpened = TypeVar("OneOpened", bound="Opened")

_UNUSABLE = (miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM)


class Device(NamedTuple):
    """A device: its name, and what it is reached through."""

    name: str
    backend: str


def devices(kind: Kind) -> tuple[Device, ...]:
    """Every device of a kind; none where there is no sound."""
    for backend in usable():
        if found := _listed(backend, kind):
            return tuple(Device(entry["name"], title(backend)) for entry in found)
    return ()


def usable() -> list[Any]:
    """All that can make a sound, the usual one first; miniaudio by itself would take silence for a device."""
    enabled = miniaudio.get_enabled_backends() - set(_UNUSABLE)
    return sorted(enabled, key=lambda backend: int(backend.value))


def title(backend: Any) -> str:
    names = {"PULSEAUDIO": "PulseAudio", "COREAUDIO": "CoreAudio", "DSOUND": "DirectSound", "WINMM": "WinMM"}
    return names.get(backend.name, str(backend.name))


def identities(
    kind: Kind, name: str | None, backends: Sequence[Any], unknown: type[VoicecoachError]
) -> Iterator[tuple[Any, Any]]:
    """Each way to the device of that name, or of which it is a part: a backend, and what the device is called there.

    The default device is None there. Raises ``unknown`` where a backend has devices and none of them is meant.
    """
    for backend in backends:
        hush(backend)
        found = _listed(backend, kind) if name else []
        if found or not name:
            yield backend, _chosen(kind, name, found, unknown)["id"] if name else None


class Opened:
    """A device of miniaudio at work, from now until it is closed."""

    def __init__(
        self, maker: Any, pump: Generator[Any, Any, None], backend: Any, identity: Any, **settings: Any
    ) -> None:
        """Made by one of miniaudio's classes, and run by ``pump``. Raises MiniaudioError."""
        # made in two steps, so that a device which refuses leaves what it has already taken to be freed
        self._device = maker.__new__(maker)
        next(pump)
        try:
            self._device.__init__(device_id=identity, backends=[backend], app_name="voicecoach", **settings)
            self.backend = backend
            self._device.start(pump)
        except miniaudio.MiniaudioError:
            self.close()
            raise

    def close(self) -> None:
        """Stops, and gives back all that miniaudio itself keeps until the process ends."""
        self._device.close()
        context = getattr(self._device, "_context", None)
        if context is not None:
            self._device._context = None
            miniaudio.lib.ma_context_uninit(context)


def first_opened(
    kind: Kind,
    name: str | None,
    ways: Sequence[Any],
    rate: int,
    opens: Callable[[Any, Any], OneOpened],
    unknown: type[VoicecoachError],
) -> OneOpened | None:
    """What ``opens`` gives for the first way on which the device of that name is to be had; None where there is none.

    Raises ``unknown`` where a backend has devices and none of them is meant.
    """
    for backend, identity in identities(kind, name, ways, unknown):
        try:
            opened = opens(backend, identity)
        except miniaudio.MiniaudioError as error:
            log.record("%s: %s", title(backend), error)
            continue
        log.record("%s opened through %s, %d Hz", name or f"the default {kind}", title(backend), rate)
        return opened
    return None


def tried(ways: Sequence[Any]) -> str:
    """The ways to a device, for people."""
    return ", ".join(map(title, ways)) or "nothing"


def _listed(backend: Any, kind: Kind) -> list[dict[str, Any]]:
    hush(backend)
    try:
        there = miniaudio.Devices([backend])
        found: list[dict[str, Any]] = there.get_playbacks() if kind == "device" else there.get_captures()
    except miniaudio.MiniaudioError:
        return []
    return found


def _chosen(kind: Kind, name: str, found: list[dict[str, Any]], unknown: type[VoicecoachError]) -> dict[str, Any]:
    """The device of that name, else the only one whose name holds it."""
    wanted = name.casefold()
    exact = [entry for entry in found if entry["name"].casefold() == wanted]
    matching = exact or [entry for entry in found if wanted in entry["name"].casefold()]
    if len(matching) == 1 or exact:
        return matching[0]
    names = [entry["name"] for entry in matching or found]
    if matching:
        raise unknown(f'"{name}" may be any of these {kind}s: {"; ".join(names)}')
    there_are = f"{meant(name, tuple(names), 1, 0.5)} there are: {'; '.join(names)}".lstrip()
    raise unknown(f'there is no {kind} "{name}" ({there_are})')


@functools.cache
def hush(backend: Any) -> None:
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
