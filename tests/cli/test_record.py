"""``record``: the reading sheet, files recorded elsewhere, and what other commands make of recordings."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from voices import RATE, Mono, read_out, room

from voicecoach import script
from voicecoach.cli import cli
from voicecoach.errors import MicrophoneError
from voicecoach.play import capture
from voicecoach.play.microphone import Microphone

SCRIPT = """# my Tuesday
title = "Hips"

[cues]
form = ["Squeeze your glutes.", "Keep breathing."]

[[block]]
steps = [
  { say = "Lie on your back." },
  { hold = "30s", name = "Bridge", cues = "form", every = "6s" },
]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a script; and a folder of recordings, still empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    Path("hips.toml").write_text(SCRIPT, encoding="utf-8")
    Path("mine").mkdir()
    return tmp_path


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, arguments, **options)


def write(path: str, samples: Mono | None = None) -> None:
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.clip(read_out() if samples is None else samples, -1, 1) * 32767).astype("<i2").tobytes())


def test_the_list_is_the_reading_sheet_and_changes_nothing(here: Path) -> None:
    printed = run("record", "hips.toml", "--list")
    assert printed.exit_code == 0
    assert printed.stdout.startswith("Hips\n3 lines to read aloud, 0 recorded\n")
    assert (
        "[ ]  2  Squeeze your glutes.\n        02-squeeze-your-glutes.wav   (cue in Bridge; heard 2 times)"
        in printed.stdout
    )
    assert "thirty seconds" not in printed.stdout
    assert "Bridge, thirty seconds." in run("record", "hips.toml", "--list", "--all").stdout
    assert Path("hips.toml").read_text(encoding="utf-8") == SCRIPT
    assert {path.name for path in here.iterdir() if path.name != "home"} == {"hips.toml", "mine"}


def test_the_sheet_goes_into_a_file_and_over_none() -> None:
    assert run("record", "hips.toml", "-o", "sheet.txt").exit_code == 0
    assert Path("sheet.txt").read_text(encoding="utf-8") == run("record", "hips.toml", "--list").stdout
    again = run("record", "hips.toml", "-o", "sheet.txt")
    assert (again.exit_code, again.stderr) == (1, "voicecoach: sheet.txt: is there already (take another name)\n")


def test_a_script_from_standard_input_can_be_listed() -> None:
    assert "Keep breathing." in run("record", "-", "--list", input=SCRIPT).stdout
    assert run("record", "-", "--from", "mine", input=SCRIPT).exit_code == 2


def test_a_folder_is_taken_in_and_what_is_not_is_told() -> None:
    write("mine/02.wav")
    write("mine/Keep breathing.wav", read_out(level=-40, noise=-85))
    write("mine/3-lie-on-your-back.wav")
    write("mine/01.wav", room(1.0))
    Path("mine/take one.m4a").write_bytes(b"nothing")
    Path("mine/sheet.txt").write_text("notes", encoding="utf-8")
    Path("mine/.DS_Store").write_bytes(b"\0")
    taken = run("record", "hips.toml", "--from", "mine")
    assert taken.exit_code == 1
    assert taken.stdout == "02.wav\t2\tSqueeze your glutes.\nKeep breathing.wav\t3\tKeep breathing.\n"
    assert taken.stderr.splitlines() == [
        "01.wav: no voice is heard in it; it is not taken in",
        '3-lie-on-your-back.wav: line 3 is "Keep breathing.", which its name does not say; it is not taken in',
        "take one.m4a: no line has this name; it is not taken in",
        '1 line is still synthetic ("Lie on your back.")',
    ]
    assert {path.name for path in Path("hips.voice").iterdir()} == {
        "lines.toml", "squeeze-your-glutes.wav", "keep-breathing.wav"
    }  # fmt: skip
    with wave.open("hips.voice/squeeze-your-glutes.wav") as file:
        assert file.getnframes() / RATE == pytest.approx(1.2, abs=0.03)
    assert [one.text for one in script.load(Path("hips.toml")).recorded] == ["Squeeze your glutes.", "Keep breathing."]
    linked = '# my Tuesday\ntitle = "Hips"\n\n[voice]\nrecordings = "hips.voice"\n\n[cues]\n'
    assert Path("hips.toml").read_text(encoding="utf-8").startswith(linked)
    assert "[x]  2  Squeeze" in run("record", "hips.toml", "--list").stdout


def test_what_is_recorded_stays_unless_it_is_wanted_again() -> None:
    write("mine/2.wav")
    run("record", "hips.toml", "--from", "mine")
    before = Path("hips.voice/squeeze-your-glutes.wav").read_bytes()
    write("mine/2.wav", read_out(seconds=2))
    kept = run("record", "hips.toml", "--from", "mine")
    assert '2.wav: line 2 is recorded already ("--again" replaces it)' in kept.stderr
    assert Path("hips.voice/squeeze-your-glutes.wav").read_bytes() == before
    assert run("record", "hips.toml", "--from", "mine", "--again").exit_code == 0
    assert Path("hips.voice/squeeze-your-glutes.wav").read_bytes() != before


def test_faults_of_a_recording_are_told_and_it_is_taken() -> None:
    write("mine/2.wav", read_out(level=3))
    taken = run("record", "hips.toml", "--from", "mine")
    assert taken.exit_code == 0
    assert "2.wav: it is clipped" in taken.stderr


def test_an_empty_folder_is_told() -> None:
    told = run("record", "hips.toml", "--from", "mine")
    assert (told.exit_code, told.stderr) == (1, "voicecoach: mine: holds no sound files\n")


def test_a_workout_that_ships_is_copied_first(here: Path) -> None:
    write("mine/squeeze-your-glutes.wav")
    taken = run("record", "glute-bridge", "--from", "mine")
    assert taken.exit_code == 0
    own = here / "home" / "scripts"
    assert f"copied to {own / 'glute-bridge.toml'}" in taken.stderr
    assert (own / "glute-bridge.voice" / "squeeze-your-glutes.wav").is_file()
    assert run("check", "--strict", "glute-bridge").exit_code == 0


def test_nothing_taken_in_copies_nothing(here: Path) -> None:
    write("mine/nothing-of-the-kind.wav")
    assert run("record", "glute-bridge", "--from", "mine").exit_code == 1
    assert not (here / "home" / "scripts").exists()


def test_check_tells_what_is_missing_and_what_no_longer_fits() -> None:
    write("mine/2.wav")
    write("mine/3.wav")
    run("record", "hips.toml", "--from", "mine")
    assert run("check", "--strict", "hips.toml").exit_code == 0
    Path("hips.voice/keep-breathing.wav").unlink()
    changed = Path("hips.toml").read_text(encoding="utf-8").replace("Squeeze your glutes.", "Squeeze your bum.")
    Path("hips.toml").write_text(changed, encoding="utf-8")
    told = run("check", "--strict", "hips.toml")
    assert told.exit_code == 1
    place = "hips.toml:5:1: voice.recordings: warning: "
    assert place + 'the recorded line "Squeeze your glutes." is not said: was its text changed?' in told.stdout
    gone = Path("hips.voice") / "keep-breathing.wav"
    assert f'the recording of "Keep breathing." is not there ({gone}); the voice speaks it' in told.stdout
    assert len(told.stdout.splitlines()) == 2


def test_check_tells_that_the_folder_is_not_there() -> None:
    Path("hips.toml").write_text(SCRIPT.replace("[cues]", '[voice]\nrecordings = "gone"\n[cues]'), encoding="utf-8")
    told = run("check", "hips.toml")
    looked = Path("gone") / "lines.toml"
    assert f"warning: no recordings are there (looked for {looked}); the voice speaks" in told.stdout
    assert told.exit_code == 0


@pytest.mark.slow
def test_an_export_is_in_the_own_voice_the_same_each_time_and_wherever_the_script_lies(here: Path) -> None:
    run("export", "hips.toml", "-o", "before.wav", "--voice", "tone")
    write("mine/2.wav", read_out(seconds=2.0))
    run("record", "hips.toml", "--from", "mine")
    assert run("export", "hips.toml", "-o", "one.wav", "--voice", "tone").exit_code == 0
    run("cache", "clear")
    (here / "elsewhere").mkdir()
    for name in ("hips.toml", "hips.voice"):
        Path(name).rename(here / "elsewhere" / name)
    assert run("export", "elsewhere/hips.toml", "-o", "two.wav", "--voice", "tone").exit_code == 0
    assert Path("one.wav").read_bytes() == Path("two.wav").read_bytes() != Path("before.wav").read_bytes()
    sheet = run("compile", "elsewhere/hips.toml", "--voice", "tone", "--format", "srt").stdout
    assert "Squeeze your glutes." in sheet


def test_without_a_terminal_it_says_what_else_there_is() -> None:
    told = run("record", "hips.toml")
    assert told.exit_code == 1
    assert "record needs a terminal with its keys" in told.stderr
    assert "--from FOLDER" in told.stderr
    assert not Path("hips.voice").exists()


def test_options_that_do_not_go_together_are_refused() -> None:
    assert run("record", "hips.toml", "--from", "mine", "--list").exit_code == 2


def test_a_script_of_recordings_alone_has_nothing_to_record() -> None:
    write("one.wav")
    Path("play.toml").write_text(
        'title = "P"\n[announce]\ncomplete = false\n[[block]]\nsteps = [ { play = "one.wav" } ]\n'
    )
    told = run("record", "play.toml", "--list")
    assert told.exit_code == 1
    assert "it has no lines of its own to record" in told.stderr


def test_without_a_microphone_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from voicecoach.cli import recording

    def refuses(*what: object) -> Microphone:
        raise MicrophoneError("no microphone was found")

    class Keys:
        def __enter__(self) -> None: ...

        def __exit__(self, *what: object) -> None: ...

    monkeypatch.setattr(capture, "open_microphone", refuses)
    monkeypatch.setattr(recording, "keyboard", Keys)
    monkeypatch.setattr(recording, "_on_a_terminal", lambda: True)
    told = run("record", "hips.toml")
    assert (told.exit_code, told.stderr) == (1, "voicecoach: no microphone was found\n")
