"""The expectations of this house that Great Expectations lacks, both about several columns of a row.

Importing this module imports Great Expectations: only `session` does so.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    MulticolumnMapMetricProvider,
    multicolumn_condition_partial,
)


class ColumnsAddUp(MulticolumnMapMetricProvider):  # type: ignore[misc] # Great Expectations is untyped to mypy here
    """Row by row, whether the first column is the sum of the others."""

    condition_metric_name = "multicolumn_values.add_up"
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator] # as above
    def _sqlalchemy(self, column_list: list[sa.ColumnElement[int]], **_: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 # what else the engine hands over is its own affair
        whole, *parts = column_list
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return whole == total


class ExpectColumnsToAddUp(MulticolumnMapExpectation):  # type: ignore[misc] # as above
    """Expect the first column of the list to be the sum of the others, in every row."""

    map_metric = "multicolumn_values.add_up"


class ColumnsKnown(MulticolumnMapMetricProvider):  # type: ignore[misc] # as above
    """Row by row, whether none of the columns is NULL."""

    condition_metric_name = "multicolumn_values.known"
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator] # as above
    def _sqlalchemy(self, column_list: list[sa.ColumnElement[Any]], **_: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 # as above
        return sa.and_(*(column.is_not(None) for column in column_list))


class ExpectColumnsToBeKnown(MulticolumnMapExpectation):  # type: ignore[misc] # as above
    """Expect no NULL in any of the columns, in every row."""

    map_metric = "multicolumn_values.known"
    ignore_row_if: str = "never"
