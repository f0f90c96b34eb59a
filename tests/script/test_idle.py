"""Keys that change nothing, and names that are filled with nothing: each is told at its key."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from voicecoach import script
from voicecoach.script import idle, positions
from voicecoach.script.problems import key_path, line_and_column


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").touch()
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def told(text: str) -> list[tuple[int, str, str]]:
    """What a script says to no effect: line, key and words."""
    workout = script.load("-", stdin=io.StringIO(text))
    root = positions.read(text)
    found = []
    for path, message, _ in dict.fromkeys(idle.findings(workout)):
        written = root.written(path)
        found.append((line_and_column(text, root.find(written))[0], key_path(written), message))
    return found


def card(steps: str, more: str = "") -> str:
    """A script of one block, whose steps stand on line 3."""
    return f'title = "Card"\n[[block]]\nsteps = [ {steps} ]\n{more}'


ASKED = '{ ask = "Which?", answers = [{ label = "This", use = "#More" }] }'
MORE = '[[block]]\nname = "More"\naside = true\nsteps = [ { say = "{side}" } ]\n'
REMINDER = '[[reminder]]\ncues = ["Tall."]\nevery = "9s"\n'


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        (
            card('{ hold = "9s", at = { half = { text = "x", audio = "a.wav", rate = 2 } } }'),
            3,
            "rate",
            "on a recording",
        ),
        (card('{ hold = "9s", quiet = true, cues = ["x"] }'), 3, "cues", "the step is quiet"),
        (card('{ hold = "9s", cues = ["x"] }', "quiet = true"), 3, "cues", "the block is quiet"),
        (card('{ hold = "9s", rounds = "4" }, { rest = "5s" }', "repeat = 3"), 3, "rounds", "the block has 3 rounds"),
        (card('{ hold = "9s", rounds = "not first" }, { rest = "5s" }'), 3, "rounds", "the block has 1 round"),
        (card('{ hold = "9s", switch = "3s" }'), 3, "switch", 'without "sides"'),
        (card('{ hold = "9s", cap = "9s" }'), 3, "cap", 'hold = "max" only'),
        (card('{ hold = "9s", every = "3s" }'), 3, "every", 'without "cues"'),
        (card('{ hold = "9s", first = "3s" }'), 3, "first", 'without "cues"'),
        (card('{ hold = "9s", order = "shuffle" }'), 3, "order", 'without "cues"'),
        (card('{ hold = "9s" }', 'switch = "9s"'), 4, "block[0].switch", 'without "sides"'),
        (card('{ say = "{side}" }, { hold = "9s", sides = true }'), 3, "say", "the step has no sides"),
        (card('{ hold = "9s", sides = true }, ' + ASKED.replace("use", "then"), MORE), 7, "say", "no sides"),
        (card('{ hold = "9s" }', '[announce]\nsession_halfway = "true"'), 5, "announce.session_halfway", "(write true"),
        (card('{ hold = "9s" }', 'rest = "9s"'), 4, "block[0].rest", "the block has only one"),
        (card('{ hold = "9s", halfway = "true" }'), 3, "halfway", "(write true, without quotes)"),
        (card('{ hold = "9s", halfway = "No" }'), 3, "halfway", "(write false, without quotes)"),
        (card('{ hold = "9s" }', '[announce]\ncomplete = "false"'), 5, "announce.complete", "(write false"),
        (card('{ hold = "9s", halfway = true, at = { half = "x" } }'), 3, "halfway", '"at" has a line at half'),
        (card('{ hold = "max", halfway = true }'), 3, "halfway", "has no middle"),
        (card('{ rest = "10s", countdown = 10 }'), 3, "countdown", "only 9 of 10 seconds are counted"),
        (
            card('{ work = ["20s", "3s"], countdown = 9 }', "repeat = 2"),
            3,
            "countdown",
            "a step of 3s has room for less",
        ),
        (card('{ hold = ["9s", "8s"], cap = "9s" }', "repeat = 2"), 3, "cap", 'hold = "max" only'),
        (card('{ hold = "2.5s", countdown = 4 }'), 3, "countdown", "a step of 2.5s has room for less: only 2 of 4"),
        (card("{ reps = 9, countdown = 4 }"), 3, "countdown", "repetitions are counted themselves"),
        (card('{ hold = "8s" }', "[announce]\ncountdown = 9"), 5, "announce.countdown", "only 7 of 9 seconds"),
        (card('{ say = "{rep}" }'), 3, "say", "{rep} stands for nothing here: the step has no repetitions"),
        (card('{ hold = "9s", intro = "{reps}" }'), 3, "intro", "{reps} stands for nothing here"),
        (card('{ hold = "9s", intro = "{elapsed}" }'), 3, "intro", "the clock has not started"),
        (card('{ hold = "9s", halfway = "{side}" }'), 3, "halfway", "the step has no sides"),
        (card('{ ready = "{remaining}" }'), 3, "ready", "no clock runs in the step"),
        (card('{ hold = "9s", intro = "{block}" }'), 3, "intro", "the block has no name"),
        (card('{ hold = "9s" }, { say = "{next}" }'), 3, "block[0].steps[1].say", "no step under a clock follows"),
        (card('{ hold = "9s" }, { say = "{name}" }'), 3, "block[0].steps[1].say", "no step under a clock follows"),
        (card('{ hold = "9s", cues = ["x", "{rep}"] }'), 3, "cues[1]", "{rep} stands for nothing here"),
        (card('{ hold = "9s", cues = "a" }', '[cues]\na = [\n  "x",\n  "{rep}",\n]'), 7, "cues.a[1]", "{rep}"),
        (card('{ hold = "9s", at = {\n "2s" = "x",\n "5s" = "{side}",\n} }'), 5, "at.5s", "{side} stands for"),
        (card('{ ask = "x", answers = [{ label = "{rep}" }] }'), 3, "answers[0].label", "{rep} stands for nothing"),
        (card('{ hold = "9s" }', '[announce]\nhalfway = "{rep}"'), 5, "announce.halfway", "{rep} stands for nothing"),
        (card('{ hold = "9s" }', '[announce]\ncomplete = "{name}"'), 5, "announce.complete", "{name} is not filled in"),
        (card('{ hold = "9s" }', REMINDER.replace("Tall", "{side}")), 5, "reminder[0].cues[0]", "{side} stands for"),
        (card('{ hold = "9s" }', REMINDER + 'max_every = "1min"'), 7, "reminder[0].max_every", 'without "fade"'),
        (card('{ hold = "9s" }', REMINDER + 'fade = 2.0\nmax_every = "9s"'), 7, "reminder[0].fade", "no longer than"),
        (card('{ hold = "9s" }', REMINDER + 'jitter = "9s"'), 7, "reminder[0].jitter", 'as long as "every"'),
        (
            card('{ run = "9s", name = "A", rounds = "2" }, { hold = "9s" }', REMINDER + 'during = ["hold", "A"]'),
            7,
            "reminder[0].during[1]",
            'no step called "A" ever happens',
        ),
        (card('{ hold = "9s" }', '[cues]\na = ["x"]'), 5, "cues.a", 'no step or reminder has cues = "a"'),
        (
            card('{ hold = "9s" }', '[progression.a]\nstart = "9s"\ngoal = "9s"\nstep = "9s"'),
            4,
            "progression.a",
            'no step has hold = "progression:a"',
        ),
        (card('{ hold = "9s", cues = [{ text = "x", weight = 2 }] }'), 3, "cues[0].weight", 'order = "random"'),
    ],
)
def test_what_has_no_effect_is_told_at_its_key(text: str, line: int, key: str, message: str) -> None:
    found = [item for item in told(text) if item[1].endswith(key)]
    assert [item[0] for item in found] == [line]
    assert message in found[0][2]


@pytest.mark.parametrize(
    "text",
    [
        card('{ hold = "9s", sides = true, switch = "3s", intro = "{side}" }'),
        card(
            '{ say = "{side}" }, { ask = "{side}?", answers = [{ label = "{side}" }] }, { hold = "9s" }', "sides = true"
        ),
        card(ASKED, "sides = true\n" + MORE),
        card('{ hold = "9s" }, ' + ASKED.replace("use", "then"), MORE.replace("{side}", "Go.")),
        card('{ hold = "max", cap = "9s" }'),
        card('{ hold = "9s", switch = "3s", intro = "{side}" }, { work = "9s", intro = "{next}" }', "sides = true"),
        card('{ hold = "9s", cues = ["{elapsed}"], every = "3s", first = "3s", order = "cycle" }'),
        card('{ hold = "9s", rounds = "last" }, { rest = "9s" }', 'repeat = 2\nrest = "9s"\nname = "{{"'),
        card('{ hold = "10s", countdown = 9, halfway = "True grit." }'),
        card('{ reps = 9, intro = "{rep} of {reps}" }'),
        card('{ say = "{name}, {duration}, then {next}" }, { hold = "9s" }'),
        card('{ hold = "9s" }, { say = "{next}" }', "repeat = 2"),
        card('{ hold = "9s" }, { say = "{next}" }, { use = "glute-bridge" }'),
        card('{ hold = "9s" }', '[[block]]\nname = "A"\nsteps = [{ say = "{block} {round} {rounds} {{rep}}" }]'),
        card('{ reps = 3 }, { hold = "9s", sides = true }', REMINDER.replace("Tall", "{rep} {side}")),
        card('{ hold = "9s" }', REMINDER + 'during = ["hold"]\nfade = 2.0\nmax_every = "1min"\njitter = "8s"'),
        card('{ hold = "9s", cues = "a", order = "random" }', '[cues]\na = [{ text = "x", weight = 2 }]'),
        card('{ rest = "5s" }, { work = "20s" }', "[announce]\ncountdown = 10"),
    ],
)
def test_what_has_an_effect_is_not_told(text: str) -> None:
    assert told(text) == []


def test_a_step_of_a_used_script_may_be_meant_by_a_reminder() -> None:
    Path("b.toml").write_text(card('{ run = "9s", name = "B" }'), encoding="utf-8")
    uses = '{ ask = "More?", answers = [{ label = "Yes", use = "./b.toml" }, { label = "No" }] }'
    assert told(card(uses, REMINDER + 'during = ["B", "run"]')) == []
