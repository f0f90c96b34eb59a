"""A folder of pages as a site: what is in it, whose it is, and how it looks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import pytest
from browsers import Browser
from click.testing import CliRunner, Result
from phone_pages import axe

from voicecoach.cli import cli
from voicecoach.phone import catalogue
from voicecoach.phone.catalogue import Entry

SHORT = """\
title = "{}"
summary = "About it."
[[block]]
steps = [{{ say = "Begin." }}, {{ work = "5s", name = "March" }}]
"""
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;${title}"
FILES = {"one.html", "one.mp3", "one.chapters.json", "two.html", "two.mp3", "two.chapters.json"}


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.toml").write_text(SHORT.format(f"The {name}"), encoding="utf-8")
    return folder


def export(*args: object) -> Result:
    return CliRunner().invoke(cli, ["export", *map(str, args), "--for", "phone", "--voice", "tone"])


def site(scripts: Path, *more: str) -> Path:
    top = scripts.parent / "site"
    done = export(*sorted(scripts.glob("*.toml")), "-o", top, *more)
    assert done.exit_code == 0, done.output
    return top


def names(top: Path) -> set[str]:
    return {path.name for path in top.iterdir()}


class TestTheList:
    def test_it_is_a_page_with_each_workout(self) -> None:
        page = catalogue.catalogue(
            [
                Entry(title="Run", page="run.html", seconds=754, audio="run.mp3", summary="Easy."),
                Entry(title="?", page=""),
            ],
            title="Mine",
            feed="feed.xml",
        ).decode()
        for told in ('href="./run.html"', "12:34", "Easy.", 'href="./run.mp3"', "2 workouts", 'href="./feed.xml"'):
            assert told in page

    def test_what_a_script_says_stays_text(self) -> None:
        entries = [Entry(title=HOSTILE, page=HOSTILE, summary=HOSTILE, language=HOSTILE, audio=HOSTILE, trouble=each)
                   for each in ("", HOSTILE)]  # fmt: skip
        page = catalogue.catalogue(entries, title=HOSTILE).decode()
        assert page.count("<script>") == 1
        assert "<img" not in page

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example/x", "https://evil.example", "a?b#c"])
    def test_no_address_leads_out_of_the_folder(self, address: str) -> None:
        page = catalogue.catalogue([Entry(title="x", page=address)], title="t").decode()
        found = page.partition('class="open" href="')[2].partition('"')[0]
        assert found.startswith(("./", "/")) and not found.startswith("//")
        assert not set("?#:") & set(found)

    def test_the_policy_lets_only_its_own_script_run(self) -> None:
        page = catalogue.catalogue([], title="t").decode()
        policy = page.partition('Content-Security-Policy" content="')[2].partition('"')[0]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "connect-src" not in policy


@pytest.mark.slow
class TestTheFolder:
    def test_it_holds_pages_audio_chapters_a_list_and_a_feed(self, scripts: Path) -> None:
        top = site(scripts, "--base-url", "https://example.org/w", "--title", "Mine")
        assert names(top) == FILES | {"index.html", "feed.xml", "voicecoach"}
        index = (top / "index.html").read_text(encoding="utf-8")
        assert "<h1>Mine</h1>" in index and "The one" in index and "About it." in index
        found = feedparser.parse((top / "feed.xml").read_bytes())
        assert not found.bozo
        assert [one.title for one in found.entries] == ["The one", "The two"]
        for one in found.entries:
            (enclosure,) = one.enclosures
            assert enclosure.href.startswith("https://example.org/w/")
            assert int(enclosure.length) == (top / enclosure.href.rpartition("/")[2]).stat().st_size
            assert one.podcast_chapters["url"].endswith(".chapters.json")
        chapters = json.loads((top / "one.chapters.json").read_text(encoding="utf-8"))["chapters"]
        assert chapters[-1]["title"] == "March"

    def test_each_page_leads_back_to_the_list(self, scripts: Path) -> None:
        top = site(scripts)
        assert '<a class="plain" href="index.html">All workouts</a>' in (top / "one.html").read_text(encoding="utf-8")
        export(scripts / "one.toml", "-o", top.parent / "alone.html")
        assert "All workouts" not in (top.parent / "alone.html").read_text(encoding="utf-8")

    def test_without_an_address_the_feed_is_relative_and_that_is_told(self, scripts: Path) -> None:
        top = scripts.parent / "site"
        done = export(scripts / "one.toml", "-o", top)
        assert "its addresses are relative, which not every player takes (--base-url)" in done.output
        found = feedparser.parse((top / "feed.xml").read_bytes())
        assert [one.enclosures[0].href for one in found.entries] == ["one.mp3"]

    def test_made_again_it_is_the_same_and_keeps_its_times(self, scripts: Path) -> None:
        top = site(scripts)
        before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in top.iterdir() if path.is_file()}
        time.sleep(0.05)
        site(scripts)
        after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in top.iterdir() if path.is_file()}
        assert after == before

    def test_one_more_joins_those_that_are_there(self, scripts: Path) -> None:
        top = site(scripts)
        (scripts / "three.toml").write_text(SHORT.format("The three"), encoding="utf-8")
        assert export(scripts / "three.toml", "-o", top).exit_code == 0
        index = (top / "index.html").read_text(encoding="utf-8")
        assert all(f"The {name}" in index for name in ("one", "two", "three"))
        (top / "two.html").unlink()
        assert export(scripts / "three.toml", "-o", top).exit_code == 0
        assert "The two" not in (top / "index.html").read_text(encoding="utf-8")

    @pytest.mark.parametrize("name", ["index.html", "feed.xml", "one.html", "one.mp3", "one.chapters.json"])
    def test_what_is_somebody_else_s_stays(self, scripts: Path, name: str) -> None:
        top = scripts.parent / "site"
        top.mkdir()
        (top / name).write_text("mine", encoding="utf-8")
        done = export(scripts / "one.toml", "-o", top)
        assert done.exit_code == 1
        assert f"{name}: is there, and is not one of voicecoach's" in done.output
        assert names(top) == {name}
        assert (top / name).read_text(encoding="utf-8") == "mine"

    def test_what_was_changed_by_hand_stays(self, scripts: Path) -> None:
        top = site(scripts)
        (top / "index.html").write_text("changed", encoding="utf-8")
        done = export(scripts / "one.toml", "-o", top)
        assert done.exit_code == 1
        assert "was changed since it was written" in done.output
        assert (top / "index.html").read_text(encoding="utf-8") == "changed"

    def test_one_that_is_called_like_the_list_is_refused(self, scripts: Path) -> None:
        (scripts / "Index.toml").write_text(SHORT.format("x"), encoding="utf-8")
        done = export(scripts / "Index.toml", "-o", scripts.parent / "site")
        assert done.exit_code == 1
        assert "would take the place of the list" in done.output

    def test_one_that_cannot_be_made_keeps_no_other_from_it(self, scripts: Path) -> None:
        (scripts / "wrong.toml").write_text("title = 3\n", encoding="utf-8")
        top = scripts.parent / "site"
        done = export(*sorted(scripts.glob("*.toml")), "-o", top)
        assert done.exit_code == 2
        assert "wrong.toml" in done.output
        assert "2 workouts" in (top / "index.html").read_text(encoding="utf-8")

    @pytest.mark.parametrize("option", [("--base-url", "https://example.org"), ("--title", "Mine")])
    def test_options_of_a_site_are_for_a_site(self, scripts: Path, option: tuple[str, str]) -> None:
        done = export(scripts / "one.toml", "-o", scripts.parent / "one.html", *option)
        assert done.exit_code == 2
        assert f"{option[0]} is for a site of pages" in done.output

    def test_a_cluster_makes_it_too(self, scripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from distributed import LocalCluster

        here = site(scripts)
        there = scripts.parent / "there"
        with LocalCluster(n_workers=2, processes=False, dashboard_address=None) as cluster:
            done = export(*sorted(scripts.glob("*.toml")), "-o", there, "--scheduler", cluster.scheduler_address)
        assert done.exit_code == 0, done.output
        for name in FILES | {"index.html"}:
            assert (there / name).read_bytes() == (here / name).read_bytes()


@contextmanager
def web(folder: Path) -> Iterator[str]:
    """Any web space: the address of a folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coach") / "scripts"
    folder.mkdir()
    for name in ("Übung", "Run", "Walk", "Row", "Swim", "Ride", "Plank", "Stretch", "Rest"):
        (folder / f"{name.lower()}.toml").write_text(SHORT.format(name), encoding="utf-8")
    (folder / "hostile.toml").write_text(SHORT.replace('"{}"', "{}").format(json.dumps(HOSTILE)), encoding="utf-8")
    return site(folder)


@pytest.mark.slow
@pytest.mark.browser
class TestInABrowser:
    @pytest.mark.parametrize("over", ["file", "http"])
    def test_it_is_searched_and_leads_to_pages(self, browser: Browser, top: Path, over: str) -> None:
        with web(top) as address:
            start = address if over == "http" else (top / "index.html").as_uri()
            with browser.page(start, width=390, height=844, touch=True) as page:
                assert page.evaluate("document.getElementById('count').textContent") == "10 workouts"
                assert page.evaluate("[document.images.length, document.scripts.length]") == [0, 1]
                assert HOSTILE in page.evaluate("document.body.textContent")
                page.evaluate("document.getElementById('words').focus()")
                page.ask("Input.insertText", text="ubung")
                page.until("document.getElementById('count').textContent === '1 of 10 workouts'")
                assert page.evaluate(
                    "[...document.querySelectorAll('li:not([hidden]) b')].map(one => one.textContent)"
                ) == ["Übung"]
                page.tap(*page.middle("li:not([hidden]) .open"))
                page.until("document.getElementById('begin') && !document.getElementById('begin').disabled")
                page.tap(*page.middle("#begin"))
                page.until("document.getElementById('sound').currentTime > 0.2")
                assert not page.faults
                assert not page.fetched

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_axe_finds_nothing_and_nothing_is_cut_off(self, browser: Browser, top: Path, dark: bool) -> None:
        with browser.page(top / "index.html", width=320, height=640, dark=dark) as page:
            assert axe(page) == []
            for size in ("16px", "32px"):
                page.evaluate(f"void (document.documentElement.style.fontSize = '{size}')")
                assert page.evaluate("document.documentElement.scrollWidth") <= 320
