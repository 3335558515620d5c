"""The action codebook: readable names of acts, their CAMEO codes, scores and default domains."""

from __future__ import annotations

from typing import Literal

from two_chairs.vocabulary import Frozen, Score, Text, UnitInterval

Scale = Literal["goldstein", "plover"]


class Action(Frozen):
    """One kind of act."""

    action: Text
    cameo: str
    name: Text
    goldstein: Score
    plover: str = ""
    plover_score: Score | None = None
    material: bool
    security: UnitInterval
    economy: UnitInterval
    politics: UnitInterval
    note: str = ""

    def score(self, scale: Scale) -> float | None:
        """Return the act's score on a scale, ``None`` where the scale's score is not recorded."""
        return self.goldstein if scale == "goldstein" else self.plover_score

    def domains(self) -> tuple[float, float, float]:
        """Return the default domain weights ω in the order of the domains axis."""
        return self.security, self.economy, self.politics


class OwnAction(Frozen):
    """A kind of act that a case adds to the codebook, under its name there, with its source."""

    name: Text
    goldstein: Score
    material: bool
    security: UnitInterval
    economy: UnitInterval
    politics: UnitInterval
    cameo: str = ""
    plover: str = ""
    plover_score: Score | None = None
    source: Text

    def as_action(self, action: str) -> Action:
        """Return the entry of the codebook."""
        return Action(action=action, note=self.source, **self.model_dump(exclude={"source"}))

    def domains(self) -> tuple[float, float, float]:
        """Return the default domain weights ω in the order of the domains axis."""
        return self.security, self.economy, self.politics


Codebook = dict[str, Action]
