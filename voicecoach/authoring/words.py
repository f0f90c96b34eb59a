"""What people call things when they write down a workout, in each language that has phrases."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli

from voicecoach.wording.language import FALLBACK, read


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Any]:
    return tomli.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def of(language: str) -> Mapping[str, Any]:
    """The words for a BCP 47 tag, as their table holds them; English ones where there are none."""
    tables: Mapping[str, Mapping[str, Any]] = _tables()
    return tables.get(read(language).tag.partition("-")[0], tables[FALLBACK])


def in_all(kind: str) -> list[str]:
    """The words of a kind in all the languages, where the language of a line is not known."""
    return [word for table in _tables().values() for word in table[kind]]
