"""Headings, labels and months of which no word is known, and columns that say the same in all rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tests.support.cases import settle
from tests.support.scenario import nps

SCORES = [10, 9, 3, 8, 10, 0, 7, 9, 10, 6, 5, 10]
PLACES = ["Centro", "Norte", "Sul", "Leste"]
Rows = list[dict[str, object]]


def as_csv(path: Path, rows: Rows) -> Path:
    path = path.with_suffix(".csv")
    pl.DataFrame(rows).write_csv(path)
    return path


def as_json(path: Path, rows: Rows) -> Path:
    """A heading with a dot becomes an object in an object."""
    path = path.with_suffix(".json")
    nested = [
        {
            **{key: value for key, value in row.items() if "." not in key},
            **{
                first: {key.split(".")[1]: value for key, value in row.items() if key.startswith(f"{first}.")}
                for first in {key.split(".")[0] for key in row if "." in key}
            },
        }
        for row in rows
    ]
    path.write_text(json.dumps(nested, ensure_ascii=False))
    return path


def as_xlsx(path: Path, rows: Rows) -> Path:
    path = path.with_suffix(".xlsx")
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.write_row(number, 0, row)
    return path


def proposed(path: Path, key: str) -> str:
    """What sniff proposes for a column, or asks there; nothing where it does neither."""
    told = nps("sniff", path).out.split("For nps.yaml:")[1]
    return next((line.split(": ", 1)[1] for line in told.splitlines() if line.strip().startswith(f"{key}: ")), "")


def answers(**beside: Callable[[int], object]) -> Rows:
    return [
        {"date": f"2025-03-{1 + i:02}", "score": SCORES[i % 12], **{key: value(i) for key, value in beside.items()}}
        for i in range(24)
    ]


def place(i: int) -> str:
    return PLACES[i % 4]


# Which column is the branch


@pytest.mark.parametrize("written", [as_csv, as_json, as_xlsx])
@pytest.mark.parametrize(
    ("one", "branch"),
    [
        ("loja.uf", "loja.nome"), ("store.state", "store.name"), ("shop.city", "shop.id"), ("store.zone", "store.name"),
        ("UF", "Loja"), ("State", "Store"), ("Город", "Филиал"), ("Sede", "Negozio"), ("Store brand", "Store"),
    ],
)  # fmt: skip
def test_a_column_of_one_value_is_no_branch_beside_one_of_several(
    written: Callable[[Path, Rows], Path], one: str, branch: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "x", answers(**{one: lambda _: "SP", branch: place}))
    assert proposed(path, "branch") == branch


def test_an_object_is_called_by_its_name_though_another_part_of_it_differs_too(tmp_path: Path) -> None:
    path = as_json(tmp_path / "x", answers(**{"shop.kind": lambda i: "AB"[i % 2], "shop.name": place}))
    assert proposed(path, "branch") == "shop.name"


def test_a_branch_of_one_value_is_asked_about_beside_a_column_of_which_nothing_is_known(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x", answers(loja=lambda _: "SP", ponto=place))
    asked = proposed(path, "branch")
    assert "says ''SP'' in every row" in asked
    assert "''ponto''" in asked
    path = as_csv(tmp_path / "alone", answers(loja=lambda _: "SP"))
    assert proposed(path, "branch") == "loja"


@pytest.mark.parametrize("town", ["Город", "City", "Miasto", "Cidade", "Stadt"])
def test_towns_are_asked_about_where_nothing_else_speaks_of_branches(town: str, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x", answers(**{town: place}))
    assert f"''{town}'' names 4 towns" in proposed(path, "branch")
    path = as_csv(tmp_path / "both", answers(**{town: lambda i: "AB"[i % 2], "Branch": place}))
    assert proposed(path, "branch") == "Branch"


@pytest.mark.parametrize("unit", ["Unit", "Unit Name", "Organisationseinheit", "Jednostka", "Organizacijska jedinica"])
def test_units_are_asked_about_where_nothing_else_speaks_of_branches(unit: str, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x", answers(**{unit: place}))
    assert f"''{unit}'' names 4 units" in proposed(path, "branch")
    path = as_csv(tmp_path / "both", answers(**{unit: lambda i: "AB"[i % 2], "Branch": place}))
    assert proposed(path, "branch") == "Branch"
    assert proposed(as_csv(tmp_path / "price", answers(**{"Unit price": place})), "branch") == ""


@pytest.mark.parametrize(
    ("name", "heading"),
    [("branch", "nps_branch"), ("branch", "NPS Store"), ("channel", "NPS Channel"), ("branch", "Filialname"),
     ("branch", "Geschäftsstelle"), ("region", "Vertriebsregion"), ("agent", "'? ''Kundenberater''")],
)  # fmt: skip
def test_what_stands_beside_the_score_is_known_below_its_prefix_and_in_compounds(
    name: str, heading: str, tmp_path: Path
) -> None:
    rows = [{"nps_score" if key == "score" else key: cell for key, cell in row.items()} for row in answers()]
    path = as_csv(tmp_path / "x", [{**row, heading.strip("'? "): place(i)} for i, row in enumerate(rows)])
    assert proposed(path, name).startswith(heading)
    assert proposed(path, "score").startswith("nps_score")


@pytest.mark.parametrize("written", [as_csv, as_json])
def test_the_branch_of_a_client_is_a_branch_and_no_client(
    written: Callable[[Path, Rows], Path], tmp_path: Path
) -> None:
    path = written(tmp_path / "x", answers(**{"account.branch": place}))
    assert (proposed(path, "branch"), proposed(path, "account")) == ("account.branch", "")
    path = as_csv(tmp_path / "x", answers(**{"Account: Branch": place, "Account: Name": lambda i: f"Firm {i % 7}"}))
    assert proposed(path, "branch").strip("'") == "Account: Branch"
    assert proposed(path, "account").startswith("'Account: Name'")


# Sheets


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], hidden: str = "") -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def test_sheets_called_after_branches_are_asked_about(tmp_path: Path) -> None:
    rows = [list(row.values()) for row in answers()]
    sheets: dict[str, list[list[object]]] = {
        name: [["date", "NPS (0-10)"], *rows[at::4]] for at, name in enumerate(PLACES)
    }
    path = book(tmp_path / "x.xlsx", sheets)
    found = settle(tmp_path / "home", path, answers={"these sheets": "{matches: .}", "after them": "_sheet"})
    assert found.figure == (24, 16.7)
    assert {name: count for name, (count, _) in found.by("branch").items()} == dict.fromkeys(PLACES, 6)


@pytest.mark.parametrize(
    ("names", "is_asked"),
    [(("2025-01", "2025-02"), False), (("Siječanj", "Veljača"), False), (("Jan", "Feb"), False), (("Q1", "Q2"), False),
     (("Sheet1", "Sheet2"), False), (("Store 11", "Store 12"), True), (("101", "102"), True)],
)  # fmt: skip
def test_sheets_of_parts_are_no_branches(names: Sequence[str], is_asked: bool, tmp_path: Path) -> None:
    rows = [("date", "NPS (0-10)"), *(tuple(row.values()) for row in answers())]
    asked = proposed(book(tmp_path / "x.xlsx", dict.fromkeys(names, rows)), "branch")
    assert ("no column speaks of branches" in asked) == is_asked


def test_a_cover_that_stands_first_is_no_table_of_answers_also_where_no_heading_is_known(tmp_path: Path) -> None:
    rows = [("date", "q7"), *(tuple(row.values()) for row in answers())]
    cover = [["This workbook holds the answers of our survey"], ["Ask Ana"]]
    assert "''q7''" in proposed(book(tmp_path / "x.xlsx", {"About": cover, "Data": rows}), "score")


@pytest.mark.parametrize("summary", [
    [["Branch", "Answers", "NPS"], ["Norte", 12, -26.7], ["Sul", 12, 15.4]],
    [["Month", "NPS"], ["2025-03", 33.3], ["2025-04", 41.2], ["2025-05", -8.0]],
])  # fmt: skip
def test_a_summary_that_stands_first_hides_no_answers(summary: list[list[object]], tmp_path: Path) -> None:
    rows = [("date", "NPS", "Branch"), *((*row.values(), place(i)) for i, row in enumerate(answers()))]
    found = settle(tmp_path / "home", book(tmp_path / "x.xlsx", {"Summary": summary, "Data": rows}))
    assert found.asked == []
    assert found.figure == (24, 16.7)


def test_a_hidden_sheet_with_all_answers_is_asked_about_by_its_name(tmp_path: Path) -> None:
    """A pattern that means both would read the visible one alone."""
    rows = [("date", "NPS", "Branch"), *((*row.values(), place(i)) for i, row in enumerate(answers()))]
    path = book(tmp_path / "x.xlsx", {"View": rows[:9], "Raw": rows}, hidden="Raw")
    found = settle(tmp_path / "home", path, answers={"sheet": "Raw", "scale": "0-10"})
    [asked] = [each for each in found.asked if each.startswith("sheet")]
    assert "hidden, and with the columns of ''View'' too: ''Raw''. If all answers stand there, write Raw" in asked
    assert "matches" not in asked
    assert found.figure == (24, 16.7)


# Scores with the sign of percent


def test_scores_with_the_sign_of_percent_are_read_on_0_100(tmp_path: Path) -> None:
    rows = [{**row, "score": f"{SCORES[i % 12] * 10}{'%' if i % 2 else ' %'}"} for i, row in enumerate(answers())]
    path = as_csv(tmp_path / "x", rows)
    found = settle(tmp_path / "home", path, answers={"score": "score", "scale": "0-100"})
    assert found.figure == (24, 16.7)
    assert any("0-100" in each for each in found.asked)


# Days that are counted


@pytest.mark.parametrize("heading", ["Abreise", "Besuch am"])
def test_numbers_that_may_count_days_are_named_where_no_date_is_found(heading: str, tmp_path: Path) -> None:
    rows: Rows = [{heading: 45321 + i, "score": SCORES[i % 12]} for i in range(24)]
    asked = proposed(as_csv(tmp_path / "x", rows), "responded_at")
    assert f"''{heading}'' holds whole numbers that may count days" in asked
    assert "excel" in asked
    rows = [{heading: 11_321 + i * 977, "score": SCORES[i % 12]} for i in range(24)]
    assert "count days" not in proposed(as_csv(tmp_path / "y", rows), "responded_at")


# Labels


def test_a_label_that_is_not_known_on_1_is_named(tmp_path: Path) -> None:
    labels = {1: "1 - alls ekki", 10: "10 - örugglega"}
    rows = [
        {**row, "score": labels.get(max(1, SCORES[i % 12]), str(SCORES[i % 12]))} for i, row in enumerate(answers())
    ]
    asked = proposed(as_csv(tmp_path / "x", rows), "scale")
    assert "what ''1 - alls ekki'' means is not known" in asked
    assert "no label" not in asked


# Months


@pytest.mark.parametrize(
    ("written", "language"),
    [("{} março 2025", "pt"), ("{} Ocak 2025", "tr"), ("{}. března 2025", "cs"), ("{} gennaio 2025", "it"),
     ("{} helmikuuta 2025", "fi"), ("{}. veebruar 2025", "et"), ("2025 m. vasario {} d.", "lt"),
     ("2025. gada {}. februāris", "lv"), ("{} otsaila 2025", "")],
)  # fmt: skip
def test_months_in_words_of_more_languages_are_proposed_with_their_language(
    written: str, language: str, tmp_path: Path
) -> None:
    rows = [{**row, "date": written.format(1 + i)} for i, row in enumerate(answers())]
    path = as_csv(tmp_path / "x", rows)
    assert proposed(path, "language") == language
    assert proposed(path, "responded_at").startswith("date" if language else "'? dates stand in a shape")


def test_files_are_of_months_that_their_names_say_in_more_languages(tmp_path: Path) -> None:
    files = [
        as_csv(tmp_path / f"nps_{month}_2025", [{**row, "id": f"{month}{i}"} for i, row in enumerate(answers()[:many])])
        for month, many in {"janeiro": 24, "fevereiro": 23, "abril": 22}.items()
    ]
    for file in files:
        pl.read_csv(file).drop("date").write_csv(file)
    said = r"'(?:^|[^\p{L}])(?P<responded_at>\p{L}{3,}_(?:19|20)\d{2})(?:[^\d]|$)'"
    found = settle(
        tmp_path / "home", *files, answers={"file_name": said, "response_id": "id", "delivery": "incremental"}
    )
    assert {month: many for month, (many, _) in found.by("month").items()} == {
        "2025-01": 24, "2025-02": 23, "2025-04": 22,
    }, (tmp_path / "home/nps.yaml").read_text()  # fmt: skip
