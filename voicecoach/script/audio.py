"""The audio files that a script names, and where: told from the data as written, whatever else is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path as File
from typing import Any, NamedTuple

from voicecoach.errors import shown
from voicecoach.script import references
from voicecoach.script.problems import Finding, Path
from voicecoach.store.folders import beside, is_file

MUSIC_SUFFIXES = frozenset((
    ".aac", ".aif", ".aiff", ".flac", ".m4a", ".m4b", ".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav", ".wma",
))  # fmt: skip
"""What files in a folder of music are called."""
Audible = Callable[[File, bool], None]
"""Raises AudioFileError for a file that cannot be heard; as music if the second is true, else as a recording."""


class Named(NamedTuple):
    """A file that is there, by the path of the key that names it."""

    path: Path
    file: File
    is_music: bool


def recordings(data: dict[str, Any], folder: File) -> Iterator[Named]:
    """Every recording, of steps, lines and sounds; the models tell of those that are not there."""
    for path, name in _recordings(data):
        if isinstance(name, str) and name.strip() and is_file(file := beside(folder, name)):
            yield Named(path, file, False)


def _recordings(data: dict[str, Any]) -> Iterator[tuple[Path, object]]:
    for path, step in references.steps(data):
        yield (*path, "play"), step.get("play")
        for place, line in references.table(step, "at").items():
            if isinstance(line, dict):
                yield (*path, "at", place, "audio"), line.get("audio")
        yield from _lines((*path, "cues"), step.get("cues"))
    for name, lines in references.table(data, "cues").items():
        yield from _lines(("cues", name), lines)
    for index, reminder in enumerate(references.tables(data, "reminder")):
        yield from _lines(("reminder", index, "cues"), reminder.get("cues"))
    for name, sound in references.table(data, "sounds").items():
        if isinstance(sound, dict):  # start.run without quotes
            yield from ((("sounds", name, kind), own) for kind, own in sound.items())
        else:
            yield ("sounds", name), sound


def _lines(path: Path, lines: object) -> Iterator[tuple[Path, object]]:
    for index, line in enumerate(lines if isinstance(lines, list) else ()):
        if isinstance(line, dict):
            yield (*path, index, "audio"), line.get("audio")


def music(data: dict[str, Any], folder: File) -> tuple[list[Named], list[Finding]]:
    """The files of the music bed, each pattern's in order of their names."""
    patterns = references.table(data, "music").get("files")
    files: list[Named] = []
    findings: list[Finding] = []
    for index, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        if isinstance(pattern, str) and pattern.strip():
            path = ("music", "files", index)
            found = sorted(_matching(beside(folder, pattern)))
            files += [Named(path, file, True) for file in found]
            if not found:
                where = beside(folder, pattern).parent
                findings.append((path, f"no file matches {shown(pattern)} (looked in {where})"))
    return files, findings


def _matching(pattern: File) -> list[File]:
    """The files that a pattern means; of a folder all that look like music."""
    if is_file(pattern):
        return [pattern]
    root = File(pattern.anchor)
    try:
        if pattern.is_dir():
            return [path for path in pattern.iterdir() if path.suffix.lower() in MUSIC_SUFFIXES and is_file(path)]
        return [path for path in root.glob(str(pattern.relative_to(pattern.anchor))) if is_file(path)]
    except (OSError, ValueError):  # not a pattern that can match
        return []
