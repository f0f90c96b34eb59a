"""A hold as a bar: how much is held, and in it the marks of its target and of its best so far."""

from __future__ import annotations

from rich.text import Text

from voicecoach.review.view import Gauge

_DONE, _OPEN, _TARGET, _BEST = "█", "░", "┃", "╏"


def drawn(gauge: Gauge, width: int, accent: str) -> Text:
    """A bar of so many columns; a mark stands in reverse where the bar has come past it."""
    done = round(gauge.done * width)
    bar = Text.assemble((_DONE * done, accent), (_OPEN * (width - done), "dim"))
    for place, mark in ((gauge.best, _BEST), (gauge.target, _TARGET)):
        if place is not None and width > 1:
            at = min(width - 1, round(place * width))
            style = f"reverse {accent}" if at < done else "bold"
            bar = Text.assemble(bar[:at], (mark, style), bar[at + 1 :])
    return bar
