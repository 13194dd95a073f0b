"""Hundreds of broken files in one night: no traceback, every row accounted for, the neighbours unharmed."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from tests.support.laws import PART, some_of
from tests.support.mutations import EXPORTS, broken
from tests.support.scenario import Told, counts, land, nps, published, source, workspace

NEIGHBOUR = "score,date\n" + "9,2025-01-10\n" * 50 + "0,2025-01-11\n" * 7
#: What a night may take that reads a few hundred small files; the machine may be busy.
MINUTES, MEGABYTES = 5, 1_500


@dataclass(frozen=True)
class Night:
    """What one night did with all of them."""

    home: Path
    told: Told
    peak_mb: float
    landed: set[str]
    document: dict[str, Any]


def place_specials(home: Path) -> set[str]:
    """Files whose danger is not in their bytes."""
    folder = home / "landing" / "commas"
    (home.parent / "secret.csv").write_text(NEIGHBOUR, "utf-8")
    (folder / "link out.csv").symlink_to(home.parent / "secret.csv")
    (folder / "link to nothing.csv").symlink_to(home / "nowhere.csv")
    (folder / "link to itself.csv").symlink_to(folder / "link to itself.csv")
    (folder / "a folder.csv").mkdir()
    os.mkfifo(folder / "a pipe.csv")
    bell = folder / "bell \x07 and \x1b[31m colour.csv"
    bell.write_text(NEIGHBOUR, "utf-8")
    turned = folder / "turned \u202e vsc.csv"
    turned.write_text(NEIGHBOUR, "utf-8")
    place_archives(home / "landing" / "zip")
    return {
        "landing/commas/link out.csv", "landing/commas/link to nothing.csv", "landing/commas/link to itself.csv",
        "landing/commas/a folder.csv", "landing/commas/a pipe.csv",
    }  # fmt: skip


def place_archives(folder: Path) -> None:
    """Archives that unpack to far too much, or to somewhere else."""
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as out, out.open("a.csv", "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    with zipfile.ZipFile(folder / "climber.zip", "w") as out:
        out.writestr("../../climbed.csv", NEIGHBOUR)
        out.writestr("/tmp/climbed.csv", NEIGHBOUR)  # noqa: S108 - where it must not get to
        out.writestr("b\x07ll.csv", NEIGHBOUR)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("inner.csv", NEIGHBOUR)
    with zipfile.ZipFile(folder / "nested.zip", "w") as out:
        out.writestr("inner.zip", packed.getvalue())


def high_water_mb(pid: int) -> float:
    """The most memory that a process had: what the system says at its end counts that of whoever started it too."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024
    return 0


@pytest.fixture(scope="module")
def mutated(tmp_path_factory: pytest.TempPathFactory) -> Night:
    sources = {
        name: source(name, kind=export.kind, max_reject_share=1, **export.settings) for name, export in EXPORTS.items()
    }
    sources["neighbour"] = source("neighbour")
    home = workspace(tmp_path_factory.mktemp("mutated") / "workspace", {"sources": sources})
    land(home, "neighbour/good.csv", NEIGHBOUR)
    landed = set()
    for name, export in EXPORTS.items():
        land(home, f"{name}/sound.{export.suffix}", export.content)
    each = [(f"{name}/{how}.{of.suffix}", content) for name, of in EXPORTS.items() for how, content in broken(of)]
    for name, content in some_of(each):
        land(home, name, content, day=2)
        landed.add(f"landing/{name}")
    landed |= place_specials(home)
    command = [sys.executable, "-m", "pipelines.cli.main", "run", "--home", str(home)]
    top = Path(__file__).parents[2]
    told = [home.parent / "out", home.parent / "err"]
    with told[0].open("wb") as out, told[1].open("wb") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, cwd=top)
        give_up = Timer(MINUTES * 60, process.kill)
        give_up.start()
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, high_water_mb(process.pid))
            time.sleep(0.05)
        give_up.cancel()
    said = [each.read_text("utf-8") for each in told]
    document = nps("status", "--json", "--home", home).document
    return Night(home, Told(process.returncode, said[0], said[1]), peak, landed, document)


def test_there_are_hundreds_of_them(mutated: Night) -> None:
    assert len(mutated.landed) >= 300 * PART


def test_the_night_ends_with_a_verdict_and_without_a_traceback(mutated: Night) -> None:
    assert mutated.told.code == 3, mutated.told.said[-2_000:]
    for words in ("Traceback", "panicked", "Exception", "Error:"):
        assert words not in mutated.told.said


def test_memory_is_bounded(mutated: Night) -> None:
    assert 0 < mutated.peak_mb < MEGABYTES


def test_the_neighbours_are_unharmed(mutated: Night) -> None:
    assert counts(mutated.home, "neighbour") == (50, 0, 7)


def test_every_file_has_a_verdict(mutated: Night) -> None:
    """A file of the same bytes as another is that file; the members of an archive are files themselves."""
    assert mutated.document["pending"] == []
    known = {path for (path,) in published(mutated.home, "select path from meta.files")}
    archives = {path.rpartition("/")[0] for path in known}
    bytes_of_known = {(mutated.home / path).read_bytes() for path in known if (mutated.home / path).is_file()}
    missing = {name: (mutated.home / name).read_bytes() for name in mutated.landed - known - archives}
    packed = {export.content for export in EXPORTS.values() if not export.is_text}
    # Noise around a packed file changes nothing of what is in it.
    assert [
        name
        for name, content in missing.items()
        if content not in bytes_of_known and not any(sound in content for sound in packed)
    ] == []


def test_every_row_of_every_file_is_accounted_for(mutated: Night) -> None:
    unbalanced = "select path from meta.files where rows_read <> accepted + unanswered + excluded + rejected"
    assert published(mutated.home, unbalanced) == []
    listed = Counter(row["path"] for row in nps("rejects", "--json", "--home", mutated.home).document)
    told = published(mutated.home, "select path, rejected + excluded from meta.files where rejected + excluded > 0")
    assert {path: listed[path] for path, _ in told} == dict(told)


def test_whatever_is_not_in_says_why_in_a_sentence(mutated: Night) -> None:
    for file in mutated.document["not_in"]:
        assert file["reason"], file
        assert file["detail"].rstrip().endswith((".", ")", "?")) or "nps rejects" in file["detail"], file


def test_nothing_left_landing_or_came_from_outside(mutated: Night) -> None:
    assert not list(mutated.home.parent.rglob("climbed.csv"))
    not_in = {file["path"]: file["reason"] for file in mutated.document["not_in"]}
    assert not_in["landing/commas/link out.csv"] == "file_unsafe"


def test_names_are_shown_without_what_disturbs_a_terminal(mutated: Night) -> None:
    for said in (mutated.told.said, str(mutated.document)):
        assert not any(character in said for character in "\x07\x1b\u202e")


def test_the_next_night_has_nothing_to_do(mutated: Night) -> None:
    again = nps("run", "--home", mutated.home)
    assert (again.code, "othing to do" in again.said) == (0, True), again.said
