"""A microphone that is listened to while a session plays."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

import click

from voicecoach.play.wishes import Wanted, Wish

if TYPE_CHECKING:
    from types import TracebackType

    from voicecoach.cli.arguments import Command
    from voicecoach.play.listener import Listener
    from voicecoach.play.sinks import Sink

LOST = "the microphone has gone away: no noise is heard until it is back"
MUTED = "the microphone hears nothing at all: is it muted?"
BACK = "the microphone hears again"
_BACK_SECONDS = 5.0
"""How long it is told that it is back."""
_TYPED = (0.3, 0.5)
"""Seconds before and after a key is read, in which a noise is that of the key."""


def microphone_option(command: Command) -> Command:
    """``--microphone``."""
    return click.option(
        "--microphone",
        metavar="NAME",
        help='The microphone for --listen, or a part of its name ("voicecoach doctor" lists them).',
    )(command)


class Hearing:
    """Tells what a noise asks for; nothing where it is not ``on``."""

    def __init__(self, microphone: str | None, *, on: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._microphone = microphone
        self._on = on
        self._clock = clock
        self._noises: deque[float] = deque()
        self._typed = -1.0
        self._listener: Listener | None = None
        self._told = ""
        self._told_at = 0.0

    def __enter__(self) -> Self:
        """Begins to listen. Raises MicrophoneError where there is nothing to listen with."""
        if self._on:
            from voicecoach.play.listener import Listener

            self._listener = Listener(self._microphone, told=self._noises.append)
            self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listener is not None:
            self._listener.close()

    def overhear(self, sink: Sink) -> Sink:
        """The sink to play on, so that what sounds there is not taken for a noise."""
        return sink if self._listener is None else self._listener.overhear(sink)

    def typed(self) -> None:
        """A key was pressed just now, which is heard too."""
        self._typed = self._clock()

    def wanted(self) -> Wanted | None:
        """What a noise asks for, if there was one."""
        while self._noises:
            at = self._noises.popleft()
            if not -_TYPED[0] < at - self._typed < _TYPED[1]:
                return Wanted(Wish.NOISE, ago=max(0.0, self._clock() - at))
        return None

    def remark(self) -> str:
        """What the person should know of the microphone now; mostly nothing."""
        if self._listener is None:
            return ""
        state = LOST if self._listener.lost else MUTED if self._listener.muted else ""
        if state or self._told in (LOST, MUTED):
            self._told, self._told_at = state or BACK, self._clock()
        elif self._told and self._clock() - self._told_at > _BACK_SECONDS:
            self._told = ""
        return self._told
