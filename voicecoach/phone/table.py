"""The table of a page: every step, where it lies in the audio, and where each act leads from there.

The page's script does what stands here, and knows no rule of a session by itself. Times are seconds of the audio file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.phone import growth
from voicecoach.phone.branches import Branches, Leads, Step
from voicecoach.phone.growth import Growth
from voicecoach.phone.layout import Layout, Place
from voicecoach.play.diary import recorded
from voicecoach.store.sessions import PlanDay
from voicecoach.timeline import course
from voicecoach.timeline.model import Done, Line, Recording
from voicecoach.wording import pauses

VERSION = 1
"""Goes up when a page's script before would go wrong with a table of now."""


class Origin(NamedTuple):
    """What the history knows a session by: its script, the hash of what that says, and the seed.

    ``made`` is the day on which its page was made, and ``planned`` the day of a plan that it is, if it is one.
    """

    script: str
    digest: str
    seed: int
    made: date
    planned: PlanDay | None = None


def table(found: Branches, laid: Layout, origin: Origin, growing: Sequence[Growth] = ()) -> dict[str, Any]:
    """The table as plain data, ready for JSON; ``growing`` are the progressions of whose targets it holds sessions."""
    arrangement = laid.arrangement
    copies = {number: len(found.steps) + place for place, number in enumerate(laid.copies)}
    rows = [
        _step(step, place, arrangement.rate, copies.get(number))
        for number, (step, place) in enumerate(zip(found.steps, laid.places, strict=True))
    ]
    # one that lies alone is left by a jump
    rows += [{**_step(found.steps[number], laid.copies[number], arrangement.rate), "flows": False} for number in copies]
    return {
        "version": VERSION,
        "title": arrangement.title,
        "summary": arrangement.summary,
        "language": arrangement.language,
        "script": origin.script,
        "digest": origin.digest,
        "seed": origin.seed,
        "planned": None if origin.planned is None else origin.planned._asdict(),
        "restart": course.RESTART,
        "least": course.LEAST,
        "sample": course.SAMPLE,
        "first": found.first,
        "made": origin.made.isoformat(),
        "growths": growth.as_data(growing),
        "untried": growth.untried(),
        "steps": rows,
        "sayings": [
            [_seconds(one.enter, arrangement.rate), _seconds(one.out, arrangement.rate)] for one in laid.sayings
        ],
        "cues": list(_cues(arrangement)),
    }


def usual_seconds(found: Branches, laid: Layout, variant: int = 0) -> float:
    """How long the session is where nobody does anything that a file would not."""
    rate, total, left = laid.arrangement.rate, 0.0, 0

    def led(leads: Leads) -> int | None:
        return leads[variant] if isinstance(leads, tuple) else leads

    number, flowed = led(found.first), False
    while number is not None and left <= len(found.steps):
        step, place = found.steps[number], laid.places[number]
        waits = step.segment.waits
        total += (place.end - place.start) / rate if waits is None else waits
        total += max(0, place.start - (laid.places[number - 1].end if flowed else place.enter)) / rate
        number, flowed, left = led(step.then), step.flows, left + 1
    return total


def written(data: Mapping[str, Any]) -> str:
    """As JSON that may stand in a ``script`` element: no text of it can end that, or begin anything."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _step(step: Step, place: Place, rate: int, copy: int | None = None) -> dict[str, Any]:
    segment = step.segment
    kept = asdict(recorded(segment, Done(0.0), 0.0, step.progression))
    record = {name: kept[name] for name in kept if name not in ("index", "seconds", "why", "answer")}
    lasts = (place.end - place.start) / rate
    again = None
    if step.waiting is not None and place.again is not None:
        again = [*(_seconds(frame, rate) for frame in place.again), step.waiting.laps]
    return {
        "label": segment.label or (course.question(segment) if step.waiting is not None else segment.chapter),
        "named": bool(segment.label) or step.waiting is not None,
        "closing": step.closing,
        "block": segment.block,
        "kind": segment.kind,
        "enter": _seconds(place.enter, rate),
        "start": _seconds(place.start, rate),
        "end": _seconds(place.end, rate),
        "out": _seconds(place.out, rate),
        "lasts": round(segment.waits if segment.waits is not None else lasts, 3),
        "clock": segment.duration is not None and step.waiting is None,
        "up": segment.counts_up and segment.target is None,
        "target": segment.target,
        "best": segment.best,
        "flows": step.flows,
        "then": step.then,
        "after": step.after,
        "alone": copy,
        "again": again,
        "why": step.why,
        "clean": round(lasts if step.clean is None else step.clean, 1),
        "done": step.done,
        "on": step.on,
        "replies": step.replies,
        "button": step.button,
        "counts": step.counts,
        "record": record,
    }


def _cues(arrangement: Arrangement) -> Iterator[tuple[float, float, str]]:
    """What is said, and from when to when."""
    for one in sorted(arrangement.placements(), key=lambda placement: placement.start):
        if isinstance(one.what, Line | Recording) and (text := pauses.shown(one.what.text).strip()):
            yield _seconds(one.start, arrangement.rate), _seconds(one.end, arrangement.rate), text


def _seconds(frame: int, rate: int) -> float:
    return round(frame / rate, 4)
