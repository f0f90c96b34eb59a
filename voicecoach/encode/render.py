"""Pieces become packets: mixed one after the other, encoded side by side, and kept."""

from __future__ import annotations

import hashlib
import struct
from collections import OrderedDict, deque
from collections.abc import Generator, Hashable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from voicecoach import cache as caching
from voicecoach.arrangement import Arrangement
from voicecoach.clip import Samples
from voicecoach.encode.codec import Codec
from voicecoach.encode.pieces import Piece
from voicecoach.mixer import Mixer, mix

Packets = list[bytes]

REMEMBERED = 16 * 1024 * 1024
"""Bytes of packets kept in memory, for pieces that recur."""
_PATIENCE = 0.1
"""Seconds to wait for a piece before letting an interruption through (Windows does not interrupt a wait)."""


class Source(Protocol):
    """Where the samples of pieces come from."""

    def samples(self, piece: Piece) -> Samples:
        """Those of the piece, of shape (frames, channels). Pieces are asked for in order."""
        ...

    def identity(self, piece: Piece) -> Hashable | None:
        """Equal for two pieces of a session only if their samples are equal; None where only the samples can tell."""
        ...


def source(arrangement: Arrangement) -> Source:
    """For the pieces of this arrangement."""
    return _Islands(arrangement) if arrangement.bed is None else _Music(arrangement)


class _Islands:
    """Each piece mixed by itself, from its own placements only."""

    def __init__(self, arrangement: Arrangement) -> None:
        self._clips = arrangement.clips

    def samples(self, piece: Piece) -> Samples:
        return mix(piece.placements, self._clips, piece.start, piece.end)

    def identity(self, piece: Piece) -> Hashable | None:
        heard = ((one.start - piece.start, one.end - one.start, one.what, one.gain) for one in piece.placements)
        return (piece.end - piece.start, *heard)


class _Music:
    """One mixer read from start to end. Pieces overlap: what was read last is kept."""

    def __init__(self, arrangement: Arrangement) -> None:
        self._mixer = Mixer(arrangement)
        self._kept = np.zeros((0, arrangement.channels), dtype=np.float32)

    def samples(self, piece: Piece) -> Samples:
        position = self._mixer.position
        kept = self._kept[self._kept.shape[0] - max(0, position - piece.start) :]
        if piece.start > position:
            self._mixer.seek(piece.start)
        fresh = self._mixer.read(piece.end - piece.start - kept.shape[0])
        self._kept = np.concatenate((kept, fresh))
        missing = piece.end - piece.start - self._kept.shape[0]
        return np.pad(self._kept, ((0, missing), (0, 0))) if missing else self._kept

    def identity(self, piece: Piece) -> Hashable | None:
        return None


class Renderer:
    """Makes the packets of pieces, and keeps them: within one export, and with a ``cache`` from one to the next.

    A cache finds them by their samples: the same samples always give the same packets, so it makes no difference
    to the result whether they were kept.
    """

    def __init__(self, codec: Codec, cache: caching.Cache | None = None) -> None:
        self._codec = codec
        self._cache = cache
        self._made_by = codec.made_by()
        self._remembered: OrderedDict[Hashable, tuple[int, Future[Packets]]] = OrderedDict()
        packet = codec.bit_rate * codec.grid // codec.session_rate // 8
        self._room = REMEMBERED // (packet + 1)

    def silence(self, codec: Codec) -> bytes:
        """A packet of silence that has lasted."""
        return self._encoded(codec, np.zeros((codec.grid, codec.channels), dtype=np.float32), codec.lead, 1)[0]

    def packets(
        self, pieces: Iterable[Piece], origin: Source, jobs: int
    ) -> Generator[tuple[Piece, Packets], None, None]:
        """The pieces in their order, each with its packets; at most ``jobs`` are encoded at once.

        Raises ExportError where the encoder fails, and whatever the session's clips and music raise.
        """
        waiting: deque[tuple[Piece, Future[Packets]]] = deque()
        with _workers(jobs) as workers:
            for piece in pieces:
                waiting.append((piece, self._begun(piece, origin, workers)))
                while len(waiting) > jobs or (waiting and waiting[0][1].done()):
                    yield _ended(*waiting.popleft())
            while waiting:
                yield _ended(*waiting.popleft())

    def _begun(self, piece: Piece, origin: Source, workers: ThreadPoolExecutor) -> Future[Packets]:
        skip, count = piece.first - piece.origin, piece.last - piece.first
        identity = origin.identity(piece)
        known = None if identity is None else (skip, count, identity)
        if known is not None and (found := self._remembered.get(known)) is not None:
            self._remembered.move_to_end(known)
            return found[1]
        future = workers.submit(self._encoded, self._codec, origin.samples(piece), skip, count)
        if known is not None:
            self._remembered[known] = count, future
            self._room -= count
            while self._room < 0:
                self._room += self._remembered.popitem(last=False)[1][0]
        return future

    def _encoded(self, codec: Codec, samples: Samples, skip: int, count: int) -> Packets:
        if self._cache is None:
            return codec.encode(samples, skip, count)
        content = hashlib.blake2b(np.ascontiguousarray(samples).data, digest_size=32).hexdigest()
        key = caching.key("island", codec, self._made_by, skip, count, content)
        kept = self._cache.get(key)
        packets = None if kept is None else unpacked(kept, count)
        if packets is None:
            packets = codec.encode(samples, skip, count)
            self._cache.put(key, packed(packets))
        return packets


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


@contextmanager
def _workers(jobs: int) -> Iterator[ThreadPoolExecutor]:
    """Threads (encoders let go of the interpreter while they work); what has not begun when this ends never does."""
    workers = ThreadPoolExecutor(jobs, thread_name_prefix="voicecoach-encode")
    try:
        yield workers
    finally:
        workers.shutdown(cancel_futures=True)


def _ended(piece: Piece, future: Future[Packets]) -> tuple[Piece, Packets]:
    while True:
        try:
            return piece, future.result(timeout=_PATIENCE)
        except TimeoutError:
            if future.done():
                raise
