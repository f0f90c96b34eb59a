"""Laying out changes nothing but the layout, and is done once and for all.

``VOICECOACH_LAYOUTS=20000 python -m pytest tests/script/test_layout.py`` tries more texts that nobody wrote.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest
import scattered
import tomli

from voicecoach.errors import ScriptError
from voicecoach.script import formatting, layout
from voicecoach.script import source as sources
from voicecoach.store import folders

COUNT = int(os.environ.get("VOICECOACH_LAYOUTS", "2000"))
PART = 200
ROOT = Path(__file__).parents[2]
SHIPPED = sorted(folders.shipped_scripts().glob("*.toml"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [
    pytest.param(example, id=f"{page.name}-{number}")
    for page in PAGES
    for number, example in enumerate(
        re.findall(r"^```toml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )
]
TRICKY = (Path(__file__).parent / "data" / "tricky.toml").read_text(encoding="utf-8")


def laid_out(text: str) -> str:
    """The text laid out, seen to say the same with the same comments, and to stay so."""
    after = layout.laid_out(text)
    assert repr(tomli.loads(after)) == repr(tomli.loads(text))
    assert layout.comments(after) == layout.comments(text)
    assert layout.laid_out(after) == after
    return after


def of(text: str) -> str:
    return laid_out(dedent(text).lstrip("\n"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_script_says_the_same(path: Path) -> None:
    text = laid_out(path.read_text(encoding="utf-8"))
    assert max(map(len, text.split("\n"))) <= layout.WIDTH
    formatting.formatted(sources.read(path, path.name))  # which compares the workouts


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_script_is_laid_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == laid_out(text), f"voicecoach fmt scripts/{path.name}"


@pytest.mark.parametrize("example", [*EXAMPLES, pytest.param(TRICKY, id="tricky")])
def test_an_example_says_the_same(example: str) -> None:
    laid_out(example)


def look_at(number: int) -> None:
    text, comments = scattered.script(number)
    try:
        after = laid_out(text)
        assert layout.comments(after) == comments
        ends = "\r\n" if number % 3 else "\n"
        content = text.replace("\n", ends).encode()
        source = sources.decoded("x.toml", None, Path(), content)
        assert formatting.formatted(source) == after.replace("\n", ends).encode()  # having compared the workouts
    except Exception as error:
        error.add_note(f"text number {number}:\n{text}")
        raise


@pytest.mark.parametrize("number", range(0, 40, 2))
def test_a_text_that_nobody_wrote_says_the_same(number: int) -> None:
    look_at(number)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, COUNT, PART))
def test_texts_that_nobody_wrote_say_the_same(first: int) -> None:
    for number in range(first, min(first + PART, COUNT)):
        look_at(number)


class TestSteps:
    def test_stand_a_line_each(self) -> None:
        assert (
            of('steps = [ {hold="30s"}, { rest = "5s" } ]') == 'steps = [\n  { hold = "30s" },\n  { rest = "5s" },\n]\n'
        )

    def test_one_alone_may_stand_on_the_line_of_its_key(self) -> None:
        assert of('steps = [ {hold="30s"} ]') == 'steps = [ { hold = "30s" } ]\n'

    def test_over_several_lines_are_joined_where_there_is_room(self) -> None:
        text = of("""
            steps = [
              {
                hold = "30s",
                name = "Bridge",
              },
            ]
            """)
        assert text == 'steps = [\n  { hold = "30s", name = "Bridge" },\n]\n'
        assert tomllib.loads(text)

    def test_too_long_for_a_line_take_as_few_as_they_can(self) -> None:
        said = "word " * 12
        step = f'hold = "30s", name = "Bridge", intro = "{said}", at = {{ half = "{said}" }}'
        first, second = step.split(", at")
        assert of(f"steps = [ {{ {step} }} ]") == f"steps = [\n  {{\n    {first},\n    at{second},\n  }},\n]\n"

    def test_keep_the_lines_that_their_author_gave_them(self) -> None:
        said = "word " * 20
        text = f"""
            steps = [
              {{
                hold  = "30s",
                intro = "{said}",
                cues  = "form",
              }},
            ]
            """
        assert of(text) == dedent(text).lstrip()

    def test_a_long_list_at_the_end_of_one_needs_no_toml_1_1(self) -> None:
        lines = ", ".join(f'"Line number {number}."' for number in range(7))
        text = of(f'steps = [ {{ hold = "30s", cues = [{lines}] }} ]')
        assert text.startswith('steps = [\n  { hold = "30s", cues = [\n    "Line number 0.",\n')
        assert text.endswith('    "Line number 6.",\n  ] },\n]\n')
        assert tomllib.loads(text)


class TestComments:
    def test_stay_where_they_belong(self) -> None:
        text = """
            # About it all.
            title   = "x"  # beside
            summary = "y"

            # About the block.
            [[block]]  # its heading
            steps = [  # its steps
              # Of the first.
              { hold = "30s" },  # beside the first
              { rest = "5s" },   # beside the second

              # { hold = "1min" },
            ]
            # The end.
            """
        assert of(text) == dedent(text).lstrip()

    def test_before_a_comma_stand_behind_it(self) -> None:
        assert of("a = [ 1 # one\n, 2 # two\n ]") == "a = [\n  1,  # one\n  2,  # two\n]\n"

    def test_keep_a_table_over_several_lines(self) -> None:
        assert of("a = {\n b = 1, # one\n c = 2 }") == "a = {\n  b = 1,  # one\n  c = 2,\n}\n"


class TestLines:
    def test_equals_signs_stand_in_a_column(self) -> None:
        assert of("a=1\nlonger = 2\n# new\nb   = 3") == "a      = 1\nlonger = 2\n# new\nb = 3\n"

    def test_beside_a_list_that_fills_its_lines(self) -> None:
        element = "x" * (layout.WIDTH - 5)
        assert of(f'a = 1\nlonger = [\n"{element}",\n]\n') == f'a      = 1\nlonger = [\n  "{element}",\n]\n'

    def test_a_long_key_moves_no_other(self) -> None:
        key = "k" * 30
        assert of(f"a = 1\n{key} = 2\n") == f"a = 1\n{key} = 2\n"

    def test_a_table_has_a_blank_line_above_and_none_below_its_heading(self) -> None:
        assert (
            of("\n\na = 1\n\n\n\n b = 2\n[ c . 'd' ]\n\n e = 3\n[f]\n\n") == "a = 1\n\nb = 2\n\n[c.'d']\ne = 3\n\n[f]\n"
        )

    def test_texts_over_several_lines_are_not_touched(self) -> None:
        text = 'a = """\n  one   \n\ttwo ]  # three\n"""\n'
        assert of(text) == text

    def test_a_list_that_its_author_broke_stays_so(self) -> None:
        assert of("a = [\n1, 2]") == "a = [\n  1,\n  2,\n]\n"
        assert of("a = [1,\n 2]") == "a = [1, 2]\n"


def test_a_file_keeps_its_mark_and_its_line_ends() -> None:
    content = b'\xef\xbb\xbftitle="x"\r\n[[block]]\r\nsteps=[{work="5s"}]\r\n'
    after = formatting.formatted(sources.decoded("x.toml", None, Path(), content))
    assert after == b'\xef\xbb\xbftitle = "x"\r\n\r\n[[block]]\r\nsteps = [ { work = "5s" } ]\r\n'


def test_what_would_say_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    source = sources.decoded("x.toml", None, Path(), b'title="x"\n[[block]]\nsteps=[{work="5s"}]\n')
    for wrong in ('title = "y"\n[[block]]\nsteps=[{work="5s"}]\n', '[[block]]\nsteps=[{work="5s"}] # new\n[x]\n'):
        monkeypatch.setattr(layout, "laid_out", lambda text, wrong=wrong: wrong)
        with pytest.raises(ScriptError, match=r"x\.toml"):
            formatting.formatted(source)
