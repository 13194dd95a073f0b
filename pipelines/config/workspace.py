"""The folders and files of a workspace, the one place that knows where things are.

Here: paths and the secret key. Not here: what is in the files.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from pipelines.config.load import load_config
from pipelines.config.models import Config
from pipelines.errors import UserError
from transforms.texts.identity import THEN

CONFIG_FILE = "nps.yaml"
KEY_FILE = "identity.key"
KEY_VARIABLE = "NPS_KEY"
HOME_VARIABLE = "NPS_HOME"
_KEY_LENGTH = 32
#: SQLite, in which Dagster keeps its runs, opens no path of more than 512 bytes.
_LONGEST = 400
_ROTATED = re.compile(r"\s*\n\s*then\s+")
# What the libraries under the lake take for a pattern, a partition, an escape or a separator.
_UNUSABLE = re.compile(r"[\[\]=\\\x00-\x1f]|%[0-9A-Fa-f]{2}")


@dataclass(frozen=True)
class Workspace:
    """A folder with nps.yaml, the files that arrive, the lake and what is published."""

    root: Path
    config: Config

    @property
    def landing(self) -> Path:
        """Files as they arrive: read, never changed."""
        return self.root / "landing"

    @property
    def lake(self) -> Path:
        """The Delta tables."""
        return self.root / "lake"

    @property
    def published(self) -> Path:
        """The folder of the published file and its earlier versions."""
        return self.root / "published"

    @property
    def database(self) -> Path:
        """What BI reads."""
        return self.published / "nps.duckdb"

    @property
    def scratch(self) -> Path:
        """Temporary files; may be deleted whenever nothing runs."""
        return self.root / "scratch"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance: run history and logs."""
        return self.root / "dagster"

    def key(self) -> str:
        """The secret under which people become pseudonyms: from the environment or from `identity.key`.

        After rotations it is several, as `transforms.texts.identity.THEN` says.
        """
        given = os.environ.get(KEY_VARIABLE)
        file = self.root / KEY_FILE
        if given is None and not file.is_file():
            raise UserError(
                f"There is no key for pseudonyms. Set {KEY_VARIABLE} to a secret of at least {_KEY_LENGTH} characters, "
                f"or put it into {file}. Use the same key for ever, from a backup if it is lost: another key makes other "
                "people. A new workspace has one by nps init; else openssl rand -hex 32 makes one."
            )
        try:
            key = _ROTATED.sub(THEN, (given if given is not None else file.read_text("utf-8")).strip())
        except UnicodeDecodeError as error:
            raise UserError(f"The key for pseudonyms in {file} is no text; one is letters and digits.") from error
        if len(key) < _KEY_LENGTH:
            where = file if given is None else KEY_VARIABLE
            raise UserError(
                f"The key for pseudonyms in {where} is too short: it needs at least {_KEY_LENGTH} characters. Put the one "
                "of before there, from a backup if it is lost: another key makes other people."
            )
        return key


def find_home(given: Path | None = None) -> Path:
    """The workspace's folder: as given, from NPS_HOME, or ./workspace."""
    return (given or Path(os.environ.get(HOME_VARIABLE) or "workspace")).expanduser().resolve()


def open_workspace(home: Path) -> Workspace:
    """The workspace in a folder, its configuration read and checked.

    Raises `UserError` where there is none or nps.yaml has a mistake.
    """
    refuse_unusable(home)
    file = home / CONFIG_FILE
    if not file.is_file():
        raise UserError(f"There is no workspace in {home}: {CONFIG_FILE} is missing. Make one with: nps init {home}")
    return Workspace(home, load_config(file))


def refuse_unusable(home: Path) -> None:
    """Raise `UserError` where a lake cannot be kept in a folder for what stands in its path, its length, or being none."""
    if home.exists() and not home.is_dir():
        raise UserError(f"{home} is a file, and a workspace is a folder. Name a folder.")
    if len(os.fsencode(home)) > _LONGEST:
        raise UserError(
            f"A workspace cannot be in a folder whose path has more than {_LONGEST} bytes, as {home} has. Choose another."
        )
    found = _UNUSABLE.search(home.as_posix())
    if found:
        raise UserError(f"A workspace cannot be in {home}, for the {found[0]!r} in it. Choose a folder without.")


def new_key() -> str:
    """A fresh secret for a new workspace."""
    return secrets.token_hex(_KEY_LENGTH)
