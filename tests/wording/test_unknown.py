"""A language there are no phrases for: figures are left to the engine, and nothing is said in English."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach import wording

UNKNOWN = ("pl", "sv", "ja", "xx", "")


@pytest.mark.parametrize(
    ("tag", "known"),
    [("en", True), ("de-AT", True), ("pt-BR", True), ("fr-CA", True), ("deu", True), ("pl", False), ("ja-JP", False)],
)
def test_it_is_told_whether_there_are_phrases(tag: str, known: bool) -> None:
    assert wording.of(tag).known is known


def test_english_is_not_mistaken_for_a_language_without_phrases() -> None:
    assert wording.of("en") is not wording.of("pl")
    assert wording.of("en").duration(90) == "one minute thirty"


@pytest.mark.parametrize("tag", UNKNOWN)
@pytest.mark.parametrize(
    "text",
    ["Jeszcze 20 s, 2,5 kg.", "3x10/10 @ 60 kg & 5%", "1. runda, 2/3", "あと30秒", "AMRAP 1:30", "max. 10 < 20"],
)
def test_what_is_written_is_left_to_the_engine(tag: str, text: str) -> None:
    assert wording.of(tag).spoken(text) == text
    assert wording.of(tag).ambiguities(text) == ()


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("**Deska** 20 s\x00", "Deska 20 s"),
        ("- Deska\n- Most", "Deska. Most"),
        ("Raz. [pause 1s] [Dwa]", "Raz. [pause 1s] Dwa"),
        ("Deska &amp; most", "Deska & most"),
    ],
)
def test_what_no_voice_can_say_goes(text: str, spoken: str) -> None:
    assert wording.of("pl").spoken(text) == spoken


def test_numbers_and_durations_are_figures() -> None:
    said = wording.of("sv")
    assert [said.duration(seconds) for seconds in (0, 2.5, 30, 59.99, 90, 3600, 3725)] == [
        "0 s",
        "2.5 s",
        "30 s",
        "1 min",
        "1 min 30 s",
        "1 h",
        "1 h 2 min 5 s",
    ]
    assert (said.number(12), said.reps(12)) == ("12", "12")
    assert said.announce("Planka", said.duration(30)) == "Planka, 30 s."


def test_the_sides_of_the_script_are_said_and_no_others() -> None:
    said = wording.of("pl")
    assert said.side("lewa noga") == "lewa noga"
    assert [said.side(side) for side in said.sides] == ["", ""]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=40))
def test_a_spoken_text_is_spoken_as_it_is(text: str) -> None:
    said = wording.of("ja")
    once = said.spoken(text)
    assert said.spoken(once) == once
    once.encode()


# A line that says nothing


@pytest.mark.parametrize("language", ["en", "de", "pl"])
@pytest.mark.parametrize("text", ["💪", "💪🏽🔥", "…", " — ", "**", "[ ]", "<b></b>", "①", "👍 !"])
def test_a_line_of_nothing_that_can_be_said_is_silent(language: str, text: str) -> None:
    assert wording.of(language).silent(text)


@pytest.mark.parametrize("language", ["en", "de", "pl"])
@pytest.mark.parametrize("text", ["💪 Go", "10", "½", "{name}", "あと", "[pause 2s]", "é"])
def test_a_word_a_figure_or_a_pause_is_not_silent(language: str, text: str) -> None:
    assert not wording.of(language).silent(text)


def test_a_sign_is_silent_where_it_has_no_word() -> None:
    assert not wording.of("en").silent("→")
    assert re.search(r"\w", wording.of("en").spoken("→"))
    assert wording.of("pl").silent("→")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("谢谢", "谢谢"),
        ("Say дом now.", "дом"),
        ("Nice! مرحبا", "مرحبا"),
        ("Naïve café, Łódź", ""),
        ("2π, 5 µm, 1ª", ""),
    ],
)
def test_a_word_in_another_alphabet_is_one_that_voices_of_the_language_cannot_read(text: str, word: str) -> None:
    assert wording.of("en").unreadable(text) == word
    assert wording.of("ja").unreadable(text) == ""
