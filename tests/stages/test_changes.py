"""What is in landing and nps.yaml decides what is published, whatever was there before."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.support.scenario import ANSWERS, by, configure, counts, land, marts, night, nps, published, source, workspace

TWO = {"kept": source("kept"), "dropped": source("dropped")}


def test_a_source_that_leaves_the_configuration_counts_no_more(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": TWO})
    land(home, "kept/a.csv", "score,date\n9,2025-01-10\n")
    land(home, "dropped/a.csv", "score,date\n2,2025-01-10\n3,2025-02-10\n")
    night(home)
    configure(home, {"sources": {"kept": TWO["kept"]}})
    night(home)
    assert counts(home, "kept") == (1, 0, 0)
    assert published(home, "select distinct survey from marts.fct_nps") == [("kept",)]
    configure(home, {"sources": TWO})
    night(home)
    assert counts(home, "dropped") == (0, 0, 2)


def test_a_file_that_is_mended_in_place_counts_as_it_is_now(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    land(home, "shops/a.csv", "score,date\n9,2025-01-10\n9,2025-03-10\n", day=1)
    land(home, "shops/b.csv", "score,date\n8,2025-01-11\n", day=1)
    night(home)
    land(home, "shops/a.csv", "score,date\n2,2025-01-10\n", day=2)
    night(home)
    assert by(home, "shops", "month") == {"2025-01": (0, 1, 1)}
    found = marts(home)
    for folder in ("lake", "published", "scratch"):
        shutil.rmtree(home / folder)
    night(home)
    assert marts(home) == found


@pytest.mark.parametrize("content", ["2,2025-01-10", "9,2025-02-10"])  # new bytes, or those of another file
def test_a_file_that_is_mended_from_a_system_that_writes_its_marks_apart_is_mended(
    content: str, tmp_path: Path
) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    file = land(home, "shops/\u010d.csv", "score,date\n9,2025-01-10\n9,2025-03-10\n")
    land(home, "shops/b.csv", "score,date\n9,2025-02-10\n")
    night(home)
    file.unlink()
    land(home, "shops/c\u030c.csv", f"score,date\n{content}\n", day=2)
    night(home)
    assert set(by(home, "shops", "month")) == {"2025-02", content[2:9]}
    assert "Nothing to do" in night(home).out


def test_a_file_that_is_renamed_to_make_room_for_another_still_counts(tmp_path: Path) -> None:
    """As logs are rotated: calls.csv becomes calls.1.csv, and a new calls.csv arrives."""
    home = workspace(tmp_path / "home", {"sources": {"calls": source("calls")}})
    first = land(home, "calls/calls.csv", "score,date\n9,2025-01-10\n", day=1)
    night(home)
    first.rename(first.with_name("calls.1.csv"))
    land(home, "calls/calls.csv", "score,date\n2,2025-01-11\n", day=2)
    night(home)
    assert counts(home, "calls") == (1, 0, 1)


def test_a_file_that_was_renamed_is_replaced_under_its_new_name(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    file = land(home, "shops/a.csv", "score,date\n9,2025-01-10\n")
    night(home)
    file.rename(file.with_name("b.csv"))
    night(home)
    assert published(home, "select path from meta.files") == [("landing/shops/b.csv",)]
    land(home, "shops/b.csv", "score,date\n2,2025-01-10\n", day=2)
    night(home)
    assert counts(home, "shops") == (0, 0, 1)


def test_known_bytes_take_the_place_of_others_as_new_ones_do(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    land(home, "shops/a.csv", "score,date\n9,2025-01-10\n")
    land(home, "shops/b.csv", "score,date\n2,2025-01-11\n")
    night(home)
    land(home, "shops/b.csv", "score,date\n9,2025-01-10\n")
    assert [file["path"] for file in nps("status", "--home", home, "--json").document["pending"]] == [
        "landing/shops/b.csv"
    ]
    night(home)
    assert counts(home, "shops") == (1, 0, 0)
    assert "Nothing to do" in night(home).out


def test_a_later_copy_under_another_name_is_as_old_as_its_original(tmp_path: Path) -> None:
    """Whichever name comes first by the alphabet: else answers of another file would win in a lake that is made anew."""
    ids = source("shops", columns={**ANSWERS, "response_id": "id"})
    home = workspace(tmp_path / "home", {"sources": {"shops": ids}})
    land(home, "shops/first.csv", "id,score,date\n1,9,2025-01-10\n", day=1)
    land(home, "shops/second.csv", "id,score,date\n1,2,2025-01-10\n", day=2)
    night(home)
    land(home, "shops/copy.csv", "id,score,date\n1,9,2025-01-10\n", day=3)
    night(home)
    assert counts(home, "shops") == (0, 0, 1)
    for folder in ("lake", "published", "scratch"):
        shutil.rmtree(home / folder)
    night(home)
    assert counts(home, "shops") == (0, 0, 1)


@pytest.mark.parametrize("packed", [False, True], ids=["touched", "packed"])
def test_a_file_that_is_read_again_is_as_old_as_when_it_came_whatever_became_of_it(
    packed: bool, tmp_path: Path
) -> None:
    """An export that was copied without its time, or put into an archive, would else take the place of newer ones."""
    shops = source("shops", delivery="snapshot", columns={**ANSWERS, "account": "client"})
    named = {"account": "id", "industry": "trade"}
    lists = {"kind": "csv", "files": "landing/lists/*", "columns": named}
    home = workspace(tmp_path / "home", {"sources": {"shops": shops}, "dimensions": {"accounts": lists}})
    old = land(home, "shops/a.csv", "score,date,client\n9,2025-01-10,c\n", day=1)
    land(home, "shops/b.csv", "score,date,client\n2,2025-06-05,c\n", day=2)
    trades = [
        land(home, "lists/1.csv", "id,trade\nc,banks\n", day=1),
        land(home, "lists/2.csv", "id,trade\nc,shops\n", day=8),
    ]
    night(home)
    expected = counts(home, "shops"), by(home, "shops", "industry")
    assert expected == ((0, 0, 1), {"banks": (0, 0, 1)})
    for file in (old, trades[0]):
        if packed:
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as members:
                members.writestr(file.name, file.read_bytes())
            file.unlink()
            land(home, f"{file.parent.name}/old.zip", archive.getvalue(), day=9)
        else:
            land(home, f"{file.parent.name}/{file.name}", file.read_bytes(), day=9)
    also = {**lists, "columns": {**named, "branch": {"matches": "office", "optional": True}}}
    configure(home, {"sources": {"shops": {**shops, "unanswered": ["-1"]}}, "dimensions": {"accounts": also}})
    night(home)
    assert (counts(home, "shops"), by(home, "shops", "industry")) == expected


def test_bytes_that_come_back_count_again(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    for content, expected in (("9,2025-01-10", (1, 0, 0)), ("2,2025-01-10", (0, 0, 1)), ("9,2025-01-10", (1, 0, 0))):
        land(home, "shops/a.csv", f"score,date\n{content}\n")
        night(home)
        assert counts(home, "shops") == expected


def test_equal_bytes_whose_names_say_different_things_are_different_files(tmp_path: Path) -> None:
    named = source("shops", columns=dict(ANSWERS), file_name="(?P<branch>[A-Z]+)")
    home = workspace(tmp_path / "home", {"sources": {"shops": named}})
    for branch in ("ZG", "ST"):
        land(home, f"shops/{branch}.csv", "score,date\n9,2025-01-10\n")
    night(home)
    assert by(home, "shops", "branch") == {"ST": (1, 0, 0), "ZG": (1, 0, 0)}


def test_each_of_two_empty_files_is_named(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    land(home, "shops/a.csv", "")
    land(home, "shops/b.csv", "")
    told = nps("run", "--home", home)
    assert told.code == 3
    assert told.said.count("file_empty") == 2


def test_a_period_that_is_none_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    wrong = source("shops", columns={"score": "score"}, defaults={"responded_at": "2018-13"})
    home = workspace(tmp_path / "home", {"sources": {}})
    configure(home, {"sources": {"shops": wrong}})
    told = nps("run", "--home", home)
    assert told.code == 2
    assert "2018-13" in told.said


def test_a_history_that_begins_amid_a_file_leaves_what_came_before_out_and_holds_nothing(tmp_path: Path) -> None:
    shops = {"sources": {"shops": source("shops", delivery="snapshot")}}
    home = workspace(tmp_path / "home", shops)
    land(home, "shops/a.csv", "score,date\n9,2025-01-10\n9,2025-02-10\n2,2025-03-10\n", day=1)
    night(home)
    configure(home, {**shops, "history_from": "2025-03"})
    night(home)
    assert by(home, "shops", "month") == {"2025-03": (0, 0, 1)}
    land(home, "shops/a.csv", "score,date\n9,1980-01-01\n9,2025-02-10\n2,2025-03-10\n7,2025-03-11\n", day=2)
    told = nps("run", "--home", home)
    assert (told.code, "max_reject_share" in told.said) == (3, True), "a clock that began anew is a mistake"
    assert by(home, "shops", "month") == {"2025-03": (0, 0, 1)}
