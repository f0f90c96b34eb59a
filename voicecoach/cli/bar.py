"""A progress bar where someone looks at it: on standard error, if that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress

Bar = Callable[[str, float], None]
"""Called with what is being done, and the share of all that is done, 0 to 1."""

_PATIENCE = 0.4
"""Seconds: what is done sooner needs no bar, and need not wait until one is loaded."""


@contextmanager
def progress() -> Iterator[Bar]:
    """One bar, gone when it is done; nothing in a pipe or with ``--quiet``."""
    if output.quiet() or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    bar = _LateBar()
    output.tell_above(bar.tell)
    try:
        yield bar.update
    finally:
        output.tell_above(None)
        bar.end()


def stretch(bar: Bar, what: str, begin: float, end: float) -> Callable[[int, int], None]:
    """Shows the progress of one thing, so much of so much, as a stretch of the whole bar."""
    return lambda done, total: bar(what, begin + (end - begin) * done / max(1, total))


class _LateBar:
    """A bar that is drawn once its patience has run out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._now = "", 0.0
        self._drawn: Progress | None = None
        self._ended = False
        self._timer = Timer(_PATIENCE, self._draw)
        self._timer.daemon = True
        self._timer.start()

    def update(self, what: str, share: float) -> None:
        with self._lock:
            self._now = output.one_line(what), share
            self._show()

    def tell(self, text: str) -> None:
        with self._lock:
            if self._drawn is None:
                click.echo(text, err=True)
            else:
                self._drawn.console.print(text, soft_wrap=True)

    def end(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._drawn is not None:
                self._drawn.stop()

    def _draw(self) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        description = TextColumn("{task.description}", markup=False)
        columns = (description, BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with self._lock:
            if not self._ended:
                self._drawn = Progress(*columns, console=output.console(stderr=True), transient=True)
                self._drawn.add_task("", total=1.0)
                self._drawn.start()
                self._show()

    def _show(self) -> None:
        if self._drawn is not None:
            what, share = self._now
            self._drawn.update(self._drawn.task_ids[0], description=what, completed=share)
