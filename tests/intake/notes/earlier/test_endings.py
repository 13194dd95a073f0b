"""Files that were cut off, in their last cell perhaps: noted, where the files before end as a line does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import land, source, taken_in, workspace

ROWS = [f"2024-0{{}}-{1 + at % 28:02},{at % 11}\r\n" for at in range(33)]
WHOLE = "date,score\r\n" + "".join(ROWS) + "2024-0{}-28,10\r\n"


def noted(home: Path, *files: bytes, name: str = "{}.csv", **settings: object) -> list[int]:
    """Which of some files that come in one night have a note on their end."""
    workspace(home, {"sources": {"a": source("a", **settings)}})
    for at, content in enumerate(files, 1):
        land(home, "a/" + name.format(at), content, day=at)
    verdicts = taken_in(home)
    assert len(verdicts) == len(files)
    notes = [" ".join(verdicts[path]["notes"] or ()) for path in sorted(verdicts)]
    return [at for at, note in enumerate(notes, 1) if "It ends amid a line" in note]


def whole(month: int, encoding: str = "utf-8") -> bytes:
    return WHOLE.replace("{}", str(month)).encode(encoding)


@pytest.mark.parametrize("cut", [3, 5, 9])
def test_what_was_cut_off_in_its_last_line_is_noted(tmp_path: Path, cut: int) -> None:
    assert noted(tmp_path / "home", whole(1), whole(2)[:-cut], whole(3)) == [2]


def test_so_it_is_in_another_encoding(tmp_path: Path) -> None:
    assert noted(tmp_path / "home", whole(1, "utf-16-le"), whole(2, "utf-16-le")[:-6], encoding="utf-16-le") == [2]


def test_files_that_all_end_so_are_not(tmp_path: Path) -> None:
    assert noted(tmp_path / "home", whole(1)[:-2], whole(2)[:-2], whole(3)) == []


def test_the_first_file_is_if_it_ends_where_a_piece_of_a_copy_does(tmp_path: Path) -> None:
    text = b"date,score,said\n" + b"".join(b"2024-01-%02d,%d,words\n" % (1 + at % 28, at % 11) for at in range(1000))
    assert b"\n" not in text[8188:8192]
    assert noted(tmp_path / "home", text[:8192]) == [1]
    varied = b"date,score,said\n" + b"".join(
        b"2024-01-%02d,%d,w%s\n" % (1 + at % 28, at % 11, b"o" * (at % 5)) for at in range(1000)
    )
    assert noted(tmp_path / "other", varied[:-1]) == []


@pytest.mark.parametrize(
    ("row", "end", "is_cut"),
    [
        ("2024-01-{:02};Zagreb;{};fine {}\n", "2024-01-28;Zagreb;1", True),
        ("2024-01-{:02};Zagreb;{};fine {}\n", "2024-01-28;Zagreb;1;fine", False),
        ("2024-01-{:02};{};{}\n", "2024-01-28;3;1", True),
        ("2024-01-{:02};Zagreb {};{}\n", "2024-01-28;Zagreb;10", False),
        ("2024-01-{:02};{};{}\n", "2024-01-28;3;1\n", False),
    ],
)
def test_the_first_file_is_if_its_last_row_lacks_what_all_others_have(
    tmp_path: Path, row: str, end: str, *, is_cut: bool
) -> None:
    heads = "date;branch;score;said" if row.count(";") > 2 else "date;branch;score"
    text = heads + "\n" + "".join(row.format(1 + at % 28, at % 11, at % 11) for at in range(40)) + end
    assert noted(tmp_path / "home", text.encode(), delimiter=";") == [1] * is_cut


def test_a_day_that_is_shorter_than_all_others_was_cut_off(tmp_path: Path) -> None:
    text = "score,date\n" + "".join(f"{at % 11},2024-01-{1 + at % 28:02}\n" for at in range(40))
    assert noted(tmp_path / "home", (text + "9,2024-01-1").encode()) == [1]
    assert noted(tmp_path / "other", (text + "9,2024-01-17").encode()) == []


def test_other_formats_are_not(tmp_path: Path) -> None:
    rows = ['{"date": "2024-01-01", "score": 9}', '{"date": "2024-01-02", "score": 3}']
    files = ["\n".join([*rows, ""]).encode(), "\n".join(rows).replace("-01-", "-02-").encode()]
    assert noted(tmp_path / "home", *files, name="{}.jsonl", kind="jsonl") == []
