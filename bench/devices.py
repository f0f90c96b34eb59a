"""Sessions as folders for every device: whether each would take them, and how long the longest takes.

    python -m bench devices [--scripts 300] [--first 0] [--devices garmin,…] [--jobs 2]
    python -m bench devices --speed [--rounds 3]

Scripts are those of the tests' script maker, spoken by ``tone``, and cut in every way by turns. Every folder is
inspected as ``voicecoach devices check`` does; every name must be legal on FAT32; every file is decoded by FFmpeg, MP3
by mpg123 too, without a word from either; and tracks in a row must be the samples of the one file that the session is
otherwise.

``--speed`` exports ``ultra`` for each device, everything kept, beside what lame takes for an hour of it,
and copying the finished files, each brought to the disk. Ratios are taken within a round.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import sys
import tempfile
import wave
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import voicecoach
from bench.measure import Runs, run
from voicecoach.devices import profile
from voicecoach.store.machine import processors

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from device_trials import KNOWN, Tried, tried_script


def main(arguments: Sequence[str]) -> None:
    """Reads the arguments, tries or measures, prints."""
    parser = argparse.ArgumentParser(prog="python -m bench devices", description=__doc__, formatter_class=_Raw)
    parser.add_argument("--scripts", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="the number of the first script")
    parser.add_argument("--devices", default=",".join(profile.names()))
    parser.add_argument("--jobs", type=int, default=processors())
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args(arguments)
    for needed in ("lame", "sync") if wanted.speed else ("ffmpeg", "mpg123"):
        if shutil.which(needed) is None:
            parser.error(f"{needed} is not installed")
    devices = wanted.devices.split(",")
    with tempfile.TemporaryDirectory(prefix="voicecoach-bench-") as folder:
        if wanted.speed:
            _speed(Path(folder), devices, wanted.rounds)
        else:
            _all(Path(folder), range(wanted.first, wanted.first + wanted.scripts), devices, wanted.jobs)


_Raw = argparse.RawDescriptionHelpFormatter


def _all(folder: Path, numbers: Sequence[int], devices: Sequence[str], jobs: int) -> None:
    os.environ["VOICECOACH_HOME"] = str(folder / "home")
    all_of_it = Tried()
    count = len(numbers)
    with ProcessPoolExecutor(jobs, get_context("spawn")) as workers:
        tried = workers.map(tried_script, numbers, [devices] * count, [folder] * count)
        for number, found in zip(numbers, tried, strict=True):
            all_of_it.add(found)
            for fault in found.faults:
                print(f"{fault.kind}: {fault.where}: {fault.what}", file=sys.stderr, flush=True)
            print(f"script {number}: {all_of_it.folders} folders, {len(all_of_it.faults)} faults", file=sys.stderr)
    print(f"\n### {count} scripts for {len(devices)} devices\n")
    print("| folders | files | hours of audio | faults | tracks compared with the whole | worst, in 16-bit steps |")
    print("|---|---|---|---|---|---|")
    compared = ", ".join(f"{name} {number}" for name, number in sorted(all_of_it.compared.items()))
    worst = ", ".join(f"{name} {all_of_it.worst[name]}" for name in sorted(all_of_it.compared))
    hours = all_of_it.seconds / 3600
    faults = len(all_of_it.faults)
    print(f"| {all_of_it.folders:,} | {all_of_it.files:,} | {hours:.0f} | {faults} | {compared} | {worst} |")
    for known, number in all_of_it.known.items():
        print(f'\nFFmpeg says "{known}" {number:,} times: {KNOWN[known]}.')
    refused = ", ".join(f"{what} {number}" for what, number in all_of_it.refused.items())
    print(f"\nRefused, as not every session fits into what a device takes of a format: {refused or 'none'}.")
    for kind, number in Counter(fault.kind for fault in all_of_it.faults).items():
        print(f"- {kind}: {number}")
    if faults:
        sys.exit(1)


def _speed(folder: Path, devices: Sequence[str], rounds: int) -> None:
    # as after an installation, also where Python is told not to write its bytecode
    compileall.compile_dir(str(Path(voicecoach.__file__).parent), quiet=1)
    home = os.environ | {"VOICECOACH_HOME": str(folder / "home")}
    export = [sys.executable, "-m", "voicecoach", "--quiet", "export", "ultra"]
    pcm = folder / "ultra.wav"
    run([*export, "-o", str(pcm)], Runs(), home)
    _shorten(pcm, 3600)
    reference = Runs()
    lame = ["lame", "--quiet", "-b", "64", "-m", "m", str(pcm), str(folder / "ultra.mp3")]
    exported = {device: Runs() for device in devices}
    copied = {device: Runs() for device in devices}
    for turn in range(-1, rounds):
        for device in devices:
            command = [*export, "--for", device, "-o", str(folder / device)]
            run(command, exported[device] if turn >= 0 else Runs(), home)
            if turn >= 0:
                _copied(folder / device, folder / "copied", copied[device])
        if turn >= 0:
            run(lame, reference, home)
    print("\n### ultra, 12 h, all kept\n")
    print(f"lame on one hour of its PCM, which is like the other eleven: {reference.seconds:.1f} s\n")
    print("| device | files | MB | seconds | of lame's time for 12 h | copying, seconds | times as long as copying |")
    print("|---|---|---|---|---|---|---|")
    for device in devices:
        files = [path for path in (folder / device).rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1e6
        ours, theirs = exported[device], copied[device]
        share = f"1/{12 * ours.times_as_fast_as(reference):.0f}"
        times = f"{theirs.times_as_fast_as(ours):.2f}"
        print(
            f"| {device} | {len(files)} | {size:.1f} | {ours.seconds:.2f} | {share} | {theirs.seconds:.2f} | {times} |"
        )


def _shorten(path: Path, seconds: int) -> None:
    """Leaves so many seconds of a WAV file."""
    with wave.open(str(path)) as whole:
        about, frames = whole.getparams(), whole.readframes(seconds * whole.getframerate())
    with wave.open(str(path), "wb") as file:
        file.setparams(about)
        file.writeframes(frames)


_COPY = """
cd "$1" && find . -type f | while read -r file; do
    mkdir -p "$2/${file%/*}" && cp "$file" "$2/$file" && sync "$2/$file"
done
"""


def _copied(folder: Path, to: Path, runs: Runs) -> None:
    """Copies all files of a folder, each brought to the disk before the next."""
    run(["sh", "-c", _COPY, "sh", str(folder), str(to)], runs, os.environ)
    shutil.rmtree(to)
