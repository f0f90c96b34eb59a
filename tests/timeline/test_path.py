"""What became of a session so far is an argument of the compiler."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import WORKOUTS

from voicecoach import script
from voicecoach.export import batch  # noqa: F401  (sends timelines to other processes)
from voicecoach.script.model import Workout
from voicecoach.store.sessions import Why
from voicecoach.timeline import json_form
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Done, Ends, Line, Origin, Role, Segment, Timeline

BRANCHING = """
title = "Branches"
[cues]
form = ["Tuck.", "Lift.", "Level."]
[[block]]
name = "Check"
steps = [
  { hold = "max", cap = "1min", name = "Bridge", cues = "form", every = "8s" },
  { rest = "20s" },
  { ask = "What did you feel?", answers = [
    { label = "Glute", say = "Good.", use = "#More" },
    { label = "Hamstring", use = "#Release" },
    { label = "Not sure" },
  ] },
]
[[block]]
name = "More"
steps = [ { ask = "Again?", answers = [ { label = "Yes", say = "Then again.", use = "#Release" }, { label = "No" } ] } ]
[[block]]
name = "Release"
steps = [ { hold = "30s", name = "Stretch", sides = true, cues = "form" } ]
[[reminder]]
cues = ["Breathe."]
every = "15s"
jitter = "4s"
"""

SIDED = """
title = "Each side"
[[block]]
sides = true
steps = [
  { say = "{side}: {next}" },
  { ask = "And the {side}?", answers = [
    { label = "Glute", say = "{next}", then = "#Bridge" },
    { label = "Hamstring", use = "#Release", then = "#Again" },
  ] },
]
[[block]]
steps = [ { say = "{next}" }, { say = "{next}" } ]
[[block]]
name = "Release"
aside = true
steps = [ { hold = "10s", name = "Let go", intro = "{side}, then {next}" } ]
[[block]]
name = "Bridge"
aside = true
steps = [ { hold = "30s", name = "Bridge" } ]
[[block]]
name = "Again"
aside = true
steps = [ { ask = "Again?", answers = [ { label = "Yes", use = "#Release", then = "#Bridge" }, { label = "No" } ] } ]
"""


def load(tmp_path: Path, text: str) -> Workout:
    path = tmp_path / "script.toml"
    path.write_text(text, encoding="utf-8")
    return script.load(path)


@pytest.fixture(scope="module")
def branching(tmp_path_factory: pytest.TempPathFactory) -> Workout:
    return load(tmp_path_factory.mktemp("branching"), BRANCHING)


def lines(segment: Segment, role: Role) -> list[str]:
    return [cue.what.text for cue in segment.cues if cue.role is role and isinstance(cue.what, Line)]


def walk(workout: Workout, draw: st.DataObject, steps: int) -> list[Done]:
    """A person who goes some steps of the way, ends open steps at any time and answers at random."""
    path: list[Done] = []
    while len(path) < min(steps, len(compile(workout, path=path).segments)):
        segment = compile(workout, path=path).segments[len(path)]
        planned = segment.duration or 4.0
        seconds = draw.draw(st.one_of(st.just(planned), st.floats(0.1, planned * 1.5)))
        answer = draw.draw(st.integers(0, 1)) if segment.kind == "ask" else None
        path.append(Done(seconds, draw.draw(st.sampled_from(Why)), answer))
    return path


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(0, 12))
def test_a_longer_path_never_changes_what_was_done(branching: Workout, data: st.DataObject, steps: int) -> None:
    path = walk(branching, data, steps)
    for length in range(len(path) + 1):
        shorter, longer = compile(branching, path=path[:length]), compile(branching, path=path)
        assert longer.segments[:length] == shorter.segments[:length]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(0, 12))
def test_nor_where_answers_lead_on_behind_a_block_with_sides(data: st.DataObject, steps: int) -> None:
    workout = script.load("-", stdin=io.StringIO(SIDED))
    path = walk(workout, data, steps)
    for length in range(len(path) + 1):
        shorter, longer = compile(workout, path=path[:length]), compile(workout, path=path)
        assert longer.segments[:length] == shorter.segments[:length]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.data(), st.sampled_from([path for path in WORKOUTS if path.stem != "ultra"]), st.integers(0, 10))
def test_nor_in_the_workouts_that_ship(data: st.DataObject, shipped: Path, steps: int) -> None:
    workout = script.load(shipped)
    path = walk(workout, data, steps)
    for length in {0, len(path) // 2, len(path)}:
        assert compile(workout, path=path).segments[:length] == compile(workout, path=path[:length]).segments[:length]


@pytest.mark.parametrize("shipped", WORKOUTS, ids=lambda path: path.stem)
def test_a_session_that_went_as_planned_is_the_plan(shipped: Path) -> None:
    workout = script.load(shipped)
    planned = compile(workout)
    path = [Done(segment.duration or 0.0) for segment in planned.segments]
    assert compile(workout, path=path) == planned


def test_a_hold_that_ended_early_says_no_more_and_its_pool_goes_on_there(branching: Workout) -> None:
    held = compile(branching, path=[Done(12.5, Why.DONE)]).segments[0]
    assert held.duration == 12.5
    assert lines(held, Role.CUE) == ["Tuck."]
    answered = compile(branching, path=[Done(12.5, Why.DONE), Done(20), Done(6, Why.DONE, 1)])
    stretch = next(segment for segment in answered.segments if segment.name == "Stretch")
    assert lines(stretch, Role.CUE)[0] == "Lift."


def test_reminders_count_the_time_that_went_by(branching: Workout) -> None:
    planned = compile(branching).segments
    early = compile(branching, path=[Done(10.0, Why.DONE)]).segments
    assert lines(planned[0], Role.REMINDER)
    assert not lines(early[0], Role.REMINDER)


def kinds(timeline: Timeline) -> list[tuple[str, str]]:
    return [(segment.kind, segment.name) for segment in timeline.segments]


def test_an_answer_brings_its_line_and_its_block_and_only_its(branching: Workout) -> None:
    so_far = [Done(30.0, Why.DONE), Done(20.0)]
    nobody = kinds(compile(branching, path=so_far))
    assert nobody.count(("hold", "Stretch")) == 2, "the block itself"
    hamstring = kinds(compile(branching, path=[*so_far, Done(5.0, Why.DONE, 1)]))
    assert hamstring.count(("hold", "Stretch")) == 4
    glute = compile(branching, path=[*so_far, Done(5.0, Why.DONE, 0)])
    assert lines(glute.segments[3], Role.SAY) == ["Good."]
    assert glute.segments[4].kind == "ask"
    again = kinds(compile(branching, path=[*so_far, Done(5.0, Why.DONE, 0), Done(1.0), Done(5.0, Why.DONE, 0)]))
    assert again.count(("hold", "Stretch")) == 4
    unsure = kinds(compile(branching, path=[*so_far, Done(5.0, Why.DONE, 2)]))
    assert unsure == nobody


def test_a_segment_says_where_it_comes_from(tmp_path: Path) -> None:
    inner = 'title = "Inner"\n[[block]]\nsteps = [ { say = "Lie down." } ]\n'
    (tmp_path / "inner.toml").write_text(inner, encoding="utf-8")
    outer = load(
        tmp_path,
        'title = "Outer"\n[[block]]\nrepeat = 2\nrest = "10s"\n'
        'steps = [ { use = "./inner.toml" }, { hold = "20s", sides = true } ]\n',
    )
    assert [segment.origin for segment in compile(outer).segments] == [
        Origin(("./inner.toml",), 0, 0),
        Origin((), 0, 1, 1, "left"),
        Origin((), 0, 1, 1, "right"),
        Origin((), 0, 1, 1, "right"),
        Origin((), 0, None, 1),
        Origin(("./inner.toml",), 0, 0),
        Origin((), 0, 1, 2, "left"),
        Origin((), 0, 1, 2, "right"),
        Origin((), 0, 1, 2, "right"),
    ]


def test_what_ends_a_segment(branching: Workout) -> None:
    ends = [(segment.kind, segment.ends) for segment in compile(branching).segments[:3]]
    assert ends == [("hold", Ends.PERSON), ("rest", Ends.CLOCK), ("ask", Ends.PERSON)]


def test_reminders_are_seeded_by_their_script_so_that_another_one_changes_nothing_of_them(tmp_path: Path) -> None:
    one = '[[reminder]]\ncues = ["A.", "B.", "C."]\nevery = "20s"\njitter = "8s"\norder = "random"\n'
    base = 'title = "Run"\n[[block]]\nsteps = [ { run = "5min" }, { use = "./part.toml" } ]\n'
    part = 'title = "Part"\n[announce]\ngap = "0s"\n[[block]]\nsteps = [ { run = "5min", name = "Part" } ]\n' + one
    (tmp_path / "part.toml").write_text(part, encoding="utf-8")

    digest = load(tmp_path, base).digest
    workouts = [load(tmp_path, base), load(tmp_path, base + '[[reminder]]\ncues = ["Other."]\nevery = "45s"\n')]
    placed = [
        [
            (cue.at, cue.what)
            for cue in compile(workout.model_copy(update={"digest": digest})).segments[-1].cues
            if isinstance(cue.what, Line) and cue.what.text in ("A.", "B.", "C.")
        ]
        for workout in workouts
    ]
    assert placed[0] == placed[1] != []


@pytest.mark.slow
@pytest.mark.parametrize("shipped", WORKOUTS, ids=lambda path: path.stem)
def test_the_written_form_and_a_pickle_hold_all_of_a_timeline(shipped: Path) -> None:
    timeline = compile(script.load(shipped))
    assert json_form.loads(json_form.dumps(timeline)) == timeline
    assert pickle.loads(pickle.dumps(timeline)) == timeline
    assert b"Segment" not in pickle.dumps(timeline), "in its written form"


def test_another_version_of_the_written_form_is_none() -> None:
    written, other = (f'"version": {number}' for number in (json_form.VERSION, json_form.VERSION + 1))
    text = json_form.dumps(compile(script.load(WORKOUTS[0]))).replace(written, other)
    with pytest.raises(ValueError, match=f"version {json_form.VERSION + 1}"):
        json_form.loads(text)
