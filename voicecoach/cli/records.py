"""The package's log on standard error, for ``--verbose``."""

from __future__ import annotations

import logging
import platform
from importlib.metadata import version

from voicecoach import log
from voicecoach.cli import output


class _Records(logging.Handler):
    """Each with the seconds since the command began to listen."""

    def emit(self, record: logging.LogRecord) -> None:
        output.record(f"{record.relativeCreated / 1000:8.3f}  {record.getMessage()}")


_handler = _Records()
_logger = logging.getLogger(log.NAME)


def show(wanted: bool) -> None:
    """Shows what is recorded from now on, or no longer."""
    if not wanted:
        _logger.removeHandler(_handler)
        _logger.setLevel(logging.NOTSET)
    elif _handler not in _logger.handlers:
        _logger.addHandler(_handler)
        _logger.setLevel(logging.INFO)
        about = version("voicecoach"), platform.python_version(), platform.system()
        log.record("voicecoach %s, Python %s on %s", *about)
