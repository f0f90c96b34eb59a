"""An arrangement as an audio file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from voicecoach import log
from voicecoach.arrange.arrangement import Arrangement, Island
from voicecoach.export import tags as tagging
from voicecoach.export.artwork import artwork
from voicecoach.export.chunks import Chunk, chunks
from voicecoach.export.codec import Codec
from voicecoach.export.formats import Silence, format_for
from voicecoach.export.formats.format import PacketFile
from voicecoach.export.grid import on_grid
from voicecoach.export.renderer import Packets, Renderer, source
from voicecoach.export.tags import TagVersion
from voicecoach.store.atomic import writing
from voicecoach.store.cache import Cache
from voicecoach.store.machine import processors

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames in all."""


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
    frames, islands = arrangement.frames, arrangement.islands()
    about = replace(tagging.of(arrangement, frames).but(tags or {}), version=tag_version)
    if cover is not None:
        about = replace(about, cover=artwork(cover))
    texts: dict[Path, str] = {}
    for kind in dict.fromkeys(captions):
        from voicecoach.export import captions as captioning  # which most exports do without

        place = captioning.beside(target, kind)
        texts[place] = captioning.written(kind, arrangement, about)
        if kind == "lrc":
            about = replace(about, lyrics=captioning.lyrics(captioning.captions(arrangement), arrangement.rate))

    def done(reached: int) -> None:
        if progress is not None:
            progress(min(reached, frames), frames)

    with log.timed("%s written", target) as told, ExitStack() as files:
        for place, text in texts.items():
            beside = files.enter_context(writing(place))
            beside.write(text.encode("utf-8"))
            beside.flush()
        file = files.enter_context(writing(target))
        codec = encoding.codec()
        if codec is None or plain:
            from voicecoach.export import streaming  # brings numpy, which islands that are kept do not need
        if codec is None:
            samples = encoding.sample_file(file, about, frames)
            streaming.write(samples, arrangement, (Island(0, frames, ()),) if plain else islands, frames, done)
            samples.finish()
        else:
            if arrangement.bed is None:
                islands = on_grid(islands, frames, codec)
            renderer = Renderer(codec, cache)
            with closing(encoding.packet_file(file, codec, renderer.silence(), about, frames)) as packets:
                if plain:
                    streaming.encode(packets, arrangement, islands, frames, codec, done)
                else:
                    found = chunks(codec, islands, frames)
                    made = renderer.packets(found, source(arrangement), max(1, jobs or processors()))
                    with closing(made):
                        _splice(packets, made, codec, frames, done)
                packets.finish()
            if cache is not None:
                told.append(f"{cache.found} times from the cache, {cache.missed} times not")
    done(frames)


def _splice(
    out: PacketFile, made: Iterable[tuple[Chunk, Packets]], codec: Codec, frames: int, done: Callable[[int], None]
) -> None:
    """Writes chunks, and silence between them and behind."""
    written = 0
    for chunk, packets in made:
        out.silent(chunk.first - written)
        out.sound(packets)
        written = chunk.last
        done(written * codec.grid)
    out.silent(codec.packets(frames) - written)
