"""Scripts that nobody wrote, as folders for every device; ``python -m bench devices`` tries three hundred."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import script_maker
from device_trials import complaints, difference, illegal_names, tried_script

from voicecoach import script
from voicecoach.devices import profile


def test_the_same_number_is_the_same_script_and_every_one_is_a_script(tmp_path: Path) -> None:
    script_maker.write_music(tmp_path)
    for number in range(20):
        text = script_maker.script(number)
        assert text == script_maker.script(number)
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        assert script.load(path).title


@pytest.mark.parametrize("name", ["a:b.mp3", "what?.mp3", "end.", " begin", "con.mp3", "LPT1", "a\tb"])
@pytest.mark.skipif("sys.platform == 'win32'", reason="no such file can be made there")
def test_names_that_fat32_or_windows_refuses_are_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / "01 Fine.mp3").touch()
    assert [*illegal_names(tmp_path)] == [name]


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 2, 5, 7, 11])
def test_every_device_takes_what_is_made_for_it(tmp_path: Path, number: int) -> None:
    for needed in ("ffmpeg", "mpg123"):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed")
    tried = tried_script(number, profile.names(), tmp_path)
    assert tried.faults == []
    assert tried.folders + tried.refused.total() == len(profile.names())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("ffmpeg") is None or shutil.which("mpg123") is None, reason="they are not installed")
def test_what_is_wrong_with_a_file_is_heard(tmp_path: Path) -> None:
    from arrangements import RATE, session

    from voicecoach.export.exporter import export

    export(session((0, f"voice {RATE}")), tmp_path / "a.mp3")
    content = (tmp_path / "a.mp3").read_bytes()
    assert [*complaints([tmp_path / "a.mp3"], tmp_path / "joined.raw")] == []
    assert difference(tmp_path / "joined.raw", tmp_path / "a.mp3") == 0
    (tmp_path / "a.mp3").write_bytes(content[:3000] + b"junk" * 300 + content[3000:])
    assert {line.partition(":")[0] for line in complaints([tmp_path / "a.mp3"], tmp_path / "other.raw")} == {
        "ffmpeg",
        "mpg123",
    }
    assert difference(tmp_path / "joined.raw", tmp_path / "a.mp3") > 1
