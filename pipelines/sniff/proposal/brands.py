"""Whose score it is, and of which programme: columns that name several brands, or several programmes.

Here: which columns do, by heading and values, and what has to be asked. Not here: columns of scores that look alike
(`scores`, `entry`), rows of other questions (`questions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.adapters.words import said
from pipelines.sniff.columns.facts import Seen, in_all
from pipelines.sniff.columns.labels import are_labels
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.sniffed import Findings, Sniffed

_SHOWN = 3
#: Brands and programmes are few.
_MOST = 30
_SEVERAL = 2


def brand_lines(found: Findings) -> Iterator[Line]:
    """What is asked of a column of brands: answers about rivals must not enter the company's own figures."""
    for seen in (in_all(each, (other.columns for other in found.beside)) for each in found.columns):
        if _names_few(seen) and seen.asks("brand"):
            yield Line(
                "brand",
                f"? {seen.pasted} names several: {_told(seen)}. If each row scores that brand, yours or a rival's, write "
                "this heading here, and what it calls you beside sources, such as own_brands: [Acme]; if all scores are "
                "about you, take this line out",
            )
            return


def programme_lines(found: Findings) -> Iterator[Line]:
    """What is asked of a column of programmes: which one makes the company's score."""
    for seen in (in_all(each, (other.columns for other in found.beside)) for each in found.columns):
        told = {word for text, _ in seen.counts[:_MOST] if (word := said("programme", text))}
        if _names_few(seen) and len(told) >= _SEVERAL:
            yield Line(
                "programme",
                f"? {seen.pasted} names several: {_told(seen)}. If these are programmes of surveys, write this heading "
                "here, and the one that your company's score is of beside sources, such as headline: relationship; if "
                "all count together, take this line out",
            )
            return


def with_programmes(sources: Sequence[Sniffed], called: Sequence[str]) -> list[Sniffed]:
    """Sources whose names speak of several programmes, each with the question of which one it is; `called` are the names."""
    told = [
        said("programme", name) if _is_of_clients(source) else None
        for source, name in zip(sources, called, strict=True)
    ]
    if len({*told} - {None}) < _SEVERAL:
        return list(sources)
    return [_asking(source, word) if word else source for source, word in zip(sources, told, strict=True)]


def _asking(source: Sniffed, word: str) -> Sniffed:
    [section, *more] = source.blocks
    [entry, *others] = section.lines
    if not isinstance(entry, Block):
        return source
    before = next(
        (each for each in entry.lines if isinstance(each, Block) and each.key == "defaults"), Block("defaults", [])
    )
    question = (
        f"? The file's name says {word}, and another's says something else: of which programme are the answers? Write "
        f"relationship, transactional, panel or a name of your own, and beside sources the one that your company's score "
        "is of, such as headline: relationship; if all count together, write general for each"
    )
    asking = Block("defaults", [*before.lines, Line("programme", question)])
    lines = [*(each for each in entry.lines if each is not before), asking]
    return replace(source, blocks=[replace(section, lines=[replace(entry, lines=lines), *others]), *more])


def _is_of_clients(source: Sniffed) -> bool:
    entries = [entry for block in source.blocks if block.key == "sources" for entry in block.lines]
    return any(
        isinstance(line, Line) and line.key == "metric" and line.value != "enps"
        for entry in entries if isinstance(entry, Block) for line in entry.lines
    )  # fmt: skip


def _names_few(seen: Seen) -> bool:
    return _SEVERAL <= len(seen.counts) <= _MOST and are_labels(seen)


def _told(seen: Seen) -> str:
    shown = ", ".join(f"{text} in {rows:,} rows" for text, rows in seen.counts[:_SHOWN])
    return f"{shown} …" if len(seen.counts) > _SHOWN else shown
