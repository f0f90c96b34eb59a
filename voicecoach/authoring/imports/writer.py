"""A plan written as a script: blocks with rounds, a step a segment, texts at their seconds, and what was lost."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import pairwise
from typing import Any

from voicecoach import wording
from voicecoach.arrange import estimate
from voicecoach.authoring import layout
from voicecoach.authoring.imports import folding, placing, spoken_texts
from voicecoach.authoring.imports.folding import Block, Row
from voicecoach.authoring.imports.garmin import REP_SECONDS
from voicecoach.authoring.imports.placing import Instance
from voicecoach.authoring.imports.plan import Effort, Plan, Segment
from voicecoach.authoring.imports.targets import Names
from voicecoach.errors import printable
from voicecoach.script import layout as laying_out

_LONGEST_TITLE = 150
_LONGEST_SUMMARY = 300
_COLUMNS = 110
_COUNTDOWN = 3.5
"""Seconds at the end of a step that its countdown takes."""
_AROUND = 0.8
"""Seconds of the tone before an announcement, and between it and what is said next."""
_MOST_COUNTED = 100
"""Rounds of which it is asked how long they take to announce."""
_SPACED = 3
"""From so many lines on, evenly spaced, they are a pool's."""
_CLOSEST = 6.0


class Writer:
    """Writes the script of a plan whose file is called ``source``; ``title`` is for a plan that has none.

    ``exact`` keeps every segment at its second: what a step is, is said as it begins, not before. Raises
    AuthoringError where there is too much in it.
    """

    def __init__(self, plan: Plan, title: str, language: str, source: str, *, exact: bool = True) -> None:
        self._plan = plan
        self._language = language
        # who counts repetitions waits for no clock: each exercise has its lead-in
        self._exact = exact and not any(segment.reps for part in plan.parts for segment in part.segments)
        self._names = Names(language, plan.move)
        self._phrases = wording.of(language)
        self._pools: dict[tuple[str, ...], str] = {}
        self._openings: dict[tuple[Segment, int], float] = {}
        self._rounds: dict[int, str] = {}
        self._lengths: dict[str, float] = {}
        self._source = source
        self._own_title = self._title(title)
        self._body = self._written()

    def script(self) -> str:
        """The whole script; what the plan has noted by now is told at its top."""
        head = layout.head(self._own_title, self._language, about=self._about(self._source))
        return laying_out.laid_out(head + self._body)

    def _written(self) -> str:
        plan = self._plan
        found = placing.placed(plan, self._opening, self._lasts)
        blocks = folding.blocks(plan, found.instances)
        self._find_pools(blocks)
        written = [self._said(plan.before)] if plan.before else []
        written += [self._block(block) for part in blocks for block in self._framed(part)]
        after = [line for line in [*found.after, plan.after] if line]
        written += [self._said(*after)] if after else []
        parts = [self._summary(), self._announce(), self._cues(), *written]
        return "\n".join(part for part in parts if part)

    def _lasts(self, line: str) -> float:
        if line not in self._lengths:
            self._lengths[line] = estimate.spoken_seconds(self._phrases.spoken(line), self._language)
        return self._lengths[line]

    def _opening(self, instance: Instance) -> float:
        """How long the announcement of a segment is spoken, as it begins."""
        if not self._exact:
            return 0.0
        segment = instance.segment
        rounds = self._beginnings.get(instance.start, 0)
        key = (segment, rounds)
        if key not in self._openings:
            words = self._phrases.announce(self._named(segment), self._phrases.duration(segment.seconds))
            words = f"{self._longest_round(rounds)} {words}" if rounds else words
            self._openings[key] = self._lasts(words) + _AROUND
        return self._openings[key]

    def _title(self, title: str) -> str:
        own = next(iter(spoken_texts.lines(self._plan.title)[0]), "")
        if len(own) > _LONGEST_TITLE:
            self._plan.note(0, f"its title is shortened; all of it: {own}")
            own = own[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
        return own or title

    def _summary(self) -> str:
        about = next(iter(spoken_texts.lines(self._plan.about)[0]), "")
        if not about:
            return ""
        return f"summary  = {layout.value(_shortened(about))}\n"

    def _about(self, source: str) -> str:
        plan = self._plan
        by = f", by {' '.join(plan.author.split())}" if plan.author.strip() else ""
        told = [f"Imported from {source}{by}."]
        about = " ".join(plan.about.split())
        if about and _shortened(about) != about:
            told += ["", *textwrap.wrap(about, _COLUMNS)]
        if plan.notes:
            told += ["", "What is not as it stands there:"]
            for note in sorted(set(plan.notes)):
                told += textwrap.wrap(listed(note.line, note.what), _COLUMNS, subsequent_indent="  ")
        return "\n".join(printable(line) for line in told)

    def _announce(self) -> str:
        return '[announce]\nlead_in = "0s"\n' if self._exact else ""

    def _said(self, *texts: str) -> str:
        lines = [line for text in texts for line in spoken_texts.lines(text)[0]]
        return layout.block([{"say": line} for line in lines]) if lines else ""

    def _framed(self, block: Block) -> Iterator[Block]:
        """A block that is done once, parted into warm-up, what follows and cool-down."""
        if block.rounds > 1 or block.name:
            yield block
            return
        rows = list(block.rows)
        first = next((at for at, row in enumerate(rows) if row.segment.effort is not Effort.WARM), len(rows))
        last = next((at for at in range(len(rows), first, -1) if rows[at - 1].segment.effort is not Effort.COOL), first)
        for inside in (rows[:first], rows[first:last], rows[last:]):
            if inside:
                yield Block(tuple(inside))

    def _block(self, block: Block) -> str:
        steps = [self._step(row, block.rounds) for row in block.rows]
        efforts = {row.segment.effort for row in block.rows}
        name = spoken_texts.name(block.name)
        if not name and block.rounds == 1 and len(efforts) == 1 and efforts <= {Effort.WARM, Effort.COOL}:
            name = self._names.effort(block.rows[0].segment)
        return layout.block(steps, name=name, repeat=block.rounds if block.rounds > 1 else None)

    def _named(self, segment: Segment) -> str:
        return spoken_texts.name(self._names.name(segment)) or self._names.effort(segment)

    def _step(self, row: Row, rounds: int) -> dict[str, Any]:
        segment = row.segment
        name = self._named(segment)
        step: dict[str, Any] = {}
        if segment.waits:
            said = name
            for line in row.lines.values():
                said = spoken_texts.joined(said, line)
            step = {"ready": _sentence(said), "or": layout.duration(segment.seconds)}
        elif segment.reps:
            step = {"reps": segment.reps, "each": f"{REP_SECONDS:g}s", "name": name}
            if row.lines:  # between the counted numbers there is no room
                step["intro"] = reduce(spoken_texts.joined, row.lines.values())
        elif segment.effort is Effort.REST and not row.lines:  # at its end a rest tells the next step: no room is left
            step = {"rest": layout.duration(segment.seconds)}
            if segment.name or segment.targets:
                step["name"] = name
        else:
            step = {self._plan.move: layout.duration(segment.seconds), "name": name}
        if segment.sides:
            step["sides"] = True
            if segment.switch:
                step["switch"] = layout.duration(segment.switch)
        if segment.cues:
            step["cues"] = self._pools.get(self._lines(segment.cues)) or list(self._lines(segment.cues))
        spaced = _spaced(row)
        if spaced is not None and spaced.lines in self._pools and not (segment.waits or segment.reps):
            step |= {"cues": self._pools[spaced.lines], "every": layout.duration(spaced.every)}
            if spaced.first != spaced.every:
                step["first"] = layout.duration(spaced.first)
        elif row.lines and not segment.waits and not segment.reps:
            step["at"] = {layout.duration(at): line for at, line in row.lines.items()}
        if self._runs_over(row) and not segment.waits and not segment.reps:
            step["countdown"] = 0
        if rounds > 1 and (row.first, row.last) != (1, rounds):
            step["rounds"] = _rounds(row.first, row.last, rounds)
        return step

    def _runs_over(self, row: Row) -> bool:
        """Whether a line of the step is still spoken where it would be counted down."""
        end = row.segment.seconds
        return any(at + self._lasts(line) > end - _COUNTDOWN for at, line in row.lines.items())

    def _longest_round(self, rounds: int) -> str:
        """The words for a round that take longest: each leaves its lines the same room, so that they stay alike."""
        if rounds not in self._rounds:
            words = (self._phrases.round(done, rounds) for done in range(1, min(rounds, _MOST_COUNTED) + 1))
            self._rounds[rounds] = max(words, key=self._lasts)
        return self._rounds[rounds]

    @cached_property
    def _beginnings(self) -> dict[float, int]:
        return folding.beginnings(self._plan, list(placing.every(self._plan)))

    @staticmethod
    def _lines(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(line for text in texts for line in spoken_texts.lines(text)[0])

    def _find_pools(self, blocks: Sequence[Block]) -> None:
        """Names the lists of lines that come more than once."""
        counts: Counter[tuple[str, ...]] = Counter()
        names: dict[tuple[str, ...], str] = {}
        for block in blocks:
            for row in block.rows:
                spaced = None if row.segment.waits or row.segment.reps else _spaced(row)
                for lines in [self._lines(row.segment.cues), spaced.lines if spaced is not None else ()]:
                    if lines:
                        counts[lines] += 1
                        names.setdefault(lines, row.segment.name or self._names.effort(row.segment))
        taken: set[str] = set()
        tried: Counter[str] = Counter()
        for lines, count in counts.items():
            if count > 1:
                name = " ".join("".join(char if char.isalnum() else " " for char in names[lines].lower()).split())
                name = (name or "lines").replace(" ", "-")[:40]
                tried[name] += 1
                while _numbered(name, tried[name]) in taken:
                    tried[name] += 1
                taken.add(_numbered(name, tried[name]))
                self._pools[lines] = _numbered(name, tried[name])

    def _cues(self) -> str:
        if not self._pools:
            return ""
        return "[cues]\n" + "".join(layout.pool(name, lines) for lines, name in self._pools.items())


def listed(line: int, what: str) -> str:
    """A note as it is told."""
    return f"line {line}: {what}" if line else what


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _shortened(about: str) -> str:
    """As many sentences of a description as make a summary."""
    if len(about) <= _LONGEST_SUMMARY:
        return about
    cut = about[:_LONGEST_SUMMARY]
    stop = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: stop + 1] if stop > 0 else cut[: cut.rfind(" ")].rstrip(" ,;:-") + "…"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _rounds(first: int, last: int, rounds: int) -> str:
    if first == last:
        return "first" if first == 1 else "last" if first == rounds else str(first)
    return "not first" if (first, last) == (2, rounds) else f"{first}-{last}"


class _Spaced:
    """Lines of a step that come one after the other, evenly, to its end."""

    __slots__ = ("every", "first", "lines")

    def __init__(self, lines: tuple[str, ...], first: float, every: float) -> None:
        self.lines, self.first, self.every = lines, first, every


def _spaced(row: Row) -> _Spaced | None:
    """The spacing of a step's lines; None where they are no more than a few, or not evenly spaced up to its end."""
    lines: Mapping[float, str] = row.lines
    if len(lines) < _SPACED or row.segment.cues:
        return None
    times = list(lines)
    every = round(times[1] - times[0], 1)
    even = all(abs(after - before - every) < 0.05 for before, after in pairwise(times))
    room = row.segment.seconds - _COUNTDOWN - 1.5
    if not even or every < _CLOSEST or times[-1] > room or times[-1] + every <= room:
        return None
    said = tuple(lines.values())
    for period in range(1, len(said) + 1):
        if len(said) % period == 0 and said == said[:period] * (len(said) // period):
            return _Spaced(said[:period], times[0], every)
    return None
