"""What is counted for each side, and left and right, as people write them."""

from __future__ import annotations

import pytest

from voicecoach import wording

EACH_SIDE = {
    "en": {
        "3x10 reps e/s": "three times ten reps each side",
        "RFESS 3x8 e/s": "rear foot elevated split squat three times eight each side",
        "8 p/s": "eight per side",
        "30 s/s": "thirty seconds per side",
        "8 / leg": "eight per leg",
        "8-12/arm": "eight to twelve per arm",
        "10 slow squats / side.": "10 slow squats per side.",
        "10/10 each side": "ten each side",
        "12/12 reps": "twelve reps each side",
        "10 ea.": "Ten each.",
        "10ea": "ten each",
        "10 ea side, 8 ea. leg": "ten each side, eight each leg",
        "8 e/leg": "eight each leg",
        "10 reps L/R": "ten reps left, right",
        "3 m/s": "three metres per second",
        "front/side raises": "front, side raises",
        "10 squats/lunges": "10 squats, lunges",
        "ea": "ea",
    },
    "de": {
        "10 Wdh. / Bein": "zehn Wiederholungen pro Bein",
        "8/Seite": "acht pro Seite",
        "10 p.S.": "Zehn pro Seite.",
        "8 je Seite": "acht je Seite",
        "10/10 pro Seite": "zehn pro Seite",
        "30 Sek./Arm": "dreißig Sekunden pro Arm",
        "10 s/S.": "Zehn Sekunden pro Seite.",
    },
    "fr": {
        "ch. côté; chq jambe": "chaque côté; chaque jambe",
        "10 rép. ch. côté": "dix répétitions chaque côté",
        "10 / jambe": "dix par jambe",
        "8 p/côté": "huit par côté",
        "10/10 par côté": "dix par côté",
    },
    "es": {
        "10 rep. c/lado; c/u": "diez repeticiones cada lado; cada uno",
        "10 x lado": "diez por lado",
        "10 p/pierna": "diez por pierna",
        "10 por c/lado": "diez por cada lado",
        "3 x 10": "tres veces diez",
        "c/2 min": "cada dos minutos",
        "c/ peso": "con peso",
    },
    "it": {
        "10 x lato": "dieci per lato",
        "10 / gamba": "dieci per gamba",
        "10 rip. cad. lato": "dieci ripetizioni per lato",
        "10 cad.": "Dieci ciascuno.",
    },
    "nl": {
        "3 x 10 p/kant; p.k.; p/k": "drie keer tien per kant; per kant; per kant",
        "10 / been": "tien per been",
        "10 p/been": "tien per been",
    },
    "pt": {
        "10 c/lado": "dez cada lado",
        "10 cd lado": "dez cada lado",
        "10 p/ perna": "dez por perna",
        "c/ peso, s/ peso": "com peso, sem peso",
    },
}

LEFT_RIGHT = {
    "en": {
        "10L/10R": "ten left, ten right",
        "Side plank (L)": "Side plank (left)",
        "R leg, then L leg": "right leg, then left leg",
        "Side plank L": "Side plank left",
        "2L of water": "two litres of water",
        "Plan L is fine": "Plan L is fine",
    },
    "de": {
        "li. Bein, re. Bein; li/re": "linkes Bein, rechtes Bein; links, rechts",
        "li. Arm, re. Seite": "linker Arm, rechte Seite",
        "auf dem li. Bein, mit deinem re. Arm": "auf dem linken Bein, mit deinem rechten Arm",
        "das re. Knie, die li. Schulter": "das rechte Knie, die linke Schulter",
        "mit re. Arm": "mit rechtem Arm",
        "dein li. Fuß": "dein linker Fuß",
        "auf der re. Seite": "auf der rechten Seite",
        "10 li., 10 re.": "Zehn links, zehn rechts.",
    },
    "fr": {
        "jambe G, bras D": "jambe gauche, bras droit",
        "jambe dte, bras dr. levé": "jambe droite, bras droit levé",
        "10G/10D": "dix à gauche, dix à droite",
        "Planche (D)": "Planche (droite)",
        "vitamine D": "vitamine D",
    },
    "es": {
        "izq./der.": "izquierda, derecha",
        "pierna izq., brazo izq.": "pierna izquierda, brazo izquierdo",
        "mano dcha. y pie der.": "mano derecha y pie derecho",
        "10I/10D": "diez a la izquierda, diez a la derecha",
    },
    "it": {
        "gamba dx, braccio sx": "gamba destra, braccio sinistro",
        "mano dx e ginocchio sx": "mano destra e ginocchio sinistro",
        "10 dx + 10 sx": "dieci a destra più dieci a sinistra",
    },
    "nl": {
        "li/re": "links, rechts",
        "li. been, re. arm": "linkerbeen, rechterarm",
        "10L/10R": "tien links, tien rechts",
    },
    "pt": {
        "dir./esq.": "direita, esquerda",
        "perna esq., braço dir.": "perna esquerda, braço direito",
        "lado D, perna E": "lado direito, perna esquerda",
    },
}

CASES = [
    (language, text, said)
    for tables in (EACH_SIDE, LEFT_RIGHT)
    for language, table in tables.items()
    for text, said in table.items()
]


@pytest.mark.parametrize(("language", "text", "said"), CASES)
def test_each_side_and_left_and_right(language: str, text: str, said: str) -> None:
    assert wording.of(language).spoken(text) == said
    assert wording.of(language).spoken(said) == said


@pytest.mark.parametrize("language", EACH_SIDE)
def test_a_slash_before_what_is_counted_for_means_each(language: str) -> None:
    side = {"en": "side", "de": "Seite", "fr": "côté", "es": "lado", "it": "lato", "nl": "kant", "pt": "lado"}[language]
    spoken = wording.of(language).spoken
    for written in (f"10/{side}", f"10 / {side}", f"10 /{side}"):
        assert spoken(written) == spoken(f"10/{side}")
        assert side in spoken(written)
        assert "," not in spoken(written)
