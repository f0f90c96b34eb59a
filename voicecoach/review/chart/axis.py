"""Time on paper: how many rows a session takes, and where the marks of each are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_SPACINGS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200)
"""Seconds from one mark to the next."""
_SPANS = (
    10, 15, 20, 30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10_800,
    14_400, 21_600, 28_800, 43_200, 86_400,
)  # fmt: skip
"""Seconds that a row may hold."""
_SHORT = 0.25
"""So large a part of the steps may become too short to be seen."""


_REMAINDER = 0.1
"""A last row that would hold less than this share of one goes into the one before."""


class Row(NamedTuple):
    """A part of a session, from ``start`` to ``end``, where a whole row lasts ``span`` seconds."""

    start: float
    end: float
    span: float

    def share(self, at: float) -> float:
        """Where a time is on the row: 0 at its left edge, 1 at its right."""
        return (min(max(at, self.start), self.end) - self.start) / self.span


def rows(seconds: float, lengths: Sequence[float], finest: float, most: int) -> tuple[Row, ...]:
    """The rows of a session, one below the other, as many as make its steps visible, but at most so many.

    ``lengths`` are those of its steps, in seconds, and ``finest`` is the share of a row that is visible. All rows last
    equally long; but one alone is no longer than the session.
    """
    seconds = max(seconds, 0.1)
    visible = sorted(lengths)[int(len(lengths) * _SHORT)] / finest if lengths else seconds
    enough = next((each for each in _SPANS if each >= seconds / most), seconds)
    span = max((each for each in _SPANS if enough <= each <= visible), default=enough)
    if visible >= seconds or span >= seconds:
        return (Row(0.0, seconds, seconds),)
    count = -int(-seconds // span)
    left = seconds - (count - 1) * span
    if left < _REMAINDER * span:
        ends = [*(number * span for number in range(1, count - 1)), seconds]
        return tuple(Row(start, end, span + left) for start, end in zip((0.0, *ends), ends, strict=False))
    return tuple(Row(number * span, min((number + 1) * span, seconds), span) for number in range(int(count)))


def marks(row: Row, most: int) -> list[float]:
    """The times that are marked on a row: where it starts, and round ones, at most so many and one."""
    spacing = next((each for each in _SPACINGS if row.span / each <= most), _SPACINGS[-1])
    first = int(row.start / spacing) + 1
    return [row.start, *(float(spacing * number) for number in range(first, int(row.end / spacing) + 1))]
