"""Links that lead in a ring, and chains of them that are too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

DEEPEST = 20
"""Most scripts, or blocks, that use one another in a row."""

Link = TypeVar("Link")


def rings(graph: Mapping[str, Sequence[tuple[str, Link]]]) -> Iterator[tuple[Link, tuple[str, ...]]]:
    """The link that closes each ring, with the names round it, the first one again at its end.

    ``graph`` holds, for each name, the names it leads to, each with what stands for the link. A chain that is
    longer than DEEPEST is given too, by a link in it and without names.
    """
    heights: dict[str, int] = {}
    for start in graph:
        trail: dict[str, Iterator[tuple[str, Link]]] = {} if start in heights else {start: iter(graph[start])}
        while trail:
            name, ahead = next(reversed(trail.items()))
            for target, link in ahead:
                if target in trail:
                    names = list(trail)
                    yield link, (*names[names.index(target) :], target)
                elif target not in heights:
                    trail[target] = iter(graph[target])
                    break
            else:
                del trail[name]
                heights[name] = 1 + max((heights.get(target, 0) for target, _ in graph[name]), default=0)
                if heights[name] == DEEPEST + 1:
                    yield graph[name][0][1], ()
