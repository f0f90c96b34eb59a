"""What a coach would say of a session: told where it is meant, and not where it only looks like it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from voicecoach import script
from voicecoach.arrange.arrangement import Passage
from voicecoach.arrange.arranger import arrangement
from voicecoach.arrange.estimate import Estimate
from voicecoach.review.places import ScriptWarning
from voicecoach.review.warnings import in_turn, warnings_of
from voicecoach.script.codes import Code
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Role

RATE = 24_000


def found(text: str, code: Code) -> list[ScriptWarning]:
    """The warnings of a script under a code."""
    workout = script.load("-", stdin=io.StringIO(text))
    timeline = compile_workout(workout)
    placed = arrangement(timeline, Estimate(RATE), rate=RATE)
    return [warning for warning in warnings_of(workout, timeline, placed) if warning.code == code]


def card(steps: str, more: str = "", language: str = "en") -> str:
    """A script of one block, whose steps stand on line 4."""
    return f'title = "Card"\nlanguage = "{language}"\n[[block]]\nsteps = [ {steps} ]\n{more}'


QUIET = '[announce]\nstyle = "none"\n'


class TestCrowded:
    def test_cues_that_follow_one_upon_another(self) -> None:
        (told,) = found(card('{ hold = "45s", cues = ["Tuck.", "Lift."], every = "4s" }'), Code.CROWDED)
        assert (told.line, told.key) == (4, "block[0].steps[0].cues")
        assert "cues come 4.0 s one after the other" in told.message

    def test_lines_that_fill_more_than_half_of_a_step(self) -> None:
        line = "Lift your hips, and press the floor away with your heels now."
        at = ", ".join(f'"{second}s" = "{line}"' for second in (2, 7, 12, 17, 22))
        (told,) = found(card(f'{{ hold = "30s", at = {{ {at} }} }}'), Code.CROWDED)
        assert told.message.startswith("5 lines fill ")
        assert told.clock is not None

    @pytest.mark.parametrize(
        "step",
        [
            '{ hold = "45s", cues = ["Tuck.", "Lift."] }',
            '{ hold = "45s", cues = ["Tuck.", "Lift."], every = "6s" }',
            '{ hold = "10s", cues = ["Tuck.", "Lift."], every = "3s" }',
            '{ rest = "40s", at = { "5s" = "Lie on your back.", "9s" = "Bend your knees.", "13s" = "Heels in." } }',
        ],
    )
    def test_not_what_leaves_room(self, step: str) -> None:
        assert not found(card(step), Code.CROWDED)

    def test_a_step_that_comes_again_is_told_once(self) -> None:
        steps = card('{ hold = "45s", cues = ["Tuck.", "Lift."], every = "4s" }, { rest = "20s" }', "repeat = 5\n")
        assert len(found(steps, Code.CROWDED)) == 1


class TestRepeated:
    def test_a_line_that_comes_back_within_a_step(self) -> None:
        (told,) = found(card('{ hold = "90s", cues = ["Breathe."], every = "12s" }'), Code.REPEATED)
        assert told.key == "block[0].steps[0].cues"
        assert '"Breathe." is heard 7 times in the step, every 12 s' in told.message

    def test_a_line_of_a_pool_is_told_where_it_stands(self) -> None:
        more = '[cues]\nform = ["Breathe."]\n'
        (told,) = found(card('{ hold = "90s", cues = "form", every = "12s" }', more), Code.REPEATED)
        assert (told.line, told.key) == (6, "cues.form[0]")

    def test_the_lines_of_a_pool_are_told_together(self) -> None:
        more = 'repeat = 40\n[cues]\nform = ["Breathe.", "Tuck."]\n'
        (told,) = found(card('{ hold = "60s", cues = "form", every = "20s" }, { rest = "20s" }', more), Code.REPEATED)
        assert told.key == "cues.form[0]"
        assert (told.times, "40 times in the session" in told.message) == (2, True)

    def test_a_reminder_of_one_line_through_a_long_run(self) -> None:
        more = '[[reminder]]\ncues = ["Run tall."]\nevery = "2min"\n'
        (told,) = found(card('{ run = "90min" }', more), Code.REPEATED)
        assert (told.line, told.key) == (6, "reminder[0].cues[0]")
        assert "44 times in the session" in told.message

    @pytest.mark.parametrize(
        ("steps", "more"),
        [
            ('{ hold = "45s", cues = ["Breathe."], every = "12s" }', ""),
            ('{ hold = "90s", cues = ["Breathe.", "Lift.", "Tuck."], every = "12s" }', ""),
            ('{ run = "40min" }', '[[reminder]]\ncues = ["Run tall."]\nevery = "3min"\n'),
            ('{ run = "5h" }', '[[reminder]]\ncues = ["Drink."]\nevery = "4min"\n'),
        ],
    )
    def test_not_what_is_heard_now_and_then(self, steps: str, more: str) -> None:
        assert not found(card(steps, more), Code.REPEATED)


class TestSides:
    def test_more_for_one_side_is_told_at_the_step_of_the_other(self) -> None:
        steps = '{ hold = "40s", name = "Left calf" },\n { rest = "9s" },\n { hold = "30s", name = "Right calf" }'
        (told,) = found(card(steps), Code.SIDES_UNEQUAL)
        assert (told.line, told.key) == (6, "block[0].steps[2].hold")
        assert told.message == "the left side gets 40s, the right 30s"

    def test_a_side_that_was_forgotten(self) -> None:
        (told,) = found(card('{ hold = "40s", name = "Side plank (R)" }'), Code.SIDES_UNEQUAL)
        assert told.message == "the left side gets nothing, the right 40s"

    def test_in_another_language(self) -> None:
        steps = '{ work = "40s", name = "Wade links" }, { rest = "9s" }, { work = "30s", name = "Wade rechts" }'
        assert len(found(card(steps, language="de"), Code.SIDES_UNEQUAL)) == 1

    def test_repetitions_count_too(self) -> None:
        steps = '{ reps = 8, name = "Lunge left" }, { rest = "9s" }, { reps = 10, name = "Lunge right" }'
        (told,) = found(card(steps), Code.SIDES_UNEQUAL)
        assert told.message == "the left side gets 24s, the right 30s"

    @pytest.mark.parametrize(
        "steps",
        [
            '{ hold = "40s", name = "Calf", sides = true }',
            '{ hold = "40s", name = "Calf", sides = ["Right leg", "Left leg"] }',
            '{ hold = "40s", name = "Calf", sides = ["Left leg", "The sore one"] }',
            '{ hold = "9s", name = "Calf left" }, { rest = "9s" }, { hold = "9s", name = "Calf right" }',
            '{ work = "30s", name = "Left hook" }, { rest = "9s" }, { work = "30s", name = "Right cross" }',
            '{ run = "3min", name = "Left bank" }, { walk = "1min", name = "Right bank" }',
            '{ work = "40s", name = "Left and right twist" }',
            '{ hold = "max", name = "Left leg", cap = "40s" }, { hold = "max", name = "Right leg", cap = "60s" }',
        ],
    )
    def test_not_what_is_the_same_in_all(self, steps: str) -> None:
        assert not found(card(steps), Code.SIDES_UNEQUAL)

    def test_not_what_grows_by_itself_for_each_side(self) -> None:
        grows = "".join(
            f'[progression.{side}]\nstart = "{start}s"\ngoal = "60s"\nstep = "5s"\n'
            for side, start in (("left", 20), ("right", 30))
        )
        steps = ", ".join(f'{{ hold = "progression:{side}", name = "Plank {side}" }}' for side in ("left", "right"))
        assert not found(card(steps, grows), Code.SIDES_UNEQUAL)


class TestSetUp:
    @pytest.mark.parametrize(
        ("steps", "said"),
        [
            ('{ hold = "20s", name = "Plank" }', "begins the session"),
            ('{ work = "20s", name = "Squats" }, { hold = "20s", name = "Plank" }', 'follows right upon "Squats"'),
        ],
    )
    def test_a_hold_out_of_nothing(self, steps: str, said: str) -> None:
        *_, told = found(card(steps, QUIET), Code.NO_SET_UP)
        assert said in told.message
        assert told.key.endswith(".hold")

    @pytest.mark.parametrize(
        ("steps", "more"),
        [
            ('{ hold = "20s", name = "Plank" }', ""),
            ('{ hold = "20s", name = "Plank", intro = "Elbows down." }', QUIET),
            ('{ hold = "20s", name = "Plank" }', f"{QUIET}lead_in = '5s'\n"),
            ('{ say = "Elbows down." }, { hold = "20s", name = "Plank" }', QUIET),
            ('{ rest = "9s" }, { hold = "20s", name = "Plank" }', QUIET),
            ('{ work = "20s", at = { "-6s" = "Then plank." } }, { hold = "20s" }', QUIET),
            ('{ rest = "5s" }, { hold = "9s", name = "Pulse" }, { hold = "9s", name = "Pulse" }', QUIET),
        ],
    )
    def test_not_where_there_is_time_or_a_word(self, steps: str, more: str) -> None:
        assert not found(card(steps, more), Code.NO_SET_UP)


class TestLength:
    LONG = "Push the ground away with every step."

    @pytest.mark.parametrize(
        ("steps", "more", "key"),
        [
            (f'{{ run = "5min", cues = ["{LONG}"] }}', "", "block[0].steps[0].cues[0]"),
            (f'{{ work = "5min", cadence = 170, cues = ["{LONG}"] }}', "", "block[0].steps[0].cues[0]"),
            ('{ reps = 9, cues = "form" }', f'[cues]\nform = ["{LONG}"]\n', "cues.form[0]"),
            (f'{{ walk = "5min", at = {{ half = "{LONG}" }} }}', "", "block[0].steps[0].at.half"),
            ('{ run = "9min" }', f'[[reminder]]\ncues = ["{LONG}"]\nevery = "3min"\n', "reminder[0].cues[0]"),
        ],
    )
    def test_more_than_five_words_in_motion(self, steps: str, more: str, key: str) -> None:
        (told,) = found(card(steps, more), Code.LONG_IN_MOTION)
        assert told.key == key
        assert "has 7 words" in told.message

    @pytest.mark.parametrize(
        ("steps", "more"),
        [
            (f'{{ hold = "5min", cues = ["{LONG}"] }}', ""),
            (f'{{ run = "5min", intro = "{LONG}" }}', ""),
            ('{ run = "5min", cues = ["{remaining} to go, well run."] }', ""),
            ('{ walk = "5min", at = { half = "Turn round here. Run tall, and home." } }', ""),
            (
                '{ run = "9min" }, { hold = "9min" }',
                f'[[reminder]]\ncues = ["{LONG}"]\nevery = "3min"\nduring = ["hold"]\n',
            ),
        ],
    )
    def test_not_what_is_short_or_heard_at_rest(self, steps: str, more: str) -> None:
        assert not found(card(steps, more), Code.LONG_IN_MOTION)

    def test_more_than_twelve_words_anywhere(self) -> None:
        line = "Keep both of your hips on the same level, all the way to the end."
        (told,) = found(card(f'{{ hold = "40s", cues = ["{line}"] }}'), Code.LONG_CUE)
        assert (told.line, told.key) == (4, "block[0].steps[0].cues[0]")
        assert "has 15 words" in told.message
        assert not found(card(f'{{ say = "{line}" }}, {{ hold = "40s", intro = "{line}" }}'), Code.LONG_CUE)


class TestLanguage:
    def test_a_line_in_another_language_is_told_at_its_place(self) -> None:
        steps = '{ say = "Lie on your back." }, { hold = "20s", intro = "Leg dich auf den Rücken." }'
        (told,) = found(card(steps), Code.OTHER_LANGUAGE)
        assert told.key == "block[0].steps[1].intro"
        assert 'looks like "de"' in told.message

    def test_a_script_in_another_language_is_told_once(self) -> None:
        pool = '[cues]\nform = ["Spann den Po an.", "Atme ruhig weiter.", "Halte das Becken gerade."]\n'
        text = card('{ hold = "60s", cues = "form" }', pool)
        (told,) = found(text, Code.OTHER_LANGUAGE)
        assert (told.line, told.key) == (2, "language")
        assert 'write language = "de"' in told.message
        (told,) = found(text.replace('language = "en"\n', ""), Code.OTHER_LANGUAGE)
        assert (told.line, told.key) == (1, "")
        assert not found(text.replace('"en"', '"de"'), Code.OTHER_LANGUAGE)


def test_what_is_left_for_the_voice_is_told_with_what_it_gets() -> None:
    (told,) = found(card('{ say = "Hold 300 mW for 20 s." }'), Code.MISREAD)
    assert told.message.startswith('"300 mW" is no word')
    assert 'the line is said as "Hold 300 mW for twenty seconds."' in told.message
    assert not found(card('{ say = "Hold 300 mW." }', '[pronounce]\nmW = "milliwatts"\n'), Code.MISREAD)


class TestSilences:
    STEP = '{ hold = "45s", cues = ["Tuck.", "Lift.", "Breathe."], every = "4s", switch = "9s" },'

    def warnings(self, text: str) -> list[str]:
        workout = script.load("-", stdin=io.StringIO(text))
        timeline = compile_workout(workout)
        placed = arrangement(timeline, Estimate(RATE), rate=RATE)
        return [f"{warning.line} {warning.code}" for warning in warnings_of(workout, timeline, placed)]

    def test_only_what_is_named_at_its_step(self) -> None:
        steps = f"\n  {self.STEP}  # check: ok VC120, a drill\n  {self.STEP}\n"
        assert self.warnings(card(steps)) == ["5 VC130", "6 VC130", "6 VC120"]

    def test_all_of_a_file(self) -> None:
        assert self.warnings(f"# check: ok VC120 VC130\n{card(self.STEP)}") == []

    def test_a_step_alike_is_told_of_all_the_same(self) -> None:
        late = '{ hold = "40s", at = { "10s" = "One two three four.", "10.5s" = "Five." } },'
        assert self.warnings(card(f"\n  {late}\n  {late}\n")) == ["5 VC101", "6 VC101"]
        assert self.warnings(card(f"\n  {late}  # check: ok VC101\n  {late}\n")) == ["6 VC101"]

    def test_one_that_is_not_needed_is_told_but_for_what_the_voice_decides(self) -> None:
        text = card(f'\n  {{ hold = "45s" }},  # check: ok VC130 VC120 VC101\n  {self.STEP}  # check: ok VC120 VC130\n')
        assert self.warnings(text) == ["5 VC190"]

    def test_one_that_can_silence_nothing_is_told(self) -> None:
        text = card('\n  { hold = "45s" },  # check: ok VC777\n  # check: ok VC002\n  # check: ok\n { rest = "9s" }')
        assert self.warnings(text) == ["5 VC191", "6 VC191", "7 VC191"]


def test_what_is_about_keys_is_told_before_anything_is_placed() -> None:
    workout = script.load("-", stdin=io.StringIO(card('{ hold = "9s", switch = "5s" }')))
    timeline = compile_workout(workout)

    class Unplaced(Sequence[Passage]):
        def __len__(self) -> int:
            return 1

        def __getitem__(self, index: object) -> Any:
            raise AssertionError("a passage was asked for")

    placed = replace(arrangement(timeline, Estimate(RATE), rate=RATE), passages=Unplaced())
    assert next(in_turn(workout, timeline, placed)).code == Code.NO_EFFECT


@pytest.mark.parametrize(
    "step",
    [
        '{ hold = "60s", cues = ["Tuck.", "Lift."], every = "10s" }',
        '{ run = "2min", cues = ["Tuck.", "Lift."], first = "59s", every = "30s" }',
        '{ reps = 8, tempo = "4-2-2", at = { "rep 4" = "Half." } }',
    ],
)
def test_what_waits_for_a_word_that_has_its_second_is_not_late(step: str) -> None:
    assert found(card(step), Code.LATE) == []


def test_words_are_counted_by_their_letters_where_they_are_short() -> None:
    """Told in 1.28 s by the voice that speaks if nothing else is asked for, and easily followed."""
    step = '{ hold = "40s", at = { "15s" = "Tell me when you are ready." } }'
    workout = script.load("-", stdin=io.StringIO(card(step)))
    timeline = compile_workout(workout)
    placed = arrangement(timeline, Estimate(RATE), rate=RATE)
    (passage,) = placed.passages
    said = tuple(
        each._replace(end=each.start + int(1.28 * RATE)) if each.role is Role.AT else each
        for each in passage.placements
    )
    quick = replace(placed, passages=(passage._replace(placements=said),))
    assert [each.code for each in warnings_of(workout, timeline, quick) if each.code == Code.TOO_FAST] == []


def test_a_reminder_that_comes_late_is_told_at_the_reminder() -> None:
    more = '[[reminder]]\ncues = ["Run tall."]\nevery = "30s"\n[[reminder]]\ncues = ["Quiet feet."]\nevery = "70s"\n'
    step = '{ run = "65s", at = { "29.5s" = "Turn round at the big tree now." } }'
    (told,) = found(card(step, more), Code.LATE)
    assert (told.line, told.key) == (5, "reminder[0]")
    assert 'the reminder "Run tall." starts ' in told.message
