"""w2a's YAML as scripts."""

from __future__ import annotations

import sys

import pytest
from importing import imported, notes, script, steps

from voicecoach.errors import WorkoutFileError

YAML = """\
audio_format: 'mp3'
before_workout_announce: '{{ .WorkoutExercisesCount }} exercises take {{ .WorkoutDuration }}.'
after_workout_announce: 'Well done {{ .Foo }}'
pause:
  text: 'Prepare for {{ .ExerciseName }}'
  duration: '10s'
half_time:
  text: 'Change side'
  duration: '4s'
squats: &squats
  name: Squats
  duration: '30s'
exercises:
  - name: 'Warm up'
    duration: '2m'
    texts: ['Roll your neck.', 'Roll your shoulders.']
  - <<: *squats
  - name: 'Side plank'
    duration: '40s'
    half_time: true
    pause_duration: '20s'
  - <<: *squats
"""


def test_exercises_stand_between_pauses() -> None:
    made = script(YAML, "w2a.yaml")
    said, done, end = made["block"]
    assert said["steps"] == [{"say": "4 exercises take 4m34s."}]
    assert end["steps"] == [{"say": "Well done"}]
    assert done["steps"] == [
        {"rest": "10s"},
        {"work": "2min", "name": "Warm up", "cues": ["Roll your neck.", "Roll your shoulders."]},
        {"rest": "10s"},
        {"work": "30s", "name": "Squats"},
        {"rest": "20s"},
        {"work": "20s", "name": "Side plank", "sides": True, "switch": "4s"},
        {"rest": "10s"},
        {"work": "30s", "name": "Squats"},
    ]


def test_what_is_not_as_it_stands_is_listed() -> None:
    assert [line for line, _ in notes(YAML, "w2a.yaml")] == [3, 18]


def test_lines_that_come_again_are_a_pool() -> None:
    again = "  - {name: Again, duration: 1m, texts: ['Roll your neck.', 'Roll your shoulders.']}\n"
    made = script(YAML + again, "w2a.yaml")
    assert made["cues"] == {"warm-up": ["Roll your neck.", "Roll your shoulders."]}
    assert [step["cues"] for step in steps(YAML + again, "w2a.yaml") if "cues" in step] == ["warm-up", "warm-up"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("exercises:\n  - name: 'x\n", r"w2a.yaml:3:1: no YAML"),
        ("exercises: [\n", r"w2a.yaml:2:1: no YAML"),
        ("exercises: " + "[" * 1200, "no YAML that can be read"),
        ("exercises:\n  - name: x\n", r"there is no exercise in it \(line 2"),
        ("exercises: 3\n", "there is no exercise in it"),
        ("exercises:\n" + "  - x\n" * 100_000, "larger than 300 kB"),
    ],
)
def test_where_nothing_can_be_told_the_error_has_its_place(text: str, told: str) -> None:
    with pytest.raises(WorkoutFileError, match=told):
        imported(text, "w2a.yaml")


def test_aliases_that_grow_without_end_cost_nothing() -> None:
    layers = "".join(f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    text = f"a0: &a0 {{name: Bomb, duration: 5s}}\n{layers}exercises:\n  - <<: *a39\n"
    assert steps(text, "w2a.yaml") == [{"work": "5s", "name": "Bomb"}]


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(WorkoutFileError, match=r'pip install "voicecoach\[import\]"'):
        imported(YAML, "w2a.yaml")
