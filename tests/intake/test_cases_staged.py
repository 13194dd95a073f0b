"""Which rows count: one question of several, totals, missing zeros."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import ANSWERS, land, night, published, source, taken_in, workspace

HEAD = "kind,date,score\n"


def judged(home: Path, text: str, **settings: object) -> dict[str, object]:
    workspace(home, {"sources": {"shops": source("shops", **settings)}})
    land(home, "shops/a.csv", text)
    return taken_in(home)["landing/shops/a.csv"]


def test_only_rows_that_answer_the_question_count(tmp_path: Path) -> None:
    rows = "NPS,2025-01-02,9\n nps ,2025-01-03,0\nCSAT,2025-01-03,5\n,2025-01-03,4\n"
    found = judged(tmp_path / "home", HEAD + rows, where={"column": "kind", "values": ["NPS"]}, max_reject_share=1)
    assert (found["accepted"], found["excluded"], found["rejected"]) == (2, 2, 0)


def test_a_file_without_the_column_of_where_is_refused_unless_it_is_optional(tmp_path: Path) -> None:
    rows = "date,score\n2025-01-02,9\n"
    needed = judged(tmp_path / "a", rows, where={"column": "kind", "values": ["NPS"]})
    assert (needed["status"], needed["reason"]) == ("refused", "file_layout")
    optional = {"column": {"matches": "^kind$", "optional": True}, "values": ["NPS"]}
    assert judged(tmp_path / "b", rows, where=optional)["accepted"] == 1


ORDINARY = "".join(f"Split,2025-01-{day:02},{day % 11}\n" for day in range(1, 21))


@pytest.mark.parametrize(
    "word",
    ["Total", "All branches", "Svi", "TOTAL:", "Średnia", "Итого", "Усього", "Ukupno", "Promedio", "Summe", "Moyenne"],
)
@pytest.mark.parametrize("date", ["2025-01-31", ""])
def test_a_row_of_totals_is_no_answer_and_is_noted(tmp_path: Path, word: str, date: str) -> None:
    found = judged(tmp_path / "home", f"{HEAD}{ORDINARY}{word},{date},7\n")
    assert (found["accepted"], found["excluded"], found["rejected"]) == (20, 1, 0)
    assert "totals or averages" in str(found["notes"])


def test_the_word_may_stand_in_any_column_that_is_not_read(tmp_path: Path) -> None:
    rows = "".join(f"{day % 11},2025-01-{day:02},{day % 3 or ''},Ana Nowak\n" for day in range(1, 21))
    columns = {"score": "score", "responded_at": "date"}
    found = judged(tmp_path / "home", f"score,date,calls,name\n{rows}5,2025-01-20,,Average\n", columns=columns)
    assert (found["accepted"], found["excluded"], found["rejected"]) == (20, 1, 0)


def test_answers_of_a_branch_called_total_count(tmp_path: Path) -> None:
    found = judged(tmp_path / "a", f"{HEAD}Total,2025-01-05,7\n{ORDINARY}Total,2025-01-31,7\n")
    assert (found["accepted"], found["excluded"]) == (22, 0)
    with_ids = "id,kind,date,score\n1,Split,2025-01-05,7\n2,Total,2025-01-06,3\n"
    columns = {"response_id": "id", "branch": "kind", "score": "score", "responded_at": "date"}
    assert judged(tmp_path / "b", with_ids, columns=columns)["accepted"] == 2


def with_totals(*rows: str) -> str:
    """Ten answers of 2 to 8 and a mean of 5 in each of two branches, and a row behind each."""
    scores = (2, 8, 3, 7, 4, 6, 5, 5, 1, 9)
    parts = ["".join(f"{branch},2025-01-{day:02},{score}\n" for day, score in enumerate(scores, 1)) + row + "\n"
             for branch, row in zip(("Split", "Zadar"), rows, strict=True)]  # fmt: skip
    return HEAD + "".join(parts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Split Total,2025-01-31,5", "Zadar Total,2025-01-31,5"),
        ("Zwischensumme,2025-01-31,5", "Gesamtergebnis,2025-02-28,5"),
        ("Итого по Сплиту,2025-01-31,5.0", "Итого,2025-01-31,5.0"),
        ("Ukupno Split,2025-01-31,10", "Ukupno Zadar,2025-01-31,10"),
        ("Moyenne Split,2025-01-31,5", "Somme Zadar,2025-01-31,50"),
        ("Średnia Split,2025-01-31,5", "Suma Zadar,2025-01-31,100"),
    ],
)
def test_a_total_amid_others_that_states_what_is_true_of_them_is_no_answer(
    tmp_path: Path, one: str, other: str
) -> None:
    found = judged(tmp_path / "home", with_totals(one, other))
    assert (found["accepted"], found["excluded"], found["rejected"]) == (20, 2, 0)


@pytest.mark.parametrize("row", ["Zadar Total,2025-01-31,6", "Total Wine,2025-01-31,9", "Totalna,2025-01-31,5"])
def test_one_that_states_something_else_leaves_all_as_answers(tmp_path: Path, row: str) -> None:
    found = judged(tmp_path / "home", with_totals("Split Total,2025-01-31,4", row))
    assert (found["accepted"], found["excluded"]) == (22, 0)
    assert "may be a total" in str(found["notes"])


def test_zeros_that_may_have_been_exported_as_nothing_are_noted(tmp_path: Path) -> None:
    head, answers = "date,score\n", "2025-01-02,10\n" * 40 + "2025-01-03,5\n" * 10
    found = judged(tmp_path / "a", head + answers + "2025-01-03,\n" * 10)
    assert "50 answers give 60.0; if the blank ones were zeros, 60 would give 33.3" in str(found["notes"])
    for name, rest in (("b", "2025-01-03,\n" * 4), ("c", "2025-01-03,\n" * 10 + "2025-01-03,0\n")):
        assert "zeros" not in str(judged(tmp_path / name, head + answers + rest)["notes"])


def test_zeros_that_a_spreadsheet_shows_as_dashes_are_noted(tmp_path: Path) -> None:
    head, answers = "date,score\n", "2025-01-02, 10 \n" * 40 + "2025-01-03, 5 \n" * 10
    found = judged(tmp_path / "a", head + answers + "2025-01-03, -   \n" * 3)
    assert "3 of its 53 rows have a dash for the score, and not one is 0: spreadsheets may" in str(found["notes"])
    for name, rest in (("b", "2025-01-03, - \n" * 2), ("c", "2025-01-03,-\n" * 3 + "2025-01-03,0\n")):
        assert "dash" not in str(judged(tmp_path / name, head + answers + rest)["notes"])


def test_what_databases_write_where_there_is_nothing_is_no_branch_and_no_group_of_ones_own(tmp_path: Path) -> None:
    shops = source("shops", columns={**ANSWERS, "branch": "shop", "age_band": "age"})
    home = workspace(tmp_path / "home", {"dimensions": {"extra": ["age_band"]}, "sources": {"shops": shops}})
    said = ("NULL", "(null)", "\\N", "[NULL]", "<null>", "N/A", "None", "-", "ZG", "Nullarbor")
    land(home, "shops/a.csv", "date,score,shop,age\n" + "".join(f"2025-01-02,9,{each},{each}\n" for each in said))
    night(home)
    for name, table in (("branch", "fct_nps"), ("age_band", "nps_by_age_band where period_grain = 'month'")):
        groups = published(home, f"select {name}, sum(responses)::int from marts.{table} group by all order by all")
        assert groups == [("Nullarbor", 1), ("ZG", 1), ("unknown", 8)]
