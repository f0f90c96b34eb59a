"""Figures that can be meant in two ways."""

from __future__ import annotations

from typing import NamedTuple


class Ambiguity(NamedTuple):
    """What is ``written`` is ``said`` one way, and could be meant the ``other`` way."""

    written: str
    said: str
    other: str


class Reading(NamedTuple):
    """A text as it is spoken, and what in it could be meant otherwise."""

    said: str
    ambiguities: tuple[Ambiguity, ...] = ()
