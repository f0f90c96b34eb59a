"""Whatever is changed in a script, it is either read and can be looked at, or every mistake is told.

``VOICECOACH_MUTATIONS=20000 python -m pytest tests/script/test_mutations.py`` tries more of them.
"""

from __future__ import annotations

import io
import os
import re
import time
from pathlib import Path

import mutations
import pytest

from voicecoach import script
from voicecoach.arrange.arranger import arrangement as arrange
from voicecoach.arrange.estimate import Estimate
from voicecoach.errors import ScriptError, printable
from voicecoach.review.warnings import warnings_of
from voicecoach.script import plan
from voicecoach.script.limits import Cost, Costs
from voicecoach.script.model import Workout
from voicecoach.store import folders
from voicecoach.timeline.compiler import compile as compile_workout

COUNT = int(os.environ.get("VOICECOACH_MUTATIONS", "300"))
PART = 100
LONGEST = 2.0
"""Seconds that reading one may take; those of the processor, since other programs run too."""
MOST_CUES = 3_000
"""Larger sessions are read, but not arranged: that takes its time."""
RATE = 8_000

PAGE = Path(__file__).parents[2] / "docs" / "scripts.md"
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
SHIPPED = [path.read_text(encoding="utf-8") for path in sorted(folders.shipped_scripts().glob("*.toml"))]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def cost(workout: Workout) -> Cost:
    return Costs(workout, {use: cost(other) for use, other in workout.included.items()}).total


def look_at(text: str) -> bool:
    """Does what ``check`` does, and tells whether the script is right."""
    try:
        workout = script.load("-", stdin=io.StringIO(text))
    except ScriptError as error:
        assert error.problems
        assert not [text for text in map(str, error.problems) if "\n" in text or printable(text) != text]
        return False
    for one in plan.workouts(workout):
        if cost(one).cues >= MOST_CUES:
            continue
        timeline = compile_workout(one)
        assert timeline.segments
        lines = text.split("\n")
        for warning in warnings_of(one, timeline, arrange(timeline, Estimate(RATE), rate=RATE)):
            if warning.file == "<stdin>":
                assert 1 <= warning.line <= len(lines)
                assert 1 <= warning.column <= len(lines[warning.line - 1]) + 1
    return True


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, COUNT, PART))
def test_a_changed_script_is_read_or_told_what_is_wrong(first: int) -> None:
    right = 0
    for number in range(first, min(first + PART, COUNT)):
        text = mutations.mutation([*SHIPPED, *EXAMPLES], number)
        began = time.process_time()
        try:
            right += look_at(text)
        except Exception as error:
            error.add_note(f"script number {number}:\n{text}")
            raise
        assert time.process_time() - began < LONGEST, f"script number {number}:\n{text}"
    assert 0 < right < PART, "some are right and some are wrong, or nothing is tried"
