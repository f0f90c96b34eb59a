"""Single keys from the terminal, without Return: the seam to what POSIX and Windows each have for it."""

from __future__ import annotations

import os
import sys
import time
from enum import Enum
from types import TracebackType
from typing import Protocol, Self


class Key(Enum):
    """What a person can ask for while a session plays."""

    PAUSE = "space"
    BACK = "←"
    ON = "→"
    END = "q"


class Keyboard(Protocol):
    """Gives keys while it is entered; leaving it puts the terminal back as it was."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def read(self, seconds: float) -> Key | None:
        """The next key that means something; None when there was none for ``seconds``."""
        ...


_POSIX = {
    b" ": Key.PAUSE,
    b"q": Key.END,
    b"Q": Key.END,
    b"\x1b[D": Key.BACK,
    b"\x1bOD": Key.BACK,
    b"\x1b[C": Key.ON,
    b"\x1bOC": Key.ON,
}
_WINDOWS = {" ": Key.PAUSE, "q": Key.END, "Q": Key.END, "\xe0K": Key.BACK, "\x00K": Key.BACK} | {
    "\xe0M": Key.ON,
    "\x00M": Key.ON,
}


class NoKeyboard:
    """Where no one can press a key."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def read(self, seconds: float) -> Key | None:
        time.sleep(seconds)
        return None


if sys.platform != "win32":
    import select
    import termios
    import tty

    class PosixKeyboard:
        """A terminal in character mode; Ctrl-C still interrupts, Ctrl-Z does nothing, since sound would go on."""

        def __init__(self, descriptor: int, *, opened: bool = False) -> None:
            """``opened``: it is closed when it is left."""
            self._descriptor = descriptor
            self._opened = opened
            self._pending = b""

        def __enter__(self) -> Self:
            self._before = termios.tcgetattr(self._descriptor)
            tty.setcbreak(self._descriptor, termios.TCSADRAIN)
            now = termios.tcgetattr(self._descriptor)
            now[6][termios.VSUSP] = bytes([os.fpathconf(self._descriptor, "PC_VDISABLE")])
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, now)
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            try:
                termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._before)
            finally:
                if self._opened:
                    os.close(self._descriptor)

        def read(self, seconds: float) -> Key | None:
            if not self._pending:
                ready, _, _ = select.select([self._descriptor], [], [], seconds)
                if not ready:
                    return None
                self._pending = os.read(self._descriptor, 256)
                if not self._pending:  # the terminal has gone
                    return Key.END
            return self._next()

        def _next(self) -> Key | None:
            for length in (3, 1):
                key = _POSIX.get(self._pending[:length])
                if key is not None:
                    self._pending = self._pending[length:]
                    return key
            # an unknown key may be a sequence whose letters must not be taken for keys
            sequence = self._pending.startswith(b"\x1b")
            self._pending = b"" if sequence else self._pending[1:]
            return None

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

        def read(self, seconds: float) -> Key | None:
            until = time.monotonic() + seconds
            while not msvcrt.kbhit():
                if time.monotonic() >= until:
                    return None
                time.sleep(self._INTERVAL)
            pressed = msvcrt.getwch()
            if pressed in ("\x00", "\xe0"):
                pressed += msvcrt.getwch()
            if pressed == "\x03":
                raise KeyboardInterrupt
            return _WINDOWS.get(pressed)


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
