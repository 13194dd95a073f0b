"""The definitions of the workspace in NPS_HOME, with sensors that look every second: for tests that wait for them."""

from __future__ import annotations

from unittest.mock import patch

import dagster as dg

from pipelines.config.workspace import find_home, open_workspace
from pipelines.context import Context
from pipelines.definitions import define


@dg.definitions
def definitions() -> dg.Definitions:
    """All that Dagster loads, but for the time between two looks."""
    with patch("pipelines.assets.automation.LOOK_EVERY_SECONDS", 1):
        return define(Context(open_workspace(find_home())), for_pages=True)
