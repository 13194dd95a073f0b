"""YAML with comments, written by hand so that they stay.

Here: lines and blocks to text. Not here: what they say (`entry`).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from pipelines.config.load import QUESTION

_WIDTH: Final = 80
_ENDLESS: Final = 1_000_000

Value = bool | int | str | list[str] | None


@dataclass(frozen=True)
class Line:
    """A key with its value and a comment; a comment alone where the key is empty."""

    key: str
    value: Value
    comment: str = ""

    @property
    def is_question(self) -> bool:
        """Whether it asks for its value."""
        return isinstance(self.value, str) and self.value.startswith(QUESTION)


@dataclass(frozen=True)
class Block:
    """A key under which lines and blocks stand."""

    key: str
    lines: Sequence[Line | Block]


def each_line(lines: Iterable[Line | Block]) -> Iterator[Line]:
    """The lines, those of blocks among them too."""
    for line in lines:
        yield from each_line(line.lines) if isinstance(line, Block) else (line,)


def as_yaml(blocks: Sequence[Block]) -> str:
    """The text of blocks; long comments stand above their line."""
    return "".join(f"{line}\n" for block in blocks for line in _block(block, 0))


def _block(block: Block, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}{block.key}:"
    for line in block.lines:
        yield from _block(line, depth + 1) if isinstance(line, Block) else _line(line, "  " * (depth + 1))


def _line(line: Line, indent: str) -> Iterator[str]:
    comment = " ".join(line.comment.split())
    setting = f"{indent}{line.key}: {scalar(line.value)}" if line.key else ""
    if setting and len(setting) + len(comment) + 4 <= _WIDTH:
        yield f"{setting}  # {comment}" if comment else setting
        return
    if comment:
        yield from textwrap.wrap(comment, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
    if setting:
        yield setting


def scalar(value: Value) -> str:
    """One value as YAML writes it in one line."""
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=_ENDLESS)
    return text.removesuffix("...\n").strip()
