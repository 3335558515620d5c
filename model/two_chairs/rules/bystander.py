"""A bystander: watches and is moved, but decides nothing in the model."""

from __future__ import annotations

import numpy as np

from .actor import Behaviour, Decision, Draw, Scene


class Bystander(Behaviour[None, Decision]):
    """An actor that watches and is moved, but decides nothing in the model."""

    def sense(self, now: Scene) -> None:
        """See nothing that matters to it."""
        del now

    def decide(self, view: None, now: Scene, draw: Draw) -> Decision:
        """Choose nothing: −1."""
        del view, draw
        return Decision(np.full(now.state.worlds, -1, dtype=np.int8))


BEHAVIOUR = Bystander
