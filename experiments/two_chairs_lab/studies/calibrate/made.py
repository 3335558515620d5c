"""Records of decisions that the model itself has made, and whether their makers are found again.

The chances of every choice stand in the first rows of the first table. A row makes a record: its
choices, each read by a coder who errs as rarely as the floor of support says. All other rows are
weighted by that record, and the truth should lie anywhere among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from two_chairs.axes import LOYAL, Array
from two_chairs_lab.statistics.scores import effective_size, normalised

from .deciding import BEFORE, TREATY, Decided, forward
from .sample import ImportanceSample, read_chances
from .study import Calibration
from .validation import Recovery

MOST_TESTS = 100
LIKELIHOOD = "log-likelihood"
"""Name of the quantity that depends on the data: a rank of it tells what parameters hide."""


@dataclass(frozen=True)
class Chances:
    """The chances of every choice in some rows.

    Attributes
    ----------
    decided
        The record whose actors, quarters and history they are of.
    of
        Term → chances, shape (chances, rows): see `Decided.chance_sizes`.
    frozen
        Log chance that the treaty still stands, shape (rows,); ``None`` if it does not count.
    """

    decided: Decided
    of: Mapping[str, Array]
    frozen: Array | None = None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(next(iter(self.of.values())).shape[1])

    def steps(self, term: str) -> Array:
        """Return P(k | j) of a quarter of the pivot, shape (postures j, postures k, rows)."""
        size = self.decided.options("pivot")
        return self.of[term].reshape(size, size, -1)

    def choices(self, role: str, term: str) -> Array:
        """Return the chances of an actor's choices, the pivot's apart, shape (choices, rows)."""
        if role == "adversary":
            return np.concatenate([1.0 - self.of[term], self.of[term]])
        return self.of[term]


def chances_in(calibration: Calibration, sample: ImportanceSample, folder: Path) -> Chances | None:
    """Return the chances that a finished folder holds; ``None`` where no decisions are fitted."""
    decided = calibration.decided
    if decided is None:
        return None
    found = read_chances(calibration, folder)
    number = next(iter(found.values())).shape[1]
    names = list(decided.names)
    frozen = sample.terms[names.index(TREATY), :number] if TREATY in names else None
    return Chances(decided, found, frozen)


Record = dict[str, Array]
"""Term → support of each choice, shape (choices,); of what is no choice: what came, shape (1,)."""


def make_record(chances: Chances, row: int, generator: np.random.Generator) -> Record:
    """Return a record that one row makes, as a coder reads it."""
    decided, record, posture = chances.decided, {}, LOYAL
    for role, terms in decided.terms.items():
        for _, term in sorted(terms.items()):
            if role == "pivot":
                chance = chances.steps(term)[posture, :, row]
                choice = posture = _drawn(chance, generator)
            else:
                chance = chances.choices(role, term)[:, row]
                choice = _drawn(chance, generator)
            record[term] = _read(choice, len(chance), decided.plan.floor, generator)
    if BEFORE in chances.of:
        hazard = float(chances.of[BEFORE][0, row])
        record[BEFORE] = np.array([generator.binomial(decided.plan.quarters, hazard)])
    if chances.frozen is not None:
        record[TREATY] = np.array([generator.random() < np.exp(chances.frozen[row])])
    return record


def _drawn(chances: Array, generator: np.random.Generator) -> int:
    ends = np.cumsum(chances.astype(float))
    return int(np.searchsorted(ends, generator.random() * ends[-1], side="right"))


def _read(choice: int, size: int, floor: float, generator: np.random.Generator) -> Array:
    """Return how well a coder's reading supports each choice: it is wrong as often as it says."""
    support = np.full(size, floor)
    support[choice] = 1.0 - floor * (size - 1)
    seen = _drawn(support, generator)
    read = np.full(size, floor)
    read[seen] = support[choice]
    return read


def log_likelihood(chances: Chances, record: Record) -> Array:
    """Return the log likelihood of a record in every row, shape (rows,).

    An actor's quarters are multiplied before the logarithm is taken: no support is below the
    floor, so that even a hundred of them stay far from the smallest number.
    """
    decided, total = chances.decided, np.zeros(chances.rows)
    for role, terms in decided.terms.items():
        if role == "pivot":
            total += np.log(_postures(chances, record).sum(axis=0))
            continue
        product = np.ones(chances.rows)
        for term in terms.values():
            product *= record[term].astype(np.float32) @ chances.choices(role, term)
        total += np.log(product)
    if BEFORE in record:
        hazard, attacks = chances.of[BEFORE][0], float(record[BEFORE][0])
        total += attacks * np.log(hazard) + (decided.plan.quarters - attacks) * np.log1p(-hazard)
    if TREATY in record and chances.frozen is not None:
        stands = chances.frozen
        total += stands if record[TREATY][0] else np.log1p(-np.exp(stands))
    return total


def _postures(chances: Chances, record: Record) -> Array:
    """Return the chance of a record of the pivot by its last posture, (postures, rows)."""
    size = chances.decided.options("pivot")
    posture = np.zeros((size, chances.rows))
    posture[LOYAL] = 1.0
    for _, term in sorted(chances.decided.terms["pivot"].items()):
        came = np.zeros_like(posture)
        for share, step in zip(posture, chances.steps(term), strict=True):
            came += share * step
        posture = record[term][:, np.newaxis] * came
    return posture


def foreseen(chances: Chances, role: str, weights: Mapping[int, Array]) -> dict[int, Array]:
    """Return the chances that weighted rows give each choice of a role, quarter by quarter.

    Parameters
    ----------
    chances
        Of the rows.
    role
        Whose choices.
    weights
        Quarter → weights of the rows by all that was decided before, (rows,), summing to one.
    """
    decided, found = chances.decided, {}
    posture = np.zeros((decided.options(role), chances.rows))
    posture[LOYAL] = 1.0
    for quarter, term in sorted(decided.terms[role].items()):
        if role == "pivot":
            chance = np.einsum("jr,jkr->kr", posture, chances.steps(term))
            _, posture = forward(posture, chances.steps(term), decided.support[role][quarter])
        else:
            chance = chances.choices(role, term)
        found[quarter] = np.asarray(chance @ weights[quarter])
    return found


def recover_decisions(
    calibration: Calibration,
    sample: ImportanceSample,
    chances: Chances,
    progress: Callable[[int], None] = lambda _: None,
) -> Recovery:
    """Fit records of decisions that the model has made (Talts et al. 2018), row against row.

    The quantities are the parameters along which rows are drawn, and the log likelihood of the
    record (Modrák et al. 2023): an inference that gives back the prior passes on parameters alone.
    Ranks among the other rows try the rows too. Ranks among all rows, the truth's own weight
    counted by a coin, are uniform for any number of rows if the likelihood is that of the records:
    given rows and record, each row has made it with a chance that is its weight.
    """
    plan, rows = calibration.plan, chances.rows
    tests = min(plan.tests, MOST_TESTS)
    generator = np.random.default_rng([plan.seed, 8])
    truths = generator.choice(rows, tests, replace=tests > rows)
    units = {name: values[:rows] for name, values in sample.units.items()}
    names = (*units, LIKELIHOOD)
    ranks, exact, means, true = (np.empty((len(names), tests)) for _ in range(4))
    effective = []
    for test, truth in enumerate(truths):
        told = log_likelihood(chances, make_record(chances, int(truth), generator))
        among_all, coin = normalised(told), generator.random()
        weights = among_all.copy()
        weights[truth] = 0.0
        weights /= weights.sum()
        for number, values in enumerate((*units.values(), told)):
            below = values < values[truth]
            ranks[number, test] = weights[below].sum()
            exact[number, test] = among_all[below].sum() + coin * among_all[truth]
            means[number, test] = weights @ values
            true[number, test] = values[truth]
        effective.append(effective_size(weights))
        progress(1)
    by_name = [dict(zip(names, found, strict=True)) for found in (ranks, true, means, exact)]
    return Recovery(by_name[0], by_name[1], by_name[2], np.array(effective), by_name[3])
