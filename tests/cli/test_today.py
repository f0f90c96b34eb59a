"""Today's session, and any other: what the history says of it reaches ``compile`` and ``export``."""

from __future__ import annotations

import hashlib
import json
import shutil
import wave
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach import pipeline, script
from voicecoach.cli import cli
from voicecoach.errors import HistoryError
from voicecoach.store.history import History, SegmentDone, Why, Wish

FADES = """
title = "Fades"
[announce]
style = "none"
complete = false
[[block]]
steps = [ { run = "10min" } ]
[[reminder]]
cues = ["Tall."]
every = "1min"
fade = 2.0
max_every = "4min"
"""
GROWS = """
title = "Grows"
[progression.hold]
start = "20s"
goal = "1min"
step = "5s"
[[block]]
steps = [ {{ hold = "progression:hold" }}, {{ use = "{use}" }} ]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("fades.toml").write_text(FADES, encoding="utf-8")
    Path("grows.toml").write_text(GROWS.format(use="bridge-progression"), encoding="utf-8")
    return tmp_path / "home"


def run(*arguments: str, **options: str) -> Result:
    return CliRunner().invoke(cli, arguments, **options)  # type: ignore[arg-type]


def finish(name: str, day: int, progression: str | None = None, seconds: float = 20.0) -> None:
    """A session on a day of March, in which a hold was held clean."""
    at = datetime(2026, 3, day, 7, 30, tzinfo=timezone(timedelta(hours=1)))
    done = SegmentDone(
        index=0,
        kind="hold",
        name="",
        side=None,
        round=1,
        planned=seconds,
        seconds=seconds,
        why=Why.CLOCK,
        progression=progression,
        target=seconds,
    )
    with History.open() as history:
        number = history.begin(script=name, title=name, digest="", seed=0, started=at)
        history.add(number, done, at)
        history.finish(number, at, finished=True)


def compiled(*arguments: str, **options: str) -> dict[str, list[dict[str, object]]]:
    done = run("compile", "--estimate", "-f", "json", *arguments, **options)
    assert done.exit_code == 0, done.output
    found: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return found


def reminders(*arguments: str, **options: str) -> int:
    return sum(event["role"] == "reminder" for event in compiled(*arguments, **options)["events"])


def holds(*arguments: str) -> list[object]:
    return [one["duration"] for one in compiled(*arguments)["segments"] if one["kind"] == "hold"]


class TestReminders:
    def test_they_fade_with_each_finished_session_of_the_script(self) -> None:
        assert reminders("fades.toml") == 9
        finish("fades", 1)
        finish("other", 1)
        assert reminders("fades.toml") == 4
        finish("fades", 3)
        finish("fades", 4)
        assert reminders("fades.toml") == 2, "no wider than max_every"

    def test_any_session_can_be_asked_for(self) -> None:
        finish("fades", 1)
        assert [reminders("fades.toml", "--session", str(number)) for number in (1, 2, 3, 9)] == [9, 4, 2, 2]

    def test_a_day_in_the_past_knows_only_what_was_then(self) -> None:
        finish("fades", 1)
        finish("fades", 3)
        assert reminders("fades.toml", "--today", "2026-03-02") == 4
        assert reminders("fades.toml", "--no-history") == 9

    def test_a_script_from_standard_input_is_known_by_its_title(self) -> None:
        finish("Fades", 1)
        assert reminders("-", input=FADES) == 4


class TestTargets:
    def test_without_a_history_nothing_changes_and_no_file_is_made(self, home: Path) -> None:
        assert run("compile", "--estimate", "bridge-progression").stdout == (
            run("compile", "--estimate", "bridge-progression", "--no-history").stdout
        )
        assert not (home / "history.sqlite3").exists()
        with History.open():
            pass
        assert holds("bridge-progression") == [10, 20]

    def test_a_hold_grows(self) -> None:
        finish("bridge-progression", 1, "bridge-progression/bridge")
        assert holds("bridge-progression", "--today", "2026-03-01") == [10, 20]
        assert holds("bridge-progression", "--today", "2026-03-02") == [10, 25]
        assert holds("bridge-progression", "--today", "2026-03-02", "--session", "7") == [10, 25]
        assert holds("bridge-progression", "--today", "2026-03-02", "--no-history") == [10, 20]

    def test_a_target_that_was_set(self) -> None:
        run("progress", "set", "bridge", "90s", "--today", "2026-03-02")
        assert holds("bridge-progression", "--today", "2026-03-01") == [10, 20]
        assert holds("bridge-progression", "--today", "2026-03-02") == [10, 90]

    def test_a_script_that_is_used_keeps_its_own(self) -> None:
        finish("bridge-progression", 1, "bridge-progression/bridge", seconds=40)
        finish("grows", 1, "grows/hold", seconds=30)
        assert holds("grows.toml", "--today", "2026-03-02") == [35, 10, 45]
        assert holds("bridge-progression", "--today", "2026-03-02") == [10, 45]

    def test_what_two_scripts_call_by_the_same_name_are_two(self) -> None:
        Path("grows.toml").write_text(
            GROWS.format(use="bridge-progression").replace("n.hold", "n.bridge").replace("n:hold", "n:bridge"),
            encoding="utf-8",
        )
        finish("bridge-progression", 1, "bridge-progression/bridge", seconds=40)
        assert holds("grows.toml", "--today", "2026-03-02") == [20, 10, 45]
        finish("grows", 1, "grows/bridge", seconds=30)
        assert holds("grows.toml", "--today", "2026-03-02") == [35, 10, 45]
        shown = run("progress", "bridge", "--script", "grows.toml", "--today", "2026-03-02").stdout
        assert "bridge (grows)\ntoday 35s" in shown
        assert "bridge (bridge-progression)\ntoday 45s" in shown

    def test_a_day_before_what_is_remembered_says_so(self) -> None:
        finish("bridge-progression", 5, "bridge-progression/bridge")
        shown = run("compile", "--estimate", "bridge-progression", "--today", "2026-03-01")
        assert "the history goes on to 2026-03-05: what came after 2026-03-01 is left out" in shown.stderr

    def test_a_history_that_cannot_be_read_is_a_warning(self, home: Path) -> None:
        home.mkdir()
        (home / "history.sqlite3").write_bytes(b"no database at all")
        shown = run("compile", "--estimate", "bridge-progression", "--session", "2")
        assert shown.exit_code == 0
        assert "bridge-progression: warning: " in shown.stderr
        assert "is damaged" in shown.stderr
        assert "going on without the history" in shown.stderr
        with pytest.raises(HistoryError, match="damaged"):
            pipeline.today(script.load("bridge-progression"))

    @pytest.mark.parametrize("day", ["yesterday", "2026-02-30", ""])
    def test_a_day_that_is_none(self, day: str) -> None:
        shown = run("compile", "bridge-progression", "--today", day)
        assert shown.exit_code == 2
        assert f'"{day}" is no date (write it as ' in " ".join(shown.stderr.split())


READERS = {
    "list": (),
    "compile": ("--estimate", "grows.toml"),
    "check": ("grows.toml",),
    "diff": ("fades.toml", "grows.toml"),
    "simulate": ("grows.toml",),
    "show": ("grows.toml",),
    "export": ("grows.toml", "--voice", "tone", "-o", "watch/grows.wav"),
    "sync": ("fades.toml", "--voice", "tone", "--for", "generic", "--to", "watch"),
    "play": ("fades.toml", "--voice", "tone", "--output", "memory"),
    "progress": ("hold", "--script", "grows.toml"),
}
"""What a command that reads the history is called with."""


def made(command: str, *options: str) -> tuple[int, bytes, dict[str, bytes]]:
    """What a call gives, and what it leaves in a folder."""
    watch = Path("watch")
    shutil.rmtree(watch, ignore_errors=True)
    watch.mkdir()
    done = run(command, *READERS[command], *options)
    return (
        done.exit_code,
        done.stdout_bytes,
        {str(at): at.read_bytes() for at in watch.rglob("*.*") if at.suffix in (".mp3", ".wav")},
    )


@pytest.mark.slow
class TestEveryCommandThatReadsIt:
    def test_these_are_all(self) -> None:
        modules = Path(script.__file__).parents[1] / "cli"
        reading = {path.stem for path in modules.glob("*.py") if "history_options" in path.read_text(encoding="utf-8")}
        assert reading - {"remembered", "serve"} == {*READERS}, "serve goes on until it is ended"

    @pytest.mark.parametrize("command", READERS)
    def test_a_day_sees_nothing_of_what_came_later(self, command: str) -> None:
        for name in ("grows", "fades"):
            finish(name, 1, "grows/hold")
        before = made(command, "--today", "2026-03-02")
        for name in ("grows", "fades"):
            finish(name, 3, "grows/hold", seconds=25.0)
        assert made(command, "--today", "2026-03-02") == before
        assert before[0] in (0, 1)

    @pytest.mark.parametrize("command", READERS)
    def test_without_the_history_it_is_not_looked_at(self, command: str, home: Path) -> None:
        before = made(command, "--no-history", "--today", "2026-03-02")
        home.mkdir(exist_ok=True)
        (home / "history.sqlite3").write_bytes(b"no database at all")
        assert made(command, "--no-history", "--today", "2026-03-02") == before
        assert before[0] in (0, 1)


class TestList:
    def test_it_tells_when_each_was_last_done_and_how_often(self) -> None:
        before = run("list").stdout
        assert {line.count("\t") for line in before.splitlines()} == {3}
        for day in (1, 4, 9):
            finish("glute-bridge", day)
        finish("grows", 2)
        rows = {line.split("\t")[0]: line.split("\t")[4:] for line in run("list").stdout.splitlines()}
        assert rows["glute-bridge"] == ["2026-03-09", "3"]
        assert rows["easy-run"] == ["", ""]
        then = run("list", "--today", "2026-03-08")
        assert "\t2026-03-04\t2\n" in then.stdout
        assert "the history goes on to 2026-03-09" in then.stderr
        assert run("list", "--no-history").stdout == before

    def test_a_damaged_history_does_not_keep_it(self, home: Path) -> None:
        before = run("list").stdout
        home.mkdir(exist_ok=True)
        (home / "history.sqlite3").write_bytes(b"no database at all")
        shown = run("list")
        assert (shown.exit_code, shown.stdout) == (0, before)
        assert "going on without the history" in shown.stderr


class TestCheck:
    def test_it_is_todays_session_that_is_checked(self) -> None:
        before = run("check", "grows.toml")
        finish("grows", 1, "grows/hold", seconds=30)
        shown = run("check", "grows.toml", "--today", "2026-03-02")
        assert (shown.exit_code, shown.stdout) == (0, before.stdout)
        assert shown.stderr == f"grows.toml: today hold 35s\n{before.stderr}"
        assert run("check", "grows.toml", "--no-history").stderr == before.stderr

    def test_lines_that_name_a_best_are_looked_at_though_there_is_none(self) -> None:
        text = GROWS.format(use="glute-bridge").replace(
            'hold = "progression:hold"', 'hold = "progression:hold", cues = ["Past {best}."], every = "8s"'
        )
        Path("best.toml").write_text(f'{text}\n[[reminder]]\ncues = ["Past {{best}}?"]\nevery = "10s"\n')
        shown = run("check", "best.toml")
        assert "never heard" not in shown.stdout
        sheet = run("compile", "--estimate", "best.toml").stdout
        assert "Past" not in sheet
        finish("best", 1, "best/hold", seconds=31.5)
        assert "Past thirty-one seconds." in run("compile", "--estimate", "best.toml").stdout

    def test_a_best_of_what_does_not_grow_is_a_warning(self) -> None:
        Path("fixed.toml").write_text('title = "x"\n[[block]]\nsteps = [ { hold = "20s", intro = "Past {best}." } ]\n')
        assert "{best} stands for nothing here" in run("check", "fixed.toml").stdout


class TestTheLibrary:
    def test_a_workout_and_an_opened_script_get_the_same(self) -> None:
        finish("grows", 1, "grows/hold", seconds=30)
        with History.open() as history:
            history.wish(Wish(progression="bridge-progression/bridge", day=datetime(2026, 3, 1).date(), seconds=50.0))
            for day in (1, 2, 10):
                now = datetime(2026, 3, day).date()
                workout = pipeline.today(script.load("grows.toml"), day=now, history=history)
                assert workout == pipeline.today(pipeline.opened("grows.toml"), day=now, history=history)
                assert workout == pipeline.today(pipeline.opened("grows.toml"), day=now)
        assert workout == (
            {"grows/hold": 30.0, "bridge-progression/bridge": 45.0},
            1,
            {"grows/hold": 30.0},
        )

    def test_days_at_the_goal_are_counted_without_today(self) -> None:
        for day in (1, 2, 2):
            finish("bridge-progression", day, "bridge-progression/bridge", seconds=60)
        script = pipeline.opened("bridge-progression")
        with History.open() as history:
            days = [pipeline.past(script, datetime(2026, 3, day).date(), history).at_goal for day in (2, 3)]
        assert days == [{"bridge-progression/bridge": 1}, {"bridge-progression/bridge": 2}]

    def test_without_a_history_it_is_empty(self) -> None:
        assert pipeline.today(pipeline.opened("grows.toml")) == ({}, 0, {})
        assert pipeline.today(pipeline.opened("grows.toml"), session=3) == ({}, 2, {})


def heard(path: str) -> str:
    """A digest of the samples of a file, whose title may be another."""
    with wave.open(path) as file:
        return hashlib.sha256(file.readframes(file.getnframes())).hexdigest()


class TestExport:
    @pytest.mark.slow
    def test_a_whole_plan_is_named_in_order(self) -> None:
        shown = run("export", "fades.toml", "--sessions", "1-3", "--format", "wav", "--voice", "tone", "-o", "plan")
        assert shown.exit_code == 0
        files = sorted(Path("plan").iterdir())
        assert [path.name for path in files] == ["fades-01.wav", "fades-02.wav", "fades-03.wav"]
        plan = [path.read_bytes() for path in files]
        assert len(set(plan)) == 3
        run("export", "fades.toml", "--session", "2", "--format", "wav", "--voice", "tone", "-v")
        assert (Path("fades-02.wav").read_bytes() == plan[1]) is True, "nobody wants to see where bytes differ"
        finish("fades", 1)
        run("export", "fades.toml", "--voice", "tone", "-o", "due.wav")
        assert heard("due.wav") == heard("plan/fades-02.wav")
        run("export", "fades.toml", "--voice", "tone", "-o", "first.wav", "--no-history")
        assert heard("first.wav") == heard("plan/fades-01.wav")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--sessions", "soon"), '"soon" are no sessions (write "1-12")'),
            (("--sessions", "0-3"), 'sessions count from 1 upwards (did you mean "1-12"?)'),
            (("--sessions", "12-1"), 'did you mean "1-12"?'),
            (("--sessions", "1-9999"), "are more than 1,000 sessions"),
            (("--sessions", "1-2", "--session", "1"), "exclude each other"),
            (("--sessions", "1-2", "-o", "x.mp3"), "x.mp3 is one file, and there are several sessions"),
            (("--session", "0"), "--session"),
        ],
    )
    def test_what_is_not_right_is_told(self, arguments: tuple[str, ...], said: str) -> None:
        shown = run("export", "fades.toml", *arguments)
        assert shown.exit_code == 2
        assert said in " ".join(shown.stderr.split())

    def test_names_are_as_wide_as_the_last_one(self) -> None:
        from voicecoach.cli.sessions import Wanted

        found, _ = Wanted(0, range(98, 101), None, True).of(["fades.toml"])
        assert [session.name for session in found] == ["fades-098", "fades-099", "fades-100"]
