"""A session as it is watched: what the screen, or a line in a pipe, says of it."""

from __future__ import annotations

from dataclasses import replace

from voicecoach import pipeline
from voicecoach.cli.display import Display
from voicecoach.play.coach import Coach, expected
from voicecoach.play.moment import Moment
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.review.closing import outcome
from voicecoach.review.view import State, Viewer, expected_begins
from voicecoach.timeline.model import Timeline, VoiceWish

_TOLD = {Wish.BACK: "back", Wish.LOUDER: "louder", Wish.SOFTER: "softer", Wish.MUSIC: "music on or off"}


class Watching:
    """Shows how a session stands, each time it is asked to."""

    def __init__(self, coach: Coach, screen: Display, wished: VoiceWish) -> None:
        self._coach = coach
        self._screen = screen
        self._wished = wished
        self._of: Timeline | None = None
        self._begins: tuple[int, ...] = ()
        self._over = coach.course.segment

    def look(self, remark: str = "") -> Moment:
        """How it stands now; ``remark`` is shown with it. Raises what kept it from being heard."""
        moment = self._coach.look()
        if moment.error is not None:
            raise moment.error
        course = self._coach.course
        for index in range(self._over, course.segment):
            self._screen.came_of(outcome(course, index))
        self._over = course.segment
        timeline = course.timeline
        if timeline is not self._of:
            self._of = timeline
            like_a_file = expected(timeline, course.segment)
            self._begins = expected_begins(pipeline.arrange_estimated(like_a_file, self._wished))
            self._viewer = Viewer(timeline, self._coach.rate, self._begins)
        # what is still heard from before a step back may be no part of it any more
        if not moment.ended and max(moment.segment, moment.first) < len(timeline.segments):
            state = State.LOST if moment.lost else State.PAUSED if moment.paused else State.PLAYING
            self._screen.show(replace(self._viewer.view(moment, state), remark=remark), moment.segment)
        return moment

    def wants(self, wanted: Wanted) -> bool:
        """Whether what the person wants means something now; it is done then, and told where nothing else shows it."""
        done = self._coach.wants(wanted)
        if done:
            self._screen.came_of(_TOLD.get(wanted.wish, ""))
        return done

    def expected(self, segment: int) -> float:
        """How many seconds a file takes for a segment of the timeline that was looked at last."""
        return (self._begins[segment + 1] - self._begins[segment]) / self._coach.rate
