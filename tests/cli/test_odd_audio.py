"""Whatever an audio file holds: ``check`` says at which key it cannot be heard, or every command makes use of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import odd_audio
import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli
from voicecoach.sound import decoding

STEPS = {
    "play": '[[block]]\nsteps = [ { play = "FILE" }, { hold = "3s" } ]',
    "audio": '[[block]]\nsteps = [ { hold = "8s", cues = [ { text = "Lift.", audio = "FILE" } ] } ]',
    "files": '[music]\nfiles = [ "FILE" ]\n[[block]]\nsteps = [ { hold = "3s" } ]',
}
"""Every way to name an audio file, by its key."""
KEYS = {"play": "block[0].steps[0].play", "audio": "block[0].steps[0].cues[0].audio", "files": "music.files[0]"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of the person's own, without anything in them, and a current folder to write to."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of odd files."""
    folder = tmp_path_factory.mktemp("odd")
    for name, make in odd_audio.ODD.items():
        make(folder / name)
    return folder


def script(path: Path, use: str, file: Path) -> str:
    """A script that names the file."""
    text = f'title = "Odd"\n[voice]\nengine = "tone"\n{STEPS[use]}\n'
    path.write_text(text.replace("FILE", file.as_posix()), encoding="utf-8")
    return str(path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.slow
@pytest.mark.parametrize("use", STEPS)
@pytest.mark.parametrize("name", odd_audio.ODD)
def test_what_check_passes_export_makes(name: str, use: str, odd: Path) -> None:
    source = script(Path("odd.toml"), use, odd / name)
    check = run("check", source)
    others = [
        run("compile", "--estimate", source),
        run("compile", source),
        run("export", source, "-o", "odd.wav"),
        run("play", source, "--output", "memory"),
    ]
    assert [other.exit_code for other in others] == [check.exit_code] * len(others)
    if check.exit_code == 0:
        assert np.isfinite(decoding.read(Path("odd.wav"), 44_100, 1).samples).all()
        return
    assert check.exit_code == 2
    place = rf"odd\.toml:\d+:\d+: {re.escape(KEYS[use])}: .*({re.escape(name)}|no (audio )?file)"
    assert re.match(place, check.stdout)
    for other in others:
        assert re.match(place, other.stderr)
    assert not Path("odd.wav").exists()


@pytest.mark.slow
def test_the_odd_files_are_of_both_kinds(odd: Path) -> None:
    """Most of what can be heard is heard, though it is not what it claims to be."""
    files = [odd / name for name in odd_audio.ODD]
    heard = {file.name for file in files if run("check", script(Path("odd.toml"), "play", file)).exit_code == 0}
    assert heard == {
        *("fine.wav", "half.wav", "half.mp3", "half.flac", "film.mp4", "film.mkv", "huge-cover.mp3"),
        *("claims-4-GB.wav", "claims-less.wav", "claims-433-hours.flac", "one-sample.wav", "8-channels.wav"),
        *("1-hertz.wav", "768-kilohertz.wav", "huge-numbers.wav", "huger-numbers.wav", "one-huge-number.wav"),
        *("tiny-numbers.wav",),
    }


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="memory of a program is not told here")
def test_no_file_takes_more_memory_or_time_than_it_has_sound(odd: Path) -> None:
    odd_audio.in_long_frames(Path("slow.m4a"))
    files = [*(odd / name for name in odd_audio.ODD), Path("slow.m4a")]
    sources = [script(Path(f"{file.name}-{use}.toml"), use, file) for file in files for use in STEPS]
    began = time.monotonic()
    code, megabytes = measured("check", *sources)
    assert code == 2
    assert time.monotonic() - began < 60
    assert megabytes < 250


# a program's peak counts what its parent had when it was started, and that may be much: so the parent is a small one
MEASURING = """
import os, subprocess, sys
started = subprocess.Popen([sys.executable, "-m", "voicecoach", *sys.argv[1:]], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(started.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""


def measured(*arguments: str) -> tuple[int, float]:
    """Exit code of a call, and the most memory it had, in megabytes."""
    told = subprocess.run([sys.executable, "-c", MEASURING, *arguments], capture_output=True, text=True, check=True)
    code, most = map(int, told.stdout.split())
    return code, most / (1024**2 if sys.platform == "darwin" else 1024)


@pytest.fixture(scope="module")
def ten_hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "ten-hours.flac"
    odd_audio.silent_flac(path, 10)
    return path


class TestLongRecordings:
    @pytest.mark.slow
    @pytest.mark.parametrize("use", ["play", "audio"])
    def test_check_and_list_are_instant_on_them(self, use: str, ten_hours: Path, home: Path) -> None:
        (home / "scripts").mkdir(parents=True)
        source = script(home / "scripts" / "long.toml", use, ten_hours)
        began = time.monotonic()
        assert run("check", source).exit_code == 0
        listed = run("list").stdout
        assert time.monotonic() - began < 5
        if use == "play":
            assert "long\tOdd\t10:00:0" in listed

    @pytest.mark.slow
    @pytest.mark.skipif(not hasattr(os, "wait4"), reason="memory of a program is not told here")
    @pytest.mark.parametrize("use", ["play", "files"])
    def test_their_memory_is_bounded(self, use: str, tmp_path: Path) -> None:
        """Twenty minutes would be 210 MB of samples."""
        file = tmp_path / "twenty-minutes.flac"
        odd_audio.silent_flac(file, 1 / 3)
        source = script(Path("long.toml"), use, file)
        code, megabytes = measured("export", source, "-o", "long.flac")
        assert code == 0
        assert megabytes < 180

    def test_two_days_are_the_most(self, odd: Path) -> None:
        result = run("check", script(Path("odd.toml"), "play", odd / "1-hertz-for-days.au"))
        assert "lasts longer than 48h" in result.stdout


class TestOneBrokenRecordingStopsNothingElse:
    def test_list_shows_the_others(self, odd: Path, home: Path) -> None:
        folder = home / "scripts"
        folder.mkdir(parents=True)
        script(folder / "broken.toml", "play", odd / "no-number.wav")
        script(folder / "whole.toml", "play", odd / "fine.wav")
        rows = dict(line.split("\t", 1) for line in run("list").stdout.splitlines())
        assert rows["broken"].startswith("(1 mistake: ")
        assert rows["whole"].startswith("Odd\t0:0")

    def test_check_goes_on(self, odd: Path) -> None:
        broken = script(Path("broken.toml"), "audio", odd / "text.wav")
        wrong = Path("wrong.toml")
        wrong.write_text('title = "x"\n[[block]]\nsteps = [ { hold = "30" } ]\n', encoding="utf-8")
        found = [line.partition(":")[0] for line in run("check", broken, str(wrong)).stdout.splitlines()]
        assert found == ["broken.toml", "wrong.toml"]

    def test_check_goes_on_where_a_file_goes_away_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("gone.wav", "away.wav"):
            odd_audio.ODD["fine.wav"](Path(name))
        sources = [script(Path(f"{name}.toml"), "play", Path(f"{name}.wav")) for name in ("gone", "away")]
        monkeypatch.setattr("voicecoach.pipeline.audible", lambda: lambda file, is_music: file.unlink())
        result = run("check", *sources)
        assert result.exit_code == 2
        assert re.findall(r"(\w+)\.wav: is not there", result.stdout) == ["gone", "away"]


def test_every_broken_file_of_a_script_is_told_at_once_with_its_other_mistakes(odd: Path) -> None:
    Path("many.toml").write_text(
        f"""title = "Many"
language = 5
[cues]
form = [ "Breathe.", {{ text = "Lift.", audio = "{odd.as_posix()}/text.wav" }} ]
[music]
files = [ "{odd.as_posix()}/half.*", "{odd.as_posix()}/one-sample.wav" ]
[[block]]
steps = [
  {{ use = "./used.toml" }},
  {{ play = "{odd.as_posix()}/nothing.mp3" }},
  {{ hold = "30s", at = {{ half = {{ text = "Lift.", audio = "{odd.as_posix()}/0-hertz.wav" }} }} }},
]
[sounds]
start = "{odd.as_posix()}/text.wav"
end.run = "{odd.as_posix()}/text.wav"
[[reminder]]
every = "9s"
cues = [ {{ text = "Lift.", audio = "{odd.as_posix()}/no-samples.wav" }} ]
""",
        encoding="utf-8",
    )
    script(Path("used.toml"), "play", odd / "text.wav")
    lines = run("check", "many.toml").stdout.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "language",
        "cues.form[1].audio",
        "music.files[0]",
        "music.files[1]",
        "block[0].steps[1].play",
        "block[0].steps[2].at.half.audio",
        "sounds.start",
        "sounds.end.run",
        "reminder[0].cues[0].audio",
        "block[0].steps[0].play",
    ]
