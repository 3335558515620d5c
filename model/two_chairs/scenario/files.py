"""The files of an analyst, each read by itself: events, codebook, case, observations, scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from two_chairs.axes import PATRONS, REGIMES
from two_chairs.declarations import ParameterInfo
from two_chairs.errors import InputError, Problem, nearest, notice
from two_chairs.institutions.ties import AnyTie
from two_chairs.parameters import PARAMETERS, SYMBOLS
from two_chairs.vocabulary import SUM_TOLERANCE, Day

from .casting import act_problems, casting_problems, condition_problems, kind_problems
from .cells import numbers, placed
from .codebook import Action, Codebook
from .drawn import drawn_numbers, within
from .library import CODEBOOK_FILE, bundled_folder
from .records import Case, EventRow, Observation
from .sheets import Cells, read_sheet
from .tables import read_table
from .text import Record, check_rows, check_table, read_bytes, read_toml, shown
from .written import Synonym

DRAWN_BESIDES = ("weight:", "link:")
"""What columns of a posterior begin with that are no parameters: event weights, a link."""
GIVEN = tuple(
    name for name, info in PARAMETERS.items() if info.default is None and not info.optional
)
"""Parameters that every case must give."""


def read_rows(
    model: type[Record], path: Path, key: str
) -> tuple[list[tuple[str, Record]], list[Problem]]:
    """Return the records of a file of rows, each with its place, and every problem of its rows."""
    place = shown(path)
    rows, problems = read_table(model, path)
    records, wrong = check_rows(model, rows, place)
    placed = [(f"{place}: row {number}, column ", record) for number, record in records]
    twice = repeated((where + key, getattr(record, key)) for where, record in placed)
    return placed, problems + wrong + twice


def read_codebook(path: Path | None = None) -> Codebook:
    """Read the action codebook, by default the bundled one.

    Raises
    ------
    InputError
        With every problem found.
    """
    placed, problems = read_rows(Action, path or bundled_folder() / CODEBOOK_FILE, "action")
    for where, action in placed:
        if text := _not_one(action.domains()):
            problems.append(Problem(f"{where}security", text))
    raise_all(problems)
    return {action.action: action for _, action in placed}


def codebook_of(case: Case) -> Codebook:
    """Return the bundled codebook with the actions that a case adds."""
    own = {name: entry.as_action(name) for name, entry in case.actions.items()}
    return read_codebook() | own


def read_synonyms(path: Path) -> list[tuple[str, Synonym]]:
    """Read the words that mean acts or actors, each with its place.

    Raises
    ------
    InputError
        With every problem found.
    """
    rows, problems = read_table(Synonym, path)
    records, wrong = check_rows(Synonym, rows, shown(path))
    raise_all(problems + wrong)
    return [(f"{shown(path)}: row {number}", record) for number, record in records]


def read_events(path: Path) -> tuple[list[tuple[str, EventRow]], list[Problem]]:
    """Read an event file: the rows that can be used, each with its place, and every problem."""
    placed, problems = read_rows(EventRow, path, "id")
    return placed, problems + [p for where, row in placed for p in event_problems(where, row)]


def event_problems(prefix: str, row: EventRow) -> list[Problem]:
    """Return what is wrong with an event by itself."""
    found: list[tuple[str, str]] = []
    domains = (row.security, row.economy, row.politics)
    if any(share is not None for share in domains):
        given = tuple(share or 0.0 for share in domains)
        if text := _not_one(given):
            found.append(("security", text))
    low = row.weight if row.weight_low is None else row.weight_low
    high = row.weight if row.weight_high is None else row.weight_high
    if text := _not_between(low, row.weight, high):
        found.append(("weight", text))
    if row.severity is not None:
        found += [
            (name, "is missing; an attack (a row with a severity) needs it")
            for name in ("coverage", "defended")
            if getattr(row, name) is None
        ]
    else:
        found += [
            (name, "stands without a severity; add one if this is an attack, else empty the cell")
            for name in ("coverage", "defended")
            if getattr(row, name) is not None
        ]
    if row.actor == row.target:
        found.append(("target", f"'{row.target}' is the actor itself; name another actor"))
    return [Problem(prefix + name, text) for name, text in found]


def _not_one(shares: Sequence[float]) -> str:
    total = sum(shares)
    if abs(total - 1.0) <= SUM_TOLERANCE:
        return ""
    return f"the domain weights sum to {total:.9g}, not 1; change security, economy or politics"


def _not_between(low: float, value: float, high: float) -> str:
    if low > high:
        return f"its range is upside down, {low:.9g} to {high:.9g}; swap the two"
    if low <= value <= high:
        return ""
    return (
        f"{value:.9g} lies outside its range {low:.9g} to {high:.9g}; widen the range or change it"
    )


def read_draws(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the draws of a calibration: the names of the columns, and the rows as they stand.

    Raises
    ------
    InputError
        With every problem found.
    """
    seen = path.stat() if path.is_file() else None
    version = None if seen is None else (path.absolute(), seen.st_mtime_ns, seen.st_size)
    return _read_draws(path, version)


@lru_cache(maxsize=8)
def _read_draws(path: Path, version: object) -> tuple[tuple[str, ...], tuple[str, ...]]:  # noqa: ARG001
    """Read a version of a file of draws once, however often its scenario is resolved."""
    written = _as_written(path)
    if written is not None:
        return written
    place = shown(path)
    names, rows, problems = _drawn(path)
    problems += [
        Problem(f"{place}: row 1", f"column '{name}': {unknown_parameter(name)}")
        for name in names
        if rows and not is_drawn(name)
    ]
    problems += repeated((f"{place}: row 1", name) for name in names)
    for number, row in rows if not problems else ():
        if text := _not_numbers(row, names):
            problems.append(Problem(f"{place}: row {number}", text))
    if not rows:
        problems.append(Problem(place, "has no draws; write it again with 'two-chairs calibrate'"))
    raise_all(problems)
    return names, tuple(",".join(row) for _, row in rows)


def _as_written(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return names and rows of a file that stands as a calibration writes it; else ``None``.

    There is then nothing to understand, and nothing wrong: its rows are read a dozen times as fast.
    """
    data = read_bytes(path)
    if not data.isascii() or any(sign in data for sign in b'"; \t\x00'):
        return None
    header, *rows = data.decode("ascii").replace("\r\n", "\n").removesuffix("\n").split("\n")
    names = tuple(header.split(","))
    if len({*names}) < len(names) or not all(map(is_drawn, names)):
        return None
    numbers = drawn_numbers(tuple(rows))
    if numbers is None or numbers.shape != (len(rows), len(names)):
        return None
    return (names, tuple(rows)) if within(numbers, list(map(_bounds, names))) else None


def is_drawn(heading: str) -> bool:
    """Say whether a heading is that of a column of draws."""
    return heading in PARAMETERS or heading.startswith(DRAWN_BESIDES)


def _drawn(path: Path) -> tuple[tuple[str, ...], Cells, list[Problem]]:
    """Return the headings and the rows of a file of draws, and what can not be told."""
    sheet = read_sheet(path, is_drawn)
    if sheet.torn is not None:
        raise sheet.torn
    (_, header), *rows = sheet.rows or [(1, [""])]
    if sheet.separator == ",":
        return tuple(header), rows, []
    notice(sheet.place, f"read as {', '.join(sheet.read_as)}")
    first = {
        cell: (n, name)
        for n, row in reversed(rows)
        for name, cell in zip(header, row, strict=False)
    }
    found = numbers(first, sheet.separator)
    rows = [(n, [found.cells.get(cell, cell) for cell in row]) for n, row in rows]
    return tuple(header), rows, placed(found, sheet.place)


def _bounds(name: str) -> tuple[float, float]:
    return PARAMETERS[name].bounds if name in PARAMETERS else (-1e9, 1e9)


def _not_numbers(cells: Sequence[str], names: Sequence[str]) -> str:
    """Say what is wrong with a row of draws, if anything."""
    if len(cells) != len(names):
        return f"has {len(cells)} cells where the header has {len(names)}; complete the row"
    for name, cell in zip(names, cells, strict=True):
        try:
            value = float(cell)
        except ValueError:
            return f"'{cell}' is not a number; write the file again with 'two-chairs calibrate'"
        low, high = _bounds(name)
        if not low <= value <= high:
            return f"{name} is {value:.9g}; it must be from {low:g} to {high:g}"
    return ""


def read_observations(path: Path) -> list[tuple[str, Observation]]:
    """Read the observed numbers of a case, if it has any, each with its place.

    Raises
    ------
    InputError
        With every problem found.
    """
    if not path.is_file():
        return []
    placed, problems = read_rows(Observation, path, "id")
    for where, row in placed:
        if row.end < row.start:
            problems.append(Problem(f"{where}end", backwards(row.end, row.start)))
        problems += [] if row.beside == "none" else share_problems(where, row)
    raise_all(problems)
    return placed


def share_problems(where: str, row: Observation) -> list[Problem]:
    """Return that the value or the error of an observed share lies outside 0 to 1."""
    numbers = {"value": row.value, "error": row.error or 0.0}
    return [
        Problem(where + column, f"{number:g} is no share from 0 to 1; write 60 % as 0.60")
        for column, number in numbers.items()
        if not 0.0 <= number <= 1.0
    ]


def backwards(end: Day, start: Day) -> str:
    """Say that an end lies before its start."""
    return f"{end} lies before the start, {start}; swap or change the dates"


def read_case(path: Path) -> Case:
    """Read a case file and check that its parts fit.

    Raises
    ------
    InputError
        With every problem found.
    """
    place = shown(path)
    case, problems = check_table(Case, read_toml(path), place, title="?")
    if case is None:
        raise InputError(problems)
    if not case.name:
        case = case.model_copy(update={"name": _case_name(path)})
    if not problems:
        problems = [
            *casting_problems(place, case),
            *_code_problems(place, case),
            *_baseline_problems(place, case),
            *_complete(place, "regimes", case.regimes, REGIMES),
            *_complete(place, "seats", case.seats, PATRONS),
            *_complete(place, "parameters", case.parameters, GIVEN),
            *_tie_problems(place, case.institutions),
            *_decision_problems(place, case),
            *_action_problems(place, case),
        ]
    if not problems:
        problems = [
            *condition_problems(place, case),
            *kind_problems(place, case),
            *act_problems(place, case),
        ]
    raise_all(problems + _case_parameter_problems(place, case))
    return case


def _case_name(path: Path) -> str:
    """Return the name of a case: its folder's, in letters that a key may have."""
    return re.sub(r"[\s:>/]+", "-", path.resolve().parent.name)


def _code_problems(place: str, case: Case) -> list[Problem]:
    """Return codes of data sets that two actors have, or one has twice."""
    codes = [
        (f"{place}: actors.{key}.{kind}", str(code))
        for key, actor in case.actors.items()
        for kind in ("iso3", "cow")
        for code in getattr(actor, kind)
    ]
    return repeated(codes)


def _baseline_problems(place: str, case: Case) -> list[Problem]:
    pairs = [f"{a}>{b}" for a in case.actors for b in case.actors if a != b]
    unknown = [
        Problem(f"{place}: baselines.{pair}", f"not a pair of actors; {nearest(pair, pairs)}")
        for pair in case.baselines
        if pair not in pairs
    ]
    return unknown + _complete(place, "baselines", case.baselines, pairs)


def _complete(place: str, table: str, given: Iterable[str], needed: Iterable[str]) -> list[Problem]:
    present = set(given)
    return [
        Problem(f"{place}: {table}.{key}", "is missing; add it")
        for key in needed
        if key not in present
    ]


def _tie_problems(place: str, ties: Sequence[AnyTie]) -> list[Problem]:
    ids = [tie.id for tie in ties]
    problems = repeated((f"{place}: institutions[{key}].id", key) for key in ids)
    return problems + [
        Problem(
            f"{place}: institutions[{tie.id}].{key}",
            f"'{other}' is not an institution; {nearest(other, ids)}",
        )
        for tie in ties
        for key, other in tie.refers_to().items()
        if other not in ids
    ]


def _decision_problems(place: str, case: Case) -> list[Problem]:
    return [
        Problem(f"{place}: decisions.acts.{act}.security", text)
        for act, entry in case.decisions.acts.items()
        if (text := _not_one(entry.values()))
    ]


def _action_problems(place: str, case: Case) -> list[Problem]:
    """Return what is wrong with the actions that a case adds."""
    known = read_codebook() if case.actions else {}
    twice = "stands in the codebook already; rename it, or give events a score of their own"
    problems = [Problem(f"{place}: actions.{key}", twice) for key in case.actions if key in known]
    return problems + [
        Problem(f"{place}: actions.{key}.security", text)
        for key, entry in case.actions.items()
        if (text := _not_one(entry.domains()))
    ]


def _case_parameter_problems(place: str, case: Case) -> list[Problem]:
    problems = []
    for name, entry in case.parameters.items():
        where = f"{place}: parameters.{name}"
        if name not in PARAMETERS:
            problems.append(Problem(where, unknown_parameter(name)))
            continue
        problems += range_problems(where, PARAMETERS[name], entry.value, entry.low, entry.high)
    return problems


def unknown_parameter(name: str) -> str:
    """Say that there is no parameter of a name, and which was probably meant."""
    if name in SYMBOLS:
        return f"'{name}' is a symbol; write the name, {SYMBOLS[name]}"
    symbols = [symbol for symbol, full in SYMBOLS.items() if not PARAMETERS[full].optional]
    return f"unknown parameter; {nearest(name, [*PARAMETERS, *symbols])}"


def range_problems(
    where: str, info: ParameterInfo, value: float, low: float, high: float
) -> list[Problem]:
    """Return what is wrong with a parameter's value and range."""
    smallest, largest = info.bounds
    bounds = f"from {smallest:g} to {largest:g}"
    problems = [
        Problem(where, f"{number:.9g} is out of range; {info.name} must be {bounds}")
        for number in dict.fromkeys((value, low, high))
        if not smallest <= number <= largest
    ]
    if text := _not_between(low, value, high):
        problems.append(Problem(where, text))
    return problems


def repeated(placed: Iterable[tuple[str, str]]) -> list[Problem]:
    """Return a problem for every key that stands a second time."""
    seen: set[str] = set()
    problems = []
    for where, key in placed:
        if key in seen:
            problems.append(Problem(where, f"'{key}' stands already; rename or remove one"))
        seen.add(key)
    return problems


def raise_all(problems: Sequence[Problem]) -> None:
    """Raise all problems at once as an `InputError`, each once, if there are any."""
    if problems:
        raise InputError(dict.fromkeys(problems))
