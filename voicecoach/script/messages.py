"""The validation's findings, in the words of someone who writes workouts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from voicecoach.errors import meant, near, shown
from voicecoach.script import model
from voicecoach.script.model import STEP_MODELS, Model
from voicecoach.script.problems import Path
from voicecoach.script.values import ONE, SEVERAL

_MESSAGES = {
    "pool_or_lines": "expected the name of a pool or a list of lines, found {found}",
    "bool_type": "expected true or false, found {found}",
    "string_type": "expected a text, found {found}",
    "string_too_short": "the text is empty",
    "greater_than": "{found} is too small (more than {gt:g})",
    "greater_than_equal": "{found} is too small (at least {ge:g})",
    "less_than_equal": "{found} is too large (at most {le:g})",
    "too_long": "the list is too long (at most {max_length})",
}
"""Those that say no more than what was found and what would fit."""
_MEANT = {
    "label": "name", "bpm": "cadence", "spm": "cadence", "interval": "every", "lines": "cues", "texts": "cues",
    "pause": "rest", "break": "rest", "sets": "repeat", "rounds": "repeat", "times": "repeat", "count": "repeat",
    "exercises": "steps",
}  # fmt: skip
"""Keys of other tools, and how a script calls the same."""
_KINDS_MEANT = {
    "pause": "rest", "wait": "rest", "break": "rest", "sleep": "rest", "relax": "rest", "recover": "rest",
    "recovery": "rest", "jog": "run", "sprint": "run", "stride": "run", "march": "walk", "hike": "walk",
    "exercise": "work", "effort": "work", "interval": "work", "row": "work", "bike": "work", "plank": "hold",
    "stretch": "hold", "static": "hold", "speak": "say", "tell": "say", "talk": "say", "announce": "say",
    "include": "use", "import": "use", "sound": "play", "clip": "play", "question": "ask", "repetitions": "reps",
}  # fmt: skip
"""What people call a step, and the kind it is."""


def swallowed(data: Mapping[str, Any]) -> Iterator[tuple[list[Path], str]]:
    """Keys of a block that stand under another table, which was begun within the block: their paths, and words."""
    tables: list[tuple[Path, str, object]] = [
        ((name,), f"[{name}]", data.get(name)) for name in ("cues", "voice", "announce", "music")
    ]
    reminders, progressions = data.get("reminder"), data.get("progression")
    tables += [
        (("reminder", index), "[[reminder]]", table)
        for index, table in enumerate(reminders if isinstance(reminders, list) else ())
    ]
    tables += [
        (("progression", name), f"[progression.{name}]", table)
        for name, table in (progressions.items() if isinstance(progressions, dict) else ())
    ]
    for path, header, table in tables:
        items = table.items() if isinstance(table, dict) else ()
        keys = [key for key, value in items if _of_a_block(key, value, in_cues=path == ("cues",))]
        if keys:
            belong = f'"{keys[0]}" belongs' if len(keys) == 1 else f"{_listed(keys, 'and')} belong"
            yield (
                [(*path, key) for key in keys],
                f"{belong} to {header}, the table above, and not to the block (write {header} before the [[block]])",
            )


def _of_a_block(key: str, value: object, *, in_cues: bool) -> bool:
    """Whether a key that a table holds is one of a block; a pool of cues may have any name."""
    match key:
        case "steps":
            steps = value if isinstance(value, list) else []
            return any(isinstance(step, dict) and not STEP_MODELS.keys().isdisjoint(step) for step in steps)
        case "repeat":
            return isinstance(value, int)
        case "rest" | "switch":
            return isinstance(value, str)
        case "sides":
            return isinstance(value, bool)
        case "name":
            return in_cues and isinstance(value, str)
    return False


def path_of(location: Sequence[str | int], data: object) -> Path:
    """The keys that lead to a finding: its location without the names of alternatives that the models add."""
    path: list[str | int] = []
    here = data
    for index, part in enumerate(location):
        if isinstance(part, str) and not isinstance(here, dict):
            continue  # the name of an alternative: only tables have keys
        if location[0] == "block" and part in (ONE, SEVERAL):
            continue
        if (index == 4 and location[0] == "block") or (part == "[key]" and index + 1 == len(location)):
            continue  # the kind of a step; what marks a finding about the key itself
        path.append(part)
        here = _inside(here, part)
    return tuple(path)


def _inside(here: object, part: str | int) -> object:
    if isinstance(here, dict):
        return here.get(part)
    return here[part] if isinstance(here, list) and isinstance(part, int) and part < len(here) else None


def message(kind: str, location: Sequence[str | int], value: object, context: Mapping[str, Any]) -> str | None:
    """What is wrong and what would be right; None for a finding that only follows from others.

    ``kind``, ``location`` and ``context`` are pydantic's error type, location and details; ``value`` is what was found.
    """
    key = str(location[-1]) if location else ""
    match kind:
        case "script":
            return str(context["message"])
        case "missing":
            return _missing(location)
        case "extra_forbidden":
            return _unknown_key(key, location)
        case "step_kind":
            return _step_kind(value)
        case "literal_error":
            choices = tuple(re.findall(r"'([^']*)'", context["expected"]))
            question = meant(value, choices) if isinstance(value, str) else ""
            return f"{shown(value)} is none of {_listed(choices)}{question and f' ({question})'}"
        case "int_type" | "float_type" | "finite_number":
            number = re.match(r"\s*(\d+(\.\d+)?)", value, re.ASCII) if isinstance(value, str) else None
            remedy = f" (did you mean {number.group(1)}, without quotes?)" if number else ""
            return f"expected a {'whole ' if kind == 'int_type' else ''}number, found {shown(value)}{remedy}"
        case "string_too_long":
            return f"the text has {len(str(value))} characters; at most {context['max_length']} fit here"
        case "too_short":
            return "the list is empty" if not value else None
        case "tuple_type":
            return _no_list(key, value)
        case "model_type" | "dict_type":
            return _no_table(key, value)
    return _MESSAGES.get(kind, "{found} does not fit here").format(found=shown(value), **context)


def _missing(location: Sequence[str | int]) -> str:
    match tuple(location):
        case ("title",):
            return 'the script has no title (write title = "…" at its top)'
        case ("block", _, "steps"):
            return "the block has no steps (write steps = [ { … }, { … } ])"
        case ("plan", _, "days"):
            return 'the week has no days (write days = ["script", "rest", …])'
    return f'the key "{location[-1]}" is missing'


def _unknown_key(key: str, location: Sequence[str | int]) -> str:
    table = _model(location[:-1])
    known = _keys(table)
    of_rest = table is STEP_MODELS["rest"]
    if _MEANT.get(key) in known and not (of_rest and _MEANT[key] == "rest"):
        return f'unknown key "{key}" (did you mean "{_MEANT[key]}"?)'
    if table in STEP_MODELS.values():
        if key in ("repeat", "sets", "times"):
            return f'"{key}" does not go here (how often is said by "repeat" of the block)'
        if key in ("pause", "rest", "break") and not of_rest:
            return f'"{key}" does not go with "{location[4]}" (a rest is a step of its own: {{ rest = "30s" }})'
    if question := meant(key, tuple(known)):
        return f'unknown key "{key}" ({question})'
    takers = [kind for kind, step in STEP_MODELS.items() if key in _keys(step)]
    if table in STEP_MODELS.values() and takers:
        return f'"{key}" does not go with "{location[4]}" (it goes with {", ".join(takers)})'
    if key in _keys(model.Script) and table is not model.Script:
        return f'"{key}" does not go here (write it at the top of the script, before the first [table])'
    if key in _keys(model.Timed) and table is not model.Script:
        return f'"{key}" does not go here (write it in a step)'
    return f'unknown key "{key}"{near(key, known)}'


def _keys(table: type[Model]) -> list[str]:
    return [field.alias or name for name, field in table.model_fields.items()]


def _model(location: Sequence[str | int]) -> type[Model]:
    """What the table at a location is."""
    tables: dict[str | int, type[Model]] = {
        "voice": model.ScriptVoice,
        "announce": model.Announce,
        "music": model.Music,
    }
    match tuple(location):
        case ():
            return model.Script
        case ("block", _):
            return model.Block
        case ("block", _, "steps", _, str(kind)):
            return STEP_MODELS[kind]
        case ("block", _, "steps", _, "ask", "answers", _):
            return model.Answer
        case ("reminder", _):
            return model.Reminder
        case ("plan", _):
            return model.Week
        case ("progression", _):
            return model.Progression
        case (table,) if table in tables:
            return tables[table]
    return model.CueLine


def _step_kind(value: object) -> str:
    if not isinstance(value, dict):
        return f'expected a step such as {{ hold = "45s" }}, found {shown(value)}'
    kinds = [key for key in value if key in STEP_MODELS]
    if len(kinds) > 1:
        found = " and ".join(f'"{kind}"' for kind in kinds)
        return f"a step is one thing, but this one has {found} (make them steps of their own)"
    of_steps = {key for step in STEP_MODELS.values() for key in _keys(step)}
    for key in value:
        question = "" if key in of_steps else meant(str(key), tuple(STEP_MODELS))
        if key in _KINDS_MEANT:
            question = f'did you mean "{_KINDS_MEANT[key]}"?'
        if question:
            return f'a step says what it is by one key; "{key}" is none ({question})'
    return f"a step says what it is by one of {_listed(STEP_MODELS)}; this one has none of them"


def _no_list(key: str, value: object) -> str:
    if key in ("block", "plan", "reminder") and isinstance(value, dict):
        return f"expected [[{key}]], found [{key}] (there can be several, so it stands in double brackets)"
    wanted = f'"{value}s"' if key == "remaining" and isinstance(value, int) else shown(value)
    if isinstance(value, dict):
        wanted = '"script", "rest", …' if key == "days" else "{ … }"
    one = isinstance(value, str | dict) or key == "remaining"
    return f"expected a list, found {shown(value)}" + (f" (write {key} = [{wanted}])" if one else "")


def _no_table(key: str, value: object) -> str:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return f"expected one table [{key}], found a list of them (write it once, in single brackets)"
    return f"expected a table, found {shown(value)}"


def _listed(words: Iterable[str], last: str = "or") -> str:
    quoted = [f'"{word}"' for word in words]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
