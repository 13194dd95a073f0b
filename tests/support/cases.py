"""Small files through the way of a new user: `init --from`, the right answers pasted where it asks, and what counts then.

Here: doing that, and what came of it. Not here: any expectation. Files of our own lie in `tests/cases`; those of others
beside the repository are read where they are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from tests.support.built import built, counted
from tests.support.scenario import Told, nps, verdicts_on

OWN = Path(__file__).parents[1] / "cases"
BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "cases"
VARIABLE = "NPS_CASES"

Answers = Mapping[str, str | Callable[[str], str] | None]
"""What a person pastes: words of a question (or where it stands, `columns.respondent`), and what to put there as YAML
would have it, or what makes it of the question; None to take the line out."""

_ANSWERS, _BALANCE = pl.col("responses"), pl.col("promoters") - pl.col("detractors")

_QUESTION = re.compile(r"""^(?P<head>\s*[\w#]+: )\[?['"]\? """)


def own(name: str) -> Path:
    """A case of this repository."""
    return OWN / name


def shared(name: str) -> Path:
    """A case from beside the repository; skips the test where there is none."""
    folder = Path(os.environ.get(VARIABLE, BESIDE_THE_REPOSITORY))
    path = folder / name
    if not path.exists():
        pytest.skip(f"the case {name} is not in {folder}: set {VARIABLE} to the folder that holds it")
    return path


@dataclass(frozen=True)
class Settled:
    """What became of files that a new user brought."""

    home: Path
    started: Told
    asked: list[str]
    """Every line of nps.yaml that asked something, as it stood."""
    unanswered: list[str]
    """Those of them to which no answer was given; then nothing was run."""
    is_built: bool

    @property
    def verdicts(self) -> dict[str, dict[str, Any]]:
        """The last verdict on each file, by its path."""
        assert self.is_built, self.unanswered
        return verdicts_on(Context(open_workspace(self.home)))

    @property
    def figure(self) -> tuple[int, float | None]:
        """Answers of clients that count, and their NPS to one decimal."""
        assert self.is_built, self.unanswered
        return _figure(counted(self.home))

    def by(self, column: str, **of: str) -> dict[str, tuple[int, float | None]]:
        """The same for each `month` (`2024-01`), `branch`, `survey`, `channel` or `industry`."""
        parts = counted(self.home).filter(**of).sort(column).partition_by(column, as_dict=True)
        return {str(name): _figure(rows) for (name,), rows in parts.items()}

    def counts(self, file: str = "") -> dict[str, int]:
        """Rows read, accepted, unanswered, excluded and rejected of the files whose path holds a text."""
        names = ("rows_read", "accepted", "unanswered", "excluded", "rejected")
        rows = [row for path, row in self.verdicts.items() if file in path]
        return {name: sum(row[name] or 0 for row in rows) for name in names}

    @property
    def notes(self) -> str:
        """The notes of all files."""
        noted = {path: " ".join(row["notes"] or ()) for path, row in self.verdicts.items()}
        return "\n".join(f"{path}: {notes}" for path, notes in sorted(noted.items()) if notes)


def settle(home: Path, *files: Path, answers: Answers | None = None, add: Mapping[str, str] | None = None) -> Settled:
    """Start a workspace in the new folder `home` from files, answer what it asks, and build all months if all is answered.

    `add` replaces texts of nps.yaml, for what a person would write there beside the answers.
    """
    started = nps("init", home, "--from", *files)
    config = home / "nps.yaml"
    if not config.is_file():
        return Settled(home, started, [], [], is_built=False)
    lines, asked, left = [], [], []
    for line in config.read_text("utf-8").splitlines():
        found = _QUESTION.match(line)
        if not found:
            lines.append(line)
            continue
        asked.append(line.strip())
        words = next((each for each in answers or {} if each in line), None)
        if words is None:
            left.append(line.strip())
            lines.append(line)
        elif (given := (answers or {})[words]) is not None:
            lines.append(found["head"] + (given(line) if callable(given) else given))
    text = "\n".join(lines) + "\n"
    for old, new in (add or {}).items():
        assert old in text, f"{old!r} is not in nps.yaml:\n{text}"
        text = text.replace(old, new)
    config.write_text(text, "utf-8")
    if not left:
        built(home)
    return Settled(home, started, asked, left, is_built=not left)


def _figure(rows: pl.DataFrame) -> tuple[int, float | None]:
    answers, balance = (int(rows.select(each.sum()).item()) for each in (_ANSWERS, _BALANCE))
    return answers, round(100 * balance / answers, 1) if answers else None
