"""A world of random deliveries gives, night after night, what a naive reading of the documents gives.

Here: the world. Not here: what it should give (`reference`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.support.reference import Reference, summed
from tests.support.scenario import land, night, published, source, workspace

HEADINGS = {
    "score": "Score", "responded_at": "Date", "updated_at": "Updated", "respondent": "Person", "account": "Client",
    "branch": "Branch", "industry": "Industry", "survey": "Survey", "response_id": "Id",
}  # fmt: skip
SCORES = [
    "0",
    "3",
    "6.0",
    "7",
    "8.0",
    "9",
    "10",
    "10 - Extremely likely",
    "Not likely - 1",
    "N/A",
    "",
    "7.5",
    "11",
    "great",
]
KEYS = ("month", "branch", "industry", "survey", "channel")


def columns(*without: str) -> dict[str, str]:
    return {name: heading for name, heading in HEADINGS.items() if name not in without}


def feed(name: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - as nps.yaml has it
    defaults = {"dates": {"timezone": "Asia/Tokyo"}, "scale": "0-10", "columns": columns()}
    return source(name, **{**defaults, "exclude": {"test": {"column": "Industry", "values": ["test"]}}, **settings})


def member(dimension: str, **named: str) -> dict[str, Any]:
    return {"kind": "csv", "files": f"landing/{dimension}/*", "columns": named}


SETTINGS: dict[str, Any] = {
    "timezone": "Europe/Zagreb",
    "history_from": "2025-01",
    "one_answer": "latest",
    "sources": {
        "whole": feed("whole", delivery="snapshot"),
        "added": feed("added", dates={"timezone": "America/New_York"}),
        "named": feed("named", columns=columns("branch"), file_name="(?P<branch>ZG|ST)", scale="1-10"),
        "nameless": feed("nameless", columns=columns("response_id", "updated_at")),
        "staff": feed("staff", metric="enps", columns=columns("account", "survey")),
    },
    "dimensions": {
        "branches": member("branches", branch="Code", name="Name"),
        "accounts": member("accounts", account="Id", branch="Branch", industry="Industry", valid_from="Since"),
    },
    "industries": {"synonyms": {"retail": ["retial"]}, "only_listed": False},
    "gates": {"max_reject_share": 1, "max_snapshot_shrink": 1},
}


def moment(random: Random) -> str:
    edge = datetime(2025, random.choice([1, 2, 4]), 1) + timedelta(hours=random.randint(-14, 14))  # noqa: DTZ001 - local
    return str(edge) if random.random() < 0.4 else str(edge + timedelta(minutes=random.randint(0, 40_000)))


def row(random: Random) -> str:
    cells = {
        "Score": random.choice(SCORES),
        "Date": random.choice([moment(random)] * 9 + ["soon", ""]),
        "Updated": random.choice(["", moment(random)]),
        "Person": random.choice(["", *(f"p{number}@example.com" for number in range(20)), "P3@example.com "]),
        "Client": f"c{random.randint(0, 9)}",
        "Branch": random.choice(["", "ZG", "zg", "Split", "elsewhere"]),
        "Industry": random.choice(["", "retial", "banking", "test"]),
        "Survey": random.choice(["", "shared"]),
        "Id": f"r{random.randint(0, 150)}",
    }
    return ",".join(cells.values())


def deliver(random: Random, home: Path, day: int) -> None:
    """New files, some in the place of old ones, one that is older than those before it, and one that is renamed."""
    for name in SETTINGS["sources"]:
        there = sorted(path.name for path in (home / "landing" / name).glob("*"))
        if there and random.random() < 0.5:
            old = home / "landing" / name / random.choice(there)
            old.rename(old.with_name(f"renamed-{day}-{old.name}"))
        for number in range(2):
            rows = [row(random) for _ in range(random.randint(5, 40))]
            file = random.choice([*there, f"{day}-{number}-{random.choice(['ZG', 'ST'])}.csv"])
            text = "\n".join([",".join(HEADINGS.values()), *rows, *rows[:2]])
            land(home, f"{name}/{file}", text, day=day + random.choice([-1.5, 0, 0]) + random.random() / 10)
    clients = [f"c{number},{random.choice(['ZG', 'Split'])},retail,2025-0{day}-01" for number in range(0, 8, day)]
    land(home, f"accounts/{day}.csv", "\n".join(["Id,Branch,Industry,Since", *clients]), day=day)
    land(home, f"branches/{day}.csv", f"Code,Name\nZG,{['Zagreb', 'Elsewhere'][day - 1]}\nST,Split\n", day=day)


def test_every_night_publishes_what_the_documents_say(tmp_path: Path) -> None:
    home, random, reference = workspace(tmp_path / "home", SETTINGS), Random(7), Reference()  # noqa: S311 - a seed
    for day in (1, 2):
        deliver(random, home, day)
        night(home)
        reference.night(home, SETTINGS)
        answers = reference.responses()
        counted = "responses, promoters, passives, detractors, score_sum"
        rows = published(home, f"select {', '.join(KEYS)}, {counted} from marts.fct_nps")
        assert {each[:5]: each[5:] for each in rows} == summed(answers, "nps", KEYS)
        if day == 1:  # what comes after waves have closed counts in batches, as tests of `transforms.waves.company` say
            whole = "select sum(responses), sum(promoters) from marts.enps_overall where period_grain = 'year'"
            employees = [each for each in answers if each["metric"] == "enps"]
            promoters = sum(each["category"] == "promoters" for each in employees)
            assert published(home, whole) == [(len(employees), promoters)]
        outcomes = ("accepted", "unanswered", "excluded", "rejected")
        files = published(home, f"select source, {', '.join(outcomes)} from meta.files where status = 'accepted'")
        found = sorted(each for each in files if not each[0].startswith("dimension."))
        assert found == sorted((file.feed, *(file.counts[name] for name in outcomes)) for file in reference.counted())
