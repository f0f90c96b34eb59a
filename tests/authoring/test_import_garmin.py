"""Workouts for Garmin's watches as scripts: Garmin Connect's JSON and FIT files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from importing import imported, notes, script, steps

from voicecoach.arrange.arranger import arrangement
from voicecoach.arrange.estimate import Estimate
from voicecoach.authoring.imports import fit
from voicecoach.devices import fit as written
from voicecoach.devices import wrist
from voicecoach.errors import WorkoutFileError
from voicecoach.script.loader import Loader
from voicecoach.script.source import Source
from voicecoach.timeline.compiler import compile


def step(kind: str, ends: str, value: float | None = None, **more: Any) -> dict[str, Any]:
    """A step as the service has it."""
    return {
        "type": "ExecutableStepDTO",
        "stepType": {"stepTypeKey": kind},
        "endCondition": {"conditionTypeKey": ends},
        "endConditionValue": value,
        **more,
    }


def group(rounds: int, *inside: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "RepeatGroupDTO", "numberOfIterations": rounds, "workoutSteps": list(inside), **more}


def workout(*found: dict[str, Any], sport: str = "running", **more: Any) -> str:
    """A workout whose steps are numbered."""
    document = {
        "workoutName": "Eights",
        "sportType": {"sportTypeKey": sport},
        "workoutSegments": [{"workoutSteps": [{"stepOrder": number, **one} for number, one in enumerate(found, 1)]}],
        **more,
    }
    return json.dumps(document, indent=1)


def target(key: str, one: float | None = None, two: float | None = None, zone: int | None = None) -> dict[str, Any]:
    return {
        "targetType": {"workoutTargetTypeKey": key},
        "targetValueOne": one,
        "targetValueTwo": two,
        "zoneNumber": zone,
    }


class TestConnect:
    def test_a_group_is_rounds_and_a_description_is_heard_in_each(self) -> None:
        text = workout(
            step("warmup", "time", 600, **target("heart.rate.zone", zone=2)),
            group(
                6,
                step("interval", "distance", 800, **target("pace.zone", 3.7, 4.0), description="Fast feet"),
                step("recovery", "time", 90),
            ),
        )
        made = script(text, "eights.json")
        assert made["title"] == "Eights"
        warm, rounds = made["block"]
        assert warm["steps"] == [{"run": "10min", "name": "Warm-up, heart rate zone 2"}]
        assert rounds["repeat"] == 6
        fast, easy = rounds["steps"]
        assert (fast["run"], fast["name"], list(fast["at"].values())) == (
            "3m28s",
            "Steady, 4:10-4:30/km",
            ["Fast feet"],
        )
        assert easy == {"run": "1m30s", "name": "Easy"}

    @pytest.mark.parametrize(
        ("what", "name"),
        [
            (target("no.target"), "Steady"),
            (target("power.zone", 200, 220), "Steady, 200-220 W"),
            (target("power.zone", zone=4), "Steady, zone 4"),
            (target("heart.rate.zone", 140, 150), "Steady, 140-150 bpm"),
            (target("cadence", 90, 95), "Steady, 90-95 rpm"),
            (target("speed.zone", 8.333, 8.333), "Steady, 30 km/h"),
        ],
    )
    def test_targets(self, what: dict[str, Any], name: str) -> None:
        text = workout(step("interval", "time", 60, **what), sport="cycling")
        assert steps(text, "x.json") == [{"work": "1min", "name": name}]

    def test_a_step_that_the_person_ends_waits(self) -> None:
        text = workout(step("warmup", "lap.button", description="Get ready"))
        assert steps(text, "x.json") == [{"ready": "Warm-up. Get ready.", "or": "5min"}]
        assert "lasts until you go on" in notes(text, "x.json")[0][1]

    def test_repetitions_are_counted(self) -> None:
        text = workout(step("interval", "reps", 12, exerciseName="GOBLET_SQUAT"), sport="strength_training")
        assert steps(text, "x.json") == [{"reps": 12, "each": "3s", "name": "Goblet squat"}]
        assert "is assumed" in notes(text, "x.json")[0][1]

    def test_the_last_rest_is_left_out_where_it_says_so(self) -> None:
        text = workout(group(3, step("interval", "time", 60), step("rest", "time", 30), skipLastRestStep=True))
        assert [(block.get("repeat"), len(block["steps"])) for block in script(text, "x.json")["block"]] == [
            (2, 2),
            (None, 1),
        ]

    def test_what_is_not_understood_is_listed_with_the_line_of_its_step(self) -> None:
        text = workout(
            step("interval", "time", 60, **target("grade")),
            step("interval", "time"),
            step("interval", "distance", 1000),
        )
        lines = [number for number, line in enumerate(text.split("\n"), 1) if '"stepOrder"' in line]
        found = notes(text, "x.json")
        assert [line for line, _ in found] == lines
        assert ["grade" in found[0][1], "without a length" in found[1][1], "6:00 a kilometre" in found[2][1]] == [
            True
        ] * 3

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ('{"workoutSteps": [\n{]}', r"x.json:2:2: no JSON"),
            ('{"workoutSteps": []}', "there is no step in it"),
            ('{"workoutSteps": ' + "[" * 100_000, "no JSON"),
            ('["workoutSteps"]', "there is no workout in it"),
        ],
    )
    def test_where_nothing_can_be_told_the_error_has_its_place(self, text: str, told: str) -> None:
        with pytest.raises(WorkoutFileError, match=told):
            imported(text, "x.json")


def watch(script_: str) -> bytes:
    """A script as the FIT workout that goes onto a watch."""
    timeline = compile(Loader().load(Source("x.toml", Path("x.toml"), Path(), script_.encode(), script_)), seed=0)
    made = arrangement(timeline, Estimate())
    return written.content(wrist.of(timeline, made), "x")


def structured() -> bytes:
    """A workout with what watches and their services put into steps."""
    from fit_tool.fit_file_builder import FitFileBuilder
    from fit_tool.profile import profile_type
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.messages.workout_message import WorkoutMessage
    from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage

    lasts, aims, how = profile_type.WorkoutStepDuration, profile_type.WorkoutStepTarget, profile_type.Intensity
    builder = FitFileBuilder(auto_define=True)

    def add(message: Any, **fields: Any) -> None:
        for key, value in fields.items():
            setattr(message, key, value)
        builder.add(message)

    add(FileIdMessage(), type=profile_type.FileType.WORKOUT, manufacturer=1, product=1, serial_number=3)
    add(WorkoutMessage(), workout_name="Mixed", sport=profile_type.Sport.RUNNING, num_valid_steps=5)
    for number, fields in enumerate(
        [
            {
                "duration_type": lasts.DISTANCE,
                "duration_distance": 1000.0,
                "target_type": aims.SPEED,
                "target_value": 0,
                "custom_target_speed_low": 3.0,
                "custom_target_speed_high": 3.5,
                "intensity": how.ACTIVE,
                "workout_step_name": "Fast",
                "notes": "Quick feet",
            },
            {
                "duration_type": lasts.OPEN,
                "target_type": aims.HEART_RATE,
                "target_value": 2,
                "intensity": how.RECOVERY,
            },
            {"duration_type": lasts.REPEAT_UNTIL_STEPS_CMPLT, "duration_value": 0, "target_value": 3},
            {
                "duration_type": lasts.TIME,
                "duration_time": 60.0,
                "target_type": aims.HEART_RATE,
                "target_value": 0,
                "custom_target_heart_rate_low": 240,
                "custom_target_heart_rate_high": 250,
                "intensity": how.COOLDOWN,
            },
            {
                "duration_type": lasts.REPS,
                "duration_reps": 10,
                "target_type": aims.OPEN,
                "intensity": how.ACTIVE,
                "workout_step_name": "Squats",
            },
        ]
    ):
        add(WorkoutStepMessage(), message_index=number, **fields)
    content: bytes = builder.build().to_bytes()
    return content


class TestFit:
    SCRIPT = (
        'title = "Intervals"\n[[block]]\nsteps = [ { walk = "2min", name = "Warm-up" } ]\n'
        '[[block]]\nrepeat = 3\nsteps = [ { run = "1min", name = "Fast" }, { rest = "30s" } ]\n'
    )

    @pytest.mark.slow
    def test_what_voicecoach_writes_for_a_watch_comes_back(self) -> None:
        content = watch(self.SCRIPT)
        made = script(content, "x.fit")
        assert made["title"] == "Intervals"
        found = [(block.get("repeat"), [next(iter(one.values())) for one in block["steps"]]) for block in made["block"]]
        assert found[:2] == [(None, ["2min"]), (2, ["1min", "30s"])]  # the last rest lasts a little longer

    @pytest.mark.slow
    def test_targets_notes_and_steps_without_an_end(self) -> None:
        found = steps(structured(), "x.fit")
        assert [(one.get("run"), one.get("ready"), one.get("reps"), one.get("name")) for one in found] == [
            ("5m10s", None, None, "Fast, 4:46-5:33/km"),
            (None, "Easy, heart rate zone 2.", None, None),
            ("1min", None, None, "Cool-down, 140-150 bpm"),
            (None, None, 10, "Squats"),
        ]
        assert list(found[0]["at"].values()) == ["Quick feet"]
        assert ["step 2 lasts until you go on" in told for _, told in notes(structured(), "x.fit")].count(True) == 1

    @pytest.mark.slow
    @pytest.mark.parametrize("length", [0, 14, 40, 100])
    def test_a_torn_file_is_refused(self, length: int) -> None:
        with pytest.raises(WorkoutFileError, match=r"x.fit:.*(no FIT file|1: the file is empty|there is no step)"):
            imported(watch(self.SCRIPT)[:length], "x.fit", known="fit")

    def test_it_is_known_by_its_header(self) -> None:
        assert fit.is_fit(b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT")
        assert not fit.is_fit(b"<workout_file>")
