"""Answers that name a branch or people whom no list knows have no place in figures, and the night says so."""

from __future__ import annotations

from pathlib import Path

from tests.support.scenario import Settings, land, night, nps, source, workspace

ANSWERS = {"score": "score", "responded_at": "date", "branch": "branch"}
BRANCHES = {
    "kind": "csv", "files": "landing/lists/branches*.csv",
    "columns": {"branch": "code", "name": "name"},
}  # fmt: skip
SHOPS: Settings = {"sources": {"shops": source("shops", columns=ANSWERS)}, "dimensions": {"branches": BRANCHES}}
LIST = "code,name\nZG,Zagreb\nST,Split\n"


def answers(*branches: str) -> str:
    rows = (f"9,2025-01-{day:02},{branch}" for day, branch in enumerate(branches, 1))
    return "\n".join(["score,date,branch", *rows, ""])


def said_of_branches(home: Path) -> list[str]:
    return [line for line in night(home).out.splitlines() if "name branches" in line]


def test_branches_that_the_list_lacks_are_told_with_their_answers(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "lists/branches.csv", LIST)
    land(home, "shops/a.csv", answers("ZG", "split", "Splitt", "Splitt", "Osijek", ""))
    [said] = said_of_branches(home)
    assert said in nps("status", "--home", home).out.splitlines()
    assert said.strip().startswith(
        "3 of 5 answers of shops name branches that the list of branches does not have: 'Splitt' (2), 'Osijek' (1). They"
    )


def test_names_and_other_spellings_of_the_list_are_known(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "lists/branches.csv", LIST)
    land(home, "shops/a.csv", answers("ZG", "zagreb", " Split ", "ST", ""))
    assert said_of_branches(home) == []


def test_only_files_of_this_night_are_told_of(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "lists/branches.csv", LIST)
    land(home, "shops/a.csv", answers("Osijek"))
    assert said_of_branches(home)
    land(home, "shops/b.csv", answers("ZG", "ST"), day=2)
    assert said_of_branches(home) == []


def test_without_a_list_every_name_is_a_branch(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": SHOPS["sources"]})
    land(home, "shops/a.csv", answers("Osijek", "Split"))
    assert said_of_branches(home) == []


def test_employees_whose_numbers_lost_their_zeros_are_told(tmp_path: Path) -> None:
    staff = source("hr", metric="enps", columns={"score": "score", "responded_at": "date", "respondent": "number"})
    employees = {
        "kind": "csv", "files": "landing/lists/employees*.csv",
        "columns": {"employee": "number", "branch": "branch"},
    }  # fmt: skip
    home = workspace(tmp_path / "home", {"sources": {"hr": staff}, "dimensions": {"employees": employees}})
    land(home, "lists/employees.csv", "number,branch\n" + "".join(f"{number:05},Split\n" for number in range(1, 9)))
    land(home, "hr/a.csv", "score,date,number\n" + "".join(f"9,2025-01-0{number},{number}\n" for number in range(1, 9)))
    assert "None of 8 answers of hr is of an employee in the list of employees." in night(home).out


def test_people_of_the_list_are_known(tmp_path: Path) -> None:
    firms = source("firms", columns={"score": "score", "responded_at": "date", "account": "firm"})
    accounts = {
        "kind": "csv", "files": "landing/lists/accounts*.csv",
        "columns": {"account": "firm", "industry": "industry"},
    }  # fmt: skip
    home = workspace(tmp_path / "home", {"sources": {"firms": firms}, "dimensions": {"accounts": accounts}})
    land(home, "lists/accounts.csv", "firm,industry\n" + "".join(f"F{number},retail\n" for number in range(1, 9)))
    land(
        home, "firms/a.csv", "score,date,firm\n" + "".join(f"9,2025-01-0{number},F{number}\n" for number in range(1, 9))
    )
    assert "in the list of accounts" not in night(home).out


def test_branches_that_became_what_no_list_has_or_one_another_are_told(tmp_path: Path) -> None:
    branches = BRANCHES | {"columns": {"branch": "code", "name": "name", "became": "became"}}
    home = workspace(tmp_path / "home", {**SHOPS, "dimensions": {"branches": branches}})
    rows = ["A,Adria,bay", "B,Bay,", "C,Cape,Q", "D,Dell,E", "E,Elm,D", "F,Ford,F"]
    land(home, "lists/branches.csv", "\n".join(["code,name,became", *rows, ""]))
    land(home, "shops/a.csv", answers("A", "B"))
    said = [line.strip() for line in night(home).out.splitlines() if " became " in line]
    assert [each.partition(". ")[0] for each in said] == [
        "1 branch became branches that the list of branches does not have: 'C' became 'Q'",
        "2 branches became one another in the list of branches: 'D' became 'E', 'E' became 'D'",
    ]
