"""Which lines of a workout a person can record, the sheet to read them from, and files that are named by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach import script
from voicecoach.authoring import reading, reading_sheet
from voicecoach.authoring.reading import Reading
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Line

SCRIPT = """
title = "Hips"
[cues]
form = ["Squeeze your glutes.", "Keep breathing.", "Hips level, {side}."]
[announce]
complete = "Well done, you."
[[block]]
name = "Main"
steps = [
  { say = "Lie on your back." },
  { hold = "30s", name = "Bridge", sides = true, cues = "form", every = "8s", at = { half = "Halfway there." } },
  { ask = "Where did you feel it?", answers = [
    { label = "Glute", say = "Good." },
    { label = "Back", say = "Tuck more.", use = "#Easy" },
  ] },
]
[[block]]
name = "Easy"
aside = true
steps = [ { say = "Roll over." } ]
"""


def readings_of(text: str, tmp_path: Path) -> tuple[Reading, ...]:
    path = tmp_path / "hips.toml"
    path.write_text(text, encoding="utf-8")
    workout = script.load(path)
    return reading.readings(workout, lambda seed, live, path: compile_workout(workout, seed=seed, live=live, path=path))


def made(*texts: str) -> tuple[Reading, ...]:
    return tuple(Reading(at, Line(text, "en"), "in Bridge", 1, False) for at, text in enumerate(texts, start=1))


def test_each_line_is_there_once_as_it_is_spoken_with_how_often_it_is_heard(tmp_path: Path) -> None:
    lines = {one.line.text: one for one in readings_of(SCRIPT, tmp_path)}
    assert lines["Squeeze your glutes."].heard == 2
    assert lines["Lie on your back."].where == "in Main"
    assert lines["Squeeze your glutes."].where == "cue in Bridge"
    assert {"Hips level, left side.", "Hips level, right side."} <= set(lines)
    assert not any("{" in text for text in lines)


def test_what_only_an_answer_brings_is_there_too(tmp_path: Path) -> None:
    lines = {one.line.text: one for one in readings_of(SCRIPT, tmp_path)}
    assert not lines["Good."].built_in
    assert not lines["Tuck more."].built_in
    assert not lines["Roll over."].built_in
    assert lines["Roll over."].heard == 0


def test_lines_of_the_script_come_first_and_built_in_ones_behind(tmp_path: Path) -> None:
    found = readings_of(SCRIPT, tmp_path)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    own = [one.line.text for one in found if not one.built_in]
    built_in = [one.line.text for one in found if one.built_in]
    assert [one.built_in for one in found] == [False] * len(own) + [True] * len(built_in)
    assert own[0] == "Lie on your back."
    assert {"Well done, you.", "Halfway there."} <= set(own)
    assert {"three", "two", "one", "Bridge, left side, thirty seconds."} <= set(built_in)


def test_lines_that_chance_leaves_out_of_a_session_are_there(tmp_path: Path) -> None:
    pool = ", ".join(f'"Line number {letter}."' for letter in "abcdefgh")
    text = f'title = "T"\n[[block]]\nsteps = [ {{ run = "30s", cues = [{pool}], order = "random", every = "9s" }} ]\n'
    assert sum(one.line.text.startswith("Line number") for one in readings_of(text, tmp_path)) == 8


def test_a_recording_in_the_script_needs_no_reading(tmp_path: Path) -> None:
    (tmp_path / "lift.wav").write_bytes(b"")
    text = 'title = "T"\n[[block]]\nsteps = [ { hold = "30s", cues = [{ text = "Lift.", audio = "lift.wav" }] } ]\n'
    assert not any(one.line.text == "Lift." for one in readings_of(text, tmp_path))


def test_recordings_that_no_session_says_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "hips.voice"
    folder.mkdir()
    (folder / "lines.toml").write_text(
        '[en]\n"Keep breathing." = "a.wav"\n"Keep on breathing." = "b.wav"\n[de]\n"Good." = "c.wav"\n', encoding="utf-8"
    )
    found = readings_of(SCRIPT.replace("[cues]", '[voice]\nrecordings = "hips.voice"\n[cues]'), tmp_path)
    assert reading.not_said(script.load(tmp_path / "hips.toml"), found) == ("Keep on breathing.", "Good.")


def test_names_are_plain_and_no_two_the_same() -> None:
    found = made("Ça va, l'épaule?", "Don't rush!", "Don\u2019t rush.", "¿…?", "Straße 3", "You " * 30)
    assert list(reading_sheet.names(found).values())[:5] == [
        "ca-va-lepaule",
        "dont-rush",
        "dont-rush-2",
        "line",
        "strasse-3",
    ]
    assert max(map(len, reading_sheet.names(found).values())) <= 48


@pytest.mark.parametrize(
    "name",
    [
        "2.wav", "02.m4a", "002.MP3", "keep-breathing.wav", "Keep breathing.flac", "KEEP_BREATHING.wav",
        "02-keep-breathing.wav", "02 Keep breathing..wav", "kèep  breathing.ogg",
    ],
)  # fmt: skip
def test_a_file_is_known_by_the_number_the_name_or_the_text_of_its_line(name: str) -> None:
    found = made("Lift.", "Keep breathing.", "30 seconds left.")
    meant = reading_sheet.meant([Path(name)], found)
    assert meant.lines == {found[1]: Path(name)}
    assert meant.others == ()


def test_a_line_that_begins_with_a_figure_is_not_taken_for_a_number() -> None:
    found = made("Lift.", *(f"Line {letter}." for letter in "abcd"), "2 more.")
    assert reading_sheet.meant([Path("2 more.wav")], found).lines == {found[5]: Path("2 more.wav")}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["take.wav"], ["no line has this name"]),
        (["keep.wav"], ["no line has this name"]),
        (["9.wav"], ["there is no line 9 (there are 3)"]),
        (["01-keep-breathing.wav"], ['line 1 is "Lift.", which its name does not say']),
        (["1.wav", "lift.mp3"], ["line 1 has 2 files (1.wav, lift.mp3): leave one"] * 2),
        (["long.wav"], ["no line has this name"]),
    ],
)
def test_nothing_is_guessed(names: list[str], told: list[str]) -> None:
    meant = reading_sheet.meant([Path(name) for name in names], made("Lift.", "Keep breathing.", "Long neck."))
    assert meant.lines == {}
    assert [why for _, why in meant.others] == told


def test_two_lines_of_the_same_letters_are_told_apart_by_number() -> None:
    found = made("Ready?", "Ready!")
    (only,) = reading_sheet.meant([Path("ready.wav")], found).others
    assert only == (Path("ready.wav"), "its name fits lines 1 and 2: name it by the number")
    assert reading_sheet.meant([Path("ready-2.wav")], found).lines == {found[1]: Path("ready-2.wav")}


def test_the_sheet_can_be_read_from_paper() -> None:
    found = made("Lift.", "Keep breathing.")
    assert reading_sheet.sheet("Hips", found[1:], {found[1].line}, numbered=found) == (
        "Hips\n1 line to read aloud, 1 recorded\n\n"
        "Read each as you would say it to somebody in the room. Save each as a sound file of\n"
        "its own, named by its number, or as it is shown below; any usual format will do.\n\n"
        "[x] 2  Keep breathing.\n       02-keep-breathing.wav   (in Bridge; heard once)\n"
    )
