"""``voicecoach diff``: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli
from voicecoach.script import layout
from voicecoach.store import folders


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def shipped(name: str) -> str:
    return (folders.shipped_scripts() / f"{name}.toml").read_text(encoding="utf-8")


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ("diff", *arguments), input=stdin)


@pytest.mark.parametrize("name", ["intervals", "tempo-strength"])
def test_a_script_laid_out_sounds_the_same(name: str) -> None:
    Path("other.toml").write_text(layout.laid_out(f"# mine\n{shipped(name)}"), encoding="utf-8")
    done = run(name, "other.toml")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "both sound the same\n")


def test_what_is_heard_otherwise_is_told() -> None:
    done = run("glute-bridge", "-", stdin=shipped("glute-bridge").replace("Ribs down.", "Ribs low."))
    assert done.exit_code == 1
    first, second, *lines = done.stdout.splitlines()
    assert first.startswith("--- glute-bridge  4:")
    assert second.startswith("+++ -  4:")
    assert [line for line in lines if "Ribs low." in line]


def test_json_is_for_programs() -> None:
    done = run("-f", "json", "intervals", "intervals")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["changes"] == []
    assert run("-f", "json", "intervals", "glute-bridge").exit_code == 1


def test_mistakes_of_both_are_told() -> None:
    for name in ("one.toml", "two.toml"):
        Path(name).write_text("title = 3\n", encoding="utf-8")
    done = run("one.toml", "two.toml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "one.toml:1:1" in done.stderr
    assert "two.toml:1:1" in done.stderr


def test_standard_input_is_read_once() -> None:
    assert run("-", "-", stdin="").exit_code == 2
