"""What a segment of a Zwift workout is to be done at: shares of the FTP or of the pace of a race, zones, cadences.

A file may set the FTP itself (``ftpOverride``); its powers are watts then.
"""

from __future__ import annotations

from voicecoach.authoring.imports import numbers
from voicecoach.authoring.imports.markup import Node
from voicecoach.authoring.imports.plan import Effort, Plan, Target, Unit, shown

_FASTEST, _SLOWEST = 60.0, 3600.0
"""A pace between these is one in seconds for a kilometre, and no number of a race."""
_MOST_SHARE = 3.0
"""A power above this is no share of the FTP."""
_MOST_WATTS = 3000.0
_HIGHEST_ZONE = 10


class SegmentTargets:
    """Reads the targets of one file's segments; ``override`` is the element that sets its FTP, if there is one."""

    def __init__(self, plan: Plan, override: Node | None) -> None:
        self._plan = plan
        self._ftp: float | None = None
        self._told: set[str] = set()
        if override is None:
            return
        ftp = numbers.number(override.text.strip())
        if ftp is not None and 0 < ftp <= _MOST_WATTS:
            self._ftp = ftp
            plan.note(override.line, f"powers are told in watts, since the file sets the FTP, to {ftp:g} W")
        else:
            plan.note(override.line, f"an FTP of {shown(override.text)} cannot be, and is left out")

    def of(self, node: Node, effort: Effort) -> tuple[Target, ...]:
        """The targets of a segment with one effort."""
        power: tuple[Target, ...] = ()
        if effort is not Effort.ALL_OUT and (effort is not Effort.FREE or "power" in node.attributes):
            power = self._power(node, "powerlow", "powerhigh", "power", "zone")
        return (*power, *self._cadence(node, "cadence"))

    def of_intervals(self, node: Node) -> tuple[tuple[Target, ...], tuple[Target, ...]]:
        """The targets of intervals, of the hard parts and of the easy ones."""
        hard = self._power(node, "poweronlow", "poweronhigh", "onpower", "poweronzone")
        easy = self._power(node, "powerofflow", "poweroffhigh", "offpower", "poweroffzone")
        return (*hard, *self._cadence(node, "cadence")), (*easy, *self._cadence(node, "cadenceresting"))

    def _power(self, node: Node, low: str, high: str, one: str, zone: str) -> tuple[Target, ...]:
        """The power of a segment: from low to high, or one, or a zone."""
        ends = [self._share(node, key) for key in (low, high)]
        single = self._share(node, one)
        known = [end for end in ends if end is not None]
        run = self._plan.move == "run"
        pace = self._number(node, "pace") if run else None
        if pace is not None and _FASTEST <= pace <= _SLOWEST and single is None and not known:
            return (Target(Unit.PACE, pace, pace),)
        if len(known) == 2:
            first, last = known
        elif single is not None or known:
            first = last = single if single is not None else known[0]
        else:
            if pace is not None and not 0 <= pace <= 4:
                self._once(node.line, f"pace {node.attributes['pace']} is not known, and is left out")
            number = self._number(node, zone)
            return (Target(Unit.ZONE, number, number),) if number is not None and 1 <= number <= _HIGHEST_ZONE else ()
        if first == last == 0:
            return ()
        if node.name == "cooldown" and first < last:
            first, last = last, first
            self._plan.note(node.line, "a cool-down from low to high is taken for one from high to low")
        race = int(pace) if pace is not None and 0 <= pace <= 4 else None
        if pace is not None and race is None:
            self._once(node.line, f"pace {node.attributes['pace']} is not known; the target is told without it")
        if self._ftp is not None and not run:
            return (Target(Unit.WATT, first * self._ftp, last * self._ftp),)
        return (Target(Unit.PACE_SHARE if run else Unit.FTP, first, last, race),)

    def _share(self, node: Node, key: str) -> float | None:
        written = node.attributes.get(key)
        share = numbers.number(written)
        if written is None or (share is None and not written.strip()):
            return None
        if share is None or share < 0:
            self._plan.note(node.line, f"{key} {shown(written)} is no share of a power, and is left out")
            return None
        if self._ftp is not None and share * self._ftp <= _MOST_WATTS:
            return share
        if share > _MOST_SHARE:
            percent = share <= 100 * _MOST_SHARE
            meant = f"it is taken for {share:g} %" if percent else "it is left out"
            self._plan.note(node.line, f"{key} {shown(written)} is no share of a power; {meant}")
            return share / 100 if percent else None
        return share

    def _cadence(self, node: Node, key: str) -> tuple[Target, ...]:
        low, high = (self._number(node, f"{key}{end}") for end in ("low", "high"))
        one = self._number(node, key)
        unit = Unit.STEPS if self._plan.move == "run" else Unit.TURNS
        if one is None and low and high and low > 0 < high:
            return (Target(unit, low, high),)
        return (Target(unit, one, one),) if one is not None and one > 0 else ()

    def _number(self, node: Node, key: str) -> float | None:
        """A number that an attribute has; one that is none is noted."""
        written = node.attributes.get(key, "").strip()
        number = numbers.number(written)
        if written and number is None:
            self._plan.note(node.line, f"{key} {shown(written)} is no number, and is left out")
        return number

    def _once(self, line: int, what: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self._plan.note(line, what)
