"""Metres made time, by the pace that the person says or, which is listed, by one that is assumed."""

from __future__ import annotations

from voicecoach import units
from voicecoach.authoring.imports import numbers
from voicecoach.authoring.imports.plan import LONGEST, Plan, Target, Unit, Wishes

RUN, WALK, RIDE, SWIM = 360.0, 720.0, 120.0, 1200.0
"""Seconds for a kilometre that are assumed where nobody says how many: 10, 5, 30 and 3 km/h."""
OTHER = RUN


class Distances:
    """Gives the seconds of metres in one workout; an assumption is listed where it is first made."""

    def __init__(self, plan: Plan, wishes: Wishes, usual: float) -> None:
        self._plan = plan
        self._wished = wishes.pace
        self._usual = usual
        self._told = False
        self.threshold: float | None = None
        """Seconds for a kilometre at the person's threshold, if the source says them."""

    def seconds(self, metres: float, line: int, targets: tuple[Target, ...] = ()) -> float:
        """Seconds for so many metres, at the pace that is their target if there is one."""
        pace = next((pace for target in targets if (pace := self._pace(target))), None) or self._wished
        if pace is None:
            pace = self._usual
            if not self._told:
                self._told = True
                self._plan.note(
                    line,
                    f"lengths in metres have become time at {units.format_clock(pace)} a kilometre, which is assumed "
                    "(--pace 5:30 says what it is)",
                )
        return min(LONGEST, max(1.0, float(round(metres / 1000 * pace))))

    def _pace(self, target: Target) -> float | None:
        """Seconds for a kilometre in the middle of a target; None where it is no pace."""
        middle = (target.low + target.high) / 2
        match target.unit:
            case Unit.PACE:
                return middle
            case Unit.MILE_PACE:
                return middle / numbers.MILE
            case Unit.SPEED if middle > 0:
                return 3600 / middle
            case Unit.PACE_SHARE if middle > 0 and self.threshold is not None and target.race is None:
                return self.threshold / middle
        return None
