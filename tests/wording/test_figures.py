"""Figures whose meaning the words around them decide: pairs, ratios, tempo, numbers, ordinals, and ambiguous units."""

from __future__ import annotations

import pytest

from voicecoach import wording
from voicecoach.wording import Ambiguity

OF = {
    "en": {
        "Set 2/3": "Set two of three",
        "Round 1/4: go": "Round one of four: go",
        "Run 2/3, week 3/8": "Run two of three, week three of eight",
        "Set #2/3": "Set two of three",
        "Exercise 2 / 5.": "Exercise two of five.",
        "Plank (2/3)": "Plank (two of three)",
        "2/3: squats": "two of three: squats",
        "2/3 rounds": "two of three rounds",
        "2/3 of the way": "two thirds of the way",
        "run 2/3 of the distance": "run two thirds of the distance",
        "Run 1/2 mile": "Run half a mile",
        "RPE 7/10, effort 3/5": "R P E seven out of ten, effort three out of five",
        "8/10": "eight out of ten",
        "8/10 reps": "eight to ten reps",
        "3x8/8": "three times eight each side",
        "30/30": "thirty thirty",
        "40/20": "forty twenty",
    },
    "de": {
        "Satz 2/3": "Satz zwei von drei",
        "Woche 1/2": "Woche eins von zwei",
        "2/3 der Strecke": "zwei Drittel der Strecke",
    },
    "fr": {
        "Série 2/3": "Série deux sur trois",
        "séance 1/2": "séance un sur deux",
        "2/3 du temps": "deux tiers du temps",
    },
    "es": {
        "Serie 2/3": "Serie dos de tres",
        "semana 3/4": "semana tres de cuatro",
        "2/3 del tiempo": "dos tercios del tiempo",
    },
    "it": {
        "Serie 2/3": "Serie due di tre",
        "giro 1/4": "giro uno di quattro",
        "2/3 della corsa": "due terzi della corsa",
    },
    "nl": {
        "Ronde 2/3": "Ronde twee van drie",
        "week 1/2": "week één van twee",
        "2/3 van de tijd": "twee derde van de tijd",
    },
    "pt": {
        "Série 2/3": "Série dois de três",
        "treino 1/2": "treino um de dois",
        "2/3 do tempo": "dois terços do tempo",
    },
}

RATIOS = {
    "en": {
        "2:1 ratio; 1:1 work:rest": "two to one ratio; one to one work to rest",
        "ratio 1:10": "ratio one to ten",
        "1:1.5": "one to one point five",
        "1:30": "one minute thirty",
        "Note: 3 sets": "Note: three sets",
    },
    "de": {"1:1": "eins zu eins", "Verhältnis 2:1": "Verhältnis zwei zu eins"},
    "fr": {"1:1": "un pour un", "ratio 2:1": "ratio deux pour un"},
    "es": {"1:1": "uno a uno", "proporción 2:1": "proporción dos a uno"},
    "it": {"1:1": "uno a uno", "rapporto 2:1": "rapporto due a uno"},
    "nl": {"1:1": "één op één", "verhouding 2:1": "verhouding twee op één"},
    "pt": {"1:1": "um para um", "proporção 2:1": "proporção dois para um"},
}

TEMPO = {
    "en": {
        "31X1 tempo": "three, one, explosive, one tempo",
        "3-1-X-1": "three, one, explosive, one",
        "tempo 3010": "tempo three, zero, one, zero",
        "3x10 @ 20X0": "three times ten at two, zero, explosive, zero",
        "12x10": "twelve times ten",
        "10X3": "ten times three",
        "tempo 20 min": "tempo twenty minutes",
        "cadence 180": "cadence 180",
    },
    "de": {"31X1": "drei, eins, explosiv, eins"},
    "fr": {"31X1": "trois, un, explosif, un"},
    "es": {"31X1": "tres, uno, explosivo, uno"},
    "it": {"31X1": "tre, uno, esplosivo, uno"},
    "nl": {"31X1": "drie, één, explosief, één"},
    "pt": {"31X1": "três, um, explosivo, um"},
}

NUMBERS = {
    "en": {
        "#3; set #2": "number three; set number two",
        "No. 3": "Number three",
        "Exercise No. 3 is next.": "Exercise number three is next.",
        "No. 3 more.": "No. 3 more.",
        "No 3 reps are the same.": "No three reps are the same.",
        "#abs": "abs",
    },
    "de": {"Übung Nr. 3": "Übung Nummer drei", "#1": "Nummer eins"},
    "fr": {"n° 3; n°3": "numéro trois; numéro trois", "exercice nº 1": "exercice numéro un"},
    "es": {"n.º 3, nº 3": "número tres, número tres", "ejercicio núm. 2": "ejercicio número dos"},
    "it": {"n. 3": "numero tre", "esercizio n° 2": "esercizio numero due"},
    "nl": {"oefening nr. 2": "oefening nummer twee"},
    "pt": {"n.º 3": "número três", "no 3": "no 3"},
}

ORDINALS = {
    "en": {
        "1st and 2nd round": "first and second round",
        "21st rep": "twenty-first rep",
        "1st-3rd set": "first to third set",
    },
    "de": {
        "3. Satz, 3. Runde, 3. Mal": "dritter Satz, dritte Runde, drittes Mal",
        "der 3. Satz": "der dritte Satz",
        "nach der 3. Runde": "nach der dritten Runde",
        "jeden 2. Tag": "jeden zweiten Tag",
        "ein 2. Durchgang": "ein zweiter Durchgang",
        "mit 2. Satz": "mit zweitem Satz",
        "In der 1. und 3. Runde": "In der ersten und dritten Runde",
        "der 1. und der 2. Satz": "der erste und der zweite Satz",
        "1.-3. Satz": "erster bis dritter Satz",
        "2. Trainingswoche": "zweite Trainingswoche",
        "die 3. Wdh. halten": "die dritte Wiederholung halten",
        "ab dem 5. km": "ab dem fünften Kilometer",
        "am 3. Termin": "am dritten Termin",
        "Das war Runde 3. Pause.": "Das war Runde 3. Pause.",
        "Zähle bis 3. Dann hoch.": "Zähle bis 3. Dann hoch.",
    },
    "fr": {
        "1er tour, 1re série": "premier tour, première série",
        "1e série, 1e tour": "première série, premier tour",
        "1° série": "première série",
        "2nd tour, 2nde série": "second tour, seconde série",
        "3e rép. lente": "troisième répétition lente",
        "à 20° d'inclinaison": "à vingt degrés d'inclinaison",
    },
    "es": {
        "1° serie, 1° set": "primera serie, primer set",
        "3er set, 2da vuelta": "tercer set, segunda vuelta",
        "1º y 2º bloque": "primer y segundo bloque",
        "el 1º": "el primero",
        "90º": "noventa grados",
        "45° de inclinación": "cuarenta y cinco grados de inclinación",
        "la 3ª rep. lenta": "la tercera repetición lenta",
    },
    "it": {
        "1° serie": "prima serie",
        "1° e 2° serie": "prima e seconda serie",
        "2° giro, 3ª volta": "secondo giro, terza volta",
        "dal 2° al 4° giro": "dal secondo al quarto giro",
        "a 90°": "a novanta gradi",
    },
    "nl": {"1e ronde, 2de set": "eerste ronde, tweede set", "1° ronde": "eerste ronde", "90°": "negentig graden"},
    "pt": {
        "1° série, 2º bloco": "primeira série, segundo bloco",
        "1a série": "primeira série",
        "a 90º": "a noventa graus",
    },
}

CLOCKS = {
    "en": {
        "1:30 min": "one minute thirty",
        "0:45 sec": "forty-five seconds",
        "1:30 h": "one hour thirty",
        "5:30 min / km": "five minutes thirty per kilometre",
        '90" rest': "ninety seconds rest",
        "5' easy; 5' on / 2' off": "five minutes easy; five minutes on, two minutes off",
        "4x4'": "four times four minutes",
        "5'30\"": "five minutes thirty",
        "5’30”": "five minutes thirty",
        'Say "do 10" twice': 'Say "do 10" twice',
        '"10"': '"10"',
        '24" box': "twenty-four inch box",
        "2 m 30 s": "two minutes thirty",
        "1 h 5 m": "one hour five minutes",
        "10 min. 30 sec.": "Ten minutes thirty seconds.",
    },
    "de": {
        "1:30 h": "eine Stunde dreißig",
        "1:30 Min. Pause": "eine Minute dreißig Pause",
        "um 1:30 Uhr": "um 1:30 Uhr",
    },
    "fr": {
        "1:30 heures": "une heure trente",
        "1 h 15": "une heure et quinze minutes",
        '10 x 30"/30"': "dix fois trente secondes, trente secondes",
    },
    "es": {
        "1:30 min": "un minuto y medio",
        "1:30 h de carrera": "una hora y media de carrera",
        "a las 1:30 h": "a las 1:30 h",
    },
    "it": {"1:30 ore": "un'ora e mezza", "5'": "cinque minuti"},
    "nl": {"1:30 uur": "anderhalf uur", "om 1:30 uur": "om 1:30 uur"},
    "pt": {"1:30 min": "um minuto e meio", '90"': "noventa segundos"},
}

THOUSANDS = {
    "en": {
        "10 000 steps": "ten thousand steps",
        "10.000 steps": "ten thousand steps",
        "10,000 steps": "ten thousand steps",
        "5 100 m sprints": "5 one hundred metres sprints",
        "Set 1 100 reps": "Set 1 one hundred reps",
        "10k steps": "ten thousand steps",
        "Step goal: 10k": "Step goal: ten thousand",
        "a 10k run": "a ten kilometre run",
        "10k run": "ten kilometre run",
        "2.5k steps": "two thousand five hundred steps",
        "10-12k steps": "ten to twelve thousand steps",
    },
    "de": {
        "10 000 Schritte": "zehntausend Schritte",
        "10k Schritte": "zehntausend Schritte",
        "1'000 m": "tausend Meter",
    },
    "fr": {"10,000 pas": "dix mille pas", "10k pas": "dix mille pas", "10k de course": "dix kilomètres de course"},
    "es": {
        "10 000 pasos": "diez mil pasos",
        "2.500 repeticiones": "dos mil quinientas repeticiones",
        "carrera de 10k": "carrera de diez kilómetros",
    },
    "it": {"10 000 passi": "diecimila passi", "10k passi": "diecimila passi", "2 500 m": "duemilacinquecento metri"},
    "nl": {"10 000 stappen": "tienduizend stappen", "10k stappen": "tienduizend stappen"},
    "pt": {"10 000 passos": "dez mil passos", "10k passos": "dez mil passos"},
}

METRES = {
    "en": {
        "5m @ RPE 8": "five minutes at R P E 8",
        "Rest 2m": "Rest two minutes",
        "Sprint 20m, 1m rest": "Sprint twenty metres, one minute rest",
        "6 x 400m": "six times four hundred metres",
        "2 m apart": "two metres apart",
    },
    "de": {"2m Pause": "zwei Minuten Pause", "10m Sprint": "zehn Meter Sprint"},
    "es": {"2m de descanso": "dos minutos de descanso", "sprint de 20m": "sprint de veinte metros"},
}

SHORT_FORMS = {
    "en": {
        "approx. 10 reps, min. 3 sets": "approximately ten reps, minimum three sets",
        "approx.10 reps": "approximately ten reps",
        "10 reps. Then rest.": "Ten reps. Then rest.",
        "Curls etc. Then rest.": "Curls et cetera. Then rest.",
        "2x/wk; 10 wks; 6 mos": "two times per week; ten weeks; six months",
        "per km": "per kilometre",
        "w/band, w/out shoes, b/w sets": "with band, without shoes, between sets",
        "5ft 10in": "five feet ten inches",
        "10 in a row": "10 in a row",
        "25# dumbbell": "twenty-five pounds dumbbell",
        "90-90 stretch": "ninety ninety stretch",
        "⅓ done; 1⁄2 done; 1¼ h": "one third done; one half done; one and a quarter hours",
        "¾ h, 2¾ miles": "three quarters of an hour, two and three quarters miles",
    },
    "de": {
        "noch 5 Sek.!": "noch fünf Sekunden!",
        "30 Sek. Pause, 10 Wdh. Kniebeugen": "dreißig Sekunden Pause, zehn Wiederholungen Kniebeugen",
        "30 Sek. Dann Pause.": "Dreißig Sekunden. Dann Pause.",
        "70-80% der max. HF; HF 140–150": "siebzig bis achtzig Prozent der maximalen Herzfrequenz; "
        "Herzfrequenz hundertvierzig bis hundertfünfzig",
        "die max. Zeit, max. 3 Min.": "die maximale Zeit, maximal drei Minuten.",
        "80-90 U/min": "achtzig bis neunzig Umdrehungen pro Minute",
        "pro Wdh. und jede Min.": "pro Wiederholung und jede Minute.",
        "1¼ h, ¾ h": "eineinviertel Stunden, eine Dreiviertelstunde",
    },
    "fr": {
        "90 tr/min": "quatre-vingt-dix tours par minute",
        "3x/sem": "trois fois par semaine",
        "la dernière rép. lente": "la dernière répétition lente",
        "¼ h, 1¾ h": "un quart d'heure, une heure et trois quarts",
    },
    "es": {
        "FC máx. 180": "frecuencia cardíaca máxima 180",
        "3x/sem": "tres veces por semana",
        "última rep. ya": "última repetición ya",
    },
    "it": {"3x/sett": "tre volte a settimana", "ogni rip. lenta": "ogni ripetizione lenta", "¾ h": "tre quarti d'ora"},
    "nl": {
        "90 omw/min": "negentig omwentelingen per minuut",
        "3 t/m 5": "3 tot en met 5",
        "elke herh. traag": "elke herhaling traag",
    },
    "pt": {"FC máx. 180": "frequência cardíaca máxima 180", "3x/sem": "três vezes por semana"},
}

TABLES = {
    "of": OF,
    "ratio": RATIOS,
    "tempo": TEMPO,
    "number": NUMBERS,
    "ordinal": ORDINALS,
    "clock": CLOCKS,
    "thousands": THOUSANDS,
    "metres": METRES,
    "short": SHORT_FORMS,
}
CASES = [
    pytest.param(language, text, said, id=f"{kind}-{language}-{text}")
    for kind, tables in TABLES.items()
    for language, table in tables.items()
    for text, said in table.items()
]


@pytest.mark.parametrize(("language", "text", "said"), CASES)
def test_figures(language: str, text: str, said: str) -> None:
    assert wording.of(language).spoken(text) == said


@pytest.mark.parametrize(("language", "text", "said"), CASES)
def test_what_is_said_of_figures_is_in_spoken_form(language: str, text: str, said: str) -> None:
    assert wording.of(language).spoken(said) == said


# Ambiguities


@pytest.mark.parametrize(
    ("text", "ambiguity"),
    [
        ("10m walk", Ambiguity("10m", "ten minutes", "ten metres")),
        ("10k", Ambiguity("10k", "ten kilometres", "ten thousand")),
        ("10L", Ambiguity("10L", "ten litres", "ten left")),
        ("1.500 kg", Ambiguity("1.500 kg", "one and a half kilos", "one thousand five hundred kilos")),
        ("8/8", Ambiguity("8/8", "eight each side", "eight out of eight")),
        ("10/10", Ambiguity("10/10", "ten out of ten", "ten each side")),
        ("30/30", Ambiguity("30/30", "thirty thirty", "thirty each side")),
        ("8/10 reps", Ambiguity("8/10", "eight to ten", "eight out of ten")),
        ("8/s", Ambiguity("8/s", "eight per side", "eight per second")),
        ("Plank 2/3.", Ambiguity("2/3", "two thirds", "two of three")),
        ("31X3", Ambiguity("31X3", "three, one, explosive, three", "thirty-one times three")),
    ],
)
def test_a_figure_that_could_be_meant_otherwise_is_told(text: str, ambiguity: Ambiguity) -> None:
    assert wording.of("en").ambiguities(text) == (ambiguity,)
    assert ambiguity.said in wording.of("en").spoken(text)


@pytest.mark.parametrize(
    "text",
    [
        "Breathe.",
        "3x10 reps",
        "Rest 2m",
        "400m",
        "10k steps",
        "Run 10k",
        "Set 2/3",
        "RPE 8/10",
        "1:30",
        "31X1",
        "1/2 squat",
    ],
)
def test_what_context_decides_is_not_asked(text: str) -> None:
    assert wording.of("en").ambiguities(text) == ()


def test_other_languages_tell_ambiguities_in_their_words() -> None:
    assert wording.of("de").ambiguities("10k") == (Ambiguity("10k", "zehn Kilometer", "zehntausend"),)
    assert wording.of("fr").ambiguities("5m") == (Ambiguity("5m", "cinq mètres", "cinq minutes"),)
    assert wording.of("pl").ambiguities("10k, 5m, 8/8") == ()
