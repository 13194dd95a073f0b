"""Calling unhappy clients back: how soon it is due, of whom nobody is called, and the tickets that say what was done.

Here: settings only. Not here: when a case is due (`transforms.follow_up.due`), what a ticket says
(`transforms.rows.tickets`).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.config.columns import Column, Dates
from pipelines.config.kinds import with_presets
from pipelines.config.layouts import Layout
from pipelines.config.settings import Strict

TicketColumn = Literal[
    "response_id", "respondent", "account", "source", "opened_at", "owner", "first_contact_at", "closed_at", "status",
    "outcome", "root_cause",
]  # fmt: skip
#: What says which case a ticket is of, the surest first.
_KNOWN_BY: Final[tuple[TicketColumn, ...]] = ("response_id", "respondent", "account")
Ended = Literal["recovered", "kept", "lost", "unreachable"]


def _calendar(name: str) -> str:
    from holidays import list_supported_countries  # noqa: PLC0415 - nobody needs it who calls nobody back

    country, _, part = name.partition("-")
    known = list_supported_countries()
    if country not in known:
        raise ValueError(f"{name!r} is no country whose holidays are known; one is HR, or DE-BY with its part")
    if part and part not in known[country]:
        parts = ", ".join(known[country]) or "none"
        raise ValueError(f"{name!r}: the parts of {country} whose holidays are known are {parts}")
    return name


class Due(Strict):
    """How soon somebody must have been called."""

    business_days: int | None = Field(
        None, ge=1, le=366, description="By the same time of so many business days after the day of the answer."
    )
    hours: float | None = Field(None, gt=0, le=8_784, description="Instead, so many hours after the answer.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.business_days is None) == (self.hours is None):
            raise ValueError("due is either business_days or hours: {business_days: 2} or {hours: 48}")
        return self


class FollowUp(Strict):
    """Who is called back, and by when."""

    of: list[Literal["detractor"]] = Field(["detractor"], min_length=1, description="Whose answers are cases.")
    due: Due = Field(description="How soon: {business_days: 2} or {hours: 48}.")
    calendar: Annotated[str, AfterValidator(_calendar)] | None = Field(
        None, description="Country whose holidays and weekends are no business days, such as HR, or its part: DE-BY."
    )
    exempt: list[Literal["anonymous", "opted_out"]] = Field(
        default_factory=list,
        description="Of whom nobody is called: anonymous (the answer names neither person nor account), opted_out (a "
        "ticket says so).",
    )

    @model_validator(mode="after")
    def _known_days(self) -> Self:
        if self.due.business_days is not None and self.calendar is None:
            raise ValueError("calendar is missing: business days need a country, such as calendar: HR")
        return self


class Tickets(Layout):
    """What a CRM says was done about unhappy clients: each dump holds its tickets as they are."""

    columns: dict[TicketColumn, Column] = Field(
        default_factory=dict,
        description="At least response_id, the answer's id in its source: where it stands. Where the dump has none, "
        "respondent or account, as answers name them, and opened_at: the ticket is of the one case of this client that was "
        "answered in within_days before.",
    )
    within_days: int = Field(
        30,
        ge=0,
        le=366,
        description="So many days after an answer a ticket that names the client alone may have been opened.",
    )
    dates: Dates = Field(default_factory=lambda: Dates(formats=[], timezone=None))
    outcomes: dict[Ended, list[str]] = Field(
        default_factory=dict, description="Outcome: the texts that mean it, beside its own name."
    )
    opted_out: list[str] = Field(
        default_factory=lambda: ["opted out", "do not call"],
        description="Texts of status or outcome that say that the client is not to be called.",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_presets(cls, given: object) -> object:
        return with_presets(given, "tickets")

    @property
    def known_by(self) -> TicketColumn:
        """The first column that says what a ticket is about."""
        return next(name for name in _KNOWN_BY if name in self._given)

    @property
    def clients(self) -> tuple[TicketColumn, ...]:
        """The columns that say which client a ticket is about."""
        return tuple(name for name in _KNOWN_BY[1:] if name in self._given)

    @property
    def _given(self) -> set[str]:
        return {*self.columns, *self.file_name_groups}

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if not self._given & {*_KNOWN_BY}:
            raise ValueError(
                "cases.columns must name response_id, which says which answer a ticket is about; where the dump has none, "
                "respondent or account, as answers name them, and opened_at"
            )
        if self.clients and "opened_at" not in self.columns:
            raise ValueError(
                f"opened_at is missing in cases.columns: a client may have several answers, so a ticket that names the "
                f"{' and the '.join(self.clients)} is of the one in the {self.within_days} days before it was opened"
            )
        if not self.clients and "within_days" in self.model_fields_set:
            raise ValueError(
                "within_days is of tickets that name the client alone: name respondent or account in cases.columns, or "
                "take the line out"
            )
        return self
