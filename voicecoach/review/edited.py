"""Where to go on listening to a session whose script was edited meanwhile."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from difflib import SequenceMatcher

from voicecoach.timeline.model import Origin, Segment, Timeline


def edited(before: Timeline, after: Timeline, playing: int) -> int | None:
    """Index of the segment to go on from in ``after``; None where the same is heard in both.

    That is the one that is playing, an index of ``before``, where it has changed itself, and otherwise the first that
    has. A rest that changed because of the step it leads to is passed over.
    """
    if not after.segments:
        return None
    changed, now = _changed(before, after, playing)
    if not changed:
        around = replace(before, segments=(), title="", summary="") != replace(after, segments=(), title="", summary="")
        return min(now, len(after.segments) - 1) if around else None
    if now in changed:
        return now
    first = min(changed)
    is_on_the_way = after.segments[first].kind == "rest" and first + 1 in changed
    return first + 1 if is_on_the_way else first


def _changed(before: Timeline, after: Timeline, playing: int) -> tuple[set[int], int]:
    """Which segments of ``after`` are new or others, and where in it the one that is playing is."""
    old, new = (list(map(_heard, timeline.segments)) for timeline in (before, after))
    changed: set[int] = set()
    now = playing
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i1 <= playing < i2:
            now = min(j1 + playing - i1, max(j1, j2 - 1))
        if tag == "delete":
            changed.add(min(j1, len(new) - 1))
        elif tag != "equal":
            changed.update(range(j1, j2))
    return changed, min(now, len(new) - 1)


def _heard(segment: Segment) -> Hashable:
    """Equal for two of which the same is heard, wherever in the script and in the session they are."""
    origin = segment.origin
    return replace(segment, index=0, origin=Origin(round=origin.round, side=origin.side))
