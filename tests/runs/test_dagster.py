"""What Dagster knows of a workspace, and that the daemon does by itself what `nps run` does."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sqlite3
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock, patch

import dagster as dg
import polars as pl
import pytest
import sqlalchemy
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.event_log.sqlite import consolidated_sqlite_event_log

from pipelines.assets.catalog import family, mart_assets, mart_key, marts_told
from pipelines.assets.failures import RuleFailedError, SaidError, tried_again, trouble_said
from pipelines.assets.freshness import IS_CURRENT, lateness, look
from pipelines.assets.reports import by_outcome, cell
from pipelines.assets.sensors import NOTHING_NEW, ask_for_publication, ask_for_rebuilds, runs_at_work
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.definitions import define
from pipelines.guards.crashed import OF_A_NIGHT, look_for_killed_nights
from pipelines.guards.lock import only_night
from pipelines.intake.acceptance import user
from pipelines.intake.feeds import feeds
from pipelines.intake.ingest import ingest
from pipelines.report.notes.silence import late_sources
from pipelines.runs import events
from pipelines.runs.events import engines_kept
from pipelines.runs.instance import LOCATION
from pipelines.runs.ui import Kept, only_daemon, processes
from tests.support import nights, scenario
from tests.support.ui import Ui, eventually, opened
from warehouse.lake.ledgers import current_builds

PARTITIONED = ("responses", "facts")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its first night. Tests that change it take a copy."""
    home = nights.make(tmp_path_factory.mktemp("published") / "home")
    scenario.night(home, recorded=True)
    return home


@pytest.fixture(scope="module")
def definitions(published: Path) -> dg.Definitions:
    return define(nights.context(published))


@pytest.fixture(scope="module")
def assets(definitions: dg.Definitions) -> dict[str, dg.AssetsDefinition]:
    return {
        key.to_user_string(): asset
        for asset in definitions.assets or []
        if isinstance(asset, dg.AssetsDefinition)
        for key in asset.keys
    }


@pytest.fixture(scope="module")
def specs(assets: dict[str, dg.AssetsDefinition]) -> dict[str, dg.AssetSpec]:
    return {name: asset.get_asset_spec(dg.AssetKey(name)) for name, asset in assets.items()}


def test_every_source_and_dimension_is_an_asset_and_so_is_every_stage(
    specs: dict[str, dg.AssetSpec],
) -> None:
    groups = {name: spec.group_name for name, spec in specs.items()}
    assert groups == {
        "accounts": "dimensions",
        "shops": "sources",
        "calls": "sources",
        "responses": "responses",
        "facts": "facts",
        "published": "marts",
    }


def test_every_asset_says_what_it_is_and_what_it_is_made_with(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        assert spec.description, name
        assert spec.kinds & {"polars", "duckdb"}, name
    assert specs["shops"].kinds == {"csv", "polars", "deltalake"}
    assert "landing/shops/*" in (specs["shops"].description or "")


def test_the_graph_runs_from_files_to_the_published_file(specs: dict[str, dg.AssetSpec]) -> None:
    upstream = {name: {dep.asset_key.to_user_string() for dep in spec.deps} for name, spec in specs.items()}
    assert upstream == {
        "accounts": set(),
        "shops": set(),
        "calls": set(),
        "responses": {"accounts", "shops", "calls"},
        "facts": {"responses"},
        "published": {"facts"},
    }


@pytest.mark.parametrize("name", PARTITIONED)
def test_months_are_partitions_and_a_range_of_them_is_one_run(
    name: str, assets: dict[str, dg.AssetsDefinition]
) -> None:
    months = assets[name].partitions_def
    assert isinstance(months, dg.TimeWindowPartitionsDefinition)
    assert months.get_first_partition_key() == nights.SETTINGS["history_from"]
    assert f"{datetime.now(UTC):%Y-%m}" in months.get_partition_keys()
    assert assets[name].backfill_policy == dg.BackfillPolicy.single_run()


@pytest.mark.parametrize("name", [*PARTITIONED, "published"])
def test_the_checks_of_a_stage_stop_what_follows(name: str, assets: dict[str, dg.AssetsDefinition]) -> None:
    checks = list(assets[name].check_specs)
    assert checks
    assert all(check.blocking and check.description for check in checks)


def test_a_file_that_is_not_in_stops_nothing_but_is_a_failed_check(assets: dict[str, dg.AssetsDefinition]) -> None:
    checks = [
        (check.name, check.blocking) for check in assets["shops"].check_specs if check.asset_key == dg.AssetKey("shops")
    ]
    assert checks == [("all_files_in", False)]


def test_there_is_a_job_for_each_part_of_a_night(definitions: dg.Definitions) -> None:
    nodes = {
        name: {node.name for node in definitions.resolve_job_def(name).nodes_in_topological_order}
        for name in ("ingest", "rebuild", "publish")
    }
    assert nodes == {
        "ingest": {"taking_in"},
        "rebuild": {"responses", "facts"},
        "publish": {"published"},
    }


def test_the_schedule_is_that_of_the_configuration_and_runs_unasked(tmp_path: Path) -> None:
    settings = {**nights.SETTINGS, "nightly": {"cron": "30 4 * * 1-5", "timezone": "Europe/Zagreb"}}
    home = scenario.workspace(tmp_path / "home", settings)
    [schedule] = define(nights.context(home)).schedules or []
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert (schedule.name, schedule.cron_schedule, schedule.execution_timezone, schedule.job_name) == (
        "nightly",
        "30 4 * * 1-5",
        "Europe/Zagreb",
        "ingest",
    )
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_without_a_zone_of_its_own_the_night_follows_business_time(definitions: dg.Definitions) -> None:
    [schedule] = definitions.schedules or []
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert schedule.execution_timezone == "UTC"


def test_sensors_run_unasked(definitions: dg.Definitions) -> None:
    sensors = {sensor.name: sensor.default_status for sensor in definitions.sensors or []}
    running = dg.DefaultSensorStatus.RUNNING
    assert sensors == {"stale_months": running, "unpublished_changes": running}


def test_a_materialisation_says_what_was_found(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(published / "dagster"))
    with dg.DagsterInstance.from_config(str(published / "dagster")) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("shops"))
    assert event is not None
    assert event.asset_materialization is not None
    told = {name: value.value for name, value in event.asset_materialization.metadata.items()}
    counts = {name: told[name] for name in ("rows_read", "accepted", "unanswered", "excluded", "rejected")}
    assert counts == {"rows_read": 26, "accepted": 24, "unanswered": 1, "excluded": 0, "rejected": 1}
    assert told["rejected_by_reason"] == {"date_unreadable": 1}
    assert told["months_touched"] == "2024-10, 2024-11, 2024-12"
    assert (told["files_until_now"], told["accepted_until_now"], told["last_month_until_now"]) == (1, 24, "2024-12")
    assert float(str(told["seconds"])) > 0
    assert "shops/2025-01-01.csv" in str(told["files"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a|b.csv", r"a\|b.csv"), ("![x](http://x/y.png)", r"!\[x\](http://x/y.png)"), ("<img src=x>", r"\<img src=x>"),
        ("a\\|b", r"a\\\|b"), ("two\nlines", "two lines"), ("landing/a_1.csv", "landing/a_1.csv"),
    ],
)  # fmt: skip
def test_a_name_is_only_a_name_in_a_table_of_a_page(name: str, shown: str) -> None:
    assert cell(name) == shown


def test_what_is_excluded_is_not_told_as_rejected() -> None:
    told = {name: value.value for name, value in by_outcome({"date_unreadable": 1, "kind_excluded": 7}).items()}
    assert told == {"rejected_by_reason": {"date_unreadable": 1}, "excluded_by_reason": {"kind_excluded": 7}}
    assert "excluded_by_reason" not in by_outcome({})


def test_the_published_file_is_shown_with_its_tables_and_the_last_score(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(published / "dagster"))
    with dg.DagsterInstance.from_config(str(published / "dagster")) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("published"))
    assert event is not None
    assert event.asset_materialization is not None
    told = {name: value.value for name, value in event.asset_materialization.metadata.items()}
    [(nps, responses)] = scenario.published(
        published,
        "select nps, responses from marts.nps_overall where period_grain = 'month' and period_start = '2024-12-01'",
    )
    found = (told["overall_month"], told["overall_nps"], told["overall_responses"])
    assert found == ("2024-12", round(nps, 1), responses)
    [(rows,)] = scenario.published(published, "select count(*) from marts.nps_by_branch")
    assert f"| marts.nps_by_branch | {rows} |" in str(told["tables"])
    assert told["path"] == str(published / "published" / "nps.duckdb")


@pytest.fixture(scope="module")
def pages(published: Path) -> dg.Definitions:
    """The same definitions as the pages have them; that they give no warnings is a part of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return define(nights.context(published), for_pages=True)


def test_each_published_table_is_shown_with_its_columns_and_where_they_come_from(
    published: Path, pages: dg.Definitions
) -> None:
    graph = pages.resolve_asset_graph()
    there = {key.path[1] for key in graph.get_all_asset_keys() if key.path[0] == "marts"}
    tables = scenario.published(published, "select table_name from duckdb_tables() where schema_name = 'marts'")
    assert there == {name for (name,) in tables}
    branch = graph.get(mart_key("nps_by_branch"))
    schema = branch.metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    told = {column.name: (column.type, column.description) for column in schema.columns}
    columns = scenario.published(
        published, "select column_name, data_type, comment from duckdb_columns() where table_name = 'nps_by_branch'"
    )
    assert told == {name: (kind, says) for name, kind, says in columns}
    lineage = branch.metadata["dagster/column_lineage"]
    assert isinstance(lineage, dg.TableColumnLineage)
    facts = mart_key("fct_nps")
    assert lineage.deps_by_column["branch"] == [dg.TableColumnDep(facts, "branch")]
    assert {dep.column_name for dep in lineage.deps_by_column["nps"]} == {
        "responses", "promoters", "detractors",
    }  # fmt: skip
    assert "dagster/column_lineage" not in graph.get(mart_key("enps_by_branch")).metadata


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("fct_contact", "marts_facts"),
        ("dim_branch", "marts_dimensions"),
        ("nps_by_branch_theme", "marts_why"),
        ("enps_by_branch", "marts_enps"),
        ("nps_overall", "marts_nps"),
        ("survey_cost", "marts_programme"),
        ("fct_outcome", "marts_facts"),
        ("nps_by_cohort", "marts_outcomes"),
    ],
)
def test_tables_of_a_family_are_shown_together(name: str, group: str) -> None:
    assert family(name) == group


def test_every_asset_says_where_its_code_stands(pages: dg.Definitions) -> None:
    graph = pages.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        found = graph.get(key).metadata["dagster/code_references"]
        assert isinstance(found, dg.CodeReferencesMetadataValue)
        for each in found.code_references:
            assert isinstance(each, dg.LocalFileCodeReference)
            assert Path(each.file_path).is_file()


def test_kinds_of_work_have_a_pool_each_and_sources_have_tags(pages: dg.Definitions) -> None:
    assets = {"shops": "files", "responses": "months", "facts": "months", "published": "publication"}
    graph = pages.resolve_asset_graph()
    assert {name: graph.get(dg.AssetKey(name)).pools for name in assets} == {
        name: {pool} for name, pool in assets.items()
    }
    tags = graph.get(dg.AssetKey("shops")).tags
    assert (tags["metric"], tags["delivery"]) == ("nps", "snapshot")


def test_a_publication_is_told_once_with_the_rows_of_each_table(published: Path) -> None:
    database = published / "published" / "nps.duckdb"
    with dg.DagsterInstance.ephemeral() as instance:
        told = marts_told(database, instance)
        rows = {each.asset_key.path[1]: each.metadata["dagster/row_count"].value for each in told}
        for each in told:
            instance.report_runless_asset_event(each)
        assert marts_told(database, instance) == []
    for name in ("nps_overall", "nps_by_branch", "fct_nps"):
        assert scenario.published(published, f"select count(*) from marts.{name}") == [(rows[name],)]


def test_before_anything_is_published_there_are_no_tables_and_nothing_is_late(tmp_path: Path) -> None:
    home = scenario.workspace(tmp_path / "home", nights.SETTINGS)
    assert mart_assets(home / "published" / "nps.duckdb") == []
    with dg.DagsterInstance.ephemeral() as instance:
        [told] = look(nights.context(home), None, instance).asset_events
    assert isinstance(told, dg.AssetCheckEvaluation)
    assert (told.check_name, told.passed) == ("is_current", True)


def test_a_source_whose_file_does_not_come_in_time_is_said_to_be_late(published: Path, tmp_path: Path) -> None:
    home = nights.copy(published, tmp_path / "home")
    sources = nights.SETTINGS["sources"]
    scenario.configure(
        home, {**nights.SETTINGS, "sources": {**sources, "shops": {**sources["shops"], "every": "1 day"}}}
    )
    now = datetime.now(UTC)

    def after(hours: float) -> Context:
        return replace(nights.context(home), clock=lambda: now + timedelta(hours=hours))

    assert late_sources(after(29)) == {"shops": None}
    says = late_sources(after(31))["shops"]
    assert says
    assert says.startswith("shops is late: no new file of it was taken in since ")
    assert "and nps.yaml says that one comes every day." in says
    with dg.DagsterInstance.ephemeral() as instance:
        first = look(after(31), None, instance)
        told = {
            each.asset_key.to_user_string(): each for each in first.asset_events if each.asset_key.path[0] != "marts"
        }
        shops = told["shops"]
        assert isinstance(shops, dg.AssetCheckEvaluation)
        assert (shops.check_name, shops.passed, shops.description) == ("arrives_in_time", False, says)
        # On the same day: on the next one, other months may have ended.
        assert look(after(31), first.cursor, instance).asset_events == []
    wrong = {**sources["shops"], "every": "daily"}
    scenario.configure(home, {**nights.SETTINGS, "sources": {**sources, "shops": wrong}})
    assert "sources.shops.every" in scenario.nps("status", "--home", home).err


def test_what_is_published_is_late_when_something_newer_waits_for_a_day(stale: Path) -> None:
    context = nights.context(stale)
    for hours, is_late in ((1, False), (25, True)):
        at = datetime.now(UTC) + timedelta(hours=hours)
        late = lateness(replace(context, clock=lambda at=at: at))[IS_CURRENT]  # type: ignore[misc]
        assert (late is not None) == is_late


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionResetError(),
        OSError(errno.ESTALE, "stale"),
        sqlite3.OperationalError("database is locked"),
    ],
    ids=repr,
)
def test_a_step_is_tried_again_after_what_may_pass_by_itself(error: Exception) -> None:
    with pytest.raises(dg.RetryRequested) as raised, tried_again():
        raise error
    assert raised.value.max_retries == 2
    assert raised.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [PermissionError(errno.EACCES, "no"), OSError(errno.ENOSPC, "full"), sqlite3.OperationalError("no such table")],
    ids=repr,
)
def test_a_step_is_not_tried_again_after_what_needs_a_person(error: Exception) -> None:
    with pytest.raises(type(error)), tried_again():
        raise error


def test_a_step_says_what_the_machine_lacks_without_a_stack_and_leaves_mistakes_of_ours_as_they_are(
    tmp_path: Path,
) -> None:
    kept = open_workspace(scenario.workspace(tmp_path / "home", {"sources": {"web": scenario.source("web")}}))
    closed = OSError(errno.EROFS, "Read-only file system", str(kept.lake / "staged"))
    with pytest.raises(SaidError, match="lake/staged cannot be read, or not be written") as said, trouble_said(kept):
        raise closed
    assert [told.stack for told in said.value.user_code_process_error_infos] == [[]]
    for error in (ValueError("of ours"), dg.RetryRequested(), RuleFailedError("Permission denied")):
        with pytest.raises(type(error)) as raised, trouble_said(kept):
            raise error
        assert raised.value is error


def test_months_without_answers_are_told_as_empty_ones_and_once(published: Path) -> None:
    def empty(instance: dg.DagsterInstance) -> set[tuple[str, str | None]]:
        events = ask_for_rebuilds(nights.context(published), None, [], instance).asset_events
        for each in events:
            assert isinstance(each, dg.AssetMaterialization)
            instance.report_runless_asset_event(each)
        return {(each.asset_key.to_user_string(), each.partition) for each in events}

    with dg.DagsterInstance.ephemeral() as instance:
        told = empty(instance)
        assert {("responses", "2025-01"), ("facts", "2025-01"), ("facts", "2025-06")} <= told
        assert {("facts", "2024-01"), ("facts", "2024-09")} <= told  # since history_from, before the first answer
        assert not told & {("facts", month) for month in ("2024-10", "2024-11", "2024-12")}
        assert empty(instance) == set()


def test_a_file_that_is_held_is_a_failed_check_until_it_is_mended(published: Path, tmp_path: Path) -> None:
    home = nights.copy(published, tmp_path / "home")
    shops = define(nights.context(home)).resolve_job_def("ingest")

    def all_files_in() -> bool:
        result = shops.execute_in_process(asset_selection=[dg.AssetKey("shops")], raise_on_error=True)
        passed = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
        return passed["all_files_in"]

    nights.arrive(home, {"shops/2025-01-03.csv": ["Id,Date"]}, day=3)
    assert [all_files_in(), all_files_in()] == [False, False]
    nights.arrive(home, {"shops/2025-01-03.csv": nights.SECOND["shops/2025-01-02.csv"]}, day=3)
    assert all_files_in()


def take_in(home: Path) -> None:
    """Files come in, but nothing is built from them yet."""
    context = nights.context(home)
    ingest(context, feeds(context.workspace.config, context.workspace.key()))


@pytest.fixture(scope="module")
def stale(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which October and December are stale, and November is not."""
    home = nights.copy(published, tmp_path_factory.mktemp("stale") / "home")
    rows = ["k90,2024-10-30,+385 1 000090,c1,10", "k91,2024-12-30,+385 1 000091,c1,10"]
    nights.arrive(home, {"calls/2025-01-02.csv": [nights.HEADING, *rows]}, day=2)
    take_in(home)
    return home


def requests(home: Path, at: datetime | None = None) -> list[dg.RunRequest]:
    context = nights.context(home)
    if at is not None:
        context = replace(context, clock=lambda: at)
    return list(ask_for_rebuilds(context, None, []).run_requests or [])


def test_one_run_is_asked_for_per_stretch_of_stale_months(stale: Path) -> None:
    start, end = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
    assert [request.tags for request in requests(stale)] == [
        {start: "2024-10", end: "2024-10"},
        {start: "2024-12", end: "2024-12"},
    ]


def test_nothing_is_asked_for_when_nothing_is_stale(published: Path) -> None:
    assert requests(published) == []


def test_an_unchanged_lake_is_not_looked_at_twice(published: Path, tmp_path: Path) -> None:
    home = nights.copy(published, tmp_path / "home")
    for ask in (ask_for_rebuilds, ask_for_publication):
        first = ask(nights.context(home), None, [])
        second = ask(nights.context(home), first.cursor, [])
        assert second.cursor == first.cursor
        assert second.skip_reason == dg.SkipReason(NOTHING_NEW)
    nights.arrive(home, nights.SECOND, day=2)
    take_in(home)
    assert ask_for_rebuilds(nights.context(home), first.cursor, []).run_requests


def test_nothing_is_asked_for_while_something_is_at_work(stale: Path) -> None:
    assert ask_for_rebuilds(nights.context(stale), None, ["ingest"]).run_requests == []


def test_the_same_state_is_asked_for_once_a_day(stale: Path) -> None:
    noon = datetime(2025, 6, 9, 12, tzinfo=UTC)
    later = (noon, noon + timedelta(hours=3), noon + timedelta(days=1))
    keys = [[request.run_key for request in requests(stale, at)] for at in later]
    assert keys[0] == keys[1]
    assert not {*keys[0]} & {*keys[2]}


def test_a_month_that_an_older_build_overtook_is_asked_for_again(stale: Path, tmp_path: Path) -> None:
    home = nights.copy(stale, tmp_path / "home")
    lake = nights.context(home).lake
    before = [request.run_key for request in requests(home)]
    october = current_builds(lake, "responses").filter(month=date(2024, 10, 1))
    overtaken = october.with_columns(inputs=pl.lit("of an older state"), built_at=pl.lit(datetime.now(UTC)))
    lake.append("builds", overtaken)
    after = [request.run_key for request in requests(home)]
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)


def test_what_no_month_is_rebuilt_for_is_published_at_the_second_look(published: Path, tmp_path: Path) -> None:
    home = nights.copy(published, tmp_path / "home")
    first = ask_for_publication(nights.context(home), None, [])
    assert first.run_requests == []
    scenario.configure(home, {**nights.SETTINGS, "minimum_group": 7})
    second = ask_for_publication(nights.context(home), first.cursor, [])
    third = ask_for_publication(nights.context(home), second.cursor, [])
    busy = ask_for_publication(nights.context(home), second.cursor, ["rebuild"])
    asked = [len(result.run_requests or []) for result in (second, third, busy)]
    assert asked == [0, 1, 0]


def test_publishing_waits_for_stale_months(stale: Path) -> None:
    for seen in (None, "anything"):
        assert ask_for_publication(nights.context(stale), seen, []).run_requests == []


def test_an_empty_workspace_publishes_nothing_by_itself(tmp_path: Path) -> None:
    home = scenario.workspace(tmp_path / "home", nights.SETTINGS)
    looks = [ask_for_publication(nights.context(home), seen, []) for seen in (None, "", "anything")]
    assert [look.run_requests for look in looks] == [[], [], []]


def test_sensors_wait_for_whoever_is_at_work() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert runs_at_work(instance) == []
        for name, status in (("rebuild", "STARTED"), ("ingest", "STARTED"), ("publish", "STARTED"), ("x", "SUCCESS")):
            instance.add_run(dg.DagsterRun(job_name=name, status=dg.DagsterRunStatus[status]))
        people = frozenset({dg.AssetKey("responses")})
        instance.add_run(dg.DagsterRun("__ASSET_JOB", status=dg.DagsterRunStatus.STARTED, asset_selection=people))
        assert runs_at_work(instance) == ["a run of assets", "ingest", "rebuild"]


def test_runs_of_a_killed_night_end_when_no_night_is_at_work(published: Path) -> None:
    context = nights.context(published)
    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.DagsterRun("rebuild", status=dg.DagsterRunStatus.STARTED, tags=dict(OF_A_NIGHT))
        unbegun = dg.DagsterRun("publish", status=dg.DagsterRunStatus.NOT_STARTED, tags=dict(OF_A_NIGHT))
        others = dg.DagsterRun("rebuild", status=dg.DagsterRunStatus.STARTED)
        # What somebody runs again on the pages has the tags of the run that it repeats.
        of_run = {"dagster/parent_run_id": run.run_id, "dagster/root_run_id": run.run_id, **OF_A_NIGHT}
        again = dg.DagsterRun(
            "rebuild", status=dg.DagsterRunStatus.STARTED, tags=of_run, parent_run_id=run.run_id, root_run_id=run.run_id
        )
        for each in (run, unbegun, others, again):
            instance.add_run(each)
        with only_night(context):
            look_for_killed_nights(context, instance)
            assert status_of(instance, run) == dg.DagsterRunStatus.STARTED
        look_for_killed_nights(context, instance)
        assert {status_of(instance, each) for each in (run, unbegun)} == {dg.DagsterRunStatus.FAILURE}
        assert {status_of(instance, each) for each in (others, again)} == {dg.DagsterRunStatus.STARTED}


def status_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


@pytest.fixture(scope="module")
def ui(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    top = tmp_path_factory.mktemp("ui")
    with opened(nights.copy(published, top / "home"), top / "ui.log") as ui:
        yield ui


def test_the_ui_is_only_for_this_machine(tmp_path: Path) -> None:
    [code, pages, daemon] = processes(tmp_path, 3999, daemon=True, module="m")
    assert pages.command[pages.command.index("--host") + 1] == "127.0.0.1"
    assert pages.command[pages.command.index("--port") + 1] == "3999"
    assert code.command[code.command.index("--location-name") + 1] == LOCATION
    assert "dagster._daemon" in daemon.command


def test_the_ui_is_shown_without_a_daemon_where_that_is_asked_for(tmp_path: Path) -> None:
    kept = processes(tmp_path, 3999, daemon=False, module="m")
    assert not [each for each in kept if "dagster._daemon" in each.command]


def test_one_daemon_is_at_work_on_a_workspace(tmp_path: Path) -> None:
    with only_daemon(tmp_path) as first, only_daemon(tmp_path) as second:
        assert (first, second) == (True, False)
    with only_daemon(tmp_path) as again:
        assert again


def test_a_port_that_is_taken_is_said(published: Path) -> None:
    with socket.socket() as taken, patch.dict(os.environ):
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = scenario.nps("ui", "--home", published, "--port", str(taken.getsockname()[1]))
    assert told.code == 2
    assert "The UI:" not in told.said
    assert "perhaps the UI is open already. Give another one: nps ui --port 3001" in told.err


def test_what_dies_again_and_again_is_started_after_longer_and_longer_waits() -> None:
    kept, said = Kept("It", ["false"], "nothing is done"), list[str]()
    now = 1000.0
    kept.start(now)
    waits = []
    for _ in range(9):
        assert kept.process
        kept.process.wait()
        kept.look(now, said.append)
        waits.append(kept.due_at - now)
        kept.look(kept.due_at - 0.1, said.append)
        assert kept.process is None
        now = kept.due_at
        kept.look(now, said.append)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert said[1] == "It has died (exit code 1); it is started again in 2 seconds. Until then nothing is done."
    assert kept.process
    kept.process.wait()
    kept.look(now + 3600, said.append)
    assert kept.due_at == now + 3600 + 1


def test_runs_of_a_night_are_of_the_code_location_and_say_who_started_them(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(published / "dagster"))
    with dg.DagsterInstance.from_config(str(published / "dagster")) as instance:
        runs = instance.get_runs()
        of_location = instance.get_runs(dg.RunsFilter(tags={".dagster/repository": f"__repository__@{LOCATION}"}))
    assert {run.job_name for run in runs} == {"ingest", "rebuild", "publish"}
    assert len(of_location) == len(runs)
    for run in runs:
        assert run.remote_job_origin
        assert run.remote_job_origin.repository_origin.code_location_origin.location_name == LOCATION
        assert (run.tags["nps/started_by"], run.tags["user"]) == ("nps run", user())


def test_what_dagster_writes_is_not_written_back_until_the_night_ends(tmp_path: Path) -> None:
    log = tmp_path / "event_log.db-wal"
    with engines_kept():
        store = ConsolidatedSqliteEventLogStorage(str(tmp_path))
        store.store_event(said("one"))
        assert log.stat().st_size
    assert not log.exists()
    told = ConsolidatedSqliteEventLogStorage(str(tmp_path)).get_logs_for_run("a run")
    assert [each.user_message for each in told] == ["one"]


def test_dagster_opens_few_connections_a_night_and_none_that_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[sqlite3.Connection] = []

    class Counted(events._Unwaiting):  # noqa: SLF001 - what opens them
        def __init__(self, path: str, **options: object) -> None:
            super().__init__(path, **options)
            opened.append(self)

    monkeypatch.setattr(events, "_Unwaiting", Counted)
    with engines_kept():
        store = ConsolidatedSqliteEventLogStorage(str(tmp_path))
        for number in range(20):
            store.store_event(said(str(number)))
        assert len(opened) < 10
        # Another process, as the UI, writes beside it.
        for database in tmp_path.rglob("*.db"):
            with closing(sqlite3.connect(database, timeout=0)) as beside, beside:
                beside.execute("create table of_another (id int)")


def test_dagster_makes_one_engine_for_each_database_of_a_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Mock(wraps=sqlalchemy.create_engine)
    monkeypatch.setattr(consolidated_sqlite_event_log, "create_engine", make)
    with engines_kept():
        store = ConsolidatedSqliteEventLogStorage(str(tmp_path))
        for number in range(3):
            store.store_event(said(str(number)))
        with store.index_connection() as connection:  # type: ignore[no-untyped-call]
            assert connection.exec_driver_sql("pragma synchronous").scalar_one() == 1, "it waits for the disk"
    assert make.call_count == 1
    told = ConsolidatedSqliteEventLogStorage(str(tmp_path)).get_logs_for_run("a run")
    assert [each.user_message for each in told] == ["0", "1", "2"]
    assert make.call_count > 1  # as Dagster has it, after a night


def said(text: str) -> dg.EventLogEntry:
    return dg.EventLogEntry(None, "INFO", text, "a run", 0.0)  # type: ignore[no-untyped-call]


@pytest.mark.slow
def test_a_backfill_started_in_the_ui_changes_nothing_and_so_publishes_nothing(ui: Ui) -> None:
    before = nights.published(ui.home)
    done = ui.runs()
    ui.backfill(["2024-10", "2024-11", "2024-12"])
    eventually(lambda: len(ui.runs()) > len(done) and {*ui.runs()} == {"SUCCESS"})
    assert {*ui.publications()} == {"published"}
    assert nights.published(ui.home) == before
    assert nights.imbalances(ui.home) == []


@pytest.mark.slow
def test_a_backfill_of_months_that_new_files_made_stale_publishes_them(ui: Ui, published: Path, tmp_path: Path) -> None:
    alone = nights.copy(published, tmp_path / "alone")
    nights.arrive(alone, nights.SECOND, day=2)
    scenario.night(alone)
    done = len(ui.publications())
    nights.arrive(ui.home, nights.SECOND, day=2)
    take_in(ui.home)
    ui.backfill(["2024-10", "2024-11", "2024-12"])
    eventually(lambda: "published" in ui.publications()[:-done])
    assert nights.published(ui.home) == nights.published(alone)
    assert nights.imbalances(ui.home) == []


@pytest.mark.slow
def test_the_ui_says_that_its_daemon_has_died_and_starts_it_again(ui: Ui) -> None:
    def beats() -> tuple[bool, float]:
        said = ui.ask(
            '{ instance { daemonHealth { daemonStatus(daemonType: "SENSOR") { healthy lastHeartbeatTime } } } }'
        )
        status = said["instance"]["daemonHealth"]["daemonStatus"]
        return status["healthy"], status["lastHeartbeatTime"] or 0.0

    eventually(lambda: beats()[0])
    daemon = next(pid for pid, words in children(ui) if "dagster._daemon" in words)
    os.kill(daemon, signal.SIGKILL)
    killed_at = time.time()
    eventually(lambda: beats()[1] > killed_at + 1)
    assert "Dagster's daemon has died (exit code -9); it is started again in 1 second." in ui.log.read_text("utf-8")


@pytest.mark.slow
def test_the_ui_starts_without_warnings(ui: Ui) -> None:
    assert "Warning" not in ui.log.read_text("utf-8")


def children(ui: Ui) -> list[tuple[int, list[str]]]:
    """The processes that the UI keeps alive, and how each was started."""
    found = Path(f"/proc/{ui.pid}/task/{ui.pid}/children").read_text("utf-8").split()
    return [(int(pid), Path(f"/proc/{pid}/cmdline").read_text("utf-8").split("\0")) for pid in found]
