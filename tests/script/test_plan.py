"""Plans: which days they have, which comes now, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach import script
from voicecoach.errors import ScriptError
from voicecoach.script import plan
from voicecoach.script.plan import Day
from voicecoach.store.sessions import PlanDay

RUN = 'title = "Run"\n[[block]]\nsteps = [ { run = "20s" } ]\n'
WEEKS = """title = "To the park"
[[plan]]
days = ["./run.toml", "rest", "#Strides"]
[[plan]]
week = 3
days = ["./run.toml"]
[[block]]
name  = "Strides"
steps = [ { run = "10s" } ]
"""
DAYS = 'title = "Month"\n[[plan]]\ndays = ["./run.toml", "rest", "./run.toml"]\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("run.toml").write_text(RUN, encoding="utf-8")


def days(text: str) -> tuple[Day, ...]:
    Path("park.toml").write_text(text, encoding="utf-8")
    return plan.days(script.load("./park.toml"))


def mistakes(text: str) -> list[str]:
    """What is wrong with a plan: line, key and words."""
    Path("park.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScriptError) as error:
        script.load("./park.toml")
    return [f"{problem.line} {problem.key}: {problem.message}" for problem in error.value.problems]


def test_days_of_rest_count_and_are_no_sessions() -> None:
    assert [(one.named, one.written, one.number, one.use, one.before) for one in days(WEEKS)] == [
        ("week 1, day 1", "1.1", 1, "./run.toml", 0),
        ("week 1, day 3", "1.3", 2, "#Strides", 0),
        ("week 3, day 1", "3.1", 3, "./run.toml", 1),
    ]
    assert {(one.plan, one.title, one.sessions) for one in days(WEEKS)} == {("park", "To the park", 3)}


def test_one_list_of_days_has_no_weeks() -> None:
    assert [(one.named, one.written) for one in days(DAYS)] == [("day 1", "1"), ("day 3", "3")]


def test_a_script_is_no_plan() -> None:
    assert plan.days(script.load("./run.toml")) == ()


@pytest.mark.parametrize(
    ("last", "follows"),
    [
        (None, "1.1"),
        (((1, 1), False), "1.1"),
        (((1, 1), True), "1.3"),
        (((1, 2), False), "1.3"),  # a day that the plan does not have any more
        (((2, 7), True), "3.1"),
        (((3, 1), False), "3.1"),
        (((3, 1), True), None),
        (((None, 3), True), "1.1"),  # the plan had only days then
    ],
)
def test_what_was_left_comes_again_and_behind_what_was_finished_comes_the_next(
    last: tuple[tuple[int | None, int], bool] | None, follows: str | None
) -> None:
    done = None if last is None else (PlanDay("park", *last[0]), last[1])
    found = plan.following(days(WEEKS), done)
    assert (found and found.written) == follows


@pytest.mark.parametrize("text", ["1.3", "1 3", "week 1, day 3", "Woche 1, Tag 3", "w1d3", "1/3", " 1.3 "])
def test_a_day_is_asked_for_as_people_say_it(text: str) -> None:
    assert plan.meant(days(WEEKS), text).number == 2


def test_a_number_alone_is_a_week_or_where_there_are_none_a_day() -> None:
    assert plan.meant(days(WEEKS), "week 3").written == "3.1"
    assert plan.meant(days(DAYS), "day 3").number == plan.meant(days(DAYS), "3").number == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.2", "nothing is done on day 2 of week 1 (on days 1, 3)"),
        ("4.1", 'there is no day "4.1" in the plan, which goes from 1.1 to 3.1'),
        ("2", 'there is no day "2" in the plan'),
        ("soon", '"soon" is no day of a plan (write "1.1")'),
        ("1.2.3", '"1.2.3" is no day of a plan'),
        ("", '"" is no day of a plan'),
    ],
)
def test_a_day_that_there_is_not_is_told_with_those_that_there_are(text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:
        plan.meant(days(WEEKS), text)
    assert message in str(error.value)


HEAD = 'title = "Plan"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD, "1 block: the script has no [[block]]; it needs at least one, with steps"),
        (HEAD + "plan = []", "2 plan: the list is empty"),
        (HEAD + '[plan]\ndays = ["./run.toml"]', "2 plan: expected [[plan]], found [plan]"),
        (HEAD + "[[plan]]", "2 plan[0].days: the week has no days"),
        (HEAD + "[[plan]]\ndays = []", "3 plan[0].days: the list is empty"),
        (HEAD + '[[plan]]\ndays = [""]', "3 plan[0].days[0]: the text is empty"),
        (HEAD + "[[plan]]\ndays = [3]", "3 plan[0].days[0]: expected a text, found 3"),
        (HEAD + '[[plan]]\ndays = ["rest"]', "3 plan[0].days: nothing is ever done: every day of the plan is one"),
        (HEAD + '[[plan]]\ndays = ["rnu"]', '3 plan[0].days[0]: there is no workout called "rnu"'),
        (HEAD + '[[plan]]\ndays = ["./rnu.toml"]', '3 plan[0].days[0]: there is no script at "./rnu.toml"'),
        (HEAD + '[[plan]]\ndays = ["#Run"]', '3 plan[0].days[0]: there is no block called "Run"'),
        (HEAD + '[[plan]]\nweek = 0\ndays = ["./run.toml"]', "3 plan[0].week: 0 is too small (at least 1)"),
        (HEAD + '[[plan]]\ndays = ["./run.toml"]\ntitle = "x"', '4 plan[0].title: "title" does not go here'),
        (
            HEAD + '[[plan]]\nweek = 2\ndays = ["./run.toml"]\n' * 2,
            "6 plan[1].week: week 2 is there already (put all of its days into one [[plan]])",
        ),
        (
            HEAD + '[[plan]]\nweek = 2\ndays = ["./run.toml"]\n[[plan]]\nweek = 1\ndays = ["./run.toml"]',
            "6 plan[1].week: week 1 comes after week 2 (write weeks in their order)",
        ),
        (
            HEAD + '[[plan]]\ndays = ["./park.toml"]',
            "3 plan[0].days[0]: the script uses itself: park.toml → park.toml",
        ),
        (
            HEAD + '[[plan]]\ndays = ["couch-to-5k"]',
            '3 plan[0].days[0]: "couch-to-5k" is a plan, which a day of a plan cannot be (name one of its scripts)',
        ),
        (
            HEAD + '[[block]]\nsteps = [ { use = "couch-to-5k" } ]',
            '3 block[0].steps[0].use: "couch-to-5k" is a plan, which a step cannot be (name one of its scripts)',
        ),
        (
            HEAD + '[[plan]]\ndays = ["#A"]\n[[block]]\nname = "A"\nrepeat = 49\nsteps = [ { rest = "1h" } ]',
            "3 plan[0].days[0]: the session lasts 49h; at most 48h are possible",
        ),
    ],
)
def test_a_mistake_of_a_plan_is_told_at_its_place(text: str, told: str) -> None:
    found = mistakes(text)
    assert [line for line in found if line.startswith(told)], found


def test_mistakes_of_the_scripts_are_told_with_their_files() -> None:
    Path("run.toml").write_text(RUN.replace("20s", "20"), encoding="utf-8")
    Path("park.toml").write_text(DAYS, encoding="utf-8")
    with pytest.raises(ScriptError) as error:
        script.load("./park.toml")
    assert [Path(problem.file).name for problem in error.value.problems] == ["run.toml"], "each script once"


def test_the_blocks_of_a_plan_last_48_hours_each() -> None:
    block = '[[block]]\nname = "%s"\nsteps = [ { run = "40h" } ]\n'
    assert len(days(f'{HEAD}[[plan]]\ndays = ["#A", "#B"]\n{block % "A"}{block % "B"}')) == 2


def test_of_a_block_that_is_a_day_only_that_is_heard() -> None:
    Path("park.toml").write_text(WEEKS, encoding="utf-8")
    whole = script.load("./park.toml")
    alone = whole.only("#Strides")
    assert [block.aside for block in alone.block] == [True, False]
    assert alone.included == {}
    assert alone.digest != whole.digest
