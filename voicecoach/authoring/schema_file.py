"""The schema that editors read, as a file beside the scripts."""

from __future__ import annotations

import json
from pathlib import Path

from voicecoach import script
from voicecoach.store.atomic import writing

NAME = "voicecoach.schema.json"
"""What the first line of a script calls it."""
LINE = f"#:schema {NAME}"
"""The first line of a script whose editor is to know the format."""


def text() -> str:
    """The schema as a file holds it."""
    return json.dumps(script.schema(), indent=1) + "\n"


def write(folder: Path) -> None:
    """Puts the schema into a folder, unless it is there as it is. Raises ExportError where it cannot be written."""
    place, content = folder / NAME, text().encode()
    if place.is_file() and place.read_bytes() == content:
        return
    with writing(place) as file:
        file.write(content)
