"""Every way of a session as data: which steps there are, and where each leads."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from phone_pages import EVERYTHING, GROWING, MADE, load, made, maze

from voicecoach.errors import ExportError
from voicecoach.phone.branches import Branches, branches
from voicecoach.phone.job import job
from voicecoach.phone.table import Origin
from voicecoach.store.sessions import Why
from voicecoach.timeline.course import NOTHING, Act, Course, Past
from voicecoach.timeline.model import Cue, Line, Segment, StatedTime, VoiceWish


@pytest.fixture(scope="module")
def everything() -> Branches:
    return branches(load(EVERYTHING))


def number(found: Branches, name: str) -> int:
    """The step of that name, or kind."""
    return next(at for at, step in enumerate(found.steps) if name in (step.segment.name, step.segment.kind))


def way(found: Branches, first: int | None) -> list[str]:
    """The kinds of the steps from one on, if nobody answers."""
    kinds = []
    while first is not None:
        step = found.steps[first]
        kinds.append(step.segment.kind)
        assert not isinstance(step.after, tuple)
        first = None if step.closing else step.after
    return kinds


def said(found: Branches, saying: int | None) -> str:
    return "" if saying is None else " ".join(line.text for line in found.sayings[saying])


def test_a_session_is_followed_to_its_end(everything: Branches) -> None:
    assert isinstance(everything.first, int)
    assert way(everything, everything.first) == [
        "say", "ready", "hold", "rest", "hold", "rest", "reps", "ask", "rest", "work", "say",
    ]  # fmt: skip


def test_each_answer_leads_to_what_it_brings_and_back(everything: Branches) -> None:
    replies = everything.steps[number(everything, "ask")].replies
    ways = {reply.label: reply.leads for reply in replies}
    assert all(isinstance(leads, int) for leads in ways.values())
    assert {label: way(everything, leads) for label, leads in ways.items() if isinstance(leads, int)} == {
        "Glute": ["say", "hold", "rest", "work", "say"],
        "Hamstring": ["say", "rest", "work", "say"],
        "Nothing": ["rest", "work", "say"],
    }


def test_ways_that_are_the_same_from_some_step_on_are_one(everything: Branches) -> None:
    walks = [step for step in everything.steps if step.segment.name == "Walk it off"]
    assert len(walks) == 1
    ask = everything.steps[number(everything, "ask")]
    assert ask.replies[2].leads == ask.after


def test_what_is_told_follows_from_the_second(everything: Branches) -> None:
    bridge = everything.steps[number(everything, "Bridge")]
    told = {telling.second: said(everything, telling.saying) for telling in bridge.done}
    assert told[0.0] == ""
    assert "twelve seconds" in told[12.0].lower()
    assert {telling.why for telling in bridge.done} == {Why.SLIPPED}
    plank = everything.steps[number(everything, "Plank")]
    assert {telling.why for telling in plank.done} == {Why.DONE}
    assert (
        "one minute five" in {telling.second: said(everything, telling.saying) for telling in plank.done}[65.0].lower()
    )


def test_next_on_a_headset_means_done_in_a_hold_and_a_wait(everything: Branches) -> None:
    means = {step.segment.kind: step.button for step in everything.steps}
    assert means["hold"] is means["ready"] is Act.DONE
    assert means["rest"] is means["ask"] is Act.ON


def test_only_a_question_and_a_wait_go_round(everything: Branches) -> None:
    assert {step.segment.kind for step in everything.steps if step.waiting is not None} == {"ready", "ask"}


def test_a_last_step_that_somebody_ends_is_followed_by_the_last_words(everything: Branches) -> None:
    last = everything.steps[number(everything, "Walk it off")]
    assert last.then is None
    assert isinstance(last.after, int)
    assert everything.steps[last.after].closing


@pytest.mark.slow
def test_a_question_in_many_rounds_does_not_multiply_what_follows() -> None:
    answers = '[{ label = "Well", say = "Good." }, { label = "Badly" }, { label = "So so" }]'
    script = f"""
title = "Rounds"
[[block]]
repeat = 12
steps = [ {{ hold = "20s" }}, {{ ask = "How was it?", answers = {answers} }} ]
"""
    found = branches(load(script))
    assert len([step for step in found.steps if step.segment.kind == "ask"]) == 12
    assert len(found.steps) < 60


@pytest.mark.slow
def test_too_many_ways_are_refused() -> None:
    with pytest.raises(ExportError, match=r'"Maze": its questions have more than 300 ways'):
        branches(load(maze(9)))
    assert branches(load(maze(3)))


def test_a_line_that_tells_the_session_s_time_is_left_out_where_nobody_knows_it() -> None:
    script = """
title = "Times"
[[block]]
steps = [
  { work = "20s", at = { "10s" = "{session_elapsed} so far." } },
  { ready = "Go on." },
  { work = "20s", at = { "10s" = "{session_elapsed} so far.", "15s" = "{elapsed} of this." } },
]
"""
    first, _, last = (
        [cue for cue in step.segment.cues if isinstance(cue.what, StatedTime)]
        for step in sorted(branches(load(script)).steps, key=lambda step: step.segment.index)
        if step.segment.kind != "say"
    )
    assert [len(first), len(last)] == [1, 1]


class TestSeveralTargets:
    def test_sessions_have_in_common_what_they_begin_and_end_with(self) -> None:
        page = made(GROWING)
        names = [step.segment.name or step.segment.kind for step in page.found.steps]
        assert names.count("Warm-up") == 1
        assert [step.segment.target for step in page.found.steps if step.segment.name == "Bridge"] == [20, 25, 30, 35]
        warm_up = page.found.steps[names.index("Warm-up")]
        assert isinstance(warm_up.after, tuple)
        assert len(set(warm_up.after)) == 4
        enough = [at for at, step in enumerate(page.found.steps) if "Enough." in spoken(step.segment.cues)]
        assert len(enough) == 1

    def test_without_a_hold_that_grows_there_is_one(self) -> None:
        assert made(EVERYTHING).table["growths"] == []

    def test_today_s_target_is_the_history_s(self) -> None:
        workout = load(GROWING)
        page = made(GROWING, Past(targets={f"{workout.identity}/bridge": 30.0}))
        (growth,) = page.table["growths"]
        assert growth["levels"][growth["today"]] == 30.0
        assert growth["levels"] == (25.0, 30.0, 35.0, 40.0)


def spoken(cues: tuple[Cue, ...]) -> list[str]:
    return [cue.what.text for cue in cues if isinstance(cue.what, Line)]


def test_segments_know_their_place_in_the_file(everything: Branches) -> None:
    def index(segment: Segment) -> int:
        return segment.index

    assert [index(step.segment) for step in everything.steps] == list(range(len(everything.steps)))


def test_a_page_can_be_made_elsewhere(tmp_path: Path) -> None:
    workout = load(EVERYTHING)
    made_here = job(
        workout,
        Course(workout).timeline,
        tmp_path / "page.html",
        origin=Origin("everything", workout.digest, 0, MADE),
        past=NOTHING,
        voice=VoiceWish(name="tone"),
    )
    sent = pickle.loads(pickle.dumps(made_here))
    assert sent.writes == made_here.writes
    assert sent.timeline == made_here.timeline


@pytest.mark.slow
def test_thousands_of_rounds_are_no_more_than_a_row() -> None:
    found = branches(load('title = "Many"\n[[block]]\nrepeat = 2000\nrest = "5s"\nsteps = [ { work = "10s" } ]\n'))
    assert len(found.rows) == 2
    assert len(found.steps) == 2 * 2000
