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


class OneWorld(TwoChairs):
    """One world of a scenario, which collects outcomes at the end of every week.

    All but ``replicate`` may stand in the parameters of `mesa.batch_run`. To collect something
    else, make a subclass with other ``outcomes``.

    Parameters
    ----------
    scenario
        Name of a bundled scenario, path to a TOML file, or a resolved scenario (in a list, if
        `mesa.batch_run` is to have it).
    replicate
        Which luck the world has, from 0. Without replicate and seed every model made has a luck
        of its own, so that ``iterations`` of `mesa.batch_run` are different worlds.
    seed
        Whole number from which all luck comes, 0 where a replicate alone is given. It is collected
        as ``luck_seed``, and makes the same world again.
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
        replicate, seed = replicate or 0, int(seed)
        for word, number in (("replicate", replicate), ("seed", seed)):
            if number < 0:
                raise InputError.at(f"OneWorld: {word}={number}", "must be at least 0")
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
        reporters["luck_seed"] = partial(_kept, seed)
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


def _kept(seed: int, _: TwoChairs) -> int:
    return seed


def _now(name: str, model: TwoChairs) -> float:
    return float(model.outcome(name)[0])
