"""How a reported run came about, and how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import two_chairs
from two_chairs_lab.results.manifest import made_by, scenario_digest
from two_chairs_lab.results.words import command_line
from two_chairs_lab.studies.run.rerun import Reopened
from two_chairs_lab.studies.run.study import RunResult


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a reported result came about, and how to make it again.

    Attributes
    ----------
    commands
        Commands as a user types them.
    facts
        Seed, versions and the like, by name.
    inputs
        File → SHA-256.
    checked
        What came of making a stored result again, in a sentence; empty if none was stored.
    """

    commands: Sequence[str]
    facts: Mapping[str, str]
    inputs: Mapping[str, str]
    checked: str = ""


def provenance_of(opened: Reopened, result: RunResult) -> Provenance:
    """Return how a run came about that was opened, and has been run."""
    made = made_by()
    facts = {
        "seed": str(opened.ensemble.seed),
        "worlds": str(opened.ensemble.worlds),
        "two-chairs": two_chairs.__version__,
        "Python": made["python"],
        **made["packages"],
        "processor features": ", ".join(made["cpu_features"]),
        "resolved scenario, SHA-256": scenario_digest(opened.ensemble.scenario),
    }
    checked = ""
    if opened.stored is not None:
        checked = compared(result.record(), opened.stored, judged=opened.name is not None)
    commands = [shlex.join(words) for words in (opened.command, command_line()) if words]
    return Provenance(commands, facts, opened.inputs, checked)


def compared(again: Mapping[str, Any], stored: Mapping[str, Any], judged: bool) -> str:
    """Say whether a summary made again holds the numbers of the stored one.

    Parameters
    ----------
    again, stored
        Summaries: of now and of then.
    judged
        Whether every expectation could be judged again; if not, verdicts are not compared.
    """
    left_out = {"manifest"} if judged else {"manifest", "expectations", "targets"}
    names = [name for name in stored if name not in left_out]
    differing = [name for name in names if again.get(name) != stored[name]]
    lead = "The run was made again from its manifest"
    missing = (
        ""
        if judged
        else (
            " The scenarios that some expectations compare with are no longer at hand: "
            "those are left out, and so is what other scenarios would change."
        )
    )
    if not differing:
        return f"{lead}: every number of its summary came out the same.{missing}"
    return (
        f"{lead}, and the summary stored with it differs in: {', '.join(differing)}. Other "
        "versions of the program or of NumPy, or another processor, may be why; what stands here "
        f"is what was computed now.{missing}"
    )
