"""How the pages of Data Docs are made: from verdicts back to results that Great Expectations can render.

Importing this module imports Great Expectations: only `docs` does so, and inside a function.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, Final

import great_expectations as gx
from great_expectations.core import (
    ExpectationSuite,
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
    RunIdentifier,
)
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)

from expectations.check import Verdict
from expectations.docs import Run
from expectations.session import expectation

_SITE: Final = "nights"
_NOTHING_RAISED: Final = {"raised_exception": False, "exception_message": None, "exception_traceback": None}


def build(folder: Path, runs: Sequence[Run], at: datetime) -> Path:
    """Make the pages beside `folder`, then put them in its place."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    context = gx.get_context(mode="ephemeral")
    for site in context.get_site_names():
        context.delete_data_docs_site(site)
    context.add_data_docs_site(_SITE, _settings(fresh))
    for gate in dict.fromkeys(run.gate for run in runs):
        first = next(run for run in runs if run.gate == gate)
        context.suites.add(ExpectationSuite(name=gate, expectations=[_shown(each) for each in first.verdicts]))
    night = RunIdentifier(run_name=f"{at:%Y-%m-%d}", run_time=at)
    for number, run in enumerate(runs, start=1):
        key = ValidationResultIdentifier(ExpectationSuiteIdentifier(run.gate), night, f"{number:04}")
        context.validation_results_store.set(key, _results(run, night))
    context.build_data_docs([_SITE])
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return folder / "index.html"


def _settings(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
    }


def _shown(verdict: Verdict) -> Any:  # noqa: ANN401 # Great Expectations is untyped to mypy
    """The expectation of a rule, told in the rule's words."""
    rule = verdict.rule
    shown = expectation(rule.expectation, rule.arguments, rule)
    shown.description = escape(f"{rule.name} in {rule.view}" + ("" if verdict.passed else f": {rule.says}"))
    return shown


def _results(run: Run, night: RunIdentifier) -> ExpectationSuiteValidationResult:
    results = [
        ExpectationValidationResult(
            success=verdict.passed,
            expectation_config=_shown(verdict).configuration,
            result={"observed_value": verdict.observed, **({"unexpected_percent": 0.0} if verdict.passed else {})},
            exception_info=dict(_NOTHING_RAISED),
        )
        for verdict in run.verdicts
    ]
    passed = sum(verdict.passed for verdict in run.verdicts)
    return ExpectationSuiteValidationResult(
        success=passed == len(results),
        results=results,
        suite_name=run.gate,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100 * passed / len(results) if results else None,
        },
        meta={"run_id": night, "active_batch_definition": {"data_asset_name": escape(run.subject)}},
    )
