"""The same answers are the same answers in every format and under every compression."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path

import polars as pl
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.columns import canonical
from pipelines.adapters.digests import DigestCache
from pipelines.adapters.kinds import read
from pipelines.adapters.landing import discover
from pipelines.adapters.table import LandedFile
from pipelines.config.models import Limits
from tests.arrived import source
from tests.laws import law

Rows = list[dict[str, str]]

HEADINGS = ("Score", "Branch", "Comment, if any")
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8).map(str.strip)
ROWS = st.lists(
    st.builds(
        lambda score, branch, comment: dict(zip(HEADINGS, (str(score), branch, comment), strict=True)),
        st.integers(0, 10),
        CELLS,
        CELLS,
    ),
    min_size=1,
    max_size=6,
)


def as_csv(rows: Rows, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_parquet(rows: Rows) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows).with_columns(pl.col("Score").cast(pl.Float64)).write_parquet(out)
    return out.getvalue()


def as_zip(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def written(rows: Rows) -> dict[str, tuple[str, bytes]]:
    """The kind and the bytes of each file that says the same, by its name."""
    records = json.dumps([{**row, "Score": int(row["Score"])} for row in rows], ensure_ascii=False).encode()
    lines = "\n".join(map(json.dumps, rows)).encode()
    return {
        "a.csv": ("csv", as_csv(rows)),
        "a.tsv": ("csv", as_csv(rows, "\t")),
        "a.csv.gz": ("csv", gzip.compress(as_csv(rows))),
        "a.csv.zst": ("csv", zstandard.ZstdCompressor().compress(as_csv(rows))),
        "a.zip": ("csv", as_zip("folder/a.csv", as_csv(rows))),
        "a.json": ("json", records),
        "b.json": ("json", json.dumps({"data": rows, "page": 1}, indent=1).encode("utf-8-sig")),
        "b.zip": ("json", as_zip("a.json", records)),
        "a.jsonl.gz": ("jsonl", gzip.compress(lines)),
        "a.parquet": ("parquet", as_parquet(rows)),
    }


@law(12)
@given(ROWS)
def test_the_same_answers_are_the_same_in_every_format(rows: Rows) -> None:
    columns = {"score": "Score", "branch": "Branch", "comment": "Comment, if any"}
    found: dict[str, list[tuple[object, ...]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, (kind, content) in written(rows).items():
            (root / name).write_bytes(content)
            [file] = discover(root, [name], Limits(), DigestCache(root / "digests.json"))
            assert isinstance(file, LandedFile)
            of = source(columns, kind)
            answers = canonical(read(file, of, Limits(), root / "scratch"), file, of).collect().sort("source_row")
            # Ids of answers without one of their own are made of `cells`: they must agree as well.
            found[name] = answers.drop("source_row").fill_null("").rows()
    assert found == dict.fromkeys(found, found["a.csv"])
    assert [row[1] for row in found["a.csv"]] == [row["Score"] for row in rows]
