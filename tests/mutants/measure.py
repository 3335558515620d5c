"""Change a rule in every small way there is, and see whether a test notices.

Usage: python tests/mutants/measure.py rules/patron [another module …]

mutmut makes the changes (mutants) of a module. On each run first the tests by hand that reach it,
and on what they do not notice a few whole runs of the model. What is not noticed even then (a
survivor) must be known, with the reason, in survivors.toml beside this file.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SURVIVORS = HERE / "survivors.toml"
NOT_BY_HAND = ("_properties", "own_numbers", "decisions_of_a_case")
"""Tests of the rules that take seconds each."""
PLAIN = "tests/model/test_against_plain_world.py"
WHOLE_RUNS = [
    "tests/model/test_stored_run.py",
    *(f"{PLAIN}::test_invented_scenarios_agree[{number}]" for number in (216, 309, 1303, 1483)),
    f"{PLAIN}::test_invented_scenarios_of_other_casts_agree[0-georgia/baseline]",
]
"""Tests that run whole worlds, about a second each."""
BY_HAND = "not long and not slow"
WHOLE_ALSO = "not (unit and long) and not slow"
"""Marks of the tests of both rounds; the second keeps those by hand, so that some test reaches."""
SETTINGS = """
[tool.mutmut]
source_paths = ["src/two_chairs"]
only_mutate = {modules}
also_copy = ["scenarios", "fast_first.py"]
do_not_mutate_patterns = ['raise \\w+Error']
pytest_add_cli_args = [
    "-p", "fast_first", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-m", "{marks}",
]
pytest_add_cli_args_test_selection = {tests}
timeout_multiplier = 4.0
timeout_constant = 5.0
track_dependencies = false
use_git_change_detection = false
"""
"""Of the copy in which mutmut works; messages of errors are not changed, nor docstrings, types."""
SURROUNDINGS = {
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": "",
    "PYTHONIOENCODING": "utf-8",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
"""Plug-ins and a thorough collection of garbage are most of a small test's time: left out."""


@dataclass(frozen=True)
class Survivor:
    """A change that no test notices."""

    function: str
    change: str
    """The lines of the difference, each with its − or + before it."""


@dataclass(frozen=True)
class Measured:
    """What came of one module."""

    module: str
    total: int
    survivors: tuple[Survivor, ...]

    @property
    def killed(self) -> int:
        """How many changes a test has noticed."""
        return self.total - len(self.survivors)


def by_hand(modules: Sequence[str]) -> list[str]:
    """Return the tests by hand of the folders of some modules."""
    folders = sorted({module.partition("/")[0] for module in modules})
    files = [path for of in folders for path in sorted(ROOT.glob(f"tests/model/{of}/test_*.py"))]
    quick = [path for path in files if not any(word in path.stem for word in NOT_BY_HAND)]
    return [str(path.relative_to(ROOT)) for path in quick]


def furnish(stage: Path) -> None:
    """Lay out a folder as mutmut wants it: the package in ``src``, its tests in ``tests``."""
    (stage / "src").mkdir()
    (stage / "tests").mkdir()
    (stage / "src/two_chairs").symlink_to(ROOT / "model/two_chairs")
    (stage / "scenarios").symlink_to(ROOT / "scenarios")
    (stage / "fast_first.py").symlink_to(HERE / "fast_first.py")
    for path in (ROOT / "tests").glob("*.py"):
        (stage / "tests" / path.name).symlink_to(path)
    for folder in ("model", "format"):
        (stage / "tests" / folder).symlink_to(ROOT / "tests" / folder)


def choose(stage: Path, modules: Sequence[str], tests: Sequence[str], marks: str) -> None:
    """Tell mutmut what to change and by which tests, of those files the ones so marked."""
    own = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    own = own.replace('pythonpath = ["model", "experiments"]', 'pythonpath = ["src", "."]')
    paths = [f"src/two_chairs/{module}.py" for module in modules]
    text = own + SETTINGS.format(modules=paths, tests=list(tests), marks=marks)
    (stage / "pyproject.toml").write_text(text, encoding="utf-8")


def mutmut(stage: Path, *words: str, shown: bool = False) -> str:
    """Run mutmut in the folder; return what it prints."""
    command = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", *words]
    ended = subprocess.run(
        command, cwd=stage, env=os.environ | SURROUNDINGS, text=True, encoding="utf-8", check=False,
        stdout=None if shown else subprocess.PIPE,
    )  # fmt: skip
    if ended.returncode:
        sys.exit(f"mutmut {' '.join(words)} ended with {ended.returncode}\n{ended.stdout or ''}")
    return ended.stdout or ""


def outcomes(stage: Path) -> dict[str, str]:
    """Return what came of every mutant, by its name."""
    lines = mutmut(stage, "results", "--all", "true").splitlines()
    named = (line.strip().rpartition(": ") for line in lines if "__mutmut_" in line)
    return {name: came for name, _, came in named}


def survivor(stage: Path, name: str) -> Survivor:
    """Return a mutant that survived, in words that stay true while others come and go."""
    shown = mutmut(stage, "show", name).splitlines()
    lines = [x for x in shown if x[:1] in "+-" and not x.startswith(("+++", "---"))]
    plain = name.rpartition(".")[2].partition("__mutmut_")[0].removeprefix("x_").removeprefix("xǁ")
    return Survivor(plain.replace("ǁ", "."), "\n".join(f"{x[0]} {x[1:].strip()}" for x in lines))


def has_functions(module: str) -> bool:
    """Say whether a module has a function that mutmut changes: one without a decorator."""
    tree = ast.parse((ROOT / f"model/two_chairs/{module}.py").read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return not all(function.decorator_list for function in functions)


def measure(modules: Sequence[str], *, shown: bool = True) -> list[Measured]:
    """Try the mutants of some modules; where there is none, mutmut is not asked."""
    some = [module for module in modules if has_functions(module)]
    found = {one.module: one for one in _tried(some, shown)} if some else {}
    return [found.get(module, Measured(module, 0, ())) for module in modules]


def _tried(modules: Sequence[str], shown: bool) -> list[Measured]:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        stage = Path(folder)
        furnish(stage)
        choose(stage, modules, by_hand(modules), BY_HAND)
        mutmut(stage, "run", "--max-children", "1", shown=shown)
        came = outcomes(stage)
        left = alive(came)
        if left:
            choose(stage, modules, [*by_hand(modules), *WHOLE_RUNS], WHOLE_ALSO)
            mutmut(stage, "run", "--max-children", "1", *left, shown=shown)
            again = outcomes(stage)
            came |= {name: again[name] for name in left}
        return [of_module(stage, module, came) for module in modules]


def alive(came: Mapping[str, str]) -> list[str]:
    """Return the mutants that no test has noticed, those that no test reaches among them."""
    return [name for name, end in came.items() if end not in ("killed", "timeout")]


def of_module(stage: Path, module: str, came: Mapping[str, str]) -> Measured:
    """Count what came of the mutants of one module, and look at those that survived."""
    start = f"two_chairs.{module.replace('/', '.')}."
    own = {name: end for name, end in came.items() if name.startswith(start)}
    return Measured(module, len(own), tuple(survivor(stage, name) for name in alive(own)))


def entries() -> list[dict[str, str]]:
    """Return the list of known survivors as it stands in its file."""
    found: list[dict[str, str]] = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["survivor"]
    return found


def modules_known() -> list[str]:
    """Return the modules of which a survivor is known."""
    return sorted({entry["module"] for entry in entries()})


def known(module: str) -> dict[Survivor, str]:
    """Return the survivors of a module that are known, with the reason of each."""
    return {
        Survivor(entry["function"], entry["change"].strip()): entry["reason"]
        for entry in entries()
        if entry["module"] == module
    }


def report(found: Measured) -> str:
    """Return the result in words: the share, and every survivor that is not known."""
    if not found.total:
        return f"{found.module}: there is nothing in it that mutmut changes\n"
    reasons = known(found.module)
    new = [one for one in found.survivors if one not in reasons]
    share = 100 * found.killed / found.total
    head = f"{found.module}: {found.killed} of {found.total} noticed ({share:.0f} %), "
    lines = [head + f"{len(found.survivors)} not, of them {len(new)} new"]
    for one in new:
        lines += ["", "[[survivor]]", f'module = "{found.module}"', f'function = "{one.function}"']
        lines += ["change = '''", one.change, "'''", 'reason = ""']
    return "\n".join(lines) + "\n"


def main(modules: list[str]) -> int:
    """Measure some modules; 1 if there is a new survivor."""
    unknown = [name for name in modules if not (ROOT / f"model/two_chairs/{name}.py").is_file()]
    if not modules or unknown:
        sys.exit("name modules of the model, as rules/patron")
    found = measure(modules)
    sys.stdout.write("\n".join(map(report, found)))
    return int(any(set(one.survivors) - set(known(one.module)) for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
