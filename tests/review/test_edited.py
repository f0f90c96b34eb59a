"""Where one goes on listening to a script that was edited: at the step that was."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach import script
from voicecoach.review.edited import edited
from voicecoach.timeline.compiler import compile as compile_workout

SCRIPT = """
title = "Edited"
[cues]
form = ["Back flat.", "Keep breathing.", "Long neck."]
[[block]]
steps = [
  { say = "Lie down." },
  { hold = "20s", name = "Bridge" },
  { rest = "20s" },
  { hold = "30s", name = "Plank", cues = "form", order = "shuffle", every = "7s" },
]
[[block]]
name = "Rounds"
repeat = 3
steps = [ { work = "20s", name = "Squats" }, { rest = "15s" } ]
"""
"""Its segments: 0 say, 1 Bridge, 2 rest, 3 Plank, then Squats at 4, 6 and 8."""


def goes_on(folder: Path, old: str, new: str, playing: int = 0) -> int | None:
    """Where a script goes on in which one text was put in the place of another."""
    path = folder / "edited.toml"
    timelines = []
    for text in (SCRIPT, SCRIPT.replace(old, new)):
        path.write_text(text, encoding="utf-8")
        timelines.append(compile_workout(script.load(path).model_copy(update={"digest": ""})))
    before, after = timelines
    return edited(before, after, playing)


@pytest.mark.parametrize(
    ("old", "new", "there"),
    [
        ("Lie down.", "Lie on your back.", 0),
        ('hold = "20s"', 'hold = "25s"', 1),
        ('rest = "20s"', 'rest = "25s"', 2),
        ('"Plank"', '"Side plank"', 3),  # and not at the rest, which now names another step
        ("Back flat.", "Ribs down.", 3),
        ('work = "20s"', 'work = "25s"', 4),
        ('{ hold = "20s", name = "Bridge" },', "", 1),  # the rest that came after it
        ('{ rest = "20s" },', '{ rest = "20s" }, { run = "1min" },', 3),
    ],
)
def test_at_the_step_that_was_edited(tmp_path: Path, old: str, new: str, there: int) -> None:
    assert goes_on(tmp_path, old, new) == there


def test_in_the_round_that_is_playing(tmp_path: Path) -> None:
    assert goes_on(tmp_path, 'work = "20s"', 'work = "25s"', playing=6) == 6


def test_the_step_that_is_playing_is_found_behind_one_that_is_new(tmp_path: Path) -> None:
    new = 'steps = [ { work = "25s", name = "Squats" }'
    with_one_more = f'steps = [ {{ run = "1min" }} ]\n[[block]]\nrepeat = 3\n{new}'
    assert goes_on(tmp_path, 'steps = [ { work = "20s", name = "Squats" }', with_one_more, playing=3) == 4


@pytest.mark.parametrize(
    ("old", "new"),
    [('title = "Edited"', '# mine\ntitle = "Edited"'), ('title = "Edited"', 'title = "Mine"')],
)
def test_where_it_is_where_the_same_is_heard(tmp_path: Path, old: str, new: str) -> None:
    assert goes_on(tmp_path, old, new) is None


def test_where_it_is_with_another_voice(tmp_path: Path) -> None:
    assert goes_on(tmp_path, "[cues]", "[voice]\nrate = 0.8\n[cues]", playing=3) == 3
