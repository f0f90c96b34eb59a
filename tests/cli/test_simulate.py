"""``simulate``: a session by the lines of a file, printed as ``play`` prints it in a pipe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli, simulate

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
        "Main", "  Go on when you are there.", "Plank (Main)", "Main", "  1 Glute", "  2 Hamstring", "  Which one?",
        "  One: Glute.", "  Two: Hamstring.", "Check",
    ]  # fmt: skip


def test_the_answer_leads_where_it_leads() -> None:
    glute = simulated("0:05 done\n0:40 done  # a good one\n\n0:50 answer 1\n")
    assert lines(glute)[-1] == "Again (More)"
    assert glute.stdout.splitlines()[2].startswith("0:05")
    hamstring = simulated("0:50 answer 2\n0:40 done\n0:05 done\n")
    assert "Again (More)" not in lines(hamstring)


def test_it_ends_where_the_person_ends_it() -> None:
    assert lines(simulated("0:03 end\n")) == ["Main", "  Go on when you are there."]


def test_a_pause_that_nobody_ends_is_over_when_no_line_is_left() -> None:
    assert lines(simulated("0:03 pause\n"))[-1] == "Check"


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


def test_a_hold_may_be_said_to_have_slipped() -> None:
    assert simulated("0:05 done\n0:40 slipped\n0:50 answer 1\n").stdout == (
        simulated("0:05 done\n0:40 done\n0:50 answer 1\n").stdout
    )


def test_the_self_test_goes_where_the_answer_leads() -> None:
    def after(answer: int) -> list[str]:
        events = f"1:20 answer {answer}\n"
        result = CliRunner().invoke(cli, ["simulate", "activation-check", "--events", "-"], input=events)
        return [line.partition("  ")[2] for line in result.stdout.splitlines() if "(" in line]

    assert any("Confirm" in line for line in after(1))
    assert any("Bridge" in line for line in after(1))
    assert any("Release" in line for line in after(2))
    assert not any("Bridge" in line for line in after(2))
    assert any("Slowly" in line for line in after(4))


def test_in_the_end_it_says_what_was_done() -> None:
    done = simulated("0:05 done\n0:40 done\n0:50 answer 1\n")
    assert done.stderr.splitlines()[0] == "Check: done, 2 steps, 0:42 of exercise"
    assert "Which one? Glute" in done.stderr.splitlines()
    left = simulated("0:05 done\n0:40 done\n0:41 end\n")
    assert left.stderr.splitlines()[0].startswith("Check: 1 step, 0:3")
    assert not simulated("0:01 end\n").stderr


def test_a_noise_is_done_where_it_may_be_meant_so() -> None:
    clapped = lines(simulated("0:05 noise\n0:40 noise\n0:50 answer 1\n"))
    assert clapped == lines(simulated("0:05 done\n0:40 done\n0:50 answer 1\n"))


def test_a_noise_that_means_nothing_is_told_and_why() -> None:
    told = simulated("0:01 pause\n0:02 noise\n0:03 pause\n0:05 done\n0:40 done\n0:41 noise\n").stderr
    assert '"0:02 noise" does nothing: it is paused' in told
    assert '"0:41 noise" does nothing: a question wants an answer' in told
