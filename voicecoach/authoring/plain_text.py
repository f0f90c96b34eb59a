"""A workout as people type or paste it, made a script; what is not plain stays in it as a comment, with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from voicecoach.authoring import layout, phrase
from voicecoach.authoring.phrase import Between, DoubtError, Group, Header
from voicecoach.errors import NothingUnderstoodError, ScriptError, printable
from voicecoach.script.loader import Loader
from voicecoach.script.source import Source
from voicecoach.wording.language import FALLBACK, languages

_RULE = re.compile(r"^[\s|:+=_*-]*$")
_HEADING = re.compile(r"^#{1,6}\s+")
_BOLD = re.compile(r"^\s*(\*\*|__)(?=\S)([^*_\d]+)\1\s*$")
"""A line in bold without a figure, which people and chat assistants write for a heading."""
_LONGEST_LINE = 1_000
_MOST_LINES = 2_000
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Left:
    """A line that was not understood, and why; lines count from 1."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A script made of a text, how many of its lines are steps in it, and those that are not; ``title`` is its own."""

    script: str
    language: str
    title: str
    lines: int
    left: tuple[Left, ...]


def script(text: str, title: str, language: str | None = None) -> Understood:
    """The script that a text says, in the ``language`` in which most of it is understood if none is given.

    The title is that of the text, if it begins with one. The script is right, as ``check`` has it. Raises
    NothingUnderstoodError where there is no workout in the text.
    """
    tags = [language] if language else [FALLBACK, *(tag for tag in languages() if tag != FALLBACK)]
    readings = [_read(text, tag) for tag in tags]
    best = min(readings, key=lambda reading: (not reading.lines, reading.unknown()))
    if not best.lines:
        if best.title:
            best.left.insert(0, Left(1, best.title, "no length and no count"))
        raise NothingUnderstoodError(
            f"nothing was understood{_told(best.left)}; write a line a step, as "
            '"3 x 45s bridge, 30s rest", "5x: run 1min, walk 90s" or "8 squats each side"'
        )
    made = _script(best, title)
    try:
        Loader().load(Source(title, None, Path(), made.encode(), made))
    except ScriptError as error:
        raise NothingUnderstoodError(f"what was understood is no workout: {error.problems[0].message}") from None
    return Understood(made, best.language, best.title, best.lines, tuple(best.left))


def _told(left: list[Left]) -> str:
    told = "; ".join(f"line {one.line}: {one.why}" for one in left[:_MOST_TOLD])
    return printable(f" ({told}{'; …' if len(left) > _MOST_TOLD else ''})") if told else ""


@dataclass(slots=True)
class _Reading:
    """What is understood of a text so far; ``parts`` has blocks and lines that are left, in their order."""

    language: str
    lines: int = 0
    title: str = ""
    parts: list[Group | Left] = field(default_factory=list)
    weeks: dict[str, list[Group]] = field(default_factory=dict)
    """The sessions of weeks, by what they are called."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The number of the week of each session."""
    rests: set[str] = field(default_factory=set)
    """Those of ``weeks`` on which nothing is done."""
    left: list[Left] = field(default_factory=list)
    header: Header | None = None
    waiting: Left | None = None
    """The line of the header, as long as nothing was below it."""
    spaced: bool = False
    """Whether an empty line stands below the header, so that others do not end what it is for."""
    open: bool = False
    """Whether a step may join the block before it."""

    def unknown(self) -> int:
        """How many letters there are of which nothing is known, or only that they name something to do."""
        groups = [*(part for part in self.parts if isinstance(part, Group)), *chain(*self.weeks.values())]
        steps = [step for group in groups for step in group.steps if {"work", "reps"} & set(step)]
        return sum(len(step.get("name", "")) for step in steps) + sum(len(left.text) for left in self.left)


def _read(text: str, language: str) -> _Reading:
    reading = _Reading(language)
    phrases = phrase.of(language)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    columns: list[str] = []
    for number, line in enumerate(lines[:_MOST_LINES], 1):
        if not line.strip():
            reading.open = reading.open and reading.spaced
            reading.spaced = reading.spaced or reading.waiting is not None
            if reading.header is not None and reading.waiting is None and not reading.spaced:
                reading.header = None if reading.header.week is None else Header(week=reading.header.week)
            continue
        if _RULE.fullmatch(line):
            continue
        cells = _cells(line)
        try:
            if len(line) > _LONGEST_LINE:
                raise DoubtError("the line is too long")
            if cells and phrases.names_weeks(cells[0]):
                columns = cells[1:]
            elif cells and columns:
                _week_row(reading, phrases, number, cells, columns)
                reading.lines += 1
            else:
                said = " ".join(cells) if cells else line
                said = _BOLD.sub(r"## \2", said)
                if _HEADING.match(said) and (reading.lines or reading.title or reading.left):
                    said = f"{_HEADING.sub('', said).strip().rstrip(':')}:"
                _line(reading, phrases, Left(number, _HEADING.sub("", said), ""))
                reading.lines += 1
        except DoubtError as doubt:
            first = not reading.lines and not reading.left and not reading.title
            if first and not any(map(str.isdigit, line)) and len(line) < 100 and not cells:
                reading.title = printable(_HEADING.sub("", line.strip()).strip("*_# "))
                if reading.title:
                    continue
            _leave(reading, Left(number, line, str(doubt)))
    if len(lines) > _MOST_LINES:
        _leave(reading, Left(_MOST_LINES + 1, lines[_MOST_LINES], f"only {_MOST_LINES:,} lines are read"))
    _nothing_below(reading)
    # what is only a heading says nothing that can be done
    if not any(isinstance(part, Group) for part in reading.parts) and not any(reading.weeks.values()):
        reading.lines = 0
    return reading


def _leave(reading: _Reading, left: Left) -> None:
    reading.left.append(left)
    reading.parts.append(left)


def _cells(line: str) -> list[str]:
    """The cells of a row of a table; none where it is none."""
    separator = "|" if line.count("|") > 1 or (" | " in line) else "\t" if "\t" in line.strip() else ""
    if not separator:
        return []
    return [cell.strip() for cell in line.strip().strip(separator).split(separator)]


def _week_row(reading: _Reading, phrases: phrase.Phrases, line: int, cells: list[str], columns: list[str]) -> None:
    """A row whose first cell is a week: each other cell is a session of it, or a day of rest, or else is left."""
    week = phrases.week(cells[0])
    number = week[0] if week else int(cells[0]) if cells[0].isdecimal() and len(cells[0]) < 3 else 0
    if not number or len(cells) > len(columns) + 1:
        raise DoubtError("the row does not begin with a week, or has more cells than the head of the table")
    sessions: dict[str, list[Group]] = {}
    doubts: list[Left] = []
    for head, cell in zip(columns, cells[1:], strict=False):
        if not cell or cell in "-–—":
            continue
        named = f"{_week_name(reading.language, number)}{f', {head}' if len(columns) > 1 else ''}"
        name = printable(named).translate(_NO_MARKS)
        try:
            groups = () if phrases.is_rest_day(cell) else _session(phrases, cell)
        except DoubtError as doubt:
            doubts.append(Left(line, f"{named}: {cell}", str(doubt)))
        else:
            sessions.setdefault(name, []).extend(groups)
    if not any(sessions.values()):
        raise DoubtError(doubts[0].why if doubts else "no session stands in it")
    for name, made in sessions.items():
        reading.weeks.setdefault(name, []).extend(made)
        reading.numbers[name] = number
    reading.rests.update(name for name, made in sessions.items() if not made)
    for left in doubts:
        _leave(reading, left)


def _session(phrases: phrase.Phrases, cell: str) -> tuple[Group, ...]:
    groups = phrases.line(cell)
    if not isinstance(groups, tuple):
        raise DoubtError(f'"{cell[:40]}" is no session')
    return _right(groups)


_NO_MARKS = str.maketrans("", "", "{}[]<>")


def _week_name(language: str, number: int) -> str:
    from voicecoach.wording import written

    noun = written.of(language).noun("week").singular
    return f"{noun[:1].upper()}{noun[1:]} {number}"


def _line(reading: _Reading, phrases: phrase.Phrases, line: Left) -> None:
    """Takes a line in. Raises DoubtError, and leaves all as it was, where it is not plain."""
    week = phrases.week(line.text)
    if week is None:
        _take(reading, phrases, line, line.text, reading.header)
    elif week[1]:
        _take(reading, phrases, line, week[1], Header(week=week[0]))
    else:
        _head(reading, line, Header(week=week[0]))


def _head(reading: _Reading, line: Left, header: Header) -> None:
    """From here on lines are below ``header``."""
    _nothing_below(reading)
    reading.header, reading.waiting, reading.open, reading.spaced = header, line, False, False


def _nothing_below(reading: _Reading) -> None:
    """Leaves a header below which nothing was."""
    if reading.waiting is not None and reading.header is not None and reading.header.rounds > 1:
        _leave(reading, replace(reading.waiting, why="nothing that is done so often stands below it"))
    reading.waiting = None


def _take(reading: _Reading, phrases: phrase.Phrases, line: Left, text: str, header: Header | None) -> None:
    found = phrases.line(text)
    week = header.week if header is not None else None
    if isinstance(found, Header):
        _head(reading, line, Header(found.name, found.rounds, week))
        return
    into: list[Group | Left] | list[Group] = reading.parts
    if week is not None:
        name = _week_name(reading.language, week)
        into = reading.weeks.setdefault(name, [])
        reading.numbers[name] = week
    if isinstance(found, Between):
        last = into[-1] if into else None
        if not isinstance(last, Group) or last.rounds < 2 or last.rest is not None or not reading.open:
            raise DoubtError("there are no rounds for the rest to be between")
        into[-1] = _right((replace(last, rest=found.rest),))[0]
        return
    if header is not None and header.rounds == 1 and found[0].labelled:
        header = Header(week=week)
        if week is None:
            reading.header = reading.waiting = None
    rounds = header.rounds if header is not None else 1
    if rounds > 1 and (len(found) > 1 or found[0].rounds > 1):
        raise DoubtError("rounds within rounds")
    _right(found)
    if header is reading.header:
        reading.waiting = None
    for group in found:
        last = into[-1] if into and reading.open else None
        together = isinstance(last, Group) and last.rounds == rounds and group.rounds == 1 and not group.name
        if together and isinstance(last, Group) and (rounds > 1 or last.rest is None):
            into[-1] = replace(last, steps=(*last.steps, *group.steps))
            continue
        name = group.name or (header.name if header is not None else "")
        into.append(replace(group, name=name, rounds=group.rounds if group.rounds > 1 else rounds))
    reading.open = True


def _right(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Raises DoubtError where no block of a script can be so."""
    for group in groups:
        text = 'title = "x"\n' + _block(group, group.name)
        try:
            Loader().load(Source("", None, Path(), text.encode(), text))
        except ScriptError as error:
            raise DoubtError(error.problems[0].message) from None
    return groups


def _block(group: Group, name: str, *, aside: bool = False) -> str:
    rest = layout.duration(group.rest) if group.rest else None
    repeat = group.rounds if group.rounds > 1 else None
    return layout.block(group.steps, name=name, aside=aside, repeat=repeat, rest=rest)


def _script(reading: _Reading, title: str) -> str:
    parts = [layout.head(reading.title or title, reading.language)]
    parts += [_block(part, part.name) if isinstance(part, Group) else _comment(part) for part in reading.parts]
    weeks = {name: groups for name, groups in reading.weeks.items() if groups}
    always = [part for part in reading.parts if isinstance(part, Group)]
    if weeks and always:
        others = "Each week is a block of its own; name the one that is to be done."
        parts.append(f"{layout.comment(others)}\n" + layout.block([{"use": f"#{next(iter(weeks))}"}]))
    elif weeks:
        parts += _plan([name for name in reading.weeks if name in weeks or name in reading.rests], reading)
    for name, groups in weeks.items():
        parts += _week(name, groups, aside=bool(always))
    return "\n".join(parts)


def _plan(names: Sequence[str], reading: _Reading) -> Iterator[str]:
    """A plan in which each session is done on a day of its own."""
    for number in sorted({reading.numbers[name] for name in names}):
        week = [name for name in names if reading.numbers[name] == number]
        days = ["rest" if name in reading.rests else f"#{name}" for name in week]
        yield f"[[plan]]\nweek = {number}\ndays = {layout.value(days)}\n"


def _comment(left: Left) -> str:
    return layout.comment(f"line {left.line}, not understood ({left.why}):") + f"\n{layout.comment(left.text)}\n"


def _week(name: str, groups: list[Group], *, aside: bool) -> Iterator[str]:
    """The blocks of a week that are heard only where it is named; in a plan that is so without ``aside``."""
    if len(groups) == 1:
        yield _block(groups[0], name, aside=aside)
        return
    names = [f"{name}, {number}" for number in range(1, len(groups) + 1)]
    yield layout.block([{"use": f"#{each}"} for each in names], name=name, aside=aside)
    for each, group in zip(names, groups, strict=True):
        yield _block(group, each, aside=aside)
