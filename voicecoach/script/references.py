"""What a script's parts say of one another: names of pools, progressions, blocks and steps, places within a step.

All of it works on the data as written, whatever else is wrong with it, so that each mistake of a file is found at
once. What has the wrong shape is passed over: the models say so.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from voicecoach import units
from voicecoach.errors import counted, near, shown
from voicecoach.script import cycles, plan
from voicecoach.script.model import MAX_ROUNDS, STEP_MODELS, Timed
from voicecoach.script.problems import Finding, Path
from voicecoach.script.values import duration, hold, place, tempo

Table = dict[str, Any]

_TIMED = tuple(kind for kind, model in STEP_MODELS.items() if issubclass(model, Timed))
_PARSERS: dict[str, Callable[[Any], Any]] = {"hold": hold, "reps": operator.index, "tempo": tempo}
"""What reads the keys that say how long a step lasts, where that is no duration."""
_VALUES = {"reps": "count", "tempo": "tempo"}
"""What a value of those keys is called that are no length."""


def check(data: Table, other_names: Iterable[str] | None = ()) -> Iterator[Finding]:
    """Everything that a script names and does not have.

    ``other_names`` are the names of steps in included scripts; None where they are not known.
    """
    pools, progressions = table(data, "cues"), table(data, "progression")
    spans = {name: span for name, progression in progressions.items() if (span := _span(progression)) is not None}
    targets = {name: max(span) for name, span in spans.items()}
    names = set(other_names or ())
    for path, step in steps(data):
        if isinstance(name := step.get("name"), str):
            names.add(name)
        yield from _by_round(path, step, data["block"][path[1]])
        yield from _pool((*path, "cues"), step.get("cues"), pools)
        if "tempo" in step and "each" in step:
            yield (*path, "each"), "tempo already says how long a rep lasts (keep one of the two)"
        for index, target in enumerate(step["hold"] if isinstance(step.get("hold"), list) else ()):
            yield from _progression((*path, "hold", index), target, progressions)
        yield from _progression((*path, "hold"), step.get("hold"), progressions)
        if isinstance(step.get("at"), dict):
            each = list(_each_round(step))
            lengths = [_seconds(one, targets) for one in each]
            longest = None if None in lengths else max(filter(None, lengths), default=0.0)
            reps = max((one["reps"] for one in each if isinstance(one.get("reps"), int)), default=0)
            yield from _places((*path, "at"), step["at"], longest, reps)
        if step.get("sides") and data["block"][path[1]].get("sides"):
            yield (*path, "sides"), "the block does each side already (keep one of the two)"
    for index, reminder in enumerate(tables(data, "reminder")):
        yield from _pool(("reminder", index, "cues"), reminder.get("cues"), pools)
        if other_names is not None:
            yield from _during(("reminder", index, "during"), reminder.get("during"), names)
    for name, (start, goal) in spans.items():
        if goal < start:
            written = progressions[name]
            message = f"the goal ({shown(written['goal'])}) is shorter than the start ({shown(written['start'])})"
            yield ("progression", name, "goal"), message
    for number, block in enumerate(tables(data, "block")):
        rounds, rests = _rounds(block), block.get("rest")
        if rounds is not None and isinstance(rests, list) and rests and len(rests) != rounds - 1:
            between = (
                f"{counted(rounds - 1, 'rest')} between {counted(rounds, 'round')}"
                if rounds > 1
                else "no rest, since it is done once"
            )
            remedy = f"one for each: write {rounds - 1}, or repeat = {len(rests) + 1}"
            remedy = remedy if rounds > 1 else f"write repeat = {len(rests) + 1} in the block"
            found = counted(len(rests), "length")
            yield ("block", number, "rest"), f'"rest" has {found}, but the block has {between} ({remedy})'
    yield from _weeks(tables(data, "plan"))
    yield from _blocks(data)


def steps(data: Table) -> Iterator[tuple[Path, Table]]:
    """Every step that is a table, with its path."""
    for number, block in enumerate(tables(data, "block")):
        for index, step in enumerate(tables(block, "steps")):
            if step:
                yield ("block", number, "steps", index), step


def uses(data: Table) -> Iterator[tuple[Path, str]]:
    """Every ``use`` of a step or of an answer, every ``then``, and every day of a plan but those of rest.

    Each with its path.
    """
    for number, week in enumerate(tables(data, "plan")):
        days = week.get("days")
        for index, day in enumerate(days if isinstance(days, list) else ()):
            if isinstance(day, str) and day.strip() != plan.REST:
                yield ("plan", number, "days", index), day
    for path, step in steps(data):
        if isinstance(step.get("use"), str):
            yield (*path, "use"), step["use"]
        for index, answer in enumerate(tables(step, "answers") if "answers" in step else ()):
            for key in ("use", "then"):
                if isinstance(answer.get(key), str):
                    yield (*path, "answers", index, key), answer[key]


def table(data: Table, key: str) -> Table:
    """The table of that key, an empty one in place of what is no table."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def tables(data: Table, key: str) -> list[Table]:
    """The tables of a list, empty ones in place of what is no table."""
    value = data.get(key)
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []


def _weeks(weeks: Sequence[Table]) -> Iterator[Finding]:
    """Weeks of a plan that are not one behind the other, and a plan of which all days are of rest."""
    last = 0
    for number, row in enumerate(weeks):
        week = row.get("week", last + 1)
        if not isinstance(week, int):
            return
        if week == last:
            yield ("plan", number, "week"), f"week {week} is there already (put all of its days into one [[plan]])"
        elif week < last:
            yield ("plan", number, "week"), f"week {week} comes after week {last} (write weeks in their order)"
        last = max(last, week)
    days = [day for row in weeks for day in row.get("days", ()) or () if isinstance(row.get("days"), list)]
    if days and all(isinstance(day, str) and day.strip() == plan.REST for day in days):
        yield ("plan", 0, "days"), "nothing is ever done: every day of the plan is one of rest"


def _rounds(block: Table) -> int | None:
    """How many rounds a block has; None where what it says is no number of them."""
    rounds = block.get("repeat", 1)
    return rounds if isinstance(rounds, int) and 1 <= rounds <= MAX_ROUNDS else None


def _by_round(path: Path, step: Table, block: Table) -> Iterator[Finding]:
    """Lists in a step that have not one value for each round of its block."""
    kind = next((kind for kind in _TIMED if kind in step), "")
    rounds = _rounds(block)
    for key in STEP_MODELS[kind].by_round if kind and rounds is not None else ():
        values = step.get(key)
        if not isinstance(values, list) or not values or len(values) == rounds:
            continue
        found, there = counted(len(values), _VALUES.get(key, "length")), counted(rounds or 1, "round")
        write = f"write {rounds}, or repeat = {len(values)}"
        if rounds == 1:
            write = f"write repeat = {len(values)} in the block"
        yield (*path, key), f'"{key}" has {found}, but the block has {there} (one for each: {write})'


def _each_round(step: Table) -> Iterator[Table]:
    """A step as it is in each round, where it is not the same in all."""
    lists = {
        key: step[key] for kind in _TIMED if kind in step for key in STEP_MODELS[kind].by_round
        if isinstance(step.get(key), list)
    }  # fmt: skip
    for number in range(max(map(len, lists.values()), default=1)):
        yield step | {key: values[min(number, len(values) - 1)] for key, values in lists.items() if values}


def _pool(path: Path, value: object, pools: Table) -> Iterator[Finding]:
    if isinstance(value, str) and value not in pools:
        remedy = near(value, pools) or " (write it under [cues])"
        yield path, f"there is no pool of cues called {shown(value)}{remedy}"


def _progression(path: Path, value: object, progressions: Table) -> Iterator[Finding]:
    if isinstance(value, str) and value.startswith("progression:"):
        name = value.removeprefix("progression:")
        if name not in progressions:
            remedy = near(name, progressions) or f" (write it as [progression.{name or 'NAME'}])"
            yield path, f"there is no progression called {shown(name)}{remedy}"


def _places(path: Path, places: Table, length: float | None, reps: int) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for key in places:
        try:
            where = place(key)
        except ValueError:
            continue
        if where.rep is not None and not reps:
            yield (*path, key), f'"{key}" goes with reps (write a time, as "10s", or "half")'
            continue
        if where.rep is not None and where.rep > reps:
            yield (*path, key), f'"{key}" is beyond the last of {reps} reps'
            continue
        if where in seen:
            yield (*path, key), f'"{key}" is the same place as "{seen[where]}" (keep one)'
        seen.setdefault(where, key)
        if length is not None and not 0 <= where.within(length, reps) <= length:
            yield (*path, key), f'"{key}" lies outside the step, which lasts {units.format_duration(length)}'


def _seconds(step: Table, targets: Mapping[str, float]) -> float | None:
    """The most seconds that a step can last; None where that is open, or cannot be read."""
    kind = next((kind for kind in _TIMED if kind in step), "")
    if not kind or step[kind] == "max":
        return None
    try:
        said = {key: _PARSERS.get(key, duration)(step[key]) for key in (kind, "tempo", "each") if key in step}
        return STEP_MODELS[kind].model_construct(**said).seconds(targets)
    except (ValueError, TypeError, KeyError, OverflowError):
        return None


def _during(path: Path, value: object, names: set[str]) -> Iterator[Finding]:
    for index, wanted in enumerate(value if isinstance(value, list) else ()):
        if isinstance(wanted, str) and wanted not in _TIMED and wanted not in names:
            remedy = near(wanted, [*_TIMED, *sorted(names)])
            yield (*path, index), f"{shown(wanted)} is neither a kind of timed step nor the name of a step{remedy}"


def _span(progression: Any) -> tuple[float, float] | None:
    """Start and goal in seconds."""
    try:
        return duration(progression["start"]), duration(progression["goal"])
    except (ValueError, TypeError, KeyError):
        return None


def _blocks(data: Table) -> Iterator[Finding]:
    """What is wrong with the uses of the script's own blocks."""
    names = Counter(block["name"].strip() for block in tables(data, "block") if isinstance(block.get("name"), str))
    graph: dict[str, list[tuple[str, Path]]] = {name: [] for name in names}
    for path, use in uses(data):
        if not use.startswith("#"):
            continue
        wanted = use[1:].strip()
        if wanted not in names:
            remedy = near(wanted, names) or " (a block is called by its name)"
            yield path, f"there is no block called {shown(wanted)}{remedy}"
        elif names[wanted] > 1:
            yield path, f"{names[wanted]} blocks are called {shown(wanted)}; which one is meant?"
        elif path[0] == "block":
            own = data["block"][path[1]].get("name")
            if isinstance(own, str):
                graph[own.strip()].append((wanted, path))
    for path, cycle in cycles.find(graph):
        if cycle:
            yield path, f"the block uses itself: {' → '.join('#' + name for name in cycle)}"
        else:
            yield path, f"from here blocks use one another more than {cycles.DEEPEST} deep"
