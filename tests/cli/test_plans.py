"""Plans on the command line: each call goes on where the person is."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli
from voicecoach.store.history import History
from voicecoach.store.sessions import PlanDay, SegmentDone

WALK = """title = "Walk"
[announce]
style    = "none"
complete = false
[[block]]
steps = [ { walk = "8s", name = "Out" } ]
"""
PLAN = """title = "To the park"
[[plan]]
days = ["./first.toml", "rest", "./first.toml"]
[[plan]]
days = ["#Last"]
[announce]
style    = "beep"
complete = false
[[block]]
name  = "Last"
steps = [ { run = "9s", name = "Run" } ]
"""
DONE = SegmentDone(index=0, kind="walk", name="Out", side=None, round=1, planned=8.0, seconds=8.0, why="clock")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("first.toml").write_text(WALK, encoding="utf-8")
    Path("park.toml").write_text(PLAN, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def did(week: int, day: int, *, finished: bool = True) -> None:
    """A session of the plan that was done."""
    at = datetime(2026, 3, week, 8, day, tzinfo=timezone.utc)  # noqa: UP017
    script = "park" if week == 2 else "first"
    with History.open() as history:
        planned = PlanDay("park", week, day)
        number = history.begin(script=script, title="x", digest="", seed=0, started=at, planned=planned)
        history.add(number, DONE, at)
        history.finish(number, at, finished=finished)


def sheet(*arguments: str) -> str:
    """The title of the session that is compiled."""
    shown = run("compile", "park.toml", "--estimate", *arguments)
    assert shown.exit_code == 0, shown.stderr
    return shown.stdout.splitlines()[0]


class TestWhichDay:
    def test_the_first_day_then_the_one_behind_what_was_finished(self) -> None:
        assert sheet() == "To the park, week 1, day 1"
        did(1, 1)
        assert sheet() == "To the park, week 1, day 3"
        did(1, 3)
        assert sheet() == "To the park, week 2, day 1"

    def test_what_was_left_comes_again(self) -> None:
        did(1, 1)
        did(1, 3, finished=False)
        assert sheet() == "To the park, week 1, day 3"

    def test_who_goes_back_goes_on_from_there(self) -> None:
        did(1, 3)
        did(1, 1)
        assert sheet() == "To the park, week 2, day 1", "by the time, not by the order in which it was written"
        assert sheet("--day", "week 1, day 1") == "To the park, week 1, day 1"
        assert sheet("--session", "2") == "To the park, week 1, day 3"

    def test_a_day_to_take_for_today_and_no_history(self) -> None:
        did(1, 1)
        did(1, 3)
        assert sheet("--no-history") == "To the park, week 1, day 1"
        assert sheet("--today", "2026-02-28") == "To the park, week 1, day 1"

    def test_after_the_last_day_it_is_over_and_what_to_do_is_told(self) -> None:
        did(2, 1)
        for call in (
            ("compile", "park.toml"),
            ("export", "park.toml"),
            ("play", "park.toml"),
            ("simulate", "park.toml"),
        ):
            shown = run(*call)
            assert shown.exit_code == 1
            assert "park.toml: the plan is over, its last day is done; begin it again with --day 1.1" in shown.stderr
        assert not Path("park-01.mp3").exists()

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("compile", "park.toml", "--day", "1.2"), "nothing is done on day 2 of week 1 (on days 1, 3)"),
            (("show", "park.toml", "--day", "9.9"), 'there is no day "9.9" in the plan, which goes from 1.1 to 2.1'),
            (("compile", "park.toml", "--session", "4"), "the plan has 3 sessions: there is no number 4"),
            (("compile", "park.toml", "--session", "1", "--day", "1.1"), "--day and --session exclude each other"),
            (("compile", "first.toml", "--day", "1.1"), "--day is for a plan, and first.toml is a script"),
            (("export", "first.toml", "--day", "1.1"), "--day is for a plan, and first.toml is a script"),
            (("export", "first.toml", "--all"), "--all is for a plan, and first.toml is a script"),
            (("export", "park.toml", "--all", "--sessions", "1-2"), "--sessions and --all exclude each other"),
            (("export", "park.toml", "--all", "-o", "x.mp3"), "x.mp3 is one file, and there are several sessions"),
            (("diff", "park.toml", "first.toml"), "park.toml is a plan; compare two of its scripts"),
        ],
    )
    def test_what_does_not_go_is_told(self, arguments: tuple[str, ...], message: str) -> None:
        shown = run(*arguments)
        assert shown.exit_code == 2
        assert message in " ".join(shown.stderr.split())


class TestWhatIsHeard:
    def test_a_session_says_which_day_it_is_where_words_are_wished(self) -> None:
        shown = run("compile", "couch-to-5k", "--estimate", "--day", "3.2")
        assert shown.exit_code == 2
        shown = run("compile", "couch-to-5k", "--estimate", "--day", "3.3")
        assert "say        Week three, day three." in shown.stdout
        assert "couch-to-5k: week 3, day 3, session 8 of 27 (couch-to-5k-3)" in shown.stderr
        assert "say" not in run("compile", "park.toml", "--estimate").stdout

    def test_a_picture_is_that_of_the_session_that_comes_now(self) -> None:
        did(1, 1)
        did(1, 3)
        shown = run("show", "park.toml", "--stats")
        assert shown.exit_code == 0
        assert "park.toml: week 2, day 1, session 3 of 3 (#Last)" in shown.stderr
        assert "To the park, week 2, day 1" in run("show", "park.toml").stdout

    def test_a_session_simulated_is_that_of_the_day(self) -> None:
        shown = run("simulate", "park.toml", "--day", "2.1", "--plain")
        assert "Run (Last)" in shown.stdout
        assert "To the park, week 2, day 1: done" in shown.stderr


class TestFiles:
    @pytest.mark.slow
    def test_all_of_it_is_a_file_a_session_in_their_order(self) -> None:
        shown = run("export", "park.toml", "--all", "-o", "park/", "--voice", "tone")
        assert shown.exit_code == 0, shown.stderr
        assert sorted(path.name for path in Path("park").iterdir()) == ["park-01.mp3", "park-02.mp3", "park-03.mp3"]
        from voicecoach.sound import media

        lengths = [media.seconds(path) for path in sorted(Path("park").iterdir())]
        assert lengths == pytest.approx([8, 8, 10.2], abs=0.1), "with the tail of the last tone"

    @pytest.mark.slow
    def test_the_one_that_comes_is_called_by_its_number(self) -> None:
        did(1, 1)
        assert run("export", "park.toml", "--voice", "tone").exit_code == 0
        assert [path.name for path in Path().glob("*.mp3")] == ["park-02.mp3"]

    def test_reminders_of_a_script_fade_with_how_often_the_plan_has_it(self) -> None:
        Path("first.toml").write_text(
            'title = "Fades"\n[[block]]\nsteps = [ { run = "5min" } ]\n'
            '[[reminder]]\ncues = ["Tall."]\nevery = "1min"\nfade = 2.0\n',
            encoding="utf-8",
        )
        often = [
            run("compile", "park.toml", "--estimate", "--session", number).stdout.count("Tall.") for number in "12"
        ]
        assert often == [4, 2]


class TestCheckAndList:
    def test_each_script_is_checked_once(self) -> None:
        Path("first.toml").write_text(
            'title = "x"\n[[block]]\nsteps = [ { hold = "9s", switch = "3s" } ]\n', encoding="utf-8"
        )
        shown = run("check", "park.toml")
        assert shown.exit_code == 0
        assert shown.stdout.count('"switch" has no effect') == 1
        assert "no mistakes, 1 warning" in shown.stderr

    def test_a_block_that_no_day_names_is_told(self) -> None:
        Path("park.toml").write_text(PLAN + '[[block]]\nname = "Never"\nsteps = [ { run = "9s" } ]\n', encoding="utf-8")
        shown = run("check", "park.toml").stdout
        assert "park.toml:12:1: block[1]: warning: the block is never heard: no day of the plan names it" in shown

    def test_a_list_counts_the_sessions_and_what_was_done_of_the_plan(self) -> None:
        own = Path("home/scripts")
        own.mkdir(parents=True)
        (own / "park.toml").write_text(PLAN, encoding="utf-8")
        (own / "first.toml").write_text(WALK, encoding="utf-8")
        did(1, 1)
        did(1, 3)
        rows = dict(line.split("\t", 1) for line in run("list").stdout.splitlines())
        assert rows["park"] == "To the park\t3 sessions\tyours\t2026-03-01\t2"
        assert rows["first"] == "Walk\t0:08\tyours\t2026-03-01\t2"

    def test_the_days_of_a_plan_and_which_comes_next(self) -> None:
        did(1, 1)
        did(1, 3, finished=False)
        assert run("list", "park.toml").stdout.splitlines() == [
            "1.1\t./first.toml\t2026-03-01\t1\t",
            "1.3\t./first.toml\t\t\tnext",
            "2.1\t#Last\t\t\t",
        ]
        did(2, 1)
        assert "next" not in run("list", "park.toml").stdout
        assert run("list", "park.toml", "--no-history").stdout.splitlines()[0] == "1.1\t./first.toml\t\t\tnext"
        shown = run("list", "first.toml")
        assert (shown.exit_code, "first.toml is a script, and no plan" in shown.stderr) == (2, True)
