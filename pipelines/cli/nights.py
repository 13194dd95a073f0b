"""Commands that do the night's work, or change what it works with: run, backfill, withdraw, erase.

Here: their arguments. Not here: the work itself (`pipelines.runs.night`), how it looks (`show`).
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pipelines.cli import options, show
from pipelines.cli.opened import opened
from pipelines.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.config.workspace import Workspace
    from pipelines.context import Context
    from pipelines.guards.lock import AlreadyRunningError, Doing
    from pipelines.runs.told import NightReport


Done = TypeVar("Done")

#: The exit code of a command whose own wish was not done, because another run is at work.
NOT_DONE = 1


def run(
    home: options.Home = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="Take this held file in although it has fewer answers than before, or changes months that had ended. "
            "Or `restatements`: publish changes of periods that had ended; `key`: go on with another key. May be repeated.",
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """One night: take in what is pending, rebuild what is stale, publish.

    Exit code 0: published, or nothing to do. 1: a gate stopped publishing, the last file stands. 2: a mistake in nps.yaml
    or in how the command was used. 3: published, but files were held or refused.
    """
    from pipelines.intake.acceptance import accepting
    from pipelines.runs.night import run_night

    if accept:
        raise typer.Exit(work(home, lambda context: run_night(accepting(context, accept)), as_json=json, busy=NOT_DONE))
    raise typer.Exit(work(home, run_night, as_json=json))


def backfill(
    first: Annotated[str, typer.Argument(help="First month, such as 2025-01.")],
    last: Annotated[str, typer.Argument(help="Last month.")],
    home: options.Home = None,
    reingest: Annotated[bool, typer.Option("--reingest", help="Read the files of these months again first.")] = False,
    json: options.Json = False,
) -> None:
    """Build months anew and publish: the same as selecting those partitions in the UI. Exit codes as of run."""
    from pipelines.runs import night

    start, end = options.month(first), options.month(last)
    if end < start:
        raise UserError(f"The last month, {last}, is before the first, {first}.")
    do = partial(night.backfill, first=start, last=end, reingest=reingest)
    raise typer.Exit(work(home, do, as_json=json, busy=NOT_DONE, does="backfill"))


def withdraw(
    file: Annotated[str, typer.Argument(help="The file, as meta.files and nps status name it; or where it lies.")],
    home: options.Home = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let a withdrawn file count again.")] = False,
) -> None:
    """Take a file back: its rows count no more, also while it lies in landing, until --undo.

    Exit code 0: recorded, the next run publishes it. 1: another run is at work. 2: there is nothing to take back.
    """
    from pipelines.intake import withdrawal
    from warehouse.lake.ledgers import DIMENSION_PREFIX

    records = alone(home, lambda context: (withdrawal.undo if undo else withdrawal.withdraw)(context, file))
    files = [
        {**file, "has_answers": not file["source"].startswith(DIMENSION_PREFIX)}
        for file in records.iter_rows(named=True)
    ]
    show.withdrawn(files, undo=undo)


def erase(
    respondent: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="What files call the person: an address, a number. May be repeated; - reads lines."
        ),
    ] = None,
    key: Annotated[list[str] | None, typer.Option(help="Or the pseudonym. May be repeated.")] = None,
    look: Annotated[bool, typer.Option("--look", help="Only say what there is of them.")] = False,
    home: options.Home = None,
) -> None:
    """Erase a person everywhere, for good: clients and employees, their answers and what else is known of them.

    Exit code 0: done, the next run publishes it. 1: another run is at work. 2: that is nobody's name.
    """
    from pipelines.intake import erasure
    from pipelines.intake.erasure import Traces

    names = [
        each for given in respondent or () for each in (sys.stdin.read().splitlines() if given == "-" else [given])
    ]

    def done(context: Context) -> Traces:
        who = erasure.people(context, [name for name in names if name.strip()], key or [])
        return erasure.look(context, who) if look else erasure.erase(context, who)

    show.erased(alone(home, done))


def alone(home: Path | None, do: Callable[[Context], Done]) -> Done:
    """Do what takes a moment while no other run is at work; where one is, it is not done, and the command ends."""
    from pipelines.context import Context
    from pipelines.guards.lock import AlreadyRunningError, only_night

    with opened(home) as workspace:
        workspace.key()
        context = Context(workspace)
        try:
            with only_night(context, "moment"):
                return do(context)
        except AlreadyRunningError as error:
            busy = error
    raise typer.Exit(_not_alone(workspace, busy, NOT_DONE))


def work(
    home: Path | None,
    do: Callable[[Context], NightReport],
    *,
    as_json: bool = False,
    busy: int = 0,
    does: Doing = "night",
) -> int:
    """Do a night's work alone on the workspace, show how far it is and what it did, and give the exit code.

    That is `busy` where another night is at work: it does what there is to do, but not what only this command asks for.
    Where that one hangs, nothing is done at all.
    """
    from pipelines.context import Context
    from pipelines.guards.lock import AlreadyRunningError, only_night

    other: AlreadyRunningError | None = None
    with opened(home) as workspace:
        workspace.key()
        try:
            with (
                _told(workspace) as failed,
                only_night(Context(workspace), does),
                show.progress(visible=not as_json) as tell,
            ):
                report = do(Context(workspace, tell))
                failed.extend(report.errors)
        except AlreadyRunningError as error:
            other = error
    if other is not None:
        return _not_alone(workspace, other, busy)
    if as_json:
        show.as_json({**asdict(report), "exit_code": report.exit_code, "database": workspace.database})
    else:
        show.night(report, str(workspace.database))
    return report.exit_code


@contextmanager
def _told(workspace: Workspace) -> Iterator[list[str]]:
    """Tell the receivers of nps.yaml when the work within has ended; also of an error by which it does, or is given."""
    from pipelines.guards.lock import AlreadyRunningError

    failed: list[str] = []
    try:
        yield failed
    except (AlreadyRunningError, UserError):
        raise
    except Exception as error:
        _tell(workspace, [*failed, str(error) or type(error).__name__])
        raise
    _tell(workspace, failed)


def _tell(workspace: Workspace, failed: list[str]) -> None:
    from pipelines.context import Context
    from pipelines.notices.outbox import tell

    for each in tell(Context(workspace), failed):
        show.err.print(each, style="yellow", markup=False, highlight=False)


def _not_alone(workspace: Workspace, error: AlreadyRunningError, busy: int) -> int:
    if error.hangs:
        show.err.print(
            f"Another run is at work on {workspace.root} since {error.hangs.since:%Y-%m-%d %H:%M} UTC, longer than "
            f"limits.max_night_hours of nps.yaml ({workspace.config.limits.max_night_hours:g}) allows: it hangs. Nothing "
            f"was done. End its process, {error.hangs.pid}, and type nps run again: what is finished is kept.",
            style="red", markup=False, highlight=False,
        )  # fmt: skip
        return NOT_DONE
    if error.does != "night":  # it takes in nothing new: what this one is for would stay undone without a word
        busy = NOT_DONE
    left = "leaves it alone and ends" if busy == 0 else "was not done. Type it again when that one has ended"
    who = "A backfill" if error.does == "backfill" else "Another run"
    show.err.print(f"{who} is at work on {workspace.root}; this one {left}.", style="yellow")
    return busy
