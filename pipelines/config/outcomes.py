"""What came of it: files that say what clients bought and cancelled, and lists of clients with what they are worth.

Here: settings only. Not here: what a row means (`transforms.rows.activity`, `transforms.rows.clients`), what is made of it
(`warehouse.published.outcomes`).
"""

from __future__ import annotations

from typing import Literal, Self, get_args

from pydantic import Field, field_validator, model_validator

from pipelines.config.columns import Column, Dates
from pipelines.config.kinds import with_presets
from pipelines.config.layouts import Layout
from pipelines.config.settings import Strict
from pipelines.config.values import Text

ActivityColumn = Literal[
    "activity_id", "account", "respondent", "occurred_at", "kind", "amount", "currency", "known_until"
]
ClientColumn = Literal["account", "respondent", "first_seen", "acquisition", "referred_by", "value"]
#: What clients do, and what is none of it.
Deed = Literal["purchase", "renewal", "refund", "cancel", "excluded"]
By = Literal["account", "respondent"]
_BY = get_args(By)


class _OfClients(Layout):
    """Files whose rows are of clients, each known by account or by respondent."""

    decimal: Literal[",", "."] | None = Field(
        None, description="What stands before the decimals of amounts. If not given, 1.234 is read as neither."
    )
    dates: Dates = Field(default_factory=lambda: Dates(formats=[], timezone=None))

    @property
    def given(self) -> set[str]:
        """The columns that anything gives."""
        return {*getattr(self, "columns", {}), *self.file_name_groups}

    @property
    def by(self) -> By:
        """How clients are known in it."""
        return "account" if "account" in self.given else "respondent"

    def _refuse_nobody(self, what: str) -> None:
        named = [name for name in _BY if name in self.given]
        if len(named) != 1:
            raise ValueError(
                f"{what} must name either account or respondent in columns: the one that answers name, too"
            )


class Activity(_OfClients):
    """What clients did, as a system writes it down: what they bought, renewed, gave back and cancelled."""

    columns: dict[ActivityColumn, Column] = Field(
        default_factory=dict,
        description="At least account or respondent, as answers name them, and occurred_at. activity_id is the number of "
        "an order: a later file that has it takes the place of an older one.",
    )
    defaults: dict[Literal["kind", "currency"], Text] = Field(
        default_factory=dict, description="What every row is where no column says it: kind: purchase, currency: EUR."
    )
    kinds: dict[Deed, list[str]] = Field(
        default_factory=dict,
        description="What the texts of the column kind mean: purchase, renewal, refund, cancel, or excluded, which is none "
        "of these. Beside their own names.",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_presets(cls, given: object) -> object:
        return with_presets(given, "activity")

    @field_validator("defaults")
    @classmethod
    def _known_kind(cls, value: dict[str, str]) -> dict[str, str]:
        if "kind" in value and value["kind"] not in get_args(Deed):
            raise ValueError(f"{value['kind']!r} is no kind of activity; there are {', '.join(get_args(Deed))}")
        return value

    @field_validator("kinds")
    @classmethod
    def _one_meaning(cls, value: dict[Deed, list[str]]) -> dict[Deed, list[str]]:
        meant: dict[str, Deed] = {}
        for deed, texts in value.items():
            for text in texts:
                if meant.setdefault(text.strip().casefold(), deed) != deed:
                    raise ValueError(f"{text!r} means two things: {meant[text.strip().casefold()]} and {deed}")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        self._refuse_nobody("activity")
        if "occurred_at" not in self.given:
            raise ValueError("activity must name occurred_at in columns: when it was")
        if "kind" not in self.given and "kind" not in self.defaults:
            raise ValueError(
                "kind is missing: is each row a purchase? Then write defaults: {kind: purchase}; else name the column that "
                "says what it is, columns: {kind: ...}, and what its texts mean, kinds: {cancel: [...]}"
            )
        return self


class ClientList(_OfClients):
    """What is known of clients: since when, who brought them, what they are worth. The last list that has one counts."""

    columns: dict[ClientColumn, Column] = Field(
        default_factory=dict, description="At least account or respondent, as answers name them."
    )

    @model_validator(mode="before")
    @classmethod
    def _with_presets(cls, given: object) -> object:
        return with_presets(given, "clients")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        self._refuse_nobody("clients")
        return self


class Referral(Strict):
    """How many clients each promoter is assumed to bring, and each detractor to turn away: nobody has measured it here."""

    per_promoter: float = Field(1, ge=0, description="Clients that a promoter is assumed to bring.")
    per_detractor: float = Field(-4, le=0, description="Clients that a detractor is assumed to turn away, below 0.")
    source: Text = Field("seed assumption", description="Who says so; needed where the factors are others.")

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        usual = Referral.model_fields
        is_usual = all(getattr(self, name) == usual[name].default for name in ("per_promoter", "per_detractor"))
        if not is_usual and self.source == usual["source"].default:
            raise ValueError("source is missing: who found that clients bring and turn away so many?")
        return self
