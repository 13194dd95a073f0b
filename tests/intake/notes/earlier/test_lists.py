"""A list that says something else of those whom the list before it had, or has others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import land, noted, workspace

BRANCHES = {"branch": "code", "name": "name", "region": "region"}
PEOPLE = {"employee": "login", "department": "dep"}
CLIENTS = {"account": "id", "first_seen": "since", "value": "worth"}
SHOPS = {"ST": "Split centar,South", "ZG": "Zagreb Ilica,North", "RI": "Rijeka Korzo,West", "OS": "Osijek Tvrda,East"}


def shops(**other: str) -> str:
    return "code,name,region\n" + "".join(f"{code},{said}\n" for code, said in {**SHOPS, **other}.items())


def staff(dep: Mapping[str, str] | None = None, who: str = "e{}", many: int = 60) -> str:
    of = [(dep or {}).get(name, name) for name in ("Sales", "IT", "Service")]
    return "login,dep\n" + "".join(f"{who.format(n)},{of[n % 3]}\n" for n in range(many))


def worth(times: int = 1, since: str = "2020-01-%02d", every: int = 5) -> str:
    rows = [
        f"c{n},{since % (1 + n % 28) if '%' in since else since},{(100 + n) * (1 if n % every else times)}"
        for n in range(50)
    ]
    return "\n".join(["id,since,worth", *rows, ""])


def notes(tmp_path: Path, columns: Mapping[str, str], *files: str) -> list[str]:
    entry: dict[str, Any] = {"kind": "csv", "files": "landing/list/*.csv", "columns": dict(columns)}
    name = "branches" if "branch" in columns else "employees"
    lists = {"clients": entry} if "account" in columns else {"dimensions": {name: entry}}
    sources: dict[str, Any] = {"a": {"kind": "csv", "metric": "nps", "files": "landing/a/*", "delivery": "incremental"}}
    sources["a"]["columns"] = {"score": "s", "responded_at": "d"}
    orders = {"kind": "csv", "files": "landing/o/*", "columns": {"account": "a", "occurred_at": "d"}}
    activity = {"activity": {"o": {**orders, "defaults": {"kind": "purchase"}}}} if "account" in columns else {}
    home = workspace(tmp_path, {"sources": sources, **lists, **activity})
    for day, text in enumerate(files, 1):
        land(home, f"list/{day}.csv", text, day)
    told = [*noted(home).values()]
    assert "nps withdraw" not in " ".join(told), "a list cannot be withdrawn"
    return told


def test_a_code_that_is_called_otherwise_is_told_with_both_names(tmp_path: Path) -> None:
    _, told, again = notes(
        tmp_path, BRANCHES, shops(), shops(RI="Zadar Poluotok,West"), shops(RI="Zadar Poluotok,North")
    )
    assert (
        "1 branch has another name than in landing/list/1.csv, the list before it: 'RI' from 'Rijeka Korzo' to" in told
    )
    assert "another name" not in again


def test_names_that_are_written_otherwise_and_new_branches_are_no_news(tmp_path: Path) -> None:
    assert notes(tmp_path, BRANCHES, shops(), shops(RI="RIJEKA  Korzo 1,West", ZD="Zadar,West")) == ["", ""]


def test_regions_that_moved_by_a_row_are_told(tmp_path: Path) -> None:
    regions = ["South", "West", "East", "North"]
    moved = {code: said.split(",")[0] + "," + regions[n] for n, (code, said) in enumerate(SHOPS.items())}
    _, told = notes(tmp_path, BRANCHES, shops(), shops(**moved))
    assert "Of 3 of 4 branches" in told
    assert "another region: 'ZG' from 'North' to 'West', 'RI' from" in told


def test_addresses_in_what_is_published_of_a_list_are_told(tmp_path: Path) -> None:
    people = {"employee": "login", "code": "mail", "department": "dep"}
    told, clean = notes(
        tmp_path, people, "login,mail,dep\ne1,eva@zz.example,IT\ne2,M2,IT\n", "login,mail,dep\neva@zz.example,M1,IT\n"
    )
    assert told.startswith(
        "E-mail addresses or telephone numbers stand in code: they are kept and published as they are"
    )
    assert "E-mail" not in clean, "who somebody is becomes a pseudonym"


def test_a_branch_that_a_list_has_twice_is_told(tmp_path: Path) -> None:
    told, more = notes(tmp_path, BRANCHES, shops() + "ST,Split centar,North\n", shops() + "ST,Split centar,East\n")
    assert "1 branch stands in it several times, and not with the same things said of them (other region)" in told
    assert "several times" not in more
    assert notes(tmp_path / "same", BRANCHES, shops() + "ST,Split centar,South\n") == [""]


@pytest.mark.parametrize("dep", [{"IT": "Informatika", "Service": "Servis"}, {"IT": "Sales"}, {"IT": ""}])
def test_a_roster_that_calls_departments_otherwise_is_told_once(dep: dict[str, str], tmp_path: Path) -> None:
    _, told, again = notes(tmp_path, PEOPLE, staff(), staff(dep), staff(dep, many=61))
    assert (
        "of 60 employees that are in landing/list/1.csv, the list before it as well it says another department" in told
    )
    assert "another department" not in again


def test_a_roster_with_few_changes_or_without_some_is_no_news(tmp_path: Path) -> None:
    few = staff().replace("e7,IT", "e7,Sales").replace("e10,IT", "e10,Service")
    assert notes(tmp_path, PEOPLE, staff(), few, staff(many=40)) == ["", "", ""]


def test_a_roster_of_other_logins_is_told_and_one_of_new_people_alone_is_not(tmp_path: Path) -> None:
    _, told = notes(tmp_path, PEOPLE, staff(), staff(who="{:05}"))
    assert "Only 0 of its 60 employees are in landing/list/1.csv, the list before it." in told
    assert notes(tmp_path / "new", PEOPLE, staff(), staff(who="n{}", many=22)) == ["", ""]


def test_clients_who_are_worth_far_more_or_nothing_are_told(tmp_path: Path) -> None:
    _, cents, none = notes(tmp_path, CLIENTS, worth(), worth(100), worth(0, every=2))
    assert "10 of 50 clients are worth 20 times as much as in landing/list/1.csv, the list before it" in cents
    assert "25 of 50 clients are worth 0, and were worth more in the lists before it" in none
    assert notes(tmp_path / "usual", CLIENTS, worth(), worth(3)) == ["", ""]


def test_clients_who_are_all_said_to_be_new_are_told(tmp_path: Path) -> None:
    _, told = notes(tmp_path, CLIENTS, worth(), worth(since="2025-05-31"))
    assert (
        "Of 50 of 50 clients that are in landing/list/1.csv, the list before it as well it says another first_seen"
        in told
    )


def test_a_name_of_several_codes_is_told_once(tmp_path: Path) -> None:
    both = {"RI": "Split centar,West"}
    told, again = notes(tmp_path, BRANCHES, shops(**both), shops(**both, OS="Osijek Tvrda,North"))
    assert "The name 'Split centar' is that of several codes: 'RI', 'ST'." in told
    assert again == ""
