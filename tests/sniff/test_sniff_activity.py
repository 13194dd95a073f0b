"""What nps sniff says of files of orders and of cancellations, in whatever language, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.config.load import load_config
from pipelines.config.models import Config
from pipelines.sniff.sniff import sniff
from pipelines.sniff.start import start
from tests.support.scenario import night, published

ROWS = "".join(f"N{n};C{n % 20};{n % 28 + 1:02d}.03.2025 09:15;{n},50\n" for n in range(1, 61))
HEADINGS = {
    "en": "Order number;Customer ID;Order date;Amount",
    "hr": "Broj narudžbe;ID klijenta;Datum narudžbe;Iznos",
    "ru": "Номер заказа;ID клиента;Дата заказа;Сумма",
    "uk": "Номер замовлення;ID клієнта;Дата замовлення;Сума",
    "pl": "Numer zamówienia;ID klienta;Data zamówienia;Kwota",
    "de": "Bestellnummer;Kundennummer;Bestelldatum;Betrag",
    "es": "Número de pedido;ID del cliente;Fecha del pedido;Importe",
    "fr": "Numéro de commande;ID client;Date de commande;Montant",
}


def proposed(folder: Path, name: str, text: str) -> dict[str, object]:
    file = folder / name
    file.write_text(text, "utf-8")
    found: dict[str, object] = yaml.safe_load(sniff(file).entry)
    return found


@pytest.mark.parametrize("language", HEADINGS)
def test_orders_are_known_by_their_headings(tmp_path: Path, language: str) -> None:
    entry = proposed(tmp_path, "dump.csv", f"{HEADINGS[language]}\n{ROWS}")
    assert set(entry) == {"activity"}
    [layout] = entry["activity"].values()  # type: ignore[attr-defined]
    names = HEADINGS[language].split(";")
    told = ("activity_id", "respondent", "occurred_at", "amount")
    assert [layout["columns"][name] for name in told] == names
    assert layout["defaults"] == {"kind": "purchase"}
    assert layout["dates"] == {"formats": ["%d.%m.%Y %H:%M"]}
    Config.model_validate({"timezone": "UTC", **entry})


@pytest.mark.parametrize(
    ("heading", "cancelled"),
    [
        ("Account ID;Cancelled on;Why", "Cancelled on"), ("Tvrtka;Datum otkaza;Razlog", "Datum otkaza"),
        ("Контрагент;Дата расторжения;Причина", "Дата расторжения"), ("Firma;Kündigung zum;Grund", "Kündigung zum"),
    ],
)  # fmt: skip
def test_cancellations_are_known_by_their_date(tmp_path: Path, heading: str, cancelled: str) -> None:
    rows = "".join(f"A{n};{n % 28 + 1:02d}.03.2025;price\n" for n in range(40))
    entry = proposed(tmp_path, "dump.csv", f"{heading}\n{rows}")
    [layout] = entry["activity"].values()  # type: ignore[attr-defined]
    assert layout["columns"] == {"account": heading.split(";", maxsplit=1)[0], "occurred_at": cancelled}
    assert layout["defaults"] == {"kind": "cancel"}


def test_what_stands_beside_a_cancellation_is_no_revenue(tmp_path: Path) -> None:
    rows = "".join(f"C{n};{n % 28 + 1:02d}.03.2025;{n},50\n" for n in range(40))
    entry = proposed(tmp_path, "dump.csv", f"Клиент;Дата расторжения;Сумма потерь\n{rows}")
    [layout] = entry["activity"].values()  # type: ignore[attr-defined]
    assert layout["columns"] == {"respondent": "Клиент", "occurred_at": "Дата расторжения"}
    assert layout["defaults"] == {"kind": "cancel"}


def test_what_texts_of_a_kind_mean_and_what_a_thousand_is_are_asked(tmp_path: Path) -> None:
    rows = "".join(
        f"N{n};C{n % 20};2025-03-{n % 28 + 1:02d};{('sale', 'quote')[n % 2]};{n}.500\n" for n in range(1, 61)
    )
    file = tmp_path / "orders.csv"
    file.write_text(f"Order number;Account ID;Order date;Type;Amount\n{rows}", "utf-8")
    found = sniff(file)
    [layout] = yaml.safe_load(found.entry)["activity"].values()
    assert layout["kinds"].startswith("? What do the texts of 'Type' mean: 'quote' (30), 'sale' (30)?")
    assert layout["decimal"].startswith("? In 'Amount', is 1.500 with a thousand")
    assert len(found.questions) == 2
    comma = (
        rows.replace(".500", ".500,00")
        .replace("60.500,00", "by arrangement")
        .replace("quote", "purchase")
        .replace("sale", "cancel")
    )
    file.write_text(f"Order number;Account ID;Order date;Type;Amount\n{comma}", "utf-8")
    [layout] = yaml.safe_load(sniff(file).entry)["activity"].values()
    assert not {"kinds", "decimal", "defaults"} & {*layout}


@pytest.mark.parametrize(
    ("headings", "asked"),
    [
        ("Order number;Customer ID;Email;Order date;Amount", {"respondent": ["Customer ID", "Email"]}),
        ("Order number;Account ID;Email;Order date;Amount", {"account": ["Account ID", "Email"]}),
        ("Order number;Customer ID;Order date;Net amount;Gross amount", {"amount": ["Net amount", "Gross amount"]}),
        ("Broj narudžbe;ID klijenta;Datum narudžbe;Cijena;Ukupno", {"amount": ["Cijena", "Ukupno"]}),
        ("Transaction ID;Customer ID;Created at;Delivered at;Total", {"occurred_at": ["Created at", "Delivered at"]}),
    ],
)
def test_which_of_several_columns_is_meant_is_asked(tmp_path: Path, headings: str, asked: dict[str, list[str]]) -> None:
    texts = {
        "number": "broj transaction",
        "day": "date datum at",
        "mail": "email",
        "money": "amount cijena ukupno total",
    }
    cells = {"number": "N{0}", "day": "2025-03-{1:02d}", "mail": "c{2}@x.hr", "money": "{0}.50", "": "C{2}"}
    kinds = [
        next((kind for kind, words in texts.items() if set(words.split()) & set(heading.lower().split())), "")
        for heading in headings.split(";")
    ]
    rows = "".join(";".join(cells[kind] for kind in kinds).format(n, n % 28 + 1, n % 20) + "\n" for n in range(1, 61))
    (tmp_path / "orders.csv").write_text(f"{headings}\n{rows}", "utf-8")
    found = sniff(tmp_path / "orders.csv")
    [layout] = yaml.safe_load(found.entry)["activity"].values()
    questions = {name: text for name, text in layout["columns"].items() if text.startswith("? ")}
    assert set(questions) == set(asked)
    assert all(f"'{column}'" in questions[name] for name, columns in asked.items() for column in columns)
    assert len(found.questions) == 1


@pytest.mark.parametrize(
    ("heading", "texts"),
    [
        ("Status", ("completed", "cancelled")), ("Payment status", ("paid", "pending")), ("Is test", ("no", "yes")),
        ("Статус заказа", ("оплачен", "отменен")), ("Stanje", ("plaćeno", "storno")),
    ],
)  # fmt: skip
def test_what_became_of_an_order_is_asked_for_not_all_are_purchases(
    tmp_path: Path, heading: str, texts: tuple[str, str]
) -> None:
    rows = "".join(f"N{n},C{n % 20},2025-03-{n % 28 + 1:02d},{n}.50,{texts[n % 3 == 0]}\n" for n in range(60))
    (tmp_path / "orders.csv").write_text(f"Order number,Customer ID,Order date,Amount,{heading}\n{rows}", "utf-8")
    found = sniff(tmp_path / "orders.csv")
    [layout] = yaml.safe_load(found.entry)["activity"].values()
    assert layout["columns"]["kind"] == heading
    assert "defaults" not in layout
    assert all(text in layout["kinds"] for text in texts)
    assert len(found.questions) == 1


def test_of_several_numbers_the_one_that_no_two_rows_share_is_taken(tmp_path: Path) -> None:
    rows = "".join(f"N{n // 3};L{n};C{n % 20};2025-03-{n % 28 + 1:02d};{n}.50\n" for n in range(60))
    (tmp_path / "lines.csv").write_text(
        f"Order number;Order line number;Customer ID;Order date;Amount\n{rows}", "utf-8"
    )
    [layout] = yaml.safe_load(sniff(tmp_path / "lines.csv").entry)["activity"].values()
    assert layout["columns"]["activity_id"] == "Order line number"


ANSWERS = "".join(f"R{n};C{n};{n % 28 + 1:02d}.03.2025;{n % 11};{n},50\n" for n in range(60))
TICKETS = "".join(f"T{n};A{n};01.03.2025 09:15;03.03.2025 10:30;07.03.2025 12:00;queue\n" for n in range(40))
ACCOUNTS = "".join(f"A{n};Firm {n};ZG;{n},50\n" for n in range(40))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("orders.csv", f"Response ID;Customer ID;Order date;Score;Amount\n{ANSWERS}"),
        ("sales.csv", f"ID;Customer;Date;How likely are you to recommend us?;Total\n{ANSWERS}"),
        ("orders.csv", f"Ticket;Response ID;Opened;First contact;Closed;Root cause\n{TICKETS}"),
        ("accounts.csv", f"Account ID;Company;Branch;Revenue\n{ACCOUNTS}"),
    ],
)
def test_answers_tickets_and_lists_are_no_activity(tmp_path: Path, name: str, text: str) -> None:
    assert "activity" not in proposed(tmp_path, name, text)


def test_a_workspace_may_start_from_answers_orders_and_cancellations(tmp_path: Path) -> None:
    answers = "".join(f"A{n};{n % 28 + 1:02d}.03.2025 08:00;{n % 11};C{n}\n" for n in range(120))
    heading = "Response ID;Submitted at;How likely are you to recommend us? (0-10);Customer ID"
    left = "".join(f"C{n};{n % 28 + 1:02d}.04.2025;price\n" for n in range(20))
    files = {
        "answers.csv": f"{heading}\n{answers}",
        "orders.csv": f"{HEADINGS['en']}\n{ROWS}",
        "left.csv": f"Customer ID;Cancelled on;Why\n{left}",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    started = start(tmp_path / "home", [tmp_path / name for name in files])
    assert started.questions == []
    config = load_config(tmp_path / "home/nps.yaml")
    assert set(config.activity) == {"orders", "left"}
    assert {each.by for each in config.activity.values()} == {"respondent"}
    night(tmp_path / "home")
    assert published(tmp_path / "home", "select sum(clients)::int > 0 from marts.fct_outcome") == [(True,)]


def test_a_reason_of_refusal_in_some_rows_makes_no_cancellations_of_all(tmp_path: Path) -> None:
    rows = "".join(f"C{n};{n % 28 + 1:02d}.03.2025;{'дорого' if n % 4 == 0 else ''}\n" for n in range(40))
    entry = proposed(tmp_path, "leads.csv", f"Клиент;Дата создания;Причина отказа\n{rows}")
    [layout] = entry["activity"].values()  # type: ignore[attr-defined]
    assert layout["defaults"]["kind"].startswith(
        "? Is each row a client who left? 'Причина отказа' says so, and is empty in 30"
    )
