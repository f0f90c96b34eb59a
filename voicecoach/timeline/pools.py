"""Pools of lines: in which order their lines come, and how far each has come in a session."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from random import Random

from voicecoach.script.model import CueLine, Order


def endless(lines: tuple[CueLine, ...], order: Order, source: Random) -> Iterator[CueLine]:
    """The lines of a pool for ever: in turn, shuffled (never the same line twice in a row), or weighted at random."""
    if order == "cycle" or len(lines) == 1:
        return cycle(lines)
    return _shuffled(lines, source) if order == "shuffle" else _weighted(lines, source)


def shuffled(items: list[int], source: Random) -> list[int]:
    """A shuffled copy. Only ``Random.random`` is used: its numbers are the same in every Python version."""
    keyed = [(source.random(), item) for item in items]
    return [item for _, item in sorted(keyed)]


def _shuffled(lines: tuple[CueLine, ...], source: Random) -> Iterator[CueLine]:
    last = -1
    while True:
        turn = shuffled(list(range(len(lines))), source)
        if turn[0] == last:
            turn = [*turn[1:], turn[0]]
        for index in turn:
            yield lines[index]
        last = turn[-1]


def _weighted(lines: tuple[CueLine, ...], source: Random) -> Iterator[CueLine]:
    whole = sum(cue.weight for cue in lines)
    while True:
        point = source.random() * whole
        for cue in lines:
            point -= cue.weight
            if point < 0:
                break
        yield cue


class Pools:
    """The running order of every pool: a pool goes on where it was, from round to round and side to side."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._running: dict[tuple[int, str], Iterator[CueLine]] = {}

    def running(self, lines: tuple[CueLine, ...], how: Order) -> Iterator[CueLine]:
        """The lines of a pool for ever, from the one whose turn it is."""
        key = (id(lines), how)
        if key not in self._running:
            self._running[key] = endless(lines, how, Random(f"{self._seed}:{len(self._running)}"))
        return self._running[key]
