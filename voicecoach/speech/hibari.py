"""The natural English voice, and the default for English: hibari, a small neural network inside a package.

All that knows hibari is here; docs/decisions/0014-hibari.md says what to do should it vanish.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from voicecoach.errors import EngineError, OtherLanguageError, UnknownVoiceError, VoiceError, shown
from voicecoach.speech import ipa, onnx
from voicecoach.speech.engine import Manner, VoiceInfo, as_written, distance, primary, unknown_voice
from voicecoach.speech.loads import Loads, begin
from voicecoach.speech.utterances import ended
from voicecoach.store import folders
from voicecoach.store.machine import processors

if TYPE_CHECKING:
    from concurrent.futures import Future

    from voicecoach.sound.clip import Clip

LICENCE = "Apache-2.0"
_INSIDE = "heart"
_REMEDY = 'install it with "pip install hibari-tts", where onnxruntime has a wheel for this system'
_ANEW = 'reinstall it with "pip install --force-reinstall hibari-tts onnxruntime"'
_NATURAL = 0.92
"""The speed at which it says 157 words a minute, as espeak does here; its own is 171, hurried for instructions."""
_BETWEEN_SENTENCES = 0.45
"""Seconds of silence, at that speed. Each sentence comes by itself, in so much silence that there would be 0.75 s."""
_TOO_LONG = re.compile(r"[^\W\d_]{25}")
"""A word that it would break off: what reads unknown words takes 24 letters."""
_SLOWEST, _FASTEST = 0.5, 2.0
"""Beyond these its words fall apart."""

Say = Callable[[str, float], "Clip"]
"""A text at a speed, 1.0 being its own."""


class Model(NamedTuple):
    """A voice as the package describes it; ``size`` is in bytes, ``inside`` says that the package carries it."""

    name: str
    language: str
    label: str
    file: str
    inside: bool
    size: int
    sha256: str
    british: bool

    @property
    def path(self) -> Path:
        """Where its file is, or would be."""
        return _package() / "assets" / self.file if self.inside else folders.voices() / "hibari" / self.file

    def is_whole(self) -> bool:
        """Whether its file is here, as long as it should be."""
        try:
            return self.path.stat().st_size == self.size
        except OSError:
            return False


class HibariEngine:
    """The voice inside the package, and those that were installed.

    It has no pitch: that is changed by speaking slower or faster, and playing that back faster or slower. Speed is
    bounded to half and twice the natural one. A voice is loaded once, in the background where ``start`` is called.
    """

    name = "hibari"
    ipa = True

    def __init__(self) -> None:
        # never two threads in one line, whose samples would then differ from run to run
        self.jobs = processors()
        self._voices: Loads[Say] = Loads()

    def version(self, voice: VoiceInfo) -> str:
        """Another package, runtime or model is another version."""
        try:
            about = self._model(voice.name).path.stat()
        except OSError as error:
            raise VoiceError(f"the voice {voice.name} cannot be read: {error.strerror}") from error
        return f"1-{onnx.version(_package())}-{onnx.version(_runtime())}-{about.st_size}-{about.st_mtime_ns}"

    def available(self) -> str | None:
        """Loads its voice and lets it speak."""
        try:
            self.speak("a", self.default_voice("en"), Manner())
        except VoiceError as error:
            return str(error)
        return None

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The one inside, and those in the person's voices folder."""
        try:
            return tuple(_info(model) for model in models().values() if model.is_whole())
        except EngineError:
            return ()

    def default_voice(self, language: str) -> VoiceInfo:
        """Of those installed the nearest region's.

        Raises EngineError where it is known that it cannot be loaded; nothing is loaded to find out.
        """
        if primary(language) != "en":
            raise OtherLanguageError(f'hibari speaks no "{language}", only English')
        _runtime()
        voices = [_info(model) for model in models().values() if model.inside or model.path.is_file()]
        voices.sort(key=lambda voice: (distance(voice.language, language), voice.name != _INSIDE))
        failures = []
        for voice in voices:
            try:
                if not self._voices.raise_failure(voice.name):
                    _look_at(self._model(voice.name))
            except EngineError as error:
                failures.append(error)
            else:
                return voice
        raise failures[-1]

    def find_voice(self, name: str) -> VoiceInfo:
        """By name. Of one that is not installed, or damaged, the error says what to do."""
        model = self._model(name.casefold())
        if not model.path.is_file():
            raise UnknownVoiceError(
                f'the voice {model.name} of hibari is not installed ("voicecoach voices install hibari:{model.name}")'
            )
        _look_at(model)
        return _info(model)

    def reads(self, text: str, voice: VoiceInfo) -> bool:
        """Words in Latin letters and figures, none of endless length."""
        return reads(text)

    def start(self, voice: VoiceInfo, lines: int) -> None:
        """Begins to load the voice."""
        self._load(voice.name)

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        """The same samples for the same text every time. Raises EngineError where the voice cannot be loaded."""
        from voicecoach.sound.clip import Clip

        say = self._load(voice.name).result()
        speed = min(_FASTEST, max(_SLOWEST, _NATURAL * manner.rate / manner.pitch))
        try:
            clip = say(ended(ipa.replaced(text, linked(british=self._model(voice.name).british))), speed)
        except onnx.errors() as error:
            raise VoiceError(f"{shown(text)}: hibari failed: {error}") from error
        return Clip((clip.samples * manner.volume).astype("f4"), round(clip.rate * manner.pitch))

    def close(self) -> None:
        """Lets go of the voices in memory."""
        self._voices.clear()

    def _model(self, name: str) -> Model:
        known = models()
        if name not in known:
            raise unknown_voice(self.name, name, list(known))
        return known[name]

    def _load(self, name: str) -> Future[Say]:
        """The voice as it is being loaded, or was."""
        model = self._model(name)
        return self._voices.begin(name, lambda: _load(model))


@functools.lru_cache(maxsize=1)
def models() -> dict[str, Model]:
    """Every voice there is, by name, also those that are not installed. Raises EngineError."""
    file = _package() / "assets" / "voices.json"
    try:
        return {
            name: Model(
                name=name,
                language=as_written(voice["language"]),
                label=f"{voice['accent']} English, {voice['gender']}",
                file=Path(voice["file"]).name,
                inside=bool(voice["bundled"]),
                size=int(voice["bytes"]),
                sha256=str(voice["sha256"]),
                british=bool(voice["british"]),
            )
            for name, voice in json.loads(file.read_text(encoding="utf-8")).items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise EngineError(f"{file}: does not describe the voices of hibari: {_ANEW}") from error


def damaged() -> tuple[str, ...]:
    """What is wrong with voices that were installed, and what to do, a line each."""
    try:
        here = [model for model in models().values() if not model.inside and model.path.is_file()]
    except EngineError:
        return ()
    return tuple(filter(None, (_why_damaged(model) for model in here)))


def _info(model: Model) -> VoiceInfo:
    return VoiceInfo(
        engine=HibariEngine.name, name=model.name, language=model.language, label=model.label, licence=LICENCE
    )


def _look_at(model: Model) -> None:
    """Raises EngineError for a file that is cut short, which need not be loaded to be seen."""
    if (reason := _why_damaged(model)) is not None:
        raise EngineError(reason)


def _why_damaged(model: Model) -> str | None:
    try:
        size = model.path.stat().st_size
    except OSError as error:
        return f"{model.path}: cannot be read ({error.strerror}): {_remedy(model)}"
    return None if size == model.size else f"{model.path}: is damaged ({size} of {model.size} bytes): {_remedy(model)}"


def _remedy(model: Model) -> str:
    return _ANEW if model.inside else f'fetch it again with "voicecoach voices install hibari:{model.name}"'


def _load(model: Model) -> Say:
    """Loads the network, and meanwhile what turns letters into sounds. Raises EngineError."""
    _look_at(model)
    phonemes = begin(lambda: _phonemiser(british=model.british))
    try:
        from hibari import Hibari

        voice = Hibari(voice=model.name, model=str(model.path), threads=1, g2p=lambda text: phonemes.result()(text))
        phonemes.result()
    except onnx.errors() as error:
        reason = f"{type(error).__name__}: {error}".replace("\n", " ")
        raise EngineError(f"hibari cannot be loaded ({reason}): {_remedy(model)}") from error
    return lambda text, speed: _joined(voice.stream(text, speed=speed, seed=0), voice.sample_rate, speed)


def _joined(sentences: Iterable[Any], rate: int, speed: float) -> Clip:
    """Sentences without the silence around each, and with less between them."""
    import numpy as np

    from voicecoach.sound.clip import mono
    from voicecoach.sound.loudness import trim

    silence = np.zeros((round(rate * _BETWEEN_SENTENCES * _NATURAL / speed), 1), np.float32)
    pieces = [piece for sentence in sentences for piece in (silence, trim(mono(sentence, rate)).samples)]
    return mono(np.concatenate(pieces[1:]) if pieces else pieces, rate)


def reads(text: str) -> bool:
    """Whether its phonemiser has sounds for every word of a text; what is in no letters of its own it leaves out."""
    plain = ipa.replaced(text, lambda phonemes: "")
    return not _TOO_LONG.search(plain) and (plain.isascii() or all(map(_is_read, plain)))


def _is_read(mark: str) -> bool:
    if mark.isalpha():
        return "LATIN" in unicodedata.name(mark, "")
    return not mark.isnumeric() or unicodedata.normalize("NFKC", mark).isdecimal()


def linked(*, british: bool) -> Callable[[str], str]:
    """How phonemes stand in a text to be read: as a link from a word, which only tells what kind of word it is."""
    return lambda phonemes: f"[word](/{ipa.kokoro(phonemes, british=british)}/)"


def phonemes_version() -> str:
    """What changes when the same text would be read otherwise. Raises EngineError."""
    return onnx.version(_package())


def phonemiser(*, british: bool) -> Callable[[str], str]:
    """What turns English texts into Kokoro's phonemes. Raises EngineError where it cannot be loaded."""
    _package()
    try:
        return _phonemiser(british=british)
    except onnx.errors() as error:
        raise EngineError(f"hibari's phonemes cannot be loaded ({error}): {_ANEW}") from error


def _phonemiser(*, british: bool) -> Callable[[str], str]:
    from hibari.g2p import G2P

    loaded: Any = G2P(british=british)
    loaded.oov  # noqa: B018 - what reads unknown words, or it would be loaded for the first
    # texts come in spoken form: there is nothing left to put into words
    return functools.partial(loaded, normalize_text=False)


def _package() -> Path:
    return onnx.folder("hibari", _REMEDY)


def _runtime() -> Path:
    return onnx.runtime(_REMEDY)
