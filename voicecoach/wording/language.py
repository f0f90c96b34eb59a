"""A language's data, as its file holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli

FALLBACK = "en"
"""The language of the phrases where there is no file for the one asked for."""

_FOLDER = Path(__file__).parent / "languages"
_THREE_LETTERS = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "nld": "nl", "dut": "nl",
    "por": "pt",
}  # fmt: skip
"""The same languages by their longer codes."""
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?(?:[-_].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Language:
    """``tag`` is the file's language, with the region where the file has words of its own for it.

    ``data`` holds the tables of the file, the region's laid over them. Where there is no file for the language asked
    for, it is not ``known``, and these are those of the fallback.
    """

    tag: str
    data: Mapping[str, Any]
    known: bool = True


def languages() -> tuple[str, ...]:
    """The languages there are phrases for, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@lru_cache(maxsize=64)
def read(tag: str) -> Language:
    """The data for a BCP 47 tag; English where there is none."""
    found = _TAG.fullmatch(tag)
    name, region = (found.group(1).lower(), (found.group(3) or "").upper()) if found else (FALLBACK, "")
    name = _THREE_LETTERS.get(name, name)
    path = _FOLDER / f"{name}.toml"
    known = found is not None and path.is_file()
    if not known:
        name, region, path = FALLBACK, "", _FOLDER / f"{FALLBACK}.toml"
    data = tomli.loads(path.read_text(encoding="utf-8"))
    own = data.pop("region", {}).get(region)
    return Language(f"{name}-{region}", _overlay(data, own)) if own else Language(name, data, known)


def _overlay(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        under = merged.get(key)
        merged[key] = _overlay(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged
