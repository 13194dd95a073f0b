"""Files of landing that no source reads are named: those that differ from a pattern in capitals, and all others."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.intake.feeds import landing
from pipelines.report.notes.unread import unread
from pipelines.report.status import status_of
from tests.support.scenario import Settings, configure, land, nps, source, taken_in, workspace

ROWS = "score,date\n9,2025-01-10\n"
SHOPS: Settings = {"sources": {"shops": source("shops", files="landing/shops/*.csv")}}
PACKED: Settings = {"sources": {"shops": source("shops", files="landing/shops/*.zip", members=["in/*.csv"])}}


def said(home: Path) -> list[str]:
    return unread(home, landing(Context(open_workspace(home))))


def test_a_file_that_a_pattern_misses_by_its_capitals_is_named_with_the_pattern(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "shops/a.csv", ROWS)
    land(home, "shops/B.CSV", ROWS)
    [told] = said(home)
    assert told.startswith("landing/shops/B.CSV is read by no source: landing/shops/*.csv of shops would match it, but")
    assert told in nps("status", "--home", home).out.splitlines()
    assert told in nps("run", "--home", home).out.splitlines()


def test_a_source_that_nps_yaml_names_no_more_is_told_and_not_listed_among_those_that_are_in(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "shops/a.csv", ROWS)
    taken_in(home)
    configure(home, {"sources": {"stores": source("stores", files="landing/shops/*.csv")}})
    taken_in(home)
    found = status_of(Context(open_workspace(home)))
    assert found.sources.get_column("source").to_list() == ["stores"]
    assert "shops is not in nps.yaml any more: 1 row of 1 file count no more." in found.odd


def test_files_of_which_no_pattern_knows_are_named_together(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "shops/a.csv", ROWS)
    for n in range(7):
        land(home, f"new/{n}.xlsx", ROWS)
    [told] = said(home)
    assert told.startswith(
        "7 files of landing are read by no source of nps.yaml, so nothing of them counts: landing/new/0"
    )
    assert "landing/new/4.xlsx and 2 more." in told


def test_what_is_no_export_and_what_is_refused_are_not_among_them(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "shops/empty.csv", "")
    land(home, "shops/bad\x1b.csv", ROWS)
    for name in ("README.txt", "shops/a.csv.md5", ".hidden.csv", "~$a.xlsx", "shops/Survey_Details.json", "a.csv.part"):
        land(home, name, ROWS)
    assert said(home) == []


def test_files_of_an_archive_that_members_leave_out_are_named_too(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", PACKED)
    packed = land(home, "shops/a.zip", b"")
    with ZipFile(packed, "w") as archive:
        for name in ("in/a.csv", "in/B.CSV", "out/c.csv", "in/notes.pdf"):
            archive.writestr(name, ROWS)
    capitals, other = said(home)
    assert capitals.startswith(
        "landing/shops/a.zip/in/B.CSV is read by no source: in/*.csv of shops would match it, but"
    )
    assert "add a pattern with its capitals to members of shops" in capitals
    assert other.startswith(
        "1 file of landing is read by no source of nps.yaml, so nothing of it counts: landing/shops/a.zip/out/c.csv."
    )
