"""``export --fit``: the workout that stands beside the audio."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from garmin_fit_sdk import Decoder, Stream

from voicecoach.cli import cli

SHORT = """
title = "Short one"
[announce]
style = "none"
complete = false
[[block]]
repeat = 3
rest = "2s"
steps = [ { hold = "4s", name = "Bridge" } ]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder to write to, and in it a script of some seconds."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "short.toml").write_text(SHORT, encoding="utf-8")
    return folder


def export(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export", *arguments, "--voice", "tone"])


def steps(path: Path) -> list[dict[str, Any]]:
    messages: Any
    messages, errors = Decoder(Stream.from_file(str(path))).read()
    assert not errors
    return list(messages["workout_step_mesgs"])


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix not in (".toml", ""))


def test_the_workout_stands_beside_the_audio(here: Path) -> None:
    done = export("short.toml", "--fit")
    assert (done.exit_code, done.output) == (0, "")
    assert files(here) == ["short.fit", "short.mp3"]
    assert [step.get("duration_time") for step in steps(here / "short.fit")] == [4, 2, None, 4]


def test_without_being_asked_for_there_is_none(here: Path) -> None:
    assert export("short.toml").exit_code == 0
    assert files(here) == ["short.mp3"]


@pytest.mark.parametrize(
    ("path", "kind", "fit"),
    [("b.c.opus", "opus", "b.c.fit"), ("v1.2", "mp3", "v1.2.fit"), ("Žluť 🔥.wav", "wav", "Žluť 🔥.fit")],
)
def test_it_has_the_name_of_the_audio(here: Path, path: str, kind: str, fit: str) -> None:
    (here / "a").mkdir()
    assert export("short.toml", "--fit", "-o", f"a/{path}", "--format", kind).exit_code == 0
    assert files(here / "a") == sorted([path, fit])


@pytest.mark.slow
def test_every_script_and_every_session_has_its_own(here: Path) -> None:
    (here / "other.toml").write_text(SHORT.replace("4s", "5s"), encoding="utf-8")
    done = export("short.toml", "other.toml", "--fit", "--sessions", "1-2", "-o", "out")
    assert done.exit_code == 0
    assert [name for name in files(here / "out") if name.endswith(".fit")] == [
        "other-01.fit", "other-02.fit", "short-01.fit", "short-02.fit",
    ]  # fmt: skip
    assert steps(here / "out" / "other-01.fit")[0]["duration_time"] == 5


def test_what_it_is_and_what_the_person_ends_is_told(here: Path) -> None:
    (here / "max.toml").write_text(SHORT.replace('"4s"', '"max", cap = "20s"'), encoding="utf-8")
    done = CliRunner().invoke(cli, ["-v", "export", "max.toml", "--fit", "--voice", "tone"])
    assert "max.fit  4 steps, 0:04" in done.stderr
    assert "max.fit: by the watch's clock its steps are 1:00 shorter than the audio (1:04); the watch's button" in (
        done.stderr
    )


def test_a_session_of_words_alone_leaves_no_file(here: Path) -> None:
    (here / "words.toml").write_text('title = "W"\n[[block]]\nsteps = [ { say = "Hello." } ]\n', encoding="utf-8")
    done = export("words.toml", "--fit")
    assert done.exit_code == 1
    assert 'words.mp3: nothing in "W" is under a clock' in done.stderr
    assert files(here) == []


def test_one_without_steps_does_not_keep_the_others(here: Path) -> None:
    (here / "words.toml").write_text('title = "W"\n[[block]]\nsteps = [ { say = "Hello." } ]\n', encoding="utf-8")
    done = export("words.toml", "short.toml", "--fit", "-o", "out")
    assert done.exit_code == 1
    assert files(here / "out") == ["short.fit", "short.mp3"]


def test_without_the_extra_nothing_is_begun(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fit_tool", None)
    done = export("short.toml", "--fit")
    assert done.exit_code == 1
    assert 'a FIT file needs the extra "fit" (pip install "voicecoach[fit]")' in done.stderr
    assert files(here) == []


def test_a_folder_in_its_place_is_told(here: Path) -> None:
    (here / "short.fit").mkdir()
    done = export("short.toml", "--fit")
    assert done.exit_code == 1
    assert "short.fit: is a folder" in done.stderr
