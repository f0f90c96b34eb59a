"""Fetches a voice of piper when the person asks for it: whole and checked, or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from voicecoach.errors import UnknownVoiceError, VoiceError
from voicecoach.speech import piper
from voicecoach.speech.engine import unknown_voice
from voicecoach.store import folders

SOURCE = "https://huggingface.co/rhasspy/piper-voices/resolve/main"
"""Where the voices of piper are published, with an index of sizes and hashes."""

Progress = Callable[[int, int], None]
"""Called with the bytes that have come, and how many there will be."""

_NAME = re.compile(r"[A-Za-z0-9_.]+(-[A-Za-z0-9_.]+)+", re.ASCII)
_TIMEOUT_SECONDS = 30.0
_BLOCK = 1 << 16
_LARGEST_INDEX = 1 << 24


class Installed(NamedTuple):
    """A voice that was fetched; ``licence`` is what its model card names, ``card`` the card's text."""

    name: str
    path: Path
    licence: str
    card: str


class _File(NamedTuple):
    source: str
    target: Path
    size: int
    md5: str


def install(name: str, progress: Progress | None = None, *, source: str = SOURCE) -> Installed:
    """Fetches the voice of that name (``en_US-lessac-medium``) into the voices folder.

    Raises UnknownVoiceError, naming near ones, and VoiceError where it cannot be fetched or kept; nothing
    incomplete is left behind.
    """
    index = _index(source)
    key = name if name in index else _alias(name, index)
    files = _files(key, index[key])
    total = sum(file.size for file in files)
    come = 0
    for file in files:
        _fetch(f"{source}/{file.source}", file, progress, come, total)
        come += file.size
    model = files[-1].target
    return Installed(key, model, piper.licence(model), _card(model))


def _index(source: str) -> dict[str, Any]:
    try:
        with _open(f"{source}/voices.json") as answer:
            index = json.loads(answer.read(_LARGEST_INDEX))
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise VoiceError(f"the list of piper's voices cannot be fetched: {_reason(error)}") from error
    except ValueError as error:
        raise VoiceError(f"{source}: sent no list of voices") from error
    if not isinstance(index, dict):
        raise VoiceError(f"{source}: sent no list of voices")
    return index


def _alias(name: str, index: dict[str, Any]) -> str:
    for key, voice in index.items():
        if isinstance(voice, dict) and (name.casefold() == key.casefold() or name in voice.get("aliases", ())):
            return key
    raise unknown_voice("piper", name, list(index))


def _files(key: str, voice: dict[str, Any]) -> list[_File]:
    """The files of a voice, its model last: without that, the others are no voice yet."""
    model = folders.voices() / f"{key}.onnx"
    places = {".onnx.json": model.with_name(f"{model.name}.json"), "MODEL_CARD": piper.card(model), ".onnx": model}
    found: dict[str, _File] = {}
    try:
        for path, about in voice["files"].items():
            for ending, target in places.items():
                if path.endswith(ending):
                    found[ending] = _File(path, target, int(about["size_bytes"]), str(about["md5_digest"]).lower())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise VoiceError(f'the list of piper\'s voices describes "{key}" in a way not known here') from error
    if not _NAME.fullmatch(key) or ".onnx" not in found or ".onnx.json" not in found:
        raise UnknownVoiceError(f'the list of piper\'s voices names no files for "{key}"')
    return [found[ending] for ending in places if ending in found]


def _fetch(url: str, file: _File, progress: Progress | None, before: int, total: int) -> None:
    """Beside its place, checked against the index, then renamed."""
    unfinished = file.target.with_name(f"{file.target.name}.{os.getpid()}.part")
    md5 = hashlib.md5(usedforsecurity=False)
    come = 0
    try:
        file.target.parent.mkdir(parents=True, exist_ok=True)
        with _open(url) as answer, unfinished.open("wb") as kept:
            while block := answer.read(_BLOCK):
                kept.write(block)
                md5.update(block)
                come += len(block)
                if progress is not None:
                    progress(before + come, total)
        if come != file.size or md5.hexdigest() != file.md5:
            raise VoiceError(
                f"{file.target.name}: what came is damaged or incomplete ({come} of {file.size} bytes); try again"
            )
        unfinished.replace(file.target)
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise VoiceError(f"{url}: cannot be fetched: {_reason(error)}") from error
    except OSError as error:
        raise VoiceError(f"{file.target}: cannot be kept: {_reason(error)}") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _open(url: str) -> http.client.HTTPResponse:
    answer: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS)
    return answer


def _card(model: Path) -> str:
    try:
        return piper.card(model).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    return str(reason).lower() or type(error).__name__
