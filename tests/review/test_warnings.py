"""What a coach is warned of in the wording of a script: each at its line, once."""

from __future__ import annotations

import io

import pytest

from voicecoach import script
from voicecoach.arrange.arranger import arrangement
from voicecoach.arrange.estimate import Estimate
from voicecoach.review.warnings import warnings_of
from voicecoach.timeline.compiler import compile as compile_workout

RATE = 24_000


def told(text: str) -> list[tuple[int | None, str | None, str]]:
    """Line, key and words of each warning of a script."""
    workout = script.load("-", stdin=io.StringIO(text))
    timeline = compile_workout(workout)
    placed = arrangement(timeline, Estimate(RATE), rate=RATE)
    return [(found.line, found.key, found.message) for found in warnings_of(workout, timeline, placed)]


def card(steps: str, more: str = "") -> str:
    """A script of one block, whose steps stand on line 3."""
    return f'title = "Card"\n[[block]]\nsteps = [ {steps} ]\n{more}'


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (card('{ say = "👍" }'), 3, "block[0].steps[0].say"),
        (card('{ ready = "…" }'), 3, "block[0].steps[0].ready"),
        (card('{ hold = "20s", intro = "💪 🎉" }'), 3, "block[0].steps[0].intro"),
        (card('{ hold = "20s", at = { "5s" = "Up.", "12s" = "🔥" } }'), 3, "block[0].steps[0].at.12s"),
        (card('{ hold = "40s", cues = ["Tall.", "🔥"] }'), 3, "block[0].steps[0].cues[1]"),
        (card('{ hold = "20s" }', '[announce]\ncomplete = "🎉"'), 5, "announce.complete"),
        (card('{ run = "9min" }', '[[reminder]]\nevery = "3min"\ncues = ["🏃"]'), 6, "reminder[0].cues[0]"),
    ],
)
def test_a_line_without_a_word_is_silent(text: str, line: int, key: str) -> None:
    (found,) = [each for each in told(text) if "silent" in each[2]]
    assert found[:2] == (line, key)
    assert "no word in it" in found[2]


def test_cues_of_a_quiet_step_with_sides_are_told_of_once() -> None:
    (found,) = told(card('{ hold = "20s", name = "Plank", sides = true, quiet = true, cues = ["Breathe."] }'))
    assert found[1:] == ("block[0].steps[0].cues", '"cues" has no effect: the step is quiet')


def test_a_word_in_another_alphabet_is_told_unless_it_is_said_how_it_sounds() -> None:
    steps = '{ hold = "40s", cues = ["Keep breathing.", "Say 谢谢."] }'
    (found,) = told(card(steps))
    assert found[:2] == (3, "block[0].steps[0].cues[1]")
    assert found[2].startswith('"谢谢" is in letters that voices for "en" cannot read')
    assert told(card(steps, '[pronounce]\n"谢谢" = "shyeh shyeh"')) == []


@pytest.mark.parametrize("said", ["Up. 👍", "[pause 2s]", "12", "{name}", "Go 🎉"])
def test_a_line_with_a_word_a_figure_or_a_pause_is_not(said: str) -> None:
    assert not [
        each for each in told(card(f'{{ hold = "20s", intro = "{said}", name = "Plank" }}')) if "silent" in each[2]
    ]


@pytest.mark.parametrize(
    ("written", "said"), [("10/10", "ten out of ten"), ("1/2", "one half"), ("20m", "twenty minutes")]
)
def test_figures_that_could_be_meant_otherwise_are_told(written: str, said: str) -> None:
    (found,) = told(card(f'{{ say = "Now {written}." }}'))
    assert found[:2] == (3, "block[0].steps[0].say")
    assert f'"{written}" is said "{said}"' in found[2]
    assert "if you mean" in found[2]


def test_a_pool_that_several_steps_share_is_told_once() -> None:
    steps = '{ hold = "40s", cues = "form" }, { hold = "40s", cues = "form" }'
    ((line, key, _),) = told(card(steps, '[cues]\nform = ["Form 1/2.", "Tall."]'))
    assert (line, key) == (5, "cues.form[0]")


def test_a_language_without_phrases_leaves_figures_to_the_voice() -> None:
    found = told('language = "pl"\n' + card('{ say = "Teraz 1/2." }'))
    assert not [each for each in found if "1/2" in each[2]]
