"""What every study returns: an answer, with what it rests on.

An answer can be printed, drawn, written as tables and as plain data; one function delivers all of
them (`shell.deliver`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from two_chairs_lab.results.manifest import make_manifest, scenario_digest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from two_chairs_lab.engine.ensemble import Ensemble
    from two_chairs_lab.render.table import Table


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer rests on: it makes the manifest and says what the answer is conditional on.

    Attributes
    ----------
    kind
        Kind of result, as `results.folder.check_folder` knows it.
    specification
        What was run, as plain data, so that it can be run again.
    conditional_on
        The sentence that every table, figure and report carries.
    inputs
        File → SHA-256; ``None`` where files are told by the specification alone.
    """

    kind: str
    specification: Mapping[str, Any]
    conditional_on: str
    inputs: Mapping[str, str] | None = None

    def manifest(self) -> dict[str, Any]:
        """Return what is needed to make the result again, as plain data."""
        return make_manifest(self.kind, self.specification, self.inputs)


def ensemble_basis(kind: str, ensemble: Ensemble, inputs: Mapping[str, str], **asked: Any) -> Basis:
    """Return the basis of an answer that one ensemble gives; ``asked`` is what was asked of it."""
    specification = {
        "seed": ensemble.seed,
        "worlds": ensemble.worlds,
        "vary": ensemble.vary,
        "luck": ensemble.luck,
        "defaults": ensemble.defaults,
        **({"free": True} if ensemble.free else {}),
        "scenario_sha256": scenario_digest(ensemble.scenario),
        "scenario": ensemble.scenario.model_dump(mode="json"),
        **asked,
    }
    return Basis(kind, specification, ensemble.conditional_on(), inputs)


class Answer(Protocol):
    """What a study has found."""

    kind: ClassVar[str]
    """Kind of result, as manifests name it."""
    name: ClassVar[str]
    """Name of the file that holds the record."""

    def basis(self) -> Basis:
        """Return what the answer rests on."""
        ...

    def sentences(self) -> list[str]:
        """Return the answer in words, the point first."""
        ...

    def tables(self) -> Mapping[str, Table]:
        """Return the tables, by the names of their files."""
        ...

    def figures(self) -> Mapping[str, Figure]:
        """Draw and return the figures, by the names of their files."""
        ...

    def record(self) -> dict[str, Any]:
        """Return the answer as plain data, manifest apart."""
        ...
