"""Reports that nps.yaml declares: there after each publication, mailed where it changed them, and no night fails by one."""

from __future__ import annotations

import re
from email import message_from_string
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.config.models import Config
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.notices import outbox
from pipelines.pages.figures import Subject, figures
from pipelines.pages.report import page
from pipelines.pages.standing import write_reports
from pipelines.report.cells import period_of
from tests.notices.test_notices import mailbox
from tests.support.scenario import Settings, configure, land, night, nps, source, workspace
from warehouse.published.query import asking

COLUMNS = {"response_id": "Id", "responded_at": "Date", "branch": "Branch", "score": "Score", "respondent": "Who"}
HEADED = "Id,Date,Branch,Score,Who\n"
ROWS = [
    f"{branch}{month}{n},2025-0{month}-0{1 + n},{branch},{(n * 3 + month) % 11},ana{n}{branch}@example.com"
    for branch in ("ZG", "ST") for month in (1, 2, 4) for n in range(6)
]  # fmt: skip
REPORTS: list[dict[str, Any]] = [
    {"name": "board", "languages": ["en", "hr"], "mail_to": ["board"]},
    {"name": "first", "period": "2025-Q1", "mail_to": ["board"]},
    {"name": "zg", "branch": "ZG", "period": "month", "languages": ["pl"]},
]
FILES = ["board.en.html", "board.hr.html", "first.en.html", "zg.pl.html"]


def settings(reports: list[dict[str, Any]], port: int = 9) -> Settings:
    mail = {
        "to": ["board@example.com"],
        "sender": "nps@example.com",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
    }
    return {
        "sources": {"shops": source("shops", columns=COLUMNS)},
        "low_sample": 2,
        "notify": [{"name": "board", "about": [], "mail": mail}],
        "reports": reports,
    }


def written(home: Path) -> dict[str, str]:
    """The pages of a workspace, by their names."""
    return {path.name: path.read_text("utf-8") for path in (home / "published/reports").iterdir()}


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night in Dagster, whose step alone writes them."""
    home = workspace(tmp_path_factory.mktemp("standing") / "company", settings(REPORTS))
    land(home, "shops/1.csv", HEADED + "\n".join(ROWS))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipelines.runs.night._reports", lambda _: [])
        patched.setattr("pipelines.notices.outbox.tell", lambda *_: [])
        night(home, recorded=True)
    return home


@pytest.fixture
def home(after_a_night: Path, tmp_path: Path) -> Path:
    copytree(after_a_night, tmp_path / "company")
    return tmp_path / "company"


def test_each_report_is_what_the_command_would_write(after_a_night: Path) -> None:
    pages = written(after_a_night)
    assert sorted(pages) == FILES
    told = {name: re.sub(r'<meta name="nps-report" content="[\w ]+">\n', "", text) for name, text in pages.items()}
    with asking(after_a_night / "published/nps.duckdb") as ask:
        assert told["board.hr.html"] == page(figures(ask, Subject(), None), "hr", "UTC")
        assert told["first.en.html"] == page(figures(ask, Subject(), period_of(None, "2025-Q1", None)), "en", "UTC")
        assert told["zg.pl.html"] == page(figures(ask, Subject("branch", "ZG"), "month"), "pl", "UTC")
    assert "2nd quarter 2025" in told["board.en.html"]
    assert "ana1" not in "".join(pages.values())


def test_a_report_is_mailed_once_for_each_publication_that_changed_it(home: Path) -> None:
    with mailbox() as (port, mails):
        configure(home, settings(REPORTS, port))
        assert outbox.tell(Context(open_workspace(home))) == []
        assert nps("run", "--home", home).code == 0, "nothing to do"
        assert len(mails) == 1
        land(home, "shops/2.csv", HEADED + "n1,2025-05-03,ZG,0,bo@example.com\n")
        night(home)
        assert nps("run", "--home", home).code == 0
    parts = [[part.get_filename() for part in message_from_string(mail).walk()][2:] for mail in mails]
    assert parts == [["board.en.html", "board.hr.html", "first.en.html"], ["board.en.html", "board.hr.html"]]
    sent = [part for part in message_from_string(mails[1]).walk() if part.get_filename() == "board.hr.html"]
    payload = sent[0].get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode() == written(home)["board.hr.html"]
    assert "Subject: nps-warehouse company: 2 reports" in mails[1]


def test_what_was_not_written_is_made_up_for_and_what_is_there_is_left_alone(home: Path) -> None:
    reports = home / "published/reports"
    (reports / "board.hr.html").unlink()
    (reports / "zg.pl.html").write_text("<html>mine</html>")
    kept = (reports / "board.en.html").stat().st_mtime_ns
    assert nps("run", "--home", home).code == 0
    assert (reports / "board.en.html").stat().st_mtime_ns == kept
    assert sorted(written(home)) == FILES
    assert "mine" not in written(home)["zg.pl.html"]


def test_a_report_that_cannot_be_written_is_told_and_stops_nothing(home: Path) -> None:
    configure(home, settings([*REPORTS, {"name": "gone", "branch": "Nowhere"}]))
    sentence = "The report gone could not be written: There is no branch 'Nowhere' in what is published"
    told = nps("run", "--home", home)
    assert (told.code, sentence in " ".join(told.said.split())) == (0, True)
    assert sorted(written(home)) == FILES
    before = written(home)["board.en.html"]
    (home / "published/reports").chmod(0o555)
    (home / "published/nps.duckdb").unlink()
    assert write_reports(open_workspace(home)) == []
    assert written(home)["board.en.html"] == before
    (home / "published/reports").chmod(0o755)


def test_whatever_breaks_a_report_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.pages.standing.page", lambda *_: 1 / 0)
    (home / "published/reports/zg.pl.html").unlink()
    assert write_reports(open_workspace(home)) == [
        "The report zg could not be written: ZeroDivisionError: division by zero What was written of it before stands."
    ]


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ({"name": "a/b"}, "cannot be a report's name"),
        ({"name": "a", "branch": "ZG", "region": "North"}, "name one of them"),
        ({"name": "a", "period": "week"}, "'week' is no period: write month, quarter or year"),
        ({"name": "a", "period": 202}, "'202' is no period"),
        ({"name": "a", "languages": ["de"]}, "'en', 'hr', 'pl' or 'ru'"),
        ({"name": "BOARD"}, "2 reports are called board"),
        ({"name": "a", "mail_to": ["boss"]}, "'boss' is no receiver of `notify` with a mail; there are: board"),
    ],
)
def test_a_mistake_in_nps_yaml_is_a_sentence(report: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as found:
        Config.model_validate({"timezone": "UTC", **settings([*REPORTS, report])})
    assert sentence in str(found.value)


def test_a_receiver_who_is_told_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="board is told of nothing"):
        Config.model_validate({"timezone": "UTC", **settings([{"name": "a"}])})
    assert Config.model_validate({"timezone": "UTC", "sources": {}, "reports": [{"name": "a", "period": 2025}]})
