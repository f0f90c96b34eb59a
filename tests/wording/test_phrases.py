"""What is said in each language: durations, the built-in phrases, and a script author's shorthand put into words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach import wording
from voicecoach.wording.language import languages

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
TAGS = (*LANGUAGES, "pt-BR", "fr-CH", "fr-BE")
RULES = ("ordinals", "each", "left_right", "pairs", "tempo", "numbered", "nouns", "contexts")
FOLDER = Path(wording.__file__).parent / "languages"


def data(language: str) -> dict[str, dict[str, object]]:
    return tomli.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


# Which language


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("de-AT", "de"),
        ("DE", "de"),
        ("de_CH", "de"),
        ("es-419", "es"),
        ("pt-BR", "pt-BR"),
        ("pt-Latn-BR", "pt-BR"),
        ("pt-PT", "pt"),
        ("fr-CH", "fr-CH"),
        ("fr-CA", "fr"),
        ("pl", "en"),
        ("", "en"),
        ("../en", "en"),
        ("d", "en"),
    ],
)
def test_the_nearest_phrases_are_found(tag: str, language: str) -> None:
    assert wording.of(tag).language == language


def test_phrases_are_read_once() -> None:
    assert wording.of("de") is wording.of("de-AT")


def test_there_is_a_file_for_each_language() -> None:
    assert languages() == LANGUAGES


# Numbers


@pytest.mark.parametrize(
    ("language", "n", "words"),
    [
        ("en", 0, "zero"),
        ("en", 12, "twelve"),
        ("en", 121, "one hundred and twenty-one"),
        ("en", 1100, "one thousand one hundred"),
        ("en", -5, "minus five"),
        ("en", 10**12, "1000000000000"),
        ("de", 1, "eins"),
        ("de", 100, "hundert"),
        ("de", 1000, "tausend"),
        ("fr", 21, "vingt et un"),
        ("fr", 80, "quatre-vingts"),
        ("fr-CH", 90, "nonante"),
        ("fr-BE", 71, "septante et un"),
        ("es", 22, "veintidós"),
        ("es", 21_000, "veintiún mil"),
        ("es", 31_000, "treinta y un mil"),
        ("it", 28, "ventotto"),
        ("nl", 22, "tweeëntwintig"),
        ("pt", 16, "dezasseis"),
        ("pt-BR", 16, "dezesseis"),
        ("pt-BR", 1234, "mil duzentos e trinta e quatro"),
    ],
)
def test_number(language: str, n: int, words: str) -> None:
    assert wording.of(language).number(n) == words


@pytest.mark.parametrize("language", TAGS)
def test_the_words_in_the_files_are_those_that_num2words_continues(language: str) -> None:
    from num2words import num2words

    spelled = {"de": {100: "hundert"}}
    for n in range(101):
        expected = spelled.get(language, {}).get(n) or num2words(n, lang=language.replace("-", "_"))
        assert wording.of(language).number(n) == expected


# Durations

DURATIONS = {
    "en": {
        0: "zero seconds",
        0.5: "half a second",
        1: "one second",
        1.5: "one and a half seconds",
        2.5: "two and a half seconds",
        2.2: "two point two seconds",
        45: "forty-five seconds",
        59.96: "one minute",
        60: "one minute",
        65: "one minute five seconds",
        90: "one minute thirty",
        121: "two minutes one second",
        1260: "twenty-one minutes",
        3600: "one hour",
        3605: "one hour five seconds",
        5400: "one hour thirty minutes",
        7800: "two hours ten minutes",
        3723: "one hour two minutes three seconds",
        172_800: "forty-eight hours",
    },
    "de": {
        0.5: "eine halbe Sekunde",
        1: "eine Sekunde",
        1.5: "eineinhalb Sekunden",
        2.5: "zweieinhalb Sekunden",
        2.2: "zwei Komma zwei Sekunden",
        21: "einundzwanzig Sekunden",
        60: "eine Minute",
        65: "eine Minute und fünf Sekunden",
        90: "eine Minute dreißig",
        1260: "einundzwanzig Minuten",
        3600: "eine Stunde",
        5400: "eineinhalb Stunden",
        7800: "zwei Stunden und zehn Minuten",
        3723: "eine Stunde, zwei Minuten und drei Sekunden",
    },
    "fr": {
        0: "zéro seconde",
        0.5: "une demi-seconde",
        1: "une seconde",
        1.5: "une seconde et demie",
        2.2: "deux virgule deux secondes",
        21: "vingt et une secondes",
        60: "une minute",
        81: "une minute et vingt et une secondes",
        90: "une minute trente",
        1260: "vingt et une minutes",
        3600: "une heure",
        5400: "une heure et demie",
        7800: "deux heures et dix minutes",
        75_600: "vingt et une heures",
    },
    "es": {
        0.5: "medio segundo",
        1: "un segundo",
        2.2: "dos coma dos segundos",
        2.5: "dos segundos y medio",
        21: "veintiún segundos",
        60: "un minuto",
        81: "un minuto y veintiún segundos",
        90: "un minuto y medio",
        95: "un minuto treinta y cinco",
        1260: "veintiún minutos",
        1860: "treinta y un minutos",
        3600: "una hora",
        5400: "una hora y media",
        75_600: "veintiuna horas",
    },
    "it": {
        0.5: "mezzo secondo",
        1: "un secondo",
        2.5: "due secondi e mezzo",
        21: "ventuno secondi",
        60: "un minuto",
        90: "un minuto e mezzo",
        95: "un minuto e trentacinque",
        1260: "ventuno minuti",
        3600: "un'ora",
        5400: "un'ora e mezza",
        7800: "due ore e dieci minuti",
        3723: "un'ora, due minuti e tre secondi",
    },
    "nl": {
        0.5: "een halve seconde",
        1: "één seconde",
        1.5: "anderhalve seconde",
        2.5: "twee en een halve seconde",
        22: "tweeëntwintig seconden",
        60: "één minuut",
        90: "anderhalve minuut",
        95: "één minuut vijfendertig",
        3600: "één uur",
        5400: "anderhalf uur",
        7800: "twee uur en tien minuten",
    },
    "pt": {
        0.5: "meio segundo",
        1: "um segundo",
        2: "dois segundos",
        2.5: "dois segundos e meio",
        60: "um minuto",
        90: "um minuto e meio",
        95: "um minuto e trinta e cinco",
        120: "dois minutos",
        3600: "uma hora",
        5400: "uma hora e meia",
        7320: "duas horas e dois minutos",
        75_600: "vinte e uma horas",
        79_200: "vinte e duas horas",
    },
}


@pytest.mark.parametrize(
    ("language", "seconds", "words"),
    [(language, seconds, words) for language, table in DURATIONS.items() for seconds, words in table.items()],
)
def test_duration(language: str, seconds: float, words: str) -> None:
    assert wording.of(language).duration(seconds) == words


def test_less_than_nothing_lasts_no_time() -> None:
    assert wording.of("en").duration(-3) == "zero seconds"


@pytest.mark.slow
@pytest.mark.parametrize("language", TAGS)
@settings(max_examples=60, deadline=None)
@given(seconds=st.floats(0, 172_800))
def test_a_duration_is_in_spoken_form(language: str, seconds: float) -> None:
    said = wording.of(language)
    assert said.spoken(said.duration(seconds)) == said.duration(seconds)
    assert not re.search(r"\d|  |\{", said.duration(seconds))


# The built-in phrases


def test_english_phrases() -> None:
    en = wording.of("en")
    assert en.announce("Bridge", en.duration(45), "left") == "Bridge, left side, forty-five seconds."
    assert en.announce("Bridge", None, None) == "Bridge."
    assert en.announce("Plank", en.as_long_as_you_can) == "Plank, as long as you can."
    assert en.rest(en.duration(30)) == "Rest, thirty seconds."
    assert en.next("Single-leg bridge", en.duration(20)) == "Next: Single-leg bridge, twenty seconds."
    assert en.next("Bridge") == "Next: Bridge."
    assert en.switch("right") == "Switch sides. Right side."
    assert en.switch("front leg") == "Switch sides. Front leg."
    assert (en.side("left"), en.side("front leg")) == ("left side", "front leg")
    assert en.halfway == "Halfway."
    assert en.remaining(en.duration(10)) == "Ten seconds left."
    assert en.round(2, 3) == "Round two of three."
    assert en.round(3, 3) == "Last round."
    assert (en.reps(10), en.reps(1)) == ("ten reps", "one rep")
    assert en.tempo == ("Down", "Hold", "Up", "Hold")
    assert en.step_names["hold"] == "Hold"


def test_the_end_of_a_name_gives_way_to_a_comma() -> None:
    en = wording.of("en")
    assert en.announce("Ready?", "ten seconds") == "Ready, ten seconds."
    assert en.announce("Go!") == "Go!"
    assert en.announce("Bridge.") == "Bridge."
    assert en.announce("", "ten seconds") == "Ten seconds."
    assert en.announce("") == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ten seconds left.", "Ten seconds left."),
        ("¿listo?", "¿Listo?"),
        ("", ""),
        ("30 seconds", "30 seconds"),
        ("élan", "Élan"),
        ("ßa", "ßa"),
    ],
)
def test_sentence(text: str, sentence: str) -> None:
    assert wording.of("en").sentence(text) == sentence


@pytest.mark.parametrize(
    ("language", "announced", "switched", "last_ten", "round_two", "reps"),
    [
        (
            "de",
            "Brücke, linke Seite, eine Minute dreißig.",
            "Seite wechseln. Rechte Seite.",
            "Noch zehn Sekunden.",
            "Runde zwei von drei.",
            ("eine Wiederholung", "zwei Wiederholungen"),
        ),
        (
            "fr",
            "Brücke, côté gauche, une minute trente.",
            "Changement de côté. Côté droit.",
            "Encore dix secondes.",
            "Série deux sur trois.",
            ("une répétition", "deux répétitions"),
        ),
        (
            "es",
            "Brücke, lado izquierdo, un minuto y medio.",
            "Cambio de lado. Lado derecho.",
            "Diez segundos más.",
            "Serie dos de tres.",
            ("una repetición", "dos repeticiones"),
        ),
        (
            "it",
            "Brücke, lato sinistro, un minuto e mezzo.",
            "Cambio lato. Lato destro.",
            "Ancora dieci secondi.",
            "Serie due di tre.",
            ("una ripetizione", "due ripetizioni"),
        ),
        (
            "nl",
            "Brücke, linkerkant, anderhalve minuut.",
            "Wissel van kant. Rechterkant.",
            "Nog tien seconden.",
            "Ronde twee van drie.",
            ("één herhaling", "twee herhalingen"),
        ),
        (
            "pt",
            "Brücke, lado esquerdo, um minuto e meio.",
            "Troca de lado. Lado direito.",
            "Só mais dez segundos.",
            "Série dois de três.",
            ("uma repetição", "duas repetições"),
        ),
    ],
)
def test_phrases_of_other_languages(
    language: str, announced: str, switched: str, last_ten: str, round_two: str, reps: tuple[str, str]
) -> None:
    said = wording.of(language)
    left, right = said.sides
    assert said.announce("Brücke", said.duration(90), left) == announced
    assert said.switch(right) == switched
    assert said.remaining(said.duration(10)) == last_ten
    assert said.round(2, 3) == round_two
    assert (said.reps(1), said.reps(2)) == reps


@pytest.mark.parametrize("language", TAGS)
def test_every_language_has_every_phrase_in_spoken_form(language: str) -> None:
    said = wording.of(language)
    length = said.duration(20)
    texts = [
        *(said.halfway, said.complete, said.as_long_as_you_can, *said.tempo, *said.sides),
        *(said.step_names[kind] for kind in ("hold", "work", "run", "walk", "rest", "reps")),
        *(said.rest(length), said.next("Plank", length), said.remaining(length), said.reps(3)),
        *(said.round(1, 2), said.round(2, 2), *map(said.switch, said.sides), *map(said.side, said.sides)),
        said.announce("Plank", length, said.sides[0]),
    ]
    for text in texts:
        assert text.strip() == text != ""
        assert "{" not in text
        assert said.spoken(text) == text
    assert all(" " not in word for word in said.tempo)
    assert said.side(said.sides[0]) != said.side(said.sides[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_has_the_same_tables_and_keys(language: str) -> None:
    english, other = data("en"), data(language)
    assert set(other) - {"region"} == set(english)
    for table in ("phrases", "sides", "steps", "quantities", "durations", "fractions", "signs", *RULES):
        assert set(other[table]) - {"f", "adjectives"} == set(english[table]) - {"f"}, table
    common = {
        "second",
        "minute",
        "hour",
        "metre",
        "kilometre",
        "centimetre",
        "mile",
        "kilo",
        "pound",
        "percent",
    }
    assert common | {"degree", "beats", "time", "rep", "set", "round", "side", "leg"} <= set(other["units"])
    for acronym in ("AMRAP", "EMOM", "HIIT", "RPE", "ROM"):
        assert acronym in other["acronyms"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_symbol_or_noun_means_two_units(language: str) -> None:
    written: dict[str, str] = {}
    for name, unit in data(language)["units"].items():
        assert isinstance(unit, dict)
        for text in {*unit.get("symbols", ()), unit["singular"], unit["plural"], *unit.get("words", ())}:
            assert written.setdefault(text, name) == name, text


@pytest.mark.parametrize("language", TAGS)
def test_every_unit_is_said_in_words(language: str) -> None:
    said = wording.of(language)
    for unit in data(language[:2])["units"].values():
        assert isinstance(unit, dict)
        for symbol in set(unit.get("symbols", ())) - {"*"}:
            for text in (f"1{symbol}", f"21 {symbol}", f"2-3{symbol}", f"2.5 {symbol}"):
                words = said.spoken(text)
                assert not re.search(r"[0-9%°×″′{]", words), text


@pytest.mark.parametrize("language", TAGS)
def test_every_short_form_and_sign_is_said_in_full(language: str) -> None:
    said, tables = wording.of(language), data(language[:2])
    for table in ("acronyms", "abbreviations"):
        for written, in_full in tables[table].items():
            assert said.spoken(f"x {written} x") == f"x {in_full} x"
    for sign, word in tables["signs"].items():
        assert said.spoken(f"x {sign} x").split() == ["x", *str(word).split(), "x"]


# A script author's text

SPOKEN = {
    "en": {
        # durations
        "Hold 30s.": "Hold thirty seconds.",
        "45 sec": "forty-five seconds",
        "Hold 45 sec. each": "Hold forty-five seconds each",
        "Rest 45 sec.": "Rest forty-five seconds.",
        "3min": "three minutes",
        "1 min": "one minute",
        "1h30m": "one hour thirty minutes",
        "1h 30m": "one hour thirty minutes",
        "1h30": "one hour thirty minutes",
        "1 h 30 min": "one hour thirty minutes",
        "2m15s": "two minutes fifteen",
        "2m 15s": "two minutes fifteen",
        "90s": "ninety seconds",
        "1:30": "one minute thirty",
        "0:45": "forty-five seconds",
        "1:02:03": "one hour two minutes three seconds",
        "1'30''": "one minute thirty",
        "30″": "thirty seconds",
        "2.5s": "two and a half seconds",
        "2,5 s": "two and a half seconds",
        ".5s": "half a second",
        "1½ min": "one and a half minutes",
        "1 1/2 min": "one and a half minutes",
        "2.25 min": "two point two five minutes",
        "1.0 min": "one minute",
        "I'm 5 minutes in": "I'm five minutes in",
        "at 7:30 am": "at 7:30 am",
        # lengths, weights and the like
        "400m": "four hundred metres",
        "400m 30s rest": "four hundred metres thirty seconds rest",
        "1,000 m": "one thousand metres",
        "5k": "five kilometres",
        "10 km": "ten kilometres",
        "0.5 km": "half a kilometre",
        "1 mile": "one mile",
        "6 mi": "six miles",
        "10 kg": "ten kilos",
        "1 kg": "one kilo",
        "25 lb": "twenty-five pounds",
        "30 cm": "thirty centimetres",
        "80%": "eighty percent",
        "90°": "ninety degrees",
        "-5°": "minus five degrees",
        "160 bpm": "one hundred and sixty beats per minute",
        "12 km/h": "twelve kilometres per hour",
        "5:30/km": "five minutes thirty per kilometre",
        "5:30 min/km": "five minutes thirty per kilometre",
        "a 10 km run": "a ten kilometre run",
        "a 1.5 km run": "a one and a half kilometre run",
        "a 30s hold": "a thirty second hold",
        "a 5 mile run": "a five mile run",
        "30-second hold": "thirty-second hold",
        # ranges and sets
        "20-30": "twenty to thirty",
        "20–30 s": "twenty to thirty seconds",
        "20 - 30 s": "twenty to thirty seconds",
        "20s-30s": "twenty to thirty seconds",
        "30s-1min": "thirty seconds to one minute",
        "1:30-2:00": "one minute thirty to two minutes",
        "Round 3 - 10 reps": "Round 3 - ten reps",
        "tempo 3-1-2": "tempo three, one, two",
        "3x10": "three times ten",
        "3×10": "three times ten",
        "3 x 10": "three times ten",
        "3x30s": "three times thirty seconds",
        "4 x 400m": "four times four hundred metres",
        "3x8-12": "three times eight to twelve",
        "3x10 @ 60 kg": "three times ten at sixty kilos",
        "3x10/side": "three times ten per side",
        "10 squats/leg": "ten squats per leg",
        "Squats x10": "Squats ten times",
        "Squats x 8-12": "Squats eight to twelve times",
        "3-4x/week": "three to four times per week",
        "10+ reps": "10 plus reps",
        # short forms and signs
        "AMRAP": "as many reps as possible",
        "RPE 8/10": "R P E eight out of ten",
        "80% 1RM": "eighty percent one rep max",
        "full ROM": "full range of motion",
        "tuck & lift": "tuck and lift",
        "bridge+curl": "bridge plus curl",
        "left/right": "left, right",
        "1/2 squat": "one half squat",
        "E.g. this": "For example this",
        "squats, curls etc.": "squats, curls et cetera.",
        "w/o weights": "without weights",
        "*Lift*": "Lift",
        "2nd round": "second round",
        "30s rest.": "Thirty seconds rest.",
        "Up. 30s rest.": "Up. Thirty seconds rest.",
    },
    "de": {
        "Halte 30s.": "Halte dreißig Sekunden.",
        "1 min": "eine Minute",
        "21 Min": "einundzwanzig Minuten",
        "1:30": "eine Minute dreißig",
        "1 Std 30 Min": "eine Stunde dreißig Minuten",
        "2,5 s": "zweieinhalb Sekunden",
        "2.5s": "zweieinhalb Sekunden",
        "0,5 km": "ein halber Kilometer",
        "1,25 kg": "eins Komma zwei fünf Kilo",
        "400m": "vierhundert Meter",
        "1.000 m": "tausend Meter",
        "ca. 10 kg": "circa zehn Kilo",
        "80 %": "achtzig Prozent",
        "1x10": "ein Mal zehn",
        "3x10": "drei Mal zehn",
        "20-30 s": "zwanzig bis dreißig Sekunden",
        "1-2 Runden": "eine bis zwei Runden",
        "1 Runde": "eine Runde",
        "1 Satz": "ein Satz",
        "10 Wdh. pro Seite": "zehn Wiederholungen pro Seite",
        "10/Seite": "zehn pro Seite",
        "5:30/km": "fünf Minuten dreißig pro Kilometer",
        "12 km/h": "zwölf Kilometer pro Stunde",
        "30-Sekunden-Plank": "dreißig-Sekunden-Plank",
        "3. Runde": "dritte Runde",
        "in der 3. Runde": "in der dritten Runde",
        "Das war Runde 3.": "Das war Runde 3.",
        "Start um 7:30 Uhr": "Start um 7:30 Uhr",
        "z. B. links/rechts": "zum Beispiel links, rechts",
        "Kniebeugen usw.": "Kniebeugen und so weiter.",
        "Po & Beine": "Po und Beine",
    },
    "fr": {
        "Tiens 30s.": "Tiens trente secondes.",
        "1 min": "une minute",
        "21 min": "vingt et une minutes",
        "10 min. 30 s": "dix minutes. Trente secondes",
        "1h30": "une heure et demie",
        "1'30''": "une minute trente",
        "30''": "trente secondes",
        "2,5 s": "deux secondes et demie",
        "1,2 km": "un virgule deux kilomètre",
        "1,5 km": "un kilomètre et demi",
        "0,5 km": "un demi-kilomètre",
        "1 000 m": "mille mètres",
        "1\u202f000\u00a0m": "mille mètres",
        "80 %": "quatre-vingts pour cent",
        "200 répétitions": "deux cents répétitions",
        "21 répétitions": "vingt et une répétitions",
        "1x10": "une fois dix",
        "3x10": "trois fois dix",
        "20-30 s": "vingt à trente secondes",
        "10 rép./côté": "dix répétitions par côté",
        "5:30/km": "cinq minutes trente au kilomètre",
        "12 km/h": "douze kilomètres à l'heure",
        "1er tour, 2e série": "premier tour, deuxième série",
        "les 3 s'alignent": "les 3 s'alignent",
        "min. 10 s": "au minimum dix secondes",
        "fessiers & dos": "fessiers et dos",
    },
    "es": {
        "Aguanta 30s.": "Aguanta treinta segundos.",
        "1 min": "un minuto",
        "21 min": "veintiún minutos",
        "1h": "una hora",
        "21 h": "veintiuna horas",
        "1:30": "un minuto y medio",
        "2,5 kg": "dos kilos y medio",
        "0,5 h": "media hora",
        "500 repeticiones": "quinientas repeticiones",
        "21 reps": "veintiuna repeticiones",
        "101 m": "ciento un metros",
        "3x10": "tres veces diez",
        "1x10": "una vez diez",
        "20-30 s": "veinte a treinta segundos",
        "1-2 horas": "una a dos horas",
        "5:30/km": "cinco minutos y medio por kilómetro",
        "90º": "noventa grados",
        "1º bloque, 1ª serie": "primer bloque, primera serie",
        "10/pierna": "diez por pierna",
        "a las 7:30 h": "a las 7:30 h",
        "p. ej. así": "por ejemplo así",
        "piernas & brazos": "piernas y brazos",
    },
    "it": {
        "Tieni 30s.": "Tieni trenta secondi.",
        "1 min": "un minuto",
        "1h": "un'ora",
        "1 ora": "un'ora",
        "2 h": "due ore",
        "0,5 h": "mezz'ora",
        "1h30": "un'ora e mezza",
        "2,5 kg": "due chili e mezzo",
        "1 ripetizione": "una ripetizione",
        "10 rip. per lato": "dieci ripetizioni per lato",
        "3x10": "tre volte dieci",
        "20-30 s": "venti a trenta secondi",
        "5:30/km": "cinque minuti e mezzo al chilometro",
        "12 km/h": "dodici chilometri all'ora",
        "1° giro, 90°": "primo giro, novanta gradi",
        "gamba dx": "gamba destra",
        "busto & gambe": "busto e gambe",
    },
    "nl": {
        "Houd 30s vast.": "Houd dertig seconden vast.",
        "1 min": "één minuut",
        "1u30": "anderhalf uur",
        "1,5 uur": "anderhalf uur",
        "2,5 kg": "twee en een halve kilo",
        "400 m": "vierhonderd meter",
        "3x10": "drie keer tien",
        "20-30 s": "twintig tot dertig seconden",
        "5:30/km": "vijf en een halve minuut per kilometer",
        "1e ronde, 8ste ronde": "eerste ronde, achtste ronde",
        "om 7:30 uur": "om 7:30 uur",
        "bijv. min. 10 kg": "bijvoorbeeld minimaal tien kilo",
        "billen & benen": "billen en benen",
    },
    "pt": {
        "Segura 30s.": "Segura trinta segundos.",
        "1 min": "um minuto",
        "2 min": "dois minutos",
        "2 h": "duas horas",
        "22 h": "vinte e duas horas",
        "1h30": "uma hora e meia",
        "2,5 kg": "dois quilos e meio",
        "2 repetições": "duas repetições",
        "200 reps": "duzentas repetições",
        "1 série": "uma série",
        "2x10": "duas vezes dez",
        "20-30 s": "vinte a trinta segundos",
        "1-2 horas": "uma a duas horas",
        "16 km": "dezasseis quilómetros",
        "10/perna": "dez por perna",
        "1º bloco, 1ª série": "primeiro bloco, primeira série",
        "pernas & braços": "pernas e braços",
    },
    "pt-BR": {"16 km": "dezesseis quilômetros", "1 rodada": "uma rodada"},
    "fr-CH": {"91 m": "nonante et un mètres", "1 min": "une minute"},
}


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [(language, text, spoken) for language, table in SPOKEN.items() for text, spoken in table.items()],
)
def test_spoken(language: str, text: str, spoken: str) -> None:
    assert wording.of(language).spoken(text) == spoken
    assert wording.of(language).spoken(spoken) == spoken


@pytest.mark.parametrize(
    "text",
    [
        "Keep your hips level.",
        "Lie on your back. Bend your knees, heels close to your bum. Tuck, and lift.",
        "Push a m off the floor, it's a s and k thing.",
        "3, 2, 1.",
        "Exercise 12 comes  next — breathe…",
        "Don't clench: \u201csoft\u201d jaw; (really).",
        "The 5's are 3D.",
        "rom and hit",
        "Cœur, Brücke, ¿lista?, één, não",
        "",
        "  ",
    ],
)
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert wording.of("en").spoken(text) == text


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Breathe in. [pause 1.5s] And out.", "Breathe in. [pause 1.5s] And out."),
        ("[pause 1.5s]30s left[ PAUSE 2s ]", "[pause 1.5s]thirty seconds left[ PAUSE 2s ]"),
        ("[[pause 1s]]", "[pause 1s]"),
        ("[[lˈɪft]] and ]] hold [up", "lˈɪft and  hold up"),
        ("one\x00two\x07", "onetwo"),
        ("Up\ud800 and\udfff down", "Up and down"),
        ("\u202eHold\u202c\u200f it\u200b", "Hold it"),
        ("Lie down.\n  Bend\tyour knees.\r\n", "Lie down. Bend your knees. "),
        ("10\u200b kg\x00", "ten kilos"),
    ],
)
def test_what_engines_stumble_over_goes_and_pauses_stay(text: str, spoken: str) -> None:
    assert wording.of("en").spoken(text) == spoken


SIGNS = st.sampled_from("123smhkeaxLRX /-–×[]&+.,:'\"’”½¼″ºª°%*→#_`<>~()@;\n\x00\ud800\u202e")
WORDS = st.sampled_from(
    [
        "30",
        "1:30",
        "1/2",
        "10 000",
        "min",
        "min.",
        "kg",
        "reps",
        "nd",
        "Round",
        "3. Runde",
        "side",
        "AMRAP",
        "e.g.",
        "etc.",
        "z. B.",
        "ca.",
        "[pause 1s]",
        "2/3",
        "8/8",
        "1:1",
        "31X1",
        "e/s",
        "c/lado",
        "10L/10R",
        "li.",
        "izq.",
        "dx",
        "No. 3",
        "1. und 2. Satz",
        "10k steps",
        "5m",
        "max. ",
        "per km",
        "&amp;",
        "**",
        "\n- ",
        "1) ",
        '<break time="2s"/>',
    ]
)
SHORTHAND = st.lists(st.one_of(SIGNS, WORDS), max_size=9).map("".join)


@pytest.mark.slow
@pytest.mark.parametrize("language", TAGS)
@settings(max_examples=120, deadline=None)
@given(text=st.one_of(SHORTHAND, st.text(max_size=30)))
def test_a_spoken_text_is_spoken_as_it_is(language: str, text: str) -> None:
    said = wording.of(language)
    once = said.spoken(text)
    assert said.spoken(once) == once
    assert "[[" not in once
    once.encode()


def test_a_number_without_end_stays() -> None:
    assert wording.of("en").spoken("9" * 2000 + " kg") == "9" * 2000 + " kg"


def test_a_long_row_is_spoken_to_its_end() -> None:
    assert wording.of("en").spoken("3x" * 500 + "10s") == "three times " * 500 + "ten seconds"


@pytest.mark.parametrize(
    ("language", "week", "day", "written"),
    [
        ("en", "Week three, day two.", "Day twelve.", "week 3, day 2"),
        ("de", "Woche drei, Tag zwei.", "Tag zwölf.", "Woche 3, Tag 2"),
        ("fr", "Semaine trois, jour deux.", "Jour douze.", "semaine 3, jour 2"),
        ("es", "Semana tres, día dos.", "Día doce.", "semana 3, día 2"),
        ("it", "Settimana tre, giorno due.", "Giorno dodici.", "settimana 3, giorno 2"),
        ("nl", "Week drie, dag twee.", "Dag twaalf.", "week 3, dag 2"),
        ("pt", "Semana três, dia dois.", "Dia doze.", "semana 3, dia 2"),
    ],
)
def test_a_day_of_a_plan(language: str, week: str, day: str, written: str) -> None:
    phrases = wording.of(language)
    assert phrases.plan_day(3, 2) == week
    assert phrases.plan_day(None, 12) == day
    assert phrases.plan_day_written(3, 2) == written
