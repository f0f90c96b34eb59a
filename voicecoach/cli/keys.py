"""Single keys from the terminal, without Return: the seam to what POSIX and Windows each have for it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from types import TracebackType
from typing import Protocol, Self

from voicecoach.play.wishes import Wanted, Wish


class Keyboard(Protocol):
    """Gives keys while it is entered; leaving it puts the terminal back as it was."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def read(self, seconds: float) -> Wanted | None:
        """The next key that means something; None when there was none for ``seconds``."""
        ...

    def letter(self, seconds: float) -> str | None:
        """The next letter, mark or figure pressed, ``"\\n"`` for Return; None when there was none for ``seconds``."""
        ...

    def released(self) -> AbstractContextManager[None]:
        """The terminal is as it was before, while this is entered."""
        ...


GONE = "\x04"
"""The letter of a terminal that has gone."""
_LETTERS = {
    " ": Wish.PAUSE,
    "f": Wish.DONE,
    "\r": Wish.DONE,
    "\n": Wish.DONE,
    "+": Wish.LOUDER,
    "=": Wish.LOUDER,
    "-": Wish.SOFTER,
    "m": Wish.MUSIC,
    "q": Wish.END,
}
_POSIX = {
    b"\x1b[D": Wish.BACK,
    b"\x1bOD": Wish.BACK,
    b"\x1b[C": Wish.ON,
    b"\x1bOC": Wish.ON,
    b"\x1bOM": Wish.DONE,
}
_WINDOWS = {"\xe0K": Wish.BACK, "\x00K": Wish.BACK, "\xe0M": Wish.ON, "\x00M": Wish.ON}


def _of_letter(letter: str) -> Wanted | None:
    """What a key with a letter, a figure or a mark on it means."""
    if letter and letter in "123456789":
        return Wanted(Wish.ANSWER, int(letter))
    wish = _LETTERS.get(letter.lower())
    return None if wish is None else Wanted(wish)


class NoKeyboard:
    """Where no one can press a key."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def read(self, seconds: float) -> Wanted | None:
        time.sleep(seconds)
        return None

    def letter(self, seconds: float) -> str | None:
        time.sleep(seconds)
        return None

    def released(self) -> AbstractContextManager[None]:
        return nullcontext()


if sys.platform != "win32":
    import select
    import termios
    import tty

    class PosixKeyboard:
        """A terminal in character mode; Ctrl-C still interrupts, and Ctrl-Z suspends."""

        def __init__(self, descriptor: int, *, opened: bool = False) -> None:
            """``opened``: it is closed when it is left."""
            self._descriptor = descriptor
            self._opened = opened
            self._pending = b""

        def __enter__(self) -> Self:
            self._before = termios.tcgetattr(self._descriptor)
            tty.setcbreak(self._descriptor, termios.TCSADRAIN)
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            with suppress(termios.error):  # the terminal may have gone
                termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._before)
            if self._opened:
                os.close(self._descriptor)

        def read(self, seconds: float) -> Wanted | None:
            there = self._waited(seconds)
            return self._next() if there else None if there is None else Wanted(Wish.END)

        def letter(self, seconds: float) -> str | None:
            there = self._waited(seconds)
            if not there:
                return None if there is None else GONE
            if self._pending.startswith(b"\x1b"):
                self._pending = b""
                return None
            text = self._pending.decode("utf-8", "replace")
            self._pending = text[1:].encode()
            return text[0].replace("\r", "\n")

        def _waited(self, seconds: float) -> bool | None:
            """Whether something was pressed within so many seconds, and not the terminal gone; None for nothing."""
            if not self._pending:
                ready, _, _ = select.select([self._descriptor], [], [], seconds)
                if not ready:
                    return None
                with suppress(OSError):
                    self._pending = os.read(self._descriptor, 256)
            return bool(self._pending)

        @contextmanager
        def released(self) -> Iterator[None]:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)
            yield
            # in the background this stands still, until the person brings it back
            tty.setcbreak(self._descriptor, termios.TCSADRAIN)

        def _next(self) -> Wanted | None:
            wish = _POSIX.get(self._pending[:3])
            if wish is not None:
                self._pending = self._pending[3:]
                return Wanted(wish)
            if self._pending.startswith(b"\x1b"):
                # an unknown key may be a sequence whose letters must not be taken for keys
                self._pending = b""
                return None
            letter, self._pending = self._pending[:1], self._pending[1:]
            return _of_letter(letter.decode("ascii", "replace"))

else:
    import msvcrt

    class WindowsKeyboard:
        """The console's own keys, looked at some times a second."""

        _INTERVAL = 0.03

        def __enter__(self) -> Self:
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            return None

        def read(self, seconds: float) -> Wanted | None:
            pressed = self._pressed(seconds)
            wish = _WINDOWS.get(pressed)
            return Wanted(wish) if wish is not None else _of_letter(pressed)

        def letter(self, seconds: float) -> str | None:
            pressed = self._pressed(seconds)
            return pressed.replace("\r", "\n") if len(pressed) == 1 else None

        def _pressed(self, seconds: float) -> str:
            until = time.monotonic() + seconds
            while not msvcrt.kbhit():
                if time.monotonic() >= until:
                    return ""
                time.sleep(self._INTERVAL)
            pressed = msvcrt.getwch()
            if pressed in ("\x00", "\xe0"):
                pressed += msvcrt.getwch()
            if pressed == "\x03":
                raise KeyboardInterrupt
            return pressed

        def released(self) -> AbstractContextManager[None]:
            return nullcontext()


if sys.platform == "win32":

    def keyboard() -> Keyboard:
        """The keyboard of the console; one without keys where there is none."""
        return WindowsKeyboard() if sys.stdin.isatty() else NoKeyboard()

else:

    def keyboard() -> Keyboard:
        """The keyboard of the terminal that is looked at; one without keys where there is none to listen to."""
        if sys.stdin.isatty():
            descriptor, opened = sys.stdin.fileno(), False
        elif sys.stdout.isatty():  # the script came through standard input
            try:
                descriptor, opened = os.open("/dev/tty", os.O_RDONLY), True
            except OSError:
                return NoKeyboard()
        else:
            return NoKeyboard()
        if _in_foreground(descriptor):
            return PosixKeyboard(descriptor, opened=opened)
        if opened:
            os.close(descriptor)
        return NoKeyboard()

    def _in_foreground(descriptor: int) -> bool:
        """Whether reading keys would not stop us: a terminal that controls no one stops no one."""
        try:
            return os.tcgetpgrp(descriptor) == os.getpgrp()
        except OSError:
            return True
