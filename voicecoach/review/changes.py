"""What changed between two sessions in what is heard: steps, lines and sounds, and who speaks; not how it is written.

Steps are held against each other by what is heard in them, then by what they are called. Names that nobody hears, and
where a recording lies, are no change.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal, NamedTuple

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Passage
from voicecoach.review.cuesheet import manner
from voicecoach.timeline.model import Cue, Line, MusicBed, Recording, Role, Segment, Sound, StatedTime, Timeline
from voicecoach.timeline.stated import OF_SESSION, stated

VERSION = 1
"""Of the JSON; it changes when a reader of the old one would go wrong."""
_NOTICEABLE = 0.05
"""Seconds by which a time has to differ to be another."""
_SAME_PLACE = 2.0
"""Lines of one role that lie so near, in seconds, are one whose words have changed."""

Mark = Literal["+", "-", "~"]


class Change(NamedTuple):
    """One thing that is heard otherwise.

    ``at`` is in seconds from the start of the session: of the one before for what is gone (``-``), otherwise of the one
    after; None for what is about the whole session. ``step`` is what the step is called, empty where there is none.
    """

    mark: Mark
    at: float | None
    step: str
    what: str
    text: str


class _Heard(NamedTuple):
    """A cue as it is heard: its place in seconds from the start of its step's clock, or from its end (None: a lead)."""

    place: float | None
    from_end: bool
    role: Role
    words: str
    at: float


@dataclass(frozen=True, slots=True)
class _Step:
    segment: Segment
    start: float
    lasts: float
    lead: tuple[_Heard, ...]
    cues: tuple[_Heard, ...]
    ticks: int
    sound: tuple[object, ...]
    """Equal for two in which the same is heard."""

    @property
    def name(self) -> str:
        return self.segment.label or self.segment.kind.capitalize()

    @property
    def heading(self) -> str:
        return f"{self.name} ({self._kind}{_length(self.lasts)})"

    @property
    def _kind(self) -> str:
        return "" if self.name.casefold() == self.segment.kind else f"{self.segment.kind}, "

    def became(self, old: _Step) -> str:
        """The heading, with the length and name that it had before."""
        longer = None not in (old.segment.duration, self.segment.duration) and _length(old.lasts) != _length(self.lasts)
        heading = (
            f"{self.name} ({self._kind}{_length(self.lasts)}, was {_length(old.lasts)})" if longer else self.heading
        )
        return (
            heading
            if (old.segment.name, old.segment.side) == (self.segment.name, self.segment.side)
            else (f"{heading}, was {old.name}")
        )


def changes(
    before: Timeline, before_arranged: Arrangement, after: Timeline, after_arranged: Arrangement
) -> tuple[Change, ...]:
    """All that changed, that of the whole session first; empty where both sound the same.

    Each arrangement must be that of its timeline.
    """
    old, new = _steps(before, before_arranged), _steps(after, after_arranged)
    return (*_of_session(before, after), *_of_steps(old, new))


def as_text(found: Sequence[Change]) -> str:
    """The changes, a line each, with clock times; what is in a step stands below it."""
    width = max((len(units.format_clock(change.at)) for change in found if change.at is not None), default=0)
    lines = []
    for change in found:
        clock = "" if change.at is None else units.format_clock(change.at)
        inside = "" if change.at is None or change.what == "step" else "  "
        what = "" if change.what == "step" else f"{change.what}: " if change.at is None else f"{change.what} "
        lines.append(f"{clock:>{width}}  {inside}{change.mark} {what}{change.text}")
    return "".join(f"{' '.join(line.splitlines())}\n" for line in lines)


def as_json(before: Arrangement, after: Arrangement, found: Sequence[Change]) -> str:
    """The changes as JSON text."""
    sessions = {
        name: {"title": one.title, "duration": round(one.frames / one.rate, 6)}
        for name, one in (("before", before), ("after", after))
    }
    rows = [change._asdict() | {"at": None if change.at is None else round(change.at, 6)} for change in found]
    return json.dumps({"version": VERSION, **sessions, "changes": rows}, ensure_ascii=False, indent=1) + "\n"


def _of_session(before: Timeline, after: Timeline) -> Iterator[Change]:
    if before.language != after.language:
        yield Change("~", None, "", "language", f"{after.language}, was {before.language}")
    old, new = asdict(before.voice), asdict(after.voice)
    for key in old:
        if old[key] != new[key]:
            yield _turned(f"voice {key}", old[key], new[key])
    yield from _of_music(before.music, after.music)
    was, now = _pronounced(before), _pronounced(after)
    for written, language in {**was, **now}:
        if was.get((written, language)) != now.get((written, language)):
            what = f'pronunciation of "{written}"'
            yield _turned(what, was.get((written, language)), now.get((written, language)))
    had, has = _recorded(before), _recorded(after)
    for line in {**had, **has}:
        if had.get(line) != has.get(line):
            yield _turned(f'recording of "{line.text}"', had.get(line), has.get(line))


def _pronounced(timeline: Timeline) -> dict[tuple[str, str], str]:
    return {(one.written, one.language): one.said for one in reversed(timeline.pronounce)}


def _recorded(timeline: Timeline) -> dict[Line, str]:
    return {one.line: one.path.name for one in reversed(timeline.recorded)}


def _of_music(before: MusicBed | None, after: MusicBed | None) -> Iterator[Change]:
    old, new = _bed(before), _bed(after)
    for key in new or old:
        if old.get(key) != new.get(key) and (key == "music" or (before and after)):
            yield _turned(key, old.get(key), new.get(key))


def _bed(bed: MusicBed | None) -> dict[str, object]:
    if bed is None:
        return {}
    files = ", ".join(file.name for file in bed.files)
    return {"music": files, "music gain": bed.gain, "music duck": bed.duck, "music fade": bed.fade}


def _turned(what: str, before: object, after: object) -> Change:
    """A value that came, went or became another."""
    if before is None:
        return Change("+", None, "", what, f"{after}")
    if after is None:
        return Change("-", None, "", what, f"{before}")
    return Change("~", None, "", what, f"{after}, was {before}")


def _of_steps(before: Sequence[_Step], after: Sequence[_Step]) -> Iterator[Change]:
    pairs = _pairs(before, after)
    gone = defaultdict[object, list[_Step]](list)
    for old, new in pairs:
        if old is not None and new is None:
            gone[_alike(old)].append(old)
    moved = {id(new): gone[_alike(new)].pop(0) for old, new in pairs if old is None and new and gone[_alike(new)]}
    left = {id(old) for olds in gone.values() for old in olds}
    for old, new in pairs:
        if new is None:
            if old is not None and id(old) in left:
                yield Change("-", old.start, old.name, "step", old.heading)
        elif old is not None:
            yield from _in_step(old, new, ())
        elif (origin := moved.get(id(new))) is not None:
            yield from _in_step(origin, new, (f"moved here from {units.format_clock(origin.start)}",))
        else:
            yield Change("+", new.start, new.name, "step", new.heading)


def _alike(step: _Step) -> object:
    """Equal for two that are one in another place."""
    segment = step.segment
    said = tuple(one.words for one in step.cues if segment.duration is None and one.role is not Role.ANNOUNCE)
    return segment.kind, segment.name, segment.side, segment.duration, said


def _in_step(old: _Step, new: _Step, notes: tuple[str, ...]) -> Iterator[Change]:
    """What changed in a step that is in both."""
    if old.sound == new.sound and not notes:
        return
    said = [*notes, *_measures(old.segment, new.segment)]
    inside = [*_in_row(old.lead, new.lead, new), *_in_row(old.cues, new.cues, new)]
    longer = old.segment.duration != new.segment.duration
    if old.ticks != new.ticks:
        inside.append(Change("~", new.start, new.name, "tick", f"{new.ticks} times, was {old.ticks} times"))
    if not (inside or said or longer):
        said = ["its lines may come at other moments"]
    told = f": {'; '.join(said)}" if said else ""
    yield Change("~", new.start, new.name, "step", f"{new.became(old)}{told}")
    yield from sorted(inside, key=lambda change: change.at or 0.0)


def _measures(old: Segment, new: Segment) -> Iterator[str]:
    for name, before, after in (
        ("pause ", old.pause, new.pause),
        ("lead-in ", old.lead_in, new.lead_in),
        ("waits ", old.waits, new.waits),
    ):
        if before != after and None not in (before, after):
            yield f"{name}{_length(after)}, was {_length(before)}"
    if old.ends != new.ends:
        yield f"ended by the {new.ends}, was by the {old.ends}"
    if old.answers != new.answers:
        yield f"answers {', '.join(new.answers)}, was {', '.join(old.answers)}"


def _in_row(old: Sequence[_Heard], new: Sequence[_Heard], step: _Step) -> Iterator[Change]:
    """What changed among the lines before a step's clock, or under it."""
    waiting = defaultdict[tuple[Role, str], list[_Heard]](list)
    for one in old:
        waiting[one.role, one.words].append(one)
    added: list[_Heard] = []
    for one in new:
        if not (same := waiting[one.role, one.words]):
            added.append(one)
            continue
        was = same.pop(0)
        if (later := _apart(was, one)) is not None and abs(later) > _NOTICEABLE:
            by = f"{_length(abs(later))} {'later' if later > 0 else 'earlier'}"
            yield Change("~", one.at, step.name, one.role.value, f"{_quoted(one)} {by}")
    gone = [one for ones in waiting.values() for one in ones]
    for one in added:
        was_here = next((was for was in gone if _instead(was, one)), None)
        if was_here is None:
            yield Change("+", one.at, step.name, one.role.value, _quoted(one))
            continue
        gone.remove(was_here)
        earlier = _quoted(was_here) if was_here.words != one.words else was_here.role.value
        yield Change("~", one.at, step.name, one.role.value, f"{_quoted(one)}, was {earlier}")
    for one in gone:
        yield Change("-", one.at, step.name, one.role.value, _quoted(one))


def _apart(old: _Heard, new: _Heard) -> float | None:
    """By how many seconds one comes later in its step; None where its place is not told in seconds."""
    if old.place is None or new.place is None or old.from_end != new.from_end:
        return None
    return new.place - old.place


def _instead(old: _Heard, new: _Heard) -> bool:
    """Whether one stands in the place of the other."""
    if old.role is not new.role and old.words != new.words:
        return False
    apart = _apart(old, new)
    return old.place == new.place if apart is None else abs(apart) <= _SAME_PLACE


def _pairs(before: Sequence[_Step], after: Sequence[_Step]) -> list[tuple[_Step | None, _Step | None]]:
    """Every step of both, in order, those that are one in both together."""
    rules: tuple[Callable[[_Step], object], ...] = (
        lambda step: step.sound,
        lambda step: (step.segment.kind, step.segment.name, step.segment.side, step.segment.round),
        lambda step: (step.segment.kind, step.segment.name, step.segment.side),
        lambda step: step.segment.kind,
    )
    return list(_matched(before, after, rules))


def _matched(
    before: Sequence[_Step], after: Sequence[_Step], rules: Sequence[Callable[[_Step], Any]]
) -> Iterator[tuple[_Step | None, _Step | None]]:
    """By the first rule, and what it leaves between by the next one."""
    if not rules or not before or not after:
        for old, new in zip_longest(before, after):
            if old and new and old.segment.kind == new.segment.kind:
                yield old, new
            else:
                yield from ((one, None) for one in (old,) if one)
                yield from ((None, one) for one in (new,) if one)
        return
    old, new = list(map(rules[0], before)), list(map(rules[0], after))
    shorter = min(len(old), len(new))
    begin = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    behind = next((at for at in range(shorter - begin) if old[-1 - at] != new[-1 - at]), shorter - begin)
    yield from zip(before[:begin], after[:begin], strict=True)
    stop, end = len(old) - behind, len(new) - behind
    # what is in a long session over and over is no hold to match by, which would also take the square of its length
    for tag, a, b, c, d in SequenceMatcher(None, old[begin:stop], new[begin:end]).get_opcodes():
        inside = before[begin + a : begin + b], after[begin + c : begin + d]
        yield from zip(*inside, strict=True) if tag == "equal" else _matched(*inside, rules[1:])
    yield from zip(before[stop:], after[end:], strict=True)


def _steps(timeline: Timeline, arrangement: Arrangement) -> list[_Step]:
    rate = arrangement.rate
    return [
        _step(segment, passage, rate, timeline.language)
        for segment, passage in zip(timeline.segments, arrangement.passages, strict=True)
    ]


def _step(segment: Segment, passage: Passage, rate: int, language: str) -> _Step:
    placed: dict[object, float] = {one.what: one.start / rate for one in reversed(passage.placements)}
    start = passage.start / rate
    heard: tuple[list[_Heard], list[_Heard]] = ([], [])
    for row, found, lead in ((segment.lead, heard[0], True), (segment.cues, heard[1], segment.duration is None)):
        for cue in row:
            if cue.role is not Role.TICK:
                place = None if lead else cue.at - (segment.duration or 0.0) * cue.from_end
                at = placed.get(cue.what, start + cue.at) if lead else start + cue.at
                found.append(_Heard(place and round(place, 3), cue.from_end, cue.role, _words(cue, language), at))
    ticks = [cue.at for cue in segment.cues if cue.role is Role.TICK]
    measures = (
        segment.duration, segment.pause, segment.lead_in, segment.ends, segment.waits, segment.absorbs_lead,
        segment.answers, segment.countdown,
    )  # fmt: skip
    rows = tuple(one[:-1] for one in (*heard[0], *heard[1]))
    slack = tuple(cue.slack for cue in (*segment.lead, *segment.cues))
    sound = (*measures, len(heard[0]), rows, slack, tuple(ticks))
    return _Step(
        segment, start, (passage.end - passage.start) / rate, tuple(heard[0]), tuple(heard[1]), len(ticks), sound
    )


def _words(cue: Cue, language: str) -> str:
    """What is heard, and in which language if not in the session's; a sound or recording with its file."""
    match cue.what:
        case Sound():
            return f"[{cue.what.name}{f' {cue.what.path.name}' if cue.what.path else ''}]"
        case Recording():
            return f"{cue.what.text} [{cue.what.path.name}]"
        case StatedTime() if OF_SESSION.intersection(cue.what.parts):  # which follow from all that is around it
            words = "".join(f"{{{part}}}" if at % 2 else part for at, part in enumerate(cue.what.parts))
            line = Line(words, cue.what.language, cue.what.rate, cue.what.gain)
        case StatedTime():
            line = stated(cue.what, cue.at)
        case Line():
            line = cue.what
    own = [line.language] if line.language != language else []
    own += [manner(line)] if manner(line) else []
    return f"{line.text} ({', '.join(own)})" if own else line.text


def _quoted(one: _Heard) -> str:
    return one.words if one.words.startswith("[") and one.role in (Role.BOUNDARY, Role.TICK) else f'"{one.words}"'


def _length(seconds: float | None) -> str:
    return units.format_duration(round(seconds or 0.0, 1))
