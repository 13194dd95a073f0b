"""What scores are held against: targets of the company, benchmarks of others, and the words for scores.

Here: settings only. Not here: how a score is held against them (`warehouse/models/scores/measured.sql`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipelines.config.settings import Strict

Points = Annotated[float, Field(ge=-100, le=100)]

#: From where on a score has which word, if nps.yaml gives no others.
BANDS = {"negative": -100.0, "fair": 0.0, "good": 30.0, "excellent": 50.0, "world class": 70.0}


class Target(Strict):
    """What the score of clients should be, from a day on: of a branch, a region, an industry, or of all."""

    nps: Points = Field(description="In points, -100 to 100.")
    valid_from: date = Field(description="Periods that begin on this day or later are held against it.")
    branch: str | None = Field(None, description="Code of the branch that it is of.")
    region: str | None = Field(None, description="Region that it is of.")
    industry: str | None = Field(
        None, description="Industry that it is of. Of all clients if none of the three is given."
    )

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if sum(name is not None for name in (self.branch, self.region, self.industry)) > 1:
            raise ValueError("a target is of one branch, one region, one industry, or of all: give one of them at most")
        return self

    @property
    def subject(self) -> tuple[str, str]:
        """What it is of: a dimension, none for all, and which one of it."""
        named = {"branch": self.branch, "region": self.region, "industry": self.industry}
        return next(((dimension, name) for dimension, name in named.items() if name is not None), ("", ""))


class Benchmark(Strict):
    """The score of others that somebody published."""

    nps: Points = Field(description="In points, -100 to 100.")
    year: int = Field(ge=2003, le=2100, description="Periods that begin in this year or later are held against it.")
    source: str = Field(min_length=1, description="Who published it, and where.")
    method: str | None = Field(None, description="How it was found: who was asked, how, how many.")
    industry: str | None = Field(None, description="Which industry it is of; of all if not given.")
