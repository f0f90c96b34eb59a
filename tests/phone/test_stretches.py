"""Where everything lies in the audio of a page, and where a jump comes in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from phone_pages import EVERYTHING, GROWING, Made, made

from voicecoach.arrange.arrangement import Passage, Placement
from voicecoach.phone.layout import GUARD
from voicecoach.timeline.model import Role, Sound

RATE = 44_100
OVERRUN = """
title = "Overrun"
[announce]
style = "none"
[[block]]
steps = [
  { work = "5s", name = "One", at = { "4s" = "A very long line, which is not over when its step is, by far." } },
  { work = "12s", name = "Two" },
  { work = "5s", name = "Three" },
]
"""


@pytest.fixture(scope="module", params=[EVERYTHING, GROWING], ids=["everything", "growing"])
def page(request: pytest.FixtureRequest) -> Made:
    return made(request.param)


def passages(page: Made) -> dict[int, Passage]:
    return {passage.segment: passage for passage in page.laid.arrangement.passages}


def test_nothing_lies_over_another(page: Made) -> None:
    speech = sorted(
        (one for one in page.laid.arrangement.placements() if not isinstance(one.what, Sound)),
        key=lambda one: one.start,
    )
    assert all(before.end <= after.start for before, after in pairwise(speech))


def test_where_it_flows_the_next_step_begins_where_the_one_before_ends(page: Made) -> None:
    for number, step in enumerate(page.found.steps):
        if step.flows:
            here, there = passages(page)[number], passages(page)[number + 1]
            assert there.begin == here.end


def test_behind_what_is_left_by_a_jump_there_is_silence_to_be_late_in(page: Made) -> None:
    begins = sorted(one.start for one in page.laid.arrangement.placements())
    outs = [place.out for step, place in zip(page.found.steps, page.laid.places, strict=True) if not step.flows]
    outs += [saying.out for saying in page.laid.sayings]
    for out in outs:
        following = next((begin for begin in begins if begin >= out), None)
        assert following is None or following - out >= GUARD * RATE


def test_a_jump_comes_into_silence_or_where_a_tone_begins(page: Made) -> None:
    for place in page.laid.places:
        assert not [one for one in page.laid.arrangement.placements() if cuts(one, place.enter)]


def cuts(one: Placement, frame: int) -> bool:
    return one.start < frame < one.end and one.role is not Role.TICK


def test_a_jump_to_a_step_behind_a_rest_hears_its_whole_lead(page: Made) -> None:
    for number, place in enumerate(page.laid.places):
        lead = [one for one in passages(page)[number].placements if one.start < place.start]
        assert all(one.start >= place.enter for one in lead)


def test_a_step_that_begins_under_a_line_before_it_lies_alone_for_a_jump() -> None:
    page = made(OVERRUN)
    hidden = [at for at, step in enumerate(page.found.steps) if step.segment.name == "Two"]
    assert list(page.laid.copies) == hidden
    row = page.table["steps"][hidden[0]]
    alone = page.table["steps"][row["alone"]]
    assert (row["flows"], alone["flows"]) == (True, False)
    assert alone["then"] == row["then"]
    assert alone["end"] - alone["start"] == pytest.approx(12.0, abs=0.001)


def test_a_wait_goes_round_where_its_words_come_again_and_then_in_silence(page: Made) -> None:
    for row in page.table["steps"]:
        if row["again"] is not None:
            start, end, quiet, laps = row["again"]
            assert end - start == pytest.approx(60.0, abs=0.01)
            assert end - quiet >= 20
            assert laps == 9
            assert not [one for one in page.table["cues"] if quiet < one[1] and one[0] < end]
