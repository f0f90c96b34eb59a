"""Marks in a text that nobody is to hear, in every language; and other tools' marks, which are found."""

from __future__ import annotations

import pytest

from voicecoach import wording
from voicecoach.wording.foreign_marks import Mark, foreign

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Ola **lora** mira", "Ola lora mira"),
        ("Ola __lora__ _mira_", "Ola lora mira"),
        ("Ola *lora*, ***mira***", "Ola lora, mira"),
        ("un**lora**mira", "unloramira"),
        ("`Ola` ~~lora~~", "Ola lora"),
        ("snake_case", "snake case"),
        ("# Ola", "Ola"),
        ("### Ola lora", "Ola lora"),
        ("#lora #mira", "lora mira"),
        ("[ola](https://example.org/lora)", "ola"),
        ("Ola lora&nbsp;mira", "Ola lora mira"),
        ("Ola&#39;s lora", "Ola's lora"),
        ("&quot;Ola&quot;", '"Ola"'),
        ("- Ola", "Ola"),
        ("• Ola", "Ola"),
        ("– Ola", "Ola"),
        ("* Ola *lora*", "Ola lora"),
        ("1) Ola", "Ola"),
        ("(2) Ola", "Ola"),
        ("a) Ola", "Ola"),
        ("- [ ] Ola", "Ola"),
        ("> Ola", "Ola"),
        ("# Ola\n- Lora\n- Mira!\n- Tola", "Ola. Lora. Mira! Tola"),
        ("Ola\n---\nLora", "Ola Lora"),
        ("Ola <b>lora</b> mira", "Ola lora mira"),
        ('Ola <break time="2s"/> lora', "Ola [pause 2s] lora"),
        ("Ola [pause 2s] **lora**", "Ola [pause 2s] lora"),
    ],
)
def test_marks_are_not_heard(language: str, written: str, said: str) -> None:
    spoken = wording.of(language).spoken
    assert spoken(written) == said
    assert spoken(said) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("R&amp;D &lt; 140", "R and D less than 140"),
        ("pulse < 140, > 120", "pulse less than 140, more than 120"),
        ("> 140 bpm", "more than one hundred and forty beats per minute"),
        ("**3 x 10** squats", "three times ten squats"),
        ("3*10", "three times ten"),
        ("- 10 reps", "ten reps"),
        ("-5°", "minus five degrees"),
        ("Up -> down", "Up then down"),
        ("don`t", "don't"),
        ("1. Lift", "Lift"),
        ("1. Lift\n2. Hold\n3. Lower", "Lift. Hold. Lower"),
        ("3. 2. 1. Go!", "3. 2. 1. Go!"),
        ("Hold for\n10. Go", "Hold for 10. Go"),
    ],
)
def test_signs_that_mean_something_are_heard(written: str, said: str) -> None:
    assert wording.of("en").spoken(written) == said


def test_german_counts_with_a_full_stop() -> None:
    spoken = wording.of("de").spoken
    assert spoken("1. Kniebeugen") == "Kniebeugen"
    assert spoken("1. Runde") == "erste Runde"


# Marks of other tools


@pytest.mark.parametrize(
    ("text", "written", "pause"),
    [
        ('In. <break time="2s"/> Out.', '<break time="2s"/>', "[pause 2s]"),
        ("<break time='500ms' />", "<break time='500ms' />", "[pause 0.5s]"),
        ("<BREAK TIME=2S>", "<BREAK TIME=2S>", "[pause 2s]"),
        ('<break strength="strong"/>', '<break strength="strong"/>', "[pause 1s]"),
        ('<break time="90s"/>', '<break time="90s"/>', None),
        ("<break/>", "<break/>", None),
        ('<silence msec="1500"/>', '<silence msec="1500"/>', "[pause 1.5s]"),
        ('<mstts:silence value="200ms"/>', '<mstts:silence value="200ms"/>', "[pause 0.2s]"),
        ("<#1.5#>", "<#1.5#>", "[pause 1.5s]"),
        ('&lt;break time="2s"/&gt;', '<break time="2s"/>', "[pause 2s]"),
        ('<emphasis level="strong">Lift</emphasis>', '<emphasis level="strong">', None),
        ("<speak>Lift</speak>", "<speak>", None),
        ("Lift<!-- slowly -->", "<!-- slowly -->", None),
        ("[silent 1s] Lift", "[silent 1s]", "[pause 1s]"),
        ("[silence 2s]", "[silence 2s]", "[pause 2s]"),
        ("[PAUSE:5]", "[PAUSE:5]", "[pause 5s]"),
        ("[pause=1.5]", "[pause=1.5]", "[pause 1.5s]"),
        ("[wait 3 seconds]", "[wait 3 seconds]", "[pause 3s]"),
        ("[pausa 2s]", "[pausa 2s]", "[pause 2s]"),
        ("[2 second pause]", "[2 second pause]", "[pause 2s]"),
        ("[beat]", "[beat]", None),
        ("[long pause]", "[long pause]", None),
        ("[[beep]]", "[[beep]]", None),
        ("[[slnc 2000]]", "[[slnc 2000]]", "[pause 2s]"),
        ("[sfx: gong]", "[sfx: gong]", None),
        ("[rate=0.9]Lift[/rate]", "[rate=0.9]", None),
        ("{pause}", "{pause}", None),
        ("{pause 2s}", "{pause 2s}", "[pause 2s]"),
        ("{{Pause=2000}}", "{{Pause=2000}}", "[pause 2s]"),
    ],
)
def test_a_mark_of_another_tool_is_found(text: str, written: str, pause: str | None) -> None:
    assert foreign(text) == Mark(written, pause)


@pytest.mark.parametrize(
    "text",
    [
        "Breathe in. [pause 2s] Out.",
        "[ PAUSE 1.5s ]",
        "[[pause 1s]]",
        "[pause soon]",
        "pulse < 140",
        "120 < pulse <140 and > 100",
        "a <3 for you",
        "Lift [optional]",
        "Plank [30s]",
        "[wait for it]",
        "[1/3] Squats",
        "Squat (pause 3s) and up",
        "{name}, {{now}}",
        "R&D",
        "hold [up",
    ],
)
def test_prose_and_our_own_pauses_are_none(text: str) -> None:
    assert foreign(text) is None


def test_it_is_looked_for_in_no_time() -> None:
    for text in ("<a " * 600, "[" + " " * 1900, "[beat " * 300, "<!--" * 500, "{pause" * 300):
        assert foreign(text) is None
