"""Files that were kept out are told of by each night, until they are in or gone."""

from __future__ import annotations

from pathlib import Path

from tests.support.scenario import land, night, nps, source, workspace

GOOD = "date,score\n2025-01-02,9\n"
BAD = "date,score\n2025-01-02,x\n2025-01-03,y\n"
STILL = "1 file of landing is still not in: nps status says which, and why."


def test_a_file_that_is_kept_out_is_told_of_until_it_is_in(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    land(home, "shops/a.csv", GOOD)
    land(home, "shops/bad.csv", BAD)
    first = nps("run", "--home", home)
    assert first.code == 3
    assert STILL not in first.said
    idle = nps("run", "--home", home)
    assert (idle.code, STILL in idle.said) == (0, True)
    land(home, "shops/b.csv", GOOD.replace("9", "8"), day=2)
    assert STILL in nps("run", "--home", home).said
    land(home, "shops/bad.csv", GOOD.replace("9", "7"), day=3)
    assert STILL not in night(home).said
