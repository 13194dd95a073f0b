"""How answers that were read become figures: which counts, what is published beside scores, what they are held against.

Here: settings to the rules of `warehouse`. Not here: reading settings (`pipelines.config`), following the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from pipelines.config.contacts import Price as Tariff
from pipelines.config.models import Config
from pipelines.config.sources import Source
from pipelines.context import Context
from transforms.answers.themes import Theme
from transforms.asking.answered import Elsewhere
from transforms.asking.contacts import Fatigue, Pricing
from transforms.dimensions import APART
from transforms.follow_up.due import DueRule
from transforms.follow_up.ticket_cases import Matching
from warehouse.months.contacts import Contacts
from warehouse.months.plan import Plan, make_plan
from warehouse.months.rules import ResponseRules
from warehouse.months.why import Why
from warehouse.published.asked import Asked, Price
from warehouse.published.cases import FollowUp
from warehouse.published.outcomes import Outcomes, Referral
from warehouse.published.standards import Standards


def response_rules(config: Config) -> ResponseRules:
    """Which answer counts and how it is matched."""
    return ResponseRules(
        timezone=config.timezone,
        sources=tuple(sorted(config.sources)),
        one_answer=config.one_answer,
        dimensions=tuple(sorted(config.dimensions.lists)),
        synonyms={industry: tuple(others) for industry, others in config.industries.synonyms.items()},
        only_listed_industries=config.industries.only_listed,
        min_match_rate=config.gates.min_match_rate,
        own_brands=tuple(sorted(config.own_brands)),
        headline=config.headline_programmes,
        apart=apart(config),
        staff=tuple(config.enps.groups),
        history_start=config.history_start,
        has_tickets=config.cases is not None,
        activity=tuple(sorted(config.activity)),
        has_clients=config.clients is not None,
    )


def branchless(config: Config) -> list[str]:
    """The sources of employees of which neither answers nor a list can tell a branch: many are asked by department alone."""
    if "employees" in config.dimensions.lists:
        return []
    return [name for name, each in config.sources.items() if each.metric == "enps" and "branch" not in each.says]


def plan_now(context: Context) -> Plan:
    """What months are to be made of, as nps.yaml and the ledgers say now."""
    return make_plan(context.lake, response_rules(context.workspace.config))


def apart(config: Config) -> tuple[str, ...]:
    """The dimensions that facts leave out: those that any source says, and those that nps.yaml declares by name."""
    said = {name for source in config.sources.values() for name in source.says}
    return (*(name for name in APART if name in said), *config.dimensions.extra)


def follow_up(config: Config, key: str, months: Iterable[date]) -> FollowUp | None:
    """Whose answers somebody must call about, and by when, of answers of some months; None where nobody does."""
    said = config.follow_up
    if said is None:
        return None
    due = DueRule(config.timezone, said.due.hours, said.due.business_days or 0)
    if said.due.hours is None and said.calendar is not None:
        due = _by_calendar(due, said.calendar, {month.year for month in months})
    matching = Matching(config.timezone, key, *([config.cases.within_days] if config.cases else []))
    return FollowUp(due, matching, tuple(said.exempt), tuple(said.of), tuple(config.own_brands))


def _by_calendar(due: DueRule, calendar: str, years: Collection[int]) -> DueRule:
    from holidays import country_holidays  # noqa: PLC0415 - nobody needs it who calls nobody back

    country, _, part = calendar.partition("-")
    # From a holiday on which a year begins, days are counted from a business day of the year before.
    spanned = range(min(years, default=0) - 1, max(years, default=0) + 2)
    known = country_holidays(country, subdiv=part or None, years=spanned if years else None)
    return replace(due, weekend=tuple(sorted(known.weekend)), holidays=tuple(sorted(known)))


def has_rivals(config: Config) -> bool:
    """Whether any source says which brand its answers are about."""
    return any("brand" in source.says for source in config.sources.values())


def why(config: Config) -> Why:
    """What is said of reasons and themes."""
    clients = [source for source in config.sources.values() if source.metric == "nps"]
    return Why(
        themes=tuple(Theme(name, terms) for name, terms in config.themes.items()),
        has_reasons=any(names_reason(source) for source in clients),
        said_by=config.new_words.said_by,
    )


def names_reason(source: Source) -> bool:
    """Whether answers of a source have a column of reasons."""
    several = [source.columns, *(answer.columns for answer in source.answers.values())]
    return any("reason" in columns for columns in several)


def standards(config: Config) -> Standards:
    """What scores are held against."""
    return Standards(
        targets=tuple((*target.subject, target.valid_from, target.nps) for target in config.targets),
        benchmarks=tuple((each.industry, each.year, each.nps, each.source, each.method) for each in config.benchmarks),
        bands=config.bands,
    )


def asked(config: Config) -> Asked | None:
    """What is said of who was asked; None where no source has contacts."""
    sources = {name: source for name, source in config.sources.items() if source.contacts}
    if not sources:
        return None
    tariffs = {
        name: (source.tariff, tuple(price.valid_from for price in config.tariffs[source.tariff]))
        for name, source in sources.items()
        if source.tariff is not None
    }
    contacts = Contacts(
        tuple(sources),
        response_rules(config),
        Pricing(tariffs, config.timezone),
        _fatigue(config),
        _answered_in(config, sources),
        _with_ids(sources),
    )
    named = {tariff: config.tariffs[tariff] for tariff, _ in tariffs.values()}
    prices = [_price(name, price) for name, tariff in named.items() for price in tariff]
    return Asked(contacts, [source.has_scores for source in sources.values()], prices)


def outcomes(config: Config) -> Outcomes | None:
    """What is said of what clients do; None where nps.yaml declares no activity."""
    if not config.activity:
        return None
    given = config.clients.given if config.clients else set()
    asking = {name: source for name, source in config.sources.items() if source.contacts and source.metric == "nps"}
    said = config.referral
    return Outcomes(
        by=next(iter(config.activity.values())).by,
        activity=tuple(sorted(config.activity)),
        timezone=config.timezone,
        has_values="value" in given,
        has_referrers="referred_by" in given,
        has_growth=_has_growth(config),
        referral=Referral(said.per_promoter, said.per_detractor, said.source),
        contacts=tuple(asking),
        answered_in=_answered_in(config, asking),
        named=_with_ids(asking),
    )


def _answered_in(config: Config, sources: Mapping[str, Source]) -> dict[str, Elsewhere]:
    """Of those of the sources whose files hold no answers, where these stand, and when days begin there."""
    found = {}
    for name, source in sources.items():
        of = source.asked.answered_in
        if of is not None:
            zones = {"UTC", config.timezone, config.sources[of].dates.timezone or config.timezone}
            found[name] = Elsewhere(of, tuple(sorted(zones)))
    return found


def _with_ids(sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Those of the sources that say an id of each answer and attempt."""
    return tuple(name for name, source in sources.items() if source.has_ids)


def _has_growth(config: Config) -> bool:
    """Whether revenue of accounts is known, and in which branches they are."""
    accounts = config.dimensions.lists.get("accounts")
    is_placed = accounts is not None and "branch" in {*accounts.columns, *accounts.file_name_groups}
    return is_placed and any(each.by == "account" and "amount" in each.given for each in config.activity.values())


def _fatigue(config: Config) -> Fatigue | None:
    said = config.fatigue
    return None if said is None else Fatigue(said.rest_days, said.most_in_year, config.timezone)


def _price(tariff: str, price: Tariff) -> Price:
    calls = price.prices
    return Price(
        tariff=tariff,
        price_from=price.valid_from,
        currency=price.currency,
        vat=price.vat,
        charge=price.charge,
        promoter=str(calls.promoter),
        passive=str(calls.passive),
        detractor=str(calls.detractor),
        unanswered=None if calls.unanswered is None else str(calls.unanswered),
        setup_fee=str(price.setup_fee),
    )
