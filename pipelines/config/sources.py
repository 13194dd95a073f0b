"""Where answers come from, and what is known of branches, accounts and employees: a source or a dimension of nps.yaml.

Here: one of them and its own consistency. Not here: how its files are read (`layouts`), how all fit together (`models`).
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from pipelines.config.columns import AnswerDates, Column, Dates, Exclusion
from pipelines.config.contacts import Asked, Outcome
from pipelines.config.kinds import with_presets
from pipelines.config.layouts import Canonical, Layout, MemberColumn
from pipelines.config.settings import Strict
from pipelines.config.values import NAME_RULE, Share, Text, is_name, is_period
from transforms.dimensions import CANONICAL, GENERAL, KEYS


class Answer(Strict):
    """One of several answers that a row holds: what differs from the source's own columns and defaults."""

    columns: dict[Canonical, Column] = Field(default_factory=dict, description="At least the score of this answer.")
    defaults: dict[Canonical, Text] = Field(
        default_factory=dict, description="Values of this answer for what no column says, such as its survey."
    )


class Source(Layout):
    """One place that answers come from."""

    metric: Literal["nps", "enps"] = Field(description="nps: clients were asked; enps: employees were.")
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
    defaults: dict[Canonical, Text] = Field(
        default_factory=dict, description="Canonical name: its value in every row, where no column says it."
    )
    dates: AnswerDates = Field(default_factory=lambda: AnswerDates(formats=[], timezone=None))
    unanswered: list[str] = Field(default_factory=list, description="Texts that mean 'not answered', beside the usual.")
    where: Exclusion | None = Field(None, description="Only rows that say this are answers to the question.")
    unanswered_where: Exclusion | None = Field(None, description="Rows that are no answers, whatever their score says.")
    exclude: dict[Literal["preview", "test", "flagged", "incomplete", "bot", "duplicate"], Exclusion] = Field(
        default_factory=dict, description="Rows that are no answers of clients or employees, by why they are none."
    )
    contacts: bool = Field(
        False, description="Whether each row is an attempt to ask somebody, of which those with a score were answered."
    )
    outcome: Outcome | None = Field(None, description="Of contacts: what became of each.")
    asked: Asked = Field(
        default_factory=lambda: Asked(at=None, wave=None, reminder=None, answered_in=None),
        description="Of contacts: when and how they were asked.",
    )
    tariff: str | None = Field(None, description="Of contacts: what they cost, as one of `tariffs`.")
    extras: list[str] = Field(
        default_factory=list, description="Further columns to keep, by header text; persons are left out."
    )
    max_reject_share: Share | None = Field(None, description="Above this share of rejected rows a file is held.")
    every: str | None = Field(
        None,
        pattern=r"^[1-9][0-9]* (hour|day|week)s?$",
        description="How often a new file comes: 1 day, 12 hours, 2 weeks. It is told when none came for that and a quarter "
        "more.",
    )
    owner: str | None = Field(None, description="Who to ask: an e-mail address or team:name, shown in Dagster.")

    @model_validator(mode="before")
    @classmethod
    def _with_presets(cls, given: object) -> object:
        return with_presets(given, "source")

    @field_validator("answers")
    @classmethod
    def _named(cls, value: dict[str, Answer]) -> dict[str, Answer]:
        for name, answer in value.items():
            if not is_name(name):
                raise ValueError(f"{name!r} cannot be an answer's name: {NAME_RULE}")
            if "score" not in answer.columns:
                raise ValueError(f"{name}.columns must name the score of this answer")
        scores = [answer.columns["score"] for answer in value.values()]
        for name, score in zip(value, scores, strict=True):
            if (first := [*value][scores.index(score)]) != name:
                raise ValueError(f"{first} and {name} read the same score: each answer would count twice")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.answers and "score" in self.columns:
            raise ValueError("answers name a score each: columns must not name another")
        if not self.answers and self.has_scores and "score" not in self.columns:
            raise ValueError("columns must name the score: score: <header text, position, or {matches: pattern}>")
        unknown = {name for name in self.file_name_groups if not is_name(name)}
        if unknown:
            raise ValueError(f"file_name has groups {sorted(unknown)}; allowed: {', '.join(CANONICAL)}")
        if self.contacts:
            self._check_contacts()
        for one in map(self.only, self.answers or [""]):
            if self.asked.at is None or self.has_scores:
                one.check_dates()
            of_clients = {"brand", "programme", *KEYS}
            if self.metric == "enps" and (told := of_clients & {*one.columns, *one.defaults, *one.file_name_groups}):
                raise ValueError(f"{min(told)} is of clients' answers; employees are asked about their own workplace")
        return self

    def _check_contacts(self) -> None:
        if self.answers:
            raise ValueError("contacts: rows that hold several answers are no attempts to ask somebody")
        if self.tariff and self.metric == "enps":
            raise ValueError("tariff: costs are told of surveys of clients alone")
        if self.asked.answered_in and self.has_scores:
            raise ValueError("asked.answered_in is of contacts in files of their own; these hold scores themselves")
        if self.asked.answered_in and self.metric == "enps":
            raise ValueError("asked.answered_in: nothing is kept of which employee was asked")

    def check_dates(self) -> None:
        """Raise `ValueError` where nothing says when the answers were given."""
        if "responded_at" not in {*self.columns, *self.defaults, *self.file_name_groups}:
            raise ValueError(
                "nothing says when the answers were given: name the column (columns: responded_at), a period "
                "(defaults: {responded_at: 2018} or 2018-06), or a group of file_name"
            )
        if self.dates.clock is not None and "responded_at" not in self.columns:
            raise ValueError(
                "dates.clock is the time of day beside the day in columns.responded_at, which is not named"
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
    def has_scores(self) -> bool:
        """Whether its files hold answers; those of contacts may stand apart from these."""
        return not self.contacts or "score" in {*self.columns, *self.defaults, *self.file_name_groups}

    @property
    def has_ids(self) -> bool:
        """Whether it gives each answer and attempt an id."""
        return "response_id" in {*self.columns, *self.defaults, *self.file_name_groups}

    @property
    def says(self) -> frozenset[str]:
        """All that its columns, its defaults and the names of its files give, of any of its answers."""
        parts: tuple[Source | Answer, ...] = (self, *self.answers.values())
        named = (name for part in parts for name in (*part.columns, *part.defaults))
        return frozenset({*self.file_name_groups, *named})

    @property
    def further(self) -> frozenset[str]:
        """What of it is no canonical name: dimensions that nps.yaml declares by name."""
        return self.says - {*CANONICAL}

    @property
    def programmes(self) -> list[str]:
        """The programmes that its answers are of, as far as no column and no file's name says them."""
        return [self.only(answer).defaults.get("programme", GENERAL) for answer in self.answers or [""]]

    @property
    def programme_varies(self) -> bool:
        """Whether a column or a file's name says the programme."""
        return "programme" in {*self.columns, *self.file_name_groups} or any(
            "programme" in each.columns for each in self.answers.values()
        )

    @property
    def dates_are_periods(self) -> bool:
        """Whether the date is declared for whole files, so that a year or month alone is a date."""
        return "responded_at" not in self.columns

    @property
    def days_are_numbered(self) -> bool:
        """Whether dates are read with day and month as numbers, which may have changed places, as where none is declared."""
        return not self.dates.formats or any("%d" in each and "%m" in each for each in self.dates.formats)


class Dimension(Layout):
    """What is known of branches, accounts, employees or agents, from the same kinds of files."""

    columns: dict[MemberColumn, Column] = Field(
        default_factory=dict, description="What is known of each: where it stands."
    )
    dates: Dates = Field(default_factory=lambda: Dates(formats=[], timezone=None))
