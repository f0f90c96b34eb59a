"""What a person can want while a session plays."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Wish(StrEnum):
    """What a person can want while a session plays, by whatever it is told: a key, a button, a noise."""

    PAUSE = "pause"
    PLAY = "play"
    HALT = "halt"
    DONE = "done"
    NEXT = "next"
    ON = "on"
    BACK = "back"
    ANSWER = "answer"
    LOUDER = "louder"
    SOFTER = "softer"
    MUSIC = "music"
    END = "end"


class Wanted(NamedTuple):
    """A wish; ``number`` is that of an answer, from 1."""

    wish: Wish
    number: int = 0
