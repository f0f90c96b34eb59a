"""A session as a FIT workout, which a watch shows step by step: file type 5 of Garmin's FIT profile.

A file names who made it by type, manufacturer, product and serial number, which no two workouts of a watch may share
(developer.garmin.com/fit, "Workout Files"). The serial number follows from the title and the file's name, so that a
session exported again is the same workout.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach import units
from voicecoach.devices import wrist
from voicecoach.devices.wrist import Phase, Repeat, Sport, Step, Wrist
from voicecoach.errors import ExportError
from voicecoach.export.batch import Beside

if TYPE_CHECKING:
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.timeline.model import Timeline

SUFFIX = ".fit"
USUAL_STEPS = 50
"""Most steps that watches are commonly said to take, those that repeat counted once; none was tried."""
MOST_STEPS = 65_535
"""Most steps that the format can count."""

_CREATED = 1_704_067_200_000
"""When a file says that it was made, in milliseconds since 1970, whenever that was: 2024-01-01."""
_SPORTS = {
    Sport.RUNNING: ("RUNNING", "GENERIC"),
    Sport.WALKING: ("WALKING", "GENERIC"),
    Sport.STRENGTH: ("TRAINING", "STRENGTH_TRAINING"),
    Sport.CARDIO: ("TRAINING", "CARDIO_TRAINING"),
}
_INTENSITIES = {Phase.ACTIVE: "ACTIVE", Phase.REST: "REST", Phase.WARM_UP: "WARMUP", Phase.COOL_DOWN: "COOLDOWN"}


def check() -> None:
    """Raises ExportError where the ``fit`` extra is not installed."""
    if find_spec("fit_tool") is None:
        raise ExportError('a FIT file needs the extra "fit" (pip install "voicecoach[fit]")')


def _load() -> None:
    """Loads what writes the file, which must not log for us: it gives the root logger a handler."""
    import logging

    root = logging.getLogger()
    handlers = list(root.handlers)
    import fit_tool.utils.logging  # noqa: F401

    for handler in root.handlers[:]:
        if handler not in handlers:
            root.removeHandler(handler)


def beside(timeline: Timeline, arrangement: Arrangement, path: Path) -> Beside:
    """The workout that belongs to the audio in ``path``; it goes into a ``Job``.

    Raises ExportError where there is no step for a watch, or where there are more than it can count.
    """
    check()
    shown = wrist.of(timeline, arrangement)
    if not shown.rows:
        raise ExportError(
            f'{path}: nothing in "{timeline.title}" is under a clock, so that a watch has no step to show; '
            "leave out --fit, or write a hold, work, run, walk, reps or rest"
        )
    if shown.count > MOST_STEPS:
        raise ExportError(
            f"{path}: {shown.count:,} steps are more than a FIT file can count ({MOST_STEPS:,}); leave out --fit"
        )
    steps = "1 step" if shown.count == 1 else f"{shown.count:,} steps"
    return Beside(
        suffix=SUFFIX,
        content=content(shown, path.stem),
        about=f"{steps}, {units.format_clock(round(shown.seconds))}",
        notes=tuple(remarks(shown)),
    )


def remarks(shown: Wrist) -> list[str]:
    """What a person should know of a workout before it is on the watch: a sentence each."""
    found = []
    missing = round(shown.heard) - round(shown.seconds)
    if abs(missing) > 1 or any(not step.timed for step in shown.unrolled()):
        counted = sum(bool(step.reps) for step in shown.unrolled())
        waiting = sum(step.open for step in shown.unrolled())
        whys = [f"{counted} that count repetitions"] * bool(counted) + [f"{waiting} of open length"] * bool(waiting)
        why = f"; the watch's button ends {' and '.join(whys)}" if whys else ""
        way = "shorter" if missing >= 0 else "longer"
        found.append(
            f"by the watch's clock its steps are {units.format_clock(abs(missing))} {way} than the audio "
            f"({units.format_clock(round(shown.heard))}){why}"
        )
    if shown.count > USUAL_STEPS:
        found.append(f"{shown.count:,} steps may be more than the watch takes: many are said to take {USUAL_STEPS}")
    return found


def content(shown: Wrist, name: str) -> bytes:
    """The bytes of the file: always the same for the same session and ``name``."""
    _load()
    from fit_tool.fit_file_builder import FitFileBuilder
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.messages.workout_message import WorkoutMessage
    from fit_tool.profile.profile_type import FileType, Manufacturer, SubSport
    from fit_tool.profile.profile_type import Sport as FitSport

    about = FileIdMessage(local_id=0)
    about.type = FileType.WORKOUT
    about.manufacturer = Manufacturer.DEVELOPMENT.value
    about.product = 0
    about.serial_number = _serial(f"{shown.title}\n{name}")
    about.time_created = _CREATED

    workout = WorkoutMessage(local_id=1)
    sport, sub_sport = _SPORTS[shown.sport]
    workout.sport, workout.sub_sport = FitSport[sport], SubSport[sub_sport]
    workout.num_valid_steps = shown.count
    workout.workout_name = shown.title

    builder = FitFileBuilder(auto_define=True)
    builder.add(about)
    builder.add(workout)
    index = 0
    for row in shown.rows:
        first = index
        for step in row.steps if isinstance(row, Repeat) else (row,):
            builder.add(_step(index, step))
            index += 1
        if isinstance(row, Repeat):
            builder.add(_repeat(index, first, row.times))
            index += 1
    made: bytes = builder.build_bytes()
    return made


def _serial(identity: str) -> int:
    """A number of 32 bits; 0 is none."""
    return int.from_bytes(sha256(identity.encode()).digest()[:4], "big") or 1


def _step(index: int, step: Step) -> Any:
    from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage
    from fit_tool.profile.profile_type import Intensity, WorkoutStepDuration, WorkoutStepTarget

    message = WorkoutStepMessage(local_id=2)
    message.message_index = index
    message.workout_step_name = step.name
    if step.notes:
        message.notes = step.notes
    message.intensity = Intensity[_INTENSITIES[step.phase]]
    if step.open:
        message.duration_type = WorkoutStepDuration.OPEN
    elif step.reps:
        message.duration_type = WorkoutStepDuration.REPS
        message.duration_reps = step.reps
    else:
        message.duration_type = WorkoutStepDuration.TIME
        message.duration_time = step.seconds
    message.target_type = WorkoutStepTarget.OPEN
    message.target_value = 0
    if step.exercise:
        message.exercise_category, *names = exercise(*step.exercise)
        if names:
            message.exercise_name = names[0]
    return message


def _repeat(index: int, first: int, times: int) -> Any:
    """A repeat is a step of its own behind those it repeats, and says where they begin."""
    from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage
    from fit_tool.profile.profile_type import WorkoutStepDuration, WorkoutStepTarget

    message = WorkoutStepMessage(local_id=2)
    message.message_index = index
    message.duration_type = WorkoutStepDuration.REPEAT_UNTIL_STEPS_CMPLT
    message.duration_step = first
    message.target_type = WorkoutStepTarget.OPEN
    message.target_repeat_steps = times
    return message


def exercise(category: str, name: str | None = None) -> tuple[Any, ...]:
    """The category of an exercise, and its number in there, by what the FIT profile calls them."""
    _load()
    from fit_tool.profile import profile_type

    found = profile_type.ExerciseCategory[category.upper()]
    if name is None:
        return (found,)
    names = getattr(profile_type, f"{category.title().replace('_', '')}ExerciseName")
    return found, names[name.upper()].value
