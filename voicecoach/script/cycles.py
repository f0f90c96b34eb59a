"""Links that lead back to where they began, and chains of them that are too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

DEEPEST = 20
"""Most scripts, or blocks, that use one another in a row."""

Link = TypeVar("Link")


def find(graph: Mapping[str, Sequence[tuple[str, Link]]]) -> Iterator[tuple[Link, tuple[str, ...]]]:
    """The link that closes each cycle, with the names in it, the first one again at its end.

    ``graph`` holds, for each name, the names it leads to, each with what stands for the link. A chain that is
    longer than DEEPEST is given too, by a link in it and without names.
    """
    heights: dict[str, int] = {}
    for start in graph:
        chain: dict[str, Iterator[tuple[str, Link]]] = {} if start in heights else {start: iter(graph[start])}
        while chain:
            name, links = next(reversed(chain.items()))
            for target, link in links:
                if target in chain:
                    names = list(chain)
                    yield link, (*names[names.index(target) :], target)
                elif target not in heights:
                    chain[target] = iter(graph[target])
                    break
            else:
                del chain[name]
                heights[name] = 1 + max((heights.get(target, 0) for target, _ in graph[name]), default=0)
                if heights[name] == DEEPEST + 1:
                    yield graph[name][0][1], ()
