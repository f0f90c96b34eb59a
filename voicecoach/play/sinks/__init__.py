"""Where a session sounds: the outputs there are, by name.

===============  ========================================================================
``device``       the sound card, or the one named: ``device:headphones``
``file``         a WAV file, written at the pace of the clock: ``file:heard.wav``
``simpleaudio``  the sound card through simpleaudio, an extra for Python 3.11
``memory``       nowhere, as fast as it comes
===============  ========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from voicecoach.errors import UnknownOutputError, meant
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
        question = meant(name, tuple(OUTPUTS), 1).replace('"', "")
        there_are = f"{question} there are: {', '.join(OUTPUTS)}".lstrip()
        raise UnknownOutputError(f'there is no output "{name}" ({there_are})')
    return OUTPUTS[name](target or behind or None)
