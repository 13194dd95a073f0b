"""The `nps` command as people and programs meet it: exit codes, sentences, documents."""

from __future__ import annotations

import csv
import errno
import io
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer.main

from pipelines.cli import show
from pipelines.cli.main import app
from pipelines.cli.main import told as in_sentences
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.runs.night import run_night
from pipelines.runs.told import NightReport
from tests.support.scenario import (
    Settings,
    by,
    configure,
    counts,
    land,
    marts,
    night,
    nps,
    published,
    source,
    unrecorded,
    workspace,
)

BRANCHES = {"kind": "csv", "files": "landing/crm/*.csv", "columns": {"branch": "code"}}
COLUMNS = {"score": "score", "responded_at": "date", "branch": "branch", "comment": "comment"}
ROWS = [
    "score,date,branch,comment",
    *(f"9,2025-01-{day},ZG," for day in range(10, 30)),
    *(f"3,2025-02-{day},ZG," for day in range(10, 28)),
    "eleven,2025-01-10,ZG,",
    "=1+1,2025-01-10,ZG,",
    "ana.horvat@example.com,2025-02-10,ZG,",
    "8,0915550142,ZG,",
    "12,2025-02-11,ZG,",
]
SHOPS: Settings = {
    "sources": {"shops": source("shops", columns=COLUMNS), "calls": source("calls", columns=COLUMNS)},
    "dimensions": {"branches": BRANCHES},
}


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its first night; tests only look at it."""
    home = workspace(tmp_path_factory.mktemp("cli") / "workspace", SHOPS)
    land(home, "shops/january [1].csv", "\n".join(ROWS))
    land(home, "crm/branches.csv", "code\nZG\n")
    night(home)
    return home


def refused(*arguments: str | Path) -> str:
    """The sentence with which a mistake of the user is told: exit code 2, nothing on standard output."""
    told = nps(*arguments)
    assert (told.code, told.out) == (2, ""), told.said
    assert "Traceback" not in told.err
    return told.err


# Workspaces


def test_nothing_is_told_of_where_fonts_are_kept() -> None:
    with in_sentences():
        assert not logging.getLogger("matplotlib").isEnabledFor(logging.WARNING)


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_letters_that_the_terminal_does_not_have_are_escaped(errors: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under LC_ALL=C Python's own choice is to keep bytes that are no text, and to stop at letters."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, "ascii", errors))
    with in_sentences():
        print("Pécs", flush=True)  # noqa: T201
    assert written.getvalue() == b"P\\xe9cs\n"


def test_a_new_workspace_runs_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "new"
    told = nps("init", home)
    assert told.code == 0
    assert "nps.yaml" in told.out
    assert (home / "identity.key").stat().st_mode & 0o077 == 0
    assert "Nothing is published yet." in nps("status", "--home", home).out
    assert "Nothing is published yet" in refused("query", "select 1", "--home", home)
    night(home)
    assert published(home, "from marts.fct_nps") == []
    assert night(home).out.startswith("Nothing to do")


def test_there_is_no_second_init(shops: Path) -> None:
    settings = (shops / "nps.yaml").read_bytes()
    assert "There already is a workspace" in refused("init", shops)
    assert (shops / "nps.yaml").read_bytes() == settings


@pytest.mark.parametrize(
    "command", [("run",), ("status",), ("query", "select 1"), ("rejects",), ("backfill", "2025-01", "2025-02")]
)
def test_without_a_workspace_every_command_says_how_to_make_one(tmp_path: Path, command: tuple[str, ...]) -> None:
    said = refused(*command, "--home", tmp_path / "nowhere")
    nowhere = tmp_path / "nowhere"
    assert said == f"There is no workspace in {nowhere}: nps.yaml is missing. Make one with: nps init {nowhere}\n"


def test_without_a_key_nobody_gets_a_pseudonym(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", SHOPS)
    (home / "identity.key").unlink()
    assert "There is no key for pseudonyms. Set NPS_KEY" in refused("run", "--home", home)
    (home / "identity.key").write_text("secret\n", "utf-8")
    assert "too short" in refused("run", "--home", home)


# Mistakes in nps.yaml

YAML = """\
timezone: Europe/Zagreb
sources:
  shops:
    kind: csv
    metric: nps
    files: landing/shops/*.csv
    delivery: snapshot
    columns: {score: s, responded_at: d}
"""
MISTAKES = {
    "an unknown key": (YAML + "    scael: 0-10\n", "line 9: sources.shops.scael: is no setting known here"),
    "an unknown scale": (
        YAML + "    scale: 0-5\n",
        "line 9: sources.shops.scale: '0-5' is no scale; allowed: 0-10, 1-10",
    ),
    "an unknown kind": (YAML.replace("csv\n", "cvs\n", 1), "line 4: sources.shops.kind: 'cvs' is not allowed"),
    "an unknown zone": (YAML.replace("Europe/", ""), "line 1: timezone: 'Zagreb' is no IANA time zone"),
    "an unknown column": (YAML.replace("{score: s", "{score: s, brnch: b"), "line 8: sources.shops.columns.brnch:"),
    "an unknown encoding": (YAML + "    encoding: klingon\n", "line 9: sources.shops.encoding: 'klingon' is no known"),
    "a missing key": (YAML.replace("    delivery: snapshot\n", ""), "line 3: sources.shops.delivery: is missing"),
    "no score": (YAML.replace("score: s, ", ""), "line 3: sources.shops: columns must name the score"),
    "no date": (
        YAML.replace(", responded_at: d", ""),
        "line 3: sources.shops: nothing says when the answers were given",
    ),
    "a path outside": (YAML.replace("landing", ".."), "line 6: sources.shops.files: '../shops/*.csv' must be a path"),
    "a name for files": (YAML.replace("shops:", "Shops!:"), "line 2: sources: 'Shops!' cannot be a source's name"),
    "a bad pattern": (YAML + "    file_name: '(('\n", "line 9: sources.shops.file_name: '((' is no regular expression"),
    "too large a share": (
        YAML + "    max_reject_share: 2\n",
        "line 9: sources.shops.max_reject_share: 2 is not allowed",
    ),
    "too small a group": (YAML + "minimum_group: 1\n", "line 9: minimum_group: 1 is not allowed: it should be greater"),
    "a bad date format": (
        YAML + "    dates: {formats: [dd.mm.yyyy]}\n",
        "line 9: sources.shops.dates.formats.0: 'dd.mm.yyyy' is no date format",
    ),
    "a bad month": (YAML + "history_from: 2024-13\n", "line 9: history_from: '2024-13' is no month"),
    "a bad schedule": (
        YAML + "nightly: {cron: every night}\n",
        "line 9: nightly.cron: 'every night' is no cron schedule",
    ),
    "a text for keys": (YAML + "gates: none\n", "line 9: gates: 'none' is not allowed: here should stand keys"),
    "a member without key": (
        YAML + "dimensions: {branches: {kind: csv, files: b.csv, columns: {name: n}}}\n",
        "line 9: dimensions.branches: branches.columns must name branch",
    ),
    "a key twice": (YAML + "    kind: csv\n", "line 9: kind stands here a second time"),
    "no YAML": (YAML + "  : : [\n", "line 9, column 3: this is no valid YAML"),
    "a program in YAML": ("a: !!python/object:os.system x\n", "line 1, column 4: this is no valid YAML"),
    "a knot": ("timezone: UTC\nsources: &a {b: *a}\n", "something in it refers to itself"),
    "no text": ("\ufeff", "line 1: timezone: is missing"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_configuration_is_named_with_its_line_and_key(tmp_path: Path, mistake: str) -> None:
    text, sentence = MISTAKES[mistake]
    (tmp_path / "nps.yaml").write_text(text, "utf-8")
    said = refused("run", "--home", tmp_path)
    assert sentence in said
    assert str(tmp_path / "nps.yaml") in said


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "nps.yaml").write_text(YAML + "    scale: 3\n    foo: 1\nbar: 2\n", "utf-8")
    said = refused("status", "--home", tmp_path)
    assert "has 3 mistakes" in said
    assert [f"line {line}:" in said for line in (9, 10, 11)] == [True] * 3


def test_a_mistake_gives_no_traceback_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "nps.yaml").write_text(YAML + "    scael: 0-10\n", "utf-8")
    command = [sys.executable, "-m", "pipelines.cli.main", "run", "--home", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


# Questions


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("selec 1", 'syntax error at or near "selec"'),
        ("from marts.nowhere", "nowhere does not exist"),
        ("create table t as select 1", "Only statements that read"),
        ("from read_csv('/etc/hosts')", "disabled by configuration"),
        ("  ", "Nothing was asked"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(shops: Path, sql: str, sentence: str) -> None:
    assert sentence in refused("query", sql, "--home", shops)


def test_a_question_is_answered_for_people_and_for_programs(shops: Path) -> None:
    sql = "select branch, responses, nps from marts.nps_by_branch where period_grain = 'year'"
    told = nps("query", sql, "--home", shops)
    assert told.code == 0
    assert [word for word in ("branch", "responses", "ZG", "38") if word not in told.out] == []
    [row] = nps("query", sql, "--json", "--home", shops).document
    assert row == {"branch": "ZG", "responses": 38, "nps": pytest.approx(100 * 2 / 38)}


def test_a_wide_answer_is_not_cut_off_in_a_pipe(shops: Path) -> None:
    told = nps("query", f"select {', '.join(f'{n} as a_rather_long_name_{n}' for n in range(20))}", "--home", shops)
    assert "a_rather_long_name_19" in told.out
    assert "…" not in told.out


# Rejected rows

REJECTED = [
    (40, "score", "score_unreadable", "xxxxxx"),
    (41, "score", "score_unreadable", "=1+1"),
    (42, "score", "score_unreadable", "xxx.xxxxxx@xxxxxxx.xxx"),
    (43, "responded_at", "date_unreadable", "9999999999"),
    (44, "score", "score_out_of_scale", "12"),
]


def test_rejects_names_row_column_reason_and_masked_value(shops: Path) -> None:
    rows = nps("rejects", "--json", "--home", shops).document
    assert [(row["source_row"], row["column"], row["reason"], row["value"]) for row in rows] == REJECTED
    assert {(row["source"], row["path"], row["outcome"]) for row in rows} == {
        ("shops", "landing/shops/january [1].csv", "rejected")
    }


def test_rejects_as_a_table_shows_every_row_and_their_sum(shops: Path) -> None:
    said = nps("rejects", "--home", shops).out
    assert [str(value) for row in REJECTED for value in row if str(value) not in said] == []
    assert "In all" in said
    assert "january [1].csv" in said


def test_rejects_as_csv_is_safe_to_open_in_a_spreadsheet(shops: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(nps("rejects", "--csv", "--home", shops).out)))
    assert [row["value"] for row in rows] == ["xxxxxx", "'=1+1", "xxx.xxxxxx@xxxxxxx.xxx", "9999999999", "12"]


def test_rejects_of_a_month_or_a_source(shops: Path) -> None:
    february = nps("rejects", "--month", "2025-02", "--json", "--home", shops).document
    assert [row["source_row"] for row in february] == [42, 44]
    assert nps("rejects", "--source", "calls", "--json", "--home", shops).document == []
    assert nps("rejects", "--source", "calls", "--home", shops).out == "No row was rejected or excluded.\n"
    assert "There is no source 'shopz'; there are: calls" in refused("rejects", "--source", "shopz", "--home", shops)
    assert "'2025-13' is no month" in refused("rejects", "--month", "2025-13", "--home", shops)


# Status


def test_status_tells_what_waits_and_what_is_in(shops: Path) -> None:
    status = nps("status", "--json", "--home", shops).document
    assert (status["pending"], status["stale_months"], status["not_in"]) == ([], [], [])
    [about] = [row for row in status["sources"] if row["source"] == "shops"]
    assert (about["files"], about["rows_read"], about["accepted"], about["rejected"]) == (1, 43, 38, 5)
    assert (about["first_month"], about["last_month"]) == ("2025-01", "2025-02")
    assert "unanswered" in nps("status", "--home", shops).out


def test_status_names_a_file_that_waits(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", SHOPS)
    land(home, "calls/a.csv", "score,date,branch,comment\n9,2025-01-10,ZG,\n")
    assert nps("status", "--json", "--home", home).document["pending"] == [
        {"source": "calls", "path": "landing/calls/a.csv"}
    ]
    assert "  landing/calls/a.csv (calls)" in nps("status", "--home", home).out


def test_a_pattern_that_matches_nothing_and_a_file_of_two_sources_are_told(tmp_path: Path) -> None:
    twice = {"shops": source("shops"), "again": source("again", files="landing/*/a.csv"), "none": source("nowhere")}
    home = workspace(tmp_path / "workspace", {"sources": twice})
    land(home, "shops/a.csv", "score,date\n9,2025-01-10\n")
    told = nps("run", "--home", home).out
    assert "No file of landing matches files of none: landing/nowhere/*." in told
    assert "landing/shops/a.csv belongs to again and to shops, with the same score" in told
    assert "No file of landing matches files of none" in nps("run", "--home", home).out
    assert len(nps("status", "--json", "--home", home).document["odd"]) == 2


def test_a_pattern_with_the_wrong_strokes_is_told_what_to_write(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", {"sources": {"shops": source("shops", files="landing\\shops\\*.csv")}})
    assert "landing\\shops\\*.csv. Write / in place of \\." in nps("status", "--home", home).out


def test_a_port_that_there_cannot_be_is_a_mistake(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", SHOPS)
    told = nps("ui", "--home", home, "--port", "99999")
    assert told.code == 2
    assert "port" in told.err
    assert "The UI:" not in told.said


def test_a_history_that_begins_in_the_future_empties_nothing(tmp_path: Path) -> None:
    settings = {"sources": {"web": source("web")}, "gates": {"max_reject_share": 1}}
    home = workspace(tmp_path / "home", settings)
    land(home, "web/a.csv", "score,date\n9,2025-01-03\n")
    night(home)
    configure(home, {**settings, "history_from": "2999-01"})
    told = nps("run", "--home", home)
    assert told.code == 2
    assert "history_from of nps.yaml is 2999-01" in told.err
    assert published(home, "select sum(responses) from marts.fct_nps") == [(1,)]


def test_a_clock_that_is_far_behind_is_told_before_anything_is_written(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", {"sources": {"shops": source("shops")}})
    land(home, "shops/a.csv", "score,date\n9,2025-01-10\n")
    night(home)
    land(home, "shops/b.csv", "score,date\n8,2025-01-11\n", day=2)
    with unrecorded():
        report = run_night(Context(open_workspace(home), clock=lambda: datetime(2024, 12, 1, tzinfo=UTC)))
    assert (report.outcome, report.exit_code) == ("stopped", 1)
    assert "Set the clock right" in report.errors[0]
    night(home)
    assert counts(home, "shops") == (1, 1, 0)


def test_a_clock_that_was_ahead_once_stops_no_night_and_what_it_judged_is_judged_again(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", {"sources": {"shops": source("shops")}})
    now = datetime.now(UTC)
    soon = now + timedelta(days=70)
    land(
        home, "shops/a.csv", f"score,date\n9,2025-01-10\n9,2025-01-11\n9,2025-01-12\n9,2025-01-13\n2,{soon:%Y-%m-%d}\n"
    )
    with unrecorded():
        ahead = run_night(Context(open_workspace(home), clock=lambda: now + timedelta(days=80)))
    assert (ahead.outcome, ahead.files_in) == ("published", 1)
    assert counts(home, "shops") == (4, 0, 1)
    land(home, "shops/b.csv", "score,date\n8,2025-01-11\n", day=2)
    told = nps("run", "--home", home)
    assert (told.code, "2 files taken in" in told.out, "it was ahead then" in told.out) == (0, True, True), told.said
    assert counts(home, "shops") == (4, 1, 0)
    assert "Nothing to do" in night(home).out


def test_what_a_clock_that_was_behind_rejected_as_future_is_judged_again(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", {"sources": {"shops": source("shops")}})
    land(home, "shops/a.csv", "score,date\n9,2025-05-10\n")
    with unrecorded():
        behind = run_night(Context(open_workspace(home), clock=lambda: datetime(2025, 5, 1, tzinfo=UTC)))
    assert [file["status"] for file in behind.not_in] == ["held"]
    night(home)
    assert counts(home, "shops") == (1, 0, 0)


def test_what_it_rejected_is_judged_again_though_the_file_says_it_was_older(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", {"sources": {"shops": source("shops", max_reject_share=1)}})
    land(home, "shops/a.csv", "score,date\n9,2025-01-10\n", day=-150)
    night(home)
    land(home, "shops/b.csv", "score,date\n3,2025-01-11\n3,2025-05-10\n", day=-149)
    with unrecorded():
        behind = run_night(Context(open_workspace(home), clock=lambda: datetime(2025, 5, 1, tzinfo=UTC)))
    assert (behind.files_in, behind.rows_rejected) == (2, 1)
    assert "1 file taken in" in night(home).out
    assert counts(home, "shops") == (1, 0, 2)
    assert "Nothing to do" in night(home).out


# Gates that stop a night


def test_a_survey_of_employees_by_department_alone_fails_no_gate_of_branches(tmp_path: Path) -> None:
    staff = source("staff", metric="enps", columns={"score": "score", "responded_at": "date", "department": "team"})
    by_branch = {**staff, "columns": {**staff["columns"], "branch": "shop"}}
    sources = SHOPS["sources"]
    careful: Settings = {**SHOPS, "gates": {"min_match_rate": 0.9}}
    home = workspace(tmp_path / "workspace", {**careful, "sources": {**sources, "staff": staff}})
    land(home, "crm/branches.csv", "code\nZG\n")
    land(home, "shops/a.csv", "score,date,branch,comment\n9,2025-01-10,ZG,\n")
    land(home, "staff/a.csv", "score,date,team,shop\n" + "9,2025-01-10,IT,elsewhere\n" * 9)
    night(home)

    configure(home, {**careful, "sources": {**sources, "staff": by_branch}})
    assert "Months and sources: 2025-01 staff (9 rows)." in nps("run", "--home", home).err


def test_a_failed_gate_leaves_the_last_file_and_names_the_rule(tmp_path: Path) -> None:
    careful: Settings = {**SHOPS, "gates": {"min_match_rate": 0.9}}
    home = workspace(tmp_path / "workspace", careful)
    land(home, "crm/branches.csv", "code\nZG\n")
    land(home, "shops/a.csv", "score,date,branch,comment\n9,2025-01-10,ZG,\n")
    night(home)
    before = (home / "published" / "nps.duckdb").read_bytes()

    land(home, "shops/b.csv", "score,date,branch,comment\n9,2025-01-10,XX,\n9,2025-01-11,XX,\n", day=2)
    told = nps("run", "--home", home)
    assert (told.code, told.out) == (1, "")
    assert "Nothing was published; the last published file stands." in told.err
    assert "responses: enough_branches_are_known failed (2 rows)." in told.err
    assert (
        "Fewer than 90% of a month's answers about the own brand have a known branch (min_match_rate of nps.yaml)."
        in told.err
    )
    assert "Months and sources: 2025-01 shops (2 rows)." in told.err
    assert (home / "published" / "nps.duckdb").read_bytes() == before

    again = nps("run", "--json", "--home", home)
    assert again.code == again.document["exit_code"] == 1
    [rule] = again.document["failed_rules"]
    assert (rule["stage"], rule["rule"]) == ("responses", "enough_branches_are_known")
    assert nps("status", "--json", "--home", home).document["stale_months"] == ["2025-01"]
    assert (home / "published" / "nps.duckdb").read_bytes() == before

    land(home, "crm/branches.csv", "code\nZG\nXX\n", day=3)
    night(home)
    assert by(home, "shops", "branch") == {"XX": (2, 0, 0), "ZG": (1, 0, 0)}


# Backfills


def test_a_backfill_that_makes_no_sense_is_refused(shops: Path) -> None:
    def backfill(*months: str) -> str:
        return refused("backfill", *months, "--home", shops)

    assert backfill("2025-03", "2025-01") == "The last month, 2025-01, is before the first, 2025-03.\n"
    assert backfill("January", "2025-01") == "'January' is no month; a month is written 2025-01.\n"
    assert "from 2000-01 (history_from of nps.yaml) to " in backfill("1999-12", "2025-01")
    assert "from 2000-01 (history_from of nps.yaml) to " in backfill("2025-01", "2199-01")
    assert "Missing argument" in backfill("2025-01")


def test_a_backfill_changes_nothing_when_nothing_changed(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", SHOPS)
    land(home, "crm/branches.csv", "code\nZG\n")
    land(home, "shops/january.csv", "score,date,branch,comment\n9,2025-01-10,ZG,\n")
    land(home, "shops/february.csv", "score,date,branch,comment\n3,2025-02-10,ZG,\n")
    night(home)
    before = marts(home)

    assert nps("backfill", "2025-01", "2025-02", "--home", home).code == 0
    assert marts(home) == before

    reread = nps("backfill", "2025-01", "2025-01", "--reingest", "--json", "--home", home)
    assert (reread.code, reread.document["files_in"]) == (0, 1)
    assert marts(home) == before
    assert counts(home, "shops") == (1, 0, 1)
    status = nps("status", "--json", "--home", home).document
    assert (status["pending"], status["stale_months"]) == ([], [])
    assert night(home).out.startswith("Nothing to do")


# Documents


def test_a_night_says_how_many_rows_were_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    show.night(NightReport("published", rows_rejected=3, files_with_rejected=1), "nps.duckdb")
    assert "3 rows of 1 file were rejected, and count nowhere. Which, and why: nps rejects\n" in capsys.readouterr().out


def test_a_night_tells_programs_what_it_did(tmp_path: Path) -> None:
    settings = {"sources": {"shops": source("shops")}, "gates": {"max_reject_share": 0.5}}
    home = workspace(tmp_path / "workspace", settings)
    land(home, "shops/good.csv", "score,date\n9,2025-01-10\n11,2025-01-11\n")
    land(home, "shops/bad.csv", "mark,date\n9,2025-01-10\n")
    told = nps("run", "--json", "--home", home)
    assert told.code == told.document["exit_code"] == 3
    assert (told.document["outcome"], told.document["files_in"], told.document["months_rebuilt"]) == ("published", 1, 1)
    assert (told.document["rows_rejected"], told.document["files_with_rejected"]) == (1, 1)
    [bad] = told.document["not_in"]
    assert (bad["source"], bad["path"], bad["reason"]) == ("shops", "landing/shops/bad.csv", "file_layout")
    assert told.document["database"] == str(home / "published" / "nps.duckdb")

    configure(home, {**settings, "minimum_group": 7})
    assert nps("run", "--json", "--home", home).document["outcome"] == "published"
    assert nps("run", "--json", "--home", home).document["outcome"] == "nothing to do"


def test_help_is_there_for_every_command() -> None:
    commands = typer.main.get_group(app).commands
    assert len(commands) > 10
    for command in commands:
        told = nps(command, "--help")
        assert told.code == 0
        assert f"nps {command}" in told.out


@pytest.mark.parametrize("arguments", [("frobnicate",), ("run", "--nope"), ("backfill", "2025-01"), ("query",)])
def test_a_mistyped_command_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert "Usage: nps" in refused(*arguments)


@pytest.fixture
def hangs_up() -> Iterator[None]:
    """As from a terminal, whatever these tests themselves were told to outlive."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangs_up")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_stops_a_command_is_told_that_what_was_finished_is_kept(
    ending: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        signal.raise_signal(ending)

    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    monkeypatch.setattr("pipelines.cli.nights.opened", stopped)
    told = nps("run", "--home", home)
    assert told.code == 130
    assert told.err == "Stopped. What was finished is kept; the next run goes on from there.\n"


def test_what_was_told_to_outlive_its_terminal_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hung_up(*_: object) -> None:
        signal.raise_signal(signal.SIGHUP)
        raise UserError("It went on.")

    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    monkeypatch.setattr("pipelines.cli.nights.opened", hung_up)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        told = nps("run", "--home", home)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert (told.code, told.err) == (2, "It went on.\n")


def test_a_full_disk_is_told_with_what_to_do_also_where_nobody_knows_which(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), in_sentences():
        raise OSError(errno.ENOSPC, "No space left on device")
    said = capsys.readouterr().err
    assert "A disk is full" in said
    assert "Make room, and type it again." in said


def test_letters_that_a_terminal_does_not_have_are_escaped() -> None:
    raw = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(raw, "latin-1")), in_sentences():
        sys.stdout.write("Čakovec, Pécs\n")
        sys.stdout.flush()
        assert raw.getvalue().decode("latin-1") == "\\u010cakovec, Pécs\n"


@pytest.mark.parametrize(
    "twice", ["explain --branch A --branch=B", "report --month 1 --month 2", "run --home x --home y"]
)
def test_an_option_of_one_value_is_given_once(twice: str) -> None:
    assert "is given more than once; it takes one value" in refused(*twice.split())
