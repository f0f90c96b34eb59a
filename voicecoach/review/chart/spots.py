"""What can be pointed at in a drawing of a session, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from voicecoach import units
from voicecoach.errors import counted
from voicecoach.review.chart.lanes import KINDS, Mark, Step, lasting
from voicecoach.review.picture import Group, Shape

_NEAR = 3.0
"""What begins so near to another is drawn as one with it."""
_MOST_TOLD = 6
"""Most lines that are told of things drawn as one."""
Thing = TypeVar("Thing", Step, Mark)


def spot(shapes: tuple[Shape, ...], title: str, lane: str, start: float) -> Group:
    """Something that can be pointed at: what it is, in which lane, and when it begins."""
    return Group(shapes, title, (("class", "spot"), ("data-lane", lane), ("data-from", f"{start:.3f}")))


def together(things: Iterable[Thing], place: Callable[[Thing], tuple[float, float]]) -> Iterator[list[Thing]]:
    """Things that lie too near to be drawn one by one."""
    group: list[Thing] = []
    begin = 0.0
    for thing in things:
        start, end = place(thing)
        if group and max(start, end) - begin <= _NEAR:
            group.append(thing)
            continue
        if group:
            yield group
        group, begin = [thing], start
    if group:
        yield group


def told(things: Sequence[Thing], about: Callable[[Thing], str]) -> Iterator[str]:
    """What is told of things that are drawn as one, a line each; of many the first ones."""
    yield from map(about, things[:_MOST_TOLD])
    if len(things) > _MOST_TOLD:
        yield f"and {len(things) - _MOST_TOLD:,} more until {units.format_clock(things[-1].end)}"


def about_step(step: Step) -> str:
    """When it begins, what it is called, and how long it lasts."""
    kind = "" if step.name.casefold() == step.look or step.look == "talk" else f"{KINDS[step.look]}, "
    name = ", ".join(filter(None, (step.name, step.side)))
    open_end = ", until you go on" if step.is_open else ""
    return f"{units.format_clock(step.start)} {name} ({kind}{lasting(step.seconds)}{open_end})"


def about_mark(mark: Mark) -> str:
    """When it is heard, why, and what it says."""
    often = f", {counted(mark.often, 'time')} until {units.format_clock(mark.end)}" if mark.role == "tick" else ""
    return f"{units.format_clock(mark.start)} {mark.role}: {mark.text or '…'}{often if mark.often > 1 else ''}"
