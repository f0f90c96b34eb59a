"""The tutorial is done as it is read: its scripts saved, its commands typed, what it shows compared."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_docs import ROOT, Fence, fences

from voicecoach.cli import cli
from voicecoach.play import sinks
from voicecoach.play.session import Session
from voicecoach.play.sinks.memory import MemorySink

PAGE = ROOT / "docs" / "tutorial.md"
SCRIPT = "wall-sit.toml"
"""The one that the reader saves, and saves again."""


class Typed:
    """What the last command came to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.lines: list[str] = []
        self.last: Result | None = None

    def type(self, line: str) -> None:
        """Types a line of the tutorial."""
        program, *arguments = shlex.split(line)
        assert program == "voicecoach"
        if arguments[0] == "play":
            sink = MemorySink(keep=False)
            self._monkeypatch.setattr(sinks, "open", lambda name, device: sink)
        self.last = CliRunner().invoke(cli, arguments)
        assert self.last.exit_code == 0, f"{line}: {self.last.output}"
        self.lines.append(line)


@pytest.mark.slow
def test_the_tutorial_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Session, "_patience", lambda session: None)
    typed = Typed(monkeypatch)
    for fence in fences(PAGE):
        follow(fence, typed)
    assert len(typed.lines) > 15
    assert (tmp_path / "wall-sit.mp3").stat().st_size > 100_000
    assert (tmp_path / "watch" / "Music" / "Wall sit.m4a").stat().st_size > 100_000


def follow(fence: Fence, typed: Typed) -> None:
    """Does what a fenced part of the page says."""
    match fence.language:
        case "toml":
            Path(SCRIPT).write_text(fence.text, encoding="utf-8")
        case "sh":
            for line in fence.text.splitlines():
                typed.type(line)
        case "text":
            assert typed.last is not None
            assert fence.text.strip() in typed.last.output, "the tutorial shows something else"
        case _:
            raise AssertionError(f"{PAGE.name}:{fence.line}: what is {fence.language}?")


def test_every_fenced_part_of_the_tutorial_is_a_script_a_command_or_what_comes_out() -> None:
    assert {fence.language for fence in fences(PAGE)} == {"toml", "sh", "text"}
    assert not re.search(r"^    \S", PAGE.read_text(encoding="utf-8"), re.MULTILINE), "an example that nothing runs"


@pytest.mark.slow
@pytest.mark.parametrize(
    "fence", [fence for fence in fences(PAGE) if fence.language == "toml"], ids=lambda fence: fence.line
)
def test_what_the_reader_saves_has_no_warnings_however_long_it_has_grown(fence: Fence, tmp_path: Path) -> None:
    path = tmp_path / SCRIPT
    for start in range(20, 65, 5):
        path.write_text(fence.text.replace('"20s"', f'"{start}s"'), encoding="utf-8")
        assert CliRunner().invoke(cli, ["check", "--strict", "--no-history", str(path)]).exit_code == 0, start
