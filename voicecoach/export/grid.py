"""Cues of no importance to the sample, moved onto a codec's grid so that they need encoding once.

A reminder that comes a thousand times is a thousand islands, each cut by the grid somewhere else. Moved by half a
packet at most (13 ms), all of them are one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable

from voicecoach.arrange.arrangement import Island
from voicecoach.export.codec import Codec
from voicecoach.timeline.model import Role

UNIMPORTANT = frozenset({Role.CUE, Role.REMINDER})
"""Cues that come at about their time; all others stay on their sample."""
WORTH_SECONDS = 60.0
"""Only where it saves encoding so much is anything moved."""


def on_grid(islands: tuple[Island, ...], frames: int, codec: Codec) -> tuple[Island, ...]:
    """The islands of a session of so many frames, those that recur and are made of such cues alone on the grid.

    They stay islands, and the session as long as it is; the same ones where it would not pay.
    """
    grid = codec.grid
    signatures = [_signature(island) for island in islands]
    counts = Counter(signatures)
    phases: defaultdict[Hashable, set[int]] = defaultdict(set)
    saved = 0
    for island, signature in zip(islands, signatures, strict=True):
        phase = island.start % grid
        if signature is not None and phase not in phases[signature]:
            saved += (island.end - island.start) if phases[signature] else 0
            phases[signature].add(phase)
    if saved < WORTH_SECONDS * codec.session_rate:
        return islands
    placed: list[Island] = []
    reached = -1
    limits = [*(island.start - grid // 2 for island in islands[1:]), frames]
    for island, signature, limit in zip(islands, signatures, limits, strict=True):
        start = (island.start + grid // 2) // grid * grid
        end = start + island.end - island.start
        if signature is not None and counts[signature] > 1 and reached < start and end < limit:
            island = _moved(island, start - island.start)
        placed.append(island)
        reached = island.end
    return tuple(placed)


def _signature(island: Island) -> Hashable | None:
    """Equal for islands that sound the same; None for one that is to stay where it is."""
    if any(one.role not in UNIMPORTANT for one in island.placements):
        return None
    heard = ((one.start - island.start, one.end - one.start, one.what, one.gain) for one in island.placements)
    return tuple(heard)


def _moved(island: Island, by: int) -> Island:
    placements = (one._replace(start=one.start + by, end=one.end + by) for one in island.placements)
    return Island(island.start + by, island.end + by, tuple(placements))
