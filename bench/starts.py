"""How soon a command says something, and a session sounds, beside what Python takes to import click.

    python -m bench starts [--rounds 5] [--script glute-bridge] [--steps 10000]

Wall seconds until the first of its output, or the first frame that sounds, and the CPU seconds spent by then; the
process is ended there. *Cold* is an empty cache, *warm* one in which all is kept, and for ``play`` a history too. Every
round measures all, one after the other; ratios to the import are of CPU seconds, within a round. Needs a system with
pseudo-terminals.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import pty
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import voicecoach
from voicecoach.store import session_files
from voicecoach.store.history import History
from voicecoach.store.sessions import SessionDone

_LAUNCHER = """
import json, os, signal, sys, time
out, into = os.pipe()
os.set_inheritable(into, True)
start = time.perf_counter()
both = [(os.POSIX_SPAWN_DUP2, into, to) for to in (1, 2)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=both)
os.close(into)
said = os.read(out, 1)
took = time.perf_counter() - start
os.kill(child, signal.SIGKILL)
_, _, usage = os.wait4(child, 0)
print(json.dumps([bool(said), took, usage.ru_utime + usage.ru_stime]))
"""
"""Ends a command as soon as it says something."""

_LISTENER = """
import os, sys, threading, time
from voicecoach import cli
from voicecoach.play import sinks
told = os.dup(1)
for other in (1, 2):
    os.dup2(os.open(os.devnull, os.O_WRONLY), other)
class Listener:
    live = True
    frames = 0
    def start(self, source, rate, channels):
        def pull():
            due = time.perf_counter()
            while True:
                block = source(rate // 50)
                if block.any():
                    os.write(told, b"heard")
                self.frames += len(block)
                due += 0.02
                time.sleep(max(0.0, due - time.perf_counter()))
        threading.Thread(target=pull, daemon=True).start()
    def played(self):
        return self.frames
    def lost(self):
        return False
    def wait(self, seconds):
        time.sleep(seconds)
        return False
    def close(self):
        pass
sinks.OUTPUTS = {**sinks.OUTPUTS, "listener": lambda target: Listener()}
sys.argv = ["voicecoach", "play", "--output", "listener", *sys.argv[1:]]
cli.main()
"""
"""Plays on a sink that tells when the first frame sounds."""


class Start(NamedTuple):
    """Wall and CPU seconds until something was said or heard."""

    wall: float
    cpu: float


def main(arguments: Sequence[str]) -> None:
    """Measures, and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m bench starts", description=__doc__, formatter_class=_Raw)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--script", default="glute-bridge", help="a workout that ships")
    parser.add_argument("--steps", type=int, default=10_000, help="of a long script")
    wanted = parser.parse_args(arguments)
    # as after an installation, also where Python is told not to write its bytecode
    compileall.compile_dir(str(Path(voicecoach.__file__).parent), quiet=1)
    with tempfile.TemporaryDirectory(prefix="voicecoach-bench-") as name:
        folder = Path(name)
        long = folder / "long.toml"
        long.write_text(long_script(wanted.steps), encoding="utf-8")
        warm = folder / "warm"
        _prepare(warm, wanted.script)
        found: dict[str, list[Start]] = {}
        for _ in range(wanted.rounds):
            for label, command, is_warm in _commands(wanted.script, long):
                home = warm if is_warm else folder / "cold"
                found.setdefault(label, []).append(_start(command, home))
                shutil.rmtree(folder / "cold", ignore_errors=True)
    print(f"\n### {wanted.script}, and a script of {wanted.steps:,} steps\n")
    print("| | seconds | CPU seconds | times the import |")
    print("|---|---|---|---|")
    for label, starts in found.items():
        wall, cpu = (statistics.median(column) for column in zip(*starts, strict=True))
        ratio = statistics.median(ours.cpu / theirs.cpu for ours, theirs in zip(starts, found[_IMPORT], strict=True))
        print(f"| {label} | {wall:.2f} | {cpu:.2f} | {ratio:.1f} |")


_Raw = argparse.RawDescriptionHelpFormatter
_IMPORT = "`import click`"


def _commands(script: str, long: Path) -> list[tuple[str, list[str], bool]]:
    """What is measured: what it is called, the command, and whether all is kept."""
    rows = [(_IMPORT, [sys.executable, "-c", "import click; print(1, flush=True)"], True)]
    for name in ("show", "check", "simulate"):
        command = [sys.executable, "-m", "voicecoach", name]
        rows += [(f"{name}, {state}", [*command, script], state == "warm") for state in ("cold", "warm")]
        rows.append((f"{name}, long, cold", [*command, str(long)], False))
    play = [sys.executable, "-c", _LISTENER, script]
    return [*rows, *((f"play, {state}", play, state == "warm") for state in ("cold", "warm"))]


def long_script(steps: int) -> str:
    """So many holds and rests, each written out."""
    names = ("Bridge", "Plank", "Side plank", "Bird dog", "Dead bug", "Squat", "Lunge")
    rows = [
        f'  {{ rest = "{5 + number % 5}s" }},'
        if number % 2
        else f'  {{ hold = "{20 + number % 7}s", name = "{names[number // 2 % 7]}", cues = "form", every = "8s" }},'
        for number in range(steps)
    ]
    pool = 'form = ["Ribs down.", "Push the floor away.", "Keep breathing."]'
    return "\n".join(['title = "Long"', "[cues]", pool, "[[block]]", "steps = [", *rows, "]", ""])


def _prepare(home: Path, script: str) -> None:
    """Keeps all of a script, and a history of one session of it."""
    began = datetime.now(UTC)
    done = SessionDone(
        number=1,
        script=script,
        title=script,
        digest="0" * 64,
        seed=0,
        started=began,
        ended=began,
        finished=False,
        segments=(),
    )
    with History.open(home / "history.sqlite3") as history:
        history.add_json(session_files.as_json([done], ()))
    export = [sys.executable, "-m", "voicecoach", "--quiet", "export", script, "-o", str(home / "session.mp3")]
    subprocess.run(export, env=_environment(home), check=True)
    for name in ("show", "simulate"):
        command = [sys.executable, "-m", "voicecoach", name, script]
        subprocess.run(command, env=_environment(home), check=True, capture_output=True)
    _start([sys.executable, "-c", _LISTENER, script], home)  # compiles the live session


def _environment(home: Path) -> Mapping[str, str]:
    return os.environ | {"VOICECOACH_HOME": str(home)}


def _start(command: Sequence[str], home: Path) -> Start:
    """Runs a command, with a keyboard, until it says something. Raises RuntimeError where it never does."""
    person, keyboard = pty.openpty()
    try:
        launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command]
        done = subprocess.run(launcher, stdin=keyboard, capture_output=True, text=True, env=_environment(home))
    finally:
        os.close(keyboard)
        os.close(person)
    said, wall, cpu = json.loads(done.stdout.splitlines()[-1])
    if not said:
        raise RuntimeError(f"{command} says nothing: {done.stderr[-2000:]}")
    return Start(wall, cpu)
