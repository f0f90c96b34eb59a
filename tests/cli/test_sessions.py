"""``voicecoach log``: the sessions so far, as a person or a program meets them."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli, log
from voicecoach.store.history import History, SegmentDone, Why, Wish

MORNING = datetime(2026, 3, 1, 7, 30, tzinfo=timezone(timedelta(hours=1)))
BRIDGE = SegmentDone(
    index=0, kind="hold", name="Bridge", side="left", round=1, planned=60.0, seconds=20.0, why=Why.CLOCK, target=20.0
)
ASKED = SegmentDone(
    index=1,
    kind="ask",
    name="",
    side=None,
    round=1,
    planned=None,
    seconds=4.2,
    why=Why.ANSWERED,
    question="What did you feel?",
    answer="Glute",
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def two(home: Path) -> Path:
    """A finished session, and one that was left a day later."""
    with History.open() as history:
        for day, finished in ((0, True), (1, False)):
            at = MORNING + timedelta(days=day)
            number = history.begin(script="bridge", title="Bridge card", digest="", seed=0, started=at)
            history.add(number, BRIDGE, at)
            if finished:
                history.add(number, replace(ASKED, why=Why.ANSWERED), at)
            history.finish(number, at, finished=finished)
        return history.path


def run(*arguments: str, **options: str | bytes) -> Result:
    return CliRunner().invoke(cli, arguments, **options)  # type: ignore[arg-type]


class TestList:
    def test_newest_first(self, two: Path) -> None:
        assert [line.split("\t") for line in run("log").stdout.splitlines()] == [
            ["2", "2026-03-02 07:30", "Bridge card (bridge)", "0:20", "left after 1 step"],
            ["1", "2026-03-01 07:30", "Bridge card (bridge)", "0:24", "finished"],
        ]
        assert run("log", "list").stdout == run("-q", "log").stdout == run("log", "-q").stdout == run("log").stdout

    def test_only_the_last(self, two: Path) -> None:
        assert [line[0] for line in run("log", "-n", "1").stdout.splitlines()] == ["2"]
        assert run("log", "--last", "0").exit_code == 2

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("log fo", 'no command "log fo" (there are: list, show, export, import, forget)'),
            ("log shwo 1", 'no command "log shwo" (did you mean "show"?)'),
            ("-q log forgte", 'no command "log forgte" (did you mean "forget"?)'),
            ("cache claer", 'no command "cache claer" (did you mean "clear"?)'),
            ("voices add", 'no command "voices add" (there are: install, use)'),
        ],
    )
    def test_a_command_that_it_has_not_is_told_with_those_that_it_has(self, words: str, said: str) -> None:
        shown = run(*words.split())
        assert (shown.exit_code, shown.stdout) == (2, "")
        assert said in " ".join(shown.stderr.split())

    def test_a_file_where_the_folder_has_to_be_is_told(self, home: Path) -> None:
        home.write_text("", encoding="utf-8")
        for words in ("log", "log show 1", "progress", "progress set bridge 40s"):
            shown = run(*words.split())
            assert (shown.exit_code, shown.stdout) == (1, "")
            assert f"({home} is a file and no folder)" in shown.stderr
            assert "let VOICECOACH_HOME name a folder" in shown.stderr
        assert home.read_text(encoding="utf-8") == ""

    def test_a_terminal_is_not_flooded(self, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(log, "_ON_SCREEN", 1)

        class Terminal:
            @staticmethod
            def isatty() -> bool:
                return True

        monkeypatch.setattr(log, "sys", type("sys", (), {"stdout": Terminal}))
        shown = run("log")
        assert len(shown.stdout.splitlines()) == 1
        assert "and 1 more: voicecoach log --last 2" in shown.stderr

    def test_nothing_yet(self, home: Path) -> None:
        shown = run("log")
        assert (shown.exit_code, shown.stdout) == (0, "")
        assert f"no session yet ({home / 'history.sqlite3'})" in shown.stderr
        assert not home.exists()

    def test_a_title_commands_no_terminal(self) -> None:
        with History.open() as history:
            number = history.begin(script="x", title="\x1b[2Jgone", digest="", seed=0, started=MORNING)
            history.add(number, BRIDGE, MORNING)
        assert "\x1b" not in run("log").output + run("log", "show", "1").output

    def test_a_damaged_history_is_told(self, two: Path) -> None:
        two.write_bytes(b"no database at all")
        shown = run("log")
        assert shown.exit_code == 1
        assert f"voicecoach: {two}: is damaged" in shown.stderr


class TestShow:
    def test_each_step_as_planned_and_as_done(self, two: Path) -> None:
        shown = run("log", "show", "1")
        assert "Bridge card (bridge), 2026-03-01 07:30, finished" in shown.stderr
        assert [line.split("\t") for line in shown.stdout.splitlines()] == [
            ["1", "Bridge, left", "20s", "20s", ""],
            ["2", "What did you feel?", "", "4.2s", "Glute"],
        ]

    @pytest.mark.parametrize("number", ["3", "9" * 30])
    def test_one_that_is_not_there(self, two: Path, number: str) -> None:
        shown = run("log", "show", number)
        assert shown.exit_code == 2
        assert f"there is no session {number} (the last one is 2" in " ".join(shown.stderr.split())

    def test_none_at_all(self) -> None:
        assert "there is no session 1 (there is none yet" in run("log", "show", "1").stderr

    @pytest.mark.parametrize("why", Why)
    def test_every_end_has_its_words(self, why: Why) -> None:
        with History.open() as history:
            number = history.begin(script="x", title="X", digest="", seed=0, started=MORNING)
            history.add(number, replace(BRIDGE, why=why), MORNING)
        assert run("log", "show", "1").exit_code == 0


class TestExportAndImport:
    def test_json_comes_back(self, two: Path, home: Path) -> None:
        assert run("log", "export", "-o", "mine.json").exit_code == 0
        shown = run("log", "import", "mine.json")
        assert "0 sessions added, 2 known already" in shown.stderr
        two.rename(home / "before.sqlite3")
        assert "2 sessions added\n" in run("log", "import", "mine.json").stderr
        assert run("log", "export").stdout == Path("mine.json").read_text(encoding="utf-8")

    def test_from_standard_input(self, two: Path) -> None:
        text = run("log", "export", "-f", "json").stdout
        run("log", "forget", "--all", "--yes")
        assert "2 sessions added" in run("log", "import", "-", input=text.encode()).stderr

    def test_rows_by_the_suffix_or_because_they_are_asked_for(self, two: Path) -> None:
        run("log", "export", "-o", "mine.csv")
        rows = Path("mine.csv").read_text(encoding="utf-8")
        assert rows == run("log", "export", "-f", "csv").stdout
        assert len(rows.splitlines()) == 4
        run("log", "export", "-o", "mine.csv", "--format", "json")
        assert json.loads(Path("mine.csv").read_text(encoding="utf-8"))["version"] == 1

    def test_a_file_that_is_wrong_says_where(self) -> None:
        Path("mine.json").write_text('{"version": 1, "sessions": [{"script": 3}]}', encoding="utf-8")
        shown = run("log", "import", "mine.json")
        assert shown.exit_code == 2
        assert "mine.json: sessions[0].script: expected a text, found 3" in shown.stderr
        assert 'mine.json: sessions[0]: "seed" is missing' in shown.stderr

    @pytest.mark.parametrize(("name", "why"), [("nowhere.json", "no such file"), (".", "is a directory")])
    @pytest.mark.skipif(sys.platform == "win32", reason="the system says it otherwise there")
    def test_a_file_that_is_none(self, name: str, why: str) -> None:
        shown = run("log", "import", name)
        assert shown.exit_code == 2
        assert f"{name}: cannot be read ({why}" in shown.stderr

    def test_a_file_that_is_far_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(log, "_LARGEST_FILE", 10)
        Path("mine.json").write_text(" " * 11, encoding="utf-8")
        assert "far too large" in run("log", "import", "mine.json").stderr

    def test_a_place_that_cannot_be_written(self, two: Path) -> None:
        shown = run("log", "export", "-o", "no/folder/x.json")
        assert shown.exit_code == 1
        assert "there is no such folder" in shown.stderr


class TestForget:
    def test_one(self, two: Path) -> None:
        shown = run("log", "forget", "1", "--yes")
        assert "forgotten: session 1, Bridge card, 2026-03-01 07:30" in shown.stderr
        assert [line[0] for line in run("log").stdout.splitlines()] == ["2"]
        assert run("log", "forget", "1", "--yes").exit_code == 2

    def test_all_and_the_targets_too(self, two: Path) -> None:
        with History.open() as history:
            history.wish(Wish(progression="bridge/hold", day=MORNING.date(), seconds=40.0))
        assert "all 2 sessions" in run("log", "forget", "--all", "--yes").stderr
        with History.open() as history:
            assert (history.count(), history.progressions()) == (0, ())

    def test_in_a_pipe_nobody_is_asked(self, two: Path) -> None:
        shown = run("log", "forget", "1")
        assert shown.exit_code == 2
        assert 'nobody can be asked here: "--yes" forgets session 1' in " ".join(shown.stderr.split())
        assert len(run("log").stdout.splitlines()) == 2

    @pytest.mark.parametrize(("answer", "left", "code"), [("y\n", 1, 0), ("n\n", 2, 1), ("\n", 2, 1)])
    def test_it_asks(self, two: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: int, code: int) -> None:
        monkeypatch.setattr(log, "_interactive", lambda: True)
        shown = run("log", "forget", "2", input=answer)
        assert shown.exit_code == code
        assert "Forget session 2, Bridge card, 2026-03-02 07:30? It cannot be brought back." in shown.stderr
        assert len(run("log").stdout.splitlines()) == left

    @pytest.mark.parametrize("arguments", [(), ("1", "--all")])
    def test_which_one_has_to_be_said(self, two: Path, arguments: tuple[str, ...]) -> None:
        shown = run("log", "forget", *arguments, "--yes")
        assert shown.exit_code == 2
        assert "which one?" in shown.stderr
