"""The sounds that ship: ``start``, ``end``, ``countdown``, ``halfway`` and ``tick``."""

from __future__ import annotations

import functools
import hashlib
import wave
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import units
from voicecoach.errors import AudioFileError
from voicecoach.store import folders

if TYPE_CHECKING:
    from voicecoach.sound.clip import Clip


def frames(name: str, rate: int) -> int:
    """Length of a sound in frames at ``rate`` hertz, without reading it. Raises AudioFileError."""
    with _opened(name) as file:
        return units.to_frames(file.getnframes() / file.getframerate(), rate)


def clip(name: str, rate: int) -> Clip:
    """A sound, mono, at ``rate`` hertz; read without the decoder where the rate is right. Raises AudioFileError."""
    import numpy as np

    from voicecoach.sound.clip import mono
    from voicecoach.sound.pcm import from_int16

    with _opened(name) as file:
        if file.getframerate() == rate and file.getsampwidth() == 2 and file.getnchannels() == 1:
            return mono(from_int16(np.frombuffer(file.readframes(file.getnframes()), "<i2")), rate)
    from voicecoach.sound import decoding

    read = decoding.read(_path(name), rate, 1).samples
    samples = np.zeros((frames(name, rate), 1), dtype=np.float32)
    samples[: len(read)] = read[: len(samples)]
    return mono(samples, rate)


@functools.cache
def identity(name: str) -> str:
    """What a sound's samples follow from. Raises AudioFileError."""
    try:
        return hashlib.sha256(_path(name).read_bytes()).hexdigest()
    except OSError as error:
        raise _unreadable(name, error) from error


def _path(name: str) -> Path:
    return folders.shipped_audio() / f"{name}.wav"


def _opened(name: str) -> wave.Wave_read:
    try:
        return wave.open(str(_path(name)), "rb")
    except (OSError, EOFError, wave.Error) as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> AudioFileError:
    return AudioFileError(f"{_path(name)}: a sound that ships with voicecoach cannot be read ({error})")
