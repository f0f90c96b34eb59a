"""``voicecoach fmt``: which files it writes, and how."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli

UNTIDY = 'title="Bridge" # mine\n[[block]]\nsteps=[{hold="30s"},{rest="5s"}]\n'
TIDY = 'title = "Bridge"  # mine\n\n[[block]]\nsteps = [\n  { hold = "30s" },\n  { rest = "5s" },\n]\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("bridge.toml").write_text(UNTIDY, encoding="utf-8", newline="\n")
    return tmp_path


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ("fmt", *arguments), input=stdin)


def text_of(name: str) -> str:
    return Path(name).read_bytes().decode("utf-8")


def test_a_script_is_laid_out_once_and_for_all(here: Path) -> None:
    done = run("bridge.toml")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "1 script laid out anew, of 1\n")
    assert text_of("bridge.toml") == TIDY
    assert sorted(path.name for path in here.iterdir() if path.is_file()) == ["bridge.toml"]
    before = Path("bridge.toml").stat()
    assert run("bridge.toml").stderr == "0 scripts laid out anew, of 1\n"
    assert Path("bridge.toml").stat().st_mtime_ns == before.st_mtime_ns


def test_check_writes_nothing() -> None:
    done = run("--check", "bridge.toml")
    assert (done.exit_code, done.stdout) == (1, "bridge.toml: would be laid out otherwise\n")
    assert text_of("bridge.toml") == UNTIDY
    Path("bridge.toml").write_text(TIDY, encoding="utf-8", newline="\n")
    assert run("--check", "bridge.toml").exit_code == 0


def test_stdout_leaves_the_file_as_it_is() -> None:
    done = run("--stdout", "bridge.toml")
    assert (done.exit_code, done.stdout, done.stderr) == (0, TIDY, "")
    assert text_of("bridge.toml") == UNTIDY


def test_standard_input_goes_to_standard_output() -> None:
    assert run("-", stdin=UNTIDY).stdout == TIDY
    wrong = run("-", stdin="title = 3\n")
    assert (wrong.exit_code, wrong.stdout) == (2, "")


def test_only_one_script_is_printed() -> None:
    assert run("-", "bridge.toml", stdin=UNTIDY).exit_code == 2


def test_a_script_with_mistakes_is_told_and_left_and_the_others_are_laid_out() -> None:
    wrong = 'title="x"\n[[block]]\nsteps=[{hold="30"}]\n'
    Path("wrong.toml").write_text(wrong, encoding="utf-8")
    done = run("wrong.toml", "bridge.toml")
    assert done.exit_code == 2
    assert 'wrong.toml:3:9: block[0].steps[0].hold: "30" has no unit' in done.stderr
    assert Path("wrong.toml").read_text(encoding="utf-8") == wrong
    assert text_of("bridge.toml") == TIDY


def test_a_shipped_script_is_not_written_by_its_name() -> None:
    done = run("intervals")
    assert done.exit_code == 2
    assert "copy it first" in done.stderr
    assert run("--stdout", "intervals").exit_code == 0


def test_a_script_of_ones_own_is_written_by_its_name() -> None:
    own = Path("home") / "scripts" / "intervals.toml"
    own.parent.mkdir(parents=True)
    own.write_text(UNTIDY, encoding="utf-8")
    assert run("intervals").exit_code == 0
    assert own.read_bytes().decode("utf-8") == TIDY


@pytest.mark.skipif(sys.platform == "win32", reason="permissions and links are others there")
def test_permissions_and_links_stay() -> None:
    Path("bridge.toml").chmod(0o640)
    Path("link.toml").symlink_to("bridge.toml")
    assert run("link.toml").exit_code == 0
    assert Path("link.toml").is_symlink()
    assert text_of("bridge.toml") == TIDY
    assert Path("bridge.toml").stat().st_mode & 0o777 == 0o640
