"""The JSON Schema of scripts, for editors: completion and checks while a script is written."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from voicecoach import units
from voicecoach.script.model import STEP_MODELS, Script
from voicecoach.script.values import HoldTarget, Name, Seconds, Text

_TOLD = ("default", "description", "examples")
"""What may stand beside the name of a shape."""
_OPEN = {"additionalProperties": True}
"""Written out, because editors take what says nothing of other keys to allow none."""


def schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of the script format."""
    shapes = {
        "Duration": TypeAdapter(Seconds).json_schema(),
        "Text": TypeAdapter(Text).json_schema(),
        "Name": TypeAdapter(Name).json_schema(),
        "HoldLength": TypeAdapter(HoldTarget).json_schema(),
    }
    found = _tidied(Script.model_json_schema(by_alias=True), shapes)
    definitions = found["$defs"]
    definitions["Block"]["properties"]["steps"]["items"] = {"$ref": "#/$defs/Step"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "anyOf": [{"required": [key], **_OPEN} for key in ("block", "plan")],
        "title": "voicecoach script",
        "x-tombi-toml-version": "v1.1.0",  # tells an editor's checker that a step may run over several lines
        "$defs": {**shapes, "Step": _step(definitions), **definitions},
    }


def _step(definitions: dict[str, Any]) -> dict[str, Any]:
    """A step is what its key says: so an editor tells what is wrong with that one, and not with all kinds at once."""
    kinds = {kind: model.__name__ for kind, model in STEP_MODELS.items()}
    keys: dict[str, Any] = {kind: {} for kind in kinds}
    for name in kinds.values():
        for key, value in definitions[name]["properties"].items():
            keys[key] = keys.get(key) or _told(value, definitions)
    rules: list[dict[str, Any]] = [
        {"if": {"required": [kind], **_OPEN}, "then": {"$ref": f"#/$defs/{name}"}} for kind, name in kinds.items()
    ]
    some = {"anyOf": [{"required": [kind], **_OPEN} for kind in kinds]}
    rules.append({"if": some, "else": {"properties": dict.fromkeys(keys, True), "additionalProperties": False}})
    description = f"A step: one of {', '.join(f'`{kind}`' for kind in kinds)} says what it is."
    return {"type": "object", "description": description, "properties": keys, **_OPEN, "allOf": rules}


def _told(value: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """What an editor tells of a key, and of those of the tables in its list, without a word on what is right there."""
    told = {name: value[name] for name in _TOLD[1:] if name in value} | _OPEN
    inside = definitions.get(value.get("items", {}).get("$ref", "").rpartition("/")[2], {}).get("properties", {})
    if inside:
        told["items"] = {"properties": {key: _told(of, definitions) for key, of in inside.items()}} | _OPEN
    return told


def _tidied(node: Any, shapes: dict[str, Any]) -> Any:
    """Without titles made from key names and without nulls, which TOML does not have; what recurs is named once."""
    if isinstance(node, list):
        return [_tidied(item, shapes) for item in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            kept[key] = {name: _tidied(inside, shapes) for name, inside in value.items()}
        elif key == "description":
            kept[key] = value.replace("``", "`")
        elif key in ("default", "examples"):
            if value is not None:
                kept[key] = value
        elif key != "title":
            kept[key] = _tidied(value, shapes)
    choices = [choice for choice in kept.pop("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) > 1:
        kept["anyOf"] = choices
    elif choices:
        kept = choices[0] | kept
    return _named(kept, shapes)


def _named(node: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    told = {key: node[key] for key in _TOLD if key in node}
    bare = {key: value for key, value in node.items() if key not in told}
    for name, shape in shapes.items():
        if bare == {key: value for key, value in shape.items() if key not in _TOLD} or bare == {
            "$ref": f"#/$defs/{name}"
        }:
            if told.get("examples") == shape.get("examples"):
                told.pop("examples", None)
            if name == "Duration" and "default" in told:
                told["default"] = units.format_duration(told["default"])
            return {"$ref": f"#/$defs/{name}", **told}
    if "items" in node and node["items"].get("$ref") == "#/$defs/Duration" and "default" in told:
        node["default"] = [units.format_duration(seconds) for seconds in told["default"]]
    return node
