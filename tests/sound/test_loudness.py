"""Loudness against the standard's own test signals, and against the meter in FFmpeg, which no one here wrote."""

from __future__ import annotations

import math
from functools import cache

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.filter import Graph
from hypothesis import given, settings
from hypothesis import strategies as st
from meters import integrated, true_peak

from voicecoach import units
from voicecoach.sound import loudness
from voicecoach.sound.clip import Clip, mono

RATE = 24_000


def tone(seconds: float, dbfs: float, *, hertz: float = 1000.0, rate: int = RATE, phase: float = 0.0) -> Clip:
    """A sine of so high a peak."""
    time = np.arange(round(seconds * rate)) / rate
    return mono(units.gain(dbfs) * np.sin(2 * np.pi * hertz * time + phase), rate)


def in_stereo(*clips: Clip) -> Clip:
    """One clip after the other, the same on both sides."""
    samples = np.concatenate([clip.samples for clip in clips])
    return Clip(np.repeat(samples, 2, axis=1), clips[0].rate)


@cache
def speech_like(seconds: float, seed: int = 0, rate: int = 44_100) -> Clip:
    """The harmonics of a voice, in syllables of changing strength, with breath in between."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    voice = np.zeros(time.size)
    for number in range(1, 25):
        strength = np.exp(-((number * 120 - 600) ** 2) / 4e5)
        voice += strength * np.cos(2 * np.pi * 120 * number * time + random.uniform(0, 6.28))
    syllables = np.sin(2 * np.pi * 2.1 * time) ** 2 * (1.2 + np.sin(2 * np.pi * 0.7 * time + seed))
    return mono(0.03 * voice * syllables + 0.0005 * random.standard_normal(time.size), rate)


def by_ffmpeg(clip: Clip) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP as FFmpeg measures them, with silence around the clip."""
    padding = np.zeros((clip.rate, clip.channels), dtype=np.float32)
    samples = np.ascontiguousarray(np.concatenate([padding, clip.samples, padding]).reshape(1, -1))
    layout = "mono" if clip.channels == 1 else "stereo"
    graph = Graph()
    source = graph.add(
        "abuffer", f"sample_rate={clip.rate}:sample_fmt=flt:channel_layout={layout}:time_base=1/{clip.rate}"
    )
    meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(samples, format="flt", layout=layout)
    frame.sample_rate, frame.pts = clip.rate, 0
    graph.push(frame)
    graph.push(None)
    said: dict[str, str] = {}
    while True:
        try:
            said |= graph.pull().metadata
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    return float(said["lavfi.r128.I"]), 20 * math.log10(float(said["lavfi.r128.true_peak"]))


def test_a_full_scale_sine_in_one_channel_is_minus_three() -> None:
    """As BS.1770 says of its scale."""
    assert integrated(tone(60, 0.0, hertz=997)) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("levels_and_seconds", "expected"),
    [
        ([(-23.0, 20)], -23.0),
        ([(-33.0, 20)], -33.0),
        ([(-36.0, 10), (-23.0, 60), (-36.0, 10)], -23.0),
        ([(-72.0, 10), (-36.0, 10), (-23.0, 60), (-36.0, 10), (-72.0, 10)], -23.0),
        ([(-26.0, 20), (-20.0, 20.1), (-26.0, 20)], -23.0),
    ],
)
def test_signals_of_ebu_tech_3341(levels_and_seconds: list[tuple[float, float]], expected: float) -> None:
    """Its cases 1 to 5: stereo sines of 1 kHz one after the other, within 0.1 LU."""
    clip = in_stereo(*(tone(seconds, level) for level, seconds in levels_and_seconds))
    assert integrated(clip) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("divisor", "phase"), [(4, 0), (4, 45), (6, 60), (8, 67.5)])
def test_true_peaks_of_ebu_tech_3341(divisor: int, phase: float) -> None:
    """Its cases 15 to 18: sines whose peaks lie between samples, read as −6 dBTP within +0.2 and −0.4 dB."""
    clip = tone(0.5, -6.02, hertz=48_000 / divisor, rate=48_000, phase=math.radians(phase))
    fade = np.minimum(np.arange(clip.frames) / 4800, 1).astype(np.float32)[:, None]
    clip = Clip(clip.samples * fade * fade[::-1], clip.rate)
    assert -6.4 <= true_peak(clip) <= -5.8


@pytest.mark.slow
@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("seconds", [0.2, 1.0, 4.0])
def test_it_agrees_with_another_meter(rate: int, seconds: float) -> None:
    clip = speech_like(seconds, rate=rate)
    lufs, peak = by_ffmpeg(clip)
    assert integrated(clip) == pytest.approx(lufs, abs=0.2)
    assert true_peak(clip) == pytest.approx(peak, abs=0.2)


def test_what_is_fainter_than_the_absolute_gate_has_no_loudness() -> None:
    assert integrated(tone(2.0, -66.0)) > -70
    assert integrated(tone(2.0, -76.0)) == -math.inf


def test_silence_has_no_loudness_and_no_peak() -> None:
    for frames in (0, 1, RATE):
        silence = mono(np.zeros(frames), RATE)
        assert integrated(silence) == -math.inf
        assert true_peak(silence) == -math.inf
        assert loudness.level(silence).frames == frames


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.sampled_from([0.3, 1.0, 3.0]), st.integers(0, 5), st.floats(-15, 15))
def test_every_voice_comes_out_equally_loud_and_below_the_ceiling(seconds: float, seed: int, gain: float) -> None:
    clip = speech_like(seconds, seed)
    levelled = loudness.level(Clip(clip.samples * np.float32(units.gain(gain)), clip.rate))
    assert levelled.frames == clip.frames
    assert integrated(levelled) == pytest.approx(-16.0, abs=0.5 if seconds >= 1 else 2.0)
    assert true_peak(levelled) <= -2.45


def test_hissing_bursts_stay_below_the_ceiling() -> None:
    """Where samples alternate in sign, limiting moves the peaks between them."""
    hiss = np.random.default_rng(3).standard_normal(RATE) * np.repeat([0.02, 0.3, 0.05, 1.0, 0.1, 0.6], RATE // 6)
    levelled = loudness.level(mono(hiss * np.cos(np.pi * np.arange(RATE) * 0.9), RATE), -10.0)
    assert true_peak(levelled) <= -2.49


def test_another_meter_confirms_what_levelling_reached() -> None:
    lufs, peak = by_ffmpeg(loudness.level(speech_like(3.0)))
    assert lufs == pytest.approx(-16.0, abs=0.5)
    assert peak <= -2.3


def test_another_target_is_reached_too() -> None:
    assert integrated(loudness.level(speech_like(2.0), -20.0)) == pytest.approx(-20.0, abs=0.5)


def test_a_clip_of_low_peaks_is_only_scaled() -> None:
    clip = tone(1.0, -30.0)
    levelled = loudness.level(clip)
    factor = levelled.samples[1:] / np.where(clip.samples[1:] == 0, 1, clip.samples[1:])
    assert factor[np.abs(clip.samples[1:]) > 0.001] == pytest.approx(factor[5, 0], rel=1e-4)


def test_a_bare_click_stays_below_the_ceiling_and_quieter() -> None:
    click = np.zeros(RATE)
    click[5000] = 1.0
    levelled = loudness.level(mono(click, RATE))
    assert true_peak(levelled) <= -2.45
    assert integrated(levelled) < -16.5


def test_the_hiss_of_an_empty_recording_is_not_blown_up() -> None:
    hiss = mono(1e-5 * np.random.default_rng(1).standard_normal(RATE), RATE)
    assert np.abs(loudness.level(hiss).samples).max() < 0.001


def around(samples: npt.ArrayLike, *, before: float = 0.4, after: float = 0.3) -> Clip:
    return mono(np.concatenate([np.zeros(round(before * RATE)), samples, np.zeros(round(after * RATE))]), RATE)


def test_silence_at_the_ends_is_cut_but_for_five_milliseconds() -> None:
    sound = 0.5 * np.cos(2 * np.pi * 300 * np.arange(RATE) / RATE)
    kept = RATE * 5 // 1000
    trimmed = loudness.trim(around(sound))
    assert np.array_equal(trimmed.samples[kept:-kept], mono(sound, RATE).samples)
    assert trimmed.frames == RATE + 2 * kept


def test_what_begins_at_once_begins_softly() -> None:
    trimmed = loudness.trim(mono(np.full(RATE, 0.5), RATE)).samples[:, 0]
    assert trimmed[0] == trimmed[-1] == 0
    assert np.abs(np.diff(trimmed)).max() < 0.01
    assert trimmed.max() == 0.5


def test_what_is_silent_depends_on_how_loud_the_clip_is() -> None:
    sound = np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)
    lengths = {loudness.trim(around(sound * level)).frames for level in (1.0, 0.01, 0.0001)}
    assert len(lengths) == 1


def test_a_pause_inside_stays() -> None:
    sound = 0.5 * np.sin(2 * np.pi * 300 * np.arange(RATE // 4) / RATE)
    pause = np.zeros(RATE)
    assert loudness.trim(around(np.concatenate([sound, pause, sound]))).seconds == pytest.approx(1.51, abs=0.01)


def test_nothing_is_left_of_silence() -> None:
    assert loudness.trim(mono(np.zeros(1000), RATE)).frames == 0
    assert loudness.trim(mono([], RATE)).frames == 0


def test_a_single_sample_survives() -> None:
    assert loudness.trim(mono([0.5], RATE)).frames == 1
