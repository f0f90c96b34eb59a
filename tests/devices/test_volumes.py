"""Which of what is mounted is the device: on made-up trees."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from voicecoach.devices import profile, volumes
from voicecoach.devices.volumes import Volume
from voicecoach.errors import DeviceError

GARMIN, COROS, SHOKZ, APPLE, PLAIN = map(profile.load, ("garmin", "coros", "shokz", "apple", "generic"))


def drive(top: Path, label: str, *folders: str) -> Volume:
    path = top / label
    for folder in ("", *folders):
        (path / folder).mkdir(parents=True, exist_ok=True)
    return Volume(path, label)


def test_by_its_label_in_any_case(tmp_path: Path) -> None:
    there = [drive(tmp_path, "USB DISK", "Music"), drive(tmp_path, "OPENSWIM")]
    assert volumes.find(SHOKZ, there) == tmp_path / "OPENSWIM"


def test_by_its_folders_where_none_is_called_so(tmp_path: Path) -> None:
    there = [drive(tmp_path, "NO NAME", "Garmin"), drive(tmp_path, "PHOTOS", "DCIM")]
    assert volumes.find(GARMIN, there) == tmp_path / "NO NAME"


def test_a_folder_that_many_drives_have_is_asked_about(tmp_path: Path) -> None:
    there = [drive(tmp_path, "BACKUP", "MUSIC"), drive(tmp_path, "PHOTOS", "DCIM")]
    with pytest.raises(DeviceError) as told:
        volumes.find(COROS, there)
    assert f'no drive is called "coros", and {tmp_path / "BACKUP"} has the folder "Music"' in str(told.value)
    assert f"(--to {tmp_path / 'BACKUP'})" in str(told.value)


def test_a_label_goes_before_folders(tmp_path: Path) -> None:
    there = [drive(tmp_path, "NO NAME", "Music"), drive(tmp_path, "Coros PACE 3")]
    assert volumes.find(COROS, there) == tmp_path / "Coros PACE 3"


@pytest.mark.parametrize("storage", ["Primary", "Internal storage", "Anything else"])
def test_the_storage_inside_a_watch(tmp_path: Path, storage: str) -> None:
    there = [drive(tmp_path, "mtp:host=091e_4f42_0000cafe", f"{storage}/Garmin")]
    assert volumes.find(GARMIN, there) == tmp_path / "mtp:host=091e_4f42_0000cafe" / storage


def test_the_only_storage_of_a_watch_without_its_folders(tmp_path: Path) -> None:
    there = [drive(tmp_path, "mtp:host=091e_4f42_0000cafe", "Memory")]
    assert volumes.find(GARMIN, there) == tmp_path / "mtp:host=091e_4f42_0000cafe" / "Memory"


def test_a_folder_that_is_named_is_taken_as_it_is(tmp_path: Path) -> None:
    named = drive(tmp_path, "album", "Media/x").path
    assert volumes.top(named, GARMIN) == named


def test_none(tmp_path: Path) -> None:
    there = [drive(tmp_path, "BACKUP")]
    with pytest.raises(DeviceError) as told:
        volumes.find(GARMIN, there)
    assert 'looked for a drive called "garmin" or "091e" or one with the folder "GARMIN"' in str(told.value)
    assert '"BACKUP" is there' in str(told.value)
    assert "--to PATH" in str(told.value)


def test_several(tmp_path: Path) -> None:
    there = [drive(tmp_path, "XTRAINERZ"), drive(tmp_path, "OpenSwim")]
    with pytest.raises(DeviceError, match=r"several are there: say which \(--to .*XTRAINERZ or --to .*OpenSwim\)"):
        volumes.find(SHOKZ, there)


def test_what_an_app_reaches_is_not_looked_for(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="reached by an app on a phone"):
        volumes.find(APPLE, [drive(tmp_path, "iPhone", "Music")])


def test_what_nothing_tells(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="nothing tells it from other drives"):
        volumes.find(PLAIN, [drive(tmp_path, "USB")])


def test_where_linux_has_its_drives(tmp_path: Path) -> None:
    watch = f"run/user/{os.getuid()}/gvfs/mtp:host=%5Busb%3A001%2C010%5D"
    drives = ["media/anna/SHOKZ", "run/media/anna/COROS", "mnt/stick", "media/floppy"]
    for path in (*drives, watch, "media/anna/left behind", "home/anna"):
        (tmp_path / path).mkdir(parents=True)
    found = list(volumes.on_linux(tmp_path, lambda path: path.relative_to(tmp_path).as_posix() in drives))
    assert [(volume.path.relative_to(tmp_path).as_posix(), volume.label) for volume in found] == [
        ("media/floppy", "floppy"),
        ("media/anna/SHOKZ", "SHOKZ"),
        ("run/media/anna/COROS", "COROS"),
        ("mnt/stick", "stick"),
        (watch, "mtp:host=[usb:001,010]"),
    ]
    assert volumes.is_of_desktop(found[-1].path / "Primary")
    assert not volumes.is_of_desktop(found[0].path)


def test_where_a_mac_has_its_drives(tmp_path: Path) -> None:
    (tmp_path / "Volumes" / "OpenSwim").mkdir(parents=True)
    (tmp_path / "Volumes" / "Macintosh HD").symlink_to(tmp_path)
    assert list(volumes.on_mac(tmp_path, lambda path: True)) == [Volume(tmp_path / "Volumes" / "OpenSwim", "OpenSwim")]


def test_what_is_mounted_here_can_be_told() -> None:
    assert all(volume.path.is_dir() for volume in volumes.mounted())
