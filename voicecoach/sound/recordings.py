"""What there is to know of an audio file before it is heard: that it can be, how long it lasts, and how loud it is.

It is found out once, and kept until the file changes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np

from voicecoach import log, units
from voicecoach.errors import AudioFileError
from voicecoach.sound import decoding, loudness, media, music, tape
from voicecoach.sound.clip import Audio, Clip, Samples
from voicecoach.sound.tape import Tape
from voicecoach.store import cache as caching
from voicecoach.store.cache import Cache

LONG_SECONDS = 60.0
"""A recording that is longer is not held in memory."""
_LEVELLING = 1
"""Goes up whenever the same file comes to other samples."""


class _Listened(NamedTuple):
    """What is known of a long recording; ``digest`` is a hash of its file."""

    frames: int
    gain: float
    digest: str


def check_music(path: Path, rate: int, cache: Cache) -> None:
    """Raises AudioFileError where a file is no music."""
    key = _key("music", path, rate)
    if cache.get(key) is None:
        music.check(path, rate)
        decoding.scan(path)
        cache.put(key, b"{}")


def frames(path: Path, rate: int, cache: Cache | None) -> int:
    """The length of a recording in frames; of a long one that was never listened to, about.

    Quick, however long it is. Raises AudioFileError for one that cannot be heard.
    """
    known = _listened(path, rate, cache)
    if known is not None:
        return known.frames
    key = _key("length", path, rate)
    kept = _recalled(cache, key)
    if kept is not None:
        return int(kept["frames"])
    whole, count = _beginning(path, rate)
    if whole is None:
        decoding.scan(path)
        count = max(count, units.to_frames(media.seconds(path), rate))
        if count > units.MAX_SECONDS * rate:
            raise tape.too_long(path)
    if cache is not None:
        cache.put(key, json.dumps({"frames": count}).encode())
    return count


def audio(path: Path, rate: int, cache: Cache) -> tuple[Audio, str]:
    """A recording as loud as speech, mono at ``rate`` hertz, and what its samples follow from.

    A long one is a tape, and listened to once. Raises AudioFileError for one that cannot be heard.
    """
    known = _listened(path, rate, cache)
    if known is None:
        whole, _ = _beginning(path, rate)
        if whole is not None:
            clip = loudness.level(Clip(whole, rate))
            clip.samples.flags.writeable = False
            return clip, hashlib.sha256(clip.samples.data).hexdigest()
        known = _listen(path, rate, cache)
    identity = f"{known.digest} {path.suffix} {rate} {known.gain} {_LEVELLING} {av.__version__}"
    return Tape(path, rate, known.frames, known.gain), identity


def short(path: Path, rate: int) -> Clip:
    """A recording as it is, mono at ``rate`` hertz.

    Raises AudioFileError for one that cannot be heard, or is longer than a minute.
    """
    whole, _ = _beginning(path, rate)
    if whole is None:
        raise AudioFileError(f"{path}: is longer than {LONG_SECONDS:.0f} seconds, the most that a line may last")
    return Clip(whole, rate)


def _listen(path: Path, rate: int, cache: Cache) -> _Listened:
    key = _key("tape", path, rate)
    with log.timed("%s listened to", path):
        count, gain = tape.listen(path, rate)
    with path.open("rb") as file:
        known = _Listened(count, gain, hashlib.file_digest(file, "sha256").hexdigest())
    if _key("tape", path, rate) != key:
        raise media.changed(path)
    cache.put(key, json.dumps(known._asdict()).encode())
    return known


def _listened(path: Path, rate: int, cache: Cache | None) -> _Listened | None:
    kept = _recalled(cache, _key("tape", path, rate))
    return None if kept is None else _Listened(**kept)


def _beginning(path: Path, rate: int) -> tuple[Samples | None, int]:
    """The whole of a recording, None where it is long; and of how many frames it, or its beginning, is."""
    blocks, count = [], 0
    for block in decoding.stream(path, rate, 1):
        count += len(block)
        if count > LONG_SECONDS * rate:
            return None, count
        blocks.append(block)
    return np.concatenate(blocks), count


def _key(what: str, path: Path, rate: int) -> str:
    made_from = str(path.absolute()), media.stamp(path), rate, _LEVELLING, av.__version__
    return caching.key("recording", what, *made_from)


def _recalled(cache: Cache | None, key: str) -> dict[str, Any] | None:
    kept = None if cache is None else cache.get(key)
    return None if kept is None else json.loads(kept)
