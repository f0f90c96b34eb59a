"""Whether a device would take what is exported for it: one script, cut and written in some way, looked at by others.

Every folder is inspected as ``voicecoach devices check`` does it, its names held against FAT32, its files decoded by
FFmpeg, MP3 by mpg123 too; tracks in a row are compared with the one file that the session is otherwise.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import script_maker

from voicecoach import script
from voicecoach.devices import inspection, profile
from voicecoach.devices.album import Wish
from voicecoach.errors import ExportError
from voicecoach.export.batch import Job, make
from voicecoach.export.cuts import split
from voicecoach.export.formats import FORMATS
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Timeline, VoiceWish

_SPLITS = (None, "step", "step", "block", "1min", "none")
_ILLEGAL = re.compile(r'["*/:<>?\\|\x00-\x1f\x7f]|[. ]$|^ |^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
"""What no name on FAT32, or on Windows, may be like."""
_COMPLAINT = re.compile(r"warn|error|illegal|invalid|resync|corrupt|junk|garbage|missing|big change", re.IGNORECASE)
KNOWN = {
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
    refused: Counter[str] = field(default_factory=Counter)
    """Which devices take a format that was asked for, but not of this session, and how often."""
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


def tried_script(number: int, devices: Sequence[str], folder: Path) -> Tried:
    """One script for each device."""
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
            tried.refused[f"{wish.format} for {device}"] += 1
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
        known = next((each for each in KNOWN if each in line), None)
        if known is None:
            found("decoder", line)
        else:
            tried.known[known] += 1
    if len(tracks) > 1 and not numbered:
        unbound = replace(wish, profile=one.model_copy(update={"largest_file": None}), captions=())
        whole = make(replace(job, path=folder / "whole", writes=replace(unbound, split=split("none"))))
        if one.largest_file is not None and whole.size > one.largest_file:  # its tracks may have fewer bits a second
            again = make(replace(job, path=folder / "again", writes=unbound))
            [*complaints([path for path in again.files if path.suffix[1:] in FORMATS], joined)]
            shutil.rmtree(folder / "again")
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
