"""`init --from` with several files, and with files that cannot be read: a survey counts once, and nothing is unsaid."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml

from pipelines.sniff.several.together import delivery_of
from pipelines.sniff.sniff import look, sniff
from pipelines.sniff.start import Started, start
from tests.support.cases import settle, shared
from tests.support.real import real
from tests.support.scenario import nps

Row = Sequence[object]
HEADINGS = ("Score", "Date", "Why")


def answers(first: int, rows: int) -> list[Row]:
    """Rows from the answer with that number on, one a day."""
    days = (date(2024, 1, 1) + timedelta(days=n) for n in range(first, first + rows))
    return [((n * 7) % 11, day, f"čaj {n}") for n, day in enumerate(days, first)]


def file(folder: Path, name: str, rows: Sequence[Row], *, age: int = 0, like: str = "") -> Path:
    """A file of headings and rows as text, `age` days old; `like` is an encoding and a delimiter."""
    encoding, delimiter = like.split() if like else ("utf-8", ",")
    path = folder / name
    text = "".join(delimiter.join(f'"{cell}"' for cell in row) + "\n" for row in below(rows))
    path.write_bytes(text.replace("\\t", "\t").encode(encoding))
    os.utime(path, (1_700_000_000 - age * 86_400,) * 2)
    return path


def with_ids(first: int, rows: int) -> list[Row]:
    return [(f"r{first + n}", *row) for n, row in enumerate(answers(first, rows))]


def below(rows: Sequence[Row]) -> list[Row]:
    """The same rows below their headings, by how many cells they have."""
    headings: dict[int, Row] = {2: HEADINGS[::2], 3: HEADINGS, 4: ("Response ID", *HEADINGS)}
    return [headings[len(rows[0])], *rows]


def entries(home: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = yaml.safe_load((home / "nps.yaml").read_text("utf-8"))["sources"]
    return found


def delivered(*paths: Path) -> tuple[str | None, str]:
    """What several files prove, and what is said of it."""
    found = delivery_of([(path, look(path)) for path in paths])
    return found.proven, found.why


def started(home: Path, *paths: Path) -> Started:
    return start(home, list(paths))


# The same answers in several forms


def spreadsheet(folder: Path, rows: Sequence[Row]) -> Path:
    path = folder / "survey.xlsx"
    pl.DataFrame([tuple(row) for row in rows], schema=list(HEADINGS), orient="row").write_excel(path)
    return path


def copies(folder: Path) -> dict[str, Path]:
    """Sixty answers in several forms."""
    rows = answers(0, 60)
    local = [(score, f"{day:%d.%m.%Y}", why) for score, day, why in rows]
    return {
        "csv": file(folder, "survey.csv", rows),
        "tabs": file(folder, "survey.tsv", rows, like="utf-8 \\t"),
        "encoding": file(folder, "survey_1250.csv", rows, like="cp1250 ;"),
        "dates": file(folder, "survey_local.csv", local, like="utf-16 ;"),
        "order": file(folder, "survey_sorted.csv", rows[::-1], like="utf-16 ,"),
        "xlsx": spreadsheet(folder, rows),
    }


@pytest.mark.parametrize("form", ["tabs", "encoding", "dates", "order", "xlsx"])
def test_of_one_survey_in_two_forms_one_becomes_a_source_and_the_other_is_named(form: str, tmp_path: Path) -> None:
    files = copies(tmp_path)
    home = tmp_path / "home"
    told = nps("init", home, "--from", files["csv"], files[form])
    assert list(entries(home)) == ["survey"]
    assert f"{files[form].name} holds the same answers as survey.csv: it is left out" in told.out
    assert f"# {files[form].name} holds the same answers as" in (home / "nps.yaml").read_text("utf-8")
    assert [path.name for path in (home / "landing/survey").iterdir()] == ["survey.csv"]


def test_of_a_survey_in_all_forms_one_file_is_copied_in(tmp_path: Path) -> None:
    assert started(tmp_path / "home", *copies(tmp_path).values()).landed == ["landing/survey/survey.csv"]


def test_other_answers_with_the_same_scores_are_no_copy(tmp_path: Path) -> None:
    january = answers(0, 31)
    february = [(score, f"2024-02-{1 + n % 29:02}", why) for n, (score, _, why) in enumerate(january)]
    files = [file(tmp_path, "a.csv", january), file(tmp_path, "b.csv", february, like="utf-16 ;")]
    found = started(tmp_path / "home", *files)
    assert [each.name for each in found.sources] == ["a", "b"]
    assert not found.copies


def test_labels_and_codes_of_one_survey_are_the_same_answers(tmp_path: Path) -> None:
    codes = [(score, f"{day} {8 + n % 9:02}:15", n % 3) for n, (score, day, _) in enumerate(answers(0, 60))]
    labels = [(f"{score} - Extremely likely" if score == 10 else score, day, f"x{why}") for score, day, why in codes]
    found = started(
        tmp_path / "home", file(tmp_path, "codes.csv", codes), file(tmp_path, "labels.csv", labels, like="utf-16 ;")
    )
    assert [each.path.name for each in found.copies] == ["labels.csv"]


def test_a_later_export_with_a_corrected_score_is_no_copy(tmp_path: Path) -> None:
    rows = with_ids(0, 30)
    corrected = [("r0", 10, *rows[0][2:]), *rows[1:]]
    files = [file(tmp_path, "a.csv", rows, age=1), file(tmp_path, "b.csv", corrected)]
    found = started(tmp_path / "home", *files)
    assert not found.copies
    assert [each["delivery"] for each in entries(tmp_path / "home").values()] == ["snapshot"]


def test_a_copy_in_two_encodings_is_left_out_beside_one_that_can_be_read(tmp_path: Path) -> None:
    good = file(tmp_path, "good.csv", answers(0, 60))
    lines = good.read_text("utf-8").splitlines()
    odd = tmp_path / "odd.csv"
    odd.write_bytes(b"\n".join(line.encode("cp1250" if n % 2 else "utf-8") for n, line in enumerate(lines)))
    found = started(tmp_path / "home", odd, good)
    assert ([each.path.name for each in found.copies], found.unsettled) == (["odd.csv"], [])


def test_a_newer_export_in_another_form_is_asked_for_since_it_would_count_twice(tmp_path: Path) -> None:
    files = [file(tmp_path, "a.csv", answers(0, 30), age=1), spreadsheet(tmp_path, answers(0, 40))]
    asked = started(tmp_path / "home", *files).questions
    assert any("30 of the 40 rows of survey.xlsx stand in a.csv too" in each for each in asked), asked


def test_the_same_real_survey_with_commas_and_in_a_spreadsheet_is_one_source(tmp_path: Path) -> None:
    files = [real(f"r-community-survey/2019_English.{end}") for end in ("csv", "xlsx")]
    found = started(tmp_path / "home", *files)
    assert [each.name for each in found.sources] == ["english"]
    assert [each.path for each in found.copies] == files[1:]


# Several files of one source: the whole survey each, or parts


@pytest.mark.parametrize(
    ("older", "newer", "proven", "says"),
    [
        (with_ids(0, 30), with_ids(30, 30), "incremental", "no id of an answer is in two"),
        (with_ids(0, 30), with_ids(0, 60), "snapshot", "all 30 answers of a.csv are in b.csv too"),
        (with_ids(0, 30), with_ids(1, 59), None, "29 are in a.csv and in b.csv"),
        (with_ids(0, 30), [*with_ids(0, 3), *with_ids(4, 56)], "snapshot", "29 of 30 answers of a.csv"),
        (with_ids(0, 60), with_ids(0, 30), None, "a.csv with 60 rows, b.csv with 30 rows"),
        (answers(0, 30), answers(30, 30), "incremental", "no row is in two"),
        (answers(0, 30), answers(0, 60), "snapshot", "all 30 answers"),
        (answers(0, 30), answers(15, 30), None, "15 are in a.csv and in b.csv"),
        (with_ids(0, 30), [(f"r{n}", *row) for n, row in enumerate(answers(31, 40))], "incremental", "no row is in two"),
        ([(n % 11, "") for n in range(60)], [(n % 11, "") for n in range(90)], None, "are in a.csv and in b.csv"),
        (answers(0, 60)[::2], answers(0, 60)[1::2], None, "their dates overlap"),
        ([row[::2] for row in answers(0, 30)], [row[::2] for row in answers(30, 30)], None, "nor are there"),
    ],
    ids=[
        "ids", "ids repeated", "window", "one deleted", "shrunk", "days", "rows repeated", "half", "ids begin anew",
        "by chance", "branches", "no dates",
    ],
)  # fmt: skip
def test_ids_rows_and_dates_prove_how_files_go_together_or_it_asks(
    older: list[Row], newer: list[Row], proven: str | None, says: str, tmp_path: Path
) -> None:
    files = [file(tmp_path, "a.csv", older, age=1), file(tmp_path, "b.csv", newer)]
    found = delivered(*files[::-1])
    assert found[0] == proven
    assert says in found[1]


def test_the_question_of_delivery_stops_the_night_and_either_answer_is_right(tmp_path: Path) -> None:
    files = [file(tmp_path, "a.csv", answers(0, 30), age=1), file(tmp_path, "b.csv", answers(15, 30))]
    settled = settle(tmp_path / "home", *files, answers={"delivery": "incremental"})
    assert ["delivery: '? is each file" in each for each in settled.asked] == [True]
    assert settled.figure[0] == 45


def test_parts_are_no_snapshots_whatever_such_exports_usually_are(tmp_path: Path) -> None:
    headings: Row = ("Respondent ID", "Collector ID", "End Date", "How likely are you to recommend us?")
    for m in (1, 2):
        rows = [(10_000 + 100 * m + n, 1, f"2024-0{m}-{1 + n:02}", n % 11) for n in range(20)]
        text = "\n".join(",".join(map(str, row)) for row in [headings, *rows])
        (tmp_path / f"m{m}.csv").write_text(text, "utf-8")
    found = started(tmp_path / "home", tmp_path / "m1.csv", tmp_path / "m2.csv")
    assert [each.found.opened.kind for each in found.sources] == ["surveymonkey"]
    assert [each["delivery"] for each in entries(tmp_path / "home").values()] == ["incremental"]


def test_an_archive_of_several_files_is_never_left_out_and_proves_nothing(tmp_path: Path) -> None:
    months = [file(tmp_path, f"{name}.csv", answers(first, 31)) for name, first in (("a", 0), ("b", 31))]
    archive = tmp_path / "both.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for each in months:
            packed.write(each, each.name)
    found = started(tmp_path / "home", months[0], archive)
    assert not found.copies
    assert any("delivery: is each file the whole survey" in each for each in found.questions)


def test_one_file_is_delivered_as_before(tmp_path: Path) -> None:
    started(tmp_path / "home", file(tmp_path, "a.csv", answers(0, 30)))
    assert entries(tmp_path / "home")["a"]["delivery"] == "incremental"


def test_months_that_only_ids_tell_apart_need_no_question(tmp_path: Path) -> None:
    found = started(tmp_path / "home", shared("person_id/jan.csv"), shared("person_id/feb.csv"))
    assert not found.questions


# Files that cannot be read


@pytest.mark.parametrize(
    ("content", "key", "says"),
    [
        (b"", "files", "is empty"),
        (b"%PDF-1.7 ...", "files", "PDF"),
        (b"PK\x03\x04 and nothing else", "files", "damaged"),
        (b"Score;Why\n9;d\x8e\x81\xfe\x9d\n" * 20, "encoding", "nps sniff --encoding NAME odd.csv"),
        ("Score;Why\n9;käse\n".encode() + "8;größe\n".encode("cp1252") * 9, "encoding", "encoding: [utf-8,"),
    ],
    ids=["empty", "pdf", "damaged", "no encoding", "two encodings"],
)
def test_a_file_that_cannot_be_read_is_a_question_beside_the_entries_of_others(
    content: bytes, key: str, says: str, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_bytes(content)
    home = tmp_path / "home"
    told = nps("init", home, "--from", odd, file(tmp_path, "good.csv", answers(0, 30)))
    assert told.code == 3
    assert "It could not be read as it is: odd.csv" in told.out
    assert entries(home)["good"]["columns"]
    question = str(entries(home)["odd"][key])
    assert question.startswith("? ")
    assert says in question
    assert (home / "landing/odd/odd.csv").read_bytes() == content


def test_a_workspace_of_one_unreadable_file_runs_only_when_its_question_is_answered(tmp_path: Path) -> None:
    rows = [
        f"{n % 11};2024-01-{1 + n % 28:02};".encode() + "größe".encode("utf-8" if n % 2 else "cp1252")
        for n in range(60)
    ]
    odd = tmp_path / "odd.csv"
    odd.write_bytes(b"\n".join([b"Score;Date;Why", *rows]))
    settled = settle(tmp_path / "home", odd, answers={"encoding": "[utf-8, windows-1252]"})
    assert (settled.started.code, settled.unanswered, settled.figure[0]) == (3, [], 60)


def test_a_folder_is_a_mistake_and_makes_no_workspace(tmp_path: Path) -> None:
    told = nps("init", tmp_path / "home", "--from", tmp_path)
    assert (told.code, (tmp_path / "home").exists()) == (2, False)


@pytest.mark.parametrize(
    "above",
    [
        "Report,NPS weekly,\nGenerated,2024-05-01,\n,,\n",
        "Report,NPS weekly\nGenerated,2024-05-01\n\n",
        "Generated,2024-05-01\n",
        "NPS report, Q1 2024,\n\n",
    ],
)
def test_what_a_report_says_of_itself_above_its_table_is_no_heading(above: str, tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + i},{i // 2},Split\n" for i in range(22))
    (tmp_path / "x.csv").write_text(f"{above}date,score,branch\n{rows}", "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert found.questions == []
    assert all(f"{name}\n" in found.entry for name in ("score: score", "responded_at: date", "branch: branch"))
    assert "taken for a title" in str(found.as_dict())


def test_a_row_with_as_many_cells_as_most_is_no_headings_of_those_above_it(tmp_path: Path) -> None:
    rows = ["A2;2024-03-28;9;;Ana;;open", "A5;;;;;;no score", "A6;2024-03-28;;;;;", "A7;;8;;;;", "A8;2024-03-28;;;;;"]
    (tmp_path / "x.csv").write_text("\n".join(["answer;date;score;why;who;end;state", *rows]) + "\n", "utf-8")
    assert "taken for a title" not in str(sniff(tmp_path / "x.csv").as_dict())


@pytest.mark.parametrize("headings", [",score,branch", "date,score,", "Score,,Branch\n0-10,Why,Name"])
def test_headings_with_a_gap_stay_headings(headings: str, tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + i},{i // 2},Split\n" for i in range(22))
    (tmp_path / "x.csv").write_text(f"{headings}\n{rows}", "utf-8")
    assert "taken for a title" not in str(sniff(tmp_path / "x.csv").as_dict())
