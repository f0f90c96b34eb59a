"""Neural voices: loaded once, repeatable, found by name or path, and fetched whole or not at all."""

from __future__ import annotations

import hashlib
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import fake_piper
import pytest

from voicecoach.errors import UnknownVoiceError, VoiceError
from voicecoach.speech import piper, piper_install
from voicecoach.speech.engine import Manner
from voicecoach.speech.fetch import Progress, fetch_all
from voicecoach.speech.piper import PiperEngine
from voicecoach.store import folders

NAME = "en_US-joe-medium"
CARD = "# Model card for joe (medium)\n\n## Dataset\n\n* URL: https://example.org\n* License: CC0\n"


def description(language: str = "en_US") -> str:
    return json.dumps(
        {"audio": {"sample_rate": 22_050}, "inference": {"length_scale": 1.0}, "language": {"code": language}}
    )


def put(name: str, language: str | None = None, folder: Path | None = None) -> Path:
    folder = folder or folders.voices()
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / f"{name}.onnx"
    model.write_bytes(b"model")
    (folder / f"{name}.onnx.json").write_text(description(language or name[:5]))
    return model


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> PiperEngine:
    monkeypatch.setitem(sys.modules, "piper", fake_piper)
    monkeypatch.setattr(piper, "package_version", lambda name: "1.8.0")
    fake_piper.loads.clear()
    return PiperEngine()


def test_what_is_missing_is_told_with_what_would_help(engine: PiperEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "voicecoach voices install" in str(engine.available())
    assert engine.voices() == ()
    with pytest.raises(UnknownVoiceError, match=r'piper has no voice for "de" here.*voicecoach voices install'):
        engine.default_voice("de")

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    put(NAME)
    voice = engine.find_voice(NAME)
    monkeypatch.setattr(piper, "package_version", missing)
    monkeypatch.setitem(sys.modules, "piper", None)
    assert "pip install voicecoach[piper]" in str(engine.available())
    for use in (engine.version, lambda voice: engine.speak("Lift.", voice, Manner())):
        with pytest.raises(VoiceError, match="pip install voicecoach"):
            use(voice)


def test_voices_are_the_files_that_describe_themselves(engine: PiperEngine) -> None:
    put(NAME)
    put("de_DE-thorsten-low")
    (folders.voices() / "alone.onnx").write_bytes(b"model")
    (put("broken").with_name("broken.onnx.json")).write_text("{")
    (put("other").with_name("other.onnx.json")).write_text('{"language": 3}')
    (folders.voices() / f"{NAME}.MODEL_CARD").write_text(CARD)
    assert [(voice.name, voice.language, voice.licence) for voice in engine.voices()] == [
        ("de_DE-thorsten-low", "de-DE", ""),
        (NAME, "en-US", "CC0"),
    ]


def test_the_voice_for_a_language_is_of_the_nearest_region_and_medium(engine: PiperEngine) -> None:
    for name in ("en_GB-alan-low", "en_GB-alba-medium", "en_US-amy-low", "en_US-ryan-high", NAME, "pt_PT-tugao-medium"):
        put(name)
    found = [engine.default_voice(language).name for language in ("en", "en-GB", "en-AU", "pt", "en_us")]
    assert found == [NAME, "en_GB-alba-medium", "en_GB-alba-medium", "pt_PT-tugao-medium", NAME]


def test_a_file_anywhere_is_a_voice_by_its_path(engine: PiperEngine, tmp_path: Path) -> None:
    model = put("coach", "de", tmp_path / "mine")
    voice = engine.find_voice(str(model))
    assert (voice.name, voice.language, voice.label) == (str(model.resolve()), "de", "coach")
    assert engine.speak("Heben.", voice, Manner()).seconds > 0.2
    with pytest.raises(UnknownVoiceError, match="no voice file at"):
        engine.find_voice(str(tmp_path / "nowhere.onnx"))
    model.with_name("coach.onnx.json").unlink()
    with pytest.raises(UnknownVoiceError, match=r"coach\.onnx\.json is not beside it"):
        engine.find_voice(str(model))


def test_a_voice_is_loaded_once_and_two_are_held(engine: PiperEngine) -> None:
    voices = [engine.find_voice(put(name).stem) for name in (NAME, "en_GB-alan-low", "de_DE-thorsten-low")]
    for voice in (voices[0], voices[1], voices[0], voices[2], voices[0], voices[1]):
        engine.speak("Lift.", voice, Manner())
    assert [Path(path).stem for path in fake_piper.loads] == [
        NAME, "en_GB-alan-low", "de_DE-thorsten-low", "en_GB-alan-low"
    ]  # fmt: skip


def test_threads_load_a_voice_once(engine: PiperEngine) -> None:
    voice = engine.find_voice(put(NAME).stem)
    threads = [threading.Thread(target=engine.speak, args=("Lift.", voice, Manner())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake_piper.loads) == 1


def test_every_sentence_is_heard_and_a_single_word_is_not_cut_short(engine: PiperEngine) -> None:
    voice = engine.find_voice(put(NAME).stem)
    one, other, both, bare = (
        engine.speak(text, voice, Manner()).frames for text in ("Lift!", "Hold it.", "Lift! Hold it.", "Lift")
    )
    assert both == one + other
    assert bare == one


def test_another_file_under_the_same_name_is_another_version(engine: PiperEngine) -> None:
    model = put(NAME)
    voice = engine.find_voice(NAME)
    before = engine.version(voice)
    model.write_bytes(b"another model")
    assert engine.version(voice) != before


def test_a_file_that_is_no_model_is_an_error(engine: PiperEngine) -> None:
    put(NAME).write_bytes(b"junk")
    with pytest.raises(VoiceError, match=rf"{NAME}\.onnx: is no voice that piper can load: Protobuf"):
        engine.speak("Lift.", engine.find_voice(NAME), Manner())


def test_text_that_says_nothing_is_an_empty_clip(engine: PiperEngine) -> None:
    assert engine.speak("…", engine.find_voice(put(NAME).stem), Manner()).frames == 0


# --- fetching -------------------------------------------------------------------------------------------------------

MODEL = bytes(range(256)) * 1000
FILES = {
    f"en/en_US/joe/medium/{NAME}.onnx": MODEL,
    f"en/en_US/joe/medium/{NAME}.onnx.json": description().encode(),
    "en/en_US/joe/medium/MODEL_CARD": CARD.encode(),
}


class Published:
    """A web server with an index and the files of one voice, which a test may damage."""

    def __init__(self) -> None:
        self.files = dict(FILES)
        self.index: object = {
            NAME: {
                "key": NAME,
                "files": {
                    path: {"size_bytes": len(content), "md5_digest": hashlib.md5(content).hexdigest()}
                    for path, content in FILES.items()
                },
                "aliases": ["en-us-joe-medium"],
            },
            "de_DE-thorsten-medium": {"files": {}, "aliases": []},
        }
        self.asked: list[str] = []
        published = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.removeprefix("/voices/")
                published.asked.append(path)
                content = json.dumps(published.index).encode() if path == "voices.json" else published.files.get(path)
                if content is None:
                    self.send_error(404)
                    return
                self.send_response(200)
                promised = len(FILES.get(path, content))
                self.send_header("Content-Length", str(promised))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments: object) -> None:
                """Nothing on standard error."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.source = f"http://127.0.0.1:{self.server.server_port}/voices"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def published() -> Iterator[Published]:
    server = Published()
    yield server
    server.close()


def install(name: str, progress: Progress | None = None, *, source: str) -> Path:
    return fetch_all(piper_install.offer(name, source=source), progress)


def kept() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folders.voices().glob("*")}


def test_a_voice_is_fetched_with_its_card(engine: PiperEngine, published: Published) -> None:
    told: list[tuple[int, int]] = []
    model = install(NAME, lambda come, total: told.append((come, total)), source=published.source)
    assert model == folders.voices() / f"{NAME}.onnx"
    assert kept() == {
        f"{NAME}.onnx": MODEL, f"{NAME}.onnx.json": description().encode(), f"{NAME}.MODEL_CARD": CARD.encode()
    }  # fmt: skip
    total = sum(map(len, FILES.values()))
    assert told == sorted(told)
    assert told[-1] == (total, total)
    assert engine.find_voice(NAME).licence == "CC0"


def test_older_names_work_too(published: Published) -> None:
    assert install("en-us-joe-medium", source=published.source).stem == NAME


def test_an_unknown_name_names_near_ones(published: Published) -> None:
    with pytest.raises(
        UnknownVoiceError, match=r'piper has no voice called "en_US-jo-medium".*did you mean "en_US-joe-medium"'
    ):
        install("en_US-jo-medium", source=published.source)


@pytest.mark.parametrize("path", list(FILES))
@pytest.mark.parametrize("damage", ["shorter", "other", "missing"])
def test_what_comes_damaged_leaves_no_voice_and_nothing_unfinished(
    engine: PiperEngine, published: Published, path: str, damage: str
) -> None:
    content = published.files.pop(path)
    if damage != "missing":
        published.files[path] = content[:-1] if damage == "shorter" else content[:-1] + b"?"
    with pytest.raises(VoiceError, match=r"damaged or incomplete|cannot be fetched"):
        install(NAME, source=published.source)
    assert not any(name.endswith((".part", ".onnx")) for name in kept())
    assert engine.voices() == ()


def test_a_voice_that_was_there_stays_when_a_new_one_comes_damaged(published: Published) -> None:
    install(NAME, source=published.source)
    published.files[f"en/en_US/joe/medium/{NAME}.onnx"] = b"x" * len(MODEL)
    with pytest.raises(VoiceError):
        install(NAME, source=published.source)
    assert kept()[f"{NAME}.onnx"] == MODEL


def test_an_interrupted_fetch_leaves_nothing_unfinished(published: Published) -> None:
    def interrupt(come: int, total: int) -> None:
        if come > len(MODEL) // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install(NAME, interrupt, source=published.source)
    assert not any(name.endswith((".part", ".onnx")) for name in kept())


@pytest.mark.parametrize(
    "index",
    [
        [],
        {NAME: {"files": {}}},
        {NAME: {"files": {"a.onnx": {}}}},
        {NAME: 3},
        {"../x-y": {"files": FILES, "aliases": [NAME]}},
        {"../x-y": {"files": {f"../{path}": {"size_bytes": 1, "md5_digest": ""} for path in FILES}, "aliases": [NAME]}},
    ],
)
def test_an_index_that_is_none_is_an_error(published: Published, index: object) -> None:
    published.index = json.loads(json.dumps(index, default=lambda content: len(content)))
    with pytest.raises(VoiceError):
        install(NAME, source=published.source)
    assert kept() == {}


def test_without_a_network_it_says_so() -> None:
    with pytest.raises(VoiceError, match="the list of piper's voices cannot be fetched"):
        install(NAME, source="http://127.0.0.1:9/voices")


def test_a_folder_that_cannot_be_written_is_an_error(published: Published) -> None:
    folders.voices().parent.mkdir(parents=True)
    folders.voices().write_text("in the way")
    with pytest.raises(VoiceError, match="cannot be kept"):
        install(NAME, source=published.source)


def test_voices_come_over_an_encrypted_connection() -> None:
    assert piper_install.SOURCE.startswith("https://")


@pytest.mark.models
def test_the_fake_is_shaped_like_the_real_one() -> None:
    import piper as real

    for name in ("load", "synthesize"):
        known = getattr(real.PiperVoice, name).__code__.co_varnames
        mine = getattr(fake_piper.PiperVoice, name).__code__
        assert mine.co_varnames[: mine.co_argcount] == known[: mine.co_argcount]
    assert fake_piper.SynthesisConfig() == fake_piper.SynthesisConfig(**vars(real.SynthesisConfig()))
