"""Digests that tell when something that decides about rows or figures has changed, by what nps.yaml and this program say.

Here: what decides, and what does not. Not here: what is done when one changed (`pipelines.intake`, `pipelines.stages`).
"""

from __future__ import annotations

from importlib import metadata

from pipelines.config.follow_up import Tickets
from pipelines.config.kinds import version_of
from pipelines.config.layouts import DimensionName
from pipelines.config.models import Config
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Source
from pipelines.recipes.figures import apart, has_rivals, outcomes, why
from transforms.rows import activity, clients, members, staged, tickets
from warehouse.lake.ledgers import digest
from warehouse.months.why import Why

#: Settings that decide nothing about the rows of a file.
_NOT_IN_RECIPE = {"files", "members", "details", "owner", "every", "tariff", "within_days"}
#: The version of how attempts without ids are told apart, in a recipe.
_ATTEMPTS = "attempts 1"
#: Those that decide nothing where rows are no attempts to ask somebody.
_OF_CONTACTS = {"contacts", "outcome", "asked"}


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
    return source.contacts and not source.has_ids


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


def _shared(config: Config, source: Source) -> tuple[object, ...]:
    """What nps.yaml says of all sources, as far as it decides something about the files of this one."""
    limits = (config.limits.max_file_mb, config.limits.max_sheet_mb)
    shrink = config.gates.max_snapshot_shrink if source.delivery == "snapshot" else None
    return (config.timezone, config.history_from, config.reject_share_of(source), shrink, limits)


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


def key_id(key: str) -> str:
    """A name for the key that tells keys apart and gives nothing away."""
    return digest("key", key)[:12]


def code_version() -> str:
    """The version of this program."""
    return metadata.version("nps-warehouse")
