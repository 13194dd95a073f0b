"""The gates: each rule lets clean data through and catches what it is there for, and tells nobody's secrets."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from expectations import check as checks
from expectations.check import GateBrokenError, Verdict
from expectations.loading import load
from expectations.rules import Rule
from expectations.suites import fact_suite, file_suite, published_suite, response_suite
from transforms.scores.scales import SCALES

EMAIL = "anna.kovac@example.com"


def possible_scores() -> dict[str, list[int]]:
    """The scores on 0-10 that each declared scale can yield."""
    return {
        scale.name: pl.select(scale.on_0_10(pl.int_range(min(scale.answers), max(scale.answers) + 1)))
        .to_series()
        .to_list()
        for scale in SCALES.values()
    }


GATES: dict[str, tuple[Rule, ...]] = {
    "files": file_suite(scales=possible_scores(), earliest=date(2000, 1, 1), latest=date(2026, 12, 1)),
    "responses": response_suite(min_match_rate=0.5),
    "facts": fact_suite(),
    "published": published_suite(minimum_group=5, max_restatement=2),
}

CLEAN = {
    "files": """
        create table score_profile as select * from (values
            ('f1', '0-10', 0, date '2024-03-01', 40),
            ('f1', '0-10', 8, date '2024-03-01', 50),
            ('f2', '1-10', 6, date '2024-04-01', 60),
            ('f2', '1-10', 10, date '2024-04-01', 70)
        ) _(load_id, scale, score, month, answers);
        create table file_counts as select * from (values
            ('shops', 'f1', 100, 90, 5, 2, 3, 0.03, 0.2, 0, 90, 5, 0, 0, 0, 0, 0),
            ('calls', 'f2', 200, 130, 60, 0, 10, 0.05, 0.2, 0, 130, 10, 0, 0, 0, 0, 0)
        ) _(source, load_id, rows_read, accepted, unanswered, excluded, rejected, reject_share, max_reject_share,
            unbalanced, staged_rows, rejected_rows, missing_rows, incomplete, zeros, small_answers,
            half_swapped);
    """,
    "responses": """
        create table month_counts as select * from (values
            (date '2024-03-01', '2024-03 shops', 90, 80, 10, 0, 0, 0, 0.9::double, 8, 0, 0),
            (date '2024-04-01', '2024-04 shops', 130, 130, 0, 0, 0, 0, 0.5, 65, 0, 0)
        ) _(month, part, answers, responses, superseded, missing, other_rows, miscounted, match_rate, unmatched,
            out_of_range, wrong_category);
    """,
    "facts": """
        create table fact_counts as select * from (values
            ('2024-03', 80, 80, 0, 0), ('2024-04', 130, 130, 0, 0)
        ) _(part, responses_in_facts, responses, missing, inconsistent);
    """,
    "published": """
        create table published_counts as select * from (values
            ('nps_overall', 10, 7, 2, 1, 60.0::double, null, 1), ('nps_by_branch', 5, 4, 1, 0, 80, null, 2),
            ('fct_nps', 5, 4, 1, 0, null, null, 2), ('enps_overall', 5, 0, 0, 5, -100, 5, 1)
        ) _(mart, responses, promoters, passives, detractors, nps, employees, groups);
        create table published_changes (figure varchar, points double);
        insert into published_changes values ('nps_overall year', 2), ('nps_overall month', 0);
        create table published_sums as select * from (values
            ('fct_nps against responses', 210, 210, 0), ('branches against overall', 210, 210, 0)
        ) _(name, expected, found, difference);
    """,
}

#: What is done to clean data, which rule must fail, and how many rows it must tell of.
PLANTED = [
    ("files", "update score_profile set score = 11 where answers = 70", "scores_lie_between_0_and_10", 70),
    ("files", "update score_profile set score = -1 where answers in (60, 70)", "scores_lie_between_0_and_10", 130),
    ("files", "update score_profile set score = 5 where answers = 60", "scores_lie_within_their_scale", 60),
    ("files", "update score_profile set scale = 'stars' where answers = 50", "scores_lie_within_their_scale", 50),
    ("files", "update score_profile set month = date '1999-12-01' where answers = 40", "months_are_plausible", 40),
    ("files", "update score_profile set month = date '2027-01-01' where answers = 40", "months_are_plausible", 40),
    *(("files", f"update score_profile set {column} = null where answers = 40", "score_profile_is_known", 40)
      for column in ("month", "score", "scale")),
    ("files", "update file_counts set incomplete = 4 where source = 'calls'", "answers_are_complete", 4),
    ("files", "update file_counts set reject_share = 0.21, rejected = 21", "rejected_share_is_bearable", 42),
    ("files", "update file_counts set rows_read = 107, unbalanced = 7 where source = 'shops'",
     "every_row_is_accounted_for", 7),
    ("files", "update file_counts set staged_rows = 88, missing_rows = 2 where source = 'shops'",
     "accepted_rows_are_in_the_lake", 2),
    *(("files", f"update file_counts set {column} = null where source = 'shops'", "file_counts_is_known", 1)
      for column in ("staged_rows", "incomplete", "zeros", "rejected")),
    ("files", "update file_counts set rejected_rows = 0, missing_rows = 5 where source = 'shops'",
     "refused_rows_are_in_the_lake", 5),
    ("files", "update file_counts set zeros = 7 where source = 'calls'", "data_agree_with_their_scale", 7),
    ("files", "update file_counts set half_swapped = 9 where source = 'calls'", "dates_are_not_half_swapped", 9),
    ("files", "update file_counts set small_answers = 50 where source = 'calls'", "answers_use_their_scale", 50),
    ("responses", "update month_counts set superseded = 8, missing = 2 where responses = 80",
     "every_answer_is_accounted_for", 2),
    *(("responses", f"update month_counts set {column} = null where month = date '2024-03-01'", "month_counts_is_known", 1)
      for column in ("superseded", "answers", "out_of_range")),
    ("responses", "update month_counts set other_rows = 6 where responses = 80", "every_answer_counts_once", 6),
    ("responses", "update month_counts set miscounted = 4 where responses = 80", "every_file_knows_what_counts", 4),
    ("responses", "update month_counts set out_of_range = 9 where responses = 80",
     "responses_lie_between_0_and_10", 9),
    ("responses", "update month_counts set wrong_category = 3 where responses = 80",
     "response_categories_follow_from_scores", 3),
    ("responses", "update month_counts set match_rate = 0.49, unmatched = 41 where responses = 80",
     "enough_branches_are_known", 41),
    ("facts", "update fact_counts set responses_in_facts = 79, missing = 1 where responses = 80",
     "facts_hold_every_response", 1),
    ("facts", "update fact_counts set responses_in_facts = 84, missing = -4 where responses = 80",
     "facts_hold_every_response", 4),
    ("facts", "update fact_counts set inconsistent = 2", "fact_groups_add_up", 4),
    ("facts", "update fact_counts set responses = null where responses = 80", "fact_counts_is_known", 1),
    ("published", "update published_counts set nps = 100.01 where nps = 80", "published_scores_are_in_points", 2),
    ("published", "update published_counts set nps = -100.01 where nps = -100", "published_scores_are_in_points", 1),
    ("published", "update published_counts set nps = 'nan'::double where nps = 80",
     "published_scores_are_in_points", 2),
    ("published", "update published_counts set promoters = 5", "published_groups_add_up", 6),
    ("published", "update published_counts set detractors = null where responses = 10", "published_counts_is_known", 1),
    ("published", "update published_counts set employees = 4 where employees = 5", "small_groups_are_hidden", 1),
    ("published", "delete from published_sums", "sums_were_compared", 0),
    ("published", "update published_sums set found = 207, difference = 3 where name like 'fct%'", "sums_agree", 3),
    ("published", "update published_changes set points = 2.01 where points = 2", "restatements_are_small", 1),
    ("published", "update published_sums set found = null, difference = null", "published_sums_is_known", 2),
]  # fmt: skip


def database(folder: Path, gate: str, *changes: str) -> Path:
    """A database with clean data for a gate, and then the changes made to it."""
    path = folder / "gate.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statements in (CLEAN[gate], *changes):
            connection.execute(statements)
    return path


def check(database: Path, rules: Sequence[Rule]) -> list[Verdict]:
    """The verdicts on a database file, which is opened for that."""
    with duckdb.connect(str(database)) as connection:
        return checks.check(connection, rules)


def failures(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """The rules that failed, and the rows that they tell of."""
    return {verdict.rule.name: verdict.rows for verdict in verdicts if not verdict.passed}


@pytest.mark.parametrize("gate", GATES)
def test_clean_data_pass_every_rule(gate: str, tmp_path: Path) -> None:
    verdicts = check(database(tmp_path, gate), GATES[gate])
    assert [verdict.rule for verdict in verdicts] == list(GATES[gate])
    assert failures(verdicts) == {}
    assert {verdict.rows for verdict in verdicts} == {0}


@pytest.mark.parametrize(("gate", "change", "rule", "rows"), PLANTED)
def test_a_rule_catches_what_it_is_there_for(gate: str, change: str, rule: str, rows: int) -> None:
    asked = [each for each in GATES[gate] if each.name == rule]
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(CLEAN[gate])
        connection.execute(change)
        assert failures(checks.check(connection, asked)) == {rule: rows}


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for _, _, rule, _ in PLANTED} == {rule.name for rules in GATES.values() for rule in rules}


def test_rules_can_be_names_of_checks_and_speak_in_sentences() -> None:
    names = [rule.name for rules in GATES.values() for rule in rules]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    assert all(re.fullmatch(r"[A-Za-z].*\.", rule.says) for rules in GATES.values() for rule in rules)


def test_all_rules_are_judged_whatever_fails(tmp_path: Path) -> None:
    path = database(tmp_path, "files", "update score_profile set score = 11", "update file_counts set rows_read = 1")
    verdicts = check(path, GATES["files"])
    assert len(verdicts) == len(GATES["files"])
    assert {"scores_lie_between_0_and_10", "every_row_is_accounted_for"} <= failures(verdicts).keys()


def test_a_rule_about_files_names_those_that_break_it(tmp_path: Path) -> None:
    changes = ("update score_profile set score = 11 where answers in (40, 50)", "update file_counts set rows_read = 1")
    verdicts = {each.rule.name: each.by for each in check(database(tmp_path, "files", *changes), GATES["files"])}
    assert verdicts["scores_lie_between_0_and_10"] == {"f1": 90}
    assert verdicts["every_row_is_accounted_for"] == {"f1": 1, "f2": 1}
    assert verdicts["answers_are_complete"] == {}


def test_an_nps_of_no_answers_is_no_mistake(tmp_path: Path) -> None:
    empty = "insert into published_counts values ('nps_overall', 0, 0, 0, 0, null, null, 1)"
    assert failures(check(database(tmp_path, "published", empty), GATES["published"])) == {}


def test_a_file_without_rows_has_no_share_of_rejected_ones(tmp_path: Path) -> None:
    empty = "insert into file_counts values ('shops', 'f3', 0, 0, 0, 0, 0, null, 0.2, 0, 0, 0, 0, 0, 0, 0, 0)"
    assert failures(check(database(tmp_path, "files", empty), GATES["files"])) == {}


def test_nothing_staged_is_no_mistake(tmp_path: Path) -> None:
    path = database(tmp_path, "files", "delete from score_profile", "delete from file_counts")
    assert failures(check(path, GATES["files"])) == {}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("alter table month_counts drop column out_of_range", "responses_lie_between_0_and_10"),
        ("drop table month_counts", "every_answer_is_accounted_for"),
        (f"alter table month_counts alter answers type varchar; update month_counts set answers = '{EMAIL}'",
         "every_answer_is_accounted_for"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_judged_breaks_the_gate_instead_of_failing(
    change: str, rule: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    path = database(tmp_path, "responses", change)
    with pytest.raises(GateBrokenError, match=rf"{rule} could not be judged.*month_counts") as broken:
        check(path, GATES["responses"])
    assert broken.value.rule == rule
    assert EMAIL not in f"{broken.value}{capfd.readouterr()}{caplog.text}"
    duckdb.connect(str(path)).close()


def test_a_view_whose_files_are_gone_breaks_the_gate(tmp_path: Path) -> None:
    parquet = tmp_path / "facts.parquet"
    view = f"copy fact_counts to '{parquet}'; drop table fact_counts; create view fact_counts as from '{parquet}'"
    path = database(tmp_path, "facts", view)
    assert failures(check(path, GATES["facts"])) == {}
    parquet.unlink()
    with pytest.raises(GateBrokenError, match="IO Error"):
        check(path, GATES["facts"])


def test_no_value_of_a_cell_leaves_the_gate(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    contradiction = f"update file_counts set source = '{EMAIL}', zeros = 7"
    verdicts = check(
        database(tmp_path, "files", f"update score_profile set scale = '{EMAIL}'", contradiction), GATES["files"]
    )
    assert "scores_lie_within_their_scale" in failures(verdicts)
    assert EMAIL not in f"{verdicts}{capfd.readouterr()}{caplog.text}"
    assert capfd.readouterr() == ("", "")


def test_views_over_parquet_are_judged_like_tables(tmp_path: Path) -> None:
    answers = pl.DataFrame({"month": [date(2024, 3, 1)] * 7, "score": [0, 3, 10, 11, 12, 9, 7]})
    answers[:4].write_parquet(tmp_path / "answers-1.parquet")
    answers[4:].write_parquet(tmp_path / "answers-2.parquet")
    path = tmp_path / "scratch.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create view answers as from read_parquet('{tmp_path}/answers-*.parquet')")
    in_range = Rule("scores", "answers", "ExpectColumnValuesToBeBetween",
                    {"column": "score", "min_value": 0, "max_value": 10}, "A score lies outside 0-10.")  # fmt: skip
    (verdict,) = check(path, [in_range])
    assert (verdict.passed, verdict.rows, verdict.observed) == (False, 2, "2 of 7 rows of answers")


def test_the_file_can_be_moved_and_written_right_after_the_check(tmp_path: Path) -> None:
    path = database(tmp_path, "published", "update published_counts set nps = 101")
    check(path, GATES["published"])
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name]
    descriptors = Path("/proc/self/fd")
    if descriptors.exists():
        assert str(path) not in {str(each.readlink()) for each in descriptors.iterdir() if each.is_symlink()}
    target = tmp_path / "nps.duckdb"
    path.replace(target)
    with duckdb.connect(str(target)) as connection:
        connection.execute("update published_counts set nps = 60")
    assert failures(check(target, GATES["published"])) == {}


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "of $HOME, 100% #1"
    folder.mkdir()
    assert failures(check(database(folder, "facts"), GATES["facts"])) == {}


def test_two_rules_of_one_name_are_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one name"):
        check(database(tmp_path, "facts"), [*GATES["facts"], *GATES["facts"]])


def told_by(statements: str) -> str:
    """What a Python of its own says, in which nothing is imported yet."""
    return subprocess.run([sys.executable, "-c", statements], capture_output=True, text=True, check=True).stdout.strip()


def test_rules_and_checks_are_light_until_something_is_checked() -> None:
    heavy = "{'great_expectations', 'polars'} & {*sys.modules}"
    assert told_by(f"import sys, expectations.check, expectations.suites; print({heavy})") == "set()"


def test_what_no_rule_needs_is_loaded_when_something_asks_for_it() -> None:
    statements = """
import sys
from expectations.loading import load
load()
print({"scipy.stats._stats_py", "altair.vegalite"} & {*sys.modules})
from scipy import stats
import altair
print(stats.norm.cdf(0), altair.Chart.__name__, "altair.vegalite" in sys.modules)
"""
    assert told_by(statements).splitlines() == ["set()", "0.5 Chart True"]


FIELDS_OF_MODELS = """
import hashlib, re
LOADING
import great_expectations
from pydantic.v1 import BaseModel

def models_of(model):
    for each in model.__subclasses__():
        yield each
        yield from models_of(each)

def told(field):
    about = field.field_info
    parts = [told(part) for part in field.sub_fields or []] + ([told(field.key_field)] if field.key_field else [])
    validators = [getattr(each, "__qualname__", type(each).__name__) for each in field.validators or []]
    return field.name, field.alias, field.required, field.allow_none, str(field.outer_type_), parts, validators, (
        field.model_config.__qualname__, repr(about.default), about.alias, about.title, about.description, about.const)

models = {f"{model.__module__}.{model.__qualname__}": {name: told(f) for name, f in model.__fields__.items()}
          for model in models_of(BaseModel) if model.__module__.startswith("great_expectations")}
said = re.sub(" at 0x[0-9a-f]+", "", repr(sorted(models.items())))
print(len(models), hashlib.sha256(said.encode()).hexdigest())
"""


def test_what_is_loaded_cheaply_is_the_same() -> None:
    cheaply = told_by(FIELDS_OF_MODELS.replace("LOADING", "from expectations.loading import load; load()"))
    assert int(cheaply.split()[0]) > 100
    assert cheaply == told_by(FIELDS_OF_MODELS.replace("LOADING", ""))


def test_loading_ahead_leaves_the_process_as_it_was() -> None:
    load()
    assert gc.isenabled()
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"  # it keeps what it knows to itself
