"""The closing page: what a session has come to, drawn where the screen was, and left in the scrollback."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voicecoach.cli import gauges, output
from voicecoach.review.closing import Closing, Held, call, held_in_words, suggestion
from voicecoach.review.view import Gauge

_MARGIN = 2
_WIDEST = 72
_NAMES = 24
"""Most columns of what things are called."""


class Page:
    """Draws the end of a session, as wide as the terminal and no wider than one reads."""

    def __init__(self, closing: Closing) -> None:
        self._closing = closing

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        closing, width = self._closing, max(1, min(_WIDEST, options.max_width - 2 * _MARGIN))
        page = Table.grid()
        page.add_column(width=width)
        title = f"{closing.title} · {'done' if closing.finished else 'ended early'}"
        page.add_row(Text(output.one_line(title), "bold"))
        page.add_row(Text("─" * width, "dim"))
        page.add_row(closing.done)
        for name, holds in closing.holds:
            page.add_row("")
            page.add_row(_told(name, held_in_words(holds), width))
            for held in holds:
                if held.target is not None:
                    page.add_row(_gauge(held, held.target, width))
        for heading, rows in (
            ("Answered", closing.answers),
            ("Next time", [(way.name, way.ahead()) for way in closing.ahead]),
        ):
            if rows:
                page.add_row("")
                page.add_row(Text(heading, "bold"))
            for name, words in rows:
                page.add_row(_told(name, words, width))
        for script, days in closing.unlocked:
            page.add_row("")
            page.add_row(Text(output.one_line(suggestion(script, days)), "bold"))
            page.add_row(Text(output.one_line(call(script))))
        yield Padding(page, (1, _MARGIN))


def _told(name: str, words: str, width: int) -> Table:
    """What something is called, and beside it what is said of it."""
    names = min(_NAMES, width // 3)
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=names)
    row.add_column(width=max(1, width - names - 2))
    row.add_row(Text(output.one_line(name), "dim"), Text(output.one_line(words)))
    return row


def _gauge(held: Held, target: float, width: int) -> Text:
    return gauges.drawn(Gauge.of(held.seconds, target, held.best), width, "green")
