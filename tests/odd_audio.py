"""Audio files as nobody would wish them, small and made by the tests themselves."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

RATE = 44_100
INTEGERS, FLOATS = 1, 3
"""How a WAV file calls its samples."""

Maker = Callable[[Path], object]
"""Makes the file of that path."""


def sine(seconds: float = 1.0, rate: int = RATE) -> npt.NDArray[np.float32]:
    """A quiet tone."""
    return np.asarray(0.25 * np.sin(2 * np.pi * 500 * np.arange(round(seconds * rate)) / rate), dtype=np.float32)


def pcm(samples: npt.NDArray[np.float32]) -> bytes:
    """As 16-bit samples."""
    return bytes(np.rint(samples * 32767).astype("<i2").tobytes())


def wav(
    data: bytes,
    *,
    kind: int = INTEGERS,
    channels: int = 1,
    rate: int = RATE,
    bits: int = 16,
    claims: int | None = None,
    extra: bytes = b"",
) -> bytes:
    """A WAV file that claims to hold ``claims`` bytes of samples."""
    frame = channels * bits // 8
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, kind, channels, rate, rate * frame % 2**32, frame % 2**16, bits)
    claimed = len(data) if claims is None else claims
    body = head + extra + struct.pack("<4sI", b"data", claimed) + data
    return struct.pack("<4sI4s", b"RIFF", min(4 + len(head) + claimed, 2**32 - 1), b"WAVE") + body


def with_samples(**changes: float) -> bytes:
    """A WAV file of floats, in which some samples are others: ``s100=1.0`` is the hundredth."""
    samples = sine()
    for place, value in changes.items():
        samples[int(place[1:])] = value
    return wav(samples.tobytes(), kind=FLOATS, bits=32)


def encoded(path: Path, codec: str, rate: int, *, seconds: float = 1.0, picture: str = "") -> None:
    """A tone, with a black picture where one is asked for."""
    with av.open(str(path), "w") as container:
        video = container.add_stream(picture, rate=10) if picture else None
        audio = container.add_stream(codec, rate=rate)
        assert isinstance(audio, AudioStream)
        audio.layout = "mono"
        if video is not None:
            assert isinstance(video, VideoStream)
            video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
            black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype=np.uint8), format="rgb24")
            black.pts, black.time_base = 0, Fraction(1, 10)
            for packet in (*video.encode(black), *video.encode(None)):
                container.mux(packet)
        frame = av.AudioFrame.from_ndarray(sine(seconds, rate)[None, :], "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        for packet in (*audio.encode(frame), *audio.encode(None)):
            container.mux(packet)


def silent_flac(path: Path, hours: float, rate: int = 1000) -> None:
    """Hours of silence in a few kilobytes."""
    with av.open(str(path), "w") as container:
        audio = container.add_stream("flac", rate=rate)
        assert isinstance(audio, AudioStream)
        audio.layout = "mono"
        size = rate * 60
        for number in range(round(hours * 60)):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, size), dtype=np.int16), "s16", "mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, number * size, Fraction(1, rate)
            for packet in audio.encode(frame):
                container.mux(packet)
        for packet in audio.encode(None):
            container.mux(packet)


def huge_picture() -> bytes:
    """A PNG of a megabyte that is 9,000 pixels wide and high: 240 megabytes of black."""
    width = height = 9_000

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer = zlib.compressobj(1)
    rows = bytes(100 * (1 + 3 * width))
    packed = b"".join(packer.compress(rows) for _ in range(height // 100)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def covered(picture: bytes, song: bytes) -> bytes:
    """An MP3 file with a cover."""
    content = b"\0image/png\0\x03\0" + picture
    frame = b"APIC" + struct.pack(">I", len(content)) + b"\0\0" + content
    size = bytes(len(frame) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + frame + song


def _written(content: bytes) -> Maker:
    return lambda path: path.write_bytes(content)


def _encoded(codec: str, rate: int, picture: str = "") -> Maker:
    return lambda path: encoded(path, codec, rate, picture=picture)


def _half(codec: str, rate: int) -> Maker:
    def make(path: Path) -> None:
        encoded(path, codec, rate)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return make


def _huge_cover(path: Path) -> None:
    encoded(path, "libmp3lame", RATE)
    path.write_bytes(covered(huge_picture(), path.read_bytes()))


def _claiming_flac(path: Path) -> None:
    """Claims 433 hours."""
    encoded(path, "flac", RATE)
    content = bytearray(path.read_bytes())
    content[21] |= 15
    content[22:26] = b"\xff" * 4
    path.write_bytes(content)


def in_long_frames(path: Path) -> None:
    """Two hours in few samples, of which a frame holds more than an hour."""
    with av.open(str(path), "w") as container:
        audio = container.add_stream("alac", rate=1)
        assert isinstance(audio, AudioStream)
        audio.layout = "mono"
        frame = av.AudioFrame.from_ndarray((sine(0.2)[None, :] * 32767).astype(np.int16), "s16p", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 1, 0, Fraction(1)
        for packet in (*audio.encode(frame), *audio.encode(None)):
            container.mux(packet)


def _mkfifo(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


TONE = pcm(sine())

ODD: dict[str, Maker] = {
    "fine.wav": _written(wav(TONE)),
    "half.wav": _written(wav(TONE[:44_100], claims=88_200)),
    "half.mp3": _half("libmp3lame", RATE),
    "half.m4a": _half("aac", RATE),
    "half.opus": _half("libopus", 48_000),
    "half.flac": _half("flac", RATE),
    "claims-4-GB.wav": _written(wav(TONE[:1000], claims=2**32 - 2)),
    "claims-less.wav": _written(wav(TONE, claims=100)),
    "claims-433-hours.flac": _claiming_flac,
    "claims-a-long-comment.wav": _written(wav(TONE, extra=b"LIST\xff\xff\xff\x7fINFOISFT\0\0\0\x70")),
    "nothing.mp3": _written(b""),
    "no-samples.wav": _written(wav(b"")),
    "one-sample.wav": _written(wav(TONE[:2])),
    "64-channels.wav": _written(wav(TONE[:4410] * 64, channels=64)),
    "8-channels.wav": _written(wav(TONE * 8, channels=8)),
    "1000-channels.wav": _written(wav(TONE * 10, channels=1000)),
    "0-channels.wav": _written(wav(TONE, channels=0)),
    "1-hertz.wav": _written(wav(TONE[:80], rate=1)),
    "1-hertz-for-days.au": _written(b".snd" + struct.pack(">IIIII", 24, 200_000, 2, 1, 1) + bytes(200_000)),
    "768-kilohertz.wav": _written(wav(TONE * 4, rate=768_000)),
    "2-gigahertz.wav": _written(wav(TONE, rate=2**31 - 1)),
    "0-hertz.wav": _written(wav(TONE, rate=0)),
    "0-bits.wav": _written(wav(TONE, bits=0)),
    "48-bits.wav": _written(wav(TONE, bits=48)),
    "no-number.wav": _written(with_samples(s40000=np.nan)),
    "no-number-at-all.wav": _written(wav(np.full(RATE, np.nan, "<f4").tobytes(), kind=FLOATS, bits=32)),
    "infinite.wav": _written(with_samples(s0=-np.inf)),
    "huge-numbers.wav": _written(wav((sine() * 1e30).astype("<f4").tobytes(), kind=FLOATS, bits=32)),
    "huger-numbers.wav": _written(wav((sine().astype("<f8") * 1e300).tobytes(), kind=FLOATS, bits=64)),
    "one-huge-number.wav": _written(with_samples(s20000=3e38)),
    "tiny-numbers.wav": _written(wav((sine() * 1e-40).astype("<f4").tobytes(), kind=FLOATS, bits=32)),
    "film.mp4": _encoded("aac", RATE, "mpeg4"),
    "film.mkv": _encoded("flac", RATE, "mpeg4"),
    "text.wav": _written(b"Lift your hips.\n" * 50),
    "noise.mp3": _written(np.random.default_rng(7).bytes(50_000)),
    "noise-with-a-head.mp3": _written(b"\xff\xfb\x90\x64" + np.random.default_rng(7).bytes(50_000)),
    "mp3-in-name-only.wav": _written(wav(TONE, kind=0x55)),
    "picture.mp3": _written(huge_picture()),
    "huge-cover.mp3": _huge_cover,
    "list.m3u8": _written(b"#EXTM3U\n#EXTINF:1\nfine.wav\n#EXT-X-ENDLIST\n"),
    "names-itself.wav": _written(b"ffconcat version 1.0\nfile names-itself.wav\n"),
    "names-a-pipe.wav": _written(b"ffconcat version 1.0\nfile pipe.wav\n"),
    **({"pipe.wav": _mkfifo, "device.wav": _device} if hasattr(os, "mkfifo") else {}),
}
"""What makes each, by its name."""
