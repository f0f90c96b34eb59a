"""A session as a page, read as a file and opened in a real browser."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from browsers import Browser, Page
from test_chart import LONG, OPEN, SIDES, session, shown
from test_chart_drawing import hostile

from voicecoach.review.chart import figures
from voicecoach.review.chart.lanes import Lanes
from voicecoach.review.chart.page import page
from voicecoach.review.picture import Theme

Written = Callable[..., Path]


def sound(seconds: float) -> tuple[str, bytes]:
    """A quiet hum."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(128 + number % 3 for number in range(int(seconds * 8000))))
    return "audio/wav", content.getvalue()


def html(told: Lanes, theme: Theme = "auto", audio: tuple[str, bytes] | None = None) -> str:
    return "".join(page(told, figures.figures(*session(SIDES)), theme=theme, audio=audio))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(told: Lanes, theme: Theme = "auto", audio: tuple[str, bytes] | None = None) -> Path:
        path = tmp_path / "page.html"
        path.write_text(html(told, theme, audio), encoding="utf-8")
        return path

    return write


class TestFile:
    def test_its_policy_allows_its_own_script_and_style_and_nothing_else(self) -> None:
        text = html(shown(SIDES))
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
        assert policy is not None
        rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
        assert rules["default-src"] == "'none'"
        for name in ("script", "style"):
            (own,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
            assert rules[f"{name}-src"] == f"'sha256-{digest}'"

    def test_it_names_nothing_outside_of_itself(self) -> None:
        text = html(shown(SIDES)).replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert set(re.findall(r"https?://[^\s\"']+", text)) == {"http://www.w3.org/2000/svg"}, (
            "by which the script draws"
        )
        assert not re.search(r"<(link|img|iframe|object|embed)|\son\w+=", text)

    def test_the_sound_is_in_it(self) -> None:
        kind, content = sound(0.1)
        text = html(shown(SIDES), audio=(kind, content))
        assert f"data:audio/wav;base64,{base64.b64encode(content).decode()}" in text
        assert "<audio" not in html(shown(SIDES))

    def test_all_that_is_said_is_there_to_be_read(self) -> None:
        rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", html(shown(SIDES)))
        assert [row[2] for row in rows] == [mark.text for mark in shown(SIDES).marks if mark.lane != "signals"]

    def test_of_very_many_lines_not_all_are(self) -> None:
        told = shown(SIDES)
        many = replace(told, marks=tuple(told.marks[0]._replace(start=float(at) / 100) for at in range(5000)))
        text = html(many)
        assert text.count("<tr><td>") == 3000
        assert "and 2,000 more" in text


def tip(page: Page) -> str | None:
    """What is told, if anything is."""
    told: str | None = page.evaluate("(() => { const tip = document.getElementById('tip');"
                                     " return tip.hidden ? null : tip.textContent })()")  # fmt: skip
    return told


def overlaps(page: Page) -> list[list[str]]:
    """Texts of the picture that lie upon each other, or stick out."""
    found: list[list[str]] = page.evaluate(
        """(() => {
          const svg = [...document.querySelectorAll('svg')].find((one) => one.getBoundingClientRect().width);
          const frame = svg.getBoundingClientRect();
          const boxes = [...svg.querySelectorAll('text')].map((one) => [one.getBoundingClientRect(), one.textContent]);
          const found = [];
          boxes.forEach(([a, text], at) => {
            if (a.left < frame.left - 1 || a.right > frame.right + 1) found.push([text, 'sticks out']);
            for (const [b, other] of boxes.slice(at + 1)) {
              const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
              const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
              if (wide > 1 && high > 4) found.push([text, other]);
            }
          });
          return found })()"""
    )
    return found


@pytest.mark.slow
@pytest.mark.browser
class TestBrowser:
    @pytest.mark.parametrize("width", [340, 820, 1400])
    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_it_fits_in_each_width_and_nothing_is_wrong(
        self, browser: Browser, written: Written, width: int, dark: bool
    ) -> None:
        with browser.page(written(shown(SIDES)), width=width, dark=dark) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert paper == ("rgb(18, 22, 27)" if dark else "rgb(255, 255, 255)")
            inside = page.evaluate("getComputedStyle(document.querySelector('svg > rect')).fill")
            assert inside == paper, "the picture is as the page around it"
            assert not overlaps(page)
            assert not page.faults
            assert not page.fetched

    @pytest.mark.parametrize("text", [OPEN, LONG], ids=["open", "long"])
    @pytest.mark.parametrize("width", [340, 1000])
    def test_labels_do_not_lie_upon_each_other(self, browser: Browser, written: Written, text: str, width: int) -> None:
        with browser.page(written(shown(text)), width=width) as page:
            assert not overlaps(page)

    def test_a_theme_that_is_named_holds_whatever_one_likes(self, browser: Browser, written: Written) -> None:
        for theme, dark in (("light", True), ("dark", False)):
            with browser.page(written(shown(SIDES), theme), dark=dark) as page:
                paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
                assert paper == ("rgb(18, 22, 27)" if theme == "dark" else "rgb(255, 255, 255)")

    def test_on_paper_it_is_light(self, browser: Browser, written: Written) -> None:
        with browser.page(written(shown(SIDES), audio=sound(1)), dark=True) as page:
            page.prefers(dark=True, media="print")
            assert page.evaluate("getComputedStyle(document.querySelector('svg > rect')).fill") == "rgb(255, 255, 255)"
            assert page.evaluate("getComputedStyle(document.querySelector('audio')).display") == "none"

    def test_the_mouse_has_each_line_told_with_its_time(self, browser: Browser, written: Written) -> None:
        cues = [mark for mark in shown(SIDES).marks if mark.lane == "cues"]
        with browser.page(written(shown(SIDES))) as page:
            assert tip(page) is None
            for number, cue in enumerate(cues):
                page.move(*page.middle(".wide .spot[data-lane=cues]", number))
                assert tip(page) == f"0:{int(cue.start):02} cue: {cue.text}"
            box = page.evaluate("(() => { const box = document.getElementById('tip').getBoundingClientRect();"
                                " return [box.left, box.top, box.right] })()")  # fmt: skip
            assert box[0] >= 0
            assert box[1] >= 0
            assert box[2] <= 1000
            page.move(2, 2)
            assert tip(page) is None

    def test_the_keyboard_goes_from_thing_to_thing(self, browser: Browser, written: Written) -> None:
        steps = [step.name for step in shown(SIDES).steps]
        with browser.page(written(shown(SIDES))) as page:
            page.press("Tab")
            assert f" {steps[0]} (" in (tip(page) or "")
            page.press("ArrowRight")
            assert f" {steps[1]}, left (" in (tip(page) or "")
            assert page.evaluate("document.activeElement.getAttribute('aria-label')") == tip(page)
            assert page.evaluate("document.activeElement.getAttribute('role')") == "img"
            page.press("ArrowDown")
            assert page.evaluate("document.activeElement.getAttribute('data-lane')") == "speech"
            page.press("End")
            assert "Workout complete" in (tip(page) or "")
            page.press("Escape")
            assert tip(page) is None
            page.press("Tab")
            assert page.evaluate("document.activeElement.tagName") == "SUMMARY", "a picture is one stop, not hundreds"

    def test_a_finger_has_a_line_told_on_a_phone(self, browser: Browser, written: Written) -> None:
        with browser.page(written(shown(SIDES)), width=360, height=700, touch=True) as page:
            page.tap(*page.middle(".narrow .spot[data-lane=cues]", 1))
            page.until("!document.getElementById('tip').hidden")
            assert "cue: " in (tip(page) or "")

    def test_a_click_plays_from_there_and_a_line_shows_where_it_is(self, browser: Browser, written: Written) -> None:
        told = shown(SIDES)
        cue = [mark for mark in told.marks if mark.lane == "cues"][2]
        with browser.page(written(told, audio=sound(told.seconds))) as page:
            page.until("document.querySelector('audio').readyState >= 1")
            page.click(*page.middle(".wide .spot[data-lane=cues]", 2))
            page.until("!document.querySelector('audio').paused")
            page.until(f"document.querySelector('audio').currentTime >= {cue.start}")
            assert page.evaluate("document.querySelector('audio').currentTime") < cue.start + 3
            page.evaluate("document.querySelector('audio').pause()")
            page.until("[...document.querySelectorAll('.wide .head')].some((one) =>"
                       " one.getAttribute('visibility') === 'visible')")  # fmt: skip
            # a step is heard from where it is clicked
            step = told.steps[1]
            page.click(*page.middle(".wide .spot[data-lane=steps]", 1))
            now = "document.querySelector('audio').currentTime"
            middle = (step.begin + step.end) / 2
            page.until(f"{now} > {middle - 1.5} && {now} < {middle + 3}")
            page.press("Home")
            page.press("Enter")
            page.until(f"{now} < 3")
            assert not page.faults
            assert not page.fetched

    def test_without_sound_a_click_only_tells(self, browser: Browser, written: Written) -> None:
        with browser.page(written(shown(SIDES))) as page:
            page.click(*page.middle(".wide .spot[data-lane=cues]"))
            assert "cue: " in (tip(page) or "")
            assert not page.faults

    def test_a_sound_that_cannot_be_played_is_told(self, browser: Browser, written: Written) -> None:
        with browser.page(written(shown(SIDES), audio=("audio/mp4", b"nothing"))) as page:
            page.until("!document.getElementById('unheard').hidden")

    def test_what_a_script_calls_things_stays_text(self, browser: Browser, written: Written) -> None:
        with browser.page(written(hostile())) as page:
            assert page.evaluate("document.querySelectorAll('script').length") == 1
            page.move(*page.middle(".wide .spot[data-lane=cues]"))
            assert "<script>alert(1)</script>" in (tip(page) or "")
            assert page.evaluate("document.getElementById('tip').children.length") == 0
            assert page.evaluate("document.title").startswith("</title></svg><script>")
            assert not page.faults
