"""The facts under names for people: each under the spelling that most of all answers have, those who serve by codes.

Facts themselves are never changed for it. Here: the tables `facts` and `facts_apart`. Not here: which of several spellings
is shown (`transforms.texts.spelling`), the same of cells (`warehouse.months.shown`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import duckdb
import polars as pl

from transforms.dimensions import ABSENT, CARRIED, KEYS, MANAGER, TYPED, UNKNOWN, apart_in_sql
from transforms.tables import Cell, Fact
from transforms.texts.spelling import labels
from warehouse.engine import frame_table, query, quoted, run_model, view
from warehouse.months.members import codes
from warehouse.months.plan import Plan

#: So much of a pseudonym tells managers apart.
_OF_KEY: Final = 12
#: Dimensions that are pseudonyms, which have no spelling.
_NOT_SPELT: Final = (*KEYS, MANAGER)


def show_facts(
    connection: duckdb.DuckDBPyConnection, facts: list[str], cells: list[str], plan: Plan, headline: Sequence[str]
) -> pl.DataFrame:
    """Make the tables from the files of facts and of cells. Gives `attribute, spelling, shown_as` of all names."""
    apart = (*plan.apart, *plan.staff)
    view(connection, "stored_facts", facts, Fact)
    # Tables: each mart reads them.
    connection.execute("create temp table facts_as_spelt as from stored_facts")
    if apart:
        view(connection, "cells", cells, Cell)
        said = (f"{apart_in_sql(name)} as {name}" for name in apart)
        run_model(connection, "facts", dimensions=", ".join((*CARRIED, *said)))
        connection.execute("create temp table facts_apart_as_spelt as from fact")
        shown_by = codes(plan.members)
        by_code = {"member_key": [*shown_by], "code": [*shown_by.values()]}
        frame_table(connection, "codes", pl.DataFrame(by_code, schema=dict.fromkeys(by_code, pl.String)))
    spelling = _spelling(connection, apart, plan)
    frame_table(connection, "spelling", spelling)
    shown, joins = _columns(spelling, apart)
    run_model(connection, "macros")
    named = ", ".join(quoted(name) for name in headline)
    is_headline = f"programme in ({named})" if named else "true"
    tables = {"facts": CARRIED, **({"facts_apart": (*CARRIED, *apart)} if apart else {})}
    for table, names in tables.items():
        told = ", ".join(shown[name] for name in names)
        joined = " ".join(join for name, join in joins.items() if name in names)
        source = f"{table}_as_spelt"
        run_model(connection, "shown_facts", table=table, source=source, shown=told, joins=joined, headline=is_headline)
    return spelling.select("attribute", "spelling", "shown_as")


def _spelling(connection: duckdb.DuckDBPyConnection, apart: Sequence[str], plan: Plan) -> pl.DataFrame:
    """`attribute, spelling, shown_as, responses` of every name; the responses are those of clients alone.

    How many employees wrote it so would tell of a group of them.
    """
    spelt = [name for name in dict.fromkeys((*TYPED, *apart)) if name in {*CARRIED, *apart} - {*_NOT_SPELT}]
    given = query(
        connection,
        " union all ".join(
            f"select '{name}' as attribute, {name} as spelling, sum(responses)::bigint as responses, "  # noqa: S608 - our own names
            "coalesce(sum(responses) filter (where metric = 'nps'), 0)::bigint as clients "
            f"from {'facts' if name in CARRIED else 'facts_apart'}_as_spelt where {name} is not null group by {name}"
            for name in spelt
        ),
    )
    clients = given.select("attribute", "spelling", responses="clients")
    return labels(given, plan.declared).drop("responses").join(clients, on=["attribute", "spelling"])


def _columns(spelling: pl.DataFrame, apart: Sequence[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The column of each dimension as it is shown, and the join that it needs, if any."""
    other = {*spelling.filter(pl.col("spelling") != pl.col("shown_as")).get_column("attribute")}
    ways = {name: f"{name}_as.shown_as, f.{name}" if name in other else f"f.{name}" for name in (*CARRIED, *apart)}
    ways |= {name: f"{name}_as.code" for name in KEYS if name in apart}
    ways |= {MANAGER: f"{MANAGER}_as.code, left(f.{MANAGER}, {_OF_KEY})"} if MANAGER in apart else {}
    shown = {name: f"coalesce({way}, '{ABSENT.get(name, UNKNOWN)}') as {name}" for name, way in ways.items()}
    spelt = {
        name: f"left join spelling as {name}_as on {name}_as.attribute = '{name}' and f.{name} = {name}_as.spelling"
        for name in sorted(other)
    }
    coded = {
        name: f"left join codes as {name}_as on f.{name} = {name}_as.member_key" for name in _NOT_SPELT if name in apart
    }
    return shown, spelt | coded
