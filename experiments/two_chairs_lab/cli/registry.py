"""All commands: where each stands, and the line that ``--help`` has for it.

A command is a folder of ``studies`` and a line here.
"""

from __future__ import annotations

from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "agree": ("studies.agree.command:agree", "Say how far two coders agree, and whether it matters."),
    "calibrate": ("studies.calibrate.command:calibrate", "Fit a plan's parameters to polls, test the fit and score it."),
    "changes": ("studies.changes.command:changes", "Say what moved from one version's results to another's."),
    "check": ("studies.scenarios.command:check", "Check files without running them."),
    "claim": ("studies.claim.command:claim", "Put a claim to the test over the space of the model."),
    "codebook": ("studies.codebook.command:codebook", "Find the kinds of act that an event can be."),
    "compare": ("studies.compare.command:compare", "Compare scenarios with the first one, world by world."),
    "discover": ("studies.discover.command:discover", "Say where in a space something happens."),
    "explain": ("studies.explain.command:explain", "Say why a seat or an alignment moved, cause by cause."),
    "export": ("studies.sweep.command:export", "Write all worlds of a sweep as one CSV or Parquet file."),
    "import": ("studies.importing.command:import_data", "Turn rows of an event data set into a ledger."),
    "list": ("studies.scenarios.command:list_scenarios", "List the bundled scenarios and their questions."),
    "new": ("studies.new.command:new", "Make a case, a scenario or a ledger to begin with."),
    "plot": ("studies.sweep.command:plot", "Draw a sweep: heat maps, regime maps, fans or scatters."),
    "predict": ("studies.calibrate.command:predict", "Say what is expected after the evidence ends, dated."),
    "replay": ("studies.sweep.command:replay", "Run one world of a sweep again, bit for bit."),
    "report": ("studies.report.command:report", "Write a report that one can send."),
    "run": ("studies.run.command:run", "Run a scenario and say where the pivot sits."),
    "score": ("studies.score.command:score", "Say how past predictions fared."),
    "sensitivity": ("studies.sensitivity.command:sensitivity", "Split the spread among ruler, behaviour, coding and luck."),
    "show": ("studies.scenarios.command:show", "Show a scenario as it resolves, or what differs from another."),
    "sweep": ("studies.sweep.command:sweep", "Sweep parameters × scenarios × luck."),
    "theories": ("studies.theories.command:theories", "Set the model beside ablations of itself and a rival."),
    "update": ("studies.update.command:update", "Say where it stands now, and what moved since."),
    "view": ("studies.view.command:view", "Open a live page: change things and see what follows."),
}  # fmt: skip
"""Name → (module and function below this package, what it does in one line)."""
