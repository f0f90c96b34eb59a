"""The workouts that ship: they load, compile, keep every line, and say what a coach would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from shipped import PLANS, WORKOUTS

from voicecoach import script
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.arranger import arrangement as arrange
from voicecoach.arrange.estimate import Estimate
from voicecoach.arrange.library import Library
from voicecoach.review import cuesheet
from voicecoach.review.warnings import warnings_of
from voicecoach.script import plan
from voicecoach.script.model import CueLine, Hold, Reps, Run, Step, Timed, Walk, Workout
from voicecoach.speech import registry
from voicecoach.speech.speaker import Speaker
from voicecoach.store import folders
from voicecoach.store.cache import Cache
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Line, Recording, Role, Sound, Timeline

GOLDEN = Path(__file__).parent / "golden"
NAMES = [path.stem for path in WORKOUTS]
TRANSLATIONS = [f"glute-bridge.{language}" for language in ("de", "es", "fr", "it", "nl", "pt")]
AUTHORS = {Role.SAY, Role.INTRO, Role.AT, Role.CUE, Role.REMINDER}
STOP = {
    "en": "Stop",
    "de": "Hör auf",
    "fr": "Arrête-toi",
    "es": "Para si",
    "it": "Fermati",
    "nl": "Stop als",
    "pt": "Pare se",
}
MOST_WORDS_IN_MOTION = 5
RATE = 44_100


def session(name: str) -> tuple[Timeline, Arrangement]:
    """A shipped script as it would sound, with estimated lengths."""
    timeline = compile_workout(script.load(name))
    return timeline, arrange(timeline, Estimate(RATE), rate=RATE)


def sheet(name: str) -> str:
    """The cue sheet of a shipped script."""
    return cuesheet.as_text(*session(name))


def steps(workout: Workout) -> Iterator[Step]:
    for block in workout.block:
        yield from block.steps


def texts(value: str | tuple[CueLine, ...] | None, workout: Workout) -> list[str]:
    """The lines of a step's or a reminder's ``cues``."""
    if value is None:
        return []
    return [line.text for line in (workout.cues[value] if isinstance(value, str) else value)]


def spoken_in_motion(workout: Workout) -> list[str]:
    """Every line of the author's that is heard while running or walking."""
    found: list[str] = []
    for step in steps(workout):
        if isinstance(step, Run | Walk):
            found += [*texts(step.cues, workout), *(line.text for line in step.at.values())]
    for reminder in workout.reminder:
        found += texts(reminder.cues, workout)
    return found


def minutes(arrangement: Arrangement) -> float:
    return arrangement.frames / RATE / 60


def test_what_ships() -> None:
    assert [
        "activation-check",
        "activation-walk",
        "bridge-progression",
        *(f"couch-to-5k-{week}" for week in range(1, 10)),
        "easy-run",
        "glute-bridge",
        "glute-bridge.de",
        "glute-bridge.es",
        "glute-bridge.fr",
        "glute-bridge.it",
        "glute-bridge.nl",
        "glute-bridge.pt",
        "hip-and-balance",
        "indoor-ride",
        "intervals",
        "long-run",
        "single-leg-bridge",
        "swim-drills",
        "tabata",
        "tempo-strength",
        "ultra",
        "yoga-flow",
    ] == NAMES


@pytest.mark.parametrize(("name", "sessions"), [("couch-to-5k", 27), ("glute-programme", 20)])
def test_a_plan_has_sessions_that_ship(name: str, sessions: int) -> None:
    assert name in [path.stem for path in PLANS]
    days = plan.days(script.load(name))
    assert {day.use for day in days} < {*NAMES}
    assert len(days) == sessions


@pytest.mark.parametrize("name", NAMES)
def test_cue_sheet_is_the_golden_one(name: str) -> None:
    golden = GOLDEN / f"{name}.txt"
    assert sheet(name) == golden.read_text(encoding="utf-8"), "where the change is meant: python tests/update_golden.py"


def test_every_golden_cue_sheet_is_of_a_script_that_ships() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_author_is_dropped_or_moved_far(name: str) -> None:
    _, arrangement = session(name)
    dropped = [d for passage in arrangement.passages for d in passage.dropped]
    late = [p for p in arrangement.placements() if p.role in AUTHORS and p.moved > 2 * RATE]
    assert not dropped
    assert all(p.role is Role.REMINDER for p in late)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_dropped_with_another_seed(name: str, seed: int) -> None:
    arrangement = arrange(compile_workout(script.load(name), seed=seed), Estimate(RATE), rate=RATE)
    assert not [d for passage in arrangement.passages for d in passage.dropped]


@pytest.mark.parametrize("name", NAMES)
def test_lines_never_overlap(name: str) -> None:
    _, arrangement = session(name)
    spoken = [p for p in arrangement.placements() if not isinstance(p.what, Sound)]
    spoken.sort(key=lambda placement: placement.start)
    for first, second in pairwise(spoken):
        assert first.end <= second.start


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_embedded_voice_speaks_it_all_in_time(name: str, spoken: Cache) -> None:
    """Nothing dropped, no number turned into a tone, nothing too fast, nothing of the author's late."""
    workout = script.load(name)
    timeline = compile_workout(workout)
    voice = registry.choose(timeline.language, timeline.voice)
    arrangement = arrange(timeline, Library(Speaker(voice, spoken)))
    assert not [d for passage in arrangement.passages for d in passage.dropped]
    assert not [p for p in arrangement.placements() if p.role is Role.COUNTDOWN and isinstance(p.what, Sound)]
    assert not [str(a) for a in warnings_of(workout, timeline, arrangement) if "the announcement" not in a.message]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    yield Cache(tmp_path_factory.mktemp("spoken"), 50_000_000)
    registry.close()


@pytest.mark.parametrize("name", NAMES)
def test_cues_in_motion_are_short(name: str) -> None:
    for line in spoken_in_motion(script.load(name)):
        words = re.findall(r"[\w'{}]+", line)
        assert len(words) <= MOST_WORDS_IN_MOTION, line


@pytest.mark.parametrize("name", NAMES)
def test_cues_in_motion_look_outward(name: str) -> None:
    """Muscles are named in holds, effects on the world in motion."""
    inward = re.compile(r"\b(squeeze|tuck|clench|brace|glutes?|hamstrings?|bum|core)\b", re.IGNORECASE)
    assert not [line for line in spoken_in_motion(script.load(name)) if inward.search(line)]


@pytest.mark.parametrize("name", NAMES)
def test_who_asks_for_strength_says_when_to_stop(name: str) -> None:
    workout = script.load(name)
    if any(isinstance(step, Hold | Reps) for step in steps(workout)):
        timeline, _ = session(name)
        first_effort = next(s.index for s in timeline.segments if s.kind in ("hold", "reps"))
        before = [
            getattr(cue.what, "text", "")
            for s in timeline.segments[:first_effort]
            for cue in s.cues
            if cue.role is Role.SAY
        ]
        assert any(STOP[workout.language] in text for text in before)


@pytest.mark.parametrize("name", NAMES)
def test_claims_nothing_medical(name: str) -> None:
    source = (folders.shipped_scripts() / f"{name}.toml").read_text(encoding="utf-8").replace("not a diagnosis", "")
    assert not re.search(r"diagnos|heal|cure\b|therap|prevents?\b|injur|amnesia", source, re.IGNORECASE)


@pytest.mark.parametrize("name", ["long-run", "ultra"])
def test_long_sessions_have_variety_and_few_words(name: str) -> None:
    workout = script.load(name)
    posture = workout.reminder[0]
    assert posture.order == "shuffle"
    assert len(texts(posture.cues, workout)) >= 12
    _, arrangement = session(name)
    reminders = [p for p in arrangement.placements() if p.role is Role.REMINDER]
    assert len(reminders) / (minutes(arrangement) / 60) < 14
    said = [p.what.text for p in reminders if not isinstance(p.what, Sound)]
    assert all(first != second for first, second in pairwise(said))


@pytest.mark.parametrize(
    ("name", "shortest", "longest"),
    [
        ("activation-check", 1.5, 3),
        ("activation-walk", 20, 23),
        ("bridge-progression", 1, 2),
        ("easy-run", 46, 46.5),
        ("glute-bridge", 4, 6),
        ("intervals", 48, 48.5),
        ("long-run", 180, 180.5),
        ("single-leg-bridge", 6, 12),
        ("tempo-strength", 10, 16),
        ("ultra", 720, 720.5),
    ],
)
def test_lasts_as_long_as_it_says(name: str, shortest: float, longest: float) -> None:
    _, arrangement = session(name)
    assert shortest <= minutes(arrangement) <= longest


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_translation_is_the_same_workout(name: str) -> None:
    english, translated = script.load("glute-bridge"), script.load(name)
    assert translated.language == name.rpartition(".")[2]
    assert shape(translated) == shape(english)
    assert not lines(translated) & lines(english)


def shape(workout: Workout) -> object:
    """A workout without its words."""
    blocks = [
        (block.repeat, block.rest, [(type(step), step.rounds, timing(step)) for step in block.steps])
        for block in workout.block
    ]
    return blocks, {pool: len(cues) for pool, cues in workout.cues.items()}, workout.announce


def timing(step: Step) -> object:
    if isinstance(step, Timed):
        return step.every, step.first, list(step.at), getattr(step, step.kind)
    return getattr(step, "pause", None)


def lines(workout: Workout) -> set[str]:
    timeline = compile_workout(workout)
    cues = [cue for segment in timeline.segments for cue in (*segment.lead, *segment.cues)]
    return {cue.what.text for cue in cues if cue.role in AUTHORS and isinstance(cue.what, Line | Recording)}
