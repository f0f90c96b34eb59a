"""Audio files, a module each: its codec, and the container its packets or samples go into.

``FORMATS`` are the formats there are, by name; ``format_for`` finds the one that a name or a path's suffix means.
"""

from voicecoach.export.formats.format import FORMATS, RATES, Encoding, Format, Silence, format_for

__all__ = ["FORMATS", "RATES", "Encoding", "Format", "Silence", "format_for"]
