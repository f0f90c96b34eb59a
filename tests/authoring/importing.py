"""Workouts of other programs, as the tests write them, and what becomes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomli

from voicecoach.arrange.arrangement import Dropped
from voicecoach.arrange.arranger import arrangement
from voicecoach.arrange.estimate import Estimate
from voicecoach.authoring.imports import formats
from voicecoach.authoring.imports.formats import Imported
from voicecoach.authoring.imports.plan import Wishes
from voicecoach.script.loader import Loader
from voicecoach.script.source import Source
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Role, Timeline


def imported(text: str | bytes, name: str = "ride.zwo", *, known: str | None = None, **wishes: Any) -> Imported:
    """What becomes of a file's content."""
    content = text if isinstance(text, bytes) else text.encode()
    return formats.imported(content, name, "Ride", known=known, wishes=Wishes(**wishes))


def script(text: str | bytes, name: str = "ride.zwo", **options: Any) -> dict[str, Any]:
    """The script as TOML has it."""
    return tomli.loads(imported(text, name, **options).script)


def steps(text: str | bytes, name: str = "ride.zwo", **options: Any) -> list[dict[str, Any]]:
    """All steps, whatever block they stand in."""
    return [step for block in script(text, name, **options)["block"] for step in block["steps"]]


def notes(text: str | bytes, name: str = "ride.zwo", **options: Any) -> list[tuple[int, str]]:
    """Lines of what is not as it stands in the file, and what became of it."""
    return [(note.line, note.what) for note in imported(text, name, **options).notes]


def timeline(made: Imported) -> Timeline:
    """The script as it is compiled."""
    source = Source("x.toml", Path("x.toml"), Path(), made.script.encode(), made.script)
    return compile(Loader().load(source), seed=0)


def seconds(made: Imported) -> float:
    """How long all of it lasts."""
    return sum(segment.duration or 0.0 for segment in timeline(made).segments)


def unheard(made: Imported) -> list[Dropped]:
    """Texts of the file for which there is no room, by estimated lengths."""
    passages = arrangement(timeline(made), Estimate()).passages
    return [missing for passage in passages for missing in passage.dropped if missing.role is Role.AT]


def zwo(body: str, head: str = "<name>Ride</name><sportType>bike</sportType>") -> str:
    """A file whose segments begin in its third line."""
    return f"<workout_file>{head}\n<workout>\n{body}\n</workout>\n</workout_file>\n"
