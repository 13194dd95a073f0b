"""nps.yaml as a whole: what may stand in it.

Here: the top level. Not here: its parts (`sources`, `settings`, `scales`), whether these fit together (`fitting`), reading
the file (`load`), folders (`workspace`). The docstrings and descriptions are shown by editors through the JSON Schema that
is made from these models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final, Literal, Self, TypeVar

from pydantic import Field, field_validator, model_validator

from pipelines.config.contacts import Fatigue, Tariff
from pipelines.config.dimensions import Dimensions
from pipelines.config.fitting import refuse_unfit
from pipelines.config.follow_up import FollowUp, Tickets
from pipelines.config.layouts import MEMBER_KEYS
from pipelines.config.notify import Receiver
from pipelines.config.outcomes import Activity, ClientList, Referral
from pipelines.config.reports import Report
from pipelines.config.scales import DeclaredScale
from pipelines.config.settings import (
    Agents,
    Clients,
    Employees,
    Gates,
    Industries,
    Limits,
    Nightly,
    Publish,
    Strict,
)
from pipelines.config.sources import Source
from pipelines.config.standards import BANDS, Benchmark, Points, Target
from pipelines.config.values import NAME_RULE, Month, Text, Timezone, is_name
from pipelines.config.why import Language, NewWords, Term, ThemeName
from transforms.scores.scales import SCALES, Scale
from transforms.texts.spelling import key

#: What no source may be called: assets of Dagster are.
RESERVED: Final = frozenset({"responses", "superseded", "facts", "published", "taking_in", "tickets", *MEMBER_KEYS})


T = TypeVar("T")
K = TypeVar("K")


class Config(Strict):
    """nps.yaml."""

    timezone: Timezone = Field(description="Business time: decides which month an answer belongs to.")
    language: Literal["en", "hr", "pl", "ru", "uk", "de", "es", "fr"] | None = Field(
        None,
        description="In which periods are named in dim_period and the views of bi: ožujak 2025. with hr. If not given they "
        "are named as they sort: 2025-03, 2025-Q1.",
    )
    history_from: Month = Field(
        "2000-01", description="Earlier answers are rejected; those of before 2000 count for max_reject_share."
    )
    one_answer: Literal["latest", "first", "all"] = Field(
        "latest", description="Which answer of a respondent counts in one month of one survey."
    )
    own_brands: list[Text] = Field(
        default_factory=list, description="What surveys that ask about rivals too call your own brand, beside own."
    )
    headline: Text | list[Text] | None = Field(
        None,
        description="The programme of the company's score, or those that make it up; needed where there are several.",
    )
    minimum_group: int = Field(5, ge=3, description="Employee groups with fewer answers are not published.")
    enps: Employees = Field(default_factory=Employees)
    nps: Clients = Field(default_factory=Clients)
    agents: Agents = Field(default_factory=Agents)
    low_sample: int = Field(
        30,
        ge=2,
        description="Scores of fewer answers are marked as of low sample: not ranked, and their changes not tested.",
    )
    targets: list[Target] = Field(default_factory=list, description="What scores should be, from a day on.")
    benchmarks: list[Benchmark] = Field(default_factory=list, description="Scores of others to hold one's own against.")
    bands: dict[str, Points] = Field(
        default_factory=lambda: dict(BANDS),
        min_length=1,
        description="A word for scores: from where on it holds. The bound itself still has the word before it, unless it "
        "is 0 or less.",
    )
    scales: dict[str, DeclaredScale] = Field(
        default_factory=dict,
        description="Scales of your own, by their names; under 0-10 and other usual ones only words.",
    )
    sources: dict[str, Source] = Field(default_factory=dict, description="Where answers come from, by their names.")
    fatigue: Fatigue | None = Field(None, description="How often clients may be asked; told in survey_funnel.")
    tariffs: dict[str, Tariff] = Field(default_factory=dict, description="What asking costs, by the names of tariffs.")
    dimensions: Dimensions = Field(default_factory=Dimensions)
    industries: Industries = Field(default_factory=lambda: Industries(synonyms={}, only_listed=False))
    themes: dict[ThemeName, dict[Language, list[Term]]] = Field(
        default_factory=dict,
        description="What comments are about: theme, language, and the words that say it; wait* is all that begin so.",
    )
    new_words: NewWords = Field(default_factory=NewWords)
    follow_up: FollowUp | None = Field(
        None, description="Whose answers somebody must call about, and by when; nothing is followed up if not given."
    )
    cases: Tickets | None = Field(None, description="Dumps of a CRM that say what was done about them.")
    activity: dict[str, Activity] = Field(
        default_factory=dict, description="What clients bought, renewed and cancelled, by names of one's own: orders."
    )
    clients: ClientList | None = Field(
        None, description="Lists of clients: since when they are, who brought them, what they are worth."
    )
    referral: Referral = Field(
        default_factory=lambda: Referral(per_promoter=1, per_detractor=-4, source="seed assumption")
    )
    gates: Gates = Field(default_factory=Gates)
    publish: Publish = Field(default_factory=Publish)
    nightly: Nightly = Field(default_factory=Nightly)
    limits: Limits = Field(default_factory=Limits)
    notify: list[Receiver] = Field(
        default_factory=list, description="Who is told when something needs a person, once of each event."
    )

    reports: list[Report] = Field(
        default_factory=list, description="Pages of HTML that are written after every publication; none if not given."
    )

    @field_validator("sources")
    @classmethod
    def _names(cls, value: dict[str, Source]) -> dict[str, Source]:
        for name in value:
            if not is_name(name) or name in RESERVED:
                raise ValueError(
                    f"{name!r} cannot be a source's name: {NAME_RULE}, and none of {', '.join(sorted(RESERVED))}"
                )
        return value

    @field_validator("activity")
    @classmethod
    def _names_of_activity(cls, value: dict[str, Activity]) -> dict[str, Activity]:
        for name in value:
            if not is_name(name):
                raise ValueError(f"{name!r} cannot be the name of an activity: {NAME_RULE}")
        return value

    @field_validator("scales")
    @classmethod
    def _own(cls, value: dict[str, DeclaredScale]) -> dict[str, DeclaredScale]:
        for name, scale in value.items():
            scale.check_words(name)
        return value

    @field_validator("targets")
    @classmethod
    def _one_target(cls, value: list[Target]) -> list[Target]:
        for (dimension, name, day), targets in _alike(value, lambda each: (*map(key, each.subject), each.valid_from)):
            of = f"{dimension} {name}" if dimension else "all"
            raise ValueError(f"{len(targets)} targets of {of} begin on {day}: only one can hold")
        return value

    @field_validator("notify")
    @classmethod
    def _one_receiver(cls, value: list[Receiver]) -> list[Receiver]:
        for (name,), receivers in _alike(value, lambda each: (each.name,)):
            raise ValueError(f"{len(receivers)} receivers are called {name}: what they were told is remembered by name")
        return value

    @field_validator("reports")
    @classmethod
    def _one_report(cls, value: list[Report]) -> list[Report]:
        for (name,), reports in _alike(value, lambda each: (each.name.lower(),)):
            raise ValueError(f"{len(reports)} reports are called {name}: their files would take each other's place")
        return value

    @field_validator("benchmarks")
    @classmethod
    def _one_benchmark(cls, value: list[Benchmark]) -> list[Benchmark]:
        for (industry, year), marks in _alike(value, lambda each: (key(each.industry or ""), each.year)):
            of = industry or "all"
            raise ValueError(f"{len(marks)} benchmarks of {of} are of {year}: they are never blended, so name one")
        return value

    @field_validator("tariffs")
    @classmethod
    def _one_price(cls, value: dict[str, Tariff]) -> dict[str, Tariff]:
        for name, tariff in value.items():
            for (day,), prices in _alike(tariff, lambda each: (each.valid_from,)):
                raise ValueError(f"{len(prices)} prices of {name} begin on {day}: only one can hold")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse_unfit(self)
        return self

    @property
    def headline_programmes(self) -> tuple[str, ...]:
        """The programmes of the company's score; none where there is only one anyway."""
        return (self.headline,) if isinstance(self.headline, str) else tuple(self.headline or ())

    def scale_of(self, source: Source) -> Scale:
        """The scale that a source declares."""
        known, own = SCALES.get(source.scale), self.scales.get(source.scale)
        if known is None:
            return self.scales[source.scale].scale(source.scale)
        return known.with_words(own.words) if own else known

    def reject_share_of(self, source: Source) -> float:
        """Above this share of rejected rows a file of a source is held."""
        return self.gates.max_reject_share if source.max_reject_share is None else source.max_reject_share

    @property
    def history_start(self) -> date:
        """First day of the first month that is kept."""
        return date.fromisoformat(f"{self.history_from}-01")


def _alike(items: Iterable[T], key: Callable[[T], K]) -> Iterator[tuple[K, list[T]]]:
    """What several of the items have as their key, with these."""
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return ((each, alike) for each, alike in found.items() if len(alike) > 1)
