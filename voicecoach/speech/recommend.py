"""Which voice sounds best in a language here, and the one command that would bring a better one."""

from __future__ import annotations

import re
import sys

from voicecoach.errors import VoiceError
from voicecoach.speech import registry
from voicecoach.speech.engine import EVERY_LANGUAGE, VoiceInfo, primary

_BEST_FIRST = ("hibari", "kokoro", "piper", *(("system",) if sys.platform != "linux" else ()), "espeak")
"""By the quality that listeners are predicted to give; on Linux the system has only espeak again. Of hibari and
Kokoro, which sound alike, the one that is sixty times faster."""
_KOKORO = ("en", "es", "fr", "it", "pt")
_PIPER = {"de": "de_DE-thorsten-medium", "nl": "nl_NL-mls-medium"}
"""A voice of piper that is known to be good, by language."""

_ANEW = re.compile(r'"(pip install --force-reinstall [^"]+)"')


def best(language: str) -> VoiceInfo | None:
    """The best voice for a language (BCP 47) of those installed; None where nobody speaks it."""
    for name in _BEST_FIRST:
        try:
            engine = registry.engine(name)
            info = engine.default_voice(language)
        except VoiceError:
            continue
        if engine.available() is None:
            return info
    return None


def better(language: str) -> str | None:
    """The command that brings a better voice for a language than the best that is installed; None for the best."""
    spoken, now = primary(language), best(language)
    place = _BEST_FIRST.index(now.engine) if now is not None else len(_BEST_FIRST)
    if spoken == "en" and place > _BEST_FIRST.index("hibari"):
        return _mended("hibari") or "pip install hibari-tts"
    if place <= _BEST_FIRST.index("kokoro"):
        return None
    if spoken in _KOKORO:
        return _mended("kokoro") or 'pip install "voicecoach[kokoro]"'
    if place <= _BEST_FIRST.index("piper"):
        return None
    reason = registry.engine("piper").available()
    if reason is not None and "pip install" in reason:
        return 'pip install "voicecoach[piper]"'
    return f"voicecoach voices install {_PIPER.get(spoken, 'NAME')}"


def _mended(name: str) -> str | None:
    """The command that installs anew an engine that is here and cannot be loaded."""
    found = _ANEW.search(registry.engine(name).available() or "")
    return None if found is None else found.group(1)


def suitable(language: str) -> tuple[VoiceInfo, ...]:
    """The voices to choose from for a language: all that are natural, and the best of every other engine."""
    found: dict[VoiceInfo, None] = {}
    for name, engine in registry.engines().items():
        if name in _BEST_FIRST and engine.available() is None:
            spoken = [info for info in engine.voices() if primary(info.language) == primary(language)]
            if name in ("hibari", "kokoro", "piper"):
                found |= dict.fromkeys(spoken)
            elif spoken:
                found[engine.default_voice(language)] = None
    return tuple(info for info in found if info.language != EVERY_LANGUAGE)
