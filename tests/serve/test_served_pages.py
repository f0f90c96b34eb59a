"""What is served, in a real browser."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import Browser, Page
from phone_pages import EVERYTHING, axe
from serving import SHORT, Served, serving

from voicecoach.store.history import History

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)><!--"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "short.toml").write_text(SHORT, encoding="utf-8")
    (tmp_path / "everything.toml").write_text(EVERYTHING, encoding="utf-8")
    return tmp_path


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    with serving(folder) as one:
        yield one


def until_listed(page: Page, words: str) -> None:
    """Looks at the list again until it says something."""
    deadline = time.monotonic() + 20
    while not page.evaluate(f"Boolean(document.body?.textContent.includes({json.dumps(words)}))"):
        assert time.monotonic() < deadline
        page.ask("Page.reload")
        time.sleep(0.3)
        page.until("document.getElementById('workouts')")


def open_workout(page: Page, name: str) -> None:
    """Touches it in the list, and waits until its page can begin."""
    page.until(f"document.querySelector('a[href=\"/w/{name}\"]')")
    page.tap(*page.middle(f'a[href="/w/{name}"]'))
    page.until("document.getElementById('begin') && !document.getElementById('begin').disabled")


def go_through(page: Page) -> None:
    """Begins, and leaves after a moment."""
    page.tap(*page.middle("#begin"))
    page.until("document.getElementById('sound').currentTime > 0.3")
    page.tap(*page.middle("#on"))
    page.until("document.getElementById('now').textContent === 'March'")
    page.tap(*page.middle("#leave"))
    page.until("document.getElementById('end').getClientRects().length")


def said(page: Page) -> str:
    page.until("document.getElementById('brought').textContent")
    return str(page.evaluate("document.getElementById('brought').textContent"))


def seen(page: Page, name: str) -> bool:
    return bool(page.evaluate(f"document.getElementById('{name}').getClientRects().length > 0"))


def sessions() -> int:
    with History.open(to_read=True) as history:
        return history.count()


def test_a_session_comes_home_by_itself_and_once(browser: Browser, served: Served) -> None:
    with browser.page(served.door.address("127.0.0.1"), width=390, height=844, touch=True) as page:
        assert page.evaluate("location.href") == f"http://{served.host}/"  # the token has left the address
        assert page.evaluate("document.cookie") == ""
        open_workout(page, "short")
        go_through(page)
        assert said(page) == "It has come to your computer."
        assert not seen(page, "save")
        assert sessions() == 1
        page.ask("Page.reload")
        time.sleep(0.3)
        page.until("document.getElementById('begin') && !document.getElementById('begin').disabled")
        assert not seen(page, "home")
        page.tap(*page.middle("a.plain"))
        page.until("location.pathname === '/'")
        assert not page.faults
    assert served.told == ["1 session came home from 127.0.0.1"]
    with History.open(to_read=True) as history:
        (session,) = history.sessions()
    assert (session.script, session.title, session.finished) == ("short", "Short", False)
    assert [(one.kind, one.why) for one in session.segments[:1]] == [("say", "skipped")]


def test_a_day_of_a_plan_comes_home_as_one_and_leads_to_the_next(browser: Browser, served: Served) -> None:
    (served.folder / "second.toml").write_text(SHORT.replace("Short", "Second"), encoding="utf-8")
    days = 'title = "Two days"\n[[plan]]\ndays = ["./short.toml", "./second.toml"]\n'
    (served.folder / "plan.toml").write_text(days, encoding="utf-8")
    with browser.page(served.door.address("127.0.0.1"), width=390, height=844, touch=True) as page:
        until_listed(page, "A plan of 2 sessions")
        open_workout(page, "plan")
        assert page.evaluate("document.title") == "Two days, day 1"
        page.tap(*page.middle("#begin"))
        page.until("document.getElementById('sound').currentTime > 0.3")
        for _ in range(3):  # that it is day one, what to do first, and the step
            page.tap(*page.middle("#on"))
            time.sleep(0.2)
        page.until("document.getElementById('over').textContent === 'Done'")
        assert said(page) == "It has come to your computer."
        assert not page.faults
    with History.open(to_read=True) as history:
        (session,) = history.sessions()
    assert session.planned is not None
    assert (session.script, session.planned.day, session.finished) == ("short", 1, True)
    assert "<title>Two days, day 2</title>" in served.page("plan").text


def test_where_the_computer_is_away_it_waits_and_comes_later(browser: Browser, folder: Path) -> None:
    with serving(folder) as served:
        port = served.door.port
        context = browser.page(served.door.address("127.0.0.1"), width=390, height=844, touch=True)
        page = context.__enter__()
        open_workout(page, "short")
        assert served.page("short").status == 200
    try:
        go_through(page)
        assert said(page).startswith("Your computer cannot be reached. This is kept here")
        assert seen(page, "save")
        assert not page.evaluate("document.querySelector('#over').textContent === ''")
        with serving(folder, port) as again:
            page.ask("Page.navigate", url=f"http://{again.host}/w/short")
            time.sleep(0.5)
            page.until("document.body?.textContent.includes('Open the address that voicecoach shows')")
            page.ask("Page.navigate", url=again.door.address("127.0.0.1"))
            time.sleep(0.5)
            open_workout(page, "short")
            deadline = time.monotonic() + 20
            while not again.told:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert again.told == ["1 session came home from 127.0.0.1"]
        assert sessions() == 1
    finally:
        context.__exit__(None, None, None)


def test_what_was_opened_is_there_without_the_computer(browser: Browser, folder: Path) -> None:
    with serving(folder) as served:
        context = browser.page(served.door.address("127.0.0.1"), width=390, height=844, touch=True)
        page = context.__enter__()
        page.until("navigator.serviceWorker.controller")
        open_workout(page, "short")
        page.until("caches.open('voicecoach-pages').then(kept => kept.keys()).then(keys => keys.length >= 2)")
    try:
        for path in ("/w/short", "/"):
            page.ask("Page.navigate", url=f"http://{served.host}{path}")
            time.sleep(0.5)
            page.until("document.readyState === 'complete'")
            assert page.evaluate("document.title") == ("Short" if path != "/" else "Workouts")
        open_workout(page, "short")
        go_through(page)
    finally:
        context.__exit__(None, None, None)


def test_it_can_be_installed(browser: Browser, served: Served) -> None:
    with browser.page(served.door.address("127.0.0.1")) as page:
        page.until("navigator.serviceWorker.controller")
        found = page.ask("Page.getAppManifest")
        assert found["errors"] == []
        assert json.loads(found["data"])["start_url"] == "/"
        # a profile that is thrown away may install nothing; of all else there is nothing to say
        errors = [one["errorId"] for one in page.ask("Page.getInstallabilityErrors")["installabilityErrors"]]
        assert [one for one in errors if one != "in-incognito"] == []
        assert not page.faults


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_the_list_and_while_one_waits(browser: Browser, folder: Path, dark: bool) -> None:
    for number in range(9):
        text = SHORT.replace("Short", f"Short {number}")
        (folder / f"s{number}.toml").write_text(f'summary = "Five quiet seconds."\n{text}', encoding="utf-8")
    (folder / "wrong.toml").write_text("title = 3\n", encoding="utf-8")
    with serving(folder) as served, browser.page(served.door.address("127.0.0.1"), width=320, dark=dark) as page:
        until_listed(page, "Short 8")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert axe(page) == []
        page.evaluate("void (document.documentElement.style.fontSize = '34px')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.ask("Page.navigate", url=f"http://{served.host}/w/wrong")
        page.until("document.body?.textContent.includes('It cannot be made')")
        assert axe(page) == []


def test_titles_of_a_hostile_script_stay_text(browser: Browser, folder: Path) -> None:
    title = json.dumps(HOSTILE)
    (folder / "hostile.toml").write_text(f"summary = {title}\n" + SHORT.replace('"Short"', title), encoding="utf-8")
    (folder / "marked.toml").write_text(SHORT.replace('"March"', title), encoding="utf-8")  # which is a mistake
    with serving(folder) as served, browser.page(served.door.address("127.0.0.1"), width=390, touch=True) as page:
        until_listed(page, HOSTILE)
        assert page.evaluate("[document.images.length, document.scripts.length]") == [0, 1]
        open_workout(page, "hostile")
        assert page.evaluate("document.title") == HOSTILE
        assert not page.faults


def test_another_page_learns_and_changes_nothing(browser: Browser, served: Served, tmp_path: Path) -> None:
    with serving(tmp_path) as other, browser.page(other.door.address("127.0.0.1")) as page:
        # as if one had come in: cookies of a machine are sent to all of its ports
        page.ask("Network.setCookie", name=served.door.cookie, value=served.door.key, url=f"http://{served.host}/")
        page.ask("Page.setBypassCSP", enabled=True)
        page.ask("Page.reload")
        time.sleep(0.3)
        result: Any = page.evaluate(
            f"fetch('http://{served.host}/', {{credentials: 'include'}}).then(() => 'read', () => 'refused')"
        )
        assert result == "refused"
        page.evaluate(
            f"fetch('http://{served.host}/sessions', {{method: 'POST', credentials: 'include', mode: 'no-cors',"
            ' body: \'{"version": 1, "sessions": [], "targets": []}\'}).then(() => 1, () => 0)'
        )
        assert served.told == []
