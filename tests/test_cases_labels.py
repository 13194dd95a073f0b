"""Labels of scores, rows of headings below the first, and an encoding that a person names."""

from __future__ import annotations

from pathlib import Path

from pipelines.sniff.sniff import sniff
from tests.cases import own
from tests.scenario import nps

# Encodings


def test_sniff_reads_a_file_in_the_encoding_that_it_is_told(tmp_path: Path) -> None:
    found = sniff(own("labels/dosovska.csv"), ["cp852"])
    assert dict(next(each for each in found.found.columns if each.name == "Poslovnica").counts) == {"Čakovec": 24}
    assert "encoding: cp852\n" in found.entry
    assert not any("encoding" in each for each in found.questions)
    wide = tmp_path / "wide.csv"
    wide.write_bytes(own("labels/dosovska.csv").read_bytes().decode("cp852").encode("utf-16-le"))
    assert sniff(wide, ["utf-16-le"]).found.scores[0].scale == "0-10"


def test_the_command_takes_several_encodings_and_refuses_what_is_none() -> None:
    path = own("labels/dosovska.csv")
    told = nps("sniff", path, "--encoding", "utf-8", "--encoding", "cp852")
    assert told.code == 0
    assert "encoding: [utf-8, cp852]" in told.out
    unknown = nps("sniff", path, "--encoding", "klingon")
    assert (unknown.code, unknown.out) == (2, "")
    assert "'klingon' is no known encoding" in unknown.err
    unfit = nps("sniff", path, "--encoding", "utf-8")
    assert (unfit.code, unfit.out) == (1, "")
    assert "cannot be read as utf-8" in unfit.err


def test_a_workbook_needs_no_encoding() -> None:
    found = sniff(own("sheets/filtered.xlsx"), ["cp852"])
    assert any("It is no text" in each for each in found.found.notes)
    assert "encoding" not in found.entry
