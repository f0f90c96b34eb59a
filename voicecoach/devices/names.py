"""Names of files and texts of tags that a device takes and a person can still read.

Pure. A name is legal on FAT32 and on Windows, and no two of one folder are the same whatever their case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from voicecoach.errors import shown

if TYPE_CHECKING:
    from voicecoach.devices.profile import Characters, Profile

LONGEST = 255
"""UTF-16 units of a name on FAT32, and bytes of one elsewhere."""
ILLEGAL = '"*/:<>?\\|'
"""What FAT32 forbids, besides control characters."""
RESERVED = frozenset(
    (
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
    )
)
"""What Windows takes for a device, whatever follows the first dot."""

_NAMELESS = "track"
_INVISIBLE = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_JOINS = "\u200d"
"""Holds the parts of an emoji together."""
_BETTER = {"×": "x", "·": "-", "…": "...", "\u2212": "-"}
"""Where the transliteration's own choice cannot stand in a name, or reads oddly."""
_DASHED, _DROPPED = re.compile(r"\s*[/:\\|]\s*"), re.compile(r"[\"'*<>?`]")


def legible(text: str, characters: Characters) -> str:
    """A text in a set of characters, on one line: what is outside of it becomes what it sounds or looks like.

    Never empty.
    """
    text = unicodedata.normalize("NFC", "".join(text.split("\0")))
    parts = (_seen(char) if _fits(char, characters) else _spelt(char) for char in text)
    return " ".join("".join(parts).split()) or _NAMELESS


def fits(text: str, characters: Characters) -> bool:
    """Whether a text stands in a set of characters as it is."""
    return all(_fits(char, characters) for char in text)


def numbered(titles: Sequence[str], suffix: str, profile: Profile, first: int = 1) -> tuple[str, ...]:
    """A name for each file of a folder, in their order: its number, with noughts before it, and its title.

    ``suffix`` has its dot. However names are sorted, they stay in order.
    """
    digits = max(2, len(str(first + len(titles) - 1)))
    numbers = (f"{first + place:0{digits}d}" for place in range(len(titles)))
    return unique((f"{number} {title}" for number, title in zip(numbers, titles, strict=True)), suffix, profile)


def unique(titles: Iterable[str], suffix: str, profile: Profile, taken: Iterable[str] = ()) -> tuple[str, ...]:
    """A legal name for each title, none of them the same as another or as one that is ``taken``."""
    used = {key(name) for name in taken}
    found = []
    for title in titles:
        name = next(name for name in _candidates(title, suffix, profile) if key(name) not in used)
        used.add(key(name))
        found.append(name)
    return tuple(found)


def is_named(path: str, title: str, profile: Profile) -> bool:
    """Whether a file of an album is called after such a title; ``path`` counts from the folder for audio."""
    first, inside, _ = path.partition("/")
    stem, between = key(unique([title], "", profile)[0]), "-" if " " in profile.name_forbidden else " "
    name = key(first if inside else first.rpartition(".")[0] or first)
    if not name.startswith(stem):
        return False
    behind = rf"({between}\d+)?" if inside else rf"({between}\d\d+{between}.*)?"
    return re.fullmatch(behind, name[len(stem) :], re.DOTALL) is not None


def key(name: str) -> str:
    """Equal for names that a file system without case, or one that composes letters, takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def faults(name: str, profile: Profile) -> Iterator[tuple[str, str]]:
    """What is wrong with the name of a file or folder on a device: a kind, and why."""
    if illegal := [char for char in name if char in ILLEGAL or unicodedata.category(char) == "Cc"]:
        yield "name-illegal", f"no name on FAT32 may have {shown(illegal[0])} in it"
    elif _is_reserved(name):
        yield "name-illegal", f"{shown(name.partition('.')[0])} is the name of a device on Windows"
    elif name.endswith((".", " ")) or name.startswith(" "):
        yield "name-illegal", "a space at its beginning, or a space or dot at its end, is lost on FAT32"
    if outside := [char for char in name if not _fits(char, profile.name_characters)]:
        yield "name-characters", f"{shown(outside[0])} is not in {_set(profile.name_characters)}"
    elif mangled := [char for char in name if char in profile.name_forbidden]:
        yield "name-characters", f"{shown(mangled[0])} is read as something else"
    if _units(name) > profile.name_length or len(name.encode("utf-8", "replace")) > LONGEST:
        yield "name-length", f"it has {_units(name)} characters; at most {profile.name_length} are safe"
    if profile.name_case != "any" and name != _cased(name, profile):
        yield "name-case", f"it is not in {profile.name_case} case"


def _set(characters: Characters) -> str:
    return {"ascii": "plain ASCII", "latin-1": "Latin-1", "unicode": "Unicode"}[characters]


def _fits(char: str, characters: Characters) -> bool:
    if characters == "unicode":
        return not "\ud800" <= char <= "\udfff"
    return ord(char) < (128 if characters == "ascii" else 256)


def _seen(char: str) -> str:
    """A character, or a space where it would not be seen."""
    return char if char == _JOINS or unicodedata.category(char) not in _INVISIBLE else " "


def _spelt(char: str) -> str:
    if char in _BETTER:
        return _BETTER[char]
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    from anyascii import anyascii  # its tables are read where they are needed

    said = anyascii(char)
    return f" {said.strip(':').replace('_', ' ')} " if len(said) > 2 and said[0] == said[-1] == ":" else said


def _candidates(title: str, suffix: str, profile: Profile) -> Iterator[str]:
    """The name of a title, then the same with a number behind it."""
    suffix = _cased(suffix, profile)
    stem = _cased(
        legible(_cased(title, profile), profile.name_characters), profile
    )  # some letters have no capital there
    stem = _DROPPED.sub("", _DASHED.sub("-", stem))
    stem = "".join(" " if char in profile.name_forbidden and char != " " else char for char in stem)
    stem = " ".join(stem.split()).strip(". ") or _cased(_NAMELESS, profile)
    if _is_reserved(stem):
        stem = f"{stem.partition('.')[0]}-{stem.partition('.')[2]}".rstrip("-") + "-1"
    if " " in profile.name_forbidden:
        stem = stem.replace(" ", "-")
    room = min(profile.name_length, LONGEST) - len(suffix)
    number = 1
    while True:
        behind = "" if number == 1 else f"-{number}"
        yield f"{_cut(stem, room - len(behind), profile)}{behind}{suffix}"
        number += 1


def _cut(stem: str, room: int, profile: Profile) -> str:
    """As much of it as fits in so many UTF-16 units, and in the bytes of a name; no emoji is cut in two."""
    while _units(stem) > room or len(stem.encode("utf-8")) > LONGEST - 16:
        stem = stem[:-1]
        while stem and (stem[-1] == _JOINS or (len(stem) > 1 and unicodedata.combining(stem[-1]))):
            stem = stem[:-1]
    return stem.rstrip(". -") or _cased(_NAMELESS, profile)


def _units(name: str) -> int:
    return sum(2 if ord(char) > 0xFFFF else 1 for char in name)


def _cased(name: str, profile: Profile) -> str:
    return {"any": name, "upper": name.upper(), "lower": name.lower()}[profile.name_case]


def _is_reserved(name: str) -> bool:
    return name.partition(".")[0].rstrip(" ").casefold() in RESERVED
