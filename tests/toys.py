"""Small invented cases in which the parts are cast otherwise: the common one with text changed."""

from __future__ import annotations

import datetime
import warnings
from pathlib import Path

from two_chairs.errors import Caution
from two_chairs.scenario.resolve import load_scenario

CASE = (Path(__file__).parent / "format" / "case.toml").read_text(encoding="utf-8")
FAR_FROM_KARN = (
    (
        '"VES>KRN" = { security = 0.5, economy = 0.5, politics = 0.5',
        '"VES>KRN" = { security = -0.3, economy = -0.1, politics = -0.3',
    ),
    (
        '"VES>LGE" = { security = 0.2, economy = 0.2, politics = 0.2',
        '"VES>LGE" = { security = 0.6, economy = 0.6, politics = 0.6',
    ),
)
"""The pivot leans to the League, so that Karn has something to lose."""
ATTACKING_PATRON = (
    *FAR_FROM_KARN,
    ('name = "Karn"\nrole = "incumbent"', 'name = "Karn"\nrole = ["incumbent", "adversary"]'),
    ('role = "adversary"', 'role = "bystander"'),
)
"""The patron of old is the threat, and there is no other."""
NO_ADVERSARY = (
    ('role = "adversary"', 'role = "bystander"'),
    ('name = "Karn"\nrole = "incumbent"', 'name = "Karn"\nrole = "incumbent"\nbound_by = []'),
    ('war_load = { value = 0, source = "invented" }\n', ""),
    ('peace = { value = 0, source = "invented" }\n', ""),
    ('stake = { value = 1, source = "invented" }\n', ""),
    ('transit = { value = 1, source = "invented" }\n', ""),
)
"""Nobody attacks, and the conditions that only an attack or a load would read are left out."""
TWO_ADVERSARIES = (
    ('name = "the Isle"\nrole = "bystander"', 'name = "the Isle"\nrole = "adversary"'),
)
OLD_CHAIR_OF_OFFERS = (
    (
        'name = "the League"\nrole = "rival"',
        'name = "the League"\nrole = "incumbent"\nacts = ["hold", "offer", "disengage"]\n'
        'bound_by = ["attention", "fatigue"]\nsphere = false',
    ),
    (
        'name = "Karn"\nrole = "incumbent"',
        'name = "Karn"\nrole = ["rival", "adversary"]\nsphere = true\nbound_by = ["load"]\n'
        'acts = ["neglect", "warn", "reward", "coerce", "offer", "attack"]',
    ),
    ('role = "adversary"\n\n[actors.ISL]', 'role = "bystander"\n\n[actors.ISL]'),
    (
        'name = "Pact of the Steppe"\nseat = "incumbent"',
        'name = "Pact of the Steppe"\nseat = "rival"',
    ),
    (
        'name = "Steps to the League"\nseat = "rival"',
        'name = "Steps to the League"\nseat = "incumbent"',
    ),
)
"""The old chair is the League's, which offers; Karn is the other pole: it coerces and attacks."""


def changed_case(*changes: tuple[str, str]) -> str:
    """Return the text of the invented case with some of it changed."""
    text = CASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def toy(folder: Path, *changes: tuple[str, str], years: int = 4, more: str = ""):
    """Write an invented case and a scenario of some years; return it, whatever is said of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        return load_scenario(str(written_toy(folder, *changes, years=years, more=more)))


def written_toy(folder: Path, *changes: tuple[str, str], years: int = 4, more: str = "") -> Path:
    """Write an invented case and a scenario of some years in which agents act; return its file."""
    (folder / "case.toml").write_text(changed_case(*changes), encoding="utf-8")
    end = datetime.date(2031 + years, 1, 3)
    head = 'title = "toy"\nquestion = "q"\ncase = "case.toml"\nstart = 2031-01-06\n'
    text = f"{head}end = {end}\nagents_act_from = 2031-01-06\n{more}"
    (folder / "toy.toml").write_text(text, encoding="utf-8")
    return folder / "toy.toml"
