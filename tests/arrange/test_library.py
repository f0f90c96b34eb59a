"""Clips and lengths of all that an arrangement can hold, with real files and the voice of tones; and their estimate."""

from __future__ import annotations

import subprocess
import sys
import wave
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from meters import held, integrated

from voicecoach import units
from voicecoach.arrange import library
from voicecoach.arrange.estimate import Estimate
from voicecoach.arrange.library import Library
from voicecoach.errors import AudioFileError, VoiceError
from voicecoach.sound import loudness
from voicecoach.speech import registry
from voicecoach.speech.speaker import _PROCESSING, Speaker
from voicecoach.store import folders
from voicecoach.store.cache import Cache
from voicecoach.timeline.model import Content, Line, Recording, Sound, VoiceWish

LINE = Line("Tuck your bum.", "en")
SOUNDS = [Sound(name) for name in ("start", "end", "countdown", "halfway", "tick")]

SPOKEN = {
    "en": [
        "Stand tall and look ahead.",
        "Breathe out as you lift.",
        "Twenty seconds left.",
        "Nine",
        "Well done, that was the last one.",
        "Rest, one minute. Next: side plank, left side.",
        "Slow down, then walk for two minutes.",
    ],
    "de": [
        "Steh aufrecht und schau geradeaus.",
        "Atme beim Heben aus.",
        "Noch zwanzig Sekunden.",
        "Neun",
        "Gut gemacht, das war die letzte.",
        "Ruhe, eine Minute. Als Nächstes: Seitstütz, linke Seite.",
        "Werde langsamer, dann geh zwei Minuten.",
    ],
    "fr": [
        "Tiens-toi droit et regarde loin.",
        "Souffle en montant.",
        "Plus que vingt secondes.",
        "Neuf",
        "Bravo, c'était la dernière.",
        "Repos, une minute. Ensuite : planche latérale, côté gauche.",
        "Ralentis, puis marche deux minutes.",
    ],
    "es": [
        "Ponte derecho y mira lejos.",
        "Suelta el aire al subir.",
        "Quedan veinte segundos.",
        "Nueve",
        "Muy bien, esa era la última.",
        "Descanso, un minuto. Después: plancha lateral, lado izquierdo.",
        "Baja el ritmo, luego camina dos minutos.",
    ],
    "it": [
        "Stai dritto e guarda lontano.",
        "Espira mentre sali.",
        "Mancano venti secondi.",
        "Nove",
        "Molto bene, era l'ultima.",
        "Riposo, un minuto. Poi: plank laterale, lato sinistro.",
        "Rallenta, poi cammina per due minuti.",
    ],
    "nl": [
        "Sta rechtop en kijk vooruit.",
        "Adem uit terwijl je optilt.",
        "Nog twintig seconden.",
        "Negen",
        "Goed zo, dat was de laatste.",
        "Rust, één minuut. Daarna: zijplank, linkerkant.",
        "Ga langzamer, en wandel dan twee minuten.",
    ],
    "pt": [
        "Fique direito e olhe em frente.",
        "Expire ao subir.",
        "Faltam vinte segundos.",
        "Nove",
        "Muito bem, foi a última.",
        "Descanso, um minuto. A seguir: prancha lateral, lado esquerdo.",
        "Abrande, depois caminhe dois minutos.",
    ],
}
"""Lines a coach says, other than those the estimate was fitted to."""


@pytest.fixture
def speaker(tmp_path: Path) -> Speaker:
    return Speaker(registry.choose("en", VoiceWish(engine="tone")), Cache(tmp_path / "cache"))


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Two seconds of a quiet stereo tone at an odd rate."""
    return recorded(tmp_path / "coach.wav", 2.0)


def recorded(path: Path, seconds: float) -> Recording:
    rate = 32_000
    tone = 0.02 * np.sin(2 * np.pi * 500 * np.arange(round(seconds * rate)) / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(np.repeat(tone, 2) * 32767).astype("<i2").tobytes())
    return Recording(path, "Lift.")


def test_lines_come_from_the_speaker(speaker: Speaker) -> None:
    clips = Library(speaker)
    assert clips.frames(LINE) == speaker.frames(LINE)
    assert np.array_equal(held(clips.clip(LINE)).samples, speaker.clip(LINE).samples)


def test_a_session_has_one_sample_rate(speaker: Speaker) -> None:
    with pytest.raises(ValueError, match="44100 Hz"):
        Library(speaker, 48_000)


@pytest.mark.parametrize("sound", SOUNDS, ids=lambda sound: sound.name)
def test_sounds_are_the_files_that_ship(sound: Sound, speaker: Speaker) -> None:
    clip = held(Library(speaker).clip(sound))
    with wave.open(str(folders.shipped_audio() / f"{sound.name}.wav")) as file:
        expected = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert (clip.rate, clip.channels) == (44_100, 1)
    assert np.array_equal(clip.samples[:, 0] * 32768, expected)
    assert Library(speaker).frames(sound) == clip.frames


def test_sounds_come_at_other_rates_too(tmp_path: Path) -> None:
    speaker = Speaker(registry.choose("en", VoiceWish(engine="tone")), Cache(tmp_path), rate=24_000)
    clip = held(Library(speaker, 24_000).clip(Sound("end")))
    assert clip.rate == 24_000
    assert clip.seconds == pytest.approx(1.2, abs=0.001)


def test_a_sound_that_does_not_ship_is_an_error(speaker: Speaker) -> None:
    with pytest.raises(AudioFileError, match=r"gong\.wav"):
        Library(speaker).clip(Sound("gong"))


def test_a_recording_is_as_loud_as_speech(recording: Recording, speaker: Speaker) -> None:
    clips = Library(speaker)
    clip = held(clips.clip(recording))
    assert (clip.rate, clip.channels) == (44_100, 1)
    assert clip.seconds == pytest.approx(2.0, abs=0.001)
    assert integrated(clip) == pytest.approx(-16.0, abs=0.1)
    assert clips.frames(recording) == clip.frames


def test_clips_are_not_to_be_written_to(recording: Recording, speaker: Speaker) -> None:
    contents: list[Content] = [LINE, recording, Sound("start")]
    for what in contents:
        with pytest.raises(ValueError, match="read-only"):
            held(Library(speaker).clip(what)).samples[0] = 1


@pytest.mark.slow
def test_memory_for_clips_is_bounded(tmp_path: Path, speaker: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "HELD_BYTES", 3 * 44_100 * 4)
    clips = Library(speaker)
    recordings = [recorded(tmp_path / f"{number}.wav", 1.0) for number in range(5)]
    kept_alive = [weakref.ref(held(clips.clip(what)).samples) for what in recordings]
    assert [kept() is not None for kept in kept_alive] == [False, False, True, True, True]
    assert [clips.frames(what) for what in recordings] == [44_100] * 5
    assert [kept() is not None for kept in kept_alive] == [False, False, True, True, True], "lengths need no clip again"


@pytest.mark.slow
def test_many_threads_get_the_same_clips(recording: Recording, speaker: Speaker) -> None:
    clips = Library(speaker)
    contents: list[Content] = [LINE, recording, *SOUNDS] * 8
    with ThreadPoolExecutor(8) as pool:
        lengths = list(pool.map(lambda what: clips.clip(what).frames, contents))
    assert lengths == [clips.frames(what) for what in contents]


@pytest.mark.slow
def test_a_recording_that_changes_while_it_is_in_use_is_an_error(
    tmp_path: Path, recording: Recording, speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "HELD_BYTES", 0)
    clips = Library(speaker)
    identity = clips.identity(recording)
    clips.clip(recording)
    assert clips.identity(recording) == identity == Library(speaker).identity(recording)
    recorded(recording.path, 1.5)
    with pytest.raises(AudioFileError, match="was changed while it was in use"):
        clips.clip(recording)
    assert Library(speaker).identity(recording) != identity


def test_contents_with_equal_identities_sound_the_same(speaker: Speaker, tmp_path: Path) -> None:
    assert Library(speaker).identity(Sound("start")) != Library(speaker).identity(Sound("end"))
    quiet = Speaker(registry.choose("en", VoiceWish(engine="tone", volume=0.5)), Cache(tmp_path / "cache"))
    slow = Speaker(registry.choose("en", VoiceWish(engine="tone", rate=0.5)), Cache(tmp_path / "cache"))
    low = Speaker(registry.choose("en", VoiceWish(engine="tone")), Cache(tmp_path / "cache"), rate=24_000)
    libraries = [Library(speaker), Library(quiet), Library(slow), Library(low, 24_000)]
    assert len({clips.identity(LINE) for clips in libraries}) == 4
    assert Library(speaker).identity(LINE) == libraries[0].identity(LINE) != libraries[0].identity(Line("Up.", "en"))


def test_what_is_kept_is_of_this_loudness() -> None:
    """Whoever changes one of these raises ``_PROCESSING`` in the speaker: kept lines would stay as they were."""
    assert (loudness.TARGET_LUFS, loudness.CEILING_DBTP, _PROCESSING) == (-16.0, -2.5, 4)


def test_preparing_speaks_every_line_once_and_tells_how_far_it_is(recording: Recording, speaker: Speaker) -> None:
    told: list[tuple[int, int]] = []
    contents: list[Content] = [LINE, Line("Lift.", "en"), LINE, recording, SOUNDS[0], SOUNDS[0]]
    Library(speaker).prepare(contents, jobs=2, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)
    assert told == sorted(told)
    assert {total for _, total in told} == {4}


def test_preparing_finds_what_cannot_be_heard(tmp_path: Path, speaker: Speaker) -> None:
    with pytest.raises(AudioFileError, match="not there"):
        Library(speaker).prepare([LINE, Recording(tmp_path / "gone.wav", "Lift.")])


def test_an_estimate_counts_pauses_and_sounds_exactly(recording: Recording, speaker: Speaker) -> None:
    estimate = Estimate()
    paused = Line("Lift. [pause 2.5s] Lower.", "en")
    apart = [estimate.frames(Line(text, "en")) for text in ("Lift.", "Lower.")]
    assert estimate.frames(paused) == pytest.approx(sum(apart) + 2.5 * units.SAMPLE_RATE, abs=2)
    clips = Library(speaker)
    exact: list[Content] = [*SOUNDS, recording]
    for what in exact:
        assert estimate.frames(what) == clips.frames(what)


def test_an_estimate_follows_the_rate_and_the_speed() -> None:
    usual = Estimate().frames(LINE)
    assert Estimate(22_050).frames(LINE) == pytest.approx(usual / 2, abs=1)
    assert Estimate(speed=2.0).frames(LINE) == pytest.approx(usual / 2, abs=1)


def test_an_estimate_needs_no_audio_libraries() -> None:
    program = (
        "import sys; from voicecoach.arrange.estimate import Estimate;"
        "from voicecoach.timeline.model import Line, Sound;"
        "Estimate().frames(Line('Lift.', 'en')); Estimate().frames(Sound('start'));"
        "print(*{'numpy', 'av', 'miniaudio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


def test_an_estimate_works_in_any_language() -> None:
    for text, language in (("Nosta lantio", "fi"), ("お尻を締めて", "ja"), ("3", "en"), ("…", "xx")):
        assert 0 <= Estimate().frames(Line(text, language)) < 5 * units.SAMPLE_RATE


def test_an_estimate_of_a_recording_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="not there"):
        Estimate().frames(Recording(tmp_path / "gone.wav", "Lift."))


def test_an_estimate_refuses_the_pauses_that_speech_refuses() -> None:
    with pytest.raises(VoiceError, match="longer than"):
        Estimate().frames(Line("Wait. [pause 1h] Go.", "en"))


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    if (reason := registry.engine("espeak").available()) is not None:
        pytest.skip(reason)
    yield Cache(tmp_path_factory.mktemp("cache"))
    registry.close()


@pytest.mark.slow
@pytest.mark.parametrize("language", SPOKEN)
def test_an_estimate_is_near_to_the_embedded_voice(language: str, embedded: Cache) -> None:
    speaker = Speaker(registry.choose(language, VoiceWish(engine="espeak")), embedded)
    lines = [Line(text, language) for text in SPOKEN[language]]
    spoken = [speaker.frames(line) for line in lines]
    estimated = [Estimate().frames(line) for line in lines]
    assert median(abs(guess / real - 1) for guess, real in zip(estimated, spoken, strict=True)) < 0.1
    assert sum(estimated) == pytest.approx(sum(spoken), rel=0.1)
