"""Columns: by name, position or pattern, from the cells, the file's name or a default."""
# ruff: noqa: RUF001 - texts in the languages of the files

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.columns import exclusions
from pipelines.adapters.file_names import values_from_name
from pipelines.adapters.kinds import read
from pipelines.adapters.lists import members
from pipelines.adapters.row_identity import together
from pipelines.config.columns import Exclusion, Matches
from pipelines.config.layouts import Kind
from pipelines.config.settings import Limits
from pipelines.config.sources import Dimension
from pipelines.errors import FileRefusedError
from tests.support.arrived import answers, arrived, judged, source
from tests.support.laws import law
from transforms.dimensions import CANONICAL


def export(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def refusal(path: Path, columns: dict[str, object], scratch: Path) -> str:
    with pytest.raises(FileRefusedError) as refused:
        answers(path, source(columns), scratch)
    assert refused.value.reason == "file_layout"
    return refused.value.detail


def test_every_column_that_something_gives_is_there_as_text(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "id,score,spare\nA1,9,x\n")
    rows = answers(path, source({"score": "score", "response_id": "id"}, extras=["spare"]), tmp_path)
    given = [name for name in CANONICAL if name in {"score", "response_id", "responded_at"}]
    assert rows.columns == ["source_row", "malformed", *given, "extras", "says_summary", "may_sum_up"]
    assert {str(kind) for kind in rows.select(given).dtypes} == {"String"}
    assert rows.select("response_id", "score", "responded_at").rows() == [("A1", "9", "2024")]


@pytest.mark.parametrize(
    ("day", "clock", "both"),
    [
        ("5.1.2024", " 9:05 ", "5.1.2024 9:05"),
        ("2024-01-05 00:00:00", "1899-12-31 09:05:00", "2024-01-05 09:05:00"),
        ("2024-01-05T00:00", "1900-01-00 09:05:00", "2024-01-05 09:05:00"),
        ("5.1.2024", "", "5.1.2024"),
        ("2024-01-05 00:00:00", "", "2024-01-05 00:00:00"),
        ("", "9:05", ""),
        ("5.1.2024", "#VALUE!", "5.1.2024 #VALUE!"),
    ],
)
def test_a_day_and_the_time_beside_it_are_one_text(day: str, clock: str, both: str, tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", f"day,at,score\n{day},{clock},9\n")
    said = source({"score": "score", "responded_at": "day"}, dates={"clock": "at"})
    assert answers(path, said, tmp_path)["responded_at"].fill_null("").to_list() == [both]


def test_a_file_without_the_column_of_the_time_is_refused_unless_it_is_optional(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "day,score\n5.1.2024,9\n")
    columns: dict[str, object] = {"score": "score", "responded_at": "day"}
    with pytest.raises(FileRefusedError, match="clock should be in 'at', but no heading is called that"):
        answers(path, source(columns, dates={"clock": "at"}), tmp_path)
    rows = answers(path, source(columns, dates={"clock": {"matches": "^at$", "optional": True}}), tmp_path)
    assert rows["responded_at"].to_list() == ["5.1.2024"]


@pytest.mark.parametrize(
    "named",
    ["How likely?", " How likely? ", "HOW LIKELY?", "how_likely?", "HowLikely?", 2, Matches(matches="(?i)^how"), "Q1"],
)
def test_a_column_is_found_by_name_position_or_pattern(named: object, tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "\ufeffId,Q1\nId, How likely? \n1,9\n")
    rows = answers(path, source({"score": named}, header_rows=2), tmp_path)
    assert rows["score"].to_list() == ["9"]


def test_the_exact_name_wins_over_a_similar_one(tmp_path: Path) -> None:
    rows = answers(export(tmp_path / "x.csv", "SCORE,score\n1,9\n"), source({"score": "score"}), tmp_path)
    assert rows["score"].to_list() == ["9"]


def test_a_name_that_two_columns_bear_is_refused_with_their_positions(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "score,why,Score \n1,x,9\n")
    assert "several columns answer to it: 1 ('score'), 3 ('Score')" in refusal(path, {"score": "SCORE"}, tmp_path)
    path = export(tmp_path / "x.csv", "score a,score b\n1,9\n")
    assert "Name one by its position" in refusal(path, {"score": Matches(matches="score")}, tmp_path)


def test_what_is_missing_is_said_with_what_there_is(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", ",".join(["Ocjena", *(f"column {i}" for i in range(40))]) + "\n9\n")
    detail = refusal(path, {"score": "Ocijena"}, tmp_path)
    assert "score should be in 'Ocijena'" in detail
    assert "Did you mean 'Ocjena'?" in detail
    assert "and 21 more" in detail
    assert "only 41 columns" in refusal(path, {"score": 42}, tmp_path)
    assert "no heading matches" in refusal(path, {"score": Matches(matches="^nps$")}, tmp_path)


@pytest.mark.parametrize(
    ("name", "wanted", "headings"),
    [("score", "Ocjena", "Datum,Weiterempfehlung"), ("responded_at", "Datum odgovora", "NPS,Response date"),
     ("branch", "Poslovnica", "NPS,Filiale"), ("respondent", "Klijent", "NPS,E-mail")],
)  # fmt: skip
def test_a_heading_that_says_the_same_in_another_language_is_named(
    name: str, wanted: str, headings: str, tmp_path: Path
) -> None:
    path = export(tmp_path / "x.csv", f"{headings}\nx,9\n")
    assert f"Did you mean '{headings.split(',')[1]}'?" in refusal(path, {"score": 1, name: wanted}, tmp_path)


def test_one_heading_that_holds_several_is_not_offered_for_one_of_them(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "datum\tpreporuka\tx\n1\t9\t2\n")
    columns = {"score": "preporuka", "responded_at": "datum"}
    with pytest.raises(FileRefusedError, match="separated by tabs") as refused:
        answers(path, source(columns, delimiter=";"), tmp_path)
    assert "Did you mean" not in str(refused.value)


def test_two_headings_that_say_what_was_looked_for_are_not_guessed_between(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "Filiale,Geschäftsstelle,NPS\nx,y,9\n")
    assert "Did you mean" not in refusal(path, {"score": "NPS", "branch": "Poslovnica"}, tmp_path)


def test_a_file_without_headings_asks_for_positions(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "9,a\n8,b\n")
    assert answers(path, source({"score": 1}, header_rows=0), tmp_path)["score"].to_list() == ["9", "8"]
    with pytest.raises(FileRefusedError, match="by position"):
        answers(path, source({"score": "score"}, header_rows=0), tmp_path)


def test_a_column_comes_before_the_files_name_and_that_before_a_default(tmp_path: Path) -> None:
    path = export(tmp_path / "calls_ZG_2024-05.csv", "score,branch\n9,Split\n")
    pattern = r"calls_(?P<branch>[A-Z]+)_(?P<responded_at>\d{4}-\d{2})(?P<language>x)?"
    of = source(
        {"score": "score"},
        file_name=pattern,
        defaults={"branch": "nowhere", "language": "hr", "survey": "calls", "responded_at": "2023"},
    )
    named = answers(path, of, tmp_path)
    wanted = named.select("branch", "responded_at", "language", "survey").rows()
    assert wanted == [("ZG", "2024-05", "hr", "calls")]
    both = source({"score": "score", "branch": "branch"}, file_name=pattern)
    assert answers(path, both, tmp_path)["branch"].to_list() == ["Split"]


def test_a_name_that_does_not_follow_the_pattern_is_refused(tmp_path: Path) -> None:
    path = export(tmp_path / "other.csv", "score\n9\n")
    of = source({"score": "score"}, file_name=r"calls_(?P<responded_at>\d{4})")
    with pytest.raises(FileRefusedError, match=r"other\.csv does not follow file_name"):
        answers(path, of, tmp_path)


def test_a_value_may_come_from_the_folder(tmp_path: Path) -> None:
    of = source({"score": "score"}, file_name=r"shops/(?P<branch>\w+)/(?P<responded_at>\d{4})")
    file = arrived(export(tmp_path / "2024.csv", "score\n9\n"))
    moved = type(file)(file.path, "landing/shops/split/2024.csv", file.size_bytes, file.modified_ns, file.digest)
    assert values_from_name(moved, of) == {"branch": "split", "responded_at": "2024"}


def test_extras_are_kept_as_json(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", 'score,Plan,Tier\n9,"say ""hi""",\n')
    rows = answers(path, source({"score": "score"}, extras=["Plan", "Tier"]), tmp_path)
    assert json.loads(rows["extras"][0]) == {"Plan": 'say "hi"', "Tier": None}


def test_excluded_rows_are_told_by_their_column(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "id,score,Status\n1,9,IP Address\n2,9,Survey Preview\n")
    of = source(
        {"score": "score", "response_id": "id"},
        exclude={"preview": Exclusion(column="status", values=["Survey Preview"])},
    )
    assert exclusions(of) == {"preview": ("exclude_preview", ("Survey Preview",))}
    assert judged(path, of, tmp_path)["refusal"].to_list() == [None, "preview"]


@law(40)
@given(order=st.permutations(["score", "why", "who", "spare"]), spare=st.booleans())
def test_the_same_answers_have_the_same_text_whatever_the_order_of_columns(
    order: list[str], spare: bool, tmp_path: Path
) -> None:
    rows = [
        {"score": "9", "why": "a", "who": ""},
        {"score": "9", "why": "", "who": "a"},
        {"score": "9", "why": "a", "who": ""},
    ]
    names = [name for name in order if spare or name != "spare"]
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows)]
    found = answers(export(tmp_path / "x.csv", "\n".join(lines)), source({"score": "score"}), tmp_path)[
        "cells"
    ].to_list()
    assert found == ["score\x1f9\x1ewhy\x1fa", "score\x1f9\x1ewho\x1fa", "score\x1f9\x1ewhy\x1fa"]


@law(80)
@given(
    labels=st.lists(st.sampled_from(["id", "{}", "a{b", "é", ""]), min_size=3, max_size=3),
    rows=st.lists(st.tuples(*[st.sampled_from(["", None, "x", "{y}", "ž 1"])] * 3), min_size=1, max_size=5),
)
def test_a_row_is_the_same_text_whatever_stands_in_the_rows_beside_it(
    labels: list[str], rows: list[tuple[str | None, ...]]
) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys("abc", pl.String), orient="row")
    expected = [
        "\x1e".join(f"{label}\x1f{text}" for label, text in zip(labels, row, strict=True) if text) for row in rows
    ]
    assert together(frame.to_struct(), labels, cells=3).to_list() == expected


def test_a_source_with_ids_needs_no_text_of_the_row(tmp_path: Path) -> None:
    path = export(tmp_path / "x_7.csv", "id,score\nA1,9\n")
    by_name = source({"score": "score", "responded_at": "id"}, file_name=r"x_(?P<response_id>\d)")
    assert "cells" not in answers(path, by_name, tmp_path).columns
    assert "cells" in answers(path, source({"score": "score"}), tmp_path).columns


@pytest.mark.parametrize("kind", ["csv", "crm"])
def test_a_crm_dump_in_windows_1251_becomes_members(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("КОД;Отрасль;Офис\nA1;Розничная торговля;Загреб\n".encode("windows-1251"))
    accounts = Dimension(kind=kind, files="x", columns={"account": "Код", "industry": "отрасль", "branch": 3})
    file = arrived(tmp_path / "x.csv")
    rows = members(read(file, accounts, Limits(), tmp_path), file, accounts).collect()
    assert rows.columns == [
        "source_row", "malformed", "branch", "account", "employee", "agent", "code", "name", "industry", "region", "area",
        "became", "department", "manager", "valid_from",
    ]  # fmt: skip
    assert rows.select("account", "industry", "branch", "name").rows() == [("A1", "Розничная торговля", "Загреб", None)]


def test_a_file_that_is_gone_is_refused_not_raised(tmp_path: Path) -> None:
    file = arrived(export(tmp_path / "x.csv", "score\n9\n"))
    file.path.unlink()
    with pytest.raises(FileRefusedError, match="cannot be opened") as refused:
        read(file, source({"score": "score"}), Limits(), tmp_path)
    assert refused.value.reason == "file_unreadable"
