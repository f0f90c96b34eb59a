"""The lanes of a session as a drawing, for paper and screens: what looks otherwise also has another pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from voicecoach import units
from voicecoach.review import picture, raster
from voicecoach.review.chart import axis
from voicecoach.review.chart.axis import Row
from voicecoach.review.chart.lanes import KINDS, Lanes, Mark, Step
from voicecoach.review.chart.looks import (
    DARK,
    FAINT,
    GRID,
    INK,
    LANE_COLOURS,
    SMALL,
    TEXT,
    TITLE,
    box,
    cut,
    lines,
)  # fmt: skip
from voicecoach.review.chart.spots import about_mark, about_step, spot, together, told
from voicecoach.review.picture import PAPER, Box, Group, Shape, Stroke, Theme, Words

NARROWEST, WIDEST, WIDTH = 320, 4000, 1000
"""Pixels; the last one is where nobody says how wide."""

_MARGIN, _GUTTER = 16.0, 72.0
_MOST_ROWS, _MOST_NARROW_ROWS, _NARROW = 8, 14, 560
_VISIBLE = 24.0
"""Length of a step that can be seen."""
_MARK_APART = 70.0
_BAR, _LANE, _SIDE = 24.0, 18.0, 15.0
_MOST_KINDS = 24
_KIND_WIDTH = 310.0


class Drawing(NamedTuple):
    """Shapes, and how large they are in all."""

    shapes: tuple[Shape, ...]
    width: int
    height: int

    def as_svg(self, theme: Theme = "auto", *, prefix: str = "", within: bool = False) -> str:
        """It as SVG; ``prefix`` and ``within`` are as in ``picture.as_svg``."""
        return picture.as_svg(
            self.shapes, self.width, self.height, dark=DARK, theme=theme, prefix=prefix, within=within
        )

    def as_png(self, theme: Theme = "auto") -> bytes:
        """It as PNG. Raises ExportError where pillow is not installed."""
        return raster.as_png(self.shapes, self.width, self.height, dark=DARK, theme=theme)


def drawing(lanes: Lanes, width: int = WIDTH) -> Drawing:
    """A session so many pixels wide, as high as it becomes."""
    width = min(max(width, NARROWEST), WIDEST)
    sheet = _Sheet(lanes, width)
    shapes = tuple(sheet.shapes())
    return Drawing(shapes, width, round(sheet.y + _MARGIN))


@dataclass
class _Sheet:
    """A sheet that is drawn on from the top; ``y`` is how far it is."""

    lanes: Lanes
    width: int
    y: float = _MARGIN

    def __post_init__(self) -> None:
        self._left = _MARGIN + _GUTTER
        self._wide = self.width - self._left - _MARGIN

    def shapes(self) -> Iterator[Shape]:
        """All that is on it."""
        yield from self._head()
        lengths = [step.end - step.begin for step in self.lanes.steps]
        most = _MOST_NARROW_ROWS if self.width < _NARROW else _MOST_ROWS
        for row in axis.rows(self.lanes.seconds, lengths, _VISIBLE / self._wide, most):
            yield self._row(row)
        yield from self._legend()
        yield from self._kinds()

    def _head(self) -> Iterator[Shape]:
        texts = (
            (self.lanes.title, TITLE, INK),
            (self.lanes.summary, TEXT, FAINT),
            (self.lanes.heading, TEXT, FAINT),
        )
        for text, size, colour in texts:
            for line in lines(text, size, self.width - 2 * _MARGIN):
                self.y += size + 5
                yield Words((_MARGIN, self.y), line, size, colour)
        self.y += 12

    def _x(self, row: Row, at: float) -> float:
        return self._left + row.share(at) * self._wide

    def _row(self, row: Row) -> Group:
        """A row with all of its lanes; its attributes tell where on it which time is."""
        top = self.y
        on = list(self.lanes.between(row.start, row.end))
        right = self._x(row, row.end)
        inside = [mark for mark in self.lanes.marks if mark.start < row.end and mark.end > row.start]
        parts: list[Shape] = []
        self.y += 18
        names = self.y + 12
        bar = names + 5
        self.y = bar + _BAR
        parts += self._bar(on, row, names, bar)
        parts.append(Words((self._left - 8, bar + _BAR / 2 + 4), "steps", SMALL, FAINT, "end"))
        self.y += 15
        if any(step.side for step in on):
            parts += self._side(on, row)
        for lane in self.lanes.lanes:
            parts += self._lane(lane, [mark for mark in inside if mark.lane == lane], row)
        if self.lanes.music:
            parts += self._music(row)
        bottom = self.y + 2
        self.y += 22
        place = {"from": row.start, "to": row.end, "left": self._left, "right": right, "top": top, "bottom": bottom}
        attributes = (("class", "row"), *((f"data-{name}", f"{value:.3f}") for name, value in place.items()))
        return Group((*self._axis(row, top, bar, bottom), *parts), attributes=attributes)

    def _axis(self, row: Row, top: float, bar: float, bottom: float) -> Iterator[Shape]:
        free = 0.0
        for at in axis.marks(row, max(1, int(self._wide // _MARK_APART))):
            x, label = self._x(row, at), units.format_clock(at)
            yield Stroke((x, top + 15), (x, top + 19), FAINT)
            yield Stroke((x, bar + _BAR + 14), (x, bottom), GRID)
            if x >= free and x + picture.wide(label, SMALL) <= self.width:
                yield Words((x, top + 11), label, SMALL, FAINT)
                free = x + picture.wide(label, SMALL) + 6
        yield Stroke((self._left, top + 15), (self._x(row, row.end), top + 15), FAINT)

    def _bar(self, on: Sequence[Step], row: Row, names: float, bar: float) -> Iterator[Shape]:
        for near in together(on, lambda step: (self._x(row, step.begin), self._x(row, step.end))):
            first, last = near[0], near[-1]
            begin, end = self._x(row, first.begin), self._x(row, last.end)
            if len(near) == 1:
                shapes = tuple(self._step(first, row, bar))
            else:
                look = max(near, key=lambda step: step.end - step.begin).look
                shapes = (box(begin, bar, max(end - begin - 0.5, 1.0), _BAR, look),)
            yield spot(shapes, "\n".join(told(near, about_step)), "steps", first.begin)
            room = end - begin - 5
            if len(near) > 1 or room < 12:
                continue
            if name := cut(first.name, room, SMALL):
                yield Words((begin, names), name, SMALL, INK)
            if first.begin >= row.start and picture.wide(first.length, SMALL) <= room:
                yield Words((begin, bar + _BAR + 12), first.length, SMALL, FAINT)

    def _step(self, step: Step, row: Row, bar: float) -> Iterator[Shape]:
        begin, start, end = (self._x(row, at) for at in (step.begin, step.start, step.end))
        if start - begin >= 0.5:
            yield box(begin, bar + 5, start - begin, _BAR - 10, "talk")
        if end - start > 0 or start == begin:
            yield box(start, bar, max(end - start - 1.0, 1.0), _BAR, step.look)
        if step.is_open and end - start >= 16 and step.end <= row.end:
            yield Box((end - 14, bar + 4), (11, _BAR - 8), PAPER)
            yield Words((end - 8.5, bar + _BAR - 7), "»", 15, INK, "middle")

    def _side(self, on: Sequence[Step], row: Row) -> Iterator[Shape]:
        yield Words((self._left - 8, self.y + 11), "side", SMALL, FAINT, "end")
        free = 0.0
        for step in on:
            letter = self.lanes.sides.get(step.side, "")
            begin, end = self._x(row, step.begin), self._x(row, step.end) - 1
            wide = picture.wide(letter, SMALL)
            if letter and begin >= free and end - begin >= wide:
                yield Words((begin + 1, self.y + 11), letter, SMALL, INK)
                free = begin + wide + 4
                if end - begin > wide + 10:
                    yield Stroke((begin + wide + 4, self.y + 7), (end - 2, self.y + 7), FAINT)
        self.y += _SIDE

    def _lane(self, lane: str, marks: Sequence[Mark], row: Row) -> Iterator[Shape]:
        yield Words((self._left - 8, self.y + 13), lane, SMALL, FAINT, "end")
        yield Stroke((self._left, self.y + _LANE - 1), (self._x(row, row.end), self.y + _LANE - 1), GRID)
        for near in together(marks, lambda mark: (self._x(row, mark.start), self._x(row, mark.start))):
            begin = self._x(row, near[0].start)
            end = max(self._x(row, mark.end) for mark in near)
            wide = max(end - begin - 0.7, 2.4)
            begin = min(begin, self._x(row, row.end) - wide)
            drawn = Box((begin, self.y + 4), (wide, _LANE - 8), LANE_COLOURS[lane])
            yield spot((drawn,), "\n".join(told(near, about_mark)), lane, near[0].start)
        self.y += _LANE

    def _music(self, row: Row) -> Iterator[Shape]:
        end = self._x(row, row.end)
        yield Words((self._left - 8, self.y + 13), "music", SMALL, FAINT, "end")
        named = cut(", ".join(self.lanes.music), end - self._left - 40, SMALL)
        line = self._left + (picture.wide(named, SMALL) + 6 if named else 0)
        yield Words((self._left, self.y + 13), named, SMALL, INK)
        if line < end:
            yield Stroke((line, self.y + 9), (end, self.y + 9), LANE_COLOURS["music"], 2.0)
        self.y += _LANE

    def _legend(self) -> Iterator[Shape]:
        """What stands for what, of all that occurs."""
        entries: list[tuple[str, str]] = [(look, KINDS[look]) for look in self.lanes.looks]
        if any(step.is_open for step in self.lanes.steps):
            entries.append(("", "» until you go on; in a file so long"))
        entries += [("", f"{letter} = {label}") for label, letter in self.lanes.sides.items()]
        x, y = _MARGIN, self.y + 8
        for look, text in entries:
            text = cut(text, self.width - 2 * _MARGIN - 34, TEXT)
            wide = picture.wide(text, TEXT) + (34 if look else 0)
            if x > _MARGIN and x + wide > self.width - _MARGIN:
                x, y = _MARGIN, y + 22
            if look:
                yield box(x, y, 26, 14, look)
            yield Words((x + (34 if look else 0), y + 12), text, TEXT, INK)
            x += wide + 22
        self.y = y + 26

    def _kinds(self) -> Iterator[Shape]:
        """The steps that are alike, how often and how long, in columns."""
        kinds = self.lanes.kinds()
        if not kinds:
            return
        columns = max(1, int((self.width - 2 * _MARGIN) // _KIND_WIDTH))
        wide = (self.width - 2 * _MARGIN) / columns
        shown = kinds[:_MOST_KINDS]
        deep = -(-len(shown) // columns)
        yield Stroke((_MARGIN, self.y), (self.width - _MARGIN, self.y), GRID)
        for number, kind in enumerate(shown):
            x, y = _MARGIN + number // deep * wide, self.y + 22 + number % deep * 20
            about = kind.times if kind.often == 1 else f"{kind.times} = {units.format_clock(round(kind.total))}"
            room = wide - 34 - 20 - picture.wide(about, TEXT)
            yield box(x, y - 11, 26, 12, kind.look)
            yield Words((x + 34, y), cut(", ".join(filter(None, (kind.name, kind.side))), room, TEXT), TEXT, INK)
            yield Words((x + wide - 18, y), about, TEXT, FAINT, "end")
        self.y += 22 + deep * 20 - 8
        if len(kinds) > len(shown):
            self.y += 20
            yield Words((_MARGIN, self.y), f"and {len(kinds) - len(shown):,} other steps", TEXT, FAINT)
