"""`docs/data-dictionary.md`: every table and column, of the published file and of the lake, with its type and meaning.

Here: from a file as publishing makes it, and from the declared tables, to the document. Not here: the meanings
(`models/comments.yaml`, `transforms.tables`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb

from transforms.answers.themes import Theme
from transforms.asking.contacts import Pricing
from transforms.declared import dy
from transforms.dimensions import APART, MANAGER
from transforms.follow_up.due import DueRule
from transforms.follow_up.ticket_cases import Matching
from warehouse.engine import Limits
from warehouse.lake.store import Lake
from warehouse.lake.tables import DATA_TABLES, LEDGERS
from warehouse.months.contacts import Contacts
from warehouse.months.plan import make_plan
from warehouse.months.rules import ResponseRules
from warehouse.months.why import Why
from warehouse.published.asked import Asked, Price
from warehouse.published.cases import FollowUp
from warehouse.published.outcomes import Outcomes
from warehouse.published.publication import Publication
from warehouse.published.publish import build_candidate

_ABOUT: Final = """# Data dictionary

Made by `make docs` from a published file and from `transforms/tables.py`; a test holds it against both. The views of the
schema `bi` have the columns of their marts, with names and labels: their comments say which.

## The published file
"""
_LAKE: Final = """## The lake

Delta tables, for who mends or moves a warehouse: readers use the published file. What is not described here means what it
does there.
"""


def dictionary() -> str:
    """The document."""
    return "\n".join([_ABOUT, *_published(), _LAKE, *_of_the_lake()])


def _published() -> Iterator[str]:
    tables = "select schema_name, table_name, comment from duckdb_tables() order by all"
    columns = (
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = ? and table_name = ? order by column_index"
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(str(_file(Path(folder))), read_only=True) as connection,
    ):
        meant: dict[str, tuple[set[str], str]] = {}
        yield "| table | holds | columns |\n|---|---|---|"
        for schema, table, says in connection.execute(tables).fetchall():
            rows = connection.execute(columns, [schema, table]).fetchall()
            yield f"| `{schema}.{table}` | {says} | {', '.join(f'`{name}`' for name, *_ in rows)} |"
            for name, kind, meaning in rows:
                meant.setdefault(name, (set(), meaning))[0].add(kind)
    yield "\nEach of these columns means the same wherever it stands:\n\n| column | type | means |\n|---|---|---|"
    for name, (kinds, meaning) in sorted(meant.items()):
        yield f"| `{name}` | {' or '.join(sorted(kinds))} | {meaning.replace('|', '/')} |"
    yield ""


def _file(folder: Path) -> Path:
    rules = ResponseRules(timezone="UTC", sources=(), apart=APART, staff=(MANAGER,))
    now = datetime(2025, 1, 1, tzinfo=UTC)
    why = Why((Theme("any", {"en": ["any"]}),), has_reasons=True)
    free = Price("", date(2025, 1, 1), "EUR", "included", "called", *"00000")
    asked = Asked(Contacts((), rules, Pricing({}, rules.timezone)), (), [free])
    follow_up = FollowUp(DueRule("UTC", hours=48), Matching("UTC", ""))
    outcomes = Outcomes("account", ("any",), "UTC", has_values=True, has_growth=True, contacts=("any",))
    about = Publication(
        now, "", "", 5, "v1.0.0", date(2025, 1, 1), 30,
        has_rivals=True, why=why, follow_up=follow_up, asked=asked, outcomes=outcomes,
    )  # fmt: skip
    lake, file = Lake(folder / "lake"), folder / "nps.duckdb"
    build_candidate(lake, make_plan(lake, rules), file, about, Limits(500, folder / "spill"))
    return file


def _of_the_lake() -> Iterator[str]:
    declared = {**{name: table for name, (table, _) in DATA_TABLES.items()}, **LEDGERS}
    for name, table in sorted(declared.items()):
        says = " ".join((table.__doc__ or "").split())
        columns = [(column, _kind(of), of.description or "") for column, of in table.columns().items()]
        yield from _table(f"lake/{name}", says, columns)


def _kind(column: dy.Column) -> str:
    return str(column.dtype).split("(", 1)[0].upper()


def _table(name: str, says: str, columns: list[tuple[str, str, str]]) -> Iterator[str]:
    yield f"### `{name}`\n\n{says}\n\n| column | type | means |\n|---|---|---|"
    for column, kind, meaning in columns:
        yield f"| `{column}` | {kind} | {meaning.replace('|', '/')} |"
    yield ""
