"""Starters: each plays as it is, in every language, and nothing in it has to move."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach.arrange.arranger import arrangement as arrange
from voicecoach.arrange.estimate import Estimate
from voicecoach.authoring import starter
from voicecoach.cli import new
from voicecoach.review.warnings import warnings_of
from voicecoach.script import layout
from voicecoach.script.loader import Loader
from voicecoach.script.source import Source
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.wording.language import languages

RATE = 44_100


def warnings(text: str) -> list[str]:
    workout = Loader().load(Source("starter", None, Path(), text.encode(), text))
    timeline = compile_workout(workout)
    return [str(warning) for warning in warnings_of(workout, timeline, arrange(timeline, Estimate(RATE), rate=RATE))]


def minutes_of(text: str) -> float:
    timeline = compile_workout(Loader().load(Source("starter", None, Path(), text.encode(), text)))
    return arrange(timeline, Estimate(RATE), rate=RATE).frames / RATE / 60


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", starter.KINDS)
def test_each_plays_and_nothing_in_it_has_to_move(kind: str, language: str) -> None:
    text = starter.starter(kind, "Test", 10, (), language)
    assert warnings(text) == []
    assert layout.laid_out(text) == text


@pytest.mark.parametrize("kind", starter.KINDS)
@pytest.mark.parametrize("minutes", [1, 5, 45])
def test_each_is_about_as_long_as_was_asked_for(kind: str, minutes: int) -> None:
    text = starter.starter(kind, "Test", minutes)
    assert warnings(text) == []
    assert 0.6 * minutes < minutes_of(text) < 1.3 * minutes + 1.4


def test_a_coach_s_own_cues_stand_in_it() -> None:
    text = starter.starter("hold", 'Ben\'s "core"', 3, ["Ribs down.", 'Say "ha".'])
    assert warnings(text) == []
    assert '  "Ribs down.",\n  "Say \\"ha\\".",\n' in text
    assert 'title    = "Ben\'s \\"core\\""' in text


def test_the_command_offers_every_kind() -> None:
    assert tuple(starter.KINDS) == new.KINDS
