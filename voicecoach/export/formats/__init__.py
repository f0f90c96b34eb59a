"""Audio files: codecs, containers, and how a session becomes packets.

``FORMATS`` are the formats there are, by name; ``format_for`` finds the one that a name or a path's suffix means.
"""

from voicecoach.export.formats.formats import FORMATS, Format, format_for

__all__ = ["FORMATS", "Format", "format_for"]
