"""The natural English voice: the same samples always, its own texts, and espeak where it cannot be loaded."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from meters import integrated

from voicecoach.errors import EngineError, UnknownVoiceError
from voicecoach.sound.clip import mono
from voicecoach.speech import hibari, onnx, registry
from voicecoach.speech.engine import Manner
from voicecoach.speech.hibari import HibariEngine
from voicecoach.speech.registry import ChosenVoice
from voicecoach.speech.speaker import Speaker
from voicecoach.store import folders
from voicecoach.store.cache import Cache
from voicecoach.timeline.model import Line, VoiceWish

pytest.importorskip("hibari", reason="where onnxruntime has no wheel hibari is not installed")

TEXT = "Keep your hips level, and push the floor away."
RATE = 44_100
SCRIPT = """
title = "Short"
[[block]]
steps = [{ say = "Tuck your bum, and lift." }, { hold = "4s", name = "Bridge" }]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def engine() -> Iterator[HibariEngine]:
    made = HibariEngine()
    yield made
    made.close()


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", textwrap.dedent(program), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


DIGEST = """
import hashlib, sys
from voicecoach.speech.engine import Manner
from voicecoach.speech.hibari import HibariEngine
engine = HibariEngine()
for text in sys.argv[1:]:
    samples = engine.speak(text, engine.default_voice("en"), Manner()).samples
print(hashlib.sha256(samples.tobytes()).hexdigest())
"""


def test_the_same_samples_in_every_process_and_thread_whatever_was_said_before(engine: HibariEngine) -> None:
    voice = engine.default_voice("en")
    with ThreadPoolExecutor(4) as pool:
        spoken = list(pool.map(lambda text: engine.speak(text, voice, Manner()).samples.tobytes(), [TEXT, "Lift."] * 6))
    assert len(set(spoken)) == 2
    assert run(DIGEST, "Hold it.", TEXT).strip() == hashlib.sha256(spoken[0]).hexdigest()


def test_nothing_is_loaded_to_choose_it_or_to_say_what_was_kept(tmp_path: Path) -> None:
    program = """
    import sys
    from pathlib import Path
    from voicecoach.speech import registry
    from voicecoach.speech.speaker import Speaker
    from voicecoach.store.cache import Cache
    from voicecoach.timeline.model import Line
    line = Line("Lift.", "en")
    speaker = Speaker(registry.choose("en"), Cache(Path(sys.argv[1])))
    speaker.expect([line])
    print(speaker.frames(line), speaker.voice.engine.name, "onnxruntime" in sys.modules)
    """
    cold, warm = (run(program, str(tmp_path)).split() for _ in range(2))
    assert cold[1:] == ["hibari", "True"]
    assert warm == [cold[0], "hibari", "False"]


def test_a_voice_is_loaded_once_for_all_who_ask(engine: HibariEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []

    def load(model: hibari.Model) -> hibari.Say:
        loads.append(model.name)
        return lambda text, speed: mono(np.zeros(9), 24_000)

    monkeypatch.setattr(hibari, "_load", load)
    fresh = HibariEngine()
    voice = fresh.default_voice("en")
    fresh.start(voice, 80)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda text: fresh.speak(text, voice, Manner()), ["Lift."] * 8))
    assert loads == ["heart"]


def test_what_it_is_given_is_not_put_into_words_again(engine: HibariEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    class Phonemes:
        oov = None

        def __init__(self, british: bool) -> None:
            assert not british

        def __call__(self, text: str, normalize_text: bool = True) -> str:
            asked.append((text, normalize_text))
            return "lˈɪft."

    monkeypatch.setattr("hibari.g2p.G2P", Phonemes)
    fresh = HibariEngine()
    fresh.speak("Chapter IV, 5 km", fresh.default_voice("en"), Manner())
    assert asked == [("Chapter IV, 5 km.", False)]


def test_sentences_are_half_a_second_apart(engine: HibariEngine) -> None:
    voice = engine.default_voice("en")
    one, other, both = (engine.speak(text, voice, Manner()).seconds for text in ("Lift.", "Hold it.", "Lift. Hold it."))
    assert both - one - other == pytest.approx(0.45, abs=0.1)


def test_a_single_word_is_closed_with_a_stop(engine: HibariEngine) -> None:
    voice = engine.default_voice("en")
    bare, closed = (engine.speak(text, voice, Manner()).samples for text in ("three", "three."))
    assert np.array_equal(bare, closed)


@pytest.mark.parametrize("number", ["ten", "nine", "eight", "seven", "six", "five", "four", "three", "two", "one"])
def test_a_number_starts_on_its_second(tmp_path: Path, number: str) -> None:
    """Its energy, in steps of 2 ms, comes within 30 ms of the clip's first sample to within 40 dB of its loudest."""
    engine = HibariEngine()
    voice = ChosenVoice(engine=engine, info=engine.default_voice("en"), language="en")
    clip = Speaker(voice, Cache(tmp_path)).clip(Line(number, "en"))
    step = RATE // 500
    power = (clip.samples[: clip.frames // step * step, 0].reshape(-1, step) ** 2).mean(axis=1)
    onset = int(np.argmax(power > power.max() / 10_000)) * step
    assert onset < 0.030 * RATE


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.5, 0.75, 1.0, 1.5])
def test_counts_start_on_their_second_at_every_speed(tmp_path: Path, rate: float) -> None:
    """In 5 ms at a time, within 30 dB of the peak; slow words would begin with long consonants."""
    voice = registry.choose("en", VoiceWish(rate=rate))
    speaker, size = Speaker(voice, Cache(tmp_path)), round(RATE * 0.005)
    for number in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"):
        samples = speaker.clip(Line(number, "en")).samples[:, 0]
        power = np.convolve(samples**2, np.ones(size) / size, "valid")
        assert np.argmax(power > 0.001 * np.abs(samples).max() ** 2) < 0.031 * RATE, number


def test_where_it_is_not_installed_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    hibari.models.cache_clear()
    monkeypatch.setattr(onnx, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"the package onnxruntime is missing.*pip install hibari-tts"):
        HibariEngine().default_voice("en")
    assert "is missing" in str(HibariEngine().available())
    assert HibariEngine().voices() == ()


def test_a_voice_that_is_not_installed_says_how_to_install_it(engine: HibariEngine) -> None:
    with pytest.raises(UnknownVoiceError, match=r"voicecoach voices install hibari:emma"):
        engine.find_voice("Emma")
    with pytest.raises(UnknownVoiceError, match=r'hibari has no voice called "hart".*did you mean "heart"'):
        engine.find_voice("hart")


def test_voices_that_were_installed_join_and_the_nearest_region_speaks(engine: HibariEngine) -> None:
    model = hibari.models()["emma"]
    model.path.parent.mkdir(parents=True)
    model.path.write_bytes(b"\0" * model.size)
    assert [voice.name for voice in engine.voices()] == ["heart", "emma"]
    assert [engine.default_voice(tag).name for tag in ("en", "en-US", "en-GB", "en-AU")] == [
        "heart", "heart", "emma", "heart"
    ]  # fmt: skip
    assert model.path == folders.voices() / "hibari" / "bf_emma.int8.onnx"


def test_pitch_and_speed_are_bounded(engine: HibariEngine) -> None:
    voice = engine.default_voice("en")
    fast, fastest = (engine.speak(TEXT, voice, Manner(rate=rate)).frames for rate in (2.5, 4.0))
    assert fast == fastest


# --- where it cannot be loaded --------------------------------------------------------------------------------------


def package(folder: Path, name: str) -> Path:
    """A copy of an installed package, of links, that a test may damage."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent
    for path in source.rglob("*"):
        copy = folder / name / path.relative_to(source)
        if path.is_dir():
            copy.mkdir(parents=True, exist_ok=True)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(path)
    return folder / name


def uninstalled(folder: Path, name: str) -> None:
    (folder / "sitecustomize.py").write_text(f"import sys\nsys.modules[{name!r}] = None\n")


def broken_runtime(folder: Path) -> None:
    (folder / "onnxruntime").mkdir()
    (folder / "onnxruntime" / "__init__.py").write_text("raise ImportError('libonnxruntime.so.1: no such file')\n")


def cut_short(folder: Path, file: str) -> None:
    copy = package(folder, "hibari") / "assets" / file
    content = copy.read_bytes()
    copy.unlink()
    copy.write_bytes(content[: len(content) // 2])


def runtime_cut_short(folder: Path) -> None:
    """A library that is loaded so ends the program without a word."""
    copy = package(folder, "onnxruntime")
    record = next(Path(onnx.folder("onnxruntime", "")).parent.glob("onnxruntime-*.dist-info"))
    shutil.copytree(record, folder / record.name)
    for library in (copy / "capi").glob("*onnxruntime*.so*"):
        content = library.read_bytes()
        library.unlink()
        library.write_bytes(content[: len(content) // 2])


def scrambled(folder: Path) -> None:
    """As long as it should be."""
    copy = package(folder, "hibari") / "assets" / "hibari.onnx"
    size = copy.stat().st_size
    copy.unlink()
    copy.write_bytes(b"\7" * size)


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "hibari is not installed": (lambda folder: uninstalled(folder, "hibari"), "the package hibari is missing"),
    "onnxruntime is not installed": (
        lambda folder: uninstalled(folder, "onnxruntime"),
        "the package onnxruntime is missing",
    ),
    "onnxruntime does not load": (broken_runtime, "ImportError: libonnxruntime.so.1: no such file"),
    **({"onnxruntime is cut short": (runtime_cut_short, "is damaged (")} if sys.platform == "linux" else {}),
    "the model is cut short": (lambda folder: cut_short(folder, "hibari.onnx"), "hibari.onnx: is damaged (3968434 of"),
    "the model is scrambled": (scrambled, "hibari cannot be loaded (InvalidProtobuf"),
    "the lexicon is cut short": (lambda folder: cut_short(folder, "lexicon_us_gold.json.gz"), "(EOFError"),
    "the network for new words is cut short": (lambda folder: cut_short(folder, "oov.onnx"), "(InvalidProtobuf"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_where_it_cannot_be_loaded_espeak_speaks_all_and_one_line_tells_why(tmp_path: Path, how: str) -> None:
    script = tmp_path / "short.toml"
    script.write_text(SCRIPT)
    broken = tmp_path / "broken"
    broken.mkdir()
    damage, why = BROKEN[how]
    damage(broken)

    def export(home: str, *more: str, path: str = "") -> tuple[bytes, str]:
        environment = os.environ | {"VOICECOACH_HOME": str(tmp_path / home)}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (path, environment.get("PYTHONPATH", ""))))
        target = tmp_path / "out.wav"
        command = [sys.executable, "-m", "voicecoach", "export", str(script), "-o", str(target), *more]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return target.read_bytes(), done.stderr

    whole, said = export("whole")
    assert said == ""
    shutil.copytree(tmp_path / "whole", tmp_path / "kept")
    espeak, said = export("espeak", "--voice", "espeak")
    assert said == ""
    assert espeak != whole
    fallen_back, said = export("fresh", path=str(broken))
    assert fallen_back == espeak
    assert said.count("\n") == 1
    assert why in said
    assert said.endswith("; espeak:en-us speaks instead\n")
    # where all is kept nothing need be loaded: then it is the one voice or the other, never both
    kept, complaint = export("kept", path=str(broken))
    assert (kept, complaint) in ((espeak, said), (whole, ""))


def test_lines_are_trimmed_and_as_loud_as_any_other(engine: HibariEngine, tmp_path: Path) -> None:
    voice = ChosenVoice(engine=engine, info=engine.default_voice("en"), language="en")
    clip = Speaker(voice, Cache(tmp_path)).clip(Line(TEXT, "en"))
    assert np.abs(clip.samples[: RATE // 50]).max() > 0.005
    assert integrated(clip) == pytest.approx(-16, abs=0.5)


@pytest.mark.slow
def test_sibilants_are_no_hotter_than_the_rest_and_the_ends_do_not_click(engine: HibariEngine, tmp_path: Path) -> None:
    """In 46 ms at a time: 5 to 9 kHz stay 3 dB under the loudest vowel, and within 2 dB of the mean of the voice."""
    voice = ChosenVoice(engine=engine, info=engine.default_voice("en"), language="en")
    speaker = Speaker(voice, Cache(tmp_path))
    size, edge = 2048, round(0.0005 * speaker.rate)
    hertz = np.fft.rfftfreq(size, 1 / speaker.rate)
    for text in (
        "Round one of two. Single-leg bridge, left side, six reps.",
        "Squeeze.",
        "Stand tall. Soft shoulders.",
    ):
        samples = speaker.clip(Line(text, "en")).samples[:, 0]
        starts = range(0, samples.size - size, size // 2)
        power = np.abs(np.fft.rfft([samples[start : start + size] * np.hanning(size) for start in starts])) ** 2
        whole, sibilant = power.sum(1), power[:, (hertz > 5000) & (hertz < 9000)].sum(1).max()
        assert sibilant < 10**-0.3 * whole.max()
        assert sibilant < 10**0.2 * whole[whole > 0.001 * whole.max()].mean()
        assert np.abs(np.concatenate((samples[:edge], samples[-edge:]))).max() < 0.001
