"""How everything sounds that an arrangement can hold: spoken lines, recordings, and the sounds that ship."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from voicecoach import units
from voicecoach.sound import sounds
from voicecoach.timeline.model import Content, Line, Recording, Sound

if TYPE_CHECKING:
    from voicecoach.sound.clip import Audio
    from voicecoach.speech.speaker import Speaker

HELD_BYTES = 16 * 1024 * 1024
"""Most bytes of recordings and sounds kept in memory; the speaker keeps its own lines."""


class Library:
    """The ``Clips`` of a session, mono at ``rate`` hertz. May be used from several threads at once.

    Recordings, and sounds of the script's own, are brought to the loudness of speech, and long ones are not held in
    memory; sounds that ship have their loudness built in.
    """

    def __init__(self, speaker: Speaker, rate: int = units.SAMPLE_RATE) -> None:
        if speaker.rate != rate:
            raise ValueError(f"a speaker at {speaker.rate} Hz cannot speak for a session at {rate} Hz")
        self.rate = rate
        self._speaker = speaker
        self._lock = threading.Lock()
        self._frames: dict[Content, int] = {}
        self._identities: dict[Content, str] = {}
        self._held: OrderedDict[Content, Audio] = OrderedDict()
        self._held_bytes = 0

    def frames(self, what: Content) -> int:
        """Length in frames. Raises VoiceError or AudioFileError where it cannot be heard."""
        if isinstance(what, Line):
            return self._speaker.frames(what)
        known = self._frames.get(what)
        if known is None:
            if isinstance(what, Sound) and what.path is None:
                known = sounds.frames(what.name, self.rate)
            else:
                known = self.clip(what).frames
            self._frames[what] = known
        return known

    def identity(self, what: Content) -> str:
        """What the samples follow from; of a recording, whose file may change, a hash of themselves."""
        if isinstance(what, Line):
            return self._speaker.identity(what)
        if isinstance(what, Sound) and what.path is None:
            return f"{sounds.identity(what.name)} {self.rate}"
        if what not in self._identities:
            self.clip(what)
        return self._identities[what]

    def clip(self, what: Content) -> Audio:
        """The audio; not to be written to. Raises VoiceError or AudioFileError where it cannot be heard."""
        if isinstance(what, Line):
            return self._speaker.clip(what)
        with self._lock:
            if what in self._held:
                self._held.move_to_end(what)
                return self._held[what]
        clip = self._read(what)
        with self._lock:
            self._frames[what] = clip.frames
            if what not in self._held:
                self._held[what] = clip
                self._held_bytes += clip.nbytes
            while self._held_bytes > HELD_BYTES:
                self._held_bytes -= self._held.popitem(last=False)[1].nbytes
        return clip

    def prepare(
        self,
        contents: Iterable[Content],
        jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Makes sure that all of it can be heard, and that no line has to be spoken later.

        Speaks ``jobs`` lines at once (None: as many as the voice can). ``progress`` is called with how many contents
        are done, and of how many. Raises VoiceError or AudioFileError for the first that cannot be heard.
        """
        wanted = list(dict.fromkeys(contents))
        lines = [what for what in wanted if isinstance(what, Line)]
        others = [what for what in wanted if not isinstance(what, Line)]
        for done, what in enumerate(others, start=1):
            self.frames(what)
            if progress is not None:
                progress(done, len(wanted))

        def line_done(done: int, _: int) -> None:
            if progress is not None:
                progress(len(others) + done, len(wanted))

        self._speaker.prepare(lines, jobs, line_done)

    def _read(self, what: Recording | Sound) -> Audio:
        if what.path is not None:
            from voicecoach.sound import media, recordings  # costly to import, and few sessions have recordings

            audio, identity = recordings.audio(what.path, self.rate, self._speaker.cache)
            if self._identities.setdefault(what, identity) != identity:
                raise media.changed(what.path)
            return audio
        clip = sounds.clip(what.name, self.rate)
        clip.samples.flags.writeable = False
        return clip
