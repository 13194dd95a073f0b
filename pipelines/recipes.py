"""From nps.yaml to the rules that transforms and the warehouse follow, and to digests that tell when they changed.

Here: settings to plain values. Not here: reading the settings (`pipelines.config`) or following the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from importlib import metadata
from zoneinfo import ZoneInfo

from pipelines.adapters.columns import exclusions
from pipelines.adapters.ids import names_answer
from pipelines.adapters.table import TextTable
from pipelines.config.columns import Dates
from pipelines.config.contacts import Price as Tariff
from pipelines.config.follow_up import Tickets
from pipelines.config.kinds import version_of
from pipelines.config.layouts import MEMBER_KEYS, DimensionName
from pipelines.config.models import Config
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Source
from transforms.answers.themes import Theme
from transforms.asking.answered import Elsewhere
from transforms.asking.contacts import Fatigue, Pricing
from transforms.contact_status import Asking
from transforms.dates.instants import SERIAL, SERIAL_1904, UNDECLARED, DateReading, start_of_day
from transforms.dimensions import APART
from transforms.follow_up.due import DueRule
from transforms.follow_up.ticket_cases import Matching
from transforms.rows import activity, clients, members, staged, tickets
from transforms.rows.activity import ActivityRules
from transforms.rows.clients import ClientRules
from transforms.rows.members import MemberRules
from transforms.rows.staged import CleaningRules
from transforms.rows.tickets import TicketRules
from transforms.texts.spelling import simple
from warehouse.lake.ledgers import digest
from warehouse.months.contacts import Contacts
from warehouse.months.rules import ResponseRules
from warehouse.months.why import Why
from warehouse.published.asked import Asked, Price
from warehouse.published.cases import FollowUp
from warehouse.published.outcomes import Outcomes, Referral
from warehouse.published.standards import Standards

#: Settings that decide nothing about the rows of a file.
_NOT_IN_RECIPE = {"files", "members", "details", "owner", "every", "tariff", "within_days"}
#: The version of how attempts without ids are told apart, in a recipe.
_ATTEMPTS = "attempts 1"
#: Those that decide nothing where rows are no attempts to ask somebody.
_OF_CONTACTS = {"contacts", "outcome", "asked"}


def cleaning_rules(  # noqa: PLR0913 - each of them decides something about a row
    config: Config, name: str, table: TextTable, *, key: str, now: datetime, answer: str = ""
) -> CleaningRules:
    """How the rows of one file of a source are cleaned; where they hold several answers, as far as one of them goes."""
    source = config.sources[name].only(answer)
    return CleaningRules(
        source=name,
        metric=source.metric,
        scale=config.scale_of(source),
        dates=date_reading(source.dates, table, config.timezone),
        business_timezone=config.timezone,
        key=key,
        now=now,
        history_starts=start_of_day(config.history_start, config.timezone),
        ids_are_keyed=not names_answer(source),
        survey=source.defaults.get("survey", f"{name}_{answer}" if answer else name),
        dates_are_periods=source.dates_are_periods,
        unanswered=tuple(source.unanswered),
        excluded=exclusions(source),
        where=tuple(source.where.values) if source.where else (),
        unanswered_outcomes=tuple(source.unanswered_where.values) if source.unanswered_where else (),
        asking=asking_of(source),
    )


def asking_of(source: Source) -> Asking | None:
    """What is said of whom was asked, where its rows are attempts to ask somebody."""
    if not source.contacts:
        return None
    statuses = source.outcome.statuses if source.outcome else {}
    return Asking(tuple((simple(text), status) for text, status in statuses.items()), source.has_scores)


def member_rules(config: Config, name: DimensionName, table: TextTable, *, key: str, modified_on: date) -> MemberRules:
    """How the rows of a dimension file are read; without a date of its own a file holds from the day of its making."""
    return MemberRules(
        dimension=name,
        key_column=MEMBER_KEYS[name],
        dates=date_reading(config.dimensions.lists[name].dates, table, config.timezone),
        business_timezone=config.timezone,
        key=key,
        default_valid_from=modified_on,
    )


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


def apart(config: Config) -> tuple[str, ...]:
    """The dimensions that facts leave out: those that any source says, and those that nps.yaml declares by name."""
    said = {name for source in config.sources.values() for name in source.says}
    return (*(name for name in APART if name in said), *config.dimensions.extra)


def source_recipe(config: Config, name: str, key: str) -> str:
    """Digest of everything beside the file that decides what its rows become."""
    source = config.sources[name]
    settings = source.model_dump_json(exclude=_left_out(source))
    shared = _shared(config, source)
    reader, scale = (source.reader, version_of(source.reader)), config.scale_of(source)
    asked = (scale.name, sorted(scale.answers.items()), sorted(scale.words.items()))
    attempts = [_ATTEMPTS] if _tells_attempts_apart(source) else []
    return digest("source", name, settings, shared, reader, asked, staged.VERSION, key_id(key), *attempts)


def _left_out(source: Source) -> set[str]:
    return _NOT_IN_RECIPE if source.contacts else _NOT_IN_RECIPE | _OF_CONTACTS


def source_rules(config: Config, name: str) -> str:
    """The versions of this program's own rules for the rows of a source's files: a part of the recipe."""
    source = config.sources[name]
    attempts = f", {_ATTEMPTS}" if _tells_attempts_apart(source) else ""
    return f"rows {staged.VERSION}, {source.reader} {version_of(source.reader)}{attempts}"


def _tells_attempts_apart(source: Source) -> bool:
    """Whether attempts without an id of their own are told apart by whom and when."""
    return source.contacts and not _has_ids(source)


def _has_ids(source: Source) -> bool:
    """Whether the source gives each answer and attempt an id."""
    return "response_id" in {*source.columns, *source.defaults, *source.file_name_groups}


def source_settings(config: Config, name: str, key: str) -> str:
    """Digest of what nps.yaml and the key say of the rows of a source's files: another part of the recipe."""
    source = config.sources[name]
    written, asked = _said_of(config, source)
    return digest("settings", name, written, _shared(config, source), asked, key_id(key))


def dimension_recipe(config: Config, name: DimensionName, key: str) -> str:
    """The same for the files of a dimension."""
    dimension = config.dimensions.lists[name]
    settings = dimension.model_dump_json(exclude=_NOT_IN_RECIPE)
    reader = (dimension.reader, version_of(dimension.reader))
    limits = (config.limits.max_file_mb, config.limits.max_sheet_mb)
    return digest("dimension", name, settings, config.timezone, limits, reader, members.VERSION, key_id(key))


def tickets_recipe(config: Config, layout: Tickets, key: str) -> str:
    """The same for dumps of tickets."""
    settings = layout.model_dump_json(exclude=_NOT_IN_RECIPE)
    reader = (layout.reader, version_of(layout.reader))
    limits = (config.limits.max_file_mb, config.limits.max_sheet_mb)
    return digest("tickets", settings, config.timezone, limits, reader, tickets.VERSION, key_id(key))


def activity_recipe(config: Config, name: str, key: str) -> str:
    """The same for files of an activity."""
    layout = config.activity[name]
    limits = (config.limits.max_file_mb, config.limits.max_sheet_mb, config.gates.max_reject_share)
    return digest("activity", name, *_of_layout(config, layout, key), limits, activity.VERSION)


def clients_recipe(config: Config, layout: ClientList, key: str) -> str:
    """The same for lists of clients."""
    limits = (config.limits.max_file_mb, config.limits.max_sheet_mb, config.gates.max_reject_share)
    return digest("clients", *_of_layout(config, layout, key), limits, clients.VERSION)


def _of_layout(config: Config, layout: Activity | ClientList, key: str) -> tuple[object, ...]:
    settings = layout.model_dump_json(exclude=_NOT_IN_RECIPE)
    return settings, config.timezone, (layout.reader, version_of(layout.reader)), key_id(key)


def activity_rules(config: Config, layout: Activity, table: TextTable, *, key: str, now: datetime) -> ActivityRules:
    """How the rows of a file of an activity are read."""
    return ActivityRules(
        by=layout.by,
        dates=date_reading(layout.dates, table, config.timezone),
        business_timezone=config.timezone,
        key=key,
        now=now,
        kinds={kind: tuple(texts) for kind, texts in layout.kinds.items()},
        default_kind=layout.defaults.get("kind"),
        default_currency=layout.defaults.get("currency"),
        decimal=layout.decimal,
        has_ids="activity_id" in layout.given,
    )


def client_rules(config: Config, layout: ClientList, table: TextTable, *, key: str) -> ClientRules:
    """How the rows of a list of clients are read."""
    reading = date_reading(layout.dates, table, config.timezone)
    return ClientRules(layout.by, reading, config.timezone, key, layout.decimal)


def ticket_rules(config: Config, layout: Tickets, table: TextTable, *, key: str) -> TicketRules:
    """How the rows of a dump of tickets are read."""
    return TicketRules(
        dates=date_reading(layout.dates, table, config.timezone),
        key=key,
        outcomes={outcome: tuple(texts) for outcome, texts in layout.outcomes.items()},
        opted_out=tuple(layout.opted_out),
        known_by=layout.known_by,
    )


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


def _shared(config: Config, source: Source) -> tuple[object, ...]:
    """What nps.yaml says of all sources, as far as it decides something about the files of this one."""
    limits = (config.limits.max_file_mb, config.limits.max_sheet_mb)
    shrink = config.gates.max_snapshot_shrink if source.delivery == "snapshot" else None
    return (config.timezone, config.history_from, reject_share(config, source), shrink, limits)


def publish_settings(config: Config) -> str:
    """Digest of the settings that decide about the published file beside its facts."""
    about: tuple[object, ...] = (config.minimum_group, config.low_sample, config.publish.storage_version)
    said = apart(config)
    if said:
        about = (*about, said, config.agents.minimum)
    about = (*about, config.enps.groups) if config.enps.groups else about
    about = (*about, "nps", config.nps.minimum_group) if config.nps.minimum_group > 1 else about
    held_against = [config.model_dump_json(include={"targets", "benchmarks", "bands"})]
    told: list[object] = [why(config)] if why(config) != Why() else []
    told += [config.language] if config.language else []
    told += ["rivals"] if has_rivals(config) else []
    told += [config.follow_up.model_dump_json()] if config.follow_up else []
    told += [config.cases.within_days] if config.cases else []
    asked = sorted(
        (name, source.tariff, source.asked.answered_in) for name, source in config.sources.items() if source.contacts
    )
    told += [outcomes(config)] if config.activity else []
    told += [asked, config.model_dump_json(include={"tariffs", "fatigue"})] if asked else []
    return digest(*about, sorted(config.dimensions.lists), config.headline_programmes, held_against, *told)


def deciding(config: Config) -> dict[str, str]:
    """Digest of each setting that decides what counts and where: for all sources, and of each of those of clients."""
    names = ("timezone", "history_from", "one_answer", "own_brands", "headline", "industries")
    clients = {name: source for name, source in config.sources.items() if source.metric == "nps"}
    return {
        **{name: digest(config.model_dump_json(include={name})) for name in names},
        **{f"sources.{name}": digest(_said_of(config, source)) for name, source in clients.items()},
        **{
            f"dimensions.{name}": digest(dimension.model_dump_json(exclude=_NOT_IN_RECIPE, exclude_defaults=True))
            for name, dimension in config.dimensions.lists.items()
        },
    }


def _said_of(config: Config, source: Source) -> list[str | None]:
    """What nps.yaml says of the rows of a source's files, in the entry of the source and in that of its scale."""
    scale = config.scales.get(source.scale)
    written = source.model_dump_json(exclude=_left_out(source), exclude_defaults=True)
    return [written, scale.model_dump_json(exclude_defaults=True) if scale else None]


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
    return tuple(name for name, source in sources.items() if _has_ids(source))


def _has_growth(config: Config) -> bool:
    """Whether revenue of accounts is known, and in which branches they are."""
    accounts = config.dimensions.lists.get("accounts")
    is_placed = accounts is not None and "branch" in {*accounts.columns, *accounts.file_name_groups}
    return is_placed and any(each.by == "account" and "amount" in each.given for each in config.activity.values())


def _fatigue(config: Config) -> Fatigue | None:
    said = config.fatigue
    return None if said is None else Fatigue(said.rest_days, said.most_in_year)


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


def business_day(config: Config, now: datetime) -> date:
    """The day in business time."""
    return now.astimezone(ZoneInfo(config.timezone)).date()


def key_id(key: str) -> str:
    """A name for the key that tells keys apart and gives nothing away."""
    return digest("key", key)[:12]


def code_version() -> str:
    """The version of this program."""
    return metadata.version("nps-warehouse")


def reject_share(config: Config, source: Source) -> float:
    """Above this share of rejected rows a file of the source is held."""
    return config.gates.max_reject_share if source.max_reject_share is None else source.max_reject_share


def date_reading(dates: Dates, table: TextTable, business_timezone: str) -> DateReading:
    """How the dates of a file are read: what nps.yaml says comes first, then what the file itself says."""
    formats = (*dates.formats, *table.stamps) if dates.formats else UNDECLARED
    if table.days_from_1904:
        formats = tuple(SERIAL_1904 if fmt == SERIAL else fmt for fmt in formats)
    return DateReading(
        formats,
        dates.timezone or table.timezone or business_timezone,
        dates.language,
        is_buddhist=dates.calendar == "buddhist",
        is_swapped=bool(dates.swapped),
    )


def month_key(month: date) -> str:
    """A month as Dagster's partition key and in messages."""
    return f"{month:%Y-%m}"


def month_of(key: str) -> date:
    """The month of a partition key."""
    return date.fromisoformat(f"{key}-01")
