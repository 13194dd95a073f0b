"""Who served a client, and about what: proposed, asked where it may be a company, and nothing of it for employees."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.support.scenario import nps

AGENTS = {
    "en": "Operator", "pl": "Konsultant", "ru": "Оператор", "uk": "Оператор", "hr": "Operater", "es": "Vendedor",
    "de": "Berater", "fr": "Conseiller",
}  # fmt: skip
PRODUCTS = {
    "en": "Product", "pl": "Produkt", "ru": "Вид услуги", "uk": "Вид послуги", "hr": "Vrsta proizvoda", "es": "Producto",
    "de": "Produktart", "fr": "Produit",
}  # fmt: skip
PEOPLE = ("Ana Horvat", "Ivan Babić", "Eva Novak")
QUESTION = "How likely is it that you would recommend us to a friend?"


def columns(
    folder: Path, agent: str, said: tuple[str, ...], product: str = "Plan", question: str = QUESTION
) -> dict[str, str]:
    lines = [f"Call ID;Date;{agent};{product};{question}"]
    lines += [
        f"K{n};2025-03-{1 + n % 28:02};{said[n % len(said)]};{('Loan', 'Card')[n % 2]};{n % 11}" for n in range(60)
    ]
    file = folder / "calls.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    entry = yaml.safe_load(nps("sniff", file, "--json").document["entry"])
    [source] = entry["sources"].values()
    return dict(source["columns"])


@pytest.mark.parametrize("language", AGENTS)
def test_who_served_and_about_what_is_proposed_in_eight_languages(language: str, tmp_path: Path) -> None:
    found = columns(tmp_path, AGENTS[language], PEOPLE, PRODUCTS[language])
    assert found["agent"] == AGENTS[language]
    assert found["product"] == PRODUCTS[language]
    assert "manager" not in found


@pytest.mark.parametrize(
    "heading",
    ["Ticket owner", "Account Owner", "Assignee", "Ответственный", "Відповідальний", "Bearbeiter", "Asignado a"],
)
def test_whose_ticket_or_account_it_is_has_served(heading: str, tmp_path: Path) -> None:
    found = columns(tmp_path, heading, PEOPLE)
    assert found["agent"] == heading
    assert "manager" not in found


def test_of_who_owns_something_else_it_is_asked_who_served(tmp_path: Path) -> None:
    assert columns(tmp_path, "Pet owner", ("of a dog", "of a cat", "of none"))["agent"].startswith("? 'Pet owner' says")


def test_codes_of_agents_need_no_question_and_companies_do(tmp_path: Path) -> None:
    assert columns(tmp_path, "Agent", ("A17", "A18", "B2"))["agent"] == "Agent"
    assert columns(tmp_path, "Operator", tuple(f"name{n}" for n in "abcdefghij"))["agent"] == "Operator"
    asked = columns(tmp_path, "Оператор", ("Билайн", "Мегафон", "Йота"))["agent"]
    assert asked.startswith("? 'Оператор' says")
    assert "write brand in place of agent" in asked


def test_an_operator_of_employees_leads_them(tmp_path: Path) -> None:
    workplace = "How likely are you to recommend us as a place to work?"
    found = columns(tmp_path, "Operator", PEOPLE, "Product", workplace)
    assert found["manager"] == "Operator"
    assert not {"agent", "product"} & {*found}


def test_what_is_said_of_agents_and_products_names_none(tmp_path: Path) -> None:
    found = columns(tmp_path, "How helpful was the agent?", ("very", "quite", "not at all"), "Product quality")
    assert not {"agent", "product"} & {*found}
