"""Files of this program that are written in YAML: words, kinds of files, comments of columns.

Here: reading them. Not here: what they say; nps.yaml, which people write (`pipelines.config.load`).
"""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml


def own_yaml(package: str, *path: str) -> Any:  # noqa: ANN401 - as YAML gives it
    """What a file inside a package says."""
    text = resources.files(package).joinpath(*path).read_text("utf-8")
    # The loader in C, where PyYAML was built with it, takes an eighth of the time.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - both are safe
