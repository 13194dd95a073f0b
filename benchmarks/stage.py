"""Stage one file as a night does: read, clean, write into a lake. Nothing else.

Run as `python -m benchmarks.stage FILE KIND LAKE`; `benchmarks.layouts` measures it as a whole process.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pipelines.adapters.columns import canonical
from pipelines.adapters.kinds import read
from pipelines.config.kinds import kinds
from pipelines.config.models import Config
from pipelines.landing.digests import DigestCache
from pipelines.landing.discover import landed
from pipelines.recipes.rows import cleaning_rules
from transforms.rows.staged import judge
from warehouse.intake.staging import Origin, stage_answers
from warehouse.lake.store import Lake

_COLUMNS = {
    "response_id": "response_id", "responded_at": "responded_at", "respondent": "client_id", "branch": "branch",
    "industry": "industry", "score": "score", "comment": "comment",
}  # fmt: skip


def stage(path: Path, kind: str, lake: Path) -> int:
    """Stage a file of a kind; gives how many answers were accepted."""
    source = {"kind": kind, "metric": "nps", "files": "x", "delivery": "incremental", "columns": _COLUMNS}
    config = Config.model_validate({"timezone": "UTC", "sources": {"log": source}})
    file = landed(path.parent, path, config.limits, DigestCache(lake / "no digests"))
    with tempfile.TemporaryDirectory(dir=lake) as scratch:
        table = read(file, config.sources["log"], config.limits, Path(scratch))
        rules = cleaning_rules(config, "log", table, key="k" * 32, now=datetime.now(UTC))
        raw = canonical(table, file, config.sources["log"])
        origin = Origin("log", file.digest, rules.survey, raw.collect_schema().names(), file.size_bytes)
        return stage_answers(Lake(lake), judge(raw, rules, file.digest), origin, Path(scratch)).tally.accepted


def main() -> None:
    """Say how many answers were accepted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("kind", choices=kinds())
    parser.add_argument("lake", type=Path)
    given = parser.parse_args()
    given.lake.mkdir(parents=True, exist_ok=True)
    print(stage(given.file.resolve(), given.kind, given.lake.resolve()))


if __name__ == "__main__":
    main()
