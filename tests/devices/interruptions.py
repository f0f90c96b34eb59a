"""Syncs an album onto a folder again and again, and kills the process that does it at a random moment each time.

``python interruptions.py TOP STAGING TIMES``: after each kill, nothing else on the device has changed, and the next run
makes it what it would have been. What is not so is an error.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import deliveries

FOREIGN = {
    "Music/Mine/song.mp3": b"mine",
    "Music/Bridge/cover.jpg": b"mine too",
    "Photos/a.jpg": bytes(100_000),
    "voicecoach/readme.txt": b"not a note",
}


def put_foreign(top: Path) -> None:
    for path, content in FOREIGN.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content)


def interrupted(top: Path, staging: Path, wanted: deliveries.Album, after: float) -> bool:
    """Whether a sync was killed so many seconds after it began; otherwise it had ended."""
    child = os.fork()
    if child == 0:
        try:
            deliveries.synced(top, wanted, staging)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def check(top: Path, staging: Path, times: int) -> int:
    """How many syncs were killed in the middle."""
    put_foreign(top)
    chosen = random.Random(times)
    begin = time.perf_counter()
    deliveries.synced(top, deliveries.album(-1), staging)
    lasts = time.perf_counter() - begin
    killed = 0
    for number in range(times):
        wanted = deliveries.album(number, tracks=chosen.randrange(4, 12)) if number % 9 else {}
        hit = interrupted(top, staging, wanted, chosen.uniform(0.2, 1.0) * lasts)
        killed += hit
        lasts *= 1.02 if hit else 0.9  # the machine may be quicker by now, or slower
        there = deliveries.tree(top)
        assert all(there[path] == content for path, content in FOREIGN.items()), f"{number}: something else was touched"
        deliveries.synced(top, wanted, staging)
        there = deliveries.without_notes(deliveries.tree(top))
        mine = {path: content for path, content in FOREIGN.items() if not path.startswith("voicecoach/")}
        assert there == {**mine, **wanted}, f"{number}: {sorted(there)}"
        again = deliveries.synced(top, wanted, staging)
        assert not again.of("copy", "replace", "remove", "stay"), f"{number}: not complete"
    return killed


if __name__ == "__main__":
    print(check(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))  # noqa: T201
