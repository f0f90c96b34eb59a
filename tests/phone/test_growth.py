"""What a page knows of the rule by which holds grow is what the rule says."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.phone.growth import Growth, reaches, today, variants
from voicecoach.store.sessions import Held, Why
from voicecoach.timeline import progression
from voicecoach.timeline.course import NOTHING, Past
from voicecoach.timeline.progression import Growing

BRIDGE = Growing("bridge", "bridge", start=20.0, goal=60.0, step=5.0)
PLANK = Growing("bridge", "plank", start=30.0, goal=90.0, step=10.0)
DAY = date(2026, 3, 1)


def of(growing: Growing, target: float | None = None) -> Growth:
    past = NOTHING if target is None else Past(targets={growing.key: target})
    (found,) = next(reaches([growing], past))
    return found


def test_a_page_holds_today_s_target_the_one_below_and_three_above() -> None:
    assert of(BRIDGE, 40.0).levels == (35.0, 40.0, 45.0, 50.0, 55.0)
    assert of(BRIDGE).levels == (20.0, 25.0, 30.0, 35.0)
    assert of(BRIDGE, 60.0).levels == (55.0, 60.0)


@given(target=st.sampled_from([20.0, 35.0, 37.0, 60.0]), level=st.integers(0, 4), tenths=st.integers(0, 800))
def test_where_a_hold_leads_is_what_the_rule_says_as_far_as_the_page_goes(
    target: float, level: int, tenths: int
) -> None:
    growth = of(BRIDGE, target)
    level = min(level, len(growth.levels) - 1)
    aim, seconds = growth.levels[level], tenths / 10
    clean = seconds >= aim
    held = Held(day=DAY, seconds=seconds, target=aim, why=Why.DONE if clean else Why.SLIPPED)
    wanted = progression.target(BRIDGE, [held], DAY + timedelta(days=1))
    slips = [place for second, place in growth.slipped[level] if second <= seconds]
    leads = growth.held[level] if clean else slips[-1]
    assert leads == max((at for at, each in enumerate(growth.levels) if each <= wanted), default=0)


@given(level=st.integers(0, 4), days=st.integers(1, 100))
def test_where_weeks_lead_is_what_the_rule_says(level: int, days: int) -> None:
    growth = of(BRIDGE, 40.0)
    stands = growth.levels[level]
    weeks = growth.weeks[level][: (days - 1) // 7]
    wanted = progression.target(BRIDGE, [], DAY + timedelta(days=days), override=(DAY, stands))
    assert (weeks[-1] if weeks else level) == max(
        (at for at, each in enumerate(growth.levels) if each <= wanted), default=0
    )


def test_two_progressions_grow_each_by_itself() -> None:
    *_, found = reaches([BRIDGE, PLANK], NOTHING)
    targets = [(past.targets[BRIDGE.key], past.targets[PLANK.key]) for past in variants(found, NOTHING)]
    assert targets == [(20.0, 30.0), (20.0, 40.0), (25.0, 30.0), (25.0, 40.0)]
    assert targets[today(found)] == (20.0, 30.0)


def test_where_not_all_fits_a_page_reaches_less_far() -> None:
    reach = [growth.levels for (growth,) in reaches([BRIDGE], Past(targets={BRIDGE.key: 40.0}))]
    assert reach == [(35, 40, 45, 50, 55), (35, 40, 45, 50), (35, 40, 45), (40, 45)]


def test_of_more_a_page_holds_today_s_only() -> None:
    assert not list(reaches([BRIDGE, PLANK, PLANK._replace(name="squat")], NOTHING))
