"""Small files through the whole way of a new user: `init --from`, the right answers pasted where it asks, `run`.

Here: doing that, and what came of it. Not here: any expectation. Files of our own lie in `tests/cases`; those of others
beside the repository are read where they are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.scenario import Told, nps, published
from warehouse.query import Ask, asking

OWN = Path(__file__).parents[1] / "cases"
BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "cases"
VARIABLE = "NPS_CASES"

Answers = Mapping[str, str | None]
"""What a person pastes: words of a question (or where it stands, `columns.respondent`), and what to put there as YAML
would have it, or None to take the line out."""

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
    ran: Told | None

    @property
    def said(self) -> str:
        """Everything that the two commands told."""
        return self.started.said + (self.ran.said if self.ran else "")

    @property
    def figure(self) -> tuple[int, float | None]:
        """Answers of clients that count, and their NPS to one decimal."""
        assert self.ran is not None, self.unanswered
        assert self.ran.code in {0, 3}, self.ran.said
        with asking(self.home / "published" / "nps.duckdb") as ask:
            return _figure(ask)

    def by(self, column: str) -> dict[str, tuple[int, float | None]]:
        """The same for each `month` (`2024-01`), `branch`, `survey`, `channel` or `industry`."""
        key = "strftime(month, '%Y-%m')" if column == "month" else column
        with asking(self.home / "published" / "nps.duckdb") as ask:
            names = [str(name) for (name,) in ask(f"select distinct {key} from marts.fct_nps order by 1").rows()]
            return {name: _figure(ask, f"{key} = '{name}'") for name in names}

    def counts(self, file: str = "") -> dict[str, int]:
        """Rows read, accepted, unanswered, excluded and rejected of the files whose path holds a text."""
        names = ("rows_read", "accepted", "unanswered", "excluded", "rejected")
        sums = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in names)
        [found] = published(self.home, f"select {sums} from meta.files where path like '%{file}%'")
        return dict(zip(names, found, strict=True))

    @property
    def notes(self) -> str:
        """The notes of all files."""
        rows = published(self.home, "select path, notes from meta.files where notes is not null order by all")
        return "\n".join(f"{path}: {notes}" for path, notes in rows)


def settle(home: Path, *files: Path, answers: Answers | None = None, add: Mapping[str, str] | None = None) -> Settled:
    """Start a workspace in the new folder `home` from files, answer what it asks, and run one night if all is answered.

    `add` replaces texts of nps.yaml, for what a person would write there beside the answers.
    """
    started = nps("init", home, "--from", *files)
    config = home / "nps.yaml"
    if not config.is_file():
        return Settled(home, started, [], [], None)
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
            lines.append(found["head"] + given)
    text = "\n".join(lines) + "\n"
    for old, new in (add or {}).items():
        assert old in text, f"{old!r} is not in nps.yaml:\n{text}"
        text = text.replace(old, new)
    config.write_text(text, "utf-8")
    return Settled(home, started, asked, left, None if left else nps("run", "--home", home))


def _figure(ask: Ask, where: str = "true") -> tuple[int, float | None]:
    sums = "coalesce(sum(responses), 0)::bigint, coalesce(sum(promoters - detractors), 0)::bigint"
    [(answers, balance)] = ask(f"select {sums} from marts.fct_nps where {where}").rows()
    return int(answers), round(100 * balance / answers, 1) if answers else None
