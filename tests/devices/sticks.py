"""A FAT32 file system in a file, mounted through FUSE: what a player looks like to the computer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_NEEDED = ("mkfs.vfat", "fusefat", "fusermount")


@contextmanager
def mounted(folder: Path, kilobytes: int = 40_000, *, writable: bool = True) -> Iterator[Path]:
    """A stick, new if ``folder`` has none yet; skips the test where there can be none."""
    if not all(map(shutil.which, _NEEDED)) or not Path("/dev/fuse").exists():
        pytest.skip(f"needs {', '.join(_NEEDED)} and /dev/fuse")
    image, place = folder / "stick.img", folder / "stick"
    place.mkdir(exist_ok=True)
    if not image.exists():
        subprocess.run(["mkfs.vfat", "-F", "32", "-C", str(image), str(kilobytes)], check=True, capture_output=True)
    mode = "rw+" if writable else "ro"
    subprocess.run(["fusefat", "-o", mode, str(image), str(place)], check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run(["fusermount", "-u", str(place)], check=True, capture_output=True)


def pull_out(folder: Path) -> None:
    """Ends what holds the stick of ``folder``, as if it was pulled out: all that is done on it fails from then on."""
    image = os.fsencode(folder / "stick.img")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"fusefat") and image in words:
            os.kill(int(process.name), signal.SIGKILL)
            while process.exists() and b"Z" not in (process / "stat").read_bytes().split()[2]:
                time.sleep(0.01)
