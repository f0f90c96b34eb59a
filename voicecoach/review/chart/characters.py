"""The lanes of a session drawn with characters, for a terminal of any width; nothing here needs colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from voicecoach import units
from voicecoach.review.chart import axis
from voicecoach.review.chart.axis import Row
from voicecoach.review.chart.lanes import KINDS, Kind, Lanes, Mark, Step
from voicecoach.review.chart.signs import BLOCKS, Signs, cells, clean, cut, wrapped

NARROWEST, WIDEST = 20, 300
"""Columns."""
_MOST_ROWS = 6
_VISIBLE = 2.5
"""Columns of a step that can be seen."""
_GUTTER, _SHORT_GUTTER = 11, 4
"""Columns for the names of lanes; from so many columns of the terminal on they are written out."""
_ROOMY = 56
_MOST_KINDS = 12
_ROOM_FOR_TOTAL = 24
"""Columns that the name of a step and its whole length must have between them."""
_APART = 2
"""Columns of a step that is set off from the next by one of them."""
_MARK_APART = 9
"""Least columns from one mark of the axis to the next."""


class Run(NamedTuple):
    """A part of a line: its text, and what it is drawn as, a look or "name"; empty for plain text."""

    text: str
    role: str = ""


Line = tuple[Run, ...]


def heading(title: str, summary: str, columns: int, signs: Signs = BLOCKS) -> Iterator[Line]:
    """What session it is, in lines of at most so many columns."""
    for text, role in ((title, "name"), (summary, "")):
        for line in wrapped(clean(text, signs).split(), _within(columns)):
            yield (Run(line, role),)


def drawn(lanes: Lanes, columns: int, signs: Signs = BLOCKS) -> Iterator[Line]:
    """What stands below the heading, in lines of at most so many columns, ``NARROWEST`` to ``WIDEST``: how long it is,
    the rows with their lanes, what the signs mean, and the steps by their lengths.
    """
    columns = _within(columns)
    for line in wrapped(clean(lanes.heading, signs).split(), columns):
        yield (Run(line),)
    gutter = _GUTTER if columns >= _ROOMY else _SHORT_GUTTER
    wide = columns - gutter
    lengths = [step.end - step.begin for step in lanes.steps]
    for row in axis.rows(lanes.seconds, lengths, _VISIBLE / wide, _MOST_ROWS):
        yield ()
        yield from _row(lanes, row, gutter, wide, signs)
    yield ()
    yield from _key(lanes, columns, signs)
    kinds = lanes.kinds()
    if kinds:
        yield ()
    yield from _steps(lanes, columns, signs)


def _within(columns: int) -> int:
    return min(max(columns, NARROWEST), WIDEST)


def _row(lanes: Lanes, row: Row, gutter: int, wide: int, signs: Signs) -> Iterator[Line]:
    used = max(1, round(row.share(row.end) * wide))
    on = list(lanes.between(row.start, row.end))
    places = [(step, _column(row, step.begin, wide), _column(row, step.end, wide)) for step in on]
    yield from _axis(row, gutter, wide, used, signs)
    yield from _above(((step.name, begin, end) for step, begin, end in places), gutter, used, signs)
    yield _lane("steps", gutter, _bar(places, row, wide, used, signs))
    yield from _above(
        ((clean(step.length, signs), begin, end) for step, begin, end in places), gutter, used, signs, whole=True
    )
    if lanes.sides:
        letters = _filled(((lanes.sides.get(step.side, " "), begin, end) for step, begin, end in places), used)
        if letters.strip():
            yield _lane("side", gutter, (Run(letters),))
    inside = _inside(lanes.marks, row)
    for lane in lanes.lanes:
        told = _marks([mark for mark in inside if mark.lane == lane], row, wide, used, signs)
        yield _lane(lane, gutter, (Run(told, lane),))
    if lanes.music:
        names = cut(clean(f"{signs.music} {', '.join(lanes.music)} ", signs), used, signs.cut)
        yield _lane("music", gutter, (Run(names + signs.lasts * (used - cells(names)), "music"),))


def _inside(marks: Sequence[Mark], row: Row) -> list[Mark]:
    return [mark for mark in marks if mark.start < row.end and (mark.end > row.start or mark.start >= row.start)]


def _column(row: Row, at: float, wide: int) -> int:
    return round(row.share(at) * wide)


def _lane(name: str, gutter: int, runs: Line) -> Line:
    return (Run(f"{name[: gutter - 1]:<{gutter}}"), *runs)


def _axis(row: Row, gutter: int, wide: int, used: int, signs: Signs) -> Iterator[Line]:
    ticks = [signs.axis] * used
    labels = ""
    for at in axis.marks(row, max(1, wide // _MARK_APART)):
        column = min(_column(row, at, wide), used - 1)
        label = units.format_clock(at)
        if (column == 0 or column > len(labels)) and column + len(label) <= wide:
            labels = f"{labels:<{column}}{label}"
            ticks[column] = signs.tick
    yield (Run(" " * gutter), Run(labels))
    yield (Run(" " * gutter), Run("".join(ticks)))


def _above(
    texts: Iterable[tuple[str, int, int]], gutter: int, used: int, signs: Signs, *, whole: bool = False
) -> Iterator[Line]:
    """Texts at their columns, each with a column free behind it; what does not fit is cut, or left out if ``whole``."""
    line, wide = "", 0
    for text, begin, end in texts:
        room = min(end, used) - begin - (1 if end < used else 0)
        text = clean(text, signs)
        text = ("" if cells(text) > room else text) if whole else cut(text, room, signs.cut)
        if text:
            line += " " * (begin - wide) + text
            wide = begin + cells(text)
    if line:
        yield (Run(" " * gutter), Run(line))


def _bar(places: Sequence[tuple[Step, int, int]], row: Row, wide: int, used: int, signs: Signs) -> Line:
    """The steps: in each column what takes most of it."""
    taken: list[dict[str, float]] = [{} for _ in range(used)]
    gaps: set[int] = set()
    opens: set[int] = set()
    for (step, first_column, last_column), following in zip_longest(places, places[1:]):
        for begin, until, look in ((step.begin, step.start, "talk"), (step.start, step.end, step.look)):
            first, last = row.share(begin) * wide, row.share(until) * wide
            for column in range(int(first), min(used, int(last) + 1)):
                part = min(last, column + 1) - max(first, column)
                taken[column][look] = taken[column].get(look, 0.0) + part
        if step.end <= row.end and last_column > first_column:
            if step.is_open and step.look != "wait":
                opens.add(last_column - 1)
            elif last_column - first_column > _APART and following and following[0].look == step.look:
                gaps.add(last_column - 1)
    looks = [max(each, key=lambda look: each[look], default="") for each in taken]
    runs: list[Run] = []
    for column, look in enumerate(looks):
        sign = signs.looks.get(look, " ")
        if column in opens:
            sign = signs.open
        elif column in gaps:
            sign = " "  # two that look alike stay two
        if runs and runs[-1].role == look:
            runs[-1] = Run(runs[-1].text + sign, look)
        else:
            runs.append(Run(sign, look))
    return tuple(runs)


def _filled(texts: Iterable[tuple[str, int, int]], used: int) -> str:
    """Letters all along where they hold."""
    line = [" "] * used
    for text, begin, end in texts:
        for column in range(begin, min(max(end, begin + 1), used)):
            if text != " ":
                line[column] = text
    return "".join(line).rstrip()


def _marks(marks: Sequence[Mark], row: Row, wide: int, used: int, signs: Signs) -> str:
    """A sign for a line, and a figure where several begin in a column, up to 9."""
    line = [" "] * used
    counts = [0] * used
    for mark in marks:
        first = min(int(row.share(mark.start) * wide), used - 1)
        last = min(int(row.share(mark.end) * wide), used - 1)
        for column in range(first, last + 1):
            line[column] = signs.lasts
        if mark.start >= row.start:
            counts[first] += 1
    for column, count in enumerate(counts):
        if count:
            line[column] = signs.line if count == 1 else str(count) if count <= 9 else "+"
    return "".join(line).rstrip()


def _key(lanes: Lanes, columns: int, signs: Signs) -> Iterator[Line]:
    """What the signs mean, of those that occur."""
    told = [Run(f"{signs.looks[look] * 2} {KINDS[look]}", look) for look in lanes.looks]
    if any(step.is_open for step in lanes.steps):
        told.append(Run(f"{signs.open} until you go on (so long in a file)"))
    told += [Run(clean(f"{letter} {label}", signs)) for label, letter in lanes.sides.items()]
    if lanes.lanes:
        told.append(Run(f"{signs.line} a line, 2 to 9 so many, + more, {signs.lasts} it goes on"))
    line: list[Run] = []
    wide = 0
    for run in told:
        if line and wide + 3 + cells(run.text) > columns:
            yield tuple(line)
            line, wide = [], 0
        if cells(run.text) > columns:
            yield from ((Run(part, run.role),) for part in wrapped(run.text.split(), columns))
            continue
        line += [Run("   "), run] if line else [run]
        wide += cells(run.text) + (3 if wide else 0)
    if line:
        yield tuple(line)


def _steps(lanes: Lanes, columns: int, signs: Signs) -> Iterator[Line]:
    """The steps that are alike, with how often and how long."""
    kinds = lanes.kinds()
    rows = [(clean(kind.times, signs), clean(_about(kind), signs), kind) for kind in kinds[:_MOST_KINDS]]
    left = max((cells(times) for times, *_ in rows), default=0)
    room = columns - left - 2
    if columns < _ROOMY and any(cells(about) > room for _, about, _ in rows):
        for times, about, kind in rows:
            yield (Run(times),)
            yield (Run("  "), Run(cut(about, columns - 2, signs.cut), kind.look))
    else:
        for times, about, kind in rows:
            total = f"  {units.format_clock(round(kind.total))}" if kind.often > 1 and room >= _ROOM_FOR_TOTAL else ""
            told = cut(about, room - len(total), signs.cut)
            yield (Run(f"{'':{left - cells(times)}}{times}  "), Run(told, kind.look), Run(total))
    if len(kinds) > len(rows):
        for line in wrapped(f"and {len(kinds) - len(rows):,} other steps".split(), columns):
            yield (Run(line),)


def _about(kind: Kind) -> str:
    about = ", ".join(filter(None, (kind.name, kind.side)))
    return about if kind.name.casefold() == kind.look else f"{about} ({KINDS[kind.look]})"
