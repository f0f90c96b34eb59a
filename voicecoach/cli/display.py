"""Where the views of a session are shown: a whole terminal, or lines in a pipe."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import fields, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from rich.console import Console, ConsoleDimensions
from rich.control import Control
from rich.segment import Segment, Segments

from voicecoach.cli import output
from voicecoach.cli.screen import Screen
from voicecoach.review.view import State, View

if TYPE_CHECKING:
    from voicecoach.review.closing import Closing

_USUAL = ConsoleDimensions(80, 24)
"""Of a terminal that does not know its size."""
_STOPPED = 2.0
"""Seconds without a look after which the program was stopped meanwhile."""
_SPEAKING = frozenset({"say", "ready", "ask", "play"})
"""Kinds of the steps that have no clock: they are what they say."""
TOLD = 2.0
"""Seconds for which the screen shows what it has to tell."""
COVERED = 6.0
"""Seconds for which it shows what was told before it was there: that may be longer, and nobody waits for it."""


class Display(Protocol):
    """Shows views while it is entered; what a script calls something is text in them, whatever it holds."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, view: View, index: int) -> None:
        """Shows a view of the segment of that index; cheap where nothing has changed."""
        ...

    def tell(self, text: str) -> None:
        """Says something about what the person did just now."""
        ...

    def came_of(self, text: str) -> None:
        """Says what came of the step that is over, unless that is nothing, where it is not seen."""
        ...

    def released(self) -> AbstractContextManager[None]:
        """The terminal shows what was there before, while this is entered."""
        ...

    def close(self, closing: Closing) -> None:
        """Shows what the session has come to, once it has been left."""
        ...


def display(*, plain: bool = False, obeys: bool = True, said: str = "") -> Display:
    """The display for this process's standard output; ``plain`` is without a screen also in a terminal.

    ``obeys`` says whether keys mean anything to the session; ``said`` is what a screen covers that was told just now.
    """
    if output.quiet():
        return Nothing()
    console = output.console()
    if sys.stdout.isatty() and not console.is_dumb_terminal and not plain:
        return FullScreen(console, obeys=obeys, said=said)
    return Lines()


class FullScreen:
    """The alternate screen of a terminal, which gives back what was there before. Only what has changed is drawn."""

    def __init__(
        self, console: Console, now: Callable[[], float] = time.monotonic, *, obeys: bool = True, said: str = ""
    ) -> None:
        self._console = console
        self._now = now
        self._obeys = obeys
        self._held = output.records_held()
        self._shown: object = None
        self._rows: list[list[Segment]] = []
        self._size = console.size
        self._index = -1
        self._looked = now()
        self._told, self._told_until = said, now() + COVERED

    def __enter__(self) -> Self:
        self._held.__enter__()
        self._take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # the terminal may have gone
            self._give_back()
        self._held.__exit__(kind, error, trace)

    @contextmanager
    def released(self) -> Iterator[None]:
        self._give_back()
        yield
        self._shown, self._rows, self._looked = None, [], -math.inf  # nobody knows what stands there
        self._take()

    def _take(self) -> None:
        self._console.set_alt_screen(True)
        self._console.show_cursor(False)
        self._wrap(False)  # what is drawn while the window becomes narrower stays in its row

    def _give_back(self) -> None:
        self._console.control(Control.home(), Control.clear())  # some terminals have one screen only
        self._wrap(True)
        self._console.show_cursor(True)
        self._console.set_alt_screen(False)

    def show(self, view: View, index: int) -> None:
        console, size = self._console, self._measured()
        before, self._looked = self._looked, self._now()
        if self._told and self._looked < self._told_until:
            view = replace(view, now=self._told, sounding=True, question=view.question and self._told)
        # after the program was stopped, or the window was resized, nobody knows what stands there
        anew = size != self._size or self._looked - before > _STOPPED
        if not anew and (view, index) == self._shown:
            return
        self._shown, self._size = (view, index), size
        again = anew or index != self._index
        self._index = index
        console.size = size
        rows = console.render_lines(
            Screen(_as_text(view), obeys=self._obeys), console.options.update_height(size.height)
        )
        with console:  # one write, so that nothing flickers
            if anew:
                console.control(Control.home(), Control.clear())
            for number, row in enumerate(rows):
                if again or row != self._rows[number]:
                    console.control(Control.move_to(0, number))
                    console.print(Segments(row), end="", crop=False)
        self._rows = rows

    def tell(self, text: str) -> None:
        self._told, self._told_until = text, self._now() + TOLD

    def came_of(self, text: str) -> None:
        """The voice says so, and the page in the end."""

    def close(self, closing: Closing) -> None:
        if not closing.empty:
            from voicecoach.cli.page import Page  # brings tables, and is not needed before the end

            self._console.print(Page(closing))

    def _measured(self) -> ConsoleDimensions:
        """How large the terminal is now, whatever the environment says of it."""
        try:
            columns, rows = os.get_terminal_size(self._console.file.fileno())
        except (OSError, ValueError, AttributeError):
            return self._console.size
        return ConsoleDimensions(columns or _USUAL.width, rows or _USUAL.height)

    def _wrap(self, wanted: bool) -> None:
        """Whether the terminal goes on in the next row where one is full."""
        if not self._console.legacy_windows:
            self._console.file.write("\x1b[?7h" if wanted else "\x1b[?7l")
            self._console.file.flush()


class Lines:
    """A line a step, what is said in one that only speaks, and what the person made of it.

    With ``--verbose`` there is also a line a cue.
    """

    def __init__(self) -> None:
        self._index = -1
        self._heading = ""
        self._now = ""
        self._elapsed = ""
        self._came: list[str] = []
        self._state = State.PLAYING
        self._remark = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tell_came()

    def show(self, view: View, index: int) -> None:
        view = _as_text(view)
        self._elapsed = view.elapsed
        self._tell_came()
        if index != self._index:
            self._index = index
            place = f" ({view.place})" if view.place else ""
            heading = f"{view.heading}{place}"
            if heading != self._heading or view.kind not in _SPEAKING:
                output.echo(f"{view.elapsed}  {heading}")
            self._heading = heading
            if view.kind in _SPEAKING:
                self._now = ""  # the step before may have said the same
        if view.now != self._now:
            self._now = view.now
            if view.now and (output.verbose() or (view.kind in _SPEAKING and view.now != view.heading)):
                output.echo(f"{view.elapsed}    {view.now}")
            if view.now and view.now == view.question:
                for number, answer in enumerate(view.answers, 1):
                    output.echo(f"{view.elapsed}    {number} {answer}")
        if view.state is not self._state:
            self._state = view.state
            output.note(f"{view.elapsed}  {told(view)}")
        if view.remark != self._remark:
            self._remark = view.remark
            if view.remark:
                output.note(f"{view.elapsed}  {view.remark}")

    def tell(self, text: str) -> None:
        output.note(output.one_line(text))

    def came_of(self, text: str) -> None:
        if text:
            self._came.append(output.one_line(text))

    def _tell_came(self) -> None:
        for text in self._came:
            output.echo(f"{self._elapsed}    {text}")
        self._came.clear()

    def released(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self, closing: Closing) -> None:
        output.notes(closing.in_words())


class Nothing(Lines):
    """For ``--quiet``."""

    def show(self, view: View, index: int) -> None:
        return None

    def tell(self, text: str) -> None:
        return None

    def came_of(self, text: str) -> None:
        return None

    def close(self, closing: Closing) -> None:
        return None


def _as_text(view: View) -> View:
    """A view in which no text is more than one line, or anything that a terminal would obey."""
    values: dict[str, Any] = {field.name: getattr(view, field.name) for field in fields(view)}
    values |= {name: output.one_line(value) for name, value in values.items() if type(value) is str}
    return View(**values | {"answers": tuple(map(output.one_line, view.answers))})


def told(view: View) -> str:
    """How the session stands, in a sentence."""
    if view.state is State.LOST:
        return f"device lost: holding at {view.elapsed}, will go on when a device is back"
    return str(view.state)
