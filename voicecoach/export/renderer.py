"""Chunks become packets: mixed one after the other, encoded side by side, and kept."""

from __future__ import annotations

import hashlib
import struct
from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.export.chunks import Chunk
from voicecoach.export.codec import Codec
from voicecoach.store import cache as caching

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from voicecoach.sound.clip import Samples

Packets = list[bytes]

REMEMBERED = 16 * 1024 * 1024
"""Bytes of packets kept in memory, for chunks that recur."""
_MIXING = 1
"""Goes up whenever the mixer makes other samples of the same placements."""
_PATIENCE = 0.1
"""Seconds to wait for a chunk before letting an interruption through (Windows does not interrupt a wait)."""


class Source(Protocol):
    """Where the samples of chunks come from. They are asked for in their order."""

    def identity(self, chunk: Chunk) -> Hashable:
        """Equal for two chunks only if their samples are equal."""
        ...

    def samples(self, chunk: Chunk) -> Samples:
        """Those of the chunk, of shape (frames, channels)."""
        ...


def source(arrangement: Arrangement) -> Source:
    """For the chunks of this arrangement."""
    return _Islands(arrangement) if arrangement.bed is None else _Music(arrangement)


class _Islands:
    """Each chunk mixed by itself, from its own placements only, and known by them."""

    def __init__(self, arrangement: Arrangement) -> None:
        self._clips = arrangement.clips

    def identity(self, chunk: Chunk) -> Hashable:
        identity = self._clips.identity
        heard = [
            (one.start - chunk.start, one.end - one.start, identity(one.what), one.gain) for one in chunk.placements
        ]
        return (_MIXING, chunk.end - chunk.start, *heard)

    def samples(self, chunk: Chunk) -> Samples:
        from voicecoach.arrange.mixer import mix  # brings numpy, and a chunk that was kept is not mixed

        return mix(chunk.placements, self._clips, chunk.start, chunk.end)


class _Music:
    """One mixer read from start to end. Chunks overlap: what was read last is kept. Only samples tell what they are."""

    def __init__(self, arrangement: Arrangement) -> None:
        import numpy as np

        from voicecoach.arrange.mixer import Mixer

        self._mixer = Mixer(arrangement)
        self._kept = np.zeros((0, arrangement.channels), dtype=np.float32)

    def identity(self, chunk: Chunk) -> Hashable:
        return hashlib.blake2b(self.samples(chunk).tobytes(), digest_size=32).hexdigest()

    def samples(self, chunk: Chunk) -> Samples:
        import numpy as np

        position = self._mixer.position
        kept = self._kept[self._kept.shape[0] - max(0, position - chunk.start) :]
        if chunk.start > position:
            self._mixer.seek(chunk.start)
        fresh = self._mixer.read(chunk.end - chunk.start - kept.shape[0])
        self._kept = np.concatenate((kept, fresh))
        missing = chunk.end - chunk.start - self._kept.shape[0]
        return np.pad(self._kept, ((0, missing), (0, 0))) if missing else self._kept


class Renderer:
    """Makes the packets of chunks, and keeps them: within one export, and with a ``cache`` from one to the next.

    They are found by the identity of their samples: the same ones give the same packets, so that it makes no
    difference to the result whether they were kept.
    """

    def __init__(self, codec: Codec, cache: caching.Cache | None = None) -> None:
        self._codec = codec
        self._cache = cache
        self._made_by = codec.made_by()
        self._remembered: OrderedDict[Hashable, tuple[int, Packets | Future[Packets]]] = OrderedDict()
        packet = codec.bit_rate * codec.grid // codec.session_rate // 8
        self._room = REMEMBERED // (packet + 1)

    def silence(self) -> bytes:
        """A packet of silence that has lasted."""
        codec = replace(self._codec, bit_rate=self._codec.silent_bit_rate)
        key = self._key(codec, codec.lead, 1, "silence")
        packets = self._kept(key, 1)
        if packets is None:
            import numpy as np

            silence = np.zeros((codec.grid, codec.channels), dtype=np.float32)
            packets = self._encoded(codec, key, silence, codec.lead, 1)
        return packets[0]

    def packets(
        self, chunks: Iterable[Chunk], origin: Source, jobs: int
    ) -> Generator[tuple[Chunk, Packets], None, None]:
        """The chunks in their order, each with its packets; at most ``jobs`` are encoded at once.

        Raises ExportError where the encoder fails, and whatever the session's clips and music raise.
        """
        waiting: deque[tuple[Chunk, Packets | Future[Packets]]] = deque()
        workers = _Workers(jobs)
        try:
            for chunk in chunks:
                waiting.append((chunk, self._begun(chunk, origin, workers)))
                while len(waiting) > jobs or (waiting and _ready(waiting[0][1])):
                    yield _ended(*waiting.popleft())
            while waiting:
                yield _ended(*waiting.popleft())
        finally:
            workers.end()

    def _begun(self, chunk: Chunk, origin: Source, workers: _Workers) -> Packets | Future[Packets]:
        skip, count = chunk.first - chunk.origin, chunk.last - chunk.first
        known = skip, count, origin.identity(chunk)
        if (found := self._remembered.get(known)) is not None:
            self._remembered.move_to_end(known)
            return found[1]
        key = self._key(self._codec, *known)
        packets: Packets | Future[Packets] | None = self._kept(key, count)
        if packets is None:
            packets = workers.begin(self._encoded, self._codec, key, origin.samples(chunk), skip, count)
        self._remembered[known] = count, packets
        self._room -= count
        while self._room < 0:
            self._room += self._remembered.popitem(last=False)[1][0]
        return packets

    def _encoded(self, codec: Codec, key: str, samples: Samples, skip: int, count: int) -> Packets:
        from voicecoach.export import encoder

        packets = encoder.encode(codec, samples, skip, count)
        if self._cache is not None:
            self._cache.put(key, packed(packets))
        return packets

    def _kept(self, key: str, count: int) -> Packets | None:
        kept = None if self._cache is None else self._cache.get(key)
        return None if kept is None else unpacked(kept, count)

    def _key(self, codec: Codec, skip: int, count: int, identity: Hashable) -> str:
        return caching.key("island", codec, self._made_by, skip, count, identity)


def packed(packets: Packets) -> bytes:
    """As one string: the length of each packet, then all of them."""
    return struct.pack(f"<{len(packets)}I", *map(len, packets)) + b"".join(packets)


def unpacked(whole: bytes, count: int) -> Packets | None:
    """The packets that ``packed`` made one string of, or None where that string is not of so many packets."""
    if len(whole) < 4 * count:
        return None
    packets, at = [], 4 * count
    for length in struct.unpack_from(f"<{count}I", whole):
        packets.append(whole[at : at + length])
        at += length
    return packets if at == len(whole) else None


class _Workers:
    """Threads (encoders let go of the interpreter while they work), started when there is something to do."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._threads: ThreadPoolExecutor | None = None

    def begin(self, work: Callable[..., Packets], *arguments: object) -> Future[Packets]:
        from concurrent.futures import ThreadPoolExecutor

        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._jobs, thread_name_prefix="voicecoach-encode")
        return self._threads.submit(work, *arguments)

    def end(self) -> None:
        """What has not begun never does."""
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)


def _ready(packets: Packets | Future[Packets]) -> bool:
    return isinstance(packets, list) or packets.done()


def _ended(chunk: Chunk, packets: Packets | Future[Packets]) -> tuple[Chunk, Packets]:
    while not isinstance(packets, list):
        future = packets
        try:
            packets = future.result(timeout=_PATIENCE)
        except TimeoutError:
            if future.done():
                raise
    return chunk, packets
