"""``check --watch`` and ``play --watch``: a script that is saved is checked, or heard, at once."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner

from voicecoach.cli import cli
from voicecoach.play import sinks
from voicecoach.play.session import Session
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.store.history import History

pytestmark = pytest.mark.slow

RIGHT = """
title = "Watched"
[[block]]
steps = [
  { say = "Lie down." },
  { hold = "20s", name = "Bridge" },
  { rest = "20s" },
  { hold = "30s", name = "Plank" },
]
"""
SOON = 20.0
"""Seconds in which a program answers on the busiest machine."""


class Watching:
    """A ``check --watch`` that runs, and what it says."""

    def __init__(self, script: Path) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "voicecoach", "check", "--watch", str(script)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, daemon=True).start()

    def said(self) -> str:
        """What it says until it waits for the next save."""
        text = ""
        while "waiting for the next save" not in text:
            text += self._lines.get(timeout=SOON)
        return text

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "watched.toml"
    path.write_text(RIGHT, encoding="utf-8")
    return path


@pytest.fixture
def watching(script: Path) -> Iterator[Watching]:
    found = Watching(script)
    yield found
    found.process.kill()
    found.process.wait()
    assert found.process.stdout is not None
    found.process.stdout.close()


def test_check_answers_each_save(script: Path, watching: Watching) -> None:
    assert "no mistakes, no warnings" in watching.said()
    script.write_text(RIGHT.replace('"20s", name', '"20", name'), encoding="utf-8")
    assert re.search(r'watched\.toml:6:\d+: .*"20" has no unit', watching.said())
    script.write_text(RIGHT, encoding="utf-8")
    assert "no mistakes, no warnings" in watching.said()


def test_check_answers_also_when_a_script_that_is_used_is_saved(script: Path, watching: Watching) -> None:
    watching.said()
    used = script.with_name("used.toml")
    used.write_text(RIGHT, encoding="utf-8")
    script.write_text('title = "Uses"\n[[block]]\nsteps = [ { use = "./used.toml" } ]\n', encoding="utf-8")
    assert "no mistakes" in watching.said()
    used.write_text(RIGHT.replace("hold", "hodl"), encoding="utf-8")
    assert "used.toml:6:" in watching.said()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a whole console there")
def test_check_ends_with_ctrl_c(watching: Watching) -> None:
    watching.said()
    os.kill(watching.process.pid, signal.SIGINT)
    assert watching.process.wait(SOON) == 130


@pytest.mark.parametrize("options", [["check", "--watch", "-"], ["check", "--watch", "-f", "json", "glute-bridge"]])
def test_what_cannot_be_watched_is_refused(options: list[str]) -> None:
    done = CliRunner().invoke(cli, options, input=RIGHT)
    assert done.exit_code == 2
    assert "--watch is for files" in done.output


class LiveMemory(MemorySink):
    live = True


Act = Callable[[], None] | Wish


class Author:
    """Listens, and does something at some second of what is played, the first time, the second…"""

    def __init__(self, sinks: list[MemorySink], acts: list[tuple[int, float, Act]]) -> None:
        self._sinks = sinks
        self._acts = acts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def read(self, seconds: float) -> Wanted | None:
        sink = self._sinks[-1]
        if self._acts and self._acts[0][:2] <= (len(self._sinks), sink.played() / sink.rate):
            _, _, act = self._acts.pop(0)
            if isinstance(act, Wish):
                return Wanted(act)
            act()
            time.sleep(0.5)  # until the system has told of it
        else:
            sink.step(round(seconds * sink.rate))
        return None


@pytest.fixture
def play(script: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Plays the script for an author, and gives what is printed."""
    monkeypatch.setattr(Session, "_patience", lambda session: None)

    def played(*acts: tuple[int, float, Act]) -> str:
        opened: list[MemorySink] = []

        def opens(name: str, device: str | None) -> MemorySink:
            opened.append(LiveMemory(keep=False))
            return opened[-1]

        monkeypatch.setattr(sinks, "open", opens)
        monkeypatch.setattr("voicecoach.cli.keys.keyboard", lambda: Author(opened, list(acts)))
        options = ["play", str(script), "--watch", "--output", "memory", "--voice", "tone", "--plain"]
        done = CliRunner().invoke(cli, options)
        assert done.exit_code == 0, done.output
        return done.output

    return played


def test_play_goes_on_from_the_step_that_was_edited(script: Path, play: Callable[..., str]) -> None:
    def edit() -> None:
        script.write_text(RIGHT.replace('"Plank"', '"Side plank"'), encoding="utf-8")

    said = play((1, 5.0, edit), (2, 2.0, Wish.END))
    assert re.search(r"Bridge.*\n.*Side plank", said)
    assert "Rest" not in said
    with History.open() as history:
        assert not history.sessions(), "trying a script out is not exercise"


def test_play_goes_on_where_it_is_while_the_script_has_mistakes(script: Path, play: Callable[..., str]) -> None:
    def spoil() -> None:
        script.write_text(RIGHT.replace('hold = "30s"', 'hold = "30"'), encoding="utf-8")

    said = play((1, 5.0, spoil), (1, 40.0, Wish.END))
    assert 'watched.toml:8:5: block[0].steps[3].hold: "30" has no unit' in said
    assert "Rest" in said


def test_play_goes_on_where_it_is_where_nothing_else_is_heard(script: Path, play: Callable[..., str]) -> None:
    def comment() -> None:
        script.write_text(f"# mine\n{RIGHT}", encoding="utf-8")

    said = play((1, 5.0, comment), (1, 40.0, Wish.END))
    assert "saved; what is heard is the same" in said
    assert "Rest" in said


@pytest.mark.parametrize("options", [["-"], ["glute-bridge", "--resume"]])
def test_play_refuses_what_it_cannot_watch(options: list[str]) -> None:
    done = CliRunner().invoke(cli, ["play", "--watch", *options], input=RIGHT)
    assert done.exit_code == 2
    assert "--watch is for a script in a file" in done.output
