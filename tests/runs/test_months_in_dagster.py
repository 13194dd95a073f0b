"""In Dagster a month is a month: it has its own figures and its own verdicts, and stays red until it passes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import pytest
from dagster._core.storage.partition_status_cache import get_and_update_asset_status_cache_value

from expectations.check import Verdict, check
from expectations.rules import Rule
from pipelines.assets.partitions import RANGE_END, RANGE_START, range_tags
from pipelines.assets.partitions import months as partitions
from pipelines.assets.sensors import ask_for_rebuilds
from pipelines.assets.standing import checks_of_months, look, months_against
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.definitions import define
from pipelines.recipes.months import month_of
from pipelines.runs.jobs import Runs
from tests.support.scenario import Told, land, nps, source, workspace

EVERY_ANSWER = "every_answer_is_accounted_for"
RESPONSES = dg.AssetKey("responses")


@contextmanager
def failing(*parts: str) -> Iterator[None]:
    """The first rule of responses fails for months and sources."""

    def judged(gate: object, rules: Sequence[Rule]) -> list[Verdict]:
        broken = {"passed": False, "rows": 7, "by": dict.fromkeys(parts, 7)}
        return [
            replace(each, **broken) if each.rule.name == EVERY_ANSWER else each  # type: ignore[arg-type]
            for each in check(gate, rules)
        ]

    with patch("pipelines.stages.gates.check", judged):
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months of which February does not pass."""
    home = workspace(tmp_path_factory.mktemp("months"), {"history_from": "2025-01", "sources": {"web": source("web")}})
    land(home, "web/a.csv", "score,date\n9,2025-01-03\n3,2025-01-04\n10,2025-02-05\n8,2025-03-05\n")
    with failing("2025-02 web"):
        told = nps("run", "--home", home, recorded=True)
    assert told.code == 1
    assert "Months and sources: 2025-02 web (7 rows)." in told.err
    return home


@contextmanager
def instance_of(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        yield instance


def months_that(home: Path, asset: str) -> tuple[set[str], set[str]]:
    """Those that were materialised, and those that failed, as the partition view shows them."""
    parts = partitions(open_workspace(home).config)
    with instance_of(home) as instance:
        found = get_and_update_asset_status_cache_value(instance, dg.AssetKey(asset), parts, None)
    assert found is not None
    failed = found.deserialize_failed_partition_subsets(parts)
    return set(found.deserialize_materialized_partition_subsets(parts).get_partition_keys()), set(
        failed.get_partition_keys() if failed else ()
    )


def figures(home: Path, asset: str, month: str) -> dict[str, object]:
    with instance_of(home) as instance:
        wanted = dg.AssetRecordsFilter(dg.AssetKey(asset), asset_partitions=[month])
        [record] = instance.fetch_materializations(wanted, limit=1).records
    assert record.asset_materialization
    return {name: value.value for name, value in record.asset_materialization.metadata.items()}


def verdict(home: Path, month: str) -> tuple[bool, str | None]:
    """Of the check that failed, on a month."""
    key = dg.AssetCheckKey(RESPONSES, EVERY_ANSWER)
    with instance_of(home) as instance:
        history = instance.event_log_storage.get_asset_check_execution_history(key, limit=50)
    for record in history:
        said = record.event.dagster_event if record.event else None
        if said and (told := said.asset_check_evaluation_data).partition == month:
            return told.passed, told.description
    raise AssertionError(f"{month} was not checked")


def test_exactly_the_month_that_does_not_pass_is_red_and_says_why(home: Path) -> None:
    there, failed = months_that(home, "responses")
    assert ({"2025-01", "2025-03"} <= there, "2025-02" in there, failed) == (True, False, {"2025-02"})
    passed, says = verdict(home, "2025-02")
    assert not passed
    assert says is not None
    assert "2025-02 web (7 rows)" in says
    assert verdict(home, "2025-01") == (True, "The rule holds.")


def test_the_error_of_the_step_is_a_sentence_that_names_month_source_file_and_rule_and_no_stack(home: Path) -> None:
    with instance_of(home) as instance:
        failed = instance.get_runs(dg.RunsFilter(job_name="rebuild", statuses=[dg.DagsterRunStatus.FAILURE]))[-1]
        [event] = instance.all_logs(failed.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    assert event.dagster_event
    error = event.dagster_event.step_failure_data.error
    assert error
    assert (error.stack, error.cause) == ([], None)
    assert error.message.startswith(
        "The responses of 2025-02 do not pass their gate, and what was there before stands. "
    )
    assert EVERY_ANSWER in error.message
    assert error.message.endswith("Months and sources: 2025-02 web (7 rows). Taken in last: landing/web/a.csv.\n")


def test_a_month_has_its_own_figures(home: Path) -> None:
    assert {name: figures(home, "responses", "2025-01")[name] for name in ("answers", "responses")} == {
        "answers": 2,
        "responses": 2,
    }
    assert figures(home, "responses", "2025-03")["dagster/partition_row_count"] == 1


def headline(home: Path) -> tuple[bool, str | None]:
    """Of the check that failed: the month that stands on top of its page is none that passes."""
    key = dg.AssetCheckKey(RESPONSES, EVERY_ANSWER)
    with instance_of(home) as instance:
        [record] = instance.event_log_storage.get_latest_asset_check_execution_by_key([key]).values()
    assert record.evaluation
    told = record.evaluation
    return told.passed, told.partition or str(told.metadata["month"].value)


def look_again(home: Path, cursor: str | None = None) -> tuple[int, str | None]:
    """How many verdicts the sensor tells again, and its cursor."""
    with instance_of(home) as instance:
        found = look(instance, cursor, open_workspace(home).config)
        for each in found.asset_events:
            assert isinstance(each, dg.AssetCheckEvaluation)
            instance.report_runless_asset_event(each)
    return len(found.asset_events), found.cursor


def rebuild(home: Path, month: str) -> bool:
    with Runs(Context(open_workspace(home))) as runs:
        return runs.rebuild(month_of(month), month_of(month))


def test_the_headline_is_the_month_that_does_not_pass_though_another_was_checked_after_it(home: Path) -> None:
    assert headline(home) == (False, "2025-02")
    _, cursor = look_again(home)
    assert look_again(home, cursor) == (0, cursor)


def test_it_stays_red_when_another_month_is_built_and_turns_green_once_it_passes(home: Path) -> None:
    def backfill(month: str) -> Told:
        return nps("backfill", month, "--home", home, recorded=True)

    with failing("2025-02 web"):
        backfill("2025-03")
    assert months_that(home, "responses")[1] == {"2025-02"}
    assert not verdict(home, "2025-02")[0]
    assert headline(home) == (False, "2025-02")  # a backfill builds what is stale, too
    assert rebuild(home, "2025-03")  # as a person does in the pages
    assert headline(home) == (True, "2025-03")
    assert look_again(home)[0] == 1
    assert headline(home) == (False, "2025-02")
    assert look_again(home)[0] == 0
    assert nps("run", "--home", home, recorded=True).code == 0
    assert months_that(home, "responses")[1] == set()
    assert verdict(home, "2025-02")[0]
    assert (headline(home)[0], look_again(home)[0]) == (True, 0)
    assert figures(home, "facts", "2025-02")["dagster/partition_row_count"] == 1


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({}, "This run says of no month that it is to be built."),
        ({RANGE_START: "2025-03", RANGE_END: "2025-01"}, "2025-03 to 2025-01 is no range of them"),
        ({RANGE_START: "2024-12", RANGE_END: "2025-01"}, "There are months from 2025-01 (history_from of nps.yaml)"),
        ({RANGE_START: "2025-03", RANGE_END: "2031-01"}, "2025-03 to 2031-01 is no range of them. Nothing was built"),
    ],
)
def test_a_run_over_months_that_there_are_not_builds_nothing_and_says_which_there_are(
    home: Path, tags: dict[str, str], says: str
) -> None:
    job = define(Context(open_workspace(home))).resolve_job_def("rebuild")
    done = job.execute_in_process(tags=tags, raise_on_error=False)
    [failed] = [event.step_failure_data.error for event in done.all_events if event.is_step_failure]
    assert failed
    assert says in failed.message
    assert failed.stack == []
    assert done.get_asset_materialization_events() == []


def test_months_are_looked_at_again_once_what_they_failed_by_is_taken_back(home: Path) -> None:
    assert nps("run", "--home", home, recorded=True).code == 0, "February passes again"
    land(home, "web/b.csv", "score,date\n3,2025-03-06\n3,2025-04-04\n")
    with failing("2025-03 web", "2025-04 web"):
        nps("run", "--home", home, recorded=True)
    assert nps("withdraw", "landing/web/b.csv", "--home", home).code == 0
    context, red = Context(open_workspace(home)), (month_of("2025-03"), month_of("2025-04"))

    def asked() -> list[dict[str, str]]:
        with instance_of(home) as instance:
            found = ask_for_rebuilds(context, None, [], instance)
        return [dict(each.tags) for each in found.run_requests or []]

    assert asked() == [range_tags(*red)]
    with instance_of(home) as instance:
        every = [months_against(instance, check, "2025-04") for check in checks_of_months(context.workspace.config)]
    assert [each for each in every if each] == [["2025-04"]], "what is not kept any more does not count"
    with Runs(context) as runs:
        assert runs.rebuild(*red)
    assert asked() == []
    assert months_that(home, "responses")[1] == set()
