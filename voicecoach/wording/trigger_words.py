"""What tells cheaply whether a text may have short forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicecoach.wording.patterns import first_words
from voicecoach.wording.quantities import Quantities, names_unit


class TriggerWords:
    """Words without which a text has none of certain short forms: looked for first, since few texts have any."""

    def __init__(self, data: Mapping[str, Any], quantities: Quantities) -> None:
        each, sides = data["each"], data["left_right"]
        shorts = (
            short
            for side in (sides["left"], sides["right"])
            for short in (*side["written"], *side.get("as_written", ()))
        )
        self.each = first_words([*each["prefixes"], *each["alone"], *each["every"]])
        self.sides = first_words([*shorts, *sides["letters"]])
        self.short = first_words([*data["acronyms"], *data["abbreviations"]])
        self.units = first_words(
            symbol for unit in quantities.units.values() for symbol in unit.symbols if names_unit(symbol)
        )
        self.tempo = first_words(data["tempo"]["words"])
        self.named = self.tempo | first_words(data["numbered"]["signs"])
        self.all = self.each | self.sides | self.short | self.units
