"""Scenarios written as files: TOML, and a resolved scenario as files that stand alone."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from two_chairs.vocabulary import Frozen

from .draft import SETTINGS
from .library import CASE_FILE, OBSERVATIONS_FILE
from .provenance import record_text, usual_range
from .records import Event, Observation, ParameterRange, PosteriorTable, Scenario

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


def toml(table: Mapping[str, Any]) -> str:
    """Return a table as TOML: plain keys, then tables, then lists of tables.

    Examples
    --------
    >>> print(toml({"title": "x", "parameters": {"χ": 0.2}, "drop": ["a"]}), end="")
    title = "x"
    drop = ["a"]
    <BLANKLINE>
    [parameters]
    "χ" = 0.2
    """
    plain = {k: v for k, v in table.items() if not isinstance(v, Mapping) and not _is_rows(v)}
    lines = [_pair(key, value) for key, value in plain.items()]
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_key(key)}]", *(_pair(k, v) for k, v in value.items())]
        elif _is_rows(value):
            for row in value:
                lines += ["", f"[[{_key(key)}]]", *(_pair(k, v) for k, v in row.items())]
    return "\n".join(lines) + "\n"


def _is_rows(value: object) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(row, Mapping) for row in value)


def _pair(key: str, value: object) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if _BARE.match(key) else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_pair(k, v) for k, v in value.items())} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(entry) for entry in value)}]"
    return _text(str(value))


def plain(record: Frozen) -> dict[str, Any]:
    """Return a record as a table, without what is blank."""
    return {key: value for key, value in record.model_dump().items() if value not in (None, "")}


def event_table(event: Event, weight: float | None = None) -> dict[str, Any]:
    """Return an event as a table of ``[[add]]``, at another weight if one is given.

    The range that worlds draw the weight from grows or shrinks with it; a row of weight 0 has no
    range to grow.
    """
    table = plain(event)
    if weight is None or weight == event.weight:
        return table
    factor = weight / event.weight if event.weight > 0.0 else 0.0
    low, high = event.weight_low * factor, event.weight_high * factor
    table["weight"] = weight
    table["weight_low"], table["weight_high"] = min(low, weight), max(high, weight)
    return table


def write_complete(scenario: Scenario, folder: Path) -> Path:
    """Write a resolved scenario as files that need no others, and return its scenario file.

    What runs is the same bit for bit. What compares with other scenarios is left out, since those
    are not at hand; parameters set by hand on a command line stand among the others.
    """
    case = scenario.case.model_dump(exclude={"institutions"}, exclude_defaults=True)
    case["institutions"] = [plain(tie) for tie in scenario.case.institutions]
    (folder / CASE_FILE).write_text(toml(case), encoding="utf-8")
    if scenario.observations:
        _write_observations(scenario, folder / OBSERVATIONS_FILE)
    settings = SETTINGS
    table: dict[str, Any] = {key: getattr(scenario, key) for key in settings}
    table = {key: value for key, value in table.items() if value not in (None, "")}
    table["case"] = CASE_FILE
    table["parameters"] = {name: plain(entry) for name, entry in _own_parameters(scenario).items()}
    if scenario.posterior is not None:
        table["posterior"] = _write_posterior(scenario.posterior, folder)
    table["institutions"] = dict(scenario.institutions)
    table["add"] = [event_table(event) for event in scenario.events]
    for key in ("conditions", "interventions", "postures", "turns", "expect", "targets"):
        entries = getattr(scenario, key)
        alone = [entry for entry in entries if getattr(entry, "against", None) is None]
        table[key] = [plain(entry) for entry in alone]
    path = folder / f"{scenario.name}.toml"
    path.write_text(toml({k: v for k, v in table.items() if v or v == 0}), encoding="utf-8")
    return path


def _own_parameters(scenario: Scenario) -> dict[str, ParameterRange]:
    """Return the parameters that neither the case nor the table of parameters gives as they are.

    One that stands in a file overrules the posterior, so none may stand there needlessly.
    """
    overruled = scenario.posterior.overruled if scenario.posterior is not None else ()
    return {
        name: entry
        for name, entry in scenario.parameters.items()
        if name in overruled or entry != _usual(scenario, name)
    }


def _usual(scenario: Scenario, name: str) -> ParameterRange | None:
    given = scenario.case.parameters.get(name)
    if given is None:
        return usual_range(name)
    return ParameterRange(value=given.value, low=given.low, high=given.high)


def _write_posterior(posterior: PosteriorTable, folder: Path) -> dict[str, Any]:
    """Write the draws of a posterior beside a scenario, and return the table that names them."""
    name = "posterior.csv"
    lines = [",".join(posterior.names), *posterior.rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / name).with_suffix(".json").write_text(record_text(posterior), encoding="utf-8")
    table = {"file": name, "frozen": posterior.frozen, "source": posterior.source}
    return table | ({"answers": list(posterior.answers)} if posterior.answers else {})


def _write_observations(scenario: Scenario, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, tuple(Observation.model_fields), lineterminator="\n")
        writer.writeheader()
        writer.writerows(plain(entry) for entry in scenario.observations)
