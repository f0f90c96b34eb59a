"""Ctrl-Z, and the signal behind it: a session is told before its process stands still, so that it falls silent."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class Suspension:
    """Knows, while it is entered, whether the person wants the process to stand still; never where none can."""

    def __init__(self) -> None:
        self.wanted = False
        self._number: int | None = getattr(signal, "SIGTSTP", None)

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread():
            self._number = None
        if self._number is not None:
            self._before = signal.signal(self._number, self._want)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._number is not None:
            signal.signal(self._number, self._before)

    def stand_still(self) -> None:
        """Stops the process, and returns when it is continued; at once where no shell would continue it."""
        if self._number is not None:
            signal.signal(self._number, signal.SIG_DFL)
            # to this thread, so that it has happened when the call is over
            signal.pthread_kill(threading.get_ident(), self._number)
            signal.signal(self._number, self._want)
        self.wanted = False

    def _want(self, number: int, frame: FrameType | None) -> None:
        self.wanted = True
