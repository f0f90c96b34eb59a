"""What every test may count on, whatever the environment is that it was started in.

Tests marked ``models`` need packages that nobody else does, and run only where ``-m`` names the mark.
Two options serve the checks: ``--shuffle SEED`` runs files and the tests in them in a random order, and
``--within SECONDS`` fails a run that takes longer, naming its slowest tests.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import Browser
from browsers import require as require_browser
from hypothesis import settings

KNOWN = {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "TZ": "UTC"}
"""What the environment says to every test, and to every program that a test starts: no desktop is to hear of them."""
UNSET = ("CLICOLOR", "COLORTERM", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "PYTHONIOENCODING", "PYTHONUTF8")
"""What it does not say."""
_SLOWEST = 10
_began = time.monotonic()
_homes = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", type=int, metavar="SEED", help="run the tests in the random order of this seed")
    parser.addoption("--within", type=float, metavar="SECONDS", help="fail where all of it takes longer")


def pytest_configure() -> None:
    os.environ.update(KNOWN)
    # what is loaded as tests are collected finds nobody's home either
    os.environ["VOICECOACH_HOME"] = str(Path(tempfile.gettempdir()) / f"voicecoach-nobody-{os.getpid()}")
    for name in UNSET:
        os.environ.pop(name, None)
    os.umask(0o022)
    # how long an example takes says nothing on a machine that has other things to do
    settings.register_profile("unhurried", deadline=None)
    settings.load_profile("unhurried")
    if hasattr(time, "tzset"):
        time.tzset()
    # Ctrl-C reaches the programs that tests start, also where the tests run in the background of a shell
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "models" not in config.getoption("-m"):
        unwanted = [item for item in items if item.get_closest_marker("models") is not None]
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if item not in unwanted]
    seed = config.getoption("--shuffle")
    if seed is not None:
        order = random.Random(seed)
        places = {path: order.random() for path in dict.fromkeys(item.path for item in items)}
        items.sort(key=lambda item: (places[item.path], order.random()))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.OK and _late(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _late(config):
        reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
        reports.sort(key=lambda report: -report.duration)
        terminalreporter.section(f"more than {config.getoption('--within'):g} s; the slowest tests, to be marked slow:")
        for report in reports[:_SLOWEST]:
            terminalreporter.line(f"{report.duration:6.2f} s  {report.nodeid}")


def _late(config: pytest.Config) -> bool:
    limit = config.getoption("--within")
    return limit is not None and time.monotonic() - _began > limit


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration, scripts or cache but those that a test makes itself; the folder is not there yet."""
    home: Path = tmp_path_factory.getbasetemp() / f"nobody{next(_homes)}"
    monkeypatch.setenv("VOICECOACH_HOME", str(home))


@pytest.fixture(autouse=True)
def no_notes() -> None:
    """No test is told what became of the voices of another."""
    from voicecoach.speech import registry

    registry._notes.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser, one for all tests; each page in it knows nothing of the others."""
    with Browser(require_browser()) as started:
        yield started
