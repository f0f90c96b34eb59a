"""``play`` with a person at its keys, whose time is that of the samples: what is said, and what is remembered."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli
from voicecoach.errors import HistoryWriteError
from voicecoach.play import sinks
from voicecoach.play.session import Session
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.store.history import History
from voicecoach.store.sessions import PlanDay, SessionDone, Why

SCRIPT = """
title = "Card"
[announce]
style = "none"
complete = false
[progression.bridge]
start = "10s"
goal = "30s"
step = "5s"
[[block]]
name = "Main"
steps = [
  { hold = "progression:bridge", name = "Bridge" },
  { rest = "5s" },
  { hold = "max", name = "Plank", cap = "1min" },
  { ask = "Which?", answers = [{ label = "Glute", say = "Good." }, { label = "Hamstring" }] },
  { run = "20s" },
]
"""
Play = Callable[..., Result]


class LiveMemory(MemorySink):
    """Keeps time by itself, as far as the session can tell."""

    live = True


class Person:
    """Presses keys, each so many seconds after the session began; its time goes by when keys are waited for."""

    def __init__(self, sink: MemorySink, keys: list[tuple[float, Wish | int]]) -> None:
        self._sink = sink
        self._keys = keys

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def read(self, seconds: float) -> Wanted | None:
        if self._keys and self._sink.played() >= self._keys[0][0] * self._sink.rate:
            _, key = self._keys.pop(0)
            return Wanted(Wish.ANSWER, key) if isinstance(key, int) else Wanted(key)
        self._sink.step(round(seconds * self._sink.rate))
        return None


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Plays ``card.toml`` for a person who presses keys."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Session, "_patience", lambda session: None)
    Path("card.toml").write_text(SCRIPT, encoding="utf-8")

    def played(*options: str, keys: list[tuple[float, Wish | int]], script: str = "card.toml") -> Result:
        sink = LiveMemory(keep=False)
        monkeypatch.setattr(sinks, "open", lambda name, device: sink)
        monkeypatch.setattr("voicecoach.cli.keys.keyboard", lambda: Person(sink, keys))
        return CliRunner().invoke(cli, ["play", script, "--output", "memory", "--voice", "tone", *options])

    return played


def remembered() -> list[SessionDone]:
    """The sessions so far, oldest first."""
    with History.open() as history:
        return list(history.sessions()[::-1])


ENDS = [(12.0, Wish.DONE), (13.0, Wish.END)]
"""The bridge is held for two seconds more than its target, and the session is left in the rest."""


class TestToday:
    def test_the_session_is_remembered_as_of_that_day(self, play: Play) -> None:
        assert play("--today", "2026-03-01", keys=[*ENDS]).exit_code == 0
        (session,) = remembered()
        assert session.started.date() == date(2026, 3, 1)
        assert session.started.utcoffset() is not None
        assert session.ended is not None
        assert timedelta() <= session.ended - session.started < timedelta(minutes=1)

    @pytest.mark.slow
    def test_what_was_held_counts_for_that_day(self, play: Play) -> None:
        told = play("--today", "2026-03-01", keys=[*ENDS]).stderr
        assert "Bridge: 12" in told
        assert "of 10s" in told
        assert "bridge: best 12" in told
        assert "next 15s, goal 30s" in told
        again = play("--today", "2026-03-02", keys=[*ENDS])
        assert "Bridge: 12s of 15s, form slipped" in again.stderr
        assert [session.started.day for session in remembered()] == [1, 2]

    def test_without_it_the_session_is_of_today(self, play: Play) -> None:
        before = datetime.now().astimezone()
        play(keys=[*ENDS])
        assert before <= remembered()[0].started <= datetime.now().astimezone()

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_a_day_that_no_system_knows(self, play: Play, day: str) -> None:
        told = play("--today", day, keys=[*ENDS])
        assert told.exit_code == 2
        assert f"{day} is no day that can be remembered" in " ".join(told.stderr.split())


class TestLeaving:
    def test_a_hold_in_which_it_is_left_is_remembered_as_far_as_it_came(self, play: Play) -> None:
        told = play(keys=[(7.0, Wish.END)]).stderr
        assert re.search(r"Bridge: [67](\.\d)?s of 10s, left there\n", told)
        (session,) = remembered()
        (bridge,) = session.segments
        assert (bridge.why, bridge.target, session.finished) == (Why.ENDED, 10.0, False)
        assert 6 < bridge.seconds < 7.1
        assert "left in its first step" in CliRunner().invoke(cli, ["log"]).stdout
        assert "left there" in CliRunner().invoke(cli, ["log", "show", "1"]).stdout

    @pytest.mark.slow
    def test_it_is_neither_held_nor_slipped(self, play: Play) -> None:
        play("--today", "2026-03-01", keys=[*ENDS])
        play("--today", "2026-03-02", keys=[(9.0, Wish.END)])
        assert "of 15s" in play("--today", "2026-03-03", keys=[*ENDS]).stderr

    def test_who_goes_on_does_it_anew(self, play: Play) -> None:
        play(keys=[*ENDS[:1], (19.0, Wish.END)])
        assert [one.why for one in remembered()[0].segments] == [Why.DONE, Why.CLOCK, Why.ENDED]
        told = play("--resume", keys=[(8.0, Wish.DONE), (9.0, Wish.END)])
        assert "Plank" in told.stdout
        assert [one.why for one in remembered()[0].segments] == [Why.DONE, Why.CLOCK, Why.DONE]

    def test_an_interrupt_leaves_it_as_well(self, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(person: Person, seconds: float) -> Wanted | None:
            person._sink.step(round(seconds * person._sink.rate))
            if person._sink.played() > 6 * person._sink.rate:
                raise KeyboardInterrupt
            return None

        monkeypatch.setattr(Person, "read", interrupt)
        assert play(keys=[]).exit_code == 130
        (session,) = remembered()
        assert [one.why for one in session.segments] == [Why.ENDED]
        assert session.ended is not None


class TestNothingDone:
    """Of a session that is left before anything of it was done there is nothing to go on with."""

    def test_the_way_on_is_one_that_there_is(self, play: Play) -> None:
        told = play(keys=[(0.0, Wish.END)]).stderr
        assert "ended in step 1; to go on there: voicecoach play card.toml --output memory --voice tone --from 1" in (
            " ".join(told.split()).replace("--voice tone --output memory", "--output memory --voice tone")
        )
        assert remembered() == []
        assert "nothing to resume" in play("--resume", keys=[(0.0, Wish.END)]).stderr

    def test_an_interrupt_promises_nothing(self, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(person: Person, seconds: float) -> Wanted | None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Person, "read", interrupt)
        told = play(keys=[])
        assert told.exit_code == 130
        assert "--resume" not in told.stderr


class TestResume:
    @pytest.fixture
    def left(self, play: Play) -> None:
        """The bridge was held for 12 s, the rest is over, and the plank was left."""
        play("--today", "2026-03-01", keys=[*ENDS[:1], (19.0, Wish.END)])

    def changed(self, before: str, after: str) -> None:
        Path("card.toml").write_text(SCRIPT.replace(before, after), encoding="utf-8")

    def test_on_another_day_it_has_the_targets_of_its_own(self, play: Play, left: None) -> None:
        told = play("--resume", "--today", "2026-03-02", keys=[(9.0, Wish.DONE), (10.0, Wish.END)]).stderr
        assert "changed" not in told
        assert re.search(r"Bridge: 12(\.\d)?s of 10s\n", told)
        assert len(remembered()) == 1

    @pytest.mark.parametrize("day", ["2026-03-01", "2026-03-02"])
    def test_a_target_set_since_holds_for_what_is_still_to_do(self, play: Play, day: str) -> None:
        self.changed(
            '{ hold = "max", name = "Plank", cap = "1min" }', '{ hold = "progression:bridge", name = "Again" }'
        )
        play("--today", "2026-03-01", keys=[*ENDS[:1], (19.0, Wish.END)])
        wanted = ["progress", "set", "bridge", "7s", "--script", "card.toml", "--today", day]
        assert CliRunner().invoke(cli, wanted).exit_code == 0
        told = play("--resume", "--today", day, keys=[(9.0, Wish.DONE), (10.0, Wish.END)]).stderr
        assert re.search(r"Bridge: 12(\.\d)?s of 10s\nAgain: [89](\.\d)?s of 7s\n", told)
        (session,) = remembered()
        assert [one.target for one in session.segments] == [10.0, None, 7.0]

    def test_its_own_holds_are_no_best_of_before(self, play: Play) -> None:
        self.changed(
            '{ hold = "max"', '{ say = "Your best is {best}." }, { hold = "progression:bridge" }, { hold = "max"'
        )
        play(keys=[*ENDS[:1], (19.0, Wish.END)])
        told = play("--resume", "-v", keys=[(9.0, Wish.DONE), (10.0, Wish.END)])
        assert "changed" not in told.stderr
        assert "Your best" not in told.stdout

    def test_what_came_later_is_not_seen(self, play: Play, left: None) -> None:
        told = play("--resume", "--today", "2026-02-20", keys=[(1.0, Wish.END)]).stderr
        assert "card.toml: nothing to resume; it begins at the beginning" in told

    def test_a_script_that_changed_behind_it_goes_on(self, play: Play, left: None) -> None:
        self.changed('{ run = "20s" }', '{ walk = "20s" }')
        told = play("--resume", "--today", "2026-03-02", keys=[(9.0, Wish.DONE), (10.0, Wish.END)])
        assert "the script has changed since, but not in what was done of it" in told.stderr
        assert "Plank (Main)" in told.stdout
        assert re.search(r"Bridge: 12(\.\d)?s of 10s\nPlank: 9s", told.stderr)
        assert len(remembered()) == 1

    def test_a_step_that_moved_is_found_and_is_a_session_of_its_own(self, play: Play, left: None) -> None:
        self.changed("steps = [", 'steps = [ { say = "Lie down." }, { hold = "max", name = "Side", cap = "30s" },')
        told = play("--resume", "--today", "2026-03-02", keys=[(9.0, Wish.DONE), (10.0, Wish.END)])
        assert 'the script has changed since; going on with step 5, "Plank", as a session of its own' in told.stderr
        assert "Plank (Main)" in told.stdout
        assert "Plank: 9s" in told.stderr
        assert "Side" not in told.stderr, "no step has the time of another"
        assert [[one.index for one in session.segments] for session in remembered()] == [[0, 1, 2], [4]]

    @pytest.mark.parametrize("after", ['{ hold = "10s", name = "Side" }', '{ hold = "max", name = "Plank again" }'])
    def test_a_step_that_is_gone_is_told_with_what_to_do(self, play: Play, left: None, after: str) -> None:
        self.changed('{ hold = "max", name = "Plank", cap = "1min" }', after)
        told = play("--resume", "--today", "2026-03-02", keys=[(1.0, Wish.END)])
        assert told.exit_code == 2
        said = " ".join(told.stderr.split())
        assert "card.toml: the script has changed since, and where it was left is gone" in said
        assert '"--from STEP", or anew without "--resume"' in said
        assert len(remembered()) == 1

    @pytest.mark.slow
    @pytest.mark.parametrize(("left_at", "first"), [(30, None), (75, "Far.")])
    def test_a_long_way_is_not_gone_twice(self, play: Play, left_at: int, first: str | None) -> None:
        self.changed(
            '{ hold = "progression:bridge", name = "Bridge" },',
            '{ run = "2min", at = { "20s" = "Near.", "70s" = "Half.", "90s" = "Far." } },',
        )
        play(keys=[(left_at, Wish.END)])
        told = play("--resume", "-v", keys=[(46.0, Wish.ON), (47.0, Wish.END)])
        said = re.findall(r"Near\.|Half\.|Far\.", told.stdout)
        assert said == ([first] if first else ["Near."])
        run = remembered()[0].segments[0]
        assert run.why is (Why.CLOCK if first else Why.SKIPPED)
        assert run.seconds == pytest.approx(120 if first else 46, abs=1)

    def test_a_way_that_has_another_length_is_gone_anew(self, play: Play) -> None:
        run = '{ run = "2min" },'
        self.changed('{ hold = "progression:bridge", name = "Bridge" },', run)
        play(keys=[(75.0, Wish.END)])
        self.changed('{ hold = "progression:bridge", name = "Bridge" },', run.replace("2", "3"))
        play("--resume", keys=[(30.0, Wish.END)])
        assert remembered()[0].segments[0].seconds < 31

    def test_an_answer_that_is_gone_is_no_other(self, play: Play) -> None:
        play(keys=[(1.0, Wish.ON), (2.0, Wish.ON), (3.0, Wish.ON), (4.0, 1), (8.0, Wish.END)])
        assert [one.answer for one in remembered()[0].segments][3:] == ["Glute", None, None]
        self.changed('label = "Glute", say = "Good."', 'label = "Quad"')
        told = play("--resume", keys=[(1.0, Wish.END)])
        assert "Which?" not in told.stderr
        assert 'going on with step 5, "Run", as a session of its own' in told.stderr


class TestWhatIsNotRight:
    """A clear line each, and the session goes on where it can."""

    def test_what_is_not_remembered_is_not_taken_up(self, play: Play) -> None:
        told = play("--resume", "--no-history", keys=[]).stderr
        assert "--resume goes on with a session that is remembered, and --no-history knows of none" in told
        assert "--from begins elsewhere" in play("--resume", "--from", "2", keys=[]).stderr

    def test_nothing_to_resume(self, play: Play) -> None:
        told = play("--resume", keys=[*ENDS])
        assert told.stderr.splitlines()[0] == "card.toml: nothing to resume; it begins at the beginning"
        assert "Bridge (Main)" in told.stdout
        assert "nothing to resume" in play("--resume", script="bridge-progression", keys=[(0.1, Wish.END)]).stderr

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is forbidden there")
    def test_a_folder_that_may_not_be_written(self, play: Play, tmp_path: Path) -> None:
        (tmp_path / "home").mkdir(mode=0o500)
        told = play(keys=[*ENDS])
        assert "card.toml: warning: " in told.stderr

    @pytest.mark.parametrize("options", [(), ("--resume",)])
    def test_a_history_that_cannot_be_written(self, play: Play, tmp_path: Path, options: tuple[str, ...]) -> None:
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "history.sqlite3").mkdir()
        told = play(*options, keys=[*ENDS])
        assert told.exit_code == 0
        warnings = [line for line in told.stderr.splitlines() if "warning" in line]
        assert len(warnings) == 1
        assert re.match(r"card.toml: warning: .*history.sqlite3: .*; going on without the history$", warnings[0])
        assert "Bridge: 12" in told.stderr
        assert "best" not in told.stderr

    def test_a_history_that_can_only_be_read_is_gone_by(self, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
        play("--today", "2026-03-01", keys=[*ENDS])
        opens = History.open

        def only_read(path: Path | None = None, *, to_read: bool = False) -> History:
            if not to_read:
                raise HistoryWriteError("history.sqlite3: cannot be written")
            return opens(path, to_read=True)

        with monkeypatch.context() as patch:
            patch.setattr(History, "open", only_read)
            told = play("--today", "2026-03-02", keys=[*ENDS]).stderr
        assert "history.sqlite3: cannot be written; nothing of this session is remembered" in told
        assert re.search(r"Bridge: 12(\.\d)?s of 15s, form slipped", told)
        assert "bridge: best" not in told
        assert "--resume" not in told
        assert len(remembered()) == 1

    def test_a_file_where_the_folder_of_all_has_to_be(self, play: Play, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("", encoding="utf-8")
        told = play(keys=[*ENDS])
        assert told.exit_code == 0
        assert f"({tmp_path / 'home'} is a file and no folder)" in told.stderr
        assert "Bridge (Main)" in told.stdout

    def test_an_answer_key_that_is_none(self, play: Play) -> None:
        keys: list[tuple[float, Wish | int]] = [(1.0, 1), (2.0, Wish.ON), (3.0, Wish.ON), (4.0, Wish.ON)]
        keys += [(6.0, 7), (7.0, Wish.DONE), (8.0, 2), (9.0, Wish.END)]
        told = play(keys=keys).stderr
        assert "nothing is asked\nthere are 2 answers\na question wants an answer\n" in told
        assert "\nWhich? Hamstring\n" in told

    @pytest.mark.slow
    def test_a_day_in_the_past_of_the_history(self, play: Play) -> None:
        play("--today", "2026-03-05", keys=[(29.0, Wish.DONE), (30.0, Wish.END)])
        told = play("--today", "2026-03-02", keys=[*ENDS])
        assert told.exit_code == 0
        assert "the history goes on to 2026-03-05: what came after 2026-03-02 is left out" in told.stderr
        assert re.search(r"bridge: best 12(\.\d)?s, next 15s, goal 30s", told.stderr)
        assert [session.started.day for session in remembered()] == [2, 5]

    @pytest.mark.slow
    def test_an_answer_of_a_later_day_is_not_the_last(self, play: Play) -> None:
        Path("card.toml").write_text(SCRIPT.replace('"none"', '"voice"'), encoding="utf-8")
        asked: list[tuple[float, Wish | int]] = [
            (1.0, Wish.ON),
            (2.0, Wish.ON),
            (3.0, Wish.ON),
            (5.0, 2),
            (9.0, Wish.END),
        ]
        for day, heard in (("2026-03-05", False), ("2026-03-02", False), ("2026-03-06", True)):
            told = play("--today", day, "-v", keys=[*asked])
            assert ("Last time: Hamstring." in told.stdout) is heard


@pytest.mark.slow
def test_what_is_unlocked_is_told_on_the_third_day_at_the_goal_only(play: Play) -> None:
    text = SCRIPT.replace('step = "5s"', 'step = "5s"\nunlocks = "single-leg-bridge"').replace('"none"', '"voice"')
    Path("card.toml").write_text(text.replace('goal = "30s"', 'goal = "10s"'), encoding="utf-8")
    held = [(15.0, Wish.DONE), (17.0, Wish.BACK), (35.0, Wish.DONE), (40.0, Wish.END)]
    told = [play("--today", f"2026-03-{day}", "-v", keys=[*held]).stdout for day in ("01", "02", "02", "03")]
    assert ["Next time, try single leg bridge." in shown for shown in told] == [False, False, False, True]


USED = """
title = "Used"
[announce]
style = "none"
complete = false
[progression.bridge]
start = "20s"
goal = "30s"
step = "5s"
[[block]]
steps = [ { hold = "progression:bridge", name = "Used bridge" } ]
"""


@pytest.mark.slow
def test_two_progressions_of_a_name_grow_each_by_itself(play: Play) -> None:
    Path("used.toml").write_text(USED, encoding="utf-8")
    Path("card.toml").write_text(SCRIPT.replace('{ rest = "5s" }', '{ use = "./used.toml" }'), encoding="utf-8")
    told = play("--today", "2026-03-01", keys=[(10.5, Wish.DONE), (18.0, Wish.DONE), (19.0, Wish.END)]).stderr
    assert "bridge (card): best 10" in told
    assert "next 15s, goal 30s" in told
    assert "bridge (used): best 7" in told
    assert "next 20s, goal 30s" in told
    again = play("--today", "2026-03-02", keys=[(16.0, Wish.DONE), (38.0, Wish.DONE), (39.0, Wish.END)]).stderr
    assert "s of 15s, a new best (10" in again
    assert "s of 20s, a new best (7" in again


class TestPlans:
    """``park.toml`` is walked on two days and run on a third."""

    @pytest.fixture(autouse=True)
    def park(self, play: Play) -> None:
        head = '[announce]\nstyle = "none"\ncomplete = false\n[[block]]\n'
        Path("first.toml").write_text(f'title = "Walk"\n{head}steps = [ {{ walk = "8s" }} ]\n', encoding="utf-8")
        Path("park.toml").write_text(
            f"""title = "To the park"
            plan  = [{{ days = ["./first.toml", "rest", "./first.toml"] }}, {{ days = ["#Last"] }}]
            {head}name = "Last"\nsteps = [ {{ run = "9s" }} ]
            """,
            encoding="utf-8",
        )

    @pytest.mark.slow
    def test_it_goes_on_from_session_to_session(self, play: Play) -> None:
        for _ in range(3):
            assert play(keys=[(60.0, Wish.END)], script="park.toml").exit_code == 0
        found = [(one.script, one.planned and one.planned.written, one.title) for one in remembered()]
        assert found == [
            ("first", "1.1", "To the park, week 1, day 1"),
            ("first", "1.3", "To the park, week 1, day 3"),
            ("park", "2.1", "To the park, week 2, day 1"),
        ]
        over = play(keys=[(60.0, Wish.END)], script="park.toml")
        assert over.exit_code == 1
        assert "the plan is over" in over.stderr

    @pytest.mark.slow
    def test_what_was_left_is_taken_up_with_resume(self, play: Play) -> None:
        play("--day", "1.3", keys=[(2.0, Wish.END)], script="park.toml")
        told = play("--resume", keys=[(60.0, Wish.END)], script="park.toml")
        assert "nothing to resume" not in told.stderr
        (session,) = remembered()
        assert session.finished
        assert session.planned == PlanDay("park", 1, 3)

    @pytest.mark.slow
    def test_the_script_by_itself_does_not_take_up_what_is_of_the_plan(self, play: Play) -> None:
        play(keys=[(2.0, Wish.END)], script="park.toml")
        assert "nothing to resume" in play("--resume", keys=[(2.0, Wish.END)], script="first.toml").stderr
        assert [one.planned for one in remembered()] == [PlanDay("park", 1, 1), None]
