"""Presets: what is known of an export need not be declared, and what is declared comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from pipelines.adapters.columns import members
from pipelines.adapters.kinds import VERSIONS, read
from pipelines.config.models import Config, Dimension, Kind, Limits, Matches, Preset, Source
from pipelines.config.presets import preset_names, reader_of, with_presets
from pipelines.errors import FileRefusedError
from pipelines.recipes import source_recipe
from tests.arrived import answers, arrived, source

TYPEFORM = "#,How likely?,Submit Date (UTC),Tags\na1,9,2024-05-01 10:00:00,\n"


def export(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def configured(**settings: Any) -> Config:  # noqa: ANN401 - as nps.yaml has it
    """A configuration with one source."""
    given = {"kind": "typeform", "metric": "nps", "files": "x", "delivery": "snapshot", **settings}
    return Config.model_validate({"timezone": "UTC", "sources": {"web": given}})


# What there is


def test_every_preset_is_a_kind_or_may_be_named_and_all_are_there() -> None:
    assert preset_names() - set(get_args(Kind)) == set(get_args(Preset))


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_a_reader(kind: str) -> None:
    assert reader_of(kind) in VERSIONS


@pytest.mark.parametrize("name", sorted(preset_names()))
def test_every_preset_is_valid_for_sources_and_dimensions(name: str) -> None:
    chosen = {"kind": name} if name in get_args(Kind) else {"kind": "crm", "preset": name}
    given = {**chosen, "files": "x"}
    columns = {"score": 1, "responded_at": 2}
    Source.model_validate({**given, "metric": "nps", "delivery": "snapshot", "columns": columns})
    keys = {"branches": "branch", "accounts": "account", "employees": "employee"}
    dimensions = {of: {**given, "columns": {key: 1}} for of, key in keys.items()}
    assert set(Config.model_validate({"timezone": "UTC", "dimensions": dimensions}).dimensions) == set(keys)


# Merging


def test_nps_yaml_comes_before_a_preset_key_by_key() -> None:
    web = configured(columns={"score": "How likely?", "response_id": 3}, dates={"formats": ["%d.%m.%Y"]}).sources["web"]
    assert (web.columns["response_id"], web.columns["score"]) == (3, "How likely?")
    assert web.columns["responded_at"] == Matches(matches=r"(?i)^Submit Date \(UTC\)$", optional=True)
    assert (web.dates.formats, web.dates.timezone) == (["%d.%m.%Y"], "UTC")


def test_a_preset_gives_way_to_a_default_and_to_the_name_of_the_file() -> None:
    by_default = configured(columns={"score": 1}, defaults={"responded_at": "2024-05"}).sources["web"]
    assert "responded_at" not in by_default.columns
    assert by_default.dates_are_periods
    by_name = configured(columns={"score": 1}, file_name=r"_(?P<responded_at>\d{4})").sources["web"]
    assert "responded_at" not in by_name.columns


@pytest.mark.parametrize("name", sorted(preset_names() & set(get_args(Kind))))
def test_a_kind_with_its_preset_is_the_same_as_its_keys_written_out(name: str) -> None:
    own = {"columns": {"score": "Q", "branch": "Shop"}, "defaults": {"survey": "s", "responded_at": "2024"}}
    given = {"kind": name, "metric": "nps", "files": "x", "delivery": "snapshot", **own}
    completed = with_presets(given, "source")
    assert isinstance(completed, dict)
    written_out = Source.model_validate({**completed, "kind": reader_of(name)})
    assert written_out == Source.model_validate(given).model_copy(update={"kind": written_out.kind})


def test_what_a_preset_says_is_part_of_the_recipe() -> None:
    as_table = with_presets({"kind": "typeform", "columns": {"score": 1}}, "source")
    assert isinstance(as_table, dict)
    same, other = (configured(**as_table) for _ in range(2))
    assert source_recipe(same, "web", "k") == source_recipe(other, "web", "k")
    other = configured(**{**as_table, "dates": {"timezone": "Asia/Tokyo"}})
    assert source_recipe(same, "web", "k") != source_recipe(other, "web", "k")


def test_a_mistake_beside_a_preset_is_told_with_the_users_own_key() -> None:
    for wrong in ({"columns": 5}, {"columns": ["score"]}, {"defaults": "x", "columns": {"score": 1}}):
        with pytest.raises(ValidationError) as told:
            configured(**wrong)
        assert {error["loc"][:3] for error in told.value.errors()} == {("sources", "web", next(iter(wrong)))}
    with pytest.raises(ValidationError, match="columns must name the score"):
        configured()


# Optional columns


def test_an_optional_column_is_used_where_the_file_has_it(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", TYPEFORM)
    rows = answers(path, configured(columns={"score": 2}).sources["web"], tmp_path)
    assert rows.select("response_id", "score", "responded_at").rows() == [("a1", "9", "2024-05-01 10:00:00")]
    assert "cells" not in rows.columns


def test_an_absent_optional_id_makes_rows_known_by_their_text(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", TYPEFORM.replace("#", "No"))
    rows = answers(path, configured(columns={"score": 2}).sources["web"], tmp_path)
    assert "response_id" not in rows.columns
    assert "cells" in rows.columns


def test_an_absent_optional_column_is_what_a_default_says_or_blank(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "score\n9\n")
    maybe = {"branch": Matches(matches="^Shop$", optional=True), "channel": Matches(matches="^Way$", optional=True)}
    of = source({"score": "score", **maybe}, defaults={"responded_at": "2024", "channel": "web"})
    rows = answers(path, of, tmp_path)
    assert rows["channel"].to_list() == ["web"]
    assert "branch" not in rows.columns


@pytest.mark.parametrize("name", ["score", "responded_at"])
def test_without_a_score_or_a_date_an_export_is_refused(name: str, tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "other\n9\n")
    columns = {"score": 1, "responded_at": 1, name: Matches(matches="^none$", optional=True)}
    with pytest.raises(FileRefusedError, match=f"{name} should be in /.none./") as refused:
        answers(path, source(columns), tmp_path)
    assert refused.value.reason == "file_layout"


def test_an_optional_column_that_two_headings_match_is_refused(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "score,Shop 1,Shop 2\n9,a,b\n")
    of = source({"score": "score", "branch": Matches(matches="^Shop", optional=True)})
    with pytest.raises(FileRefusedError, match="Name one by its position"):
        answers(path, of, tmp_path)


# Systems


def test_the_accounts_of_a_known_system_need_no_columns(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "ID,NAME,INDUSTRY\nA1,Acme,Energy\n")
    given = {"kind": "crm", "preset": "salesforce", "files": "x"}
    config = Config.model_validate({"timezone": "UTC", "dimensions": {"accounts": given}})
    accounts: Dimension = config.dimensions["accounts"]
    file = arrived(path)
    rows = members(read(file, accounts, Limits(), tmp_path), file, accounts).collect()
    assert rows.select("account", "industry", "branch").rows() == [("A1", "Energy", None)]
