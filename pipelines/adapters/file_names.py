"""What the name of a file says of all its rows, as `file_name` of nps.yaml reads it: a branch, a month."""

from __future__ import annotations

from pipelines.config.layouts import Layout
from pipelines.config.patterns import groups_in
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from transforms.reasons import Reason


def values_from_name(file: LandedFile, layout: Layout) -> dict[str, str]:
    """Read the values that the file's name gives, or its path in the workspace where the pattern is about folders.

    Raises `FileRefusedError` (file_layout) where the name does not follow the pattern.
    """
    if layout.file_name is None:
        return {}
    found = groups_in(layout.file_name, file.name)
    if found is None:
        found = groups_in(layout.file_name, file.relative)
    if found is None:
        raise FileRefusedError(
            Reason.FILE_LAYOUT,
            f"The name {file.name} does not follow file_name of nps.yaml, {layout.file_name}, from which "
            f"{', '.join(sorted(layout.file_name_groups))} should come. Rename the file or correct the pattern.",
        )
    return found
