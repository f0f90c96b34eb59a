"""What of the frames given to a device has been heard, judged by a monotonic clock."""

from __future__ import annotations

import math

WINDOW = 3.0
"""Seconds over which the fullest state of the device's buffer is looked for: a server takes up to two to show it."""
STARVED = 0.02
"""Seconds of sound left, below which the device may have run dry."""
TOLERANCE = 0.005
"""Seconds of lateness that are not worth putting right."""
DRIFT = 0.0002
"""How far a sound card's clock may be off, as a share: crystals stay within 0.0001."""
INTERRUPTED = 1.0
"""Seconds without sound after which the device was stopped or the machine slept: nothing is late then."""


class DeviceClock:
    """Follows one device from its first frames on. Times are in seconds of a monotonic clock.

    A device asks for more as soon as there is room, so the sound it holds after being given some is always nearly the
    same. After it has run dry, it holds as much less, by this clock, as everything is late from then on.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._given = 0
        self._began = math.nan
        """When the first frame would have been heard, had the device then played without a break until now."""
        self._dry = 0.0
        """Seconds without sound that are not yet in ``_began``."""
        self._usual = math.nan
        self._fullest = -math.inf
        self._window = 0.0
        self._suspect = False
        self._late = 0.0

    def given(self, frames: int, now: float) -> None:
        """The device was given so many frames just now."""
        if not self._given:
            self._began = self._window = now
        else:
            self._look(now)
        self._given += frames
        self._fullest = max(self._fullest, self._left(now))
        if now - self._window >= WINDOW:
            self._judge(now)

    def heard(self, now: float) -> int:
        """How many of the frames given have been heard."""
        if not self._given:
            return 0
        return min(self._given, max(0, round((now - self._began - self._dry) * self._rate)))

    @property
    def late(self) -> int:
        """By how many frames everything is heard later than it should be."""
        return round(self._late * self._rate) if self._late > TOLERANCE else 0

    def settle(self, frames: int) -> None:
        """So many frames of silence were left out."""
        self._late -= frames / self._rate

    def _left(self, now: float) -> float:
        """Seconds of sound that the device still holds, if it has not run dry."""
        return self._given / self._rate - (now - self._began)

    def _look(self, now: float) -> None:
        """Whether it may have run dry since it was last given something."""
        left = self._left(now) + self._dry
        gap = max(0.0, -left)
        if gap > INTERRUPTED:
            self._began += self._dry + gap
            self._dry = 0.0
            self._usual = math.nan
            self._start_window(now)
        else:
            self._dry += gap
            if gap > TOLERANCE or (left < STARVED and not self._suspect):
                self._suspect = True
                self._start_window(now)

    def _start_window(self, now: float) -> None:
        self._window, self._fullest = now, -math.inf

    def _judge(self, now: float) -> None:
        if math.isnan(self._usual):
            self._usual = self._fullest + self._dry
        change = self._fullest - self._usual
        if self._suspect and change < -TOLERANCE:
            self._late -= change
        elif self._late and change > TOLERANCE:  # it had not run dry, it was only slow to ask
            self._late = max(0.0, self._late - change)
        else:
            most = DRIFT * (now - self._window)
            change = max(-most, min(most, change))
        self._began -= change
        self._dry = 0.0
        self._suspect = False
        self._start_window(now)
