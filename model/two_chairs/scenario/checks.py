"""Pass three: what keeps a scenario from being resolved, once all its files are laid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from two_chairs.axes import PATRONS
from two_chairs.errors import Problem, caution, nearest
from two_chairs.outcomes import cast_of, outcome_problems
from two_chairs.parameters import PARAMETERS, START_ONLY
from two_chairs.vocabulary import Day, monday

from .draft import Draft
from .files import backwards, range_problems, unknown_parameter
from .provenance import changed_tables
from .records import DatedCondition, Intervention, RecordedPosture, Shift, Turn

MOST_WEEKS = 5200
"""Weeks that a run may last: a century."""
NOT_BESIDE = ("share", "none")
"""What an observation may stand beside apart from an outcome: a share by itself, or nothing."""


def draft_problems(draft: Draft) -> list[Problem]:
    """Return everything that keeps a draft from being resolved, once all files are laid."""
    return [
        *_span_problems(draft),
        *_date_problems(draft),
        *_doubled(draft),
        *attack_problems(draft),
        *_because_problems(draft),
        *_twice_problems(draft),
        *_posture_problems(draft),
        *_record_problems(draft),
        *_intervention_problems(draft),
        *_turn_problems(draft),
        *_casting_problems(draft),
        *_institution_problems(draft),
        *_expectation_problems(draft),
        *_observation_problems(draft),
        *_posterior_problems(draft),
    ]


def _span_problems(draft: Draft) -> list[Problem]:
    """Return what is wrong with the dates between which the scenario runs."""
    start, end = draft.setting("start"), draft.setting("end")
    if start is None or end is None:
        return [
            Problem(f"{draft.place}: {key}", "is missing; add it here or in a file it extends")
            for key in ("start", "end")
            if draft.setting(key) is None and not draft.torn
        ]
    where = draft.settings["end"][0]
    if end < start:
        return [Problem(where, backwards(end, start))]
    if (end - start).days > 7 * MOST_WEEKS:
        text = f"the run from {start} to {end} lasts more than {MOST_WEEKS} weeks; shorten it"
        return [Problem(where, text)]
    return []


def _doubled(draft: Draft) -> list[Problem]:
    """Warn of recorded events that come on top of what agents do by themselves."""
    acting = draft.setting("agents_act_from")
    late = sorted(
        row.date
        for key, (_, row) in draft.events.items()
        if acting is not None and key in draft.recorded and row.date > acting
    )
    if late:
        number = (
            "one recorded event falls" if len(late) == 1 else f"{len(late)} recorded events fall"
        )
        text = f"{number} after {acting}, from which agents act by themselves: both count"
        caution(
            f"{draft.place}: agents_act_from",
            f"{text}; let agents act from {late[-1]} on, or drop the events",
        )
    return []


def _date_problems(draft: Draft) -> list[Problem]:
    start, end = draft.setting("start"), draft.setting("end")
    if start is None or end is None or end < start:
        return []
    after = f"lies after the end of the run, {end}; drop it or move the end"
    before = f"lies before the start, {start}; drop it or start earlier"
    problems = []
    below: dict[str, list[tuple[str, str, Day]]] = {"end": [], "start": []}
    for where, key, day in _dated(draft, start, end):
        if start <= day <= end:
            continue
        moved, text = ("end", after) if day > end else ("start", before)
        if where in draft.moved.get(moved, ()):
            below[moved].append((where, key, day))
        else:
            problems.append(Problem(where + key, f"{day} {text}"))
    return problems + _left_behind(draft, "end", below) + _left_behind(draft, "start", below)


def _dated(draft: Draft, start: Day, end: Day) -> Iterator[tuple[str, str, Day]]:
    """Yield every date of a draft: its place, the key there, the day."""
    interventions = draft.present(draft.interventions)
    dated: list[tuple[str, str, Day | None]] = [
        *((where, "date", row.date) for where, row in draft.events.values()),
        *((where, ".date", entry.date) for where, entry in draft.present(draft.conditions)),
        *((where, ".date", entry.date) for where, entry in interventions),
        *((where, ".until", entry.until) for where, entry in interventions),
        *((where, ".date", entry.date) for where, entry in draft.present(draft.turns)),
    ]
    for where, entry in (*draft.expectations, *draft.targets):
        dated += [(where, ".at", entry.at), (where, ".since", entry.since)]
    where, acting = draft.settings.get("agents_act_from", ("", start))
    dated.append((where, "", min(acting, end)))  # after the end is never
    yield from ((where, key, day) for where, key, day in dated if day is not None)


def _left_behind(
    draft: Draft, key: str, outside: Mapping[str, Sequence[tuple[str, str, Day]]]
) -> list[Problem]:
    """Say at a start or an end what of the files below lies outside: its own file is to mend it."""
    if not outside[key]:
        return []
    where, edge = draft.settings[key]
    side, otherwise = ("after", "start earlier") if key == "start" else ("before", "end later")
    problems = []
    settings = {place for place, _ in draft.settings.values()}
    for place, _, day in outside[key]:
        if place in settings:
            name = place.rpartition(": ")[2]
            text = f"{edge} lies {side} {name} of the file that is extended, {day}"
            problems.append(Problem(where, f"{text}; set {name} here, or {otherwise}"))
    rest = [found for found in outside[key] if found[0] not in settings]
    if rest:
        place, name, day = rest[0]
        number = "a date" if len(rest) == 1 else f"{len(rest)} dates"
        text = f"{edge} lies {side} {number} of what is extended ({place}{name}: {day})"
        remedy = f"leave them out here (drop, events = [], targets = []), or {otherwise}"
        problems.append(Problem(where, f"{text}; {remedy}"))
    return problems


def attack_problems(draft: Draft) -> list[Problem]:
    """Return attacks on another than the pivot, or by the guarantor itself."""
    pivot, incumbent = draft.case.with_role("pivot"), draft.case.with_role("incumbent")
    ids = draft.case.actor_ids()
    attacks = "ATTACK" in draft.case.options(incumbent)
    problems = []
    for where, row in draft.events.values():
        if row.severity is not None and row.target != pivot and row.target in ids:
            text = (
                f"an attack (a row with a severity) is on the pivot, {pivot}, not on {row.target}"
            )
            problems.append(
                Problem(where + "target", f"{text}; empty severity or change the target")
            )
        if row.severity is not None and row.actor == incumbent and not attacks:
            text = f"the guarantor {incumbent} can not answer its own attack"
            problems.append(Problem(where + "actor", f"{text}; empty severity or change the actor"))
    return problems


def _because_problems(draft: Draft) -> list[Problem]:
    dated: list[tuple[str, DatedCondition | Intervention | Turn]] = [
        *draft.conditions.values(),
        *draft.interventions.values(),
        *draft.turns.values(),
    ]
    return [
        Problem(
            f"{where}.because",
            f"'{entry.because}' is no event; {nearest(entry.because, draft.ever)}",
        )
        for where, entry in dated
        if entry.because is not None and entry.because not in draft.ever and not draft.torn
    ]


def _twice_problems(draft: Draft) -> list[Problem]:
    things = [
        (where, f"{entry.condition} on {entry.date}")
        for where, entry in draft.present(draft.conditions)
    ]
    for where, entry in draft.present(draft.interventions):
        for kind in entry.kinds():
            thing = getattr(entry, kind) if kind in _COMPANION else ""
            things.append((where, f"{kind} {thing} on {entry.date}".replace("  ", " ")))
    things += [
        (f"{where}.shifts", f"{'parameter ' * (shift.pair is None)}{shift.what} on {turn.date}")
        for where, turn in draft.present(draft.turns)
        for shift in turn.shifts
    ]
    seen: set[str] = set()
    problems = []
    for where, thing in things:
        if thing in seen:
            problems.append(Problem(where, f"{thing} is set twice; drop one of the two"))
        seen.add(thing)
    return problems


def _posture_problems(draft: Draft) -> list[Problem]:
    """Return forced postures that begin while one before them is to last."""
    forced = [placed for placed in draft.present(draft.interventions) if placed[1].posture]
    forced.sort(key=lambda placed: placed[1].date)
    problems = []
    for (_, one), (where, other) in pairwise(forced):
        if one.until is not None and one.date < other.date < one.until:
            text = f"{other.date} lies within the posture that '{one.id}' forces until {one.until}"
            problems.append(Problem(f"{where}.date", f"{text}; let that one end before"))
    return problems


OR_FREE = 'write posture = "free" where the model is to choose, or postures = [] for all of it'


def _record_problems(draft: Draft) -> list[Problem]:
    """Return gaps and overlaps of the recorded postures, and what lies past the cut-off.

    The record is whole: it covers the run from its start to the day from which agents act. One
    that comes from a file below may reach further than a cut-off that was moved since.
    """
    start, end = draft.setting("start"), draft.setting("end")
    if not draft.postures or draft.torn or start is None or end is None or end < start:
        return []
    cut_off: Day = draft.setting("agents_act_from") or end
    placed = sorted(draft.postures, key=lambda entry: entry[1].date)
    problems = []
    for where, entry in placed:
        if entry.until is not None and entry.until <= entry.date:
            problems.append(Problem(f"{where}.until", backwards(entry.until, entry.date)))
        late = "date" if entry.date >= cut_off else "until"
        day = getattr(entry, late)
        if day is not None and (late == "date" or day > cut_off) and not draft.postures_inherited:
            text = f"{day} lies past the cut-off, {cut_off}, from which the model chooses"
            problems.append(Problem(f"{where}.{late}", f"{text}; end the record there"))
    where, first = placed[0]
    if first.date > start:
        text = f"the record begins on {first.date}, after the start of the run, {start}"
        problems.append(Problem(f"{where}.date", f"{text}; begin it there, or {OR_FREE}"))
    where, last = placed[-1]
    if last.until is not None and last.until < cut_off:
        text = f"the record ends on {last.until}, before the cut-off, {cut_off}"
        problems.append(Problem(f"{where}.until", f"{text}; go on to there, or {OR_FREE}"))
    return problems + [problem for one, other in pairwise(placed) for problem in _seam(one, other)]


def _seam(one: tuple[str, RecordedPosture], other: tuple[str, RecordedPosture]) -> list[Problem]:
    """Return the gap or the overlap between two recorded postures that follow each other."""
    until, (where, following) = one[1].until, other
    if one[1].date == following.date:
        text = f"{following.date} begins two postures; drop one of the two"
        return [Problem(f"{where}.date", text)]
    if until is None or until == following.date:
        return []
    kind = "leaves a gap after" if until < following.date else "overlaps"
    text = f"{following.date} {kind} the posture before it, which ends on {until}"
    return [Problem(f"{where}.date", f"{text}; let the one begin where the other ends")]


_COMPANION = {"institution": "level", "parameter": "value"}


def _intervention_problems(draft: Draft) -> list[Problem]:
    ids = [tie.id for tie in draft.case.institutions]
    problems = []
    for where, entry in draft.interventions.values():
        apart = [
            Problem(where, f"{kind} and {companion} belong together; give both or neither")
            for kind, companion in _COMPANION.items()
            if (getattr(entry, kind) is None) != (getattr(entry, companion) is None)
        ]
        kinds = entry.kinds()
        if len(kinds) > 1 or not (kinds or apart):
            listed = " and ".join(kinds) or "nothing"
            text = f"sets {listed}; it must set one of institution, posture, coercion, parameter"
            problems.append(Problem(where, text))
        problems += apart
        if entry.institution is not None and entry.institution not in ids:
            text = f"'{entry.institution}' is not an institution; {nearest(entry.institution, ids)}"
            problems.append(Problem(f"{where}.institution", text))
        if entry.until is not None and (
            entry.posture is None or monday(entry.until) <= monday(entry.date)
        ):
            text = "only a forced posture ends on a date, and that in a later week; change it"
            problems.append(Problem(f"{where}.until", text))
        problems += _dated_parameter_problems(where, entry)
    return problems


def _dated_parameter_problems(where: str, entry: Intervention) -> list[Problem]:
    name = entry.parameter
    if name is None or entry.value is None:
        return []
    if name not in PARAMETERS:
        return [Problem(f"{where}.parameter", unknown_parameter(name))]
    if name in START_ONLY or PARAMETERS[name].group is not None:
        text = f"'{name}' can not change during a run; set it under [parameters]"
        return [Problem(f"{where}.parameter", text)]
    return range_problems(f"{where}.value", PARAMETERS[name], entry.value, entry.value, entry.value)


def _casting_problems(draft: Draft) -> list[Problem]:
    """Return what is set that the case has not: conditions, and coercion without a coercer."""
    problems = [
        Problem(
            f"{where}.condition",
            f"the case has no condition '{entry.condition}'; give its start in the case",
        )
        for where, entry in draft.conditions.values()
        if entry.condition not in draft.case.conditions
    ]
    if any("COERCE" in draft.case.repertoire(patron) for patron in PATRONS):
        return problems
    text = "no patron of the case coerces; give one of them the act or leave this out"
    return problems + [
        Problem(f"{where}.coercion", text)
        for where, entry in draft.interventions.values()
        if entry.coercion is not None
    ]


DEPENDENCES = frozenset(f"{patron}_security_dependence" for patron in PATRONS)


def _turn_problems(draft: Draft) -> list[Problem]:
    """Return what is wrong with what turns shift."""
    return [
        Problem(f"{where}.shifts[{number}].{key}", text)
        for where, turn in draft.turns.values()
        for number, shift in enumerate(turn.shifts, start=1)
        for key, text in _shift_problems(draft, shift)
    ]


def _shift_problems(draft: Draft, shift: Shift) -> Iterator[tuple[str, str]]:
    if shift.pair is not None:
        yield from _pair_problems(draft, shift)
        smallest, largest = -1.0, 1.0
    elif shift.what not in PARAMETERS:
        yield "what", unknown_parameter(shift.what)
        return
    else:
        smallest, largest = PARAMETERS[shift.what].bounds
        if shift.what in START_ONLY - DEPENDENCES:
            yield "what", f"'{shift.what}' only sets the start; set it under [parameters]"
    if (shift.by is None) == (shift.to is None):
        yield "by", "give either by or to, one of the two"
        return
    key, (low, high) = "to" if shift.by is None else "by", shift.span
    if not low <= shift.size <= high:
        text = f"{shift.size:.9g} lies outside its range {low:.9g} to {high:.9g}"
        yield key, f"{text}; widen the range or change it"
    least = smallest if shift.by is None else smallest - largest
    most = largest if shift.by is None else largest - smallest
    for number in (low, high):
        if not least <= number <= most:
            yield key, f"{number:.9g} is out of range; it must be from {least:g} to {most:g}"


def _pair_problems(draft: Draft, shift: Shift) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the name of a baseline."""
    problems = outcome_problems(shift.what, cast_of(draft.case), "")
    for problem in problems:
        yield "what", problem.message
    if shift.pair is not None and not problems and shift.pair not in draft.case.baselines:
        yield "what", f"'{shift.pair}' has no baseline; {nearest(shift.pair, draft.case.baselines)}"


def ceiling_problems(draft: Draft, ceiling: float) -> list[Problem]:
    """Return interventions that set more coercion than can be in force (c_max)."""
    return [
        Problem(
            f"{where}.coercion",
            f"{entry.coercion:.9g} lies above coercion_ceiling, {ceiling:.9g}; lower it or raise"
            " that parameter",
        )
        for where, entry in draft.present(draft.interventions)
        if entry.coercion is not None and entry.coercion > ceiling
    ]


def _institution_problems(draft: Draft) -> list[Problem]:
    ids = [tie.id for tie in draft.case.institutions]
    return [
        Problem(where, f"'{key}' is not an institution; {nearest(key, ids)}")
        for key, (where, _) in draft.institutions.items()
        if key not in ids
    ]


def _expectation_problems(draft: Draft) -> list[Problem]:
    cast = cast_of(draft.case)
    problems = []
    for where, entry in (*draft.expectations, *draft.targets):
        problems += outcome_problems(entry.outcome, cast, f"{where}.outcome")
        if entry.above is None and entry.below is None:
            problems.append(Problem(where, "has neither above nor below; give one or both"))
        elif entry.above is not None and entry.below is not None and entry.above >= entry.below:
            text = f"nothing is above {entry.above:.9g} and below {entry.below:.9g}; swap the two"
            problems.append(Problem(where, text))
        if entry.against is not None and entry.since is not None:
            problems.append(Problem(where, "has both since and against; keep one"))
        if entry.since is not None and entry.since >= entry.at:
            text = f"{entry.since} lies not before at, {entry.at}; swap or change the dates"
            problems.append(Problem(f"{where}.since", text))
    return problems


def _observation_problems(draft: Draft) -> list[Problem]:
    """Return observations that name no quantity of the model to stand beside."""
    cast = cast_of(draft.case)
    return [
        Problem(problem.place, f"{problem.message} (or write {' or '.join(NOT_BESIDE)})")
        for where, entry in draft.observations
        if entry.beside not in NOT_BESIDE
        for problem in outcome_problems(entry.beside, cast, f"{where}beside")
    ]


def _posterior_problems(draft: Draft) -> list[Problem]:
    """Return that a posterior is another case's, or answers of it that were not observed."""
    fitted = None if draft.posterior is None else draft.posterior.fitted
    if fitted is not None and fitted.case != draft.case.name:
        text = f"its draws are those of the case '{fitted.case}', and this is '{draft.case.name}'"
        where = f"{draft.place}: posterior.file"
        return [Problem(where, f"{text}; calibrate this case, or leave [posterior] out")]
    if fitted is not None and (changed := changed_tables(fitted, draft.case)):
        text = (
            f"the case has changed in {', '.join(changed)} since its draws were fitted, or their "
            "record does not tell; calibrate again, or draw from the ranges with --defaults"
        )
        caution(draft.place, text)
    known = {entry.id for _, entry in draft.observations}
    named = draft.posterior.answers if draft.posterior is not None else ()
    return [
        Problem(
            f"{draft.place}: posterior.answers[{number}]",
            f"'{name}' is no observation of the case; {nearest(name, known)}",
        )
        for number, name in enumerate(named, start=1)
        if name not in known
    ]
