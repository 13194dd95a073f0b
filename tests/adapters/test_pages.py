"""One page of several of an API: what it says beside its records is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff

_RECORDS = [{"nps": i % 11, "answered_at": f"2024-01-{1 + i}"} for i in range(22)]


def notes_on(folder: Path, content: dict[str, object]) -> str:
    """What is told of a file that holds this, at first sight."""
    (folder / "x.json").write_text(json.dumps(content), "utf-8")
    return " ".join(sniff(folder / "x.json").found.notes)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"data": _RECORDS, "pageInfo": {"hasNextPage": True, "endCursor": "abc"}}, "'hasNextPage'"),
        ({"data": {"answers": {"page_info": {"has_next_page": True}, "nodes": _RECORDS}}}, "'has_next_page'"),
        ({"@odata.nextLink": "https://x.hr/2", "value": _RECORDS}, "'@odata.nextLink'"),
        ({"page": 1, "total_pages": 3, "data": _RECORDS}, "'page 1 of 3'"),
        ({"totalSize": 22, "done": False, "records": _RECORDS}, "'done'"),
        ({"content": _RECORDS, "last": False, "totalPages": 4, "number": 0}, "'last'"),
        ({"results": _RECORDS, "paging": {"next": {"after": "22"}}}, "'next'"),
        ({"total": 360, "limit": 22, "offset": 0, "items": _RECORDS}, "'total: 360'"),
    ],
)
def test_a_page_that_says_that_others_follow_is_told(tmp_path: Path, content: dict[str, object], told: str) -> None:
    assert f"more ({told})" in notes_on(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        {"data": _RECORDS, "pageInfo": {"hasNextPage": False}, "total": 360},
        {"count": 360, "next": None, "previous": "https://x.hr/2", "results": _RECORDS},
        {"page": 3, "total_pages": 3, "total": 360, "data": _RECORDS},
        {"total": 22, "items": _RECORDS},
        {"totalSize": 22, "done": True, "records": _RECORDS},
        {"results": _RECORDS, "links": {"next": {"href": None}, "last": "https://x.hr/3"}},
    ],
)
def test_a_last_page_and_a_whole_export_are_not(tmp_path: Path, content: dict[str, object]) -> None:
    assert "page" not in notes_on(tmp_path, content)
