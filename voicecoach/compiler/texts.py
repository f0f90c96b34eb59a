"""A script author's texts with their names filled in, in spoken form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from voicecoach.phrases import Phrases
from voicecoach.timeline import Line, Recording
from voicecoach.workout import CueLine

_NAME = re.compile(r"\{\{|\}\}|\{([a-z]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each ``{name}`` replaced; ``{{`` and ``}}`` become braces."""
    if "{" not in text and "}" not in text:
        return text
    return _NAME.sub(lambda found: values.get(found.group(1), "") if found.group(1) else found.group()[0], text)


def line(text: str, phrases: Phrases, values: Mapping[str, str] | None = None) -> Line:
    """A line to be spoken, from a text with placeholders."""
    filled = phrases.spoken(fill(text, values or {}))
    return Line(phrases.sentence(filled) if text.startswith("{") else filled, phrases.language)


def pool_line(cue: CueLine, phrases: Phrases, values: Mapping[str, str] | None = None) -> Line | Recording:
    """A line of a pool: spoken, or the coach's own recording of it."""
    said = line(cue.text, phrases, values)
    return said if cue.audio is None else Recording(Path(cue.audio), said.text)
