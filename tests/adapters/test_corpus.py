"""Every real file there is, in one night: taken in by a configuration of a few lines, or refused with the right reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.real import real
from tests.support.scenario import Told, land, nps, published, source, workspace

CORPUS: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("corpus.yaml").read_text("utf-8"))


def name_of(file: str) -> str:
    """A source for each file, since no two are alike."""
    return "s_" + "".join(letter if letter.isalnum() else "_" for letter in file.lower())


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Told]:
    sources = {name_of(file): source(name_of(file), **entry["source"]) for file, entry in CORPUS.items()}
    home = workspace(tmp_path_factory.mktemp("corpus") / "workspace", {"sources": sources})
    for file, entry in CORPUS.items():
        for each in (file, *([entry["beside"]] if "beside" in entry else [])):
            land(home, f"{name_of(file)}/{Path(each).name}", real(each))
    return home, nps("run", "--home", home)


def record(home: Path, file: str) -> dict[str, Any]:
    columns = ("status", "reason", "rows_read", "accepted", "unanswered", "rejected", "excluded")
    sql = f"select {', '.join(columns)} from meta.files where source = '{name_of(file)}'"
    [row] = published(home, sql)
    return dict(zip(columns, row, strict=True))


def test_every_real_file_is_in_the_corpus() -> None:
    folder = real("oracles.json").parent
    there = {str(path.relative_to(folder)) for path in folder.glob("*/*")}
    assert there == {*CORPUS, *(entry["beside"] for entry in CORPUS.values() if "beside" in entry)}


@pytest.mark.parametrize("file", CORPUS)
def test_a_real_file_is_taken_in_or_refused_with_the_right_reason(file: str, corpus: tuple[Path, Told]) -> None:
    home, told = corpus
    found, wanted = record(home, file), CORPUS[file]
    assert "Traceback" not in told.said
    if "refused" in wanted:
        assert (found["status"], found["reason"]) == ("refused", wanted["refused"])
        return
    assert found["status"] == "accepted", told.said
    rejected = found["rejected"] + found["excluded"]
    assert found["rows_read"] == found["accepted"] + found["unanswered"] + rejected > 0
    if "counts" in wanted:
        assert [found["rows_read"], found["accepted"], found["unanswered"], rejected] == wanted["counts"]


@pytest.mark.parametrize("file", [file for file, entry in CORPUS.items() if "nps" in entry])
def test_a_real_file_gives_its_known_score(file: str, corpus: tuple[Path, Told]) -> None:
    sql = "select 100 * (sum(promoters) - sum(detractors)) / sum(responses) from marts.fct_nps"
    [(score,)] = published(corpus[0], f"{sql} where survey = '{name_of(file)}'")
    assert round(score, 4) == CORPUS[file]["nps"]
