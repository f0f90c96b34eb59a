"""Recordings put beside their script, and the script told of them without a change in anything else."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
import tomli

from voicecoach import script
from voicecoach.authoring import own_voice
from voicecoach.authoring.own_voice import Folder, with_recordings
from voicecoach.errors import AuthoringError, ExportError
from voicecoach.sound.clip import Clip, mono
from voicecoach.timeline.model import Line

SCRIPT = """#:schema voicecoach.schema.json
title    = "Hips"  # for Tuesdays

# what I say
[cues]
form = ["Lift."]

[[block]]
steps = [ { hold = "30s", cues = "form" } ]
"""
LIFT = Line("Lift.", "en")


@pytest.fixture
def hips(tmp_path: Path) -> Path:
    path = tmp_path / "hips.toml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def clip(seconds: float = 0.5, height: float = 0.25) -> Clip:
    return mono(np.full(round(seconds * 44_100), height), 44_100)


def test_the_first_recording_makes_the_folder_and_tells_the_script(hips: Path) -> None:
    file = Folder(hips).put(LIFT, "lift", clip())
    assert file == hips.parent / "hips.voice" / "lift.wav"
    with wave.open(str(file)) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate(), read.getnframes()) == (
            1,
            2,
            44_100,
            22_050,
        )
    linked = '[voice]\nrecordings = "hips.voice"\n\n# what I say\n[cues]'
    assert hips.read_text(encoding="utf-8") == SCRIPT.replace("# what I say\n[cues]", linked)
    assert [(one.text, one.file) for one in script.load(hips).recorded] == [("Lift.", file)]


def test_a_line_recorded_again_takes_the_place_of_the_one_before(hips: Path) -> None:
    folder = Folder(hips)
    folder.put(LIFT, "lift", clip(0.5))
    text = hips.read_text(encoding="utf-8")
    again = Folder(hips).put(LIFT, "something-else", clip(0.7))
    assert again.name == "lift.wav"
    assert {path.name for path in again.parent.iterdir()} == {"lift.wav", "lines.toml"}
    assert hips.read_text(encoding="utf-8") == text
    assert Folder(hips).lines == {LIFT}


def test_two_who_record_at_once_lose_nothing(hips: Path) -> None:
    lower = Line("Lower.", "en")
    one, other = Folder(hips), Folder(hips)
    one.put(LIFT, "lift", clip())
    other.put(lower, "lower", clip())
    assert Folder(hips).lines == {LIFT, lower}
    assert hips.read_text(encoding="utf-8").count("recordings") == 1


def test_a_file_of_the_persons_is_not_written_over(hips: Path) -> None:
    (hips.parent / "hips.voice").mkdir()
    mine = hips.parent / "hips.voice" / "lift.wav"
    mine.write_bytes(b"mine")
    assert Folder(hips).put(LIFT, "lift", clip()).name == "lift-2.wav"
    assert mine.read_bytes() == b"mine"


def test_a_recording_whose_file_has_gone_is_missing(hips: Path) -> None:
    Folder(hips).put(LIFT, "lift", clip()).unlink()
    assert Folder(hips).lines == frozenset()


def test_a_folder_that_the_script_names_is_the_one(hips: Path) -> None:
    hips.write_text(SCRIPT.replace("[cues]", '[voice]\nrecordings = "takes/anna"\n[cues]'), encoding="utf-8")
    assert Folder(hips).put(LIFT, "lift", clip()) == hips.parent / "takes" / "anna" / "lift.wav"


def test_nothing_is_left_half_written(hips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(hips)
    folder.put(LIFT, "lift", clip())
    before = {path: path.read_bytes() for path in folder.path.iterdir()}

    def full(clip: Clip) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_voice, "_wav", full)
    with pytest.raises(ExportError, match="the disk is full"):
        folder.put(LIFT, "lift", clip(2.0))
    assert {path: path.read_bytes() for path in folder.path.iterdir()} == before


@pytest.mark.parametrize(
    "text",
    [
        'title = "T"\n[voice]\nrate = 0.9\n[[block]]\nsteps = []\n',
        'title = "T"\n[voice] # mine\n[[block]]\nsteps = []\n',
        'title = "T"\n[[block]]\nsteps = []\n[voice]',
        'title = "T"\nvoice = { engine = "espeak" }\n[[block]]\nsteps = []\n',
        'title = "T"\nvoice = {}\n[[block]]\nsteps = []\n',
        'title = "T"\nvoice.rate = 0.9\n[[block]]\nsteps = []\n',
        'title = "T"\r\n\r\n# Main\r\n[[block]]\r\nsteps = []\r\n',
        'title = """\n[voice]\nfake"""\n[[block]]\nsteps = []\n',
        '\ufefftitle = "T"\nblock = [ { steps = [] } ]\n',
        'title = "T"\nblock = [ { steps = [\n  [1],\n] } ]',
    ],
)
def test_a_script_is_told_and_all_else_in_it_stays(text: str) -> None:
    changed = with_recordings(text, "t.voice")
    assert changed is not None
    before, after = tomli.loads(text.lstrip("\ufeff")), tomli.loads(changed.lstrip("\ufeff"))
    assert after == before | {"voice": before.get("voice", {}) | {"recordings": "t.voice"}}
    rest = iter(changed)
    assert all(mark in rest for mark in text)
    assert changed.count("\n") - changed.count("\r\n") in (0, changed.count("\n"))


def test_a_script_in_which_it_cannot_be_written_is_not_touched(hips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_voice, "with_recordings", lambda text, folder: None)
    with pytest.raises(AuthoringError, match=r'write it in yourself, under \[voice\]: recordings = "hips\.voice"'):
        Folder(hips).put(LIFT, "lift", clip())
    assert hips.read_text(encoding="utf-8") == SCRIPT
