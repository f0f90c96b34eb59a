"""The number of a track, said as it begins: for who has no display, or no hand free to look at one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.export.cuts import BREATH, Stretch
from voicecoach.timeline.model import Line, Role
from voicecoach.wording import phrases

if TYPE_CHECKING:
    from voicecoach.export.codec import Codec


def numbered(
    arrangement: Arrangement, found: Sequence[Stretch], codec: Codec | None
) -> tuple[Arrangement, tuple[Stretch, ...]]:
    """The same session with "three of eight" at the beginning of each stretch, and the stretches in it.

    All after it comes later, by whole packets, so that stretches begin on the codec's grid still.
    """
    grid, breath = 1 if codec is None else codec.grid, int(BREATH * arrangement.rate)
    words = phrases.of(arrangement.language)
    said: list[Placement] = []
    longer: list[Stretch] = []
    late = 0
    for number, one in enumerate(found, start=1):
        line = Line(words.position(number, len(found)), arrangement.language)
        start = one.start + late + breath
        end = start + arrangement.clips.frames(line)
        said.append(Placement(start, end, line, Role.ANNOUNCE, 0))
        more = -(-(end - start + breath) // grid) * grid
        longer.append(Stretch(one.start + late, one.end + late + more, one.title))
        late += more
    first, *others = _later(arrangement.passages, found, longer)
    placements = sorted((*said, *first.placements), key=lambda one: one.start)
    passages = (first._replace(placements=tuple(placements)), *others)
    return replace(arrangement, passages=passages), tuple(longer)


def _later(passages: Sequence[Passage], found: Sequence[Stretch], longer: Sequence[Stretch]) -> Iterator[Passage]:
    """The passages, all that they hold as much later as the stretch that it begins in."""
    ends = [one.end for one in found[:-1]]
    delays = [after.end - one.end for one, after in zip(found, longer, strict=True)]

    def later(frame: int) -> int:
        return delays[bisect_right(ends, frame)]

    for passage in passages:
        yield passage._replace(
            start=passage.start + later(passage.start),
            end=passage.end + later(max(passage.start, passage.end - 1)),
            placements=tuple(
                one._replace(start=one.start + later(one.start), end=one.end + later(one.start))
                for one in passage.placements
            ),
        )
