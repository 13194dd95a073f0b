"""How the words behind a command are read.

Here: what typer lets pass. Not here: options (`options`) and commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer import BadParameter
from typer.core import TyperCommand, TyperOption

if TYPE_CHECKING:
    from typer import Context


class Command(TyperCommand):
    """A command of which an option that has one value is given once: typer would take the last and drop the others."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """What stands behind the options. Raises `BadParameter`, which ends the command with exit code 2."""
        given = [word.partition("=")[0] for word in args[: args.index("--") if "--" in args else None]]
        for option in self.params:
            is_single = isinstance(option, TyperOption) and not option.multiple and not option.is_flag
            if is_single and sum(word in option.opts for word in given) > 1:
                raise BadParameter(f"{option.opts[0]} is given more than once; it takes one value.", ctx=ctx)
        return super().parse_args(ctx, args)
