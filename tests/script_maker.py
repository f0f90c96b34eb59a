"""Scripts that nobody wrote: every kind of step, every language that has phrases, and titles that are hard on files.

The same number gives the same script, whatever the machine.
"""

from __future__ import annotations

import json
import wave
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from voicecoach.wording.language import languages

MUSIC = "bed.wav"
"""What a script with music plays; ``write_music`` makes it."""
TITLES = (
    "Bridge card", "Kräftige Brücken", "Größe & Maß", "Příliš žluťoučký kůň", "お尻のブリッジ", "🔥 Core 💪",
    "3 × 10: squats/lunges", "Half-way?", "CON", "a.b.c...", "Ночной бег", "تمرين", "  spaced  out  ", "Ça va, l'été",
    "“Quoted” – dashed…", "x" * 120, "50% #1; [best]", "Núria's tardes", "👩‍👩‍👧 family", "ＷＩＤＥ",
)  # fmt: skip
NAMES = (
    "Bridge", "Plank", "Wall sit", "Brücke", "Dřep", "腕立て伏せ", "🦵 Lunge", "Left/right", "Bridge",
    "Über-Kopf: drücken?", "Montée de genoux", "Sentadilla", "NUL", "Push-up.", "Agachamento nº 2",
)  # fmt: skip
LINES = (
    "Squeeze.", "Keep your hips level.", "Langsam ausatmen.", "Serre les fessiers.", "Aprieta.", "Respira.",
    "Adem uit.", "Longest line of all: let your ribs sink, your neck grow long, and breathe out slowly.",
    "{remaining} to go.",
)  # fmt: skip


_HALVES: tuple[Any, ...] = ("Half.", "Half.", {"text": "Half.", "emphasis": True}, {"text": "Half.", "rate": 1.3})
_LADDERS: dict[str, list[Any]] = {
    "hold": ["5s", "12s", "30s"], "work": ["10s", "45s"], "run": ["20s", "70s"], "rest": ["2s", "10s", "25s"],
    "reps": [1, 3, 6],
}  # fmt: skip
"""What a length or a count may be where there is one for each round."""


def script(number: int) -> str:
    """The ``number``-th script, as TOML: some minutes of it, and now and then half an hour."""
    source = Random(f"script {number}")
    long = source.random() < 0.05
    data: dict[str, Any] = {
        "title": source.choice(TITLES),
        "language": source.choice(languages()),
        "summary": source.choice(LINES[:-1]),
        "cues": {"form": source.sample(LINES, 3)},
    }
    if source.random() < 0.5:
        data["announce"] = {
            "style": source.choice(["both", "voice", "beep", "none"]),
            "countdown": source.choice([0, 3, 5]),
            "complete": source.choice([True, False]),
        }
    data["block"] = [_block(source, long and not at) for at in range(source.choice([1, 1, 2, 3]))]
    if source.random() < 0.4:
        data["reminder"] = [{"cues": "form", "every": source.choice(["20s", "1min"]), "jitter": "5s"}]
    if source.random() < 0.15:
        data["music"] = {"files": [MUSIC], "gain": -14.0}
    return "\n".join(f"{key} = {_toml(value)}" for key, value in data.items()) + "\n"


def write_music(folder: Path) -> None:
    """Two chords, over and over, for the scripts in a folder."""
    t = np.arange(4 * 44_100) / 44_100
    sides = [0.2 * np.sin(2 * np.pi * each * t) + 0.1 * np.sin(6 * np.pi * each * t) for each in (220, 330.5)]
    with wave.open(str(folder / MUSIC), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes((np.stack(sides, axis=1) * 32_767).astype("<i2").tobytes())


def _block(source: Random, long: bool) -> dict[str, Any]:
    steps = [_step(source) for _ in range(source.randint(1, 4))]
    if long:
        steps.append({"run": "25min", "name": "Run", "cues": "form", "every": "3min"})
    block: dict[str, Any] = {"repeat": 1 if long else source.choice([1, 1, 2, 3]), "steps": steps}
    for step in steps if block["repeat"] > 1 else ():
        for kind, values in _LADDERS.items():
            if kind in step and step[kind] != "max" and source.random() < 0.3:
                step[kind] = [source.choice(values) for _ in range(block["repeat"])]
    if source.random() < 0.6:
        block["name"] = source.choice(NAMES)
    if source.random() < 0.3:
        block["rest"] = source.choice(["5s", "20s"])
    return block


def _step(source: Random) -> dict[str, Any]:
    name = {"name": source.choice(NAMES)} if source.random() < 0.8 else {}
    cues = {"cues": "form", "order": source.choice(["cycle", "shuffle"])} if source.random() < 0.6 else {}
    match source.choice(["hold", "hold", "work", "run", "rest", "rest", "say", "reps", "max", "ready", "ask"]):
        case "hold":
            sides: dict[str, Any] = source.choice([{}, {}, {"quiet": True}])
            sides |= {"sides": source.choice([True, False]), "switch": source.choice(["0s", "5s"])}
            return {"hold": source.choice(["5s", "12s", "30s"]), **name, **cues, **sides}
        case "work":
            return {"work": source.choice(["10s", "45s"]), **name, **cues, "at": {"half": source.choice(_HALVES)}}
        case "run":
            return {"run": source.choice(["20s", "70s"]), **name, **cues, "cadence": source.choice([90, 171])}
        case "rest":
            return {"rest": source.choice(["2s", "10s", "25s"])}
        case "say":
            own: dict[str, Any] = source.choice([{}, {}, {"rate": 0.8}, {"emphasis": "strong"}])
            return {"say": source.choice(LINES[:-1]), "pause": source.choice(["0s", "1s", "6s"]), **own}
        case "reps":
            return {"reps": source.randint(1, 6), **name, **source.choice([{"tempo": "2-0-1"}, {"each": "2.5s"}, {}])}
        case "max":
            return {"hold": "max", "cap": source.choice(["15s", "40s"]), **name, **cues}
        case "ready":
            return {"ready": source.choice(LINES[:-1]), "or": "5s"}
    answers = [{"label": source.choice(NAMES), "say": source.choice(LINES[:-1])} for _ in range(source.randint(1, 4))]
    unlike = {each["label"].casefold(): each for each in answers}
    return {"ask": "How was it?", "answers": [*unlike.values()]}


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[ " + ", ".join(map(_toml, value)) + " ]"
    return json.dumps(value, ensure_ascii=False)
