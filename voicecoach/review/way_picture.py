"""The way of a hold that grows as a picture: the best hold of each day against the goal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from voicecoach import units
from voicecoach.review import picture, raster
from voicecoach.review.picture import Dot, Shape, Stroke, Words
from voicecoach.review.way import Way, dates, ticks

WIDTH, HEIGHT = 800, 450
_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 40.0, 92.0, 62.0
_INK, _FAINT, _GRID = "#1f2933", "#667380", "#e3e8ee"
_HELD, _GOAL = "#0b6e99", "#b4470f"
_MOST_DATES = 6
_LONGEST_LINE = 100
"""Characters of a line below the title."""


def as_svg(way: Way) -> str:
    """The picture as SVG."""
    return picture.as_svg(_shapes(way), WIDTH, HEIGHT)


def as_png(way: Way) -> bytes:
    """The picture as PNG. Raises ExportError where pillow is not installed."""
    return raster.as_png(_shapes(way), WIDTH, HEIGHT)


def _shapes(way: Way) -> Iterator[Shape]:
    marks = ticks(way.top)
    span = max((way.today - way.first).days, 1)
    right, floor = WIDTH - _RIGHT, HEIGHT - _BOTTOM

    def x(day: date) -> float:
        return _LEFT + (day - way.first).days / span * (right - _LEFT)

    def y(seconds: float) -> float:
        return floor - seconds / marks[-1] * (floor - _TOP)

    yield Words((_LEFT, 34), f"{way.name} · {way.script}", 20, _INK)
    for number, line in enumerate(_lines(way.in_words())):
        yield Words((_LEFT, 56 + 18 * number), line, 13, _FAINT)
    for mark in marks:
        yield Stroke((_LEFT, y(mark)), (right, y(mark)), _GRID if mark else _FAINT)
        yield Words((_LEFT - 10, y(mark) + 4), units.format_duration(mark) if mark else "0", 12, _FAINT, "end")
    for day in dates(way.first, way.today, _MOST_DATES):
        yield Stroke((x(day), floor), (x(day), floor + 5), _FAINT)
        yield Words((x(day), floor + 20), str(day), 12, _FAINT, "middle")
    if way.says is not None:
        goal = y(way.says.goal)
        yield Stroke((_LEFT, goal), (right, goal), _GOAL, 2.0, 6.0)
    points = [(x(one.day), y(one.seconds)) for one in way.days]
    for before, after in pairwise(points):
        yield Stroke(before, after, _HELD, 1.5)
    for point, one in zip(points, way.days, strict=True):
        yield Dot(point, 5 if len(points) <= 60 else 3, _HELD, hollow=not one.clean)
    yield Dot((_LEFT + 5, HEIGHT - 18), 5, _HELD)
    yield Words((_LEFT + 16, HEIGHT - 14), "held to the target", 12, _FAINT)
    yield Dot((_LEFT + 145, HEIGHT - 18), 5, _HELD, hollow=True)
    yield Words((_LEFT + 156, HEIGHT - 14), "slipped before it", 12, _FAINT)
    if way.says is not None:
        yield Stroke((_LEFT + 280, HEIGHT - 18), (_LEFT + 310, HEIGHT - 18), _GOAL, 2.0, 6.0)
        yield Words((_LEFT + 316, HEIGHT - 14), f"goal {units.format_duration(way.says.goal)}", 12, _FAINT)


def _lines(parts: tuple[str, ...]) -> Iterator[str]:
    """The parts on lines, none longer than there is room."""
    line = ""
    for part in parts:
        longer = f"{line} · {part}" if line else part
        if len(longer) > _LONGEST_LINE and line:
            yield line
            longer = part
        line = longer
    if line:
        yield line
