"""How large a file becomes, told beforehand, and which encoding is the best of those that fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from arrangements import RATE, bed, session

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.errors import ExportError
from voicecoach.export import sizes
from voicecoach.export.exporter import export
from voicecoach.export.formats import FORMATS, Silence

MINUTE = 60 * RATE
TALK = session(*((number * 5 * RATE, f"voice {2 * RATE}") for number in range(24)), frames=2 * MINUTE)
"""Two minutes, two fifths of them spoken."""


def estimated(arrangement: Arrangement, name: str, silence: Silence = "constant", bit_rate: int | None = None) -> int:
    return sizes.estimated(arrangement, FORMATS[name].encoding(RATE, arrangement.channels, silence, bit_rate))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "silence", "bit_rate", "within"),
    [
        ("mp3", "constant", 64_000, 0.01),
        ("mp3", "constant", 32_000, 0.01),
        ("mp3", "small", 48_000, 0.05),
        ("m4a", "constant", 64_000, 0.25),
        ("opus", "constant", 48_000, 0.25),
        ("wav", "constant", None, 0.01),
    ],
)
def test_an_estimate_is_near(tmp_path: Path, name: str, silence: Silence, bit_rate: int | None, within: float) -> None:
    path = tmp_path / f"a.{name}"
    export(TALK, path, silence=silence, bit_rate=bit_rate)
    assert estimated(TALK, name, silence, bit_rate) == pytest.approx(path.stat().st_size, rel=within)


@pytest.mark.slow
def test_under_music_nothing_is_silent(tmp_path: Path) -> None:
    under = replace(TALK, bed=bed(tmp_path))
    export(under, tmp_path / "a.mp3")
    assert estimated(under, "mp3") == pytest.approx((tmp_path / "a.mp3").stat().st_size, rel=0.01)
    assert estimated(under, "m4a") > 3 * estimated(TALK, "m4a")


def test_silence_costs_almost_nothing_where_bit_rate_may_vary() -> None:
    quiet = session((0, f"voice {RATE}"), frames=60 * MINUTE)
    assert estimated(quiet, "mp3") > 25e6
    assert {name: estimated(quiet, name) < 2e6 for name in ("m4a", "opus", "flac")} == dict.fromkeys(
        ("m4a", "opus", "flac"), True
    )
    assert estimated(quiet, "mp3", "small") < 4e6


def test_what_is_wanted_is_tried_first_and_then_what_is_smaller() -> None:
    mp3 = FORMATS["mp3"]
    wanted = mp3.encoding(RATE, 1, "constant", 64_000)
    others = [mp3.encoding(RATE, 1, "constant", rate) for rate in mp3.choice]
    assert [one.bit_rate // 1000 for one in sizes.smaller(wanted, others)] == [64, 56, 48, 40, 32]


def test_what_fits_is_taken_as_it_is_wished() -> None:
    chosen = sizes.fitting(TALK, FORMATS["mp3"], "constant", None, 2_000_000)
    assert (chosen.bit_rate, chosen.silence) == (64_000, "constant")


@pytest.mark.parametrize(
    ("limit", "wished", "bit_rate", "silence"),
    [
        (900_000, 64_000, 64_000, "small"),
        (900_000, 96_000, 96_000, "small"),
        (400_000, 64_000, 48_000, "small"),
        (300_000, None, 32_000, "small"),
    ],
)
def test_otherwise_the_most_bits_for_what_is_spoken(
    limit: int, wished: int | None, bit_rate: int, silence: Silence
) -> None:
    chosen = sizes.fitting(TALK, FORMATS["mp3"], "constant", wished, limit)
    assert sizes.estimated(TALK, chosen) <= limit
    assert (chosen.bit_rate, chosen.silence) == (bit_rate, silence)


@pytest.mark.parametrize("name", FORMATS)
def test_where_nothing_fits_it_is_told_what_would(name: str) -> None:
    with pytest.raises(ExportError, match=r'"Bridge" does not fit in 1\.0 kB: the smallest that can be made of it for'):
        sizes.fitting(TALK, FORMATS[name], "constant", None, 1_000)
