"""What is odd in what was published is told by the night that published it, and by `nps status` from then on."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.config.models import Config
from pipelines.report.notes.published import odd_in_published
from tests.support.scenario import ANSWERS, configure, land, night, nps, source, workspace

SHOPS = {"sources": {"shops": source("shops", columns={**ANSWERS, "respondent": "who"})}}
ORDERS = {
    "activity": {
        "orders": {
            "kind": "csv", "files": "landing/orders/*", "defaults": {"kind": "purchase", "currency": "EUR"},
            "columns": {"respondent": "who", "occurred_at": "date", "amount": "sum"},
        }
    }
}  # fmt: skip
STRANGERS = "Only 0 of 3 clients who answered are known to activity or clients by then."


def test_orders_of_strangers_are_told_by_the_night_and_by_the_status_after_it(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "shops/a.csv", "date,score,who\n2025-01-02,9,a\n2025-01-03,8,b\n2025-01-04,2,c\n")
    night(home)
    configure(home, SHOPS | ORDERS)
    assert "clients" not in " ".join(nps("status", "--json", "--home", home).document["odd"])
    land(home, "orders/a.csv", "who,date,sum\n" + "".join(f"z{day},2025-01-{day:02},10\n" for day in range(1, 29)), 2)
    assert STRANGERS in nps("run", "--home", home).said
    assert STRANGERS in " ".join(nps("status", "--json", "--home", home).document["odd"])


def test_what_an_earlier_version_did_not_publish_hides_nothing_else(tmp_path: Path) -> None:
    config, file = Config(timezone="UTC", sources={}, headline="relationship"), tmp_path / "nps.duckdb"
    assert odd_in_published(config, file) == []
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
    assert odd_in_published(config, file) == []
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create table marts.fct_nps as select 'web' as survey, make_date(2024, month::int, 1) as month, "
            "100 as responses, 60 as promoters, 25 as passives, 15 as detractors from range(1, 4) as t(month)"
        )
        connection.execute("insert into marts.fct_nps select 'sheet', * exclude (survey) from marts.fct_nps")
    [said] = odd_in_published(config, file)
    assert said.startswith("Surveys sheet and web have as many promoters")
