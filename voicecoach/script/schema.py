"""The JSON Schema of scripts, for editors: completion and checks while a script is written."""

from __future__ import annotations

from typing import Any

from voicecoach.workout import Script


def schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of the script format."""
    found: dict[str, Any] = _tidied(Script.model_json_schema(by_alias=True))
    found["title"] = "voicecoach script"
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return found


def _tidied(node: Any) -> Any:
    """Without what only pydantic needs: titles made from key names, and nulls, which TOML does not have."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: {name: _tidied(inside) for name, inside in value.items()}
        if key in ("properties", "$defs")
        else _tidied(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return {**{key: value for key, value in kept.items() if key != "anyOf"}, **choices[0]}
    return {**kept, "anyOf": choices} if choices else kept
