"""The chunks of a session that are encoded; between them is silence.

An island is a chunk, with what of the silence around it its sound reaches; islands close together are one, and long
ones are cut. Where chunks begin and end follows from the session and the codec alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from voicecoach.arrange.arrangement import Island, Placement
from voicecoach.export.codec import Codec


class Chunk(NamedTuple):
    """Packets ``first`` up to ``last``, encoded from packet ``origin`` on, of what ``placements`` sound.

    The samples it takes are frames ``start`` up to ``end``; they may reach beyond the session's end.
    """

    first: int
    last: int
    origin: int
    start: int
    end: int
    placements: tuple[Placement, ...]


def chunks(codec: Codec, islands: Iterable[Island], frames: int) -> Iterator[Chunk]:
    """The chunks of a session of so many frames, in order, without overlap."""
    for first, last, placements in _merged(codec, islands, codec.packets(frames)):
        starts = [placement.start for placement in placements]
        longest = max((placement.end - placement.start for placement in placements), default=0)
        cuts = _cuts(codec, first, last)
        for begin, end in pairwise(cuts):
            origin = begin if begin == first else begin - codec.lead
            start, stop = origin * codec.grid, (end + codec.reach) * codec.grid
            heard = placements[bisect_left(starts, start - longest) : bisect_left(starts, stop)]
            yield Chunk(begin, end, origin, start, stop, tuple(one for one in heard if one.end > start))


def _merged(codec: Codec, islands: Iterable[Island], packets: int) -> Iterator[tuple[int, int, tuple[Placement, ...]]]:
    first = last = 0
    group: list[Placement] = []
    for island in islands:
        begin, end = codec.touched(island.start, island.end)
        if last and begin - last < codec.merge:
            last = end
            group += island.placements
            continue
        if last:
            yield first, min(last, packets), tuple(group)
        first, last = begin, end
        group = list(island.placements)
    if last:
        yield first, min(last, packets), tuple(group)


def _cuts(codec: Codec, first: int, last: int) -> list[int]:
    """Places of a fixed grid between first and last, and these two; none so near to them that it would not pay."""
    near = codec.cut // 4
    place = -(-(first + near) // codec.cut) * codec.cut + codec.lead
    return [first, *range(place, last - near, codec.cut), last]
