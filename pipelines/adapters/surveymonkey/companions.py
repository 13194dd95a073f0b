"""Files that others cannot be read without: the details of a survey beside the answers that its API gave.

Here: which they are, and that a change in them makes the answers new. Not here: reading them (`details`).
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from pipelines.adapters.surveymonkey.api import SUFFIXES
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.landing.digests import DigestCache, digest_with
from pipelines.landing.discover import RefusedFile, discover
from pipelines.landing.landed import LandedFile

#: Patterns of files know no flag for upper and lower case.
_DETAILS: Final = "*[Dd][Ee][Tt][Aa][Ii][Ll][Ss]*.[Jj][Ss][Oo][Nn]"


def with_details(
    items: Iterable[LandedFile | RefusedFile], root: Path, layout: Layout, limits: Limits, digests: DigestCache
) -> Iterator[LandedFile | RefusedFile]:
    """Give the files of a source, answers of SurveyMonkey's API together with the details of their survey.

    Those are the files that `details` of the layout names, or else those in the same folder (or archive) that are called
    like details. They are left out as files of their own. Files of all other kinds are given as they are.
    """
    if layout.reader != "surveymonkey":
        yield from items
        return
    named = _readable(discover(root, layout.details, limits, digests)) if layout.details else None
    in_folders: dict[str, list[LandedFile]] = {}
    for item in items:
        if isinstance(item, RefusedFile) or item.suffix not in SUFFIXES:
            yield item
        elif named is not None:
            if item.relative not in {each.relative for each in named}:
                yield _completed(item, named)
        elif not fnmatchcase(item.name, _DETAILS):
            folder = item.relative.rpartition("/")[0]
            if folder not in in_folders:
                in_folders[folder] = _beside(item, folder, root, limits, digests)
            yield _completed(item, in_folders[folder])


def is_called_like_details(name: str) -> bool:
    """Whether a file's name says that it holds the details of a survey."""
    return fnmatchcase(name, _DETAILS)


def _readable(items: Iterable[LandedFile | RefusedFile]) -> list[LandedFile]:
    return [item for item in items if isinstance(item, LandedFile)]


def _beside(item: LandedFile, folder: str, root: Path, limits: Limits, digests: DigestCache) -> list[LandedFile]:
    """The files in the folder of one, or in its archive, that are called like details."""
    if item.member is None:
        pattern = f"{glob.escape(folder)}/{_DETAILS}"
        found = discover(root, [pattern, f"{pattern}.gz", f"{pattern}.zst"], limits, digests)
    else:
        archive = glob.escape(item.path.relative_to(root).as_posix())
        found = discover(root, [archive], limits, digests, [_DETAILS])
    return [each for each in _readable(found) if each.relative.rpartition("/")[0] == folder]


def _completed(item: LandedFile, beside: list[LandedFile]) -> LandedFile:
    """The file with those beside it, known by their bytes too."""
    if not beside:
        return item
    digests = {str(number): each.digest for number, each in enumerate(beside)}
    return replace(item, beside=tuple(beside), digest=digest_with(item.digest, digests))
