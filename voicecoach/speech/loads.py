"""What takes long to load: each thing once a process, in a thread of its own, before it is needed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


class Loads(Generic[T]):
    """Loaded things by name. May be used from several threads; a fork loads its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: dict[tuple[int, str], Future[T]] = {}

    def begin(self, name: str, load: Callable[[], T]) -> Future[T]:
        """What ``load`` gives or raises, as soon as it does; begun where it was not before."""
        key = os.getpid(), name
        with self._lock:
            if key not in self._begun:
                self._begun[key] = begin(load)
            return self._begun[key]

    def raise_failure(self, name: str) -> bool:
        """Whether that was loaded or is being loaded; raises what its loading raised."""
        begun = self._begun.get((os.getpid(), name))
        if begun is not None and begun.done():
            begun.result()
        return begun is not None

    def clear(self) -> None:
        """Lets go of all."""
        with self._lock:
            self._begun.clear()


def begin(load: Callable[[], T]) -> Future[T]:
    """Lets a thread of its own load something.

    Numpy is imported before, since all that is loaded needs it: another thread that imports it meanwhile would find
    half of it, where the import of what stands on it fails.
    """
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np  # noqa: F401

    thread = ThreadPoolExecutor(1, thread_name_prefix="load")
    try:
        return thread.submit(load)
    finally:
        thread.shutdown(wait=False)
