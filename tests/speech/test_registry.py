"""Which engine and voice a person gets for their wishes, and engines that come with other packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.errors import UnknownVoiceError
from voicecoach.speech import registry
from voicecoach.speech.engine import as_written, distance
from voicecoach.timeline.model import VoiceWish

NOTHING = VoiceWish()


def chosen(language: str, *wishes: VoiceWish) -> str:
    voice = registry.choose(language, *wishes)
    return f"{voice.engine.name}:{voice.info.name}"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))


def test_the_engines_that_ship() -> None:
    assert list(registry.engines()) == ["hibari", "espeak", "kokoro", "piper", "system", "tone"]
    assert registry.engine("tone") is registry.engines()["tone"]
    assert registry.broken() == {}


def test_without_wishes_an_embedded_voice_speaks() -> None:
    assert chosen("en") == "hibari:heart"
    assert chosen("en-GB") == "hibari:heart"
    assert chosen("de", NOTHING, NOTHING) == "espeak:de"
    assert registry.choose("de").language == "de"


@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("en-gb", "espeak:en-gb"),
        ("tone", "tone:tone"),
        ("tone:tone", "tone:tone"),
        ("espeak:en-us+f3", "espeak:en-us+f3"),
        ("espeak", "espeak:fr-fr"),
    ],
)
def test_a_name_alone_finds_its_engine(name: str, voice: str) -> None:
    assert chosen("fr", VoiceWish(name=name)) == voice


@pytest.mark.parametrize("wishes", [(VoiceWish(engine="tone"),), (NOTHING, VoiceWish(engine="tone"), NOTHING)])
def test_an_engine_alone_takes_its_own_choice_of_voice(wishes: tuple[VoiceWish, ...]) -> None:
    assert chosen("en", *wishes) == "tone:tone"


def test_field_by_field_the_first_wish_wins() -> None:
    voice = registry.choose(
        "en", VoiceWish(rate=1.2), VoiceWish(name="en-gb", rate=0.8, pitch=1.1), VoiceWish(name="de", volume=0.5)
    )
    assert voice.info.name == "en-gb"
    assert (voice.manner.rate, voice.manner.pitch, voice.manner.volume) == (1.2, 1.1, 0.5)


def test_where_engine_and_name_do_not_go_together_the_earlier_wish_wins() -> None:
    assert chosen("en", VoiceWish(engine="tone"), VoiceWish(name="en-gb")) == "tone:tone"
    assert chosen("en", VoiceWish(name="en-gb"), VoiceWish(engine="tone")) == "espeak:en-gb"
    with pytest.raises(UnknownVoiceError, match='tone has no voice called "en-gb"'):
        chosen("en", VoiceWish(engine="tone", name="en-gb"))


def test_a_name_of_another_language_counts_only_in_the_call_itself() -> None:
    assert chosen("de", VoiceWish(name="en-gb")) == "espeak:en-gb"
    assert chosen("de", NOTHING, VoiceWish(name="en-gb")) == "espeak:de"
    assert chosen("de", NOTHING, VoiceWish(name="en-gb"), VoiceWish(name="de+f2")) == "espeak:de+f2"
    assert chosen("de", NOTHING, VoiceWish(name="tone")) == "tone:tone"


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        (VoiceWish(engine="espaek"), r'no engine is called "espaek" \(did you mean "espeak"'),
        (VoiceWish(name="en-usa"), r'no voice is called "en-usa" \(did you mean "en-us"'),
        (VoiceWish(name="espeak:nobody"), 'espeak has no voice called "nobody"'),
        (VoiceWish(engine="piper"), 'piper has no voice for "en" here'),
        (VoiceWish(name="/nowhere/voice.onnx"), "no voice file at /nowhere/voice.onnx"),
    ],
)
def test_what_is_not_there_is_an_error_that_helps(wish: VoiceWish, complaint: str) -> None:
    with pytest.raises(UnknownVoiceError, match=complaint) as error:
        registry.choose("en", wish)
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (VoiceWish(name="Nobody"), 'no voice is called "Nobody"'),
        (VoiceWish(engine="nobody"), 'no engine is called "nobody"'),
        (VoiceWish(engine="piper"), 'piper has no voice for "de"'),
        (VoiceWish(engine="piper", name="de_DE-x-low"), "piper has no voice called"),
    ],
)
def test_a_later_wish_that_cannot_be_met_is_passed_over_and_told(wish: VoiceWish, why: str) -> None:
    voice = registry.choose("de", NOTHING, wish)
    assert (voice.engine.name, voice.info.name) == ("espeak", "de")
    assert [told.by for told in voice.unmet] == [1]
    assert why in voice.unmet[0].why


def test_a_language_that_nobody_speaks() -> None:
    voice = registry.choose("xx")
    assert (voice.info.name, voice.language) == ("heart", "xx")
    assert [(wish.by, 'no voice speaks the language "xx"' in wish.why) for wish in voice.unmet] == [(None, True)]
    assert not registry.choose("xx", VoiceWish(name="tone")).unmet
    with pytest.raises(UnknownVoiceError, match='espeak speaks no "xx"'):
        registry.choose("xx", VoiceWish(name="espeak"))


def test_tags() -> None:
    assert as_written("ZH_hant_tw") == "zh-Hant-TW"
    assert [distance("pt-BR", wanted) for wanted in ("pt_br", "pt", "pt-PT", "es")] == [0, 1, 2, 3]
    assert [distance("de-DE", wanted) for wanted in ("de", "de-AT")] == [1, 2]
    assert distance("de", "de-AT") == 2


def install(folder: Path, name: str, engines: str, module: str = "") -> None:
    """A package with entry points, as pip would leave it."""
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[voicecoach.engines]\n{engines}\n")
    (folder / f"{name}.py").write_text(module)


def run(folder: Path, program: str) -> str:
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); from voicecoach.speech import registry\n"
    result = subprocess.run([sys.executable, "-c", start + program], check=True, capture_output=True, text=True)
    assert result.stderr == ""
    return result.stdout


@pytest.mark.slow
def test_an_engine_of_another_package_is_one_like_ours(tmp_path: Path) -> None:
    module = """
from voicecoach.speech.tone import ToneEngine
class Choir(ToneEngine):
    name = "choir"
"""
    install(tmp_path, "choir", "choir = choir:Choir", module)
    said = run(
        tmp_path,
        "print(registry.choose('en', registry.VoiceWish(engine='choir')).engine.name, *registry.engines())",
    )
    assert said == "choir hibari espeak choir kokoro piper system tone\n"


@pytest.mark.slow
def test_an_engine_may_lie_deep_in_its_module(tmp_path: Path) -> None:
    module = """
from voicecoach.speech.tone import ToneEngine
class Engines:
    class Choir(ToneEngine):
        name = "choir"
"""
    install(tmp_path, "choir", "choir = choir:Engines.Choir [loud]", module)
    assert run(tmp_path, "print(registry.engine('choir').name)") == "choir\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "module"),
    [
        ("hum:Hum", "import nothing_like_that"),
        ("hum:Hum", "def oh no"),
        ("hum:Hum", ""),
        ("hum:Hum", "class Hum:\n    def __init__(self): raise RuntimeError('hm')"),
        ("nowhere:Hum", ""),
    ],
)
def test_a_broken_engine_breaks_none_of_the_others(tmp_path: Path, target: str, module: str) -> None:
    install(tmp_path, "hum", f"hum = {target}", module)
    said = run(
        tmp_path,
        """
print(*registry.engines())
print(*registry.broken())
print(registry.choose("en", registry.VoiceWish(name="en-gb")).info.name)
try:
    registry.choose("en", registry.VoiceWish(engine="hum"))
except registry.VoiceError as error:
    print(error)
""",
    )
    names, broken, voice, complaint = said.splitlines()
    assert (names, broken, voice) == ("hibari espeak kokoro piper system tone", "hum", "en-gb")
    assert complaint.startswith('the engine "hum" cannot be loaded: ')


@pytest.mark.slow
def test_no_package_can_take_the_name_of_an_engine_that_ships(tmp_path: Path) -> None:
    install(tmp_path, "usurper", "espeak = usurper:Espeak", "raise RuntimeError")
    assert run(tmp_path, "print(type(registry.engine('espeak')).__name__)") == "EspeakEngine\n"
