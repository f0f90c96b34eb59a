"""The models of a script: what each value becomes, and what it may not be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from voicecoach.errors import near
from voicecoach.script import values
from voicecoach.script.model import STEP_MODELS, Hold, Ready, Reps, Script, Step, Timed
from voicecoach.script.values import MAX_TEXT, PLACEHOLDERS, Place, RoundRange

TIMED = {"hold": "45s", "work": "45s", "run": "45s", "walk": "45s", "rest": "45s", "reps": 10}


def step(**keys: Any) -> Step:
    """A step as a script with nothing else in it has it."""
    return Script.model_validate({"title": "Card", "block": [{"steps": [keys]}]}).block[0].steps[0]


def mistake(check: Any, value: object) -> str:
    """What a check says about a value."""
    with pytest.raises(ValueError) as error:
        check(value)
    return str(error.value)


@pytest.mark.parametrize("kind", TIMED)
def test_any_timed_step_may_add_what_the_format_lists(kind: str) -> None:
    found = step(
        **{kind: TIMED[kind]},
        name="Bridge",
        intro="Tuck, and lift.",
        cues=["Lift.", {"text": "Tuck.", "weight": 2}],
        every="8s",
        first="4s",
        order="shuffle",
        at={"10s": "Now.", "half": "Half.", "75%": "Nearly.", "-5s": "Last ones."},
        countdown=5,
        halfway="Half way.",
        sides=["links", "rechts"],
        switch="3s",
        cadence=180,
        rounds="not first",
    )
    assert isinstance(found, Timed)
    assert found.kind == kind
    assert (found.every, found.first, found.switch, found.sides) == (8.0, 4.0, 3.0, ("links", "rechts"))
    assert [place.within(40.0) for place in found.at] == [10.0, 20.0, 30.0, 35.0]
    assert found.rounds is not None
    assert not found.rounds.includes(1, 3)


def test_a_step_is_of_the_kind_of_its_key() -> None:
    others = {"say": "Hello.", "ready": "Ready?", "ask": "Well?", "use": "#Bridge"}
    for kind, value in {**TIMED, **others}.items():
        found = step(**{kind: value}, **({"answers": [{"label": "Yes"}]} if kind == "ask" else {}))
        assert type(found) is STEP_MODELS[kind]


def test_a_hold_may_be_open_or_grow() -> None:
    growing, fixed, open_ended = step(hold="progression:bridge"), step(hold="1:30"), step(hold="max", cap="2min")
    assert isinstance(open_ended, Hold)
    assert (open_ended.hold, open_ended.cap) == ("max", 120.0)
    assert isinstance(growing, Hold)
    assert isinstance(fixed, Hold)
    assert (growing.progression, fixed.progression, fixed.hold) == ("bridge", None, 90.0)


def test_the_pace_of_reps_is_told_by_tempo_or_each() -> None:
    paces: list[dict[str, Any]] = [{}, {"each": "2s"}, {"tempo": "3-1-2"}, {"tempo": "3-1-2-0"}]
    assert [Reps.model_validate({"reps": 5, **pace}).rep_seconds for pace in paces] == [3.0, 2.0, 6.0, 6.0]


def test_a_wait_is_written_or_in_a_script_and_wait_in_python() -> None:
    assert step(ready="Ready?", **{"or": "5s"}) == Ready.model_validate({"ready": "Ready?", "wait": "5s"})


def test_models_are_frozen() -> None:
    found: Any = step(say="Hello.")
    with pytest.raises(ValidationError, match="frozen"):
        found.say = "Bye."


@pytest.mark.parametrize("value", ["3", 3.0, True])
def test_a_whole_number_is_no_text_no_fraction_and_no_flag(value: object) -> None:
    with pytest.raises(ValidationError):
        step(reps=value)


@given(
    st.builds(RoundRange, st.integers(1, 6), st.none() | st.integers(1, 6)) | st.just(RoundRange(only_last=True)),
    st.integers(1, 8),
)
@settings(max_examples=100, deadline=None)
def test_rounds_are_counted_as_they_happen(range_: RoundRange, rounds: int) -> None:
    assert range_.count(rounds) == sum(range_.includes(number, rounds) for number in range(1, rounds + 1))


def test_rounds_are_chosen_in_words_or_numbers() -> None:
    chosen = {
        text: [number for number in range(1, 6) if values.round_range(text).includes(number, 5)]
        for text in ("first", "last", "not first", "3", "2-4", " 2 - 4 ")
    }
    assert chosen == {
        "first": [1], "last": [5], "not first": [2, 3, 4, 5], "3": [3], "2-4": [2, 3, 4], " 2 - 4 ": [2, 3, 4],
    }  # fmt: skip
    assert "names no round" in mistake(values.round_range, "4-2")
    assert "names no round" in mistake(values.round_range, "0-2")
    assert "not a choice of rounds" in mistake(values.round_range, "even")


def test_a_place_is_a_time_a_share_or_a_time_before_the_end() -> None:
    assert values.place("10s") == Place(seconds=10.0)
    assert values.place("-10s") == Place(seconds=10.0, from_end=True)
    assert values.place("half") == values.place("halfway") == values.place("50%") == Place(share=0.5)
    assert "lies after the step" in mistake(values.place, "101%")
    assert "not a place" in mistake(values.place, "third")


def test_a_text_may_hold_placeholders_braces_and_short_pauses() -> None:
    for line in ["Lift.", "{{x}}", "Now [pause 1.5s] lift.", *(f"{{{name}}} left" for name in PLACEHOLDERS)]:
        assert values.text(line) == line


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "the text is empty"),
        (" \n", "the text is empty"),
        ("x" * (MAX_TEXT + 1), "2001 characters; at most 2000"),
        ("{nmae}", 'unknown name {nmae} (did you mean "name"?)'),
        ("a { b", 'write "{{" for a brace'),
        ("a } b", 'write "}}" for a brace'),
        ("[pause 3]", '"3" has no unit'),
        ("[pause]", "is not a duration"),
        ("[pause 40s] x [pause 40s]", "last 1m20s; at most 1m"),
        ('In. <break time="3s"/> Out.', 'would be read aloud (write "[pause 3s]")'),
        ("[silent 1s] Lift.", '"[silent 1s]" is a mark of another tool and would be read aloud (write "[pause 1s]")'),
        ("[PAUSE:5] Lift.", 'write "[pause 5s]"'),
        ("{pause 2s} Lift.", 'write "[pause 2s]"'),
        ("[[beep]] Lift.", 'leave it out; a silence is written "[pause 2s]"'),
        ("<emphasis>Lift</emphasis>", 'leave it out; a silence is written "[pause 2s]"'),
    ],
)
def test_a_text_that_cannot_be_spoken_is_refused(line: str, message: str) -> None:
    assert message in mistake(values.text, line)


def test_a_name_has_no_marks_of_other_tools_either() -> None:
    assert 'write "[pause 1s]"' in mistake(values.spoken_name, "Plank [silence 1s]")
    assert values.spoken_name("Plank (left) < 1") == "Plank (left) < 1"


@pytest.mark.parametrize("line", ["Pulse < 140.", "120 < pulse <140 > 100", "Lift [both] legs.", "Squat (pause 3s)."])
def test_signs_and_brackets_of_prose_are_no_marks(line: str) -> None:
    assert values.text(line) == line


def test_a_duration_in_a_script_carries_its_unit_and_fits_in_two_days() -> None:
    assert values.duration("48h") == 48 * 3600
    assert 'did you mean "30s"' in mistake(values.duration, 30)
    assert 'did you mean "2.5s"' in mistake(values.duration, 2.5)
    assert "longer than 48h" in mistake(values.duration, "49h")
    assert "found true" in mistake(values.duration, True)
    assert "found a list" in mistake(values.duration, [])
    assert "lasts no time" in mistake(values.some_duration, "0s")
    assert 'did you mean "max"' in mistake(values.hold, "Max")


def test_sides_flags_tempo_and_language_say_what_they_take() -> None:
    assert values.sides(True) is True
    assert values.flag_or_text(False) is False
    assert "two labels" in mistake(values.sides, ["left"])
    assert "true, false or a text" in mistake(values.flag_or_text, 1)
    assert "not a tempo" in mistake(values.tempo, "3-1")
    assert "lasts no time" in mistake(values.tempo, "0-0-0")
    assert values.language("pt-BR") == "pt-BR"
    assert "not a language" in mistake(values.language, "english")


def test_audio_is_looked_for_beside_the_script(tmp_path: Path) -> None:
    (tmp_path / "lift.wav").touch()
    form = [{"text": "Lift.", "audio": "lift.wav"}]
    data = {"title": "Card", "cues": {"form": form}, "block": [{"steps": [{"play": "lift.wav"}]}]}
    script = Script.model_validate(data, context={"folder": tmp_path})
    assert script.cues["form"][0].audio == tmp_path / "lift.wav"
    with pytest.raises(ValidationError, match=r"no audio file at \"lift\.wav\""):
        Script.model_validate(data, context={"folder": tmp_path / "elsewhere"})


@pytest.mark.parametrize("name", ["\0", "x" * 5000, "~nobody-of-this-name/x.wav", ".", " "])
def test_audio_paths_that_no_system_takes_are_only_missing(name: str) -> None:
    with pytest.raises(ValidationError, match="audio file"):
        step(play=name)


def test_near_names_come_before_a_list_of_all() -> None:
    assert near("evry", ["every", "first"]) == ' (did you mean "every"?)'
    assert near("xyz", ["every", "first"]) == " (known: every, first)"
    assert near("xyz", []) == ""
