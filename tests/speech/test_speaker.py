"""A line becomes a clip that starts at once, is as loud as any other, and is the same from a cold and a warm cache."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from meters import integrated, true_peak

from voicecoach.errors import EngineError, UnknownVoiceError, VoiceError
from voicecoach.sound.clip import Clip, mono
from voicecoach.speech import finish, registry, utterances
from voicecoach.speech.engine import Manner, VoiceInfo
from voicecoach.speech.pronounce import Pronunciations
from voicecoach.speech.registry import ChosenVoice
from voicecoach.speech.speaker import Speaker
from voicecoach.speech.tone import ToneEngine
from voicecoach.store.cache import Cache
from voicecoach.timeline.model import Line, Pronunciation, VoiceWish
from voicecoach.timeline.placeholders import EMPHASES

RATE = 44_100
TONE = ToneEngine()


class Recorder:
    """An engine with an English and a German voice, which notes what it is asked to say."""

    name = "recorder"
    ipa = False
    jobs = 3

    def __init__(self, rate: int = 16_000) -> None:
        self.rate = rate
        self.said: list[tuple[str, str, Manner]] = []
        self.closed = 0
        self.expected = 0
        self.at_once = 0
        self.most_at_once = 0
        self.slow = 0.0
        self.seconds = 0.5
        self._lock = threading.Lock()

    def version(self, voice: VoiceInfo) -> str:
        return "1"

    def available(self) -> str | None:
        return None

    def voices(self) -> list[VoiceInfo]:
        return [VoiceInfo(engine=self.name, name=name, language=name) for name in ("en", "de")]

    def default_voice(self, language: str) -> VoiceInfo:
        for voice in self.voices():
            if voice.language == language:
                return voice
        raise UnknownVoiceError(language)

    def find_voice(self, name: str) -> VoiceInfo:
        return self.default_voice(name)

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        with self._lock:
            self.said.append((text, voice.name, manner))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.slow)
        with self._lock:
            self.at_once -= 1
        if "fail" in text:
            raise VoiceError(f"cannot say {text}")
        sound = np.zeros(self.rate)
        if "silent" not in text:
            tone = 0.02 * np.sin(np.arange(int(self.rate * self.seconds)) * 2 * np.pi * 220 / self.rate)
            sound[self.rate // 4 : self.rate // 4 + len(tone)] = tone
        return mono(sound, self.rate)

    def start(self, voice: VoiceInfo, lines: int) -> None:
        self.expected = lines

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def speaker(recorder: Recorder, tmp_path: Path) -> Speaker:
    return Speaker(ChosenVoice(engine=recorder, info=recorder.default_voice("en"), language="en"), Cache(tmp_path))


@pytest.fixture
def tones(tmp_path: Path) -> Speaker:
    return Speaker(ChosenVoice(engine=TONE, info=TONE.default_voice("en"), language="en"), Cache(tmp_path))


def english(text: str) -> Line:
    return Line(text, "en")


def test_a_line_starts_at_once_and_is_as_loud_as_any_other(speaker: Speaker) -> None:
    clip = speaker.clip(english("Lift."))
    assert (clip.rate, clip.channels) == (RATE, 1)
    assert clip.seconds == pytest.approx(0.5, abs=0.03)
    assert np.abs(clip.samples[: RATE // 100]).max() > 0.01
    assert integrated(clip) == pytest.approx(-16, abs=0.5)
    assert true_peak(clip) <= -1.9


def test_a_warm_cache_gives_the_same_samples_without_the_engine(
    speaker: Speaker, recorder: Recorder, tmp_path: Path
) -> None:
    cold = speaker.clip(english("Lift."))
    again = Speaker(speaker.voice, Cache(tmp_path)).clip(english("Lift."))
    assert np.array_equal(cold.samples, again.samples)
    assert len(recorder.said) == 1


def test_what_sounds_different_is_kept_apart(recorder: Recorder, tmp_path: Path) -> None:
    english_voice, german_voice = recorder.voices()
    voice = ChosenVoice(engine=recorder, info=english_voice, language="en")
    others = [
        voice,
        replace(voice, info=german_voice),
        replace(voice, manner=Manner(rate=1.1)),
        replace(voice, manner=Manner(pitch=1.1)),
    ]
    for other in others:
        Speaker(other, Cache(tmp_path)).clip(english("Lift."))
    Speaker(voice, Cache(tmp_path), rate=48_000).clip(english("Lift."))
    Speaker(voice, Cache(tmp_path)).clip(english("Lift!"))
    assert len(recorder.said) == 6


def test_a_line_may_be_said_faster_or_slower_and_louder_than_the_others(speaker: Speaker, recorder: Recorder) -> None:
    plain, own = english("Hold it."), Line("Hold it.", "en", rate=0.8, gain=-4.0)
    others, quiet = speaker.clip(plain), speaker.clip(own)
    assert [manner.rate for _, _, manner in recorder.said] == [1.0, 0.8]
    assert integrated(quiet) - integrated(others) == pytest.approx(-4, abs=0.1)
    assert speaker.identity(plain) != speaker.identity(own)
    speaker.clip(Line("Hold it.", "en", gain=4.0))
    assert len(recorder.said) == 3, "each is kept by itself"


def test_the_rate_of_a_line_is_against_that_of_the_voice_and_no_faster_than_any_can(
    recorder: Recorder, tmp_path: Path
) -> None:
    info = recorder.default_voice("en")
    for rate in (1.5, 3.0):
        voice = ChosenVoice(engine=recorder, info=info, language="en", manner=Manner(rate=rate))
        Speaker(voice, Cache(tmp_path)).clip(Line("Lift.", "en", rate=2.0))
    assert [manner.rate for _, _, manner in recorder.said] == [3.0, 4.0]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["espeak", "hibari"])
def test_an_emphasis_is_heard(tmp_path: Path, engine: str) -> None:
    speaker = Speaker(registry.choose("en", VoiceWish(engine=engine)), Cache(tmp_path))
    text = "Keep your hips level and hold it right there."
    plain = speaker.clip(english(text))
    said = {name: speaker.clip(Line(text, "en", *manner)) for name, manner in EMPHASES.items()}
    louder = {name: integrated(clip) - integrated(plain) for name, clip in said.items()}
    assert louder["moderate"] == pytest.approx(2, abs=0.3)
    assert louder["strong"] > 1.8, "its peaks are as high as they may be"
    assert louder["reduced"] == pytest.approx(-4, abs=0.3)
    assert said["strong"].seconds > 1.1 * plain.seconds
    assert all(true_peak(clip) <= -1.9 for clip in said.values())


def test_volume_scales_what_was_levelled_and_needs_no_new_speech(
    speaker: Speaker, recorder: Recorder, tmp_path: Path
) -> None:
    loud = speaker.clip(english("Lift."))
    voice = replace(speaker.voice, manner=Manner(volume=0.25))
    quiet = Speaker(voice, Cache(tmp_path)).clip(english("Lift."))
    assert np.allclose(quiet.samples, loud.samples * 0.25)
    assert [manner.volume for _, _, manner in recorder.said] == [1.0]


def test_pauses_are_exact_and_silent(tones: Speaker) -> None:
    lift, hold = (tones.clip(english(text)).samples for text in ("Lift.", "And hold it."))
    whole = tones.clip(english("Lift. [pause 1.5s] And hold it.")).samples
    silence = np.zeros((round(1.5 * RATE), 1), np.float32)
    assert np.array_equal(whole, np.concatenate((lift, silence, hold)))


def test_a_line_may_be_nothing_but_a_pause(tones: Speaker) -> None:
    assert tones.frames(english("[pause 2s]")) == 2 * RATE
    assert not tones.clip(english("[pause 2s]")).samples.any()


@pytest.mark.parametrize("text", ["", "…", "💪🏽 →", "[pause 0s]"])
def test_a_line_without_words_is_an_empty_clip(speaker: Speaker, recorder: Recorder, text: str) -> None:
    assert speaker.clip(english(text)).samples.shape == (0, 1)
    assert recorder.said == []


@pytest.mark.parametrize(
    ("text", "complaint"), [("Hold [pause 3] on", "no unit"), ("[pause 40s] Hold [pause 40s]", "longer than 60")]
)
def test_a_pause_that_cannot_be_is_an_error(speaker: Speaker, text: str, complaint: str) -> None:
    with pytest.raises(VoiceError, match=complaint):
        speaker.clip(english(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tuck\tand\n lift. ", "Tuck and lift."),
        ("Say [[h@'loU]] to it", "Say h@'loU to it"),
        ("one\0two\x1b[31m three\u202e four\ufeff", "onetwo[31m three four"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("Strong 💪🏽 finish ❤️ → go", "Strong finish go"),
        ("cafe\u0301 \u00adau lait", "café au lait"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_engines_get_only_what_a_voice_can_say(speaker: Speaker, recorder: Recorder, text: str, said: str) -> None:
    speaker.clip(english(text))
    assert recorder.said[0][0] == said


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_cleaning_is_done_once_and_leaves_no_marks(text: str) -> None:
    plain = utterances.clean(text)
    assert utterances.clean(plain) == plain
    assert plain.isprintable() or any(joiner in plain for joiner in "\u200c\u200d")
    assert all(part for part in utterances.split(text.replace("[", "")))


def test_a_line_in_another_language_gets_the_engines_voice_for_it_or_the_embedded_one(
    speaker: Speaker, recorder: Recorder, tmp_path: Path
) -> None:
    for line in (english("Lift."), Line("Lift.", "en-AU"), Line("Heben.", "de"), Line("Soulève.", "fr")):
        speaker.clip(line)
    assert [voice for _, voice, _ in recorder.said] == ["en", "de"]
    french = Speaker(registry.choose("fr"), Cache(tmp_path)).clip(Line("Soulève.", "fr"))
    assert np.array_equal(speaker.clip(Line("Soulève.", "fr")).samples, french.samples)


def test_a_session_that_mixes_languages_speaks_each_in_its_own_voice(tmp_path: Path) -> None:
    speaker = Speaker(registry.choose("en"), Cache(tmp_path))
    lines = [english("Lift."), Line("Soulève.", "fr"), Line("Heben.", "de")]
    speaker.prepare(lines)
    for line, voice in zip(lines, ("hibari:heart", "espeak:fr-fr", "espeak:de"), strict=True):
        own = Speaker(registry.choose(line.language, VoiceWish(name=voice)), Cache(tmp_path / "own")).clip(line)
        assert np.array_equal(speaker.clip(line).samples, own.samples)


class Unloadable(Recorder):
    """An engine that stops being loadable."""

    works = True

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        if not self.works:
            raise EngineError("recorder cannot be loaded")
        return super().speak(text, voice, manner)


@pytest.mark.parametrize("asked", [False, True])
def test_where_an_engine_cannot_be_loaded_another_speaks_all_unless_it_was_asked_for(
    tmp_path: Path, asked: bool
) -> None:
    engine = Unloadable()
    voice = ChosenVoice(engine=engine, info=engine.default_voice("de"), language="de", asked=asked)
    kept, new, pause = Line("Heben.", "de"), Line("Halten.", "de"), Line("[pause 1s]", "de")
    Speaker(voice, Cache(tmp_path)).prepare([kept])
    engine.works = False
    speaker = Speaker(voice, Cache(tmp_path))
    speaker.expect([kept, pause, new])
    if asked:
        with pytest.raises(EngineError, match="recorder cannot be loaded"):
            speaker.clip(new)
        return
    embedded = Speaker(registry.choose("de"), Cache(tmp_path / "embedded"))
    for line in (kept, new):
        assert speaker.identity(line) == embedded.identity(line)
        assert np.array_equal(speaker.clip(line).samples, embedded.clip(line).samples)
    assert "recorder cannot be loaded; espeak:de speaks instead" in registry.notes()


def test_where_all_is_kept_an_engine_that_cannot_be_loaded_is_not_missed(tmp_path: Path) -> None:
    engine = Unloadable()
    voice = ChosenVoice(engine=engine, info=engine.default_voice("de"), language="de", asked=False)
    heard = Speaker(voice, Cache(tmp_path)).clip(Line("Heben.", "de"))
    engine.works = False
    speaker = Speaker(voice, Cache(tmp_path))
    speaker.expect([Line("Heben.", "de"), Line("[pause 1s]", "de")])
    assert np.array_equal(speaker.clip(Line("Heben.", "de")).samples, heard.samples)


def test_what_has_to_speak_begins_to_load_when_lines_are_expected_that_are_not_kept(
    speaker: Speaker, recorder: Recorder
) -> None:
    speaker.clip(english("Lift."))
    speaker.expect([english("Lift.")])
    assert recorder.expected == 0
    speaker.expect([english("Lift."), english("Hold.")])
    assert recorder.expected == 1


@pytest.mark.parametrize("speakers", [1, 3])
def test_no_engine_is_asked_for_more_lines_at_once_than_it_can(
    recorder: Recorder, tmp_path: Path, speakers: int
) -> None:
    """Also where a call wants more jobs, and where several sessions speak with the same engine."""
    recorder.slow = 0.01
    sessions = [
        Speaker(ChosenVoice(engine=recorder, info=recorder.default_voice("en")), Cache(tmp_path / str(number)))
        for number in range(speakers)
    ]
    lines = [english(f"Cue {number}.") for number in range(12)]
    with ThreadPoolExecutor(speakers) as pool:
        list(pool.map(lambda session: session.prepare(lines, jobs=8), sessions))
    assert recorder.most_at_once == recorder.jobs


def test_the_voice_that_was_chosen_for_a_language_speaks_it_whatever_its_own(
    recorder: Recorder, tmp_path: Path
) -> None:
    voice = ChosenVoice(engine=recorder, info=recorder.default_voice("en"), language="de")
    Speaker(voice, Cache(tmp_path)).clip(Line("Heben.", "de"))
    assert recorder.said[0][1] == "en"


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_an_engine_may_have_any_sample_rate(tmp_path: Path, rate: int) -> None:
    engine = Recorder(rate)
    clip = Speaker(ChosenVoice(engine=engine, info=engine.default_voice("en")), Cache(tmp_path)).clip(english("Lift."))
    spectrum = np.abs(np.fft.rfft(clip.samples[:, 0]))
    assert clip.seconds == pytest.approx(0.5, abs=0.03)
    assert np.argmax(spectrum) / clip.seconds == pytest.approx(220, abs=3)


@pytest.mark.parametrize("seconds", [0.4, 0.6])
def test_a_clip_is_as_long_as_was_said_even_if_the_engine_changes_its_mind(
    speaker: Speaker, recorder: Recorder, tmp_path: Path, seconds: float
) -> None:
    frames = speaker.frames(english("Lift."))
    Cache(tmp_path).clear()
    for pause in (58, 59):
        speaker.clip(english(f"[pause {pause}s]"))
    recorder.seconds = seconds
    assert Speaker(speaker.voice, Cache(tmp_path)).frames(english("Lift.")) != frames
    assert speaker.clip(english("Lift.")).frames == frames


def test_an_engine_that_fails_is_an_error(speaker: Speaker) -> None:
    with pytest.raises(VoiceError, match="cannot say fail"):
        speaker.clip(english("fail"))


def test_what_a_voice_says_nothing_for_another_says(speaker: Speaker, tmp_path: Path) -> None:
    embedded = Speaker(registry.choose("en"), Cache(tmp_path / "embedded"))
    line = english("silent")
    speaker.prepare([english("Lift."), line])
    assert np.array_equal(speaker.clip(line).samples, embedded.clip(line).samples)
    said = 'the voice en of recorder says nothing for "silent"; hibari:heart speaks it instead'
    assert said in registry.notes()


def test_what_no_voice_has_a_sound_for_is_silent_and_told(tmp_path: Path) -> None:
    """Espeak's German voice leaves these figures out, and no other embedded one speaks German."""
    speaker = Speaker(registry.choose("de"), Cache(tmp_path))
    lines = [Line("Heben.", "de"), Line("१२", "de"), Line("१२ [pause 1s] १२", "de")]
    speaker.prepare(lines)
    assert [speaker.frames(line) for line in lines[1:]] == [0, RATE]
    assert 'the voice de of espeak says nothing for "१२"; it is silent' in registry.notes()


@pytest.mark.parametrize("text", ["谢谢", "Say дом now.", "مرحبا", "½", "Donaudampfschifffahrtsgesellschaft"])
def test_a_line_that_hibari_cannot_read_is_spoken_by_espeak(tmp_path: Path, text: str) -> None:
    speaker = Speaker(registry.choose("en"), Cache(tmp_path))
    espeak = Speaker(registry.choose("en", VoiceWish(name="espeak")), Cache(tmp_path / "espeak"))
    speaker.prepare([english("Lift."), english(text)])
    assert speaker.who(english("Lift.")).engine.name == "hibari"
    assert speaker.identity(english(text)) == espeak.identity(english(text))
    assert np.array_equal(speaker.clip(english(text)).samples, espeak.clip(english(text)).samples)


@pytest.mark.parametrize("text", ["Naïve café, Łódź.", "H₂O", "１２", "x²"])
def test_accents_and_figures_are_read_by_hibari(tmp_path: Path, text: str) -> None:
    assert Speaker(registry.choose("en"), Cache(tmp_path)).who(english(text)).engine.name == "hibari"


def test_a_word_in_another_alphabet_is_read_where_it_is_said_how_it_sounds(tmp_path: Path) -> None:
    pronounced = Pronunciations([Pronunciation("谢谢", "shyeh shyeh")])
    speaker = Speaker(registry.choose("en"), Cache(tmp_path), pronunciations=pronounced)
    assert speaker.who(english("谢谢")).engine.name == "hibari"


def test_a_cache_that_keeps_nothing_is_no_failure(recorder: Recorder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    voice = ChosenVoice(engine=recorder, info=recorder.default_voice("en"))
    assert Speaker(voice, Cache(tmp_path / "file")).clip(english("Lift.")).frames > 0


def test_clips_cannot_be_changed_by_who_gets_them(speaker: Speaker) -> None:
    with pytest.raises(ValueError, match="read-only"):
        speaker.clip(english("Lift.")).samples[0] = 1


def test_prepare_speaks_each_line_once_and_tells_how_far_it_is(
    speaker: Speaker, recorder: Recorder, tmp_path: Path
) -> None:
    lines = [english(f"Cue {number % 7}.") for number in range(30)]
    told: list[tuple[int, int]] = []
    speaker.prepare(lines, progress=lambda done, total: told.append((done, total)))
    assert sorted(text for text, _, _ in recorder.said) == [f"Cue {number}." for number in range(7)]
    assert told == sorted(told)
    assert told[-1] == (7, 7)
    assert Cache(tmp_path).usage()["line"].entries == 7
    speaker.prepare([])


@pytest.mark.parametrize(("jobs", "most"), [(None, 3), (1, 1), (2, 2)])
def test_prepare_speaks_as_many_at_once_as_the_engine_can(
    speaker: Speaker, recorder: Recorder, jobs: int, most: int
) -> None:
    recorder.slow = 0.02
    speaker.prepare([english(f"Cue {number}.") for number in range(9)], jobs=jobs)
    assert recorder.most_at_once == most


def test_prepare_ends_at_the_first_line_that_cannot_be_spoken(speaker: Speaker, recorder: Recorder) -> None:
    recorder.slow = 0.005
    with pytest.raises(VoiceError, match="cannot say fail"):
        speaker.prepare([english("fail"), *(english(f"Cue {number}.") for number in range(500))])
    assert len(recorder.said) < 250


def test_an_interrupted_prepare_ends_the_engine_and_starts_no_more(speaker: Speaker, recorder: Recorder) -> None:
    recorder.slow = 0.01

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        speaker.prepare([english(f"Cue {number}.") for number in range(300)], progress=interrupt)
    said = len(recorder.said)
    assert said < 100
    assert recorder.closed == 1
    time.sleep(0.05)
    assert len(recorder.said) == said


def test_threads_that_want_the_same_line_share_it(speaker: Speaker, recorder: Recorder) -> None:
    recorder.slow = 0.02
    with ThreadPoolExecutor(8) as pool:
        clips = list(pool.map(speaker.clip, [english("Lift."), english("Hold.")] * 20))
    assert len(recorder.said) == 2
    assert len({clip.samples.tobytes() for clip in clips}) <= 2


def test_few_lines_are_held_in_memory(tones: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicecoach.speech.speaker.HELD_BYTES", 1_000_000)
    lines = [english(f"[pause {seconds}s]") for seconds in range(20, 30)]
    tracemalloc.start()
    try:
        for line in lines:
            tones.clip(line)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 5_000_000, "of the 22 MB that they have together"
    assert [tones.frames(line) for line in lines] == [seconds * RATE for seconds in range(20, 30)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(["Lift", "hold", "[pause 0.3s]", "and", "rest."]), max_size=8))
def test_frames_is_the_length_of_the_clip(tones: Speaker, words: list[str]) -> None:
    line = english(" ".join(words))
    assert tones.frames(line) == tones.clip(line).frames


@pytest.mark.slow
def test_the_first_sound_from_a_warm_cache_loads_no_codec_and_starts_nothing(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from voicecoach.store.cache import Cache
from voicecoach.speech import registry
from voicecoach.speech.speaker import Speaker
from voicecoach.timeline.model import Line
frames = Speaker(registry.choose("de"), Cache(Path(sys.argv[1]))).frames(Line("Heben.", "de"))
print(frames, "av" in sys.modules, "subprocess" in sys.modules)
"""
    cold, warm = (
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, capture_output=True, text=True)
        for _ in range(2)
    )
    frames, *cold_loaded = cold.stdout.split()
    assert int(frames) > 0
    assert cold_loaded == ["False", "True"]
    assert warm.stdout.split() == [frames, "False", "False"]


def swell(hertz: float, seconds: float, rate: int) -> Clip:
    """A tone that comes and goes."""
    time = np.arange(round(seconds * rate)) / rate
    return mono(np.sin(np.pi * time / seconds) ** 2 * np.sin(2 * np.pi * hertz * time), rate)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("seconds", [0.02, 0.61234, 2.0])
def test_at_another_rate_it_is_the_same_sound_at_the_same_time(rate: int, seconds: float) -> None:
    heard = finish.resampled(swell(1111.0, seconds, rate), RATE)
    wanted = swell(1111.0, seconds, RATE)
    assert heard.seconds == pytest.approx(wanted.seconds, abs=1 / rate + 1 / RATE)
    both = min(heard.frames, wanted.frames)
    assert np.abs(heard.samples[:both] - wanted.samples[:both]).max() < 2e-3


def test_what_the_rate_cannot_carry_is_left_out() -> None:
    heard = finish.resampled(swell(30_000.0, 0.5, 96_000), RATE)
    assert np.abs(heard.samples).max() < 1e-3


@pytest.mark.parametrize("frames", range(1, 40))
def test_the_shortest_clips_have_another_rate_too(frames: int) -> None:
    heard = finish.resampled(mono(np.full(frames, 0.5), 22_050), RATE)
    assert heard.frames == 2 * frames
    assert np.isfinite(heard.samples).all()


def test_numpy_is_imported_before_a_thread_loads_what_stands_on_it() -> None:
    """Where that fails while another thread imports numpy too, that one would find half of it."""
    program = (
        "import sys; from voicecoach.speech import loads; loads.begin(lambda: None); print('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "True\n"
