"""A timeline is recalled only where compiling its script would give the same again."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import wave
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from shipped import WORKOUTS

from voicecoach import script
from voicecoach.errors import ScriptError
from voicecoach.script.model import Workout
from voicecoach.script.source import Source, opened, read_standard_input
from voicecoach.store import cache as caching
from voicecoach.store import folders
from voicecoach.store.cache import Cache
from voicecoach.store.history import History, Wish
from voicecoach.timeline import compiler, kept
from voicecoach.timeline.model import Timeline

CARD = 'title = "Card"\n[[block]]\nsteps = [ {{ {} }} ]\n'


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    return Cache(tmp_path / "cache")


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of what was compiled."""
    titles: list[str] = []
    original = compiler.compile

    def noting(workout: Workout, **how: Any) -> Timeline:
        titles.append(workout.title)
        return original(workout, **how)

    monkeypatch.setattr(compiler, "compile", noting)
    return titles


def put(path: Path, steps: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CARD.format(steps), encoding="utf-8")
    return path


def recalled(source: Source, seed: int, cache: Cache, **today: Any) -> Timeline:
    return kept.Opened(source, cache).timeline(seed, **today)


def said(timeline: Timeline) -> str:
    return " ".join(getattr(cue.what, "text", "") for segment in timeline.segments for cue in segment.cues)


@pytest.mark.slow
@pytest.mark.parametrize("path", WORKOUTS, ids=lambda path: path.stem)
def test_what_is_recalled_is_what_was_compiled(path: Path, cache: Cache, compiled: list[str]) -> None:
    first = recalled(opened(path), 3, cache)
    compiled.clear()
    assert recalled(opened(path), 3, cache) == first == compiler.compile(script.load(path), seed=3)
    assert len(compiled) == 1, "by this test only"


def test_another_text_or_seed_is_compiled(tmp_path: Path, cache: Cache, compiled: list[str]) -> None:
    path = put(tmp_path / "card.toml", 'say = "One."')
    assert "One." in said(recalled(opened(path), 0, cache))
    put(path, 'say = "Two."')
    assert "Two." in said(recalled(opened(path), 0, cache))
    recalled(opened(path), 1, cache)
    assert len(compiled) == 3


GROWS = '[progression.hold]\nstart = "20s"\ngoal = "1min"\nstep = "5s"\nunlocks = "more"\n'


def test_other_targets_or_another_count_of_sessions_are_compiled(
    tmp_path: Path, cache: Cache, compiled: list[str]
) -> None:
    path = put(tmp_path / "card.toml", 'hold = "progression:hold"')
    path.write_text(path.read_text(encoding="utf-8") + GROWS, encoding="utf-8")
    days: list[dict[str, float]] = [{}, {"card/hold": 30.0}, {"card/hold": 35.0}, {"card/hold": 30.0}]
    timelines = [recalled(opened(path), 0, cache, targets=targets) for targets in days]
    assert [timeline.segments[0].duration for timeline in timelines] == [20, 30, 35, 30]
    assert len(compiled) == 3
    recalled(opened(path), 0, cache, finished=4)
    recalled(opened(path), 0, cache, finished=4)
    assert len(compiled) == 4


def test_another_best_is_compiled(tmp_path: Path, cache: Cache, compiled: list[str]) -> None:
    path = put(tmp_path / "card.toml", 'hold = "progression:hold"')
    path.write_text(path.read_text(encoding="utf-8") + GROWS, encoding="utf-8")
    bests: list[dict[str, float]] = [{}, {"card/hold": 30.0}, {"card/hold": 31.5}, {"card/hold": 30.0}]
    timelines = [recalled(opened(path), 0, cache, bests=each) for each in bests]
    assert [timeline.segments[0].best for timeline in timelines] == [None, 30.0, 31.5, 30.0]
    assert len(compiled) == 3


def test_many_sessions_of_a_script_are_of_one_reading(tmp_path: Path, cache: Cache) -> None:
    once = kept.Opened(opened(put(tmp_path / "card.toml", 'say = "One."')), cache)
    (tmp_path / "card.toml").unlink()
    assert once.name.endswith("card.toml")
    assert "One." in said(once.timeline(finished=1))
    assert not once.recalled
    assert once.timeline(finished=2) == once.timeline(finished=1)
    assert once.recalled


def test_what_the_history_asks_of_a_script_is_kept_too(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = put(tmp_path / "part.toml", 'hold = "progression:hold"')
    part.write_text(part.read_text(encoding="utf-8") + GROWS, encoding="utf-8")
    main = put(tmp_path / "main.toml", 'use = "./part.toml"')
    outline = kept.Opened(opened(main), cache).outline()
    assert outline.identity == "main"
    assert [(one.key, one.start, one.goal, one.step, one.unlocks) for one in outline.progressions] == [
        ("part/hold", 20.0, 60.0, 5.0, "more")
    ]
    with monkeypatch.context() as patch:
        patch.setattr(kept.Opened, "_read", lambda _: pytest.fail("read again"))
        assert kept.Opened(opened(main), cache).outline() == outline
        assert kept.Opened(opened(main), cache).identity == "main"
    part.write_text(part.read_text(encoding="utf-8").replace("20s", "25s"), encoding="utf-8")
    assert kept.Opened(opened(main), cache).outline().progressions[0].start == 25


def test_the_days_of_a_plan_are_kept_and_each_is_compiled_by_itself(
    tmp_path: Path, cache: Cache, compiled: list[str]
) -> None:
    put(tmp_path / "run.toml", 'run = "20s"')
    park = tmp_path / "park.toml"
    block = '[[block]]\nname = "Last"\nsteps = [ { run = "9s" } ]\n'
    park.write_text(
        f'title = "Park"\n[[plan]]\ndays = ["./run.toml", "./run.toml", "#Last"]\n{block}', encoding="utf-8"
    )
    for _ in range(2):
        plan = kept.Opened(opened(park), cache)
        days = plan.outline().days
        timelines = [plan.of(day).timeline() for day in days]
        assert [timeline.title for timeline in timelines] == ["Park, day 1", "Park, day 2", "Park, day 3"]
        assert [timeline.segments[-1].duration for timeline in timelines] == [20, 20, 9]
        assert [plan.of(day).identity for day in days] == ["run", "run", "park"]
        assert [said(timeline).split(".")[0] for timeline in timelines] == ["Day one", "Day two", "Day three"]
    assert len(compiled) == 3, "the second time all are recalled"
    put(tmp_path / "run.toml", 'run = "30s"')
    plan = kept.Opened(opened(park), cache)
    assert plan.of(plan.outline().days[0]).timeline().segments[-1].duration == 30


def test_a_script_without_a_file_is_known_by_its_title(cache: Cache) -> None:
    piped = read_standard_input(io.StringIO(CARD.format('say = "One."')))
    assert kept.Opened(piped, cache).identity == kept.Opened(piped, cache).outline().identity == "Card"


def test_a_script_that_is_used_and_changes(tmp_path: Path, cache: Cache, compiled: list[str]) -> None:
    main = put(tmp_path / "main.toml", 'use = "./part.toml"')
    part = put(tmp_path / "part.toml", 'use = "./inner.toml"')
    inner = put(tmp_path / "inner.toml", 'say = "One."')
    recalled(opened(main), 0, cache)
    recalled(opened(main), 0, cache)
    assert len(compiled) == 1
    put(inner, 'say = "Two."')
    assert "Two." in said(recalled(opened(main), 0, cache))
    part.unlink()
    with pytest.raises(ScriptError, match="part"):
        recalled(opened(main), 0, cache)


def test_a_workout_of_ones_own_that_takes_the_place_of_one_that_ships(tmp_path: Path, cache: Cache) -> None:
    main = put(tmp_path / "main.toml", 'use = "glute-bridge"')
    shipped = recalled(opened(main), 0, cache)
    put(folders.own_scripts() / "glute-bridge.toml", 'say = "Mine."')
    assert "Mine." in said(recalled(opened(main), 0, cache))
    (folders.own_scripts() / "glute-bridge.toml").unlink()
    assert recalled(opened(main), 0, cache) == shipped


def test_the_same_text_elsewhere_uses_what_is_there(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("here", "there"):
        put(tmp_path / place / "main.toml", 'use = "./part.toml"')
        put(tmp_path / place / "part.toml", f'say = "It is {place}."')
        assert f"is {place}." in said(recalled(opened(tmp_path / place / "main.toml"), 0, cache))
        monkeypatch.chdir(tmp_path / place)
        piped = read_standard_input(io.StringIO(CARD.format('use = "./part.toml"')))
        assert f"is {place}." in said(recalled(piped, 0, cache))
        assert f"is {place}." in said(recalled(opened(Path("main.toml")), 0, cache))


def test_a_home_that_moves_takes_its_scripts_along(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = put(tmp_path / "main.toml", 'use = "~/part.toml"')
    for person in ("ann", "bob"):
        put(tmp_path / person / "part.toml", f'say = "I am {person}."')
        monkeypatch.setenv("HOME", str(tmp_path / person))
        monkeypatch.setenv("USERPROFILE", str(tmp_path / person))
        assert f"am {person}." in said(recalled(opened(main), 0, cache))


def test_a_copy_of_a_folder_is_another_folder(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a" / "main.toml", 'use = "./part.toml"')
    put(tmp_path / "a" / "part.toml", 'say = "Old."')
    monkeypatch.chdir(tmp_path / "a")
    recalled(opened(Path("main.toml")), 0, cache)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    put(tmp_path / "a" / "part.toml", 'say = "New."')
    monkeypatch.chdir(tmp_path / "b")
    assert "New." in said(recalled(opened(Path("../a/main.toml")), 0, cache))
    assert "Old." in said(recalled(opened(Path("main.toml")), 0, cache))


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
def test_two_names_of_a_file_may_become_those_of_two(tmp_path: Path, cache: Cache) -> None:
    main = put(tmp_path / "main.toml", 'use = "./a.toml" }, { use = "./b.toml" }, { use = "legs"')
    put(tmp_path / "a.toml", 'say = "From a."')
    put(tmp_path / "c.toml", 'say = "From c."')
    folders.own_scripts().mkdir(parents=True)
    for link in (tmp_path / "b.toml", folders.own_scripts() / "legs.toml"):
        link.symlink_to(tmp_path / "a.toml")
    assert "From a. From a. From a." in said(recalled(opened(main), 0, cache))
    for link in (tmp_path / "b.toml", folders.own_scripts() / "legs.toml"):
        link.unlink()
        link.symlink_to(tmp_path / "c.toml")
    assert "From a. From c. From c." in said(recalled(opened(main), 0, cache))


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of this kind is a thing of POSIX")
def test_a_script_that_is_used_and_becomes_a_pipe_is_told(tmp_path: Path, cache: Cache) -> None:
    main = put(tmp_path / "main.toml", 'use = "./part.toml"')
    part = put(tmp_path / "part.toml", 'say = "One."')
    recalled(opened(main), 0, cache)
    part.unlink()
    os.mkfifo(part)
    with pytest.raises(ScriptError, match="no script at"):
        recalled(opened(main), 0, cache)


@pytest.mark.skipif(sys.platform == "win32", reason="a current folder cannot be removed there")
def test_a_script_from_a_folder_that_is_gone(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    piped = read_standard_input(io.StringIO(CARD.format('say = "One."')))
    assert "One." in said(recalled(piped, 0, cache))


def test_sessions_with_recordings_or_music_are_compiled_each_time(
    tmp_path: Path, cache: Cache, compiled: list[str]
) -> None:
    with wave.open(str(tmp_path / "coach.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(8820))
    put(tmp_path / "uses.toml", 'play = "coach.wav"')
    path = tmp_path / "card.toml"
    lines = '["Lift.", { text = "Hold.", audio = "coach.wav" }]'
    for text in (
        CARD.format('play = "coach.wav"'),
        CARD.format('say = "Hi."') + '[music]\nfiles = ["*.wav"]\n',
        CARD.format('say = "Hi."') + f"[cues]\nform = {lines}\n",
        CARD.format(f'hold = "2s", cues = {lines}'),
        CARD.format('run = "2s"') + f'[[reminder]]\ncues = {lines}\nevery = "1h"\n',
        CARD.format('use = "./uses.toml"'),
    ):
        path.write_text(text, encoding="utf-8")
        recalled(opened(path), 0, cache)
        recalled(opened(path), 0, cache)
    assert len(compiled) == 12
    assert "timeline" not in cache.usage()


def test_another_build_compiles_anew(
    tmp_path: Path, cache: Cache, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "card.toml", 'say = "One."')
    recalled(opened(path), 0, cache)
    monkeypatch.setattr(kept, "_build", lambda: "another")
    recalled(opened(path), 0, cache)
    assert len(compiled) == 2


def test_a_build_is_told_by_its_files() -> None:
    stamps = {path: size for path, size, _ in kept._stamps(Path(kept.__file__).parents[1])}
    assert stamps[str(Path(compiler.__file__))] == Path(compiler.__file__).stat().st_size
    assert any(path.endswith("en.toml") for path in stamps)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
def test_what_cannot_be_looked_at_belongs_to_no_build(tmp_path: Path) -> None:
    (tmp_path / ".#mixer.py").symlink_to("me@host.1:2")
    (tmp_path / "mixer.py").touch()
    assert [Path(path).name for path, *_ in kept._stamps(tmp_path)] == ["mixer.py"]


TEXTS = ["Card", "", "en", 0]
EMPTY: dict[str, object] = {
    "uses": [], "files": [], "contents": [], "segments": [], "voice": {"no": 1}, "texts": TEXTS,
}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"\xff\x00",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        *(json.dumps(EMPTY | {key: value}).encode() for key in EMPTY for value in (1, "x", [1], [[1, 2, 3]], {"x": 1})),
        json.dumps(EMPTY | {"files": [["a\0b", "0"]]}).encode(),
    ],
)
def test_an_entry_that_is_no_timeline_is_made_again(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "card.toml", 'say = "One."')
    cache = Cache(tmp_path / "cache")
    keys: list[str] = []
    original = caching.key

    def noting(kind: str, *made_from: object) -> str:
        keys.append(original(kind, *made_from))
        return keys[-1]

    monkeypatch.setattr(caching, "key", noting)
    expected = recalled(opened(path), 0, cache)
    assert cache.put(keys[0], content)
    assert recalled(opened(path), 0, cache) == expected


def test_mistakes_are_told_each_time(tmp_path: Path, cache: Cache) -> None:
    path = put(tmp_path / "card.toml", 'hold = "soon"')
    for _ in range(2):
        with pytest.raises(ScriptError, match="soon"):
            recalled(opened(path), 0, cache)


@pytest.mark.slow
def test_an_export_of_which_everything_is_kept_loads_next_to_nothing(tmp_path: Path) -> None:
    program = """
import sys
from voicecoach import pipeline
from voicecoach.export.exporter import export
script = pipeline.opened("bridge-progression")
due = pipeline.today(script)
assert due.finished == 1
assert due.targets
timeline = pipeline.compiled(script, targets=due.targets, finished=due.finished)
arrangement = pipeline.arrange_spoken(timeline, pipeline.choose_voice(timeline))
export(arrangement, sys.argv[1], cache=pipeline.cache())
print(*sorted({"numpy", "av", "pydantic", "subprocess", "concurrent.futures", "logging"} & set(sys.modules)))
"""
    target = tmp_path / "a.mp3"
    outputs = []
    with History.open(tmp_path / "home" / "history.sqlite3") as history:
        now = datetime.now(timezone.utc)  # noqa: UP017
        number = history.begin(script="bridge-progression", title="", digest="", seed=0, started=now)
        history.finish(number, now, finished=True)
        history.wish(Wish(progression="bridge-progression/bridge", day=date(2026, 3, 1), seconds=30.0))
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program, str(target)],
            env=os.environ | {"VOICECOACH_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append((done.stdout.split(), target.read_bytes()))
    assert "numpy" in outputs[0][0]
    assert outputs[1][0] == []
    assert outputs[0][1] == outputs[1][1]
