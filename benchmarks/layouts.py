"""The same answers in other layouts: what an encoding and a second row of headings cost.

Run as `python -m benchmarks.layouts`: one log, as UTF-8, as Windows-1251, and as a survey export with two rows of
headings, each staged by a whole process, side by side. Not here: whole nights (`run`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.generate import generate
from benchmarks.machine import description
from benchmarks.measure import Cost, cost_of, middle

ROWS: Final = 11_000_000
ROUNDS: Final = 3
RESULTS: Final = Path(__file__).with_name("layouts.md")

_ROOT: Final = Path(__file__).parents[1]
_SAYS: Final = "I waited for number", "Я ждал, мой номер был"
_PLAIN: Final = "csv, UTF-8"
#: Layout: what it reads, and as which kind.
_LAYOUTS: Final = {
    _PLAIN: ("utf-8", "csv"),
    "csv, Windows-1251": ("windows-1251", "csv"),
    "surveymonkey, UTF-8": ("two rows", "surveymonkey"),
}
_BOUNDS: Final = {"csv, Windows-1251": 2.0, "surveymonkey, UTF-8": 1.3}


def write_all(rows: int, scratch: Path) -> dict[str, Path]:
    """The log in every layout. Comments are in Russian, since plain ASCII is the same bytes in every encoding."""
    plain = scratch / "plain.csv"
    generate(rows, plain)
    files = {name: scratch / f"{name.replace(' ', '_')}.csv" for name, _ in _LAYOUTS.values()}
    _write(files["utf-8"], "utf-8", lambda: _lines(plain))
    _write(files["windows-1251"], "windows-1251", lambda: _lines(plain))
    _write(files["two rows"], "utf-8", lambda: _with_second_row(_lines(plain)))
    plain.unlink()
    return files


def _lines(plain: Path) -> Iterator[str]:
    with plain.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.replace(*_SAYS)


def _with_second_row(lines: Iterator[str]) -> Iterator[str]:
    headings = next(lines)
    yield headings
    yield ",,,Response,Response,Response,Open-Ended Response\n"
    yield from lines


def _write(file: Path, encoding: str, lines: Callable[[], Iterator[str]]) -> None:
    with file.open("w", encoding=encoding, newline="\n") as out:
        out.writelines(lines())


def measure(files: dict[str, Path], rounds: int, scratch: Path) -> dict[str, list[Cost]]:
    """The cost of staging each layout, in rounds."""
    found: dict[str, list[Cost]] = {layout: [] for layout in _LAYOUTS}
    for _ in range(rounds):
        for layout, (name, kind) in _LAYOUTS.items():
            lake = scratch / "lake"
            command = [sys.executable, "-m", "benchmarks.stage", str(files[name]), kind, str(lake)]
            cost = cost_of(command, log=scratch / "output.log", folder=_ROOT, environment=dict(os.environ))
            accepted = (scratch / "output.log").read_text("utf-8").strip()
            shutil.rmtree(lake)
            print(f"{layout:<24} {cost.wall:8.2f} s  {cost.peak_mib:8,.0f} MiB  {accepted} accepted")
            found[layout].append(cost)
    return found


def page(found: dict[str, list[Cost]], files: dict[str, Path], rows: int) -> str:
    """The page of results: seconds, and seconds per byte against plain csv in UTF-8."""
    lines: list[str] = [
        "# The same answers in other layouts", "",
        f"Written by `python -m benchmarks.layouts`: {rows:,} answers, staged (read, cleaned, written) by a whole process.",
        f"Medians of {len(found[_PLAIN])} rounds.", "", *description(), "",
        "| layout | MB | wall s | processor s | peak MiB | against csv in UTF-8 | bound | holds |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]  # fmt: skip
    costs = {layout: middle(several) for layout, several in found.items()}
    sizes = {layout: files[name].stat().st_size for layout, (name, _) in _LAYOUTS.items()}
    base = costs[_PLAIN]
    for layout, cost in costs.items():
        # Of the same text in fewer bytes the whole time counts, of another kind the time per byte.
        share = 1.0 if "1251" in layout else sizes[layout] / sizes[_PLAIN]
        ratio = cost.wall / base.wall / share
        bound = _BOUNDS.get(layout)
        verdict = f"{bound} times | {'yes' if ratio <= bound else '**no**'}" if bound else "|"
        figures = f"{sizes[layout] / 1e6:,.0f} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.peak_mib:,.0f}"
        lines.append(f"| {layout} | {figures} | {ratio:.2f} | {verdict} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--scratch", type=Path, help="a folder with room for 6 GB; a temporary one if not given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nps-layouts-", dir=given.scratch) as folder:
        scratch = Path(folder)
        files = write_all(given.rows, scratch)
        RESULTS.write_text(page(measure(files, given.rounds, scratch), files, given.rows), "utf-8")
    print(f"Written to {RESULTS}")


if __name__ == "__main__":
    main()
