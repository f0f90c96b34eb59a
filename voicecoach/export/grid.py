"""Cues of no importance to the sample, moved onto a codec's grid so that they need encoding once.

A reminder that comes a thousand times is a thousand islands, each cut by the grid somewhere else. Moved by half a
packet at most (13 ms), all of them are one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from voicecoach.arrange.arrangement import Arrangement, Island, Passage, Placement
from voicecoach.timeline.model import Role

UNIMPORTANT = frozenset({Role.CUE, Role.REMINDER})
"""Cues that come at about their time; all others stay on their sample."""
WORTH_SECONDS = 60.0
"""Only where it saves encoding so much is anything moved."""


def on_grid(arrangement: Arrangement, grid: int) -> Arrangement:
    """The same session with islands that recur, and are made of such cues alone, beginning on the grid (in frames).

    They stay islands, and the session as long as it was; the arrangement itself where it would not pay.
    """
    if arrangement.bed is not None:
        return arrangement
    islands = arrangement.islands()
    signatures = [_signature(island) for island in islands]
    counts = Counter(signatures)
    movable = [signature is not None and counts[signature] > 1 for signature in signatures]
    phases = {(signature, island.start % grid) for signature, island in zip(signatures, islands, strict=True)}
    lengths = {signature: island.end - island.start for signature, island in zip(signatures, islands, strict=True)}
    saved = sum(lengths[signature] for signature, _ in phases if signature is not None)
    saved -= sum(length for signature, length in lengths.items() if signature is not None)
    if saved < WORTH_SECONDS * arrangement.rate:
        return arrangement
    floors = _floors(arrangement.passages)
    moved: dict[Placement, Placement] = {}
    reached = -1
    for index, island in enumerate(islands):
        shift = (island.start + grid // 2) // grid * grid - island.start if movable[index] else 0
        following = islands[index + 1].start - grid // 2 if index + 1 < len(islands) else arrangement.frames
        fits = reached < island.start + shift and island.end + shift < following
        if shift and fits and all(one.start + shift >= floors[one] for one in island.placements):
            for one in island.placements:
                moved[one] = one._replace(start=one.start + shift, end=one.end + shift)
        else:
            shift = 0
        reached = island.end + shift
    return replace(arrangement, passages=[_with(passage, moved) for passage in arrangement.passages])


def _signature(island: Island) -> Hashable | None:
    """Equal for islands that sound the same; None for one that is to stay where it is."""
    if any(one.role not in UNIMPORTANT for one in island.placements):
        return None
    heard = ((one.start - island.start, one.end - one.start, one.what, one.gain) for one in island.placements)
    return tuple(heard)


def _floors(passages: Sequence[Passage]) -> dict[Placement, int]:
    """Before which frame no placement may begin: where the passage before its own does."""
    floors: dict[Placement, int] = {}
    floor = 0
    for passage in passages:
        floors.update(dict.fromkeys(passage.placements, floor))
        floor = passage.start
    return floors


def _with(passage: Passage, moved: Mapping[Placement, Placement]) -> Passage:
    return passage._replace(placements=tuple(moved.get(one, one) for one in passage.placements))
