"""Scripts: how they are found, what they become, and how every mistake of one is told at once."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
import tomli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach import script, units
from voicecoach.errors import Problem, ScriptError
from voicecoach.script import positions
from voicecoach.script.cycles import DEEPEST
from voicecoach.script.model import STEP_MODELS, Hold, Workout
from voicecoach.script.source import MAX_BYTES
from voicecoach.store import folders

CARD = """\
title = "Card"
[[block]]
steps = [ { hold = "45s" } ]
"""
SHIPPED = sorted(folders.shipped_scripts().glob("*.toml"))


class Stdin(io.StringIO):
    """Standard input as a program has it: text over bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._bytes = io.BytesIO(content)

    @property
    def buffer(self) -> io.BytesIO:
        return self._bytes


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person without any workouts, in an empty folder."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "home"


def read(text: str | bytes) -> Workout:
    return script.load("-", stdin=Stdin(text if isinstance(text, bytes) else text.encode()))


def mistakes(text: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with a script."""
    with pytest.raises(ScriptError) as error:
        read(text)
    return error.value.problems


def mistakes_of(source: str | Path) -> tuple[Problem, ...]:
    """What is wrong with a script that is a file or is called by name."""
    with pytest.raises(ScriptError) as error:
        script.load(source)
    return error.value.problems


def only(text: str | bytes) -> Problem:
    """The one thing that is wrong with a script."""
    (problem,) = mistakes(text)
    return problem


def safe_to_show(line: str) -> bool:
    """Whether a terminal only shows it: one line without control characters and direction marks."""
    return {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}.isdisjoint(map(category, line.replace("\u200d", "")))


def card(steps: str, more: str = "") -> str:
    """A script of one block, whose steps begin on line 3."""
    return f'title = "Card"\n[[block]]\nsteps = [ {steps} ]\n{more}'


# how a script is found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_workouts_that_ship_are_called_by_name(path: Path) -> None:
    workout = script.load(path.stem)
    assert workout == script.load(path) == script.load(str(path))
    assert re.fullmatch("[0-9a-f]{64}", workout.digest)


def test_names_are_those_that_ship_and_the_persons_own_which_stand_before_them(home: Path) -> None:
    own = home / "scripts"
    own.mkdir(parents=True)
    for name in ("my-card", "glute-bridge"):
        (own / f"{name}.toml").write_text(CARD, encoding="utf-8")
    found = dict(script.names())
    assert list(found) == sorted({path.stem for path in SHIPPED} | {"my-card"})
    assert found["glute-bridge"].parent == own
    assert script.load("glute-bridge").title == script.load("my-card").title == "Card"


def test_a_file_needs_no_suffix_and_no_name_hides_it() -> None:
    Path("card").write_text(CARD, encoding="utf-8")
    Path("easy-run").mkdir()
    assert script.load("card").title == "Card"
    assert script.load("easy-run").title == "Easy run, glutes on"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("glute-brige", 'there is no workout called "glute-brige" (did you mean "glute-bridge"'),
        ("", "there is no workout"),
        ("./glute-bridge.toml", 'no such file (did you mean the workout "glute-bridge"?)'),
        ("nowhere/card.toml", "there is no such file"),
        ("a\0b.toml", "there is no such file"),
        ("x" * 5000, "there is no workout"),
        ("\x1b[31m", "there is no workout"),
        (".", "it is a folder"),
        ("../here", "it is a folder"),
    ],
)
def test_a_script_that_is_not_there_is_an_error_with_what_is_near(source: str, message: str) -> None:
    (problem,) = mistakes_of(source)
    assert message in problem.message
    assert safe_to_show(str(problem))


def test_a_name_without_workout_points_to_the_file_beside() -> None:
    Path("card.toml").write_text(CARD, encoding="utf-8")
    assert 'did you mean the file "./card.toml"?' in mistakes_of("card")[0].message


# how its bytes become a text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (b'title = "Card"\nx = \xe9', "byte 0xe9 is not UTF-8"),
        (bytes(range(256)), "byte 0x80 is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "byte 0x89 is not UTF-8"),
        (CARD.encode("utf-16"), "UTF-16 text; save it as UTF-8"),
        (CARD.encode() + b"\0", "NUL byte"),
        (b"#" * (MAX_BYTES + 1), "larger than 5 MB"),
    ],
    ids=["empty", "blank", "latin-1", "bytes", "picture", "utf-16", "nul", "large"],
)
def test_what_is_no_text_is_refused_clearly(content: bytes, message: str) -> None:
    with pytest.raises(ScriptError, match=message):
        read(content)
    Path("card.toml").write_bytes(content)
    with pytest.raises(ScriptError, match=message):
        script.load("card.toml")


def test_a_huge_file_is_refused_without_reading_it_all() -> None:
    with Path("huge.toml").open("wb") as file:
        file.truncate(100_000_000)
    assert "larger than 5 MB" in mistakes_of("huge.toml")[0].message


def test_where_a_text_stops_being_utf_8_is_told() -> None:
    problem = only('title = "Brücke"\nx = "é'.encode() + b"\xe9")
    assert (problem.line, problem.column) == (2, 7)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + CARD.encode(), CARD.replace("\n", "\r\n").encode()])
def test_marks_and_line_ends_of_other_systems_do_no_harm(content: bytes) -> None:
    assert read(content).title == "Card"


def test_places_are_the_same_with_any_line_ends() -> None:
    text = card('{ hold = "45" }')
    assert mistakes(text) == mistakes(text.replace("\n", "\r\n"))


# every mistake at once, each at its place

TWENTY = """\
title = "Glute bridge"
langage = "en"                                                    # wrong
[announce]
countdown = "3s"                                                  # wrong
[voice]
rate = 40                                                         # wrong
[cues]
form = ["Lift.", "Tuck {nmae}."]                                  # wrong
[[block]]
name = "Bridge"
repeat = 1000000000                                               # wrong
steps = [
  { say = "Lie down." },
  { hold = "30", name = "Bridge" },                               # wrong
  { rest = 30 },                                                  # wrong
  { hold = "45s", evry = "8s", cues = "form" },                   # wrong
  { hold = "45s", cues = "from" },                                # wrong
  {
    hold = "45s",
    at = { half = "Hips.", "50s" = "Level?" },                    # wrong
    order = "cycel",                                              # wrong
  },
  { hodl = "45s" },                                               # wrong
  { run = "1min", rest = "30s" },                                 # wrong
  { use = "#Brigde" },                                            # wrong
  { hold = "progression:bridge" },                                # wrong
  { play = "lift.wav" },                                          # wrong
  { reps = 8, tempo = "3-1" },                                    # wrong
]
[[reminder]]                                                      # wrong
cues = "form"
during = ["swim"]                                                 # wrong
[music]
files = ["*.mp3"]                                                 # wrong
"""


def test_twenty_mistakes_are_twenty_errors_each_on_its_line() -> None:
    wrong = [number for number, line in enumerate(TWENTY.splitlines(), 1) if line.endswith("# wrong")]
    found = mistakes(TWENTY)
    assert len(wrong) == 20
    assert [problem.line for problem in found] == wrong
    assert len({problem.message for problem in found}) == 20
    for problem in found:
        last = problem.key.rpartition(".")[2].partition("[")[0].strip('"')
        assert TWENTY.splitlines()[problem.line - 1][problem.column - 1 :].startswith((last, '"', "{", "[["))


def test_an_error_reads_as_a_coach_reads() -> None:
    Path("glute.toml").write_text('title = "A"\n[[block]]\nsteps = [\n  { hold = "30" },\n]\n', encoding="utf-8")
    with pytest.raises(ScriptError) as error:
        script.load("glute.toml")
    assert str(error.value) == 'glute.toml:4:5: block[0].steps[0].hold: "30" has no unit (did you mean "30s"?)'
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "place", "key", "message"),
    [
        (card('{ hold = "1s" }', "repeat = 0"), (4, 1), "block[0].repeat", "0 is too small (at least 1)"),
        (card("{ hold = true }"), (3, 13), "block[0].steps[0].hold", "found true"),
        (card("{ hold = 01:30 }"), (3, 13), "block[0].steps[0].hold", "stands in quotes"),
        (card("{}"), (3, 11), "block[0].steps[0]", "this one has none of them"),
        (card('"rest"'), (3, 11), "block[0].steps[0]", 'found "rest"'),
        (card('{ hold = "9s", say = "x" }'), (3, 11), "block[0].steps[0]", 'has "hold" and "say"'),
        (card('{ say = "x", every = "9s" }'), (3, 24), "block[0].steps[0].every", 'does not go with "say"'),
        (card('{ say = "x", title = "x" }'), (3, 24), "block[0].steps[0].title", "at the top of the script"),
        (
            card('{ rest = "9s", pause = "2s" }'),
            (3, 26),
            "block[0].steps[0].pause",
            'does not go with "rest" (it goes with say)',
        ),
        (card('{ hold = "9s", sides = ["one"] }'), (3, 26), "block[0].steps[0].sides", "found 1 label"),
        (card('{ ready = "x", wait = "9s" }'), (3, 26), "block[0].steps[0].wait", 'unknown key "wait"'),
        (card('{ reps = "8" }'), (3, 13), "block[0].steps[0].reps", "did you mean 8, without quotes"),
        (card('{ work = ["9s", 5] }', "repeat = 2"), (3, 27), "block[0].steps[0].work[1]", 'did you mean "5s"'),
        (card('{ work = ["9s", "8s"] }'), (3, 13), "block[0].steps[0].work", "write repeat = 2 in the block"),
        (
            card("{ reps = [9, 8] }", "repeat = 3"),
            (3, 13),
            "block[0].steps[0].reps",
            '"reps" has 2 counts, but the block has 3 rounds (one for each: write 3, or repeat = 2)',
        ),
        (card("{ hold = [] }"), (3, 13), "block[0].steps[0].hold", "the list is empty"),
        (card('{ hold = ["9s", "progression:a"] }', "repeat = 2"), (3, 27), "block[0].steps[0].hold[1]", 'called "a"'),
        (
            card('{ work = "9s" }', 'repeat = 3\nrest = ["9s"]'),
            (5, 1),
            "block[0].rest",
            '"rest" has 1 length, but the block has 2 rests between 3 rounds (one for each: write 2, or repeat = 2)',
        ),
        (card('{ work = "9s" }', 'rest = ["9s"]'), (4, 1), "block[0].rest", "write repeat = 2 in the block"),
        (
            card('{ reps = [9, 8], at = { "rep 10" = "a" } }', "repeat = 2"),
            (3, 35),
            'block[0].steps[0].at."rep 10"',
            "beyond the last of 9 reps",
        ),
        (card('{ reps = 8, tempo = "3-1-2", each = "3s" }'), (3, 40), "block[0].steps[0].each", "keep one"),
        (card('{ hold = "9s", sides = ["l"] }'), (3, 26), "block[0].steps[0].sides", "two labels"),
        (card('{ hold = "9s", cadence = nan }'), (3, 26), "block[0].steps[0].cadence", "found nan"),
        (card('{ hold = "9s", cues = ["a", 5] }'), (3, 39), "block[0].steps[0].cues[1]", "found 5"),
        (card('{ say = "x", rate = 3 }'), (3, 24), "block[0].steps[0].rate", "3 is too large (at most 2)"),
        (
            card('{ say = "x", emphasis = "stong" }'),
            (3, 24),
            "block[0].steps[0].emphasis",
            'expected true, "moderate", "strong" or "reduced", found "stong" (did you mean "strong"?)',
        ),
        (card('{ hold = "9s", cues = 5 }'), (3, 26), "block[0].steps[0].cues", "name of a pool or a list"),
        (card('{ hold = "9s", cues = "a" }'), (3, 26), "block[0].steps[0].cues", "write it under [cues]"),
        (card('{ hold = "9s", at = { "50%" = "a", half = "b" } }'), (3, 46), "block[0].steps[0].at.half", "same place"),
        (card('{ hold = "9s", at = { "-10s" = "a" } }'), (3, 33), "block[0].steps[0].at.-10s", "lasts 9s"),
        (card('{ reps = 5, at = { "16s" = "a" } }'), (3, 30), "block[0].steps[0].at.16s", "lasts 15s"),
        (card(f'{{ reps = {"9" * 400}, at = {{ "1s" = "a" }} }}'), (3, 13), "block[0].steps[0].reps", "is too large"),
        (card('{ run = "400m" }'), (3, 13), "block[0].steps[0].run", '"400m" is a distance: write how long it takes'),
        (card('{ run = "9min", at = { 400m = "a" } }'), (3, 34), "block[0].steps[0].at.400m", "is a distance"),
        (card("{ rest = 1.5 }"), (3, 13), "block[0].steps[0].rest", '"1.5s" or "1.5min"'),
        (card('{ hold = "9s", at = { third = "a" } }'), (3, 33), "block[0].steps[0].at.third", "not a place"),
        (card('{ ask = "x", answers = [{ say = "y" }] }'), (3, 35), "block[0].steps[0].answers[0].label", "missing"),
        (card('{ ask = "x", answers = [] }'), (3, 24), "block[0].steps[0].answers", "the list is empty"),
        (card('{ use = " " }'), (3, 13), "block[0].steps[0].use", "the text is empty"),
        (card('{ use = "" }'), (3, 13), "block[0].steps[0].use", "the text is empty"),
        (card('{ use = "#Gone" }'), (3, 13), "block[0].steps[0].use", 'no block called "Gone"'),
        (card('{ use = "easy-rnu" }'), (3, 13), "block[0].steps[0].use", 'did you mean "easy-run"'),
        (card('{ use = "./gone.toml" }'), (3, 13), "block[0].steps[0].use", "there is no script"),
        (card('{ rest = "9s" }', "[voice]\nname = 5"), (5, 1), "voice.name", "expected a text, found 5"),
        (card('{ rest = "9s" }', "[[voice]]\nrate = 1"), (4, 1), "voice", "expected one table [voice]"),
        (
            card('{ rest = "9s" }', "[reminder]\nevery = 1"),
            (4, 1),
            "reminder",
            "expected [[reminder]], found [reminder]",
        ),
        (card('{ rest = "9s" }', "[announce]\nstyle = 'beeps'"), (5, 1), "announce.style", 'did you mean "beep"'),
        (card('{ rest = "9s" }', "[cues]\na = 'x'"), (5, 1), "cues.a", "expected a list"),
        (card('{ rest = "9s" }', "[cues]\na = [{ audio = 5 }]"), (5, 6), "cues.a[0].text", "is missing"),
        (card('{ rest = "9s" }', '[cues]\n"a b" = []'), (5, 1), 'cues."a b"', "the list is empty"),
        (card('{ rest = "9s" }', "[music]\ngain = -9"), (4, 1), "music.files", "is missing"),
        ('title = "x"', (1, 1), "block", "no [[block]]"),
        ('title = "x"\n[block]\nsteps = []', (2, 1), "block", "expected [[block]]"),
        ('title = "x"\n[[block]]\nname = "y"', (2, 1), "block[0].steps", "the block has no steps"),
        ('\n[[block]]\nsteps = [{ rest = "9s" }]', (1, 1), "title", "the script has no title"),
        ('title = "x"\nlanguage = "english"\n[[block]]\nsteps = [{ rest = "9s" }]', (2, 1), "language", "pt-BR"),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, place: tuple[int, int], key: str, message: str) -> None:
    found = [problem for problem in mistakes(text) if problem.key == key]
    assert [(problem.line, problem.column) for problem in found] == [place]
    assert message in found[0].message


STRAY = "the table above, and not to the block (write {} before the [[block]])"


@pytest.mark.parametrize(
    ("table", "key", "message"),
    [
        ('[cues]\nform = ["Tuck."]', "cues.steps", '"steps" belongs to [cues], ' + STRAY.format("[cues]")),
        ("[cues]\nrepeat = 3", "cues.repeat", '"repeat" and "steps" belong to [cues], ' + STRAY.format("[cues]")),
        ("[voice]\nrate = 1.0", "voice.steps", STRAY.format("[voice]")),
        ('[[reminder]]\ncues = ["x"]\nevery = "9s"', "reminder[0].steps", STRAY.format("[[reminder]]")),
        (
            '[progression.a]\nstart = "9s"\ngoal = "9s"\nstep = "9s"',
            "progression.a.steps",
            STRAY.format("[progression.a]"),
        ),
    ],
)
def test_a_table_that_swallows_the_keys_of_a_block_is_one_mistake(table: str, key: str, message: str) -> None:
    text = f'title = "x"\n[[block]]\nname = "A"\n{table}\nsteps = [ {{ hold = "30s", cues = ["x"] }} ]\n'
    problem = only(text)
    assert problem.key == key
    assert message in problem.message
    assert text.splitlines()[problem.line - 1].startswith(key.rpartition(".")[2])


def test_a_pool_may_be_called_like_a_key_of_a_block() -> None:
    assert read(card('{ hold = "9s", cues = "steps" }', '[cues]\nsteps = ["Up.", { text = "Down." }]')).cues["steps"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        (card("{ reps = 10, sets = 3 }"), "block[0].steps[0].sets", 'said by "repeat" of the block'),
        (card("{ reps = 10, repeat = 3 }"), "block[0].steps[0].repeat", 'said by "repeat" of the block'),
        (card('{ hold = "9s" }', "sets = 3"), "block[0].sets", 'did you mean "repeat"?'),
        (card('{ hold = "9s" }', 'pause = "9s"'), "block[0].pause", 'did you mean "rest"?'),
        (card('{ hold = "9s", pause = "9s" }'), "block[0].steps[0].pause", "a rest is a step of its own"),
        (card('{ hold = "9s", bpm = 100 }'), "block[0].steps[0].bpm", 'did you mean "cadence"?'),
        (card('{ pause = "30s" }'), "block[0].steps[0]", '"pause" is none (did you mean "rest"?)'),
        (card('{ sprint = "30s" }'), "block[0].steps[0]", '"sprint" is none (did you mean "run"?)'),
        (card('{ rounds = "last", name = "x" }'), "block[0].steps[0]", "this one has none of them"),
        (card('{ rest = "9s" }', '[announce]\nremaining = "10s"'), "announce.remaining", '(write remaining = ["10s"])'),
        (card('{ rest = "9s" }', "[announce]\nremaining = 10"), "announce.remaining", '(write remaining = ["10s"])'),
        (
            card('{ run = "9s" }', '[[reminder]]\ncues = ["x"]\nevery = "9s"\nduring = "run"'),
            "reminder[0].during",
            '(write during = ["run"])',
        ),
        (card('{ rest = "9s" }', '[music]\nfiles = "a.mp3"'), "music.files", '(write files = ["a.mp3"])'),
        ('title = "x"\n[[block]]\nsteps = { rest = "9s" }', "block[0].steps", "(write steps = [{ … }])"),
        (card('{ hold = "9s", name = "Plank [pause soon]" }'), "block[0].steps[0].name", '"soon" is not a duration'),
        (card('{ hold = "9s", name = "{side} plank" }'), "block[0].steps[0].name", "{side} is not filled in here"),
        (card('{ hold = "9s", name = " " }'), "block[0].steps[0].name", "the text is empty"),
        (card('{ hold = "9s" }', 'name = "A [pause 2h]"'), "block[0].name", "at most 1m fit in a line"),
        (card('{ hold = "9s", sides = ["l [pause x]", "r"] }'), "block[0].steps[0].sides", '"x" is not a duration'),
        (card('{ hold = "9s", sides = ["{name}", "r"] }'), "block[0].steps[0].sides", "{name} is not filled in here"),
        (
            card('{ ask = "x", answers = [{ label = "{nme}" }] }'),
            "block[0].steps[0].answers[0].label",
            "{nme} (did you",
        ),
        (
            card('{ ask = "x", answers = [{ label = "[pause x]" }] }'),
            "block[0].steps[0].answers[0].label",
            '"x" is not',
        ),
    ],
)
def test_a_mistake_comes_with_what_would_be_right(text: str, key: str, message: str) -> None:
    problem = only(text)
    assert problem.key == key
    assert message in problem.message


def test_a_label_may_name_what_is_going_on() -> None:
    assert read(card('{ ask = "x", answers = [{ label = "More of {next}" }] }'))


def test_a_script_that_is_not_there_is_answered_with_those_that_are_alike() -> None:
    put("sub/warm-up.toml", CARD)
    put("sub/other.toml", CARD)
    assert (
        'did you mean "sub/warm-up.toml"?' in mistakes_of(put("a.toml", card('{ use = "sub/warmup.toml" }')))[0].message
    )
    assert "did you" not in mistakes_of(put("a.toml", card('{ use = "./nope.toml" }')))[0].message
    assert "did you" not in mistakes_of(put("a.toml", card('{ use = "./aa.toml" }')))[0].message


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        (card('{ hold = "30s",\u00a0name = "A" }'), (3, 26), "a no-break space (U+00A0)"),
        (card('{ hold\u00a0= "30s" }'), (3, 17), "a no-break space (U+00A0)"),
        (card('{ hold = \u200b"30s" }'), (3, 20), "an invisible zero width space (U+200B)"),
        (card('{ ho\u2060ld = "30s" }'), (3, 15), "an invisible word joiner (U+2060)"),
        (card('\u2003{ hold = "30s" }'), (3, 11), "an em space (U+2003)"),
        (card('{ hold = "30s" }', "\u00a0\u00a0repeat = 2"), (4, 1), "a no-break space (U+00A0)"),
    ],
)
def test_a_character_that_nobody_sees_is_named(text: str, place: tuple[int, int], name: str) -> None:
    problem = only(text)
    assert (problem.line, problem.column) == place
    assert problem.message.startswith(f"{name} stands here")


def test_a_script_of_which_nothing_ever_happens_is_refused() -> None:
    problem = only(card('{ hold = "9s", rounds = "not first" }'))
    assert (problem.line, problem.key) == (2, "block[0]")
    assert "no step of the script ever happens" in problem.message
    text = card(
        '{ use = "#A" }', 'rest = "9s"\nrepeat = 2\n[[block]]\nname = "A"\nsteps = [{ say = "x", rounds = "2" }]'
    )
    assert only(text).key == "block[0]"
    assert read(text.replace('"2"', '"1"'))
    put("b.toml", card('{ hold = "9s", rounds = "3" }'))
    assert [problem.file for problem in mistakes_of(put("a.toml", card('{ use = "./b.toml" }')))] == ["b.toml"]


def test_a_script_of_which_every_block_stands_aside() -> None:
    text = card('{ hold = "9s" }', 'name = "A"\naside = true\n')
    problem = only(text)
    assert (problem.key, problem.message[:22]) == ("block[0].aside", "nothing is ever heard:")
    assert text.splitlines()[problem.line - 1].startswith("aside")
    put("b.toml", text)
    assert [problem.file for problem in mistakes_of(put("a.toml", card('{ use = "./b.toml" }')))] == ["b.toml"]
    assert read(text + '[[block]]\nsteps = [{ use = "#A" }]\n')
    never = text + '[[block]]\nsteps = [{ say = "x", rounds = "2" }]\n'
    assert only(never).key == "block[1]"


def test_a_goal_is_not_shorter_than_the_start() -> None:
    table = '[progression.bridge]\nstart = "30s"\ngoal = "20s"\nstep = "2s"'
    problem = only(card('{ hold = "progression:bridge" }', table))
    assert (problem.line, problem.key) == (6, "progression.bridge.goal")


def test_a_reminder_runs_in_kinds_or_in_named_steps() -> None:
    reminder = '[[reminder]]\ncues = ["Tall."]\nevery = "30s"\nduring = '
    steps = '{ run = "3min", name = "Easy" }, { walk = "1min" }'
    assert read(card(steps, f'{reminder}["Easy", "walk"]')).reminder[0].during == ("Easy", "walk")
    problem = only(card(steps, f'{reminder}["walk", "Easi"]'))
    assert (problem.line, problem.column, problem.key) == (7, 19, "reminder[0].during[1]")
    assert 'did you mean "Easy"' in problem.message


def test_more_mistakes_than_anyone_reads_are_cut_short() -> None:
    found = mistakes(card("{}," * 1500))
    assert len(found) == 1001
    assert "there are more" in found[-1].message


def test_no_mistake_can_command_the_terminal() -> None:
    for problem in mistakes('title = "x"\n"\\u001b[2J" = 1\n[[block]]\nsteps = [{ rest = "\\u001b[31m\\u202e" }]'):
        assert safe_to_show(str(problem))


WRONG_VALUES = [
    "5",
    "-1",
    "1e9",
    "nan",
    "true",
    '""',
    '"x {"',
    "[]",
    "[5]",
    "[[]]",
    "{}",
    "{ x = 1 }",
    "[{}]",
    "1979-05-27",
]
TOP_LEVEL = [
    "title",
    "summary",
    "language",
    "cues",
    "voice",
    "announce",
    "block",
    "plan",
    "reminder",
    "progression",
    "music",
    "sounds",
    "pronounce",
]


def written() -> list[str]:
    """Every key of the format with every kind of wrong value."""
    texts = []
    for value in WRONG_VALUES:
        for kind, model in STEP_MODELS.items():
            for name, field in model.model_fields.items():
                key = field.alias or name
                texts.append(
                    card(f'{{ {kind} = "9s", {key} = {value} }}' if key != kind else f"{{ {kind} = {value} }}")
                )
        texts += [f"{key} = {value}\n" for key in TOP_LEVEL]
        for table, shape in (("voice", "ScriptVoice"), ("announce", "Announce"), ("music", "Music")):
            for key in script.schema()["$defs"][shape]["properties"]:
                texts.append(card('{ rest = "9s" }', f"[{table}]\n{key} = {value}"))
        for key in ("cues", "every", "first", "jitter", "during", "order", "fade", "max_every"):
            texts.append(card('{ rest = "9s" }', f"[[reminder]]\n{key} = {value}"))
        for key in ("start", "goal", "step", "unlocks"):
            texts.append(card('{ rest = "9s" }', f"[progression.a]\n{key} = {value}"))
        for key in ("text", "audio", "weight"):
            texts.append(card('{ rest = "9s" }', f"[cues]\na = [{{ {key} = {value} }}]"))
        for key in ("label", "say", "use", "then"):
            texts.append(card(f'{{ ask = "Well?", answers = [{{ {key} = {value} }}] }}'))
    return texts


@pytest.mark.slow
def test_every_mistake_is_told_in_the_words_of_the_format() -> None:
    told = 0
    for text in written():
        try:
            read(text)
        except ScriptError as error:
            for problem in error.problems:
                told += 1
                assert not re.search(
                    r"Input|should (be|have)|valid |Extra|required|does not fit here|None", problem.message
                )
                assert problem.message
                assert problem.line
    assert told > 1000


# mistakes of the TOML itself


@pytest.mark.parametrize(
    ("steps", "column", "message"),
    [
        ("{ hold = 45s }", 20, '45s is not in quotes (write "45s")'),
        ('{ hold = "9s", name = Glute bridge }', 33, 'Glute bridge is not in quotes (write "Glute bridge")'),
        ('{ hold = "9s", halfway = True }', 36, "True is not a value (write true)"),
        ("{ reps = 3 rounds }", 20, "a number stands alone"),
        ("{ say = “Lift.” }", 19, "typographic quotation mark"),
        ('{ say: "Lift." }', 16, 'write "="'),
        ('{ say = "Lift. }', 19, "is not closed"),
        ('{ say = "Say "go"." }', 25, "a quotation mark inside a text"),
        ("{ say = 'Don't.' }", 24, "an apostrophe goes in double quotes"),
        ('{ say = "a\\path" }', 21, "a backslash"),
        ('{ rest = "9s" name = "x" }', 24, "a comma is missing"),
        ('{ rest = "9s" } { rest = "9s" }', 26, "a comma is missing"),
        ('{ rest = "9s", rest = "8s" }', 26, '"rest" stands twice'),
        ("{ rest =  }", 21, "a value is missing"),
    ],
)
def test_a_fault_of_the_toml_is_told_and_the_rest_is_still_checked(steps: str, column: int, message: str) -> None:
    text = f'title = "Card"\n[[block]]\nsteps = [\n         {steps},\n  {{ rest = "8" }},\n]\n'
    fault, other = mistakes(text)
    assert (fault.line, fault.column) == (4, column - 1)
    assert message in fault.message
    assert (other.line, other.column) == (5, 5)
    assert other.message == '"8" has no unit (did you mean "8s"?)'


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('title = "x"\n[[block]\nsteps = [{ rest = "9s" }]', (2, 1), "write [[block]]"),
        (
            'title = "x"\n[[block]]\nsteps = [\n { rest = "9s" },\n[voice]\nrate = 1',
            (3, 9),
            '"]" is missing before [voice]',
        ),
        ('title = "x"\n[[block]]\nsteps = [\n { rest = "9s"\n { rest = "9s" } ]', (4, 2), '"}" is missing'),
        ('title = "x"\n[[block]]\nsteps = [{ rest = "9s" }', (3, 9), '"]" is missing'),
        ('title = "x"\ntitle = "y"\n[[block]]\nsteps = [{ rest = "9s" }]', (2, 1), '"title" stands twice'),
        (card('{ rest = "9s" }', "[voice]\n[voice]"), (5, 1), "[voice] stands twice"),
        (card('{ rest = "9s" }', "[voice] rate = 1"), (4, 9), "on a line of its own"),
        ('title = """x\n[[block]]\nsteps = []', (1, 9), 'a closing """ is missing'),
        (f'title = "x"\nrepeat = {"9" * 5000}', (2, 10), "far too many digits"),
        (f'title = "x"\nx = {"[" * 3000}', (2, 105), "too deep"),
        (f'title = "x"\n{"a." * 3000}b = 1', (2, 1), "too deep"),
        (CARD.replace("\n", "\r"), (1, 15), "carriage return"),
    ],
)
def test_a_broken_text_is_told_where_it_breaks(text: str, place: tuple[int, int], message: str) -> None:
    first = mistakes(text)[0]
    assert (first.line, first.column) == place
    assert message in first.message


def test_one_fault_is_one_error() -> None:
    assert only(card('{ hold = "9s", cues = form }', '[cues]\nforms = ["x"]')).message.startswith(
        "form is not in quotes"
    )
    assert (
        only(
            'title = "x"\n[[block]]\nname = Bridge\nsteps = [{ rest = "9s" }]\n[[block]]\nsteps = [{ use = "#Bridge" }]'
        ).line
        == 3
    )


# places, in any TOML

TRICKY = Path(__file__).parent / "data" / "tricky.toml"


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path into data."""
    found = [path] if path else []
    for key, inside in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        found += paths(inside, (*path, key))
    return found


@pytest.mark.parametrize("path", [TRICKY, *SHIPPED], ids=lambda path: path.stem)
def test_every_key_and_element_has_its_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    root = positions.read(text)
    data = tomli.loads(text)
    for keys in paths(data):
        rest = text[root.find(keys) :]
        key = keys[-1]
        if isinstance(key, int):
            assert rest[0] not in " \t\n,]}#="
        elif not rest.startswith("["):  # a table is placed at its header
            written = re.match(r"""[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'""", rest)
            assert written
            assert tomli.loads(f"{written.group()} = 1") == {key: 1}


def test_elements_follow_one_another() -> None:
    root = positions.read('a = [ 1, "x,", [2], { b = 3 }, 4 ]')
    offsets = [root.find(("a", index)) for index in range(5)]
    assert offsets == [6, 9, 15, 20, 31]
    assert all(first < second for first, second in pairwise(offsets))
    assert root.find(("a", 3, "b")) == 22
    assert root.find(("a", 3, "gone")) == 20


# scripts that use others


def put(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_used_scripts_are_found_beside_the_script_or_by_name() -> None:
    put("sub/b.toml", card('{ play = "lift.wav" }, { use = "../c.toml" }'))
    put("sub/lift.wav", "")
    put("c.toml", CARD)
    put(
        "a.toml", card('{ use = "./sub/b.toml" }, { use = "glute-bridge" }, { use = "./c.toml" }, { use = "./c.toml" }')
    )
    workout = script.load("a.toml")
    assert set(workout.included) == {"./sub/b.toml", "glute-bridge", "./c.toml"}
    assert workout.included["glute-bridge"] == script.load("glute-bridge")
    assert workout.included["./sub/b.toml"].included["../c.toml"] is workout.included["./c.toml"]


def test_an_answer_may_use_a_script_too() -> None:
    put("b.toml", CARD)
    put("a.toml", card('{ ask = "More?", answers = [{ label = "Yes", use = "./b.toml" }, { label = "No" }] }'))
    assert set(script.load("a.toml").included) == {"./b.toml"}


def test_a_mistake_is_told_with_the_file_it_is_in() -> None:
    put("sub/b.toml", card('{ hold = "45" }'))
    put("a.toml", card('{ use = "./sub/b.toml" }, { rest = "9" }, { use = "./sub/b.toml" }'))
    found = [(problem.file, problem.line, problem.key) for problem in mistakes_of("a.toml")]
    assert found == [
        ("a.toml", 3, "block[0].steps[1].rest"),
        (str(Path("sub/b.toml")), 3, "block[0].steps[0].hold"),
    ]


def test_a_cycle_of_scripts_is_shown_whole() -> None:
    put("a.toml", card('{ use = "./b.toml" }'))
    put("b.toml", card('{ use = "c/c.toml" }'))
    put("c/c.toml", card('{ rest = "9s" },\n{ use = "../a.toml" }'))
    (problem,) = mistakes_of("a.toml")
    assert (problem.file, problem.line, problem.column) == (str(Path("c/c.toml")), 4, 3)
    assert problem.message.endswith("a.toml → b.toml → c.toml → a.toml")


def test_a_cycle_of_blocks_is_shown_whole() -> None:
    blocks = "".join(
        f'[[block]]\nname = "{name}"\nsteps = [{{ use = "#{after}" }}]\n' for name, after in ("AB", "BC", "CA")
    )
    problem = only(f'title = "x"\n{blocks}')
    assert (problem.line, problem.key) == (10, "block[2].steps[0].use")
    assert problem.message.endswith("#A → #B → #C → #A")


def test_an_answer_that_leads_back_is_a_cycle() -> None:
    steps = '{ ask = "Again?", answers = [{ label = "Yes", use = "#A" }] }'
    problem = only(f'title = "x"\n[[block]]\nname = "A"\nsteps = [ {steps} ]')
    assert problem.key == "block[0].steps[0].answers[0].use"
    assert problem.message.endswith("#A → #A")


def test_a_block_that_is_meant_must_be_one() -> None:
    blocks = '[[block]]\nname = "A"\nsteps = [{ rest = "9s" }]\n' * 2
    assert "2 blocks are called" in only(f'title = "x"\n{blocks}[[block]]\nsteps = [{{ use = "#A" }}]').message


def chained(length: int) -> str:
    blocks = "".join(
        f'[[block]]\nname = "{number}"\nsteps = [{{ use = "#{number + 1}" }}]\n' for number in range(length - 1)
    )
    return f'title = "x"\n{blocks}[[block]]\nname = "{length - 1}"\nsteps = [{{ rest = "1s" }}]\n'


@pytest.mark.slow
def test_what_is_used_lies_no_deeper_than_anyone_can_follow() -> None:
    assert len(read(chained(DEEPEST)).block) == DEEPEST
    assert f"more than {DEEPEST} deep" in only(chained(3000)).message
    for number in range(30):
        put(f"{number}.toml", card(f'{{ use = "./{number + 1}.toml" }}'))
    put("30.toml", CARD)
    assert script.load(f"./{31 - DEEPEST}.toml")
    assert f"more than {DEEPEST} deep" in mistakes_of("0.toml")[0].message
    shallow = ", ".join(f'{{ use = "./{number}.toml" }}' for number in range(30, 10, -1))
    assert f"more than {DEEPEST} deep" in mistakes_of(put("all.toml", card(shallow)))[0].message


def test_the_digest_follows_the_script_and_all_it_includes() -> None:
    put("b.toml", CARD)
    put("a.toml", card('{ use = "./b.toml" }'))
    first = script.load("a.toml").digest
    assert script.load("a.toml").digest == first
    put("b.toml", CARD + "# more")
    second = script.load("a.toml").digest
    put("a.toml", card('{ use = "./b.toml" }') + "# more")
    assert len({first, second, script.load("a.toml").digest}) == 3


# music


def test_music_is_found_beside_the_script_in_order_of_names() -> None:
    for name in ("b.mp3", "a.mp3", "c [live].ogg", "notes.txt"):
        put(f"beds/{name}", "")
    text = card('{ rest = "9s" }', '[music]\nfiles = ["beds/*.mp3", "beds/c [live].ogg", "beds/a.*"]')
    files = script.load(put("card.toml", text)).music_files
    assert [path.name for path in files] == ["a.mp3", "b.mp3", "c [live].ogg"]
    absolute = Path("beds").resolve().as_posix()
    text = card('{ rest = "9s" }', f'[music]\nfiles = ["{absolute}/*.mp3"]')
    assert [path.name for path in script.load(put("card.toml", text)).music_files] == ["a.mp3", "b.mp3"]


@pytest.mark.parametrize("pattern", ["*.mp3", "[", "**x/y", "gone/a.mp3", "~nobody-of-this-name/*"])
def test_music_that_is_not_there_is_a_mistake(pattern: str) -> None:
    problem = only(card('{ rest = "9s" }', f'[music]\nfiles = ["{pattern}"]'))
    assert (problem.line, problem.column, problem.key) == (5, 10, "music.files[0]")
    assert f'no file matches "{pattern}"' in problem.message


# limits, before anything is expanded


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        (card('{ hold = "25h" }, { rest = "24h" }'), "block[0]", "lasts 49h"),
        (card('{ hold = "25h", sides = true }'), "block[0]", "lasts 50h5s"),
        (card('{ rest = "1h" }', "repeat = 49"), "block[0]", "lasts 49h"),
        (card('{ rest = "1h" }', 'repeat = 2\nrest = "47h"'), "block[0]", "lasts 49h"),
        (card('{ run = ["1h", "40h"] }', 'repeat = 2\nrest = ["8h"]'), "block[0]", "lasts 49h"),
        (card('{ hold = "max", cap = "48h" }, { say = "x", pause = "1h" }'), "block[0]", "lasts 49h"),
        (card('{ reps = 1000, each = "3min" }'), "block[0]", "lasts 50h"),
        (card('{ hold = "49h" }'), "block[0].steps[0].hold", "longer than 48h"),
        (card('{ rest = "1s" }', "repeat = 10001"), "block[0].repeat", "at most 10000"),
        (card('{ run = "40h", cadence = 400 }, { run = "8h", cadence = 400 }'), "block[0]", "cues"),
        (card('{ hold = "47h", cues = ["x"], every = "0.1s" }'), "block[0]", "cues"),
        (card('{ run = "47h" }', '[[reminder]]\ncues = ["x"]\nevery = "0.1s"'), "reminder[0]", "up to 1,692,"),
        (card('{ say = "x" },' * 200, "repeat = 10000"), "block[0]", "up to 2,000,000 cues"),
    ],
)
def test_a_script_over_the_limits_is_refused(text: str, key: str, message: str) -> None:
    problem = only(text)
    assert problem.key == key
    assert message in problem.message


def test_rounds_in_which_a_step_does_not_happen_do_not_count() -> None:
    text = card('{ hold = "40h", rounds = "first" }, { rest = "1s" }', "repeat = 1000")
    assert read(text).block[0].repeat == 1000


def test_of_a_list_only_the_rounds_count_in_which_the_step_happens() -> None:
    text = card('{ hold = ["1s", "40h", "40h"], rounds = "not first" }, { rest = "1s" }', "repeat = 3")
    assert "lasts 80h" in only(text).message
    assert read(text.replace("not first", "2"))


def test_what_uses_multiply_is_counted_without_expanding_it() -> None:
    blocks = ""
    for number in range(1, DEEPEST):
        use = f'{{ use = "#{number + 1}" }}'
        blocks += f'[[block]]\nname = "{number}"\nrepeat = 10000\nsteps = [{use}, {use}]\n'
    problem = only(f'title = "x"\n{blocks}[[block]]\nname = "{DEEPEST}"\nsteps = [{{ rest = "1s" }}]')
    assert "lasts longer than a life" in problem.message


def test_used_scripts_count_each_time_they_are_used() -> None:
    put("b.toml", card('{ run = "10h" }'))
    assert script.load(put("a.toml", card('{ use = "./b.toml" }, ' * 4)))
    assert "lasts 50h" in mistakes_of(put("a.toml", card('{ use = "./b.toml" }, ' * 5)))[0].message


@pytest.mark.slow
def test_values_beyond_any_workout_are_refused_before_they_are_looked_at() -> None:
    assert "more than 250,000 values" in only(card("1," * 300_000)).message


@pytest.mark.slow
def test_a_long_script_of_many_steps_is_read() -> None:
    steps = '{ hold = "5s", name = "Bridge", at = { half = "Hips." } }, { rest = "5s" },\n' * 5_000
    workout = read(card(steps))
    assert len(workout.block[0].steps) == 10_000
    assert isinstance(workout.block[0].steps[0], Hold)


# whatever is in the file

FRAGMENTS = [
    '"', "'", "[", "]", "{", "}", ",", "=", "#", "\n", '"""', "'''", "[[block]]\n", "[voice]\n", "45s", "nan", "-1",
    "\\", "\0", "\r", "“", ".", "a.b = 1\n", "true", "1979-05-27", "07:32", "9" * 30, 'use = "#A"', "[]", "{}", "é",
    '{ use = "./card.toml" }', '"~x/y"', '"**a"', "repeat = 10000\n", "\x1b", "rest", "null",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A script that ships, or the one with twenty mistakes, with bytes flipped, cut, swapped and put in."""
    content = bytearray(draw(st.sampled_from([TWENTY.encode(), *(path.read_bytes() for path in SHIPPED)])))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        match draw(st.sampled_from(["flip", "cut", "put", "drop", "copy"])):
            case "flip":
                content[place : place + 1] = bytes([draw(st.integers(0, 255))])
            case "cut":
                del content[place:]
            case "put":
                content[place : place + draw(st.integers(0, 6))] = draw(st.sampled_from(FRAGMENTS)).encode()
            case "drop":
                del content[place : place + draw(st.integers(1, 30))]
            case "copy":
                start = draw(st.integers(0, len(content)))
                content[place:place] = content[start : start + draw(st.integers(1, 60))]
    return bytes(content)


@pytest.mark.slow
@given(mutated())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_script_is_read_or_told_what_is_wrong_and_nothing_else(content: bytes) -> None:
    try:
        workout = read(content)
        assert workout.block or workout.plan
    except ScriptError as error:
        found = [problem for problem in error.problems if problem.file == "<stdin>"]
        assert error.problems
        assert found == sorted(found, key=lambda problem: (problem.line, problem.column))
        lines = content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
        for problem in found:
            assert problem.line <= len(lines)
            assert problem.line == 0 or problem.column <= len(lines[problem.line - 1]) + 1
            assert safe_to_show(str(problem))


@pytest.mark.slow
@given(st.text(max_size=60) | st.binary(max_size=60))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_else_is_no_script(content: str | bytes) -> None:
    with pytest.raises(ScriptError):
        read(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


# the schema for editors


def nodes(value: Any) -> list[dict[str, Any]]:
    """Every object within a JSON value."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict) else []) + [node for item in inside for node in nodes(item)]


def test_the_schema_names_every_key_as_it_is_written() -> None:
    schema = script.schema()
    assert set(schema["properties"]) == set(TOP_LEVEL)
    assert schema["required"] == ["title"]
    assert [choice["required"] for choice in schema["anyOf"]] == [["block"], ["plan"]]
    kinds = {rule["then"]["$ref"].rpartition("/")[2] for rule in schema["$defs"]["Step"]["allOf"] if "then" in rule}
    assert kinds == {model.__name__ for model in STEP_MODELS.values()}
    for kind, model in STEP_MODELS.items():
        definition = schema["$defs"][model.__name__]
        assert kind in definition["required"]
        assert definition["additionalProperties"] is False
    assert "or" in schema["$defs"]["Ready"]["properties"]


def test_the_schema_refers_only_to_what_it_defines_and_knows_no_null() -> None:
    schema = script.schema()
    found = nodes(schema)
    references = {node["$ref"] for node in found if "$ref" in node}
    assert references <= {f"#/$defs/{name}" for name in schema["$defs"]}
    assert not [node for node in found if node.get("type") == "null" or ("default" in node and node["default"] is None)]


@pytest.mark.slow
@given(st.integers(0, 48 * 3600 * 1000))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_schema_takes_the_durations_that_the_reader_takes(milliseconds: int) -> None:
    pattern = script.schema()["$defs"]["Duration"]["pattern"]
    assert re.search(pattern, units.format_duration(milliseconds / 1000))
    assert re.search(pattern, units.format_clock(milliseconds / 1000))


@pytest.mark.slow
@pytest.mark.parametrize("text", ["5 min", "90 sec", "1 min 30 s", "1 h 30 min", "2 hrs", "99m", "120min"])
def test_the_schema_takes_the_ways_people_write_durations(text: str) -> None:
    assert re.search(script.schema()["$defs"]["Duration"]["pattern"], text)
    assert read(card(f'{{ run = "{text}" }}'))


@pytest.mark.slow
@pytest.mark.parametrize("text", ["30", "45 S", "1:75", "soon", "400m", "400 m"])
def test_the_schema_refuses_what_has_no_unit(text: str) -> None:
    assert not re.search(script.schema()["$defs"]["Duration"]["pattern"], text)
