"""The pages of BI tools: all are found, each says how to connect read-only, and whether it was tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.glob("bi/*.md"))
#: How tools say it; Grafana has no way to.
READ_ONLY = re.compile(r"read_only|readonly|READ_ONLY|read-only")


def test_the_page_of_bi_leads_to_each() -> None:
    assert set(re.findall(r"\(bi/([\w-]+\.md)\)", (DOCS / "bi.md").read_text("utf-8"))) == {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_how_to_connect_and_what_was_tried(page: Path) -> None:
    text = page.read_text("utf-8")
    assert READ_ONLY.search(text)
    assert re.search(r"(?i)\btried with\b|\bnot tried here\b", text)
