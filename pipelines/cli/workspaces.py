"""Commands that make and open workspaces: init, demo, schema, ui.

Here: their arguments. Not here: what a workspace holds (`pipelines.config.create`), what is proposed for
it (`pipelines.sniff`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import options, show
from pipelines.errors import UserError
from pipelines.shown import counted

_NOT_ALL_READ = 3


def init(
    directory: Annotated[Path, typer.Argument(help="The new workspace's folder.")],
    files: Annotated[
        list[Path] | None,
        typer.Option("--from", help="Start from these files: they are looked at, copied in and described in nps.yaml."),
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(help="More files for --from.", metavar="[FILE]...")] = None,
) -> None:
    """Make a workspace with a commented nps.yaml, empty or started from exports: nps init DIR --from FILE...

    Exit code 0: made; 2: not made; 3: made, but a file could not be read, and nps.yaml asks what is to become of it.
    """
    from pipelines.config.create import create_workspace

    home = directory.expanduser().resolve()
    if files:
        _start(home, directory, [file.expanduser() for file in [*files, *(more or [])]])
        return
    if more:
        raise UserError(f"{more[0]}: files are given after --from: nps init {directory} --from {more[0]}")
    made = create_workspace(home)
    show.lines(
        [
            f"Made a workspace in {home}:",
            *(f"  {name}" for name in made),
            "Next: put your exports into landing/, describe them in nps.yaml, and type",
            f"  nps run --home {directory}",
        ]
    )


def _start(home: Path, directory: Path, files: list[Path]) -> None:
    from pipelines.errors import FileRefusedError
    from pipelines.sniff.start import start

    if home.is_file():
        raise UserError(f"{directory} is a file: the workspace's folder comes first: nps init DIR --from {directory}")
    try:
        started = start(home, files)
    except FileRefusedError as error:
        raise UserError(f"No workspace was made. {error.detail}") from error
    show.lines(
        [
            f"Made a workspace in {home}:",
            *(f"  {name}" for name in [*started.made, *started.landed]),
            *(f"Read as {each.found.opened.kind}: {each.name}" for each in started.sources),
            *(each.told for each in started.copies),
            *(f"It could not be read as it is: {each.path.name}" for each in started.unsettled),
            *([f"{counted(len(started.questions), 'question')} in nps.yaml:"] if started.questions else []),
            *(f"  {question}" for question in started.questions),
            "Business time is UTC: say your timezone in nps.yaml.",
            "Next: put the answers in their places in nps.yaml, and type" if started.questions else "Next:",
            f"  nps run --home {directory}",
        ]
    )
    if started.unsettled:
        raise typer.Exit(_NOT_ALL_READ)


def demo(home: options.Home = None) -> None:
    """A workspace of sample exports, one whole night on it, and the scores of every branch."""
    from pipelines.cli.demo import show_demo
    from pipelines.config.workspace import find_home

    raise typer.Exit(show_demo(find_home(home)))


def schema() -> None:
    """Print the JSON Schema of nps.yaml, for editors."""
    from pipelines.config.load import json_schema

    typer.echo(json_schema(), nl=False)


def ui(
    home: options.Home = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on the loopback interface.")] = 3000,
    no_daemon: Annotated[bool, typer.Option("--no-daemon", help="Only the pages: nothing is done by itself.")] = False,
) -> None:
    """Start the Dagster UI and daemon on loopback, on the workspace. The UI has no login: keep it there."""
    import os

    from pipelines.config.create import place_dagster_settings
    from pipelines.config.workspace import HOME_VARIABLE, find_home, open_workspace
    from pipelines.runs.ui import HOST, refuse_taken, serve
    from pipelines.trouble.sentences import trouble_told

    workspace = open_workspace(find_home(home))
    os.environ[HOME_VARIABLE] = str(workspace.root)
    os.environ["DAGSTER_HOME"] = str(workspace.dagster_home)
    with trouble_told(workspace):
        place_dagster_settings(workspace.dagster_home)
        refuse_taken(port)
        show.lines([f"The UI: http://{HOST}:{port}"])
        serve(
            port, lambda says: show.err.print(says, style="yellow", markup=False, highlight=False), daemon=not no_daemon
        )
