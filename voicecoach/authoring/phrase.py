"""One line of a workout as people type it, made steps: "5x: run 1min, walk 90s", "plank 30s / 15s rest x4"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from voicecoach.authoring import layout, words
from voicecoach.wording import written
from voicecoach.wording.amounts import Amount
from voicecoach.wording.patterns import any_of

Steps = tuple[dict[str, Any], ...]

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_ROUNDS = frozenset(["time", "set", "round", "series", "pass"])
_WHOLE_ROUNDS = frozenset(["round", "pass"])
"""Of these a person says "3 rounds of this, that"; "3 sets of this, that" may be three of the first only."""
_IN_NAMES = frozenset(["kilo", "pound", "percent", "watt", "beats"])
_KINDS = ("run", "walk", "hold", "rest")
_BULLET = re.compile(r"^\s*(?:[-–—*•‣▪●·+]|\(?[0-9]{1,2}[.)](?=\s))\s*(?:\[[ xX]\]\s)?")
_MARKS = re.compile(r"\*\*|__|`")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_]+)(?<!\s)\1(?![\w*])")
_LABEL = re.compile(r"^([^:|()]{1,80}?)\s*:(?:\s+(.*))?$", re.DOTALL)
_NUMBERED = re.compile(r"[^\W\d]\D*\s[0-9]{1,2}")
_LAST_TIMES = re.compile(r"(?<![0-9])(?<![0-9]\s)[\s,;(]*(?<![^\W\d_])[xX×]\s?([0-9]{1,4})\)?\s*$")
_INSIDE = re.compile(r"^\s*\((.*)\)\s*$", re.DOTALL)
_LOOSE = re.compile(r"\s*(?:[,;](?![0-9])|→|->|=>|\n)\s*")
_CLOSE = re.compile(r"\s+/\s+|\s+\+\s+|\s+&\s+|(?<=[^\W\d_]|[\"'″′.])/(?=[0-9])")
_COUNTED = frozenset(["leg", "arm", "side", "step", "breath"])
"""What may be counted in itself, or begin a name: "10 leg swings"."""
_SCHEMES = re.compile(r"(?<!\w)(?:amrap|e[0-9]?mom|tabata|fartlek|max)(?!\w)", re.IGNORECASE)
"""What says no length or count of its own."""
_BY_THE_CLOCK = re.compile(r"(?<!\w)(?:amrap|e[0-9]?mom)(?!\w)", re.IGNORECASE)
"""Of these what no name may be, because it says how what follows is done."""
_NO_SCHEME = "no step of a script is such a scheme; write its steps and rounds"
_DASH = re.compile(r"\s*[-–—−~]\s*")
_EDGES = " \t,.;:–—-=@/&+()"


class DoubtError(Exception):
    """Why a line is not understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Steps that are done ``rounds`` times, with ``rest`` seconds between the rounds."""

    steps: Steps
    rounds: int = 1
    rest: float | None = None
    name: str = ""
    labelled: bool = False
    """Whether the line says itself which part of the session it is."""


@dataclass(frozen=True, slots=True)
class Header:
    """A line that only says what the lines below it are: so many rounds, a part of the session, or a week."""

    name: str = ""
    rounds: int = 1
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """A line that only says how long the rest between rounds is."""

    rest: float


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a line, and how many times it is done.

    ``whole``: that goes for the parts behind it too; ``closed``: for none, because it stands in brackets.
    """

    text: str
    rounds: int = 1
    whole: bool = False
    closed: bool = False


class Phrases:
    """Reads the lines of one language."""

    def __init__(self, language: str) -> None:
        own = words.of(language)
        self._written = written.of(language)
        self._kinds = {kind: _word(own[kind]) for kind in _KINDS}
        self._plain = {kind: frozenset(own[kind]) for kind in _KINDS} | {"hold": frozenset(own["hold"][:2])}
        self._then = re.compile(rf"{_LOOSE.pattern}|[\s,]+(?:{any_of(own['then'])})[\s,]+", re.IGNORECASE)
        self._and = re.compile(rf"{_CLOSE.pattern}|\s+(?:{any_of(own['joins'])})\s+(?=\S)", re.IGNORECASE)
        self._joins = re.compile(rf"\s*(?:{any_of(own['joins'])})?\s*", re.IGNORECASE)
        self._between = _word(own["between"])
        fillers = rf"(?:{any_of([*own['fillers'], 'à'])})"
        self._fillers = re.compile(rf"^(?:{fillers}(?:\s+|['’]|$))+|(?:(?:^|\s+){fillers})+$", re.IGNORECASE)
        self._often = re.compile(rf"(?<!\w)(?:{any_of(words.in_all('often'))})\s*$", re.IGNORECASE)
        self._rest_day = re.compile(rf"\W*(?:{any_of([*own['rest'], *own['rest_day']])})\W*", re.IGNORECASE)
        self._do = re.compile(rf"^(?:{any_of(own['do'])})\s+", re.IGNORECASE)
        week = self._written.noun("week")
        named = any_of([week.singular, week.plural, *week.symbols])
        self._week = re.compile(
            rf"^\W*(?:(?:{named})\s?|{week.singular[0]})([0-9]{{1,2}})\b\s*[-–—:.)]*\s*(.*)$", re.IGNORECASE | re.DOTALL
        )
        self._week_head = re.compile(rf"(?<!\w)(?:{named})(?!\w)", re.IGNORECASE)

    def names_weeks(self, cell: str) -> bool:
        """Whether the head of a column says that weeks stand in it."""
        return self._week_head.search(cell) is not None and not any(map(str.isdigit, cell))

    def week(self, line: str) -> tuple[int, str] | None:
        """The number of the week that a line is about, and what it says of it."""
        found = self._week.match(_bare(line))
        return (int(found[1]), found[2].strip()) if found else None

    def is_rest_day(self, cell: str) -> bool:
        """Whether a day of a table says that nothing is done on it."""
        return self._rest_day.fullmatch(cell) is not None

    def line(self, line: str) -> tuple[Group, ...] | Header | Between:
        """What a line says. Raises DoubtError where that is not plain."""
        text = self._written.figures(_bare(line).replace("\u00a0", " ").strip())
        text = self._written.grouped(text)
        if self._written.names_tempo(text):
            raise DoubtError("a tempo is the seconds of each phase, as 3-1-2")
        name, rounds = "", 0
        labelled = _LABEL.match(text)
        if labelled is not None:
            label, rest = labelled[1].strip(), (labelled[2] or "").strip()
            rounds = self._label_rounds(label)
            if _BY_THE_CLOCK.search(label) or (_SCHEMES.search(label) and any(map(str.isdigit, label))):
                raise DoubtError(_NO_SCHEME)
            if not rounds:
                if any(map(str.isdigit, label)) and _NUMBERED.fullmatch(label) is None:
                    return self._groups(text, "", 0)
                name = _name(label)
            if not rest:
                return Header(name, max(1, rounds))
            text = rest
        elif (only := self._label_rounds(text)) and only > 1:
            return Header("", only)
        elif (header := self._titled(text)) is not None:
            return header
        return self._groups(text, name, rounds)

    def _label_rounds(self, label: str) -> int:
        """The number of rounds where a label says nothing else, otherwise 0."""
        said = self._do.sub("", label)
        found = list(self._written.amounts(said))
        if len(found) != 1 or self._written.unit(found[0]) not in _ROUNDS:
            return 0
        around = said[: found[0].start] + said[found[0].end :]
        return _whole(found[0]) if not self._trimmed(around) else 0

    def _titled(self, text: str) -> Header | None:
        """A name with its number of rounds, as "Circuit (3 rounds)"."""
        found = list(self._written.amounts(text))
        if len(found) != 1 or self._written.unit(found[0]) not in _WHOLE_ROUNDS or self._trimmed(text[found[0].end :]):
            return None
        name = self._trimmed(text[: found[0].start])
        return Header(_name(name), _whole(found[0])) if name else None

    def _groups(self, text: str, name: str, rounds: int) -> tuple[Group, ...] | Between:
        parts = [_Part(text, rounds, whole=True)] if rounds else self._parts(text)
        rests = [self._rest_between(part.text) for part in parts]
        between = [rest for rest in rests if rest is not None]
        parts = [part for part, rest in zip(parts, rests, strict=True) if rest is None]
        if len(between) > 1:
            raise DoubtError("more than one rest between rounds")
        if not parts and not between:
            raise DoubtError("no length and no count")
        if not parts:
            return Between(between[0])
        repeated = [part for part in parts if part.rounds > 1]
        if len(repeated) == 1 and len(parts) > 1 and not repeated[0].closed:
            if repeated[0] is parts[0]:
                parts = [self._joined(parts)]
            elif repeated[0] is not parts[-1]:
                raise DoubtError("it is not plain what is repeated; put that into brackets")
        made = [self._group(part) for part in parts]
        if len(made) > 1 and made[-1].rounds == 1 < made[-2].rounds and set(made[-1].steps[0]) == {"rest"}:
            raise DoubtError("it is not plain whether the rest is one of the rounds")
        if between:
            if not repeated:
                raise DoubtError("there are no rounds for the rest to be between")
            made = [replace(group, rest=between[0]) if group.rounds > 1 else group for group in made]
        return self._named(self._merged(made), name)

    def _named(self, groups: list[Group], name: str) -> tuple[Group, ...]:
        """A label is the name of the one step that has none, or else of the block."""
        if name and len(groups) == 1 and len(groups[0].steps) == 1:
            (step,) = groups[0].steps
            if "name" not in step and "rest" not in step:
                return (replace(groups[0], steps=(self._labelled(step, name),), labelled=True),)
        return tuple(replace(group, name=name, labelled=bool(name)) for group in groups)

    def _labelled(self, step: dict[str, Any], name: str) -> dict[str, Any]:
        """A step with a name, which may also tell of which kind it is: "Plank: 45s"."""
        kind = self._kind(name) if "work" in step else "work"
        if kind != "work":
            step = {kind: step["work"]} | {key: value for key, value in step.items() if key != "work"}
        return step if name.casefold() in self._plain.get(kind, ()) else {**step, "name": name}

    @staticmethod
    def _merged(groups: list[Group]) -> list[Group]:
        """Steps that are done once and follow each other are one group."""
        merged: list[Group] = []
        for group in groups:
            if merged and group.rounds == merged[-1].rounds == 1:
                merged[-1] = replace(merged[-1], steps=(*merged[-1].steps, *group.steps))
            else:
                merged.append(group)
        return merged

    def _joined(self, parts: Sequence[_Part]) -> _Part:
        """One part, where what follows "5 x run 1 min" plainly belongs to its rounds."""
        first, *others = parts
        several = len(list(self._items(first.text))) > 1
        for part in others:
            if first.whole:
                break
            kinds = ("rest",) if several else ("run", "walk", "rest")
            if not any(self._kinds[kind].search(part.text) for kind in kinds):
                raise DoubtError(
                    f'is "{part.text.strip()[:40]}" done in each round? (write "{first.rounds}x: …", or two lines)'
                )
        return _Part("\n".join(part.text for part in parts), first.rounds, whole=True)

    def _adds(self, text: str) -> bool:
        """Whether a part only adds a tempo, or that it is for each side, to the one before."""
        return not self._written.without_tempo(text)[0].strip(_EDGES) or self._sides_alone(text)

    def _parts(self, text: str) -> list[_Part]:
        """What commas, "then" and arrows part, brackets kept together, each with its number of rounds."""
        parts: list[str] = []
        depth = begun = 0
        for place, mark in enumerate(text):
            depth += (mark == "(") - (mark == ")")
            if depth < 0:
                raise DoubtError("a bracket is closed that was not opened")
            found = self._then.match(text, place) if not depth and place >= begun else None
            if found is not None and found.end() > place:
                parts.append(text[begun:place])
                begun = found.end()
        if depth:
            raise DoubtError("a bracket is not closed")
        found_parts, parts = [*parts, text[begun:]], []
        for part in found_parts:
            if parts and self._adds(part):
                parts[-1] += f"\n{part}" if part.strip(_EDGES) else ""
            elif part.strip(_EDGES):
                parts.append(part)
        whole = self._last_rounds(parts)
        if whole:
            return [_Part("\n".join(parts), whole, whole=True)]
        return [self._part(part) for part in parts]

    def _last_rounds(self, parts: list[str]) -> int:
        """The number of rounds that stands at the end of all; it is taken away from the parts."""
        if not parts:
            return 0
        found = _LAST_TIMES.search(parts[-1])
        before = parts[-1][: found.start()] if found is not None else ""
        if found is not None and any(True for _ in self._written.amounts(before)):
            parts[-1] = before
            return int(found[1])
        if len(parts) > 1 and (rounds := self._label_rounds(parts[-1])):
            parts.pop()
            return rounds
        return 0

    def _part(self, text: str) -> _Part:
        """A part without the number of its rounds."""
        text = self._do.sub("", text)
        found = [amount for amount in self._written.amounts(text) if self._written.unit(amount) in _ROUNDS]
        if not found:
            return _Part(text)
        if len(found) > 1:
            raise DoubtError("rounds within rounds")
        amount = found[0]
        before, after = text[: amount.start], text[amount.end :]
        if any(map(str.isdigit, before)) and after.strip(_EDGES):
            raise DoubtError("a number of rounds stands in the middle")
        inside = _INSIDE.match(after) if not before.strip() else None
        whole = self._written.unit(amount) in _WHOLE_ROUNDS
        return _Part(inside[1] if inside else f"{before} {after}", _whole(amount), whole, inside is not None)

    def _rest_between(self, text: str) -> float | None:
        """Seconds where a part says how long the rest between rounds is."""
        if self._between.search(text) is None or self._kinds["rest"].search(text) is None:
            return None
        durations = [amount for amount, _ in self._counted(text) if amount.seconds is not None]
        return durations[0].seconds if len(durations) == 1 else None

    def _group(self, part: _Part) -> Group:
        steps: list[dict[str, Any]] = []
        for item in self._items(part.text):
            bare, tempo = self._written.without_tempo(item)
            if tempo and not bare.strip(_EDGES):
                if not steps or "reps" not in steps[-1]:
                    raise DoubtError("a tempo without repetitions")
                steps[-1]["tempo"] = tempo
                continue
            if self._sides_alone(item) and steps:
                steps[-1]["sides"] = True
                continue
            steps.append(self._step(bare, tempo))
        if not steps:
            raise DoubtError("no length and no count")
        rest = None
        if part.rounds > 1 and len(steps) > 1 and set(steps[-1]) == {"rest"}:
            rest = _seconds_of(steps.pop()["rest"])
        return Group(steps=tuple(steps), rounds=part.rounds, rest=rest)

    def _sides_alone(self, item: str) -> bool:
        text, sides = self._written.without_sides(f"1 {item}")
        return sides and not text.strip(f"{_EDGES}1")

    def _items(self, text: str) -> Iterator[str]:
        """What makes a step each, in a part."""
        inside = _INSIDE.match(text)
        for loose in self._then.split(inside[1] if inside else text):
            for close in self._close(loose):
                yield from self._by_amounts(close)

    def _close(self, text: str) -> list[str]:
        """What slashes, plus and "and" part; "and" does so only between steps, not inside a name or a length."""
        items: list[str] = []
        for item in self._and.split(text):
            if not item.strip(_EDGES):
                continue
            alone = not any(True for _ in self._written.amounts(item)) and not self._written.without_tempo(item)[1]
            if items and (alone or not any(True for _ in self._written.amounts(items[-1]))):
                return [text]
            items.append(item)
        return items

    def _by_amounts(self, text: str) -> Iterable[str]:
        """Parted where each length follows the words of another step: "20s on 10s off"."""
        if self._written.without_tempo(text)[1]:
            return [text]
        durations = [amount for amount, _ in self._counted(text) if amount.seconds is not None]
        if len(durations) < 2:
            return [text]
        cuts = [amount.start for amount in durations[1:]]
        if text[: durations[0].start].strip(_EDGES):
            cuts = [amount.end for amount in durations[:-1]]
        ends = [0, *cuts, len(text)]
        return [text[begin:end] for begin, end in pairwise(ends)]

    def _counted(self, text: str) -> list[tuple[Amount, str]]:
        """The amounts of a text with their units; those that are a length together are one, in seconds."""
        found: list[tuple[Amount, str]] = []
        for amount in self._written.amounts(text):
            unit = self._written.unit(amount)
            if amount.seconds is None and unit in _SECONDS and not amount.per:
                amount = replace(amount, seconds=_number(amount) * _SECONDS[unit])
            gap = text[found[-1][0].end : amount.start] if found else ""
            if (
                found
                and amount.seconds is not None
                and found[-1][0].seconds is not None
                and _SECONDS.get(unit, 60) < _SECONDS.get(found[-1][1], 0)
                and self._joins.fullmatch(gap)
            ):
                before = found.pop()[0]
                amount = replace(amount, start=before.start, seconds=(before.seconds or 0) + amount.seconds)
            elif found and gap and _DASH.fullmatch(gap):
                raise DoubtError("a range; one number is needed")
            found.append((amount, unit))
        return found

    def _step(self, text: str, tempo: str) -> dict[str, Any]:
        text, sides = self._written.without_sides(text)
        taken: list[Amount] = []
        kept: list[Amount] = []
        lengths: list[float] = []
        counts: list[int] = []
        for amount, unit in self._counted(text):
            if amount.negative or amount.per:
                raise DoubtError(f'"{text[amount.start : amount.end]}" is no length and no count')
            if self._often.search(text[: amount.start]):
                raise DoubtError("it says how often, not how long; a [[reminder]] comes back so")
            if amount.seconds is not None:
                lengths.append(amount.seconds)
            elif unit in ("", "rep"):
                counts.append(_whole(amount))
            elif unit in _COUNTED and amount.noun is not None:
                counts.append(_whole(amount))
                amount = replace(amount, end=amount.end - len(amount.noun))
            elif unit in _IN_NAMES:
                kept.append(amount)
                continue
            else:
                raise DoubtError(f'"{text[amount.start : amount.end]}" is no length of time')
            taken.append(amount)
        known = "".join(text[amount.start : amount.end] for amount in (*taken, *kept))
        if sum(map(str.isdigit, text)) > sum(map(str.isdigit, known)):
            raise DoubtError("a figure that is no length and no count")
        for amount in reversed(taken):
            text = f"{text[: amount.start]} {text[amount.end :]}"
        if len(lengths) + len(counts) != 1:
            raise DoubtError(
                "no length and no count" if not lengths and not counts else "more than one length or count"
            )
        kind = self._kind(text) if lengths else "reps"
        name = self._trimmed(text)
        if kind in self._plain:
            name = "" if name.casefold() in self._plain[kind] else self._without_verb(name, kind)
        if counts and not name:
            raise DoubtError("it does not say of what")
        if _SCHEMES.search(text):
            raise DoubtError(_NO_SCHEME)
        step: dict[str, Any] = {kind: counts[0] if counts else layout.duration(lengths[0])}
        if tempo:
            if not counts:
                raise DoubtError("a tempo without repetitions")
            step["tempo"] = tempo
        if name:
            step["name"] = _name(name)
        if sides:
            step["sides"] = True
        return step

    def _kind(self, text: str) -> str:
        return next((kind for kind in _KINDS if self._kinds[kind].search(text)), "work")

    def _without_verb(self, name: str, kind: str) -> str:
        """Of "hold plank" the plank."""
        first, _, others = name.partition(" ")
        return self._trimmed(others) if kind == "hold" and first.casefold() in self._plain[kind] else name

    def _trimmed(self, text: str) -> str:
        """A name without what only joins it to a number."""
        text, before = " ".join(text.split()).strip(_EDGES), ""
        while text != before:
            before, text = text, self._fillers.sub("", text).strip(_EDGES)
        return text


def _bare(line: str) -> str:
    """A line without the marks of a list and of Markdown's emphasis."""
    return _BULLET.sub("", _EMPHASIS.sub(r"\2", _MARKS.sub("", line)))


def _word(listed: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(listed)})(?!\w)", re.IGNORECASE)


def _number(amount: Amount) -> float:
    part = 0.0
    if amount.part:
        above, _, below = amount.part.partition("/")
        part = int(above) / int(below)
    return float(f"{amount.whole}.{amount.fraction or 0}") + part


def _whole(amount: Amount) -> int:
    if amount.fraction or amount.part or not amount.whole:
        raise DoubtError("no whole number")
    return amount.whole


def _seconds_of(duration: str) -> float:
    from voicecoach import units

    return units.parse_duration(duration)


def _name(text: str) -> str:
    """A name, if it can be spoken as it stands."""
    name = text.strip(_EDGES)
    if (
        name.count("(") != name.count(")")
        or not name.isprintable()
        or any(mark in name for mark in "{}[]<>")
        or not any(map(str.isalpha, name))
    ):
        raise DoubtError(f'"{name[:40]}" is no name')
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=8)
def of(language: str) -> Phrases:
    """The reader for a BCP 47 tag."""
    return Phrases(language)
