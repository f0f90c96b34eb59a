"""A file that is saved is told, however an editor saves it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from voicecoach.authoring.saves import Saves
from voicecoach.errors import AuthoringError

SOON = 10.0
"""Seconds in which a save is told on the busiest machine."""
pytestmark = pytest.mark.slow


def in_place(path: Path) -> None:
    path.write_text("after", encoding="utf-8")


def by_renaming(path: Path) -> None:
    new = path.with_name(".new")
    new.write_text("after", encoding="utf-8")
    new.replace(path)


def by_taking_away(path: Path) -> None:
    path.unlink()
    path.write_text("after", encoding="utf-8")


@pytest.mark.parametrize("save", [in_place, by_renaming, by_taking_away])
def test_a_save_is_told_once(tmp_path: Path, save: Callable[[Path], None]) -> None:
    path = tmp_path / "script.toml"
    path.write_text("before", encoding="utf-8")
    with Saves([path]) as saves:
        save(path)
        assert saves.wait(SOON)
        assert not saves.wait(0.3)
        save(path)
        assert saves.wait(SOON)


def test_another_file_is_not(tmp_path: Path) -> None:
    with Saves([tmp_path / "script.toml"]) as saves:
        (tmp_path / "other.toml").write_text("x", encoding="utf-8")
        assert not saves.wait(0.5)
        assert not saves.wait(0)


def test_one_that_is_used_since_is(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    with Saves([tmp_path / "script.toml"]) as saves:
        saves.follow([tmp_path / "more" / "used.toml"])
        in_place(tmp_path / "more" / "used.toml")
        assert saves.wait(SOON)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(AuthoringError, match=r"voicecoach\[watch\]"), Saves([tmp_path / "x"]):
        pass
