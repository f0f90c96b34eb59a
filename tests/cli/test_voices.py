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
from voicecoach.play import sinks
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.speech import hibari, hibari_install, piper
from voicecoach.store import folders

MODEL = b"a model" * 1000


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    return tmp_path


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

    @pytest.mark.parametrize("name", ["hibari:emma", "emma", "hibari:Emma"])
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
        assert not [file for file in folders.voices().rglob("*") if file.is_file()]
        assert run("voices", "--language", "en").stderr.count("hibari:heart") == 1

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
        ],
    )
    def test_what_is_not_to_be_had_is_told(self, published: Published, name: str, complaint: str) -> None:
        result = run("voices", "install", name)
        assert result.exit_code == 2
        assert complaint in result.stderr


def test_voices_come_over_an_encrypted_connection() -> None:
    assert hibari_install.SOURCE.startswith("https://")
