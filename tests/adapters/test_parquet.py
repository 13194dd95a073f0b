"""Parquet files: every value as the text that a spreadsheet would show, and a sentence for every file that is none."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.adapters.kinds import read
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from tests.support.arrived import arrived, judged, rows_of, source, table_of

NOON = "2024-01-02 03:04:05"
ANSWERS = pl.DataFrame({
    "score": [9.0, None, 0.0],
    "at": [NOON] * 3,
    "id": [2**60, 2, 3],
}).with_columns(pl.col("at").str.to_datetime())  # fmt: skip


def cells(tmp_path: Path, values: pl.Series) -> list[str]:
    path = tmp_path / "a.parquet"
    values.to_frame("value").with_columns(pl.lit("x").alias("row")).write_parquet(path)
    return [row[0] for row in rows_of(table_of(path, tmp_path / "scratch", "parquet"))]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pl.Series([9.0, 7.5, None, float("nan"), 1e20, -0.0]), ["9", "7.5", "", "", "1e+20", "0"]),
        (pl.Series([7.1, 9.0], dtype=pl.Float32), ["7.1", "9"]),
        (pl.Series([2**60, 0]), ["1152921504606846976", "0"]),
        (pl.Series([Decimal("9.00"), Decimal("100.50"), Decimal("300.00")]), ["9", "100.5", "300"]),
        (pl.Series([date(2024, 1, 2)]), ["2024-01-02"]),
        (pl.Series([NOON]).str.to_datetime(), ["2024-01-02 03:04:05"]),
        (
            pl.Series([NOON]).str.to_datetime().dt.replace_time_zone("Europe/Zagreb"),
            ["2024-01-02 02:04:05+00:00"],
        ),
        (pl.Series([True, False, None]), ["true", "false", ""]),
        (pl.Series(["a", "", None, "š\n"]), ["a", "", "", "š\n"]),
        (pl.Series(["a", "b"], dtype=pl.Categorical), ["a", "b"]),
        (pl.Series([b"abc", b"\xff\x00"]), ["abc", "ff00"]),
        (pl.Series([[b"abc"], [b"\xff"], None]), ["abc", "ff", ""]),
        (pl.Series([timedelta(hours=1), None]), ["PT1H", ""]),
        (pl.Series([[1, 2], [], None]), ["1, 2", "", ""]),
        (pl.Series([["Split"]]), ["Split"]),
        (pl.Series([[9.0, None]]), ["9"]),
        (pl.Series([[9], [0], None], dtype=pl.Array(pl.Int64, 1)), ["9", "0", ""]),
        (pl.Series([["Split", "Zagreb"]], dtype=pl.Array(pl.String, 2)), ["Split, Zagreb"]),
        (pl.Series([[[1, 2]]]), ["[[1,2]]"]),
        (pl.Series([[{"a": 1, "b": ["x"]}]]), ['[{"a":1,"b":["x"]}]']),
        (pl.Series([None, None]), ["", ""]),
    ],
    ids=lambda values: str(values.dtype) if isinstance(values, pl.Series) else "",
)
def test_values_are_what_a_spreadsheet_would_show(values: pl.Series, texts: list[str], tmp_path: Path) -> None:
    assert cells(tmp_path, values) == texts


def test_the_fields_of_a_struct_are_columns_as_those_of_a_json_object(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    answers = [{"nps": 9, "why": {"text": "good", "tags": ["a", "b"]}}, None]
    pl.DataFrame({"id": [1, 2], "answer": answers}).write_parquet(path)
    table = table_of(path, tmp_path / "scratch", "parquet")
    assert [each.text for each in table.headings] == ["id", "answer.nps", "answer.why.text", "answer.why.tags"]
    assert rows_of(table) == [["1", "9", "good", "a, b"], ["2", "", "", ""]]


def test_answers_are_read_with_the_number_of_their_row(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    ANSWERS.write_parquet(path)
    rows = judged(
        path, source({"score": "score", "responded_at": "at", "response_id": "id"}, "parquet"), tmp_path / "s"
    )
    assert rows.get_column("outcome").to_list() == ["accepted", "unanswered", "accepted"]
    assert rows.get_column("source_row").to_list() == [1, 2, 3]
    assert rows.get_column("response_id").to_list()[0] == str(2**60)


def refusal(path: Path, limits: Limits | None = None) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        read(arrived(path), Layout(kind="parquet", files=["x"]), limits or Limits(), path.parent / "scratch")
    return refused.value


@pytest.mark.parametrize(
    "content", [b"score,date\n9,2025-01-01\n", b"PAR1", b"PAR1" * 2, b"PAR1" + b"\xff" * 50 + b"PAR1"]
)
def test_what_is_no_parquet_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    assert refusal(path).reason == "file_unreadable"


def test_files_without_rows_and_encrypted_ones_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    ANSWERS.clear().write_parquet(path)
    assert refusal(path).reason == "file_empty"
    path.write_bytes(b"PARE" + b"x" * 50 + b"PARE")
    assert "encrypted" in refusal(path).detail


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"comment": ["nothing to say here"]}).select(
        pl.col("comment").repeat_by(500_000).explode()
    ).write_parquet(path)
    assert path.stat().st_size < 100_000
    error = refusal(path, Limits(max_file_mb=2))
    assert error.reason == "file_too_large"


def test_damage_ends_in_a_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.parquet"
    ANSWERS.write_parquet(path)
    whole, noise = path.read_bytes(), random.Random(1)  # noqa: S311 - noise, no secret
    for number in range(6):
        damaged = bytearray(whole)
        if number % 3 == 0:
            del damaged[noise.randrange(len(damaged)) :]
        else:
            damaged[noise.randrange(4, len(damaged) - 4)] ^= noise.randrange(1, 256)
        path.write_bytes(damaged or b"x")
        try:
            rows_of(table_of(path, tmp_path / "scratch", "parquet"))
        except FileRefusedError as error:
            assert error.reason in ("file_unreadable", "file_empty", "file_too_large")  # noqa: PT017 - or it is read
    assert "panicked" not in capfd.readouterr().err
