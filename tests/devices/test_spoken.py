"""The number of a track, said as it begins."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from arrangements import RATE, session
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.arrange.arrangement import Arrangement, Placement
from voicecoach.devices import spoken
from voicecoach.export.cuts import BREATH, Stretch
from voicecoach.export.formats import FORMATS
from voicecoach.sound.clip import Clip
from voicecoach.timeline.model import Content, Line, Role


class Clips:
    """Every line lasts as long as it has letters, in tenths of a second."""

    def clip(self, what: Content) -> Clip:
        return Clip(np.zeros((self.frames(what), 1), dtype=np.float32), RATE)

    def frames(self, what: Content) -> int:
        assert isinstance(what, Line)
        return len(what.text) * RATE // 10

    def identity(self, what: Content) -> str:
        return repr(what)


SPOKEN = replace(
    session((RATE, f"voice {RATE}"), (5 * RATE, f"voice {RATE}"), (9 * RATE, f"voice {RATE}"), frames=12 * RATE),
    clips=Clips(),
)
THIRDS = (Stretch(0, 4 * RATE, "One"), Stretch(4 * RATE, 8 * RATE, "Two"), Stretch(8 * RATE, 12 * RATE, "Three"))


def said(arrangement: Arrangement) -> list[Placement]:
    return sorted((one for one in arrangement.placements() if one.role is Role.ANNOUNCE), key=lambda one: one.start)


def test_each_stretch_begins_with_its_number_after_a_breath() -> None:
    longer, found = spoken.numbered(SPOKEN, THIRDS, None)
    assert [one.what.text for one in said(longer) if isinstance(one.what, Line)] == [
        "One of three.",
        "Two of three.",
        "Three of three.",
    ]
    late = [one.start - stretch.start for one, stretch in zip(said(longer), found, strict=True)]
    assert late == [int(BREATH * RATE)] * 3
    assert [one.title for one in found] == ["One", "Two", "Three"]


def test_all_else_comes_later_by_what_is_said_before_it() -> None:
    longer, found = spoken.numbered(SPOKEN, THIRDS, None)
    others = [one.start for one in longer.placements() if one.role is Role.SAY]
    late = [after - before.start for after, before in zip(others, SPOKEN.placements(), strict=True)]
    assert late == [found[at].start - THIRDS[at].start + found[at].end - found[at].start - 4 * RATE for at in range(3)]
    assert longer.frames == found[-1].end


@given(st.sampled_from(["mp3", "m4a", "opus"]), st.lists(st.integers(1, 200), min_size=2, max_size=8))
def test_stretches_stay_on_the_grid_of_the_codec_and_without_a_gap(name: str, packets: list[int]) -> None:
    codec = FORMATS[name].encoding(RATE, 1).codec()
    assert codec is not None
    bounds = [codec.grid * sum(packets[:at]) for at in range(len(packets) + 1)]
    found = [Stretch(start, end, "") for start, end in pairwise(bounds)]
    whole = replace(session((0, "voice 1000"), frames=bounds[-1]), clips=Clips())
    _, longer = spoken.numbered(whole, found, codec)
    assert all(one.start % codec.grid == 0 for one in longer)
    assert all(one.end == after.start for one, after in pairwise(longer))
    assert all(after.end - after.start > one.end - one.start for one, after in zip(found, longer, strict=True))
