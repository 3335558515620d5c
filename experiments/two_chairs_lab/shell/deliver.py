"""Leaving an answer: a folder written whole, and what is printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import click

from two_chairs.errors import InputError

from .options import FigureOptions, asked_figures, figure_options
from .progress import bar, console

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

    from two_chairs.scenario.records import Scenario
    from two_chairs_lab.studies.answer import Answer


def out_option(
    default: str, *, figures: bool = True
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the option --out of a command whose results go to a folder by default.

    With it come the options on its ``figures``, which a command may do without.
    """
    text = f"Folder for figures, tables and manifest.  [default: {default}]"
    out = click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help=text)
    return (lambda command: out(figure_options(command))) if figures else out


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; a folder only with --out."
)


def target(out: Path | None, default: str, as_json: bool, *scenarios: Scenario) -> Path | None:
    """Return the folder that a result goes to, ``None`` where only JSON is asked for.

    By default it lies below the name of the case that all its scenarios are of.
    """
    if out is None and as_json:
        return None
    return results_folder(default, *scenarios) if out is None else out


def results_folder(default: str, *scenarios: Scenario) -> Path:
    """Return the usual folder of a result, below the case that all its scenarios are of."""
    cases = {scenario.case.name for scenario in scenarios}
    return Path("results", *(cases if len(cases) == 1 else ()), default)


@runtime_checkable
class WithTexts(Protocol):
    """An answer that leaves texts of its own beside its record, tables and figures."""

    def texts(self) -> Mapping[str, str]:
        """Return the texts, by the names of their files."""
        ...


def deliver(
    answer: Answer,
    folder: Path | None,
    as_json: bool,
    show: Callable[[Console], None],
    *,
    beside: bool = False,
) -> None:
    """Leave an answer in a folder and print it: one JSON object, or what ``show`` prints.

    The folder holds ``manifest.json``, the record under the answer's name, every table as CSV,
    the figures asked for (`figure_options`), and texts where the answer has some. It is new, or is
    replaced as a whole; ``beside`` adds to one in which the answer's own runs stand. What is
    printed comes first, before anything is drawn.
    """
    wanted = asked_figures()
    figures = _drawn(answer, wanted) if folder is not None and wanted.names else None
    if not as_json:
        show(console())
    manifest = answer.basis().manifest()
    record = answer.record()

    def fill(new: Path) -> None:
        from two_chairs_lab.render.table import write_tables
        from two_chairs_lab.results.folder import json_text, write_json
        from two_chairs_lab.results.manifest import MANIFEST, record_digest

        written = json_text(record)
        write_json(new / MANIFEST, manifest | record_digest(written))
        (new / f"{answer.name}.json").write_bytes(written.encode())
        write_tables(new, answer.tables())
        for name, text in (answer.texts() if isinstance(answer, WithTexts) else {}).items():
            (new / name).write_text(text, encoding="utf-8")
        drawn = _drawn(answer, wanted) if figures is None else figures
        if drawn:
            from two_chairs_lab.plotting.style import save

            save(drawn, new, wanted.kinds)

    if folder is not None:
        with bar(None, "figures and tables", quiet=as_json):
            leave_folder(folder, answer.kind, fill, beside=beside)
    if as_json:
        click.echo(json.dumps(record | {"manifest": manifest}))
    elif folder is not None:
        click.echo(f"Figures, tables and manifest: {folder}")


def _drawn(answer: Answer, wanted: FigureOptions) -> Mapping[str, Figure]:
    """Draw the figures that are asked for; raises `InputError` where one asked for is not there."""
    if wanted.names == ():
        return {}
    figures = answer.figures()
    return {name: figures[name] for name in wanted.among(figures)}


def leave_folder(
    folder: Path, kind: str, fill: Callable[[Path], None], *, beside: bool = False
) -> None:
    """Write a result's folder whole, or say in one line why it can not be written.

    ``beside`` adds to a folder that stands.
    """
    from two_chairs_lab.results.folder import update_folder, write_folder

    try:
        if beside:
            update_folder(folder, fill)
        else:
            write_folder(folder, kind, fill)
    except OSError as error:
        text = f"can not be written ({error.strerror}); make room or choose another place"
        raise InputError.at(f"--out {folder}", text) from None
