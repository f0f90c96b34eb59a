"""``voicecoach sync``: what is put where, told and returned."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli
from voicecoach.devices import carrier, inspection, profile, volumes
from voicecoach.devices.volumes import Volume
from voicecoach.errors import ExportError

SHORT = 'title = "Short"\n[[block]]\nsteps = [ { hold = "20s", name = "Lift" }, { rest = "10s" }, { hold = "25s" } ]\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a script and a watch; what was made for one test is kept for the others."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path_factory.getbasetemp() / "synced"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(volumes, "mounted", lambda: ())
    Path("short.toml").write_text(SHORT, encoding="utf-8")
    Path("watch/GARMIN").mkdir(parents=True)


def run(*words: str) -> Result:
    result = CliRunner().invoke(cli, ["sync", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def sync(*words: str, device: str = "garmin", to: str = "watch") -> Result:
    voice = [] if "--remove" in words else ["--voice", "tone"]
    return run(*words, "--for", device, "--to", to, *voice)


def tree(top: str = "watch") -> Mapping[str, bytes]:
    paths = [path for path in sorted(Path(top).rglob("*")) if path.is_file()]
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in paths}


def rows(result: Result) -> list[list[str]]:
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_a_script_onto_a_watch_and_what_is_on_it_then() -> None:
    result = sync("short.toml", "--split", "step")
    assert (result.exit_code, result.stderr) == (0, "")
    [(name, tracks, size, *done, where)] = rows(result)
    assert (name, tracks, done) == ("short", "3 tracks", ["4 copied", "0 kept", "0 removed"])
    assert re.fullmatch(r"\d+\.\d kB", size)
    assert Path(where) == Path("watch/Music/Short").absolute()
    assert [path for path in tree() if path.startswith("Music")] == [
        "Music/Short/01 Lift.m4a",
        "Music/Short/02 Rest.m4a",
        "Music/Short/03 Hold.m4a",
        "Music/Short.m3u8",
    ]
    assert inspection.inspect(Path("watch"), profile.load("garmin")) == ()


def test_the_second_time_nothing_is_copied() -> None:
    sync("short.toml")
    before = tree()
    assert rows(sync("short.toml"))[0][3:6] == ["0 copied", "2 kept", "0 removed"]
    assert tree() == before


@pytest.mark.slow
def test_it_is_what_export_makes() -> None:
    sync("short.toml", "--split", "step", "--format", "mp3", "--bitrate", "96", "--spoken-position")
    words = ["--for", "garmin", "--split", "step", "--format", "mp3", "--bitrate", "96", "--spoken-position"]
    CliRunner().invoke(cli, ["export", "short.toml", *words, "-o", "album", "--voice", "tone"])
    assert tree() == tree("album")


@pytest.mark.slow
def test_a_changed_script_replaces_what_changed() -> None:
    sync("short.toml", "--split", "step")
    Path("short.toml").write_text(SHORT.replace("25s", "40s"), encoding="utf-8")
    result = sync("short.toml", "--split", "step")
    assert rows(result)[0][3:6] == ["3 copied", "1 kept", "0 removed"]  # the cover of each is another, too


@pytest.mark.slow
def test_several_sessions_of_several_scripts() -> None:
    Path("other.toml").write_text(SHORT, encoding="utf-8")
    result = sync("short.toml", "other.toml", "--sessions", "1-2")
    assert [row[0] for row in rows(result)] == ["short-01", "short-02", "other-01", "other-02"]
    assert [path for path in tree() if path.endswith(".m4a")] == [
        "Music/Short 01 (2).m4a",
        "Music/Short 01.m4a",
        "Music/Short 02 (2).m4a",
        "Music/Short 02.m4a",
    ]
    result = sync("short.toml", "--remove", "--session", "2")
    assert [row[0] for row in rows(result)] == ["short-02"]
    result = sync("short", "--remove")
    assert [row[0] for row in rows(result)] == ["short-01"]
    assert [row[0] for row in rows(sync("--remove"))] == ["other-01", "other-02"]
    assert not tree()


def test_a_dry_run_touches_nothing() -> None:
    result = sync("short.toml", "--split", "step", "--dry-run")
    assert result.exit_code == 0
    assert [row[:2] for row in rows(result)] == [
        ["copy", "Music/Short/01 Lift.m4a"],
        ["copy", "Music/Short/02 Rest.m4a"],
        ["copy", "Music/Short/03 Hold.m4a"],
        ["copy", "Music/Short.m3u8"],
    ]
    assert re.search(r"watch: \d.* kB more are needed, .* are free; nothing was touched\n", result.stderr)
    assert not tree()
    sync("short.toml")
    before = tree()
    assert [row[0] for row in rows(sync("--remove", "--dry-run"))] == ["remove", "remove"]
    assert tree() == before


def test_what_is_in_the_way_is_told_and_stays() -> None:
    Path("watch/Music").mkdir()
    Path("watch/Music/Short.m4a").write_bytes(b"mine")
    result = sync("short.toml")
    assert result.exit_code == 1
    assert "watch/Music/Short.m4a: is there, and is not known to be voicecoach's: move it away" in result.stderr
    assert "watch/Music/Short.m3u8: is not written, because it would play what is in the way" in result.stderr
    assert rows(result)[0][1:6:2] == ["0 tracks", "0 copied", "0 removed"]
    assert tree()["Music/Short.m4a"] == b"mine"
    assert sync("short.toml", "--dry-run").exit_code == 1
    assert sync("--remove").exit_code == 0
    assert tree() == {"Music/Short.m4a": b"mine"}


def test_what_somebody_changed_stays_when_all_is_taken_away() -> None:
    sync("short.toml")
    Path("watch/Music/Short.m4a").write_bytes(b"mine")
    result = sync("--remove")
    assert result.exit_code == 1
    assert "was changed by somebody since it was put there, and stays" in result.stderr
    assert tree() == {"Music/Short.m4a": b"mine"}


def test_it_finds_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "mounted", lambda: (Volume(Path("watch").absolute(), "GARMIN"),))
    result = run("short.toml", "--for", "garmin", "--voice", "tone")
    assert rows(result)[0][6] == str(Path("watch/Music/Short.m4a").absolute())


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["short.toml", "--for", "garmin"], 1, "not found; looked for a drive called"),
        (["short.toml", "--for", "garmin", "--to", ""], 2, "'--to': it is empty"),
        (["short.toml", "--for", " ", "--to", "watch"], 2, "'--for': it is empty"),
        (["short.toml", "--for", "garmn"], 2, 'did you mean "garmin"?'),
        (["short.toml", "--for", "garmin", "--to", "nowhere"], 1, "nowhere: is not there: is it plugged in?"),
        (["short.toml", "--for", "garmin", "--to", "short.toml"], 1, "short.toml: is a file, not a folder"),
        (["--for", "garmin", "--to", "watch"], 2, "Missing argument 'SCRIPT...'"),
        (["short.toml"], 2, "Missing option '--for'"),
        (["x.toml", "--remove", "--for", "garmin", "--to", "watch"], 1, 'watch: nothing of "x" is there'),
        (["short.toml", "--session", "1", "--sessions", "1-2", "--for", "garmin", "--to", "watch"], 2, "exclude"),
        pytest.param(
            ["short.toml", "--for", "garmin", "--to", "watch", "--format", "opus"],
            1,
            "takes no opus",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(words: list[str], code: int, told: str) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert told in result.stderr
    assert not tree()


def test_the_folder_for_audio_is_not_the_device() -> None:
    Path("stick/Music").mkdir(parents=True)
    result = sync("short.toml", to="stick/Music")
    assert result.exit_code == 2
    assert "name the folder around it: --to" in result.stderr


def test_one_bad_script_does_not_keep_the_others() -> None:
    Path("bad.toml").write_text("title = 1\n", encoding="utf-8")
    result = sync("short.toml", "bad.toml")
    assert result.exit_code == 2
    assert "bad.toml:1:" in result.stderr
    assert [row[0] for row in rows(result)] == ["short"]


def test_one_that_does_not_fit_does_not_keep_the_others() -> None:
    Path("long.toml").write_text(SHORT.replace("25s", "2h"), encoding="utf-8")
    result = sync("short.toml", "long.toml", "--size-limit", "600kB")
    assert result.exit_code == 1
    assert "does not fit in 600.0 kB" in result.stderr
    assert [row[0] for row in rows(result)] == ["short"]


def test_a_device_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*arguments: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(carrier.Drive, "put", gone)
    result = sync("short.toml")
    assert result.exit_code == 1
    assert rows(result)[0][:6] == ["short", "0 of 1 track", "0 bytes", "0 copied", "0 kept", "0 removed"]
    assert re.fullmatch(
        r"voicecoach: .*/watch: does not answer any more .*: plug it in again, and do .*\n", result.stderr
    )


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (OSError(errno.ENOSPC, "no space left"), 1, "is full: free some space"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_is_there_is_told_where_it_breaks_off(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, told: str
) -> None:
    def put(self: carrier.Drive, source: Path, target: Path, *more: Any) -> None:
        if target.name == "02 Rest.m4a":
            raise error
        whole(self, source, target, *more)

    whole = carrier.Drive.put
    monkeypatch.setattr(carrier.Drive, "put", put)
    result = sync("short.toml", "--split", "step")
    assert result.exit_code == code
    assert told in result.stderr
    assert rows(result)[0][:2] == ["short", "1 of 3 tracks"]
    assert rows(result)[0][3:6] == ["1 copied", "0 kept", "0 removed"]


def test_too_little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    free = shutil.disk_usage("watch")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free._replace(free=1_000))
    for words in ([], ["--dry-run"]):
        result = sync("short.toml", *words)
        assert result.exit_code == 1
        assert "watch: has 1.0 kB free, and" in result.stderr
    assert not tree()


@pytest.mark.parametrize("torn", ["", "{"])
def test_a_note_that_nobody_can_read(torn: str) -> None:
    Path("other.toml").write_text(SHORT.replace("Short", "Other"), encoding="utf-8")
    sync("short.toml", "other.toml")
    before = tree()
    Path("watch/voicecoach/short.json").write_text(torn, encoding="utf-8")
    assert sync("other.toml").exit_code == 0
    result = sync("short.toml")
    assert result.exit_code == 0
    assert len(result.stderr.splitlines()) == 1
    assert "watch/voicecoach/short.json: cannot be read" in result.stderr
    assert rows(result)[0][3:5] == ["0 copied", "2 kept"]
    assert tree() == before


def test_what_is_another_than_would_be_put_there_is_told_where_the_note_is_torn() -> None:
    sync("short.toml")
    Path("watch/voicecoach/short.json").write_bytes(b"")
    Path("watch/Music/Short.m4a").write_bytes(b"mine")
    result = sync("short.toml")
    assert result.exit_code == 1
    assert "watch/Music/Short.m4a: is there, and is not known to be voicecoach's" in result.stderr
    assert tree()["Music/Short.m4a"] == b"mine"


@pytest.mark.parametrize("zeros", [0, 1_000])
def test_a_track_that_was_cut_short_is_written_again(zeros: int) -> None:
    sync("short.toml")
    before = tree()
    track = Path("watch/Music/Short.m4a")
    track.write_bytes(track.read_bytes()[:3_000] + bytes(zeros))
    result = sync("short.toml")
    assert (result.exit_code, rows(result)[0][3:5]) == (0, ["1 copied", "1 kept"])
    assert tree() == before


def test_what_was_there_stays_as_long_as_nothing_can_take_its_place() -> None:
    sync("short.toml")
    before = tree()
    Path("short.toml").write_text(SHORT.replace("Short", "Anew"), encoding="utf-8")
    Path("watch/Music/Anew.m4a").write_bytes(b"mine")
    assert sync("short.toml").exit_code == 1
    assert tree() == {**before, "Music/Anew.m4a": b"mine"}


def test_nothing_to_take_away_is_told() -> None:
    result = sync("--remove")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "watch: nothing of voicecoach's is there" in result.stderr


def test_an_empty_folder_of_ours_goes() -> None:
    sync("short.toml", "--split", "step")
    for track in Path("watch/Music/Short").iterdir():
        track.unlink()
    sync("--remove")
    assert not Path("watch/Music/Short").exists()
    assert not Path("watch/voicecoach").exists()


def test_a_watch_without_a_drive_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier, "carrier", lambda top: carrier.Desktop(None))
    monkeypatch.setattr("voicecoach.devices.device.carrier", lambda top: carrier.Desktop(None))
    result = sync("short.toml")
    assert "it has no drive: files were sent whole" in result.stderr


@pytest.mark.slow
def test_a_workout_for_the_watch_goes_where_it_looks_for_those() -> None:
    pytest.importorskip("fit_tool")
    result = sync("short.toml", "--fit")
    assert rows(result)[0][3] == "3 copied"
    workout = Path("watch/GARMIN/NewFiles/Short.fit")
    workout.unlink()  # the watch takes it up
    assert rows(sync("short.toml", "--fit"))[0][3:5] == ["0 copied", "3 kept"]
    assert not workout.exists()


@pytest.mark.slow
def test_twelve_hours_twice() -> None:
    first = rows(sync("ultra", "--today", "2026-03-01"))[0]
    before = {path: path.stat().st_mtime_ns for path in Path("watch").rglob("*")}
    second = rows(sync("ultra", "--today", "2026-03-01"))[0]
    assert first[1:3] == second[1:3]
    assert second[3] == "0 copied"
    assert {path: path.stat().st_mtime_ns for path in Path("watch").rglob("*")} == before


@pytest.mark.slow
@pytest.mark.parametrize("device", profile.names())
def test_every_device(device: str) -> None:
    Path("folder").mkdir()
    result = sync("short.toml", device=device, to="folder")
    assert result.exit_code == 0, result.stderr
    assert inspection.inspect(Path("folder"), profile.load(device)) == ()
    assert rows(sync("short.toml", device=device, to="folder"))[0][3] == "0 copied"
    assert sync("--remove", device=device, to="folder").exit_code == 0
    assert not tree("folder")


class TestOneTitle:
    """Two scripts of one title, in whatever order and how many calls."""

    @pytest.fixture(autouse=True)
    def same(self) -> None:
        Path("same.toml").write_text(SHORT.replace("25s", "30s"), encoding="utf-8")

    @pytest.mark.parametrize("device", ["garmin", "shokz"])
    def test_each_keeps_its_name_whichever_is_first(self, device: str) -> None:
        assert sync("short.toml", "same.toml", device=device).exit_code == 0
        before = tree()
        for scripts in (("same.toml", "short.toml"), ("same.toml",), ("short.toml",)):
            plan = sync(*scripts, "--dry-run", device=device)
            assert {row[0] for row in rows(plan)} == {"keep"}
            result = sync(*scripts, device=device)
            assert (result.exit_code, result.stderr) == (0, "")
            assert tree() == before

    def test_a_new_one_takes_the_next_that_is_free(self) -> None:
        sync("short.toml")
        sync("same.toml")
        assert [path for path in tree() if path.endswith(".m4a")] == ["Music/Short (2).m4a", "Music/Short.m4a"]
        Path("short.toml").write_text(SHORT.replace("Short", "Long"), encoding="utf-8")
        Path("third.toml").write_text(SHORT, encoding="utf-8")
        result = sync("third.toml", "short.toml")
        assert (result.exit_code, result.stderr) == (0, "")
        assert [path for path in tree() if path.endswith(".m4a")] == [
            "Music/Long.m4a",
            "Music/Short (2).m4a",
            "Music/Short (3).m4a",
        ]


class TestOneFileName:
    """Two scripts of one file name, in two folders."""

    @pytest.fixture(autouse=True)
    def monday(self) -> None:
        for folder, title in (("run", "Run"), ("gym", "Gym")):
            Path(folder).mkdir()
            Path(folder, "monday.toml").write_text(SHORT.replace("Short", title), encoding="utf-8")

    def test_the_second_is_told_and_the_first_stays(self) -> None:
        sync("run/monday.toml")
        before = tree()
        for more in ([], ["--dry-run"]):
            result = sync("gym/monday.toml", "short.toml", *more)
            assert result.exit_code == 1
            assert re.search(
                r'"gym/monday.toml": would take the place of "monday", .* "run/monday.toml"', result.stderr
            )
        assert {path: tree().get(path) for path in before} == before
        assert "Music/Short.m4a" in tree()

    def test_an_older_note_that_tells_no_script_is_taken_over(self) -> None:
        sync("run/monday.toml")
        note = Path("watch/voicecoach/monday.json")
        whole = note.read_text(encoding="utf-8")
        note.write_text(whole.replace(' "script": "run/monday.toml",\n', ""), encoding="utf-8")
        assert sync("run/monday.toml").exit_code == 0
        assert note.read_text(encoding="utf-8") == whole

    def test_an_export_tells_it_too(self) -> None:
        for script, code in (("run/monday.toml", 0), ("gym/monday.toml", 1)):
            words = ["export", script, "--for", "garmin", "-o", "album", "--voice", "tone"]
            result = CliRunner().invoke(cli, words)
            assert result.exit_code == code
        assert "would take the place of" in result.stderr
        assert "Music/Run.m4a" in tree("album")


@pytest.mark.parametrize("name", ["Music", "voicecoach"])
@pytest.mark.parametrize(("link", "what"), [(False, "is a file"), (True, "is a link that leads nowhere")])
def test_what_stands_where_a_folder_has_to_be(name: str, link: bool, what: str) -> None:
    place = Path("watch", name)
    if link:
        place.symlink_to("nowhere")
    else:
        place.write_bytes(b"mine")
    for more in ([], ["--dry-run"]):
        result = sync("short.toml", *more)
        assert result.exit_code == 1
        assert f"watch/{name}: {what}, where a folder has to be: move it away" in result.stderr
    assert sorted(path.name for path in Path("watch").rglob("*")) == ["GARMIN", name]
    words = ["export", "short.toml", "--for", "garmin", "-o", "watch", "--voice", "tone"]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 1
    assert f"watch/{name}: {what}, where a folder has to be: move it away" in result.stderr
    assert sorted(path.name for path in Path("watch").rglob("*")) == ["GARMIN", name]


def test_an_export_for_a_device_goes_into_no_file() -> None:
    result = CliRunner().invoke(cli, ["export", "short.toml", "--for", "garmin", "-o", "short.toml"])
    assert result.exit_code == 2
    assert "short.toml is a file, and files for a device go into a folder: name one (-o DIRECTORY)" in result.stderr


def test_an_export_that_failed_makes_nothing_ours_that_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **more: object) -> None:
        raise ExportError("it cannot be done")

    words = ["export", "short.toml", "--for", "garmin", "-o", "album", "--voice", "tone"]
    with monkeypatch.context() as patched:
        patched.setattr("voicecoach.devices.album.export_tracks", fail)
        assert CliRunner().invoke(cli, words).exit_code == 1
    assert not tree("album")
    Path("album/Music/Short.m4a").write_bytes(b"mine")
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 1
    assert "Short.m4a: is there, and is not one of voicecoach's" in result.stderr
    assert tree("album") == {"Music/Short.m4a": b"mine"}
