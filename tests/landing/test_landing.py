"""What arrives: every file is either landed or refused with its reason, and none stops the others."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from pipelines.config.settings import Limits
from pipelines.errors import UserError
from pipelines.landing.digests import DigestCache
from pipelines.landing.discover import RefusedFile, are_still_there, discover
from pipelines.landing.landed import LandedFile


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "workspace" / "landing").mkdir(parents=True)
    return tmp_path / "workspace"


def found(root: Path, *patterns: str, limits: Limits | None = None) -> dict[str, str]:
    """What became of each file: `landed`, or the reason why not."""
    files = discover(root, patterns or ["landing/*"], limits or Limits(), DigestCache(root / "digests.json"))
    return {file.relative: "landed" if isinstance(file, LandedFile) else file.error.reason for file in files}


def test_files_are_found_in_the_order_of_their_paths_each_once(root: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        (root / "landing" / name).write_text("score\n9\n")
    assert list(found(root, "landing/*.csv", "landing/a*", "landing/**/*.txt")) == [
        "landing/a.csv", "landing/b.csv", "landing/c.txt",
    ]  # fmt: skip


def test_a_folder_is_passed_over_where_all_that_is_in_it_is_found(root: Path) -> None:
    (root / "landing" / "2024").mkdir()
    (root / "landing" / "2024" / "a.csv").write_text("score\n9\n")
    assert found(root, "landing/**/*") == {"landing/2024/a.csv": "landed"}
    assert found(root, "landing/*") == {"landing/2024": "file_unsafe"}


def test_a_file_is_known_by_the_sha256_of_its_bytes(root: Path) -> None:
    (root / "landing" / "a.csv").write_text("score\n9\n")
    (file,) = discover(root, ["landing/*"], Limits(), DigestCache(root / "digests.json"))
    assert isinstance(file, LandedFile)
    assert file.digest == hashlib.sha256(b"score\n9\n").hexdigest()
    assert (file.relative, file.size_bytes) == ("landing/a.csv", 8)


def test_one_bad_file_does_not_stop_the_others(root: Path) -> None:
    landing = root / "landing"
    (root.parent / "secret.csv").write_text("score\n9\n")
    (landing / "good.csv").write_text("score\n9\n")
    (landing / "empty.csv").write_bytes(b"")
    (landing / "blank.csv").write_bytes(b"\xef\xbb\xbf \r\n\t\n")
    (landing / "folder.csv").mkdir()
    (landing / "out.csv").symlink_to(root.parent / "secret.csv")
    (landing / "dangling.csv").symlink_to(root / "nowhere")
    (landing / "inside.csv").symlink_to(landing / "good.csv")
    (landing / "large.csv").write_bytes(b"x" * (1 << 20) + b"\n")
    (landing / "line\nend.csv").write_text("score\n9\n")
    os.mkfifo(landing / "pipe.csv")
    assert found(root, limits=Limits(max_file_mb=1)) == {
        "landing/blank.csv": "file_empty",
        "landing/dangling.csv": "file_unreadable",
        "landing/empty.csv": "file_empty",
        "landing/folder.csv": "file_unsafe",
        "landing/good.csv": "landed",
        "landing/inside.csv": "landed",
        "landing/large.csv": "file_too_large",
        "landing/line\\nend.csv": "file_unsafe",
        "landing/out.csv": "file_unsafe",
        "landing/pipe.csv": "file_unsafe",
    }


def test_a_folder_linked_to_a_place_outside_is_no_way_in(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "a.csv").write_text("score\n9\n")
    (root / "landing" / "linked").symlink_to(outside)
    assert found(root, "landing/*/*.csv") == {"landing/linked/a.csv": "file_unsafe"}


def test_a_name_that_is_no_text_is_refused_and_still_shown(root: Path) -> None:
    Path(os.fsdecode(os.fsencode(root / "landing") + b"/bad\xff.csv")).write_text("score\n9\n")
    assert found(root) == {"landing/bad\\udcff.csv": "file_unsafe"}


def test_what_editors_leave_behind_is_passed_over(root: Path) -> None:
    for name in (".a.csv.swp", "~$a.xlsx", ".~lock.a.csv#"):
        (root / "landing" / name).write_text("x")
    assert found(root) == {}


def test_each_refused_file_is_known_by_its_path(root: Path) -> None:
    """Two empty files have equal bytes, and each must be named."""
    (root / "landing" / "empty.csv").write_bytes(b"")
    (root / "landing" / "folder.csv").mkdir()
    digests = DigestCache(root / "digests.json")
    empty, folder = (file for file in discover(root, ["landing/*"], Limits(), digests) if isinstance(file, RefusedFile))
    assert empty.digest == hashlib.sha256(b"landing/empty.csv").hexdigest()
    assert folder.digest == hashlib.sha256(b"landing/folder.csv").hexdigest()


def test_a_mistaken_pattern_is_named(root: Path) -> None:
    with pytest.raises(UserError, match=r"landing/\*\*\.csv"):
        found(root, "landing/**.csv")


def test_an_unchanged_file_is_not_read_again(root: Path, tmp_path: Path) -> None:
    path = root / "landing" / "a.csv"
    path.write_text("score\n9\n")
    cache = tmp_path / "digests.json"
    with DigestCache(cache) as digests:
        first = digests.digest(path, "landing/a.csv")
    kept = cache.read_text("utf-8")
    cache.write_text(kept.replace(first, "0" * 64), "utf-8")
    assert DigestCache(cache).digest(path, "landing/a.csv") == "0" * 64
    path.write_text("score\n8\n")
    assert DigestCache(cache).digest(path, "landing/a.csv") == hashlib.sha256(b"score\n8\n").hexdigest()


def test_what_was_found_of_many_files_is_kept_where_the_work_broke_off(root: Path, tmp_path: Path) -> None:
    (root / "landing" / "a.csv").write_text("score\n9\n")
    with pytest.raises(FileNotFoundError), DigestCache(tmp_path / "digests.json") as digests:
        [digests.digest(root / "landing" / name, f"landing/{name}") for name in ("a.csv", "gone.csv")]
    assert "landing/a.csv" in (tmp_path / "digests.json").read_text("utf-8")


@pytest.mark.parametrize("content", ["", "no json", "[1, 2]", '{"landing/a.csv": 5}', '{"landing/a.csv": []}'])
def test_a_damaged_cache_is_an_empty_one(content: str, root: Path, tmp_path: Path) -> None:
    path = root / "landing" / "a.csv"
    path.write_text("score\n9\n")
    (tmp_path / "digests.json").write_text(content, "utf-8")
    with DigestCache(tmp_path / "digests.json") as digests:
        assert digests.digest(path, "landing/a.csv") == hashlib.sha256(b"score\n9\n").hexdigest()
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["digests.json"]


def test_a_file_that_stands_for_one_of_its_answers_is_there_while_the_file_is(root: Path) -> None:
    (root / "landing" / "waves.csv").write_text("q1,q2\n9,8\n")
    assert are_still_there(root, ["landing/waves.csv [wave_1]", "landing/gone.csv [wave_1]"]) == [True, False]
