"""Where cues land once their lengths are known."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.arrange.arranger import BREATH, LEAD_MARGIN, TONE_CLEAR, WINDOW, Passages
from voicecoach.sound.clip import Clip
from voicecoach.timeline.model import Content, Cue, Line, Role, Segment, Sound

RATE = 1000
"""Frames are milliseconds here."""


class Lengths:
    """A line lasts a tenth of a second a character; a sound 300 ms, a tick 20."""

    def frames(self, what: Content) -> int:
        if isinstance(what, Sound):
            return 20 if what.name == "tick" else 300
        return 100 * len(what.text)


def line(length: int) -> Line:
    """A line of ``length`` tenths of a second."""
    return Line("x" * length, "en")


def segment(index: int = 0, **fields: Any) -> Segment:
    defaults: dict[str, Any] = {"kind": "hold", "name": "Bridge", "block": "", "rounds": 1, "duration": 45.0}
    return Segment(index=index, **(defaults | fields))


def arrange(*segments: Segment) -> list[Passage]:
    return list(Passages(tuple(segments), Lengths(), RATE))


def starts(passage: Passage, role: Role) -> list[int]:
    return [p.start for p in passage.placements if p.role is role]


def test_a_lead_ends_before_the_clock_starts() -> None:
    (bridge,) = arrange(segment(lead=(Cue(0, line(20), Role.ANNOUNCE),), cues=(Cue(0, Sound("start"), Role.BOUNDARY),)))
    assert starts(bridge, Role.ANNOUNCE) == [0]
    assert bridge.start == 2000 + round(LEAD_MARGIN * RATE)
    assert starts(bridge, Role.BOUNDARY) == [bridge.start]
    assert bridge.end - bridge.start == 45_000


def test_a_lead_lasts_at_least_its_lead_in() -> None:
    (bridge,) = arrange(segment(lead=(Cue(0, line(20), Role.ANNOUNCE),), lead_in=5.0))
    assert (starts(bridge, Role.ANNOUNCE), bridge.start) == ([0], 5000)


def test_a_rest_keeps_its_length_and_takes_in_the_next_lead() -> None:
    count = tuple(Cue(30.0 - n, line(5), Role.COUNTDOWN) for n in (3, 2, 1))
    rest = segment(0, kind="rest", duration=30.0, cues=(Cue(0, line(20), Role.ANNOUNCE), *count))
    resting, bridge = arrange(rest, segment(1, lead=(Cue(0, line(30), Role.INTRO),)))
    assert (resting.start, resting.end, bridge.start) == (0, 30_000, 30_000)
    (intro,) = (p for p in bridge.placements if p.role is Role.INTRO)
    assert intro.end == 27_000 - round(LEAD_MARGIN * RATE)
    assert starts(resting, Role.COUNTDOWN) == [27_000, 28_000, 29_000]


def test_a_rest_too_short_for_the_next_lead_grows_and_its_countdown_with_it() -> None:
    rest = segment(0, kind="rest", duration=5.0, cues=(Cue(4.0, line(5), Role.COUNTDOWN, from_end=True),))
    resting, bridge = arrange(rest, segment(1, lead=(Cue(0, line(60), Role.INTRO),)))
    assert resting.end == bridge.start == 6000 + round(LEAD_MARGIN * RATE) + 1000
    assert starts(resting, Role.COUNTDOWN) == [resting.end - 1000]


def test_countdown_and_end_tone_keep_their_sample() -> None:
    cues = (
        Cue(41.0, line(30), Role.CUE),
        *(Cue(45.0 - n, line(5), Role.COUNTDOWN) for n in (3, 2, 1)),
        Cue(45.0, Sound("end"), Role.BOUNDARY),
    )
    (bridge,) = arrange(segment(cues=cues))
    assert starts(bridge, Role.COUNTDOWN) == [42_000, 43_000, 44_000]
    assert starts(bridge, Role.BOUNDARY) == [45_000]
    assert starts(bridge, Role.CUE) == []
    assert "no gap" in bridge.dropped[0].why


def test_a_number_too_long_for_its_second_becomes_a_tone() -> None:
    cues = (Cue(43.0, line(15), Role.COUNTDOWN), Cue(44.0, line(5), Role.COUNTDOWN))
    (bridge,) = arrange(segment(cues=cues))
    assert [p.what for p in bridge.placements] == [Sound("countdown"), line(5)]


@pytest.mark.parametrize(
    ("first", "second"),
    [(Role.AT, Role.ANNOUNCE), (Role.ANNOUNCE, Role.CUE), (Role.CUE, Role.REMINDER), (Role.AT, Role.REMINDER)],
)
def test_who_yields(first: Role, second: Role) -> None:
    (bridge,) = arrange(segment(cues=(Cue(10.0, line(10), second), Cue(10.0, line(10), first))))
    assert starts(bridge, first) == [10_000]
    assert starts(bridge, second) == [11_000 + round(BREATH * RATE)]
    assert [p.moved for p in bridge.placements] == [0, 1000 + round(BREATH * RATE)]


def test_what_finds_no_gap_in_its_window_is_dropped_and_says_why() -> None:
    (bridge,) = arrange(segment(cues=(Cue(10.0, line(50), Role.AT), Cue(10.0, line(10), Role.CUE))))
    (missing,) = bridge.dropped
    assert (missing.start, missing.role, missing.what) == (10_000, Role.CUE, line(10))
    assert "within 4s" in missing.why


def test_a_reminder_waits_longer_than_a_cue() -> None:
    (run,) = arrange(segment(cues=(Cue(10.0, line(50), Role.AT), Cue(10.0, line(10), Role.REMINDER))))
    assert starts(run, Role.REMINDER) == [15_000 + round(BREATH * RATE)]


def test_speech_that_runs_over_a_boundary_is_waited_for() -> None:
    first = segment(0, kind="run", duration=10.0, cues=(Cue(9.0, line(30), Role.AT),))
    second = segment(1, kind="walk", duration=10.0, cues=(Cue(0.0, line(10), Role.ANNOUNCE),))
    _, walk = arrange(first, second)
    assert walk.start == 10_000
    assert starts(walk, Role.ANNOUNCE) == [12_000 + round(BREATH * RATE)]


def test_a_segment_that_only_speaks_lasts_as_long_as_its_speech() -> None:
    talk = segment(
        0, kind="say", duration=None, pause=2.0, cues=(Cue(0, line(10), Role.SAY), Cue(0, line(10), Role.SAY))
    )
    (said,) = arrange(talk)
    assert starts(said, Role.SAY) == [0, 1000 + round(BREATH * RATE)]
    assert said.end == 2000 + round(BREATH * RATE) + 2000


def test_the_last_words_wait_for_the_pause_of_the_last_step() -> None:
    cues = (Cue(0, line(10), Role.SAY), Cue(0, line(5), Role.ANNOUNCE))
    (said,) = arrange(segment(kind="say", duration=None, pause=2.0, cues=cues))
    assert (starts(said, Role.ANNOUNCE), said.end) == ([3000], 3500)


def test_speech_may_begin_over_the_tail_of_a_tone() -> None:
    cues = (Cue(0, Sound("start"), Role.BOUNDARY), Cue(0, line(10), Role.ANNOUNCE))
    (run,) = arrange(segment(kind="run", cues=cues))
    assert starts(run, Role.ANNOUNCE) == [round((TONE_CLEAR + BREATH) * RATE)]


def test_passages_are_placed_when_first_asked_for() -> None:
    asked: list[Content] = []

    class Recorder(Lengths):
        def frames(self, what: Content) -> int:
            asked.append(what)
            return super().frames(what)

    segments = tuple(segment(i, cues=(Cue(1.0, line(i + 1), Role.CUE),)) for i in range(3))
    passages = Passages(segments, Recorder(), RATE)
    assert (len(passages), asked) == (3, [])
    assert passages[0].end == 45_000
    assert asked == [line(1)]
    assert passages[-1].end == 135_000


class NoClips(Lengths):
    def clip(self, what: Content) -> Clip:
        raise AssertionError

    def identity(self, what: Content) -> str:
        raise AssertionError


def test_islands_are_maximal_and_touching_ones_are_one() -> None:
    cues = (Cue(1.0, Sound("tick"), Role.TICK), Cue(1.02, Sound("tick"), Role.TICK), Cue(3.0, line(5), Role.CUE))
    whole = Arrangement(
        title="", summary="", language="en", rate=RATE, passages=arrange(segment(cues=cues)), clips=NoClips()
    )
    assert [(island.start, island.end) for island in whole.islands()] == [(1000, 1040), (3000, 3500)]


sliding = st.sampled_from([Role.AT, Role.ANNOUNCE, Role.CUE, Role.REMINDER])
cue = st.builds(
    lambda at, length, role: Cue(at / 10, line(length), role), st.integers(0, 450), st.integers(1, 60), sliding
)
counted = st.integers(0, 5).map(lambda n: tuple(Cue(45.0 - i, line(6), Role.COUNTDOWN) for i in range(n, 0, -1)))
timed = st.builds(
    lambda cues, numbers, lead, kind: segment(
        kind=kind,
        cues=tuple(sorted([*cues, *numbers], key=lambda c: c.at)),
        lead=tuple(Cue(0, line(n), Role.INTRO) for n in lead),
    ),
    st.lists(cue, max_size=12),
    counted,
    st.lists(st.integers(1, 80), max_size=2),
    st.sampled_from(["hold", "rest", "run"]),
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(timed, min_size=1, max_size=5))
def test_speech_never_sounds_over_speech_and_every_cue_is_placed_or_accounted_for(segments: list[Segment]) -> None:
    passages = arrange(*segments)
    speech: list[Placement] = sorted(
        (p for passage in passages for p in passage.placements if isinstance(p.what, Line)), key=lambda p: p.start
    )
    assert all(a.end <= b.start for a, b in pairwise(speech))
    for given_segment, passage in zip(segments, passages, strict=True):
        asked = len(given_segment.cues) + len(given_segment.lead)
        assert len(passage.placements) + len(passage.dropped) == asked
        assert all(0 <= p.moved <= WINDOW.get(p.role, 0) * RATE for p in passage.placements)
        assert all(p.end <= passage.end for p in passage.placements if p.role in (Role.CUE, Role.REMINDER))
    assert all(a.end <= b.start for a, b in pairwise(passages))
    assert all(
        placement.start >= before.start for before, passage in pairwise(passages) for placement in passage.placements
    )


def test_a_pool_cue_does_not_run_past_the_end_of_its_step() -> None:
    (bridge,) = arrange(segment(cues=(Cue(44.0, line(20), Role.CUE),)))
    assert not bridge.placements
    assert "past the end" in bridge.dropped[0].why
