"""The validation's findings, in the words of someone who writes workouts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voicecoach.errors import meant, near, shown
from voicecoach.script.model import (
    STEP_MODELS,
    Announce,
    Answer,
    Block,
    CueLine,
    Model,
    Music,
    Progression,
    Reminder,
    Script,
    Timed,
    Voice,
)
from voicecoach.script.problems import Path

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


def path_of(location: Sequence[str | int], data: object) -> Path:
    """The keys that lead to a finding: its location without the names of alternatives that the models add."""
    path: list[str | int] = []
    here = data
    for index, part in enumerate(location):
        if isinstance(part, str) and not isinstance(here, dict):
            continue  # the name of an alternative: only tables have keys
        if (index == 4 and location[0] == "block") or (part == "[key]" and index + 1 == len(location)):
            continue  # the kind of a step; the mark of a finding about the key itself
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
            hint = f" (did you mean {number.group(1)}, without quotes?)" if number else ""
            return f"expected a {'whole ' if kind == 'int_type' else ''}number, found {shown(value)}{hint}"
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
        case ("block",):
            return "the script has no [[block]]; it needs at least one, with steps"
        case ("block", _, "steps"):
            return "the block has no steps (write steps = [ { … }, { … } ])"
    return f'the key "{location[-1]}" is missing'


def _unknown_key(key: str, location: Sequence[str | int]) -> str:
    model = _model(location[:-1])
    known = _keys(model)
    if question := meant(key, tuple(known)):
        return f'unknown key "{key}" ({question})'
    takers = [kind for kind, step in STEP_MODELS.items() if key in _keys(step)]
    if model in STEP_MODELS.values() and takers:
        return f'"{key}" does not go with "{location[4]}" (it goes with {", ".join(takers)})'
    if key in _keys(Script) and model is not Script:
        return f'"{key}" does not go here (write it at the top of the script, before the first [table])'
    if key in _keys(Timed) and model is not Script:
        return f'"{key}" does not go here (write it in a step)'
    return f'unknown key "{key}"{near(key, known)}'


def _keys(model: type[Model]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model(location: Sequence[str | int]) -> type[Model]:
    """What the table at a location is."""
    tables: dict[str | int, type[Model]] = {"voice": Voice, "announce": Announce, "music": Music}
    match tuple(location):
        case ():
            return Script
        case ("block", _):
            return Block
        case ("block", _, "steps", _, str(kind)):
            return STEP_MODELS[kind]
        case ("block", _, "steps", _, "ask", "answers", _):
            return Answer
        case ("reminder", _):
            return Reminder
        case ("progression", _):
            return Progression
        case (table,) if table in tables:
            return tables[table]
    return CueLine


def _step_kind(value: object) -> str:
    if not isinstance(value, dict):
        return f'expected a step such as {{ hold = "45s" }}, found {shown(value)}'
    kinds = [key for key in value if key in STEP_MODELS]
    if len(kinds) > 1:
        found = " and ".join(f'"{kind}"' for kind in kinds)
        return f"a step is one thing, but this one has {found} (make them steps of their own)"
    for key in value:
        if question := meant(str(key), tuple(STEP_MODELS)):
            return f'a step says what it is by one key; "{key}" is none ({question})'
    return f"a step says what it is by one of {_listed(STEP_MODELS)}; this one has none of them"


def _no_list(key: str, value: object) -> str:
    if key in ("block", "reminder") and isinstance(value, dict):
        return f"expected [[{key}]], found [{key}] (there can be several, so it stands in double brackets)"
    return f"expected a list, found {shown(value)}"


def _no_table(key: str, value: object) -> str:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return f"expected one table [{key}], found a list of them (write it once, in single brackets)"
    return f"expected a table, found {shown(value)}"


def _listed(words: Iterable[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
