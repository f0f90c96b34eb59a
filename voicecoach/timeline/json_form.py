"""A timeline as JSON, and back: the one form in which it leaves the process, into the cache or to a cluster's worker.

Contents that recur stand in a table once, and each segment is a row, since ten thousand of them are read each time a
long script is played.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from voicecoach.timeline.model import (
    Content,
    Cue,
    Ends,
    Line,
    MusicBed,
    Origin,
    Pronunciation,
    RecordedLine,
    Recording,
    Role,
    Segment,
    Sound,
    StatedTime,
    Timeline,
    VoiceWish,
)

VERSION = 7
"""Goes up when a reader of the form before would go wrong."""
_CUES = ("lead", "cues", "unanswered")
_PLAIN = tuple(field.name for field in fields(Segment) if field.name not in (*_CUES, "origin", "ends"))
_TEXTS = ("title", "summary", "language", "seed")


def dumps(timeline: Timeline) -> str:
    """The timeline as JSON text."""
    numbers: dict[Content | StatedTime, int] = {}

    def cues(row: tuple[Cue, ...]) -> list[list[Any]]:
        return [[at, numbers.setdefault(what, len(numbers)), *rest] for at, what, *rest in row]

    plain_of, cues_of = attrgetter(*_PLAIN), attrgetter(*_CUES)
    segments = [[*plain_of(one), one.origin, one.ends, *map(cues, cues_of(one))] for one in timeline.segments]
    form = {
        "version": VERSION,
        "texts": [getattr(timeline, name) for name in _TEXTS],
        "contents": [[type(what).__name__, *what] for what in numbers],
        "segments": segments,
        "voice": asdict(timeline.voice),
        "music": timeline.music and asdict(timeline.music),
        "unheard": timeline.unheard,
        "pronounce": timeline.pronounce,
        "recorded": timeline.recorded,
    }
    return json.dumps(form, default=str)


def loads(text: str | bytes) -> Timeline:
    """The timeline of a JSON text. Raises ValueError, TypeError, LookupError or AttributeError where it is none."""
    form = json.loads(text)
    if form["version"] != VERSION:
        raise ValueError(f"a timeline of version {form['version']}, not {VERSION}")
    contents = [_content(*what) for what in form["contents"]]
    roles = {role.value: role for role in Role}

    def cues(row: list[list[Any]]) -> tuple[Cue, ...]:
        return tuple([Cue(at, contents[number], roles[role], *rest) for at, number, role, *rest in row])

    def segment(*plain: Any) -> Segment:
        *given, (script, *origin), ends, lead, inside, unanswered = plain
        told = dict(zip(_PLAIN, given, strict=True))
        return Segment(
            **told | {"answers": tuple(told["answers"])},
            origin=Origin(tuple(script), *origin),
            ends=Ends(ends),
            lead=cues(lead),
            cues=cues(inside),
            unanswered=cues(unanswered),
        )

    return Timeline(
        **dict(zip(_TEXTS, form["texts"], strict=True)),
        segments=tuple([segment(*row) for row in form["segments"]]),
        voice=VoiceWish(**form["voice"]),
        music=form["music"] and MusicBed(**form["music"] | {"files": tuple(map(Path, form["music"]["files"]))}),
        unheard=tuple((tuple(script), number) for script, number in form["unheard"]),
        pronounce=tuple(Pronunciation(*entry) for entry in form["pronounce"]),
        recorded=tuple(RecordedLine(Line(*line), Path(path)) for line, path in form["recorded"]),
    )


def _content(kind: str, *values: Any) -> Content | StatedTime:
    match kind:
        case "Line":
            return Line(*values)
        case "Sound":
            return Sound(values[0], values[1] and Path(values[1]))
        case "StatedTime":
            return StatedTime(tuple(values[0]), *values[1:])
        case "Recording":
            return Recording(Path(values[0]), *values[1:])
    raise ValueError(f'no content is a "{kind}"')
