"""The definitions of the workspace in NPS_HOME, with sensors that look every second: for tests that wait for them."""

from __future__ import annotations

from unittest.mock import patch

import dagster as dg

from pipelines.config.workspace import find_home, open_workspace
from pipelines.definitions import define
from pipelines.tools import Tools


@dg.definitions
def definitions() -> dg.Definitions:
    """All that Dagster loads, but for the time between two looks."""
    with patch("pipelines.assets.automation.LOOK_EVERY_SECONDS", 1):
        return define(Tools(open_workspace(find_home())))
