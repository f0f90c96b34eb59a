"""Which texts of a script that was made have no time to be spoken after all, by estimated lengths."""

from __future__ import annotations

from voicecoach import wording
from voicecoach.arrange.arranger import arrangement
from voicecoach.arrange.estimate import Estimate
from voicecoach.authoring.imports import spoken_texts
from voicecoach.authoring.imports.plan import Note, Plan, shown
from voicecoach.script.model import Workout
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Line, Role


def unheard(plan: Plan, workout: Workout) -> list[Note]:
    """A note for each text of a plan that its script, loaded as ``workout``, leaves out, with its line."""
    if not plan.texts and not any(part.texts for part in plan.parts):
        return []
    missing = {
        dropped.what.text: None
        for passage in arrangement(compile(workout, seed=0), Estimate()).passages
        for dropped in passage.dropped
        if dropped.role is Role.AT and isinstance(dropped.what, Line)
    }
    if not missing:
        return []
    spoken = wording.of(workout.language).spoken
    texts = [*plan.texts, *(text for part in plan.parts for text in part.texts)]
    lines = {spoken(line): text.line for text in reversed(texts) for line in spoken_texts.lines(text.text)[0]}
    return [
        Note(lines.get(text, 0), f"it stands in the script, but there is no time to say {shown(text)}")
        for text in missing
    ]
