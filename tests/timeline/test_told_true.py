"""Lines that state a time tell the truth where they are heard; starts are marked; what fits is counted."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from voicecoach import script
from voicecoach.arrange import arranger
from voicecoach.arrange.arrangement import Arrangement, Dropped, Passage, Placement
from voicecoach.arrange.estimate import Estimate
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Line, Role, Sound, Timeline

RATE = 1000
LONG = "Now gather everything you have got left for the very last seconds of this."


def arranged(tmp_path: Path, text: str) -> tuple[Timeline, Arrangement]:
    path = tmp_path / "script.toml"
    path.write_text(f'title = "T"\n{text}', encoding="utf-8")
    timeline = compile(script.load(path))
    return timeline, arranger.arrangement(timeline, Estimate(RATE), rate=RATE)


def steps(tmp_path: Path, text: str) -> list[Passage]:
    return list(arranged(tmp_path, f"[[block]]\nsteps = [ {text} ]\n")[1].passages)


def said(passage: Passage) -> list[str]:
    return [one.what.text for one in passage.placements if isinstance(one.what, Line)]


def counted(passage: Passage) -> list[float]:
    """Seconds from the end of the step."""
    return [(passage.end - one.start) / RATE for one in passage.placements if one.role is Role.COUNTDOWN]


@pytest.mark.slow
@pytest.mark.parametrize("before", ['{ rest = "5s" }', '{ rest = "12s" }', '{ rest = "19s" }', '{ rest = "40s" }'])
@pytest.mark.parametrize("start", ['{ work = "20s", name = "B" }', '{ hold = "20s" }', '{ run = "20s" }'])
@pytest.mark.parametrize("style", ["both", "beep"])
def test_a_start_is_marked_however_it_is_reached(tmp_path: Path, before: str, start: str, style: str) -> None:
    for way in (before, before.replace("}", ", countdown = 0 }"), '{ say = "Go." }', '{ ready = "Ready?" }', ""):
        between = f"{way}," if way else ""
        steps = f'{{ work = "20s" }}, {between} {start}'
        text = f'[announce]\nstyle = "{style}"\n[[block]]\nsteps = [ {steps} ]\n'
        passage = arranged(tmp_path, text)[1].passages[-1]
        heard = [p for each in arranged(tmp_path, text)[1].passages for p in each.placements]
        tones = {one.start for one in heard if isinstance(one.what, Sound) and one.role is Role.BOUNDARY}
        assert passage.start in tones


def test_right_behind_another_step_the_tone_of_its_end_marks_the_start_unless_there_is_one_of_its_own(
    tmp_path: Path,
) -> None:
    (tmp_path / "bell.wav").write_bytes(b"")
    steps = '[[block]]\nsteps = [ { run = "20s" }, { walk = "20s" } ]\n'
    assert arranged(tmp_path, steps)[0].segments[0].cues[-1].what == Sound("end")
    own = arranged_only(tmp_path, f'[sounds]\n"start.walk" = "bell.wav"\n{steps}')
    starts = [cue.what for cue in own.segments[1].cues if cue.at == 0 and cue.role is Role.BOUNDARY]
    assert starts == [Sound("start", tmp_path / "bell.wav")]


def arranged_only(tmp_path: Path, text: str) -> Timeline:
    path = tmp_path / "script.toml"
    path.write_text(f'title = "T"\n{text}', encoding="utf-8")
    return compile(script.load(path))


@pytest.mark.parametrize(
    ("step", "first"),
    [
        ('{ work = "8s", name = "Go", countdown = 10 }', 7),
        ('{ work = "10s", name = "Go", countdown = 10 }', 9),
        ('{ work = "30s", name = "Go", countdown = 60 }', 29),
        ('{ work = "20s", name = "Go", countdown = 10 }', 10),
    ],
)
def test_a_countdown_as_long_as_its_step_counts_what_fits(tmp_path: Path, step: str, first: int) -> None:
    assert counted(steps(tmp_path, step)[0]) == list(range(first, 0, -1))


@pytest.mark.parametrize("rest", ["10s", "12s", "15s"])
def test_a_rest_counts_from_where_its_words_end(tmp_path: Path, rest: str) -> None:
    _, resting, _ = steps(tmp_path, f'{{ work = "20s" }}, {{ rest = "{rest}", countdown = 20 }}, {{ work = "20s" }}')
    assert "Next: Work." in said(resting)[0]
    numbers = counted(resting)
    words = next(one for one in resting.placements if one.role is Role.ANNOUNCE)
    assert numbers == list(range(len(numbers), 0, -1))
    assert len(numbers) >= 5
    assert resting.end - RATE * len(numbers) >= words.end
    assert resting.end - resting.start == int(rest[:-1]) * RATE
    assert [one.role for one in resting.dropped] == [Role.COUNTDOWN] * (int(rest[:-1]) - 1 - len(numbers))


def test_a_built_in_line_is_left_out_rather_than_told_when_it_is_false(tmp_path: Path) -> None:
    (work,) = steps(tmp_path, f'{{ work = "30s", name = "A", at = {{ "-12s" = "{LONG}" }} }}')
    assert "Ten seconds left." not in said(work)
    (missing,) = work.dropped
    assert missing.what == Line("Ten seconds left.", "en")
    assert "would not be true" in missing.why


def test_a_line_at_the_place_of_a_built_in_one_stands_in_its_stead(tmp_path: Path) -> None:
    places = '"-10s" = "Ten to go.", half = "Half.", "20.5s" = "Third."'
    (work,) = steps(tmp_path, f'{{ work = "60s", at = {{ {places} }} }}')
    assert not {"Ten seconds left.", "Halfway."} & set(said(work))
    assert not work.dropped


def test_figures_are_those_of_the_place_where_the_line_is_heard(tmp_path: Path) -> None:
    places = f'"20s" = "{LONG}", "21s" = "{{elapsed}} done, {{remaining}} to go."'
    (work,) = steps(tmp_path, f'{{ work = "60s", name = "A", at = {{ {places} }} }}')
    told = next(one for one in work.placements if one.moved)
    at = round((told.start - work.start) / RATE)
    assert at > 22
    words = {22: "twenty-two", 23: "twenty-three", 24: "twenty-four", 25: "twenty-five", 26: "twenty-six"}
    assert isinstance(told.what, Line)
    assert told.what.text.startswith(f"{words[at].capitalize()} seconds done,")


def test_the_session_is_told_too(tmp_path: Path) -> None:
    text = (
        '[announce]\nsession_halfway = true\n[[block]]\nsteps = [ { say = "Off we go." }, { run = "20min", '
        'at = { "5min" = "{session_elapsed} gone, {session_remaining} left." } }, { walk = "10min", '
        'at = { "5min" = "Step {step} of {steps}, {session_remaining} left." } } ]'
    )
    _, run, walk = arranged(tmp_path, text)[1].passages
    assert "Five minutes one second gone, twenty-five minutes left." in said(run)
    assert "Step two of two, five minutes left." in said(walk)
    half = next(p for p in run.placements if p.what == Line("Halfway through the workout.", "en"))
    assert half.start / RATE == pytest.approx(15 * 60, abs=2)


def test_a_line_at_a_repetition(tmp_path: Path) -> None:
    (reps,) = steps(tmp_path, '{ reps = 8, each = "4s", at = { "rep 6" = "Slow.", "last rep" = "Last one." } }')
    places = {p.what.text: (p.start - reps.start - p.moved) / RATE for p in reps.placements if p.role is Role.AT}  # type: ignore[union-attr]
    assert places == {"Slow.": 20.0, "Last one.": 28.0}


def test_a_line_before_the_end_never_comes_behind_it(tmp_path: Path) -> None:
    text = (
        '[announce]\nremaining = ["5s"]\ncountdown = 5\n[[block]]\nsteps = [ { hold = "20s", name = "A", '
        'at = { "-1s" = "Keep holding, nearly there." } }, { rest = "30s" }, { hold = "20s" } ]'
    )
    hold = arranged(tmp_path, text)[1].passages[0]
    assert "Keep holding, nearly there." not in said(hold)
    assert Line("Keep holding, nearly there.", "en") in [one.what for one in hold.dropped]


def test_the_switch_of_sides_is_exact_and_counted(tmp_path: Path) -> None:
    _, switch, right = steps(tmp_path, '{ hold = "20s", name = "Side plank", sides = true, switch = "15s" }')
    assert (switch.end - switch.start) / RATE == 15
    assert right.start == switch.end
    assert counted(switch) == [3, 2, 1]
    assert right.placements[0].what == Sound("start")


def test_a_rest_that_grows_for_the_next_lead_says_that_it_is_one_and_keeps_its_marks(tmp_path: Path) -> None:
    long = "Lie on your back, bend your knees, heels close to your bum, arms flat, and breathe out slowly."
    _, rest, _ = steps(
        tmp_path,
        f'{{ work = "20s" }}, {{ rest = "8s", at = {{ "-1s" = "Up." }} }}, {{ hold = "20s", intro = "{long}" }}',
    )
    assert rest.end - rest.start > 8 * RATE
    assert said(rest)[0] == "Rest."
    cues: list[Placement | Dropped] = [*rest.placements, *rest.dropped]
    up = next(one for one in cues if one.what == Line("Up.", "en"))
    assert rest.end - up.start <= RATE


def test_reminders_keep_their_distance_and_those_of_one_rhythm_take_turns(tmp_path: Path) -> None:
    both = (
        '[[reminder]]\ncues = ["Posture."]\nevery = "30s"\n[[reminder]]\ncues = ["Drink."]\nevery = "60s"\n'
        '[[reminder]]\ncues = ["Breathe."]\nevery = "60s"\n[[block]]\nsteps = [ { run = "10min" } ]\n'
    )
    (run,) = arranged(tmp_path, both)[1].passages
    at = sorted((one.start - run.start) / RATE for one in run.placements if one.role is Role.REMINDER)
    assert len(at) == 19 + 9 + 9
    assert min(after - before for before, after in pairwise(at)) >= 6
    drink, breathe = (
        [one.start for one in run.placements if one.what == Line(text, "en")] for text in ("Drink.", "Breathe.")
    )
    assert abs(drink[0] - breathe[0]) >= 25 * RATE


def test_a_walk_says_what_comes_next_where_the_script_wishes_it(tmp_path: Path) -> None:
    walk, _ = steps(tmp_path, '{ walk = "90s", next = true }, { run = "1min", name = "Fast" }')
    assert said(walk)[0] == "Walk, one minute thirty. Next: Fast."


@pytest.mark.parametrize("style", ["both", "voice"])
def test_in_a_language_without_phrases_nothing_built_in_is_said(tmp_path: Path, style: str) -> None:
    text = (
        f'language = "pl"\n[announce]\nstyle = "{style}"\n[[block]]\nsteps = [ {{ hold = "30s", name = "Deska", '
        'at = { "12s" = "Jeszcze {remaining}, 2,5 kg." } } ]\n'
    )
    (hold,) = arranged(tmp_path, text)[1].passages
    assert said(hold) == ["Jeszcze 18 s, 2,5 kg."]
    tones = [one.what.name for one in hold.placements if isinstance(one.what, Sound)]
    assert tones == ["start", "halfway", "countdown", "countdown", "countdown", "end"]
