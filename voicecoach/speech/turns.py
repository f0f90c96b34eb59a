"""Whose turn it is to speak: no engine is asked for more lines at once than it says it can, whoever asks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from voicecoach.speech.engine import Engine, Manner, VoiceInfo

if TYPE_CHECKING:
    from voicecoach.sound.clip import Clip

_lock = threading.Lock()
_places: dict[tuple[str, int], threading.BoundedSemaphore] = {}


def speak(engine: Engine, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
    """What ``engine.speak`` gives, as soon as one of the engine's places is free. Raises VoiceError."""
    with _lock:
        places = _places.setdefault((engine.name, engine.jobs), threading.BoundedSemaphore(engine.jobs))
    with places:
        return engine.speak(text, voice, manner)
