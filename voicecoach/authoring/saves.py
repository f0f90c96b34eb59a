"""When a script is saved: the extra ``voicecoach[watch]``, which asks the system to tell of it."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from voicecoach.errors import AuthoringError

_SETTLED = 100
"""Milliseconds in which what an editor does to save counts as one, at most: some write anew, others rename."""
_STILL = 30
"""Milliseconds of quiet after which it has saved."""
_LOOK = 100
"""Milliseconds between two looks at whether it is over."""


class Saves:
    """Tells when one of some files was saved, from when it is entered; a file may come and go.

    Raises AuthoringError where the extra is not installed, or where a folder cannot be watched.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = {path.absolute() for path in files}
        self._saved: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._folders: set[Path] = set()

    def __enter__(self) -> Self:
        _need()
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def follow(self, files: Iterable[Path]) -> None:
        """Watches these files too."""
        self._files |= {path.absolute() for path in files}
        if not {path.parent for path in self._files} <= self._folders:
            self._end()
            self._begin()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether a file was saved since it was last asked, or is in so many seconds (None: however long it takes)."""
        try:
            told = [self._saved.get(timeout=seconds) if seconds != 0 else self._saved.get_nowait()]
        except queue.Empty:
            return False
        with contextlib.suppress(queue.Empty):
            while True:
                told.append(self._saved.get_nowait())
        for error in told:
            if error is not None:
                raise AuthoringError(f"its folder cannot be watched: {error}") from error
        return True

    def _begin(self) -> None:
        self._folders = {path.parent for path in self._files}
        self._over = threading.Event()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(self._over, ready), name="saves", daemon=True)
        self._thread.start()
        ready.wait()

    def _end(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self, over: threading.Event, ready: threading.Event) -> None:
        from watchfiles import watch

        try:
            told = watch(
                *sorted(self._folders),
                watch_filter=lambda change, path: Path(path) in self._files,
                debounce=_SETTLED,
                step=_STILL,
                stop_event=over,
                rust_timeout=_LOOK,
                yield_on_timeout=True,
                raise_interrupt=False,
                recursive=False,
            )
            for changes in told:
                ready.set()  # the first comes when the system has been asked
                if changes:
                    self._saved.put(None)
        except (OSError, RuntimeError) as error:
            self._saved.put(error)
        finally:
            ready.set()


def _need() -> None:
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        raise AuthoringError(
            '--watch needs watchfiles, which tells when a file is saved: pip install "voicecoach[watch]"'
        ) from None
