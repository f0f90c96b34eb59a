"""A session as the steps that a watch shows and buzzes for while the voice speaks them: pure.

A step of the watch is a segment under a clock, or what is said before one: a lead is time that the audio takes. So the
steps of a session last as long as its audio, to the second.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import accumulate, cycle, groupby
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from voicecoach import wording
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.timeline.model import Cue, Ends, Line, Recording, Role, Segment, Timeline
from voicecoach.wording import pauses

NAME_BYTES = 40
"""Longest name, in bytes of UTF-8: about what two lines of a watch show, and as long as a chapter's."""
NOTES_BYTES = 254
"""Longest notes, in bytes of UTF-8: what a text of a FIT file holds."""
NAMELESS = "–"
"""The name of what has nothing in it that can be shown."""
DRIFT = 1.0
"""Rounds are one repeat as long as none of their steps strays by more than so many seconds from where it would be."""

_LONGEST_ROUND = 50
"""Most steps of what repeats."""
_NOTED = (Role.SAY, Role.INTRO, Role.CUE, Role.REMINDER)
"""What notes hold, in this order; lines that belong to a second of their own are not for all of a step."""
_MARKS = re.compile(r"[\W_]+")


class Phase(StrEnum):
    """What a step is to the watch."""

    ACTIVE = "active"
    REST = "rest"
    WARM_UP = "warmup"
    COOL_DOWN = "cooldown"


class Sport(StrEnum):
    """What kind of a workout it is to the watch."""

    RUNNING = "running"
    WALKING = "walking"
    STRENGTH = "strength"
    CARDIO = "cardio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the watch.

    ``seconds`` is how long the audio takes for it; one that is ``open`` lasts until the person ends it, and one of
    ``reps`` until those are done. ``exercise`` is its category and its name in there, as far as they are known, as the
    FIT profile calls them. ``written`` are the seconds of the script's clock, None where what is said tells how long
    it is.
    """

    name: str
    seconds: float
    notes: str = ""
    phase: Phase = Phase.ACTIVE
    open: bool = False
    reps: int = 0
    exercise: tuple[str, ...] = ()
    written: float | None = None

    @property
    def timed(self) -> bool:
        """Whether the watch's clock ends it."""
        return not self.open and not self.reps


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Steps that are done so many times, one after the other."""

    steps: tuple[Step, ...]
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrist:
    """A session as a watch shows it; ``heard`` is how many seconds its audio lasts."""

    title: str
    sport: Sport
    rows: tuple[Step | Repeat, ...]
    heard: float

    @property
    def count(self) -> int:
        """Steps as a watch counts them: a repeat is one more than those it holds."""
        return sum(len(row.steps) + 1 if isinstance(row, Repeat) else 1 for row in self.rows)

    def unrolled(self) -> Iterator[Step]:
        """Every step as often as it is done."""
        for row in self.rows:
            if isinstance(row, Repeat):
                for _ in range(row.times):
                    yield from row.steps
            else:
                yield row

    @property
    def seconds(self) -> float:
        """How long it lasts by the watch's clock: without what the person ends."""
        return sum(step.seconds for step in self.unrolled() if step.timed)


def of(timeline: Timeline, arrangement: Arrangement) -> Wrist:
    """The steps of a session as it sounds; none where nothing in it is under a clock."""
    clocked = any(segment.duration is not None for segment in timeline.segments)
    steps = list(_in_whole_seconds(_steps(timeline, arrangement))) if clocked else []
    return Wrist(
        title=cut(timeline.title, NAME_BYTES) or NAMELESS,
        sport=_sport(timeline.segments),
        rows=tuple(_folded(steps)),
        heard=arrangement.frames / arrangement.rate,
    )


def cut(text: str, most: int) -> str:
    """A text on one line, of at most so many bytes of UTF-8: whole words, and "…" where some are missing.

    A word that is too long by itself, as in a script without spaces, is cut between letters.
    """
    printable = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    words = printable.split()
    if _bytes(whole := " ".join(words)) <= most:
        return whole
    room, kept = most - _bytes("…"), ""
    for word in words:
        longer = f"{kept} {word}".strip()
        if _bytes(longer) > room:
            break
        kept = longer
    return (kept.rstrip(" ,;:–—-") or _letters(words[0], room)) + "…"


def _bytes(text: str) -> int:
    return len(text.encode())


def _letters(word: str, room: int) -> str:
    """The beginning of a word; a letter keeps its accents, and an emoji its colour."""
    kept = word.encode()[:room].decode(errors="ignore")
    if len(kept) < len(word) and _joins(word[len(kept)]):
        while kept and _joins(kept[-1]):
            kept = kept[:-1]
        kept = kept[:-1]
    return kept.rstrip("\u200d")


def _joins(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Me", "Sk")


class _Said(NamedTuple):
    """What is said between two clocks: its seconds and its words.

    A lead only goes on to the step that follows, whose name ``to`` is.
    """

    seconds: float
    texts: tuple[str, ...]
    leads: bool = False
    to: str = ""


def _steps(timeline: Timeline, arrangement: Arrangement) -> Iterator[Step]:
    """One step after the other as the audio has them, at its own lengths."""
    phrases = wording.of(timeline.language)
    rest: Step | None = None
    for is_said, group in groupby(_pieces(timeline, arrangement), _is_said):
        pieces = list(group)
        if not is_said:
            *others, last = (piece for piece in pieces if isinstance(piece, Step))
            yield from others
            rest = last if last.phase is Phase.REST else None
            if rest is None:
                yield last
            continue
        said = [piece for piece in pieces if isinstance(piece, _Said)]
        seconds = sum(one.seconds for one in said)
        if rest is not None:
            led = all(one.leads for one in said)
            yield replace(rest, seconds=rest.seconds + seconds) if led else rest
            if led:
                continue
        if seconds:
            texts = [text for one in said for text in one.texts]
            name = phrases.next(said[-1].to).rstrip(" .") if said[-1].to else " ".join(texts[:1])
            yield _step(name or timeline.title, _noted(texts), seconds=seconds, phase=Phase.REST)


def _is_said(piece: Step | _Said) -> bool:
    return isinstance(piece, _Said)


def _pieces(timeline: Timeline, arrangement: Arrangement) -> Iterator[Step | _Said]:
    """The whole audio, cut where a clock starts or ends; what is said comes last."""
    notes = _notes(timeline.segments)
    reached = 0
    for segment, passage in zip(timeline.segments, arrangement.passages, strict=True):
        lead, clock = passage.lead / arrangement.rate, (passage.end - passage.start) / arrangement.rate
        reached = passage.end
        if segment.duration is None:
            yield _Said(clock, tuple(_texts(segment.cues, Role.SAY)))
            continue
        name = segment.called
        if not segment.absorbs_lead:
            yield _Said(lead, tuple(_texts(segment.lead, Role.INTRO)), leads=True, to=name)
            lead = 0.0
        yield _step(
            name or " ".join(_texts(segment.cues, Role.SAY)) or timeline.title,
            notes[_place(segment)],
            seconds=lead + clock,
            phase=_phase(segment),
            open=segment.ends is Ends.PERSON,
            reps=segment.reps,
            exercise=_exercise(segment),
            written=segment.duration,
        )
    late = [
        placed.what for passage in arrangement.passages[-1:] for placed in passage.placements if placed.end > reached
    ]
    words = [what.text for what in late if isinstance(what, Line | Recording)]
    yield _Said((arrangement.frames - reached) / arrangement.rate, tuple(words), leads=True)


def _step(name: str, notes: str, **what: Any) -> Step:
    named = cut(pauses.shown(name), NAME_BYTES) or NAMELESS
    return Step(name=named, notes="" if notes == named else notes, **what)


def _noted(texts: Iterable[str]) -> str:
    return cut(" ".join(map(pauses.shown, dict.fromkeys(texts))), NOTES_BYTES)


def _texts(cues: Iterable[Cue], role: Role) -> Iterator[str]:
    return (cue.what.text for cue in cues if cue.role is role and isinstance(cue.what, Line | Recording))


def _place(segment: Segment) -> tuple[object, ...]:
    """The same for every round of a step."""
    origin = segment.origin
    return origin.script, origin.block, origin.step, origin.side, segment.kind


def _notes(segments: Iterable[Segment]) -> Mapping[tuple[object, ...], str]:
    """All that is said of form in a step, whatever the round is in which it is heard: its intro, then its cues."""
    found: dict[tuple[object, ...], list[dict[str, None]]] = {}
    for segment in segments:
        by_role = found.setdefault(_place(segment), [{} for _ in _NOTED])
        for role, texts in zip(_NOTED, by_role, strict=True):
            texts |= dict.fromkeys(_texts((*segment.lead, *segment.cues), role))
    return {place: _noted(text for texts in by_role for text in texts) for place, by_role in found.items()}


def _in_whole_seconds(steps: Iterable[Step]) -> Iterator[Step]:
    """What is rested or said lasts whole seconds, as watches count; what is left over goes to the next of them.

    A clock that the script has set keeps its length, and what is shorter than half a second is no step.
    """
    told = heard = 0.0
    for step in steps:
        heard += step.seconds
        seconds = float(round(heard - told)) if step.phase is Phase.REST and step.timed else step.seconds
        told += seconds
        if seconds > 0:
            yield replace(step, seconds=seconds)


def _folded(steps: Sequence[Step]) -> Iterator[Step | Repeat]:
    """Steps that come several times in a row become repeats: of those that begin at a step the one that spares most."""
    numbers: dict[Step, int] = {}
    kinds = [numbers.setdefault(replace(step, seconds=0.0), len(numbers)) for step in steps]
    at = 0
    while at < len(steps):
        longest = min(_LONGEST_ROUND, (len(steps) - at) // 2)
        times = {length: _times(steps, kinds, at, length) for length in range(1, longest + 1)}
        length = max(times, key=lambda length: (times[length] - 1) * length, default=0)
        if length and times[length] > 1:
            last = at + length * times[length]
            mean = _mean([step.seconds for step in steps[at:last]], length)
            yield Repeat(steps=tuple(map(_lasting, steps[at : at + length], mean)), times=times[length])
            at = last
        else:
            yield steps[at]
            at += 1


def _lasting(step: Step, seconds: float) -> Step:
    return replace(step, seconds=seconds)


def _times(steps: Sequence[Step], kinds: Sequence[int], at: int, length: int) -> int:
    """How often in a row the steps from one on happen, each about as long."""
    first, times = kinds[at : at + length], 1
    while kinds[at + times * length : at + (times + 1) * length] == first:
        times += 1
    while times > 1 and _drift([step.seconds for step in steps[at : at + times * length]], length) > DRIFT:
        times = (times + 1) // 2
    return times


def _mean(seconds: Sequence[float], length: int) -> list[float]:
    """How long the steps of one round are on average, to the millisecond of a FIT file."""
    return [round(sum(same) / len(same), 3) for same in (seconds[place::length] for place in range(length))]


def _drift(seconds: Sequence[float], length: int) -> float:
    """How far the ends of steps come to lie from where they are heard, in seconds, where all rounds are the same."""
    apart = accumulate(heard - told for heard, told in zip(seconds, cycle(_mean(seconds, length)), strict=False))
    return max(map(abs, apart))


def _phase(segment: Segment) -> Phase:
    if segment.kind == "rest":
        return Phase.REST
    for phase, table in ((Phase.WARM_UP, "warm_up"), (Phase.COOL_DOWN, "cool_down")):
        if any(_holds(name, words) for name in (segment.name, segment.block) for words in _words()[table]):
            return phase
    return Phase.ACTIVE


def _exercise(segment: Segment) -> tuple[str, ...]:
    """The exercise of a hold or of repetitions, as far as its name tells."""
    exercises = _words()["exercises"] if segment.kind in ("hold", "reps", "work") else {}
    named = max((words for words in exercises if _holds(segment.name, words)), key=len, default=None)
    return () if named is None else tuple(exercises[named])


def _holds(name: str, words: str) -> bool:
    return f" {words} " in f" {_MARKS.sub(' ', name.casefold())} "


@cache
def _words() -> Mapping[str, Any]:
    return tomli.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def _sport(segments: Sequence[Segment]) -> Sport:
    """What takes most of the time: moving, or what is done on the spot."""
    seconds: dict[str, float] = defaultdict(float)
    for segment in segments:
        seconds[segment.kind] += segment.duration or 0.0
    on_the_spot = seconds["hold"] + seconds["reps"] + seconds["work"]
    if seconds["run"] + seconds["walk"] > on_the_spot:
        return Sport.RUNNING if seconds["run"] else Sport.WALKING
    return Sport.STRENGTH if seconds["hold"] + seconds["reps"] else Sport.CARDIO
