"""What the cache promises: the same bytes back or nothing, a bounded folder, and never a failure."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.store import cache as content
from voicecoach.store.cache import Cache

BLOCK = 4096
A, B = content.key("line", "a"), content.key("island", "b")


def entries(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.name != "ledger")


def numbered(number: int) -> str:
    return content.key("line", number)


def test_what_was_put_comes_back_also_to_another_process(tmp_path: Path) -> None:
    Cache(tmp_path / "cache").put(A, b"lift")
    assert Cache(tmp_path / "cache").get(A) == b"lift"
    assert Cache(tmp_path / "cache").get(B) is None


def test_the_last_of_a_disk_is_left_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.put(A, b"lift")
    monkeypatch.setattr(content, "LEAST_FREE", 1 << 62)
    assert not cache.put(B, b"hold")
    assert (cache.get(A), cache.get(B)) == (b"lift", None)


def test_a_key_depends_on_everything_it_is_made_from() -> None:
    parts = [("a", "bc"), ("ab", "c"), ("abc",), ("abc", ""), ("a", "bc", 1.0), ("a", "bc", "1.0"), ("a\0b", "c")]
    keys = {content.key("line", *made_from) for made_from in parts} | {content.key("island", *parts[0])}
    assert len(keys) == len(parts) + 1
    assert content.key("line", *parts[0]) in keys


@pytest.mark.parametrize(
    "key", ["", "line", "../x-00", "line-../../etc/passwd", "Line-" + "0" * 64, "line-" + "g" * 64]
)
def test_only_keys_name_files(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        Cache(tmp_path).put(key, b"")


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.binary(max_size=300), place=st.integers(0, 10_000), change=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_entry_is_removed_and_made_again(
    tmp_path: Path, value: bytes, place: int, change: int, cut: bool
) -> None:
    cache = Cache(tmp_path)
    cache.put(A, value)
    [file] = entries(tmp_path)
    damaged = bytearray(file.read_bytes())
    place %= len(damaged)
    damaged[place] ^= change
    file.write_bytes(damaged[:place] if cut else damaged)
    assert cache.get(A) is None
    assert entries(tmp_path) == []
    cache.put(A, value)
    assert cache.get(A) == value


def test_an_entry_under_another_name_is_damaged(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(A, b"lift")
    [file] = entries(tmp_path)
    file.rename(file.with_name(numbered(1).partition("-")[2]))
    assert cache.get(numbered(1)) is None


def test_it_never_grows_over_its_limit(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 64 * BLOCK)
    for number in range(300):
        assert cache.put(numbered(number), bytes(2 * BLOCK - 100))
        if number % 10 == 0:
            assert cache.size() <= 64 * BLOCK
    assert cache.size() > 32 * BLOCK
    assert cache.get(numbered(299)) is not None
    assert cache.get(numbered(0)) is None


def test_small_entries_count_as_the_blocks_they_take(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 64 * BLOCK)
    for number in range(300):
        cache.put(numbered(number), b"x")
    assert len(entries(tmp_path)) <= 64


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 64 * BLOCK)
    cache.put(A, b"asked for again and again")
    for number in range(200):
        cache.put(numbered(number), bytes(BLOCK))
        assert cache.get(A) is not None
    assert cache.get(numbered(10)) is None


def test_the_folder_is_not_looked_through_at_each_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, looks = Cache(tmp_path, 800 * BLOCK), []
    scandir = os.scandir

    def looking(path: Path) -> object:
        looks.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", looking)
    for number in range(99):
        cache.put(numbered(number), bytes(100))
    assert looks == []
    cache.put(numbered(99), bytes(100))
    assert looks != []


def test_what_several_processes_put_is_counted_together(tmp_path: Path) -> None:
    for number in range(300):
        Cache(tmp_path, 64 * BLOCK).put(numbered(number), bytes(100))
    assert len(entries(tmp_path)) <= 64


@pytest.mark.parametrize(("limit", "size"), [(0, 0), (100 * BLOCK, 51 * BLOCK)])
def test_what_is_too_large_for_it_is_not_kept(tmp_path: Path, limit: int, size: int) -> None:
    cache = Cache(tmp_path, limit)
    assert not cache.put(A, bytes(size))
    assert cache.get(A) is None
    assert entries(tmp_path) == []


def test_a_folder_that_cannot_be_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    assert not cache.put(A, b"lift")
    assert cache.get(A) is None
    assert cache.usage() == {}
    assert cache.clear() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
def test_a_full_disk_is_no_failure_and_leaves_nothing_behind(tmp_path: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from voicecoach.store.cache import Cache, key
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
cache = Cache(Path(sys.argv[1]))
assert not cache.put(key("line", "large"), bytes(5000))
assert cache.put(key("line", "small"), b"fits")
assert cache.get(key("line", "small")) == b"fits"
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    assert len(entries(tmp_path)) == 1


def test_usage_is_told_kind_by_kind(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(A, bytes(5000))
    cache.put(numbered(1), b"")
    cache.put(B, b"x")
    assert cache.usage() == {"island": (1, BLOCK), "line": (2, 3 * BLOCK)}
    assert cache.size() == 4 * BLOCK


def test_clear_removes_its_own_files_only(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(A, b"lift")
    (tmp_path / "line" / "notes.txt").write_text("mine")
    (tmp_path / "keep.txt").write_text("mine too")
    assert cache.clear() == BLOCK
    assert cache.get(A) is None
    assert sorted(file.name for file in entries(tmp_path)) == ["keep.txt", "notes.txt"]


def test_unfinished_files_of_ended_processes_are_swept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 16 * BLOCK)
    cache.put(A, b"")
    old, fresh = tmp_path / "line" / "0.part", tmp_path / "line" / "1.part"
    for file in (old, fresh):
        file.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    for number in range(10):
        cache.put(numbered(number), b"")
    assert not old.exists()
    assert fresh.exists()


HAMMER = """
import random, sys
from pathlib import Path
from voicecoach.store.cache import Cache, key
rng = random.Random(int(sys.argv[2]))
cache = Cache(Path(sys.argv[1]), 40 * 4096)
for _ in range(1500):
    number = rng.randrange(60)
    value = bytes([number]) * (100 * number)
    found = cache.get(key("line", number))
    assert found in (None, value), (number, len(found))
    if found is None:
        cache.put(key("line", number), value)
    if rng.random() < 0.002:
        cache.clear()
"""


@pytest.mark.slow
def test_processes_use_it_at_once(tmp_path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", HAMMER, str(tmp_path), str(seed)], stderr=subprocess.PIPE)
        for seed in range(3)
    ]
    for process in running:
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint.decode()
    assert Cache(tmp_path).size() <= 48 * BLOCK
    assert not list(tmp_path.rglob("*.part"))


def test_threads_use_it_at_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 32 * BLOCK)

    def use(number: int) -> bool:
        value = bytes([number % 40]) * 500
        cache.put(numbered(number % 40), value)
        return cache.get(numbered(number % 40)) in (None, value)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(400)))
