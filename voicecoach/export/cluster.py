"""A Dask cluster as an executor: who else may make files."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from voicecoach.errors import ExportError

RETRIES = 3
"""How often a cluster does something again whose worker was lost."""
_CONNECT_SECONDS = 10
_WORKERLESS_SECONDS = 60.0
"""So long may a cluster be without a worker before nobody waits for one any more."""


class Cluster(Executor):
    """The workers of a cluster; what one of them was doing when it was lost, another does again."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor: Executor = client.get_executor(pure=False, retries=RETRIES)
        self._seen = time.monotonic()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Lets a worker call a function."""
        return self._executor.submit(fn, *args, **kwargs)

    @property
    def manned(self) -> bool:
        """Whether it has a worker now."""
        return bool(self._client.scheduler_info().get("workers"))  # none where it is not connected

    def lost(self) -> str | None:
        """Why nothing more can come from it; None as long as it can."""
        if self._client.status in ("closed", "closing"):
            return "its scheduler is gone"
        try:
            if self.manned:
                self._seen = time.monotonic()
        except (OSError, ValueError, RuntimeError):
            return None  # not connected now; the client tries for some seconds
        if time.monotonic() - self._seen > _WORKERLESS_SECONDS:
            return "the cluster has had no worker for a minute"
        return None


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster whose scheduler is at an address, such as ``tcp://10.0.0.1:8786``.

    Raises ExportError where the ``dask`` extra is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ExportError('a cluster needs the extra "dask" (pip install "voicecoach[dask]")') from error
    answer: SimpleQueue[Any] = SimpleQueue()

    def connect() -> None:
        try:
            answer.put(Client(address, timeout=_CONNECT_SECONDS, set_as_default=False))
        except Exception as error:
            answer.put(error)

    # in a thread, because a server that is no scheduler may never answer
    Thread(target=connect, name="connect", daemon=True).start()
    try:
        client = answer.get(timeout=_CONNECT_SECONDS + 2)
    except Empty:
        client = TimeoutError("what listens there is none")
    if isinstance(client, OSError):  # a timeout is one too
        raise ExportError(f"no Dask scheduler answers at {address} ({client})") from client
    if isinstance(client, Exception):
        raise ExportError(f'"{address}" is no address of a Dask scheduler (write tcp://HOST:PORT)') from client
    with client:
        yield Cluster(client)


def losses() -> tuple[type[BaseException], ...]:
    """What a cluster raises of something whose workers were lost again and again."""
    scheduler = sys.modules.get("distributed.scheduler")
    return () if scheduler is None else (scheduler.KilledWorker,)
