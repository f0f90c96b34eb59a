"""The voices of piper that a person can fetch."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
from typing import Any

from voicecoach.errors import UnknownVoiceError, VoiceError, near
from voicecoach.speech import piper
from voicecoach.speech.fetch import File, Offer, opened, reason
from voicecoach.store import folders

SOURCE = "https://huggingface.co/rhasspy/piper-voices/resolve/main"
"""Where the voices of piper are published, with an index of sizes and hashes."""

_NAME = re.compile(r"[A-Za-z0-9_.]+(-[A-Za-z0-9_.]+)+", re.ASCII)
_LARGEST_INDEX = 1 << 24


def offer(name: str, *, source: str = SOURCE) -> Offer:
    """The voice of that name (``en_US-lessac-medium``), for the voices folder; its card will say its licence.

    Raises UnknownVoiceError, naming near ones, and VoiceError where the list of voices cannot be had.
    """
    index = _index(source)
    key = name if name in index else _alias(name, index)
    return Offer(f"{piper.PiperEngine.name}:{key}", "", _files(key, index[key], source))


def _index(source: str) -> dict[str, Any]:
    try:
        with opened(f"{source}/voices.json") as answer:
            index = json.loads(answer.read(_LARGEST_INDEX))
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise VoiceError(f"the list of piper's voices cannot be fetched: {reason(error)}") from error
    except ValueError as error:
        raise VoiceError(f"{source}: sent no list of voices") from error
    if not isinstance(index, dict):
        raise VoiceError(f"{source}: sent no list of voices")
    return index


def _alias(name: str, index: dict[str, Any]) -> str:
    for key, voice in index.items():
        if isinstance(voice, dict) and (name.casefold() == key.casefold() or name in voice.get("aliases", ())):
            return key
    raise UnknownVoiceError(f'piper has no voice called "{name}"{near(name, index)}')


def _files(key: str, voice: dict[str, Any], source: str) -> tuple[File, ...]:
    """The files of a voice, its model last: without that, the others are no voice yet."""
    model = folders.voices() / f"{key}.onnx"
    places = {".onnx.json": model.with_name(f"{model.name}.json"), "MODEL_CARD": piper.card(model), ".onnx": model}
    found: dict[str, File] = {}
    try:
        for path, about in voice["files"].items():
            for ending, target in places.items():
                if path.endswith(ending):
                    digest = f"md5:{str(about['md5_digest']).lower()}"
                    found[ending] = File(f"{source}/{path}", target, int(about["size_bytes"]), digest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise VoiceError(f'the list of piper\'s voices describes "{key}" in a way not known here') from error
    if not _NAME.fullmatch(key) or ".onnx" not in found or ".onnx.json" not in found:
        raise UnknownVoiceError(f'the list of piper\'s voices names no files for "{key}"')
    return tuple(found[ending] for ending in places if ending in found)
