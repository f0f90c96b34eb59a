"""A script author's text, turned into what is to be spoken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from voicecoach.wording.ambiguity import Ambiguity, Reading
from voicecoach.wording.patterns import BREAKS, FIGURE, UNSPEAKABLE, words
from voicecoach.wording.quantities import Quantities
from voicecoach.wording.trigger_words import TriggerWords

if TYPE_CHECKING:
    from voicecoach.wording.forms import Forms

_BARE_NUMBER = re.compile(r"(?<!\S)(?<![xX×]\s)[0-9]{1,9}(?=\.?$|[!?]|,\s)")
"""A number that nothing can make an amount of: it ends its clause."""
_MOST_PASSES = 8
"""Each pass takes away figures, signs or short forms; hardly a text needs three."""


class Spoken:
    """Called with a text, gives its spoken form, and which figures could be meant otherwise.

    Amounts, abbreviations, acronyms and signs become words. Markdown, entities, bullets, control characters,
    bidirectional marks, lone surrogates and square brackets, which engines stumble over, go; ``[pause 1.5s]`` stays.
    A plain sentence comes back as it is, and so does what is in spoken form already.
    """

    def __init__(self, data: Mapping[str, Any], quantities: Quantities) -> None:
        marks = "".join(mark for mark in data["fractions"] if len(mark) == 1)
        signs = "".join(map(re.escape, data["signs"]))
        self._written = re.compile(
            rf"[0-9/⁄∕`_\[\]{signs}{marks}{UNSPEAKABLE}{BREAKS}]|^\s*(?:[-–—‣◦▪●○·]|[a-hA-H]\))\s"
        )
        self._triggers = TriggerWords(data, quantities)
        self._data = data
        self._quantities = quantities

    def __call__(self, text: str) -> Reading:
        """The text in spoken form."""
        doubts: list[Ambiguity] = []
        said = text
        for _ in range(_MOST_PASSES):
            if not self._may_have_more(said):
                break
            before, said = said, self._forms.speak(said, doubts)
            if said == before:
                break
        return Reading(said, tuple(dict.fromkeys(doubts)))

    def _may_have_more(self, text: str) -> bool:
        """Whether there is anything in a text that needs a closer look."""
        if self._written.search(_BARE_NUMBER.sub("", text)) is not None:
            return True
        found = words(text)
        return not self._triggers.all.isdisjoint(found) or (
            not self._triggers.named.isdisjoint(found) and FIGURE.search(text) is not None
        )

    @cached_property
    def _forms(self) -> Forms:
        from voicecoach.wording.forms import Forms  # a script without a short form goes without its patterns

        return Forms(self._data, self._quantities, self._triggers)
