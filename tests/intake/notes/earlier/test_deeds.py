"""What clients did, in a later file: kinds that are gone, days that are all alike, clients of whom nobody was there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support.scenario import land, noted, source, workspace

KINDS = {"purchase": ["order"], "refund": ["returned"]}


def orders(
    month: int,
    many: int = 80,
    kinds: str = "order order order returned",
    who: str = "A{:03}",
    on: Callable[[int], str] = str,
) -> str:
    of = kinds.split()
    day = (lambda n: f"2025-{month:02}-{1 + n % 28:02}") if on is str else on
    rows = [f"{who.format(n * 7 % 60)},{day(n)},{of[n * 5 % len(of)]},{20 + n}" for n in range(many)]
    return "\n".join(["who,day,type,amount", *rows, ""])


def notes(tmp_path: Path, *files: str) -> list[str]:
    columns = {"account": "who", "occurred_at": "day", "kind": "type", "amount": "amount"}
    activity = {"o": {"kind": "csv", "files": "landing/o/*", "columns": columns, "kinds": KINDS}}
    home = workspace(tmp_path, {"sources": {"a": source("a")}, "activity": activity})
    for day, text in enumerate(files, 1):
        land(home, f"o/{day}.csv", text, day)
    return [*noted(home).values()]


def test_a_file_without_a_kind_that_those_before_have_is_told(tmp_path: Path) -> None:
    *_, told = notes(tmp_path, orders(1), orders(2), orders(3, kinds="order"))
    assert "None of its 80 rows is a refund, while 40 of 160 in the files before it are: revenue is too high" in told


def test_days_and_months_that_changed_places_are_told(tmp_path: Path) -> None:
    *_, told = notes(tmp_path, orders(1), orders(3, on=lambda n: f"2025-{1 + n % 5:02}-03"))
    assert "Its 80 rows are of 5 months, and all of the same day of the month" in told


def test_clients_who_are_called_otherwise_are_told(tmp_path: Path) -> None:
    *_, told = notes(tmp_path, orders(1), orders(2), orders(3, who="{}"))
    assert "Nobody of the 60 different texts that it has for client is in the files before it" in told


def test_orders_as_before_are_told_of_nothing(tmp_path: Path) -> None:
    assert notes(tmp_path, orders(1), orders(2), orders(3), orders(4, 20, "order order order")) == [""] * 4
