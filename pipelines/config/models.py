"""What may stand in nps.yaml, and what each setting means.

Here: the shape of the configuration and its own consistency. Not here: reading the file (`load`), folders (`workspace`).
The docstrings and descriptions are shown by editors through the JSON Schema that is made from these models.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, Self, cast, get_args

from pydantic import Field, field_validator, model_validator

from pipelines.config.columns import Column, Dates, Exclusion
from pipelines.config.files import Sheet, check_encodings
from pipelines.config.presets import reader_of, with_presets
from pipelines.config.scales import DeclaredScale
from pipelines.config.settings import Gates, Industries, Nightly, Publish, Strict, misplaced
from pipelines.config.values import FilePatterns, Month, Pattern, Share, Text, Timezone, is_period
from transforms.scores import SCALES, Scale

Canonical = Literal[
    "score", "responded_at", "updated_at", "response_id", "respondent", "account", "survey", "question",
    "branch", "industry", "region", "department", "manager", "channel", "comment", "reason", "language", "weight",
]  # fmt: skip
MemberColumn = Literal[
    "branch", "account", "employee", "name", "industry", "region", "department", "manager", "valid_from"
]
#: What reads files: each has a reader in `pipelines.adapters.kinds`.
Reader = Literal["csv", "excel", "surveymonkey", "qualtrics", "table", "json", "jsonl", "parquet", "delighted"]
#: What nps.yaml may call a kind of files: a reader, or a preset that says which reader reads it.
Kind = Literal[Reader, "crm", "typeform", "google_forms", "ivr", "operator", "anketolog"]
#: Presets that are no kinds of files: systems whose dumps come in any format.
Preset = Literal["salesforce", "hubspot", "bitrix24", "business_ru"]
DimensionName = Literal["branches", "accounts", "employees"]

#: The column of a dimension's file that says which member a row is about.
MEMBER_KEYS: dict[DimensionName, MemberColumn] = {
    "branches": "branch", "accounts": "account", "employees": "employee",
}  # fmt: skip

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NAME_RULE = "use lower-case letters, digits and _, starting with a letter"


class Layout(Strict):
    """How a kind of file is read; shared by sources and dimensions."""

    kind: Kind = Field(description="What the files are: it decides how they are read, and may bring a preset.")
    preset: Preset | None = Field(None, description="The system that it comes from: its columns are then known.")
    files: FilePatterns = Field(description="Patterns inside the workspace: landing/shops/*.csv.")
    encoding: str | list[str] | None = Field(
        None,
        description="Detected if not given; windows-1251, utf-8, ... Of several, each line is read in the first it fits.",
    )
    delimiter: str | None = Field(None, description="Detected if not given; one character, or 'tab'.")
    header_rows: int | None = Field(None, ge=0, le=3, description="Rows of headings; the kind's own if not given.")
    skip_rows: int | None = Field(
        None, ge=0, le=1000, description="Rows above the headings; if not given, a title above them is recognised."
    )
    sheet: Sheet | None = Field(
        None,
        description="Name of the sheet, its position from 1, or {matches: pattern}: all visible sheets that match, as "
        "one table. The first one with data if not given.",
    )
    records: str | None = Field(
        None, min_length=1, description="Where the list of records stands in a JSON object: data or result.items."
    )
    details: FilePatterns | None = Field(
        None,
        description="The files of survey details that answers of SurveyMonkey's API need; beside them if not given.",
    )
    members: FilePatterns | None = Field(
        None, description="Patterns over the files of an archive: *zagreb*.csv. All of them if not given."
    )
    file_name: Pattern | None = Field(
        None, description="Pattern over the file's name; its named groups are values, such as (?P<branch>[A-Z]+)."
    )

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        if value == "tab":
            return "\t"
        if value is not None and len(value) != 1:
            raise ValueError(f"{value!r} must be one character, such as ';', or the word tab")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encodings(cls, value: str | list[str] | None) -> str | list[str] | None:
        check_encodings([value] if isinstance(value, str) else value or [])
        return value

    @property
    def reader(self) -> Reader:
        """What reads the files."""
        return cast("Reader", reader_of(self.kind))

    @property
    def file_name_groups(self) -> frozenset[str]:
        """The values that come from the file's name."""
        return frozenset(re.compile(self.file_name).groupindex) if self.file_name else frozenset()


class Answer(Strict):
    """One of several answers that a row holds: what differs from the source's own columns and defaults."""

    columns: dict[Canonical, Column] = Field(default_factory=dict, description="At least the score of this answer.")
    defaults: dict[Canonical, Text] = Field(default_factory=dict)


class Source(Layout):
    """One place that answers come from."""

    metric: Literal["nps", "enps"]
    delivery: Literal["snapshot", "incremental"] = Field(
        description="snapshot: a new export replaces the previous one of its survey; incremental: files add up."
    )
    scale: str = Field(
        "0-10",
        description="The scale that was asked: 0-10, 1-10, 1-5, 1-7, 0-100 or one of `scales`; never guessed.",
    )
    columns: dict[Canonical, Column] = Field(default_factory=dict, description="Canonical name: where it stands.")
    answers: dict[str, Answer] = Field(
        default_factory=dict, description="Where a row holds several answers (waves, touchpoints): each by its name."
    )
    defaults: dict[Canonical, Text] = Field(default_factory=dict)
    dates: Dates = Field(default_factory=lambda: Dates(formats=[], timezone=None))
    unanswered: list[str] = Field(default_factory=list, description="Texts that mean 'not answered', beside the usual.")
    unanswered_where: Exclusion | None = Field(None, description="Rows that are no answers, whatever their score says.")
    exclude: dict[Literal["preview", "test", "flagged", "incomplete"], Exclusion] = Field(default_factory=dict)
    extras: list[str] = Field(default_factory=list, description="Further columns to keep, by header text. No identity!")
    max_reject_share: Share | None = Field(None, description="Above this share of rejected rows a file is held back.")
    owner: str | None = Field(None, description="Who to ask: an e-mail address or team:name, shown in Dagster.")

    @model_validator(mode="before")
    @classmethod
    def _with_presets(cls, given: object) -> object:
        return with_presets(given, "source")

    @field_validator("answers")
    @classmethod
    def _named(cls, value: dict[str, Answer]) -> dict[str, Answer]:
        for name, answer in value.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} cannot be an answer's name: {_NAME_RULE}")
            if "score" not in answer.columns:
                raise ValueError(f"{name}.columns must name the score of this answer")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.answers and "score" in self.columns:
            raise ValueError("answers name a score each: columns must not name another")
        if not self.answers and "score" not in self.columns:
            raise ValueError("columns must name the score: score: <header text, position, or {matches: pattern}>")
        unknown = self.file_name_groups - set(get_args(Canonical))
        if unknown:
            raise ValueError(f"file_name has groups {sorted(unknown)}; allowed: {', '.join(get_args(Canonical))}")
        for one in map(self.only, self.answers or [""]):
            one.check_dates()
        return self

    def check_dates(self) -> None:
        """Raise `ValueError` where nothing says when the answers were given."""
        if "responded_at" not in {*self.columns, *self.defaults, *self.file_name_groups}:
            raise ValueError(
                "nothing says when the answers were given: name the column (columns: responded_at), a period "
                "(defaults: {responded_at: 2018} or 2018-06), or a group of file_name"
            )
        period = self.defaults.get("responded_at")
        if period is not None and not self.dates.formats and not is_period(period):
            raise ValueError(f"defaults.responded_at: {period!r} is no year, quarter, month or day; one is 2018-06")

    def only(self, answer: str) -> Self:
        """The source as if its rows held this one of its `answers` alone; itself where a row holds one anyway."""
        if answer not in self.answers:
            return self
        own = self.answers[answer]
        kept = {name: column for name, column in self.columns.items() if name not in own.defaults}
        changed = {"columns": {**kept, **own.columns}, "defaults": {**self.defaults, **own.defaults}, "answers": {}}
        return self.model_copy(update=changed)

    @property
    def dates_are_periods(self) -> bool:
        """Whether the date is declared for whole files, so that a year or month alone is a date."""
        return "responded_at" not in self.columns


class Dimension(Layout):
    """What is known of branches, accounts or employees, from the same kinds of files."""

    columns: dict[MemberColumn, Column] = Field(default_factory=dict, description="Member's column: where it stands.")
    dates: Dates = Field(default_factory=lambda: Dates(formats=[], timezone=None))


class Limits(Strict):
    """What a machine can bear."""

    max_file_mb: int = Field(20_000, ge=1, description="Larger files are refused.")
    max_sheet_mb: int = Field(200, ge=1, description="Larger spreadsheets (unpacked) are refused.")
    memory_mb: int = Field(1_500, ge=256, description="What DuckDB may use before it spills to disk.")
    keep_rejected_days: int = Field(
        400, ge=1, le=36_500, description="Rejected rows of files taken in longer ago are deleted; their counts stay."
    )


class Config(Strict):
    """nps.yaml."""

    timezone: Timezone = Field(description="Business time: decides which month an answer belongs to.")
    history_from: Month = Field("2000-01", description="Earlier answers are rejected.")
    one_answer: Literal["latest", "first", "all"] = Field(
        "latest", description="Which answer of a respondent counts in one month of one survey."
    )
    minimum_group: int = Field(5, ge=3, description="Employee groups with fewer answers are not published.")
    scales: dict[str, DeclaredScale] = Field(default_factory=dict, description="Scales of your own, by their names.")
    sources: dict[str, Source] = Field(default_factory=dict)
    dimensions: dict[DimensionName, Dimension] = Field(default_factory=dict)
    industries: Industries = Field(default_factory=lambda: Industries(synonyms={}, only_listed=False))
    gates: Gates = Field(default_factory=Gates)
    publish: Publish = Field(default_factory=Publish)
    nightly: Nightly = Field(default_factory=Nightly)
    limits: Limits = Field(default_factory=Limits)

    @field_validator("sources")
    @classmethod
    def _names(cls, value: dict[str, Source]) -> dict[str, Source]:
        reserved = {"responses", "superseded", "facts", "published", *get_args(DimensionName)}
        for name in value:
            if not _NAME.fullmatch(name) or name in reserved:
                raise ValueError(
                    f"{name!r} cannot be a source's name: {_NAME_RULE}, and none of {', '.join(sorted(reserved))}"
                )
        return value

    @field_validator("scales")
    @classmethod
    def _own(cls, value: dict[str, DeclaredScale]) -> dict[str, DeclaredScale]:
        for name in value:
            if name in SCALES:
                raise ValueError(f"{name!r} is known here and cannot be declared again; give yours another name")
        return value

    @field_validator("dimensions", mode="before")
    @classmethod
    def _with_presets(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: with_presets(dimension, "dimensions", str(name)) for name, dimension in given.items()}

    @field_validator("dimensions")
    @classmethod
    def _members_named(cls, value: dict[DimensionName, Dimension]) -> dict[DimensionName, Dimension]:
        for name, dimension in value.items():
            if MEMBER_KEYS[name] not in {*dimension.columns, *dimension.file_name_groups}:
                raise ValueError(f"{name}.columns must name {MEMBER_KEYS[name]}, which says who a row is about")
        return value

    @model_validator(mode="after")
    def _scales_declared(self) -> Self:
        for name, source in self.sources.items():
            if source.scale not in {*SCALES, *self.scales}:
                raise misplaced(
                    f"{source.scale!r} is no scale; allowed: {', '.join((*SCALES, *self.scales))}",
                    "sources", name, "scale",
                )  # fmt: skip
        return self

    def scale_of(self, source: Source) -> Scale:
        """The scale that a source declares."""
        known = SCALES.get(source.scale)
        return known or self.scales[source.scale].scale(source.scale)

    @property
    def history_start(self) -> date:
        """First day of the first month that is kept."""
        return date.fromisoformat(f"{self.history_from}-01")
