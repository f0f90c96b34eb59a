"""Sessions as folders for every device: whether each would take them, and how long the longest takes.

    python -m bench devices [--scripts 300] [--first 0] [--devices garmin,…] [--jobs 2]
    python -m bench devices --speed [--rounds 3]

Scripts are those of the tests' script maker, spoken by ``tone``, and cut in every way by turns. Every folder is
inspected as ``voicecoach devices check`` does; every name must be legal on FAT32; every file is decoded by FFmpeg, MP3
by mpg123 too, without a word from either; and tracks in a row must be the samples of the one file that the session is
otherwise.

``--speed`` exports ``ultra`` for each device again and again, everything kept, beside what lame takes for its PCM, and
copying the finished files, each brought to the disk. Ratios are taken within a round.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from bench.measure import Runs, run
from voicecoach import script
from voicecoach.devices import inspection, profile
from voicecoach.devices.album import Wish
from voicecoach.errors import ExportError
from voicecoach.export.batch import Job, make
from voicecoach.export.cuts import split
from voicecoach.export.formats import FORMATS
from voicecoach.store.machine import processors
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Timeline, VoiceWish

_SPLITS = (None, "step", "step", "block", "1min", "none")
_ILLEGAL = re.compile(r'["*/:<>?\\|\x00-\x1f\x7f]|[. ]$|^ |^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
"""What no name on FAT32, or on Windows, may be like."""
_COMPLAINT = re.compile(r"warn|error|illegal|invalid|resync|corrupt|junk|garbage|missing|big change", re.IGNORECASE)
_KNOWN = {
    "stream 0, timescale not set": "of the cover in any MPEG-4 file, its own too: a picture has no times",
    "Guessed Channel Layout": "of any WAV file of the plain kind, its own too: which channel it is stands nowhere",
}
"""What FFmpeg says of files that are right."""
_AT_ONCE = 1 << 22


class Fault(NamedTuple):
    """What is wrong with a folder, of which kind; ``where`` names script, device and file."""

    kind: str
    where: str
    what: str


@dataclass(slots=True)
class Tried:
    """Folders that were made, and what was found in them; ``worst`` is the largest difference to the whole, by format.

    Differences are in steps of 16 bits.
    """

    folders: int = 0
    refused: int = 0
    files: int = 0
    seconds: float = 0.0
    known: Counter[str] = field(default_factory=Counter)
    """How often FFmpeg says what it says of files that are right."""
    faults: list[Fault] = field(default_factory=list)
    worst: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tried) -> None:
        self.folders += other.folders
        self.refused += other.refused
        self.files += other.files
        self.seconds += other.seconds
        self.known += other.known
        self.faults += other.faults
        self.compared += other.compared
        self.worst |= other.worst


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
        print(f'\nFFmpeg says "{known}" {number:,} times: {_KNOWN[known]}.')
    print(f"\nRefused: {all_of_it.refused}, as WAV files that are larger than the device takes.")
    for kind, number in Counter(fault.kind for fault in all_of_it.faults).items():
        print(f"- {kind}: {number}")
    if faults:
        sys.exit(1)


def tried_script(number: int, devices: Sequence[str], folder: Path) -> Tried:
    """One script for each device."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    import script_maker

    tried = Tried()
    with tempfile.TemporaryDirectory(dir=folder) as own:
        source = Path(own, "script.toml")
        source.write_text(script_maker.script(number), encoding="utf-8")
        script_maker.write_music(Path(own))
        timeline = compile(script.load(source))
        for device in devices:
            _try(f"script {number} for {device}", timeline, device, Random(f"{number} {device}"), Path(own), tried)
    return tried


def _try(where: str, timeline: Timeline, device: str, chance: Random, folder: Path, tried: Tried) -> None:
    one = profile.load(device)
    cut = chance.choice(_SPLITS)
    numbered = chance.random() < 0.15
    formats = [None, *(taken.name for taken in one.makes)]
    wish = Wish(
        profile=one,
        name="script",
        title=timeline.title,
        split=None if cut is None else split(cut),
        format=chance.choice(formats),
        numbered=numbered,
        captions=("lrc", "vtt", "chapters") if chance.random() < 0.1 else (),
    )
    where = f"{where} ({cut or one.split}{', numbered' if numbered else ''})"
    job = Job(
        timeline=timeline, path=folder / device, voice=VoiceWish(engine="tone"), rate=one.sample_rate, writes=wish
    )

    def found(kind: str, what: str) -> None:
        tried.faults.append(Fault(kind, where, what))

    try:
        outcome = make(job)
    except Exception as error:
        if isinstance(error, ExportError) and wish.format is not None:
            tried.refused += 1  # a format was asked for that the device takes, but not of this session
        else:
            found("not made", repr(error))
        return
    tracks = [path for path in outcome.files if path.suffix[1:] in FORMATS]
    tried.folders += 1
    tried.files += len(outcome.files)
    tried.seconds += outcome.seconds
    for finding in inspection.inspect(folder / device, one):
        found("inspection", f"{finding.path}: {finding.kind}: {finding.why}")
    for what in illegal_names(folder / device):
        found("name", what)
    joined = folder / "joined.raw"
    for line in complaints(tracks, joined):
        known = next((each for each in _KNOWN if each in line), None)
        if known is None:
            found("decoder", line)
        else:
            tried.known[known] += 1
    if len(tracks) > 1 and not numbered:
        unbound = replace(wish, profile=one.model_copy(update={"largest_file": None}), split=split("none"), captions=())
        whole = make(replace(job, path=folder / "whole", writes=unbound))
        kind = tracks[0].suffix[1:] + (", music" if timeline.music is not None else "")
        tried.compared[kind] += len(tracks)
        (path,) = (path for path in whole.files if path.suffix[1:] in FORMATS)
        worst = difference(joined, path)
        tried.worst[kind] = max(tried.worst[kind], worst)
        if worst > 1:
            found("samples", f"{worst} steps of 16 bits from the whole")
        shutil.rmtree(folder / "whole")
    shutil.rmtree(folder / device)


def illegal_names(folder: Path) -> Iterator[str]:
    """What FAT32 or Windows would refuse of the names in a folder, and names that are one to them."""
    seen: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.name
        same = seen.setdefault(str(path).casefold(), str(path))
        if _ILLEGAL.search(name) or len(name.encode("utf-16-le")) > 2 * 255 or same != str(path):
            yield str(path.relative_to(folder))


def complaints(tracks: Sequence[Path], joined: Path) -> Iterator[str]:
    """What FFmpeg and mpg123 say of files, a line each; ``joined`` becomes what they sound, one behind the other."""
    with joined.open("wb") as file:
        for path in tracks:
            samples, said = _decoded(path)
            file.write(samples)
            yield from (f"ffmpeg: {path.name}: {line}" for line in said)
    if mp3 := [str(path) for path in tracks if path.suffix == ".mp3"]:
        _, said = _output(["mpg123", "--test", "--no-control", *mp3])
        yield from (f"mpg123: {line}" for line in said if _COMPLAINT.search(line))


def difference(joined: Path, whole: Path) -> int:
    """The largest difference of tracks in a row to a file, in steps of 16 bits; 65,535 where one of them is longer."""
    ours, theirs = np.memmap(joined, dtype="<i2", mode="r"), np.frombuffer(_decoded(whole)[0], dtype="<i2")
    if ours.size != theirs.size:
        return 0xFFFF
    return max(
        int(np.abs(ours[at : at + _AT_ONCE].astype(np.int32) - theirs[at : at + _AT_ONCE]).max())
        for at in range(0, ours.size, _AT_ONCE)
    )


def _decoded(path: Path) -> tuple[bytes, list[str]]:
    return _output(["ffmpeg", "-nostdin", "-v", "warning", "-i", f"file:{path}", "-map", "0:a", "-f", "s16le", "-"])


def _output(command: Sequence[str]) -> tuple[bytes, list[str]]:
    """What a program writes, and the lines that it says."""
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    said = done.stderr.decode("utf-8", "replace").splitlines()
    return done.stdout, [*said, f"error: {command[0]} ended with {done.returncode}"] if done.returncode else said


def _speed(folder: Path, devices: Sequence[str], rounds: int) -> None:
    home = os.environ | {"VOICECOACH_HOME": str(folder / "home")}
    voicecoach = [sys.executable, "-m", "voicecoach", "--quiet", "export", "ultra"]
    pcm = folder / "ultra.wav"
    run([*voicecoach, "-o", str(pcm)], Runs(), home)
    reference = Runs()
    lame = ["lame", "--quiet", "-b", "64", "-m", "m", str(pcm), str(folder / "ultra.mp3")]
    exported = {device: Runs() for device in devices}
    copied = {device: Runs() for device in devices}
    for turn in range(-1, rounds):
        for device in devices:
            command = [*voicecoach, "--for", device, "-o", str(folder / device)]
            run(command, exported[device] if turn >= 0 else Runs(), home)
            if turn >= 0:
                _copied(folder / device, folder / "copied", copied[device])
        if turn >= 0:
            run(lame, reference, home)
    print("\n### ultra, 12 h, all kept\n")
    print(f"lame on the finished PCM: {reference.seconds:.1f} s\n")
    print("| device | files | MB | seconds | of lame's time | copying, seconds | times as long as copying |")
    print("|---|---|---|---|---|---|---|")
    for device in devices:
        files = [path for path in (folder / device).rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1e6
        ours, theirs = exported[device], copied[device]
        share = f"1/{ours.times_as_fast_as(reference):.0f}"
        times = f"{theirs.times_as_fast_as(ours):.2f}"
        print(
            f"| {device} | {len(files)} | {size:.1f} | {ours.seconds:.2f} | {share} | {theirs.seconds:.2f} | {times} |"
        )


_COPY = """
cd "$1" && find . -type f | while read -r file; do
    mkdir -p "$2/${file%/*}" && cp "$file" "$2/$file" && sync "$2/$file"
done
"""


def _copied(folder: Path, to: Path, runs: Runs) -> None:
    """Copies all files of a folder, each brought to the disk before the next."""
    run(["sh", "-c", _COPY, "sh", str(folder), str(to)], runs, os.environ)
    shutil.rmtree(to)
