"""Landscape theory as a rival of the pivot's rule: states take the sides of least frustration.

Each quarter the actors are laid on two sides so that regard, weighted by both sizes, is least
frustrated (Axelrod & Bennett 1993 BJPS 23). Sides are read as postures: with the incumbent alone
LOYAL, with the rival alone PIVOT. The theory has no word for hedging. It sees the attitudes of the
model's worlds at the end of the quarter before, as the model's own rule does, and both are scored
on recorded postures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from two_chairs.axes import LOYAL, POSTURES, Array, Counts, Role
from two_chairs.rules.balance import mutual
from two_chairs.rules.choice import DECISION_INTERVAL
from two_chairs.scenario.records import Case
from two_chairs_lab.engine.batch import Batch
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.scores import log_sum, normalised
from two_chairs_lab.studies.calibrate.deciding import Decided, Likelihood
from two_chairs_lab.studies.calibrate.foreseen import simple_scores
from two_chairs_lab.studies.calibrate.study import Calibration

SIZES: Mapping[str, float] = {"all alike": 1.0, "patrons tenfold": 10.0}
"""How many times the size of others a patron has; assumptions, so both are shown."""
PIVOT = POSTURES.index("PIVOT")
NO_SIDE = -1
MODEL = "model"


def least_frustrated(regard: Array, sizes: Array) -> Counts:
    """Return the sides, 1 or −1, of least frustration Σ size_i size_j regard_ij [sides differ].

    Parameters
    ----------
    regard
        Between actors, shape (actors, actors, worlds), symmetric.
    sizes
        Shape (actors,), above 0.

    Returns
    -------
    Counts
        Shape (actors, worlds); the first actor's side is 1. Of splits alike the first.
    """
    splits = np.array([(1, *rest) for rest in product((1, -1), repeat=len(sizes) - 1)])
    apart = 0.5 * (1.0 - splits[:, :, np.newaxis] * splits[:, np.newaxis, :])
    energy = np.einsum("sij,i,j,ijw->sw", apart, 0.5 * sizes, sizes, regard)
    return np.asarray(splits[energy.argmin(axis=0)].T)


def posture_of(sides: Counts, roles: Sequence[Role]) -> Counts:
    """Return the posture that sides amount to, `NO_SIDE` with both patrons or none, (worlds,)."""
    pivot, *patrons = (roles.index(role) for role in ("pivot", "incumbent", "rival"))
    with_incumbent, with_rival = (sides[pivot] == sides[patron] for patron in patrons)
    named = np.where(with_incumbent, LOYAL, PIVOT)
    return np.where(with_incumbent == with_rival, NO_SIDE, named)


def sizes_of(roles: Sequence[Role], times: float) -> Array:
    """Return the size of each actor, shape (actors,): patrons count ``times`` as much."""
    return np.array([times if role in ("incumbent", "rival") else 1.0 for role in roles])


def quarters_of(decided: Decided) -> list[int]:
    """Return the quarters in which the pivot's posture is on record, in order."""
    return sorted(decided.support.get("pivot", {}))


def look(decided: Decided, batch: Batch) -> Array:
    """Run worlds to the last quarter; return what was named in each, (names, quarters, worlds).

    First the postures named under each of `SIZES`, then the log likelihood of what is on record
    by the model's rule. Runs in any process.
    """
    roles = [actor.role for actor in batch.scenario.case.actors.values()]
    model = batch.model((), ())
    likelihood, named = Likelihood(decided, model), []
    likelihood.look()
    for quarter in quarters_of(decided):
        while model.week < DECISION_INTERVAL * quarter - 1:
            model.step()
            likelihood.look()
        regard = mutual(model.current_values()["alignment"]()[..., : batch.worlds])
        sides = [least_frustrated(regard, sizes_of(roles, times)) for times in SIZES.values()]
        own = likelihood.found[decided.terms["pivot"][quarter]][: batch.worlds]
        named.append([*(posture_of(side, roles) for side in sides), own])
    model.let_go()
    return np.swapaxes(np.array(named, dtype=float), 0, 1)


@dataclass(frozen=True)
class Landscape:
    """What landscape theory names in each quarter, and its scores beside others.

    Attributes
    ----------
    pivot
        Id of the pivot.
    quarters
        Names of the quarters, as of the record's rows.
    recorded
        Support of each posture, shape (quarters, postures).
    named
        Words for sizes → share of worlds of each posture, shape (quarters, postures); what is
        missing to 1 names no side.
    logs
        Name → log score of each quarter, shape (quarters,); larger is better.
    simple
        Name of a simple rule → its mean log score.
    """

    pivot: str
    quarters: Sequence[str]
    recorded: Array
    named: Mapping[str, Array]
    logs: Mapping[str, Array]
    simple: Mapping[str, float]

    def agreement(self, sizes: str) -> tuple[float, int]:
        """Return in how many quarters on a side that side is named, and how many there are.

        A quarter counts by the share of worlds.
        """
        sided, most = self.on_a_side(), self.recorded.argmax(axis=1)
        return float(self.named[sizes][sided, most[sided]].sum()), len(sided)

    def on_a_side(self) -> Counts:
        """Return the quarters in which the record supports LOYAL or PIVOT most."""
        most = self.recorded.argmax(axis=1)
        return np.flatnonzero((most == LOYAL) | (most == PIVOT))

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "pivot": self.pivot,
            "agreement": {
                sizes: dict(zip(("named", "quarters"), self.agreement(sizes), strict=True))
                for sizes in self.named
            },
            "log_scores": {**{n: _mean(logs) for n, logs in self.logs.items()}, **self.simple},
            "log_scores_on_a_side": {
                name: _mean(logs[self.on_a_side()]) for name, logs in self.logs.items()
            },
            "quarters": [
                {"quarter": quarter, "recorded": POSTURES[int(support.argmax())]}
                | {sizes: _shares(shares[n]) for sizes, shares in self.named.items()}
                for n, (quarter, support) in enumerate(
                    zip(self.quarters, self.recorded, strict=True)
                )
            ],
        }


def _mean(logs: Array) -> float | None:
    return round(float(logs.mean()), 2) if len(logs) else None


def _shares(named: Array) -> dict[str, float]:
    sides = {POSTURES[code]: round(float(named[code]), 4) for code in (LOYAL, PIVOT)}
    return sides | {"no side": round(float(1.0 - named.sum()), 4)}


def landscape_of(calibration: Calibration, batch: Batch, runner: Runner = HERE) -> Landscape | None:
    """Return what landscape theory says in worlds of the model; ``None`` without recorded postures.

    Parameters
    ----------
    calibration
        The plan made definite.
    batch
        Worlds of the model, as drawn by the polls.
    runner
        Where worlds are run.
    """
    decided = calibration.decided
    if decided is None or not quarters_of(decided):
        return None
    *codes, own = np.concatenate(gather([batch], partial(look, decided), runner), axis=-1)
    case, quarters = calibration.scenario.case, quarters_of(decided)
    recorded = np.stack([decided.support["pivot"][quarter] for quarter in quarters])
    named = {
        sizes: np.stack([(code == posture).mean(axis=-1) for posture in range(len(POSTURES))], 1)
        for sizes, code in zip(SIZES, codes, strict=True)
    }
    floor = decided.plan.floor
    logs = {MODEL: score_of_worlds(own)}
    logs |= {f"landscape, {s}": score_of_shares(recorded, n, floor) for s, n in named.items()}
    pivot = _pivot_of(case)
    names = [decided.terms["pivot"][quarter] for quarter in quarters]
    return Landscape(pivot, names, recorded, named, logs, simple_scores(calibration, pivot))


def _pivot_of(case: Case) -> str:
    return next(key for key, actor in case.actors.items() if actor.role == "pivot")


def score_of_shares(recorded: Array, named: Array, floor: float) -> Array:
    """Return the log score of shares of worlds, (quarters,).

    No posture's chance is below the floor. Worlds that name no side count for all postures alike.
    """
    without = (1.0 - named.sum(axis=1, keepdims=True)) / named.shape[1]
    chances = (1.0 - named.shape[1] * floor) * (named + without) + floor
    return np.asarray(np.log((recorded * chances).sum(axis=1)))


def score_of_worlds(logs: Array) -> Array:
    """Return the log score of worlds, (quarters,): each counts by what it said of those before.

    Parameters
    ----------
    logs
        Log likelihood of what is on record, shape (quarters, worlds).
    """
    before = np.cumsum(logs, axis=0) - logs
    told = [
        log_sum(np.log(normalised(seen)) + now, 0) for seen, now in zip(before, logs, strict=True)
    ]
    return np.array(told, dtype=float)


def landscape_tables(record: Mapping[str, Any]) -> dict[str, Table]:
    """Return the tables of a record of `Landscape`: scores, and what is named in each quarter."""
    sided = record["log_scores_on_a_side"]
    scores = tuple((name, x, sided.get(name)) for name, x in record["log_scores"].items())
    title = f"Posture of {record['pivot']} a quarter ahead: mean log score, larger is better"
    sizes = list(record["agreement"])
    heads = [f"{side}, {name}" for name in sizes for side in ("LOYAL", "PIVOT", "no side")]
    rows = tuple(
        (entry["quarter"], entry["recorded"], *(x for name in sizes for x in entry[name].values()))
        for entry in record["quarters"]
    )
    return {
        "decisions": Table(title, ("rule", "all quarters", "quarters on a side"), scores),
        "landscape": Table(
            "Sides of least frustration: share of worlds", ("quarter", "recorded", *heads), rows
        ),
    }


def landscape_sentence(record: Mapping[str, Any]) -> str:
    """Say how landscape theory fares on recorded postures."""
    scores, sided = record["log_scores"], record["log_scores_on_a_side"]
    told = "; ".join(
        f"sizes {name}: {entry['named']:.1f} of {entry['quarters']} quarters"
        for name, entry in record["agreement"].items()
    )
    name = f"landscape, {next(iter(record['agreement']))}"
    first = f"Landscape theory, a rival, names the side that {record['pivot']} took ({told})."
    if sided[MODEL] is not None:
        first += f" There its log score is {sided[name]:.2f}, the model's {sided[MODEL]:.2f}."
    return (
        f"{first} Over all {len(record['quarters'])} quarters it is {scores[name]:.2f}, the "
        f"model's {scores[MODEL]:.2f}, that of persistence {scores['persistence']:.2f}: it can "
        "not hedge."
    )
