"""What ``check`` gives to programs, and where it says that things stand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli

UNEQUAL = """\
title = "Stretch"
[[block]]
steps = [
  { hold = "40s", name = "Calf left" },
  { rest = "9s" },
  { hold = "30s", name = "Calf right" },
]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["check", *arguments])


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def rows(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("-f", "json", *arguments).stdout)
    return found


class TestText:
    def test_a_warning_ends_with_its_code(self) -> None:
        line = run(write("x.toml", UNEQUAL)).stdout
        assert re.fullmatch(
            r"x\.toml:6:5: block\[0\]\.steps\[2\]\.hold: warning: 0:5\d Calf right: "
            r"the left side gets 40s, the right 30s \[VC122\]\n",
            line,
        )

    def test_what_is_silenced_lets_strict_pass(self) -> None:
        assert run("--strict", write("x.toml", UNEQUAL)).exit_code == 1
        meant = UNEQUAL.replace('name = "Calf right" },', 'name = "Calf right" },  # check: ok VC122, it is tight')
        result = run("--strict", write("x.toml", meant))
        assert (result.exit_code, result.stdout) == (0, "")

    def test_a_silence_of_a_script_that_is_used_holds_in_it(self) -> None:
        used = 'title = "Part"\n[[block]]\nsteps = [\n  { hold = "9s", switch = "3s" },  # check: ok VC130\n]\n'
        write("part.toml", used)
        uses = write("x.toml", 'title = "x"\n[[block]]\nsteps = [ { use = "./part.toml" } ]\n')
        assert run("--strict", uses).stdout == ""
        write("part.toml", used.replace("VC130", "VC131"))
        assert "part.toml:4:18: " in run(uses).stdout

    def test_a_silence_survives_being_laid_out(self) -> None:
        text = UNEQUAL.replace('"30s", name = "Calf right" },', '"30s", name="Calf right" },  # check: ok VC122')
        name = write("x.toml", text)
        assert CliRunner().invoke(cli, ["fmt", name]).exit_code == 0
        assert Path(name).read_text(encoding="utf-8") != text
        assert run("--strict", name).stdout == ""


class TestJson:
    def test_a_warning(self) -> None:
        (row,) = rows(write("x.toml", UNEQUAL))
        assert {key: row[key] for key in ("code", "name", "severity", "file", "line", "column", "key", "times")} == {
            "code": "VC122",
            "name": "sides-unequal",
            "severity": "warning",
            "file": "x.toml",
            "line": 6,
            "column": 5,
            "key": "block[0].steps[2].hold",
            "times": 1,
        }
        assert "the left side gets 40s, the right 30s" in row["message"]
        assert "sides = true" in row["remedy"]
        assert row["clock"].startswith("0:5")
        assert 50 <= row["seconds"] < 60

    def test_the_page_shows_the_keys_there_are(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
        shown = json.loads(re.findall(r"^```json\n(\{\n  \"code.*?)^```$", page, re.MULTILINE | re.DOTALL)[0])
        assert list(shown) == list(rows(write("x.toml", UNEQUAL))[0])

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ('title = "x\n', "VC001", 1),
            ('title = "x"\n[[block]]\nsteps = [ { hold = "9" } ]\n', "VC002", 3),
            ("", "VC003", None),
            ('title = "x"\n[[block]]\nsteps = [ { play = "no.wav" } ]\n', "VC002", 3),
        ],
    )
    def test_a_mistake(self, text: str, code: str, line: int | None) -> None:
        result = run("-f", "json", write("x.toml", text))
        assert result.exit_code == 2
        first = json.loads(result.stdout)[0]
        assert (first["code"], first["severity"], first["line"], first["file"]) == (code, "error", line, "x.toml")
        assert first["clock"] is None

    def test_of_several_scripts_one_list(self) -> None:
        write("x.toml", UNEQUAL)
        write("y.toml", "")
        assert [row["file"] for row in rows("x.toml", "y.toml", "nowhere.toml")] == ["x.toml", "y.toml", "nowhere.toml"]

    def test_nothing_is_an_empty_list(self) -> None:
        assert rows("glute-bridge") == []

    def test_quiet_leaves_mistakes(self) -> None:
        write("y.toml", "")
        assert [row["file"] for row in rows("--quiet", write("x.toml", UNEQUAL), "y.toml")] == ["y.toml"]

    @pytest.mark.slow
    def test_what_is_in_the_way_of_hearing_it_has_a_code(self) -> None:
        (row,) = rows("--voice", "nobody-at-all", write("x.toml", UNEQUAL))
        assert (row["code"], row["severity"], row["line"]) == ("VC004", "error", None)

    @pytest.mark.slow
    def test_a_voice_that_is_not_here_is_told_at_its_key(self) -> None:
        wish = '[voice]\nname = "nobody-at-all"\n'
        codes = {row["code"]: row for row in rows(write("x.toml", f"{UNEQUAL}{wish}"))}
        assert (codes["VC140"]["line"], codes["VC140"]["key"]) == (9, "voice.name")


class TestGithub:
    def test_each_is_an_annotation_at_its_line(self) -> None:
        write("x.toml", UNEQUAL)
        write("y.toml", 'title = "y"\n[[block]]\nsteps = [ { hold = "9" } ]\n')
        warning, error = run("-f", "github", "x.toml", "y.toml").stdout.splitlines()
        assert warning.startswith(
            "::warning file=x.toml,line=6,col=5,title=VC122 sides-unequal::block[0].steps[2].hold: "
        )
        assert error.startswith("::error file=y.toml,line=3,col=13,title=VC002 format::block[0].steps[0].hold: ")

    def test_what_would_end_it_is_escaped(self) -> None:
        write("50%,a:b.toml", 'title = "y"\n[[block]]\nsteps = [ { hold = "50%\\n::error::no" } ]\n')
        (line,) = run("-f", "github", "50%,a:b.toml").stdout.splitlines()
        assert line.startswith("::error file=50%25%2Ca%3Ab.toml,line=3,")
        assert '"50%25' in line
        assert "%0A::error::no" in line or "\\n" in line

    def test_a_file_that_cannot_be_read_has_no_line(self) -> None:
        assert run("-f", "github", "nowhere.toml").stdout.startswith(
            "::error file=nowhere.toml,title=VC003 unreadable-file::there is no such file"
        )
