"""The formats that can be imported, which of them a file is of, and the script that is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from voicecoach.authoring.imports import decoding, fit, garmin, hearing, icu, mrc, phrases, w2a, zwo
from voicecoach.authoring.imports.plan import Note, Plan, Wishes
from voicecoach.authoring.imports.writer import Writer
from voicecoach.errors import AuthoringError, ScriptError, WorkoutFileError, counted, printable
from voicecoach.script.loader import Loader
from voicecoach.script.source import Source

LARGEST = 5_000_000
"""Bytes of the largest file that is taken."""


class Format(NamedTuple):
    """How a text is told to be of a format, and read; ``exact`` where its segments stand at their seconds."""

    label: str
    suffixes: tuple[str, ...]
    looks_so: Callable[[str], bool]
    read: Callable[[str, str, Wishes], Plan]
    exact: bool = True


TEXTS: Mapping[str, Format] = {
    "zwo": Format("Zwift workouts", (".zwo",), zwo.looks_so, zwo.read),
    "mrc": Format("courses in minutes and percent, or watts", (".mrc", ".erg"), mrc.looks_so, mrc.read),
    "garmin": Format("Garmin Connect's JSON", (), garmin.looks_so, garmin.read),
    "w2a": Format("w2a's YAML", (), w2a.looks_so, w2a.read, exact=False),
    "intervals": Format("the text of intervals.icu", (), icu.looks_so, icu.read),
    "phrases": Format('lists of "phrase; seconds"', (), phrases.looks_so, phrases.read, exact=False),
}
"""The formats that are text, in the order in which a file is tried."""
FIT = "fit"
NAMES = (*TEXTS, FIT)


@dataclass(frozen=True, slots=True)
class Imported:
    """A script made of a file, in which format it was, and what is not as it stood there."""

    script: str
    format: str
    notes: tuple[Note, ...]


def imported(
    content: bytes, name: str, title: str, *, known: str | None = None, wishes: Wishes | None = None
) -> Imported:
    """The script of a file that is called ``name``; ``title`` is for one that has none. It is right, for ``check``.

    The format is told by what is in the file, unless it is ``known``. Raises WorkoutFileError for a file of no format
    that there is, that cannot be read, or of which no script can be made.
    """
    wishes = wishes or Wishes()
    if len(content) > LARGEST:
        raise WorkoutFileError(
            f"{name}: is larger than {LARGEST // 1_000_000} MB, the most that is taken; a workout is a small file"
        )
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise WorkoutFileError(
            f"{name}:1: the file is empty ({counted(len(content), 'byte')}); export the workout once more, "
            "or download it again"
        )
    binary = decoding.binary(content)
    if known == FIT or (known is None and (fit.is_fit(content) or (binary and Path(name).suffix.lower() == ".fit"))):
        return _script(fit.read(content, name, wishes), FIT, name, title, wishes, exact=True)
    if binary:
        raise WorkoutFileError(f"{name}: is {binary}")
    text, remark = decoding.text(content)
    wanted, known = known, known or _told(text, name)
    found = TEXTS[known]
    try:
        plan = found.read(text, name, wishes)
    except WorkoutFileError as error:
        looks = next((other for other, one in TEXTS.items() if one.looks_so(text)), known)
        if wanted is None or looks == known:
            raise
        raise WorkoutFileError(f'{error}; by what is in it, it is of the format "{looks}"') from None
    if remark:
        plan.note(0, remark)
    return _script(plan, known, name, title, wishes, exact=found.exact)


def _told(text: str, name: str) -> str:
    """The format of a text, by what is in it or else by the end of the file's name."""
    for known, one in TEXTS.items():
        if one.looks_so(text):
            return known
    suffix = Path(name).suffix.lower()
    for known, one in TEXTS.items():
        if suffix in one.suffixes:
            return known
    there = ", ".join(f'"{known}" ({one.label})' for known, one in TEXTS.items())
    raise WorkoutFileError(
        f'{name}: is of no format that is known here; there are {there} and "{FIT}" (--format takes one; '
        'a plain text is for "voicecoach new NAME --from-text FILE")'
    )


def _script(plan: Plan, known: str, name: str, title: str, wishes: Wishes, *, exact: bool) -> Imported:
    try:
        writer = Writer(plan, title, wishes.language, printable(" ".join(Path(name).name.split())), exact=exact)
        script = writer.script()
        workout = Loader().load(Source(name, None, Path(), script.encode(), script))
        if missing := hearing.unheard(plan, workout):
            plan.notes += missing
            script = writer.script()
    except ScriptError as error:
        raise WorkoutFileError(f"{name}: what is in it makes no script: {error.problems[0].message}") from None
    except AuthoringError as error:
        raise WorkoutFileError(f"{name}: {error}") from None
    return Imported(script, known, tuple(sorted(set(plan.notes))))
