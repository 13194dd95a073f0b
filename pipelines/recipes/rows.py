"""How the rows of one file are read: nps.yaml first, then what the file itself says.

Here: settings to the rules of `transforms.rows`. Not here: reading settings (`pipelines.config`), following the rules.
"""

from __future__ import annotations

from datetime import date, datetime

from pipelines.adapters.columns import exclusions
from pipelines.adapters.ids import names_answer
from pipelines.adapters.table import TextTable
from pipelines.config.columns import Dates
from pipelines.config.follow_up import Tickets
from pipelines.config.layouts import MEMBER_KEYS, DimensionName
from pipelines.config.models import Config
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Source
from transforms.contact_status import Asking
from transforms.dates.instants import SERIAL, SERIAL_1904, UNDECLARED, DateReading, start_of_day
from transforms.rows.activity import ActivityRules
from transforms.rows.clients import ClientRules
from transforms.rows.members import MemberRules
from transforms.rows.staged import CleaningRules
from transforms.rows.tickets import TicketRules
from transforms.texts.spelling import simple


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
