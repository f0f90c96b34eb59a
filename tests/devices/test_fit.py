"""FIT workouts, as two readers find them that nobody here wrote: Garmin's own, and fitdecode."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fitdecode
import pytest
from garmin_fit_sdk import Decoder, Profile, Stream
from hypothesis import given
from shipped import WORKOUTS
from watch_sessions import QUIET, RATE, TITLED, scripts, session

from voicecoach import script
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.arranger import arrangement as arrange
from voicecoach.arrange.estimate import Estimate
from voicecoach.devices import fit, wrist
from voicecoach.devices.wrist import Repeat, Step, Wrist
from voicecoach.errors import ExportError
from voicecoach.export.batch import Job
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Timeline

NAMES = [path.stem for path in WORKOUTS]
Message = dict[str, Any]


def shipped(name: str) -> tuple[Timeline, Arrangement]:
    timeline = compile(script.load(name))
    return timeline, arrange(timeline, Estimate(RATE), rate=RATE)


def garmin(content: bytes) -> dict[str, list[Message]]:
    """All messages, as Garmin's own reader has them; it finds nothing to complain of."""
    assert Decoder(Stream.from_byte_array(bytearray(content))).check_integrity()
    messages: Any
    messages, errors = Decoder(Stream.from_byte_array(bytearray(content))).read()
    assert not errors
    return dict(messages)


def decoded(content: bytes) -> list[Message]:
    """The steps, as fitdecode has them, which checks the sum of the file."""
    with fitdecode.FitReader(
        content, check_crc=fitdecode.CrcCheck.RAISE, error_handling=fitdecode.ErrorHandling.RAISE
    ) as reader:
        frames = [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]
    assert [frame.name for frame in frames[:2]] == ["file_id", "workout"]
    return [{field.name: field.value for field in frame.fields} for frame in frames[2:]]


def done(steps: list[Message]) -> Iterator[Message]:
    """The steps as often as they are done: a repeat goes back to where it says, so many times in all."""
    path: list[Message] = []
    starts: list[int] = []
    for step in steps:
        starts.append(len(path))
        if step["duration_type"] == "repeat_until_steps_cmplt":
            path += path[starts[step["duration_step"]] :] * (step["repeat_steps"] - 1)
        else:
            path.append(step)
    return iter(path)


def assert_is(content: bytes, shown: Wrist) -> None:
    """Both readers find the session that was written."""
    messages = garmin(content)
    (workout,), steps = messages["workout_mesgs"], messages["workout_step_mesgs"]
    assert workout["wkt_name"] == shown.title
    assert workout["num_valid_steps"] == shown.count == len(steps)
    assert [step["message_index"] for step in steps] == list(range(len(steps)))
    found = list(done(steps))
    expected = list(shown.unrolled())
    assert [step["wkt_step_name"] for step in found] == [step.name for step in expected]
    assert [step.get("notes", "") for step in found] == [step.notes for step in expected]
    assert [step.get("duration_reps", 0) for step in found] == [step.reps for step in expected]
    assert [step["duration_type"] == "open" for step in found] == [step.open for step in expected]
    assert [step["intensity"] for step in found] == [step.phase.value for step in expected]
    for step, meant in zip(found, expected, strict=True):
        if meant.timed:
            assert step["duration_time"] == pytest.approx(meant.seconds, abs=0.001)
    other = decoded(content)
    for ours, theirs in zip(steps, other, strict=True):
        for key in ("wkt_step_name", "notes", "duration_time", "duration_step", "message_index"):
            assert ours.get(key) == theirs.get(key)


@pytest.mark.parametrize("name", NAMES)
def test_every_workout_that_ships_is_on_the_wrist_what_it_is_in_the_ear(name: str) -> None:
    timeline, arrangement = shipped(name)
    made = fit.beside(timeline, arrangement, Path(f"{name}.mp3"))
    shown = wrist.of(timeline, arrangement)
    assert_is(made.content, shown)
    steps = list(done(garmin(made.content)["workout_step_mesgs"]))
    heard = arrangement.frames / RATE
    by_clock = sum(step["duration_time"] for step in steps if step["duration_type"] == "time")
    if all(step["duration_type"] == "time" for step in steps):
        assert by_clock == pytest.approx(heard, abs=1)
        assert made.notes == ()
    else:
        assert by_clock < heard
        assert "shorter than the audio" in made.notes[0]
    for segment in timeline.segments:
        if segment.kind in ("hold", "run", "walk", "work") and segment.duration:
            assert any(step["wkt_step_name"].startswith(segment.name) for step in steps)
    assert shown.count <= fit.USUAL_STEPS


@pytest.mark.parametrize(
    ("name", "sport", "sub_sport"),
    [
        ("easy-run", "running", "generic"),
        ("activation-walk", "walking", "generic"),
        ("glute-bridge", "training", "strength_training"),
    ],
)
def test_the_watch_is_told_the_sport(name: str, sport: str, sub_sport: str) -> None:
    (workout,) = garmin(fit.beside(*shipped(name), Path("x.mp3")).content)["workout_mesgs"]
    assert (workout["sport"], workout["sub_sport"]) == (sport, sub_sport)


def test_intervals_are_a_repeat_and_say_where_it_begins() -> None:
    steps = garmin(fit.beside(*shipped("intervals"), Path("x.mp3")).content)["workout_step_mesgs"]
    repeat = next(step for step in steps if step["duration_type"] == "repeat_until_steps_cmplt")
    assert (repeat["message_index"], repeat["duration_step"], repeat["repeat_steps"]) == (3, 1, 5)
    assert [step["wkt_step_name"] for step in steps[1:3]] == ["Brisk", "Easy"]


def test_a_bridge_is_an_exercise_that_the_watch_knows() -> None:
    steps = garmin(fit.beside(*shipped("glute-bridge"), Path("x.mp3")).content)["workout_step_mesgs"]
    bridge = next(step for step in steps if step.get("wkt_step_name") == "Bridge")
    assert bridge["exercise_category"] == "hip_raise"
    assert Profile["types"]["hip_raise_exercise_name"][bridge["exercise_name"]] == "hip_raise"


def test_the_exercises_are_called_what_the_profile_calls_them() -> None:
    for category, *names in wrist._words()["exercises"].values():
        found, *numbers = fit.exercise(category, *names)
        assert Profile["types"]["exercise_category"][found.value] == category
        for number, name in zip(numbers, names, strict=True):
            assert Profile["types"][f"{category}_exercise_name"][number] == name


def test_the_same_session_is_the_same_bytes_and_another_file_another_workout() -> None:
    one, again, other = (fit.beside(*shipped("ultra"), Path(name)) for name in ("a.mp3", "b/a.opus", "c.mp3"))
    assert one.content == again.content != other.content
    (a,), (b,) = garmin(one.content)["file_id_mesgs"], garmin(other.content)["file_id_mesgs"]
    assert a["type"] == "workout"
    assert a["time_created"] == b["time_created"]
    assert a["serial_number"] != b["serial_number"]


def test_what_the_person_ends_is_told() -> None:
    timeline, arrangement = session(
        '[[block]]\nsteps = [ { ready = "A mat?", or = "30s" }, { reps = 10, each = "3s" }, { work = "1min" } ]', QUIET
    )
    assert fit.beside(timeline, arrangement, Path("x.mp3")).notes == (
        "by the watch's clock its steps are 1:00 shorter than the audio (2:00); "
        "the watch's button ends 1 that count repetitions and 1 of open length",
    )


def test_more_steps_than_watches_take_are_told() -> None:
    steps = ", ".join(f'{{ work = "{10 + n}s" }}' for n in range(51))
    made = fit.beside(*session(f"[[block]]\nsteps = [ {steps} ]", QUIET), Path("x.mp3"))
    assert made.about == "51 steps, 29:45"
    assert made.notes == ("51 steps may be more than the watch takes: many are said to take 50",)


def test_more_steps_than_the_format_can_count_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "MOST_STEPS", 2)
    timeline, arrangement = session('[[block]]\nsteps = [ { work = "1s" }, { work = "2s" }, { work = "3s" } ]', QUIET)
    with pytest.raises(ExportError, match=r"x\.mp3: 3 steps are more than a FIT file can count"):
        fit.beside(timeline, arrangement, Path("x.mp3"))


def test_nothing_under_a_clock_is_no_workout() -> None:
    with pytest.raises(ExportError, match=r'x\.mp3: nothing in "Test" is under a clock'):
        fit.beside(*session('[[block]]\nsteps = [ { say = "Hello." } ]'), Path("x.mp3"))


@pytest.mark.parametrize(
    "name", ["ブリッジ", "🏋️‍♀️ Brücke 🔥", "Žluťoučký kůň", "é" * 80, "👩‍👩‍👧‍👦" * 20, "\u202eegdirb"]
)
def test_every_alphabet_is_legible(name: str) -> None:
    timeline, arrangement = session(f'[[block]]\nsteps = [ {{ hold = "5s", name = "{name}", cues = ["{name}"] }} ]')
    made = fit.beside(timeline, arrangement, Path(f"{name[:9]}.mp3"))
    assert_is(made.content, wrist.of(timeline, arrangement))
    names = [step["wkt_step_name"] for step in garmin(made.content)["workout_step_mesgs"]]
    assert any(named.startswith(name[:8]) for named in names)


def test_the_longest_notes_that_a_file_holds_come_back() -> None:
    step = Step(name="n" * wrist.NAME_BYTES, notes="ü" * (wrist.NOTES_BYTES // 2), seconds=1)
    shown = Wrist(title="t" * wrist.NAME_BYTES, sport=wrist.Sport.CARDIO, rows=(step,), heard=1)
    assert_is(fit.content(shown, "x"), shown)


def test_two_days_are_no_overflow() -> None:
    step = Step(name="Run", seconds=48 * 3600)
    repeat = Repeat(steps=(Step(name="Walk", seconds=1.25),), times=10_000)
    shown = Wrist(title="Far", sport=wrist.Sport.RUNNING, rows=(step, repeat), heard=48 * 3600)
    assert_is(fit.content(shown, "x"), shown)


def test_a_worker_elsewhere_can_be_asked_for_it() -> None:
    timeline, _ = session("[[block]]\nsteps = [ { reps = 7 } ]")
    job = pickle.loads(pickle.dumps(Job(timeline=timeline, path=Path("x.mp3"), beside=(fit.beside,))))
    assert job.beside == (fit.beside,)
    assert [segment.reps for segment in job.timeline.segments] == [7]


def test_the_host_keeps_its_logging() -> None:
    before = list(logging.getLogger().handlers)
    fit.beside(*session('[[block]]\nsteps = [ { work = "9s" } ]'), Path("x.mp3"))
    assert logging.getLogger().handlers == before


@pytest.mark.slow
@given(scripts())
def test_whatever_the_script_both_readers_find_what_was_written(text: str) -> None:
    timeline, arrangement = session(text, TITLED)
    shown = wrist.of(timeline, arrangement)
    if shown.rows:
        assert_is(fit.beside(timeline, arrangement, Path("x.mp3")).content, shown)
