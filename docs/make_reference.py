"""Writes ``reference.md``, every key of the format, from the models themselves: ``python docs/make_reference.py``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from voicecoach import script

PAGE = Path(__file__).with_name("reference.md")
HEAD = """\
# Reference

Every key of a script, made from the models that read it. [Writing scripts](scripts.md) shows how they go together; an
editor that knows TOML schemas completes and explains them [while you write](scripts.md#help-while-you-write).

A *duration* is a text with its unit: `"45s"`, `"20 min"`, `"1h30m"`, `"1:30"`. A *text* is spoken, has at most 2,000
characters, and may hold placeholders and pauses; a *name* has at most 200, and is spoken as it stands. Keys in **bold**
must be there.
"""
SHAPES = {
    "Duration": "duration",
    "Text": "text",
    "Name": "name",
    "CueLine": "[line](#a-line)",
    "Step": "[step](#steps)",
    "HoldLength": 'duration, `"max"`, or `"progression:NAME"`',
}
HEADINGS = {
    "Announce": "[announce]", "Block": "[[block]]", "CueLine": "A line", "Answer": "An answer", "Music": "[music]",
    "Progression": "[progression.NAME]", "Reminder": "[[reminder]]", "ScriptVoice": "[voice]", "Week": "[[plan]]",
}  # fmt: skip
"""What those parts are called that are no steps."""
MOST_EXAMPLES = 3

Schema = Mapping[str, Any]


def reference() -> str:
    """The page, in Markdown."""
    schema = script.schema()
    parts = schema["$defs"]
    kinds = {kind: parts[kind.capitalize()] for kind in _kinds(parts["Step"])}
    timed = {kind: part for kind, part in kinds.items() if "countdown" in part["properties"]}
    shared = [_common(kinds.values()), _common(timed.values())]
    lines = [HEAD, "## Top of the script\n", *_table(schema, hidden=())]
    lines += ["\n## Steps\n", "One of these keys says what a step is; each has its own beside it."]
    for kind, part in kinds.items():
        hidden = shared[1] if part in timed.values() else shared[0]
        lines += [f"\n### {kind}\n", f"{_prose(part)}\n", *_table(part, hidden=hidden)]
    some = next(iter(timed.values()))
    lines += ["\n### What any step may add\n", *_table(some, only=shared[0])]
    lines += ["\n### What any timed step may add\n", f"Timed steps are {', '.join(f'`{kind}`' for kind in timed)}.\n"]
    lines += _table(some, only=[key for key in shared[1] if key not in shared[0]])
    for name, part in parts.items():
        if "properties" in part and name != "Step" and part not in kinds.values():
            lines += [f"\n## {HEADINGS.get(name, name)}\n", f"{_prose(part)}\n", *_table(part)]
    return "\n".join(lines) + "\n"


def _kinds(step: Schema) -> list[str]:
    return [rule["if"]["required"][0] for rule in step["allOf"] if "required" in rule["if"]]


def _common(parts: Iterable[Schema]) -> list[str]:
    first, *others = (list(part["properties"]) for part in parts)
    return [key for key in first if all(key in other for other in others)]


def _prose(part: Schema) -> str:
    return " ".join(part["description"].split())


def _table(part: Schema, *, hidden: Iterable[str] = (), only: Iterable[str] | None = None) -> list[str]:
    """The rows of a part's keys; what must be there comes first."""
    needed = part.get("required", ())
    keys = [key for key in part["properties"] if key not in hidden and (only is None or key in only)]
    keys.sort(key=lambda key: key not in needed)
    rows = [_row(key, part["properties"][key], needed=key in needed) for key in keys]
    return ["| key | takes | default | what it is | examples |", "|---|---|---|---|---|", *rows]


def _row(key: str, value: Schema, *, needed: bool) -> str:
    cells = [
        f"**`{key}`**" if needed else f"`{key}`",
        _takes(value),
        f"`{_toml(value['default'])}`" if value.get("default") not in (None, "", {}, []) else "",
        value.get("description", ""),
        ", ".join(f"`{_toml(example)}`" for example in value.get("examples", ())[:MOST_EXAMPLES]),
    ]
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _takes(value: Schema) -> str:
    """What may stand for a key, in words."""
    if choices := value.get("anyOf") or value.get("oneOf"):
        if {"$ref": "#/$defs/CueLine"} in choices:
            return SHAPES["CueLine"]
        return ", or ".join(dict.fromkeys(_takes(choice) for choice in choices))
    if reference := value.get("$ref"):
        name = reference.rpartition("/")[2]
        return SHAPES.get(name) or f"[{_shown(name)}]({_anchor(HEADINGS.get(name, name))})"
    if "enum" in value:
        return ", ".join(f"`{_toml(choice)}`" for choice in value["enum"])
    match value.get("type"):
        case "array":
            few = value.get("maxItems")
            return f"list of {_takes(value['items'])}" + (f", at most {few}" if few else "")
        case "object":
            inside = value.get("additionalProperties")
            return f"table of {_takes(inside)}" if isinstance(inside, Mapping) else "table"
        case "integer" | "number" as kind:
            return f"{'whole number' if kind == 'integer' else 'number'}{_range(value)}"
        case "boolean":
            return "`true` or `false`"
        case _:
            return "text"


def _shown(name: str) -> str:
    heading = HEADINGS.get(name, name)
    return f"`{heading}`" if heading.startswith("[") else heading.lower()


def _range(value: Schema) -> str:
    least, most = value.get("minimum"), value.get("maximum")
    if least is None and "exclusiveMinimum" in value:
        return f", above {value['exclusiveMinimum']:,}" + ("" if most is None else f", at most {most:,}")
    return "" if least is None or most is None else f", {least:,} to {most:,}"


def _anchor(heading: str) -> str:
    return "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _toml(value: Any) -> str:
    """A value as a script has it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case Mapping():
            inside = ", ".join(f"{_key(key)} = {_toml(item)}" for key, item in value.items())
            return f"{{ {inside} }}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def write() -> None:
    """Puts the page where it belongs."""
    PAGE.write_text(reference(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
