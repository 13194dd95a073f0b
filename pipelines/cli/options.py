"""Options that commands share.

Here: declarations and how they are read. Not here: commands.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.errors import UserError

Home = Annotated[
    Path | None,
    typer.Option("--home", help="The workspace; NPS_HOME if not given, then ./workspace.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="For programs: one JSON document on standard output.")]


def one_form(*, csv: bool, json: bool) -> None:
    """Hold that one form is asked for at most. Raises `UserError`."""
    if csv and json:
        raise UserError("Say --csv or --json, one of them.")


def month(text: str) -> date:
    """A month written 2025-01. Raises `UserError`."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise UserError(f"{text!r} is no month; a month is written 2025-01.") from error
