"""What a night of the benchmark published: answers, promoters, detractors.

They must be those of the pandas script. Run as `python -m benchmarks.published DATABASE`.
"""

from __future__ import annotations

import sys

import duckdb

_QUERY = "select sum(responses)::bigint, sum(promoters)::bigint, sum(detractors)::bigint from marts.fct_nps"


def main() -> None:
    """Print the three sums."""
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        print(*connection.sql(_QUERY).fetchall()[0])


if __name__ == "__main__":
    main()
