"""A session as a drawing: SVG that is XML, PNG that opens, and nothing that only colour tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from test_chart import FOREIGN, LONG, OPEN, SCRIPTS, SHORT, SIDES, shown

from voicecoach.review import picture, raster
from voicecoach.review.chart import drawing
from voicecoach.review.chart.lanes import KINDS, Lanes
from voicecoach.review.chart.looks import DARK, FAINT, GRID, INK, LOOKS, box
from voicecoach.review.picture import PAPER, Box, Group, Shape, Words

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (320, 700, 1600)
HOSTILE = '</title></svg><script>alert(1)</script>" onload="x\x1b\u202e&'


def parts(shapes: tuple[Shape, ...]) -> Iterator[Shape]:
    for shape in shapes:
        yield shape
        if isinstance(shape, Group):
            yield from parts(shape.shapes)


def words(told: Lanes, width: int) -> list[Words]:
    return [one for one in parts(drawing.drawing(told, width).shapes) if isinstance(one, Words)]


def hostile() -> Lanes:
    told = shown(SIDES)
    return replace(
        told,
        title=HOSTILE,
        summary=HOSTILE,
        steps=tuple(step._replace(name=HOSTILE, side=step.side and HOSTILE) for step in told.steps),
        marks=tuple(mark._replace(text=HOSTILE) for mark in told.marks),
        sides={HOSTILE: "<"},
        music=(HOSTILE,),
    )


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How well two colours are told apart, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_an_svg_is_xml_of_that_width_and_nothing_lies_outside(text: str, width: int) -> None:
    drawn = drawing.drawing(shown(text), width)
    root = ElementTree.fromstring(drawn.as_svg())
    assert (root.get("width"), root.get("height")) == (str(width), str(drawn.height))
    for rect in root.iter(f"{SVG}rect"):
        x, y, wide, high = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert x + wide <= width + 0.1
        assert y + high <= drawn.height + 0.1
    for one in words(shown(text), width):
        wide = picture.wide(one.text, one.size)
        left = one.at[0] - {"start": 0, "middle": wide / 2, "end": wide}[one.anchor]
        assert left >= -8
        assert left + wide <= width + 1
        assert 0 < one.at[1] < drawn.height


def test_every_line_is_told_with_its_time() -> None:
    root = ElementTree.fromstring(drawing.drawing(shown(SIDES)).as_svg())
    titles = "\n".join(title.text or "" for title in root.iter(f"{SVG}title"))
    for mark in shown(SIDES).marks:
        assert mark.text in titles
    assert re.search(r"^0:\d\d cue: Squeeze\.$", titles, re.MULTILINE)
    assert re.search(r"^0:\d\d Bridge, left \(hold, 20s\)$", titles, re.MULTILINE)


def test_where_a_thing_is_follows_from_its_time() -> None:
    root = ElementTree.fromstring(drawing.drawing(shown(SIDES)).as_svg())
    seen = 0
    for row in root.iter(f"{SVG}g"):
        if row.get("class") != "row":
            continue
        start, end, left, right = (float(row.get(f"data-{name}", "")) for name in ("from", "to", "left", "right"))
        for spot in row.iter(f"{SVG}g"):
            at = float(spot.get("data-from", ""))
            if spot.get("class") != "spot" or not start <= at < end:
                continue
            rect = spot.find(f"{SVG}rect")
            assert rect is not None
            there = left + (at - start) / (end - start) * (right - left)
            assert float(rect.get("x", "")) == pytest.approx(there, abs=2.5)
            seen += 1
    assert seen > 20


def test_what_a_script_calls_things_stays_text() -> None:
    written = drawing.drawing(hostile()).as_svg()
    root = ElementTree.fromstring(written)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "style", "pattern", "path", "rect", "g", "title", "text", "line",
    }  # fmt: skip
    assert "<script>alert(1)</script>" in "".join(root.itertext())
    assert not {"\x1b", "\u202e"} & set(written)


def test_each_look_has_a_pattern_of_its_own_or_is_the_full_or_the_hollow_one() -> None:
    boxes = {look: box(0, 0, 26, 14, look) for look in KINDS}
    assert len({(one.pattern, bool(one.outline)) for one in boxes.values()}) == len(KINDS)
    assert boxes["hold"].pattern == ""
    assert boxes["rest"].outline


def test_the_legend_tells_all_looks_and_sides_that_occur() -> None:
    texts = {one.text for one in words(shown(SIDES), 1000)}
    assert {"hold", "reps", "run", "rest", "talk", "L = left", "R = right"} <= texts
    assert not {"work", "walk", "waits for you"} & texts
    assert "» until you go on; in a file so long" in {one.text for one in words(shown(OPEN), 1000)}
    assert "40s»" in {one.text for one in words(shown(OPEN), 1000)}


def test_every_colour_has_one_for_the_dark_and_all_can_be_told_from_the_paper() -> None:
    used = set()
    for text in SCRIPTS.values():
        for one in parts(drawing.drawing(shown(text)).shapes):
            used |= {value for value in one if isinstance(value, str) and re.fullmatch("#[0-9a-f]{6}", value)}
    assert used <= set(DARK)
    faint = {GRID, PAPER, LOOKS["rest"][0]}  # a grid, and a box that has its outline
    for colour in set(DARK) - faint:
        least = 4.5 if colour in (INK, FAINT) else 2.4
        assert contrast(colour, PAPER) >= least, colour
        assert contrast(DARK[colour], DARK[PAPER]) >= least, colour


def test_a_theme_is_that_of_who_looks_unless_it_is_named() -> None:
    drawn = drawing.drawing(shown(SHORT))
    auto, light, dark = (drawn.as_svg(theme) for theme in ("auto", "light", "dark"))
    assert "@media screen and (prefers-color-scheme:dark)" in auto
    assert "<style" not in light + dark
    assert DARK[PAPER] in dark
    assert PAPER not in dark
    assert DARK[PAPER] not in light


@pytest.mark.slow
def test_a_very_long_session_is_no_endless_drawing() -> None:
    told = shown(SHORT)
    step, mark = told.steps[0], told.marks[0]
    many = replace(
        told,
        seconds=100_000.0,
        steps=tuple(step._replace(begin=at * 10, start=at * 10, end=at * 10 + 10.0) for at in range(10_000)),
        marks=tuple(mark._replace(start=at * 2.0, end=at * 2.0 + 1) for at in range(50_000)),
    )
    written = drawing.drawing(many).as_svg()
    assert written.count('class="spot"') < 6000
    assert len(written) < 3_000_000
    assert "more until" in written


@pytest.mark.slow
class TestPng:
    @pytest.mark.parametrize("width", WIDTHS)
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_it_opens_and_has_twice_as_many_pixels(self, width: int, theme: picture.Theme) -> None:
        image = pytest.importorskip("PIL.Image")
        drawn = drawing.drawing(shown(SIDES), width)
        with image.open(BytesIO(drawn.as_png(theme))) as opened:
            assert opened.size == (2 * width, 2 * drawn.height)
            paper = PAPER if theme == "light" else DARK[PAPER]
            assert "#{:02x}{:02x}{:02x}".format(*opened.convert("RGB").getpixel((2, 2))) == paper

    def test_a_look_is_seen_without_colour(self) -> None:
        image = pytest.importorskip("PIL.Image")
        shades = {}
        for look in KINDS:
            drawn = box(4, 4, 48, 24, look)
            with image.open(BytesIO(raster.as_png([drawn], 56, 32))) as opened:
                shades[look] = opened.convert("L").crop((10, 10, 100, 54)).tobytes()
        assert len(set(shades.values())) == len(KINDS)

    def test_names_in_other_letters_are_drawn(self) -> None:
        pytest.importorskip("PIL")
        for text in (FOREIGN, LONG):
            assert drawing.drawing(shown(text), 500).as_png().startswith(b"\x89PNG")


class TestPatterns:
    @pytest.mark.parametrize("pattern", ["rising", "falling", "bars", "lines", "dots", "grid"])
    def test_lines_stay_in_their_box(self, pattern: picture.Pattern) -> None:
        found = list(raster._hatches(pattern, 10, 20, 47, 33))
        assert found
        for x, y in (point for line in found for point in line):
            assert 10 - 1e-6 <= x <= 47 + 1e-6
            assert 20 - 1e-6 <= y <= 33 + 1e-6

    def test_a_box_without_one_has_none(self) -> None:
        assert not list(raster._hatches("", 10, 20, 47, 33))
        assert "<pattern" not in picture.as_svg([Box((0, 0), (5, 5), "#000000")], 10, 10)
