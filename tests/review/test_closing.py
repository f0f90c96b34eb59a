"""What a session comes to in the end, in words."""

from __future__ import annotations

import io
from datetime import date

import pytest

from voicecoach import script
from voicecoach.review.closing import Closing, Held, closing, held_in_words
from voicecoach.review.way import way
from voicecoach.store.sessions import Held as OneHeld
from voicecoach.store.sessions import Why
from voicecoach.timeline.course import Act, Course, Past
from voicecoach.timeline.progression import Growing

WORKOUT = """
title = "Bridge"
[progression.bridge]
start = "20s"
goal = "1min"
step = "5s"
unlocks = "single-leg-bridge"
[[block]]
steps = [
  { say = "Lie down." },
  { hold = "10s", name = "Plank", sides = true, switch = "5s" },
  { hold = "progression:bridge", name = "Bridge" },
  { rest = "5s" },
  { ask = "What did you [pause 1s] feel?", answers = [ { label = "Glute" }, { label = "Hamstring", use = "#Again" } ] },
]
[[block]]
name = "Again"
aside = true
steps = [ { work = "10s", name = "Reach" } ]
"""


@pytest.fixture
def course() -> Course:
    past = Past(targets={"Bridge/bridge": 30.0}, bests={"Bridge/bridge": 33.0})
    return Course(script.load("-", stdin=io.StringIO(WORKOUT)), past=past)


def by_itself(course: Course, segment: int) -> None:
    course.passed(segment, lambda index: course.timeline.segments[index].duration or 2.0)


def test_steps_holds_and_answers_are_told(course: Course) -> None:
    by_itself(course, 4)
    course.act(Act.DONE, 27.34)
    by_itself(course, 6)
    course.act(Act.ANSWER, 3.0, answer=1)
    by_itself(course, len(course.timeline.segments))
    assert list(closing(course, finished=True).in_words()) == [
        "Bridge: done, 4 steps, 0:57 of exercise",
        "Plank, left: 10s",
        "Plank, right: 10s",
        "Bridge: 27.3s of 30s, form slipped",
        "What did you … feel? Hamstring",
    ]


def test_a_step_that_was_left_out_is_not_done(course: Course) -> None:
    by_itself(course, 1)
    course.act(Act.ON, 4.0)
    by_itself(course, 4)
    course.act(Act.DONE, 34.0)
    told = closing(course, finished=False)
    assert list(told.in_words()) == [
        "Bridge: 2 of 3 steps, 0:44 of exercise",
        "Plank, right: 10s",
        "Bridge: 34s of 30s, a new best (33s before)",
    ]
    assert not told.empty


def test_a_hold_that_is_left_out_past_its_target_is_held(course: Course) -> None:
    by_itself(course, 4)
    course.act(Act.ON, 31.58)
    told = list(closing(course, finished=False).in_words())
    assert (told[0], told[-1]) == ("Bridge: 3 steps, 0:51 of exercise", "Bridge: 31.5s of 30s")


def test_of_a_hold_that_nobody_ended_its_target_counts(course: Course) -> None:
    by_itself(course, 5)
    assert dict(closing(course, finished=False).holds)["Bridge"] == (Held(30.0, 30.0, False, 33.0),)


def test_a_hold_in_which_it_was_left_is_told_and_no_best_before_its_target() -> None:
    past = Past(targets={"Bridge/bridge": 30.0}, bests={"Bridge/bridge": 20.0})
    course = Course(script.load("-", stdin=io.StringIO(WORKOUT)), past=past)
    for _ in range(4):
        course.act(Act.ON, 0.0)
    course.left(25.0)
    told = closing(course, finished=False)
    assert list(told.in_words()) == [
        "Bridge: 0 of 3 steps, 0:25 of exercise",
        "Bridge: 25s of 30s, left there",
    ]
    assert not told.empty
    past_it = Held(31.0, 30.0, False, 20.0, left=True)
    assert past_it.in_words() == "31s of 30s, left there, a new best (20s before)"


def test_a_session_that_was_left_at_once_comes_to_nothing(course: Course) -> None:
    told = closing(course, finished=False)
    assert told.empty
    assert not list(told.in_words())


def test_a_session_of_words_is_done_all_the_same() -> None:
    told = Closing(title="Calm", finished=True, steps=0, of=0, seconds=0.0)
    assert list(told.in_words()) == ["Calm: done"]


def test_holds_that_are_alike_are_told_once() -> None:
    held = Held(45.0, None, False, None)
    assert held_in_words([held, held, held._replace(seconds=38.2, slipped=True)]) == "2 × 45s; 38.2s, form slipped"


@pytest.mark.parametrize(("days", "unlocked"), [(2, ()), (3, (("single-leg-bridge", 3),))])
def test_what_is_unlocked_is_suggested(course: Course, days: int, unlocked: tuple[tuple[str, int], ...]) -> None:
    held = [OneHeld(day=date(2026, 3, day + 1), seconds=60.0, target=60.0, why=Why.DONE) for day in range(days)]
    says = Growing("bridge", "bridge", 20.0, 60.0, 5.0, "single-leg-bridge")
    by_itself(course, 5)
    told = closing(course, finished=True, ahead=[way("bridge", "bridge", held, date(2026, 3, 5), says=says)])
    assert told.unlocked == unlocked
    *_, last = told.in_words()
    if unlocked:
        assert last == "at the goal on 3 days: on to single-leg-bridge (voicecoach play single-leg-bridge)"
    else:
        assert last == "bridge: best 1m, next 1m, goal 1m"
