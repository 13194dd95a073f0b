"""Which months are read for attempts to ask somebody."""

from __future__ import annotations

from datetime import date

from warehouse.months.attempts import window


def test_answers_are_looked_for_in_each_month_that_ninety_days_lead_to() -> None:
    assert window(date(2025, 1, 1)) == [date(2025, month, 1) for month in range(1, 6)], "31 January and 90 days: 1 May"
    assert window(date(2025, 5, 1)) == [date(2025, month, 1) for month in range(5, 9)], "31 May and 90 days: 29 August"
