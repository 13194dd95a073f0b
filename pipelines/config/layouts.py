"""How files are read, whatever they hold, and the names that nps.yaml may use for kinds of files and their columns.

Here: what sources and dimensions share. Not here: sources and dimensions themselves (`sources`), one value at a time
(`files`, `columns`).
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import AfterValidator, Field, WithJsonSchema, field_validator

from pipelines.config.files import Sheet, check_encodings
from pipelines.config.kinds import OneOf, kinds, reader_of, systems
from pipelines.config.patterns import group_names
from pipelines.config.settings import Strict
from pipelines.config.values import NAME, FilePatterns, Pattern, is_name
from transforms.dimensions import CANONICAL


def _is_nameable(name: str) -> str:
    if not is_name(name):
        raise ValueError(f"{name!r} is no canonical name; there are {', '.join(CANONICAL)}")
    return name


#: One of `CANONICAL`, the dimensions of an answer among them, or of those that nps.yaml declares by name (`models`).
Canonical = Annotated[
    str,
    AfterValidator(_is_nameable),
    WithJsonSchema({"type": "string", "anyOf": [{"enum": list(CANONICAL)}, {"pattern": NAME}]}),
]
MemberColumn = Literal[
    "branch",
    "account",
    "employee",
    "agent",
    "code",
    "name",
    "industry",
    "region",
    "area",
    "became",
    "department",
    "manager",
    "valid_from",
]
#: What reads files: each has a reader in `pipelines.adapters.kinds`.
Reader = Literal["csv", "excel", "surveymonkey", "qualtrics", "table", "json", "jsonl", "parquet", "delighted"]
#: What nps.yaml may call a kind of files; it says which reader reads them.
Kind = Annotated[str, OneOf(kinds)]
#: Systems whose dumps come in any format.
Preset = Annotated[str, OneOf(systems)]
DimensionName = Literal["branches", "accounts", "employees", "agents"]

#: The column of a dimension's file that says which member a row is about.
MEMBER_KEYS: dict[DimensionName, MemberColumn] = {
    "branches": "branch", "accounts": "account", "employees": "employee", "agents": "agent",
}  # fmt: skip


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
        return group_names(self.file_name) if self.file_name else frozenset()
