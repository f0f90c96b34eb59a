"""Text formats of other programs as scripts: intervals.icu, courses of trainers, lists of phrases and seconds."""

from __future__ import annotations

import pytest
from importing import imported, notes, script, steps

from voicecoach.errors import WorkoutFileError

ICU = """\
Tempo Tuesday

Warmup
- 10m ramp 50-75% 90rpm

Main Set 3x
- Settle in 33^Find your rhythm <!> 8m 88-92% 85-95rpm
- Recovery 3m 55%

Cooldown
- 5m ramp 60-40%
"""


class TestIntervals:
    def test_sections_are_blocks_and_their_rounds_repeats(self) -> None:
        made = script(ICU, "plan.txt")
        assert made["title"] == "Tempo Tuesday"
        assert [(block.get("name"), block.get("repeat")) for block in made["block"]] == [
            ("Warmup", None),
            ("Main Set", 3),
            ("Cooldown", None),
        ]

    def test_prompts_name_the_step_or_are_heard_at_their_second_in_every_round(self) -> None:
        _, settle, recovery, _ = steps(ICU, "plan.txt")
        assert settle == {
            "work": "8min",
            "name": "Settle in, 88-92% of FTP, 85-95 rpm",
            "at": {"33s": "Find your rhythm"},
        }
        assert recovery == {"work": "3min", "name": "Recovery, 55% of FTP"}

    @pytest.mark.parametrize(
        ("line", "step"),
        [
            ("- 1h2m30s 60%", {"work": "1h2m30s", "name": "Endurance, 60% of FTP"}),
            ("- 1'30\" 220w", {"work": "1m30s", "name": "Steady, 220 W"}),
            ('- 30" Z5', {"work": "30s", "name": "Steady, zone 5"}),
            ("- 5m Z2-Z3 HR", {"work": "5min", "name": "Steady, heart rate zone 2-3"}),
            ("- 5m 70% HR", {"work": "5min", "name": "Steady, 70% of maximum heart rate"}),
            ("- 5m 95% LTHR", {"work": "5min", "name": "Steady, 95% of threshold heart rate"}),
            ("- 10m ramp 60-80%", {"work": "10min", "name": "Ramp up, 60-80% of FTP"}),
            ("- 20m freeride", {"work": "20min", "name": "Free ride"}),
            ("- High cadence! 4m 75% 100rpm", {"work": "4min", "name": "High cadence!, 75% of FTP, 100 rpm"}),
            ("- 10m 5:00/km Pace", {"run": "10min", "name": "Steady, 5:00/km"}),
            ("- 1km 5:00/km", {"run": "5min", "name": "Steady, 5:00/km"}),
            ("- 500mtr 8:03/mi Pace", {"run": "2m30s", "name": "Steady, 8:03/mile"}),
            ("- 5m 78-82% Pace", {"run": "5min", "name": "Steady, 78-82% of threshold pace"}),
            ("- 100% 5m", {"work": "5min", "name": "Threshold, 100% of FTP"}),
            ("- 4m 105% power=3s", {"work": "4min", "name": "Hard, 105% of FTP"}),
            ("- 8m 90% LTHR hr=1s", {"work": "8min", "name": "Steady, 90% of threshold heart rate"}),
            ("- 1000 yards 5:00/km", {"run": "4m34s", "name": "Steady, 5:00/km"}),
            ("- 1 mile 5:00/km", {"run": "8m3s", "name": "Steady, 5:00/km"}),
            ("- 2m 85-95 rpm 50%", {"work": "2min", "name": "Recovery, 85-95 rpm, 50% of FTP"}),
        ],
    )
    def test_lengths_and_targets(self, line: str, step: dict[str, str]) -> None:
        assert steps(line, "plan.txt") == [step]

    def test_minutes_are_no_metres_and_metres_without_a_pace_are_told(self) -> None:
        text = "- 10m 70%\n- 400mtr 90%"
        assert [step["work"] for step in steps(text, "plan.txt")] == ["10min", "2m24s"]
        assert notes(text, "plan.txt")[0][0] == 2
        assert [step["work"] for step in steps(text, "plan.txt", pace=300.0)] == ["10min", "2min"]

    def test_so_many_minutes_that_nobody_means_them_are_metres(self) -> None:
        text = "- 800m 5:00/km\n- 120m 60%"
        assert [step["run"] for step in steps(text, "plan.txt")] == ["4min", "2h"]
        assert notes(text, "plan.txt") == [
            (1, '"800m" is taken for metres (intervals.icu reads it as minutes)'),
            (2, '"120m" is minutes, as intervals.icu reads it (metres are mtr)'),
        ]

    def test_a_lap_button_stands_before_a_length_or_behind_it(self) -> None:
        assert steps("- Press lap 20m 50%", "plan.txt") == [{"work": "20min", "name": "Recovery, 50% of FTP"}]

    def test_a_target_of_nothing_is_a_rest(self) -> None:
        assert steps("- 10m 70%\n- 20s 0", "plan.txt")[1] == {"rest": "20s"}

    def test_settings_are_nothing_to_hear(self) -> None:
        assert not notes("- 10m 70%\n\npool length: 25m", "plan.txt")

    def test_a_line_of_its_own_begins_rounds_and_an_empty_one_ends_them(self) -> None:
        made = script("- 5m 50%\n\n4x\n- 30s 120%\n- 30s 50%\n\n- 5m 50%", "plan.txt")
        assert [(block.get("repeat"), len(block["steps"])) for block in made["block"]] == [(None, 1), (4, 2), (None, 1)]

    def test_steps_below_a_step_that_repeats(self) -> None:
        made = script("- Warmup 10m 55%\n- 3x\n  - 5m 100%\n  - 3m 55%\n", "plan.txt")
        assert [block.get("repeat") for block in made["block"]] == [None, 3]

    @pytest.mark.parametrize(
        ("line", "what"),
        [
            ("- no length here", "a step without a length is left out"),
            ("- 5m 60% press lap", "the step ends by itself"),
            ("- 5m 60% whatever", 'not understood: "whatever"'),
            ("5m 60%", "a line without a dash is no step"),
            ("3x", "no step stands below"),
            ("Well done!", "no step stands below"),
            ("- 6x 30s 130%", '"6x" before one step is left out'),
        ],
    )
    def test_what_is_not_understood_is_listed(self, line: str, what: str) -> None:
        found = notes(f"- 10m 70%\n{line}", "plan.txt")
        assert [(at, what in told) for at, told in found] == [(2, True)]


COURSE = (
    "[COURSE HEADER]\nVERSION = 2\nDESCRIPTION = Over and under\nFILE NAME = over_under.mrc\nMINUTES PERCENT\n"
    "[END COURSE HEADER]\n[COURSE DATA]\n0\t50\n5\t75\n5\t95\n10\t95\n10\t95\n12.5\t95\n12.5\t0\n13\t0\n"
    "[END COURSE DATA]\n"
    "[COURSE TEXT]\n30\tSpin easy\t10\n400\tHold it\t10\n[END COURSE TEXT]\n"
)


class TestCourses:
    def test_two_lines_are_a_segment_and_text_counts_from_the_start(self) -> None:
        made = script(COURSE, "over.mrc")
        assert (made["title"], made["summary"]) == ("over under", "Over and under")
        assert [step for block in made["block"] for step in block["steps"]] == [
            {"work": "5min", "name": "Ramp up, 50-75% of FTP", "at": {"30s": "Spin easy"}},
            {"work": "7m30s", "name": "Threshold, 95% of FTP", "at": {"1m40s": "Hold it"}},
            {"work": "30s", "name": "Free ride"},
        ]

    def test_watts(self) -> None:
        found = steps(COURSE.replace("PERCENT", "WATTS"), "over.erg")
        assert found[1]["name"] == "Steady, 95 W"

    def test_units_that_are_not_told_are_assumed_by_the_name_and_listed(self) -> None:
        text = COURSE.replace("MINUTES PERCENT\n", "")
        assert steps(text, "over.erg")[1]["name"] == "Steady, 95 W"
        assert steps(text, "over.mrc")[1]["name"] == "Threshold, 95% of FTP"
        assert "are not told" in notes(text, "over.mrc")[0][1]

    def test_descriptions_of_perfpro_are_heard_in_their_segments(self) -> None:
        described = "[PERFPRO DESCRIPTIONS]\nDesc0=Build\nDesc1=aero\nDesc9=more\n[END PERFPRO DESCRIPTIONS]\n"
        text = COURSE.partition("[COURSE TEXT]")[0] + described
        assert [list(step.get("at", {}).values()) for step in steps(text, "over.mrc")] == [["Build"], ["aero"], []]
        assert (20, 'a text for a segment that is not there is lost: "more"') in notes(text, "over.mrc")

    def test_what_is_not_understood_is_listed(self) -> None:
        text = COURSE.replace("5\t75\n", "5\t75\nnonsense\n2\t80\n").replace("400\t", "later\t")
        assert [(line, told.partition(":")[0]) for line, told in notes(text, "over.mrc")] == [
            (10, "no minutes and power"),
            (11, "a time before that of the line above is left out"),
            (21, "a text without a time is lost"),
        ]

    def test_laps_are_heard_where_they_have_a_name(self) -> None:
        text = (
            "[COURSE HEADER]\n; mine\nMINUTES WATTS\n[END COURSE HEADER]\n[COURSE DATA]\n0 100\n1 100 ; so far\n"
            "1 LAP\nLAP Climb\n1, 200\n3 200\n[END COURSE DATA]\n[COURSE TEXT]\n\t\n; no text\n[END COURSE TEXT]\n"
        )
        assert [list(step.get("at", {}).values()) for step in steps(text, "x.erg")] == [[], ["Climb"]]
        assert ["heard up to" in what for _, what in notes(text, "x.erg")] == [True]

    def test_a_course_of_slopes_is_refused_with_the_line_that_says_so(self) -> None:
        text = "[COURSE HEADER]\nUNITS = METRIC\n;DISTANCE\tGRADE\tWIND\n[END COURSE HEADER]\n[COURSE DATA]\n0.2 0 0\n"
        with pytest.raises(WorkoutFileError, match=r"x.crs:3: it is a course of distances and slopes"):
            imported(text, "x.crs")

    def test_a_course_without_two_times_is_none(self) -> None:
        with pytest.raises(WorkoutFileError, match=r"no two times in \[COURSE DATA\]"):
            imported("[COURSE HEADER]\n[END COURSE HEADER]\n[COURSE DATA]\n0\t50\n[END COURSE DATA]", "x.mrc")


class TestPhrases:
    def test_a_line_is_a_step_and_pairs_that_come_again_are_rounds(self) -> None:
        text = "# Morning\nJumping jacks; 30\nRest; 10\nJumping jacks; 30\nRest; 10\nPlank; 1m30s\n"
        made = script(text, "list.txt")
        assert made["title"] == "Morning"
        assert made["block"] == [
            {
                "repeat": 2,
                "steps": [{"work": "30s", "name": "Jumping jacks"}, {"rest": "10s", "name": "Rest"}],
            },
            {"steps": [{"work": "1m30s", "name": "Plank"}]},
        ]

    def test_a_phrase_without_a_pause_is_only_said(self) -> None:
        text = "Ready?; 0\nPlank; 30\nSquat; 30\nWell done; 0\n"
        assert [step.get("say") or step["name"] for step in steps(text, "x.txt")] == ["Plank", "Squat", "Well done"]
        assert list(steps(text, "x.txt")[0]["at"].values()) == ["Ready?"]
        assert not notes(text, "x.txt")

    def test_rest_is_known_in_the_language(self) -> None:
        assert steps("Pause; 10\nKniebeugen; 30", "list.txt", language="de")[0] == {"rest": "10s", "name": "Pause"}

    def test_other_lines_are_listed(self) -> None:
        assert notes("Plank; 30\nnonsense\nSquats; 30", "list.txt") == [(2, 'no phrase and seconds: "nonsense"')]


def test_a_file_of_no_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(WorkoutFileError, match=r'is of no format.*"zwo".*"mrc".*"garmin".*"intervals".*"fit"'):
        imported("Dear diary", "x.txt")


def test_the_format_can_be_said() -> None:
    assert imported("Dear diary; 30\nand\nso\non", "x.txt", known="phrases").format == "phrases"
    with pytest.raises(WorkoutFileError, match="there is no step in it"):
        imported("Dear diary; 30", "x.txt", known="intervals")
