"""Settings of the whole workspace that have nothing to do with any one source: gates, limits, publishing, the night.

Here: parts of nps.yaml that stand on their own. Not here: sources and dimensions (`sources`), how it all fits (`models`).
"""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from pipelines.config.values import NAME_RULE, Cron, Share, Timezone, is_name
from transforms.dimensions import CANONICAL, MANAGER
from warehouse.names import names_taken

#: No setting means more; tables, clocks and folders hold no number as large as one likes.
_MOST: Final = 1_000_000_000


class Strict(BaseModel):
    """A part of nps.yaml: unknown keys are mistakes, and so are numbers that nothing holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _bearable(cls, value: object) -> object:
        if isinstance(value, int | float) and not abs(value) <= _MOST:
            raise ValueError(f"no number of nps.yaml is as large as this one: {_MOST:,} at most")
        return value


def misplaced(sentence: str, *at: str) -> PydanticCustomError:
    """A mistake that only the whole shows, to be raised there; `at` are the keys that lead to where it stands."""
    return PydanticCustomError("misplaced", "{sentence}", {"sentence": sentence, "at": list(at)})


class Industries(Strict):
    """Free-text industries and what they mean."""

    synonyms: dict[str, list[str]] = Field(
        default_factory=dict, description="Industry: the other spellings of it. Upper and lower case are the same."
    )
    only_listed: bool = Field(False, description="Whether an industry that is not listed here counts as unknown.")

    @field_validator("synonyms")
    @classmethod
    def _of_one_industry(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        meant: dict[str, str] = {}
        for industry, others in value.items():
            for spelling in others:
                if (other := meant.setdefault(spelling, industry)) != industry:
                    raise ValueError(
                        f"{spelling!r} is a spelling of {other} and of {industry}: it can be one of one alone"
                    )
        return value


class Gates(Strict):
    """When to stop rather than publish something unbelievable."""

    max_reject_share: Share = Field(0.2, description="Above this share of rejected rows a file is held.")
    max_snapshot_shrink: Share = Field(
        0.0, description="A snapshot that lost more than this share of its answers is held: 0 for any loss."
    )
    max_month_change: Share = Field(
        0.02,
        description="Files are held that change the answers of a source in a month that had ended by more than this share, "
        "20 answers and 6 times the usual difference between its months.",
    )
    max_restatement: float | None = Field(
        None,
        ge=0,
        description="Nothing publishes that moves a score of clients of a period that had ended by more points than this, "
        "or that takes it away, until nps run --accept restatements; one that was of low sample may move. Not looked at if "
        "not given.",
    )
    min_match_rate: Share = Field(
        0.0,
        description="Below this share of a month's answers about the own brand with a known branch nothing publishes. "
        "Sources of employees of which nothing says a branch are left out.",
    )


class Employees(Strict):
    """What is shown of employees, and when."""

    close_after: int = Field(
        7,
        ge=0,
        le=3_650,
        description="So many days after its month a wave closes, and is shown by group, once and for good.",
    )
    groups: list[str] = Field(
        default_factory=list,
        description="By what employees are shown beside branch and department: manager, and names for what else their "
        "sources say of them, such as tenure.",
    )

    @field_validator("groups")
    @classmethod
    def _own_names(cls, value: list[str]) -> list[str]:
        for name in value:
            if name == MANAGER and value.count(name) == 1:
                continue
            if not is_name(name) or value.count(name) > 1:
                raise ValueError(f"{name!r} cannot be a group's name: {NAME_RULE}, and name none twice")
            if name in CANONICAL or name in names_taken():
                raise ValueError(f"{name!r} has a meaning here already: call what employees are shown by otherwise")
        return value


class Clients(Strict):
    """What is shown of clients."""

    minimum_group: int = Field(
        1,
        ge=1,
        description="Rows of fewer answers are left out of the marts of clients; docs/privacy.md says what that hides.",
    )


class Agents(Strict):
    """What is shown of those who serve clients."""

    minimum: int = Field(10, ge=1, description="An agent of whom fewer answers are in a period is not shown in it.")


class Publish(Strict):
    """The published file."""

    keep: int = Field(5, ge=1, description="How many earlier versions are kept beside the published file.")
    storage_version: str = Field(
        "v1.0.0", pattern=r"^v\d+\.\d+\.\d+$", description="Oldest DuckDB whose drivers can read the file."
    )


class Nightly(Strict):
    """When the night runs."""

    cron: Cron = Field("0 2 * * *", description="Minute, hour, day, month, weekday.")
    timezone: Timezone | None = Field(None, description="Zone of the clock; the business timezone if none.")


class Limits(Strict):
    """What a machine can bear."""

    max_file_mb: int = Field(20_000, ge=1, description="Larger files are refused.")
    max_sheet_mb: int = Field(200, ge=1, description="Larger spreadsheets (unpacked) are refused.")
    memory_mb: int = Field(1_500, ge=256, description="What DuckDB may use before it spills to disk.")
    max_night_hours: float = Field(
        12,
        gt=0,
        le=8_784,
        description="A run that is at work for longer hangs: another beside it says so, and ends with 1.",
    )
    keep_rejected_days: int = Field(
        400, ge=1, le=36_500, description="Rejected rows of files taken in longer ago are deleted; their counts stay."
    )
    keep_replaced_days: int = Field(
        30,
        ge=1,
        le=36_500,
        description="What files held before they were written over longer ago is deleted, but for what each held last: "
        "that counts again when the file is withdrawn.",
    )
