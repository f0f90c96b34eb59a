"""The voices of hibari that a person can fetch; one is in the package."""

from __future__ import annotations

from voicecoach.errors import UnknownVoiceError
from voicecoach.speech import hibari
from voicecoach.speech.engine import unknown_voice
from voicecoach.speech.fetch import File, Offer

SOURCE = "https://huggingface.co/maureesewilliams/hibari/resolve/main/voices"
"""Where the voices of hibari are published; the package knows the size and hash of each."""


def offer(name: str, *, source: str = SOURCE) -> Offer:
    """The voice of that name (``emma``), for the voices folder. Raises UnknownVoiceError, and EngineError."""
    models = hibari.models()
    model = models.get(name.casefold())
    if model is None:
        raise unknown_voice(hibari.HibariEngine.name, name, list(models))
    if model.inside:
        raise UnknownVoiceError(f"the voice {model.name} of hibari is inside its package")
    file = File(f"{source}/{model.file}", model.path, model.size, f"sha256:{model.sha256}")
    return Offer(f"{hibari.HibariEngine.name}:{model.name}", hibari.LICENCE, (file,))
