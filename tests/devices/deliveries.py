"""Albums of made-up files, and how they come onto a device: what the tests of a sync are made of."""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path

from voicecoach.devices import delivery, manifest, profile
from voicecoach.devices.carrier import Carrier
from voicecoach.devices.delivery import Delivery, Item
from voicecoach.devices.device import Device
from voicecoach.devices.manifest import Content
from voicecoach.devices.profile import Profile

Album = Mapping[str, bytes]
"""Files in playing order by their paths from the device's top."""
GARMIN, SHOKZ = map(profile.load, ("garmin", "shokz"))
NAME = "bridge"


def held(content: bytes) -> Content:
    return Content(len(content), zlib.crc32(content))


def album(seed: int, tracks: int = 8, size: int = 40_000, folder: str = "Music/Bridge") -> dict[str, bytes]:
    """Some tracks and a playlist; each third track is the same whatever the seed is."""
    found = {}
    for number in range(tracks):
        chosen = random.Random(f"{number} {seed if number % 3 else ''}")
        found[f"{folder}/{number:02} Step.m4a"] = chosen.randbytes(chosen.randrange(1, size))
    found[f"{folder}.m3u8"] = "\n".join(found).encode()
    return found


def planned(device: Device, wanted: Album, of: Profile = GARMIN) -> Delivery:
    """What is to be done so that a device has an album; none takes it away."""
    noted = device.notes().get(NAME, {})
    items = [Item(path, held(content)) for path, content in wanted.items()]
    paths = {**dict.fromkeys(wanted), **noted}
    return delivery.planned(NAME, "Bridge", items, noted, device.look(paths, lambda path, size: None), of)


def synced(
    top: Path,
    wanted: Album,
    staging: Path,
    of: Profile = GARMIN,
    by: Carrier | None = None,
    told: list[str] | None = None,
) -> Delivery:
    """Puts an album onto a device; ``told`` gets the path of each part that was on its way."""
    shutil.rmtree(staging, ignore_errors=True)
    for path, content in wanted.items():
        place = staging / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    staging.mkdir(exist_ok=True)
    device = Device(top, of, by)
    found = planned(device, wanted, of)
    device.carry(found, staging, lambda path, size: told.append(path) if told is not None else None)
    return found


def tree(top: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}


def without_notes(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if not path.startswith(f"{manifest.FOLDER}/")}
