"""A program of its own that speaks with espeak-ng: texts come in on standard input, samples leave on standard output.

It is run by its path, not imported, and imports next to nothing, so that it is there in some 50 ms::

    python espeak_worker.py LIBRARY DATA VOICE

LIBRARY is the espeak-ng library, DATA its folder ``espeak-ng-data``, VOICE the identifier of the one voice.

Both ways go frames: a length (4 bytes, little-endian), then as many bytes. The first frame out is a greeting; then
each request (``REQUEST``, then the text in UTF-8) is answered by one. An answer is one byte, 0 and then the sample rate
in hertz (4 bytes) and 16-bit samples, or 1 and then what went wrong. The program ends when its input does.

The same text differs by some milliseconds from call to call within a process. A fresh fork of a process that has
not spoken says it with the same samples every time; where there is no fork, the program answers one request and ends.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

if sys.platform != "win32":
    import resource

TYPE_CHECKING = False
"""Type checkers know the name; importing ``typing`` would take a third of the time to start."""
if TYPE_CHECKING:
    from typing import IO

REQUEST = struct.Struct("<HHH")
"""Words a minute, pitch (0 to 100) and volume (0 to 200), as espeak counts them; none a minute asks for the phonemes
of a text, in IPA and UTF-8, in place of its samples."""

_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_UTF8, _PHONEMES, _WITH_END_PAUSE = 1, 0x100, 0x1000
_RATE, _VOLUME, _PITCH = 1, 2, 3
_IPA_WITH_TIES = 0x82 | ord("^") << 8
"""A tie stands within sounds that are written with two letters."""
_MOST_CPU_SECONDS = 20
"""A line takes milliseconds: beyond this the library is caught in a loop."""

_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class _Voice(ctypes.Structure):
    """The head of ``espeak_VOICE``."""

    _fields_ = (("name", ctypes.c_char_p), ("languages", ctypes.c_void_p), ("identifier", ctypes.c_char_p))


class Refusal(Exception):  # noqa: N818 - it is not always an error of this program
    """What is sent in place of samples."""


class Espeak:
    """The library, with one voice set."""

    def __init__(self, library: str, data: str, voice: str) -> None:
        try:
            self._library = ctypes.CDLL(library)
        except OSError as error:
            raise Refusal(f"the espeak-ng library cannot be loaded: {error}") from error
        # A path of 160 bytes or more is refused, and what it returns then is 0; a relative one is always short.
        os.chdir(os.path.dirname(data))  # noqa: PTH120 - pathlib would double the time to start
        self.rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, b".", _DONT_EXIT)
        if self.rate <= 0:
            raise Refusal(f"espeak-ng cannot read its data in {data}")
        self._pieces: list[bytes] = []
        self._callback = _CALLBACK(self._hear)
        self._library.espeak_SetSynthCallback(self._callback)
        self._set_voice(voice)

    def speak(self, text: bytes, rate: int, pitch: int, volume: int) -> bytes:
        """16-bit samples."""
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_VOLUME, volume)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._pieces.clear()
        flags = _UTF8 | _WITH_END_PAUSE | (_PHONEMES if b"[[" in text else 0)
        status = self._library.espeak_Synth(text, len(text) + 1, 0, 0, 0, flags, None, None)
        if status != 0:
            raise Refusal(f"espeak-ng failed with status {status}")
        return b"".join(self._pieces)

    def phonemes(self, text: bytes) -> bytes:
        """In IPA; clauses are parted by spaces."""
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        left, found = ctypes.c_char_p(text), []
        while left.value:
            found.append(self._library.espeak_TextToPhonemes(ctypes.byref(left), _UTF8, _IPA_WITH_TIES) or b"")
        return b" ".join(found)

    def _set_voice(self, voice: str) -> None:
        """A name that espeak does not know may leave the voice before in place, so the result is looked at."""
        self._library.espeak_GetCurrentVoice.restype = ctypes.POINTER(_Voice)
        status = self._library.espeak_SetVoiceByName(voice.encode())
        current = self._library.espeak_GetCurrentVoice()
        found = (current.contents.identifier or b"").decode(errors="replace") if current else ""
        if status != 0 or found.replace("\\", "/").lower() != voice.lower():
            raise Refusal(f'espeak-ng has no voice "{voice}"')

    def _hear(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, 2 * count))
        return 0


def read_frame(source: IO[bytes]) -> bytes | None:
    """The next frame, or None at the end."""
    head = source.read(4)
    if len(head) < 4:
        return None
    length = int.from_bytes(head, "little")
    body = source.read(length)
    return body if len(body) == length else None


def write_frame(target: IO[bytes], body: bytes) -> None:
    """Sends one frame."""
    target.write(len(body).to_bytes(4, "little") + body)
    target.flush()


def _answer(espeak: Espeak, request: bytes) -> bytes:
    rate, pitch, volume = REQUEST.unpack_from(request)
    try:
        text = request[REQUEST.size :]
        answer = espeak.speak(text, rate, pitch, volume) if rate else espeak.phonemes(text)
    except Refusal as refusal:
        return b"\1" + str(refusal).encode()
    return _rate(espeak) + answer


def _rate(espeak: Espeak) -> bytes:
    return b"\0" + espeak.rate.to_bytes(4, "little")


def _answer_in_fork(espeak: Espeak, request: bytes, target: IO[bytes]) -> bool:
    """Answers from a fork; False where that failed, and nobody knows how much of an answer was sent."""
    if sys.platform == "win32":
        return False
    process = os.fork()
    if process == 0:
        failed = 1
        try:
            _bound_cpu_time()
            write_frame(target, _answer(espeak, request))
            failed = 0
        finally:
            os._exit(failed)
    return os.waitpid(process, 0)[1] == 0


def _bound_cpu_time() -> None:
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = _MOST_CPU_SECONDS if hard == resource.RLIM_INFINITY else min(_MOST_CPU_SECONDS, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def main(library: str, data: str, voice: str, *, fork: bool) -> None:
    """Greets, then answers requests until there are no more."""
    source = sys.stdin.buffer
    # Whatever the library prints must not get between the frames.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        espeak = Espeak(library, data, voice)
    except Refusal as refusal:
        write_frame(target, b"\1" + str(refusal).encode())
        return
    write_frame(target, _rate(espeak))
    while (request := read_frame(source)) is not None:
        if not fork:
            write_frame(target, _answer(espeak, request))
            return
        if not _answer_in_fork(espeak, request, target):
            return


if __name__ == "__main__":
    main(*sys.argv[1:4], fork=hasattr(os, "fork") and sys.argv[4:] != ["once"])
