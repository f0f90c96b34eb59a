"""An arrangement as an audio file, or as the files of an album."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO, NamedTuple

from voicecoach import log
from voicecoach.arrange.arrangement import Arrangement, Island
from voicecoach.export import tags as tagging
from voicecoach.export.artwork import artwork
from voicecoach.export.chunks import Chunk, chunks
from voicecoach.export.codec import Codec
from voicecoach.export.formats import Silence, format_for
from voicecoach.export.formats.format import Encoding
from voicecoach.export.grid import on_grid
from voicecoach.export.renderer import Packets, Renderer, source
from voicecoach.export.tags import Tags, TagVersion
from voicecoach.store.atomic import writing
from voicecoach.store.cache import Cache
from voicecoach.store.machine import processors

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames in all."""


class Track(NamedTuple):
    """A stretch of a session that becomes a file of its own: frames ``start`` up to ``end``.

    Where there is a codec, it starts on the codec's grid. ``texts`` are files that take their places with it.
    """

    path: Path
    start: int
    end: int
    tags: Tags
    texts: tuple[tuple[Path, str], ...] = ()


def export(
    arrangement: Arrangement,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 (what it is)
    plain: bool = False,
    jobs: int | None = None,
    cache: Cache | None = None,
    silence: Silence = "constant",
    bit_rate: int | None = None,
    progress: Progress | None = None,
    tags: Mapping[str, str] | None = None,
    tag_version: TagVersion = "2.3",
    cover: bytes | None = None,
    captions: Iterable[str] = (),
) -> None:
    """Writes the whole session to ``path``, which holds either all of it or what it held before.

    ``format`` is a name in ``voicecoach.export.formats.FORMATS``; without one the suffix of ``path`` tells. Only what
    sounds is encoded, by ``jobs`` threads (as many as there are processors), and what ``cache`` holds already is not
    encoded again; between is ready-made silence. ``plain`` encodes every second of it in one go instead, to compare
    with.
    ``silence="small"`` makes a far smaller MP3 of speech, with variable bitrate and half the sample rate; music stays.
    ``bit_rate`` is in bits a second, one of the format's ``choice``; None leaves it to the format.
    ``tags`` replaces what the file says about itself (``title``, ``artist``, ``album``, ``language``, ``comment``);
    ``tag_version`` is the ID3 of an MP3. ``cover`` is a JPEG or PNG that it shows; a WAV file has no place for one.
    ``captions`` are kinds of ``voicecoach.export.captions.KINDS``, each written to a file beside it, of the same name
    with another suffix; with ``lrc`` an MP3 holds the lyrics itself too. They take their places together, or none does.

    The same arrangement gives the same bytes, whatever ``jobs`` and ``cache`` are.

    Raises UnknownFormatError, or ExportError where the file cannot be encoded or written; whatever happens, nothing
    unfinished is left behind.
    """
    target = Path(path)
    encoding = format_for(target, format).encoding(arrangement.rate, arrangement.channels, silence, bit_rate)
    about = replace(tagging.of(arrangement, arrangement.frames).but(tags or {}), version=tag_version)
    if cover is not None:
        about = replace(about, cover=artwork(cover))
    whole = with_captions(Track(target, 0, arrangement.frames, about), arrangement, captions)
    if plain and (codec := encoding.codec()) is not None:
        with log.timed("%s written", target):
            _encode_plainly(arrangement, whole, encoding, codec, _frames_of(progress, whole.end))
    else:
        export_tracks(arrangement, [whole], encoding, jobs=jobs, cache=cache, progress=progress, all_of_it=plain)


def with_captions(track: Track, arrangement: Arrangement, kinds: Iterable[str]) -> Track:
    """A track with what is said in it as text beside it, and with ``lrc`` in an MP3 too; ``arrangement`` is its own."""
    texts: dict[Path, str] = {}
    about = track.tags
    for kind in dict.fromkeys(kinds):
        from voicecoach.export import captions as captioning  # which most exports do without

        texts[captioning.beside(track.path, kind)] = captioning.written(kind, arrangement, about)
        if kind == "lrc":
            about = replace(about, lyrics=captioning.lyrics(arrangement))
    return track._replace(tags=about, texts=tuple(texts.items()))


def export_tracks(
    arrangement: Arrangement,
    tracks: Sequence[Track],
    encoding: Encoding,
    *,
    jobs: int | None = None,
    cache: Cache | None = None,
    progress: Progress | None = None,
    all_of_it: bool = False,
) -> None:
    """Writes each track, which together are the session: played in a row they are sample for sample the whole of it.

    They follow one another without a gap. ``all_of_it`` mixes silence too, where there is no codec. Each file is there
    whole or as it was before. Raises ExportError.
    """
    frames = arrangement.frames
    done = _frames_of(progress, frames)
    with log.timed("%s written", tracks[0].path.parent if len(tracks) > 1 else tracks[0].path) as told:
        codec = encoding.codec()
        if codec is None:
            islands = (Island(0, frames, ()),) if all_of_it else arrangement.islands()
            _write_samples(arrangement, tracks, encoding, islands, done)
        else:
            renderer = Renderer(codec, cache)
            found = list(chunks(codec, session_islands(arrangement, codec), frames))
            made = renderer.packets(found, source(arrangement), max(1, jobs or processors()))
            with closing(made):
                _write_packets(made, _parts(tracks, found, codec), encoding, codec, renderer.silence(), done)
            if cache is not None:
                told.append(f"{cache.found} times from the cache, {cache.missed} times not")
    done(frames)


def session_islands(arrangement: Arrangement, codec: Codec) -> tuple[Island, ...]:
    """The islands of a session, as they are encoded."""
    islands = arrangement.islands()
    return islands if arrangement.bed is not None else on_grid(islands, arrangement.frames, codec)


def _frames_of(progress: Progress | None, frames: int) -> Callable[[int], None]:
    def done(reached: int) -> None:
        if progress is not None:
            progress(min(reached, frames), frames)

    return done


@contextmanager
def _opened(track: Track) -> Iterator[BinaryIO]:
    """The file of a track, which takes its place with its texts or not at all."""
    with ExitStack() as files:
        for place, text in track.texts:
            beside = files.enter_context(writing(place))
            beside.write(text.encode("utf-8"))
            beside.flush()
        yield files.enter_context(writing(track.path))


def _encode_plainly(
    arrangement: Arrangement, whole: Track, encoding: Encoding, codec: Codec, done: Callable[[int], None]
) -> None:
    from voicecoach.export import streaming

    silence = Renderer(codec).silence()
    with (
        _opened(whole) as file,
        closing(encoding.packet_file(file, codec, silence, whole.tags, whole.end)) as packets,
    ):
        streaming.encode(packets, arrangement, session_islands(arrangement, codec), whole.end, codec, done)
        packets.finish()
    done(whole.end)


def _write_samples(
    arrangement: Arrangement,
    tracks: Sequence[Track],
    encoding: Encoding,
    islands: Sequence[Island],
    done: Callable[[int], None],
) -> None:
    from voicecoach.export import streaming  # brings numpy, which islands that are kept do not need

    for track in tracks:
        with _opened(track) as file:
            samples = encoding.sample_file(file, track.tags, track.end - track.start)
            streaming.write(samples, arrangement, islands, track.start, track.end, done)
            samples.finish()


class _Part(NamedTuple):
    """The packets of a track: ``first`` up to ``end``, and from ``begin`` on some for its decoder alone."""

    track: Track
    begin: int
    first: int
    end: int


def _parts(tracks: Sequence[Track], found: Sequence[Chunk], codec: Codec) -> Iterator[_Part]:
    starts = [chunk.first for chunk in found]
    for track in tracks:
        first = track.start // codec.grid
        before = bisect_left(starts, first) - 1
        inside = before >= 0 and found[before].last > first
        begin = max(0, first - codec.preroll) if inside else first
        yield _Part(track, begin, first, first + codec.packets(track.end - track.start))


def _write_packets(
    made: Iterator[tuple[Chunk, Packets]],
    parts: Iterable[_Part],
    encoding: Encoding,
    codec: Codec,
    silence: bytes,
    done: Callable[[int], None],
) -> None:
    """Writes to each track its share of the chunks, and silence between them and behind.

    Where two tracks meet, both have the few packets that the end of the one and the beginning of the other sound in.
    """
    row = [*parts]
    kept: list[tuple[Chunk, Packets]] = []
    """Chunks that reach into the next track as well."""
    for part, following in zip_longest(row, row[1:]):
        track, frames, preroll = part.track, part.track.end - part.track.start, part.first - part.begin
        with (
            _opened(track) as file,
            closing(encoding.packet_file(file, codec, silence, track.tags, frames, preroll)) as packets,
        ):
            written = part.begin
            left = kept
            kept = []
            for chunk, content in _before(part.end, left, made):
                if following is not None and chunk.last > following.begin:
                    kept.append((chunk, content))
                if chunk.first < part.end:
                    packets.silent(max(0, chunk.first - written))
                    written = max(written, chunk.first)
                    packets.sound(content[written - chunk.first : part.end - chunk.first])
                    written = min(part.end, chunk.last)
                    done(written * codec.grid)
            packets.silent(part.end - written)
            packets.finish()


def _before(
    end: int, left: Iterable[tuple[Chunk, Packets]], made: Iterator[tuple[Chunk, Packets]]
) -> Iterator[tuple[Chunk, Packets]]:
    """The chunks that are left, then fresh ones, up to the first that reaches packet ``end``."""
    reached = 0
    for chunk, content in left:
        reached = chunk.last
        yield chunk, content
    while reached < end and (fresh := next(made, None)) is not None:
        reached = fresh[0].last
        yield fresh
