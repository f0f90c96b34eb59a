"""A progress bar where someone looks at it: on standard error, if that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from voicecoach.cli import output

Bar = Callable[[str, float], None]
"""Called with what is being done, and the share of all that is done, 0 to 1."""


@contextmanager
def progress() -> Iterator[Bar]:
    """One bar, gone when it is done; nothing in a pipe or with ``--quiet``."""
    if output.quiet() or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=output.console(stderr=True), transient=True) as drawn:
        task = drawn.add_task("", total=1.0)
        yield lambda what, share: drawn.update(task, description=output.printable(what), completed=share)
