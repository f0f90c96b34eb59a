"""Which side of the body a name is about: "Calf stretch, left", "Rechtes Bein", "pierna derecha"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from voicecoach.wording.language import read
from voicecoach.wording.patterns import NOTHING, any_of

LEFT, RIGHT = 0, 1
_ENDINGS = ("e", "er", "es", "en", "em")


class Sided(NamedTuple):
    """A side, ``LEFT`` or ``RIGHT``, and the name without the words for it."""

    side: int
    rest: str


def sided(name: str, language: str) -> Sided | None:
    """The side that a name in spoken form is about; None where it is about none, or about both.

    ``language`` is a BCP 47 tag.
    """
    found = read(language)
    if not found.known:
        return None
    patterns = _patterns(found.tag)
    told = [side for side in (LEFT, RIGHT) if patterns[side].search(name)]
    if len(told) != 1:
        return None
    rest = patterns[told[0]].sub(lambda one: f" {one['before'] or ''} ", name)
    return Sided(told[0], re.sub(r"[\W_]+", " ", rest).strip().casefold())


@lru_cache(maxsize=16)
def _patterns(tag: str) -> list[re.Pattern[str]]:
    """What finds the words for the left, and for the right.

    The masculine form means "straight" too, and counts only beside a part of the body.
    """
    data = read(tag).data
    rules, labels = data["left_right"], data["sides"]["labels"]
    body, made = any_of(rules["nouns"]), []
    for words, label in zip((rules["left"], rules["right"]), labels, strict=True):
        alone = {label, *(words[key] for key in ("alone", "f", "joined") if key in words)}
        alone |= {words["stem"] + ending for ending in _ENDINGS if "stem" in words}
        beside = any_of({words["m"]} - alone) if "m" in words else NOTHING
        made.append(
            re.compile(
                rf"(?<!\w)(?:{any_of(alone)})(?!\w)|(?<!\w)(?P<before>(?:{body})\s+)(?:{beside})(?!\w)"
                rf"|(?<!\w)(?:{beside})(?=\s+(?:{body})(?!\w))",
                re.IGNORECASE,
            )
        )
    return made
