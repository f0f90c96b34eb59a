"""Scripts with something changed where a script can be changed: keys, values, steps, tables, and the text itself.

The same number gives the same script, whatever the machine.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any

import tomli
from pydantic import BaseModel

from voicecoach.script.model import STEP_MODELS, Announce, Block, Music, Progression, Reminder, Script, Voice, Week

MODELS: tuple[type[BaseModel], ...] = (
    Script, Block, Announce, Music, Progression, Reminder, Voice, Week, *STEP_MODELS.values(),
)  # fmt: skip
KEYS = sorted(
    {field.alias or name for model in MODELS for name, field in model.model_fields.items()}
    | {"sets", "pause", "text", "audio", "weight", "label", "half", "-5s", "75%", "", " ", "é", "a.b"}
)
VALUES: list[Any] = [
    "45s", "5 min", "1:30", "0s", "47h", "400m", "30", "1'30\"", "~30s", "30-45s", ".5s", "48h", "max", "9" * 40,
    "progression:a", "progression:", "#A", "#", "glute-bridge", "./nope.toml", ".", "~x", "**", "\0",
    "first", "last", "not first", "3", "2-4", "9-3", "3-1-2", "0-0-0", "cycle", "random", "voice", "none", "de", "xx",
    "{name}", "{nme}", "{", "{{", "{rep} {side} {next}", "{session_elapsed} {step}", "[pause 2s]", "[pause soon]",
    "[pause", "[pause 59s]" * 3,
    "", " ", "\u200b", "\u00a0", "\u202e", "🏃", "Ω" * 300, "x" * 2100, "true", "\x1b[2J", "line\nline",
    0, 1, -1, 2, 3, 9, 60, 400, 10_000, 10_001, 10**30, 0.5, 1.0, 1e308, float("nan"), float("inf"),
    True, False, [], {}, [[]], [{}], ["run"], ["left", "right"], ["10s", "5s"], [3, 5], ["3-1-2", "2-0-1"],
    ["#A", "rest"], [{"days": ["#A", "rest"]}], [{"week": 2, "days": ["#A"]}, {"days": ["glute-bridge"]}],
    [{"text": "x", "weight": 2}],
    {"half": "x"}, {"10s": "x", "-10s": "{remaining}"},
    {"rep 2": "{rep}", "last rep": "x"}, [{"label": "Yes", "use": "#A"}, {"label": "No", "say": "x"}],
]  # fmt: skip
FRAGMENTS = [
    '"', "'", "[", "]", "{", "}", ",", "=", "#", "\n", '"""', "[[block]]\n", "[cues]\n", "[voice]\n", "[[reminder]]\n",
    "45s", "nan", "\\", "\r", "“", ".", "true", "1979-05-27", "\u00a0", "\u200b", "\ufeff", "steps = [", "repeat = 3\n",
    '{ rest = "5s" },', "07:32:00", "'''", "\t", "\u2028",
]  # fmt: skip
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\w.-]+|\s+|.', re.DOTALL)


def mutation(texts: Sequence[str], number: int) -> str:
    """The ``number``-th changed script, made from one of ``texts``."""
    source = Random(f"mutation {number}")
    text = source.choice(texts)
    if source.random() < 0.7:
        data = tomli.loads(text)
        for _ in range(source.randint(1, 4)):
            _change(data, texts, source)
        return "\n".join(f"{_key(key)} = {_toml(value)}" for key, value in data.items())
    tokens = _TOKEN.findall(text)
    for _ in range(source.randint(1, 3)):
        _change_text(tokens, source)
    return "".join(tokens)


def _change(data: dict[str, Any], texts: Sequence[str], source: Random) -> None:
    """One change of a table or a list somewhere in the data."""
    holders = _holders(data)
    holder = source.choice(holders)
    value = copy.deepcopy(source.choice(VALUES))
    if isinstance(holder, list):
        place = source.randint(0, len(holder))
        match source.choice(["put", "drop", "copy", "swap"]):
            case "put":
                other = source.choice(_holders(tomli.loads(source.choice(texts))))
                holder.insert(place, source.choice([value, copy.deepcopy(other)]))
            case "drop":
                del holder[place : place + 1]
            case "copy":
                holder[place:place] = copy.deepcopy(holder[:place])
            case "swap":
                source.shuffle(holder)
        return
    key = source.choice([*holder] or KEYS)
    match source.choice(["set", "set", "add", "add", "drop", "rename", "wrap", "steal"]):
        case "set":
            holder[key] = value
        case "add":
            holder[source.choice(KEYS)] = value
        case "drop":
            holder.pop(key, None)
        case "rename":
            holder[source.choice(KEYS)] = holder.pop(key, value)
        case "wrap":
            holder[key] = source.choice([[holder.get(key, value)], {key: holder.get(key, value)}])
        case "steal":
            other = source.choice(holders)
            if isinstance(other, dict) and other:
                stolen = source.choice([*other])
                holder[stolen] = copy.deepcopy(other[stolen])


def _holders(data: Any) -> list[Any]:
    """Every table and every list of the data."""
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    found = [data] if isinstance(data, dict | list) else []
    for value in inside:
        found += _holders(value)
    return found


def _change_text(tokens: list[str], source: Random) -> None:
    place = source.randrange(len(tokens) + 1)
    match source.choice(["put", "drop", "copy", "quote", "cut", "swap"]):
        case "put":
            tokens.insert(place, source.choice(FRAGMENTS))
        case "drop":
            del tokens[place : place + source.randint(1, 5)]
        case "copy":
            start = source.randrange(len(tokens) + 1)
            tokens[place:place] = tokens[start : start + source.randint(1, 40)]
        case "quote":
            quoted = [index for index, token in enumerate(tokens) if token.startswith('"')]
            if quoted:
                tokens[source.choice(quoted)] = _toml(source.choice(VALUES))
        case "cut":
            del tokens[place:]
        case "swap" if place + 1 < len(tokens):
            tokens[place], tokens[place + 1] = tokens[place + 1], tokens[place]


def _toml(value: Any) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{_key(key)} = {_toml(inside)}" for key, inside in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
