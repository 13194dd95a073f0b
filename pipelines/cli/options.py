"""Options: those that commands share, and what typer lets pass of any.

Here: declarations and how they are read. Not here: commands.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand, TyperOption

from pipelines.errors import UserError

if TYPE_CHECKING:
    from typer import Context

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


class Command(TyperCommand):
    """A command of which an option that has one value is given once: typer would take the last and drop the others."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """What stands behind the options. Raises `BadParameter`, which ends the command with exit code 2."""
        given = [word.partition("=")[0] for word in args[: args.index("--") if "--" in args else None]]
        for option in self.params:
            is_single = isinstance(option, TyperOption) and not option.multiple and not option.is_flag
            if is_single and sum(word in option.opts for word in given) > 1:
                raise typer.BadParameter(f"{option.opts[0]} is given more than once; it takes one value.", ctx=ctx)
        return super().parse_args(ctx, args)
