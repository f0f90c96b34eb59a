"""What every test may count on."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Ctrl-C reaches the programs that tests start, also where the tests run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
