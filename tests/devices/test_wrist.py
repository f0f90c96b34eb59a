"""The steps on the wrist: which there are, how long they are, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watch_sessions import QUIET, RATE, TITLED, scripts, session

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.devices import wrist
from voicecoach.devices.wrist import NAME_BYTES, NOTES_BYTES, Phase, Repeat, Sport, Step, Wrist, cut
from voicecoach.timeline.model import Timeline


def shown(text: str, titled: str = TITLED) -> Wrist:
    return wrist.of(*session(text, titled))


def rows(found: Wrist) -> list[str]:
    """Each row as one reads it on the wrist."""

    def one(step: Step) -> str:
        return f"{step.name} {'open' if step.open else f'{step.reps} reps' if step.reps else f'{step.seconds:g}'}"

    return [
        f"{row.times} × ({', '.join(map(one, row.steps))})" if isinstance(row, Repeat) else one(row)
        for row in found.rows
    ]


def test_rounds_are_a_repeat_and_the_last_one_stands_alone_where_no_rest_follows_it() -> None:
    found = shown('[[block]]\nrepeat = 4\nrest = "30s"\nsteps = [ { hold = "45s", name = "Bridge" } ]', QUIET)
    assert rows(found) == ["3 × (Bridge 45, Rest 30)", "Bridge 45"]
    assert found.count == 4
    assert [step.name for step in found.unrolled()] == ["Bridge", "Rest"] * 3 + ["Bridge"]


def test_a_round_that_begins_otherwise_is_told_by_itself() -> None:
    found = shown(
        """[[block]]
        repeat = 4
        steps = [
          { run = "10s", name = "Sprint", rounds = "first" }, { run = "1min", name = "Fast", rounds = "not first" },
          { walk = "1min", name = "Easy" },
        ]""",
        QUIET,
    )
    assert rows(found) == ["Sprint 10", "3 × (Easy 60, Fast 60)", "Easy 60"]


def test_steps_that_are_written_out_are_a_repeat_too() -> None:
    steps = '{ run = "1min" }, { walk = "90s" }, ' * 8
    assert rows(shown(f"[[block]]\nsteps = [ {steps} ]", QUIET)) == ["8 × (Run 60, Walk 90)"]


def test_other_lengths_names_or_sides_are_no_repeat() -> None:
    steps = '{ hold = "10s" }, { hold = "11s" }, { hold = "10s", name = "Bridge", sides = true, switch = "0s" }'
    assert rows(shown(f"[[block]]\nsteps = [ {steps} ]", QUIET)) == [
        "Hold 10", "Hold 11", "Bridge, left 10", "Bridge, right 10",
    ]  # fmt: skip


def test_a_ladder_is_no_repeat_and_its_even_rounds_are() -> None:
    ladder = (
        'repeat = 4\nrest = ["10s", "20s", "20s"]\nsteps = [ { work = ["20s", "40s", "40s", "1min"], name = "Row" } ]'
    )
    assert rows(shown(f"[[block]]\n{ladder}", QUIET)) == ["Row 20", "Rest 10", "2 × (Row 40, Rest 20)", "Row 60"]


def test_a_step_that_waits_for_the_person_is_open_and_repetitions_are_counted() -> None:
    found = shown(
        """[[block]]
        steps = [
          { ready = "Find a wall.", or = "20s" }, { hold = "max", cap = "50s", name = "Wall sit" },
          { reps = 8, each = "4s", name = "Squat" },
        ]""",
        QUIET,
    )
    assert rows(found) == ["Find a wall. open", "Wall sit open", "Squat 8 reps"]
    assert found.seconds == 0
    assert [step.seconds for step in found.unrolled()] == [20, 50, 32]


def test_a_hold_that_grows_is_as_long_as_today() -> None:
    found = shown(
        '[progression.bridge]\nstart = "20s"\ngoal = "1min"\nstep = "5s"\n'
        '[[block]]\nsteps = [ { hold = "progression:bridge" } ]',
        QUIET,
    )
    assert rows(found) == ["Hold 20"]


def test_what_is_said_before_a_clock_is_a_step_that_tells_what_comes() -> None:
    found = shown(
        """[[block]]
        steps = [
          { say = "Lie on your back.", pause = "5s" }, { say = "Arms up. [pause 2s] Off the floor." },
          { hold = "30s", name = "Bridge", intro = "Tuck, and lift." },
        ]"""
    )
    lead, bridge, end = found.rows
    assert isinstance(lead, Step) and isinstance(bridge, Step) and isinstance(end, Step)
    assert (lead.name, lead.phase) == ("Next: Bridge", Phase.REST)
    assert lead.notes == "Lie on your back. Arms up. … Off the floor. Tuck, and lift."
    assert (bridge.name, bridge.notes, bridge.seconds) == ("Bridge", "Tuck, and lift.", 30)
    assert end.name == "Workout complete. Well done."


def test_a_rest_takes_the_lead_of_the_next_step_and_its_own_words_in() -> None:
    timeline, arrangement = session(
        '[announce]\ncomplete = false\n[[block]]\nsteps = [ { run = "10s" }, '
        '{ rest = "2s", intro = "Shake out your legs, both of them." }, '
        '{ hold = "10s", name = "A hold with a very long name", intro = "And with a very long way into it, too." } ]'
    )
    *_, hold = arrangement.passages
    found = wrist.of(timeline, arrangement)
    run, rest, last, tail = found.unrolled()
    assert (run.seconds, last.seconds) == (10, 10)
    assert (tail.name, tail.seconds) == ("Test", 1)  # the last tone rings
    assert (rest.name, rest.phase) == ("Rest", Phase.REST)
    assert rest.seconds == round(hold.start / RATE - 10) > 5


def test_the_notes_of_what_is_said_last_hold_no_more_than_that() -> None:
    timeline, arrangement = session(
        '[announce]\ncomplete = false\n[[block]]\nsteps = [ { hold = "10s", name = "Bridge" }, '
        '{ say = "Shake out your legs." } ]'
    )
    *_, tail = wrist.of(timeline, arrangement).unrolled()
    assert (tail.name, tail.notes) == ("Shake out your legs.", "")


def test_rounds_whose_leads_are_not_of_one_length_are_one_repeat_that_never_strays() -> None:
    timeline, arrangement = session('[[block]]\nrepeat = 12\nsteps = [ { hold = "20s", name = "Plank" } ]')
    leads = {passage.lead for passage in arrangement.passages}
    assert len(leads) > 1
    found = wrist.of(timeline, arrangement)
    assert sum(isinstance(row, Repeat) for row in found.rows) >= 1
    assert found.count < 12
    assert_in_time(found, timeline, arrangement)


def test_notes_are_the_cues_of_every_round_without_what_belongs_to_one_second() -> None:
    found = shown(
        """[cues]
        form = ["Tuck.", "Lift.", "Breathe.", "Level."]
        [[reminder]]
        cues = ["Smile."]
        every = "20s"
        [[block]]
        repeat = 3
        steps = [ { work = "40s", name = "Bridge", cues = "form", every = "15s", at = { half = "Half of it." } } ]""",
    )
    assert {step.notes for step in found.unrolled() if step.name == "Bridge"} == {"Tuck. Lift. Breathe. Level. Smile."}


@pytest.mark.parametrize(
    ("steps", "sport"),
    [
        ('{ run = "10min" }, { hold = "1min" }', Sport.RUNNING),
        ('{ walk = "10min" }, { run = "1min" }', Sport.RUNNING),
        ('{ walk = "10min" }', Sport.WALKING),
        ('{ walk = "1min" }, { hold = "2min" }', Sport.STRENGTH),
        ('{ reps = 8 }, { work = "2min" }', Sport.STRENGTH),
        ('{ work = "40s" }, { rest = "20s" }', Sport.CARDIO),
    ],
)
def test_the_sport_is_what_takes_most_of_the_time(steps: str, sport: Sport) -> None:
    assert shown(f"[[block]]\nsteps = [ {steps} ]", QUIET).sport is sport


@pytest.mark.parametrize(
    ("block", "name", "phase"),
    [
        ("Warm-up", "Easy", Phase.WARM_UP),
        ("Main", "Warm-up bridge", Phase.WARM_UP),
        ("COOL DOWN", "Easy", Phase.COOL_DOWN),
        ("Einlaufen", "Locker", Phase.WARM_UP),
        ("Échauffement", "Facile", Phase.WARM_UP),
        ("Swarm upwards", "Easy", Phase.ACTIVE),
    ],
)
def test_a_name_tells_of_a_warm_up_or_a_cool_down(block: str, name: str, phase: Phase) -> None:
    (step,) = shown(f'[[block]]\nname = "{block}"\nsteps = [ {{ run = "1min", name = "{name}" }} ]', QUIET).unrolled()
    assert step.phase is phase


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("Glute bridge", ("hip_raise", "hip_raise")),
        ("Single-leg bridge", ("hip_raise", "single_leg_hip_raise")),
        ("Kurze Brücke", ("hip_raise", "hip_raise")),
        ("Side plank", ("plank", "side_plank")),
        ("Split squat", ("squat",)),
        ("Cambridge", ()),
    ],
)
def test_a_name_tells_of_an_exercise_that_watches_know(name: str, exercise: tuple[str, ...]) -> None:
    text = f'[[block]]\nsteps = [ {{ hold = "9s", name = "{name}" }}, {{ rest = "9s", name = "{name}" }} ]'
    step, rest = shown(text, QUIET).unrolled()
    assert (step.exercise, rest.exercise) == (exercise, ())


def test_what_says_only_a_time_has_the_name_of_the_workout() -> None:
    found = shown(
        '[[block]]\nsteps = [ { say = "{session_remaining}." }, { ready = "{session_elapsed}?" }, { work = "9s" } ]',
        QUIET,
    )
    assert [step.name for step in found.unrolled()][1:] == ["Test", "Work"]


def test_words_alone_are_no_steps_for_a_watch() -> None:
    assert shown('[[block]]\nsteps = [ { say = "Breathe in." }, { say = "Breathe out." } ]').rows == ()


def test_a_name_of_the_script_is_never_lost() -> None:
    found = shown(
        """[[block]]
        steps = [
          { hold = "5s", name = "ブリッジを四十五秒しっかりと保って息を止めない" }, { hold = "6s", name = "🏋️‍♀️🔥" },
          { hold = "7s", name = "Ein außergewöhnlich ausdauerndes Einbeinbrückenhalten" },
        ]""",
        QUIET,
    )
    names = [step.name for step in found.unrolled()]
    assert names == ["ブリッジを四十五秒しっか…", "🏋️‍♀️🔥", "Ein außergewöhnlich ausdauerndes…"]
    assert all(len(name.encode()) <= NAME_BYTES for name in names)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Squeeze your glutes.", 40, "Squeeze your glutes."),
        ("Squeeze your glutes.", 20, "Squeeze your glutes."),
        ("Squeeze your glutes.", 19, "Squeeze your…"),
        ("  two\nlines\x07 ", 40, "two lines"),
        ("Up, and down.", 9, "Up…"),
        ("Donaudampfschiff", 10, "Donauda…"),
        ("é" * 9, 9, "ééé…"),
        ("e\u0301" * 9, 9, "e\u0301e\u0301…"),
        ("👩‍👩‍👧‍👦 family", 12, "👩…"),
        ("👩‍👩‍👧‍👦 family", 14, "👩‍👩…"),
        ("\ud800 lone", 40, "lone"),
        ("", 40, ""),
    ],
)
def test_a_text_is_cut_between_words(text: str, most: int, short: str) -> None:
    assert cut(text, most) == short
    assert len(short.encode()) <= most


@given(st.text(max_size=120), st.integers(8, 80))
def test_no_cut_breaks_a_word_or_says_too_much(text: str, most: int) -> None:
    short = cut(text, most)
    assert len(short.encode()) <= most
    assert short.isprintable() or any(not letter.isprintable() for letter in text)
    words = cut(text, 10_000).split()
    kept = short.removesuffix("…").split()
    if short.endswith("…") and len(kept) > 1:
        assert all(word.startswith(part) for part, word in zip(kept[-1:], words[len(kept) - 1 :], strict=False))
    assert kept[:-1] == words[: max(0, len(kept) - 1)]


def assert_in_time(found: Wrist, timeline: Timeline, arrangement: Arrangement) -> None:
    """The watch's steps are the audio's: as long in all, and each begins when the voice's clock does."""
    assert sum(step.seconds for step in found.unrolled()) == pytest.approx(arrangement.frames / RATE, abs=1)
    assert found.heard == arrangement.frames / RATE
    clocks = [
        (segment.name, passage.start / RATE)
        for segment, passage in zip(timeline.segments, arrangement.passages, strict=True)
        if segment.duration is not None and segment.kind not in ("rest", "ready")
    ]
    assert [name for name, _ in begun(found)] == [wrist.cut(name, NAME_BYTES) for name, _ in clocks]
    for (_, told), (_, heard) in zip(begun(found), clocks, strict=True):
        assert told == pytest.approx(heard, abs=0.5 + wrist.DRIFT)


def begun(found: Wrist) -> Iterator[tuple[str, float]]:
    """Name and start of each step that is done, by the watch's clock."""
    at = 0.0
    for step in found.unrolled():
        if step.phase is not Phase.REST:
            yield step.name.split(",")[0], at
        at += step.seconds


@pytest.mark.slow
@given(scripts())
def test_the_watch_keeps_time_with_the_voice(text: str) -> None:
    timeline, arrangement = session(text)
    found = wrist.of(timeline, arrangement)
    if found.rows:
        assert_in_time(found, timeline, arrangement)
        for step in found.unrolled():
            assert step.name
            assert len(step.name.encode()) <= NAME_BYTES
            assert len(step.notes.encode()) <= NOTES_BYTES


@pytest.mark.slow
def test_ten_thousand_rounds_are_one_repeat() -> None:
    found = shown(
        '[[block]]\nrepeat = 10_000\nsteps = [ { run = "8s" }, { walk = "4s" } ]',
        QUIET,
    )
    assert rows(found) == ["10000 × (Run 8, Walk 4)"]
