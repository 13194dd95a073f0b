"""Files that a workspace is to start from and that cannot be read as they are.

Here: the entry of nps.yaml for such a file, whose question says what is the matter and what to do. Not here: finding that
out (the adapters), files that can be read (`start`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import FileRefusedError
from pipelines.shown import shown
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.several.same import Looked, hold_the_same
from pipelines.sniff.sniff import look, proposed
from pipelines.sniff.sniffed import Findings
from transforms.reasons import Reason

_ENCODING = (
    "{} Write the encoding here; nps sniff --encoding NAME {} then shows what the rest of this entry has to say. Or take "
    "this entry out"
)
_OTHER = (
    "{} Put a file in its place that can be read, and what nps sniff proposes for it in place of this entry; or take this "
    "entry out"
)


@dataclass(frozen=True)
class Unsettled:
    """A file that could not be read as it is."""

    path: Path
    error: FileRefusedError
    found: Findings | None
    """What stands in it if it is in the encodings that it looks like."""

    @property
    def may_be_copied(self) -> bool:
        """Whether its bytes can be had at all."""
        return os.access(self.path, os.R_OK)

    def holds_the_same(self, found: Findings) -> bool:
        """Whether its answers are those of another file, as far as can be known."""
        return self.found is not None and hold_the_same(self.found, found)

    def block(self, name: str) -> list[Block]:
        """The sections of nps.yaml that ask what is to become of it."""
        if self.found is not None:
            question = Line("encoding", f"? {self.error.detail}")
            return [_with(block, question) for block in proposed(self.found, name, self.path.suffix).blocks]
        if self.error.reason is Reason.FILE_ENCODING:
            asked = Line("encoding", f"? {_ENCODING.format(self.error.detail, self.path.name)}")
            lines = [Line("files", f"landing/{name}/*{self.path.suffix}"), asked]
        else:
            lines = [Line("files", f"? {_OTHER.format(self.error.detail)}")]
        return [Block("sources", [Block(name, lines)])]


def looked_at(paths: Iterable[Path]) -> tuple[list[Looked], list[Unsettled]]:
    """A look at each file, and those that cannot be read as they are.

    Raises `UserError` where there is no such file, `FileRefusedError` where it is none that could be copied in.
    """
    readable: list[Looked] = []
    unsettled: list[Unsettled] = []
    for path in paths:
        try:
            readable.append((path, look(path)))
        except FileRefusedError as error:
            if not path.is_file() or shown(path.name) != path.name:
                raise
            unsettled.append(Unsettled(path, error, _supposed(path, error)))
    return readable, unsettled


def _supposed(path: Path, error: FileRefusedError) -> Findings | None:
    if not error.encodings:
        return None
    try:
        return look(path, error.encodings)
    except FileRefusedError:
        return None


def _with(block: Block, question: Line) -> Block:
    """The same block with the question where the encoding stands."""
    lines = [
        _with(each, question) if isinstance(each, Block) else question if each.key == question.key else each
        for each in block.lines
    ]
    return replace(block, lines=lines)
