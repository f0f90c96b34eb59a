"""Where the views of a session are shown: a whole terminal, or lines in a pipe."""

from __future__ import annotations

import sys
from dataclasses import fields
from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console
from rich.control import Control

from voicecoach.cli import output
from voicecoach.cli.screen import Screen
from voicecoach.review.view import WAITING, State, View


class Display(Protocol):
    """Shows views while it is entered; what a script calls something is text in them, whatever it holds."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, view: View, index: int) -> None:
        """Shows a view of the segment of that index; cheap where nothing has changed."""
        ...


def display(*, plain: bool = False) -> Display:
    """The display for this process's standard output; ``plain`` is without a screen also in a terminal."""
    if output.quiet():
        return Nothing()
    console = output.console()
    if sys.stdout.isatty() and not console.is_dumb_terminal and not plain:
        return FullScreen(console)
    return Lines()


class FullScreen:
    """The alternate screen of a terminal, which gives back what was there before."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._held = output.records_held()
        self._shown: object = None

    def __enter__(self) -> Self:
        self._held.__enter__()
        self._console.set_alt_screen(True)
        self._console.show_cursor(False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._console.control(Control.home(), Control.clear())  # some terminals have one screen only
        self._console.show_cursor(True)
        self._console.set_alt_screen(False)
        self._held.__exit__(kind, error, trace)

    def show(self, view: View, index: int) -> None:
        view = _as_text(view)
        wanted = (view, self._console.size)
        if wanted == self._shown:
            return
        self._shown = wanted
        with self._console:  # one write, so that nothing flickers
            self._console.control(Control.home())
            self._console.print(Screen(view), end="")


class Lines:
    """A line a step, and with ``--verbose`` a line a cue."""

    def __init__(self) -> None:
        self._index = -1
        self._now = ""
        self._state = State.PLAYING
        self._remark = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, view: View, index: int) -> None:
        view = _as_text(view)
        if index != self._index:
            self._index = index
            place = f" ({view.place})" if view.place else ""
            output.echo(f"{view.elapsed}  {view.heading}{place}")
            for number, answer in enumerate(view.answers, 1):
                output.echo(f"{view.elapsed}    {number} {answer}")
        if view.now != self._now:
            self._now = view.now
            if view.now and (output.verbose() or view.clock_means == WAITING):
                output.echo(f"{view.elapsed}    {view.now}")
        if view.state is not self._state:
            self._state = view.state
            output.note(f"{view.elapsed}  {told(view)}")
        if view.remark != self._remark:
            self._remark = view.remark
            if view.remark:
                output.note(f"{view.elapsed}  {view.remark}")


class Nothing(Lines):
    """For ``--quiet``."""

    def show(self, view: View, index: int) -> None:
        return None


def _as_text(view: View) -> View:
    """A view in which no text is more than one line, or anything that a terminal would obey."""
    values: dict[str, Any] = {field.name: getattr(view, field.name) for field in fields(view)}
    values |= {name: output.one_line(value) for name, value in values.items() if type(value) is str}
    return View(**values)


def told(view: View) -> str:
    """How the session stands, in a sentence."""
    if view.state is State.LOST:
        return f"device lost: holding at {view.elapsed}, will go on when a device is back"
    return str(view.state)
