"""How long ``log`` and ``progress`` take on a history of very many sessions, beside what Python itself takes to start.

    python -m bench history [--sessions 10000] [--rounds 5]

The sessions are of twelve steps each, one of them a hold that grows. The ratio to an empty history is taken within a
round, so that the machine counts little.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from voicecoach.store import session_files
from voicecoach.store.history import History, SegmentDone, SessionDone, Why

STEPS = 12
COMMANDS = (
    ("log",),
    ("log", "--last", "20"),
    ("log", "show", "1"),
    ("progress",),
    ("progress", "bridge"),
    ("compile", "--estimate", "bridge-progression"),
)


def main(arguments: Sequence[str]) -> None:
    """Makes the history, measures, prints."""
    parser = argparse.ArgumentParser(prog="python -m bench history", description=__doc__, formatter_class=_Raw)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="voicecoach-bench-") as folder:
        full, empty = Path(folder) / "full", Path(folder) / "empty"
        write(full / "history.sqlite3", wanted.sessions)
        write(empty / "history.sqlite3", 1)
        size = (full / "history.sqlite3").stat().st_size / 1e6
        print(f"\n### {wanted.sessions:,} sessions of {STEPS} steps ({size:.1f} MB)\n")
        print("| command | seconds | with one session | times as long |")
        print("|---|---|---|---|")
        for words in COMMANDS:
            for home in (full, empty):
                _seconds(words, home)  # compiles the script
            pairs = [(_seconds(words, full), _seconds(words, empty)) for _ in range(wanted.rounds)]
            many, one = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(full / empty for full, empty in pairs)
            print(f"| {' '.join(words)} | {many:.2f} | {one:.2f} | {ratio:.2f} |")


_Raw = argparse.RawDescriptionHelpFormatter


def write(path: Path, count: int) -> None:
    """A history of so many sessions, one every twenty hours."""
    sessions = (_session(number) for number in range(count))
    with History.open(path) as history:
        history.add_json(session_files.as_json(sessions, ()))


def _session(number: int) -> SessionDone:
    started = datetime(2003, 1, 1, 7, tzinfo=timezone(timedelta(hours=1))) + timedelta(hours=20 * number)
    seconds = 20.0 + number % 60
    segments = tuple(
        SegmentDone(
            index=index,
            kind="hold",
            name="Bridge",
            side="left",
            round=1 + index,
            planned=20.0,
            seconds=seconds,
            why=Why.SLIPPED if number % 7 == 0 else Why.CLOCK,
            progression="bridge-progression/bridge" if index == STEPS // 2 else None,
            target=20.0 if index == STEPS // 2 else None,
        )
        for index in range(STEPS)
    )
    return SessionDone(
        number=number,
        script="bridge-progression",
        title="Bridge progression",
        digest="0" * 64,
        seed=0,
        started=started,
        ended=started + timedelta(minutes=10),
        finished=number % 10 != 0,
        segments=segments,
    )


def _seconds(words: Sequence[str], home: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "voicecoach", *words],
        env=os.environ | {"VOICECOACH_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began
