"""A sound server of one's own for tests: a private PulseAudio daemon with a null sink that can be recorded.

::

    with SoundServer() as server, server.capture() as capture:
        subprocess.run([...], env=server.env)
    capture.samples             # float32 of shape (frames, channels), what left the sink

Nothing is shared with a daemon of the person who runs the tests: socket, state and home are in a temporary folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
import pytest

SINK = "listener"
PROGRAMS = ("pulseaudio", "pactl", "parec")
_START_SECONDS = 10.0
_CAPTURE_LATENCY_MS = 20
_FOREIGN = ("PULSE_SINK", "PULSE_SOURCE", "PULSE_COOKIE", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "JACK_DEFAULT_SERVER")


def missing() -> list[str]:
    """The programs this needs that are not installed."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def require() -> None:
    """Skips the test where there can be no server, or fails it where VOICECOACH_REQUIRE_SOUNDSERVER is 1."""
    if absent := missing():
        reason = f"needs {', '.join(absent)}"
        if os.environ.get("VOICECOACH_REQUIRE_SOUNDSERVER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


class SoundServer:
    """A daemon that runs from ``__enter__`` to ``__exit__``, with a null sink of ``rate`` hertz.

    ``env`` is the environment in which a program finds this server and no other, through PulseAudio or through ALSA;
    ``own_env`` is what of it is special.
    """

    def __init__(self, rate: int = 44_100, channels: int = 1) -> None:
        self.rate = rate
        self.channels = channels
        self._folder = Path(tempfile.mkdtemp(prefix="voicecoach-sound-"))
        self._socket = self._folder / "socket"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._waker: subprocess.Popen[bytes] | None = None
        (self._folder / ".asoundrc").write_text("pcm.!default pulse\nctl.!default pulse\n", encoding="utf-8")
        self.own_env = {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "XDG_CONFIG_HOME": str(self._folder),
            "PULSE_RUNTIME_PATH": str(self._folder / "runtime"),
            "PULSE_SERVER": f"unix:{self._socket}",
        }

    @property
    def env(self) -> dict[str, str]:
        """A whole environment for a child process."""
        return {name: value for name, value in os.environ.items() if name not in _FOREIGN} | self.own_env

    def start(self) -> None:
        """Starts the daemon and waits until it answers."""
        self._socket.unlink(missing_ok=True)
        with (self._folder / "log").open("wb") as log:
            self._daemon = subprocess.Popen(
                [
                    "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
                    "--log-level=info",
                    "-L", f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
                    "-L", f"module-null-sink sink_name={SINK} rate={self.rate} channels={self.channels}"
                    f" sink_properties=device.description=Listener",
                ],
                env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while self._daemon.poll() is None and time.monotonic() < deadline:
            asked = subprocess.run(["pactl", "set-default-sink", SINK], env=self.env, capture_output=True, check=False)
            if asked.returncode == 0:
                self._waker = self.record(subprocess.DEVNULL)
                return
            time.sleep(0.02)
        self.kill()
        log_text = (self._folder / "log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"pulseaudio did not start:\n{log_text[-2000:]}")

    def record(self, to: int) -> subprocess.Popen[bytes]:
        """Records to a pipe or to nowhere. A null sink lives in steps of 2 s; one that is recorded, in short ones."""
        return subprocess.Popen(
            [
                "parec", "--raw", f"--device={SINK}.monitor", "--format=float32le", f"--rate={self.rate}",
                f"--channels={self.channels}", f"--latency-msec={_CAPTURE_LATENCY_MS}",
            ],
            env=self.env, stdout=to, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        """The server dies at once, as in a crash: nobody is told."""
        if self._waker is not None:
            self._waker.kill()
            self._waker.wait()
            self._waker = None
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None

    def restart(self) -> None:
        """A new server where the old one was."""
        self.kill()
        self.start()

    def clients(self) -> list[str]:
        """One line for every program that plays on the server now."""
        listed = subprocess.run(
            ["pactl", "list", "short", "sink-inputs"], env=self.env, capture_output=True, text=True, check=True
        )
        return listed.stdout.splitlines()

    def capture(self) -> Capture:
        """Records what leaves the sink, while its ``with`` block lasts."""
        return Capture(self)

    def __enter__(self) -> SoundServer:
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class Capture:
    """A recording of the null sink, sample for sample; it ends with the server at the latest."""

    def __init__(self, server: SoundServer) -> None:
        self._server = server
        self._bytes = bytearray()
        self._running = threading.Event()

    def __enter__(self) -> Capture:
        self._recorder = self._server.record(subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._running.wait(_START_SECONDS):
            self._recorder.kill()
            raise RuntimeError("parec records nothing")
        return self

    def _read(self) -> None:
        assert self._recorder.stdout is not None
        with self._recorder.stdout as stream:
            while chunk := os.read(stream.fileno(), 65_536):
                self._bytes += chunk
                self._running.set()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        time.sleep(2 * _CAPTURE_LATENCY_MS / 1000)
        self._recorder.terminate()
        self._recorder.wait()
        self._reader.join()

    @property
    def samples(self) -> npt.NDArray[np.float32]:
        """What was recorded so far: float32 of shape (frames, channels)."""
        width = 4 * self._server.channels
        whole = bytes(self._bytes[: len(self._bytes) // width * width])
        return np.frombuffer(whole, "<f4").reshape(-1, self._server.channels)
