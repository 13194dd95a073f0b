"""What a workspace should publish, once more and naively: rows as dictionaries, every rule written as the documents say it.

Here: the standard library only, and nothing of the house, so that no mistake is made twice. It reads landing each night
as a person would and remembers what counts. Not here: any layout but commas in UTF-8.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
NEVER = datetime(1, 1, 1, tzinfo=UTC)
GROUPS = ("branch", "industry", "survey", "channel")
SCALES = {
    "0-10": {x: x for x in range(11)},
    "1-10": {x: round((x - 1) * 10 / 9) for x in range(1, 11)},
    "1-5": {1: 0, 2: 3, 3: 6, 4: 8, 5: 10},
}


@dataclass
class File:
    """A file that was read: where its bytes stood when they were last seen, and what became of its rows."""

    feed: str
    order: tuple[float, str]
    names: set[str]
    settings: str
    delivery: str
    scope: str
    rows: list[Row]
    counts: Counter[str] = field(default_factory=Counter)
    replaced: bool = False


class Reference:
    """What counts, night by night."""

    def __init__(self) -> None:
        """Nothing has arrived."""
        self.files: dict[tuple[str, str], File] = {}

    def night(self, home: Path, settings: Mapping[str, Any]) -> None:
        """Read what is in landing now."""
        self.settings = settings
        feeds = {f"dimension.{name}": each for name, each in settings["dimensions"].items()} | settings["sources"]
        self.feeds = set(feeds)
        for feed, source in feeds.items():
            self._take_in(home, feed, source)

    def _take_in(self, home: Path, feed: str, source: Mapping[str, Any]) -> None:
        here: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(home.glob(source["files"])):
            named = re.search(source.get("file_name", ""), path.name)
            values = named.groupdict() if named else {}
            digest = hashlib.sha256(path.read_bytes()).hexdigest() + json.dumps(values, sort_keys=True)
            here[digest].append(path)
        read_as = json.dumps([source, self.settings["timezone"]], sort_keys=True)
        names = {str(path): digest for digest, paths in here.items() for path in paths}
        for digest, paths in here.items():
            known = self.files.get((feed, digest))
            if known is None or known.replaced or known.settings != read_as:
                self.files[feed, digest] = self._read(paths[0], feed, source, read_as)
            self.files[feed, digest].names = set(map(str, paths))
        for (name, digest), file in self.files.items():
            if name == feed and digest not in here and file.names & set(names):
                file.replaced = True

    def _read(self, path: Path, feed: str, source: Mapping[str, Any], read_as: str) -> File:
        named = re.search(source.get("file_name", ""), path.name)
        values = named.groupdict() if named else {}
        modified = path.stat().st_mtime
        scope = json.dumps({name: value for name, value in sorted(values.items()) if name != "responded_at"})
        file = File(feed, (modified, str(path)), set(), read_as, source.get("delivery", ""), scope, [])
        seen: Counter[str] = Counter()
        for number, cells in enumerate(csv.DictReader(io.StringIO(path.read_text("utf-8")))):
            row: Row = {**source.get("defaults", {}), **values}
            row |= {name: cells[heading] for name, heading in source["columns"].items()}
            row |= {"source": feed, "number": number, "order": (*file.order, number)}
            row = {key: (value.strip() or None) if isinstance(value, str) else value for key, value in row.items()}
            if feed.startswith("dimension."):
                file.rows.append(self._member(row, modified))
                continue
            if "response_id" not in source["columns"]:
                whole = json.dumps([cells, values], sort_keys=True)
                seen[whole] += 1
                row["response_id"] = f"{whole}#{seen[whole]}"
            row["outcome"], row["reason"] = self._judged(row, source, cells)
            file.counts[row["outcome"]] += 1
            file.rows.append(row)
        return file

    def _member(self, row: Row, modified: float) -> Row:
        zone = ZoneInfo(self.settings["timezone"])
        day = row.get("valid_from") or datetime.fromtimestamp(modified, zone).date().isoformat()
        return row | {"from": datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)}

    def _judged(self, row: Row, source: Mapping[str, Any], cells: Mapping[str, str]) -> tuple[str, str | None]:
        """Give a row its score, its instants and its month; say what becomes of it and why."""
        business = ZoneInfo(self.settings["timezone"])
        zone = ZoneInfo(source.get("dates", {}).get("timezone") or self.settings["timezone"])
        for reason, rule in source.get("exclude", {}).items():
            if cells[rule["column"]] in rule["values"]:
                return "excluded", reason
        text = row["score"] or ""
        if text.lower() in {"", "n/a", "na", "-", "don't know"}:
            return "unanswered", None
        wrong = self._scored(row, text, source["scale"]) or self._dated(row, zone, business)
        row |= {"metric": source["metric"], "survey": row.get("survey") or row["source"]}
        row["who"] = row["respondent"].lower() if row.get("respondent") else None
        return ("rejected", wrong) if wrong else ("accepted", None)

    def _scored(self, row: Row, text: str, scale: str) -> str | None:
        """Why a text is no score; else the row gets it."""
        whole = re.fullmatch(r"(-?\d+)(?:[.,]0+)?", text)
        stated = whole or re.fullmatch(r"(\d+) - [^\d]+", text) or re.fullmatch(r"[^\d]+ - (\d+)", text)
        if stated is None:
            return "score_fractional" if re.fullmatch(r"-?\d+[.,]\d+", text) else "score_unreadable"
        row["score"] = SCALES[scale].get(int(stated[1]))
        if row["score"] is None:
            return "score_out_of_scale"
        row["category"] = "detractors" if row["score"] < 7 else "passives" if row["score"] < 9 else "promoters"
        return None if row["response_id"] else "row_malformed"

    def _dated(self, row: Row, zone: ZoneInfo, business: ZoneInfo) -> str | None:
        """Why a row has no date that counts; else it gets its instants and its month."""
        row["at"], row["updated"] = _instant(row["responded_at"], zone), _instant(row.get("updated_at"), zone) or NEVER
        if row["at"] is None:
            return "date_unreadable" if row["responded_at"] else "date_missing"
        if row["at"] > datetime.now(UTC) + timedelta(days=1):
            return "date_in_future"
        local = row["at"].astimezone(business)
        row["month"] = date(local.year, local.month, 1)
        return "date_before_survey" if f"{local:%Y-%m}" < self.settings["history_from"] else None

    def counted(self, dimensions: str = "") -> list[File]:
        """The files that count, old ones first."""
        found = [file for file in self.files.values() if file.feed in self.feeds and not file.replaced]
        return sorted(
            (file for file in found if file.feed.startswith("dimension.") == bool(dimensions)
             and file.feed.endswith(dimensions)),
            key=lambda file: file.order,
        )  # fmt: skip

    def responses(self) -> list[Row]:
        """Every answer that counts, with its branch, industry and department as they were."""
        newest = {
            (file.feed, file.scope, row["survey"]): file
            for file in self.counted() for row in file.rows
            if row["outcome"] == "accepted" and file.delivery == "snapshot"
        }  # fmt: skip
        answers = [
            row
            for file in self.counted() for row in file.rows
            if row["outcome"] == "accepted"
            and (file.delivery == "incremental" or newest[file.feed, file.scope, row["survey"]] is file)
        ]  # fmt: skip
        versions = {
            (row["source"], row["response_id"]): row
            for row in sorted(answers, key=lambda row: (row["updated"], row["order"]))
        }
        counting = sorted(versions.values(), key=lambda row: (row["updated"], row["order"]))
        if self.settings["one_answer"] != "all":
            sign = 1 if self.settings["one_answer"] == "latest" else -1
            counting.sort(key=lambda row: sign * row["at"].timestamp())
            one = {(row["metric"], row["survey"], row["month"], row["who"] or row["order"]): row for row in counting}
            counting = list(one.values())
        return [self._placed(row) for row in counting]

    def _placed(self, row: Row) -> Row:
        account = self._known("accounts", "account", row.get("account") or row["who"], row["at"])
        employee = self._known("employees", "employee", row["who"], row["at"])
        branches = [self._branch(each.get("branch")) for each in (row, employee, account)]
        industries = [self._industry(each.get("industry")) for each in (row, account)]
        department = row.get("department") or employee.get("department")
        return row | {
            "branch": next(filter(None, branches), "unknown"),
            "industry": next(filter(None, industries), "unknown"),
            "department": department or "unknown",
            "channel": row.get("channel") or "unknown",
        }

    def _known(self, dimension: str, key: str, member: str | None, at: datetime) -> Row:
        if member is None:
            return {}
        days = {
            row["from"]: row
            for file in self.counted(dimension) for row in file.rows
            if row[key].lower() == member.lower()
        }  # fmt: skip
        began = [day for day in sorted(days) if day <= at] or sorted(days)[:1]
        return days[began[-1]] if began else {}

    def _branch(self, said: str | None) -> str | None:
        if "branches" not in self.settings["dimensions"] or said is None:
            return said
        # Of two files about one day the newer is right.
        members = {(row["branch"], row["from"]): row for file in self.counted("branches") for row in file.rows}.values()
        codes = {row["branch"] for row in members if row["branch"].lower() == said.lower()}
        named = {row["branch"] for row in members if (row["name"] or "").lower() == said.lower()}
        found = codes or named
        return found.pop() if len(found) == 1 else None

    def _industry(self, said: str | None) -> str | None:
        for industry, others in self.settings["industries"]["synonyms"].items():
            if said and said.lower() in [industry, *others]:
                return str(industry)
        return None if self.settings["industries"]["only_listed"] else said


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{text}-01" if re.fullmatch(r"\d{4}-\d\d", text or "") else text or "").replace(
            tzinfo=zone
        ).astimezone(UTC)  # fmt: skip
    except ValueError:
        return None


def summed(
    responses: Iterable[Row], metric: str, columns: tuple[str, ...], least: int = 1
) -> dict[tuple[Any, ...], Any]:
    """Responses, promoters, passives, detractors and the sum of scores of each group."""
    found: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for row in responses:
        if row["metric"] == metric:
            found[tuple(row[name] for name in columns)].update({row["category"]: 1, "all": 1, "score": row["score"]})
    parts = ("all", "promoters", "passives", "detractors", "score")
    return {key: tuple(each[name] for name in parts) for key, each in found.items() if each["all"] >= least}
