"""The `nps` command: its subcommands, and how mistakes are told.

Here: the application and `main`. Not here: any command (`pipelines.cli.*`); what each does is imported when it runs, so
that `nps --help` is quick.
"""

from __future__ import annotations

import atexit
import errno
import gc
import io
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

from pipelines.cli import explain, files, keys, look, nights, sniff, workspaces
from pipelines.cli.options import Command
from pipelines.cli.show import err
from pipelines.errors import NoRoomError, UserError
from pipelines.trouble.machine import refuse_small_machine
from warehouse.lake.errors import DamagedError

USAGE_ERROR = 2
UNEXPECTED = 1
INTERRUPTED = 130
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL = (errno.ENOSPC, errno.EDQUOT)
#: By which a service, a container and a terminal that is closed end what runs in them.
_ENDINGS = (signal.SIGTERM, signal.SIGHUP)

#: A night makes millions of objects that stay: with Python's own threshold the garbage collector walks them again and
#: again, for a fifth of the time of a short night. This many are some 50 MiB, and more than a short night makes.
_NEW_OBJECTS_UNTIL_COLLECTED = 700_000

app = typer.Typer(
    name="nps",
    help="A warehouse for NPS and eNPS: survey exports in, correct scores by branch, period and industry out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    workspaces.init,
    workspaces.demo,
    nights.run,
    look.status,
    look.query,
    look.rejects,
    look.followups,
    explain.explain,
    files.export,
    files.report,
    sniff.sniff,
    nights.backfill,
    nights.withdraw,
    nights.erase,
    workspaces.schema,
    workspaces.ui,
):
    app.command(cls=Command)(command)
app.add_typer(keys.app)


def main() -> None:
    """Run the command."""
    gc.set_threshold(_NEW_OBJECTS_UNTIL_COLLECTED)
    # When Python ends it collects once more whatever was imported: a second of a short night, for nothing.
    atexit.register(gc.freeze)
    _be_interrupted_however_it_is_ended()
    with told():
        refuse_small_machine()
        app(prog_name="nps")


def _be_interrupted_however_it_is_ended() -> None:
    """Whoever ends this process in a usual way does as Ctrl-C does; what was told to go on (nohup) goes on."""
    for ending in _ENDINGS:
        if signal.getsignal(ending) == signal.SIG_DFL:
            signal.signal(ending, lambda *_: signal.raise_signal(signal.SIGINT))


@contextmanager
def told() -> Iterator[None]:
    """End with a sentence and an exit code where something goes wrong; a user's mistake is 2, never a traceback."""
    # Where no home can be written it would tell each time where it keeps its fonts.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    for stream in (sys.stdout, sys.stderr):
        _show_what_letters_there_are(stream)
    try:
        yield
    except UserError as error:
        err.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(USAGE_ERROR)
    except (NoRoomError, DamagedError) as error:
        err.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(UNEXPECTED)
    except OSError as error:
        err.print(_sentence(error), style="red", markup=False, highlight=False)
        sys.exit(UNEXPECTED)
    except KeyboardInterrupt:
        _stopped()
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer makes this of Ctrl-C within a command, without a word
            _stopped()
        raise


def _show_what_letters_there_are(stream: TextIO) -> None:
    """Escape letters that an encoding of the terminal does not have, in place of stopping at them."""
    # Under LC_ALL=C Python keeps bytes that are no text, and stops at letters all the same.
    if isinstance(stream, io.TextIOWrapper) and stream.errors in {"strict", "surrogateescape"}:
        stream.reconfigure(errors="backslashreplace")


def _stopped() -> None:
    err.print("Stopped. What was finished is kept; the next run goes on from there.", style="yellow")


def _sentence(error: OSError) -> str:
    """What the system refused, and what to do."""
    where = f"{error.filename}: " if error.filename else ""
    says = f"{where}{error.strerror or error}."
    if error.errno in _FULL:
        says += " A disk is full: that of the workspace, of what is written, or of files for the time being (TMPDIR)."
        says += " Make room, and type it again."
    if error.errno in _NOT_ALLOWED:
        says += " Whoever runs nps must be able to read and write the whole workspace: let them, and type it again."
    return says


if __name__ == "__main__":
    main()
