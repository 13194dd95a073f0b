"""Asking the published file: no statement changes it, whatever it is, and whatever comes out of it can be shown."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from tests.support.scenario import land, night, nps, source, workspace
from warehouse.published.query import Bounds, QueryError, ask

#: Every kind of statement that DuckDB has, in the ways in which it might be let through; `{file}` is the published file.
STATEMENTS = {
    "ALTER": ["alter table marts.t add column z int"],
    "ANALYZE": ["analyze"],
    "ATTACH": ["attach '{file}' as again", "attach '{file}.wal' as log"],
    "CALL": ["call pragma_version()", "checkpoint", "force checkpoint"],
    "COPY": [
        "copy (select 42) to '{file}' (use_tmp_file false)",
        "copy (select 42) to '{file}.wal' (use_tmp_file false)",
        "copy (select 42) to '{file}' (format csv, use_tmp_file false)",
        "copy marts.t from '{file}'",
    ],
    "COPY_DATABASE": ["copy from database published to other"],
    "CREATE": ["create table marts.u (a int)", "create temp table u (a int)", "create macro f(x) as x"],
    "DELETE": ["delete from marts.t"],
    "DETACH": ["detach published"],
    "DROP": ["drop table marts.t"],
    "EXECUTE": ["execute prepared"],
    "EXPLAIN": [
        "explain analyze copy (select 42) to '{file}' (use_tmp_file false)",
        "explain (analyze) copy (select 42) to '{file}' (use_tmp_file false)",
        "explain copy (select 42) to '{file}' (use_tmp_file false)",
        "explain /* */ analyze /* */ copy (select 42) to '{file}' (use_tmp_file false)",
        "/* */ EXPLAIN -- \n ANALYZE copy (select 42) to '{file}' (use_tmp_file false)",
        "explain (format json) copy (select 42) to '{file}' (use_tmp_file false)",
        "explain analyze select 1",
    ],
    "EXPORT": ["export database '{file}'"],
    "INSERT": ["insert into marts.t values (2)"],
    "LOAD": ["load httpfs", "install httpfs"],
    "MERGE_INTO": ["merge into marts.t as t using marts.t as s on (t.a = s.a) when matched then delete"],
    "PREPARE": ["prepare prepared as select 1"],
    "SET": ["set enable_external_access = true", "reset memory_limit", "use marts"],
    "SELECT": ["select 1; copy (select 42) to '{file}' (use_tmp_file false)", "from read_csv('/etc/hosts')"],
    "TRANSACTION": ["begin transaction", "commit", "rollback"],
    "UPDATE": ["update marts.t set a = 2"],
    "OTHERS": ["update extensions", "import database '{folder}'", "use memory", "show tables from x", "\udcff", "a\0b"],
    "FILES": [
        "from glob('/etc/*')",
        "from '/etc/passwd.csv'",
        *(f"from read_{kind}('/etc/passwd')" for kind in ("text", "blob", "csv", "json", "parquet", "ndjson")),
        "from sniff_csv('/etc/passwd')",
        "from parquet_metadata('/etc/passwd')",
        "from read_duckdb('{folder}/other.duckdb', table_name='t')",
        "from read_duckdb('{folder}/*.duckdb', table_name='t')",
        "from query($$copy (select 1) to '{folder}/x'$$)",
        "from sqlite_scan('{folder}/x', 't')",
        "from duckdb_secrets()",
        "from duckdb_extensions()",
        "with t as materialized (from read_text('/etc/passwd')) from t",
        "describe from read_csv('/etc/passwd')",
        "explain from read_csv('/etc/passwd')",
        "select getenv('HOME')",
        "select array_value(" + "1, " * 50_000 + "1)",
    ],
    "VACUUM": ["vacuum"],
}
#: Those that no text states, or that are another one once they are read.
NEVER_TYPED = {"CREATE_FUNC", "EXTENSION", "INVALID", "LOGICAL_PLAN", "MULTI", "PRAGMA", "RELATION", "VARIABLE_SET"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database, which stands for a published one."""
    path = tmp_path_factory.mktemp("published") / "published.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create table marts.t as select 1 as a, 'x' as b, 3 as c")
    return path


def state(file: Path) -> tuple[str, list[str]]:
    return hashlib.sha256(file.read_bytes()).hexdigest(), sorted(each.name for each in file.parent.iterdir())


def test_every_kind_of_statement_is_tried() -> None:
    kinds = {name for name in dir(duckdb.StatementType) if name.isupper()}
    assert kinds == {*STATEMENTS, *NEVER_TYPED} - {"OTHERS", "FILES"}


@pytest.mark.parametrize("sql", [sql for each in STATEMENTS.values() for sql in each])
def test_no_statement_but_a_select_is_run_and_none_changes_the_file(file: Path, sql: str) -> None:
    before = state(file)
    with pytest.raises(QueryError) as refused:
        ask(file, sql.format(file=file, folder=file.parent) if "{f" in sql else sql, Bounds(memory_mb=200))
    assert state(file) == before
    assert "Traceback" not in str(refused.value)
    assert "???" not in str(refused.value)


#: Functions that write files where nobody has closed that.
WRITERS = (
    "from enable_profiling(save_location='{folder}/x.json', format='json'), range(10)",
    "from enable_profiling(save_location='{file}', format='no_output')",
    "from enable_logging(storage='file', storage_path='{folder}/log'), (select write_log('x') from range(10))",
    "from enable_logging('QueryLog', storage='file', storage_config={{'path': '{file}'}})",
    "from checkpoint()",
    "select write_log('x')",
)


@pytest.mark.parametrize("sql", WRITERS)
def test_no_function_that_a_select_may_call_writes_anything(file: Path, sql: str) -> None:
    before = state(file)
    with suppress(QueryError):
        ask(file, sql.format(file=file, folder=file.parent))
    assert state(file) == before


def test_a_published_file_that_cannot_be_read_is_told_in_a_sentence_and_made_anew(home: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(home, tmp_path / "home"))
    database = copy / "published" / "nps.duckdb"
    database.chmod(0o644)
    for content in (b"", b"garbage " * 2_000, database.read_bytes()[:5_000]):
        database.write_bytes(content)
        told = nps("query", "from marts.nps_overall", "--home", copy)
        assert (told.code, told.out) == (1, "")
        assert f"The published file {database} cannot be read" in told.err
        assert f"The published file {database}" in nps("status", "--home", copy).out
    night(copy)
    assert nps("query", "from marts.nps_overall", "--home", copy).code == 0


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("from marts.t", 1),
        ("select 1 limit 0", 0),
        ("with x as (select 1) from x;", 1),
        ("-- a remark\nvalues (1), (2)", 2),
        ("describe marts.t", 3),
        ("summarize marts.t", 3),
        ("show all tables", 1),
        ("pivot marts.t on b in ('x') using sum(c)", 1),
        ("unpivot marts.t on a, c", 2),
        ("explain select 1", 1),
        ("/* é */ EXPLAIN\nfrom marts.t", 1),
        ("select 'copy t to x'", 1),
    ],
)
def test_whatever_reads_is_answered(file: Path, sql: str, rows: int) -> None:
    assert ask(file, sql).height == rows


def test_a_pivot_without_its_values_is_told_to_name_them(file: Path) -> None:
    with pytest.raises(QueryError, match="Name them: pivot"):
        ask(file, "pivot marts.t on b using sum(c)")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("interval 1 month", "1 month"),
        ("170141183460469231731687303715884105727::hugeint", 2**127 - 1),
        ("340282366920938463463374607431768211455::uhugeint", 2**128 - 1),
        ("sum(9007199254740993::bigint)", 9007199254740993),
        ("map {1: 2}", "{1=2}"),
        ("'101'::bit", "101"),
        ("'a\\x00'::blob", "a\\x00"),
        ("time '10:00:00'", "10:00:00"),
        ("'10:00:00+01'::timetz", "10:00:00+01"),
        ("timestamptz '2025-01-01 10:00:00+02'", "2025-01-01 08:00:00+00"),
        ("date '0044-03-15 (BC)'", "0044-03-15 (BC)"),
        ("'infinity'::timestamp", "infinity"),
        ("'5000000-01-01'::date", "5000000-01-01"),
        ("union_value(a := 1)", "1"),
        ("[interval 1 day]", "[1 day]"),
        ("[1, 2]", [1, 2]),
        ("{'a': 1}", {"a": 1}),
        ("row(1, 2)", "(1, 2)"),
        ("{'a': 1::hugeint}", "{'a': 1}"),
        ("'nan'::double", None),
        ("'-infinity'::float", None),
        ("null", None),
        ("'[/] [bold]'", "[/] [bold]"),
    ],
)
def test_every_value_can_be_told_and_loses_no_digit(home: Path, value: str, told: object) -> None:
    sql = f"select {value} as x"
    assert nps("query", sql, "--json", "--home", home).document == [{"x": told}]
    shown = nps("query", sql, "--home", home)
    assert (shown.code, shown.err) == (0, "")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with something published."""
    made = workspace(tmp_path_factory.mktemp("asked") / "home", {"sources": {"shops": source("shops", scale="0-10")}})
    land(made, "shops/a.csv", "score,date\n9,2025-01-01\n")
    night(made)
    return made


@pytest.mark.parametrize("name", ["[/]", "[red]", "a\nb", "\x1b[31m", " ", '"quoted"', "#1", "c1"])
def test_every_name_of_a_column_can_be_told_also_twice(home: Path, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    sql = f"select 1 as {quoted}, 2 as {quoted}"
    told = nps("query", sql, "--home", home)
    assert (told.code, told.err) == (0, "")
    assert "\x1b" not in told.out
    [row] = nps("query", sql, "--json", "--home", home).document
    assert list(row.values()) == [1, 2]


def test_a_query_ends_when_its_time_is_up(file: Path) -> None:
    with pytest.raises(QueryError, match=r"No answer within 0\.2 seconds"):
        ask(file, "select sum(a.range * b.range) from range(10000000) a, range(10000000) b", Bounds(seconds=0.2))


def test_a_query_ends_when_its_memory_is_used_up_and_spills_nothing(file: Path) -> None:
    before = state(file)
    with pytest.raises(QueryError, match="Out of Memory"):
        ask(file, "select list(range::varchar) from range(100000000)", Bounds(memory_mb=64))
    assert state(file) == before


def test_an_answer_with_more_rows_than_anybody_reads_is_refused(file: Path) -> None:
    with pytest.raises(QueryError, match="more than 10 rows"):
        ask(file, "from range(11)", Bounds(rows=10))
    assert ask(file, "from range(10)", Bounds(rows=10)).height == 10


def test_what_is_published_can_be_written_by_nobody(home: Path) -> None:
    land(home, "shops/b.csv", "score,date\n3,2025-01-02\n", day=2)
    night(home)
    database = home / "published" / "nps.duckdb"
    for each in (database, *(home / "published" / "versions").iterdir()):
        assert stat.S_IMODE(each.stat().st_mode) == 0o444


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else, and root may write everything")
def test_another_user_who_opens_it_to_write_fails_at_once(home: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        database = Path(shutil.copy2(home / "published" / "nps.duckdb", folder))
        assert "opened" in as_nobody(database, read_only=True).stdout
        refused = as_nobody(database, read_only=False)
    assert "opened" not in refused.stdout
    assert "ermission denied" in refused.stderr


def as_nobody(database: Path, *, read_only: bool) -> subprocess.CompletedProcess[str]:
    opens = f"os.setuid(65534); duckdb.connect({str(database)!r}, read_only={read_only}); print('opened')"
    return subprocess.run(
        [sys.executable, "-c", f"import os, duckdb; {opens}"], capture_output=True, text=True, check=False
    )


def test_json_of_an_answer_is_json(home: Path) -> None:
    told = nps("query", "select 'inf'::double as x, [1.5, 'nan'::double] as y", "--json", "--home", home)
    assert json.loads(told.out, parse_constant=pytest.fail) == [{"x": None, "y": [1.5, None]}]
