"""A spoken workout coach: scripts become timed voice cues, played live or exported as audio files.

::

    workout = voicecoach.load("glute-bridge")          # a path, or the name of a workout
    timeline = voicecoach.compile(workout)             # what is heard, in seconds and text
    arrangement = voicecoach.arrange(timeline)         # every cue on its sample, in a voice
    voicecoach.export(arrangement, "glute-bridge.mp3")
    voicecoach.play(arrangement)

Each is loaded when it is first asked for; ``import voicecoach`` alone costs nothing. Three of them share their name
with the room that does the work: ``voicecoach.play`` is the verb, ``from voicecoach.play import …`` the room.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.export.exporter import export as export
    from voicecoach.pipeline import arrange as arrange
    from voicecoach.play.player import play as play
    from voicecoach.script import load as load
    from voicecoach.timeline.compiler import compile as compile

__all__ = ["arrange", "compile", "export", "load", "play"]


class _Verb:
    """A function of the library, found when it is asked for; importing a room of the same name does not hide it."""

    def __init__(self, home: str) -> None:
        self._home = home

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, library: object, owner: type) -> object:
        from importlib import import_module

        return getattr(import_module(self._home), self._name)

    def __set__(self, library: object, value: object) -> None:
        """The import system sets a room on its package."""


class _Library(ModuleType):
    arrange = _Verb("voicecoach.pipeline")
    compile = _Verb("voicecoach.timeline.compiler")
    export = _Verb("voicecoach.export.exporter")
    load = _Verb("voicecoach.script")
    play = _Verb("voicecoach.play.player")


sys.modules[__name__].__class__ = _Library
