"""One word for one thing: what people read, in messages and documents, uses the words of the glossary."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipelines", "expectations", "warehouse", "transforms")
#: Texts as they stand in files: nobody is told them.
AS_FOUND = ROOT / "transforms/scores/unanswered.py"
#: Here docstrings are read by users too: as help, as descriptions of settings, in Dagster.
SHOWN_DOCSTRINGS = tuple(ROOT / "pipelines" / name for name in ("cli", "config", "assets"))
#: The glossary names the words that are not used; the changelog and the decisions tell of older ones.
DOCUMENTS = [file for file in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))) if file.name != "glossary.md"]
CODE = re.compile(r"^ *```.*?^ *```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)

#: What misleads most, and what the house says.
FORBIDDEN = {
    r"(?:held|holds?|holding) back|quarantin\w+": "held",
    r"(?<!of the )(?:files?|exports?|workbooks?) (?:is|are|was|were|be) (?:rejected|excluded)": "refused, of a file",
    r"rows? (?:(?:is|are|was|were|be) )?refused|refused rows?": "rejected, of a row",
    r"skip(?:s|ped|ping)?|ignor(?:es?|ed|ing)|discard(?:s|ed)?|dropped|filtered|invalid": "excluded or rejected, of a row",
    r"(?<!de-)duplicates?|overwrit(?:es?|ten)|replaced by": "superseded, of an answer; written over, of a file",
    r"retracted|revoked": "withdrawn",
    r"warnings?|alerts?": "note",
    r"customers?|consumers?|participants?": "client, respondent",
    r"parsers?|importers?|loaders?|connectors?": "reader",
    r"checksums?|fingerprints?": "digest",
    r"inbox": "landing",
}


def sentences(file: Path) -> Iterator[str]:
    """The texts of a module that have several words, as messages do, with {} where something is put in."""
    tree = ast.parse(file.read_text("utf-8"))
    is_shown = any(folder in file.parents for folder in SHOWN_DOCSTRINGS)
    passed_over = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and not is_shown}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed_over |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and id(node) not in passed_over and " " in str(node.value):
            yield str(node.value)


def messages() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for file in {*(ROOT / package).rglob("*.py")} - {AS_FOUND}:
            yield from ((str(file.relative_to(ROOT)), sentence) for sentence in sentences(file))
    for name in ("warehouse/models/comments.yaml", "pipelines/config/template.yaml"):
        yield name, (ROOT / name).read_text("utf-8")
    for document in DOCUMENTS:
        yield document.name, CODE.sub("", document.read_text("utf-8"))


def said(words: str, texts: list[tuple[str, str]]) -> list[str]:
    found = re.compile(rf"(?<![\w.])(?:{words})(?![\w=:(])", re.IGNORECASE)
    return [
        f"{where}: {text[max(0, each.start() - 40) : each.end() + 30]!r}"
        for where, text in texts
        for each in found.finditer(text)
    ]


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return list(messages())


@pytest.mark.parametrize("words", FORBIDDEN)
def test_messages_and_documents_use_the_words_of_the_glossary(words: str, texts: list[tuple[str, str]]) -> None:
    assert said(words, texts) == [], f"say instead: {FORBIDDEN[words]}"


@pytest.mark.parametrize("status", ["accepted", "held", "refused", "withdrawn", "replaced", "lost"])
def test_the_glossary_names_what_becomes_of_a_file(status: str) -> None:
    assert f"| {status} (a file) |" in (ROOT / "docs/glossary.md").read_text("utf-8")
