"""What the person does decides where a live session goes on: without sound, thread or clock."""

from __future__ import annotations

import io
from datetime import date

import pytest

from voicecoach import script
from voicecoach.script.model import Workout
from voicecoach.store.sessions import Why
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.course import NOTHING, Act, Before, Course, Past, Turn, question
from voicecoach.timeline.model import Done, Ends, Line, Role, Segment, StatedTime
from voicecoach.timeline.waiting import LONGEST

WORKOUT = """
title = "Check"

[progression.bridge]
start = "20s"
goal = "40s"
step = "5s"
unlocks = "single-leg-bridge"

[[block]]
name = "Main"
steps = [
  { ready = "Lie down, and go on when you are there." },
  { hold = "max", name = "Plank", cap = "2min" },
  { hold = "progression:bridge", name = "Bridge" },
  { hold = "30s", name = "Side" },
  {
    ask = "What did you feel?",
    answers = [{ label = "Glute", use = "#Glute" }, { label = "Hamstring", say = "Common." }],
  },
  { rest = "20s" },
  { run = "2min" },
]

[[block]]
name = "Glute"
steps = [ { say = "One more." } ]
"""


@pytest.fixture(scope="module")
def workout() -> Workout:
    return script.load("-", stdin=io.StringIO(WORKOUT))


@pytest.fixture
def course(workout: Workout) -> Course:
    return Course(workout)


def said(segment: Segment) -> list[str]:
    return [cue.what.text for cue in (*segment.lead, *segment.cues) if isinstance(cue.what, Line)]


def to(course: Course, segment: int) -> Course:
    """The course when it has come to a segment by itself."""
    course.passed(segment, lambda index: course.timeline.segments[index].duration or 2.0)
    return course


def test_a_wait_waits_and_says_so_now_and_then(course: Course) -> None:
    wait = course.timeline.segments[0]
    assert (wait.ends, wait.duration, wait.waits) == (Ends.PERSON, LONGEST, 15.0)
    assert said(wait)[0] == "Lie down, and go on when you are there."
    assert said(wait)[1:] == ["I am waiting for you."] * 10
    assert [cue.at for cue in wait.cues][:4] == [0, 20, 80, 140]
    assert course.act(Act.DONE, 7.25) == Turn(1, Why.DONE)
    assert course.path == [Done(7.2, Why.DONE)]


def test_a_hold_without_an_end_is_done_when_the_person_says_so(course: Course) -> None:
    assert to(course, 1).act(Act.DONE, -1.0) is None, "it has not begun"
    assert course.act(Act.DONE, 47.96) == Turn(2, Why.DONE)
    assert course.path[-1] == Done(47.9, Why.DONE)
    assert said(course.timeline.segments[2])[0] == "Forty-seven seconds. Well held."


def test_one_that_nobody_ends_is_over_at_its_cap(course: Course) -> None:
    assert to(course, 2).path[1] == Done(120.0, Why.CAP)


def test_a_growing_hold_tells_its_target_and_goes_on_past_it(course: Course) -> None:
    bridge = course.timeline.segments[2]
    assert (bridge.target, bridge.progression, bridge.duration) == (20.0, "bridge", 50.0)
    assert bridge.counts_up
    heard = {cue.what.text: cue.at for cue in bridge.cues if isinstance(cue.what, Line)}
    assert 20 < heard["That is today's target. Hold on, or come down."] < 21
    assert heard["Thirty seconds."] == 30
    assert heard["three"] == 17


@pytest.mark.parametrize(
    ("at", "why", "first"),
    [
        (12.34, Why.SLIPPED, "Twelve seconds, clean. Good that you stopped."),
        (19.96, Why.SLIPPED, "Nineteen seconds, clean. Good that you stopped."),
        (20.0, Why.DONE, "Twenty seconds. Well held."),
        (33.0, Why.DONE, "Thirty-three seconds. Well held."),
    ],
)
def test_ending_it_is_a_good_act_and_the_clean_time_counts(course: Course, at: float, why: Why, first: str) -> None:
    assert to(course, 2).act(Act.DONE, at) == Turn(3, why)
    assert course.clean(2) == pytest.approx(at, abs=0.1)
    assert said(course.timeline.segments[3])[0] == first


def test_of_a_growing_hold_that_nobody_ends_its_target_counts(course: Course) -> None:
    to(course, 3)
    assert (course.path[2], course.clean(2)) == (Done(50.0, Why.CAP), 20.0)


def test_a_hold_on_the_clock_slips(course: Course) -> None:
    assert to(course, 3).act(Act.DONE, 11.0) == Turn(4, Why.SLIPPED)


def test_a_question_waits_for_its_answer_and_brings_only_that(course: Course) -> None:
    to(course, 4)
    asked = course.timeline.segments[4]
    assert asked.answers == ("Glute", "Hamstring")
    assert said(asked)[:3] == ["What did you feel?", "One: Glute.", "Two: Hamstring."]
    assert "Common." not in " ".join(said(asked))
    assert course.act(Act.ANSWER, 3.0, 2) is None
    assert course.act(Act.DONE, 3.0) is None
    assert course.act(Act.ANSWER, 3.0, 1) == Turn(5, Why.ANSWERED)
    assert said(course.timeline.segments[5]) == ["Common."]
    assert [segment.kind for segment in course.timeline.segments[5:]] == ["say", "rest", "run", "say"]


def test_a_question_that_is_answered_at_once_is_the_same_question(course: Course) -> None:
    to(course, 4).act(Act.ANSWER, -0.5, 1)
    assert course.path[-1] == Done(0.0, Why.ANSWERED, 1)
    assert question(course.timeline.segments[4]) == "What did you feel?"


def test_an_answer_is_compared_with_the_last_one(workout: Workout) -> None:
    past = Past(answered=lambda question, side: Before("Hamstring") if question == "What did you feel?" else None)
    course = to(Course(workout, past=past), 4)
    course.act(Act.ANSWER, 1.0, 0)
    assert said(course.timeline.segments[5]) == ["Last time: Hamstring.", "One more."]


SIDED = """
title = "Each side"
[[block]]
sides = true
switch = "10s"
steps = [
  { hold = "20s", name = "Leg back" },
  { ask = "What did you feel, on the {side}?", answers = [
    { label = "Glute", use = "#Confirm", then = "#Bridge" },
    { label = "Hamstring", say = "Common.", use = "#Release" },
  ] },
]
[[block]]
steps = [ { say = "That was both sides. {next}" }, { run = "1min" } ]
[[block]]
name = "Confirm"
aside = true
steps = [ { hold = "15s", name = "Again" } ]
[[block]]
name = "Release"
aside = true
repeat = 2
rest = "5s"
steps = [ { hold = "10s", name = "Let go" } ]
[[block]]
name = "Bridge"
aside = true
steps = [ { hold = "30s", name = "Bridge" } ]
"""


def sided(left: int | None, right: int | None, past: Past = NOTHING) -> Course:
    """A course in which the first answer is given for one side, and the second for the other; None gives none."""
    course = Course(script.load("-", stdin=io.StringIO(SIDED)), past=past)
    for answer in (left, right):
        asked = next(one.index for one in course.timeline.segments[course.segment :] if one.kind == "ask")
        to(course, asked).act(Act.ON if answer is None else Act.ANSWER, 1.0, answer or 0)
    return course


def steps(course: Course) -> list[str]:
    return [segment.called or segment.kind for segment in course.timeline.segments]


def test_an_answer_in_a_block_with_sides_leads_on_for_its_side() -> None:
    assert steps(sided(1, 0)) == [
        "Leg back, left", "ask", "say", "Let go, left", "Rest", "Let go, left",
        "Switch sides, right", "Leg back, right", "ask", "Again, right",
        "Bridge", "say", "Run",
    ]  # fmt: skip


def test_where_both_sides_lead_comes_once_and_where_none_does_not_at_all() -> None:
    assert steps(sided(0, 0)).count("Bridge") == 1
    assert steps(sided(0, 0))[-4:] == ["Again, right", "Bridge", "say", "Run"]
    assert steps(sided(0, 1))[-4:] == ["Let go, right", "Bridge", "say", "Run"]
    assert "Bridge" not in steps(sided(1, 1))
    assert "Bridge" not in steps(sided(None, None))


def test_what_comes_next_is_named_as_far_as_it_is_known() -> None:
    course = sided(0, 1)
    assert "That was both sides. Run" in [line for one in course.timeline.segments for line in said(one)]
    for length in range(len(course.path) + 1):
        done = compile(course._workout, path=course.path[:length], live=True).segments[:length]
        assert [one.cues for one in done] == [
            one.cues for one in compile(course._workout, path=course.path, live=True).segments[:length]
        ]


def test_it_is_compared_with_the_last_answer_for_the_same_side() -> None:
    last = {"left": "Hamstring", "right": "Both"}
    course = sided(1, 0, Past(answered=lambda question, side: Before(last[side or ""], last_week=side == "right")))
    asked = [one for one in course.timeline.segments if one.kind == "ask"]
    assert [question(one) for one in asked] == [f"What did you feel, on the {side} side?" for side in last]
    assert said(course.timeline.segments[asked[1].index + 1])[0] == "Last week: Both."


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 3, 8), False),  # a Sunday, yesterday
        (date(2026, 3, 7), True),
        (date(2026, 3, 2), True),
        (date(2026, 3, 1), False),
        (date(2026, 3, 9), False),
    ],
)
def test_an_answer_is_of_last_week_where_people_would_say_so(day: date, told: bool) -> None:
    assert Before.of("Hamstring", day, date(2026, 3, 9)).last_week is told


def test_back_is_the_beginning_of_the_step_or_the_step_before(course: Course) -> None:
    to(course, 3)
    assert course.act(Act.BACK, 10.0) == Turn(3, None)
    assert course.act(Act.BACK, 1.0) == Turn(2, None)
    assert course.act(Act.BACK, -3.0) == Turn(1, None)
    assert course.act(Act.BACK, 0.0) == Turn(0, None)
    assert course.act(Act.BACK, 0.0) == Turn(0, None)
    assert course.path == []


def test_back_again_and_again_gets_past_steps_that_are_over_at_once() -> None:
    steps = '{ run = "9s" }, { say = "a" }, { say = "b" }, { say = "c" }, { run = "9s" }'
    text = f'title = "Short"\n[[block]]\nsteps = [{steps}]'
    course = to(Course(script.load("-", stdin=io.StringIO(text))), 4)

    def pressed_again_a_second_later() -> Turn | None:
        course.passed(course.segment + 1, lambda index: 0.7)
        return course.act(Act.BACK, 0.3)

    assert course.act(Act.BACK, 0.3) == Turn(3, None)
    assert [pressed_again_a_second_later() for _ in range(3)] == [Turn(2, None), Turn(1, None), Turn(0, None)]


def test_back_after_a_while_leads_to_the_step_before_however_short_it_is() -> None:
    text = 'title = "Short"\n[[block]]\nsteps = [{ run = "9s" }, { say = "a" }, { say = "b" }, { run = "9s" }]'
    course = to(Course(script.load("-", stdin=io.StringIO(text))), 3)
    assert course.act(Act.BACK, 0.3) == Turn(2, None)
    course.passed(3, lambda index: 0.7)
    assert course.act(Act.BACK, 1.4) == Turn(2, None)
    course.act(Act.ON, 0.1)
    assert course.act(Act.BACK, 0.3) == Turn(2, None), "what was left out on purpose is not over by itself"


def test_a_noise_means_something_where_one_may_be_meant_so(course: Course) -> None:
    meant = {"ready": "", "hold": "", "reps": "", "ask": "a question wants an answer"}
    for index, on in enumerate(course.timeline.segments):
        told = to(course, index).why_not(Act.NOISE, 5.0)
        assert told == meant.get(on.kind, "a noise means nothing in this step"), on.kind


def test_who_leaves_has_held_so_long(course: Course) -> None:
    assert course.left(3.0) is None, "to wait is nothing done"
    assert to(course, 1).left(-1.0) is None, "it had not begun"
    assert course.left(12.38) == course.path[-1] == Done(12.3, Why.ENDED)
    assert course.clean(1) == 12.3


@pytest.mark.parametrize(("segment", "counts"), [(2, True), (3, True), (4, False), (5, True), (6, True), (7, False)])
def test_what_has_a_clock_counts_as_far_as_it_came(course: Course, segment: int, counts: bool) -> None:
    assert (to(course, segment).left(5.0) is not None) is counts


def test_a_step_may_be_left_out_and_the_last_words_come_all_the_same(course: Course) -> None:
    for index in range(len(course.timeline.segments)):
        assert course.act(Act.ON, 1.0) == Turn(index + 1, Why.SKIPPED)
    assert [said(segment) for segment in course.timeline.segments[course.segment :]] == [
        ["Workout complete. Well done."]
    ]
    to(course, course.segment + 1)
    assert course.act(Act.DONE, 1.0) is None


def test_what_is_unlocked_is_told_when_the_goal_was_held_three_times(workout: Workout) -> None:
    def told(before: int, at: float) -> bool:
        key = "Check/bridge"
        past = Past(targets={key: 40.0}, at_goal={key: before}, unlocks={key: "Single-leg bridge"})
        course = to(Course(workout, past=past), 2)
        course.act(Act.DONE, at)
        return "Next time, try Single-leg bridge." in said(course.timeline.segments[3])

    assert [told(2, 41.0), told(1, 41.0), told(2, 39.0), told(7, 40.0)] == [True, False, False, True]


def test_to_leave_a_hold_out_past_its_target_is_to_have_held_it(workout: Workout) -> None:
    def left_out(at: float) -> tuple[Why, str]:
        course = to(Course(workout), 2)
        course.act(Act.ON, at)
        return course.path[2].why, said(course.timeline.segments[3])[0]

    assert left_out(19.9) == (Why.SKIPPED, "Side, thirty seconds.")
    assert left_out(21.37) == (Why.DONE, "Twenty-one seconds. Well held.")


UNLOCKED = "Next time, try Single-leg bridge."


def at_the_goal(text: str = WORKOUT, *, before: int = 2, target: float = 40.0) -> Course:
    key = "Check/bridge"
    past = Past(targets={key: target}, at_goal={key: before}, unlocks={key: "Single-leg bridge"})
    return Course(script.load("-", stdin=io.StringIO(text)), past=past)


def told_in(course: Course) -> list[int]:
    """The segments in which it is said what is unlocked, if nobody does anything any more."""
    return [segment.index for segment in course.timeline.segments if UNLOCKED in said(segment)]


def test_what_a_hold_unlocks_that_nobody_ends_is_told_when_it_is_over() -> None:
    course = at_the_goal()
    assert told_in(course) == [2]
    hold = course.timeline.segments[2]
    (cue,) = (cue for cue in hold.cues if isinstance(cue.what, Line) and cue.what.text == UNLOCKED)
    assert cue.at == hold.duration == 70.0
    assert told_in(at_the_goal(before=1)) == []
    assert told_in(at_the_goal(target=39.0)) == []
    assert told_in(at_the_goal(f'{WORKOUT}\n[announce]\nstyle = "beep"')) == []
    to(course, 3)
    course.act(Act.ON, 1.0)
    assert told_in(course) == [2], "it was told, and is not told again"


def test_what_a_hold_unlocks_is_not_told_at_its_cap_where_the_person_ends_it() -> None:
    course = to(at_the_goal(), 2)
    course.act(Act.DONE, 41.0)
    assert told_in(course) == [3]
    course.act(Act.BACK, 0.0)
    course.act(Act.DONE, 39.0)
    assert told_in(course) == []


def test_of_two_holds_at_the_goal_the_first_that_is_held_tells_what_it_unlocks() -> None:
    course = at_the_goal(WORKOUT.replace('name = "Bridge" }', 'name = "Bridge", sides = true, switch = "5s" }'))
    assert told_in(course) == [2]
    to(course, 2).act(Act.DONE, 30.0)
    assert told_in(course) == [4], "the second side, now that the first has slipped"


def test_the_last_hold_tells_it_behind_the_last_words() -> None:
    course = at_the_goal(WORKOUT.partition('  { hold = "30s"')[0] + "]")
    assert said(course.timeline.segments[2])[-2:] == ["Workout complete. Well done.", UNLOCKED]


def test_what_is_unlocked_is_told_once_a_session() -> None:
    text = WORKOUT.replace('name = "Bridge" }', 'name = "Bridge", sides = true, switch = "5s" }')
    key = "Check/bridge"
    past = Past(targets={key: 40.0}, at_goal={key: 2}, unlocks={key: "Single-leg bridge"})
    course = to(Course(script.load("-", stdin=io.StringIO(text)), past=past), 2)
    course.act(Act.DONE, 41.0)
    assert "Next time, try Single-leg bridge." in said(course.timeline.segments[3])
    to(course, 4)
    course.act(Act.DONE, 42.0)
    assert not any("Next time" in line for line in said(course.timeline.segments[5]))
    for _ in range(3):
        course.act(Act.BACK, 0.0)
    course.act(Act.DONE, 42.0)
    assert "Next time, try Single-leg bridge." in said(course.timeline.segments[3]), (
        "what was taken back does not count"
    )


def test_without_a_person_it_is_what_a_file_says_but_for_the_open_steps(workout: Workout) -> None:
    live, file = Course(workout).timeline, compile(workout)
    for one, other in zip(live.segments, file.segments, strict=True):
        if other.kind not in ("ready", "ask") and not other.progression:
            assert one.cues == other.cues or any(isinstance(cue.what, StatedTime) for cue in other.cues)
            assert one.lead == other.lead


def test_reminders_do_not_run_while_the_session_waits() -> None:
    text = WORKOUT + '[[reminder]]\ncues = ["Tall."]\nevery = "30s"\n'
    live = Course(script.load("-", stdin=io.StringIO(text)), past=NOTHING).timeline
    of = {segment.kind: [cue for cue in segment.cues if cue.role is Role.REMINDER] for segment in live.segments}
    assert not of["ready"]
    assert of["run"]


class TestOutcomes:
    """What an act would come to, without doing it."""

    def test_it_is_what_the_act_then_does(self, course: Course) -> None:
        course.passed(1, lambda index: 1.0)
        outcome = course.outcome(Act.DONE, 12.3)
        assert outcome is not None
        assert course.segment == 1
        turn = course.act(Act.DONE, 12.3)
        assert turn is not None
        assert turn.why is outcome.why is Why.DONE
        assert [line.text for line in outcome.said] == ["Twelve seconds. Well held."]
        assert said(course.timeline.segments[2])[0] == outcome.said[0].text

    def test_it_is_nothing_where_the_act_means_nothing(self, course: Course) -> None:
        course.passed(1, lambda index: 1.0)
        assert course.outcome(Act.DONE, -0.5) is None
        assert course.outcome(Act.ANSWER, 2.0) is None
        assert course.segment == 1
