"""Files of this program that are written in YAML: words, kinds of files, comments of columns.

Here: reading them, whole or by their parts. Not here: what they say; nps.yaml, which people write
(`pipelines.config.load`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any, Final

import yaml

#: A key of the first level, which begins a line.
_PART: Final = re.compile(r"^(?=(\w+):)", re.MULTILINE)


def own_yaml(package: str, *path: str) -> Any:  # noqa: ANN401 - as YAML gives it
    """What a file inside a package says."""
    return _read(_text(package, *path))


def own_parts(package: str, *path: str) -> dict[str, Callable[[], Any]]:
    """By each key of the first level of such a file, what gives the value of it.

    To read all words of headings takes a tenth of a second, and a short night asks for a few topics of them.
    """
    _, *parts = _PART.split(_text(package, *path))
    return {key: partial(_part, key, text) for key, text in zip(parts[::2], parts[1::2], strict=True)}


def _part(key: str, text: str) -> Any:  # noqa: ANN401 - as YAML gives it
    return _read(text)[key]


def _text(package: str, *path: str) -> str:
    return resources.files(package).joinpath(*path).read_text("utf-8")


def _read(text: str) -> Any:  # noqa: ANN401 - as YAML gives it
    # The loader in C, where PyYAML was built with it, takes an eighth of the time.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - both are safe
