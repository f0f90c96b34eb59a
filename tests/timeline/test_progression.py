"""How a hold grows, by a rule that a person can predict; and a month of somebody who follows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach import script, units
from voicecoach.store.sessions import Held, Why
from voicecoach.timeline import progression
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.progression import Growing

PAGE = Path(__file__).parents[2] / "docs" / "progression.md"
BRIDGE = Growing("bridge-progression", "bridge", start=20.0, goal=60.0, step=5.0, unlocks="single-leg-bridge")
FIRST = date(2026, 3, 2)


def on(day: int) -> date:
    """Day 1 is the first."""
    return FIRST + timedelta(days=day - 1)


def held(day: int, seconds: float, target: float = 20.0, why: Why | None = None) -> Held:
    ended = Why.CLOCK if seconds >= target else Why.SLIPPED
    return Held(day=on(day), seconds=seconds, target=target, why=why or ended)


def due(day: int, *holds: Held, override: tuple[date, float] | None = None, of: Growing = BRIDGE) -> float:
    return progression.target(of, holds, on(day), override=override)


class TestTheRule:
    def test_the_first_day_is_the_start(self) -> None:
        assert due(1) == 20

    def test_held_clean_is_a_step_more(self) -> None:
        assert due(2, held(1, 20)) == 25

    def test_held_for_longer_is_a_step_more_too(self) -> None:
        assert due(2, held(1, 48)) == 25

    def test_once_a_day_however_often_it_was_held(self) -> None:
        assert due(2, held(1, 20), held(1, 20), held(1, 20)) == 25

    def test_what_is_held_today_counts_from_tomorrow(self) -> None:
        assert due(1, held(1, 20)) == 20

    def test_the_best_hold_of_a_day_counts(self) -> None:
        assert due(5, held(4, 12, 40), held(4, 40, 40), held(4, 31, 40)) == 45
        assert due(5, held(4, 12, 40), held(4, 33, 40)) == 33

    def test_slipped_before_it_the_clean_time_stands_in_whole_seconds(self) -> None:
        assert due(5, held(4, 37.8, 45)) == 37

    def test_a_bad_day_takes_no_more_than_half_and_never_goes_below_the_start(self) -> None:
        assert due(5, held(4, 3, 55)) == 27
        assert due(5, held(4, 3, 30)) == 20

    def test_never_past_the_goal(self) -> None:
        assert due(9, held(8, 58, 58)) == 60
        assert due(9, held(8, 90, 60)) == 60

    @pytest.mark.parametrize(("day", "seconds"), [(9, 45), (15, 45), (16, 40), (22, 40), (23, 35), (100, 20)])
    def test_each_whole_week_off_is_a_step_back(self, day: int, seconds: float) -> None:
        """Whoever holds every Monday is never a week off: six days lie between."""
        assert due(day, held(8, 40, 40)) == seconds

    def test_a_hold_that_was_skipped_is_none(self) -> None:
        assert due(3, held(1, 20), held(2, 4, 25, Why.SKIPPED), held(2, 5, 25, Why.BACK)) == 25
        assert due(3, held(2, 30, 25, Why.SKIPPED)) == 30, "held first"

    def test_one_in_which_the_session_was_left_is_none_either(self) -> None:
        assert due(3, held(1, 20), held(2, 19, 25, Why.ENDED)) == 25
        assert due(3, held(2, 30, 25, Why.ENDED)) == 30, "held first"
        assert due(9, held(1, 25, 25), held(5, 5, 30, Why.ENDED)) == 25, "a week off"
        assert progression.at_goal(BRIDGE, [held(1, 60, 60, Why.ENDED), held(2, 50, 60, Why.ENDED)]) == 1

    def test_the_order_of_the_holds_does_not_matter(self) -> None:
        holds = [held(1, 20), held(2, 25, 25), held(3, 26, 30)]
        assert due(4, *holds) == due(4, *holds[::-1]) == 26

    def test_a_start_and_a_goal_that_were_changed(self) -> None:
        assert due(2, held(1, 20), of=BRIDGE._replace(start=30.0)) == 25
        assert due(2, held(1, 50, 50), of=BRIDGE._replace(goal=40.0)) == 50, "nobody is set back for it"

    def test_a_goal_below_the_start(self) -> None:
        assert due(2, held(1, 20), of=BRIDGE._replace(goal=10.0)) == 20


class TestATargetOfOnesOwn:
    def test_it_stands_from_its_day(self) -> None:
        assert due(4, held(3, 25, 25), override=(on(5), 40.0)) == 30
        assert due(5, held(3, 25, 25), override=(on(5), 40.0)) == 40

    def test_may_be_past_the_goal_or_below_the_start(self) -> None:
        assert due(5, override=(on(5), 90.0)) == 90
        assert due(5, override=(on(5), 10.0)) == 10

    def test_from_it_the_hold_grows_on(self) -> None:
        assert due(6, held(5, 40, 40), override=(on(5), 40.0)) == 45
        assert due(6, held(5, 12, 10), override=(on(5), 10.0)) == 15
        assert due(6, held(5, 8, 10), override=(on(5), 10.0)) == 10, "to slip makes nothing harder"

    def test_past_the_goal_it_stays_where_it_is(self) -> None:
        assert due(6, held(5, 90, 90), override=(on(5), 90.0)) == 90
        assert due(6, held(5, 71, 90), override=(on(5), 90.0)) == 71

    def test_what_was_held_that_day_before_it_was_set_does_not_count(self) -> None:
        assert due(6, held(5, 25, 25), override=(on(5), 40.0)) == 40
        assert due(6, held(5, 25, 25), held(5, 30, 40), override=(on(5), 40.0)) == 30

    def test_a_week_off_after_it(self) -> None:
        assert due(13, override=(on(5), 40.0)) == 35


class TestTheGoal:
    def test_days_at_the_goal_are_counted(self) -> None:
        holds = [held(1, 60, 60), held(1, 61, 60), held(2, 59.9, 60), held(3, 60, 30), held(4, 75, 60)]
        assert progression.at_goal(BRIDGE, holds) == 3

    def test_three_of_them_unlock_what_comes_next(self) -> None:
        holds = [held(1, 60, 60), held(2, 60, 60)]
        assert progression.unlocked(BRIDGE, holds) is None
        assert progression.unlocked(BRIDGE, [*holds, held(9, 60, 60)]) == "single-leg-bridge"
        assert progression.unlocked(BRIDGE._replace(unlocks=None), [*holds, held(9, 60, 60)]) is None


seconds = st.integers(1, 2000).map(lambda tenths: tenths / 10)
growing = st.tuples(seconds, seconds, seconds).map(
    lambda three: BRIDGE._replace(start=min(three[:2]), goal=max(three[:2]), step=three[2])
)
attempts = st.lists(st.tuples(st.integers(1, 20), st.floats(0, 2)), max_size=12)


def followed(of: Growing, tries: Sequence[tuple[int, float]]) -> list[Held]:
    """Somebody who has held by the rule: day for day that share of the target of the day."""
    holds: list[Held] = []
    for day, share in sorted(tries):
        target = round(due(day, *holds, of=of), 1)
        holds.append(held(day, round(share * target, 1), target))
    return holds


class TestLaws:
    @given(growing, attempts, st.integers(1, 60))
    def test_it_stays_between_start_and_goal(self, of: Growing, tries: list[tuple[int, float]], day: int) -> None:
        assert of.start <= due(day, *followed(of, tries), of=of) <= of.goal

    @given(growing, attempts, st.integers(1, 60))
    def test_it_grows_by_no_more_than_a_step_a_day(self, of: Growing, tries: list[tuple[int, float]], day: int) -> None:
        holds = followed(of, tries)
        assert due(day + 1, *holds, of=of) <= due(day, *holds, of=of) + of.step + 1e-6

    @given(growing, attempts, st.integers(1, 20), st.floats(0, 1))
    def test_holding_longer_is_never_worse(
        self, of: Growing, tries: list[tuple[int, float]], day: int, share: float
    ) -> None:
        holds = [one for one in followed(of, tries) if one.day < on(day)]
        target = round(due(day, *holds, of=of), 1)
        shorter, longer = held(day, round(share * target, 1), target), held(day, target, target)
        assert due(day + 1, *holds, shorter, of=of) <= due(day + 1, *holds, longer, of=of)

    @given(growing, attempts, st.integers(1, 60), st.integers(0, 30))
    def test_a_longer_break_never_makes_it_harder(
        self, of: Growing, tries: list[tuple[int, float]], day: int, more: int
    ) -> None:
        holds = followed(of, tries)
        after = max((one.day for one in holds), default=on(1))
        first = (after - FIRST).days + 1 + day
        assert due(first + more, *holds, of=of) <= due(first, *holds, of=of)

    @given(growing, attempts, st.integers(1, 30), st.randoms())
    def test_what_comes_later_and_in_which_order_does_not_matter(
        self, of: Growing, tries: list[tuple[int, float]], day: int, chance: object
    ) -> None:
        holds = followed(of, tries)
        before = [one for one in holds if one.day < on(day)]
        chance.shuffle(holds)  # type: ignore[attr-defined]
        assert due(day, *holds, of=of) == due(day, *before, of=of)

    @given(growing, attempts)
    def test_only_the_last_day_counts(self, of: Growing, tries: list[tuple[int, float]]) -> None:
        """So that whoever has seen the last day can say what comes."""
        holds = followed(of, tries)
        last = [one for one in holds if one.day == max(each.day for each in holds)]
        assert due(21, *holds, of=of) == due(21, *last, of=of)


class Day(NamedTuple):
    """How long somebody can hold on a day, each time they try; a story with it."""

    can: tuple[float, ...] = ()
    story: str = ""


def _can(*seconds: float, story: str = "") -> Day:
    return Day(seconds, story)


MONTH = (
    _can(20, story="the first day"),
    _can(26),
    _can(31),
    _can(33.4, 36, story="twice; the second time it is held"),
    _can(42),
    Day(),
    _can(45),
    _can(41.6, story="a bad week begins"),
    _can(38.2),
    Day(),
    _can(36.9),
    _can(40),
    _can(35.4),
    _can(35, story="the bad week ends"),
    *[Day((), "a week off begins"), *[Day()] * 6],
    _can(38, story="back, a step lower"),
    _can(43),
    _can(12.3, story="a sore day: no more than half is taken away"),
    _can(41, story="held for longer; it grows by a step all the same"),
    _can(44),
    _can(46),
    _can(47),
    _can(50),
    _can(52),
    _can(55),
    _can(57),
    _can(60),
    _can(64),
    _can(66, story="the third day at the goal"),
    _can(66, story="stays at the goal"),
)


def lived() -> Iterator[tuple[int, float, list[Held], str]]:
    """Day for day: its target, what was held, and the story. Whoever could go on mostly stops at the target."""
    holds: list[Held] = []
    for number, day in enumerate(MONTH, 1):
        target = due(number, *holds)
        today = [
            held(number, seconds if "longer" in day.story else min(seconds, target), target) for seconds in day.can
        ]
        holds += today
        story = day.story
        if today and "third day" in story:
            assert progression.unlocked(BRIDGE, holds) == "single-leg-bridge"
            story += ", which unlocks `single-leg-bridge`"
        yield number, target, today, story


def table() -> str:
    """The month as the page shows it."""
    rows = ["| day | target | held | |", "|---|---|---|---|"]
    for number, target, today, story in lived():
        tries = ", then ".join(
            f"{units.format_duration(one.seconds)}{'' if one.clean else ', slipped'}" for one in today
        )
        rows.append(f"| {number} | {units.format_duration(target)} | {tries or '–'} | {story} |")
    return "\n".join(rows) + "\n"


_TABLE = re.compile(r"^\| day \| target \|.*?\n(?!\|)", re.MULTILINE | re.DOTALL)


def write_table() -> None:
    """Puts the month into the page."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_TABLE.sub(lambda _: table(), page), encoding="utf-8", newline="\n")


class TestAMonth:
    def test_the_table_shown_is_the_one_that_comes_out(self) -> None:
        found = _TABLE.search(PAGE.read_text(encoding="utf-8"))
        assert found is not None
        assert found.group() == table(), "where the change is meant: python tests/update_golden.py"

    def test_it_is_sensible(self) -> None:
        targets = [target for _, target, _, _ in lived()]
        assert targets[:5] == [20, 25, 30, 35, 40], "a beginner grows day by day"
        assert min(targets[7:14]) >= 35, "a bad week costs what it costs"
        assert targets[21] == targets[14] - 5, "a week off is a step back"
        assert targets[24] >= 20, "a sore day does not throw to nothing"
        assert targets[-2:] == [60, 60], "and in the end there is the goal"


class TestAScript:
    def test_its_progressions_and_those_of_what_it_uses(self, tmp_path: Path) -> None:
        grows = '[progression.hold]\nstart = "{}s"\ngoal = "1min"\nstep = "5s"\n'
        steps = '[[block]]\nsteps = [ {{ hold = "progression:hold" }}{} ]\n'
        inner = 'title = "Inner"\n' + grows.format(30) + steps.format("")
        outer = 'title = "Outer"\n' + grows.format(20) + steps.format(', { use = "./inner.toml" }, { rest = "5s" }')
        (tmp_path / "inner.toml").write_text(inner, encoding="utf-8")
        (tmp_path / "outer.toml").write_text(outer, encoding="utf-8")
        workout = script.load(tmp_path / "outer.toml")
        own, used = progression.progressions(workout)
        assert (own.key, own.start) == ("outer/hold", 20)
        assert (used.key, used.start) == ("inner/hold", 30)
        assert progression.names([own, used]) == {"outer/hold": "hold (outer)", "inner/hold": "hold (inner)"}
        assert progression.names([own]) == {"outer/hold": "hold"}
        segments = compile_workout(workout).segments
        assert [progression.grown(workout, one.origin) for one in segments] == [own, used, None]

    def test_a_script_from_standard_input_is_known_by_its_title(self) -> None:
        from io import StringIO

        text = 'title = "Up/down"\n[[block]]\nsteps = [ { hold = "5s" } ]\n'
        assert script.load("-", stdin=StringIO(text)).identity == "Up-down"

    def test_a_file_that_an_editor_named_is_known_by_its_name(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml.txt"
        path.write_text('title = "x"\n[[block]]\nsteps = [ { hold = "5s" } ]\n', encoding="utf-8")
        assert script.load(path).identity == "mine"
