"""A folder of recorded lines beside a script, and its index."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach import script
from voicecoach.errors import ScriptError
from voicecoach.script import own_voice
from voicecoach.script.own_voice import Recorded
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Line, RecordedLine

SCRIPT = 'title = "Mine"\n[voice]\nrecordings = "mine.voice"\n[[block]]\nsteps = [ { say = "Lift." } ]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "mine.voice").mkdir()
    return tmp_path / "mine.voice"


def test_what_is_written_is_read_whatever_a_line_says(folder: Path) -> None:
    lines = ['Say "ah".', "Ça va, l'épaule?", "Back\\slash = [pause 1s] {", "\u4f60\u597d"]
    recorded = [Recorded(text, "en", folder / f"{number}.wav") for number, text in enumerate(lines)]
    recorded.append(Recorded("Heb an.", "de-AT", folder / "heb-an.wav"))
    (folder / own_voice.INDEX).write_text(own_voice.written(recorded), encoding="utf-8")
    assert own_voice.read(folder) == tuple(recorded)


def test_of_a_line_that_was_recorded_twice_the_last_counts(folder: Path) -> None:
    twice = [Recorded("Lift.", "en", folder / "one.wav"), Recorded("Lift.", "en", folder / "two.wav")]
    assert '"Lift." = "two.wav"' in own_voice.written(twice)
    assert "one.wav" not in own_voice.written(twice)


def test_a_script_knows_its_recordings_and_its_timeline_too(folder: Path) -> None:
    (folder / own_voice.INDEX).write_text('[en]\n"Lift." = "lift.wav"\n', encoding="utf-8")
    timeline = compile_workout(script.load(folder.parent / "mine.toml"))
    assert timeline.recorded == (RecordedLine(Line("Lift.", "en"), folder / "lift.wav"),)


def test_those_of_a_script_that_is_used_come_after_its_own(folder: Path) -> None:
    (folder / own_voice.INDEX).write_text('[en]\n"Lift." = "lift.wav"\n', encoding="utf-8")
    outer = 'title = "Outer"\n[voice]\nrecordings = "outer.voice"\n[[block]]\nsteps = [ { use = "./mine.toml" } ]\n'
    (folder.parent / "outer.toml").write_text(outer, encoding="utf-8")
    other = folder.parent / "outer.voice"
    other.mkdir()
    (other / own_voice.INDEX).write_text('[en]\n"Lift." = "mine-too.wav"\n', encoding="utf-8")
    timeline = compile_workout(script.load(folder.parent / "outer.toml"))
    assert [each.path.name for each in timeline.recorded] == ["mine-too.wav", "lift.wav"]


def test_a_folder_that_is_not_there_holds_nothing(folder: Path) -> None:
    folder.rmdir()
    assert script.load(folder.parent / "mine.toml").recorded == ()


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("[en\n", "lines.toml cannot be read: "),
        ('"Lift." = "lift.wav"\n', '"Lift." is no table of lines'),
        ('[en]\n"Lift." = 3\n', '"Lift." needs the name of a file in that folder, found 3'),
        ('[en]\n"Lift." = "../lift.wav"\n', 'found "../lift.wav"'),
        ('[en]\n"Lift." = "/etc/passwd"\n', 'found "/etc/passwd"'),
    ],
)
def test_an_index_that_is_wrong_is_a_mistake_of_the_script(folder: Path, index: str, said: str) -> None:
    (folder / own_voice.INDEX).write_text(index, encoding="utf-8")
    with pytest.raises(ScriptError, match=r"mine\.toml:3:1: voice\.recordings: ") as raised:
        script.load(folder.parent / "mine.toml")
    assert said in str(raised.value)


def test_recordings_do_not_change_what_chance_chooses(folder: Path) -> None:
    path = folder.parent / "mine.toml"
    before = script.load(path).digest
    (folder / own_voice.INDEX).write_text('[en]\n"Lift." = "lift.wav"\n', encoding="utf-8")
    assert script.load(path).digest == before
