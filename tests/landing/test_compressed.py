"""Compressed files and archives: what is in them is read as if it had come alone, and no wrapping can do harm."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import struct
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.kinds import read
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.digests import DigestCache
from pipelines.landing.discover import RefusedFile, are_still_there, discover
from pipelines.landing.landed import LandedFile
from tests.support.arrived import answers, rows_of, source, table_of
from tests.support.laws import law
from tests.support.scenario import by, land, night, nps, published, workspace
from tests.support.scenario import source as configured

ANSWERS = b"score,branch\n9,zagreb\n0,split\n"
ROWS = [["9", "zagreb"], ["0", "split"]]


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
    ".GZ": gzip.compress,
}


def found(root: Path, content: bytes | None = None, name: str = "a.zip", **layout: Any) -> dict[str, str]:  # noqa: ANN401 - as nps.yaml has it
    """What became of each file: `landed`, or the reason why not; by its path."""
    return {
        item.relative: "landed" if isinstance(item, LandedFile) else item.error.reason
        for item in items(root, content, name, **layout)
    }


def items(
    root: Path,
    content: bytes | None = None,
    name: str = "a.zip",
    **layout: Any,  # noqa: ANN401 - as nps.yaml has it
) -> list[LandedFile | RefusedFile]:
    landing = root / "landing"
    landing.mkdir(parents=True, exist_ok=True)
    if content is not None:
        (landing / name).write_bytes(content)
    limits = Limits(max_file_mb=layout.pop("max_file_mb", 100))
    declared = Layout(kind="csv", files=["landing/*"], **layout)
    with DigestCache(root / "digests.json") as cache:
        return list(discover(root, declared.files, limits, cache, declared.members))


def only(given: list[LandedFile | RefusedFile]) -> LandedFile:
    [item] = given
    assert isinstance(item, LandedFile)
    return item


def refusal(given: list[LandedFile | RefusedFile]) -> FileRefusedError:
    [item] = given
    assert isinstance(item, RefusedFile)
    return item.error


@pytest.mark.parametrize("ending", PACKED)
def test_a_compressed_file_is_read_like_the_plain_one(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"calls_ZG.csv{ending}"
    path.write_bytes(PACKED[ending](ANSWERS))
    assert rows_of(table_of(path, tmp_path / "scratch")) == ROWS


@pytest.mark.parametrize("ending", PACKED)
def test_a_compressed_file_is_known_by_the_bytes_inside(ending: str, tmp_path: Path) -> None:
    file = only(items(tmp_path, PACKED[ending](ANSWERS), f"a.csv{ending}"))
    assert (file.digest, file.size_bytes) == (hashlib.sha256(ANSWERS).hexdigest(), len(ANSWERS))
    assert (file.name, file.suffix, file.relative) == ("a.csv", ".csv", f"landing/a.csv{ending}")


def test_what_a_name_says_is_read_from_the_inner_name(tmp_path: Path) -> None:
    path = tmp_path / "calls_ZG.csv.gz"
    path.write_bytes(gzip.compress(b"score\n9\n"))
    of = source({"score": "score"}, file_name=r"^calls_(?P<branch>[A-Z]+)\.csv$", defaults={"responded_at": 2024})
    assert answers(path, of, tmp_path / "scratch").get_column("branch").to_list() == ["ZG"]


def test_a_compressed_spreadsheet_is_a_spreadsheet_by_its_inner_name(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        cells = book.add_worksheet()
        for number, row in enumerate([["Respondent ID", "score"], ["1", 9]]):
            cells.write_row(number, 0, row)
    for kind in ("excel", "surveymonkey", "crm"):
        path = tmp_path / "export.xlsx.gz"
        path.write_bytes(gzip.compress(packed.getvalue()))
        assert rows_of(table_of(path, tmp_path / "scratch", kind)) == [["1", "9"]]
    assert found(tmp_path, packed.getvalue(), "export.xlsx") == {"landing/export.xlsx": "landed"}


def test_each_file_of_an_archive_is_a_file_of_its_own(tmp_path: Path) -> None:
    content = zipped({"zagreb/a.csv": ANSWERS, "b.csv": b"score\n8\n"})
    first, second = items(tmp_path, content)
    assert isinstance(first, LandedFile)
    assert isinstance(second, LandedFile)
    assert [file.relative for file in (first, second)] == ["landing/a.zip/b.csv", "landing/a.zip/zagreb/a.csv"]
    assert second.digest == hashlib.sha256(ANSWERS).hexdigest()
    layout = Layout(kind="csv", files=["x"])
    assert rows_of(read(second, layout, Limits(), tmp_path / "scratch")) == ROWS
    assert rows_of(read(first, layout, Limits(), tmp_path / "scratch")) == [["8"]]


def test_what_systems_leave_in_archives_is_passed_over(tmp_path: Path) -> None:
    litter = {"__MACOSX/._a.csv": b"x", ".DS_Store": b"x", "folder/": b"", "folder/.a.csv": b"x", "~$a.xlsx": b"x"}
    assert found(tmp_path, zipped({"a.csv": ANSWERS, **litter})) == {"landing/a.zip/a.csv": "landed"}
    assert found(tmp_path, zipped(litter)) == {"landing/a.zip": "file_empty"}


def test_members_say_which_files_of_an_archive_belong_to_a_source(tmp_path: Path) -> None:
    content = zipped({"zagreb.csv": ANSWERS, "split.csv": b"score\n8\n", "read me.txt": b"hello"})
    assert found(tmp_path, content, members="z*.csv") == {"landing/a.zip/zagreb.csv": "landed"}
    assert len(found(tmp_path, content, members=["*.csv"])) == 2
    [missing] = items(tmp_path, content, members="osijek*")
    assert isinstance(missing, RefusedFile)
    assert missing.error.reason == "file_layout"
    assert "read me.txt, split.csv, zagreb.csv" in missing.error.detail


def test_a_file_of_an_archive_that_cannot_be_read_harms_no_other(tmp_path: Path) -> None:
    content = zipped({
        "good.csv": ANSWERS, "empty.csv": b"", "blank.csv": b"\xef\xbb\xbf \n", "inner.zip": zipped({"a.csv": ANSWERS}),
        "inner.csv.gz": gzip.compress(ANSWERS), "../out.csv": ANSWERS, "/abs.csv": ANSWERS, "C:\\x.csv": ANSWERS,
        "line\nend.csv": ANSWERS, "x" * 300 + ".csv": ANSWERS, "large.csv": b"9\n" * (1 << 20),
    })  # fmt: skip
    assert found(tmp_path, content, max_file_mb=1) == {
        "landing/a.zip/good.csv": "landed",
        "landing/a.zip/empty.csv": "file_empty",
        "landing/a.zip/blank.csv": "file_empty",
        "landing/a.zip/inner.zip": "file_unreadable",
        "landing/a.zip/inner.csv.gz": "file_unreadable",
        r"landing/a.zip/\x2e\x2e/out.csv": "file_unsafe",
        r"landing/a.zip/\x2fabs.csv": "file_unsafe",
        "landing/a.zip/C:/x.csv": "file_unsafe",
        r"landing/a.zip/line\nend.csv": "file_unsafe",
        f"landing/a.zip/{'x' * 300}.csv": "file_unsafe",
        "landing/a.zip/large.csv": "file_too_large",
    }


def test_two_files_of_one_name_are_refused_since_one_would_hide_the_other(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in (
            ("a.csv", b"score\n1\n"),
            ("a.csv", b"score\n2\n"),
            ("b\\c.csv", b"x"),
            ("b/c.csv", b"y"),
        ):
            archive.writestr(name, content)
    assert found(tmp_path, packed.getvalue()) == {
        "landing/a.zip/a.csv": "file_unsafe",
        "landing/a.zip/b/c.csv": "file_unsafe",
    }


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": ANSWERS}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    error = refusal(items(tmp_path, bytes(content)))
    assert (error.reason, "without a password" in error.detail) == ("file_unreadable", True)


def test_an_unusual_method_and_a_link_are_refused(tmp_path: Path) -> None:
    error = refusal(items(tmp_path, zipped({"a.csv": ANSWERS}, zipfile.ZIP_LZMA)))
    assert (error.reason, "unusual way" in error.detail) == ("file_unreadable", True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("a.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert found(tmp_path, packed.getvalue()) == {"landing/a.zip/a.csv": "file_unsafe"}


@pytest.mark.parametrize("name", ["a.zip", "a.csv.gz", "a.csv.zst"])
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, tmp_path: Path) -> None:
    error = refusal(items(tmp_path, ANSWERS, name))
    assert (error.reason, error.detail.startswith(name)) == ("file_unreadable", True)


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_bomb_is_refused_before_it_goes_off(ending: str, tmp_path: Path) -> None:
    content = PACKED[ending](b"9\n" * (40 << 20))
    assert refusal(items(tmp_path, content, f"a.csv{ending}")).reason == "file_too_large"


def test_an_archive_that_claims_too_much_or_shares_bytes_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, zipped({"a.csv": b"9\n" * (40 << 20)})) == {"landing/a.zip": "file_too_large"}
    shared = bytearray(zipped({"a.csv": ANSWERS * 100, "b.csv": b"x"}))
    second = shared.rindex(b"PK\x01\x02")
    struct.pack_into("<I", shared, second + 20, len(shared) * 2)
    assert found(tmp_path, bytes(shared)) == {"landing/a.zip": "file_too_large"}


def test_a_list_of_files_too_long_for_memory_is_refused_unread(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": ANSWERS}))
    struct.pack_into("<I", content, content.rindex(b"PK\x05\x06") + 12, 1 << 30)
    assert found(tmp_path, bytes(content)) == {"landing/a.zip": "file_too_large"}
    many = zipped({f"{number}.csv": b"" for number in range(10_001)}, zipfile.ZIP_STORED)
    assert found(tmp_path, many) == {"landing/a.zip": "file_too_large"}


@pytest.mark.parametrize("ending", [".gz", ".zst", ".zip"])
def test_a_file_that_is_cut_off_is_refused_wherever_that_is(ending: str, tmp_path: Path) -> None:
    rows = "".join(f"{random.Random(row).random()},{row}\n" for row in range(300)).encode()  # noqa: S311 - noise
    whole = zipped({"a.csv": rows}) if ending == ".zip" else PACKED[ending](rows)
    for length in [*range(1, 40), *range(40, len(whole), 61), len(whole) - 1]:
        assert refusal(items(tmp_path, whole[:length], f"a{ending}")).reason in ("file_unreadable", "file_empty")


@law(150)
@given(data=st.data())
def test_a_flipped_byte_gives_the_same_bytes_or_a_reason(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ending = data.draw(st.sampled_from([".gz", ".zst", ".zip"]))
    root = tmp_path_factory.mktemp("flipped")
    rows = b"".join(b"%d,%d\n" % (row % 11, row) for row in range(200))
    whole = bytearray(zipped({"a.csv": rows, "b/c.csv": rows[::-1]}) if ending == ".zip" else PACKED[ending](rows))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    for item in items(root, bytes(whole), f"a{ending}"):
        if isinstance(item, LandedFile):
            assert item.digest in {hashlib.sha256(text).hexdigest() for text in (rows, rows[::-1])} or ending == ".zst"


def test_an_unchanged_archive_is_not_unpacked_again(tmp_path: Path) -> None:
    content = zipped({"a.csv": ANSWERS, "bad.csv": b""})
    assert found(tmp_path, content) == {"landing/a.zip/a.csv": "landed", "landing/a.zip/bad.csv": "file_empty"}
    cache = tmp_path / "digests.json"
    known = json.loads(cache.read_text("utf-8"))
    known["landing/a.zip/a.csv"][-2] = "0" * 64
    known["landing/a.zip/bad.csv"][-1] = "as it was"
    cache.write_text(json.dumps(known), "utf-8")
    file, bad = items(tmp_path)
    assert isinstance(file, LandedFile)
    assert isinstance(bad, RefusedFile)
    assert (file.digest, bad.error.detail) == ("0" * 64, "as it was")
    other = zipped({"a.csv": b"score\n8\n"})
    assert only(items(tmp_path, other)).digest == hashlib.sha256(b"score\n8\n").hexdigest()


def test_a_larger_limit_takes_in_what_was_too_large(tmp_path: Path) -> None:
    content = gzip.compress("".join(f"{row},{row}\n" for row in range(200_000)).encode())
    assert list(found(tmp_path, content, "a.csv.gz", max_file_mb=1).values()) == ["file_too_large"]
    assert list(found(tmp_path, None, max_file_mb=10).values()) == ["landed"]


@pytest.mark.parametrize("entry", ["5", "[]", "[1]", '[1, 2, 3, 4, 5, "x", null]', '["file_empty", "x"]'])
def test_a_damaged_cache_of_digests_is_an_empty_one(entry: str, tmp_path: Path) -> None:
    (tmp_path / "digests.json").write_text(f'{{"landing/a.csv.gz": {entry}}}', "utf-8")
    assert only(items(tmp_path, gzip.compress(ANSWERS), "a.csv.gz")).digest == hashlib.sha256(ANSWERS).hexdigest()


HEADING = "score,date\n"
ZAGREB = (HEADING + "9,2025-01-10\n" * 5 + "0,2025-01-11\n").encode()
SPLIT = (HEADING + "10,2025-01-10\n" * 2 + "7,2025-01-11\n").encode()


def test_a_night_takes_in_an_archive_of_two_branches_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    of_branches = {"file_name": r"^(?P<branch>[a-z]+)\.csv$", "members": "20*/*"}
    home = workspace(tmp_path / "workspace", {"sources": {"shops": configured("shops", **of_branches)}})
    night_one = {"2025/zagreb.csv": ZAGREB, "2025/split.csv": SPLIT, "2025/osijek.csv": b"", "notes.txt": b"hello"}
    land(home, "shops/week.zip", zipped(night_one))
    land(home, "shops/broken.zip", zipped(night_one)[:100])
    told = nps("run", "--home", home)
    assert told.code == 3
    assert "landing/shops/week.zip/2025/osijek.csv" in told.err
    assert "landing/shops/broken.zip" in told.err
    assert by(home, "shops", "branch") == {"split": (2, 1, 0), "zagreb": (5, 0, 1)}
    paths = published(home, "select path from meta.files where status = 'accepted' order by path")
    assert paths == [("landing/shops/week.zip/2025/split.csv",), ("landing/shops/week.zip/2025/zagreb.csv",)]

    # The plain file with the same bytes is the same file; the archives come again, mended.
    land(home, "shops/zagreb.csv", ZAGREB, day=2)
    land(
        home, "shops/week.zip", zipped({"2025/zagreb.csv": ZAGREB, "2025/split.csv": SPLIT + b"6,2025-01-12\n"}), day=2
    )
    land(home, "shops/broken.zip", zipped({"2025/pula.csv": b"score,date\n3,2025-01-10\n"}), day=2)
    night(home)
    assert by(home, "shops", "branch") == {"pula": (0, 0, 1), "split": (2, 1, 1), "zagreb": (5, 0, 1)}
    assert nps("status", "--json", "--home", home).document["not_in"] == []
    assert nps("run", "--home", home).out.startswith("Nothing to do")


def test_an_archive_of_thousands_of_files_is_listed_once_and_not_for_each_of_them(tmp_path: Path) -> None:
    crowd = zipped({f"{number}.csv": ANSWERS if number % 2 else b"" for number in range(5_000)})
    begun = time.monotonic()
    given = items(tmp_path, crowd)
    known_as = [item.known_as for item in given]
    assert Counter(isinstance(item, LandedFile) for item in given) == {True: 2_500, False: 2_500}
    assert all(are_still_there(tmp_path, known_as))
    assert time.monotonic() - begun < 20


def test_a_file_whose_archive_was_exchanged_before_it_was_read_is_refused(tmp_path: Path) -> None:
    file = only(items(tmp_path, zipped({"a.csv": ANSWERS})))
    file.path.write_bytes(zipped({"another.csv": ANSWERS + b"1,split\n"}))
    with pytest.raises(FileRefusedError, match=r"a\.csv in a\.zip is gone") as refused:
        read(file, Layout(kind="csv", files=["x"]), Limits(), tmp_path / "scratch")
    assert refused.value.reason == "file_unreadable"
    assert only(items(tmp_path)).name == "another.csv"
