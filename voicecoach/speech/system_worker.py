"""A program of its own that asks pyttsx3 for one thing and ends: the voices there are, or one text in a file.

One text a process, because pyttsx3 speaks only the first on Windows, and keeps only the last elsewhere. It is run by
its path; the request comes as JSON on standard input, the answer goes as JSON to standard output.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

_WORDS_A_MINUTE = 160
"""Natural speed: close to what macOS and Windows speak at by themselves."""
_SLOWEST, _FASTEST = 60, 440
"""What Windows can do; beyond it refuses."""
_POLL_SECONDS = 0.02
_HEADER = 54
"""Bytes of an AIFF file without any sound; of a WAV file it is 44."""


def is_complete(path: Path) -> bool:
    """Whether a WAV or AIFF file holds as much as its first eight bytes say, and any sound at all."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            size = file.seek(0, os.SEEK_END)
    except OSError:
        return False
    if len(head) < 8 or head[:4] not in (b"RIFF", b"FORM"):
        return False
    promised = 8 + int.from_bytes(head[4:], "little" if head[:4] == b"RIFF" else "big")
    return promised > _HEADER and promised <= size <= promised + 1


def _voices(engine: Any) -> dict[str, Any]:
    return {
        "default": engine.getProperty("voice") or "",
        "voices": [
            {"id": voice.id, "name": voice.name or voice.id, "language": _language(voice.languages)}
            for voice in engine.getProperty("voices")
        ],
    }


def _language(languages: list[Any]) -> str:
    first = languages[0] if languages else ""
    return first.decode(errors="replace") if isinstance(first, bytes) else str(first or "")


def _speak(engine: Any, request: dict[str, Any]) -> dict[str, Any]:
    path = Path(request["path"])
    rate = max(_SLOWEST, min(_FASTEST, round(_WORDS_A_MINUTE * request["rate"])))
    if sys.platform == "linux":
        # Otherwise all this is done as the loop begins, which goes on by cancelling what espeak has not done yet.
        engine.proxy.setBusy(False)
    engine.setProperty("voice", request["voice"])
    engine.setProperty("rate", rate)
    engine.setProperty("volume", request["volume"])
    if sys.platform == "linux":
        from pyttsx3.drivers import _espeak

        _espeak.Synchronize()
    engine.save_to_file(request["text"], str(path))
    engine.runAndWait()
    # A voice it does not know raises nothing, and it may return before the file is written.
    if str(engine.getProperty("voice")).casefold() != request["voice"].casefold():
        return {"error": f'the system has no voice "{request["voice"]}"'}
    while not is_complete(path):
        time.sleep(_POLL_SECONDS)
    return {}


def _use_bundled_espeak() -> None:
    """On Linux pyttsx3 knows only espeak, and ends the process where that finds no data."""
    spec = importlib.util.find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent
    ctypes.CDLL(str(folder / "libespeak-ng.so"))
    # Espeak refuses paths of 160 bytes or more; a relative one is always short.
    os.chdir(folder)
    os.environ["ESPEAK_DATA_PATH"] = "."


def main() -> None:
    """Answers the one request."""
    request = json.load(sys.stdin)
    # Drivers print what they do.
    target = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if sys.platform == "linux":
        _use_bundled_espeak()
    import pyttsx3

    engine = pyttsx3.init()
    json.dump(_speak(engine, request) if "text" in request else _voices(engine), target)
    target.flush()
    # The drivers' own ways to end may crash or hang.
    os._exit(0)


if __name__ == "__main__":
    main()
