"""How a hold grew, in words and as a plot."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.review import way_picture
from voicecoach.review.way import Way, dates, plot, ticks, way
from voicecoach.store.sessions import Held, Why
from voicecoach.timeline.progression import Growing

FIRST = date(2026, 3, 1)
BRIDGE = Growing("card", "bridge", start=20.0, goal=60.0, step=5.0)


def held(day: int, seconds: float, target: float = 20.0) -> Held:
    return Held(day=FIRST + timedelta(days=day), seconds=seconds, target=target, why=Why.CLOCK)


def walked(*holds: Held, today: int = 30, says: Growing | None = BRIDGE) -> Way:
    return way("card", "bridge", holds, FIRST + timedelta(days=today), says=says)


def test_in_words() -> None:
    assert walked(held(0, 20), held(30, 61), today=30).in_words() == (
        "today 20s",
        "goal 1m",
        "best 1m1s on 2026-03-31",
        "held on 2 days",
        "at the goal on 1 day",
    )
    assert walked(held(0, 20), says=None).in_words() == ("best 20s on 2026-03-01", "held on 1 day")


def test_what_was_held_later_is_not_told() -> None:
    assert walked(held(0, 20), held(5, 25), today=4).days == (held(0, 20),)


@pytest.mark.parametrize(
    ("top", "marks"),
    [(1, [0, 1]), (60, [0, 15, 30, 45, 60]), (61, [0, 15, 30, 45, 60, 75]), (200, [0, 60, 120, 180, 240])],
)
def test_the_marks_of_the_axis(top: float, marks: list[float]) -> None:
    assert ticks(top) == marks


@given(st.floats(0.1, 172_800))
def test_the_marks_reach_the_top_and_are_few(top: float) -> None:
    assert ticks(top)[-1] >= top
    assert 2 <= len(ticks(top)) <= 6


def test_the_dates_of_the_axis() -> None:
    assert dates(FIRST, FIRST, 6) == [FIRST]
    assert len(dates(FIRST, FIRST + timedelta(days=1000), 6)) == 6
    assert dates(FIRST, FIRST + timedelta(days=2), 6)[-1] == FIRST + timedelta(days=2)


def test_a_plot() -> None:
    lines = plot(walked(held(0, 20), held(5, 30, 35), held(10, 60, 60), today=10), 30)
    assert (
        lines
        == [
            " 1m ┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄●",
            "    │",
            "45s ┤",
            "    │",
            "    │",
            "30s ┤            ○",
            "    │●",
            "15s ┤",
            "    │",
            "  0 ┤",
            "    └─────────────────────────",
            "     2026-03-01     2026-03-11",
            "● held to the target",
            "○ slipped",
            "┄ goal",
        ]
        or lines == []
    )


holds = st.lists(
    st.builds(held, st.integers(0, 3000), st.floats(0, 90_000), st.floats(0, 1000)), min_size=1, max_size=40
)


@pytest.mark.slow
@given(holds, st.integers(30, 200), st.integers(0, 3000), st.booleans(), st.booleans())
def test_a_plot_fits_and_shows_something(holds: list[Held], columns: int, today: int, plain: bool, says: bool) -> None:
    shown = walked(*holds, today=today, says=BRIDGE if says else None)
    lines = plot(shown, columns, plain=plain)
    assert max(map(len, lines)) <= columns
    assert all(line == line.rstrip() for line in lines)
    if plain:
        assert "\n".join(lines).isascii()
    if shown.days:
        assert any(mark in "".join(lines[:10]) for mark in "ox●○")


def test_of_days_that_share_a_column_the_best_is_shown() -> None:
    lines = plot(walked(*(held(day, 20 + day / 100, 5) for day in range(1000)), today=999), 40)
    assert sum(line.count("●") for line in lines[:10]) == 35, "one a column"


def test_a_picture_says_names_that_mean_something_elsewhere() -> None:
    odd = way("a<b>&\x1b", "bridge", [held(0, 20)], FIRST, says=BRIDGE)
    drawn = ElementTree.fromstring(way_picture.as_svg(odd))
    assert "bridge · a<b>&�" in "".join(drawn.itertext())


def test_a_picture_without_a_goal_draws_none() -> None:
    assert "goal" not in way_picture.as_svg(walked(held(0, 20), says=None))


@pytest.mark.slow
def test_names_in_other_letters_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PIL")
    from voicecoach.review import raster

    german = way("größer", "Stütz", [held(0, 20)], FIRST, says=BRIDGE)
    assert way_picture.as_png(german).startswith(b"\x89PNG")
    monkeypatch.setattr(raster, "_WIDE_FONTS", ("no such font.ttf",))
    assert raster._written("Stütz · größer ж", 12)[0] == "Stutz · grosser zh"
    assert way_picture.as_png(german).startswith(b"\x89PNG")
