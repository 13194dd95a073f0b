"""Lists of clients are known by what only they say: since when somebody is a client, what they are worth, who sent them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.config.models import Config
from pipelines.sniff.sniff import sniff
from pipelines.sniff.start import start

HEADINGS = {
    "en": "Customer ID;Customer since;Lifetime value;Referred by;Acquisition channel",
    "hr": "Šifra klijenta;Klijent od;Vrijednost klijenta;Preporučio;Kanal akvizicije",
    "ru": "ID клиента;Клиент с;Ценность клиента;Рекомендовал;Канал привлечения",  # noqa: RUF001 - Russian
    "uk": "ID клієнта;Клієнт з;Цінність клієнта;Рекомендував;Канал залучення",
    "pl": "ID klienta;Klient od;Wartość klienta;Polecony przez;Źródło pozyskania",
    "de": "Kundennummer;Kunde seit;Kundenwert;Geworben von;Gewonnen durch",
    "es": "ID de cliente;Cliente desde;Valor del cliente;Recomendado por;Canal de captación",
    "fr": "ID client;Client depuis;Valeur du client;Parrainé par;Canal d'acquisition",
}
ROWS = "".join(
    f"C{n};{n % 28 + 1:02d}.03.2024;{n + 100},50;{f'C{n - 1}' if n % 5 == 0 else ''};web\n" for n in range(1, 61)
)


def proposed(folder: Path, text: str, name: str = "export.csv") -> dict[str, dict[str, object]]:
    file = folder / name
    file.write_text(text, "utf-8")
    found: dict[str, dict[str, object]] = yaml.safe_load(sniff(file).entry)
    return found


@pytest.mark.parametrize("language", HEADINGS)
def test_a_list_of_clients_is_known_by_its_headings(tmp_path: Path, language: str) -> None:
    names = HEADINGS[language].split(";")
    entry = proposed(tmp_path, f"{HEADINGS[language]}\n{ROWS}")
    assert [*entry] == ["clients"]
    columns = dict(zip(("respondent", "first_seen", "value", "referred_by", "acquisition"), names, strict=True))
    assert entry["clients"]["columns"] == columns
    assert entry["clients"]["dates"] == {"formats": ["%d.%m.%Y"]}
    orders = {"kind": "csv", "files": "landing/orders/*.csv", "columns": {"respondent": "C", "occurred_at": "D"},
              "defaults": {"kind": "purchase"}}  # fmt: skip
    Config.model_validate({"timezone": "UTC", "activity": {"orders": orders}, **entry})


def test_where_they_are_it_is_a_list_of_accounts_too(tmp_path: Path) -> None:
    rows = "".join(f"A{n};ZG-{n % 3};retail;2024-03-{n % 28 + 1:02d};{n}.5\n" for n in range(60))
    entry = proposed(tmp_path, f"Account ID;Branch;Industry;Customer since;Annual revenue\n{rows}")
    accounts = {"account": "Account ID", "branch": "Branch", "industry": "Industry"}
    assert entry["dimensions"]["accounts"]["columns"] == accounts  # type: ignore[index]
    of_clients = {"account": "Account ID", "first_seen": "Customer since", "value": "Annual revenue"}
    assert entry["clients"]["columns"] == of_clients


@pytest.mark.parametrize(
    "text",
    [
        "Employee ID;Join date\n" + "".join(f"E{n};2024-03-{n % 28 + 1:02d}\n" for n in range(40)),
        "Customer ID;Registered;Score\n" + "".join(f"C{n};2024-03-{n % 28 + 1:02d};{n % 11}\n" for n in range(60)),
        "Customer ID;Order date;Amount\n" + "".join(f"C{n % 9};2024-03-{n % 28 + 1:02d};{n}.50\n" for n in range(60)),
        "Customer ID;Customer since\n" + "".join(f"C{n % 9};2024-03-{n % 28 + 1:02d}\n" for n in range(60)),
    ],
    ids=["employees", "answers", "orders", "clients that repeat"],
)
def test_other_files_are_none(tmp_path: Path, text: str) -> None:
    assert "clients" not in proposed(tmp_path, text)


def test_a_workspace_that_starts_from_two_lists_has_one(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.csv" for name in ("answers", "clients", "older")]
    answers = "".join(f"C{n};2025-03-{n % 28 + 1:02d};{n % 11}\n" for n in range(60))
    files[0].write_text(f"Client ID;Answered at;NPS score\n{answers}", "utf-8")
    files[1].write_text(f"{HEADINGS['en']}\n{ROWS}", "utf-8")
    files[2].write_text(
        f"Customer ID;Customer since\n{''.join(f'C{n};01.0{n % 9 + 1}.2023' + chr(10) for n in range(40))}", "utf-8"
    )
    start(tmp_path / "home", files)
    text = (tmp_path / "home" / "nps.yaml").read_text("utf-8")
    assert text.count("\nclients:") == 1
    assert "referred_by: Referred by" in text


@pytest.mark.parametrize(
    "headings", ["CLIENT;SINCE;CHANNEL;VALUE", "Kunde;Seit;Kanal;Wert", "Klijent;Od;Kanal;Vrijednost"]
)
def test_a_list_of_clients_may_be_headed_by_single_words(tmp_path: Path, headings: str) -> None:
    client, since, channel, value = headings.split(";")
    rows = "".join(f"C{n};{n % 28 + 1:02d}.03.2024;{('web', 'shop')[n % 2]};{n + 100},50\n" for n in range(60))
    entry = proposed(tmp_path, f"{headings}\n{rows}")
    assert [*entry] == ["clients"]
    assert entry["clients"]["columns"] == {
        "respondent": client, "first_seen": since, "value": value, "acquisition": channel
    }  # fmt: skip


def test_since_is_since_when_they_are_clients_beside_what_only_such_lists_say(tmp_path: Path) -> None:
    rows = "".join(f"A{n};{n % 28 + 1:02d}.03.2024;{n + 100},50;{'A3' if n % 9 == 0 else ''}\n" for n in range(60))
    entry = proposed(tmp_path, f"ACCOUNT_ID;SINCE;YEARLY_VALUE;REFERRED_BY\n{rows}")
    assert [*entry] == ["clients"]
    assert entry["clients"]["columns"] == {
        "account": "ACCOUNT_ID", "first_seen": "SINCE", "value": "YEARLY_VALUE", "referred_by": "REFERRED_BY"
    }  # fmt: skip


def test_since_when_a_client_is_of_a_branch_is_not_since_when_it_is_one(tmp_path: Path) -> None:
    rows = "".join(f"A{n};ZG-{n % 3};2024-03-{n % 28 + 1:02d}\n" for n in range(60))
    entry = proposed(tmp_path, f"Account ID;Branch;Since\n{rows}")
    assert [*entry] == ["dimensions"]


@pytest.mark.parametrize("since", ["Start", "Hire date"])
def test_a_list_of_workers_may_say_since_when_they_are_and_what_their_job_is(tmp_path: Path, since: str) -> None:
    rows = "".join(f"W{n};ZG-{n % 3};Team {n % 2};2019-03-{n % 28 + 1:02d};senior\n" for n in range(60))
    entry = proposed(tmp_path, f"Worker;Office;Team;{since};Job level\n{rows}")
    assert [*entry] == ["dimensions"]
    assert entry["dimensions"]["employees"]["columns"]["employee"] == "Worker"  # type: ignore[index]


@pytest.mark.parametrize(
    "headings", ["Employee;Branch;Department", "Zaposlenik;Poslovnica;Odjel", "Сотрудник;Филиал;Отдел"]
)
def test_a_list_of_employees_needs_no_ids(tmp_path: Path, headings: str) -> None:
    rows = "".join(f"Ana{n} Ivic;ZG-{n % 3};{('IT', 'HR')[n % 2]}\n" for n in range(60))
    entry = proposed(tmp_path, f"{headings}\n{rows}")
    columns = dict(zip(("employee", "branch", "department"), headings.split(";"), strict=True))
    assert entry == {"dimensions": {"employees": entry["dimensions"]["employees"]}}
    assert entry["dimensions"]["employees"]["columns"] == columns  # type: ignore[index]
    answered = "".join(f"Ana{n} Ivic;ZG-{n % 3};{('IT', 'HR')[n % 2]};{('so so', 'ok')[n % 2]}\n" for n in range(60))
    assert "sources" in proposed(tmp_path, f"{headings};Mood\n{answered}"), (
        "a column that may be an answer is asked about"
    )
