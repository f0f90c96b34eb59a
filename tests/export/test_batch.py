"""Many exports at once."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest
import tomli
from distributed import LocalCluster

from voicecoach.errors import ExportError, Problem, ScriptError, VoicecoachError
from voicecoach.export import cluster as clusters
from voicecoach.export.batch import Job, export_many
from voicecoach.export.cluster import connected
from voicecoach.script.model import Workout
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import VoiceWish

TONE = VoiceWish(engine="tone")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))


def job(path: Path, minutes: int = 1) -> Job:
    text = f'title = "{path.stem}"\n[[block]]\nsteps = [ {{ work = "{minutes}min", cues = ["Lift.", "Hold."] }} ]'
    return Job(timeline=compile(Workout.model_validate(tomli.loads(text))), path=path, voice=TONE)


@contextmanager
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@contextmanager
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


@pytest.mark.slow
@pytest.mark.parametrize("executors", [threads, processes])
def test_every_executor_makes_the_same_files(
    executors: Callable[[], AbstractContextManager[Executor]], tmp_path: Path
) -> None:
    alone = [job(tmp_path / f"alone{n}.mp3") for n in range(3)]
    together = [job(tmp_path / f"together{n}.mp3") for n in range(3)]
    assert all(outcome.error is None for outcome in export_many(alone))
    with executors() as executor:
        done = list(export_many(together, executor))
    assert {outcome.job.path.name for outcome in done} == {f"together{n}.mp3" for n in range(3)}
    for one, other in zip(alone, together, strict=True):
        # only their titles differ, and those are in the tags
        assert one.path.stat().st_size == pytest.approx(other.path.stat().st_size, abs=64)


@pytest.mark.slow
def test_one_that_fails_does_not_keep_the_others(tmp_path: Path) -> None:
    jobs = [job(tmp_path / "a.mp3"), job(tmp_path / "missing" / "b.mp3"), job(tmp_path / "c.mp3")]
    outcomes = {outcome.job.path.name: outcome for outcome in export_many(jobs)}
    assert isinstance(outcomes["b.mp3"].error, ExportError)
    assert outcomes["a.mp3"].size == (tmp_path / "a.mp3").stat().st_size > 0
    assert outcomes["c.mp3"].seconds > 60


def test_errors_travel_between_processes() -> None:
    error = ScriptError((Problem("a.toml", 1, 2, "title", "is missing"),))
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(tmp_path / "dask"),
    ) as running:
        yield running


@pytest.mark.slow
def test_a_cluster_makes_them_too_and_a_killed_worker_costs_a_retry(cluster: LocalCluster, tmp_path: Path) -> None:
    jobs = [job(tmp_path / f"{n}.mp3", minutes=30) for n in range(8)]
    victim = next(iter(cluster.workers.values())).pid
    killed = threading.Event()

    def kill_one() -> None:
        while not list(tmp_path.glob("*.mp3")):
            time.sleep(0.01)
        os.kill(victim, getattr(signal, "SIGKILL", signal.SIGTERM))
        killed.set()

    threading.Thread(target=kill_one, daemon=True).start()
    with connected(cluster.scheduler_address) as executor:
        outcomes = list(export_many(jobs, executor))
    assert killed.is_set()
    assert [outcome.error for outcome in outcomes] == [None] * len(jobs)
    assert len({path.stat().st_size for path in tmp_path.glob("*.mp3")}) == 1
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(j.path.name for j in jobs)


@pytest.mark.slow
def test_a_cluster_finds_the_place_that_is_meant_here(
    cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with connected(cluster.scheduler_address) as executor:
        [outcome] = export_many([job(Path("a.mp3"))], executor)
    assert outcome.job.path == Path("a.mp3")
    assert (tmp_path / "here" / "a.mp3").stat().st_size == outcome.size > 0


@pytest.mark.slow
def test_a_cluster_that_ends_loses_what_was_not_done_and_tells(cluster: LocalCluster, tmp_path: Path) -> None:
    jobs = [job(tmp_path / f"{n}.mp3", minutes=60) for n in range(30)]
    found: dict[Path, VoicecoachError | None] = {}
    with connected(cluster.scheduler_address) as executor:
        for outcome in export_many(jobs, executor):
            if not found:
                threading.Thread(target=cluster.close, daemon=True).start()
            found[outcome.job.path] = outcome.error
    assert found.keys() == {job.path for job in jobs}
    lost = [error for error in found.values() if error is not None]
    assert lost
    assert all("whoever was making it was ended" in str(error) and "()" not in str(error) for error in lost)


@pytest.mark.slow
def test_nobody_waits_for_workers_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_WORKERLESS_SECONDS", 1.0)
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as empty,
        connected(empty.scheduler_address) as executor,
    ):
        assert not executor.manned
        [outcome] = export_many([job(tmp_path / "a.mp3")], executor)
    assert "has had no worker for a minute" in str(outcome.error)


def refused(address: str) -> str:
    """What is said of an address, in a process of its own: a client that fails keeps the next one waiting."""
    program = """
import sys
from voicecoach.errors import ExportError
from voicecoach.export import cluster
cluster._CONNECT_SECONDS = 1
try:
    with cluster.connected(sys.argv[1]):
        pass
except ExportError as error:
    print(error)
"""
    return subprocess.run(
        [sys.executable, "-c", program, address], capture_output=True, text=True, check=True, timeout=60
    ).stdout


@pytest.mark.slow
def test_a_server_that_is_no_scheduler() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        assert refused(address).startswith(f"no Dask scheduler answers at {address}")


@pytest.mark.slow
@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:port", "inproc://x", "tls://127.0.0.1:1", "nonsense://127.0.0.1:1"]
)
def test_what_is_no_address(address: str) -> None:
    assert refused(address).startswith(f'"{address}" is no address of a Dask scheduler')


@pytest.mark.slow
def test_nobody_answers_at_an_address() -> None:
    assert refused("tcp://127.0.0.1:1").startswith("no Dask scheduler answers at tcp://127.0.0.1:1")
