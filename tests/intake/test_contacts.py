"""Files whose rows are attempts to ask somebody: what is kept and published of whom was asked, and what goes with them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.assets.graph import published_asset
from pipelines.assets.publication import ANSWERS_MATCHED, publish_report
from pipelines.config.models import Config
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.report.notes.matches import match_notes
from pipelines.report.notes.published import seen
from pipelines.report.notes.tariffs import changed_prices, leaping_prices, unused_tariffs
from pipelines.stages.publish import PublishReport
from tests.support.scenario import BUT_WHEN, Settings, land, night, nps, published, source, taken_in, workspace
from warehouse.intake import staging
from warehouse.lake.ledgers import current_builds
from warehouse.lake.parquet import scan

CALLS = source(
    "calls",
    kind="operator",
    columns={},
    contacts=True,
    tariff="human",
    defaults={"survey": "nps"},
)
LETTERS = source(
    "letters",
    columns={"respondent": "mail", "branch": "shop"},
    contacts=True,
    asked={"at": "sent", "wave": "wave", "answered_in": "web"},
    outcome={"column": "state", "undeliverable": ["bounced"]},
    delivery="snapshot",
    defaults={"survey": "web"},
)
WEB = source("web", columns={"respondent": "mail", "responded_at": "date", "score": "score"})
STAFF = source(
    "staff",
    metric="enps",
    columns={"respondent": "mail", "responded_at": "date", "score": "score", "branch": "shop"},
    contacts=True,
    outcome={"column": "state", "answered": ["done"]},
)
SETTINGS: Settings = {
    "sources": {"calls": CALLS, "letters": LETTERS, "web": WEB, "staff": STAFF},
    "tariffs": {
        "human": {
            "currency": "UAH", "vat": "included", "valid_from": "2025-01-01", "charge": "answered", "setup_fee": 2500,
            "per_call": {"promoter": 4.12, "passive": 4.12, "detractor": 7.22},
        }
    },
}  # fmt: skip


def calls(answers: int, made: int) -> list[str]:
    """A call log: of ten answers six are of promoters, two of passives and two of detractors."""
    scores = [9, 10, 9, 10, 9, 10, 7, 8, 3, 0]
    answered = [
        f"k{n},+3859100{n:05},2025-03-{1 + n % 28:02} 10:00,{scores[n % 10]},ответ,{'slow' if n % 10 > 7 else ''}"
        for n in range(answers)
    ]
    others = ["отказ", "не ответил", "нет номера", "занято"]
    return answered + [
        f"k{n},+3859100{n:05},2025-03-{1 + n % 28:02} 10:00,,{others[n % 4]}," for n in range(answers, made)
    ]


def files(home: Path) -> None:
    land(home, "calls/march.csv", "\n".join(["call id,phone,call time,score,result,reason", *calls(400, 1000)]))
    letters = [f"w{n}@example.com,ZG,2025-03-03,spring,{'bounced' if n < 5 else 'sent'}" for n in range(105)]
    land(home, "letters/1.csv", "\n".join(["mail,shop,sent,wave,state", *letters[:50]]), day=1)
    land(home, "letters/2.csv", "\n".join(["mail,shop,sent,wave,state", *letters]), day=2)
    web = [f"w{n}@example.com,2025-03-{3 + n % 5:02},{n % 11}" for n in range(5, 45)] + ["x@example.com,2025-03-09,9"]
    land(home, "web/1.csv", "\n".join(["mail,date,score", *web]))
    staff = [
        f"s{n}@example.com,2025-03-05,{n % 11 if n < 30 else ''},A{n % 2},{'done' if n < 30 else 'sent'}"
        for n in range(50)
    ]
    land(home, "staff/1.csv", "\n".join(["mail,date,score,shop,state", *staff]))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = workspace(tmp_path_factory.mktemp("asked"), SETTINGS)
    files(home)
    night(home)
    return home


def kept(home: Path) -> pl.DataFrame:
    lake = Context(open_workspace(home)).lake
    return scan("contacts", lake.files_of("contacts", lake.pieces("contacts").select("load_id"))).collect()


def funnel(home: Path, where: str) -> list[tuple[Any, ...]]:
    columns = "invited_people, undeliverable, reached, refused, answered, response_rate"
    return published(home, f"select {columns} from marts.survey_funnel where period_grain = 'month' and {where}")


def test_a_call_log_gives_answers_and_contacts(home: Path) -> None:
    assert published(
        home, "select responses, nps from marts.nps_by_survey where survey = 'nps' and period_grain = 'month'"
    ) == [(400, 40.0)]
    assert funnel(home, "dimension = 'survey' and member = 'nps'") == [(1000, 150, 550, 150, 400, 400 / 850)]


def test_a_tariff_that_no_source_names_is_told() -> None:
    other = {**SETTINGS["tariffs"], "letters": next(iter(SETTINGS["tariffs"].values()))}
    config = Config.model_validate({"timezone": "UTC", **SETTINGS, "tariffs": other})
    [said] = unused_tariffs(config)
    assert said.startswith(
        "No source names the tariff letters: nothing is in any cost by it. Write tariff: letters below"
    )
    assert unused_tariffs(Config.model_validate({"timezone": "UTC", **SETTINGS})) == []


def prices(*of_days: dict[str, Any]) -> Config:
    one = {"currency": "UAH", "vat": "included", "charge": "answered"}
    days = [{**one, "valid_from": f"2025-0{month}-01", **price} for month, price in enumerate(of_days, 1)]
    return Config.model_validate({"timezone": "UTC", **SETTINGS, "tariffs": {"calls": days}, "sources": {}})


def test_prices_of_which_one_may_be_in_cents_are_told() -> None:
    [said] = leaping_prices(prices({"per_call": 0.42}, {"per_call": 42}))
    assert "promoter 0.42 from 2025-01-01, promoter 42 from 2025-02-01" in said
    assert leaping_prices(prices({"per_call": {"promoter": 4.12, "passive": 4.12, "detractor": 722}}))
    assert leaping_prices(prices({"per_call": 1, "setup_fee": 2500}, {"per_call": 1, "setup_fee": 25}))


def test_prices_that_rise_and_calls_of_nobody_that_cost_little_are_told_of_nothing() -> None:
    cheap = {"promoter": 4.12, "passive": 4.12, "detractor": 7.22, "unanswered": 0.05}
    assert (
        leaping_prices(
            prices({"per_call": cheap, "setup_fee": 0}, {"per_call": {**cheap, "promoter": 5}, "setup_fee": 9})
        )
        == []
    )


def test_prices_that_change_their_currency_vat_or_fee_are_told() -> None:
    one = {"per_call": 1, "setup_fee": 2500}
    [said] = changed_prices(prices(one, {**one, "currency": "EUR", "vat": "excluded"}))
    assert "its currency from UAH to EUR and its vat from included to excluded on 2025-02-01" in said
    [fee] = changed_prices(prices(one, {"per_call": 1.1}))
    assert "no setup_fee from 2025-02-01 on, and 2500 before" in fee
    assert changed_prices(prices(one, {**one, "per_call": 2})) == []


def test_a_price_of_0_is_told_and_that_of_a_call_of_nobody_is_not() -> None:
    assert "The price of each call is 0 in the tariff calls" in changed_prices(prices({"per_call": 0}))[0]
    some = {"promoter": 4, "passive": 0, "detractor": 7}
    assert "The price of passives is 0" in changed_prices(prices({"per_call": some}))[0]
    assert changed_prices(prices({"per_call": {**some, "passive": 4, "unanswered": 0}})) == []


def test_calls_before_the_first_price_are_told_by_the_night_and_by_status(tmp_path: Path) -> None:
    late = {**SETTINGS["tariffs"]["human"], "valid_from": "2025-03-10"}
    home = workspace(tmp_path / "late", {"sources": {"calls": CALLS}, "tariffs": {"human": late}})
    land(home, "calls/march.csv", "\n".join(["call id,phone,call time,score,result,reason", *calls(40, 100)]))
    before = sum(n % 28 < 9 for n in range(100))
    told = nps("run", "--home", home)
    assert f"{before} contacts are in no cost" in told.said
    assert f"{before} contacts are in no cost" in nps("status", "--home", home).said


def test_its_cost_is_that_of_the_invoice(home: Path) -> None:
    [(cost, answer, reason)] = published(
        home,
        "select cost::varchar, round(cost_per_answer, 2), round(cost_per_detractor_reason, 2) from marts.survey_cost "
        "where dimension = 'tariff' and period_grain = 'month'",
    )
    assert (cost, answer, reason) == ("4396.00", 10.99, 54.95)


def test_letters_are_answered_where_the_answers_stand(home: Path) -> None:
    assert funnel(home, "dimension = 'wave' and member = 'spring'") == [(105, 5, 40, 0, 40, 0.4)]
    assert published(home, "select source, matched, answers from meta.contact_matches") == [("letters", 40, 41)]


def test_of_employees_only_the_rate_of_the_company_is_told_and_nobody_is_kept(home: Path) -> None:
    assert funnel(home, "metric = 'enps'") == [(50, 0, 30, 0, 30, 0.6)]
    hidden = ("contact_id", "respondent_key", "account_key", "branch", "channel")
    assert kept(home).filter(pl.col("source") == "staff").select(hidden).null_count().row(0) == (50,) * len(hidden)
    assert published(home, "select count(*) from marts.fct_contact where survey = 'staff'") == [(0,)]


def test_people_are_known_by_pseudonyms_alone(home: Path) -> None:
    rows = kept(home)
    texts = pl.concat([rows[name] for name in rows.columns if rows.schema[name] == pl.String])
    assert texts.drop_nulls().filter(texts.drop_nulls().str.contains(r"@|385 ?91 ?00\d{5}")).is_empty()
    assert rows.filter(pl.col("source") == "calls")["respondent_key"].str.len_chars().unique().to_list() == [24]


def test_dagster_shows_how_many_rows_are_contacts_and_warns_where_few_answers_are_to_one(home: Path) -> None:
    opened = Context(open_workspace(home))
    specs = [check for check in published_asset(opened.workspace.config).check_specs if check.name == ANSWERS_MATCHED]
    assert [spec.blocking for spec in specs] == [False]
    database, report = opened.workspace.database, PublishReport("unchanged", "")
    (result,) = publish_report(report, database, 0, ["Only 1 of 9."]).check_results
    assert (result.passed, result.severity.value, result.description) == (False, "WARN", "Only 1 of 9.")
    assert seen(database, match_notes) == []


def test_all_equations_hold(home: Path) -> None:
    assert published(home, "select name from meta.reconciliation where difference <> 0") == []
    assert published(
        home, "select count(*) from meta.reconciliation where name like '%contact%' or name like '%cost%'"
    ) == [(8,)]


def test_big_files_tell_the_same(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "BY_MONTH_FROM", 0)
    big = workspace(tmp_path / "big", SETTINGS)
    files(big)
    night(big)
    tables = ("fct_contact", "survey_funnel", "fct_survey_cost", "survey_cost")
    assert [published(big, f"select {BUT_WHEN} from marts.{table} order by all") for table in tables] == [
        published(home, f"select {BUT_WHEN} from marts.{table} order by all") for table in tables
    ]


@pytest.mark.parametrize("metric", ["nps", "enps"])
def test_a_big_file_of_contacts_alone_is_kept_as_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metric: str
) -> None:
    outcome = {"column": "state", "delivered": ["sent"], "undeliverable": ["bounced"]}
    excluded = {"test": {"column": "shop", "values": ["TEST"]}}
    letters = {**LETTERS, "outcome": outcome, "exclude": excluded, "metric": metric}
    if metric == "enps":  # nothing is kept of which employee was asked
        letters |= {"asked": {"at": "sent", "wave": "wave"}}
    rows = [f"w{n}@example.com,ZG,2025-0{3 + n % 2}-03,spring,{'bounced' if n % 5 else 'sent'}" for n in range(20)]
    rows += ["b@example.com,ZG,2025-03-04,spring,Mrs Bo moved away", "c@example.com,TEST,2025-03-04,spring,sent"]
    rows += ["d@example.com,ZG,,spring,sent", "e@example.com,ZG"]
    found = []
    monkeypatch.setenv("NPS_KEY", "k" * 32)
    for size in (1 << 40, 0):
        monkeypatch.setattr(staging, "BY_MONTH_FROM", size)
        home = workspace(tmp_path / str(size), {"sources": {"letters": letters, "web": {**WEB, "metric": metric}}})
        land(home, "letters/1.csv", "\n".join(["mail,shop,sent,wave,state", *rows]))
        told = taken_in(home)
        counts = ("rows_read", "unanswered", "excluded", "rejected", "contacts", "notes")
        lake = Context(open_workspace(home)).lake
        refused = scan("rejected", lake.files_of("rejected", lake.pieces("rejected").select("load_id"))).collect()
        found.append(
            (
                kept(home).drop("load_id").sort("source", "source_row").rows(),
                refused.drop("load_id").sort("source", "source_row").rows(),
                {name: [each[count] for count in counts] for name, each in told.items()},
            )
        )
        texts = [
            text
            for piece in (home / "lake/contacts").rglob("*.parquet")
            if "_delta_log" not in piece.parts
            for column in pl.read_parquet(piece).select(pl.col(pl.String))
            for text in column.drop_nulls()
        ]
        assert not [text for text in texts if "@" in text or "moved" in text]
        assert lake.pieces("contacts")["rows"].sum() == len(rows)
    assert found[0] == found[1]


def test_an_attempt_without_an_id_is_the_same_one_when_another_outcome_is_told_of_it(tmp_path: Path) -> None:
    home = workspace(
        tmp_path, {**SETTINGS, "sources": {**SETTINGS["sources"], "letters": {**LETTERS, "delivery": "incremental"}}}
    )
    told = "select sum(contacts)::int from marts.fct_contact where status = '{}'"
    heading = "mail,shop,sent,wave,state"
    # Nobody knows to whom the last two went; two are to the same person on one day.
    rows = [f"w{n}@example.com,ZG,2025-03-03,spring,sent" for n in range(20)] + [
        "w0@example.com,ZG,2025-03-03,spring,sent"
    ]
    unknown = [",ZG,2025-03-03,spring,sent"] * 2
    land(home, "letters/1.csv", "\n".join([heading, *rows, *unknown]), day=1)
    land(home, "web/1.csv", "mail,date,score\nw3@example.com,2025-03-04,9\n")
    night(home)
    land(home, "letters/2.csv", "\n".join([heading, *(row.replace("sent", "bounced") for row in rows[4:10])]), day=2)
    night(home)
    assert published(home, told.format("undeliverable")) == [(6,)]
    assert published(home, "select sum(contacts)::int from marts.fct_contact") == [(23,)]


def test_a_column_of_contacts_that_is_not_there_is_called_as_nps_yaml_calls_it(tmp_path: Path) -> None:
    letters = {**LETTERS, "outcome": {"column": "stat"}, "delivery": "incremental"}
    home = workspace(tmp_path, {"sources": {"letters": letters, "web": WEB}})
    files(home)
    assert "outcome.column should be in 'stat', but no heading is called that. Did you mean 'state'?" in str(
        taken_in(home)["landing/letters/1.csv"]["detail"]
    )


@pytest.mark.parametrize(("heading", "is_told"), [("contact_id", False), ("Kontakt-Nr", False), ("Client ID", True)])
def test_the_id_of_a_contact_is_no_person(tmp_path: Path, heading: str, is_told: bool) -> None:
    letters = {**LETTERS, "columns": {"response_id": heading, **LETTERS["columns"]}}
    home = workspace(tmp_path, {"sources": {"letters": letters, "web": WEB}})
    rows = [f"{n},w{n}@example.com,ZG,2025-03-03,spring,sent" for n in range(20)]
    land(home, "letters/1.csv", "\n".join([f"{heading},mail,shop,sent,wave,state", *rows]))
    notes = str(taken_in(home)["landing/letters/1.csv"]["notes"])
    assert ("of several attempts to ask a person only the newest counts" in notes) is is_told
    assert ("names a person" in notes) is is_told


@pytest.mark.parametrize(("end", "is_told"), [("busy", False), ("done", True), ("whatever", True)])
def test_calls_that_nobody_answered_are_no_missing_zeros(tmp_path: Path, end: str, is_told: bool) -> None:
    columns = {"response_id": "id", "respondent": "who", "responded_at": "called", "score": "score"}
    ends = {"column": "end", "answered": ["done"], "delivered": ["busy"]}
    home = workspace(tmp_path, {"sources": {"log": source("log", columns=columns, contacts=True, outcome=ends)}})
    rows = [f"{n},p{n},2025-03-01,{n % 10 + 1},done" for n in range(60)]
    rows += [f"{n},p{n},2025-03-01,,{end}" for n in range(60, 150)]
    land(home, "log/a.csv", "\n".join(["id,who,called,score,end", *rows]))
    assert ("not one is 0" in str(taken_in(home)["landing/log/a.csv"]["notes"])) is is_told


def test_a_call_that_a_later_log_dates_in_another_month_is_one_call(tmp_path: Path) -> None:
    calls = source(
        "log",
        columns={
            "response_id": "id",
            "respondent": "who",
            "responded_at": "called",
            "score": "score",
            "branch": "shop",
        },
        contacts=True,
        outcome={"column": "end", "answered": ["done"], "delivered": ["no answer"]},
        tariff="robot",
    )
    robot = {"currency": "EUR", "vat": "included", "valid_from": "2025-01-01", "charge": "called", "per_call": 1}
    home = workspace(
        tmp_path,
        {"sources": {"log": calls}, "tariffs": {"robot": robot}, "fatigue": {"rest_days": 30, "most_in_year": 9}},
    )
    heading = "id,who,called,score,shop,end\n"
    march = "1,a,2025-03-31,,ZG,no answer\n2,b,2025-03-30,9,ZG,done\n3,c,2025-03-30,,ZG,no answer\n"
    told = {
        "funnel": "select strftime(period_start, '%m'), contacts::int, answered::int, contacted_within_quarantine::int from "
        "marts.survey_funnel where dimension = 'all' and period_grain = 'month' order by all",
        "cost": "select strftime(month, '%m'), sum(amount)::int from marts.fct_survey_cost group by 1 order by 1",
    }
    land(home, "log/march.csv", heading + march, day=1)
    night(home)
    assert published(home, told["funnel"]) == [("03", 3, 1, 0)]
    land(home, "log/april.csv", f"{heading}1,a,2025-04-01,3,ZG,done\n4,b,2025-04-05,,ZG,no answer\n", day=2)
    night(home)
    # Whoever was asked on 30 March is asked too soon on 5 April; the call of 31 March was never made.
    assert published(home, told["funnel"]) == [("03", 2, 1, 0), ("04", 2, 1, 1)]
    assert published(home, told["cost"]) == [("03", 2), ("04", 2)]
    assert published(home, "select name from meta.reconciliation where difference <> 0") == []
    assert nps("withdraw", home / "landing/log/april.csv", "--home", home).code == 0
    night(home)
    assert published(home, told["funnel"]) == [("03", 3, 1, 0)]


def test_whom_a_call_was_of_and_when_is_as_the_last_log_says_also_for_how_often_people_are_asked(
    tmp_path: Path,
) -> None:
    log = source(
        "log", columns={"response_id": "id", "respondent": "who", "responded_at": "called", "score": "score"},
        contacts=True, outcome={"column": "end"}, asked={"wave": "wave"},
    )  # fmt: skip
    home = workspace(tmp_path, {"sources": {"log": log}, "fatigue": {"rest_days": 7, "most_in_year": 9}})
    first = "1,a,2025-03-01,,,w1\n2,a,2025-03-05,,,w2\n3,b,2025-03-05,,,w1\n4,b,2025-03-06,,,w2\n"
    land(home, "log/1.csv", "id,who,called,score,end,wave\n" + first, day=1)
    # The second call was made later, and the third one was to somebody else.
    land(home, "log/2.csv", "id,who,called,score,end,wave\n2,a,2025-03-25,,,w2\n3,c,2025-03-05,,,w1\n", day=2)
    night(home)
    told = "select contacts::int, invited_people::int, contacted_within_quarantine::int from marts.survey_funnel"
    assert published(home, f"{told} where dimension = 'all' and period_grain = 'month'") == [(4, 4, 0)]


def test_a_contact_has_the_answer_as_the_newest_file_tells_it_and_none_that_was_taken_out(tmp_path: Path) -> None:
    columns = {"response_id": "id", "respondent": "mail", "responded_at": "date", "score": "score"}
    web = source("web", columns=columns, delivery="snapshot")
    settings: Settings = {"sources": {"web": web, "letters": LETTERS}, "gates": {"max_snapshot_shrink": 1}}
    home = workspace(tmp_path, settings)
    land(home, "letters/1.csv", "mail,shop,sent,wave,state\na,ZG,2025-03-03,w,sent\nb,ZG,2025-03-03,w,sent\n", day=1)
    land(home, "web/1.csv", "id,mail,date,score\n1,a,2025-03-05,3\n2,b,2025-03-05,3\n3,c,2025-03-05,3\n", day=1)
    land(home, "web/2.csv", "id,mail,date,score\n1,a,2025-03-09,9\n3,c,2025-03-05,3\n", day=2)
    night(home)
    told = "select answered::int, days_to_answer_median from marts.survey_funnel"
    assert published(home, f"{told} where dimension = 'all' and period_grain = 'month'") == [(1, 6)]
    assert published(home, "select matched, answers from meta.contact_matches") == [(1, 2)]


def test_all_answers_of_a_person_are_to_their_letter_though_it_is_answered_once(tmp_path: Path) -> None:
    both = {name: {"columns": {"score": name}} for name in ("visit", "delivery")}
    web = source("web", columns={"respondent": "mail", "responded_at": "date"}, answers=both)
    home = workspace(tmp_path, {"sources": {"web": web, "letters": LETTERS}})
    land(
        home, "letters/1.csv", "mail,shop,sent,wave,state\n" + "".join(f"{n},ZG,2025-03-03,w,sent\n" for n in range(30))
    )
    land(home, "web/1.csv", "mail,date,visit,delivery\n" + "".join(f"{n},2025-03-05,9,{n % 11}\n" for n in range(30)))
    assert "are to a contact" not in night(home).said
    assert published(home, "select matched, answers, match_rate from meta.contact_matches") == [(60, 60, 1)]
    assert funnel(home, "metric = 'nps' and dimension = 'all'")[0][4] == 30


def test_a_second_night_counts_nothing_anew_and_what_is_withdrawn_goes(home: Path) -> None:
    before = current_builds(Context(open_workspace(home)).lake, "contacts").height
    land(home, "web/2.csv", "mail,date,score\nlate@example.com,2025-08-01,9\n", day=3)
    night(home)
    builds = Context(open_workspace(home)).lake.ledger("builds").filter(pl.col("stage") == "contacts")
    assert (before, builds.height) == (1, 1)
    assert nps("withdraw", home / "landing/calls/march.csv", "--home", home).code == 0
    night(home)
    assert funnel(home, "dimension = 'survey' and member = 'nps'") == []
    assert published(home, "select count(*) from marts.survey_cost") == [(0,)]
    assert nps("withdraw", "--undo", home / "landing/calls/march.csv", "--home", home).code == 0
    night(home)
    assert funnel(home, "dimension = 'survey' and member = 'nps'") == [(1000, 150, 550, 150, 400, 400 / 850)]
    letters = nps("withdraw", home / "landing/letters/2.csv", "--home", home).said
    assert re.search(r"letters/2\.csv: its \d+ attempts to ask somebody count no more\.", letters)
    assert nps("withdraw", "--undo", home / "landing/letters/2.csv", "--home", home).code == 0


def test_what_a_damaged_disk_has_lost_of_contacts_is_read_again(home: Path) -> None:
    before = published(home, f"select {BUT_WHEN} from marts.fct_contact order by all")
    lake = Context(open_workspace(home)).lake
    for path in lake.pieces("contacts").filter(pl.col("path").str.contains("source=calls/"))["path"]:
        (lake.root / "contacts" / path).unlink()
    told = nps("run", "--home", home)
    assert told.code == 0, told.said
    assert kept(home).filter(pl.col("source") == "calls").height == 1000
    assert published(home, f"select {BUT_WHEN} from marts.fct_contact order by all") == before


def test_outcomes_that_nothing_lists_are_told_and_those_of_somebody_alone_are_not_shown(tmp_path: Path) -> None:
    asked = {"column": "end", "answered": ["done"], "refused": ["declined"], "delivered": ["busy"]}
    home = workspace(tmp_path, {"sources": {"web": source("web", contacts=True, outcome=asked)}})
    rows = [
        "9,2025-03-01,whatever",
        *[",2025-03-01,call back"] * 4,
        ",2025-03-01,Ana asked why",
        ",2025-03-01,declined",
    ]
    land(home, "web/a.csv", "\n".join(["score,date,end", *rows, ",2025-03-01,busy", ",2025-03-01,"]))
    blank, note = taken_in(home)["landing/web/a.csv"]["notes"]
    assert blank.startswith("1 row without an answer has no outcome: it is blank. Counted as delivered")
    assert note.startswith("5 rows without an answer say an outcome that nps.yaml does not list, such as ")
    assert "'call back' (4). Counted as delivered" in note
    assert "Ana" not in note
