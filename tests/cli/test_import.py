"""``voicecoach import``: what is printed where, what is written, and how it ends."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from voicecoach.authoring.imports import formats
from voicecoach.cli import cli

RIDE = (
    '<workout_file><name>Ride</name><workout>\n<SteadyState Duration="60" Power="0.7">\n'
    '<textevent timeoffset="90" message="Late"/></SteadyState>\n<FreeRide Duration="60"/></workout></workout_file>'
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a workout in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    (folder / "my-ride.zwo").write_text(RIDE, encoding="utf-8")
    return folder


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, ["import", *arguments], **options)


def test_the_script_goes_to_standard_output_and_what_was_moved_to_standard_error() -> None:
    result = run("my-ride.zwo")
    assert result.exit_code == 0
    assert result.stdout.startswith("#:schema voicecoach.schema.json\n# Imported from my-ride.zwo.\n")
    assert 'title    = "Ride"' in result.stdout
    assert result.stderr.splitlines() == [
        'my-ride.zwo:3: a text at 1:30 of a segment that lasts 1:00 is heard at its second, in what follows: "Late"',
        "1 thing not as in the file; each is a comment in the script",
    ]


@pytest.mark.slow
def test_what_is_written_is_right_and_laid_out(here: Path) -> None:
    result = run("my-ride.zwo", "-o", "ride.toml")
    assert (result.exit_code, result.stdout) == (0, "ride.toml\n")
    assert (here / "voicecoach.schema.json").is_file()
    assert CliRunner().invoke(cli, ["check", "--strict", "ride.toml"]).exit_code == 0
    assert CliRunner().invoke(cli, ["fmt", "--check", "ride.toml"]).exit_code == 0


def test_nothing_is_written_over(here: Path) -> None:
    (here / "ride.toml").write_text("mine", encoding="utf-8")
    result = run("my-ride.zwo", "-o", "ride.toml")
    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert (here / "ride.toml").read_text(encoding="utf-8") == "mine"


def test_nothing_is_written_where_nothing_can_be_read(here: Path) -> None:
    (here / "bad.zwo").write_text("<workout_file>\n<workout></workout_file>", encoding="utf-8")
    result = run("bad.zwo", "-o", "ride.toml")
    assert result.exit_code == 2
    assert "bad.zwo:2: there is no segment in it" in result.stderr
    assert sorted(path.name for path in here.iterdir()) == ["bad.zwo", "my-ride.zwo"]


def test_a_file_that_is_not_there() -> None:
    result = run("none.zwo")
    assert result.exit_code == 2
    assert "none.zwo: cannot be read (no such file or directory)" in result.stderr


def test_standard_input_and_the_title_of_a_file_without_one(here: Path) -> None:
    assert 'title    = "Workout"' in run("-", input="Plank; 30\n").stdout
    (here / "core_day.txt").write_text("Plank; 30\n", encoding="utf-8")
    assert 'title    = "Core day"' in run("core_day.txt").stdout


def test_the_language_names_the_segments() -> None:
    result = run("my-ride.zwo", "--language", "de", "--quiet")
    assert 'name = "Grundlage, 70% der FTP"' in result.stdout
    assert 'language = "de"' in result.stdout
    assert result.stderr == ""


def test_the_pace_makes_time_of_metres() -> None:
    assert 'work = "2min"' in run("-", "--pace", "5:00", input="- 400mtr 90%\n").stdout


@pytest.mark.parametrize("pace", ["5", "fast", "0:10", "5:30:00:1"])
def test_what_is_no_pace_is_refused(pace: str) -> None:
    result = run("my-ride.zwo", "--pace", pace)
    assert result.exit_code == 2
    assert 'is no pace (write the minutes and seconds of a kilometre, as "5:30")' in " ".join(result.stderr.split())


def test_every_format_can_be_said() -> None:
    assert set(import_module("voicecoach.cli.import")._FORMATS) == set(formats.NAMES)


def test_the_format_can_be_said(here: Path) -> None:
    (here / "plan").write_text("- 10m 75%\n", encoding="utf-8")
    assert 'work = "10min"' in run("plan", "--format", "intervals").stdout
    assert run("plan", "--format", "garmin").exit_code == 2
    assert run("plan", "--format", "pdf").exit_code == 2


def test_no_escape_sequence_of_a_file_reaches_the_terminal(here: Path) -> None:
    (here / "x.txt").write_text("\x1b[31mPlank; 30\n\x1b[31mnonsense\nSquat\x1b[0m; 30\n", encoding="utf-8")
    result = run("x.txt")
    assert result.exit_code == 0
    assert "\x1b" not in result.output
