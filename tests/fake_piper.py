"""A module shaped like piper 1.8: its names, arguments and surprises, with tones in place of a neural network."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

loads: list[str] = []
"""Every model that was loaded, in order."""
_calls = itertools.count(1)


@dataclass
class SynthesisConfig:
    speaker_id: int | None = None
    length_scale: float | None = None
    noise_scale: float | None = None
    noise_w_scale: float | None = None
    normalize_audio: bool = True
    volume: float = 1.0


@dataclass
class PiperConfig:
    sample_rate: int
    length_scale: float


@dataclass
class AudioChunk:
    sample_rate: int
    sample_width: int
    sample_channels: int
    audio_float_array: np.ndarray


@dataclass
class PiperVoice:
    config: PiperConfig

    @staticmethod
    def load(model_path: str | Path, config_path: str | Path | None = None, use_cuda: bool = False) -> "PiperVoice":
        config = json.loads(Path(config_path or f"{model_path}.json").read_text(encoding="utf-8"))
        if Path(model_path).read_bytes() != b"model":
            raise RuntimeError("Protobuf parsing failed")
        loads.append(str(model_path))
        return PiperVoice(PiperConfig(config["audio"]["sample_rate"], config["inference"]["length_scale"]))

    def synthesize(self, text: str, syn_config: SynthesisConfig | None = None) -> Iterator[AudioChunk]:
        """A chunk a sentence; noise changes the length too, and the end is lost where no stop closes the text."""
        config = syn_config or SynthesisConfig()
        noisy = (0.667 if config.noise_scale is None else config.noise_scale) + (config.noise_w_scale or 0.0)
        for sentence in re.findall(r"[^.!?]+[.!?]?", text):
            letters = sum(map(str.isalnum, sentence))
            if not letters:
                continue
            scale = self.config.length_scale if config.length_scale is None else config.length_scale
            seconds = letters * 0.07 * scale * (1 if sentence[-1] in ".!?" else 0.1)
            frames = int(seconds * self.config.sample_rate) + (next(_calls) if noisy else 0)
            tone = np.sin(np.arange(frames) * 2 * np.pi * 200 / self.config.sample_rate)
            audio = (tone * 0.5 * config.volume).astype(np.float32)
            yield AudioChunk(self.config.sample_rate, 2, 1, audio)
