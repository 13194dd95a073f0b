"""Presets: what is known of an export need not be declared, and what is declared comes first."""
# ruff: noqa: RUF001 - texts in the languages of the files

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.adapters.kinds import read
from pipelines.adapters.lists import members
from pipelines.config.columns import Matches
from pipelines.config.kinds import FOLDER, kinds, known, reader_of, systems, version_of, with_presets
from pipelines.config.layouts import Reader
from pipelines.config.models import Config
from pipelines.config.settings import Limits
from pipelines.config.sources import Source
from pipelines.errors import FileRefusedError
from pipelines.recipes.digests import source_recipe
from tests.support.arrived import answers, arrived, judged, source
from tests.support.laws import law
from tests.support.real import real

TYPEFORM = "#,How likely?,Submit Date (UTC),Tags\na1,9,2024-05-01 10:00:00,\n"


def export(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def configured(**settings: Any) -> Config:  # noqa: ANN401 - as nps.yaml has it
    """A configuration with one source."""
    given = {"kind": "typeform", "metric": "nps", "files": "x", "delivery": "snapshot", **settings}
    return Config.model_validate({"timezone": "UTC", "sources": {"web": given}})


def of_kind(kind: str, columns: dict[Any, Any], **settings: Any) -> Source:  # noqa: ANN401 - as nps.yaml has it
    """A source that says no more than its kind and these settings."""
    return configured(kind=kind, columns=columns, **settings).sources["web"]


# Who was asked


QUALTRICS_HISTORY = """contactId,distributionId,status,sentAt,responseStartedAt
CID_1,EMD_1,Survey Finished,2024-03-01T10:00:00Z,2024-03-02T10:00:00Z
CID_2,EMD_1,Hard Bounce,2024-03-01T10:00:00Z,
CID_3,EMD_1,Email Sent,2024-03-01T10:00:00Z,
"""
RECIPIENTS = """id,email,survey_response_status,mail_status
1,a@example.com,completely_responded,sent
2,b@example.com,not_responded,sent
3,c@example.com,partially_responded,sent
"""


@pytest.mark.parametrize(
    ("preset", "text", "statuses"),
    [
        ("qualtrics_history", QUALTRICS_HISTORY, ["answered", "undeliverable", "delivered"]),
        ("surveymonkey_recipients", RECIPIENTS, ["answered", "delivered", "partial"]),
    ],
)
def test_histories_of_letters_say_how_far_each_came(
    tmp_path: Path, preset: str, text: str, statuses: list[str]
) -> None:
    settings: dict[str, Any] = {"defaults": {"responded_at": "2024-03"}} if preset == "surveymonkey_recipients" else {}
    rows = judged(export(tmp_path / "x.csv", text), of_kind("crm", {}, preset=preset, **settings), tmp_path)
    assert rows["contact_status"].to_list() == statuses
    assert rows["outcome"].unique().to_list() == ["unanswered"]
    assert rows["contact_month"].unique().to_list() == [date(2024, 3, 1)]


# What there is


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_a_reader_with_a_version(kind: str) -> None:
    assert reader_of(kind) in get_args(Reader)
    assert version_of(reader_of(kind)) >= 1


@pytest.mark.parametrize("name", [*kinds(), *systems()])
def test_every_preset_is_valid_for_sources_and_dimensions(name: str) -> None:
    chosen = {"kind": name} if name in kinds() else {"kind": "crm", "preset": name}
    given = {**chosen, "files": "x"}
    columns = {"score": 1, "responded_at": 2}
    Source.model_validate({**given, "metric": "nps", "delivery": "snapshot", "columns": columns})
    keys = {"branches": "branch", "accounts": "account", "employees": "employee"}
    dimensions = {of: {**given, "columns": {key: 1}} for of, key in keys.items()}
    assert set(Config.model_validate({"timezone": "UTC", "dimensions": dimensions}).dimensions.lists) == set(keys)


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


@pytest.mark.parametrize("name", [kind for kind in kinds() if "source" in known(kind)])
def test_a_kind_with_its_preset_is_the_same_as_its_keys_written_out(name: str) -> None:
    own = {"columns": {"score": "Q", "branch": "Shop"}, "defaults": {"survey": "s", "responded_at": "2024"}}
    given = {"kind": name, "metric": "nps", "files": "x", "delivery": "snapshot", **own}
    completed = with_presets(given, "source")
    assert isinstance(completed, dict)
    written_out = Source.model_validate({**completed, "kind": reader_of(name)})
    assert written_out == Source.model_validate(given).model_copy(update={"kind": written_out.kind})


OVERRIDING = st.fixed_dictionaries(
    {"columns": st.fixed_dictionaries({"score": st.just("How likely?")}, optional={
        "branch": st.just("Shop"), "responded_at": st.just(2), "response_id": st.just(1), "comment": st.just("Why?"),
    })},
    optional={
        "defaults": st.fixed_dictionaries({"responded_at": st.just("2024")}, optional={
            "channel": st.just("web"), "branch": st.just("ZG"),
        }),
        "dates": st.sampled_from([{}, {"timezone": "Asia/Tokyo"}, {"formats": ["%d.%m.%Y"]}]),
        "exclude": st.just({"test": {"column": "Tags", "values": ["test"]}}),
        "unanswered": st.just(["later"]),
        "delimiter": st.just(";"),
    },
)  # fmt: skip


@law(80)
@given(st.sampled_from([*kinds(), *systems()]), OVERRIDING)
def test_a_preset_with_overriding_keys_is_the_same_as_all_keys_written_out(name: str, own: dict[str, Any]) -> None:
    stored = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")).get("source", {})
    instead = own.get("defaults", {}).keys() - own["columns"].keys()
    merged = {key: {**stored.get(key, {}), **own.get(key, {})} for key in ("columns", "defaults", "dates", "exclude")}
    merged["columns"] = {column: at for column, at in merged["columns"].items() if column not in instead}
    # A preset may leave open when answers were given, which nps.yaml then has to say.
    when = {"columns": {"responded_at": 9}} if "responded_at" not in merged["columns"] | merged["defaults"] else {}
    own, merged = ({**given, "columns": {**given["columns"], **when.get("columns", {})}} for given in (own, merged))
    is_kind = name in kinds()
    chosen = {"kind": name} if is_kind else {"kind": "crm", "preset": name}
    common = {"metric": "nps", "files": "x", "delivery": "snapshot"}
    short = Source.model_validate({**common, **chosen, **own})
    written_out = Source.model_validate({**common, **stored, **own, **merged, "kind": "csv"})
    assert written_out == short.model_copy(update={"kind": "csv", "preset": None})


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


# Exports of forms


def test_a_typeform_export_is_read_with_its_score_alone(tmp_path: Path) -> None:
    text = (
        "#,How likely?,Your phone,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags,Ending\n"
        "a1,9,'+385 1 000001,completed,2024-10-05 02:39:31,,2024-10-05 02:41:38,653e97acae,,\n"
        "a2,3,+385 1 000001,partial,2024-10-05 02:39:31,2024-10-05 02:40:00,,653e97acae,,\n"
    )
    of = of_kind("typeform", {"score": "How likely?", "respondent": "Your phone"})
    rows = judged(export(tmp_path / "x.csv", text), of, tmp_path)
    assert rows["refusal"].to_list() == [None, "incomplete"]
    assert rows["responded_at"][0] == datetime(2024, 10, 5, 2, 41, 38, tzinfo=UTC)
    assert rows["response_id"].to_list() == ["a1", "a2"]
    assert rows["respondent_key"].n_unique() == 1


@pytest.mark.parametrize("heading", ["Timestamp", "Отметка времени", "Позначка часу", "Vremenska oznaka", "Horodateur"])
def test_a_google_form_is_read_with_its_score_alone(heading: str, tmp_path: Path) -> None:
    text = f"{heading},How likely?\n2017/11/24 12:39:58 PM GMT+4,9\n2017/11/24 12:39:58 AM GMT+5:30,0\n"
    rows = judged(export(tmp_path / "x.csv", text), of_kind("google_forms", {"score": "How likely?"}), tmp_path)
    assert rows["responded_at"].to_list() == [
        datetime(2017, 11, 24, 8, 39, 58, tzinfo=UTC),
        datetime(2017, 11, 23, 19, 9, 58, tzinfo=UTC),
    ]
    assert rows["category"].to_list() == ["promoter", "detractor"]


def test_a_stamp_with_slashes_has_no_order_until_it_is_declared(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "Timestamp,How likely?\n03/04/2024 10:00:00,9\n")
    undeclared = of_kind("google_forms", {"score": 2})
    assert judged(path, undeclared, tmp_path)["refusal"].to_list() == ["date_unreadable"]
    declared = of_kind("google_forms", {"score": 2}, dates={"formats": ["%d/%m/%Y %H:%M:%S"]})
    assert judged(path, declared, tmp_path)["month"].to_list() == [date(2024, 4, 1)]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx"])
def test_the_answers_of_a_real_google_form_are_the_same_in_every_format(suffix: str, tmp_path: Path) -> None:
    question = "How likely are you to recommend R to a colleague, friend, or family member?"
    formats = ["%m/%d/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%.f"]
    of = of_kind("google_forms", {"score": question}, dates={"formats": formats})
    rows = judged(real(f"r-community-survey/2019_English.{suffix}"), of, tmp_path)
    counted = rows.filter(pl.col("refusal").is_null()).group_by("category").len()
    assert dict(counted.iter_rows()) == {"promoter": 1386, "passive": 351, "detractor": 58}


# Calls and campaigns

OUTCOMES = ["No answer", "HUNG_UP", "hang-up", "time-out", "busy", "Не ответил", "повесил трубку", "тайм-аут", "Занято"]


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("key", ["", "7"])
def test_a_call_that_nobody_took_is_no_answer_whatever_was_pressed(outcome: str, key: str, tmp_path: Path) -> None:
    text = f"call_id;phone;time;key;outcome\nc1;+7 900;2024-05-01 10:00:00;0;answered\nc2;+7 901;;{key};{outcome}\n"
    rows = judged(export(tmp_path / "x.csv", text), of_kind("ivr", {}), tmp_path)
    assert rows["outcome"].to_list() == ["accepted", "unanswered"]
    assert rows.select("score", "channel").row(0) == (0, "phone")


def test_the_log_of_an_operator_keeps_the_reasons(tmp_path: Path) -> None:
    text = (
        "ID звонка;Телефон;Дата и время;Оценка;Причина;Оператор;Результат\n"
        "1;+7 900;2024-05-01 10:00:00;3;долго ждать;Анна;ответ\n"
        "2;+7 901;2024-05-01 10:05:00;10;;Анна;ответ\n"
        "3;+7 902;2024-05-01 10:06:00;;;Анна;недозвон\n"
    )
    rows = judged(export(tmp_path / "x.csv", text), of_kind("operator", {}), tmp_path)
    assert rows["outcome"].to_list() == ["accepted", "accepted", "unanswered"]
    assert rows["reason"].to_list() == ["долго ждать", None, None]
    assert rows["manager_key"].to_list() == [None, None, None]


def test_an_invitation_that_nobody_opened_is_no_answer(tmp_path: Path) -> None:
    text = (
        "ID анкеты;E-mail;Волна;Статус;Дата завершения;Порекомендуете?\n"
        "1;a@example.com;май;Завершена;01.05.2024 10:00;9\n"
        "2;b@example.com;май;Не открыто;;\n"
        "3;c@example.com;май;В процессе;;4\n"
    )
    rows = judged(export(tmp_path / "x.csv", text), of_kind("anketolog", {"score": "Порекомендуете?"}), tmp_path)
    assert rows["outcome"].to_list() == ["accepted", "unanswered", "excluded"]
    assert rows["survey"][0] == "май"


def test_what_is_no_answer_may_be_declared_for_another_column(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", "score,done\n9,yes\n9,no\n")
    of = source({"score": "score"}, unanswered_where={"column": "done", "values": ["NO"]})
    assert judged(path, of, tmp_path)["outcome"].to_list() == ["accepted", "unanswered"]
    calls = of_kind("ivr", {}, unanswered_where={"column": "end"})
    assert calls.unanswered_where is not None
    assert calls.unanswered_where.column == "end"
    assert "busy" in calls.unanswered_where.values


# Systems

DUMPS = {
    "salesforce": ("ID,NAME,INDUSTRY\n", "A1"),
    "hubspot": ("Record ID,Company name,Industry\n", "A1"),
    "bitrix24": ("ID;Название компании;Сфера деятельности\n", "A1"),
    "business_ru": ("Код;Наименование;Отрасль\n", "A1"),
}


@pytest.mark.parametrize("system", [name for name in systems() if "dimensions" in known(name)])
def test_the_accounts_of_a_known_system_need_no_columns(system: str, tmp_path: Path) -> None:
    headings, account = DUMPS[system]
    delimiter = ";" if ";" in headings else ","
    (tmp_path / "x.csv").write_bytes((headings + delimiter.join([account, "Acme", "Связь"]) + "\n").encode("cp1251"))
    given = {"kind": "crm", "preset": system, "files": "x", "encoding": "windows-1251"}
    accounts = Config.model_validate({"timezone": "UTC", "dimensions": {"accounts": given}}).dimensions.lists[
        "accounts"
    ]
    file = arrived(tmp_path / "x.csv")
    rows = members(read(file, accounts, Limits(), tmp_path), file, accounts).collect()
    assert rows.select("account", "name", "industry", "branch").rows() == [("A1", "Acme", "Связь", None)]


def test_the_score_on_a_client_card_is_read_as_the_system_calls_it(tmp_path: Path) -> None:
    text = (
        "Record ID,Email,Industry,Last NPS survey rating,Last NPS survey comment,Last NPS survey date\n"
        "17,a@example.com,retail,9,good,2024-05-01 10:00:00\n18,b@example.com,retail,,,\n"
    )
    rows = judged(export(tmp_path / "x.csv", text), of_kind("crm", {}, preset="hubspot"), tmp_path)
    assert rows["outcome"].to_list() == ["accepted", "unanswered"]
    assert rows.select("score", "comment", "industry").row(0) == (9, "good", "retail")
    assert rows["respondent_key"].n_unique() == 2


def test_the_accounts_of_a_real_dump_need_no_columns(tmp_path: Path) -> None:
    given = {"kind": "crm", "preset": "salesforce", "files": "x"}
    accounts = Config.model_validate({"timezone": "UTC", "dimensions": {"accounts": given}}).dimensions.lists[
        "accounts"
    ]
    file = arrived(real("salesforce/accountData_nosession.csv"))
    rows = members(read(file, accounts, Limits(), tmp_path), file, accounts).collect()
    filled = rows.filter(pl.col("industry").str.len_bytes() > 0).height
    assert (rows.height, rows["account"].null_count(), filled) == (423, 0, 9)
