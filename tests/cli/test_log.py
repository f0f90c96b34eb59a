"""What happens inside is told to whoever asks for it: ``--verbose``, a host's own logging, and a report to send."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from voicecoach import log, pipeline
from voicecoach.cli import cli, output
from voicecoach.cli.display import FullScreen
from voicecoach.errors import SinkError
from voicecoach.export import lame
from voicecoach.play.backends import Device
from voicecoach.play.sinks import device
from voicecoach.play.sinks.device import DeviceSink, OpenDevice

SCRIPT = 'title = "Card"\n[[block]]\nsteps = [ { say = "Lie down." }, { hold = "6s" } ]\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of one's own under a home folder, and a script in the current one."""
    home = tmp_path / "homes" / "anna"
    (home / "voicecoach" / "config").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("VOICECOACH_HOME", str(home / "voicecoach"))
    monkeypatch.chdir(tmp_path)
    Path("card.toml").write_text(SCRIPT, encoding="utf-8")
    return home


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def export(*more: str) -> list[str]:
    """The lines on standard error."""
    return run("export", "card.toml", "--voice", "tone", *more).stderr.splitlines()


class TestVerbose:
    @pytest.mark.slow
    def test_it_logs_the_stages_with_their_times(self) -> None:
        lame.library.cache_clear()
        lines = export("--verbose")
        assert all(re.match(r" *\d+\.\d{3}  ", line) for line in lines[:-1])
        told = [re.sub(r"^ *\d+\.\d{3}  ", "", line) for line in lines]
        assert told[0].startswith("voicecoach 0.")
        assert re.fullmatch(r"card\.toml compiled in \d+\.\d{3} s, anew", told[1])
        assert told[2].startswith('tone:tone speaks "en"')
        assert told[3] == "0 of 6 lines were kept"
        assert [line for line in told if line.startswith("MP3 by ")]
        assert re.fullmatch(r"card\.mp3 written in .*, 0 times from the cache, [1-9]\d* times not", told[-2])

    @pytest.mark.slow
    def test_it_tells_what_was_kept(self) -> None:
        export()
        told = "\n".join(export("-v"))
        assert "which was kept" in told
        assert "6 of 6 lines were kept" in told
        assert re.search(r"[1-9]\d* times from the cache, 0 times not", told)

    @pytest.mark.slow
    def test_without_it_nothing_is_logged_even_after_a_call_with_it(self) -> None:
        assert export("-v")
        assert export() == []
        assert not logging.getLogger(log.NAME).handlers

    @pytest.mark.slow
    def test_the_last_of_quiet_and_verbose_holds(self) -> None:
        assert len(export("-v", "-q")) == 1
        assert len(export("-q", "-v")) > 1

    def test_what_another_thread_does_is_told_too(self) -> None:
        told = run("play", "card.toml", "--voice", "tone", "--output", "memory", "-v").stderr
        assert re.search(r"step 1 placed and spoken in \d\.\d{3} s", told)

    def test_while_the_screen_is_drawn_it_waits(self, capsys: pytest.CaptureFixture[str]) -> None:
        with FullScreen(Console(file=StringIO())):
            output.record("a device was lost")
            assert capsys.readouterr().err == ""
        assert capsys.readouterr().err == "a device was lost\n"

    def test_an_escape_sequence_in_it_reaches_no_terminal(self) -> None:
        Path("card.toml").write_text(SCRIPT.replace("Card", r"\u001b[2JCard"), encoding="utf-8")
        assert "\x1b" not in "\n".join(export("-v"))


class TestHost:
    def test_a_program_gets_the_records_from_the_standard_logger(self, caplog: pytest.LogCaptureFixture) -> None:
        pipeline.compiled("card.toml")
        assert caplog.messages == []
        caplog.set_level(logging.INFO, "voicecoach")
        pipeline.compiled("card.toml")
        assert len(caplog.messages) == 1
        assert re.fullmatch(r"card\.toml compiled in \d\.\d{3} s, which was kept", caplog.messages[0])

    def test_nothing_is_said_of_what_failed(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "voicecoach")
        with pytest.raises(ZeroDivisionError), log.timed("divided"):
            raise ZeroDivisionError
        assert caplog.messages == []

    def test_a_lost_device_is_recorded(self, caplog: pytest.LogCaptureFixture) -> None:
        class Silent:
            """Asks for nothing, as one that was pulled out."""

            def close(self) -> None:
                pass

        def opener(*_: object, **__: object) -> OpenDevice:
            return Silent()

        caplog.set_level(logging.INFO, "voicecoach")
        sink = DeviceSink(opener=opener, lost_after=0.01)
        sink.start(lambda frames: pytest.fail("nobody asks"), 8000, 1)
        try:
            deadline = time.monotonic() + 10
            while not caplog.messages and time.monotonic() < deadline:
                time.sleep(0.01)
        finally:
            sink.close()
        assert re.fullmatch(r"the device has not asked for sound for \d\.\d s: lost", caplog.messages[0])

    @pytest.mark.slow
    def test_logging_is_not_loaded_unless_somebody_wants_it(self) -> None:
        export()
        for flag, loaded in (("--quiet", "False"), ("--verbose", "True")):
            program = (
                "import sys; from voicecoach.cli import cli; "
                f"cli(['export', 'card.toml', '--voice', 'tone', '{flag}'], standalone_mode=False); "
                "print('logging' in sys.modules)"
            )
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            assert done.stdout.split() == [loaded]


class TestReport:
    @pytest.mark.slow
    def test_it_tells_versions_findings_and_configuration(self, home: Path) -> None:
        configuration = home / "voicecoach" / "config" / "config.toml"
        configuration.write_text('cache_limit = "20MB"\n[voice]\nengine = "tone"\n', encoding="utf-8")
        told = run("doctor", "--report").stdout
        for wanted in (
            r"^voicecoach \d",
            rf"^Python {sys.version_info.major}\.{sys.version_info.minor}\.",
            r"^numpy \d",
            r"^piper-tts(?:: not installed| \d)",
            r"^format \| ok \| MP3",
            r"^voice \| ok \| tone:tone",
            r"^cache_limit: 20\.0 MB$",
            r"^voice: engine tone$",
            r"^TERM=xterm-256color$",
            r"^MP3 by ",
        ):
            assert re.search(wanted, told, re.MULTILINE), wanted
        assert "pytest" not in told.partition("## packages")[2].partition("## findings")[0]

    @pytest.mark.slow
    def test_it_says_nothing_of_the_person(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("getpass.getuser", lambda: "anna")
        monkeypatch.setattr(sys, "executable", str(home / "venv" / "python"))
        monkeypatch.setenv("VOICECOACH_HOME", str(home.parent / "disk" / "anna" / "voicecoach"))
        told = run("doctor", "--report").stdout
        assert f"(CPython, ~{os.sep}venv{os.sep}python)" in told
        assert str(Path("disk", "USER", "voicecoach")) in told
        assert "anna" not in told

    @pytest.mark.slow
    def test_devices_are_counted_but_not_named(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(device, "devices", lambda: (Device("Anna’s headphones", "PulseAudio"),) * 2)
        configuration = home / "voicecoach" / "config" / "config.toml"
        configuration.write_text('device = "loudspeaker of Anna"\n', encoding="utf-8")
        told = run("doctor", "--report").stdout
        assert told.count("device | ok | … (PulseAudio)") == 2
        assert 'device | no | "…", which the configuration names, is not here' in told
        assert "Anna" not in told
        assert "Anna’s headphones (PulseAudio)" in run("doctor").stdout

    @pytest.mark.slow
    def test_it_is_written_to_a_file(self) -> None:
        result = run("doctor", "--report", "fault.txt")
        assert result.stdout == ""
        assert "fault.txt written: look through it" in result.stderr
        written = Path("fault.txt").read_text(encoding="utf-8")
        assert written.startswith("## system\nvoicecoach ")
        assert "## configuration" in written

    @pytest.mark.slow
    def test_a_file_that_cannot_be_written_is_told(self) -> None:
        result = run("doctor", "--report", "nowhere/fault.txt")
        assert result.exit_code == 1
        assert "no such file or directory: nowhere" in result.stderr

    @pytest.mark.slow
    def test_without_a_login_it_is_made_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def nobody() -> str:
            raise KeyError("getpwuid(): uid not found: 4711")

        monkeypatch.setattr("getpass.getuser", nobody)
        assert "## findings" in run("doctor", "--report").stdout

    @pytest.mark.slow
    def test_no_device_at_all_is_a_finding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def none() -> tuple[()]:
            raise SinkError("no library for sound")

        monkeypatch.setattr(device, "devices", none)
        assert "device | no | no library for sound" in run("doctor", "--report").stdout
