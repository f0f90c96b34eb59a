"""A session in lanes: as data, in figures, on an axis, and drawn with characters."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach import script, units
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.arranger import arrangement as arrange
from voicecoach.arrange.estimate import Estimate
from voicecoach.review.chart import axis, characters, figures
from voicecoach.review.chart.axis import Row
from voicecoach.review.chart.lanes import KINDS, Lanes, lanes, look_of
from voicecoach.review.chart.signs import BLOCKS, PLAIN, Signs, cells, cut
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Timeline

RATE = 8000
SIDES = """
title = "Core"
summary = "Both sides."
[cues]
form = ["Squeeze.", "Breathe."]
[[block]]
name = "Main"
steps = [
  { say = "Lie down.", pause = "5s" },
  { hold = "20s", name = "Bridge", sides = true, switch = "6s", cues = "form", every = "6s" },
  { rest = "15s" },
  { reps = 5, each = "4s", name = "Squats" },
  { run = "40s", cadence = 170 },
]
[[reminder]]
cues = ["Stand tall."]
every = "30s"
"""
OPEN = """
title = "Open"
[[block]]
steps = [
  { ready = "Lie down.", or = "8s" },
  { hold = "max", name = "Plank", cap = "40s" },
  { ask = "Which one?", answers = [{ label = "Glute" }, { label = "Hamstring" }] },
]
"""
SHORT = 'title = "Sprint"\n[[block]]\nsteps = [ { work = "10s", name = "Sprint" } ]\n'
LONG = (
    'title = "Ultra"\n[announce]\nstyle = "none"\n[[block]]\nrepeat = 12\n'
    'steps = [ { walk = "5min" }, { run = "55min", name = "Easy run" } ]\n'
)
FOREIGN = """
title = "腰の体操 ♥"
[[block]]
steps = [
  { work = "20s", name = "プランク", sides = ["右足", "左足"] },
  { work = "20s", name = "Приседания", sides = ["Правая", "Левая"] },
]
"""
SIXTY_COLUMNS = """\
Core
Both sides.
2:13 in 7 steps (lines estimated)

           0:00       0:20       0:40       1:00       1:20
           ┬──────────┬──────────┬──────────┬──────────┬────
              Bridge          Bridge     Rest    Squats
steps      ─────███████████···███████████········▌▌▌▌▌▌▌▌▌▌▌
              20s          6s 20s        15s     20s
side          LLLLLLLLLLLLLRRRRRRRRRRRRRR
speech     ●  ●─     ●    ●──      ●     ●─
cues               ●  ●          ●  ●
reminders                          ●─
signals        ●─        ●●─●●─        ●●─     ●── ● ● ● ● 2

           1:30 1:40       2:00
           ┬────┬──────────┬──────
           Run
steps      ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
           40s
speech     ●─        ●─    ●    ●─
cues
reminders   ●              ●─
signals    ────────────────────●●─

██ hold   ▌▌ reps   ▒▒ run   ·· rest   ── talk   L left
R right   ● a line, 2 to 9 so many, + more, ─ it goes on

40s  Run
20s  Bridge, left (hold)
20s  Bridge, right (hold)
20s  Squats (reps)
15s  Rest
 6s  Switch sides, right (rest)
""".splitlines()
TWENTY_COLUMNS = """\
Open
1:00 in 3 steps
(lines estimated)

    0:00
    +---------------
       Plank
ste ???_############
       40s>
spe o o-    o-    o
sig    o

    0:45
    +----
      Wh~
ste #>???
spe   oo2
sig  o-

## hold   __ talk
?? waits for you
> until you go on
(so long in a file)
o a line, 2 to 9 so
many, + more, - it
goes on

40s
  Plank (hold)
9.5s
  Which one? (waits~
8s
  Lie down. (waits~
""".splitlines()
HUNDRED_COLUMNS = """\
Open
1:00 in 3 steps (lines estimated)

           0:00           0:10           0:20           0:30           0:40          0:50
           ┬──────────────┬──────────────┬──────────────┬──────────────┬─────────────┬──────────────
           Lie down.   Plank                                                          Which one?
steps      ????????????───███████████████████████████████████████████████████████████»??????????????
           8s»         40s»                                                           9.5s»
speech     ●          ●───                      ●──                   ●──             ●───────●●●───
signals                   ●─                                                         ●──

██ hold   ── talk   ?? waits for you   » until you go on (so long in a file)
● a line, 2 to 9 so many, + more, ─ it goes on

 40s  Plank (hold)
9.5s  Which one? (waits for you)
  8s  Lie down. (waits for you)
""".splitlines()
SCRIPTS = {"sides": SIDES, "open": OPEN, "short": SHORT, "long": LONG, "foreign": FOREIGN}


def session(text: str) -> tuple[Timeline, Arrangement]:
    timeline = compile_workout(script.load("-", stdin=io.StringIO(text)))
    return timeline, arrange(timeline, Estimate(RATE), rate=RATE)


def shown(text: str) -> Lanes:
    return lanes(*session(text), estimated=True)


def drawn(text: str, columns: int, signs: Signs = BLOCKS) -> list[str]:
    told = shown(text)
    lines = [*characters.heading(told.title, told.summary, columns, signs), *characters.drawn(told, columns, signs)]
    return ["".join(run.text for run in line).rstrip() for line in lines]


class TestLanes:
    def test_each_step_has_its_place_its_look_and_its_side(self) -> None:
        steps = shown(SIDES).steps
        assert [(step.name, step.look, step.side, step.length) for step in steps[1:]] == [
            ("Bridge", "hold", "left", "20s"),
            ("Switch sides", "rest", "right", "6s"),
            ("Bridge", "hold", "right", "20s"),
            ("Rest", "rest", "", "15s"),
            ("Squats", "reps", "", "20s"),
            ("Run", "run", "", "40s"),
        ]
        assert (steps[0].name, steps[0].look) == ("Lie down.", "talk")

    def test_steps_follow_each_other_without_a_gap(self) -> None:
        steps = shown(SIDES).steps
        assert steps[0].begin == 0
        assert [step.begin for step in steps[1:]] == [step.end for step in steps[:-1]]
        assert all(step.begin <= step.start <= step.end for step in steps)

    def test_what_the_person_ends_is_open(self) -> None:
        steps = shown(OPEN).steps
        assert [(step.look, step.is_open) for step in steps[:3]] == [("wait", True), ("hold", True), ("wait", True)]
        assert steps[1].length == "40s»"
        assert not any(step.is_open for step in shown(SIDES).steps)

    def test_what_is_heard_lies_in_the_lane_of_its_role(self) -> None:
        told = shown(SIDES)
        assert told.lanes == ("speech", "cues", "reminders", "signals")
        texts = {lane: {mark.text for mark in told.marks if mark.lane == lane} for lane in told.lanes}
        assert texts["cues"] == {"Squeeze.", "Breathe."}
        assert texts["reminders"] == {"Stand tall."}
        assert "Lie down." in texts["speech"]

    def test_a_metronome_is_one_mark_and_so_is_a_countdown(self) -> None:
        told = shown(SIDES)
        (ticks,) = [mark for mark in told.marks if mark.role == "tick"]
        assert ticks.often == pytest.approx(40 * 170 / 60, abs=2)
        assert ticks.end - ticks.start == pytest.approx(40, abs=1)
        assert any(mark.text == "three, two, one" for mark in told.marks if mark.role == "countdown")

    def test_marks_are_in_order(self) -> None:
        starts = [mark.start for mark in shown(SIDES).marks]
        assert starts == sorted(starts)

    def test_every_kind_of_step_has_a_look(self) -> None:
        from voicecoach.script.model import STEP_MODELS

        kinds = set(STEP_MODELS) - {"use"}  # which becomes the steps of another
        assert {look_of(kind) for kind in kinds} == set(KINDS)

    def test_a_side_is_known_by_its_initial_or_by_a_number(self) -> None:
        assert shown(SIDES).sides == {"left": "L", "right": "R"}
        same = SIDES.replace("sides = true", 'sides = ["Leg one", "Leg two"]')
        assert shown(same).sides == {"Leg one": "1", "Leg two": "2"}
        assert list(shown(FOREIGN).sides.values()) == ["1", "2", "3", "4"], "a letter of two columns is too wide"

    def test_steps_that_are_alike_are_counted_together(self) -> None:
        kinds = {(kind.name, kind.side): kind.times for kind in shown(SIDES).kinds()}
        assert kinds["Bridge", "left"] == "20s"
        assert {(kind.name): kind.times for kind in shown(LONG).kinds()} == {"Easy run": "12 × 55m", "Walk": "12 × 5m"}

    def test_what_is_on_between_two_times(self) -> None:
        told = shown(LONG)
        assert [step.name for step in told.between(3000, 4000)] == ["Easy run", "Walk", "Easy run"]


class TestFigures:
    def told(self, text: str) -> figures.Figures:
        return figures.figures(*session(text), estimated=True)

    def test_time_under_tension_counts_exercises_by_side_and_no_rests_and_no_runs(self) -> None:
        told = self.told(SIDES)
        assert told.sides == {"left": 20.0, "right": 20.0, "": 20.0}
        assert told.under_tension == 60.0
        assert self.told(LONG).under_tension == 0.0

    def test_talk_tones_and_silence_are_all_of_it(self) -> None:
        told = self.told(SIDES)
        assert told.talk + told.sounds + told.silence == pytest.approx(told.seconds)
        assert min(told.talk, told.sounds, told.silence) > 0

    def test_words_cues_and_reminders_are_counted(self) -> None:
        timeline, arrangement = session(SIDES)
        told = figures.figures(timeline, arrangement)
        roles = [one.role.value for one in arrangement.placements()]
        assert told.cues == roles.count("cue") + roles.count("at") > 0
        assert told.reminders == roles.count("reminder") > 0
        quiet = 'title = "x"\n[announce]\nstyle = "none"\n[[block]]\nsteps = [{ say = "Don\'t rush, lower-back." }]\n'
        assert self.told(quiet).words == 3

    def test_the_longest_silence_is_found(self) -> None:
        told = self.told(LONG)
        assert told.longest_silence == told.silence == told.seconds == 12 * 3600
        gap = 'title = "x"\n[announce]\nstyle = "none"\n[[block]]\nsteps = [\n'
        gap += '{ say = "One.", pause = "3s" }, { say = "Two.", pause = "9s" }, { say = "Three." } ]\n'
        told = self.told(gap)
        assert 8.5 < told.longest_silence < 9.5
        assert 3 < told.silent_from < 6

    def test_in_words(self) -> None:
        told = dict(figures.rows(self.told(SIDES)))
        assert told["under tension"].startswith("1m (")
        assert told["  left"] == told["  right"] == told["  without a side"] == "20s"
        assert told["lengths of lines"] == "estimated"

    def test_as_json(self) -> None:
        told = json.loads(figures.as_json(self.told(SIDES)))
        assert told["version"] == figures.VERSION
        assert told["sides"][0] == {"side": "left", "seconds": 20.0}
        assert told["words_a_minute"] == pytest.approx(told["words"] / told["seconds"] * 60, abs=0.01)


class TestAxis:
    @pytest.mark.slow
    @given(st.floats(0.1, units.MAX_SECONDS), st.lists(st.floats(0, 90_000)), st.integers(16, 290), st.integers(1, 14))
    def test_the_rows_hold_all_of_it_and_are_few(
        self, seconds: float, lengths: list[float], wide: int, most: int
    ) -> None:
        rows = axis.rows(seconds, lengths, 2.5 / wide, most)
        assert rows[0].start == 0
        assert rows[-1].end == max(seconds, 0.1)
        assert [row.start for row in rows[1:]] == [row.end for row in rows[:-1]]
        assert len({row.span for row in rows}) == 1
        assert all(0 < row.end - row.start <= row.span * 1.000001 for row in rows)
        assert len(rows) <= most

    def test_a_session_that_can_be_seen_on_one_row_takes_one(self) -> None:
        assert axis.rows(30, [10, 20], 0.05, 6) == (Row(0, 30, 30),)

    def test_the_little_that_is_left_makes_no_row(self) -> None:
        rows = axis.rows(12 * 3600 + 3, [300.0, 3300.0] * 12, 0.025, 6)
        assert [row.start for row in rows] == [0, 10_800, 21_600, 32_400]
        assert rows[-1].end == 43_203

    def test_marks_are_at_round_times(self) -> None:
        assert axis.marks(Row(0, 300, 300), 6) == [0, 60, 120, 180, 240, 300]
        assert axis.marks(Row(90, 180, 90), 3) == [90, 120, 150, 180]


class TestCharacters:
    def test_a_picture(self) -> None:
        assert drawn(SIDES, 60) == SIXTY_COLUMNS

    def test_a_narrow_one(self) -> None:
        assert drawn(OPEN, 20, PLAIN) == TWENTY_COLUMNS

    def test_a_wide_one(self) -> None:
        assert drawn(OPEN, 100) == HUNDRED_COLUMNS

    @pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
    @pytest.mark.parametrize("columns", [20, 33, 56, 80, 141, 300])
    @pytest.mark.parametrize("signs", [BLOCKS, PLAIN], ids=["blocks", "plain"])
    def test_it_fits(self, text: str, columns: int, signs: Signs) -> None:
        lines = drawn(text, columns, signs)
        assert max(map(cells, lines)) <= columns
        assert max(map(cells, lines)) >= columns * 0.7, "and takes the room that there is"

    @pytest.mark.parametrize("text", [SIDES, OPEN, SHORT, LONG])
    def test_in_plain_signs_it_is_ascii(self, text: str) -> None:
        assert "\n".join(drawn(text, 70, PLAIN)).isascii()

    def test_kinds_look_otherwise_in_both_kinds_of_signs(self) -> None:
        for signs in (BLOCKS, PLAIN):
            assert len({*signs.looks.values(), signs.open}) == len(signs.looks) + 1

    def test_steps_of_one_look_are_told_apart(self) -> None:
        two = 'title = "x"\n[announce]\nstyle = "none"\n[[block]]\nrepeat = 2\nsteps = [ { work = "30s" } ]\n'
        (bar,) = [line for line in drawn(two, 60) if line.startswith("steps")]
        assert "▓ ▓" in bar

    def test_twelve_hours_are_told_in_rows_of_round_lengths(self) -> None:
        lines = drawn(LONG, 80)
        assert [line.split()[0] for line in lines if line.startswith(" ") and ":00" in line.split()[0]] == [
            "0:00", "2:00:00", "4:00:00", "6:00:00", "8:00:00", "10:00:00",
        ]  # fmt: skip
        assert "12 × 55m  Easy run (run)  11:00:00" in "\n".join(lines)

    def test_letters_that_take_two_columns_stand_where_they_belong(self) -> None:
        lines = drawn(FOREIGN, 100)
        names = next(line for line in lines if "プランク" in line)
        bar = next(line for line in lines if line.startswith("steps"))
        russian = cells(names.partition("Приседания")[0])
        steps = shown(FOREIGN).steps
        third = next(number for number, step in enumerate(steps) if step.name == "Приседания")
        share = steps[third].begin / shown(FOREIGN).seconds
        assert abs(russian - 11 - share * len(bar[11:])) <= 1.5

    def test_nothing_in_a_name_is_obeyed(self) -> None:
        told = shown(SHORT)
        odd = replace(told, steps=tuple(step._replace(name="\x1b[31mred\u202e\nx") for step in told.steps))
        text = "".join(run.text for line in characters.drawn(odd, 100) for run in line)
        assert "�[31mred� x" in text
        assert "\x1b" not in text
        assert "\n" not in text

    @given(st.text(max_size=30), st.integers(3, 30))
    def test_a_text_that_is_cut_fits(self, text: str, columns: int) -> None:
        assert cells(cut(text, columns, "…")) <= columns
