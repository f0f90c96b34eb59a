"""Control from outside the terminal: media keys, headsets, desktops.

=========  =============================================
``mpris``  through the session bus, on Linux
``none``   nothing is heard, and nothing shown
=========  =============================================
"""

from __future__ import annotations

from voicecoach.play.remote.base import Button, Remote, Shown

__all__ = ["Button", "Remote", "Shown", "available", "open"]


def open(name: str = "voicecoach") -> Remote:
    """What hears buttons here, not started; ``name`` is what a desktop calls the player.

    Takes no time and never fails. Where there is nothing to hear, ``why_not`` of what comes says why.
    """
    from voicecoach.play.remote import mpris

    reason = mpris.why_not()
    if reason is None:
        return mpris.Mpris(name)
    from voicecoach.play.remote.none import NoRemote

    return NoRemote(reason)


def available() -> str | None:
    """Why no button reaches a session here; None where they do. Tries it, for three seconds at most."""
    from voicecoach.play.remote import mpris

    return mpris.why_not() or mpris.connects()
