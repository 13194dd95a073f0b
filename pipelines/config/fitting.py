"""Whether the parts of nps.yaml fit together: what one names, another declares.

Each raises the error that says where in the file it is. Not here: whether a part is right by itself (its own module).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.config.settings import misplaced
from pipelines.config.values import did_you_mean
from transforms.dimensions import CANONICAL
from transforms.scores.scales import SCALES
from transforms.texts.spelling import key

if TYPE_CHECKING:
    from pipelines.config.models import Config


def refuse_unfit(config: Config) -> None:
    """Raise pydantic's error, with its place, where something is named that is not there, or lacks what it needs."""
    for look in (
        _scales_declared,
        _contacts_named,
        _mailed,
        _further_declared,
        _followed_up,
        _outcomes_named,
        _headline_named,
    ):
        look(config)


def _scales_declared(config: Config) -> None:
    """Every source has a scale that there is."""
    for name, source in config.sources.items():
        if source.scale not in {*SCALES, *config.scales}:
            raise misplaced(
                f"{source.scale!r} is no scale; allowed: {', '.join((*SCALES, *config.scales))}, "
                "or one of your own under scales",
                "sources", name, "scale",
            )  # fmt: skip


def _contacts_named(config: Config) -> None:
    """Tariffs and answers that sources of contacts name are there."""
    for name, source in config.sources.items():
        if source.tariff is not None and source.tariff not in config.tariffs:
            known = ", ".join(config.tariffs) or "none"
            raise misplaced(f"{source.tariff!r} is no tariff; there are: {known}", "sources", name, "tariff")
        if source.asked.answered_in is not None and source.asked.answered_in not in config.sources:
            known = ", ".join(each for each in config.sources if each != name) or "none"
            raise misplaced(
                f"{source.asked.answered_in!r} is no source; there are: {known}",
                "sources", name, "asked", "answered_in",
            )  # fmt: skip


def _mailed(config: Config) -> None:
    """Who gets a report can be mailed, and who is told of nothing gets one."""
    mailboxes = {receiver.name for receiver in config.notify if receiver.mail is not None}
    for number, report in enumerate(config.reports):
        for name in report.mail_to:
            if name not in mailboxes:
                known = ", ".join(sorted(mailboxes)) or "none"
                raise misplaced(
                    f"{name!r} is no receiver of `notify` with a mail; there are: {known}",
                    "reports", str(number), "mail_to",
                )  # fmt: skip
    named = {name for report in config.reports for name in report.mail_to}
    for number, receiver in enumerate(config.notify):
        if not receiver.about and receiver.name not in named:
            raise misplaced(
                f"{receiver.name} is told of nothing: name kinds of events, or let mail_to of a report name them",
                "notify", str(number), "about",
            )  # fmt: skip


def _further_declared(config: Config) -> None:
    """What sources say beside canonical columns is declared."""
    for name, source in config.sources.items():
        declared = config.dimensions.extra if source.metric == "nps" else config.enps.groups
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


def _followed_up(config: Config) -> None:
    """Cases have a due time, and are known by what answers say."""
    if config.cases is not None and config.follow_up is None:
        raise misplaced("follow_up is missing: without it nobody knows by when a case of `cases` is due", "follow_up")
    if config.follow_up is not None and "opted_out" in config.follow_up.exempt and config.cases is None:
        raise misplaced("who opted out is known from tickets alone: declare cases, too", "follow_up", "exempt")
    said = {name for source in config.sources.values() if source.metric == "nps" for name in source.says}
    for name in config.cases.clients if config.cases is not None and config.sources else ():
        if name not in said:
            raise misplaced(
                f"no source of clients says the {name} of an answer, so no ticket can be known by it: name it in the "
                "columns of a source, or take the line out",
                "cases", "columns", name,
            )  # fmt: skip


def _outcomes_named(config: Config) -> None:
    """Clients are known in one way everywhere, under names of their own."""
    taken = {f"activity_{name}" for name in config.activity} | ({"clients"} if config.clients else set())
    for name in sorted(taken & {*config.sources}):
        raise misplaced(
            f"{name!r} is what files of activity or clients are told under: call the source otherwise",
            "sources", name,
        )  # fmt: skip
    if config.clients and not config.activity:
        raise misplaced(
            "activity is missing, and clients alone say nothing of what came of it: name there what they bought or "
            "cancelled, or take clients out",
            "activity",
        )
    lists = {**{f"activity {name}": each.by for name, each in config.activity.items()}}
    lists |= {"clients": config.clients.by} if config.clients else {}
    if len({*lists.values()}) > 1:
        told = ", ".join(f"{name} by {by}" for name, by in lists.items())
        raise misplaced(f"clients must be known in one way everywhere, not {told}", "activity")


def _headline_named(config: Config) -> None:
    """The programme of the company's score is one of the sources', and named where there are several."""
    sources = [source for source in config.sources.values() if source.metric == "nps"]
    known = {key(name): name for source in sources for name in source.programmes}
    varies = any(source.programme_varies for source in sources)
    if (varies or len(known) > 1) and not config.headline:
        told = f": {', '.join(sorted(known.values()))}" if len(known) > 1 else ""
        raise misplaced(
            f"headline is missing: sources name several programmes{told}; say of which one the company's score is",
            "headline",
        )
    other = [name for name in config.headline_programmes if key(name) not in known]
    if other and known and not varies:
        raise misplaced(
            f"{other[0]!r} is the programme of no source; there are: {', '.join(sorted(known.values()))}",
            "headline",
        )
