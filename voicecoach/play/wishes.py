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
    NOISE = "noise"


class Wanted(NamedTuple):
    """A wish; ``number`` is that of an answer, from 1, and ``ago`` how many seconds ago it was wanted."""

    wish: Wish
    number: int = 0
    ago: float = 0.0
