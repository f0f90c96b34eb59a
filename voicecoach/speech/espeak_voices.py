"""The voices of espeak-ng, read from the files that describe them, without starting it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_DEFAULTS = {
    "en": "en-us",
    "es": "es",
    "fr": "fr-fr",
    "pt": "pt-br",
    "zh": "cmn",
    "no": "nb",
}
"""The voice for a language without a region, where espeak has several or calls it by another name.

English is American: of 44 coaching words spoken one by one, a recogniser (pocketsphinx, trained on Americans)
understood 43 in this voice, 36 in the British one, and fewer than 43 in each of nine variants of the two.
Portuguese is Brazilian, as in the likely subtags of Unicode's CLDR: so are most who speak it.
"""

_REGIONS = {
    "en": ({"us", "ca", "ph", "pr"}, "en-us", "en-gb"),
    "es": ({"es", "ea", "ic", "gq", "ph"}, "es", "es-419"),
    "pt": ({"br"}, "pt-br", "pt"),
}
"""For regions espeak has no voice of: those nearer to the first voice; all others, as in CLDR, to the second."""


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-[a-z]{2}|-\d{3})?")


class EspeakVoice(NamedTuple):
    """``identifier`` is the one name that always finds it (``gmw/en-US``); the smaller ``priority``, the better."""

    identifier: str
    label: str
    tags: tuple[tuple[str, int], ...]

    @property
    def tag(self) -> str:
        """What it is called here: its first language, in lower case, as espeak writes it."""
        return self.tags[0][0]


def read(data: Path) -> dict[str, EspeakVoice]:
    """Every voice in the folder ``espeak-ng-data``, by its tag. Raises OSError."""
    voices: dict[str, EspeakVoice] = {}
    for identifier, path in sorted(_files(data / "lang")):
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - pathlib takes twice the time
            voice = _parse(file, identifier)
        if voice is not None:
            voices.setdefault(voice.tag if voice.tag not in voices else voice.identifier.casefold(), voice)
    return dict(sorted(voices.items()))


def _files(folder: Path | str, inside: str = "") -> Iterator[tuple[str, str]]:
    """Every file under a folder: its path from there, with slashes, and where it is."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path, f"{inside}{entry.name}/")
            else:
                yield inside + entry.name, entry.path


def _parse(lines: Iterable[str], identifier: str) -> EspeakVoice | None:
    label, tags = identifier, []
    for line in lines:
        key, *words = line.partition("//")[0].split() or [""]
        if key == "name" and words:
            label = " ".join(words)
        elif key == "language" and words:
            tags.append((words[0].casefold(), int(words[1]) if words[1:] and words[1].isdecimal() else 5))
    return EspeakVoice(identifier, label, tuple(tags)) if tags else None


def best(voices: dict[str, EspeakVoice], language: str) -> str | None:
    """The tag of the best voice for a BCP 47 tag, or None where none speaks the language."""
    wanted = language.replace("_", "-").casefold()
    while wanted.count("-"):
        if wanted in voices:
            return wanted
        wanted = wanted.rpartition("-")[0]
    region = _region(language)
    if wanted in _REGIONS and region:
        regions, near, far = _REGIONS[wanted]
        wanted = near if region in regions else far
    else:
        wanted = _DEFAULTS.get(wanted, wanted)
    if wanted in voices:
        return wanted
    spoken = [(order, tag) for tag, voice in voices.items() for name, order in voice.tags if name == wanted]
    return min(spoken)[1] if spoken else None


def named(voices: dict[str, EspeakVoice], name: str) -> str | None:
    """The tag of the voice with that tag, identifier or long name, in any case, or of the best one for a language."""
    wanted = name.replace("_", "-").casefold()
    for tag, voice in voices.items():
        if wanted in (tag, voice.identifier.casefold(), voice.label.casefold()):
            return tag
    return best(voices, wanted) if _LANGUAGE.fullmatch(wanted) else None


def _region(language: str) -> str:
    """The region of a BCP 47 tag in lower case, or nothing."""
    subtags = language.replace("_", "-").casefold().split("-")[1:]
    return next((subtag for subtag in subtags if len(subtag) == 2 and subtag.isalpha()), "")
