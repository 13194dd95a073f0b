"""The names that tables and models use, which no dimension of nps.yaml's own may have.

Here: finding them. Not here: what they mean (`models/comments.yaml`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import duckdb

from transforms.own_yaml import own_yaml

_MODELS: Final = Path(__file__).parent / "models"


@cache
def names_taken() -> frozenset[str]:
    """Every column of the published file, every word that models are written with, and what SQL keeps for itself."""
    text = "\n".join(re.sub("--.*|'[^']*'", "", file.read_text("utf-8")) for file in _MODELS.rglob("*.sql"))
    columns = own_yaml("warehouse", _MODELS.name, "comments.yaml")["columns"]
    with duckdb.connect() as connection:
        kept = connection.execute("select keyword_name from duckdb_keywords() where keyword_category <> 'unreserved'")
        reserved = {str(word) for (word,) in kept.fetchall()}
    return frozenset({*columns, *re.findall("[a-z_][a-z0-9_]*", text), *reserved})
