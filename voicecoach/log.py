"""What happens at the seams, told to whoever looks for a fault: the records of the standard logger ``voicecoach``.

The package leaves the logging of its host alone: it adds no handler and sets no level, and ``--verbose`` of the command
line is a host like any other. To import ``logging`` takes a twentieth of an export of which everything is kept. So it
is not imported here: as long as nobody has done so, nobody listens.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

NAME = "voicecoach"
"""Of the logger."""


def record(text: str, *values: object) -> None:
    """Tells that something has happened; ``values`` are put into ``text`` as by ``%``, if anybody listens."""
    if "logging" in sys.modules:
        import logging

        logging.getLogger(NAME).info(text, *values, stacklevel=2)


@contextmanager
def timed(text: str, *values: object) -> Iterator[list[str]]:
    """Tells what has been done when it is, how long it took, and what was put on the list; nothing where it failed."""
    began = time.perf_counter()
    more: list[str] = []
    yield more
    record(f"{text} in %.3f s%s", *values, time.perf_counter() - began, "".join(f", {one}" for one in more))
