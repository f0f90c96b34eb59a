"""``voicecoach serve`` as a person calls it."""

from __future__ import annotations

import http.client
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from terminals import Terminal, without_colours
from terminals import require as require_terminal

from voicecoach.cli import cli, serve
from voicecoach.serve import addresses

SHORT = 'title = "Short"\n[[block]]\nsteps = [{ say = "Begin." }, { work = "5s", name = "March" }]\n'


@contextmanager
def called(*args: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, and the first line that it prints."""
    group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # on Windows, so that only it hears of the end
    with subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "serve", *args],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, creationflags=group,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def interrupt(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Ctrl-C: the exit code, and what was told."""
    process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
    _, told = process.communicate(timeout=30)
    return process.returncode, told


def status(address: str) -> int:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", parts.path or "/")
    answer = connection.getresponse().status
    connection.close()
    return answer


@pytest.mark.slow
class TestARun:
    @pytest.fixture
    def script(self, tmp_path: Path) -> str:
        path = tmp_path / "short.toml"
        path.write_text(SHORT, encoding="utf-8")
        return str(path)

    def test_it_prints_an_address_lets_in_and_ends_with_ctrl_c(self, script: str) -> None:
        with called(script, "--voice", "tone", "--port", "0") as (process, address):
            assert address.startswith("http://127.0.0.1:")
            assert status(address) == 303
            assert status(address[:-1]) == 403
            assert status(address.partition("/in/")[0]) == 403
            code, told = interrupt(process)
        assert code == 0
        assert "for this machine only; --lan lets a phone in the same Wi-Fi in" in told
        assert "serving 1 workout; Ctrl-C ends it" in told
        assert "Traceback" not in told
        with pytest.raises(OSError):
            status(address)

    def test_a_signal_to_end_leaves_nothing_behind(
        self, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        for name in ("TMPDIR", "TEMP", "TMP"):
            monkeypatch.setenv(name, str(scratch))
        with called(script, "--voice", "tone", "--port", "0") as (process, _):
            assert list(scratch.iterdir())
            if sys.platform != "win32":
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=30)
            else:
                interrupt(process)
        assert list(scratch.iterdir()) == []

    def test_without_a_script_there_are_all_and_new_ones(self) -> None:
        with called("--port", "0") as (process, address):
            assert status(address) == 303
            _, told = interrupt(process)
        assert int(told.partition("serving ")[2].partition(" ")[0]) > 20

    def test_two_run_beside_each_other(self, script: str) -> None:
        with called(script, "--voice", "tone") as (_, one), called(script, "--voice", "tone") as (_, other):
            assert urlsplit(one).port != urlsplit(other).port
            assert status(one) == status(other) == 303

    def test_on_a_terminal_there_is_a_code_for_the_phone(self, script: str) -> None:
        require_terminal()
        ours = addresses.local()
        if not ours:
            pytest.skip("this machine is in no local network")
        for more, drawn in (([], True), (["--plain"], False)):
            with Terminal({**os.environ}, columns=80, rows=40) as terminal:
                command = [sys.executable, "-m", "voicecoach", "serve", script, "--voice", "tone", "--lan", *more]
                terminal.types(" ".join(command) + "\r")
                shown = terminal.until("Ctrl-C ends it")
                terminal.types("\x03")
                terminal.until("nobody is served any more")
            assert f"http://{ours[0]}:" in without_colours(shown)
            assert ("▀" in shown) == drawn


def test_the_code_is_drawn_as_it_is() -> None:
    rows = [bytes([0, 1, 0, 1]), bytes([0, 0, 1, 1])]
    assert "".join(serve._halves(*rows)) == " ▀▄█"


class TestWhatIsRefused:
    def refused(self, *args: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["serve", *args])
        return done.exit_code, done.output

    def test_what_is_not_installed_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        find = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else find(name))
        code, told = self.refused()
        assert code == 1
        assert 'serving needs the extra "serve" (pip install "voicecoach[serve]"): there is no uvicorn' in told

    def test_without_a_network_there_is_no_lan(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(addresses, "local", tuple)
        code, told = self.refused("--lan")
        assert code == 1
        assert "this machine is in no local network (join the Wi-Fi that the phone is in)" in told

    def test_two_wishes_for_where_to_listen_exclude_each_other(self) -> None:
        code, told = self.refused("--lan", "--host", "127.0.0.1")
        assert (code, "--lan and --host exclude each other" in told) == (2, True)

    @pytest.mark.parametrize(
        ("args", "told"),
        [
            (("--host", "198.51.100.9"), "198.51.100.9: is no address of this machine"),
            (("--host", ""), "it is empty"),
            (("--port", "70000"), "70000 is not in the range"),
            (("-",), "standard input is read once"),
            (("no-such-workout",), "no-such-workout"),
        ],
    )
    def test_a_wrong_call_is_told(self, args: tuple[str, ...], told: str) -> None:
        code, said = self.refused(*args)
        assert code in (1, 2)
        assert told in said

    def test_two_scripts_of_one_name_are_told(self, tmp_path: Path) -> None:
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "run.toml").write_text(SHORT, encoding="utf-8")
        code, told = self.refused(str(tmp_path / "a" / "run.toml"), str(tmp_path / "b" / "run.toml"))
        assert code == 2
        assert "would both be run" in told

    @pytest.mark.slow
    def test_help_loads_no_web_server(self) -> None:
        code = (
            "import sys; from voicecoach.cli import serve; print({'starlette', 'uvicorn', 'segno'} & set(sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "set()"
