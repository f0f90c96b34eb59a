"""A spoken workout coach: scripts become timed voice cues, played live or exported as audio files.

::

    workout = voicecoach.load("glute-bridge")          # a path, or the name of a workout
    timeline = voicecoach.compile(workout)             # what is heard, in seconds and text
    arrangement = voicecoach.arrange(timeline)         # every cue on its sample, in a voice
    voicecoach.export(arrangement, "glute-bridge.mp3")
    voicecoach.play(arrangement)

Each is loaded when it is first asked for; ``import voicecoach`` alone costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.compiler import compile as compile
    from voicecoach.exporter import export as export
    from voicecoach.player import play as play
    from voicecoach.script import load as load
    from voicecoach.wiring import arrange as arrange

__all__ = ["arrange", "compile", "export", "load", "play"]

_HOMES = {
    "arrange": "voicecoach.wiring",
    "compile": "voicecoach.compiler",
    "export": "voicecoach.exporter",
    "load": "voicecoach.script",
    "play": "voicecoach.player",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
