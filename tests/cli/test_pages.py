"""``export`` to a page for the phone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from phone_pages import maze

from voicecoach.cli import cli

SHORT = """
title = "Short one"
[[block]]
steps = [ { hold = "4s", name = "Bridge" }, { ready = "Go on." }, { hold = "3s", name = "Again" } ]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("short.toml").write_text(SHORT, encoding="utf-8")
    Path("other.toml").write_text(SHORT.replace("Short", "Other"), encoding="utf-8")
    return tmp_path


def export(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export", *arguments, "--voice", "tone"])


def table(page: str) -> dict[str, object]:
    text = Path(page).read_text(encoding="utf-8")
    found = re.search(r'<script id="table" type="application/json">(.*?)</script>', text)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_a_name_that_ends_in_html_is_a_page(here: Path) -> None:
    done = export("short.toml", "-o", "my.html")
    assert (done.exit_code, done.output) == (0, "")
    assert table("my.html")["title"] == "Short one"
    assert sorted(path.name for path in here.iterdir()) == ["my.html", "other.toml", "short.toml"]


@pytest.mark.slow
def test_so_is_what_is_for_a_phone(here: Path) -> None:
    assert export("short.toml", "--for", "phone").exit_code == 0
    assert table("short.html")["title"] == "Short one"
    assert export("short.toml", "other.toml", "--for", "phone", "-o", "site").exit_code == 0
    assert [table(f"site/{name}.html")["title"] for name in ("short", "other")] == ["Short one", "Other one"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "called"), [("m4a", "audio/mp4"), ("mp3", "audio/mpeg"), ("opus", "audio/ogg"), ("wav", "audio/wav")]
)
def test_the_format_of_its_audio_can_be_chosen(kind: str, called: str) -> None:
    assert export("short.toml", "-o", "my.html", "--format", kind).exit_code == 0
    assert table("my.html")["type"] == called


def test_what_it_says_of_the_session_is_how_long_it_is_usually(here: Path) -> None:
    done = CliRunner().invoke(cli, ["-v", "export", "short.toml", "-o", "my.html", "--voice", "tone"])
    assert done.exit_code == 0
    assert re.search(r"my\.html +0:2\d +[\d.]+ kB", done.output)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--captions", "vtt"), "--captions is for audio files"),
        (("--cover",), "--cover is for audio files"),
        (("--split", "step"), "--split is for audio files"),
        (("--for", "garmin"), "-o my.html is a page for a phone, and --for garmin something else"),
        (("--format", "flaac"), "flaac"),
    ],
)
def test_what_means_nothing_of_a_page_is_refused(here: Path, arguments: tuple[str, ...], complaint: str) -> None:
    done = export("short.toml", "-o", "my.html", *arguments)
    assert done.exit_code == 2
    assert complaint in " ".join(done.output.split())
    assert not (here / "my.html").exists()


def test_several_pages_go_into_a_folder(here: Path) -> None:
    done = export("short.toml", "other.toml", "-o", "my.html")
    assert done.exit_code == 2
    assert "my.html is one file, and there are several scripts" in " ".join(done.output.split())


def test_a_maze_of_questions_is_told_and_leaves_nothing(here: Path) -> None:
    Path("maze.toml").write_text(maze(9), encoding="utf-8")
    done = export("maze.toml", "-o", "maze.html")
    assert done.exit_code == 1
    assert "ways through them" in done.output
    assert not Path("maze.html").exists()
