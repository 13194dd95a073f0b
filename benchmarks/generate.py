"""A log of N answers as one CSV file of about 93 bytes a row, and 100,000 more that come later.

Here: what the rows look like. Not here: who reads them. Run as `python -m benchmarks.generate N FILE [--extra]`, or with
`--by-month` for a folder with a file of each month.

The rows come in the order of their dates, give or take two days, as a real log has them. A quarter of them has a
comment, 2 % have no score, 0.1 % have one that is none. Each client answers four times or so in 24 months.
"""

from __future__ import annotations

import argparse
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

import duckdb

#: 24 months: their first day, and the first day after them.
PERIOD: Final = (date(2024, 7, 1), date(2026, 7, 1))
MONTHS: Final = 24
BRANCHES: Final = 120
EXTRA_ROWS: Final = 100_000
#: The late rows: a quarter of them falls in the last month, where more than as many again as there are would be held; the
#: others in the one that follows.
EXTRA_PERIOD: Final = (date(2026, 6, 23), date(2026, 7, 23))

_SECONDS_OUT_OF_ORDER: Final = 172_800
_ROWS: Final = """
    select
        'R' || lpad((i + {first})::varchar, 9, '0') as response_id,
        strftime(
            timestamp '{starts}' + to_seconds(
                (i * ({seconds} - {shuffle}) // {rows}) + (hash(i * 7 + {first}) % {shuffle})::bigint
            ), '%Y-%m-%d %H:%M:%S'
        ) as responded_at,
        'C' || lpad((hash(i * 3 + {first}) % {clients})::varchar, 9, '0') as client_id,
        'branch_' || lpad((hash(i * 11 + {first}) % {branches})::varchar, 3, '0') as branch,
        (['banking', 'insurance', 'telecom', 'grocery', 'energy', 'logistics'])[1 + (hash(i * 13 + {first}) % 6)::int]
            as industry,
        case
            when hash(i * 17 + {first}) % 50 = 0 then null
            when hash(i * 29 + {first}) % 1000 = 0 then (['11', '-1', '7.5', 'ten'])[1 + (i % 4)::int]
            else (list_value(10, 10, 10, 10, 10, 9, 9, 9, 8, 8, 8, 8, 7, 7, 7, 6, 5, 4, 2, 0))
                [1 + (hash(i * 19 + {first}) % 20)::int]::varchar
        end as score,
        case
            when hash(i * 23 + {first}) % 4 = 0
            then 'I waited for number ' || (hash(i) % 1000)::varchar
                || ' at the front desk and they said "come back tomorrow", which I did, but it was closed.'
        end as comment
    from range({rows}) as t (i)
"""

_CONTACTS: Final = """
    select
        'K' || response_id[2:] as contact_id,
        strftime(responded_at::timestamp - to_seconds(1 + (hash(response_id) % 259200)::bigint), '%Y-%m-%d %H:%M:%S')
            as sent_at,
        case when hash(response_id || 'c') % 3 = 0 then 'D' || client_id[2:] else client_id end as client_id,
        branch,
        (['sms', 'e-mail', 'ivr'])[1 + (hash(response_id || 'h') % 3)::int] as channel,
        (['sent', 'sent', 'sent', 'opened', 'bounced'])[1 + (hash(response_id || 's') % 5)::int] as status
    from {answers}
"""


def generate(rows: int, file: Path) -> None:
    """Write N answers of 24 months. The same bytes for the same N and DuckDB."""
    _write(file, first=0, rows=rows, clients=max(1, rows // 4), period=PERIOD)


def generate_by_month(rows: int, folder: Path, *, branches: int = BRANCHES) -> None:
    """Write as many answers in 24 files, one of each month."""
    folder.mkdir()
    each = rows // MONTHS
    for number, period in enumerate(pairwise(months())):
        file = folder / f"{period[0]:%Y-%m}.csv"
        about = {"clients": max(1, rows // 4), "branches": branches}
        _write(file, first=number * each, rows=each, period=period, **about)


def months() -> list[date]:
    """The first days of the 24 months, and the first one after them."""
    first = 12 * PERIOD[0].year + PERIOD[0].month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + MONTHS + 1)]


def generate_late(after: int, file: Path, month: int, *, rows: int, branches: int) -> None:
    """Write answers of a month (0 is the first) that come after the first N, of the same clients."""
    period = months()[month], months()[month + 1]
    _write(file, first=after, rows=rows, clients=max(1, after // 4), period=period, branches=branches)


def generate_extra(after: int, file: Path) -> None:
    """Write 100,000 answers that come after the first N, of the same clients, with ids of their own."""
    _write(file, first=after, rows=EXTRA_ROWS, clients=max(1, after // 4), period=EXTRA_PERIOD)


def _write(  # noqa: PLR0913 - each says what the rows look like
    file: Path, *, first: int, rows: int, clients: int, period: tuple[date, date], branches: int = BRANCHES
) -> None:
    starts, ends = period
    with duckdb.connect() as connection:
        seconds = (ends - starts).days * 86_400
        query = _ROWS.format(
            first=first,
            rows=rows,
            clients=clients,
            starts=starts,
            seconds=seconds,
            branches=branches,
            shuffle=_SECONDS_OUT_OF_ORDER,
        )
        connection.sql(f"copy ({query}) to '{file}' (header, delimiter ',')")


def generate_contacts(answers: Path, file: Path) -> None:
    """Write a contact for each answer of a file: up to three days before it, every third of another client.

    Only its columns of id, time, client and branch are read; ids of contacts are not those of answers.
    """
    with duckdb.connect() as connection:
        read = f"read_csv('{answers}', all_varchar = true)"
        connection.sql(f"copy ({_CONTACTS.format(answers=read)}) to '{file}' (header, delimiter ',')")


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--extra", action="store_true", help="the rows that come after the first N")
    parser.add_argument("--by-month", action="store_true", help="a folder with a file of each month")
    given = parser.parse_args()
    write = generate_extra if given.extra else generate_by_month if given.by_month else generate
    write(given.rows, given.file)


if __name__ == "__main__":
    main()
