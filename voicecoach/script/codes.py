"""What can be said of a script, each under a code that stays the same from version to version."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """The codes of ``check``: mistakes VC0…, what is heard VC10…, wording VC11…, coaching VC12…, keys VC13….

    Voices are VC14…, silences VC19…. A code that is given up is never given to something else.
    """

    SYNTAX = "VC001"
    FORMAT = "VC002"
    UNREADABLE_FILE = "VC003"
    INAUDIBLE = "VC004"

    LATE = "VC101"
    LEFT_OUT = "VC102"
    OVERRUN = "VC103"
    STRETCHED = "VC104"
    TOO_FAST = "VC105"
    UNCOUNTED = "VC106"
    CUES_UNHEARD = "VC107"
    REMINDER_UNHEARD = "VC108"

    SILENT_LINE = "VC110"
    OTHER_ALPHABET = "VC111"
    TWO_MEANINGS = "VC112"
    MISREAD = "VC113"
    OTHER_LANGUAGE = "VC114"

    CROWDED = "VC120"
    REPEATED = "VC121"
    SIDES_UNEQUAL = "VC122"
    NO_SET_UP = "VC123"
    LONG_IN_MOTION = "VC124"
    LONG_CUE = "VC125"

    NO_EFFECT = "VC130"
    NEVER_HAPPENS = "VC131"
    UNUSED = "VC132"
    EMPTY_NAME = "VC133"
    FLAG_AS_TEXT = "VC134"
    COUNTDOWN_TOO_LONG = "VC135"
    JITTER_TOO_LONG = "VC136"

    VOICE = "VC140"
    NO_PHRASES = "VC141"
    VOICE_NOTE = "VC142"
    NO_RECORDINGS = "VC143"
    RECORDING_NOT_SAID = "VC144"

    UNUSED_SILENCE = "VC190"
    UNKNOWN_SILENCE = "VC191"
