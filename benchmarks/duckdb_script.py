"""What a good engineer would write instead: one answer per client and month, and the facts of them, in DuckDB by hand.

The result is a database with the table of facts. Still none of the rest: no reasons, no pseudonyms, no history, no second
delivery, nothing checked. Run as `python -m benchmarks.duckdb_script FILE RESULT`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

_ANSWERS = """
    create temp view answers as
    select
        response_id,
        responded_at,
        client_id,
        branch,
        industry,
        date_trunc('month', responded_at)::date as month,
        try_cast(score as double) as score
    from read_csv(
        '{file}',
        columns = {{
            'response_id': 'varchar', 'responded_at': 'timestamp', 'client_id': 'varchar', 'branch': 'varchar',
            'industry': 'varchar', 'score': 'varchar', 'comment': 'varchar'
        }}
    )
"""
_FACTS = """
    create table facts as
    with last_answers as (
        select branch, industry, month, score from answers
        where score between 0 and 10 and score = floor(score)
        qualify row_number() over (partition by client_id, month order by responded_at desc, response_id desc) = 1
    )
    select
        branch,
        industry,
        month,
        count(*) as responses,
        count(*) filter (score >= 9) as promoters,
        count(*) filter (score <= 6) as detractors,
        100.0 * (promoters - detractors) / responses as nps
    from last_answers
    group by all
"""
_SUMS = "select sum(responses)::bigint, sum(promoters)::bigint, sum(detractors)::bigint from facts"


def main() -> None:
    """Write the facts; print how many answers count, and how many of them are promoters and detractors."""
    Path(sys.argv[2]).unlink(missing_ok=True)
    with duckdb.connect(sys.argv[2]) as connection:
        connection.execute(_ANSWERS.format(file=sys.argv[1].replace("'", "''")))
        connection.execute(_FACTS)
        print(*connection.sql(_SUMS).fetchall()[0])


if __name__ == "__main__":
    main()
