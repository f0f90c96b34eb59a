"""Comments by which an author says that something is meant so: what each is about, and which were not needed."""

from __future__ import annotations

import pytest

from voicecoach.script import positions
from voicecoach.script.silences import Silences

SCRIPT = """\
#:schema voicecoach.schema.json
{top}
title = "Card"   {title}
[cues]
form = [
  "One # check: ok VC121",
  "Two", {line}
]
{block}
[[block]]
name  = "First"
steps = [ {steps}
  {step}
  {{
    hold = "9s",
    cues = "form", {key}
  }},
  {{ rest = "9s" }},
]
[[block]]
steps = [ {{ hold = "5s" }} ]
"""
PLACES = {
    "title": ("title",),
    "line": ("cues", "form", 1),
    "other line": ("cues", "form", 0),
    "block": ("block", 0, "name"),
    "step": ("block", 0, "steps", 0, "hold"),
    "key": ("block", 0, "steps", 0, "cues"),
    "other step": ("block", 0, "steps", 1),
    "other block": ("block", 1, "steps", 0, "hold"),
}


def silenced(**comments: str) -> set[str]:
    """Where nothing of VC121 is told in a script with some comments."""
    empty = dict.fromkeys(("top", "title", "line", "block", "steps", "step", "key"), "")
    text = SCRIPT.format(**{**empty, **comments})
    silences, root = Silences(text), positions.read(text)
    return {name for name, path in PLACES.items() if silences.cover("VC121", root, path)}


OK = "# check: ok VC121"


@pytest.mark.parametrize(
    ("where", "about"),
    [
        ("top", set(PLACES)),
        ("title", {"title"}),
        ("line", {"line"}),
        ("block", {"block", "step", "key", "other step"}),
        ("steps", {"step", "key", "other step"}),
        ("step", {"step", "key"}),
        ("key", {"key"}),
    ],
)
def test_a_comment_is_about_what_begins_on_its_line_or_on_the_next(where: str, about: set[str]) -> None:
    assert silenced(**{where: OK}) == about


def test_text_in_quotes_is_no_comment() -> None:
    assert silenced() == set()


@pytest.mark.parametrize(
    "comment",
    [
        "# check: ok VC121",
        "#check:ok vc121",
        "## Check: OK: VC125, VC121 and VC101 because it is meant so",
        "# check: ok VC121; VC113 is told",
        "# check: ok VC121\n# and more of it",
    ],
)
def test_codes_stand_in_any_case_with_a_reason_behind_them(comment: str) -> None:
    assert silenced(step=comment) == {"step", "key"}


@pytest.mark.parametrize(
    "comment", ["# check: okay VC121", "# VC121", "# check the knees: VC121", "# check: off VC121"]
)
def test_other_comments_silence_nothing(comment: str) -> None:
    assert silenced(step=comment) == set()


def test_a_code_in_the_reason_is_no_code() -> None:
    (silence,) = Silences("a = 1 # check: ok VC121, unlike VC125\n").all
    assert silence.codes == ("VC121",)
    assert (silence.line, silence.column, silence.about) == (1, 7, 1)


def test_what_was_not_needed_is_known() -> None:
    text = 'title = "Card" # check: ok VC121 VC122\n'
    silences = Silences(text)
    assert silences.cover("VC121", positions.read(text), ("title",))
    assert [code for _, code in silences.unused()] == ["VC122"]
