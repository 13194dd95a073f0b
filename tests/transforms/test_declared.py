"""What a night that finds nothing to do need not import."""

from __future__ import annotations

import subprocess
import sys

import pytest

NIGHT = "import pipelines.cli.main, warehouse.lake.store, transforms.tables"


def said(statements: str) -> str:
    return subprocess.run([sys.executable, "-c", statements], capture_output=True, text=True, check=True).stdout.strip()


def test_tables_are_declared_without_a_library_for_other_databases() -> None:
    assert (
        said(f"{NIGHT}; import sys; print({{'sqlalchemy', 'dagster', 'great_expectations'}} & {{*sys.modules}})")
        == "set()"
    )


@pytest.mark.parametrize("order", [f"import sqlalchemy; {NIGHT}", f"{NIGHT}; import sqlalchemy"])
def test_who_needs_that_library_has_it(order: str) -> None:
    assert said(f"{order}; print(sqlalchemy.create_engine('sqlite://').dialect.name)") == "sqlite"
