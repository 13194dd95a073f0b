"""One database file as Great Expectations sees it: opened for reading, judged view by view, closed for good.

Importing this module imports Great Expectations: `loading.preload` is the one that does so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import great_expectations as gx
import sqlalchemy as sa
from great_expectations import expectations as core
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.expectation import Expectation
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import Validator

from expectations import adding_up, dialect

#: Only counts are asked for: no query that fetches unexpected values is ever made.
_LEAN: Final = {"result_format": "BOOLEAN_ONLY"}


class Session:
    """An open database file. Connections are made once per schema, on first use."""

    def __init__(self, database: Path) -> None:
        """Remember the file; nothing is opened yet."""
        dialect.register()
        self._database = database
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._sources: dict[str, Any] = {}

    def validator(self, view: str) -> Validator:
        """What judges expectations about one table or view, named with or without its schema."""
        schema, _, table = view.rpartition(".")
        source = self._source(schema or "main")
        batch = source.add_table_asset(name=view, table_name=table).add_batch_definition_whole_table("all").get_batch()
        return self._context.get_validator(batch_list=[batch])

    def close(self) -> None:
        """Let go of the file: whoever comes next may write or move it."""
        for source in self._sources.values():
            source.get_execution_engine().close()
            source.get_engine().dispose()

    def _source(self, schema: str) -> Any:  # noqa: ANN401 # great expectations is untyped to mypy here
        if schema not in self._sources:
            # The path is no part of the address: there, Great Expectations would replace what follows a $.
            settings = {"database": str(self._database), "read_only": True, "schema": schema}
            self._sources[schema] = self._context.data_sources.add_sql(
                name=schema, connection_string=f"{dialect.NAME}://", kwargs={"connect_args": settings}
            )
        return self._sources[schema]


@contextmanager
def opened(database: Path) -> Iterator[Session]:
    """A session on a database file, closed whatever happens."""
    session = Session(database)
    try:
        yield session
    finally:
        session.close()


def expectation(name: str, arguments: dict[str, object], rule: str) -> Expectation:
    """An expectation of this house or of Great Expectations, marked with the name of the rule that it is for."""
    kind = getattr(adding_up, name, None) or getattr(core, name)
    return kind(**arguments, meta={"rule": rule})


def judge(validator: Validator, expectations: Sequence[Expectation]) -> list[ExpectationValidationResult]:
    """The verdict on each, in no order: those that can share a query do."""
    return validator.graph_validate(
        configurations=[each.configuration for each in expectations], runtime_configuration=dict(_LEAN)
    )


def count(validator: Validator, expectation: Expectation, weight: str | None) -> tuple[int, int]:
    """How many rows of the view break an expectation, and how many they stand for; each stands for one at least."""
    name = f"{expectation.map_metric}.unexpected_count"
    needed = expectation.get_validation_dependencies(
        execution_engine=validator.execution_engine, runtime_configuration=dict(_LEAN)
    ).get_metric_configuration(name)
    asked = MetricConfiguration(
        metric_name=f"{expectation.map_metric}.condition",
        metric_domain_kwargs=needed.metric_domain_kwargs,
        metric_value_kwargs=needed.metric_value_kwargs,
    )
    # The condition is the expression that marks unexpected rows; summing it fetches no row.
    condition, domain, accessor = validator.get_metric(asked)
    engine = validator.execution_engine
    stands_for = sa.func.greatest(sa.func.abs(sa.func.coalesce(sa.column(weight), 1)), 1) if weight else sa.literal(1)
    marked = sa.select(
        sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((condition, stands_for), else_=0)), 0),
    ).select_from(engine.get_domain_records(domain_kwargs={**domain, **accessor}))
    rows, stood_for = engine.execute_query(marked).one()
    return int(rows), int(stood_for)


def row_count(validator: Validator) -> int:
    """How many rows the view has."""
    return int(validator.get_metric(MetricConfiguration("table.row_count", metric_domain_kwargs={})))
