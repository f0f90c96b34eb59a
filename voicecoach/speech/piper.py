"""Neural voices, through piper: the optional extra ``voicecoach[piper]``, and voice files on this machine."""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach.errors import EngineError, UnknownVoiceError, VoiceError, shown
from voicecoach.speech import ipa, onnx
from voicecoach.speech.engine import Manner, VoiceInfo, as_written, distance, unknown_voice
from voicecoach.speech.utterances import ended
from voicecoach.store import folders

if TYPE_CHECKING:
    from voicecoach.sound.clip import Clip

_MISSING = 'piper is not installed (install it with "pip install voicecoach[piper]")'
_LOADED = 2
"""Voices held in memory; each takes some 100 MB."""
_LICENCE = re.compile(r"^\W*licen[cs]e\s*:\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_QUALITIES = ("medium", "high", "low", "x_low")
"""Best first: "high" is slower than real time on a small machine, and hardly better."""


class PiperEngine:
    """The voices in the person's voices folder, by the name of their file, and any other ``.onnx`` file by its path.

    Piper has no pitch: it is changed by speaking slower or faster, and playing that back faster or slower.
    """

    name = "piper"
    ipa = True
    jobs = 1
    """One run of a voice uses all cores by itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, Any] = OrderedDict()

    def version(self, voice: VoiceInfo) -> str:
        """Another file under the same name is another voice."""
        try:
            about = _model(voice.name).stat()
            return f"1-{package_version('piper-tts')}-{about.st_size}-{about.st_mtime_ns}"
        except PackageNotFoundError:
            raise VoiceError(_MISSING) from None
        except OSError as error:
            raise VoiceError(f"the voice {voice.name} cannot be read: {error.strerror}") from error

    def available(self) -> str | None:
        """Whether piper is installed, and a voice."""
        try:
            package_version("piper-tts")
        except PackageNotFoundError:
            return _MISSING
        if not self._installed():
            return 'no voice is installed ("voicecoach voices install en_US-lessac-medium" fetches one)'
        return None

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The voices in the person's folder."""
        return () if self.available() else self._installed()

    def default_voice(self, language: str) -> VoiceInfo:
        """The nearest region's, of medium quality where there is one."""
        spoken = [voice for voice in self.voices() if distance(voice.language, language) < 3]
        if not spoken:
            reason = self.available() or '"voicecoach voices install NAME" fetches one'
            raise UnknownVoiceError(f'piper has no voice for "{language}" here: {reason}')
        return min(spoken, key=lambda voice: (distance(voice.language, language), _quality(voice.name), voice.name))

    def find_voice(self, name: str) -> VoiceInfo:
        """By name, or by the path of an ``.onnx`` file beside which its ``.onnx.json`` lies."""
        installed = self._installed()
        for voice in installed:
            if name.casefold() == voice.name.casefold():
                return voice
        path = Path(name).expanduser()
        if path.suffix == ".onnx":
            if not path.is_file():
                raise UnknownVoiceError(f"no voice file at {path}")
            if not _description(path).is_file():
                raise UnknownVoiceError(f"{path}: its description {_description(path).name} is not beside it")
            return _info(path.resolve(), str(path.resolve()))
        raise unknown_voice(self.name, name, [voice.name for voice in installed])

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        """The same samples for the same text on one machine: the noise that varies them is off."""
        import numpy as np

        from voicecoach.sound.clip import mono

        loaded = self._voice(voice.name)
        from piper import SynthesisConfig

        config = SynthesisConfig(
            length_scale=loaded.config.length_scale * manner.pitch / manner.rate,
            noise_scale=0.0,
            noise_w_scale=0.0,
            normalize_audio=False,
            volume=manner.volume,
        )
        try:
            chunks = list(loaded.synthesize(ended(_blocks(text)), config))
        except onnx.errors() as error:
            raise VoiceError(f"{shown(text)}: piper failed: {error}") from error
        if not chunks:
            return mono(np.zeros(0), loaded.config.sample_rate)
        samples = np.concatenate([chunk.audio_float_array for chunk in chunks])
        return mono(samples, round(chunks[0].sample_rate * manner.pitch))

    def start(self, voice: VoiceInfo, lines: int) -> None:
        """A voice is loaded for its first line."""

    def close(self) -> None:
        """Lets go of the voices in memory."""
        with self._lock:
            self._loaded.clear()

    def _installed(self) -> tuple[VoiceInfo, ...]:
        """Files that are no voices are passed over."""
        found = []
        for model in sorted(folders.voices().glob("*.onnx")):
            if _description(model).is_file():
                try:
                    found.append(_info(model, model.stem))
                except VoiceError:
                    continue
        return tuple(found)

    def _voice(self, name: str) -> Any:
        """The voice, loaded once. Raises EngineError."""
        with self._lock:
            if name not in self._loaded:
                try:
                    from piper import PiperVoice

                    self._loaded[name] = PiperVoice.load(_model(name))
                except ImportError as error:
                    raise EngineError(self.available() or f"piper cannot be loaded: {error}") from error
                except onnx.errors() as error:
                    raise EngineError(f"{_model(name)}: is no voice that piper can load: {error}") from error
            self._loaded.move_to_end(name)
            while len(self._loaded) > _LOADED:
                self._loaded.popitem(last=False)
            return self._loaded[name]


def _model(name: str) -> Path:
    return Path(name) if name.endswith(".onnx") else folders.voices() / f"{name}.onnx"


def _description(model: Path) -> Path:
    return model.with_name(f"{model.name}.json")


def _quality(name: str) -> int:
    quality = name.rpartition("-")[2]
    return _QUALITIES.index(quality) if quality in _QUALITIES else len(_QUALITIES)


def _info(model: Path, name: str) -> VoiceInfo:
    """What lies beside a model says of it. Raises VoiceError where it says nothing a voice needs."""
    try:
        description = json.loads(_description(model).read_text(encoding="utf-8"))
        language = description.get("language", {}).get("code") or description["espeak"]["voice"]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise VoiceError(f"{_description(model)}: does not describe a voice of piper") from error
    return VoiceInfo(
        engine=PiperEngine.name, name=name, language=as_written(str(language)), label=model.stem, licence=licence(model)
    )


def card(model: Path) -> Path:
    """Where the model card of a voice is kept."""
    return model.with_suffix(".MODEL_CARD")


def licence(model: Path) -> str:
    """What the model card names as the licence of what the voice was made from; empty where there is none."""
    try:
        found = _LICENCE.search(card(model).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return found.group(1) if found is not None else ""


def _blocks(text: str) -> str:
    """Phonemes between double brackets; the mark behind them comes inside, for piper loses it outside."""
    return re.sub(r"\]\]([.,;:!?…]+)", r"\1]]", ipa.replaced(text, "[[{}]]".format))
