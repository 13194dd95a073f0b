"""Bad files among good ones: each is named with its reason, none stops the others, and mending it takes it in."""

from __future__ import annotations

import errno
import io
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipelines.adapters import kinds
from pipelines.adapters.apart import apart
from pipelines.adapters.table import TextTable
from tests.support.scenario import Told, configure, counts, land, night, nps, published, source, taken_in, workspace

GOOD = "score,date\n" + "9,2025-01-10\n" * 5 + "0,2025-01-11\n"
SOURCES = {
    "shops": source("shops"),
    "calls": source("calls", scale="1-10"),
    "abroad": source("abroad", dates={"formats": ["%m/%d/%Y"]}),
    "sheets": source("sheets", kind="excel"),
    "named": source("named", file_name=r"^(?P<branch>[A-Z]{2})_"),
}


def sheet() -> bytes:
    """A spreadsheet of 50 answers."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        cells = book.add_worksheet()
        for number, row in enumerate([["score", "date"], *[[9, "2025-01-10"]] * 50]):
            cells.write_row(number, 0, row)
    return packed.getvalue()


def garbage(seed: int) -> bytes:
    return random.Random(seed).randbytes(5_000)  # noqa: S311 - noise, no secret


def folder(path: Path) -> None:
    path.mkdir()


def link_outside(path: Path) -> None:
    (path.parents[3] / "outside.csv").write_text(GOOD, "utf-8")
    path.symlink_to(path.parents[3] / "outside.csv")


@dataclass(frozen=True)
class Bad:
    """A bad file, what becomes of it, and words of the sentence that says why."""

    content: str | bytes | Callable[[Path], None]
    status: str
    reason: str
    says: tuple[str, ...]


BAD = {
    "shops/garbage.csv": Bad(garbage(1), "refused", "file_unreadable", ("is no text",)),
    "shops/program.csv": Bad(
        b"\x7fELF\x02\x01\x01" + bytes(60) + garbage(2), "refused", "file_unreadable", ("no text",)
    ),
    "shops/sheet.csv": Bad(sheet(), "refused", "file_unreadable", ("spreadsheet", "kind: excel")),
    "shops/empty.csv": Bad("", "refused", "file_empty", ("is empty",)),
    "shops/blank.csv": Bad("\n  \n\t\n", "refused", "file_empty", ("is empty",)),
    "shops/headings.csv": Bad("mark,date\n9,2025-01-10\n", "refused", "file_layout", ("'score'", "'mark', 'date'")),
    "shops/no headings.csv": Bad(
        "9,2025-01-10,ana@example.com\n8,2025-01-10,ivo@example.com\n", "refused", "file_layout", ("header_rows: 0",)
    ),
    "shops/ragged.csv": Bad(
        'score,date\n9,2025-01-10\n8,2025-01-10,and,more\n"7,2025-01-10\n',
        "held",
        "gate",
        ("max_reject_share", "of 3 read: 2 row_malformed"),
    ),
    "shops/folder.csv": Bad(folder, "refused", "file_unsafe", ("a folder",)),
    "shops/link.csv": Bad(link_outside, "refused", "file_unsafe", ("outside the workspace",)),
    "sheets/cut.xlsx": Bad(sheet()[:3_000], "refused", "file_unreadable", ("damaged or incomplete",)),
    "sheets/text.xlsx": Bad(GOOD, "refused", "file_unreadable", ("no spreadsheet", "kind: csv")),
    "abroad/other dates.csv": Bad(
        "score,date\n" + "9,13.01.2025\n" * 20, "held", "gate", ("max_reject_share", "20 date_unreadable")
    ),
    "calls/zeros.csv": Bad(
        "score,date\n" + "0,2025-01-10\n" * 10 + "9,2025-01-10\n" * 90,
        "held",
        "gate",
        ("Zeros", "begins with 1", "(10 rows)", "10 score_out_of_scale"),
    ),
    "named/other.csv": Bad(GOOD, "refused", "file_layout", ("other.csv", "file_name", "branch")),
}
FINE: dict[str, str | bytes] = {
    "shops/good.csv": GOOD,
    "sheets/good.xlsx": sheet(),
    "calls/good.csv": GOOD.replace("0,", "1,"),
    # Two of a hundred rows are broken: the others are answers all the same.
    "shops/two broken.csv": "score,date\n" + "9,2025-01-12\n" * 98 + '8,2025-01-10,and,more\n"7,2025-01-10\n',
}


@dataclass(frozen=True)
class BadNight:
    """What the night told, and the status right after it, in words and for programs."""

    home: Path
    told: Told
    status: str
    document: dict[str, Any]


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> BadNight:
    home = workspace(tmp_path_factory.mktemp("bad") / "workspace", {"sources": SOURCES})
    for name, content in FINE.items():
        land(home, name, content)
    for name, file in BAD.items():
        if callable(file.content):
            file.content(home / "landing" / name)
        else:
            land(home, name, file.content)
    # A process of its own: what a user sees, with whatever the libraries add to it.
    command = [sys.executable, "-m", "pipelines.cli.main", "run", "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    told = Told(done.returncode, done.stdout, done.stderr)
    return BadNight(home, told, nps("status", "--home", home).out, nps("status", "--json", "--home", home).document)


def line_about(text: str, name: str) -> str:
    [line] = [line for line in text.splitlines() if line.startswith(f"  landing/{name} (")]
    return line


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_with_its_reason(bad: BadNight, name: str) -> None:
    file = BAD[name]
    for line in (line_about(bad.told.err, name), line_about(bad.status, name)):
        assert f": {file.status}, {file.reason}: " in line
        assert [words for words in file.says if words not in line] == []
    [entry] = [entry for entry in bad.document["not_in"] if entry["path"] == f"landing/{name}"]
    assert (entry["source"], entry["status"], entry["reason"]) == (Path(name).parent.name, file.status, file.reason)
    assert entry["detail"] in line_about(bad.told.err, name)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_in_the_published_list_of_files(bad: BadNight, name: str) -> None:
    sql = f"select status, reason from meta.files where path = 'landing/{name}'"
    assert published(bad.home, sql) == [(BAD[name].status, BAD[name].reason)]


def test_a_night_with_bad_files_publishes_the_good_ones_and_ends_with_three(bad: BadNight) -> None:
    assert bad.told.code == 3
    assert bad.told.out.startswith("Published ")
    assert f"{len(BAD)} files are not in:" in bad.told.err
    assert counts(bad.home, "shops") == (5 + 98, 0, 1)
    assert counts(bad.home, "sheets") == (50, 0, 0)
    assert counts(bad.home, "calls") == (5, 0, 1)
    in_the_file = published(bad.home, "select path from meta.files where status = 'accepted' order by path")
    assert in_the_file == [(f"landing/{name}",) for name in sorted(FINE)]


def test_bad_files_give_no_traceback(bad: BadNight) -> None:
    assert "Traceback" not in bad.told.said
    assert "Error" not in bad.told.said


def test_what_looks_like_an_answer_is_not_repeated_as_a_heading(bad: BadNight) -> None:
    for said in (bad.told.said, bad.status, str(bad.document)):
        assert "example.com" not in said


def test_every_row_of_every_file_is_accounted_for(bad: BadNight) -> None:
    sql = "select path from meta.files where rows_read <> accepted + unanswered + excluded + rejected"
    assert published(bad.home, sql) == []
    broken = "select rows_read, accepted, rejected from meta.files where contains(path, 'two broken')"
    assert published(bad.home, broken) == [(100, 98, 2)]


def test_rejects_lists_the_rows_of_a_file_that_is_held_back(bad: BadNight) -> None:
    rows = nps("rejects", "--source", "abroad", "--json", "--home", bad.home).document
    whole_file, *rows = rows
    assert (whole_file["source_row"], whole_file["outcome"]) == (None, "held")
    assert [row["source_row"] for row in rows] == list(range(2, 22))
    assert {(row["path"], row["column"], row["reason"], row["value"]) for row in rows} == {
        ("landing/abroad/other dates.csv", "responded_at", "date_unreadable", "13.01.2025")
    }


def test_a_mended_file_is_taken_in_and_named_no_more(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", {"sources": {name: SOURCES[name] for name in ("shops", "abroad")}})
    names = ["shops/garbage.csv", "shops/empty.csv", "shops/headings.csv", "shops/folder.csv", "abroad/other dates.csv"]
    for name in names:
        content = BAD[name].content
        _ = content(home / "landing" / name) if callable(content) else land(home, name, content)
    assert nps("run", "--home", home).code == 3
    assert len(nps("status", "--json", "--home", home).document["not_in"]) == len(names)
    (home / "landing" / "shops" / "folder.csv").rmdir()
    for number, name in enumerate(names, 1):
        day = f"01/1{number}/2025" if name.startswith("abroad") else f"2025-01-1{number}"
        land(home, name, f"score,date\n9,{day}\n", day=2)
    night(home)
    assert nps("status", "--json", "--home", home).document["not_in"] == []
    assert counts(home, "shops") == (4, 0, 0)
    assert counts(home, "abroad") == (1, 0, 0)


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = workspace(tmp_path / "workspace", {"sources": {"shops": SOURCES["shops"]}})
    file = land(home, "shops/a.csv", GOOD)

    def read_and_change(*arguments: Any) -> TextTable:  # noqa: ANN401 - as the reader takes them
        table = read(*arguments)
        land(home, "shops/a.csv", GOOD.replace("9", "3"), day=2)
        return table

    read: Callable[..., TextTable] = kinds.read
    monkeypatch.setattr(kinds, "read", read_and_change)
    [verdict] = taken_in(home).values()
    assert (verdict["status"], verdict["reason"]) == ("refused", "file_unreadable")
    assert f"{file.name} was changed while it was read" in verdict["detail"]
    monkeypatch.undo()
    night(home)
    assert counts(home, "shops") == (0, 0, 6)


def gone(file: Path) -> None:
    file.unlink()


def cut_off(file: Path) -> None:
    file.write_text("score,date\n", "utf-8")


def touched(file: Path) -> None:
    file.touch()


def unheard_of(_: Path) -> None:
    raise OSError(errno.EIO, "Input/output error")


def killed(_: Path) -> None:
    apart(0, 1, signal.raise_signal, signal.SIGKILL)


@pytest.mark.parametrize("happens", [gone, cut_off, touched, unheard_of, killed])
def test_what_happens_to_a_file_while_it_is_read_says_nothing_of_its_bytes(
    happens: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = workspace(tmp_path / "workspace", {"sources": {"shops": SOURCES["shops"]}})
    file = land(home, "shops/a.csv", GOOD)

    def open_later(*arguments: Any) -> TextTable:  # noqa: ANN401 - as the reader takes them
        happens(file)
        return reader(*arguments)

    reader = kinds._READERS["csv"]  # noqa: SLF001 - what reads, and not who asks for it
    monkeypatch.setitem(kinds._READERS, "csv", open_later)  # noqa: SLF001 - as above
    assert nps("run", "--home", home).code == 3
    monkeypatch.undo()
    land(home, "shops/a.csv", GOOD)
    night(home)
    assert counts(home, "shops") == (5, 0, 1)

    # When it is read again, what it was before goes on counting.
    configure(home, {"sources": {"shops": source("shops", defaults={"channel": "web"})}})
    monkeypatch.setitem(kinds._READERS, "csv", open_later)  # noqa: SLF001 - as above
    assert nps("run", "--home", home).code == 3
    monkeypatch.undo()
    assert counts(home, "shops", "channel = 'unknown'") == (5, 0, 1)
    land(home, "shops/a.csv", GOOD)
    night(home)
    assert counts(home, "shops", "channel = 'web'") == (5, 0, 1)
