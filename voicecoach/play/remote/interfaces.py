"""The two interfaces of an MPRIS player (MPRIS D-Bus interface specification 2.2), as objects of dbus-fast.

dbus-fast reads the annotations when the classes are made, so they are not postponed here.
"""

from collections.abc import Callable
from typing import Annotated

from dbus_fast import DBusError, ErrorType, PropertyAccess, Variant
from dbus_fast.annotations import (
    DBusBool,
    DBusDict,
    DBusDouble,
    DBusInt64,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from voicecoach.play.remote.base import Button
from voicecoach.play.remote.showing import Showing

PATH = "/org/mpris/MediaPlayer2"
NO_TRACK = f"{PATH}/TrackList/NoTrack"
TRACK = "/org/voicecoach/step/{}"
DBusStrings = Annotated[list[str], DBusSignature("as")]

Press = Callable[[Button], None]
_STATES = {"playing": "Playing", "paused": "Paused", "stopped": "Stopped"}
_READ = PropertyAccess.READ


def microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)


def sendable(text: str) -> str:
    """As D-Bus takes it: without what is no character, and without NUL, for either of which it ends a connection."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def metadata(showing: Showing | None) -> dict[str, Variant]:
    """Of the step; the length is left out where it is open."""
    if showing is None:
        return {"mpris:trackid": Variant("o", NO_TRACK)}
    shown = showing.shown
    told = {
        "mpris:trackid": Variant("o", TRACK.format(shown.number)),
        "xesam:title": Variant("s", sendable(shown.title)),
        "xesam:artist": Variant("as", [sendable(shown.artist)]),
    }
    if shown.length is not None:
        told["mpris:length"] = Variant("x", microseconds(shown.length))
    return told


class Root(ServiceInterface):
    """The program."""

    def __init__(self, identity: str, press: Press) -> None:
        super().__init__("org.mpris.MediaPlayer2")
        self._identity = sendable(identity)
        self._press = press

    @dbus_method(name="Raise")
    def bring_up(self) -> None:
        """A terminal cannot be brought up from inside."""

    @dbus_method(name="Quit")
    def quit(self) -> None:
        self._press(Button.STOP)

    @dbus_property(_READ, name="CanQuit")
    def can_quit(self) -> DBusBool:
        return True

    @dbus_property(_READ, name="CanRaise")
    def can_raise(self) -> DBusBool:
        return False

    @dbus_property(_READ, name="HasTrackList")
    def has_track_list(self) -> DBusBool:
        return False

    @dbus_property(_READ, name="Identity")
    def identity(self) -> DBusStr:
        return self._identity

    @dbus_property(_READ, name="SupportedUriSchemes")
    def schemes(self) -> DBusStrings:
        return []

    @dbus_property(_READ, name="SupportedMimeTypes")
    def types(self) -> DBusStrings:
        return []


class Player(ServiceInterface):
    """The session. ``showing`` gives what is shown and the time now, whenever somebody asks."""

    def __init__(self, press: Press, showing: Callable[[], tuple[Showing | None, float]]) -> None:
        super().__init__("org.mpris.MediaPlayer2.Player")
        self._press = press
        self._showing = showing

    def tell(self, changed: bool, jumped: bool) -> None:
        """Tells everybody what is shown now."""
        if changed:
            self.emit_properties_changed({"PlaybackStatus": self.status, "Metadata": self.metadata})
        if jumped:
            self.seeked()

    def _position(self) -> int:
        showing, now = self._showing()
        return 0 if showing is None else microseconds(showing.position(now))

    @dbus_method(name="PlayPause")
    def play_pause(self) -> None:
        self._press(Button.PLAY_PAUSE)

    @dbus_method(name="Play")
    def play(self) -> None:
        self._press(Button.PLAY)

    @dbus_method(name="Pause")
    def pause(self) -> None:
        self._press(Button.PAUSE)

    @dbus_method(name="Stop")
    def stop(self) -> None:
        self._press(Button.STOP)

    @dbus_method(name="Next")
    def next(self) -> None:
        self._press(Button.NEXT)

    @dbus_method(name="Previous")
    def previous(self) -> None:
        self._press(Button.PREVIOUS)

    @dbus_method(name="Seek")
    def seek(self, offset: DBusInt64) -> None:
        """Does nothing, as is asked of a player that cannot seek."""

    @dbus_method(name="SetPosition")
    def set_position(self, track: DBusObjectPath, position: DBusInt64) -> None:
        """Does nothing, as is asked of a player that cannot seek."""

    @dbus_method(name="OpenUri")
    def open_uri(self, uri: DBusStr) -> None:
        raise DBusError(ErrorType.NOT_SUPPORTED, "a session plays its workout alone")

    @dbus_signal(name="Seeked")
    def seeked(self) -> DBusInt64:
        return self._position()

    @dbus_property(_READ, name="PlaybackStatus")
    def status(self) -> DBusStr:
        showing, _ = self._showing()
        return _STATES["stopped" if showing is None else showing.shown.state]

    @dbus_property(_READ, name="Metadata")
    def metadata(self) -> DBusDict:
        return metadata(self._showing()[0])

    @dbus_property(_READ, name="Position")
    def position(self) -> DBusInt64:
        return self._position()

    @dbus_property(_READ, name="Rate")
    def rate(self) -> DBusDouble:
        return 1.0

    @dbus_property(_READ, name="MinimumRate")
    def slowest(self) -> DBusDouble:
        return 1.0

    @dbus_property(_READ, name="MaximumRate")
    def fastest(self) -> DBusDouble:
        return 1.0

    @dbus_property(_READ, name="Volume")
    def volume(self) -> DBusDouble:
        return 1.0

    @dbus_property(_READ, name="CanGoNext")
    def can_go_next(self) -> DBusBool:
        return True

    @dbus_property(_READ, name="CanGoPrevious")
    def can_go_previous(self) -> DBusBool:
        return True

    @dbus_property(_READ, name="CanPlay")
    def can_play(self) -> DBusBool:
        return True

    @dbus_property(_READ, name="CanPause")
    def can_pause(self) -> DBusBool:
        return True

    @dbus_property(_READ, name="CanSeek")
    def can_seek(self) -> DBusBool:
        return False

    @dbus_property(_READ, name="CanControl")
    def can_control(self) -> DBusBool:
        return True
