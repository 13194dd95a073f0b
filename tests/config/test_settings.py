"""Every change of every setting, there and back, in a workspace that has published: what is published is what a fresh
workspace with that setting and the same landing publishes.

The settings are found by walking the declarations of nps.yaml, so that a new one cannot be forgotten: it needs an example
of a change here, or a reason why it has no effect. That each change alone is noticed is tested one by one; what becomes of
it in groups, by nights without Dagster; one by one too where NPS_EVERY_SETTING is set.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
from pydantic import BaseModel

from pipelines.config.models import Config
from pipelines.config.sources import Dimension
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.intake.feeds import feeds, landing
from pipelines.intake.ingest import ingest
from pipelines.intake.waiting import has_work
from pipelines.recipes.digests import publish_settings
from pipelines.recipes.figures import response_rules
from pipelines.stages.months import rebuild_facts, rebuild_responses
from pipelines.stages.publish import publish
from tests.support.lakes import bare
from tests.support.scenario import configure, land, marts, workspace
from warehouse.marts import grouped
from warehouse.months.plan import make_plan, stale_months

KEY = "k" * 32
HEADING = "id;who;date;updated;score;state;kind;shop;trade;note;w1;w2"
WEB = [
    f"{n};p{n % 7};{1 + n}.{1 + n % 3}.2024 23:30;;{n % 11};{'done' if n % 5 else 'open'};{'live' if n % 6 else 'test'};"
    f"{('Zadar', 'Osijek')[n % 2]};{('it', 'ict', 'banking')[n % 3]};{'-' if n % 4 else 'x'};{n % 11};{(n * 3) % 11}"
    for n in range(24)
]

BASE: dict[str, Any] = {
    "timezone": "UTC",
    "gates": {"max_reject_share": 0.6},
    "scales": {"stars": {"lowest": 1, "highest": 5, "promoter_from": 5, "passive_from": 4, "words": {"top": 5}}},
    "industries": {"synonyms": {"technology": ["it"]}},
    "follow_up": {"due": {"hours": 48}},
    "cases": {
        "kind": "csv", "files": "landing/tickets/*.csv", "delimiter": ";", "encoding": "utf-8",
        "columns": {
            "response_id": "id", "respondent": "who", "opened_at": "date", "closed_at": "date",
            "status": {"matches": "^state$"},
        },
    },
    "activity": {
        "orders": {
            "kind": "csv", "files": "landing/orders/*.csv", "delimiter": ";", "encoding": "utf-8",
            "columns": {"respondent": "who", "occurred_at": "date", "kind": {"matches": "^what$"}, "amount": "sum"},
            "kinds": {"cancel": ["left"]},
        },
    },
    "clients": {
        "kind": "csv", "files": "landing/lists/*.csv", "delimiter": ";", "encoding": "utf-8",
        "columns": {"respondent": "who", "value": {"matches": "^worth$"}},
    },
    "sources": {
        "web": {
            "kind": "csv", "metric": "nps", "delivery": "incremental", "files": "landing/web/*.csv", "delimiter": ";",
            "encoding": "utf-8", "skip_rows": 1, "dates": {"formats": ["%d.%m.%Y %H:%M"]},
            "columns": {
                "response_id": "id", "respondent": "who", "responded_at": "date", "score": {"matches": "^score$"},
                "branch": "shop", "industry": "trade",
            },
            "exclude": {"test": {"column": "kind", "values": ["test"]}},
        },
        "calls": {
            "kind": "csv", "metric": "nps", "delivery": "incremental", "files": "landing/calls/*.csv", "scale": "stars",
            "columns": {"responded_at": "date", "score": "score"},
        },
        "waves": {
            "kind": "csv", "metric": "nps", "delivery": "incremental", "files": "landing/web/*.csv", "delimiter": ";",
            "skip_rows": 1, "dates": {"formats": ["%d.%m.%Y %H:%M"]}, "columns": {"responded_at": "date"},
            "answers": {"one": {"columns": {"score": {"matches": "^w1"}}}, "two": {"columns": {"score": "w2"}}},
        },
        "tracker": {
            "kind": "csv", "metric": "nps", "delivery": "snapshot", "files": "landing/tracker/*.csv",
            "columns": {"responded_at": "date", "score": "score", "response_id": "id"},
        },
        "staff": {
            "kind": "csv", "metric": "enps", "delivery": "incremental", "files": "landing/staff/*.csv",
            "columns": {"responded_at": "date", "score": "score", "respondent": "who"},
        },
        "packed": {
            "kind": "csv", "metric": "nps", "delivery": "incremental", "files": "landing/packed/*.zip",
            "file_name": "(?P<branch>[A-Z]+)", "columns": {"responded_at": "date", "score": "score"},
        },
        "sheets": {
            "kind": "excel", "metric": "nps", "delivery": "incremental", "files": "landing/sheets/*.xlsx", "sheet": "one",
            "columns": {"responded_at": "date", "score": "score"},
        },
        "asked": {
            "kind": "csv", "metric": "nps", "delivery": "incremental", "files": "landing/asked/*.csv", "contacts": True,
            "columns": {"responded_at": "date", "score": "score"}, "tariff": "robot",
            "outcome": {"column": "state", "answered": ["done"]}, "asked": {"at": "sent", "wave": "kind"},
        },
        "letters": {
            "kind": "csv", "metric": "nps", "delivery": "incremental", "files": "landing/letters/*.csv", "contacts": True,
            "columns": {"respondent": "who"}, "asked": {"at": "sent"},
        },
        "nested": {
            "kind": "json", "metric": "nps", "delivery": "incremental", "files": "landing/nested/*.json", "records": "new",
            "columns": {"responded_at": "date", "score": "score"},
        },
    },
    "tariffs": {
        "robot": {
            "currency": "EUR", "vat": "included", "valid_from": "2024-01-01", "charge": "called", "setup_fee": 100,
            "per_call": {"promoter": 0.4, "passive": 0.4, "detractor": 0.7, "unanswered": 0.1},
        },
        "human": {
            "currency": "EUR", "vat": "included", "valid_from": "2024-01-01", "charge": "answered", "per_call": 4,
        },
    },
    "dimensions": {
        "employees": {
            "kind": "csv", "files": "landing/people/*.csv",
            "columns": {"employee": "who", "department": "team", "branch": "shop", "valid_from": "since"},
        },
        "accounts": {
            "kind": "csv", "files": "landing/clients/*.csv", "file_name": "(?P<region>[a-z]+)",
            "columns": {"account": {"matches": "^who$"}, "industry": "trade"},
        },
    },
}  # fmt: skip

WEB_OF, CALLS, WAVES = ("sources", "web"), ("sources", "calls"), ("sources", "waves")
TRACKER, PACKED, SHEETS, NESTED = (
    ("sources", "tracker"),
    ("sources", "packed"),
    ("sources", "sheets"),
    ("sources", "nested"),
)
PEOPLE, CLIENTS = ("dimensions", "employees"), ("dimensions", "accounts")
ASKED, ROBOT = ("sources", "asked"), ("tariffs", "robot")
Change = tuple[tuple[str, ...], Any]
GONE = object()

#: Setting: an example of a change, as where it stands in BASE and what stands there then.
OF_SOURCES: dict[str, Change] = {
    "sources.kind": ((*NESTED, "kind"), "jsonl"),
    "sources.preset": ((*TRACKER, "preset"), "hubspot"),
    "sources.files": ((*TRACKER, "files"), "landing/tracker/1*.csv"),
    "sources.encoding": ((*WEB_OF, "encoding"), "windows-1251"),
    "sources.delimiter": ((*CALLS, "delimiter"), ","),
    "sources.header_rows": ((*CALLS, "header_rows"), 1),
    "sources.skip_rows": ((*WAVES, "skip_rows"), None),
    "sources.sheet": ((*SHEETS, "sheet"), 2),
    "sources.sheet.matches": ((*SHEETS, "sheet"), {"matches": "^t"}),
    "sources.records": ((*NESTED, "records"), "old"),
    "sources.members": ((*PACKED, "members"), ["a*.csv"]),
    "sources.file_name": ((*PACKED, "file_name"), "(?P<channel>[A-Z]+)"),
    "sources.metric": (("sources", "staff", "metric"), "nps"),
    "sources.delivery": ((*TRACKER, "delivery"), "incremental"),
    "sources.scale": ((*CALLS, "scale"), "0-10"),
    "sources.columns.matches": ((*WEB_OF, "columns", "score"), {"matches": "^w1$"}),
    "sources.columns.optional": ((*WEB_OF, "columns", "channel"), {"matches": "^absent$", "optional": True}),
    "sources.answers.columns.matches": ((*WAVES, "answers", "one", "columns", "score"), {"matches": "^w2"}),
    "sources.answers.columns.optional": (
        (*WAVES, "answers", "one", "columns", "branch"),
        {"matches": "^absent$", "optional": True},
    ),
    "sources.answers.defaults": ((*WAVES, "answers", "two", "defaults"), {"survey": "second"}),
    "sources.defaults": ((*WEB_OF, "defaults"), {"channel": "web"}),
    "sources.dates.formats": ((*WEB_OF, "dates", "formats"), ["%m.%d.%Y %H:%M", "%d.%m.%Y %H:%M"]),
    "sources.dates.language": ((*WEB_OF, "dates", "language"), "de"),
    "sources.dates.calendar": ((*TRACKER, "dates"), {"calendar": "buddhist"}),
    "sources.dates.swapped": ((*TRACKER, "dates"), {"swapped": True}),
    "sources.dates.timezone": ((*WEB_OF, "dates", "timezone"), "Asia/Tokyo"),
    "sources.dates.clock.matches": ((*TRACKER, "dates"), {"clock": {"matches": "^time"}}),
    "sources.dates.clock.optional": ((*TRACKER, "dates"), {"clock": {"matches": "^absent$", "optional": True}}),
    "sources.unanswered": ((*CALLS, "unanswered"), ["top"]),
    "sources.unanswered_where.column.matches": (
        (*WEB_OF, "unanswered_where"),
        {"column": {"matches": "^sta"}, "values": ["open"]},
    ),
    "sources.unanswered_where.column.optional": (
        (*WEB_OF, "unanswered_where"),
        {"column": {"matches": "^absent$", "optional": True}, "values": ["open"]},
    ),
    "sources.unanswered_where.values": ((*WEB_OF, "unanswered_where"), {"column": "state", "values": ["open"]}),
    "sources.where.column.matches": ((*WEB_OF, "where"), {"column": {"matches": "^sta"}, "values": ["open"]}),
    "sources.where.column.optional": (
        (*WEB_OF, "where"),
        {"column": {"matches": "^absent$", "optional": True}, "values": ["open"]},
    ),
    "sources.where.values": ((*WEB_OF, "where"), {"column": "state", "values": ["open"]}),
    "sources.exclude.column.matches": (
        (*WEB_OF, "exclude", "flagged"),
        {"column": {"matches": "^note"}, "values": ["x"]},
    ),
    "sources.exclude.column.optional": (
        (*WEB_OF, "exclude", "preview"),
        {"column": {"matches": "^absent$", "optional": True}, "values": ["x"]},
    ),
    "sources.exclude.values": ((*WEB_OF, "exclude", "test"), {"column": "kind", "values": ["live"]}),
    "sources.extras": ((*WEB_OF, "extras"), ["note"]),
    "sources.contacts": ((*ASKED, "contacts"), False),
    "sources.outcome.column.matches": ((*ASKED, "outcome", "column"), {"matches": "^sta"}),
    "sources.outcome.column.optional": ((*ASKED, "outcome", "column"), {"matches": "^absent$", "optional": True}),
    **{
        f"sources.outcome.{status}": ((*ASKED, "outcome", status), ["open"])
        for status in ("undeliverable", "delivered", "opened", "reached", "refused", "partial", "answered")
    },
    **{
        f"sources.asked.{name}.{key}": ((*ASKED, "asked", name), {"matches": "^x", "optional": True})
        for name in ("at", "wave", "reminder")
        for key in ("matches", "optional")
    },
    "sources.asked.answered_in": (("sources", "letters", "asked", "answered_in"), "web"),
    "sources.tariff": ((*ASKED, "tariff"), "human"),
    "sources.max_reject_share": ((*CALLS, "max_reject_share"), 0.1),
    "sources (one taken out)": ((*PACKED,), GONE),
    "sources (one added)": (
        ("sources", "more"),
        {**BASE["sources"]["calls"], "files": "landing/calls/*.csv", "scale": "0-10"},
    ),
    "sources.columns (one taken out)": ((*TRACKER, "columns", "response_id"), GONE),
    "sources.exclude (all taken out)": ((*WEB_OF, "exclude"), GONE),
}
OF_DIMENSIONS: dict[str, Change] = {
    "dimensions.kind": ((*CLIENTS, "kind"), "table"),
    "dimensions.preset": ((*CLIENTS, "preset"), "hubspot"),
    "dimensions.files": ((*PEOPLE, "files"), "landing/people/a*.csv"),
    "dimensions.encoding": ((*CLIENTS, "encoding"), "windows-1251"),
    "dimensions.delimiter": ((*CLIENTS, "delimiter"), ","),
    "dimensions.header_rows": ((*CLIENTS, "header_rows"), 1),
    "dimensions.skip_rows": ((*CLIENTS, "skip_rows"), 0),
    "dimensions.sheet": ((*CLIENTS, "sheet"), 1),
    "dimensions.sheet.matches": ((*CLIENTS, "sheet"), {"matches": "x"}),
    "dimensions.records": ((*CLIENTS, "records"), "data"),
    "dimensions.members": ((*CLIENTS, "members"), ["*.csv"]),
    "dimensions.file_name": ((*CLIENTS, "file_name"), "(?P<branch>[a-z]+)"),
    "dimensions.columns.matches": ((*CLIENTS, "columns", "industry"), {"matches": "^tra"}),
    "dimensions.columns.optional": ((*CLIENTS, "columns", "branch"), {"matches": "^absent$", "optional": True}),
    "dimensions.dates.formats": ((*PEOPLE, "dates"), {"formats": ["%d.%m.%Y"]}),
    "dimensions.dates.language": ((*PEOPLE, "dates"), {"language": "de"}),
    "dimensions.dates.calendar": ((*PEOPLE, "dates"), {"calendar": "buddhist"}),
    "dimensions.dates.swapped": ((*PEOPLE, "dates"), {"swapped": True}),
    "dimensions.dates.timezone": ((*PEOPLE, "dates"), {"timezone": "Asia/Tokyo"}),
    "dimensions (one taken out)": ((*CLIENTS,), GONE),
    "dimensions.extra": (("dimensions", "extra"), ["age_band"]),
    "dimensions (one added)": (
        ("dimensions", "branches"),
        {"kind": "csv", "files": "landing/shops/*.csv", "columns": {"branch": "code", "name": "name"}},
    ),
}
OF_FOLLOW_UP: dict[str, Change] = {
    "follow_up.due.hours": (("follow_up", "due", "hours"), 24),
    "follow_up.due.business_days": (("follow_up",), {"due": {"business_days": 2}, "calendar": "HR"}),
    "follow_up.calendar": (("follow_up",), {"due": {"business_days": 2}, "calendar": "DE-BY"}),
    "follow_up.exempt": (("follow_up", "exempt"), ["anonymous"]),
    "cases.kind": (("cases", "kind"), "table"),
    "cases.preset": (("cases", "preset"), "hubspot"),
    "cases.files": (("cases", "files"), "landing/tickets/a*.csv"),
    "cases.encoding": (("cases", "encoding"), "windows-1251"),
    "cases.delimiter": (("cases", "delimiter"), ","),
    "cases.header_rows": (("cases", "header_rows"), 1),
    "cases.skip_rows": (("cases", "skip_rows"), 0),
    "cases.sheet": (("cases", "sheet"), 1),
    "cases.sheet.matches": (("cases", "sheet"), {"matches": "x"}),
    "cases.records": (("cases", "records"), "data"),
    "cases.members": (("cases", "members"), ["*.csv"]),
    "cases.file_name": (("cases", "file_name"), "(?P<source>[a-z]+)"),
    "cases.columns.matches": (("cases", "columns", "status"), {"matches": "^sta"}),
    "cases.columns.optional": (("cases", "columns", "status"), {"matches": "^state$", "optional": True}),
    "cases.dates.formats": (("cases", "dates"), {"formats": ["%d.%m.%Y %H:%M"]}),
    "cases.dates.language": (("cases", "dates"), {"language": "de"}),
    "cases.dates.calendar": (("cases", "dates"), {"calendar": "buddhist"}),
    "cases.dates.swapped": (("cases", "dates"), {"swapped": True}),
    "cases.dates.timezone": (("cases", "dates"), {"timezone": "Asia/Tokyo"}),
    "cases.within_days": (("cases", "within_days"), 14),
    "cases.outcomes": (("cases", "outcomes"), {"recovered": ["done"]}),
    "cases.opted_out": (("cases", "opted_out"), ["open"]),
    "cases (all taken out)": (("cases",), GONE),
}
ORDERS, LISTS = ("activity", "orders"), ("clients",)
OF_OUTCOMES: dict[str, Change] = {
    f"{setting}.{name}": ((*at, *where), value)
    for setting, at, column in (("activity", ORDERS, "kind"), ("clients", LISTS, "value"))
    for name, where, value in (
        ("kind", ("kind",), "table"), ("preset", ("preset",), "hubspot"), ("files", ("files",), "landing/o/a*.csv"),
        ("encoding", ("encoding",), "windows-1251"), ("delimiter", ("delimiter",), ","), ("sheet", ("sheet",), 1),
        ("header_rows", ("header_rows",), 1), ("skip_rows", ("skip_rows",), 0), ("records", ("records",), "data"),
        ("sheet.matches", ("sheet",), {"matches": "x"}), ("members", ("members",), ["*.csv"]),
        ("file_name", ("file_name",), "(?P<known_until>[0-9-]+)"), ("decimal", ("decimal",), ","),
        ("columns.matches", ("columns", column), {"matches": "^w"}),
        ("columns.optional", ("columns", column), {"matches": "^what$", "optional": True}),
        ("dates.formats", ("dates",), {"formats": ["%d.%m.%Y"]}), ("dates.language", ("dates",), {"language": "de"}),
        ("dates.calendar", ("dates",), {"calendar": "buddhist"}), ("dates.swapped", ("dates",), {"swapped": True}),
        ("dates.timezone", ("dates",), {"timezone": "Asia/Tokyo"}),
    )
} | {
    "activity.defaults": ((*ORDERS, "defaults"), {"currency": "EUR"}),
    "activity.kinds": ((*ORDERS, "kinds"), {"cancel": ["gone"]}),
    "clients (all taken out)": (LISTS, GONE),
    "referral.per_promoter": (("referral",), {"per_promoter": 2, "source": "our own study"}),
    "referral.per_detractor": (("referral",), {"per_detractor": -1, "source": "our own study"}),
    "referral.source": (("referral",), {"source": "a book"}),
    "activity (one added)": (("activity", "more"), {**BASE["activity"]["orders"], "files": "landing/more/*.csv"}),
}  # fmt: skip
OF_ALL: dict[str, Change] = {
    "timezone": (("timezone",), "Asia/Tokyo"),
    "history_from": (("history_from",), "2024-02"),
    "one_answer": (("one_answer",), "all"),
    "own_brands": (("own_brands",), ["Ours"]),
    "headline": (("headline",), "general"),
    "minimum_group": (("minimum_group",), 3),
    "language": (("language",), "hr"),
    "low_sample": (("low_sample",), 20),
    "targets.nps": (("targets",), [{"nps": 40, "valid_from": "2024-01-01"}]),
    "targets.valid_from": (("targets",), [{"nps": 40, "valid_from": "2024-02-01"}]),
    "targets.branch": (("targets",), [{"nps": 40, "valid_from": "2024-01-01", "branch": "ZG"}]),
    "targets.region": (("targets",), [{"nps": 40, "valid_from": "2024-01-01", "region": "north"}]),
    "targets.industry": (("targets",), [{"nps": 40, "valid_from": "2024-01-01", "industry": "retail"}]),
    "benchmarks.nps": (("benchmarks",), [{"nps": 30, "year": 2024, "source": "a report"}]),
    "benchmarks.year": (("benchmarks",), [{"nps": 30, "year": 2023, "source": "a report"}]),
    "benchmarks.source": (("benchmarks",), [{"nps": 30, "year": 2024, "source": "another"}]),
    "benchmarks.method": (("benchmarks",), [{"nps": 30, "year": 2024, "source": "a report", "method": "by phone"}]),
    "benchmarks.industry": (("benchmarks",), [{"nps": 30, "year": 2024, "source": "a report", "industry": "retail"}]),
    "bands": (("bands",), {"poor": -100, "fine": 20}),
    "scales.lowest": (("scales", "stars", "lowest"), 0),
    "scales.highest": (("scales", "stars", "highest"), 6),
    "scales.promoter_from": (("scales", "stars", "promoter_from"), 4),
    "scales.passive_from": (("scales", "stars", "passive_from"), 3),
    "scales.words": (("scales", "stars", "words"), {"top": 1}),
    "industries.synonyms": (("industries", "synonyms"), {"technology": ["it", "ict"]}),
    "industries.only_listed": (("industries", "only_listed"), True),
    "themes": (("themes",), {"wait": {"hr": ["ček*"]}}),
    "new_words.said_by": (("new_words",), {"said_by": 20}),
    "fatigue.rest_days": (("fatigue",), {"rest_days": 40, "most_in_year": 4}),
    "fatigue.most_in_year": (("fatigue",), {"rest_days": 30, "most_in_year": 5}),
    "tariffs.currency": ((*ROBOT, "currency"), "HRK"),
    "tariffs.vat": ((*ROBOT, "vat"), "excluded"),
    "tariffs.valid_from": ((*ROBOT, "valid_from"), "2024-02-01"),
    "tariffs.charge": ((*ROBOT, "charge"), "answered"),
    "tariffs.setup_fee": ((*ROBOT, "setup_fee"), 200),
    **{
        f"tariffs.per_call.{name}": ((*ROBOT, "per_call", name), 0.9)
        for name in ("promoter", "passive", "detractor", "unanswered")
    },
    "gates.max_reject_share": (("gates", "max_reject_share"), 0.01),
    "gates.max_snapshot_shrink": (("gates", "max_snapshot_shrink"), 0.9),
    "gates.min_match_rate": (("gates", "min_match_rate"), 0.01),
    "publish.storage_version": (("publish", "storage_version"), "v1.1.0"),
    "limits.max_file_mb": (("limits", "max_file_mb"), 1),
    "limits.max_sheet_mb": (("limits", "max_sheet_mb"), 1),
}
CHANGES = {**OF_SOURCES, **OF_DIMENSIONS, **OF_FOLLOW_UP, **OF_OUTCOMES, **OF_ALL}
WITHOUT_EFFECT = {
    "sources.details": "what the files of details hold is part of the digest of the file of answers",
    "dimensions.details": "no reader of dimensions looks at them",
    "cases.details": "no reader of tickets looks at them",
    "activity.details": "no reader of activity looks at them",
    "clients.details": "no reader of lists looks at them",
    "follow_up.of": "there is only one way to say it yet",
    "sources.owner": "only shown in Dagster",
    "sources.every": "only told: no row depends on it",
    "tariffs.setup_per": "there is only one yet",
    "gates.max_month_change": "decides which new files are held; what was built stays",
    "gates.max_restatement": "decides whether a file is published, not what is in it",
    "publish.keep": "decides about earlier versions of the published file",
    "enps.close_after": "decides when a wave closes",
    "enps.groups": "nothing more is shown of employees where no source says more of them; test_staff has one that does",
    "nps.minimum_group": "hides rows of few answers, of which every group here has enough; tests of hiding change it",
    "agents.minimum": "nothing is shown of agents where no source names any; with one test_agents changes it",
    "nightly.cron": "decides when the night runs",
    "nightly.timezone": "decides when the night runs",
    "notify.name": "decides who is told, not what is computed",
    "notify.about": "decides who is told, not what is computed",
    "notify.webhook": "decides who is told, not what is computed",
    "notify.shape": "decides who is told, not what is computed",
    "notify.mail.to": "decides who is told, not what is computed",
    "notify.mail.sender": "decides who is told, not what is computed",
    "notify.mail.host": "decides who is told, not what is computed",
    "notify.mail.port": "decides who is told, not what is computed",
    "notify.mail.security": "decides who is told, not what is computed",
    "notify.mail.user": "decides who is told, not what is computed",
    "notify.mail.password": "decides who is told, not what is computed",
    "reports.name": "decides which pages are written, and who gets them; their figures are those of the marts",
    "reports.branch": "decides which pages are written, and who gets them; their figures are those of the marts",
    "reports.region": "decides which pages are written, and who gets them; their figures are those of the marts",
    "reports.period": "decides which pages are written, and who gets them; their figures are those of the marts",
    "reports.languages": "decides which pages are written, and who gets them; their figures are those of the marts",
    "reports.mail_to": "decides which pages are written, and who gets them; their figures are those of the marts",
    "limits.memory_mb": "decides how, not what is computed",
    "limits.max_night_hours": "decides how long a run may be at work",
    "limits.keep_rejected_days": "decides how long rejected rows are kept",
    "limits.keep_replaced_days": "decides how long answers are kept that count no more",
}
#: What stands in one another's way within one night, or needs another file than BASE has.
GROUPS: dict[str, list[str]] = {
    "sources": [
        "sources.files", "sources.sheet", "sources.records", "sources.members", "sources.metric", "sources.scale",
        "sources.columns.matches", "sources.answers.columns.matches", "sources.answers.defaults", "sources.defaults",
        "sources.dates.timezone", "sources.unanswered_where.values", "sources.exclude.values", "sources.extras",
        "dimensions.files", "dimensions.dates.timezone", "dimensions.file_name", "industries.synonyms",
        "sources.encoding", "limits.max_file_mb", "sources.dates.language",
    ],
    "the whole": [
        "sources.delivery", "sources (one taken out)", "sources.sheet.matches", "sources.unanswered", "sources (one added)",
        "sources.dates.formats", "timezone", "history_from", "one_answer", "minimum_group", "scales.highest",
        "scales.words", "industries.only_listed", "publish.storage_version", "dimensions (one added)",
        "dimensions (one taken out)", "gates.max_snapshot_shrink",
    ],
}  # fmt: skip


def settings_of(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """Every setting that holds a value, by the names that lead to it; names that people choose are left out."""
    for name, field in model.model_fields.items():
        parts = list(_models_in(field.annotation))
        if not parts or name == "sheet":
            yield above + name
        for part in parts:
            yield from settings_of(part, above if part is Dimension else f"{above}{name}.")


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def changed(*changes: str) -> dict[str, Any]:
    """BASE with changes, without what stands under a part that is gone."""
    settings = deepcopy(BASE)
    for where, value in (CHANGES[name] for name in changes):
        *above, last = where
        part = settings
        for key in above:
            part = part.setdefault(key, {})
        if value is GONE:
            del part[last]
        else:
            part[last] = value
    return settings


def decided(settings: Mapping[str, Any]) -> dict[str, object]:
    """Everything by which a run notices that nps.yaml has changed."""
    config = Config.model_validate(settings)
    told = {feed.name: (feed.recipe, feed.layout.files, feed.layout.members) for feed in feeds(config, KEY)}
    rules = response_rules(config)
    return {**told, "responses": rules, "history": rules.history_start, "published": publish_settings(config)}


def test_every_setting_has_an_example_of_a_change_or_a_reason_to_have_none() -> None:
    assert set(settings_of(Config)) - {*CHANGES, *WITHOUT_EFFECT} == set()
    assert set(WITHOUT_EFFECT) <= set(settings_of(Config))


@pytest.mark.parametrize("setting", CHANGES)
def test_a_change_of_a_setting_is_noticed_and_so_is_its_way_back(setting: str) -> None:
    assert decided(changed(setting)) != decided(BASE)


def landed(home: Path) -> None:
    """The files of BASE, two of each kind where a change may leave one out."""
    land(home, "web/a.csv", "\n".join(["answers of 2024", HEADING, *WEB[:12]]) + "\n", day=1)
    land(home, "web/b.csv", "\n".join(["answers of 2024", HEADING, *WEB[10:]]) + "\n", day=2)
    calls = [f"{n % 6},2024-0{1 + n % 3}-10" for n in range(12)]
    land(home, "calls/a.csv", "\n".join(["score,date", *calls, "top,2024-01-10"]) + "\n")
    tracker = [f"{n},{n},2024-0{1 + n % 3}-10" for n in range(10)]
    land(home, "tracker/1.csv", "\n".join(["id,score,date", *tracker]) + "\n", day=1)
    land(home, "tracker/2.csv", "\n".join(["id,score,date", *tracker[3:]]) + "\n", day=2)
    land(home, "people/a.csv", "who,team,shop,since\np0,sales,Zadar,2024-01-01\np1,sales,Zadar,2024-01-01\n")
    land(home, "people/b.csv", "who,team,shop,since\np2,lab,Osijek,2024-01-01\np1,lab,Osijek,2024-02-01\n", day=2)
    land(home, "clients/north.csv", "who,trade,shop\np1,ict,Zadar\np2,banking,Osijek\n")
    land(home, "shops/a.csv", "code,name\nZD,Zadar\nOS,Osijek\n")
    staff = [f"p{n % 4},{(n * 5) % 11},2024-0{1 + n % 3}-0{1 + n % 9}" for n in range(24)]
    land(home, "staff/a.csv", "\n".join(["who,score,date", *staff]) + "\n")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("aZD.csv", "score,date\n9,2024-01-10\n")
        archive.writestr("bOS.csv", "score,date\n3,2024-01-10\n")
    land(home, "packed/p.zip", packed.getvalue())
    book = openpyxl.Workbook()
    for name, score in (("one", 9), ("two", 3)):
        sheet = book.create_sheet(name)
        for row in (["score", "date"], [score, "2024-01-10"], [score, "2024-02-10"]):
            sheet.append(row)
    del book["Sheet"]
    workbook = io.BytesIO()
    book.save(workbook)
    land(home, "sheets/a.xlsx", workbook.getvalue())
    both = {name: [{"score": score, "date": "2024-01-10"}] for name, score in (("new", 9), ("old", 3))}
    land(home, "nested/a.json", json.dumps(both))
    big = "score,date\n" + "7,2024-01-10\n" * 90_000
    land(home, "calls/big.csv", big)


def night(home: Path, context: Context | None = None) -> str:
    """What a night does, without Dagster, views and comments; what came of publishing."""
    context = context or Context(open_workspace(home))
    for feed, here in landing(context):
        if has_work(context, feed, here):
            ingest(context, [feed])
    rules = response_rules(context.workspace.config)
    if stale := stale_months(context.lake, make_plan(context.lake, rules)):
        rebuild_responses(context, stale)
        rebuild_facts(context, stale)
    with bare():
        return publish(context).outcome


def fresh(base: Path, home: Path, settings: Mapping[str, Any]) -> Path:
    """A workspace with the landing and the key of another one that has never run."""
    home.mkdir()
    shutil.copy(base / "identity.key", home)
    shutil.copytree(base / "landing", home / "landing")
    configure(home, settings)
    assert night(home) == "published"
    return home


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = workspace(tmp_path_factory.mktemp("settings") / "home", BASE)
    landed(home)
    assert night(home) == "published"
    return home


def unclosed(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What follows from landing and nps.yaml alone: not what closed waves of employees showed, nor their months."""
    closed = {*grouped(), "enps_overall", "fct_enps", "enps_suppression", "dim_period", "dim_date"}
    return {table: rows for table, rows in marts(home).items() if table not in closed}


def there_and_back(base: Path, tmp_path: Path, settings: Mapping[str, Any]) -> None:
    home = tmp_path / "home"
    shutil.copytree(base, home)
    configure(home, settings)
    assert night(home) == "published"
    assert unclosed(home) == unclosed(fresh(base, tmp_path / "fresh", settings))
    assert unclosed(home) != unclosed(base)
    configure(home, BASE)
    assert night(home) == "published"
    assert unclosed(home) == unclosed(base)


@pytest.mark.parametrize("group", GROUPS)
def test_changes_of_settings_come_to_what_a_fresh_workspace_publishes(base: Path, tmp_path: Path, group: str) -> None:
    there_and_back(base, tmp_path, changed(*GROUPS[group]))


@pytest.mark.skipif("NPS_EVERY_SETTING" not in os.environ, reason="takes minutes: set NPS_EVERY_SETTING")
@pytest.mark.parametrize("setting", CHANGES)
def test_each_change_alone_comes_to_what_a_fresh_workspace_publishes(base: Path, tmp_path: Path, setting: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(base, home)
    configure(home, changed(setting))
    night(home)
    assert unclosed(home) == unclosed(fresh(base, tmp_path / "fresh", changed(setting)))
    configure(home, BASE)
    night(home)
    assert unclosed(home) == unclosed(base)


def test_a_gate_that_is_stricter_now_stops_publishing_until_it_is_loosened(base: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(base, home)
    configure(home, {**BASE, "gates": {**BASE["gates"], "min_match_rate": 0.99}})
    assert night(home) == "waiting"
    assert unclosed(home) == unclosed(base)
    configure(home, BASE)
    assert night(home) in ("unchanged", "published")
    assert unclosed(home) == unclosed(base)
