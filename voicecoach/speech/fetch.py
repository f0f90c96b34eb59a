"""Fetches a file that a voice needs, when the person asks for it: whole and checked, or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from voicecoach.errors import VoiceError

Progress = Callable[[int, int], None]
"""Called with the bytes that have come, and how many there will be."""

_TIMEOUT_SECONDS = 30.0
_BLOCK = 1 << 16


class File(NamedTuple):
    """Where a file comes from and goes to, its size in bytes, and a hash of it: ``md5:…`` or ``sha256:…``, in hex."""

    url: str
    target: Path
    size: int
    digest: str


class Offer(NamedTuple):
    """What the person can have: a voice, its licence as far as that is known before it comes, and its files.

    The last file is its model: without that the others are no voice yet.
    """

    voice: str
    licence: str
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def fetch_all(offer: Offer, progress: Progress | None = None) -> Path:
    """Fetches what is offered, and says where its model is. Raises VoiceError, as ``fetch``."""
    come = 0
    for file in offer.files:
        fetch(file, progress, before=come, total=offer.size)
        come += file.size
    return offer.files[-1].target


def fetch(file: File, progress: Progress | None = None, *, before: int = 0, total: int | None = None) -> None:
    """Brings a file beside its place, checks it, and renames it.

    ``progress`` counts on from ``before``, of ``total`` bytes. Raises VoiceError where it cannot be fetched or kept, or
    is not what it should be; nothing incomplete is left behind, and what stood there stays.
    """
    made = [folder for folder in file.target.parents if not folder.exists()]
    unfinished = file.target.with_name(f"{file.target.name}.{os.getpid()}.part")
    kind, _, wanted = file.digest.partition(":")
    digest = hashlib.new(kind, usedforsecurity=False)
    come = 0
    try:
        file.target.parent.mkdir(parents=True, exist_ok=True)
        with opened(file.url) as answer, unfinished.open("wb") as kept:
            while block := answer.read(_BLOCK):
                kept.write(block)
                digest.update(block)
                come += len(block)
                if progress is not None:
                    progress(before + come, file.size if total is None else total)
        if come != file.size or digest.hexdigest() != wanted:
            raise VoiceError(
                f"{file.target.name}: what came is damaged or incomplete ({come} of {file.size} bytes, {kind} "
                f"{digest.hexdigest()[:12]}… and not {wanted[:12]}…); try again"
            )
        unfinished.replace(file.target)
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise VoiceError(f"{file.url}: cannot be fetched: {reason(error)}; nothing was changed") from error
    except OSError as error:
        raise VoiceError(f"{file.target}: cannot be kept: {reason(error)}; it takes {file.size} bytes") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
            for folder in made:  # fails, and ends, where there is something in it
                folder.rmdir()


def opened(url: str) -> http.client.HTTPResponse:
    """The answer to a request. Raises URLError, HTTPException and OSError."""
    answer: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS)
    return answer


def reason(error: Exception) -> str:
    """Why a request or a file failed, in a few words."""
    cause = getattr(error, "reason", None) or error
    why = getattr(cause, "strerror", None) or cause
    return str(why).lower() or type(error).__name__
