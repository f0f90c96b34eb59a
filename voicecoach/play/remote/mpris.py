"""Buttons through MPRIS, the way of Linux desktops: those of headsets, keyboards, applets and linked phones.

The session bus is spoken with in a thread of its own, where dbus-fast and asyncio are imported too: together they
take a tenth of a second, which nothing of the session waits for.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import quote

from voicecoach import log
from voicecoach.play.remote.base import Button, Shown
from voicecoach.play.remote.showing import Showing

if TYPE_CHECKING:
    import asyncio

    from dbus_fast.aio import MessageBus

    from voicecoach.play.remote.interfaces import Player

BUS_NAME = "org.mpris.MediaPlayer2.voicecoach"
CONNECT_SECONDS = 2.0
"""After which a bus that does not answer is none."""
_GOODBYE = 1.0


def why_not() -> str | None:
    """Why there can be no buttons here, as far as that is known without asking a bus; None where there may be."""
    if not sys.platform.startswith("linux"):
        return "media keys reach a session on Linux only (MPRIS)"
    if importlib.util.find_spec("dbus_fast") is None:
        return "dbus-fast is not installed; install voicecoach anew, with its dependencies"
    if address() is None:
        return "there is no session bus (D-Bus): log in to a desktop, or set DBUS_SESSION_BUS_ADDRESS"
    return None


def connects() -> str | None:
    """Why the bus cannot be reached; None where it can. Takes as long as it takes to connect, two seconds at most."""
    outcome: SimpleQueue[str | None] = SimpleQueue()

    def attempt() -> None:
        import asyncio

        async def reach() -> None:
            await _leave(await _connect())

        try:
            asyncio.run(reach())
            outcome.put(None)
        except Exception as error:  # told, whatever it is
            outcome.put(_told(error))

    threading.Thread(target=attempt, name="mpris", daemon=True).start()
    try:
        return outcome.get(timeout=CONNECT_SECONDS + _GOODBYE)
    except Empty:
        return _told(TimeoutError())


def address() -> str | None:
    """Of the session bus: what the environment says, or where a login of systemd puts it."""
    if told := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return None if told.startswith("disabled:") else told
    folder = os.environ.get("XDG_RUNTIME_DIR")
    if folder and (socket := Path(folder) / "bus").exists():
        return f"unix:path={quote(str(socket))}"
    return None


class _NameTakenError(Exception):
    """Both names are somebody else's."""


class Mpris:
    """A player on the session bus, from ``start`` until ``close``; ``identity`` is what desktops call it."""

    def __init__(self, identity: str) -> None:
        self._identity = identity
        self._buttons: SimpleQueue[Button] = SimpleQueue()
        self._showing: Showing | None = None
        self._told: Showing | None = None
        self._reason: str | None = None
        self._lock = threading.Lock()
        self._appeared = False
        self._closed = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._player: Player | None = None

    def start(self) -> None:
        """Connects in the background; where that fails, ``why_not`` says why, and nothing else happens."""
        self._thread = threading.Thread(target=self._run, name="mpris", daemon=True)
        self._thread.start()

    def show(self, shown: Shown) -> None:
        """Sends a signal only when more has changed than the position by the time that went by."""
        showing = Showing(shown, time.monotonic())
        changed, jumped = showing.changed(self._told), showing.jumped(self._told)
        self._showing = showing
        if changed or jumped:
            self._told = showing
            with self._lock:
                if self._loop is not None and self._player is not None:
                    self._loop.call_soon_threadsafe(self._player.tell, changed, jumped)

    def pressed(self, seconds: float = 0) -> Button | None:
        try:
            return self._buttons.get(seconds > 0, seconds)
        except Empty:
            return None

    def why_not(self) -> str | None:
        """Of use once it was started."""
        return self._reason

    def appeared(self) -> bool:
        """Whether others see it on the bus."""
        return self._appeared

    def close(self) -> None:
        """Leaves the bus; a bus that does not answer is not waited for."""
        with self._lock:
            self._closed = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread is not None:
            self._thread.join(_GOODBYE)

    def _run(self) -> None:
        import asyncio

        try:
            asyncio.run(self._serve())
        except asyncio.CancelledError:
            self._reason = "the session is over"
        except Exception as error:  # a session goes on without buttons, whatever became of the bus
            self._reason = _told(error)
            log.record("no media keys: %s (%r)", self._reason, error)

    async def _serve(self) -> None:
        """From the first word to the bus to the last."""
        import asyncio

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: log.record("media keys: %s", context))
        with self._lock:
            if self._closed:
                raise asyncio.CancelledError
            self._loop, self._task = loop, asyncio.current_task()
        try:
            bus = await _connect()
            try:
                await self._appear(bus)
                await bus.wait_for_disconnect()
            finally:
                await _leave(bus)
        finally:
            with self._lock:
                self._loop = self._task = self._player = None
                self._appeared = False
        raise ConnectionError

    async def _appear(self, bus: MessageBus) -> None:
        """Signals are sent from before the name is owned: whoever comes later asks for what is shown then."""
        from dbus_fast import NameFlag, RequestNameReply

        from voicecoach.play.remote.interfaces import PATH, Player, Root

        player = Player(self._buttons.put, lambda: (self._showing, time.monotonic()))
        bus.export(PATH, Root(self._identity, self._buttons.put))
        bus.export(PATH, player)
        with self._lock:
            self._player = player
        for name in (BUS_NAME, f"{BUS_NAME}.instance{os.getpid()}"):
            if await bus.request_name(name, NameFlag.DO_NOT_QUEUE) is RequestNameReply.PRIMARY_OWNER:
                log.record("media keys reach %s", name)
                self._appeared = True
                return
        raise _NameTakenError


async def _connect() -> MessageBus:
    """To the session bus. What dbus-fast logs would go to the screen of a session, so nobody but a logger gets it."""
    import asyncio
    import logging

    from dbus_fast.aio import MessageBus

    logging.getLogger("dbus_fast").addHandler(logging.NullHandler())
    async with asyncio.timeout(CONNECT_SECONDS):
        return await MessageBus(address()).connect()


async def _leave(bus: MessageBus) -> None:
    """And frees what it took."""
    import asyncio
    from contextlib import suppress

    if bus.connected:
        bus.disconnect()
        with suppress(Exception):
            async with asyncio.timeout(_GOODBYE):
                await bus.wait_for_disconnect()


def _told(error: Exception) -> str:
    """To a person: no path or address, which may tell who it is."""
    if isinstance(error, TimeoutError):
        return f"the session bus does not answer within {CONNECT_SECONDS:g} seconds"
    if isinstance(error, _NameTakenError):
        return "the session bus gave the names of the player to others"
    if isinstance(error, ConnectionError | EOFError | FileNotFoundError):
        return "the session bus (D-Bus) is not there"
    return f"the session bus (D-Bus) cannot be used ({type(error).__name__})"
