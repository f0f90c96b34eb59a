"""HTTP with little patience: whoever sends or takes too slowly is cut off, and nobody has all of the connections."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 20.0
"""So long may all of a request take to come, from when it may begin."""
STALLED_SECONDS = 30.0
"""So long may nothing of an answer be taken."""
MOST = 128
"""Connections at once."""
MOST_EACH = 24
"""Connections at once from one address; a browser opens six."""


class Patient(H11Protocol):
    """A connection of uvicorn's, which by itself waits for a request as long as it takes."""

    request_seconds: ClassVar[float] = REQUEST_SECONDS
    stalled_seconds: ClassVar[float] = STALLED_SECONDS
    _clients: ClassVar[Counter[str]] = Counter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._from = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._from = self.client[0] if self.client else ""
        self._clients[self._from] += 1
        if len(self.connections) > MOST or self._clients[self._from] > MOST_EACH:
            transport.abort()
            return
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._clients[self._from] -= 1
        if not self._clients[self._from]:
            del self._clients[self._from]
        self._stop("_request")
        self._stop("_stalled")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._request is None and self._is_idle():
            self._await_request()
        super().data_received(data)
        if not self._is_idle() and not self.cycle.more_body:
            self._stop("_request")

    def on_response_complete(self) -> None:
        self._stop("_request")
        super().on_response_complete()
        if self.transport.is_closing():
            self._await_reader()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._await_reader()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        self._stop("_stalled")
        super().resume_writing()

    def _is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _await_request(self) -> None:
        self._request = self.loop.call_later(self.request_seconds, self.transport.abort)

    def _await_reader(self) -> None:
        self._stop("_stalled")
        self._stalled = self.loop.call_later(self.stalled_seconds, self.transport.abort)

    def _stop(self, name: str) -> None:
        timer: asyncio.TimerHandle | None = getattr(self, name)
        if timer is not None:
            timer.cancel()
        setattr(self, name, None)
