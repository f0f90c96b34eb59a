"""The seam between a session that listens and whatever hears."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Hears = Callable[["npt.NDArray[np.float32]"], None]
"""Called with mono samples as they come, −1 to 1, from a thread of the microphone's own; it must not take long."""


class Microphone(Protocol):
    """Hears from when it was opened until it is closed; one that goes away tells nobody, it just hears no more."""

    def close(self) -> None:
        """Hears no more. Safe to call twice."""
        ...


class Opener(Protocol):
    """Opens the microphone of that name, or of which it is a part, or the default one, at ``rate`` hertz.

    ``again`` is the one used before. Raises MicrophoneError where there is none, or it refuses.
    """

    def __call__(
        self, hears: Hears, rate: int, name: str | None = None, again: Microphone | None = None
    ) -> Microphone: ...
