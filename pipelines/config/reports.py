"""Reports that are written after every publication: of what, in which languages, and who gets them by mail.

Here: settings only. Not here: what a report says (`pipelines.pages`), how it is mailed (`pipelines.notices`).
"""

from __future__ import annotations

import re
from typing import Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from pipelines.config.settings import Strict
from pipelines.config.values import Text

Language = Literal["en", "hr", "pl", "ru"]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_PERIOD: Final = re.compile(r"month|quarter|year|\d{4}|\d{4}-(0[1-9]|1[0-2])|\d{4}-Q[1-4]")


class Report(Strict):
    """A page of HTML, in each of its languages: published/reports/NAME.LANGUAGE.html."""

    name: str = Field(description="What its files are called.")
    branch: Text | None = Field(None, description="Of this branch, by its code or name; of the company if not given.")
    region: Text | None = Field(None, description="Or of this region.")
    period: str = Field(
        "quarter",
        description="month, quarter or year: the last one that has ended and has enough answers. Or a fixed one: 2025-03, "
        "2025-Q1, 2025.",
    )
    languages: list[Language] = Field(["en"], min_length=1, description="A file for each: en, hr, pl, ru.")
    mail_to: list[Text] = Field(
        default_factory=list,
        description="Receivers of `notify` who get it by mail whenever a publication has changed it.",
    )

    @field_validator("name")
    @classmethod
    def _file_name(cls, value: str) -> str:
        if not _NAME.fullmatch(value):
            raise ValueError(
                f"{value!r} cannot be a report's name: its files are called so. Use letters, digits, - and _"
            )
        return value

    @field_validator("period", mode="before")
    @classmethod
    def _known_period(cls, value: object) -> object:
        # YAML reads 2025 as a number.
        text = str(value) if isinstance(value, int) else value
        if isinstance(text, str) and not _PERIOD.fullmatch(text):
            raise ValueError(f"{text!r} is no period: write month, quarter or year, or 2025-03, 2025-Q1 or 2025")
        return text

    @field_validator("languages")
    @classmethod
    def _each_once(cls, value: list[Language]) -> list[Language]:
        return list(dict.fromkeys(value))

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if self.branch and self.region:
            raise ValueError(f"{self.name} is of a branch and of a region: name one of them")
        return self

    @property
    def files(self) -> dict[str, Language]:
        """The names of its files, with the language of each."""
        return {f"{self.name}.{language}.html": language for language in self.languages}
