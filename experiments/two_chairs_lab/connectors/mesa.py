"""One world as an ordinary Mesa model: with a data collector, for `mesa.batch_run` or by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import mesa
import numpy as np

from two_chairs.errors import InputError
from two_chairs.outcomes import cast_of, read_outcome
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs

WORLDS = 2**20
"""How many draws of the parameters a world without a replicate may have."""


class OneWorld(TwoChairs):
    """One world of a scenario, which collects outcomes at the end of every week.

    All may stand in the parameters of `mesa.batch_run`, the seed in those of Mesa before 3.4 only:
    newer ones take it as their own option ``rng``, and overwrite it. To collect something else,
    make a subclass with other ``outcomes``.

    Parameters
    ----------
    scenario
        Name of a bundled scenario, path to a TOML file, or a resolved scenario (in a list, if
        `mesa.batch_run` is to have it).
    replicate
        Which world it is, from 0: its luck and, with ``vary``, its draw of the parameters. It is
        collected as ``world``. Where none is given it is chance by the seed with ``vary``, else 0.
    seed
        Whole number from which all luck comes, 0 where a replicate alone is given. Without
        replicate and seed it is chance, so that ``iterations`` (or ``rng=[None] * 5``) of
        `mesa.batch_run` are different worlds. It is collected as ``luck_seed``, and makes the same
        world again.
    vary
        Draw parameters and event weights from their ranges, as ``two-chairs run`` does.
    luck
        Choices with noise and random attacks; else argmax and none.
    parameters
        Values of parameters by name, as ``--set`` takes them; only with a scenario's name or path.

    Raises
    ------
    InputError
        As reading the scenario does, if a replicate or a seed is negative, if a parameter goes
        with a resolved scenario, and if an outcome of a subclass has no known name.
    """

    outcomes: ClassVar[tuple[str, ...]] = (
        "tilt", "incumbent_seat", "rival_seat", "security", "welfare", "autonomy", "coercion",
        "regime:two-chairs",
    )  # fmt: skip

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        replicate: int | None = None,
        *,
        seed: int | None = None,
        vary: bool = False,
        luck: bool = True,
        **parameters: float,
    ) -> None:
        if seed is None:
            seed = int(np.random.default_rng().integers(2**53)) if replicate is None else 0
        seed = int(seed)
        for word, number in (("replicate", replicate or 0), ("seed", seed)):
            if number < 0:
                raise InputError.at(f"OneWorld: {word}={number}", "must be at least 0")
        if replicate is None:
            replicate = int(np.random.default_rng(seed).integers(WORLDS)) if vary else 0
        super().__init__(
            _resolved(scenario, parameters),
            (replicate,),
            seed=seed,
            vary=vary,
            luck=luck,
            record=(),
        )
        _check(self.outcomes, self.resolved)
        reporters: dict[str, Callable[[Any], float]] = {
            name: partial(_now, name) for name in self.outcomes
        }
        reporters |= {"luck_seed": partial(_kept, seed), "world": partial(_kept, replicate)}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    def step(self) -> None:
        """Run one week and collect."""
        super().step()
        self.datacollector.collect(self)


def _resolved(scenario: Scenario | str, parameters: dict[str, float]) -> Scenario:
    if not isinstance(scenario, Scenario):
        return load_scenario(str(scenario), parameters)
    if parameters:
        named = ", ".join(parameters)
        text = "a resolved scenario keeps its parameters; give its name or path instead"
        raise InputError.at(f"OneWorld: {named}", text)
    return scenario


def _check(outcomes: tuple[str, ...], scenario: Scenario) -> None:
    for name in outcomes:
        read_outcome(name, cast_of(scenario.case), "OneWorld.outcomes")


def _kept(number: int, _: TwoChairs) -> int:
    return number


def _now(name: str, model: TwoChairs) -> float:
    return float(model.outcome(name)[0])
