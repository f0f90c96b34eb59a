"""``simulate``: a session by the lines of a file, printed as ``play`` prints it in a pipe."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach import units
from voicecoach.cli import cli, simulate
from voicecoach.store import folders
from voicecoach.store.history import History
from voicecoach.store.sessions import SegmentDone, Why

SCRIPT = """
title = "Check"
[[block]]
name = "Main"
steps = [
  { ready = "Go on when you are there." },
  { hold = "max", name = "Plank", cap = "1min" },
  { ask = "Which one?", answers = [{ label = "Glute", use = "#More" }, { label = "Hamstring", say = "Common." }] },
]
[[block]]
name = "More"
aside = true
steps = [ { hold = "10s", name = "Again" } ]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("check.toml").write_text(SCRIPT, encoding="utf-8")


def simulated(events: str = "", *arguments: str) -> Result:
    given = ["--events", "-"] if events else []
    return CliRunner().invoke(cli, ["simulate", "check.toml", *given, *arguments], input=events)


def lines(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [line.partition("  ")[2] for line in result.stdout.splitlines()]


def test_where_nobody_does_anything_it_goes_on_as_a_file_does() -> None:
    assert lines(simulated()) == [
        "Main", "  Go on when you are there.", "Plank (Main)", "Main", "  Which one?", "  1 Glute", "  2 Hamstring",
        "  One: Glute.", "  Two: Hamstring.", "Check", "  Workout complete. Well done.",
    ]  # fmt: skip


def test_the_answer_leads_where_it_leads() -> None:
    glute = simulated("0:05 done\n0:40 done  # a good one\n\n0:50 answer 1\n")
    assert lines(glute)[-1] == "Again (More)"
    assert glute.stdout.splitlines()[2].startswith("0:05")
    assert "  Common." not in lines(glute)
    hamstring = simulated("0:50 answer 2\n0:40 done\n0:05 done\n")
    assert "Again (More)" not in lines(hamstring)
    assert "  Common." in lines(hamstring)


def test_what_the_person_made_of_a_step_stands_behind_it() -> None:
    told = lines(simulated("0:05 done\n0:40 done\n0:50 answer 1\n1:00 slipped\n"))
    assert re.fullmatch(r"  Plank: 3\d(\.\d)?s", told[told.index("Plank (Main)") + 1])
    assert told[told.index("Again (More)") - 1] == "  Which one? Glute"
    assert re.fullmatch(r"  Again: \d(\.\d)?s, form slipped", told[told.index("Again (More)") + 1])
    assert not any("Plank: " in line for line in lines(simulated("0:05 done\n"))), "nobody ended it"


def test_what_is_done_again_is_told_again() -> None:
    told = lines(simulated("0:05 done\n0:20 done\n0:21 back\n0:33 done\n0:50 answer 2\n"))
    assert [line.partition(":")[0] for line in told if "Plank" in line] == ["Plank (Main)", "  Plank"] * 2


def test_it_ends_where_the_person_ends_it() -> None:
    assert lines(simulated("0:03 end\n")) == ["Main", "  Go on when you are there."]


def test_a_pause_that_nobody_ends_is_over_when_no_line_is_left() -> None:
    assert lines(simulated("0:03 pause\n"))[-1] == "  Workout complete. Well done."


def told(events: str, *arguments: str) -> list[str]:
    return [line for line in simulated(events, *arguments).stderr.splitlines() if "does nothing" in line]


def test_what_does_nothing_is_told_with_its_line_and_why() -> None:
    assert told("0:02 answer 1\n0:05 done\n\n0:10 play\n0:40 done\n0:45 done\n0:50 answer 7\n0:55 answer 2\n") == [
        '<stdin>:1: "0:02 answer 1" does nothing: nothing is asked',
        '<stdin>:4: "0:10 play" does nothing: nothing is paused',
        '<stdin>:6: "0:45 done" does nothing: a question wants an answer',
        '<stdin>:7: "0:50 answer 7" does nothing: there are 2 answers',
    ]


def test_what_comes_after_the_end_is_told() -> None:
    (late,) = told("0:05 done\n0:06 on\n0:10 answer 2\n9:00 done\n")
    assert late.startswith('<stdin>:4: "9:00 done" does nothing: the session was over at 0:')
    assert told("0:03 end\n0:05 done\n") == ['<stdin>:2: "0:05 done" does nothing: the session was ended before']
    assert told("0:03 end\n0:05 done\n", "-q") == []
    assert told("0:05 done\n0:40 done\n0:50 answer 1\n") == []


def test_a_hold_that_nobody_ends_is_over_at_its_cap_whatever_comes_later() -> None:
    assert lines(simulated("0:05 done\n4:00 done\n")) == lines(simulated("0:05 done\n"))


def test_a_file_that_is_no_text_and_a_speed_that_is_no_number_are_told(tmp_path: Path) -> None:
    Path("events").write_bytes(b"\xff\xfe\n")
    result = CliRunner().invoke(cli, ["simulate", "check.toml", "--events", "events"])
    assert (result.exit_code, "events is not UTF-8 text" in result.output) == (2, True)
    assert CliRunner().invoke(cli, ["simulate", "check.toml", "--speed", "nan"]).exit_code == 2


def test_it_is_the_same_each_time_and_nothing_is_remembered(tmp_path: Path) -> None:
    assert simulated("0:05 done\n").stdout == simulated("0:05 done\n").stdout
    assert not (tmp_path / "home" / "history.sqlite3").exists()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("done", 'is no event (write "1:23 done", or "2:05 answer 2")'),
        ("0:05 jump", "is nothing that a person can want"),
        ("0:05 dome", 'did you mean "done"?'),
        ("0:05 answer", "an answer has a number"),
        ("0:05 done 2", "an answer has a number"),
        ("soon done", "soon"),
        ("0:05 done later", "is no event"),
        ("-1 done", '"-1"'),
        ("nan done", '"nan"'),
        ("0:05 answer " + "9" * 5000, "is no event"),
    ],
)
def test_what_is_no_event_is_told_at_its_line(line: str, complaint: str) -> None:
    result = simulated(f"0:01 pause\n{line}\n")
    assert result.exit_code == 2
    assert ":2: " in result.output
    assert complaint in result.output


def test_every_line_that_is_no_event_is_told_and_nothing_is_run() -> None:
    result = simulated("0:05 done\ndone\n\n0:06 jump\n0:07 answer\n")
    assert (result.exit_code, result.stdout) == (2, "")
    told = result.stderr.splitlines()
    assert told[-4].endswith("--events: 3 lines are no events")
    assert [line.split('"')[0].strip() for line in told[-3:]] == [
        "<stdin>:2:",
        "<stdin>:4:",
        "<stdin>:5: an answer has a number, as",
    ]
    many = simulated("jump\n" * 60).stderr.splitlines()
    assert (len(many), many[-1].strip()) == (len(told) - 3 + 51, "… and 10 more")


def test_every_word_of_an_event_is_in_the_documentation_and_none_else_is_named() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    table = page.partition("| word of an event |")[2].partition("\n\n")[0]
    assert {*re.findall(r"`\d+:\d\d ([a-z]+)", table)} == {*simulate.WORDS}
    assert all(word in simulated("0:05 wxyz\n").stderr for word in simulate.WORDS)


def test_what_only_changes_how_it_sounds_is_a_line_too_and_so_is_a_step_back() -> None:
    said = lines(simulated("0:02 louder\n0:03 softer\n0:05 back\n"))
    assert [line.strip() for line in said if line.strip() in ("louder", "softer", "back")] == [
        "louder",
        "softer",
        "back",
    ]


def test_a_hold_may_be_said_to_have_slipped() -> None:
    assert simulated("0:05 done\n0:40 slipped\n0:50 answer 1\n").stdout == (
        simulated("0:05 done\n0:40 done\n0:50 answer 1\n").stdout
    )


class TestTheSelfTest:
    """What follows from an answer for the left side at 1:00, and from those that are asked for later."""

    def steps(self, left: int, *later: str) -> list[str]:
        """What happens behind the first question."""
        events = "".join(f"{line}\n" for line in (f"1:00 answer {left}", *later))
        result = CliRunner().invoke(
            cli, ["simulate", "activation-check", "--no-history", "--events", "-"], input=events
        )
        assert "does nothing" not in result.stderr
        told = [line.partition("  ")[2] for line in result.stdout.splitlines()]
        asked = next(place for place, line in enumerate(told) if line.startswith("  What did you feel"))
        return [line for line in told[asked:] if "(" in line]

    def test_the_glute_is_confirmed_on_each_side_and_leads_to_the_bridge_after_both(self) -> None:
        assert self.steps(1, "2:05 answer 1")[:5] == [
            "Leg back · left (Confirm)",
            "Switch sides · right (Straight leg)",
            "Leg back · right (Straight leg)",
            "Leg back · right (Confirm)",
            "Short bridge (Practice)",
        ]

    def test_the_hamstring_is_let_go_and_looked_at_again_with_a_bent_knee(self) -> None:
        steps = self.steps(2, "2:10 answer 1", "3:00 answer 2", "4:10 answer 2")
        assert steps == [
            "Hamstring release · left (Release)",
            "Bent leg back · left (Release)",
            "Switch sides · right (Straight leg)",
            "Leg back · right (Straight leg)",
            "Hamstring release · right (Release)",
            "Bent leg back · right (Release)",
        ]

    def test_who_is_not_sure_goes_once_more_and_slowly(self) -> None:
        assert self.steps(4, "2:05 answer 4") == [
            "Slow leg back · left (Slowly)",
            "Switch sides · right (Straight leg)",
            "Leg back · right (Straight leg)",
            "Slow leg back · right (Slowly)",
        ]

    def test_one_side_that_leads_to_the_bridge_is_enough(self) -> None:
        assert any("Bridge" in step for step in self.steps(4, "2:05 answer 1"))


def kept(session: str, answers: list[tuple[str | None, str]], seconds: float, day: date) -> None:
    """A session of ``check.toml`` as it was remembered on a day."""
    with History.open() as history:
        started = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        number = history.begin(script=session, title="Check", digest="x", seed=0, started=started)
        hold = SegmentDone(
            index=0, kind="hold", name="Bridge", side=None, round=1, planned=seconds, seconds=seconds, why=Why.DONE,
            progression=f"{session}/bridge", target=seconds,
        )  # fmt: skip
        asked = [
            SegmentDone(
                index=index, kind="ask", name="", side=side, round=1, planned=None, seconds=3.0, why=Why.ANSWERED,
                question="Which one?", answer=answer,
            )
            for index, (side, answer) in enumerate(answers, 1)
        ]  # fmt: skip
        for segment in (hold, *asked):
            history.add(number, segment, started)
        history.finish(number, started, finished=True)


GROWING = """
title = "Grows"
[progression.bridge]
start = "20s"
goal = "30s"
step = "10s"
unlocks = "single-leg-bridge"
[[block]]
sides = true
switch = "0s"
steps = [ { ask = "Which one?", answers = [{ label = "Glute" }, { label = "Hamstring" }] } ]
[[block]]
steps = [ { say = "Your best is {best}." }, { hold = "progression:bridge", name = "Bridge" } ]
"""


class TestWhatTheHistoryKnows:
    @pytest.fixture(autouse=True)
    def held_for_two_days(self) -> None:
        Path("grows.toml").write_text(GROWING, encoding="utf-8")
        for day in (1, 2):
            kept("grows", [("left", "Hamstring"), ("right", "Glute")], 30.0, date(2026, 3, day))

    def grows(self, *options: str) -> Result:
        events = "0:05 answer 1\n0:13 answer 1\n1:10 done\n"
        arguments = ["simulate", "grows.toml", "--events", "-", "-v", "--today", "2026-03-03", *options]
        return CliRunner().invoke(cli, arguments, input=events)

    def test_targets_bests_answers_of_the_side_and_what_is_unlocked_are_told_as_play_tells_them(self) -> None:
        result = self.grows()
        said = lines(result)
        assert "  Your best is thirty seconds." in said
        assert "  Bridge, thirty seconds." in said
        assert [line for line in said if "Last time" in line] == ["  Last time: Hamstring.", "  Last time: Glute."]
        assert any("Next time, try single leg bridge." in line for line in said)
        assert "Which one? (left) Glute" in result.stderr.splitlines()
        assert "at the goal on 3 days: on to single-leg-bridge (voicecoach play single-leg-bridge)" in result.stderr

    def test_a_week_later_the_answer_is_of_last_week(self) -> None:
        said = lines(self.grows("--today", "2026-03-10"))
        assert [line for line in said if "Last" in line] == ["  Last week: Hamstring.", "  Last week: Glute."]

    def test_a_day_before_all_that_knows_none_of_it_and_nor_does_one_without_the_history(self) -> None:
        for options in (["--no-history"], ["--today", "2026-02-01"]):
            said = lines(self.grows(*options))
            assert "  Bridge, twenty seconds." in said
            assert not [line for line in said if "Last time" in line or "best" in line]

    def test_nothing_is_added_to_it(self) -> None:
        with History.open() as history:
            before = history.as_json()
        assert self.grows().stdout == self.grows().stdout
        with History.open() as history:
            assert history.as_json() == before

    def test_one_that_cannot_be_read_is_told_and_done_without(self, tmp_path: Path) -> None:
        folders.history().write_text("none of ours, and long enough to be looked at" * 30, encoding="utf-8")
        result = self.grows()
        assert "going on without the history" in result.stderr
        assert "  Bridge, twenty seconds." in lines(result)


def begins(result: Result, *names: str) -> list[float]:
    """When each of these lines was printed."""
    at = {line.partition("  ")[2]: line.partition("  ")[0] for line in result.stdout.splitlines()}
    return [units.parse_duration(at[name]) for name in names]


def test_a_question_that_nobody_answers_takes_as_long_as_in_a_file() -> None:
    Path("asks.toml").write_text(
        'title = "Asks"\n[[block]]\nname = "Main"\nsteps = [\n'
        '  { ask = "Which one?", answers = [{ label = "This", say = "Then go on with it." }, { label = "That" }] },\n'
        '  { run = "1min", name = "Run" },\n]\n',
        encoding="utf-8",
    )
    sheet = json.loads(CliRunner().invoke(cli, ["compile", "asks.toml", "-f", "json", "--estimate"]).stdout)
    asked, _ = sheet["segments"]
    result = CliRunner().invoke(cli, ["simulate", "asks.toml"])
    assert begins(result, "Run (Main)") == [pytest.approx(asked["duration"], abs=1)]
    assert asked["duration"] > 6
    nobody = CliRunner().invoke(cli, ["simulate", "asks.toml", "--events", "-"], input="1:00 pause\n")
    assert nobody.stdout.splitlines()[:6] == result.stdout.splitlines()[:6]


def test_the_times_that_are_printed_are_those_of_the_events() -> None:
    result = simulated("0:25 done\n0:50 done\n0:58 answer 1\n")
    assert begins(result, "Plank (Main)", "  Which one?", "Again (More)") == [
        25,
        pytest.approx(53, abs=1),  # behind what is said to the hold that is over
        pytest.approx(58, abs=1),
    ]


def test_in_the_end_it_says_what_was_done() -> None:
    done = simulated("0:05 done\n0:40 done\n0:50 answer 1\n")
    assert done.stderr.splitlines()[0] == "Check: done, 2 steps, 0:42 of exercise"
    assert "Which one? Glute" in done.stderr.splitlines()
    left = simulated("0:05 done\n0:40 done\n0:41 end\n")
    assert left.stderr.splitlines()[0].startswith("Check: 1 step, 0:3")
    assert left.stderr.splitlines()[-1] == "ended in step 3"
    assert simulated("0:01 end\n").stderr == "ended in step 1\n"
    assert simulated("0:05 done\n0:10 end\n").stderr.splitlines() == [
        "Check: 0 of 1 step, 0:02 of exercise", "Plank: 2.7s, left there", "ended in step 2",
    ]  # fmt: skip


def test_a_noise_is_done_where_it_may_be_meant_so() -> None:
    clapped = lines(simulated("0:05 noise\n0:40 noise\n0:50 answer 1\n"))
    assert clapped == lines(simulated("0:05 done\n0:40 done\n0:50 answer 1\n"))


def test_a_noise_that_means_nothing_is_told_and_why() -> None:
    told = simulated("0:01 pause\n0:02 noise\n0:03 pause\n0:05 done\n0:40 done\n0:41 noise\n").stderr
    assert '"0:02 noise" does nothing: it is paused' in told
    assert '"0:41 noise" does nothing: a question wants an answer' in told
