"""How playing ended, handed from the thread of a sink to whoever waits for it."""

from __future__ import annotations

import threading


class Completion:
    """Not ended yet, ended, or failed."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._error: BaseException | None = None

    def end(self) -> None:
        """All has sounded."""
        self._ended.set()

    def fail(self, error: BaseException) -> None:
        """Nothing more will sound, because of ``error``; the first one counts."""
        if not self._ended.is_set():
            self._error = error
            self._ended.set()

    def wait(self, seconds: float) -> bool:
        """Waits for the end, at most ``seconds``; True when it has come. Raises the error of a failure."""
        ended = self._ended.wait(max(0.0, seconds))
        if ended and self._error is not None:
            raise self._error
        return ended
