"""nps.yaml as a whole: what may stand in it, and whether its parts fit together.

Here: the top level. Not here: its parts (`sources`, `settings`, `scales`), reading the file (`load`), folders
(`workspace`). The docstrings and descriptions are shown by editors through the JSON Schema that is made from these
models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final, Literal, Self, TypeVar

from pydantic import Field, field_validator, model_validator

from pipelines.config.contacts import Fatigue, Tariff
from pipelines.config.dimensions import Dimensions
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
    misplaced,
)
from pipelines.config.sources import Source
from pipelines.config.standards import BANDS, Benchmark, Points, Target
from pipelines.config.values import NAME_RULE, Month, Text, Timezone, did_you_mean, is_name
from pipelines.config.why import Language, NewWords, Term, ThemeName
from transforms.dimensions import CANONICAL
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
    history_from: Month = Field("2000-01", description="Earlier answers are rejected, and count for max_reject_share.")
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

    @model_validator(mode="after")
    def _scales_declared(self) -> Self:
        for name, source in self.sources.items():
            if source.scale not in {*SCALES, *self.scales}:
                raise misplaced(
                    f"{source.scale!r} is no scale; allowed: {', '.join((*SCALES, *self.scales))}, "
                    "or one of your own under scales",
                    "sources", name, "scale",
                )  # fmt: skip
        return self

    @field_validator("tariffs")
    @classmethod
    def _one_price(cls, value: dict[str, Tariff]) -> dict[str, Tariff]:
        for name, tariff in value.items():
            for (day,), prices in _alike(tariff, lambda each: (each.valid_from,)):
                raise ValueError(f"{len(prices)} prices of {name} begin on {day}: only one can hold")
        return value

    @model_validator(mode="after")
    def _contacts_named(self) -> Self:
        for name, source in self.sources.items():
            if source.tariff is not None and source.tariff not in self.tariffs:
                known = ", ".join(self.tariffs) or "none"
                raise misplaced(f"{source.tariff!r} is no tariff; there are: {known}", "sources", name, "tariff")
            if source.asked.answered_in is not None and source.asked.answered_in not in self.sources:
                known = ", ".join(each for each in self.sources if each != name) or "none"
                raise misplaced(
                    f"{source.asked.answered_in!r} is no source; there are: {known}",
                    "sources", name, "asked", "answered_in",
                )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _mailed(self) -> Self:
        mailboxes = {receiver.name for receiver in self.notify if receiver.mail is not None}
        for number, report in enumerate(self.reports):
            for name in report.mail_to:
                if name not in mailboxes:
                    known = ", ".join(sorted(mailboxes)) or "none"
                    raise misplaced(
                        f"{name!r} is no receiver of `notify` with a mail; there are: {known}",
                        "reports", str(number), "mail_to",
                    )  # fmt: skip
        named = {name for report in self.reports for name in report.mail_to}
        for number, receiver in enumerate(self.notify):
            if not receiver.about and receiver.name not in named:
                raise misplaced(
                    f"{receiver.name} is told of nothing: name kinds of events, or let mail_to of a report name them",
                    "notify", str(number), "about",
                )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _further_declared(self) -> Self:
        for name, source in self.sources.items():
            declared = self.dimensions.extra if source.metric == "nps" else self.enps.groups
            unknown = source.further - {*declared}
            if of_names := sorted(unknown & source.file_name_groups):
                raise misplaced(
                    f"file_name has groups {of_names}; allowed: {', '.join((*CANONICAL, *declared))}",
                    "sources", name, "file_name",
                )  # fmt: skip
            for further in sorted(unknown):
                says = "dimensions.extra" if source.metric == "nps" else "enps.groups"
                where = [part for part in ("columns", "defaults") if further in getattr(source, part)]
                raise misplaced(
                    f"{further!r} is not allowed: {says} declares no such dimension, and canonical names are "
                    f"{', '.join(CANONICAL)}{did_you_mean(further, (*CANONICAL, *declared))}",
                    "sources", name, *where[:1], further,
                )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _followed_up(self) -> Self:
        if self.cases is not None and self.follow_up is None:
            raise misplaced(
                "follow_up is missing: without it nobody knows by when a case of `cases` is due", "follow_up"
            )
        if self.follow_up is not None and "opted_out" in self.follow_up.exempt and self.cases is None:
            raise misplaced("who opted out is known from tickets alone: declare cases, too", "follow_up", "exempt")
        said = {name for source in self.sources.values() if source.metric == "nps" for name in source.says}
        for name in self.cases.clients if self.cases is not None and self.sources else ():
            if name not in said:
                raise misplaced(
                    f"no source of clients says the {name} of an answer, so no ticket can be known by it: name it in the "
                    "columns of a source, or take the line out",
                    "cases", "columns", name,
                )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _outcomes_named(self) -> Self:
        taken = {f"activity_{name}" for name in self.activity} | ({"clients"} if self.clients else set())
        for name in sorted(taken & {*self.sources}):
            raise misplaced(
                f"{name!r} is what files of activity or clients are told under: call the source otherwise",
                "sources", name,
            )  # fmt: skip
        if self.clients and not self.activity:
            raise misplaced(
                "activity is missing, and clients alone say nothing of what came of it: name there what they bought or "
                "cancelled, or take clients out",
                "activity",
            )
        lists = {**{f"activity {name}": each.by for name, each in self.activity.items()}}
        lists |= {"clients": self.clients.by} if self.clients else {}
        if len({*lists.values()}) > 1:
            told = ", ".join(f"{name} by {by}" for name, by in lists.items())
            raise misplaced(f"clients must be known in one way everywhere, not {told}", "activity")
        return self

    @model_validator(mode="after")
    def _headline_named(self) -> Self:
        sources = [source for source in self.sources.values() if source.metric == "nps"]
        known = {key(name): name for source in sources for name in source.programmes}
        varies = any(source.programme_varies for source in sources)
        if (varies or len(known) > 1) and not self.headline:
            told = f": {', '.join(sorted(known.values()))}" if len(known) > 1 else ""
            raise misplaced(
                f"headline is missing: sources name several programmes{told}; say of which one the company's score is",
                "headline",
            )
        other = [name for name in self.headline_programmes if key(name) not in known]
        if other and known and not varies:
            raise misplaced(
                f"{other[0]!r} is the programme of no source; there are: {', '.join(sorted(known.values()))}",
                "headline",
            )
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
