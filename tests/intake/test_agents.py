"""From nps.yaml to figures: agents, products and dimensions that a company declares by name, in one workspace."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.intake.feeds import landing, odd_feeds
from tests.support.scenario import configure, land, night, nps, published, source, workspace
from warehouse.lake.ledgers import current_builds
from warehouse.lake.store import Lake

COLUMNS = {
    "score": "score", "responded_at": "date", "agent": "Seller", "product": "Product", "age_band": "Age",
    "store_format": "Format", "seller_name": "Ime i prezime",
}  # fmt: skip
SETTINGS = {
    "agents": {"minimum": 3},
    "dimensions": {
        "extra": ["age_band", "store_format", "seller_name"],
        "agents": {"kind": "csv", "files": "landing/hr/*.csv", "columns": {"agent": "login", "code": "code"}},
    },
    "sources": {"shops": source("shops", columns=COLUMNS)},
}
SELLERS = ("ana@firma.hr", " ANA@firma.hr", "ivan@firma.hr", "nobody@firma.hr", "")


def rows() -> str:
    lines = ["score,date,Seller,Product,Age,Format,Ime i prezime"]
    for n in range(40):
        age, product = (" 18-24", "18-24", "", "65+")[n % 4], ("Loan", "loan", "Card")[n % 3]
        lines.append(
            f"{n % 11},2024-0{1 + n % 2}-1{n % 9},{SELLERS[n % 5]},{product},{age},call +385 91 123 4567,Ana Anić"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = workspace(tmp_path_factory.mktemp("agents") / "home", SETTINGS)
    land(home, "shops/a.csv", rows())
    land(home, "hr/a.csv", "login,code\nana@firma.hr,A17\nivan@firma.hr,B2\n")
    night(home, recorded=True)
    return home


def by(home: Path, name: str) -> dict[str, int]:
    sql = f"select {name}, responses from marts.nps_by_{name} where period_grain = 'year'"
    return dict(published(home, sql))


def test_each_declared_dimension_has_its_column_its_facts_and_its_scores(home: Path) -> None:
    assert by(home, "age_band") == {"18-24": 20, "65+": 10, "unknown": 10}
    assert by(home, "product") == {"Loan": 27, "Card": 13}
    assert published(home, "select age_band, sum(responses) from marts.fct_nps_age_band group by 1 order by 1") == [
        ("18-24", 20), ("65+", 10), ("unknown", 10),
    ]  # fmt: skip
    assert published(home, "select count(*) > 0 from bi.nps_by_age_band_month") == [(True,)]


def test_agents_are_shown_by_the_codes_of_the_list_and_others_are_unknown(home: Path) -> None:
    assert by(home, "agent") == {"A17": 16, "B2": 8, "unknown": 16}


@pytest.mark.parametrize(
    ("of", "answers"),
    [
        (("--product", "loan"), 27), (("--of", "age_band=18-24"), 20), (("--agent", "A17"), 16),
        (("--agent", "unknown"), 16), (("--product", "Card", "--survey", "shops"), 13),
    ],
)  # fmt: skip
def test_a_figure_of_a_declared_dimension_is_explained(home: Path, of: tuple[str, ...], answers: int) -> None:
    found = nps("explain", "--home", home, "--year", "2024", *of)
    assert f"It adds up: {answers} answers are published, and {answers} rows count here." in found.said
    assert "firma.hr" not in found.said


def test_nobody_is_named_in_the_lake_or_the_published_file(home: Path) -> None:
    assert by(home, "seller_name") == {"unknown": 40}
    assert by(home, "store_format") == {"call [telephone]": 40}
    held = [file for part in ("lake", "published") for file in (home / part).rglob("*") if file.is_file()]
    assert held
    for file in held:
        is_table = file.suffix == ".parquet"
        content = str(pl.read_parquet(file).to_dicts()).encode() if is_table else file.read_bytes()
        assert b"firma.hr" not in content, file
        assert "Anić".encode() not in content, file
    [(notes,)] = published(home, "select notes from meta.files where path like '%shops%'")
    assert "a dimension of your own names 'Ime i prezime', which names a person" in notes


def built(home: Path) -> list[object]:
    return current_builds(Lake(home / "lake"), "responses").get_column("load_id").to_list()


def test_another_code_or_minimum_is_published_and_rebuilds_no_month(home: Path) -> None:
    before = built(home)
    land(home, "hr/b.csv", "login,code\nnobody@firma.hr,C3\nana@firma.hr,A18\n", day=2)
    configure(home, {**SETTINGS, "agents": {"minimum": 9}})
    night(home)
    assert built(home) == before
    assert by(home, "agent") == {"A18": 16}


def test_employees_are_no_clients_of_an_agent(tmp_path: Path) -> None:
    staff = source("staff", metric="enps", columns={"score": "score", "responded_at": "date", "agent": "Seller"})
    home = tmp_path / "home"
    assert nps("init", home).code == 0
    configure(home, {"sources": {"staff": staff}})
    told = nps("run", "--home", home)
    assert told.code == 2
    assert "agent is of clients' answers" in told.said


def test_agents_of_whom_no_list_gives_a_code_are_told(home: Path, tmp_path: Path) -> None:
    assert not any("(agent)" in said for said in odd_feeds(landing(Context(open_workspace(home)))))
    columns = {"score": "score", "responded_at": "date", "agent": "Seller"}
    other = workspace(tmp_path, {"sources": {"shops": source("shops", columns=columns)}})
    land(other, "shops/a.csv", "score,date,Seller\n9,2024-01-01,Ana\n")
    [said] = odd_feeds(landing(Context(open_workspace(other))))
    assert said.startswith("shops says who served (agent), but no list of dimensions (agents) gives their codes")
