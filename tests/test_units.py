"""Durations as people write them, and frames as samples count them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach import units

MILLISECONDS = st.integers(0, 48 * 3600 * 1000).map(lambda number: number / 1000)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45.0),
        ("20min", 1200.0),
        ("20m", 1200.0),
        ("1h30m", 5400.0),
        ("1m30s", 90.0),
        ("1h0m5s", 3605.0),
        ("1:30", 90.0),
        ("0:05.5", 5.5),
        ("90:00", 5400.0),
        ("1:02:03", 3723.0),
        ("2.5s", 2.5),
        ("1.5h", 5400.0),
        ("0s", 0.0),
        (" 45s ", 45.0),
        ("5 min", 300.0),
        ("5\u00a0min", 300.0),
        ("5 minutes", 300.0),
        ("90 sec", 90.0),
        ("90 s", 90.0),
        ("90 seconds", 90.0),
        ("1 min 30 s", 90.0),
        ("1 h 30 min", 5400.0),
        ("1 hour 30 minutes", 5400.0),
        ("2 hrs", 7200.0),
        ("99m", 5940.0),
        ("120min", 7200.0),
    ],
)
def test_a_duration_means_its_seconds(text: str, seconds: float) -> None:
    assert units.parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30", "30s"),
        ("1.5", '1.5s" or "1.5min'),
        ("30 Seconds", "30s"),
        ("5M", "5min"),
        ("1,5s", "1.5s"),
        (".5s", "0.5s"),
        ("1h30", "1h30min"),
        ("1m30", "1min30s"),
        ("1'30\"", "1min30s"),
        ("30'", "30min"),
        ('45"', "45s"),
        ("45″", "45s"),
        ("~30s", "30s"),
        ("ca. 30s", "30s"),
        ("about 2 min", "2min"),
        ("45s.", "45s"),
        ("half a minute", "30s"),
        ("half an hour", "30min"),
        ("a minute", "1min"),
        ("two minutes", "2min"),
        ("1 hour and 30 minutes", "1h30min"),
        ("30 Sek.", "30s"),
        ("5 Minuten", "5min"),
        ("2 heures", "2h"),
        ("30s\u200b", "30s"),
        ("30-45s", "45s"),
        ("10 – 15 min", "15min"),
        ("30s to 1min", "1min"),
    ],
)
def test_a_near_miss_is_answered_with_what_was_meant(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f'did you mean "{meant}"') as error:
        units.parse_duration(text)
    assert f'"{text}"' in str(error.value)
    for duration in meant.split('" or "'):
        units.parse_duration(duration)


@pytest.mark.parametrize("text", ["400m", "400 m", "100m", "1000m", "5km", "5k", "1 mile", "800 metres", "3 Miles"])
def test_a_distance_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=f'"{text}" is a distance: write how long it takes, or a "ready" step'):
        units.parse_duration(text)


def test_many_minutes_may_have_been_meant_by_a_distance() -> None:
    with pytest.raises(ValueError, match='"120min" is minutes'):
        units.parse_duration("120m")


def test_a_range_is_said_to_be_one() -> None:
    with pytest.raises(ValueError, match='"30-45s" is a range'):
        units.parse_duration("30-45s")


@pytest.mark.parametrize(
    "text", ["", "s", "h", "soon", "-5s", "1:75", "1:2", "1:60:00", "1s1m", "5 10s", "10 reps", "１s", "1e3s", "9" * 40]
)
def test_anything_else_is_answered_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a duration \(write") as error:
        units.parse_duration(text)
    assert len(str(error.value)) < 120


@pytest.mark.slow
@given(MILLISECONDS)
@settings(max_examples=300, deadline=None)
def test_a_written_duration_is_read_back_exactly(seconds: float) -> None:
    assert units.parse_duration(units.format_duration(seconds)) == seconds


@pytest.mark.slow
@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
@settings(max_examples=100, deadline=None)
def test_a_clock_is_read_as_it_is_shown(hours: int, minutes: int, seconds: int) -> None:
    whole = hours * 3600 + minutes * 60 + seconds
    assert units.parse_duration(units.format_clock(whole)) == whole
    assert units.parse_duration(f"{hours}:{minutes:02}:{seconds:02}") == whole


def test_a_duration_is_written_without_parts_that_are_nothing() -> None:
    assert [units.format_duration(seconds) for seconds in (0, 0.25, 59.9996, 60, 90.5, 3600, 3605, 5400)] == [
        "0s", "0.25s", "1m", "1m", "1m30.5s", "1h", "1h5s", "1h30m",
    ]  # fmt: skip


def test_a_clock_cuts_parts_of_a_second_off() -> None:
    assert [units.format_clock(seconds) for seconds in (0, 45.9, 723, 3723, -1)] == [
        "0:00", "0:45", "12:03", "1:02:03", "0:00",
    ]  # fmt: skip


@given(st.integers(0, 10**10), st.sampled_from([8_000, 22_050, 44_100, 48_000]))
@settings(max_examples=100, deadline=None)
def test_a_frame_keeps_its_place_through_seconds(frame: int, rate: int) -> None:
    assert units.to_frames(units.to_seconds(frame, rate), rate) == frame


def test_decibels_become_factors() -> None:
    assert units.gain(0.0) == 1.0
    assert math.isclose(units.gain(-20.0), 0.1)
    assert math.isclose(units.gain(-14.0) * units.gain(14.0), 1.0)
