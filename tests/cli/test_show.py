"""``voicecoach show``: what it prints and draws, and its exit codes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browsers import Browser
from click.testing import CliRunner, Result

from voicecoach.cli import cli
from voicecoach.review.chart import page
from voicecoach.store.history import History, Wish

SHORT = """
title = "Short <b>"
[announce]
style = "voice"
[cues]
form = ["Squeeze.", "Breathe.", "Slowly."]
[[block]]
steps = [ { hold = "12s", name = "Bridge", sides = true, switch = "4s", cues = "form", every = "4s" }, { rest = "5s" } ]
"""
GROWS = """
title = "Grows"
[progression.hold]
start = "20s"
goal = "1min"
step = "5s"
[[block]]
steps = [ { hold = "progression:hold", name = "Plank" } ]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("short.toml").write_text(SHORT, encoding="utf-8")
    Path("grows.toml").write_text(GROWS, encoding="utf-8")


def run(*arguments: str, stdin: str | None = None, **env: str) -> Result:
    return CliRunner(env=env).invoke(cli, ("show", *arguments), input=stdin)


def shown(*arguments: str, **env: str) -> list[str]:
    result = run(*arguments, **env)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


class TestTerminal:
    def test_it_shows_the_lanes_and_how_long_all_is(self) -> None:
        lines = shown("short.toml", COLUMNS="80")
        assert lines[0] == "Short <b>"
        assert re.fullmatch(r"0:\d\d in 4 steps \(lines estimated\)", lines[1])
        lanes = [line.split()[0] for line in lines if line[:1].isalpha()]
        for lane in ("steps", "side", "speech", "cues", "signals"):
            assert lane in lanes
        assert "12s  Bridge, left (hold)" in lines

    @pytest.mark.parametrize("columns", [20, 80, 300])
    def test_it_is_as_wide_as_the_terminal_or_as_is_asked_for(self, columns: int) -> None:
        for lines in (shown("short.toml", COLUMNS=str(columns)), shown("short.toml", "--width", str(columns))):
            assert columns * 0.8 <= max(map(len, lines)) <= columns

    def test_in_a_pipe_there_is_no_colour(self) -> None:
        assert "\x1b" not in run("glute-bridge").stdout

    def test_where_blocks_cannot_be_written_it_is_ascii(self) -> None:
        result = CliRunner(charset="ascii").invoke(cli, ("show", "glute-bridge"))
        assert result.exit_code == 0
        assert result.stdout_bytes.isascii()
        assert b"?" not in result.stdout_bytes
        assert b"####" in result.stdout_bytes

    @pytest.mark.slow
    def test_lengths_are_those_of_the_voice_once_it_has_spoken(self) -> None:
        assert "(lines estimated)" in shown("short.toml", "--voice", "tone")[1]
        compiled = CliRunner().invoke(cli, ("compile", "short.toml", "--voice", "tone"))
        assert compiled.exit_code == 0
        assert "estimated" not in shown("short.toml", "--voice", "tone")[1]

    def test_it_is_todays_session(self) -> None:
        with History.open() as history:
            history.wish(Wish(progression="grows/hold", day=datetime(2026, 3, 2, tzinfo=UTC).date(), seconds=40))
        assert "40s  Plank (hold)" in shown("grows.toml", "--today", "2026-03-03")
        assert "20s  Plank (hold)" in shown("grows.toml", "--today", "2026-03-01")
        assert "20s  Plank (hold)" in shown("grows.toml", "--no-history")

    def test_every_session_has_a_number(self) -> None:
        assert shown("easy-run", "--session", "1") != shown("easy-run", "--session", "40")

    def test_standard_input_is_taken(self) -> None:
        result = run("-", stdin=SHORT)
        assert result.exit_code == 0
        assert result.stdout.startswith("Short <b>\n")

    def test_all_mistakes_are_told_and_nothing_is_drawn(self) -> None:
        Path("wrong.toml").write_text('title = "x"\n[[block]]\nsteps = [ { hold = "30" }, { wrok = "5s" } ]\n')
        result = run("wrong.toml", "-o", "wrong.svg")
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 2
        assert result.stdout == ""
        assert not Path("wrong.svg").exists()


class TestStats:
    def test_it_tells_what_the_session_comes_to(self) -> None:
        told = dict(re.split(r"  +", line.strip(), maxsplit=1) for line in shown("short.toml", "--stats")[1:])
        assert told["under tension"].startswith("24s (")
        assert (told["left"], told["right"]) == ("12s", "12s")
        assert told["cues"] == "2"
        assert told["reminders"] == "0"
        assert re.fullmatch(r"\d+, \d+ a minute, \d+ a minute of talk", told["words"])
        assert re.fullmatch(r"[\d.]+s from 0:\d\d", told["longest silence"])
        assert told["lengths of lines"] == "estimated"

    def test_for_programs_it_is_json(self) -> None:
        told = json.loads("\n".join(shown("short.toml", "--stats", "-f", "json")))
        assert told["under_tension"] == 24.0
        assert told["sides"] == [{"side": "left", "seconds": 12.0}, {"side": "right", "seconds": 12.0}]
        assert told["estimated"] is True
        assert told["talk"] + told["sounds"] + told["silence"] == pytest.approx(told["seconds"], abs=0.01)


class TestFiles:
    def test_an_svg(self) -> None:
        assert shown("short.toml", "-o", "short.svg") == []
        root = ElementTree.parse("short.svg").getroot()
        assert root.get("width") == "1000"
        assert "Short <b>" in "".join(root.itertext())

    def test_as_wide_as_is_asked_for(self) -> None:
        shown("short.toml", "-o", "short.svg", "--width", "400")
        assert ElementTree.parse("short.svg").getroot().get("width") == "400"

    @pytest.mark.slow
    def test_a_png(self) -> None:
        image = pytest.importorskip("PIL.Image")
        shown("short.toml", "-o", "short.png", "--theme", "dark", "--width", "640")
        with image.open("short.png") as opened:
            assert opened.size[0] == 1280
            assert max(opened.convert("RGB").getpixel((1, 1))) < 40

    def test_a_page(self) -> None:
        shown("short.toml", "-o", "short.HTML")
        text = Path("short.HTML").read_text(encoding="utf-8")
        assert "<title>Short &lt;b&gt;</title>" in text
        assert "<audio" not in text

    def test_the_same_call_gives_the_same_bytes(self) -> None:
        for name in ("one.svg", "two.svg", "one.html", "two.html"):
            shown("short.toml", "-o", name)
        assert Path("one.svg").read_bytes() == Path("two.svg").read_bytes()
        assert Path("one.html").read_bytes() == Path("two.html").read_bytes()

    def test_without_pillow_there_is_no_png_and_what_was_there_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "PIL", None)
        Path("short.png").write_text("mine")
        result = run("short.toml", "-o", "short.png")
        assert result.exit_code == 1
        assert 'pip install "voicecoach[plot]"' in result.stderr
        assert Path("short.png").read_text() == "mine"

    def test_what_fails_half_way_leaves_what_was_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*given: object, **more: object) -> Iterator[str]:
            yield "<!doctype html>"
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(page, "page", broken)
        Path("short.html").write_text("mine")
        result = run("short.toml", "-o", "short.html")
        assert result.exit_code == 1
        assert "the disk is full" in result.stderr
        assert Path("short.html").read_text() == "mine"
        assert {path.name for path in Path().iterdir()} <= {"short.toml", "grows.toml", "short.html", "home"}

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("-o", "x.jpg"), 'did you mean "png"?'),
            (("-o", "x"), "its suffix says no picture (there are: .svg, .png, .html)"),
            (("-o", ""), "it is empty"),
            (("--audio",), "--audio is for a page"),
            (("--audio", "-o", "x.svg"), "--audio is for a page"),
            (("--stats", "-o", "x.svg"), "a page (.html) has the figures below it"),
            (("--stats", "--width", "40"), "--width is for a picture"),
            (("-f", "json"), '"voicecoach compile -f json"'),
            (("--theme", "dark"), "--theme is for a picture"),
            (("--width", "19"), "--width 19 is not from 20 to 300 columns"),
            (("--width", "301"), "--width 301 is not from 20 to 300 columns"),
            (("--width", "319", "-o", "x.svg"), "--width 319 is not from 320 to 4000 pixels"),
        ],
    )
    def test_what_cannot_be_is_refused(self, arguments: tuple[str, ...], told: str) -> None:
        result = run("short.toml", *arguments)
        assert result.exit_code == 2
        assert told in result.stderr
        assert result.stdout == ""
        assert not list(Path().glob("x*"))

    def test_a_folder_that_is_not_there_is_told(self) -> None:
        result = run("short.toml", "-o", "none/x.svg")
        assert result.exit_code == 1
        assert "there is no such folder" in result.stderr


@pytest.mark.slow
class TestAudio:
    def sound(self, path: str) -> bytes:
        found = re.search(r"data:audio/mp4;base64,([A-Za-z0-9+/=]+)", Path(path).read_text(encoding="utf-8"))
        assert found is not None
        return base64.b64decode(found[1])

    def test_the_page_holds_what_an_export_makes(self) -> None:
        shown("short.toml", "-o", "short.html", "--audio", "--voice", "tone")
        exported = CliRunner().invoke(cli, ("export", "short.toml", "-o", "short.m4a", "--voice", "tone"))
        assert exported.exit_code == 0
        assert self.sound("short.html") == Path("short.m4a").read_bytes()
        assert "as the voice speaks them" in Path("short.html").read_text(encoding="utf-8")

    def test_a_sound_that_is_too_large_for_a_page_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(page, "LARGEST_AUDIO", 1000)
        result = run("short.toml", "-o", "short.html", "--audio", "--voice", "tone")
        assert result.exit_code == 1
        assert "a page holds 1.0 kB at most: leave out --audio" in result.stderr
        assert not Path("short.html").exists()

    @pytest.mark.browser
    def test_a_browser_plays_it_from_where_one_clicks(self, browser: Browser) -> None:
        shown("short.toml", "-o", "short.html", "--audio", "--voice", "tone")
        with browser.page(Path("short.html")) as opened:
            opened.until("document.querySelector('audio').readyState >= 1")
            assert opened.evaluate("document.querySelector('audio').duration") > 28
            at = opened.evaluate("Number(document.querySelectorAll('.wide .spot[data-lane=cues]')[1].dataset.from)")
            opened.click(*opened.middle(".wide .spot[data-lane=cues]", 1))
            opened.until(f"document.querySelector('audio').currentTime > {at}")
            assert opened.evaluate("document.querySelector('audio').currentTime") < at + 5
            assert not opened.faults
            assert not opened.fetched


def test_the_picture_in_the_documentation_is_what_comes_out() -> None:
    folder = Path(__file__).parents[2] / "docs"
    found = spec_from_file_location("make_show_picture", folder / "make_show_picture.py")
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    drawn = (folder / "show.svg").read_text(encoding="utf-8")
    assert drawn == module.picture(), "where the change is meant: python docs/make_show_picture.py"


def test_the_rows_in_the_documentation_are_what_comes_out() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    example = manual.partition("\n## show\n")[2].partition("```\n")[2].partition("```")[0]
    assert example in run("single-leg-bridge", "--width", "100").stdout
