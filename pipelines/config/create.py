"""Making a workspace: its folders, a commented nps.yaml, a key of its own, Dagster's settings.

Here: what `nps init` writes. Not here: reading any of it (`workspace`, `load`).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from pipelines.config.workspace import CONFIG_FILE, KEY_FILE, new_key, refuse_unusable
from pipelines.errors import UserError

FOLDERS = ("landing", "lake", "published", "dagster", "scratch")

_DAGSTER_SETTINGS = Path(__file__).resolve().parents[2] / "dagster.yaml"


def create_workspace(home: Path, sections: Mapping[str, str] | None = None) -> list[str]:
    """Make a workspace in a new or empty folder; gives the names of what was made.

    `sections` is the text of whole keys of nps.yaml (`sources`, `dimensions`, `scales`, ...) to stand in place of the
    commented examples.
    Raises `UserError` where there already is one, or cannot be one.
    """
    refuse_unusable(home)
    if (home / CONFIG_FILE).exists():
        raise UserError(f"There already is a workspace in {home}; its {CONFIG_FILE} was left as it is.")
    template = resources.files("pipelines.config").joinpath("template.yaml").read_text("utf-8")
    for key, text in (sections or {}).items():
        before, after = re.split(rf"(?m)^(?:{key}: \{{\}}|# {key}:)\n(?:#.*\n)*", template, maxsplit=1)
        template = before + text + after
    prepare_folders(home)
    (home / CONFIG_FILE).write_text(template, "utf-8")
    return [CONFIG_FILE, KEY_FILE, *(f"{folder}/" for folder in FOLDERS)]


def prepare_folders(home: Path) -> None:
    """The folders of a workspace, its key and Dagster's settings, as far as they are missing."""
    for folder in FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True)
    key = home / KEY_FILE
    if not key.exists():
        # Readable by its owner alone from the first byte on.
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(new_key() + "\n")
    place_dagster_settings(home / "dagster")


def place_dagster_settings(dagster_home: Path) -> None:
    """Dagster's settings in an instance's folder, where it has none yet."""
    settings = dagster_home / "dagster.yaml"
    if not settings.exists():
        dagster_home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_DAGSTER_SETTINGS, settings)
