"""What is to be heard, and when: every meaning of the format, without a voice."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import tomli

from voicecoach.script.model import Workout
from voicecoach.script.values import PLACEHOLDERS
from voicecoach.store.sessions import Why
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Cue, Done, Line, Role, Segment, Sound, StatedTime, Timeline
from voicecoach.timeline.stated import stated


def workout(text: str, **fields: object) -> Workout:
    return Workout.model_validate({"title": "Test", **tomli.loads(text), **fields})


def timeline(text: str, seed: int = 0, **today: Any) -> Timeline:
    return compile(workout(text), seed=seed, **today)


def steps(text: str, **today: Any) -> tuple[Segment, ...]:
    return timeline(f"[[block]]\nsteps = [ {text} ]\n", **today).segments


def words(cue: Cue) -> str:
    """Of a line that states a time, those that are heard at its own place."""
    assert not isinstance(cue.what, Sound)
    return (stated(cue.what, cue.at) if isinstance(cue.what, StatedTime) else cue.what).text


def heard(segment: Segment, role: Role) -> list[tuple[float, str]]:
    """Seconds and words, or the name of a sound, of the cues of one role."""
    return [
        (cue.at, cue.what.name if isinstance(cue.what, Sound) else words(cue))
        for cue in segment.cues
        if cue.role is role
    ]


def lead(segment: Segment) -> list[str]:
    return [cue.what.text for cue in segment.lead if isinstance(cue.what, Line)]


@pytest.mark.slow
def test_a_say_lasts_as_long_as_its_speech() -> None:
    (said, *_) = steps('{ say = "Lie on your back.", pause = "2s" }, { rest = "5s" }')
    assert (said.duration, said.pause, heard(said, Role.SAY)) == (None, 2.0, [(0.0, "Lie on your back.")])


def test_a_hold_is_announced_before_its_clock_and_counted_down_on_the_second() -> None:
    (hold,) = steps('{ hold = "45s", name = "Bridge", intro = "Tuck, and lift." }')
    assert lead(hold) == ["Bridge, forty-five seconds.", "Tuck, and lift."]
    assert heard(hold, Role.COUNTDOWN) == [(42.0, "three"), (43.0, "two"), (44.0, "one")]
    assert heard(hold, Role.BOUNDARY) == [(0.0, "start"), (45.0, "end")]
    assert heard(hold, Role.ANNOUNCE)[:2] == [(22.5, "Halfway."), (35.0, "Ten seconds left.")]


def test_movement_does_not_stop_to_be_announced() -> None:
    walk, run = steps('{ walk = "3min" }, { run = "40min", name = "Easy run" }')
    assert not run.lead
    assert heard(run, Role.ANNOUNCE)[0] == (0.0, "Easy run, forty minutes.")
    assert heard(walk, Role.BOUNDARY) == [(0.0, "start"), (180.0, "end")]
    assert heard(run, Role.BOUNDARY) == [(2400.0, "end")], "the end of the walk is the start of the run"


def test_a_lead_in_of_its_own_counts_down_to_the_start() -> None:
    (run,) = timeline('[announce]\nlead_in = "8s"\n[[block]]\nsteps = [ { run = "1min" } ]').segments
    assert (run.lead_in, lead(run)) == (8.0, ["Run, one minute."])
    assert heard(run, Role.COUNTDOWN)[:3] == [(-3.0, "three"), (-2.0, "two"), (-1.0, "one")]


def test_no_lead_in_announces_inside_the_step() -> None:
    (hold,) = timeline('[announce]\nlead_in = "0s"\n[[block]]\nsteps = [ { hold = "10s" } ]').segments
    assert not hold.lead
    assert heard(hold, Role.ANNOUNCE)[0] == (0.0, "Hold, ten seconds.")


def test_a_rest_says_what_comes_next_and_a_short_one_is_not_repeated() -> None:
    short, first, long, second = steps(
        '{ rest = "10s" }, { hold = "10s", name = "Bridge" }, { rest = "30s" }, { hold = "10s", name = "Plank" }'
    )
    assert heard(short, Role.ANNOUNCE) == [(0.0, "Rest, ten seconds. Next: Bridge.")]
    assert lead(first) == []
    assert heard(long, Role.ANNOUNCE) == [(0.0, "Rest, thirty seconds. Next: Plank.")]
    assert lead(second) == ["Plank, ten seconds."]


def test_a_short_rest_says_no_more_than_that_it_is_one() -> None:
    rest, hold = steps('{ rest = "5s" }, { hold = "10s", name = "Bridge" }')
    assert heard(rest, Role.ANNOUNCE) == [(0.0, "Rest.")]
    assert not heard(rest, Role.COUNTDOWN)
    assert lead(hold) == ["Bridge, ten seconds."]


def test_a_rest_counts_down_to_an_effort_only() -> None:
    before_effort, _, before_talk, _ = steps(
        '{ rest = "20s" }, { work = "5s" }, { rest = "20s" }, { say = "Lie down." }'
    )
    assert heard(before_effort, Role.COUNTDOWN)
    assert not heard(before_talk, Role.COUNTDOWN)


def test_rounds_are_counted_aloud_with_a_rest_between() -> None:
    segments = timeline(
        '[[block]]\nname = "B"\nrepeat = 3\nrest = "5s"\nsteps = [ { hold = "10s", name = "Bridge" } ]'
    ).segments
    assert [(s.kind, s.round, s.rounds) for s in segments] == [
        ("hold", 1, 3),
        ("rest", 1, 3),
        ("hold", 2, 3),
        ("rest", 2, 3),
        ("hold", 3, 3),
    ]
    assert [lead(s)[0] for s in segments if s.kind == "hold"] == [
        "Round one of three. Bridge, ten seconds.",
        "Round two of three.",
        "Last round.",
    ]


@pytest.mark.parametrize(
    ("rounds", "happens"),
    [("first", [1]), ("last", [4]), ("not first", [2, 3, 4]), ("2-3", [2, 3]), ("3", [3]), ("2-9", [2, 3, 4])],
)
def test_rounds_in_which_a_step_happens(rounds: str, happens: list[int]) -> None:
    text = f'[[block]]\nrepeat = 4\nsteps = [ {{ say = "Hm.", rounds = "{rounds}" }}, {{ work = "5s" }} ]'
    assert [s.round for s in timeline(text).segments if s.kind == "say"] == happens


def test_each_side_gets_its_full_time_with_a_pause_to_switch() -> None:
    left, switch, right = steps('{ hold = "20s", name = "Bridge", intro = "Lift.", sides = true, switch = "7s" }')
    assert (left.side, right.side) == ("left", "right")
    assert left.duration == right.duration == 20.0
    assert (switch.kind, switch.name, switch.duration) == ("rest", "Switch sides", 7.0)
    assert heard(switch, Role.INTRO) == [(0.0, "Switch sides. Right side.")]
    assert heard(switch, Role.COUNTDOWN) == [(4.0, "three"), (5.0, "two"), (6.0, "one")]
    assert lead(right) == []
    assert heard(right, Role.BOUNDARY)[0] == (0.0, "start")


def test_sides_without_a_pause_are_told_before_the_second_starts() -> None:
    _, right = steps('{ hold = "20s", name = "Bridge", sides = true, switch = "0s" }')
    assert lead(right) == ["Switch sides. Right side."]


def test_own_labels_for_sides() -> None:
    front, _, back = steps('{ hold = "20s", sides = ["front", "back"] }')
    assert (front.side, back.side) == ("front", "back")


def test_a_block_does_all_rounds_of_one_side_and_then_of_the_other() -> None:
    segments = timeline(
        '[[block]]\nrepeat = 3\nrest = "15s"\nsides = true\nswitch = "8s"\n'
        'steps = [ { say = "Sit down.", rounds = "first" }, { hold = "10s", name = "Calf" } ]'
    ).segments
    told = [(segment.kind, segment.side, segment.round) for segment in segments]
    once = [
        ("say", "{}", 1),
        ("hold", "{}", 1),
        ("rest", None, 1),
        ("hold", "{}", 2),
        ("rest", None, 2),
        ("hold", "{}", 3),
    ]
    left, right = (
        [(kind, side and side.format(name), number) for kind, side, number in once] for name in ("left", "right")
    )
    assert told == [*left, ("rest", "right", 3), *right]
    assert heard(segments[6], Role.INTRO) == [(0.0, "Switch sides. Right side.")]


def test_places_in_a_step() -> None:
    at = '{ "10s" = "a", half = "b", "75%" = "c", "-10s" = "d" }'
    (hold,) = steps(f'{{ hold = "60s", at = {at} }}')
    assert heard(hold, Role.AT) == [(10.0, "a"), (30.0, "b"), (45.0, "c"), (50.0, "d")]
    assert "Halfway." not in [text for _, text in heard(hold, Role.ANNOUNCE)], "its own line stands for it"


def test_pool_cues_come_at_their_spacing_and_leave_room_for_the_countdown() -> None:
    (hold,) = steps('{ hold = "30s", cues = ["a", "b", "c"], every = "8s", first = "4s" }')
    assert heard(hold, Role.CUE) == [(4.0, "a"), (12.0, "b"), (20.0, "c")]


def test_without_a_spacing_each_line_is_heard_once_and_none_closer_than_six_seconds() -> None:
    (long,) = steps('{ hold = "40s", halfway = false, cues = ["a", "b", "c"] }')
    assert heard(long, Role.CUE) == [(10.0, "a"), (20.0, "b"), (30.0, "c")]
    (short,) = steps('{ hold = "20s", halfway = false, cues = ["a", "b", "c", "d", "e"] }')
    assert [at for at, _ in heard(short, Role.CUE)] == [6.0, 12.0]


def test_an_even_spread_leaves_room_for_what_is_said_at_half() -> None:
    (hold,) = steps('{ hold = "40s", cues = ["a", "b", "c"] }')
    assert heard(hold, Role.CUE) == [(10.0, "a"), (22.5, "b"), (30.0, "c")]


def test_a_pool_goes_on_where_it_was_in_the_next_round() -> None:
    steps = '{ hold = "20s", cues = "form", every = "7s" }'
    text = f'[cues]\nform = ["a", "b", "c"]\n[[block]]\nrepeat = 2\nsteps = [ {steps} ]'
    assert [[t for _, t in heard(s, Role.CUE)] for s in timeline(text).segments] == [["a", "b"], ["c", "a"]]


def test_shuffle_never_says_a_line_twice_in_a_row_and_says_each() -> None:
    (run,) = steps('{ run = "30min", cues = ["a", "b", "c"], every = "10s", order = "shuffle" }')
    said = [text for _, text in heard(run, Role.CUE)]
    assert all(one != two for one, two in pairwise(said))
    assert set(said) == {"a", "b", "c"}


def test_weights_count_in_random_order() -> None:
    pool = '[{ text = "often", weight = 9 }, { text = "seldom" }]'
    (run,) = steps(f'{{ run = "3h", cues = {pool}, every = "10s", order = "random" }}')
    said = [text for _, text in heard(run, Role.CUE)]
    assert 0.8 < said.count("often") / len(said) < 0.97


def test_the_same_seed_gives_the_same_timeline_and_another_seed_another() -> None:
    text = (
        '[[block]]\nsteps = [ { run = "30min" } ]\n[[reminder]]\ncues = ["a", "b", "c"]\nevery = "1min"\njitter = "20s"'
    )
    assert timeline(text, seed=1) == timeline(text, seed=1)
    assert timeline(text, seed=1) != timeline(text, seed=2)


def test_reps_are_counted_and_a_tempo_speaks_its_phases() -> None:
    (squat,) = steps('{ reps = 2, name = "Squat", tempo = "3-1-2" }')
    assert (squat.duration, lead(squat)) == (12.0, ["Squat, two reps."])
    assert heard(squat, Role.COUNTDOWN) == [
        (0.0, "one"), (3.0, "Hold"), (4.0, "Up"), (6.0, "two"), (9.0, "Hold"), (10.0, "Up"),
    ]  # fmt: skip
    assert heard(squat, Role.BOUNDARY) == [(12.0, "end")]


def test_reps_at_a_plain_pace() -> None:
    (squat,) = steps('{ reps = 3, each = "2s" }')
    assert [at for at, _ in heard(squat, Role.COUNTDOWN)] == [0.0, 2.0, 4.0]


def test_beeps_instead_of_words() -> None:
    (hold,) = timeline('[announce]\nstyle = "beep"\n[[block]]\nsteps = [ { hold = "30s", cues = ["a"] } ]').segments
    assert not lead(hold)
    assert heard(hold, Role.COUNTDOWN) == [(27.0, "countdown"), (28.0, "countdown"), (29.0, "countdown")]
    assert (15.0, "halfway") in heard(hold, Role.BOUNDARY)
    assert heard(hold, Role.CUE), "the author's own lines stay"


def test_no_announcements_at_all() -> None:
    (hold,) = timeline('[announce]\nstyle = "none"\n[[block]]\nsteps = [ { hold = "30s", cues = ["a"] } ]').segments
    assert {cue.role for cue in hold.cues} == {Role.CUE}


def test_a_cadence_ticks_without_drift() -> None:
    (run,) = steps('{ run = "1h", cadence = 170 }')
    ticks = heard(run, Role.TICK)
    assert len(ticks) == 170 * 60
    assert ticks[-1][0] == pytest.approx(3600 - 60 / 170)


def test_reminders_run_on_the_time_of_their_steps() -> None:
    text = """
    [[block]]
    steps = [ { walk = "3min" }, { run = "5min" }, { walk = "1min" }, { run = "5min" } ]
    [[reminder]]
    cues = ["Run tall."]
    every = "3min"
    first = "2min"
    during = ["run"]
    """
    segments = timeline(text).segments
    assert [[at for at, _ in heard(s, Role.REMINDER)] for s in segments] == [[], [120.0], [], [0.0, 180.0]]


def test_the_reminders_of_a_used_script_run_through_its_own_steps() -> None:
    other = workout('[[block]]\nsteps = [ { run = "5min" } ]\n[[reminder]]\ncues = ["Inner."]\nevery = "2min"')
    main = workout(
        '[[block]]\nsteps = [ { run = "5min" }, { use = "other" } ]\n[[reminder]]\ncues = ["Outer."]\nevery = "4min"'
    ).model_copy(update={"included": {"other": other}})
    outer, inner = compile(main).segments
    assert heard(outer, Role.REMINDER) == [(240.0, "Outer.")]
    assert heard(inner, Role.REMINDER) == [(120.0, "Inner."), (180.0, "Outer."), (240.0, "Inner.")]


def test_reminders_keep_near_their_time_and_apart() -> None:
    text = '[[block]]\nsteps = [ { run = "2h" } ]\n[[reminder]]\ncues = ["a", "b"]\nevery = "1min"\njitter = "20s"'
    (run,) = timeline(text).segments
    times = [at for at, _ in heard(run, Role.REMINDER)]
    assert all(abs(at - 60 * (i + 1)) <= 20 for i, at in enumerate(times))
    assert len({round(at % 60) for at in times}) > 10, "they vary"


def test_reminders_fade_with_each_finished_session_up_to_a_limit() -> None:
    reminder = '[[reminder]]\ncues = ["a"]\nevery = "2min"\nfade = 1.5\nmax_every = "8min"'
    text = f'[[block]]\nsteps = [ {{ run = "1h" }} ]\n{reminder}'
    spacing = [heard(timeline(text, finished=n).segments[0], Role.REMINDER)[0][0] for n in (0, 1, 9)]
    assert spacing == [120.0, 180.0, 480.0]


def test_a_growing_hold_starts_at_its_start_and_follows_its_target() -> None:
    text = """
    [progression.bridge]
    start = "20s"
    goal = "1min"
    step = "5s"
    [[block]]
    steps = [ { hold = "progression:bridge", at = { "30s" = "Half a minute." } } ]
    """
    assert timeline(text).segments[0].duration == 20.0
    (today,) = timeline(text, targets={"Test/bridge": 45.0}).segments
    assert (today.duration, heard(today, Role.AT)) == (45.0, [(30.0, "Half a minute.")])
    assert not heard(timeline(text).segments[0], Role.AT), "not reached yet"


def test_a_hold_without_an_end_counts_up_to_its_cap() -> None:
    (hold,) = steps('{ hold = "max", cap = "40s", name = "Bridge" }')
    assert (hold.duration, lead(hold)) == (40.0, ["Bridge, as long as you can."])
    assert [text for _, text in heard(hold, Role.ANNOUNCE)][:2] == ["Fifteen seconds.", "Thirty seconds."]
    assert not heard(hold, Role.COUNTDOWN)


def test_ready_waits_and_ask_speaks_each_answer() -> None:
    ready, ask, _ = steps(
        '{ ready = "Find a wall.", or = "9s" },'
        ' { ask = "Which came first?", answers = [ { label = "Glute", say = "Good." }, { label = "Hamstring" } ] },'
        ' { rest = "5s" }'
    )
    assert (ready.duration, heard(ready, Role.SAY)) == (9.0, [(0.0, "Find a wall.")])
    assert [text for _, text in heard(ask, Role.SAY)][1:] == ["Glute: Good.", "Hamstring."]


def test_names_are_filled_in_spoken_form() -> None:
    text = """
    [[block]]
    name   = "Core"
    repeat = 2
    steps  = [
      { hold = "90s", name = "Bridge", cues = ["{remaining} to go."], every = "60s", at = {
        "10s" = "{{{name}}} in {block}, {round} of {rounds}: {elapsed}, then {next}",
      } },
      { work = "30s", name = "Plank" },
    ]
    """
    hold = timeline(text).segments[0]
    assert heard(hold, Role.AT) == [(10.0, "{Bridge} in Core, one of two: ten seconds, then Plank")]
    assert heard(hold, Role.CUE) == [(60.0, "Thirty seconds to go.")]


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_name_that_a_text_may_hold_stands_for_something(name: str) -> None:
    what = 'hold = "progression:squat"' if name == "best" else "reps = 4"
    step = f'{{ {what}, name = "Squat", sides = true, at = {{ "3s" = "Say {{{name}}}." }} }}, {{ hold = "9s" }}'
    grows = '[progression.squat]\nstart = "20s"\ngoal = "1min"\nstep = "5s"\n' if name == "best" else ""
    block = f'{grows}[[block]]\nname = "Legs"\nrepeat = 2\nsteps = [ {step} ]'
    squat, *_ = timeline(block, bests={"Test/squat": 31.4}).segments
    ((_, said),) = heard(squat, Role.AT)
    assert said.removeprefix("Say").strip(" .{}") not in ("", name)


GROWING = """
[progression.bridge]
start = "20s"
goal = "1min"
step = "5s"
[cues]
form = ["Beat {best}.", "Lift."]
[[block]]
steps = [
  { say = "Lie down. Your best is {best}. [pause 2s] Tuck.", pause = "1s" },
  { say = "[pause 1s] {best} is your best." },
  { hold = "progression:bridge", name = "Bridge", intro = "{target} today, after {best}.", cues = "form", every = "6s",
    at = { half = "Half of {target}." } },
]
"""


def test_the_best_so_far_is_told_in_whole_seconds() -> None:
    down, best, hold = timeline(GROWING, targets={"Test/bridge": 25.0}, bests={"Test/bridge": 31.9}).segments
    assert heard(down, Role.SAY) == [(0.0, "Lie down. Your best is thirty-one seconds. [pause 2s] Tuck.")]
    assert heard(best, Role.SAY) == [(0.0, "[pause 1s] thirty-one seconds is your best.")]
    assert lead(hold)[1:] == ["Twenty-five seconds today, after thirty-one seconds."]
    assert [text for _, text in heard(hold, Role.CUE)] == [
        "Beat thirty-one seconds.",
        "Lift.",
        "Beat thirty-one seconds.",
    ]
    assert hold.best == 31.9


def test_as_long_as_there_is_no_best_the_sentences_that_name_it_are_left_out() -> None:
    down, hold = timeline(GROWING).segments
    assert heard(down, Role.SAY) == [(0.0, "Lie down. [pause 2s] Tuck.")]
    assert lead(hold) == ["Bridge, twenty seconds."]
    assert [text for _, text in heard(hold, Role.CUE)] == ["Lift.", "Lift."]
    assert heard(hold, Role.AT) == [(10.0, "Half of twenty seconds.")]
    assert hold.best is None


@pytest.mark.parametrize("written", ['halfway = "Half of it. Beat {best}."', 'halfway = "Beat {best}."', ""])
def test_where_the_line_of_the_half_is_left_out_the_built_in_one_is_heard(written: str) -> None:
    step = f'{{ hold = "progression:bridge", name = "Bridge"{written and f", {written}"} }}'
    own = step if written else step.replace(" }", ', at = { half = "{best} is yours." } }')
    text = GROWING.partition("[cues]")[0] + f"[[block]]\nsteps = [ {own} ]"
    half = "Half of it." if "Half" in written else "Halfway."
    (hold,) = timeline(text).segments
    assert [line for at, line in (*heard(hold, Role.ANNOUNCE), *heard(hold, Role.AT)) if at == 10.0] == [half]
    (hold,) = timeline(text, bests={"Test/bridge": 30.0}).segments
    (told,) = (line for at, line in (*heard(hold, Role.ANNOUNCE), *heard(hold, Role.AT)) if at == 10.0)
    assert "hirty seconds" in told


def test_a_step_of_which_nothing_is_left_to_say_is_none_and_answers_lead_where_they_lead() -> None:
    text = """
    [progression.bridge]
    start = "20s"
    goal = "1min"
    step = "5s"
    [[block]]
    steps = [
      { say = "Your best is {best}.", pause = "5s" },
      { ask = "Well?", answers = [ { label = "Yes", say = "Beat {best}." }, { label = "No", use = "#More" } ] },
      { say = "{best} is the best." },
      { ask = "And now?", answers = [ { label = "Yes", say = "Good." }, { label = "No", say = "{best}!" } ] },
      { hold = "progression:bridge", name = "Bridge" },
    ]
    [[block]]
    name = "More"
    aside = true
    steps = [ { say = "{best}, come on." }, { work = "9s", name = "Reach" }, { say = "{best}." } ]
    """

    def kinds(*answers: int, best: float | None = None) -> list[str]:
        path: list[Done] = []
        bests = {} if best is None else {"Test/bridge": best}
        for answer in answers:
            asked = timeline(text, path=path, bests=bests).segments
            while asked[len(path)].kind != "ask":
                path.append(Done(1.0))
            path.append(Done(1.0, Why.ANSWERED, answer))
        return [segment.name or segment.kind for segment in timeline(text, path=path, bests=bests).segments]

    assert kinds() == ["ask", "ask", "Bridge"]
    assert kinds(0, 0) == ["ask", "ask", "say", "Bridge"]
    assert kinds(1, 1) == ["ask", "Reach", "ask", "Bridge"]
    assert kinds(1, 0) == ["ask", "Reach", "ask", "say", "Bridge"]
    assert kinds(0, 1, best=30.0) == ["say", "ask", "say", "say", "ask", "say", "Bridge"]


def test_a_live_question_has_its_names_filled_in() -> None:
    text = '{ ask = "{name} next. Beat {best}?", answers = [ { label = "Yes", say = "Past {best}." } ] }'
    block = GROWING.replace("steps = [", f"steps = [ {text},", 1)
    asked = [
        timeline(block, live=live, bests=bests).segments[0]
        for live in (True, False)
        for bests in ({}, {"Test/bridge": 30})
    ]
    assert [[text.partition(" [")[0] for _, text in heard(one, Role.SAY)] for one in asked] == [
        ["Bridge next.", "One: Yes."],
        ["Bridge next. Beat thirty seconds?", "One: Yes."],
        ["Bridge next.", "Yes."],
        ["Bridge next. Beat thirty seconds?", "Yes: Past thirty seconds."],
    ]


def test_a_best_in_braces_of_the_coachs_own_is_a_word() -> None:
    (said,) = steps('{ say = "Write {{best}}." }')
    assert heard(said, Role.SAY) == [(0.0, "Write {best}.")]


def test_a_reminder_that_names_a_best_comes_where_there_is_one() -> None:
    text = GROWING + '[[reminder]]\ncues = ["Past {best}?", "Breathe."]\nevery = "5s"\n'
    told = {text for _, text in heard(timeline(text).segments[1], Role.REMINDER)}
    assert told == {"Breathe."}
    alone = GROWING + '[[reminder]]\ncues = ["Past {best}?"]\nevery = "5s"\n'
    assert not heard(timeline(alone).segments[1], Role.REMINDER)
    assert heard(timeline(alone, bests={"Test/bridge": 30.0}).segments[2], Role.REMINDER)


def test_a_say_speaks_of_the_step_it_leads_to() -> None:
    said, _ = steps('{ say = "{name}: {duration}." }, { hold = "45s", name = "Bridge" }')
    assert heard(said, Role.SAY) == [(0.0, "Bridge: forty-five seconds.")]


def test_texts_are_in_spoken_form() -> None:
    (said,) = steps('{ say = "Hold for 30s." }')
    assert heard(said, Role.SAY) == [(0.0, "Hold for thirty seconds.")]


def test_a_block_is_used_again_and_another_script_with_its_own_pools() -> None:
    other = workout('[cues]\nform = ["Other."]\n[[block]]\nsteps = [ { hold = "20s", cues = "form" } ]')
    main = workout(
        '[cues]\nform = ["Main."]\n[[block]]\nname = "Warm up"\nsteps = [ { walk = "20s", cues = "form" } ]\n'
        '[[block]]\nsteps = [ { use = "other" }, { use = "#Warm up" } ]'
    ).model_copy(update={"included": {"other": other}})
    segments = compile(main).segments
    assert [(s.kind, heard(s, Role.CUE)[0][1]) for s in segments] == [
        ("walk", "Main."),
        ("hold", "Other."),
        ("walk", "Main."),
    ]


def test_the_last_words() -> None:
    text = '[announce]\ncomplete = "That is all."\n[[block]]\nsteps = [ { work = "10s" } ]'
    assert heard(timeline(text).segments[-1], Role.ANNOUNCE)[-1] == (10.0, "That is all.")
    quiet = '[announce]\ncomplete = false\n[[block]]\nsteps = [ { work = "10s" } ]'
    assert not heard(timeline(quiet).segments[-1], Role.ANNOUNCE)


def test_built_in_phrases_follow_the_language() -> None:
    (hold,) = timeline('language = "de"\n[[block]]\nsteps = [ { hold = "45s", name = "Brücke" } ]').segments
    assert lead(hold) == ["Brücke, fünfundvierzig Sekunden."]


def test_an_authors_lines_keep_their_language_where_there_are_no_phrases_for_it() -> None:
    said, hold = timeline(
        'language = "pl"\n[[block]]\nsteps = [ { say = "Leż na plecach." }, { hold = "9s" } ]'
    ).segments
    assert said.cues[0].what == Line("Leż na plecach.", "pl")
    assert not hold.lead, "a tone marks its start"


# lengths and counts that are another in each round

LADDER = """[[block]]
repeat = 5
rest   = ["10s", "20s", "30s", "20s"]
steps  = [ { work = ["20s", "40s", "1min", "40s", "20s"], name = "Row", at = { "30s" = "Long and strong." } } ]
"""


def test_a_ladder_has_a_length_for_each_round_and_tells_it() -> None:
    segments = timeline(LADDER).segments
    rounds = [segment for segment in segments if segment.kind == "work"]
    assert [segment.duration for segment in segments] == [20, 10, 40, 20, 60, 30, 40, 20, 20]
    assert [lead(segment)[0] for segment in rounds] == [
        "Round one of five. Row, twenty seconds.",
        "Round two of five. Row, forty seconds.",
        "Round three of five. Row, one minute.",
        "Round four of five. Row, forty seconds.",
        "Last round. Row, twenty seconds.",
    ]
    assert [len(heard(segment, Role.AT)) for segment in rounds] == [0, 1, 1, 1, 0], "a short round does not reach it"
    assert [heard(segment, Role.COUNTDOWN)[0][0] for segment in rounds] == [17, 37, 57, 37, 17]


def test_the_name_alone_is_not_enough_of_a_step_that_varies() -> None:
    block = '[[block]]\nrepeat = 2\nsteps = [ { work = %s, name = "Row" }, { rest = "12s" } ]'
    same, varied = (timeline(block % work).segments[2] for work in ('"20s"', '["20s", "40s"]'))
    assert lead(same) == ["Last round."]
    assert lead(varied) == ["Last round. Row, forty seconds."]


def test_repetitions_count_down_the_ladder_and_places_beyond_a_round_are_left_out() -> None:
    sets = timeline(
        """[[block]]
        repeat = 3
        steps  = [ {
          reps = [5, 4, 2],
          tempo = ["2-0-1", "2-0-1", "4-0-1"],
          at = { "rep 5" = "Five.", "rep 3" = "Three.", "last rep" = "Last of {reps}." },
        } ]"""
    ).segments
    assert [(one.reps, one.duration) for one in sets] == [(5, 15.0), (4, 12.0), (2, 10.0)]
    assert [lead(one)[0].rpartition(". ")[2] for one in sets] == [
        "Reps, five reps.", "Reps, four reps.", "Reps, two reps.",
    ]  # fmt: skip
    assert [[words for _, words in heard(one, Role.AT)] for one in sets] == [
        ["Three.", "Five.", "Last of five."], ["Three.", "Last of four."], ["Last of two."],
    ]  # fmt: skip


def test_each_side_has_the_length_of_its_round() -> None:
    own = timeline('[[block]]\nrepeat = 2\nsteps = [ { hold = ["9s", "8s"], sides = true, switch = "4s" } ]').segments
    assert [(one.round, one.side, one.duration) for one in own if one.kind == "hold"] == [
        (1, "left", 9), (1, "right", 9), (2, "left", 8), (2, "right", 8),
    ]  # fmt: skip
    block = timeline('[[block]]\nrepeat = 2\nsides = true\nsteps = [ { hold = ["9s", "8s"] } ]').segments
    assert [(one.round, one.side, one.duration) for one in block if one.kind == "hold"] == [
        (1, "left", 9), (2, "left", 8), (1, "right", 9), (2, "right", 8),
    ]  # fmt: skip


def test_a_round_may_be_as_long_as_one_can_or_as_the_history_says() -> None:
    first, second, third = timeline(
        """[progression.bridge]
        start = "20s"
        goal  = "1min"
        step  = "5s"
        [[block]]
        repeat = 3
        steps  = [ { hold = ["10s", "progression:bridge", "max"], cap = "40s", name = "Bridge" } ]""",
        targets={"Test/bridge": 35.0},
    ).segments
    assert [(one.duration, one.target) for one in (first, second, third)] == [(10, None), (35, 35), (40, None)]
    assert third.counts_up
    assert lead(third) == ["Last round. Bridge, as long as you can."]


def test_a_used_block_has_the_rounds_of_its_own() -> None:
    segments = timeline(
        """[[block]]
        name   = "Ladder"
        aside  = true
        repeat = 2
        steps  = [ { work = ["5s", "6s"] } ]
        [[block]]
        repeat = 3
        steps  = [ { use = "#Ladder" } ]"""
    ).segments
    assert [segment.duration for segment in segments] == [5, 6] * 3


# a line with a manner of its own


def test_a_line_may_have_a_rate_and_an_emphasis_wherever_it_stands() -> None:
    said, hold = timeline(
        """[cues]
        form = [{ text = "Slowly.", rate = 0.8 }]
        [[block]]
        steps = [
          { say = "Lie down.", rate = 1.2, emphasis = "reduced" },
          { hold = "40s", cues = "form", first = "8s", every = "60s", at = {
            half = { text = "Hold!", rate = 0.9, emphasis = "strong" },
            "15s" = { text = "{remaining} to go.", emphasis = true },
          } },
        ]
        [[reminder]]
        cues  = [{ text = "Breathe.", rate = 0.5 }]
        every = "30s"
        """
    ).segments
    found = {cue.role: cue.what for cue in (*said.cues, *hold.cues) if not isinstance(cue.what, Sound)}
    assert found[Role.SAY] == Line("Lie down.", "en", 1.2, -4.0)
    assert found[Role.CUE] == Line("Slowly.", "en", 0.8)
    assert found[Role.REMINDER] == Line("Breathe.", "en", 0.5)
    first, second = (cue.what for cue in hold.cues if cue.role is Role.AT)
    assert isinstance(first, StatedTime)
    assert stated(first, 15.0) == Line("Twenty-five seconds to go.", "en", 0.92, 2.0)
    assert second == Line("Hold!", "en", 0.765, 4.0)


# quiet


NOISY = """[cues]
form = ["Squeeze."]
[[reminder]]
cues  = ["Tall."]
every = "10s"
"""


def voices(segment: Segment) -> set[Role]:
    return {cue.role for cue in segment.cues} & {Role.CUE, Role.REMINDER, Role.AT, Role.COUNTDOWN}


def test_a_quiet_step_has_no_reminders_and_no_pool_cues_and_keeps_all_else() -> None:
    step = '{ hold = "40s", cues = "form", at = { "15s" = "Breathe." }%s }'
    loud, quiet = timeline(f"{NOISY}[[block]]\nsteps = [ {step % ''}, {step % ', quiet = true'} ]").segments
    assert voices(loud) == {Role.CUE, Role.REMINDER, Role.AT, Role.COUNTDOWN}
    assert voices(quiet) == {Role.AT, Role.COUNTDOWN}
    assert heard(quiet, Role.ANNOUNCE)[0] == (20.0, "Halfway.")


def test_the_time_of_a_quiet_step_does_not_count_for_reminders() -> None:
    steps = '{ run = "15s" }, { run = "30s", quiet = true }, { run = "15s" }'
    first, quiet, last = timeline(f"{NOISY}[[block]]\nsteps = [ {steps} ]").segments
    assert [at for at, _ in heard(first, Role.REMINDER)] == [10.0]
    assert not heard(quiet, Role.REMINDER)
    assert [at for at, _ in heard(last, Role.REMINDER)] == [5.0]


def test_all_of_a_quiet_block_is_quiet_and_all_that_a_quiet_use_brings() -> None:
    loud, first, rest, second, used = timeline(
        f"""{NOISY}during = ["rest", "hold"]
        [[block]]
        name  = "Hold"
        steps = [ {{ hold = "40s", cues = "form" }} ]
        [[block]]
        quiet  = true
        repeat = 2
        rest   = "30s"
        steps  = [ {{ use = "#Hold" }} ]
        [[block]]
        steps  = [ {{ use = "#Hold", quiet = true }} ]"""
    ).segments
    assert [one.quiet for one in (loud, first, rest, second, used)] == [False, True, True, True, True]
    assert Role.REMINDER in voices(loud)
    assert not any(voices(one) & {Role.CUE, Role.REMINDER} for one in (first, rest, second, used))
