"""What changed between two sessions: told where it is heard, silent where it is not."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from voicecoach import script
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.arranger import arrangement as arrange
from voicecoach.arrange.estimate import Estimate
from voicecoach.review import changes
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Line, RecordedLine, Timeline

RATE = 8000
SCRIPT = """
title = "Core"
[announce]
halfway = false
[cues]
form = ["Squeeze.", "Breathe."]
[[block]]
name = "Main"
steps = [
  { say = "Lie down.", pause = "5s" },
  { hold = "20s", name = "Bridge", cues = "form", every = "6s" },
  { rest = "15s" },
  { work = "20s", name = "Squats", cadence = 60 },
  { rest = "15s" },
  { hold = "30s", name = "Plank" },
]
"""


def session(text: str) -> tuple[Timeline, Arrangement]:
    workout = script.load("-", stdin=io.StringIO(text)).model_copy(update={"digest": "alike"})
    timeline = compile_workout(workout)
    return timeline, arrange(timeline, Estimate(RATE), rate=RATE)


def changed(*replacements: tuple[str, str], base: str = SCRIPT) -> str:
    """What is told when texts of the script are replaced by others."""
    after = base
    for old, new in replacements:
        assert old in after
        after = after.replace(old, new)
    return changes.as_text(changes.changes(*session(base), *session(after)))


def test_a_line_said_otherwise_is_a_change() -> None:
    told = changed(('{ say = "Lie down."', '{ say = "Lie down.", rate = 0.8, emphasis = "strong"'))
    assert '"Lie down. (0.68 × as fast, +4 dB)", was "Lie down."' in told


@pytest.mark.parametrize(
    "replacement",
    [
        ("[cues]", "# a comment\n[cues]"),
        ('name = "Main"', 'name = "Other"'),
        ('"20s", name = "Bridge"', '"0:20", name = "Bridge"'),
        ("form", "lines"),
        ('title = "Core"', 'title = "Else"\nsummary = "Nobody hears it."'),
    ],
)
def test_what_nobody_hears_is_no_change(replacement: tuple[str, str]) -> None:
    assert changed(replacement) == ""


def test_words_of_a_line() -> None:
    assert changed(("Breathe.", "Breathe out.")) == (
        '0:07  ~ Bridge (hold, 20s)\n0:19    ~ cue "Breathe out.", was "Breathe."\n'
    )


def test_time_of_a_line() -> None:
    assert changed(('every = "6s"', 'first = "5s", every = "6s"')).splitlines()[1:] == [
        '0:12    ~ cue "Squeeze." 1s earlier',
        '0:18    ~ cue "Breathe." 1s earlier',
    ]


def test_role_of_a_line() -> None:
    assert '    ~ at "Squeeze.", was cue\n' in changed(
        ('cues = "form", every = "6s"', 'at = { "6s" = "Squeeze.", "12s" = "Breathe." }')
    )


def test_a_line_more_and_a_line_less() -> None:
    told = changed(('cues = "form", every = "6s"', 'cues = "form", every = "6s", at = { "2s" = "Up." }'))
    assert told.splitlines()[1:] == ['0:09    + at "Up."']


def test_length_of_a_step_moves_nothing_that_is_counted_from_its_end() -> None:
    assert changed(('work = "20s"', 'work = "25s"')).splitlines() == [
        "0:42  ~ Squats (work, 25s, was 20s)",
        "0:42    ~ tick 25 times, was 20 times",
    ]


def test_pause_behind_words() -> None:
    assert changed(('pause = "5s"', 'pause = "7s"')) == "0:00  ~ Say (7.7s): pause 7s, was 5s\n"


def test_a_step_more_and_a_step_less() -> None:
    run = '  { run = "10s", name = "Jog" },\n'
    more = changed(("  { work", run + "  { work"))
    assert [line for line in more.splitlines() if "(run" in line] == ["0:42  + Jog (run, 10s)"]
    less = changed((run, ""), base=SCRIPT.replace("  { work", run + "  { work"))
    assert [line for line in less.splitlines() if "(run" in line] == ["0:42  - Jog (run, 10s)"]


def test_a_step_elsewhere() -> None:
    say = '  { say = "Lie down.", pause = "5s" },\n'
    plank = '  { hold = "30s", name = "Plank" },\n'
    told = changed((say, ""), (plank, plank + say))
    assert "~ Say (" in told
    assert "moved here from 0:00" in told
    assert "+ Say" not in told
    assert "- Say" not in told


def test_what_is_about_the_whole_session() -> None:
    told = changed(("[cues]", '[voice]\nrate = 1.2\n[pronounce]\n"Plank" = "plenk"\n[cues]'))
    assert told.splitlines()[:2] == ["  + voice rate: 1.2", '  + pronunciation of "Plank": plenk']


def test_lines_that_were_recorded_since() -> None:
    before, placed = session(SCRIPT)
    line = RecordedLine(Line("Keep breathing.", "en"), Path("hips.voice/keep-breathing.wav"))
    after = replace(before, recorded=(line,))
    (found,) = changes.changes(before, placed, after, placed)
    assert (found.what, found.text) == ('recording of "Keep breathing."', "keep-breathing.wav")


def test_rounds_are_held_against_each_other() -> None:
    base = SCRIPT.replace("steps =", "repeat = 3\nsteps =").replace("[announce]", '[announce]\nstyle = "none"')
    told = changed(("repeat = 3", "repeat = 4"), base=base)
    assert {line.split()[1] for line in told.splitlines()} == {"+"}
    assert len(told.splitlines()) == 6


def test_json_has_the_same() -> None:
    old, new = session(SCRIPT), session(SCRIPT.replace("Breathe.", "Out."))
    document = json.loads(changes.as_json(old[1], new[1], changes.changes(*old, *new)))
    assert document["version"] == 1
    assert document["before"] == {"title": "Core", "duration": old[1].frames / RATE}
    assert document["changes"][1] == {
        "mark": "~",
        "at": pytest.approx(20.0, abs=1.0),
        "step": "Bridge",
        "what": "cue",
        "text": '"Out.", was "Breathe."',
    }
