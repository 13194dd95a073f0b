"""The scale of an entry where a company's own labels stand beside the numbers: what is declared, and what is asked.

Here: `scales: {NAME: {words: ...}}` and the question about labels that may be no answers. Not here: finding labels
(`own_labels`), the other questions about scales (`scales`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pipelines.sniff.lines import Block, Line, scalar
from pipelines.sniff.scores.own_labels import OwnLabels
from pipelines.sniff.scores.ranges import fitting
from pipelines.sniff.scores.scores import ScoreColumn
from transforms.scores.scales import CUTS

_SHOWN: Final = 3


def labels_of(score: ScoreColumn, beside: Iterator[ScoreColumn]) -> OwnLabels:
    """The labels of a column in all files of its source; what is doubtful in one is so in all."""
    all_of_it = [score.labels, *(each.labels for each in beside if each.column.name == score.column.name)]
    doubtful = {text: number for each in all_of_it for text, number in each.doubtful.items()}
    proven = {text: number for each in all_of_it for text, number in each.proven.items() if text not in doubtful}
    return OwnLabels(proven, doubtful, sum(each.doubted for each in all_of_it))


def with_labels(line: Line, name: str, labels: OwnLabels) -> Line:
    """The line of the scale: by the name under which labels are declared, or asked for where some are doubtful."""
    if not labels.all or line.is_question:
        return line
    if not labels.doubtful:
        return Line(line.key, name, f"{line.value} with labels of its own, which stand under scales")
    shown = ", ".join(f"'{text}'" for text in list(labels.doubtful)[:_SHOWN])
    scale = line.value
    return Line(
        line.key,
        f"? {labels.doubted:,} answers hold words or signs that are no known labels: {shown}. If the numbers beside them "
        f"are answers on {scale}, write {name}, which lists them under scales; if they are something else, such as stars of "
        f"5, write {name if labels.proven else scale} and take their lines out, and they are rejected",
    )


def scales_block(line: Line, name: str, labels: OwnLabels) -> Block | None:
    """What is declared under scales: words of the scale that was settled, or of each that the question offers."""
    if not labels.all:
        return None
    if not line.is_question:
        return Block("scales", [_declared(name, str(line.value), labels.all)])
    fit = fitting(min(labels.all.values()), max(labels.all.values()))
    offered = [each for each in fit if each in str(line.value)]
    return Block("scales", [_declared(each, "0-10", labels.all) for each in offered]) if offered else None


def joined(scales: Iterable[Line | Block]) -> list[Block]:
    """The scales of several sources: words of one scale together, each once in whatever case."""
    found: dict[str, Block] = {}
    for scale in (each for each in scales if isinstance(each, Block)):
        known = found.get(scale.key)
        found[scale.key] = scale if known is None else Block(scale.key, [Block("words", _words(known, scale))])
    return list(found.values())


def _words(*scales: Block) -> list[Line | Block]:
    lines = [line for scale in scales for words in scale.lines if isinstance(words, Block) for line in words.lines]
    return list({line.key.lower(): line for line in reversed(lines)}.values())[::-1]


def _declared(name: str, scale: str, words: Mapping[str, int]) -> Block:
    cuts = CUTS[scale]
    ends = ("lowest", "highest", "promoter_from", "passive_from")
    of_its_own = [] if scale == "0-10" else [Line(end, getattr(cuts, end)) for end in ends]
    by_number = sorted(words.items(), key=lambda each: (each[1], each[0]))
    spelt = {text.lower(): (text, number) for text, number in reversed(by_number)}
    lines = [Line(scalar(text), number) for text, number in reversed(spelt.values())]
    return Block(name, [*of_its_own, Block("words", lines)])
