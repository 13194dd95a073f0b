"""Columns that change between two exports: named in a note, or in the sentence of the file that is refused for them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.headings import labels, same_name
from pipelines.adapters.table import Heading, TextTable
from pipelines.config.sources import Source
from pipelines.errors import FileRefusedError
from pipelines.intake.drift import differences, missing, refuse_shifted
from pipelines.intake.history import Earlier
from pipelines.intake.notes.earlier.blanked import notes_of_new
from tests.support.laws import law
from tests.support.scenario import ANSWERS, configure, land, night, nps, published, source, taken_in, workspace

BEFORE = ("Id", "Date", "Score", "Branch", "Comment")


def earlier(*headings: str) -> Earlier:
    return Earlier("d", "landing/x.csv", datetime(2025, 1, 1, tzinfo=UTC), "{}", "r", headings, "l", ("s",), 1)


def layout(**columns: Any) -> Source:  # noqa: ANN401 - as nps.yaml has it
    given = {"responded_at": "Date", **columns}
    return Source(kind="csv", files="x", metric="nps", delivery="incremental", columns=given)


def note(*now: str, before: tuple[str, ...] = BEFORE) -> str:
    found = differences(now, earlier(*before))
    assert len(found) <= 1
    return found[0].partition("export before: ")[2] if found else ""


# What is noted


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (BEFORE, ""),
        (("ID", "date", "Score ", "Branch", "Comment"), ""),
        (("Id", "Date", "Score", "Branch", "Comments"), "renamed: 'Comment' to 'Comments'."),
        (("Id", "Date", "Rating", "Branch", "Comment"), "renamed: 'Score' to 'Rating'."),
        (("Id", "Score", "Date", "Branch", "Comment"), "moved: 'Score' from column 3 to 2."),
        (("Score", "Date", "Id", "Branch", "Comment"), "moved: 'Score' from column 3 to 1."),
        (("Id", "Date", "Score", "Branch", "Comment", "Language"), "new: 'Language'."),
        (("Language", "Id", "Date", "Score", "Branch", "Comment"), "new: 'Language'."),
        (("Id", "Date", "Score", "Comment"), "missing: 'Branch'."),
        (
            ("Wave", "Id", "Date", "Branch code", "Score"),
            "renamed: 'Branch' to 'Branch code'; new: 'Wave'; missing: 'Comment'.",
        ),
        ((), ""),
    ],
)
def test_a_note_says_which_columns_are_renamed_moved_new_or_missing(now: tuple[str, ...], says: str) -> None:
    assert note(*now) == says


def test_a_note_on_many_changes_stays_short() -> None:
    found = note(*(f"Question {number}?" for number in range(500)), before=("Id",))
    assert "and 494 more" in found
    assert len(found) < 300


NAMES = st.lists(st.sampled_from([*BEFORE, "", "Language", "Rating", "score", "Question 1", "Question 2"]), max_size=5)


@law(200)
@given(NAMES, NAMES)
def test_a_note_names_every_heading_that_only_one_of_two_files_has(old: list[str], now: list[str]) -> None:
    told = " ".join(differences(now, earlier(*old)))
    before, after = ({same_name(name) for name in names if name} for names in (old, now))
    if old and now:
        assert all(f"'{name}'" in told for name in (*old, *now) if name and same_name(name) in before ^ after)
    if [*map(same_name, old)] == [*map(same_name, now)]:
        assert not told


# What is refused


def test_a_column_named_by_position_that_has_another_heading_is_refused() -> None:
    with pytest.raises(FileRefusedError) as refused:
        refuse_shifted(layout(score=3), ("Id", "Date", "Language", "Score"), earlier(*BEFORE))
    assert refused.value.reason == "file_layout"
    assert "score should be column 3, which was 'Score' in landing/x.csv" in refused.value.detail
    assert "now 'Language' stands there, and 'Score' is column 4" in refused.value.detail


@pytest.mark.parametrize("now", [BEFORE, ("Id", "DATE", " score", "Branch"), ("Wave", "Date", "Score")])
def test_a_column_named_by_position_that_has_the_same_heading_is_fine(now: tuple[str, ...]) -> None:
    refuse_shifted(layout(score=3, response_id="Id"), now, earlier(*BEFORE))


def test_the_sentence_about_a_missing_column_says_where_it_was_and_what_stands_there() -> None:
    told = missing(layout(score="Score"), ("Id", "Date", "Rating"), earlier(*BEFORE))
    assert told == (
        "landing/x.csv, the export before, had 'Score' as column 3, where now 'Rating' stands: was it renamed?"
    )
    told = missing(layout(score="Score"), ("Score given", "Id", "Date"), earlier(*BEFORE))
    assert told.endswith("had 'Score' as column 3; it is gone.") or "column 1 is now 'Score given'" in told
    assert missing(layout(score="Score"), ("Id", "Score"), earlier("Id", "Points")) == ""
    told = missing(layout(score="Score", branch="Branch"), ("Id", "Date"), earlier("Id", "Date", "Score", "Branch"))
    assert told.count("landing/x.csv") == 1
    assert told.endswith("had 'Score' as column 3; it is gone. It had 'Branch' as column 4; it is gone.")


# What is kept


@pytest.mark.parametrize(
    "answers",
    [["9", "ana@example.com"], ["2025-01-10", "Ana Horvat"], ["+385 91 555 0142", "9"], ["Write to a@b.hr", "x"]],
)
def test_a_row_of_answers_is_never_kept_as_headings(answers: list[str]) -> None:
    headings = [Heading(text) for text in answers]
    assert labels(TextTable(headings, rows=None, width=2)) == ()  # type: ignore[arg-type]  # rows are not looked at


def test_headings_are_kept_where_there_are_some() -> None:
    headings = [Heading("How  likely?", "Why\nnot?"), Heading("")]
    assert labels(TextTable(headings, rows=None, width=2)) == ("How likely? - Why not?", "")  # type: ignore[arg-type]
    assert labels(TextTable([Heading("")] * 2, rows=None, width=2)) == ("", "")  # type: ignore[arg-type]


# In a workspace


FIRST = "Id,Date,Score,Comment\n" + "".join(f"a{n},2025-01-10,9,7\n" for n in range(5))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    columns = {"response_id": "Id", "responded_at": "Date", "score": "Score"}
    positions = {**columns, "score": 3}
    home = workspace(
        tmp_path / "home",
        {"sources": {"named": source("named", columns=columns), "placed": source("placed", columns=positions)}},
    )
    for name in ("named", "placed"):
        land(home, f"{name}/1.csv", FIRST.replace("a1", f"{name}1"), day=1)
    return home


def test_drift_is_told_by_every_command_and_in_the_published_file(home: Path) -> None:
    night(home)
    land(home, "named/2.csv", "Id,Date,Score,Comments\nb1,2025-01-11,0,\n", day=2)
    land(home, "named/3.csv", "Id,Date,Rating\nc1,2025-01-11,0\n", day=3)
    land(home, "placed/2.csv", "Id,Date,Comment,Score\nb1,2025-01-11,7,0\n", day=2)
    told = nps("run", "--home", home)
    assert told.code == 3
    says = "Its columns are not those of landing/named/1.csv, the export before: renamed: 'Comment' to 'Comments'."
    document = nps("status", "--json", "--home", home).document
    assert document["notes"] == [{"source": "named", "path": "landing/named/2.csv", "note": says}]
    assert says in told.out
    assert says in nps("status", "--home", home).out
    assert published(home, "select path, notes from meta.files where notes is not null") == [
        ("landing/named/2.csv", says)
    ]
    assert "landing/named/2.csv, the export before, had 'Score' as column 3, where now 'Rating' stands" in told.err
    assert "which was 'Score' in landing/placed/1.csv, the export before; now 'Comment' stands there" in told.err


def test_a_position_that_nps_yaml_corrects_takes_the_refused_file_in(home: Path) -> None:
    taken_in(home)
    land(home, "placed/2.csv", "Id,Date,Comment,Score\nb1,2025-01-11,7,0\n", day=2)
    assert taken_in(home)["landing/placed/2.csv"]["reason"] == "file_layout"
    columns = {"response_id": "Id", "responded_at": "Date", "score": {"matches": "^Score$"}}
    configure(home, {"sources": {"placed": source("placed", columns=columns)}})
    record = taken_in(home)["landing/placed/2.csv"]
    assert (record["status"], record["accepted"]) == ("accepted", 1)


def test_a_file_without_its_headings_is_refused_where_columns_are_named_by_position(home: Path) -> None:
    taken_in(home)
    land(home, "placed/2.csv", FIRST.partition("\n")[2].replace("a", "b"), day=2)
    record = taken_in(home)["landing/placed/2.csv"]
    assert (record["status"], record["reason"], record["headings"]) == ("refused", "file_layout", [])


def test_of_a_file_without_headings_it_is_kept_how_many_columns_it_has(home: Path) -> None:
    columns = {"responded_at": 2, "score": 3}
    configure(home, {"sources": {"placed": source("placed", columns=columns, header_rows=0)}})
    land(home, "placed/1.csv", "ana@example.com,2025-01-10,9\nb,2025-01-10,8\n")
    assert taken_in(home)["landing/placed/1.csv"]["headings"] == ["", "", ""]
    land(home, "placed/2.csv", "c,2025-01-11,9\n", day=2)
    land(home, "placed/3.csv", "d,2025-01-12,5,9\n", day=3)
    taken_in(home)
    second, third = (taken_in(home)[f"landing/placed/{number}.csv"]["notes"] for number in (2, 3))
    assert second == []
    assert "It has 4 columns, and landing/placed/2.csv, the export before, 3. None has a heading" in third[0]


def test_files_that_come_in_one_night_are_compared_with_one_another(home: Path) -> None:
    land(home, "named/2.csv", "Id,Date,Score\nb1,2025-01-11,0\n", day=2)
    land(home, "named/3.csv", "Id,Date,Score\nc1,2025-01-11,0\n", day=3)
    records = taken_in(home)
    assert [records[f"landing/named/{number}.csv"]["notes"] for number in (1, 3)] == [[], []]
    [says] = records["landing/named/2.csv"]["notes"]
    assert says.endswith("landing/named/1.csv, the export before: missing: 'Comment'.")


def test_no_heading_reaches_a_screen_as_more_than_text(tmp_path: Path) -> None:
    columns = {"score": {"matches": "^score"}, "responded_at": "date"}
    home = workspace(tmp_path / "w", {"sources": {"s": source("s", columns=columns)}})
    land(home, "s/a.csv", "score\x1b]0;title\x07,date\n" + "9,2025-01-02\n\x1b[31mx\u202e,2025-01-02\n" * 5)
    land(home, "s/b.csv", "score\x1b[2J,date,new\x1b[31m\u202e\n" + "9,2025-01-02,3\n" * 30, day=2)
    land(home, "s/c.csv", "other\x1b[2J\u202e,date\n9,2025-01-02\n", day=3)
    sniffed = tmp_path / "d.csv"
    sniffed.write_text(
        "Would you recommend\x1b]0;title\x07 us?,day\n" + "9,2025-01-02\n0,2025-01-13\n10,2025-01-14\n" * 9
    )
    told = nps("run", "--home", home).said
    for command in (["rejects"], ["rejects", "--csv"], ["rejects", "--summary"], ["status"]):
        told += nps(*command, "--home", home).said
    told += nps("sniff", sniffed).said
    assert "Would you recommend" in told
    assert set(told) & set("\x1b\x07\u202e") == set()
    assert (
        set("".join(map(str, published(home, "select path, notes, detail from meta.files")))) & set("\x1b\u202e")
        == set()
    )


def test_a_refused_file_does_not_tell_an_address_in_its_first_row(tmp_path: Path) -> None:
    home = workspace(tmp_path / "w", {"sources": {"s": source("s")}})
    land(home, "s/a.csv", "nine,Ana <ana@example.com>\nten,Ivo <ivo@example.com>\n")
    told = nps("run", "--home", home).said
    assert ("file_layout" in told, "@" in told) == (True, False)


# What follows for figures


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (("Date", "Score", "Weight"), "'Weight' is new, and nps.yaml reads no weight: each of its answers weighs 1"),
        (("Date", "Score", "Gewichtung"), "write weight: 'Gewichtung' below columns"),
        (("Date", "Score", "Váha"), "write weight: 'Váha' below columns"),
        (("Date", "Score", "权重"), "write weight: '权重' below columns"),
        (("Date", "Score", "Weight of the parcel"), ""),
    ],
)
def test_a_new_column_of_weights_that_nothing_reads_is_told(now: tuple[str, ...], told: str) -> None:
    found = [*notes_of_new(layout(score="Score"), now, earlier("Date", "Score"))]
    assert told in "".join(found)
    assert len(found) == bool(told)
    assert [*notes_of_new(layout(score="Score", weight=now[-1]), now, earlier("Date", "Score"))] == []
    assert [*notes_of_new(layout(score="Score"), now, earlier(*now))] == []


@pytest.mark.parametrize(
    ("heading", "score", "is_told"),
    [
        ("NPS", "Score", True),
        ("NPS score", "Rating", True),
        ("How likely are you to recommend us to a friend?", "Ocjena", True),
        ("NPS", "How likely are you to recommend us?", False),
        ("NPS group", "Score", False),
        ("NPS survey sent by", "Score", False),
        ("How likely are you to recommend us as a place to work?", "Score", False),
    ],
)
def test_a_new_column_that_is_called_like_the_question_is_told(heading: str, score: str, is_told: bool) -> None:
    found = [*notes_of_new(layout(score=score), ("Date", score, heading), earlier("Date", score))]
    assert [f"write score: '{heading}' below columns" in each for each in found] == [True] * is_told


def test_a_column_that_may_be_missing_and_was_there_before_is_told(tmp_path: Path) -> None:
    columns = {"weight": {"matches": "^w$", "optional": True}, "branch": {"matches": "^branch$", "optional": True}}
    home = workspace(tmp_path / "home", {"sources": {"x": source("x", columns={**ANSWERS, **columns})}})
    land(home, "x/1.csv", "date,score,w,branch\n2025-01-05,9,2,Split\n", day=1)
    land(home, "x/2.csv", "date,score\n2025-02-05,9\n", day=2)
    land(home, "x/3.csv", "date,score\n2025-03-05,9\n", day=3)
    notes = {path: " ".join(row["notes"]) for path, row in taken_in(home).items()}
    before = "is missing, which landing/x/1.csv, the export before, had"
    assert f"'w' {before}: each of its answers weighs 1." in notes["landing/x/2.csv"]
    assert f"'branch' {before}: its answers count as of no known branch." in notes["landing/x/2.csv"]
    assert "is missing" not in notes["landing/x/1.csv"] + notes["landing/x/3.csv"]


def test_a_column_of_zones_that_appears_later_is_told() -> None:
    now = ("Date", "Score", "Time zone")
    dated = layout(score="Score", responded_at="Date")
    [told] = notes_of_new(dated, now, earlier("Date", "Score"))
    assert told.startswith("'Time zone' is new: its times are read in one zone all the same")
    assert [*notes_of_new(dated, now, earlier(*now))] == []
