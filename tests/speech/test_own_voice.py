"""Lines that a person has recorded are heard as that, and no engine is asked for them; all others are spoken."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from meters import held, integrated, true_peak
from voices import RATE, read_out, said

from voicecoach import pipeline, script
from voicecoach.arrange.estimate import Estimate
from voicecoach.sound.clip import Clip
from voicecoach.speech import registry
from voicecoach.speech.engine import Manner, VoiceInfo
from voicecoach.speech.registry import ChosenVoice
from voicecoach.speech.speaker import Speaker
from voicecoach.speech.tone import ToneEngine
from voicecoach.store.cache import Cache
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Line, RecordedLine, VoiceWish

LIFT, LOWER = Line("Lift.", "en"), Line("Lower.", "en")


class Asked(ToneEngine):
    """A voice that notes what it is asked to say."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.starts = 0

    def start(self, voice: VoiceInfo, jobs: int) -> None:
        self.starts += 1

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        self.said.append(text)
        return super().speak(text, voice, manner)


def write(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def speaker(
    engine: Asked, folder: Path, *recorded: RecordedLine, limit: int = 10_000_000, volume: float = 1.0
) -> Speaker:
    voice = ChosenVoice(engine=engine, info=engine.default_voice("en"), manner=Manner(volume=volume))
    return Speaker(voice, Cache(folder / "cache", limit), RATE, recorded=recorded)


@pytest.fixture
def lift(tmp_path: Path) -> RecordedLine:
    return RecordedLine(LIFT, write(tmp_path / "lift.wav", read_out(0, 0, seconds=0.8, level=-35)))


@pytest.mark.parametrize("limit", [0, 10_000_000])
def test_the_recording_is_heard_and_no_engine_asked_for_it(tmp_path: Path, lift: RecordedLine, limit: int) -> None:
    engine = Asked()
    speaking = speaker(engine, tmp_path, lift, limit=limit)
    speaking.prepare([LIFT, LOWER])
    assert engine.said == ["Lower."]
    assert speaking.frames(LIFT) == speaking.clip(LIFT).frames
    assert speaking.clip(LIFT).seconds == pytest.approx(0.8, abs=0.02)
    assert integrated(held(speaking.clip(LIFT))) == pytest.approx(-16, abs=0.5)
    assert true_peak(held(speaking.clip(LIFT))) <= -2.4


def test_a_session_of_recordings_alone_loads_no_engine(tmp_path: Path, lift: RecordedLine) -> None:
    engine = Asked()
    speaking = speaker(engine, tmp_path, lift)
    speaking.prepare([LIFT])
    assert speaking.keeps(LIFT)
    assert engine.starts == 0


def test_it_has_the_volume_of_the_voice(tmp_path: Path, lift: RecordedLine) -> None:
    full, half = (speaker(Asked(), tmp_path, lift, volume=volume).clip(LIFT) for volume in (1.0, 0.5))
    assert np.allclose(full.samples * 0.5, half.samples, atol=1e-6)


def test_it_is_known_by_what_its_file_holds(tmp_path: Path, lift: RecordedLine) -> None:
    before = speaker(Asked(), tmp_path, lift)
    samples = before.clip(LIFT).samples
    moved = RecordedLine(LIFT, lift.path.rename(tmp_path / "moved.wav"))
    same = speaker(Asked(), tmp_path, moved)
    assert same.identity(LIFT) == before.identity(LIFT)
    assert np.array_equal(same.clip(LIFT).samples, samples)
    write(moved.path, read_out(0, 0, seconds=1.1))
    other = speaker(Asked(), tmp_path, moved)
    assert other.identity(LIFT) != before.identity(LIFT)
    assert other.clip(LIFT).seconds == pytest.approx(1.1, abs=0.02)


def test_cold_and_warm_are_the_same_samples(tmp_path: Path, lift: RecordedLine) -> None:
    cold = speaker(Asked(), tmp_path, lift).clip(LIFT).samples
    warm = speaker(Asked(), tmp_path, lift).clip(LIFT).samples
    uncached = speaker(Asked(), tmp_path, lift, limit=0).clip(LIFT).samples
    assert np.array_equal(cold, warm)
    assert np.array_equal(cold, uncached)


def test_what_was_kept_and_is_damaged_is_made_again(tmp_path: Path, lift: RecordedLine) -> None:
    cold = speaker(Asked(), tmp_path, lift).clip(LIFT).samples
    for path in (tmp_path / "cache").rglob("own-*"):
        path.write_bytes(b"damaged")
    assert np.array_equal(speaker(Asked(), tmp_path, lift).clip(LIFT).samples, cold)


@pytest.mark.parametrize("fault", ["missing", "damaged", "silent", "long"])
def test_one_that_cannot_be_heard_is_told_once_and_the_voice_speaks(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "lift.wav"
    match fault:
        case "damaged":
            path.write_bytes(b"RIFF, but no more")
        case "silent":
            write(path, np.zeros(RATE))
        case "long":
            write(path, said(1.0).repeat(61)[: 61 * RATE])
    engine = Asked()
    speaking = speaker(engine, tmp_path, RecordedLine(LIFT, path))
    speaking.own.notice()
    speaking.prepare([LIFT])
    assert engine.said == ["Lift."]
    (note,) = registry.notes()
    assert note.startswith('the recording of "Lift." ')
    assert note.endswith("; the voice speaks it")
    assert str(path) in note


def test_the_same_words_in_another_language_are_another_line(tmp_path: Path, lift: RecordedLine) -> None:
    engine = Asked()
    speaker(engine, tmp_path, lift).clip(Line("Lift.", "de"))
    assert engine.said == ["Lift."]


def test_a_counted_number_is_on_its_second(tmp_path: Path) -> None:
    """What is hardly heard before it is for the greater part left out, as of a spoken one."""
    word = np.concatenate([said(0.15, -60), said(0.4, -20)])
    recorded = RecordedLine(Line("three", "en"), write(tmp_path / "three.wav", word))
    assert speaker(Asked(), tmp_path, recorded).clip(recorded.line).seconds == pytest.approx(0.43, abs=0.02)


def test_of_two_the_first_counts(tmp_path: Path, lift: RecordedLine) -> None:
    other = RecordedLine(LIFT, write(tmp_path / "other.wav", read_out(0, 0, seconds=2)))
    assert speaker(Asked(), tmp_path, lift, other).clip(LIFT).seconds == pytest.approx(0.8, abs=0.02)


def test_an_estimate_knows_how_long_it_is(tmp_path: Path, lift: RecordedLine) -> None:
    gone = RecordedLine(LOWER, tmp_path / "gone.wav")
    estimate = Estimate(RATE, recorded=[lift, gone])
    assert estimate.frames(LIFT) == round(0.8 * RATE)
    assert estimate.frames(LOWER) == Estimate(RATE).frames(LOWER)


def test_a_session_has_it_wherever_the_line_is_said(tmp_path: Path, lift: RecordedLine) -> None:
    """Also in an announcement, which stands in no script."""
    folder = tmp_path / "s.voice"
    folder.mkdir()
    write(folder / "plank.wav", read_out(0, 0, seconds=3.3))
    (folder / "lines.toml").write_text('[en]\n"Plank, thirty seconds." = "plank.wav"\n', encoding="utf-8")
    path = tmp_path / "s.toml"
    path.write_text(
        'title = "T"\n[voice]\nrecordings = "s.voice"\n[[block]]\nsteps = [ { hold = "30s", name = "Plank" } ]\n',
        encoding="utf-8",
    )
    timeline = compile_workout(script.load(path))
    voice = pipeline.choose_voice(timeline, VoiceWish(engine="tone"))
    arrangement = pipeline.arrange_spoken(timeline, voice)
    (announced,) = [
        one for one in arrangement.placements() if getattr(one.what, "text", "") == "Plank, thirty seconds."
    ]
    assert (announced.end - announced.start) / arrangement.rate == pytest.approx(3.3, abs=0.02)
