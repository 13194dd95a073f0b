"""Commands about the key of pseudonyms: rotate.

Here: their arguments. Not here: what another key does to people (`pipelines.guards.other_key`).
"""

from __future__ import annotations

import typer

from pipelines.cli import options, show
from pipelines.cli.nights import alone
from pipelines.shown import counted

app = typer.Typer(name="key", help="The key of pseudonyms.", no_args_is_help=True)


@app.callback()
def key() -> None:
    """The key under which people become pseudonyms."""


@app.command()
def rotate(home: options.Home = None) -> None:
    """Make another key of pseudonyms, by which nobody becomes two people, and who was erased stays erased.

    Exit code 0: done, the next run reads all files again. 1: another run is at work. 2: it cannot be, and nothing was done.
    """
    from pipelines.guards.other_key import rotate
    from pipelines.intake.feeds import landing

    files = alone(home, lambda context: rotate(context, landing(context)))
    again = f"{counted(files, 'file')} of landing are read again" if files else "there is no file to be read again"
    show.lines(
        [
            "identity.key has another key, behind those of before: back it up now, apart from the data.",
            f"Type nps run: {again}, and every figure stays what it is.",
        ]
    )
