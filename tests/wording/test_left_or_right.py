"""Which side a name is about, in every language."""

from __future__ import annotations

import pytest

from voicecoach.wording.left_or_right import LEFT, RIGHT, sided


@pytest.mark.parametrize(
    ("language", "name", "side", "rest"),
    [
        ("en", "Calf stretch, left", LEFT, "calf stretch"),
        ("en", "Right-leg bridge", RIGHT, "leg bridge"),
        ("de", "Rechtes Bein strecken", RIGHT, "bein strecken"),
        ("de", "Dehnen (links)", LEFT, "dehnen"),
        ("es", "Puente, pierna izquierda", LEFT, "puente pierna"),
        ("es", "Pie derecho", RIGHT, "pie"),
        ("fr", "Jambe droite", RIGHT, "jambe"),
        ("fr", "Pied droit", RIGHT, "pied"),
        ("it", "Gamba sinistra", LEFT, "gamba"),
        ("nl", "Linkerbeen", None, ""),
        ("nl", "Linker been", LEFT, "been"),
        ("pt", "Perna esquerda", LEFT, "perna"),
    ],
)
def test_the_side_and_what_is_left_of_the_name(language: str, name: str, side: int | None, rest: str) -> None:
    found = sided(name, language)
    assert found == (None if side is None else (side, rest))


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Left and right twist"),
        ("en", "Bridge"),
        ("en", "Upright row"),
        ("fr", "Dos droit"),
        ("es", "Remo derecho"),
        ("pl", "Lewa noga"),
    ],
)
def test_names_of_no_side_or_of_both(language: str, name: str) -> None:
    assert sided(name, language) is None
