"""What nps sniff says of tickets: dumps that say what was done about answers, in whatever language, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.sniff.sniff import sniff
from pipelines.sniff.start import start

ROWS = "T{0};A{0};{1:02d}.03.2025 09:15;{2:02d}.03.2025 10:30;{3:02d}.03.2025 12:00;Ana {0};solved;queue\n"
BODY = "".join(ROWS.format(n, n % 20 + 1, n % 20 + 3, n % 20 + 7) for n in range(1, 41))
HEADINGS = {
    "en": "Ticket;Response ID;Opened;First contact;Closed;Owner;Outcome;Root cause",
    "hr": "Prijava;ID odgovora;Otvoreno;Prvi poziv;Zatvoreno;Zadužena;Ishod;Uzrok",
    "ru": "Обращение;ID ответа;Открыто;Первый звонок;Закрыто;Ответственный;Исход;Первопричина",
    "pl": "Zgłoszenie;ID odpowiedzi;Otwarto;Pierwszy kontakt;Zamknięto;Opiekun;Wynik rozmowy;Przyczyna",
    "de": "Ticket;Antwort-ID;Eröffnet am;Erster Anruf;Geschlossen am;Bearbeiter;Ergebnis;Ursache",
}


@pytest.mark.parametrize("language", HEADINGS)
def test_a_dump_of_tickets_is_known_by_its_headings(tmp_path: Path, language: str) -> None:
    file = tmp_path / "dump.csv"
    file.write_text(f"{HEADINGS[language]}\n{BODY}", "utf-8")
    found = sniff(file)
    entry = yaml.safe_load(found.entry)
    names = HEADINGS[language].split(";")
    columns = entry["cases"]["columns"]
    told = ("response_id", "opened_at", "first_contact_at", "closed_at", "owner", "outcome", "root_cause")
    assert [columns[name] for name in told] == names[1:]
    assert entry["cases"]["dates"] == {"formats": ["%d.%m.%Y %H:%M"]}
    assert len(found.questions) == 1, "by when a case is due, nobody but the company knows"
    assert entry["follow_up"]["due"].startswith("? ")


@pytest.mark.parametrize(
    ("headings", "key"),
    [
        ("Id;NPS response id;Created at;Assignee;Solved at;Requester;Status;Root cause", "response_id"),
        ("Issue key;Customer ID;Created;First response;Resolved;Assignee;Resolution;Status", "respondent"),
        ("Ticket ID;Customer ID;Created time;Initial response time;Resolved time;Agent;Type;Status", "respondent"),
        (
            "Ticket ID;Associated Contact IDs;Create date;First agent email response date;Close date;Owner;Subject;Status",
            "respondent",
        ),
        ("Ticket ID;Requester;Created at;First reply at;Solved at;Assignee;Subject;Status", "respondent"),
    ],
)
def test_dumps_of_help_desks_are_tickets(tmp_path: Path, headings: str, key: str) -> None:
    file = tmp_path / "dump.csv"
    file.write_text(f"{headings}\n{BODY}", "utf-8")
    columns = yaml.safe_load(sniff(file).entry)["cases"]["columns"]
    names = headings.split(";")
    assert (columns[key], columns["opened_at"]) == (names[1], names[2])
    assert columns["closed_at"] == names[4]


HELP_DESKS = {
    "HubSpot": "Ticket ID;Associated Contact;Create date;Ticket status;Close date;Ticket owner;Category",
    "Zendesk": "Ticket ID;Requester email;Created at;Status;Solved at;Assignee;Group",
    "Jira": "Issue key;Custom field (Customer email);Created;Status;Resolved;Assignee;Priority",
    "Bitrix24": "ID;Клиент;Создано;Стадия;Дата завершения;Ответственный;Причина обращения",
    "German": "Ticketnummer;Kunden-E-Mail;Erstellt am;Status;Gelöst am;Bearbeiter;Gruppe",
    "Polish": "Numer zgłoszenia;E-mail klienta;Data utworzenia;Status;Data zamknięcia;Osoba przypisana;Grupa",
}


@pytest.mark.parametrize("desk", HELP_DESKS)
def test_who_has_a_ticket_and_how_far_it_came_tell_one_without_a_first_contact(tmp_path: Path, desk: str) -> None:
    names = HELP_DESKS[desk].split(";")
    rows = "".join(
        f"T{n};k{n}@x.hr;{n % 20 + 1:02d}.03.2025 09:15;closed;{n % 20 + 4:02d}.03.2025 16:40;Ana;x{n % 3}\n"
        for n in range(24)
    )
    (tmp_path / "dump.csv").write_text(f"{HELP_DESKS[desk]}\n{rows}", "utf-8")
    found = sniff(tmp_path / "dump.csv")
    cases = yaml.safe_load(found.entry)["cases"]
    told = ("respondent", "opened_at", "status", "closed_at", "owner")
    assert [cases["columns"][name] for name in told] == names[1:6]
    assert cases["kind"] in ("csv", "table"), "no kind of exports of answers"
    deals = HELP_DESKS[desk].replace(names[0], "Nr").replace("Причина обращения", "Сумма").replace("Ticket ", "")
    (tmp_path / "dump.csv").write_text(f"{deals}\n{rows}", "utf-8")
    assert "cases" not in yaml.safe_load(sniff(tmp_path / "dump.csv").entry), "nothing says that these are tickets"


@pytest.mark.parametrize("took", ["2.5", "17", "02:15:00"])
def test_how_long_the_first_response_took_is_no_first_contact(tmp_path: Path, took: str) -> None:
    headings = "Ticket ID;Requester email;Created at;Status;Solved at;Assignee;First response time"
    rows = "".join(
        f"T{n};k{n}@x.hr;{n % 20 + 1:02d}.03.2025 09:15;closed;{n % 20 + 4:02d}.03.2025 16:40;Ana;{took}\n"
        for n in range(24)
    )
    (tmp_path / "dump.csv").write_text(f"{headings}\n{rows}", "utf-8")
    columns = yaml.safe_load(sniff(tmp_path / "dump.csv").entry)["cases"]["columns"]
    assert "first_contact_at" not in columns
    assert columns["closed_at"] == "Solved at"


def test_a_dump_that_names_no_answer_is_known_by_its_client(tmp_path: Path) -> None:
    file = tmp_path / "dump.csv"
    rows = "".join(
        f"T{n};p{n}@x.hr;{n % 20 + 1:02d}.03.2025;{n % 20 + 2:02d}.03.2025;{n % 20 + 4:02d}.03.2025;solved\n"
        for n in range(40)
    )
    headings = "Ticket;Customer e-mail;Opened;First contact;Closed"
    file.write_text(f"{headings};Outcome\n{rows}", "utf-8")
    entry = yaml.safe_load(sniff(file).entry)
    assert entry["cases"]["columns"] == {
        "respondent": "Customer e-mail", "opened_at": "Opened", "first_contact_at": "First contact", "closed_at": "Closed",
        "outcome": "Outcome",
    }  # fmt: skip
    for other in (
        "Ticket;Customer e-mail;Date;First contact;Closed;Outcome",
        "Order;Customer e-mail;Opened;Sent;Closed;End",
    ):
        file.write_text(f"{other}\n{rows}", "utf-8")
        assert "cases" not in yaml.safe_load(sniff(file).entry)
    scored = "".join(f"{row};{n % 11}\n" for n, row in enumerate(rows.splitlines()))
    file.write_text(f"{headings};Outcome;Satisfaction\n{scored}", "utf-8")
    assert "cases" not in yaml.safe_load(sniff(file).entry), "it may hold answers"


def test_which_of_several_dates_a_case_ends_with_is_asked(tmp_path: Path) -> None:
    rows = "".join(
        f"T{n};A{n};{n % 9 + 1:02d}.03.2025;{n % 9 + 3:02d}.03.2025;{n % 9 + 4:02d}.03.2025\n" for n in range(40)
    )
    (tmp_path / "dump.csv").write_text(f"Ticket;Response ID;Opened;Closed at;Resolved at\n{rows}", "utf-8")
    asked = yaml.safe_load(sniff(tmp_path / "dump.csv").entry)["cases"]["columns"]["closed_at"]
    assert asked == "? which column is when the ticket was closed: 'Closed at' or 'Resolved at'? Write its heading"


CALLS = "".join(f"C{n};{n % 28 + 1:02d}.03.2025 10:00;busy;Ana\n" for n in range(40))
ANSWERS = "".join(f"R{n};{n % 28 + 1:02d}.03.2025;{n % 11};closed\n" for n in range(60))
BRANCHES = "".join(f"B{n};Town {n};North;\n" for n in range(20))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("calls.csv", f"Call ID;Called at;Result;Operator\n{CALLS}"),
        ("answers.csv", f"Response ID;Date;Score;Status\n{ANSWERS}"),
        ("branches.csv", f"Branch code;Branch;Region;Closed on\n{BRANCHES}"),
    ],
)  # fmt: skip
def test_calls_answers_and_lists_are_no_tickets(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    assert "cases" not in yaml.safe_load(sniff(file).entry)


def test_a_workspace_that_starts_from_answers_and_tickets_asks_by_when(tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    rows = (f"A{n};{n % 28 + 1:02d}.03.2025 08:00;{n % 11};p{n}@x.hr\n" for n in range(120))
    answers.write_text(
        "Response ID;Submitted at;How likely are you to recommend us? (0-10);E-mail\n" + "".join(rows), "utf-8"
    )
    tickets = tmp_path / "tickets.csv"
    tickets.write_text(f"{HEADINGS['en']}\n{BODY}", "utf-8")
    started = start(tmp_path / "home", [answers, tickets])
    assert [question.partition(":")[0] for question in started.questions] == ["follow_up.due"]
    written = yaml.safe_load((tmp_path / "home/nps.yaml").read_text("utf-8"))
    assert {"sources", "cases", "follow_up"} <= set(written)
