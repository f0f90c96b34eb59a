"""Pages for tests: scripts with every kind of step, and how a page's table comes of one without a voice."""

from __future__ import annotations

import io
import os
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from browsers import Page

from voicecoach import script
from voicecoach.arrange.estimate import Estimate
from voicecoach.phone import branches, growth, layout, table
from voicecoach.phone.branches import Branches
from voicecoach.phone.layout import Layout
from voicecoach.script.model import Workout
from voicecoach.timeline import progression
from voicecoach.timeline.course import NOTHING, Course, Past

AXE = Path(__file__).parent / "page" / "node_modules" / "axe-core" / "axe.min.js"
MADE = date(2026, 3, 1)
EVERYTHING = """
title = "Everything"

[cues]
form = ["Tuck.", "Lift.", "Breathe."]

[[block]]
name = "Main"
steps = [
  { say = "Lie on your back." },
  { ready = "Go on when you are there." },
  { hold = "30s", name = "Bridge", cues = "form" },
  { rest = "20s" },
  { hold = "max", name = "Plank", cap = "90s" },
  { rest = "15s" },
  { reps = 5, name = "Squat", each = "3s" },
  {
    ask = "What did you feel?",
    answers = [
      { label = "Glute", say = "Good.", use = "#More" },
      { label = "Hamstring", say = "That is common." },
      { label = "Nothing" },
    ],
  },
  { rest = "12s" },
  { work = "20s", name = "Walk it off" },
]

[[block]]
name = "More"
aside = true
steps = [ { hold = "10s", name = "One more" } ]
"""
GROWING = """
title = "Growing"

[progression.bridge]
start = "20s"
goal = "40s"
step = "5s"

[[block]]
steps = [
  { say = "Lie on your back. Bend your knees." },
  { work = "20s", name = "Warm-up" },
  { rest = "15s" },
  { hold = "progression:bridge", name = "Bridge" },
  { say = "Enough." },
]
"""


class Made(NamedTuple):
    """What a page is made of."""

    workout: Workout
    found: Branches
    laid: Layout
    table: dict[str, Any]


def load(text: str) -> Workout:
    """The workout that a text says."""
    return script.load("-", stdin=io.StringIO(text))


def made(text: str, past: Past = NOTHING) -> Made:
    """The table of a script's page, with lengths that are estimated."""
    workout = load(text)
    growing = next(growth.reaches(progression.progressions(workout), past), ())
    found = branches.branches(workout, pasts=growth.variants(growing, past) if growing else (past,))
    timeline = branches.timeline(found, Course(workout, past=past).timeline)
    laid = layout.laid_out(found, timeline, Estimate())
    origin = table.Origin(workout.identity, workout.digest, 0, MADE)
    return Made(workout, found, laid, table.table(found, laid, origin, growing))


def axe(page: Page) -> list[Any]:
    """What axe-core finds wrong with a page: each rule, and the elements. Skips the test where it is not installed."""
    if not AXE.exists():
        if os.environ.get("VOICECOACH_REQUIRE_BROWSER") == "1":
            pytest.fail(f"needs axe-core: npm ci in {AXE.parents[2]}")
        pytest.skip("needs axe-core")
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found: list[Any] = page.evaluate(
        "axe.run().then(found => found.violations.map(one => [one.id, one.nodes.map(node => node.html)]))"
    )
    return found


def maze(questions: int) -> str:
    """A script in which every row of answers gives another session: how long runs were moves what comes at last."""
    asks, blocks = [], []
    for number in range(questions):
        asks.append(
            f'{{ ask = "{number}?", answers = [{{ label = "a", use = "#A{number}" }}, {{ label = "b", use = "#B" }}] }}'
        )
        seconds = 60 + 2**number
        blocks.append(f'[[block]]\nname = "A{number}"\naside = true\nsteps = [ {{ run = "{seconds}s" }} ]')
    steps = ",\n".join([*asks, '{ run = "30min" }'])
    return f"""
title = "Maze"
[[block]]
steps = [
{steps}
]
[[block]]
name = "B"
aside = true
steps = [ {{ run = "60s" }} ]
{chr(10).join(blocks)}
[[reminder]]
cues = ["Run tall."]
every = "999s"
during = ["run"]
"""
