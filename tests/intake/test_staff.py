"""From nps.yaml to figures: employees by manager and by what else their sources say of them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from random import Random

import polars as pl
import pytest

from pipelines.recipes.digests import publish_settings
from pipelines.recipes.figures import response_rules
from pipelines.recipes.months import business_day
from pipelines.stages.publish import is_published
from tests.support import nights
from tests.support.scenario import configure, land, night, nps, published, source, taken_in, workspace
from transforms.texts.identity import pseudonym
from warehouse.lake.store import Lake
from warehouse.months.plan import make_plan, publication_inputs
from warehouse.published.waves import closed_waves

PEOPLE = 384
COLUMNS = {
    "score": "score", "responded_at": "date", "respondent": "Who", "branch": "Branch", "department": "Team",
    "manager": "Boss", "tenure": "Years",
}  # fmt: skip
SETTINGS = {
    "enps": {"groups": ["manager", "tenure"]},
    "dimensions": {
        "employees": {
            "kind": "csv", "files": "landing/staff/*.csv",
            "columns": {"employee": "login", "code": "code", "manager": "boss"},
        },
    },
    "sources": {"people": {**source("people", columns=COLUMNS), "metric": "enps"}},
}  # fmt: skip


def rows() -> str:
    lines = ["score,date,Who,Branch,Team,Boss,Years"]
    dice = Random(5)  # noqa: S311 - the same every time
    for n in range(PEOPLE):
        boss, years = ("ana@firma.hr", "ivan@firma.hr", "")[n % 3], ("0-2", "3-9", "10+")[n % 7 % 3]
        who = f"p{n}@firma.hr,{'ZG' if n % 2 else 'ST'},{'AB'[n % 5 % 2]}"
        lines.append(f"{dice.randint(0, 10)},2024-01-1{n % 9},{who},{boss},{years}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = workspace(tmp_path_factory.mktemp("staff") / "home", SETTINGS)
    # Which groups are left out by chance follows from the pseudonyms of managers too.
    (home / "identity.key").write_text("k" * 64, "utf-8")
    land(home, "people/a.csv", rows())
    # Whom the survey does not ask about, the list says: every third has Eva.
    led = "".join(f"p{n}@firma.hr,,eva@firma.hr\n" for n in range(2, PEOPLE, 3))
    land(home, "staff/a.csv", f"login,code,boss\nana@firma.hr,A17,\nivan@firma.hr,B2,\n{led}")
    night(home, recorded=True)
    return home


def test_nothing_that_is_published_tells_whoever_guesses_a_file_that_the_guess_is_right(home: Path) -> None:
    of_employees = "select file_digest from meta.files where source = 'people'"
    assert published(home, of_employees) == [(None,)]
    guess, settings = sha256(rows().encode()).hexdigest(), nights.context(home)
    plan = make_plan(settings.lake, response_rules(settings.workspace.config))
    assert [*plan.files.filter(metric="enps")["file_digest"]] == [guess]
    config, today = settings.workspace.config, business_day(settings.workspace.config, settings.clock())
    inputs = publication_inputs(plan, publish_settings(config), today, config.enps.close_after, config.timezone)
    [(told,)] = published(home, "select inputs from meta.publish")
    assert told != inputs
    assert is_published(settings, plan)


@pytest.mark.parametrize("metric", ["nps", "enps"])
def test_a_file_of_employees_that_is_held_tells_its_labels_to_nobody_but_who_lists_its_rows(
    metric: str, tmp_path: Path
) -> None:
    home = workspace(tmp_path / "home", {"sources": {"people": {**source("people"), "metric": metric}}})
    land(home, "people/a.csv", "score,date\n" + "niveau 9,2025-01-10\n" * 6 + "8,2025-01-10\n")
    [held] = taken_in(home).values()
    assert held["status"] == "held"
    assert ("niveau" in held["detail"]) is (metric == "nps")
    assert "niveau" in nps("rejects", "--home", home, "--csv").out


def by(home: Path, mart: str, names: str) -> dict[object, int]:
    sql = f"select {names}, responses from marts.{mart} where period_grain = 'month'"
    return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in published(home, sql)}


def test_managers_are_shown_by_the_codes_of_the_list_and_others_by_what_tells_them_apart(home: Path) -> None:
    key = (home / "identity.key").read_text("utf-8").strip()
    eva = pl.select(pseudonym(pl.lit("eva@firma.hr"), key)).item()[:12]
    assert by(home, "enps_by_manager", "manager") == {"A17": 128, "B2": 128, eva: 128}


def test_what_nps_yaml_names_beside_has_its_table_and_that_with_branches(home: Path) -> None:
    assert sum(by(home, "enps_by_tenure", "tenure").values()) == PEOPLE
    assert {*by(home, "enps_by_tenure", "tenure")} == {"0-2", "3-9", "10+"}
    withheld = dict(published(home, "select mart, withheld_groups from marts.enps_suppression"))
    pairs = by(home, "enps_by_branch_tenure", "branch, tenure")
    assert len(pairs) + withheld["enps_by_branch_tenure"] == 6
    assert "enps_by_branch_manager" not in withheld


def test_nobody_is_named_in_the_published_file(home: Path) -> None:
    assert b"firma.hr" not in (home / "published" / "nps.duckdb").read_bytes()
    assert published(home, "select count(*) from bi.enps_by_manager_month")


def test_explain_knows_the_groups_of_employees_that_nps_yaml_names(home: Path) -> None:
    asked = ("explain", "--home", home, "--metric", "enps", "--month", "2024-01")
    said = nps(*asked, "--manager", "A17")
    assert said.code == 0
    assert "eNPS of manager A17, 2024-01" in said.said
    assert "by 128 answers" in said.said
    found = nps(*asked, "--json", "--of", "tenure=0-2").document
    assert found["table"] == "marts.enps_by_tenure"
    assert found["files"] == [{"source": "people", "path": "landing/people/a.csv"}]
    hidden, nobody = (nps(*asked, "--of", f"tenure={tenure}") for tenure in ("99+", "100+"))
    assert hidden.code == nobody.code == 2
    assert hidden.said.replace("99+", "100+") == nobody.said
    assert "tenure=0-2" in nps(*asked, "--of", "tenure").said
    assert "tenure and branch and tenure." in nps(*asked, "--of", "age=9").said


def test_where_it_is_not_declared_there_is_none_of_it(home: Path) -> None:
    waves = closed_waves(Lake(home / "lake"))
    plain = {**COLUMNS}
    del plain["tenure"]
    configure(
        home, {**SETTINGS, "enps": {}, "sources": {"people": {**source("people", columns=plain), "metric": "enps"}}}
    )
    night(home)
    tables = "select count(*) from duckdb_tables() where table_name like '%manager%' or table_name like '%tenure%'"
    assert published(home, tables) == [(0,)]
    assert closed_waves(Lake(home / "lake")).equals(waves), "the wave stays as it closed"


def test_what_no_source_may_say_is_refused_with_where_it_is_declared(home: Path) -> None:
    configure(home, {**SETTINGS, "enps": {"groups": ["manager"]}})
    refused = nps("run", "--home", str(home))
    assert refused.code == 2
    assert "'tenure' is not allowed: enps.groups declares no such dimension" in refused.said


def test_what_is_odd_in_a_file_of_employees_is_told_to_whoever_has_the_file_and_to_nobody_else(tmp_path: Path) -> None:
    """It tells the score of a file, which may be that of one department, before any wave has closed."""
    of = {"clients": source("clients"), "people": source("people", metric="enps")}
    home = workspace(tmp_path / "home", {"sources": of})
    for name, rows in (("clients", 80), ("people", 84)):
        told = (f"{'' if n % 4 == 0 else 2 + n % 9},2025-03-0{1 + n % 9}" for n in range(rows))
        land(home, f"{name}/sales.csv", "\n".join(["score,date", *told]))
    night = nps("run", "--home", home, recorded=True)
    assert night.code == 0, night.said
    for said in (night.said, nps("status", "--home", home).said):
        assert "60 answers give" in said
        assert "63 answers give" in said
    noted = dict(published(home, "select path, notes from meta.files"))
    assert "60 answers give" in noted["landing/clients/sales.csv"]
    assert noted["landing/people/sales.csv"] is None
    pages = b"".join(file.read_bytes() for file in (home / "dagster").rglob("*") if file.is_file())
    assert b"60 answers give" in pages
    assert b"of employees it is not shown here" in pages
    assert b"63 answers give" not in pages
