"""Where a session sounds: the outputs there are, by name.

===============  ========================================================================
``device``       the sound card, or the one named: ``device:headphones``
``file``         a WAV file, written at the pace of the clock: ``file:heard.wav``
``simpleaudio``  the sound card through simpleaudio, an extra for Python 3.11
``memory``       nowhere, as fast as it comes
===============  ========================================================================
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path

from voicecoach.errors import UnknownOutputError
from voicecoach.play.sinks.base import Sink, Source

__all__ = ["OUTPUTS", "Factory", "Sink", "Source", "open"]

Factory = Callable[[str | None], Sink]
"""Makes a sink of what stands behind the colon, None where nothing does."""


def _device(device: str | None) -> Sink:
    from voicecoach.play.sinks.device import DeviceSink

    return DeviceSink(device)


def _file(path: str | None) -> Sink:
    if not path:
        raise UnknownOutputError('the output "file" needs a path: file:heard.wav')
    from voicecoach.play.sinks.file import FileSink

    return FileSink(Path(path))


def _simpleaudio(target: str | None) -> Sink:
    if target:
        raise UnknownOutputError(f'simpleaudio plays on the default device only, not on "{target}"')
    from voicecoach.play.sinks.simpleaudio import SimpleaudioSink

    return SimpleaudioSink()


def _memory(target: str | None) -> Sink:
    if target:
        raise UnknownOutputError(f'the output "memory" takes no target, but "{target}" was given')
    from voicecoach.play.sinks.memory import MemorySink

    return MemorySink(keep=False)


OUTPUTS: Mapping[str, Factory] = {
    "device": _device,
    "file": _file,
    "simpleaudio": _simpleaudio,
    "memory": _memory,
}
"""Every output by its name."""


def open(output: str = "device", target: str | None = None) -> Sink:
    """The sink of that name, not started: ``open("device", "headphones")`` or ``open("device:headphones")``.

    Raises UnknownOutputError, with the names there are, and SinkError where the sink cannot work here.
    """
    name, _, behind = output.partition(":")
    if name not in OUTPUTS:
        near = difflib.get_close_matches(name, OUTPUTS, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UnknownOutputError(f'there is no output "{name}" ({hint}there are: {", ".join(OUTPUTS)})')
    return OUTPUTS[name](target or behind or None)
