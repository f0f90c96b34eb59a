"""Where there are no buttons to be heard."""

from __future__ import annotations

import time

from voicecoach.play.remote.base import Button, Shown


class NoRemote:
    """Shows nothing and hears nothing, and says why."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def start(self) -> None:
        pass

    def show(self, shown: Shown) -> None:
        pass

    def pressed(self, seconds: float = 0) -> Button | None:
        """None, after the time in which a button might have come."""
        time.sleep(seconds)
        return None

    def why_not(self) -> str | None:
        return self._reason

    def close(self) -> None:
        pass
