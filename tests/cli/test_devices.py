"""``voicecoach devices``: what is listed, explained and found."""

from __future__ import annotations

import json
from pathlib import Path

import odd_audio
import pytest
from click.testing import CliRunner, Result

from voicecoach import config
from voicecoach.cli import cli


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["devices", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_all_are_listed() -> None:
    rows = [line.split("\t") for line in run().stdout.splitlines()]
    assert {row[0] for row in rows} >= {"garmin", "coros", "shokz", "generic"}
    assert all(len(row) == 5 and row[4].endswith("facts known") for row in rows)
    assert run("list").stdout == run().stdout


def test_one_is_explained_with_its_sources_and_what_is_not_known() -> None:
    rows = [line.split("\t") for line in run("show", "Garmin").stdout.splitlines()]
    told = {row[0]: row[1:] for row in rows}
    assert told["most songs"][:2] == ["300", "someone who has one says so"]
    assert told["playing order"][0] == "the playlist's"
    assert told["not known"][1:] == ["", ""]


def test_a_name_alone_explains_it() -> None:
    assert run("Garmin").stdout == run("show", "garmin").stdout
    assert run("garmn").stderr == run("show", "garmn").stderr


def test_a_name_that_is_nearly_right() -> None:
    result = run("show", "garmn")
    assert (result.exit_code, result.stderr) == (
        2,
        'voicecoach: no device is called "garmn" (did you mean "garmin"?)\n',
    )


def test_a_mistake_in_ones_own_profile() -> None:
    config.path().parent.mkdir(parents=True)
    config.path().write_text("[devices.mine]\nsongs = true\n", encoding="utf-8")
    result = run("show", "mine")
    assert result.exit_code == 2
    assert "config.toml:2:1: devices.mine.songs: expected how many" in result.stderr
    assert run().exit_code == 2


def test_a_folder_with_nothing_wrong() -> None:
    Path("album").mkdir()
    Path("album/a.wav").write_bytes(odd_audio.wav(odd_audio.pcm(odd_audio.sine())))
    Path("album/a.m3u8").write_bytes(b"0:/MUSIC/ALBUM/A.WAV\r\n")
    result = run("check", "album", "--for", "garmin")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "nothing found (Garmin watch with music)\n")


def test_what_is_found_is_told_with_its_fix() -> None:
    Path("album").mkdir()
    Path("album/Größe.mp3").write_bytes(b"")
    Path("album/a.wav").write_bytes(odd_audio.wav(odd_audio.pcm(odd_audio.sine())))
    result = run("check", "album", "--for", "coros")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Größe.mp3: it has 0 bytes, as after a copy that was interrupted (copy it again; where it comes back after it "
        "was deleted, format the drive on the device) [empty]",
        'Größe.mp3: "ö" is not in plain ASCII (call it "Grosse.mp3") [name-characters]',
        "a.wav: it is wav, and not one of mp3 (make it MP3 of constant bitrate, 64 to 128 kbit/s, 44.1 kHz) [format]",
    ]
    assert result.stderr == "3 findings (COROS watch with music)\n"


def test_the_same_for_programs() -> None:
    Path("album").mkdir()
    Path("album/._a.mp3").write_bytes(b"x")
    Path("album/a.mp3").write_bytes(b"")
    result = run("check", "album", "--for", "shokz", "-f", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["version"], found["device"]) == (1, "shokz")
    assert [(each["path"], each["kind"]) for each in found["findings"]] == [("._a.mp3", "litter"), ("a.mp3", "empty")]
    assert found["findings"][0].keys() == {"path", "kind", "why", "fix"}


def test_a_name_cannot_command_the_terminal() -> None:
    Path("album").mkdir()
    try:
        Path("album/\x1b[31m.mp3").write_bytes(b"")
    except OSError:
        pytest.skip("this file system has no such name")
    for layout in ("text", "json"):
        assert "\x1b" not in run("check", "album", "--for", "coros", "-f", layout).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nowhere", "--for", "coros"), "nowhere: is not there"),
        (("check", "."), "Missing option '--for'"),
        (("check", ".", "--for", "nobody"), 'no device is called "nobody"'),
    ],
)
def test_calls_that_are_wrong(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert said in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["devices", "check", "", "--for", "garmin"],
        ["devices", "check", ".", "--for", ""],
        ["export", "x", "--for", ""],
        ["export", "x", "-o", ""],
    ],
)
def test_what_is_empty_is_not_the_current_folder(words: list[str]) -> None:
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert "it is empty" in result.stderr
