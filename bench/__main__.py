"""Renders the same sessions with voicecoach and its peers in turn, and prints the table of the README.

    python -m bench [--sessions ten-minutes,hour,…] [--rounds 3] [--folder FOLDER]
    python -m bench voices [--help]     how well each voice is understood
    python -m bench history [--help]    how long log and progress take on very many sessions
    python -m bench starts [--help]     how soon a command says something, and a session sounds
    python -m bench devices [--help]    whether every device takes what is exported for it, and how long that takes

Every round runs each command once, one after the other, so that all meet the same machine; ratios are taken within a
round and their median printed. Needs lame and ffmpeg; sox and pydub join in where they are installed.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import voicecoach
from bench.measure import Runs, run, worst_shift
from bench.peers import PEERS, Material, write_gaps, write_pcm
from bench.sessions import RATE, SESSIONS, Session, write_music
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.mixer import Mixer
from voicecoach.sound.pcm import to_int16
from voicecoach.timeline.model import Role

_REFERENCE = "lame on the finished PCM"


def main() -> None:
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, formatter_class=_Raw)
    names = [session.name for session in SESSIONS]
    parser.add_argument("--sessions", default=",".join(names), help=f"of {', '.join(names)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder, removed at the end)")
    arguments = parser.parse_args()
    for needed in ("lame", "ffmpeg"):
        if shutil.which(needed) is None:
            parser.error(f"{needed} is not installed")
    # as after an installation, also where Python is told not to write its bytecode
    compileall.compile_dir(str(Path(voicecoach.__file__).parent), quiet=1)
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="voicecoach-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for session in SESSIONS:
            if session.name in arguments.sessions.split(","):
                _print(session, *_measure(session, folder / session.name, arguments.rounds))
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


_Raw = argparse.RawDescriptionHelpFormatter


def _measure(session: Session, folder: Path, rounds: int) -> tuple[dict[str, Runs], dict[str, float], dict[str, int]]:
    """The runs of every tool, by how many milliseconds its worst cue is off, and the size of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["VOICECOACH_HOME"] = str(folder / "home")
    script, changed = folder / "session.toml", folder / "changed.toml"
    write_music(folder / "bed.wav")
    script.write_text(session.script, encoding="utf-8")
    changed.write_text(session.with_one_line_changed, encoding="utf-8")
    material, pcm, cues = _prepare(script, folder)

    runs: dict[str, Runs] = {}
    shifts: dict[str, float] = {}
    sizes: dict[str, int] = {}

    def once(name: str, command: list[str], out: Path, home: Path, check: bool = True) -> None:
        run(command, runs.setdefault(name, Runs()), os.environ | {"VOICECOACH_HOME": str(home)})
        if check and name not in shifts:
            shifts[name] = worst_shift(out, pcm, cues, RATE, material.channels)
            sizes[name] = out.stat().st_size

    export = [str(Path(sys.executable).with_name("voicecoach")), "--quiet", "export"]
    for turn in range(rounds):
        print(f"{session.title}: round {turn + 1} of {rounds}", file=sys.stderr)
        home = folder / f"home{turn}"
        out = folder / "voicecoach.mp3"
        once("voicecoach, nothing kept", [*export, str(script), "-o", str(out)], out, home)
        once("voicecoach, all kept", [*export, str(script), "-o", str(out)], out, home)
        other = folder / "changed.mp3"
        once("voicecoach, one line changed", [*export, str(changed), "-o", str(other)], other, home, check=False)
        small = folder / "small.mp3"
        small_export = [*export, str(script), "--silence", "small", "-o", str(small)]
        once("voicecoach, small silence, lines kept", small_export, small, home)
        shutil.rmtree(home)
        for peer in PEERS:
            if session.name in peer.sessions and peer.installed:
                out = folder / f"{peer.name.replace(' ', '-')}.mp3"
                once(peer.name, list(peer.command(material, out)), out, home)
    return runs, shifts, sizes


def _prepare(script: Path, folder: Path) -> tuple[Material, Path, list[int]]:
    """The session's PCM and its clips as files, and the frames its spoken cues start at."""
    arrangement = voicecoach.arrange(voicecoach.compile(voicecoach.load(script)))
    spoken = sorted((p for p in arrangement.placements() if p.role is not Role.TICK), key=lambda p: p.start)
    pcm = folder / "session.raw"
    with pcm.open("wb") as file:
        for block in _blocks(arrangement):
            file.write(block.tobytes())
    channels = arrangement.channels
    whole = np.memmap(pcm, dtype="<i2", mode="r").reshape(-1, channels)
    write_pcm(folder / "session.wav", whole)
    names: dict[object, str] = {}
    places = []
    for placement in spoken:
        name = names.setdefault(placement.what, f"clip{len(names)}.wav")
        if not (folder / name).exists():
            clip = arrangement.clips.clip(placement.what)
            write_pcm(folder / name, to_int16(clip.part(0, clip.frames)))
        places.append((name, placement.start, placement.end - placement.start))
    (folder / "places.txt").write_text("".join(f"{name} {frame}\n" for name, frame, _ in places))
    material = Material(folder, whole.shape[0], channels, tuple(places))
    if channels == 1 and len(places) < 1000:
        write_gaps(material)
    return material, pcm, [frame for _, frame, _ in places]


def _blocks(arrangement: Arrangement) -> Iterator[np.ndarray[tuple[int, int], np.dtype[np.int16]]]:
    mixer = Mixer(arrangement)
    while (block := mixer.read(RATE)).shape[0]:
        yield to_int16(block)


def _print(session: Session, runs: dict[str, Runs], shifts: dict[str, float], sizes: dict[str, int]) -> None:
    reference = runs[_REFERENCE]
    print(f"\n### {session.title}\n")
    print("| tool | seconds | times as fast as lame | peak MB | file MB | worst cue off by |")
    print("|---|---|---|---|---|---|")
    for name, measured in runs.items():
        ratio = measured.times_as_fast_as(reference)
        size = f"{sizes[name] / 1e6:.1f}" if name in sizes else "–"
        shift = f"{shifts[name]:.1f} ms" if name in shifts else "–"
        print(f"| {name} | {measured.seconds:.2f} | {ratio:.2f} | {measured.peak:.0f} | {size} | {shift} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["voices"]:
        from bench import voices  # needs a recogniser, which the other does without

        voices.main(sys.argv[2:])
    elif sys.argv[1:2] == ["history"]:
        from bench import history

        history.main(sys.argv[2:])
    elif sys.argv[1:2] == ["starts"]:
        from bench import starts

        starts.main(sys.argv[2:])
    elif sys.argv[1:2] == ["devices"]:
        from bench import devices

        devices.main(sys.argv[2:])
    else:
        main()
