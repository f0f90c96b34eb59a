"""The JSON Schema of scripts, for editors: completion and checks while a script is written."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from voicecoach import units
from voicecoach.script.model import Script
from voicecoach.script.values import Name, Seconds, Text


def schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of the script format."""
    shapes = {
        "Duration": TypeAdapter(Seconds).json_schema(),
        "Text": TypeAdapter(Text).json_schema(),
        "Name": TypeAdapter(Name).json_schema(),
    }
    found = _tidied(Script.model_json_schema(by_alias=True), shapes)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "title": "voicecoach script",
        "x-tombi-toml-version": "v1.1.0",  # tells an editor's checker that a step may run over several lines
        "$defs": {**shapes, **found["$defs"]},
    }


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
        elif not (key == "title" or (key == "default" and value is None)):
            kept[key] = _tidied(value, shapes)
    choices = [choice for choice in kept.pop("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) > 1:
        kept["anyOf"] = choices
    elif choices:
        kept |= choices[0]
    return _named(kept, shapes)


def _named(node: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    default = {key: node[key] for key in ("default",) if key in node}
    bare = {key: value for key, value in node.items() if key != "default"}
    for name, shape in shapes.items():
        if bare == shape or bare == {"$ref": f"#/$defs/{name}"}:
            if name == "Duration" and default:
                default = {"default": units.format_duration(default["default"])}
            return {"$ref": f"#/$defs/{name}", **default}
    if "items" in node and node["items"].get("$ref") == "#/$defs/Duration" and default:
        node["default"] = [units.format_duration(seconds) for seconds in default["default"]]
    return node
