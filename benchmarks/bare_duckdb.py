"""The least that any programme must do: read the CSV and count by branch, industry and month, in bare DuckDB.

It does none of the warehouse's other work: no reasons for what it drops, no one answer per client and month, no
pseudonyms, no history, nothing checked, nothing kept. Run as `python -m benchmarks.bare_duckdb FILE`.
"""

from __future__ import annotations

import sys

import duckdb

_QUERY = """
    select
        branch,
        industry,
        date_trunc('month', responded_at) as month,
        count(*) as responses,
        count(*) filter (stated >= 9) as promoters,
        count(*) filter (stated <= 6) as detractors
    from (
        select
            branch,
            industry,
            responded_at,
            try_cast(score as double) as stated
        from read_csv(
            '{file}',
            columns = {{
                'response_id': 'varchar', 'responded_at': 'timestamp', 'client_id': 'varchar', 'branch': 'varchar',
                'industry': 'varchar', 'score': 'varchar', 'comment': 'varchar'
            }}
        )
    )
    where stated between 0 and 10
    group by all
"""


def main() -> None:
    """Print how many groups and answers there are."""
    # Not as a parameter: to look at one, DuckDB imports pandas, which takes longer than a million rows.
    groups = duckdb.sql(_QUERY.format(file=sys.argv[1].replace("'", "''"))).fetchall()
    print(len(groups), sum(group[3] for group in groups))


if __name__ == "__main__":
    main()
