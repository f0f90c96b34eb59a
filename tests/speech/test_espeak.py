"""The voice of every language: the same samples everywhere and always; processes that neither crash nor outlive us."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from meters import integrated, true_peak

from voicecoach.errors import UnknownVoiceError, VoiceError
from voicecoach.sound import loudness
from voicecoach.speech import espeak_pool, espeak_worker, finish
from voicecoach.speech.engine import Manner
from voicecoach.speech.espeak import EspeakEngine
from voicecoach.speech.espeak_pool import Pool
from voicecoach.speech.espeak_worker import REQUEST
from voicecoach.speech.registry import ChosenVoice
from voicecoach.speech.speaker import Speaker
from voicecoach.store.cache import Cache
from voicecoach.timeline.model import Line

TEXT = "Keep your hips level, and push the floor away."
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture
def engine() -> Iterator[EspeakEngine]:
    made = EspeakEngine()
    yield made
    made.close()


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", textwrap.dedent(program), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


DIGEST = """
import hashlib, sys
from voicecoach.speech.engine import Manner
from voicecoach.speech.espeak import EspeakEngine
engine = EspeakEngine()
voice = engine.default_voice("en")
for other in sys.argv[2:]:
    engine.speak(other, engine.default_voice("de"), Manner(rate=1.2))
print(hashlib.sha256(engine.speak(sys.argv[1], voice, Manner()).samples.tobytes()).hexdigest())
"""


@pytest.mark.slow
def test_the_same_samples_in_every_process_whatever_was_said_before() -> None:
    assert run(DIGEST, TEXT) == run(DIGEST, TEXT, "Heben.", "Und halten.")


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "en-us"),
        ("en-AU", "en-gb"),
        ("en-GB-scotland", "en-gb-scotland"),
        ("de", "de"),
        ("de-CH", "de"),
        ("fr", "fr-fr"),
        ("fr-BE", "fr-be"),
        ("fr-CA", "fr-fr"),
        ("es", "es"),
        ("es-MX", "es-419"),
        ("it", "it"),
        ("nl-BE", "nl"),
        ("pt", "pt-br"),
        ("pt-PT", "pt"),
        ("pt_AO", "pt"),
        ("zh", "cmn"),
        ("sr-Latn-RS", "sr"),
    ],
)
def test_the_voice_for_a_language(engine: EspeakEngine, language: str, name: str) -> None:
    assert engine.default_voice(language).name == name


@pytest.mark.parametrize(
    ("wished", "name", "language"),
    [
        ("en-gb", "en-gb", "en-GB"),
        ("EN_GB", "en-gb", "en-GB"),
        ("gmw/en", "en-gb", "en-GB"),
        ("gmw/en-US", "en-us", "en-US"),
        ("English (America)", "en-us", "en-US"),
        ("en", "en-us", "en-US"),
        ("de-de", "de", "de"),
        ("pt-pt", "pt", "pt"),
        ("en-us+F3", "en-us+f3", "en-US"),
        ("fr+annie", "fr-fr+Annie", "fr-FR"),
    ],
)
def test_voices_by_tag_identifier_name_and_variant(engine: EspeakEngine, wished: str, name: str, language: str) -> None:
    voice = engine.find_voice(wished)
    assert (voice.name, voice.language) == (name, language)


def test_a_variant_sounds_different(engine: EspeakEngine) -> None:
    plain, other = (engine.speak(TEXT, engine.find_voice(name), Manner()) for name in ("en-us", "en-us+f3"))
    assert not np.array_equal(plain.samples, other.samples)


@pytest.mark.parametrize(("wished", "near"), [("en-usa", "en-us"), ("germany", "voices"), ("en-us+f33", r"en-us\+f3")])
def test_an_unknown_voice_names_near_ones(engine: EspeakEngine, wished: str, near: str) -> None:
    with pytest.raises(UnknownVoiceError, match=near):
        engine.find_voice(wished)


def test_its_voices_are_those_that_espeak_itself_lists(engine: EspeakEngine) -> None:
    listed = run("""
        import ctypes, os
        from voicecoach.speech.espeak import EspeakEngine
        engine = EspeakEngine()
        class ChosenVoice(ctypes.Structure):
            _fields_ = [("name", ctypes.c_char_p), ("languages", ctypes.c_char_p), ("identifier", ctypes.c_char_p)]
        library = ctypes.CDLL(str(engine._library))
        os.chdir(engine._data.parent)
        assert library.espeak_Initialize(2, 0, b".", 0x8000) > 0
        library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(ChosenVoice))
        for voice in library.espeak_ListVoices(None):
            if not voice:
                break
            print(voice.contents.identifier.decode(), voice.contents.name.decode(), sep="|")
    """).replace(" \n", "\n")
    ours = {f"{voice.identifier}|{voice.label}" for voice in engine._voices.values()}
    assert ours == set(listed.replace("\\", "/").splitlines())


def test_a_text_with_nul_or_lone_surrogates_is_said_to_its_end(engine: EspeakEngine) -> None:
    voice = engine.default_voice("en")
    whole = engine.speak("Lift and hold it there.", voice, Manner())
    assert engine.speak("Lift and\0hold it there.\ud800", voice, Manner()).seconds == pytest.approx(
        whole.seconds, abs=0.3
    )


def test_a_data_path_of_any_length_will_do(engine: EspeakEngine, tmp_path: Path) -> None:
    far = tmp_path
    while len(str(far)) < 400:
        far /= "d" * 60
    far.mkdir(parents=True)
    (far / "espeak-ng-data").symlink_to(engine._data)
    pool = Pool(engine._library, far / "espeak-ng-data", 1)
    rate, samples = pool.speak("gmw/en", REQUEST.pack(150, 50, 100) + TEXT.encode())
    pool.close()
    assert rate == 22_050
    assert len(samples) > rate


@pytest.mark.parametrize(
    ("library", "data", "voice", "complaint"),
    [
        (None, None, "gmw/xx", 'no voice "gmw/xx"'),
        (None, None, "gmw/en-US+nobody", "no voice"),
        ("nowhere.so", None, "gmw/en", "library cannot be loaded"),
        (None, "nowhere/espeak-ng-data", "gmw/en", "cannot read its data"),
    ],
)
def test_what_espeak_refuses_is_told(
    engine: EspeakEngine, tmp_path: Path, library: str | None, data: str | None, voice: str, complaint: str
) -> None:
    (tmp_path / "nowhere").mkdir()
    pool = Pool(tmp_path / library if library else engine._library, tmp_path / data if data else engine._data, 1)
    with pytest.raises(VoiceError, match=complaint):
        pool.speak(voice, REQUEST.pack(150, 50, 100) + b"lift")
    pool.close()


CRASHES = """
import os, runpy, sys
counter = {counter!r}
with open(counter, "a") as file:
    file.write("x")
if os.path.getsize(counter) <= {crashes}:
    {how}
runpy.run_path({worker!r}, run_name="__main__")
"""
HALF_AN_ANSWER = 'os.write(1, b"\\x05\\0\\0\\0\\0\\x22\\x56\\0\\0" + b"\\xff\\0\\0\\0half"); os._exit(0)'


@pytest.mark.slow
@pytest.mark.parametrize("how", ["os._exit(1)", "os.abort()", HALF_AN_ANSWER])
def test_a_process_that_crashes_is_replaced_once(
    engine: EspeakEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    worker, program = espeak_worker.__file__, tmp_path / "crashing.py"
    monkeypatch.setattr(espeak_worker, "__file__", str(program))
    counter = str(tmp_path / "starts")
    program.write_text(CRASHES.format(counter=counter, crashes=1, how=how, worker=worker))
    assert engine.speak(TEXT, engine.default_voice("en"), Manner()).seconds > 1
    engine.close()
    program.write_text(CRASHES.format(counter=counter, crashes=100, how=how, worker=worker))
    with pytest.raises(VoiceError, match=r'"Keep your hips level, and push the floor.*crashed twice'):
        engine.speak(TEXT, engine.default_voice("en"), Manner())


def children(process: int) -> list[int]:
    """The processes that a process has started, and that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(parent) == process and state != "Z":
                    found.append(int(entry.name))
    return found


def gone(processes: list[int], seconds: float = 10) -> bool:
    """Whether all of them end within some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(Path(f"/proc/{process}").exists() for process in processes):
            return True
        time.sleep(0.02)
    return False


SPEAKS_MUCH = """
import sys
from pathlib import Path
from voicecoach.store.cache import Cache
from voicecoach.speech import registry
from voicecoach.speech.speaker import Speaker
from voicecoach.timeline.model import Line
speaker = Speaker(registry.choose("de"), Cache(Path(sys.argv[1])))
lines = [Line(f"Dies ist Ansage Nummer {number}.", "de") for number in range(5000)]
going = []
def report(done, total):
    if done >= 20 and not going:
        going.append(done)
        print("going", flush=True)
try:
    speaker.prepare(lines, jobs=2, progress=report)
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.slow
@linux
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_its_processes_end_with_ours_and_without_a_word(tmp_path: Path, ending: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SPEAKS_MUCH, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "going\n"
    workers = children(process.pid)
    os.killpg(process.pid, ending)
    said, complaint = process.communicate(timeout=20)
    assert workers
    assert gone(workers)
    assert complaint == ""
    assert said == ("stopped\n" if ending == signal.SIGINT else "")


@linux
def test_closing_ends_its_processes(engine: EspeakEngine) -> None:
    before = children(os.getpid())
    engine.speak(TEXT, engine.default_voice("en"), Manner())
    engine.speak(TEXT, engine.default_voice("de"), Manner())
    workers = set(children(os.getpid())) - set(before)
    assert 1 <= len(workers) <= engine.jobs
    engine.close()
    assert gone(list(workers))


@pytest.mark.slow
@linux
def test_no_more_processes_than_jobs(engine: EspeakEngine) -> None:
    before = children(os.getpid())
    for language in ("en", "de", "fr", "es", "it", "nl"):
        engine.speak("one", engine.default_voice(language), Manner())
    assert len(children(os.getpid())) - len(before) <= engine.jobs


def test_where_no_new_process_can_be_started_those_that_are_there_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A voice that none of them speaks needs another process: the one it would replace must not be lost."""
    engine = EspeakEngine()
    monkeypatch.setattr(engine, "jobs", 1)
    english, german = engine.default_voice("en"), engine.default_voice("de")
    others = set(children(os.getpid()))
    before = engine.speak(TEXT, english, Manner())

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    with monkeypatch.context() as crowded:
        crowded.setattr(subprocess, "Popen", refuse)
        with pytest.raises(VoiceError, match="espeak cannot be started"):
            engine.speak("Heben.", german, Manner())
        assert np.array_equal(engine.speak(TEXT, english, Manner()).samples, before.samples)
    engine.speak("Heben.", german, Manner())
    running = set(children(os.getpid())) - others
    assert len(running) == 1
    engine.close()
    assert gone(list(running))


@pytest.mark.slow
@forks
def test_a_fork_of_ours_has_its_own_processes() -> None:
    said = run("""
        import os
        from voicecoach.speech.engine import Manner
        from voicecoach.speech.espeak import EspeakEngine
        engine = EspeakEngine()
        voice = engine.default_voice("en")
        first = engine.speak("Lift.", voice, Manner()).samples
        process = os.fork()
        second = engine.speak("Lift.", voice, Manner()).samples
        assert (first == second).all()
        if process == 0:
            engine.close()
            os._exit(0)
        assert os.waitpid(process, 0)[1] == 0
        assert (engine.speak("Lift.", voice, Manner()).samples == first).all()
        print("fine")
    """)
    assert said == "fine\n"


def test_a_missing_library_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    voice = EspeakEngine().default_voice("en")
    monkeypatch.setattr("voicecoach.speech.espeak.find_spec", lambda name: None)
    engine = EspeakEngine()
    assert "espeakng-loader is missing" in str(engine.available())
    assert engine.voices() == ()
    for use in (engine.version, lambda voice: engine.default_voice("en")):
        with pytest.raises(VoiceError, match="espeakng-loader is missing"):
            use(voice)
    engine._folder = tmp_path
    assert "the voices of espeak cannot be read: No such file" in str(engine.available())
    (tmp_path / "espeak-ng-data" / "lang").mkdir(parents=True)
    assert "holds no voices: reinstall it" in str(engine.available())
    with pytest.raises(VoiceError, match="there is no espeak-ng"):
        engine.version(voice)


def test_frames_may_end_early(tmp_path: Path) -> None:
    file = tmp_path / "frames"
    for content, frames in [(b"", []), (b"\2\0", []), (b"\2\0\0\0a", []), (b"\1\0\0\0a\2\0\0\0bc\0", [b"a", b"bc"])]:
        file.write_bytes(content)
        with file.open("rb") as source:
            assert list(iter(lambda: espeak_worker.read_frame(source), None)) == frames


def test_pools_are_closed_at_exit(engine: EspeakEngine) -> None:
    engine.speak("one", engine.default_voice("en"), Manner())
    espeak_pool._close_all()
    assert not engine._pool._workers


LINES = (
    ("en", "Time to eat something."), ("en", "Stop. Wait. And go."), ("en", "Tuck your bum and lift."), ("en", "Nine"),
    ("en", "Rest, thirty seconds. Next: side plank, left side."), ("en", "Halfway."), ("en", "Well done."),
    ("fr", "Serre les fessiers."), ("fr", "Repos, une minute."), ("fr", "Souffle en montant."),
    ("de", "Zieh die Fersen zum Gesäß."), ("de", "Noch zwanzig Sekunden."), ("es", "Aprieta los glúteos."),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_its_lines_are_equally_loud(engine: EspeakEngine, rate: int) -> None:
    for language, text in LINES:
        said = loudness.trim(engine.speak(text, engine.default_voice(language), Manner()))
        levelled = loudness.level(finish.resampled(said, rate))
        assert integrated(levelled) == pytest.approx(loudness.TARGET_LUFS, abs=0.1), text
        assert true_peak(levelled) <= loudness.CEILING_DBTP + 0.02


def test_no_more_processes_are_started_than_are_wanted(engine: EspeakEngine, tmp_path: Path) -> None:
    speaker = Speaker(ChosenVoice(engine=engine, info=engine.default_voice("en")), Cache(tmp_path))
    speaker.prepare([Line(f"Cue {number}.", "en") for number in range(6)], jobs=1)
    assert len(engine._pool._workers) == 1
