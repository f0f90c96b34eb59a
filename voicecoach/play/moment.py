"""How a session that is played, or simulated, stands; known without what plays it."""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.arrange.arrangement import Passage
from voicecoach.errors import VoicecoachError


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How a session stands.

    ``segment`` is the index of the step that is on, and ``frame`` what was heard of it, counted from the start of its
    clock and negative in its lead. ``elapsed`` frames ago, pauses left out, segment ``first`` began; without a jump all
    since then was heard. ``passage`` is the step as it sounds, in its own time, and ``following`` the one behind it, as
    far as they are placed. ``lost`` says that the device has gone away, ``ended`` that nothing more will be heard,
    because of ``error`` if there is one. ``turn`` is how many jumps there were before what is heard.
    """

    segment: int
    frame: int
    first: int
    elapsed: int
    passage: Passage | None
    following: Passage | None
    paused: bool
    lost: bool
    ended: bool
    error: VoicecoachError | None
    turn: int = 0
