"""The computer stays awake while a session lasts, with its screen, which is to be read from the mat.

That is wakepy's mode ``keep.presenting``. ``keep.running`` would let the screen go dark and lock itself in the middle
of a hold; it also refuses Xfce, and runs ``plasmashell --version`` on KDE.
"""

from __future__ import annotations

import os
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from voicecoach import log

if TYPE_CHECKING:
    from wakepy import ActivationResult, DBusAdapter

TRY_SECONDS = 5.0
"""wakepy asks two services, each for two seconds."""
_GOODBYE = 1.0


def awake() -> Awake:
    """Keeps the computer awake inside a ``with`` block, where that can be done; where not, nothing happens."""
    return Awake()


def available() -> str | None:
    """Why the computer may fall asleep during a session; None where it does not. Tries it, for five seconds at most."""
    with awake() as attempt:
        return attempt.why_not(TRY_SECONDS)


class Awake:
    """A thread keeps the computer awake: to import wakepy takes a tenth of a second, and a bus may not answer."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._known = threading.Event()
        self._reason: str | None = None
        self._thread = threading.Thread(target=self._run, name="awake", daemon=True)

    def why_not(self, seconds: float = 0) -> str | None:
        """Why the computer may fall asleep; None where it does not, or where that is not known within ``seconds``."""
        if not self._known.wait(seconds) and seconds:
            return f"what keeps the screen on does not answer within {seconds:g} seconds"
        return self._reason

    def __enter__(self) -> Awake:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join(_GOODBYE)

    def _run(self) -> None:
        try:
            from wakepy import keep

            with keep.presenting(on_fail="pass", dbus_adapter=_adapter()) as mode:
                self._reason = None if mode.active else _told(mode.result)
                log.record("stays awake by %s" if mode.active else "may fall asleep: %s", mode.method or self._reason)
                self._known.set()
                self._over.wait()
        except Exception as error:  # a session goes on, whatever a system answers
            self._reason = f"wakepy does not work here ({type(error).__name__})"
            log.record("may fall asleep: %s (%s)", self._reason, error)
        finally:
            self._known.set()


def _adapter() -> type[DBusAdapter] | None:
    """wakepy's own, without what it lacks and does too much; None on systems without D-Bus.

    It leaves a connection open where it was refused, and a full collection of garbage would hold up the sound.
    """
    if not sys.platform.startswith("linux"):
        return None
    from wakepy.core import DBusMethodCall
    from wakepy.dbus_adapters.jeepney import JeepneyDBusAdapter

    class Adapter(JeepneyDBusAdapter):
        def process(self, call: DBusMethodCall) -> object:
            try:
                return super().process(call)
            except Exception:
                self.close_connections()
                raise

        def close_connections(self) -> None:
            while self._connections:
                self.close_connection(self._connections.popitem()[1])

    return Adapter


def _told(result: ActivationResult) -> str:
    """To a person, what was asked in vain."""
    if sys.platform.startswith("linux") and not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return "there is no session bus (D-Bus) to ask: log in to a desktop, or set DBUS_SESSION_BUS_ADDRESS"
    asked = [one.method_name for one in result.list_methods(ignore_unused=True)]
    return f"asked in vain: {', '.join(asked)}" if asked else "wakepy knows no way for this system"
