"""What there is to take in: every source and dimension of nps.yaml, and the files of landing that belong to it.

Here: which files, and what each is known by. Not here: which of them a run has to look at (`waiting`), taking them in
(`ingest`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.adapters.file_names import values_from_name
from pipelines.adapters.surveymonkey.companions import with_details
from pipelines.config.layouts import Layout
from pipelines.config.models import Config
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.errors import FileRefusedError
from pipelines.landing.digests import DigestCache, digest_with
from pipelines.landing.discover import RefusedFile, discover
from pipelines.landing.landed import LandedFile
from pipelines.recipes.digests import (
    activity_recipe,
    clients_recipe,
    dimension_recipe,
    source_recipe,
    source_rules,
    source_settings,
    tickets_recipe,
)
from warehouse.lake.ledgers import ACTIVITY_PREFIX, CLIENTS, DIMENSION_PREFIX, TICKETS


@dataclass(frozen=True)
class Feed:
    """A source or a dimension, as far as taking in its files goes."""

    name: str
    """As the ledger names it: dimensions have a prefix."""
    layout: Layout
    recipe: str
    delivery: str
    rules: str | None = None
    """The versions of this program's rules in the recipe; not kept of a dimension."""
    settings: str | None = None
    """Digest of what nps.yaml says in it; likewise."""

    @property
    def is_dimension(self) -> bool:
        """Whether its rows are members, not answers."""
        return self.name.startswith(DIMENSION_PREFIX)


#: Every feed with its files, as `landing` finds them.
Landed = Sequence[tuple[Feed, Sequence[LandedFile | RefusedFile]]]


def feeds(config: Config, key: str) -> list[Feed]:
    """Every source and dimension of the configuration: dimensions first."""
    found = [
        Feed(DIMENSION_PREFIX + name, layout, dimension_recipe(config, name, key), "incremental")
        for name, layout in config.dimensions.lists.items()
    ]
    if config.cases is not None:
        found.append(Feed(TICKETS, config.cases, tickets_recipe(config, config.cases, key), "incremental"))
    found += [
        Feed(ACTIVITY_PREFIX + name, layout, activity_recipe(config, name, key), "incremental")
        for name, layout in config.activity.items()
    ]
    if config.clients is not None:
        found.append(Feed(CLIENTS, config.clients, clients_recipe(config, config.clients, key), "incremental"))
    found += [
        Feed(
            name, source, source_recipe(config, name, key), source.delivery, source_rules(config, name),
            source_settings(config, name, key),
        )
        for name, source in config.sources.items()
    ]  # fmt: skip
    return found


def in_landing(context: Context, feed: Feed) -> list[LandedFile | RefusedFile]:
    """The files of landing that belong to a feed, in the order of their paths; the same bytes once for each name."""
    if context.landed is not None:
        return list(context.landed[feed.name])
    with _digests(context) as cache:
        return list(_discovered(context, feed, cache))


def arrived(items: Iterable[LandedFile | RefusedFile]) -> list[LandedFile | RefusedFile]:
    """The files of `in_landing`, old ones first; of copies with the same bytes the oldest."""
    found: dict[str, LandedFile | RefusedFile] = {}
    for item in sorted(items, key=lambda item: (item.modified_ns, item.known_as)):
        found.setdefault(item.digest, item)
    return list(found.values())


def landed_at(context: Context, feed: Feed, path: str) -> list[LandedFile | RefusedFile]:
    """The file of a feed at a path inside the workspace, if there is one; once for each answer that its rows hold."""
    with _digests(context) as cache:
        return [item for item in _discovered(context, feed, cache) if path in (item.relative, item.known_as)]


def _digests(context: Context) -> DigestCache:
    return DigestCache(context.workspace.scratch / "digests.json")


def _discovered(context: Context, feed: Feed, cache: DigestCache) -> Iterator[LandedFile | RefusedFile]:
    root, limits = context.workspace.root, context.workspace.config.limits
    items = discover(root, feed.layout.files, limits, cache, feed.layout.members)
    for item in with_details(items, root, feed.layout, limits, cache):
        yield from _each_answer(_identified(item, feed), feed)


def landing(context: Context) -> Landed:
    """Every feed with its files."""
    found = feeds(context.workspace.config, context.workspace.key())
    with _digests(context) as cache:
        return [(feed, list(_discovered(context, feed, cache))) for feed in found]


def for_a_night(context: Context, found: Landed) -> Context:
    """The context with which no step looks at landing again: what came since `landing` found this is for the next night."""
    return replace(context, landed={feed.name: items for feed, items in found})


def odd_feeds(found: Landed) -> list[str]:
    """What nps.yaml says of files and is hardly meant: a pattern of no file, a file of two sources, agents without codes.

    `found` comes from `landing`.
    """
    said = [
        f"No file of landing matches files of {feed.name}: {', '.join(feed.layout.files)}.{_slashes(feed.layout.files)}"
        for feed, items in found
        if not items
    ]
    users: dict[tuple[str, str], list[str]] = {}
    for feed, items in found:
        if isinstance(feed.layout, Source):
            asked = f"{feed.layout.metric} {feed.layout.columns.get('score')}"
            for item in items:
                users.setdefault((item.known_as, asked), []).append(feed.name)
    twice = [(path, names) for (path, _), names in users.items() if len(names) > 1]
    if f"{DIMENSION_PREFIX}agents" not in {feed.name for feed, _ in found}:
        said += [
            f"{feed.name} says who served (agent), but no list of dimensions (agents) gives their codes: all are unknown."
            for feed, _ in found
            if isinstance(feed.layout, Source) and "agent" in feed.layout.columns
        ]
    return said + [
        f"{path} belongs to {' and to '.join(names)}, with the same score: its answers count once for each."
        for path, names in twice
    ]


def _slashes(patterns: Iterable[str]) -> str:
    return r" Write / in place of \." if any("\\" in each for each in patterns) else ""


def _identified(item: LandedFile | RefusedFile, feed: Feed) -> LandedFile | RefusedFile:
    """The file known by its bytes and by what its name says: equal small files of two branches are two."""
    if isinstance(item, RefusedFile):
        return item
    try:
        values = values_from_name(item, feed.layout)
    except FileRefusedError:
        return item  # it is refused for this when its turn comes
    return replace(item, digest=digest_with(item.digest, values)) if values else item


def _each_answer(item: LandedFile | RefusedFile, feed: Feed) -> list[LandedFile | RefusedFile]:
    """The file once for each of the answers that its rows hold: for all that follows, each is a file of its own."""
    answers = feed.layout.answers if isinstance(feed.layout, Source) else {}
    if isinstance(item, RefusedFile) or not answers:
        return [item]
    return [replace(item, answer=name, digest=digest_with(item.digest, {"answers": name})) for name in answers]
