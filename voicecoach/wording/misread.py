"""What is left in a text once it is in spoken form, and that a voice is likely to read wrongly: units, dates, signs."""

from __future__ import annotations

import re
import unicodedata

from voicecoach.wording import pauses

_WORD = re.compile(r"[^\s,;:!?()\"“”„«»…]+")
_UNIT_BEHIND = re.compile(r"[0-9](?P<unit>[^\W\d_]{1,4})(?:/[^\W\d_]{1,4})?[²³]?$")
_READ_WELL = re.compile(r"[0-9]+(?:[a-h]|[DGKdk]|am|AM|pm|PM|e|er|re|ère|ème|st|nd|rd|th|[oaºª])$")
_SIGNS = re.compile(r"[0-9]\s?[$€£¥^=±‰√∞²³₀-₉]|[$€£¥=±√][0-9]|[^\W\d_][²³₀-₉]")
_DOTTED = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:\.[0-9]+)*\.?$|[0-9]+\.\.[0-9]+\.?$")
_TOO_LONG = re.compile(r"0[0-9]+$|[0-9]{7,}$")
_EXCLAIMED = re.compile(r"h+m+|m+h*m*|s+h+|p*s+t+|b+r+|g+r+|p+f+t*|z+|t+s+k+", re.IGNORECASE)
_VOWELS = frozenset("aeiouyœæø")
_SHORT = {"psi", "atm", "hpa", "usw", "ca", "evtl", "inkl", "ggf", "bzw"}
"""Short forms with a vowel that no voice can be trusted with."""
_READ_AS_WORDS = {"dr", "mr", "mrs", "ms", "st", "jr", "sr", "nth", "phd"}
LONGEST_SHORT_FORM = 4
_MAYBE = re.compile(
    rf"[0-9$€£¥^=±‰√∞²³₀-₉]|(?<![^\W_])(?:[^\W\d_aeiouyAEIOUY]{{2,{LONGEST_SHORT_FORM}}}|{'|'.join(sorted(_SHORT))})(?![^\W_])",
    re.IGNORECASE,
)
"""Without any of these a text, as most, needs no closer look."""


def misread(said: str) -> str:
    """The first thing in a text in spoken form that is still a short form, a date or a sign; empty where all is words.

    A number in figures is none: voices read these. Neither are letters before figures (B12, L4) or capitals (HIIT),
    which are spelt as one says them.
    """
    if _MAYBE.search(said) is None:
        return ""
    for text in pauses.texts(said):
        before = ""
        for found in _WORD.finditer(text):
            word = found[0]
            if _wrong(word):
                stem = word.rstrip(".")
                return f"{before} {stem}" if before[-1:].isdigit() and stem[:1].isalpha() else stem
            before = word
    return ""


def _wrong(word: str) -> bool:
    stem = word.strip(".'’-–")
    if not stem:
        return False
    if stem[0].isdigit() or not stem[0].isalpha():
        if _DOTTED.match(stem) or _TOO_LONG.match(stem) or _SIGNS.search(stem):
            return True
        behind = _UNIT_BEHIND.search(stem)
        return behind is not None and not _READ_WELL.match(stem) and stem[: behind.start("unit")].isdigit()
    if _SIGNS.search(stem):
        return True
    return any(_short_form(part) for part in stem.split("/"))


def _short_form(part: str) -> bool:
    if not 2 <= len(part) <= LONGEST_SHORT_FORM or not part.isalpha() or part.isupper() or part[-1] in "ºª":
        return False
    if (lower := part.lower()) in _SHORT or lower in _READ_AS_WORDS:
        return lower in _SHORT
    bare = unicodedata.normalize("NFD", part.lower())
    return _VOWELS.isdisjoint(bare) and _EXCLAIMED.fullmatch(part) is None
