"""Mistakes and warnings of scripts for programs: a list in JSON, or annotations of a GitHub workflow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from voicecoach.errors import Problem, printable
from voicecoach.review import catalogue
from voicecoach.review.places import ScriptWarning
from voicecoach.script.codes import Code


def row(found: Problem | ScriptWarning) -> dict[str, Any]:
    """One mistake or warning as JSON has it: see "check" in docs/commands.md."""
    code = Code(found.code or Code.FORMAT)
    entry = catalogue.entries()[code]
    timed = found if isinstance(found, ScriptWarning) else None
    return {
        "code": code.value,
        "name": entry.name,
        "severity": entry.severity,
        "file": found.file,
        "line": found.line or None,
        "column": found.column or None,
        "key": found.key or None,
        "message": found.message if timed is None else timed.told,
        "remedy": entry.remedy,
        "clock": None if timed is None else timed.clock,
        "seconds": round(timed.at, 3) if timed is not None and timed.where else None,
        "times": 1 if timed is None else timed.times,
    }


def as_annotations(found: Iterable[Problem | ScriptWarning]) -> Iterable[str]:
    """Each as a command of a GitHub workflow, which shows it at its line of a pull request."""
    for each in found:
        told = row(each)
        fields = {
            "file": each.file,
            "line": told["line"],
            "col": told["column"],
            "title": f"{told['code']} {told['name']}",
        }
        places = ",".join(f"{key}={_property(str(value))}" for key, value in fields.items() if value is not None)
        key = f"{each.key}: " if each.key else ""
        yield f"::{told['severity']} {places}::{_data(key + told['message'])}"


def _data(text: str) -> str:
    """A text as the message of a workflow command may have it."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
