"""Who was asked: what a source says of each attempt to ask somebody, and what these cost.

Here: settings only. Not here: what an attempt is counted as (`transforms.asking.contacts`), what it costs
(`warehouse.published.asked`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pipelines.config.columns import Column
from pipelines.config.settings import Strict
from transforms.contact_status import STATUSES, Status


class Outcome(Strict):
    """What became of an attempt to ask somebody, told by a column. Of several that hold of a text the furthest does."""

    column: Column = Field(description="Where it stands: heading, position from 1, or a pattern.")
    undeliverable: list[str] = Field(default_factory=list, description="Could not be asked: no such number, bounced.")
    delivered: list[str] = Field(
        default_factory=list,
        description="Was asked, as far as anybody knows: sent, rang. So is what is listed nowhere.",
    )
    opened: list[str] = Field(default_factory=list, description="Opened the invitation.")
    reached: list[str] = Field(default_factory=list, description="Picked up, or began.")
    refused: list[str] = Field(default_factory=list, description="Was reached and said no.")
    partial: list[str] = Field(default_factory=list, description="Began and did not end.")
    answered: list[str] = Field(
        default_factory=list, description="Answered. Rows that say so and hold no score are partial."
    )

    @property
    def statuses(self) -> dict[str, Status]:
        """Each text with the furthest status that it stands under."""
        return {value: status for status in STATUSES for value in getattr(self, status)}


class Asked(Strict):
    """When and how somebody was asked, where it is not the date of the answer."""

    at: Column | None = Field(None, description="When they were asked; responded_at if not given.")
    wave: Column | None = Field(None, description="In which wave or campaign of the survey.")
    reminder: Column | None = Field(
        None, description="The how manieth reminder it was; 0 or blank for the first letter."
    )
    answered_in: str | None = Field(
        None, description="The source whose answers were asked for, where contacts stand in files of their own."
    )


class Fatigue(Strict):
    """How often clients may be asked, over all surveys and waves."""

    rest_days: int = Field(
        ge=1, le=365, description="Whoever was invited so many days ago or less is invited too soon."
    )
    most_in_year: int = Field(ge=1, description="Whoever is invited more often than this in 365 days is so too often.")


#: More is no price, and sums of it are more than a table of amounts holds.
_MOST: Final = 10_000_000


def _as_money(value: object) -> object:
    """YAML reads 0.42 as a binary number; it is meant as it is written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is no price; one looks like 0.42, without a currency") from error
    if not amount.is_finite() or not 0 <= amount <= _MOST:
        raise ValueError(f"{amount} is no price; one looks like 0.42")
    if amount != round(amount, 6):
        raise ValueError(f"{amount} has more than six decimals")
    return amount


#: An amount of money, to six decimals.
Money = Annotated[Decimal, BeforeValidator(_as_money, json_schema_input_type=float | str)]


class Prices(Strict):
    """What a call costs, by what came of it."""

    promoter: Money = Field(description="Of a call that a promoter answered.")
    passive: Money = Field(description="Of one that a passive answered, or somebody whose score does not count.")
    detractor: Money = Field(description="Of one that a detractor answered.")
    unanswered: Money | None = Field(None, description="Of any other call; needed where each call is charged.")


class Price(Strict):
    """A tariff as it is from a day on."""

    currency: str = Field(pattern=r"^[A-Z]{3}$", description="Three letters: UAH, EUR.")
    vat: Literal["included", "excluded"] = Field(description="Whether prices hold VAT; both are never added up.")
    valid_from: date = Field(description="The first day on which it holds, in business time.")
    charge: Literal["called", "answered"] = Field(
        description="What is paid for: called, each attempt; answered, those that were answered. Ask the contractor."
    )
    per_call: Annotated[Money | Prices, BeforeValidator(_as_money, json_schema_input_type=Money | Prices)] = Field(
        description="The price of a call: one for all, or by what came of it."
    )
    setup_fee: Money = Field(Decimal(0), description="Paid once for each campaign: a wave of a survey.")
    setup_per: Literal["campaign"] = Field("campaign", description="What the fee is paid for.")

    @model_validator(mode="before")
    @classmethod
    def _asked(cls, given: object) -> object:
        if isinstance(given, dict) and "charge" not in given:
            raise ValueError(
                "charge is missing: is each call paid for, or each that was answered? Ask the contractor, and write "
                "charge: called or charge: answered"
            )
        return given

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.charge == "called" and isinstance(self.per_call, Prices) and self.per_call.unanswered is None:
            raise ValueError(
                "per_call lacks the price of unanswered calls, which charge: called makes cost something too"
            )
        return self

    @property
    def prices(self) -> Prices:
        """The price of each call."""
        if isinstance(self.per_call, Prices):
            return self.per_call
        one = self.per_call
        return Prices(promoter=one, passive=one, detractor=one, unanswered=one)


#: A tariff: one price, or several, each from its day on.
Tariff = Annotated[
    list[Price],
    Field(min_length=1),
    BeforeValidator(
        lambda value: [value] if isinstance(value, dict) else value, json_schema_input_type=Price | list[Price]
    ),
]
