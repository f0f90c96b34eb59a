"""A level meter in the terminal: what the microphone hears, and what of it is a noise."""

from __future__ import annotations

import sys
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from voicecoach import units
from voicecoach.cli import output

if TYPE_CHECKING:
    from rich.text import Text

    from voicecoach.play.listener import Listener
    from voicecoach.sound.onset import Level

SOFTEST, LOUDEST = -80.0, 0.0
"""Decibels at the two ends of the bar."""
_LOOK = 0.05
"""Seconds between two looks at it."""
_A_LINE = 1.0
"""Seconds between two lines where there is no terminal."""
_WIDTH = 60


def meter(microphone: str | None) -> None:
    """Shows it until the person presses q or Ctrl-C. Raises MicrophoneError where there is nothing to listen with."""
    from voicecoach.cli.keys import keyboard
    from voicecoach.play.listener import Listener
    from voicecoach.play.wishes import Wish

    noises: deque[float] = deque()
    listener = Listener(microphone, told=noises.append)
    listener.start()
    shown = _Bar() if sys.stdout.isatty() and not output.console().is_dumb_terminal else _Lines()
    began = time.monotonic()
    try:
        with suppress(KeyboardInterrupt), keyboard() as keys, shown:
            output.note("clap, shout or knock; q or Ctrl-C ends")
            while True:
                pressed = keys.read(_LOOK)
                if pressed is not None and pressed.wish is Wish.END:
                    break
                while noises:
                    shown.noise(noises.popleft() - began)
                shown.show(listener, time.monotonic() - began)
    finally:
        listener.close()


def described(listener: Listener) -> str:
    """How it stands, in words."""
    if listener.lost:
        return "the microphone has gone away"
    if listener.muted:
        return "nothing at all is heard: is it muted?"
    level = listener.level()
    if not listener.learnt:
        return f"now {level.now:.0f} dB; listening to the room"
    return f"now {level.now:.0f} dB, the room {level.room:.0f} dB, a noise from {level.noise:.0f} dB"


def bar(level: Level, width: int, *, learnt: bool) -> Text:
    """The level as a bar of so many cells, with a mark for the room and one for the least noise."""
    from rich.text import Text

    filled, room, noise = (_cell(value, width) for value in level)
    row = Text("━" * filled + "─" * (width - filled))
    row.stylize("green", 0, filled)
    row.stylize("dim", filled)
    for cell, mark in ((room, "╵"), (noise, "┃")) if learnt else ():
        at = min(cell, width - 1)
        style = "bold yellow" if mark == "┃" else "bold"
        row = Text.assemble(row[:at], (mark, style), row[at + 1 :])
    return row


def _cell(level: float, width: int) -> int:
    share = (min(LOUDEST, max(SOFTEST, level)) - SOFTEST) / (LOUDEST - SOFTEST)
    return round(share * width)


class _Bar:
    """One row that is drawn again and again, and a line above it for each noise."""

    def __init__(self) -> None:
        from rich.live import Live

        self._console = output.console()
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> None:
        self._live.__enter__()

    def __exit__(self, *what: object) -> None:
        self._live.__exit__(None, None, None)

    def noise(self, at: float) -> None:
        self._console.print(_noise(at))

    def show(self, listener: Listener, at: float) -> None:
        from rich.text import Text

        words = Text(described(listener))
        drawn = bar(listener.level(), min(_WIDTH, self._console.width), learnt=listener.learnt)
        self._live.update(Text("\n").join([drawn, words]), refresh=True)


class _Lines:
    """A line a second, and one for each noise."""

    def __init__(self) -> None:
        self._next = 0.0

    def __enter__(self) -> None:
        return None

    def __exit__(self, *what: object) -> None:
        return None

    def noise(self, at: float) -> None:
        output.echo(_noise(at))

    def show(self, listener: Listener, at: float) -> None:
        if at >= self._next:
            self._next = at + _A_LINE
            output.echo(f"{units.format_clock(at)}  {described(listener)}")


def _noise(at: float) -> str:
    return f"{units.format_clock(at)}  a noise"
