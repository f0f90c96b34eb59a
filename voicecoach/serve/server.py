"""A server that runs until it is ended: uvicorn, with no more patience than is good."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvicorn

from voicecoach.serve.protocol import Patient

_IDLE_SECONDS = 5
_LAST_SECONDS = 2
_LONGEST_HEAD = 16_384
"""Bytes of a request before its content."""


class Server(uvicorn.Server):
    """Answers what ``app`` does on sockets that listen, and calls ``ready`` once it does."""

    def __init__(self, app: Callable[..., Awaitable[None]], ready: Callable[[], None]) -> None:
        logging.getLogger("uvicorn").setLevel(logging.ERROR)  # who was refused is nothing that has gone wrong
        super().__init__(
            uvicorn.Config(
                app,
                http=Patient,
                loop="asyncio",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                h11_max_incomplete_event_size=_LONGEST_HEAD,
                timeout_keep_alive=_IDLE_SECONDS,
                timeout_graceful_shutdown=_LAST_SECONDS,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def run(
    app: Callable[..., Awaitable[Any]], sockets: Sequence[socket.socket], ready: Callable[[], None] = lambda: None
) -> None:
    """Serves until Ctrl-C, which it takes for the end of it."""
    with contextlib.suppress(KeyboardInterrupt):
        Server(app, ready).run(list(sockets))
