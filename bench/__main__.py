"""``python -m bench``: measures, prints tables and whether the goals are met, and writes JSON where asked. A missed goal is no error."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from . import machine
from .data import Folder
from .report import Section

PARTS = ("screening", "import", "what-if", "city", "clerks", "devices", "closing", "ledger")


@click.command()
@click.option(
    "--people",
    type=float,
    multiple=True,
    default=(0.3, 4),
    show_default=True,
    help="Millions of people to screen; 45 only when asked.",
)
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Only these parts.")
@click.option(
    "--rounds", "count", type=click.IntRange(min=1), default=5, show_default=True, help="How often each program runs."
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files are kept that are measured with.",
)
@click.option(
    "--scale",
    type=click.FloatRange(min=0.001),
    default=1.0,
    show_default=True,
    help="Size of devices, closing and ledger; 0.01 is tried in seconds.",
)
@click.option("--spark", is_flag=True, help="Screen with Spark too (it has to be installed).")
@click.option(
    "--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="Also write everything as JSON."
)
def main(
    people: tuple[float, ...],
    only: tuple[str, ...],
    count: int,
    folder: Path | None,
    scale: float,
    spark: bool,
    target: Path | None,
) -> None:
    """Measures the program side by side with other ways of doing the same, on this machine."""
    on = machine.described()
    for label, text in on.items():
        print(f"{label}: {text}")
    kept = Folder(folder and folder.resolve())
    kept.workspace("keys-only")
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.config.settings"
    import django

    django.setup()

    found = []
    for measure in _parts(kept, people, only or PARTS, count, scale, spark=spark):
        section = measure()
        found.append(section)
        print(f"\n{section.text()}", flush=True)
    on["load at the end"] = " ".join(f"{load:.2f}" for load in os.getloadavg())
    print(f"\nload at the end: {on['load at the end']}")
    goals = [goal for section in found for goal in section.goals]
    print(f"{sum(goal.is_met for goal in goals)} of {len(goals)} goals met")
    if target:
        content = {"machine": on, "sections": [section.plain() for section in found]}
        target.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _parts(
    folder: Folder, people: tuple[float, ...], only: tuple[str, ...], count: int, scale: float, *, spark: bool
) -> Iterator[Callable[[], Section]]:
    from . import importing, screening, what_if
    from .cadre import closing, devices, ledger
    from .city import clerks, pages, stores

    if "screening" in only:
        for millions in people:
            yield lambda millions=millions: screening.section(folder, millions, count, spark=spark)
    if "import" in only:
        yield lambda: importing.section(folder, count)
    if "what-if" in only:
        yield lambda: what_if.section(folder, count)
    for part, module in (("city", pages), ("clerks", clerks)):
        if part in only:
            for store in stores.STORES:
                yield lambda module=module, store=store: module.section(folder, store)
    for part, measure in (("devices", devices), ("closing", closing), ("ledger", ledger)):
        if part in only:
            for store in stores.STORES:
                yield lambda measure=measure, store=store: measure.section(folder, store, scale)


if __name__ == "__main__":
    main()
