"""Captions, covers and feeds, as a person asks for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import CliRunner, Result
from mutagen.id3 import ID3

from voicecoach.cli import cli
from voicecoach.export.captions import KINDS

SHORT = """
title = "Short"
[[block]]
steps = [ { hold = "3s", name = "Bridge" }, { rest = "2s" } ]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with scripts in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("short", "other"):
        Path(f"{name}.toml").write_text(SHORT, encoding="utf-8")
    return tmp_path


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--voice", "tone"], **options)


def made() -> list[str]:
    return sorted(path.name for path in Path().iterdir() if path.suffix != ".toml")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_compile_prints_what_export_writes(kind: str) -> None:
    assert run("export", "short.toml", "--captions", kind).exit_code == 0
    written = Path(f"short{KINDS[kind].suffix}").read_text(encoding="utf-8")
    assert run("compile", "short.toml", "-f", kind).stdout == written


def test_captions_can_be_had_of_an_estimate() -> None:
    printed = CliRunner().invoke(cli, ["compile", "short.toml", "-f", "vtt", "--estimate"]).stdout
    assert printed.startswith("WEBVTT\nLanguage: en\n\n00:00:00.000 --> ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "files"),
    [
        (["--captions", "short.toml"], ["short.mp3", "short.vtt"]),
        (["short.toml", "--captions"], ["short.mp3", "short.vtt"]),
        (["--captions", "srt", "short.toml", "--captions=lrc"], ["short.lrc", "short.mp3", "short.srt"]),
        (["short.toml", "other.toml", "--captions"], ["other.mp3", "other.vtt", "short.mp3", "short.vtt"]),
    ],
)
def test_captions_are_asked_for_with_or_without_their_kind(asked: list[str], files: list[str]) -> None:
    result = run("export", *asked)
    assert (result.exit_code, result.output) == (0, "")
    assert made() == files


def test_captions_of_no_kind_are_told_with_those_there_are() -> None:
    result = run("export", "short.toml", "--captions=ass")
    assert result.exit_code == 2
    assert "'vtt', 'srt', 'lrc', 'chapters'" in result.stderr
    assert made() == []


@pytest.mark.slow
def test_what_is_written_is_told() -> None:
    told = run("export", "short.toml", "--captions", "--verbose").stderr
    assert "short.mp3  0:" in told
    assert "\nshort.vtt\n" in told


@pytest.mark.slow
def test_a_cover_is_drawn_where_it_is_asked_for() -> None:
    assert run("export", "short.toml", "--cover").exit_code == 0
    assert [picture.mime for picture in ID3("short.mp3").getall("APIC")] == ["image/jpeg"]
    run("export", "short.toml")
    assert ID3("short.mp3").getall("APIC") == []


@pytest.mark.slow
def test_where_there_is_no_place_for_a_cover_it_is_told() -> None:
    result = run("export", "short.toml", "--cover", "--format", "wav")
    assert (result.exit_code, made()) == (0, ["short.wav"])
    assert "short.wav: --cover changes nothing in WAV" in result.stderr


@pytest.mark.slow
def test_a_feed_names_what_stands_beside_a_file_and_writes_chapters_where_asked() -> None:
    def feed(*options: str) -> Any:
        done = CliRunner().invoke(cli, ["feed", ".", "--base-url", "https://example.org", *options])
        assert done.exit_code == 0
        return feedparser.parse(done.stdout_bytes).entries[0]

    run("export", "short.toml", "--captions")
    assert "podcast_chapters" not in feed()
    episode = feed("--chapters")
    assert episode.podcast_chapters["url"] == "https://example.org/short.chapters.json"
    assert episode.podcast_transcript["url"] == "https://example.org/short.vtt"
    chapters = json.loads(Path("short.chapters.json").read_text(encoding="utf-8"))["chapters"]
    assert [one["title"] for one in chapters] == ["Bridge", "Rest"]
    old = Path("short.chapters.json").read_text(encoding="utf-8")
    Path("short.chapters.json").write_text(old.replace("Bridge", "Plank"), encoding="utf-8")
    feed("--chapters")
    assert Path("short.chapters.json").read_text(encoding="utf-8") == old
    Path("short.chapters.json").write_text("mine", encoding="utf-8")
    feed("--chapters")
    assert Path("short.chapters.json").read_text(encoding="utf-8") == "mine"


def test_a_feed_tells_which_chapters_it_renews_and_which_it_leaves() -> None:
    run("export", "short.toml", "--captions", "chapters")
    old = Path("short.chapters.json").read_text(encoding="utf-8")
    call = ["feed", ".", "--base-url", "https://example.org", "--chapters", "-o", "feed.xml"]
    assert "chapters.json" not in CliRunner().invoke(cli, call).stderr
    Path("short.chapters.json").write_text(old.replace("Bridge", "Plank"), encoding="utf-8")
    assert "short.chapters.json: renewed, because short.mp3 has" in CliRunner().invoke(cli, call).stderr
    Path("short.chapters.json").write_text("{}", encoding="utf-8")
    assert "short.chapters.json: was written by somebody else, and stays" in CliRunner().invoke(cli, call).stderr


def test_a_feed_says_where_audio_below_its_folder_is() -> None:
    Path("inner").mkdir()
    run("export", "short.toml", "-o", "inner/short.mp3")
    call = ["feed", ".", "--base-url", "https://example.org", "-o", "feed.xml"]
    done = CliRunner().invoke(cli, call)
    assert done.exit_code == 1
    assert "; there are some in inner: name that folder" in done.stderr
    run("export", "short.toml")
    assert "inner: what is in it is left out" in CliRunner().invoke(cli, call).stderr


def test_titles_of_numbered_sessions_carry_the_number() -> None:
    run("export", "short.toml", "--sessions", "1-2", "-o", "out")
    assert [ID3(f"out/short-0{n}.mp3")["TIT2"].text[0][-3:] for n in (1, 2)] == [" 01", " 02"]


def test_a_blank_title_is_the_name_of_the_script() -> None:
    text = Path("short.toml").read_text(encoding="utf-8")
    start = text.index("title")
    Path("blank.toml").write_text('title = "  "' + text[text.index("\n", start) :], encoding="utf-8")
    run("export", "blank.toml")
    assert ID3("blank.mp3")["TIT2"].text == ["blank"]


def test_kinds_of_captions_in_capitals_and_ones_that_there_are_not() -> None:
    assert run("export", "short.toml", "--captions", "VTT").exit_code == 0
    assert Path("short.vtt").is_file()
    assert CliRunner().invoke(cli, ["compile", "short.toml", "-f", "VTT", "--estimate"]).exit_code == 0
    refused = run("export", "short.toml", "--captions", "pdf")
    assert refused.exit_code == 2
    assert "'pdf' is not one of 'vtt', 'srt', 'lrc', 'chapters'" in refused.stderr


def test_a_bitrate_that_a_size_limit_overrules_is_told() -> None:
    done = run("export", "short.toml", "--bitrate", "320", "--size-limit", "60k")
    assert done.exit_code == 0
    assert "kbit/s, because 320 do not fit in" in done.stderr
