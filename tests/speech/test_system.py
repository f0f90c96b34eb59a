"""The operating system's voices: whatever pyttsx3 does, only whole files are believed, and nothing hangs."""

from __future__ import annotations

import json
import struct
import sys
import textwrap
import threading
import time
import wave
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from voicecoach.errors import UnknownVoiceError, VoiceError
from voicecoach.speech import system, system_worker
from voicecoach.speech.engine import Manner
from voicecoach.speech.system import SystemEngine
from voicecoach.speech.system_worker import is_complete

VOICES = {
    "default": "com.apple.voice.compact.en-GB.Daniel",
    "voices": [
        {"id": "com.apple.speech.synthesis.voice.Albert", "name": "Albert", "language": "en_US"},
        {"id": "com.apple.voice.compact.en-US.Samantha", "name": "Samantha", "language": "en_US"},
        {"id": "com.apple.voice.compact.en-GB.Daniel", "name": "Daniel", "language": "en_GB"},
        {"id": "com.apple.eloquence.de-DE.Eddy", "name": "Eddy", "language": "de_DE"},
        {"id": "com.apple.eloquence.fr-FR.Eddy", "name": "Eddy", "language": "fr_FR"},
        {"id": "com.apple.voice.compact.de-DE.Anna", "name": "Anna (German)", "language": "de_DE"},
        {"id": "com.apple.voice.premium.de-AT.Lena", "name": "Lena", "language": "de_AT"},
        {"id": "com.apple.voice.compact.fr-CA.Amelie", "name": "Amélie", "language": "fr_CA"},
    ],
}


def sine(frames: int) -> bytes:
    return (np.sin(np.arange(frames) / 20) * 12_000).astype("<i2").tobytes()


def write_wav(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 22_050, 0, "NONE", ""))
        file.writeframes(sine(22_050))


def aiff(frames: int) -> bytes:
    """As macOS writes it; the rate of 22,050 Hz is an 80-bit float."""
    common = struct.pack(">hIh", 1, frames, 16) + b"\x40\x0d\xac\x44\0\0\0\0\0\0"
    sound = struct.pack(">II", 0, 0) + np.frombuffer(sine(frames), "<i2").astype(">i2").tobytes()
    chunks = b"".join(
        name + struct.pack(">I", len(body)) + body for name, body in ((b"COMM", common), (b"SSND", sound))
    )
    return b"FORM" + struct.pack(">I", 4 + len(chunks)) + b"AIFF" + chunks


class PutWorker(Protocol):
    """The engine, once ``program`` stands in the place of the one that asks pyttsx3."""

    def __call__(self, program: str, voices: Mapping[str, object] = VOICES) -> SystemEngine: ...


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PutWorker:
    """Puts another program in the place of the one that asks pyttsx3; ``request`` is what it was asked."""

    def put(program: str, voices: Mapping[str, object] = VOICES) -> SystemEngine:
        path = tmp_path / "worker.py"
        start = f"""
            import json, sys, time
            request = json.load(sys.stdin)
            if "text" not in request:
                print(json.dumps({voices!r}))
                sys.exit()
            """
        path.write_text(textwrap.dedent(start) + textwrap.dedent(program))
        monkeypatch.setattr(system_worker, "__file__", str(path))
        return SystemEngine()

    return put


@pytest.fixture
def apple(worker: PutWorker) -> SystemEngine:
    return worker("")


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Daniel"),
        ("en-US", "Samantha"),
        ("en-GB", "Daniel"),
        ("en-AU", "Daniel"),
        ("de", "Anna (German)"),
        ("de-AT", "Lena"),
        ("fr-CA", "Amélie"),
        ("fr", "com.apple.eloquence.fr-FR.Eddy"),
    ],
)
def test_the_voice_for_a_language_is_the_persons_own_or_the_nearest_and_best(
    apple: SystemEngine, language: str, name: str
) -> None:
    assert apple.default_voice(language).name == name


@pytest.mark.parametrize(
    ("wished", "name"),
    [("samantha", "Samantha"), ("anna", "Anna (German)"), ("com.apple.voice.premium.de-AT.lena", "Lena")],
)
def test_voices_by_name_by_part_of_it_and_by_identifier(apple: SystemEngine, wished: str, name: str) -> None:
    assert apple.find_voice(wished).name == name


def test_a_part_that_several_names_have_is_no_name(apple: SystemEngine) -> None:
    with pytest.raises(UnknownVoiceError):
        apple.find_voice("a")


def test_a_system_without_voices_says_so(worker: PutWorker) -> None:
    engine = worker("", voices={"default": "", "voices": []})
    assert "has no voices" in str(engine.available())
    assert engine.voices() == ()
    with pytest.raises(UnknownVoiceError, match="no voice for"):
        engine.default_voice("en")


def test_a_machine_without_pyttsx3_says_so(apple: SystemEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    voice = apple.default_voice("en")
    monkeypatch.setattr(system, "package_version", missing)
    assert "pyttsx3 is missing" in str(apple.available())
    with pytest.raises(VoiceError, match="pyttsx3 is missing"):
        apple.version(voice)


def test_what_is_asked_of_the_driver(worker: PutWorker, tmp_path: Path) -> None:
    write_wav(tmp_path / "line.wav")
    engine = worker(f"""
        import shutil
        json.dump(request, open({str(tmp_path / "asked.json")!r}, "w"))
        shutil.copy({str(tmp_path / "line.wav")!r}, request["path"])
        print("{{}}")
        """)
    clip = engine.speak("“Lift” — ☺", engine.find_voice("Daniel"), Manner(rate=1.2, pitch=0.8, volume=0.5))
    asked = json.loads((tmp_path / "asked.json").read_text())
    assert asked.pop("rate") == pytest.approx(1.5)
    assert not Path(asked.pop("path")).exists()
    assert asked == {"text": "“Lift” — ☺", "voice": "com.apple.voice.compact.en-GB.Daniel", "volume": 0.5}
    assert clip.seconds == pytest.approx(1 / 0.8, abs=0.01)


def test_the_aiff_of_macos_is_read_whatever_its_name(worker: PutWorker, tmp_path: Path) -> None:
    (tmp_path / "spoken").write_bytes(aiff(22_050))
    engine = worker(f"""
        import shutil
        shutil.copy({str(tmp_path / "spoken")!r}, request["path"])
        print("{{}}")
        """)
    clip = engine.speak("Lift.", engine.default_voice("en"), Manner())
    assert clip.seconds == pytest.approx(1, abs=0.01)
    assert clip.samples.max() == pytest.approx(12_000 / 32_768, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "complaint"),
    [
        (
            "raise RuntimeError('the driver is ill')",
            '"Lift.": the system\'s voice failed: RuntimeError: the driver is ill',
        ),
        ("sys.exit(3)", "ended without an answer"),
        ('print(\'{"error": "the system has no voice"}\')', "has no voice"),
        ("print('{}')", "left no sound"),
        ("open(request['path'], 'wb').write(b'RIFF' + bytes(100)); print('{}')", "left no sound"),
    ],
)
def test_a_driver_that_fails_is_an_error(worker: PutWorker, program: str, complaint: str) -> None:
    engine = worker(program)
    with pytest.raises(VoiceError, match=complaint):
        engine.speak("Lift.", engine.default_voice("en"), Manner())


@pytest.mark.slow
def test_a_driver_that_hangs_is_ended(worker: PutWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = worker("time.sleep(60)")
    voice = engine.default_voice("en")
    monkeypatch.setattr(system, "_MOST_SECONDS", 0.3)
    monkeypatch.setattr(system, "_MORE_SECONDS_A_CHARACTER", 0.0)
    with pytest.raises(VoiceError, match="did not finish within"):
        engine.speak("Lift.", voice, Manner())


def test_closing_ends_a_driver_that_speaks(worker: PutWorker) -> None:
    engine = worker("time.sleep(60)")
    voice, failed = engine.default_voice("en"), threading.Event()

    def speak() -> None:
        try:
            engine.speak("Lift.", voice, Manner())
        except VoiceError:
            failed.set()

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not failed.is_set() and time.monotonic() < until:
        engine.close()
        time.sleep(0.05)
    assert failed.is_set()


def test_a_file_is_complete_only_with_its_last_byte(tmp_path: Path) -> None:
    write_wav(tmp_path / "whole.wav")
    for content in ((tmp_path / "whole.wav").read_bytes(), aiff(500)):
        for size in (0, 3, 7, 8, 44, 54, 60, len(content) // 2, len(content) - 1):
            (tmp_path / "part").write_bytes(content[:size])
            assert not is_complete(tmp_path / "part")
        (tmp_path / "part").write_bytes(content)
        assert is_complete(tmp_path / "part")


def test_no_file_and_no_sound_are_not_complete(tmp_path: Path) -> None:
    assert not is_complete(tmp_path / "nothing")
    for content in (b"ID3" + bytes(100), aiff(0)):
        (tmp_path / "part").write_bytes(content)
        assert not is_complete(tmp_path / "part")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the voices of espeak, which are the same everywhere")
def test_on_linux_it_is_espeak_once_more() -> None:
    engine = SystemEngine()
    assert engine.available() is None
    assert engine.find_voice("gmw/en-us").name == "English (America)"
    with pytest.raises(VoiceError, match="German"):
        engine.find_voice("Germann")
    long = "Lie on your back, and breathe. " * 8
    assert engine.speak(long, engine.default_voice("en"), Manner()).seconds > 10
