"""Albums for devices, as a person asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from distributed import LocalCluster
from mutagen.mp4 import MP4

from voicecoach import config
from voicecoach.cli import cli
from voicecoach.devices import inspection, profile

SCRIPT = """
title = "{title}"
[[block]]
name = "Floor"
repeat = 2
steps = [ {{ hold = "3s", name = "Bridge" }}, {{ rest = "6s" }} ]
"""
GROWING = """
title = "Growing"
[progression.bridge]
start = "3s"
goal = "10s"
step = "1s"
[[block]]
steps = [ { hold = "progression:bridge", name = "Bridge" } ]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with scripts in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    for name, title in (("one", "Grösse"), ("two", "Grosse"), ("three", "Core")):
        Path(f"{name}.toml").write_text(SCRIPT.format(title=title), encoding="utf-8")
    Path("growing.toml").write_text(GROWING, encoding="utf-8")
    return tmp_path


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, ["export", *arguments, "--voice", "tone"], **options)


def names(folder: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


@pytest.mark.slow
def test_without_a_folder_one_is_called_after_the_device() -> None:
    result = run("three.toml", "--for", "Garmin", "--split", "step")
    assert (result.exit_code, result.stdout) == (0, "")
    assert names("garmin") == [
        "Music/Core.m3u8",
        "Music/Core/01 Bridge 1-2.m4a",
        "Music/Core/02 Rest.m4a",
        "Music/Core/03 Bridge 2-2.m4a",
        "Music/Core/04 Rest.m4a",
        "voicecoach/three.json",
    ]


@pytest.mark.slow
def test_what_there_is_is_told() -> None:
    told = run("three.toml", "--for", "garmin", "--split", "step", "-o", "watch", "--verbose").stderr
    assert f"{Path('watch/Music/Core')}  4 tracks  0:" in told


@pytest.mark.slow
def test_a_split_alone_is_for_any_player() -> None:
    assert run("three.toml", "--split", "block").exit_code == 0
    assert names("generic") == ["Core.m3u8", "Core.mp3", "voicecoach/three.json"]


@pytest.mark.slow
def test_two_titles_that_look_alike_are_two_albums() -> None:
    result = run("one.toml", "two.toml", "--for", "garmin", "--split", "step")
    assert result.exit_code == 0
    assert {path.name for path in Path("garmin/Music").iterdir()} == {
        "Grosse",
        "Grosse.m3u8",
        "Grosse (2)",
        "Grosse (2).m3u8",
    }
    assert inspection.inspect(Path("garmin"), profile.load("garmin")) == ()


@pytest.mark.slow
def test_sessions_are_an_album_each() -> None:
    assert run("growing.toml", "--for", "apple", "--sessions", "1-3", "-o", "phone").exit_code == 0
    assert [name for name in names("phone") if name.endswith(".m4a")] == [f"Growing 0{n}.m4a" for n in (1, 2, 3)]
    assert MP4("phone/Growing 02.m4a")["\xa9nam"]
    assert [name for name in names("phone") if name.endswith(".json")] == [
        f"voicecoach/growing-0{n}.json" for n in (1, 2, 3)
    ]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(tmp_path / "dask"),
    ) as running:
        yield running


@pytest.mark.slow
def test_on_threads_and_on_a_cluster_the_same_albums_are_made(cluster: LocalCluster) -> None:
    scripts = ["one.toml", "two.toml", "three.toml", "--for", "sony", "--split", "step"]
    assert run(*scripts, "-o", "threads").exit_code == 0
    assert run(*scripts, "-o", "cluster", "--scheduler", cluster.scheduler_address).exit_code == 0
    assert names("threads") == names("cluster")
    for name in names("threads"):
        assert Path("threads", name).read_bytes() == Path("cluster", name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--for", "garmen"], 'no device is called "garmen" (did you mean "garmin"?)'),
        (
            ["--for", "garmin", "--split", "steps"],
            '"steps" is no way to split a session (there are: step, block',
        ),
        (["--for", "garmin", "--split", "0min"], "is no way to split"),
        (["--for", "garmin", "--size-limit", "much"], '"much"'),
        (["--for", "garmin", "--size-limit", "0"], '"0"'),
        (["--for", "garmin", "--plain-encode"], "--plain-encode is for a session in one file"),
        (["--split", "step", "--silence", "small"], "--silence is for a session in one file"),
        (
            ["--for", "coros", "--format", "flac"],
            "takes no flac that can be made here (it takes: mp3)",
        ),
        (["--for", "coros", "--bitrate", "8"], "takes mp3 of 32 to 320 kbit/s, and not of 8"),
        (["--for", "garmin", "--bitrate", "65"], "m4a has no 65 kbit/s (available: 32, 48, 64"),
        (["--for", "garmin", "-o", "one.toml"], "one.toml"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_made(arguments: list[str], why: str, here: Path) -> None:
    before = sorted(path.name for path in here.iterdir() if path.name != "home")
    result = run("three.toml", *arguments)
    assert result.exit_code in (1, 2)
    assert why in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.output
    assert sorted(path.name for path in here.iterdir() if path.name != "home") == before


@pytest.mark.slow
def test_a_size_limit_holds_without_a_device_too() -> None:
    assert run("three.toml").exit_code == 0
    size = Path("three.mp3").stat().st_size
    assert run("three.toml", "--size-limit", f"{size * 9 // 10 / 1e6:.3f}MB").exit_code == 0
    assert Path("three.mp3").stat().st_size <= size * 9 // 10
    result = run("three.toml", "--size-limit", "1kB")
    assert result.exit_code == 1
    assert '"Core" does not fit in 1.0 kB: the smallest that can be made ' in " ".join(result.stderr.split())


@pytest.mark.slow
def test_a_file_in_the_way_is_told_and_stays() -> None:
    place = Path("generic/Core/01 Bridge 1-2.mp3")
    place.parent.mkdir(parents=True)
    place.write_bytes(b"mine")
    result = run("three.toml", "--for", "generic", "--split", "step")
    assert result.exit_code == 1
    assert "is there, and is not one of voicecoach's: move it away, or name another folder (-o)" in result.stderr
    assert names("generic") == ["Core/01 Bridge 1-2.mp3"]


def own(text: str) -> None:
    """Says something of devices in the configuration."""
    config.path().parent.mkdir(parents=True, exist_ok=True)
    config.path().write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_names_in_capitals_are_tracks_too() -> None:
    own('[devices.garmin]\nname_case = "upper"\n')
    result = run("three.toml", "--for", "garmin", "--split", "step", "-o", "watch", "--verbose")
    assert result.exit_code == 0
    assert "4 tracks" in result.stderr


def test_what_takes_no_workout_gets_none_and_that_is_told_once() -> None:
    result = run("three.toml", "one.toml", "--for", "coros", "--fit", "-o", "watch")
    assert result.exit_code == 0
    assert result.stderr.count("takes no FIT workouts: none is made") == 1
    assert not [name for name in names("watch") if name.endswith(".fit")]
