"""Albums onto devices: what is there afterwards, whatever happens on the way."""

from __future__ import annotations

import builtins
import errno
import io
import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import deliveries
import pytest
import sticks
from deliveries import GARMIN, SHOKZ, album, synced, tree, without_notes

from voicecoach.devices import carrier, manifest
from voicecoach.devices.carrier import Desktop
from voicecoach.devices.device import Device
from voicecoach.errors import DeviceError


@pytest.fixture
def top(tmp_path: Path) -> Path:
    path = tmp_path / "device"
    path.mkdir()
    return path


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    return tmp_path / "made"


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    with sticks.mounted(tmp_path) as folder:
        yield folder


class TestDone:
    def test_everything_arrives_in_playing_order_and_is_noted(self, top: Path, staging: Path) -> None:
        wanted = album(1)
        told: list[str] = []
        synced(top, wanted, staging, told=told)
        assert without_notes(tree(top)) == wanted
        assert list(dict.fromkeys(told)) == list(wanted)
        assert manifest.read(top, "bridge") == {path: deliveries.held(content) for path, content in wanted.items()}

    def test_a_second_run_writes_nothing(self, top: Path, staging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        synced(top, album(1), staging)
        monkeypatch.setattr(carrier.Drive, "put", None)
        told: list[str] = []
        assert not synced(top, album(1), staging, told=told).of("copy", "replace", "remove", "stay")
        assert not told

    def test_only_what_changed_is_copied(self, top: Path, staging: Path) -> None:
        synced(top, album(1), staging)
        told: list[str] = []
        synced(top, album(2), staging, told=told)
        assert {path.split("/")[-1][:2] for path in told} == {"01", "02", "04", "05", "07"}
        assert without_notes(tree(top)) == album(2)

    def test_it_is_taken_away_but_for_what_others_put_there(self, top: Path, staging: Path) -> None:
        synced(top, album(1), staging)
        (top / "Music/Bridge/cover.jpg").write_bytes(b"mine")
        synced(top, {}, staging)
        assert tree(top) == {"Music/Bridge/cover.jpg": b"mine"}
        (top / "Music/Bridge/cover.jpg").unlink()
        synced(top, album(1), staging)
        synced(top, {}, staging)
        assert [path.name for path in top.rglob("*")] == ["Music"]  # which is the device's own

    def test_in_the_folder_that_is_there_whatever_its_case(self, top: Path, staging: Path) -> None:
        (top / "MUSIC" / "bridge").mkdir(parents=True)
        synced(top, album(1), staging)
        assert {path.parts[0] for path in map(Path, tree(top))} == {"MUSIC", "voicecoach"}
        assert not synced(top, album(1), staging).of("copy", "replace")

    def test_what_a_mac_puts_beside_is_not_left(self, top: Path, staging: Path) -> None:
        synced(top, album(1), staging)
        fork, other, unlike = (top / "Music/Bridge" / name for name in ("._00 Step.m4a", "._x.mp3", "._01 Step.m4a"))
        fork.write_bytes(b"\0\5\x16\7\0\2")
        other.write_bytes(b"\0\5\x16\7\0\2")
        unlike.write_bytes(b"ID3")
        synced(top, album(1), staging)
        assert not fork.exists()
        assert other.exists()
        assert unlike.exists()

    def test_times_are_in_order_where_the_order_of_copying_counts(self, top: Path, staging: Path) -> None:
        wanted = album(1, folder="Bridge")
        synced(top, wanted, staging, SHOKZ)
        changed = {**wanted, "Bridge/05 Step.m4a": b"another"}
        told: list[str] = []
        synced(top, changed, staging, SHOKZ, told=told)
        assert list(dict.fromkeys(told)) == [*list(wanted)[5:]]
        times = [(top / path).stat().st_mtime for path in changed]
        assert all(later - earlier >= 2 for earlier, later in itertools.pairwise(times))

    def test_a_note_that_leads_out_of_the_device_says_nothing(self, top: Path, staging: Path) -> None:
        (top.parent / "mine").write_bytes(b"mine")
        for path in ("../mine", "/etc/passwd", "a/../../mine", "C:/mine", "..\\\\mine", ""):
            note = f'{{"version": 1, "files": {{"{path}": null}}}}'
            (top / "voicecoach").mkdir()
            (top / "voicecoach/bridge.json").write_text(note, encoding="utf-8")
            device = Device(top, GARMIN)
            assert device.notes() == {"bridge": {}}, path
            assert re.search(r"bridge\.json: cannot be read \(.+\)", device.unread["bridge"])
            synced(top, {}, staging)
        assert (top.parent / "mine").exists()


class TestInTheWay:
    def test_somebody_elses_file_is_left_alone(self, top: Path, staging: Path) -> None:
        wanted = album(1)
        path = next(iter(wanted))
        (top / path).parent.mkdir(parents=True)
        (top / path).write_bytes(b"mine")
        found = synced(top, wanted, staging)
        assert [step.path for step in found.of("stay")] == [path, "Music/Bridge.m3u8"]
        there = {name: content for name, content in wanted.items() if not name.endswith(".m3u8")}
        assert without_notes(tree(top)) == {**there, path: b"mine"}
        synced(top, {}, staging)
        assert tree(top) == {path: b"mine"}

    def test_what_was_changed_is_left_alone_and_told_each_time(self, top: Path, staging: Path) -> None:
        wanted = album(1)
        path = next(iter(wanted))
        synced(top, wanted, staging)
        (top / path).write_bytes(b"mine")
        for _ in range(2):
            assert [step.path for step in synced(top, wanted, staging).of("stay")] == [path]
        assert (top / path).read_bytes() == b"mine"

    def test_a_folder_of_that_name(self, top: Path, staging: Path) -> None:
        wanted = album(1)
        path = next(iter(wanted))
        (top / path).mkdir(parents=True)
        assert [step.path for step in synced(top, wanted, staging).of("stay")] == [path, "Music/Bridge.m3u8"]

    def test_a_file_where_the_folder_belongs(self, top: Path, staging: Path) -> None:
        (top / "Music").write_bytes(b"mine")
        with pytest.raises(DeviceError, match=r"Music.*is refused"):
            synced(top, album(1), staging)
        assert (top / "Music").read_bytes() == b"mine"


class Broken:
    """A device that fails at an operation, counted from 0, and from then on at every one; never without a number.

    What is written fails in its middle: the bytes before are there.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, top: Path, at: int | None, number: int = errno.EIO) -> None:
        self.done = 0
        self._at, self._number, self._top = at, number, top
        for name in ("fsync", "replace", "unlink", "mkdir", "rmdir", "utime"):
            monkeypatch.setattr(os, name, self._failing(getattr(os, name)))
        opened = io.open

        def open(path: Any, mode: str = "r", *rest: Any, **others: Any) -> Any:
            if not str(path).startswith(str(top)) or mode == "rb":
                return opened(path, mode, *rest, **others)
            self.count()
            return Writing(opened(path, mode, *rest, **others), self)

        monkeypatch.setattr(io, "open", open)
        monkeypatch.setattr(builtins, "open", open)
        monkeypatch.setattr(shutil, "_USE_CP_SENDFILE", False, raising=False)

    def _failing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def failing(path: Any, *rest: Any, **others: Any) -> Any:
            if isinstance(path, int) or str(path).startswith(str(self._top)):
                self.count()
            return call(path, *rest, **others)

        return failing

    def count(self) -> None:
        self.done += 1
        if self._at is not None and self.done > self._at:
            raise OSError(self._number, os.strerror(self._number), str(self._top))


class Writing:
    """A file of which a part is written before it fails."""

    def __init__(self, file: Any, broken: Broken) -> None:
        self._file, self._broken = file, broken

    def write(self, part: bytes) -> None:
        self._file.write(part[: len(part) // 2])
        self._file.flush()
        self._broken.count()
        self._file.write(part[len(part) // 2 :])

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *why: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def steps_of(top: Path, staging: Path, by: carrier.Carrier | None) -> int:
    """How many operations it takes to go from one album to another."""
    with pytest.MonkeyPatch.context() as patch:
        broken = Broken(patch, top, None)
        synced(top, album(2, 5), staging, by=by)
    return broken.done


def killed(top: Path, staging: Path, times: int) -> int:
    """How many of so many syncs were killed in their middle; what was not as it should be then fails the test."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    script = Path(__file__).with_name("interruptions.py")
    words = [sys.executable, str(script), str(top), str(staging), str(times)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


class TestPulledOut:
    @pytest.mark.slow
    @pytest.mark.parametrize("by", [None, Desktop(None)], ids=["drive", "desktop"])
    def test_at_every_operation(self, tmp_path: Path, staging: Path, by: carrier.Carrier | None) -> None:
        whole = tmp_path / "whole"
        whole.mkdir()
        synced(whole, album(1, 5), staging, by=by)
        number = steps_of(whole, staging, by)
        expected = {**album(2, 5), "Music/mine.mp3": b"mine"}
        failed = 0
        for at in range(number):
            top = tmp_path / str(at)
            (top / "Music").mkdir(parents=True)
            (top / "Music/mine.mp3").write_bytes(b"mine")
            synced(top, album(1, 5), staging, by=by)
            try:
                with pytest.MonkeyPatch.context() as patch:
                    Broken(patch, top, at)
                    synced(top, album(2, 5), staging, by=by)
            except DeviceError as error:
                assert "does not answer any more (" in str(error)
                failed += 1
            assert tree(top)["Music/mine.mp3"] == b"mine"
            synced(top, album(2, 5), staging, by=by)
            assert without_notes(tree(top)) == expected
            assert manifest.read(top, "bridge") == manifest.read(whole, "bridge")
            assert not synced(top, album(2, 5), staging, by=by).of("copy", "replace", "remove", "stay")
        assert number - 5 < failed <= number  # the last ones see to what may as well be left

    @pytest.mark.slow
    def test_killed_200_times(self, top: Path, staging: Path) -> None:
        assert killed(top, staging, 200) > 100

    def test_a_folder_that_is_left_where_it_was_mounted_gets_nothing(self, top: Path, staging: Path) -> None:
        device = Device(top, GARMIN)
        device._mount += 1
        with pytest.raises(DeviceError, match="does not answer any more"):
            device.carry(deliveries.planned(device, album(1)), staging, lambda path, size: None)
        assert not tree(top)

    @pytest.mark.parametrize(
        ("number", "told"),
        [
            (errno.ENOSPC, "is full: free some space on it, and do this again"),
            (errno.EROFS, "lets nobody write .*: is it locked, or mounted to be read only?"),
            (errno.EINVAL, "is refused"),
        ],
    )
    def test_other_refusals(
        self, top: Path, staging: Path, number: int, told: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            Broken(patch, top, 8, number)
            with pytest.raises(DeviceError, match=told):
                synced(top, album(1), staging)
        synced(top, album(1), staging)
        assert without_notes(tree(top)) == album(1)

    def test_what_reads_back_otherwise_is_no_file(
        self, top: Path, staging: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            content = manifest.content
            damaged = manifest.Content(1, 2)
            patch.setattr(manifest, "content", lambda path: damaged if path.suffix == ".part" else content(path))
            with pytest.raises(DeviceError, match="holds something else than was written to it"):
                synced(top, album(1), staging)
        assert not without_notes(tree(top))


def test_room(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(top, GARMIN)
    found = [deliveries.planned(device, album(1))]
    free = shutil.disk_usage(top)
    device.check_room(found)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free._replace(free=10_000))
    with pytest.raises(DeviceError, match=r"device: has 10.0 kB free, and .* kB are needed: free some space"):
        device.check_room(found)
    assert re.fullmatch(r"\d.* kB more are needed, 10.0 kB are free", device.room(found))
    assert device.room([]) == "no more room is needed, 10.0 kB are free"
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free._replace(total=0, free=0))
    device.check_room(found)
    assert device.room([]) == "no more room is needed, nobody knows how much is free"


class TestFat32:
    @pytest.mark.slow
    def test_a_sync_and_another(self, stick: Path, staging: Path) -> None:
        (stick / "MUSIC").mkdir()
        synced(stick, album(1), staging)
        synced(stick, album(2), staging)
        assert {path.upper(): content for path, content in without_notes(tree(stick)).items()} == {
            path.upper(): content for path, content in album(2).items()
        }
        assert not synced(stick, album(2), staging).of("copy", "replace", "remove", "stay")
        synced(stick, {}, staging)
        assert not tree(stick)

    @pytest.mark.slow
    def test_killed_again_and_again(self, stick: Path, staging: Path) -> None:
        assert killed(stick, staging, 40) > 10

    @pytest.mark.slow
    def test_the_order_of_copying_is_that_of_the_folder(self, stick: Path, staging: Path) -> None:
        wanted = {f"Bridge/{number:02} {'x' * (number * 7 % 40)}.mp3": bytes([number]) * 5_000 for number in range(15)}
        synced(stick, wanted, staging, SHOKZ)
        for changed in (9, 3, 12):
            wanted[list(wanted)[changed]] = bytes(3_000 + changed)
            synced(stick, wanted, staging, SHOKZ)
            assert [entry.name for entry in os.scandir(stick / "Bridge")] == [path[len("Bridge/") :] for path in wanted]

    @pytest.mark.slow
    def test_one_that_is_full(self, tmp_path: Path, staging: Path) -> None:
        wanted = album(1, tracks=40, size=3_000_000)
        with sticks.mounted(tmp_path) as stick:
            with pytest.raises(DeviceError):  # this driver says that it is not permitted
                synced(stick, wanted, staging)
            assert all(wanted[path] == content for path, content in without_notes(tree(stick)).items())
            synced(stick, album(2), staging)
            assert without_notes(tree(stick)) == album(2)

    @pytest.mark.slow
    def test_one_that_is_read_only(self, tmp_path: Path, staging: Path) -> None:
        with (
            sticks.mounted(tmp_path, writable=False) as stick,
            pytest.raises(DeviceError, match="lets nobody write"),
        ):
            synced(stick, album(1), staging)

    @pytest.mark.slow
    def test_one_that_is_pulled_out(self, tmp_path: Path, staging: Path) -> None:
        wanted = album(1)
        with sticks.mounted(tmp_path) as stick:
            synced(stick, {**wanted, "Music/Bridge.m3u8": b"older"}, staging)

            class Pulled(carrier.Drive):
                def put(self, source: Path, target: Path, *rest: Any) -> None:
                    if target.name.startswith("04"):
                        sticks.pull_out(tmp_path)
                    super().put(source, target, *rest)

            with pytest.raises(DeviceError, match="does not answer any more"):
                synced(stick, album(2), staging, by=Pulled())
        with sticks.mounted(tmp_path) as stick:
            synced(stick, album(2), staging)
            assert without_notes(tree(stick)) == album(2)


class TestDesktop:
    """What only the desktop shows, as if it was there: a ``gio`` that copies, and a folder that is not written to."""

    @pytest.fixture
    def gio(self, tmp_path: Path) -> str:
        path = tmp_path / "gio"
        path.write_text('#!/bin/sh\n[ "$1" = copy ] && cp "$2" "$3"\n', encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    def test_files_are_sent_whole_and_noted_twice(self, top: Path, staging: Path, gio: str) -> None:
        by = Desktop(gio)
        synced(top, album(1, 3), staging, by=by)
        assert without_notes(tree(top)) == album(1, 3)
        assert sorted(path.name for path in (top / "voicecoach").iterdir()) == ["bridge.json", "bridge.json.bak"]
        assert not synced(top, album(1, 3), staging, by=by).of("copy", "replace", "remove", "stay")
        synced(top, {}, staging, by=by)
        assert not tree(top)

    def test_one_of_both_notes_is_enough(self, top: Path, staging: Path) -> None:
        by = Desktop(None)
        synced(top, album(1, 3), staging, by=by)
        for left in (b"", None):
            note = top / "voicecoach/bridge.json"
            note.unlink() if left is None else note.write_bytes(left)
            assert not synced(top, album(1, 3), staging, by=by).of("copy", "replace", "remove", "stay")

    def test_what_gio_says_is_told(self, top: Path, staging: Path, tmp_path: Path) -> None:
        path = tmp_path / "gio"
        path.write_text("#!/bin/sh\necho 'gio: Device is locked' >&2\nexit 1\n", encoding="utf-8")
        path.chmod(0o755)
        with pytest.raises(DeviceError, match=r"\(gio: device is locked\): plug it in again"):
            synced(top, album(1, 3), staging, by=Desktop(str(path)))

    def test_what_arrived_otherwise_is_taken_away(self, top: Path, staging: Path, tmp_path: Path) -> None:
        path = tmp_path / "gio"
        path.write_text('#!/bin/sh\nhead -c 10 "$2" > "$3"\n', encoding="utf-8")
        path.chmod(0o755)
        with pytest.raises(DeviceError, match="holds something else"):
            synced(top, album(1, 3), staging, by=Desktop(str(path)))
        assert not tree(top)

    def test_where_nothing_can_be_renamed_files_get_their_names_at_once(
        self, top: Path, staging: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:

            def refuse(*paths: object) -> None:
                raise OSError(errno.ENOTSUP, "not supported")

            patch.setattr(os, "replace", refuse)
            patch.setattr(manifest, "write", _plainly)
            synced(top, album(1, 3), staging)
        assert without_notes(tree(top)) == album(1, 3)
        assert not synced(top, album(1, 3), staging).of("copy", "replace", "remove", "stay")

    def test_it_is_chosen_by_its_place(self) -> None:
        assert carrier.carrier(Path("/run/user/1000/gvfs/mtp:host=091e_1/Primary")).whole is False
        assert carrier.carrier(Path("/media/anna/COROS")).whole is True


def _plainly(top: Path, name: str, files: manifest.Files, script: str) -> None:
    """A note on this computer, where renaming works."""
    import json

    path = manifest.path_of(top, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 1, "files": files}), encoding="utf-8")
