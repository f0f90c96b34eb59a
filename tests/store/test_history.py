"""What is remembered of sessions: kept whatever ends the program, shared, carried on by later versions, forgotten."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.errors import HistoryError, HistoryFileError
from voicecoach.store import folders
from voicecoach.store import history as histories
from voicecoach.store.history import Held, History, PlanDay, SegmentDone, SessionDone, Why, Wish

HERE = timezone(timedelta(hours=2))
MORNING = datetime(2026, 3, 1, 7, 30, tzinfo=HERE)
BRIDGE = SegmentDone(
    index=0,
    kind="hold",
    name="Bridge",
    side="left",
    round=2,
    planned=20.0,
    seconds=20.0,
    why=Why.CLOCK,
    progression="bridge-progression/bridge",
    target=20.0,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with History.open(path) as opened:
        yield opened


def begun(history: History, script: str = "bridge", started: datetime = MORNING, seed: int = 0) -> int:
    return history.begin(script=script, title=script.title(), digest="d" * 64, seed=seed, started=started)


def done(history: History, *segments: SegmentDone, finished: bool = True, **how: Any) -> int:
    number = begun(history, **how)
    for index, segment in enumerate(segments or (BRIDGE,)):
        history.add(number, replace(segment, index=index), MORNING)
    history.finish(number, MORNING, finished=finished)
    return number


def of_version(path: Path, version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A history as so many migrations make it, in which a session has begun."""
    with monkeypatch.context() as patch:
        patch.setattr(histories, "MIGRATIONS", histories.MIGRATIONS[:version])
        with History.open(path) as history:
            begun(history)


def day(number: int) -> datetime:
    return MORNING + timedelta(days=number - 1)


class TestWhatIsKept:
    def test_a_session_comes_back_as_it_went_in(self, history: History, path: Path) -> None:
        asked = SegmentDone(
            index=1,
            kind="ask",
            name="",
            side=None,
            round=1,
            planned=None,
            seconds=4.26,
            why=Why.ANSWERED,
            question="What did you feel?",
            answer="Glute",
        )
        number = begun(history, seed=10**30)
        history.add(number, BRIDGE, MORNING + timedelta(seconds=20))
        history.add(number, asked, MORNING + timedelta(seconds=25))
        with History.open(path) as other:
            found = other.session(number)
        assert found == SessionDone(
            number=number,
            script="bridge",
            title="Bridge",
            digest="d" * 64,
            seed=10**30,
            started=MORNING,
            ended=MORNING + timedelta(seconds=25),
            finished=False,
            segments=(BRIDGE, replace(asked, seconds=4.3)),
        )
        assert found.started.utcoffset() == timedelta(hours=2)

    def test_newest_first_whatever_the_time_zone(self, history: History) -> None:
        later = datetime(2026, 3, 1, 6, 30, tzinfo=timezone.utc)  # noqa: UP017 – half an hour after, 8:30 there
        second = done(history, started=later)
        first = done(history)
        assert [one.number for one in history.sessions()] == [second, first]
        assert [one.number for one in history.overviews()] == [second, first]
        assert [one.number for one in history.sessions(1)] == [second]
        assert [one.number for one in history.overviews(1)] == [second]

    def test_an_overview_counts(self, history: History) -> None:
        done(history, BRIDGE, replace(BRIDGE, seconds=12.34))
        (one,) = history.overviews()
        assert (one.steps, one.seconds, one.finished, one.script) == (2, 32.3, True, "bridge")

    def test_going_back_takes_back(self, history: History) -> None:
        number = begun(history)
        for index in range(4):
            history.add(number, replace(BRIDGE, index=index), MORNING)
        history.take_back(number, 2)
        history.add(number, replace(BRIDGE, index=2, seconds=3.0), MORNING)
        found = history.session(number)
        assert found is not None
        assert [(one.index, one.seconds) for one in found.segments] == [(0, 20.0), (1, 20.0), (2, 3.0)]

    def test_a_session_in_which_nothing_was_done_is_none(self, history: History) -> None:
        left = begun(history)
        killed = begun(history)
        history.finish(left, MORNING, finished=False)
        assert history.session(left) is None
        assert history.session(killed) is not None
        assert history.sessions() == ()
        assert history.overviews() == ()
        assert history.count() == 0

    def test_finished_sessions_are_counted_by_script_and_day(self, history: History) -> None:
        for number in (1, 2, 2, 5):
            done(history, started=day(number))
        done(history, started=day(3), finished=False)
        done(history, script="run", started=day(3))
        assert history.finished("bridge") == 4
        assert history.finished("bridge", until=date(2026, 3, 2)) == 3
        assert history.finished("nothing") == 0

    def test_of_each_script_it_is_known_how_often_it_was_done_and_when_last(self, history: History) -> None:
        for number in (1, 5, 2):
            done(history, started=day(number))
        done(history, started=day(6), finished=False)
        done(history, script="run", started=day(3))
        assert history.done() == {"bridge": (3, date(2026, 3, 5)), "run": (1, date(2026, 3, 3))}
        assert history.done(until=date(2026, 3, 2)) == {"bridge": (2, date(2026, 3, 2))}

    def test_holds_by_progression_in_their_order(self, history: History) -> None:
        done(history, replace(BRIDGE, seconds=12.0, why=Why.SLIPPED), replace(BRIDGE, progression=None), started=day(2))
        done(history, started=day(1))
        assert history.held("bridge-progression/bridge") == (
            Held(day=date(2026, 3, 1), seconds=20.0, target=20.0, why=Why.CLOCK),
            Held(day=date(2026, 3, 2), seconds=12.0, target=20.0, why=Why.SLIPPED),
        )
        assert history.progressions() == ("bridge-progression/bridge",)

    def test_a_hold_of_a_target_with_parts_of_a_second_is_clean(self, history: History) -> None:
        done(history, replace(BRIDGE, seconds=20.25, target=20.25))
        assert [one.clean for one in history.held("bridge-progression/bridge")] == [True]

    def test_the_day_is_that_of_the_place(self, history: History) -> None:
        done(history, started=datetime(2026, 3, 2, 0, 30, tzinfo=HERE))  # still the first in Greenwich
        assert history.held("bridge-progression/bridge")[0].day == date(2026, 3, 2)
        assert history.latest() == date(2026, 3, 2)

    def test_the_last_answer(self, history: History) -> None:
        def asked(answer: str | None, question: str = "Which?", side: str | None = None) -> SegmentDone:
            return replace(BRIDGE, question=question, answer=answer, side=side)

        first = done(history, asked("hamstring"), asked("yes", "Sure?"), started=day(1))
        second = done(history, asked("glute"), asked(None), started=day(8))
        done(history, asked("both"), script="other", started=day(9))
        assert history.last_answer("bridge", "Which?") == (date(2026, 3, 8), "glute")
        assert history.last_answer("bridge", "Which?", second) == (date(2026, 3, 1), "hamstring")
        assert history.last_answer("bridge", "Which?", first) is None

    def test_the_last_answer_for_a_side(self, history: History) -> None:
        for number, left, right in ((1, "glute", "hamstring"), (8, "glute", None)):
            sides = [("left", left), ("right", right)]
            asked = [replace(BRIDGE, question="Which?", answer=answer, side=side) for side, answer in sides]
            done(history, *asked, started=day(number))
        assert history.last_answer("bridge", "Which?", side="left") == (date(2026, 3, 8), "glute")
        assert history.last_answer("bridge", "Which?", side="right") == (date(2026, 3, 1), "hamstring")
        assert history.last_answer("bridge", "Which?") is None

    def test_what_is_added_to_a_copy_is_gone_with_it(self, history: History) -> None:
        done(history, started=day(1))
        with History.copied(history.path) as copy:
            done(copy, started=day(2))
            copy.wish(Wish(progression="bridge-progression/bridge", day=date(2026, 3, 2), seconds=30.0))
            assert (copy.count(), history.count()) == (2, 1)
        assert [session.started.date() for session in history.sessions()] == [date(2026, 3, 1)]
        assert history.wished("bridge-progression/bridge") is None

    def test_a_copy_of_a_history_that_there_is_not_is_empty_and_makes_no_file(self, tmp_path: Path) -> None:
        with History.copied(tmp_path / "none.sqlite3") as copy:
            done(copy)
            assert copy.count() == 1
        assert not list(tmp_path.glob("none*"))

    def test_what_was_interrupted_last(self, history: History) -> None:
        assert history.interrupted() is None
        old = done(history, finished=False, started=day(1))
        begun(history, started=day(2))  # nothing done
        run = done(history, script="run", finished=False, started=day(3))
        assert [one and one.number for one in (history.interrupted("bridge"), history.interrupted())] == [old, run]
        done(history, started=day(4))
        assert history.interrupted("bridge") is None
        seen = [history.interrupted("bridge", day(number).date()) for number in (1, 3, 4)]
        assert [one and one.number for one in seen] == [old, old, None]
        found = history.interrupted()
        assert found is not None
        assert found.number == run
        assert found.segments == (BRIDGE,)

    def test_a_target_that_was_set_holds_from_its_day(self, history: History) -> None:
        key = "bridge-progression/bridge"
        for number, seconds in ((1, 30.0), (5, 50.0), (5, 40.0)):
            history.wish(Wish(progression=key, day=day(number).date(), seconds=seconds))
        assert history.wished(key) == Wish(progression=key, day=date(2026, 3, 5), seconds=40.0)
        assert history.wished(key, until=date(2026, 3, 4)) == Wish(progression=key, day=date(2026, 3, 1), seconds=30.0)
        assert history.wished(key, until=date(2026, 2, 1)) is None
        assert history.progressions() == (key,)

    def test_a_time_without_its_offset_is_refused(self, history: History) -> None:
        with pytest.raises(ValueError, match="offset"):
            begun(history, started=datetime(2026, 3, 1))

    @pytest.mark.skipif(sys.platform == "win32", reason="who may read a file is said otherwise there")
    def test_nobody_else_may_read_it(self, history: History, path: Path) -> None:
        done(history)
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}

    def test_it_lies_with_the_persons_own(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
        with History.open() as history:
            assert history.path == folders.history() == tmp_path / "history.sqlite3"
        monkeypatch.delenv("VOICECOACH_HOME")
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        assert folders.history().name == "history.sqlite3"
        assert folders.history().parent == folders.own_scripts().parent


class TestForgetting:
    def test_one_is_forgotten_and_its_number_not_given_again(self, history: History) -> None:
        first, second = done(history), done(history)
        assert history.forget(second)
        assert not history.forget(second)
        assert [one.number for one in history.sessions()] == [first]
        assert done(history) == second + 1

    def test_nothing_of_it_stays_in_the_file(self, history: History, path: Path) -> None:
        done(history, replace(BRIDGE, answer="a secret of mine"), script="private-matter")
        assert any(b"a secret of mine" in file.read_bytes() for file in path.parent.iterdir())
        history.forget_all()
        for file in path.parent.iterdir():
            assert b"a secret of mine" not in file.read_bytes()
            assert b"private-matter" not in file.read_bytes()

    def test_all_is_all(self, history: History) -> None:
        done(history)
        history.wish(Wish(progression="a/b", day=date(2026, 3, 1), seconds=3))
        history.forget_all()
        assert (history.sessions(), history.progressions(), history.latest()) == ((), (), None)

    def test_a_session_that_runs_and_is_forgotten_says_so(self, history: History, path: Path) -> None:
        number = begun(history)
        with History.open(path) as other:
            other.forget_all()
        with pytest.raises(HistoryError, match="forgotten"):
            history.add(number, BRIDGE, MORNING)
        assert history.sessions() == ()


class TestManyPrograms:
    @pytest.mark.slow
    def test_two_write_at_once(self, path: Path) -> None:
        program = (
            "import sys; from test_history import *\n"
            "with History.open(Path(sys.argv[1])) as history:\n"
            "    for _ in range(25): done(history, BRIDGE, BRIDGE, script=sys.argv[2])\n"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
        running = [
            subprocess.Popen([sys.executable, "-c", program, str(path), name], env=environment) for name in ("a", "b")
        ]
        assert [one.wait(60) for one in running] == [0, 0]
        with History.open(path) as history:
            assert (history.finished("a"), history.finished("b")) == (25, 25)
            assert all(len(one.segments) == 2 for one in history.sessions())
            assert len({one.number for one in history.sessions()}) == 50

    def test_one_reads_while_another_writes(self, history: History, path: Path) -> None:
        done(history)
        with History.open(path) as other, history._writing() as database:
            histories._begin(database, ("new", "New", "", "0", 0.0, MORNING.isoformat()))
            assert other.count() == 1

    def test_one_that_waits_too_long_says_so(
        self, history: History, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(histories, "PATIENCE", 0.05)
        with (
            History.open(path) as other,
            history._writing(),
            pytest.raises(HistoryError, match="another program has been writing it"),
        ):
            begun(other)


class TestVersions:
    def test_an_older_one_is_carried_on(self, path: Path) -> None:
        """As the first version made it, by hand."""
        path.parent.mkdir()
        old = sqlite3.connect(path)
        old.executescript(
            f"""
            CREATE TABLE session (number INTEGER PRIMARY KEY AUTOINCREMENT, script TEXT NOT NULL, title TEXT NOT NULL,
                digest TEXT NOT NULL, seed TEXT NOT NULL, began REAL NOT NULL, started TEXT NOT NULL, ended TEXT,
                finished INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE segment (session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
                "index" INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, side TEXT, round INTEGER NOT NULL,
                planned REAL, seconds REAL NOT NULL, why TEXT NOT NULL, question TEXT, answer TEXT,
                PRIMARY KEY (session, "index")) WITHOUT ROWID;
            INSERT INTO session VALUES
                (7, 'old', 'Old', 'd', '3', {MORNING.timestamp()}, '{MORNING.isoformat()}', NULL, 1);
            INSERT INTO segment VALUES (7, 0, 'hold', 'Bridge', 'left', 2, 20.0, 20.0, 'clock', NULL, NULL);
            PRAGMA application_id = {histories.APPLICATION};
            PRAGMA user_version = 1;
            """
        )
        old.close()
        with History.open(path, to_read=True) as history:
            found = history.session(7)
        assert found is not None
        assert found.segments == (replace(BRIDGE, progression=None, target=None),)
        with History.open(path) as history:
            assert history.finished("old") == 1
            done(history)
            assert len(history.held("bridge-progression/bridge")) == 1
            assert histories._version(history._database) == len(histories.MIGRATIONS)

    def test_a_step_on_the_way_that_fails_leaves_it_as_it_was(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with History.open(path) as history:
            done(history)
        steps = ("ALTER TABLE segment ADD COLUMN mood TEXT", "ALTER TABLE nowhere ADD COLUMN mood TEXT")
        with monkeypatch.context() as patch:
            patch.setattr(histories, "MIGRATIONS", (*histories.MIGRATIONS, steps))
            with pytest.raises(HistoryError, match="nowhere"):
                History.open(path)
        with History.open(path) as history:
            assert history.count() == 1
            columns = history._database.execute("SELECT name FROM pragma_table_info('segment')").fetchall()
        assert ("mood",) not in columns

    @pytest.mark.parametrize("to_read", [True, False])
    def test_a_newer_one_is_refused_and_left_alone(self, path: Path, to_read: bool) -> None:
        with History.open(path) as history:
            done(history)
            history._database.execute("PRAGMA user_version = 99")
        before = path.read_bytes()
        with pytest.raises(HistoryError, match=r"history\.sqlite3: was written by a later voicecoach \(version 99"):
            History.open(path, to_read=to_read)
        assert path.read_bytes() == before
        assert [*path.parent.iterdir()] == [path]

    @pytest.mark.parametrize("to_read", [True, False])
    def test_a_database_of_another_program_is_refused_and_left_alone(self, path: Path, to_read: bool) -> None:
        path.parent.mkdir()
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.close()
        before = path.read_bytes()
        with pytest.raises(HistoryError, match="another program"):
            History.open(path, to_read=to_read)
        assert path.read_bytes() == before


class TestDamage:
    @pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + bytes(200), os.urandom(8192)])
    @pytest.mark.parametrize("to_read", [True, False])
    def test_a_file_that_is_no_database_is_refused_and_left_alone(
        self, path: Path, content: bytes, to_read: bool
    ) -> None:
        path.parent.mkdir()
        path.write_bytes(content)
        with pytest.raises(HistoryError, match=r"history\.sqlite3: is damaged \(.*move it away"):
            History.open(path, to_read=to_read)
        assert path.read_bytes() == content
        assert [*path.parent.iterdir()] == [path]

    @pytest.mark.slow
    def test_a_part_that_is_lost_is_told_and_nothing_is_written(self, path: Path) -> None:
        with History.open(path) as history:
            for number in range(60):
                done(history, *[BRIDGE] * 8, started=day(number + 1))
        whole = path.read_bytes()
        refused = 0
        for page in range(len(whole) // 4096):
            broken = bytearray(whole)
            broken[page * 4096 + 100 : page * 4096 + 2000] = bytes(1900)
            path.write_bytes(broken)
            try:
                with History.open(path) as history:
                    done(history)
            except HistoryError as error:
                refused += 1
                assert "history.sqlite3" in str(error)
                assert path.read_bytes() == broken
        assert refused > len(whole) // 4096 // 2
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(HistoryError, match="damaged"):
            History.open(path)

    def test_values_that_are_none_are_damage(self, history: History) -> None:
        number = done(history)
        history._database.execute("UPDATE session SET started = 'yesterday'")
        with pytest.raises(HistoryError, match="damaged"):
            history.session(number)
        with pytest.raises(HistoryError, match="damaged"):
            history.overviews()

    def test_a_folder_that_cannot_be_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(HistoryError, match=r"history\.sqlite3: cannot be written \(.*allow"):
            History.open(tmp_path / "file" / "history.sqlite3")
        with History.open(tmp_path / "file" / "history.sqlite3", to_read=True) as history:
            assert history.sessions() == ()

    @pytest.mark.parametrize("to_read", [True, False])
    def test_a_folder_in_its_place_is_told(self, path: Path, to_read: bool) -> None:
        path.mkdir(parents=True)
        with pytest.raises(HistoryError, match=r"history\.sqlite3: is a folder and no file; move it away$"):
            History.open(path, to_read=to_read)

    def test_to_read_makes_no_file(self, path: Path) -> None:
        with History.open(path, to_read=True) as history:
            assert history.count() == 0
        assert not path.parent.exists()

    @pytest.mark.skipif(
        sys.platform == "win32" or os.geteuid() == 0, reason="whoever may do everything may write there too"
    )
    @pytest.mark.parametrize("version", [1, len(histories.MIGRATIONS)])
    def test_a_folder_that_cannot_be_written_can_be_read(
        self, path: Path, version: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of_version(path, version, monkeypatch)
        path.chmod(0o400)
        path.parent.chmod(0o500)
        try:
            with History.open(path, to_read=True) as history:
                assert history.latest() == date(2026, 3, 1)
                assert history.progressions() == ()
            with pytest.raises(HistoryError, match="allow writing"), History.open(path) as history:
                begun(history)
        finally:
            path.parent.chmod(0o700)

    @pytest.mark.parametrize("version", [1, len(histories.MIGRATIONS)])
    def test_a_copy_of_it_is_read_where_nothing_can_be_written(
        self, path: Path, version: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of_version(path, version, monkeypatch)
        before = path.read_bytes()
        with History(path, histories._copied(path)) as copy:
            assert copy.latest() == date(2026, 3, 1)
            done(copy)
            assert len(copy.held("bridge-progression/bridge")) == 1
        assert path.read_bytes() == before
        with pytest.raises(HistoryError, match="cannot be read"):
            histories._copied(path.parent)

    def test_a_full_disk_is_told_and_what_was_there_stays(self, history: History) -> None:
        number = done(history)
        (pages,) = history._database.execute("PRAGMA page_count").fetchone()
        history._database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(HistoryError, match="the disk is full: free some space"):
            for _ in range(1000):
                done(history, replace(BRIDGE, name="x" * 4000))
        assert history.session(number) is not None
        assert all(one.segments for one in history.sessions())


PARK = PlanDay("park", 2, 3)


def planned(history: History, where: PlanDay, number: int, *, finished: bool = True, segments: bool = True) -> int:
    """A session on a day of a plan, which was done on that day of March."""
    session = history.begin(script="run", title="Run", digest="d" * 64, seed=number, started=day(number), planned=where)
    if segments:
        history.add(session, BRIDGE, day(number))
    if segments or finished:
        history.finish(session, day(number), finished=finished)
    return session


class TestPlans:
    def test_the_day_of_a_plan_comes_back_with_the_session(self, history: History) -> None:
        number = planned(history, PARK, 1)
        plain = done(history, started=day(2))
        found = [history.session(each) for each in (number, plain)]
        assert [one and one.planned for one in found] == [PARK, None]
        assert (PARK.written, PlanDay("park", None, 12).written) == ("2.3", "12")

    def test_the_last_day_is_the_one_that_was_done_last(self, history: History) -> None:
        assert history.last_day("park") is None
        planned(history, PARK, 1)
        planned(history, PARK._replace(day=1), 2, finished=False)
        planned(history, PlanDay("other", None, 7), 3)
        planned(history, PARK._replace(week=9), 4, finished=False, segments=False)
        assert history.last_day("park") == (PARK._replace(day=1), False), "and of the one after nothing was done"
        assert history.last_day("park", day(1).date()) == (PARK, True)
        assert history.last_day("other") == (PlanDay("other", None, 7), True)

    def test_what_was_done_of_a_plan_is_counted_by_its_days(self, history: History) -> None:
        planned(history, PARK, 1)
        planned(history, PARK, 3)
        planned(history, PARK._replace(day=4), 4, finished=False)
        assert history.days_done("park") == {PARK: (2, day(3).date())}
        assert history.days_done("park", day(2).date()) == {PARK: (1, day(1).date())}
        assert history.plans() == {"park": (2, day(3).date())}

    def test_what_was_left_of_a_day_is_not_what_was_left_of_its_script(self, history: History) -> None:
        of_plan = planned(history, PARK, 1, finished=False)
        alone = done(history, script="run", started=day(2), finished=False)
        assert [
            one and one.number for one in (history.interrupted("run"), history.interrupted("run", planned=PARK))
        ] == [
            alone,
            of_plan,
        ]
        assert history.interrupted("run", planned=PARK._replace(day=4)) is None
        done(history, script="run", started=day(3))
        assert history.interrupted("run") is None
        assert history.interrupted("run", planned=PARK) is not None, "the day of the plan is still to be finished"
        planned(history, PARK, 4)
        assert history.interrupted("run", planned=PARK) is None

    def test_files_carry_it(self, history: History, tmp_path: Path) -> None:
        planned(history, PARK, 1)
        planned(history, PlanDay("month", None, 12), 2)
        done(history, started=day(3))
        form = json.loads(history.as_json())
        assert [session.get("planned") for session in form["sessions"]] == [
            {"plan": "park", "week": 2, "day": 3},
            {"plan": "month", "week": None, "day": 12},
            None,
        ]
        assert "planned" not in form["sessions"][2], "a reader that knows no plans takes what is of none"
        with History.open(tmp_path / "other.sqlite3") as other:
            assert other.add_json(history.as_json()) == (3, 3)
            assert [one.planned for one in other.sessions()] == [one.planned for one in history.sessions()]
        rows = history.as_csv().splitlines()
        assert [row.rsplit(",", 2)[1:] for row in rows] == [["plan", "day"], ["park", "2.3"], ["month", "12"], ["", ""]]

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (3, "x.json: sessions[0].planned: expected a table, found 3"),
            ({"plan": "", "week": 1, "day": 1}, "x.json: sessions[0].planned.plan: the text is empty"),
            ({"plan": "a", "week": 1}, 'x.json: sessions[0].planned: "day" is missing'),
            ({"plan": "a", "week": "x", "day": 1}, "sessions[0].planned.week: expected a whole number from 0"),
        ],
    )
    def test_a_day_that_is_none_is_told(self, history: History, value: object, said: str) -> None:
        done(history)
        form = json.loads(history.as_json())
        form["sessions"][0]["planned"] = value
        with pytest.raises(HistoryFileError) as caught:
            history.add_json(json.dumps(form), "x.json")
        assert said in str(caught.value)

    def test_a_history_from_before_there_were_plans_is_carried_on(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of_version(path, 2, monkeypatch)
        with History.open(path) as history:
            planned(history, PARK, 2)
            assert [one.planned for one in history.sessions()] == [PARK]
            assert history.plans() == {"park": (1, day(2).date())}


class TestFiles:
    def test_another_history_takes_it_and_nothing_twice(self, history: History, tmp_path: Path) -> None:
        done(history, started=day(2))
        done(history, replace(BRIDGE, answer="Ja, größer", question="?"), started=day(1), finished=False)
        history.wish(Wish(progression="a/b", day=date(2026, 3, 1), seconds=31.5))
        with History.open(tmp_path / "other.sqlite3") as other:
            assert other.add_json(history.as_json()) == (2, 2)
            assert other.add_json(history.as_json()) == (2, 0)
            assert [replace(one, number=0) for one in other.sessions()] == [
                replace(one, number=0) for one in history.sessions()
            ]
            assert other.wished("a/b") == history.wished("a/b")
            assert other.as_csv().count("\n") == 3

    def test_the_same_moment_elsewhere_is_the_same(self, history: History) -> None:
        done(history)
        moved = history.as_json().replace("2026-03-01T07:30:00+02:00", "2026-03-01T05:30:00Z")
        assert moved != history.as_json()
        assert history.add_json(moved) == (1, 0)
        assert history.add_json(moved.replace('"seed": 0', '"seed": 1')) == (1, 1)

    def test_twice_in_one_file_is_once(self, history: History) -> None:
        done(history)
        form = json.loads(history.as_json())
        form["sessions"] *= 3
        history.forget_all()
        assert history.add_json(json.dumps(form)) == (3, 1)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda form: form.pop("sessions"), 'x.json: "sessions" is missing'),
            (lambda form: form.update(version=2), "x.json: version: expected 1, found 2"),
            (lambda form: form.update(more=2), 'x.json: there is no key "more"'),
            (lambda form: form.update(sessions={}), "x.json: sessions: expected a list, found a table"),
            (lambda form: form["sessions"].append(3), "x.json: sessions[1]: expected a table, found 3"),
            (lambda form: form["sessions"][0].pop("seed"), 'x.json: sessions[0]: "seed" is missing'),
            (lambda form: form["sessions"][0].update(script=""), "x.json: sessions[0].script: the text is empty"),
            (lambda form: form["sessions"][0].update(titel=""), 'there is no key "titel" (did you mean "title"?)'),
            (lambda form: form["sessions"][0].update(title="\ud800"), "sessions[0].title: holds half a character"),
            (lambda form: form["sessions"][0].update(title="x" * 9999), "sessions[0].title: is longer than 5,000"),
            (lambda form: form["sessions"][0].update(finished=1), "finished: expected true or false, found 1"),
            (
                lambda form: form["sessions"][0].update(started="2026-03-01T07:30:00"),
                'sessions[0].started: expected a time such as "2026-03-01T07:30:00+01:00", found "2026-03-01T07:30:00"',
            ),
            (lambda form: form["sessions"][0].update(ended=7), "sessions[0].ended: expected a time"),
            (
                lambda form: form["sessions"][0]["segments"][0].update(why="slippd"),
                'x.json: sessions[0].segments[0].why: "slippd" is none of clock, speech, done, slipped, skipped,'
                ' cap, answered, back, ended (did you mean "slipped"?)',
            ),
            (
                lambda form: form["sessions"][0]["segments"][0].update(seconds=-1),
                "segments[0].seconds: expected seconds from 0 to 172800, found -1",
            ),
            (lambda form: form["sessions"][0]["segments"][0].update(seconds=float("nan")), "found nan"),
            (lambda form: form["sessions"][0]["segments"][0].update(index=True), "index: expected a whole number"),
            (lambda form: form["sessions"][0]["segments"].append(BRIDGE_ROW), "two of them have the same index"),
            (lambda form: form["targets"].append({"progression": "a/b", "day": "x", "seconds": 3}), "targets[0].day"),
        ],
    )
    def test_a_file_that_is_wrong_says_where_and_adds_nothing(self, history: History, change: Any, said: str) -> None:
        number = done(history)
        form = json.loads(history.as_json())
        history.forget(number)
        BRIDGE_ROW.update(form["sessions"][0]["segments"][0])
        change(form)
        with pytest.raises(HistoryFileError) as caught:
            history.add_json(json.dumps(form), "x.json")
        assert said in str(caught.value)
        assert caught.value.exit_code == 2
        assert history.sessions() == ()

    def test_every_mistake_is_told_at_once(self, history: History) -> None:
        done(history)
        form = json.loads(history.as_json())
        form["sessions"][0] |= {"title": 3, "seed": "x", "started": None}
        with pytest.raises(HistoryFileError) as caught:
            history.add_json(json.dumps(form))
        assert len(caught.value.problems) == 3

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "is no JSON"),
            ("{\n  broken", "x.json:2:3: is no JSON"),
            ("[]", "expected a table, found a list"),
            ("null", "expected a table, found nothing"),
            ("[" * 100_000, "too deep"),
            ("1" * 5000, "far too many digits"),
            (b"\xff\xfe\x00", "is no"),
            (b"\x80abc", "is no text"),
        ],
    )
    def test_what_is_no_json_says_so(self, history: History, text: str | bytes, said: str) -> None:
        with pytest.raises(HistoryFileError) as caught:
            history.add_json(text, "x.json")
        assert said in str(caught.value)

    def test_rows_for_a_spreadsheet(self, history: History) -> None:
        done(history, replace(BRIDGE, name='=HYPERLINK("x")', answer="two\nlines, and a comma"))
        heads, row = history.as_csv().split("\n", 1)
        assert heads.startswith("number,script,title,started,ended,finished,index,kind,name,side,round,planned,seconds")
        assert row.startswith("1,bridge,Bridge,2026-03-01T07:30:00+02:00,")
        assert '"\'=HYPERLINK(""x"")"' in row
        assert '"two\nlines, and a comma"' in row

    @pytest.mark.slow
    @given(
        st.lists(
            st.builds(
                SegmentDone,
                index=st.just(0),
                kind=st.sampled_from(["hold", "ask"]),
                name=st.text(max_size=20),
                side=st.none() | st.text(max_size=5),
                round=st.integers(1, 99),
                planned=st.none() | st.floats(0, 1000),
                seconds=st.floats(0, 1000).map(lambda seconds: round(seconds, 1)),
                why=st.sampled_from(Why),
                question=st.none() | st.text(max_size=20),
                answer=st.none() | st.text(max_size=20),
                progression=st.none() | st.text(max_size=20),
                target=st.none() | st.floats(0, 1000).map(lambda seconds: round(seconds, 1)),
            ),
            min_size=1,
            max_size=4,
        ),
        st.datetimes(datetime(1971, 1, 2), datetime(2100, 1, 1), timezones=st.timezones()),
    )
    def test_whatever_was_done_survives_the_file(self, segments: list[SegmentDone], started: datetime) -> None:
        with History.open(Path("missing"), to_read=True) as one, History.open(Path("missing"), to_read=True) as other:
            done(one, *segments, started=started)
            assert other.add_json(one.as_json()) == (1, 1)
            assert other.as_json() == one.as_json()
            assert other.sessions() == one.sessions()


BRIDGE_ROW: dict[str, Any] = {}
