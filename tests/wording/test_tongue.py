"""Lines in another language than their script's are known; those that only look a little so are left alone."""

from __future__ import annotations

import pytest

from voicecoach.wording import tongue
from voicecoach.wording.language import languages

OWN = {
    "de": [
        "Schultern tief, Nacken lang.",
        "Core an, Po fest.",
        "In den Squat.",
        "Langer Nacken, weiter Blick.",
        "Arm an Arm.",
        "Halte das Tempo im Warm-up.",
        "Jumping Jacks, locker.",
        "Hand an die Wand.",
        "So ist es gut.",
    ],
    "en": [
        "Die hard.",
        "Was that fun?",
        "Man up.",
        "Sole of the foot flat.",
        "Do a Turkish get-up.",
        "Par for the course.",
        "Chaturanga dandasana, exhale.",
        "Los geht's.",
        "Tire the legs out.",
        "Son, hold on.",
        "Pull up, main bar.",
    ],
    "es": ["Vamos, tú puedes.", "Core firme.", "Tres segundos.", "Ombligo a la columna.", "A tope.", "Pie a pie."],
    "fr": [
        "Dos plat, regard loin.",
        "Plank latéral.",
        "À fond !",
        "Main au sol.",
        "Bras le long du corps.",
        "Core solide.",
    ],
    "it": ["Dai, forza!", "Core attivo.", "Sguardo avanti.", "A tempo.", "Un minuto.", "La schiena lunga."],
    "nl": ["Kom op!", "In het tempo.", "Is goed.", "Wat een tempo.", "Hand op de knie.", "De arm in."],
    "pt": ["Vamos lá!", "Core firme.", "Não pares.", "Para cima.", "Ar para dentro.", "Um minuto.", "No ritmo."],
}
LONGER = {
    "de": "Leg dich auf den Rücken und stell die Füße auf.",
    "en": "Lie on your back and bring your heels close.",
    "es": "Túmbate boca arriba y dobla las rodillas.",
    "fr": "Allonge-toi sur le dos et plie les genoux.",
    "it": "Sdraiati sulla schiena e piega le ginocchia.",
    "nl": "Ga op je rug liggen en buig je knieën.",
    "pt": "Deita de costas e dobra os joelhos devagar.",
}


@pytest.mark.parametrize("language", languages())
def test_every_language_with_phrases_has_its_words(language: str) -> None:
    assert language in tongue.languages()
    assert LONGER[language]


@pytest.mark.parametrize(("language", "line"), [(language, line) for language in OWN for line in OWN[language]])
def test_a_line_of_the_language_is_left_alone(language: str, line: str) -> None:
    assert tongue.other(line, language) == ""


@pytest.mark.parametrize("language", LONGER)
@pytest.mark.parametrize("written", LONGER)
def test_a_sentence_is_known_in_a_script_of_every_other_language(language: str, written: str) -> None:
    assert tongue.other(LONGER[written], language) == ("" if language == written else written)


def test_a_region_is_the_same_language() -> None:
    assert tongue.other(LONGER["pt"], "pt-BR") == ""
    assert tongue.other(LONGER["de"], "en-GB") == "de"


def test_names_that_are_filled_in_and_pauses_are_no_words() -> None:
    assert tongue.other("{remaining} [pause 2s] {next} with your", "de") == "en"
    assert tongue.other("{with} {your} [pause 2s] {the}", "de") == ""


def test_of_a_language_without_words_three_of_another_are_needed() -> None:
    assert tongue.other("Keep your hips level.", "pl") == "en"
    assert tongue.other("Plank w domu, to jest to.", "pl") == ""
