"""Every code is explained, by examples that are what they say they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from voicecoach.cli import cli
from voicecoach.review import catalogue
from voicecoach.script.codes import Code

ENTRIES = list(catalogue.entries().values())
WITHOUT = {Code.UNREADABLE_FILE, Code.INAUDIBLE, Code.VOICE_NOTE, Code.RECORDING_NOT_SAID}
"""What is not the fault of a script alone."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def told(script: str) -> set[str]:
    """The codes under which something is told of a script."""
    Path("card.toml").write_text(script, encoding="utf-8")
    return {each["code"] for each in json.loads(CliRunner().invoke(cli, ["check", "-f", "json", "card.toml"]).stdout)}


def test_every_code_has_an_entry() -> None:
    assert list(catalogue.entries()) == list(Code)
    names = [entry.name for entry in ENTRIES]
    assert len(set(names)) == len(names)
    assert {entry.code for entry in ENTRIES if not entry.wrong} == WITHOUT


def test_every_code_is_given_somewhere() -> None:
    package = Path(catalogue.__file__).parents[1]
    sources = [path for path in package.rglob("*.py") if path.name not in ("codes.py", "places.py")]
    given = {name for path in sources for name in re.findall(r"\bCode\.([A-Z_]+)", path.read_text(encoding="utf-8"))}
    given |= {"UNUSED_SILENCE", "UNKNOWN_SILENCE"}
    assert given == set(Code.__members__)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, marks=[pytest.mark.slow] if entry.code == Code.VOICE else [], id=entry.code)
        for entry in ENTRIES
        if entry.wrong
    ],
)
def test_the_wrong_example_is_told_of_and_the_right_one_is_not(entry: catalogue.Entry) -> None:
    assert entry.code in told(entry.wrong)
    assert told(entry.right) == set()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
@pytest.mark.parametrize("asked", ["code", "name"])
def test_an_entry_is_shown_by_its_code_or_its_name(entry: catalogue.Entry, asked: str) -> None:
    shown = CliRunner().invoke(cli, ["check", "--explain", getattr(entry, asked).lower()])
    assert shown.exit_code == 0
    assert shown.stdout.startswith(f"{entry.code} {entry.name} ({entry.severity})\n")
    words = " ".join(shown.stdout.split())
    assert all(" ".join(part.split()) in words for part in (entry.title, entry.why, entry.remedy, entry.wrong))


@pytest.mark.parametrize("arguments", [["--explain"], ["--explain", "all"]])
def test_without_a_code_all_are_listed(arguments: list[str]) -> None:
    rows = CliRunner().invoke(cli, ["check", *arguments]).stdout.splitlines()
    assert [row.split("\t")[0] for row in rows] == [code.value for code in Code]


@pytest.mark.parametrize(("asked", "meant"), [("VC199", "VC19"), ("crowdd", '"crowded"')])
def test_an_unknown_code_is_told_with_near_ones(asked: str, meant: str) -> None:
    shown = CliRunner().invoke(cli, ["check", "--explain", asked])
    assert shown.exit_code == 2
    assert f'there is no code "{asked}" (did you mean "' in " ".join(shown.stderr.split())
    assert meant in shown.stderr


def test_a_shell_completes_codes() -> None:
    completed = ShellComplete(cli, {}, "voicecoach", "_VOICECOACH_COMPLETE").get_completions(
        ["check", "--explain"], "vc19"
    )
    assert [each.value for each in completed] == ["VC190", "VC191"]
