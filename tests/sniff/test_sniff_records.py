"""What other systems keep is told from answers: deals and leads, letters and their campaigns, tickets."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.sniff.sniff import sniff
from tests.sniff.test_sniff import Row, written

DAY = "2025-0{}-{:02} 10:00:00"


def rows(headings: str, *cells: object) -> list[Row]:
    """So many rows that whole numbers reach from 0 to 10; of a cell that is a list each row takes the next."""
    table: list[Row] = [headings.split(";")]
    for n in range(66):
        made = [each[n % len(each)] if isinstance(each, list) else each for each in cells]
        table.append(
            [str(each).replace("#", str(n)).replace("@day", DAY.format(1 + n % 6, 1 + n % 28)) for each in made]
        )
    return table


MARKS = list(range(11))
OF_LEADS = ("00Q#", "C #", "p#@example.com", "Web", "Open", "@day", MARKS)


@pytest.mark.parametrize(
    ("table", "kept"),
    [
        (rows("Lead ID;Company;Email;Lead Source;Lead Status;Created Date;Score", *OF_LEADS), "deals or leads"),
        (rows("ID;Компания;E-mail;Источник лида;Стадия;Дата создания;Оценка", *OF_LEADS), "deals or leads"),
        (rows("ID;Firma;Email;Etap sprzedaży;Lejek;Data utworzenia;Ocena", *OF_LEADS), "deals or leads"),
        (
            rows("Email;Added time;Double opt-in;Campaign name;Rating", "p#@example.com", "@day", 1, "May", MARKS),
            "letters or subscribers",
        ),
        (
            rows("Subject;Send Date;Recipients;Hard Bounces;Unsubscribes", "News #", "@day", "9#", MARKS, MARKS),
            "letters or subscribers",
        ),
        (rows("Email Address;MEMBER_RATING;OPTIN_TIME;LEID", "p#@example.com", MARKS, "@day", "9#"), "letters or subscr"),
        (rows("Id;Assignee;Reopens;Created at;Score", "#", "A", [0, 1], "@day", MARKS), "tickets of a help desk"),
    ],
)  # fmt: skip
def test_numbers_of_another_system_are_no_answers_unasked(tmp_path: Path, table: list[Row], kept: str) -> None:
    entry = yaml.safe_load(sniff(written(tmp_path, table)).entry)
    [source] = entry["sources"].values()
    assert source["columns"]["score"].startswith(f"? the rows look like {kept}")


def test_a_survey_of_deals_that_asks_about_recommending_is_not_asked_about(tmp_path: Path) -> None:
    table = rows("Deal ID;Deal stage;Company;Closed;NPS", "#", "Won", "C #", "@day", MARKS)
    [source] = yaml.safe_load(sniff(written(tmp_path, table)).entry)["sources"].values()
    assert source["columns"]["score"] == "NPS"


def test_one_word_of_another_system_is_none(tmp_path: Path) -> None:
    table = rows("Deal;Client;Date;Score", "#", "p#@example.com", "@day", MARKS)
    [source] = yaml.safe_load(sniff(written(tmp_path, table)).entry)["sources"].values()
    assert source["columns"]["score"] == "Score"


@pytest.mark.parametrize(
    ("headings", "stage"),
    [
        ("ID;Стадия сделки;Компания;Дата создания;Сумма;Вероятность, %", "Стадия сделки"),
        ("Record ID;Deal Stage;Associated Company;Create Date;Amount;Deal probability", "Deal Stage"),
        ("Record ID;Opportunity stage;Account Name;Close Date;Amount;Probability", "Opportunity stage"),
        ("ID;Этап сделки;Компания;Дата закрытия;Бюджет;Вероятность", "Этап сделки"),
    ],
)
def test_deals_are_what_clients_bought_and_their_stage_is_asked_about(
    tmp_path: Path, headings: str, stage: str
) -> None:
    table = rows(headings, "9#", ["Won", "Lost", "Talks"], "C #", "@day", "#00", [each * 10 for each in MARKS])
    entry = yaml.safe_load(sniff(written(tmp_path, table)).entry)
    assert [*entry] == ["activity"]
    [deals] = entry["activity"].values()
    assert deals["columns"]["kind"] == stage
    assert deals["kinds"].startswith("? What do the texts of")


def test_a_full_export_of_a_help_desk_is_one_of_tickets(tmp_path: Path) -> None:
    headings = "Id;Requester email;Assignee;Status;Created at;Solved at;Satisfaction Score;Reopens;Replies;Ticket type"
    satisfied = ["Good", "Bad", "Offered"]
    table = rows(headings, "#", "p#@example.com", "A", "Closed", "@day", "@day", satisfied, [0, 1, 2], MARKS, "x")
    entry = yaml.safe_load(sniff(written(tmp_path, table)).entry)
    assert entry["cases"]["columns"]["respondent"] == "Requester email"
    assert "sources" not in entry
