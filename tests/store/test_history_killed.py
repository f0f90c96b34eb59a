"""Whatever ends the program, and when: the history opens, and every segment is there that was said to be kept.

``VOICECOACH_KILLS=500 pytest tests/store/test_history_killed.py`` kills as often.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from voicecoach.store.history import History

KILLS = int(os.environ.get("VOICECOACH_KILLS", "20"))
SESSIONS = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from voicecoach.store.history import History, SegmentDone, Why

def now():
    return datetime.now(timezone.utc)

with History.open(Path(sys.argv[1])) as history:
    while True:
        number = history.begin(script="bridge", title="Bridge", digest="", seed=0, started=now())
        for index in range(8):
            history.add(
                number,
                SegmentDone(index=index, kind="hold", name="Bridge", side=None, round=1, planned=20.0,
                            seconds=index / 10, why=Why.CLOCK, progression="bridge/bridge", target=20.0),
                now(),
            )
            print(number, index, flush=True)
        history.finish(number, now(), finished=True)
        print(number, "finished", flush=True)
"""
"""One session after the other, as fast as they go; a line for all that is kept, once it is."""


@pytest.mark.slow
def test_every_ended_segment_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    chance = random.Random(10)
    kept: set[tuple[int, str]] = set()
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", SESSIONS, str(path)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            told = [child.stdout.readline()]
            time.sleep(chance.uniform(0, 0.05))
            child.kill()
            told += child.stdout
        # a line that was cut off says nothing
        kept |= {(int(line.split()[0]), line.split()[1]) for line in told if line.endswith("\n")}
        with History.open(path) as history:
            found = {one.number: one for one in history.sessions()}
        for number, what in kept:
            session = found[number]
            if what == "finished":
                assert session.finished
            else:
                assert session.segments[int(what)].seconds == int(what) / 10
        # at most the segment that was being kept is there too
        assert sum(len(one.segments) for one in found.values()) <= len({k for k in kept if k[1] != "finished"}) + KILLS
    assert len(kept) > KILLS
