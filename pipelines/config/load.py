"""Reading nps.yaml: a mistake is named with its line, its key, its value and what is allowed.

Here: YAML to `Config`, and the JSON Schema for editors. Not here: what the settings mean (`models`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipelines.config.advice import advice_on, conflict_in, meant, said_of
from pipelines.config.models import Config
from pipelines.config.values import as_written
from pipelines.errors import UserError
from pipelines.shown import shown

_SHOWN = 60
#: So many mistakes or questions are told at once: more fill a screen, and one mistake often makes many.
_TOLD = 20
#: Aliases of aliases of aliases make a small file as big as one likes.
_NODES_AT_MOST = 100_000
#: How a value begins that is none yet, but a question to whoever edits nps.yaml.
QUESTION = "? "
#: What is more than a text, by its kind: blanks, what merges mappings, days, and numbers as everybody writes them.
_TYPED = re.compile(
    r".*:(null|merge) .*|.*:timestamp \d{4}-\d\d-\d\d|.*:int (0|-?[1-9]\d*)"
    r"|.*:float -?((0|[1-9]\d*)\.(0|\d*[1-9])|\.inf|\.nan)"
)
_MAPPING = "here should stand keys with their values, indented below it, such as timezone: Europe/Zagreb"
_WANTED = {
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "list_type": "here should stand a list, such as [one, two]",
    "string_type": "it should be a text; put numbers and dates in quotes",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "it should be a whole number, such as 5"),
    **dict.fromkeys(("float_type", "float_parsing"), "it should be a number, such as 0.2 (20 % is 0.2)"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "it should be true or false"),
}


class _AsWritten(yaml.SafeLoader):
    """YAML that takes for numbers only what is written like one: a region NO is not false, a branch 007 not 7, 1:30 not 90.

    Of texts pydantic makes numbers, and true or false, where a setting is one.
    """

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: tuple[bool, bool]) -> str:
        """The tag of a value."""
        tag: str = super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]
        is_text = kind is yaml.ScalarNode and not _TYPED.fullmatch(f"{tag} {value}")
        return self.DEFAULT_SCALAR_TAG if is_text else tag


def load_config(file: Path) -> Config:
    """The configuration in a file. Raises `UserError`, which lists every mistake with its line."""
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UserError(f"{file} cannot be read from line {line} on: it is no UTF-8. Save it anew as UTF-8.") from error
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}.") from error
    tree, settings = _parsed(file, text)
    questions = list(_questions(tree))
    if questions:
        asked = [f"line {line}: {where}: {question}" for line, where, question in questions]
        heading = f"{file} has {_counted(len(asked), 'open question')}; put the answer in its place"
        raise UserError(f"{heading}:\n{_listed(asked[:_TOLD], len(asked))}")
    try:
        return Config.model_validate(settings or {})
    except ValidationError as error:
        found = error.errors(include_url=False)
        told = _listed([_sentence(tree, mistake) for mistake in found[:_TOLD]], len(found))
        raise UserError(f"{file} has {_counted(len(found), 'mistake')}:\n{told}") from error


def _parsed(file: Path, text: str) -> tuple[yaml.Node | None, object]:
    """The YAML of a file with its lines, and what it says."""
    try:
        loader = _AsWritten(text)
        tree = loader.get_single_node()
        if _size(tree, {}) > _NODES_AT_MOST:
            raise UserError(f"{file}: its aliases (*name) repeat so much that it holds over {_NODES_AT_MOST:,} values.")
        _refuse_odd_keys(file, tree)
        _refuse_half_characters(file, text, tree)
        return tree, None if tree is None else loader.construct_document(tree)
    except yaml.MarkedYAMLError as error:
        if line := conflict_in(text):
            raise UserError(
                f"{file}, line {line}: two versions of this file were merged, and here they differ. Keep one of them, and "
                "take out the lines with <<<<<<<, ======= and >>>>>>>."
            ) from error
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = _flat(error.problem or str(error))
        raise UserError(f"{file}{where}: this is no valid YAML: {problem}{advice_on(problem)}") from error
    except (yaml.YAMLError, ValueError) as error:
        # ValueError: what is written like a day, and is none.
        raise UserError(f"{file} is no valid YAML: {_flat(str(error))}") from error
    except RecursionError as error:
        raise UserError(
            f"{file}: something in it refers to itself (an alias, *name, inside its anchor, &name), or is nested too deeply"
        ) from error


def json_schema() -> str:
    """JSON Schema of nps.yaml: editors complete and check with it."""
    return json.dumps(Config.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _listed(told: Sequence[str], of: int) -> str:
    """Lines of a list, and how many more there are."""
    more = [f"… and {of - len(told)} more; they are told when these are mended"] if of > len(told) else []
    return "\n".join(f"  {line}" for line in [*told, *more])


def _counted(number: int, noun: str) -> str:
    article = "an" if noun.startswith("o") else "a"
    return f"{article} {noun}" if number == 1 else f"{number} {noun}s"


def open_questions(text: str) -> list[str]:
    """What a piece of nps.yaml still asks, each with the setting that it is about.

    A value that begins with a question mark and a space stands for an answer that only a person can give.
    """
    # The loader in C, where PyYAML was built with it, takes an eighth of the time.
    tree = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [f"{where}: {question}" for _, where, question in _questions(tree)]


def _questions(node: yaml.Node | None, where: str = "") -> Iterator[tuple[int, str, str]]:
    """Line, setting and text of every open question."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _questions(value, f"{where}.{name.value}".lstrip("."))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _questions(item, where)
    elif isinstance(node, yaml.ScalarNode) and node.value.startswith(QUESTION):
        yield node.start_mark.line + 1, where, _flat(node.value.removeprefix(QUESTION))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _sentence(tree: yaml.Node | None, mistake: ErrorDetails) -> str:
    keys = _keys_in_file(tree, mistake.get("ctx", {}).get("at") or mistake["loc"])
    where = ".".join(str(key) for key in keys) or "the file"
    kind = mistake["type"]
    if kind == "extra_forbidden":
        what = "is no setting known here" if mistake["loc"] and keys == list(mistake["loc"]) else "is not allowed"
        what += meant(keys[:-1], str(keys[-1])) if keys else ""
    elif kind == "missing":
        where = ".".join(str(key) for key in mistake["loc"])
        what = f"is missing{said_of(str(mistake['loc'][-1]))}"
    elif kind in ("value_error", "misplaced"):
        what = mistake["msg"].removeprefix("Value error, ")
    else:
        value = mistake["input"]
        given = "this" if isinstance(value, dict | list) else as_written(value)[:_SHOWN]
        what = f"{given} is not allowed: {_WANTED.get(kind) or mistake['msg'].replace('Input should', 'it should')}"
    return f"line {_line(tree, keys)}: {where}: {what}"


def _keys_in_file(tree: yaml.Node | None, location: Sequence[int | str]) -> list[int | str]:
    """The part of pydantic's location that really stands in the file (it adds names of its own)."""
    keys: list[int | str] = []
    node = tree
    for key in location:
        child = _child(node, key)
        if child is not None:
            keys.append(key)
            node = child
    return keys


def _child(node: yaml.Node | None, key: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        found: yaml.Node = node.value[key]
        return found
    return None


def _line(tree: yaml.Node | None, keys: Sequence[int | str]) -> int:
    node, line = tree, 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            line = next((name.start_mark.line + 1 for name, _ in node.value if name.value == str(key)), line)
        node = _child(node, key)
    return line


def _size(node: yaml.Node | None, known: dict[int, int]) -> int:
    """How many values a node holds, those of its aliases once for each."""
    if not isinstance(node, yaml.CollectionNode):
        return 1
    if id(node) not in known:
        children = [each for pair in node.value for each in (pair if isinstance(pair, tuple) else (pair,))]
        known[id(node)] = 1 + sum(_size(each, known) for each in children)
    return known[id(node)]


def _refuse_half_characters(file: Path, text: str, tree: yaml.Node | None) -> None:
    """An escape for half a character, as JSON writes others than the first 65,536: no text can hold it."""
    if "\\" not in text or tree is None:
        return
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            waiting += (part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif any("\ud800" <= character <= "\udfff" for character in node.value):
            raise UserError(
                f"{file}, line {node.start_mark.line + 1}: {shown(node.value)[:_SHOWN]} holds half a character. Write the "
                "character itself in place of its escapes."
            )


def _refuse_odd_keys(file: Path, node: yaml.Node | None) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for name, value in node.value:
            where = f"{file}, line {name.start_mark.line + 1}"
            if not isinstance(name, yaml.ScalarNode):
                raise UserError(f"{where}: a key must be a plain text. Put a text that begins with {{ or [ in quotes.")
            if name.value in seen:
                raise UserError(f"{where}: {name.value} stands here a second time. Keep one, or rename this one.")
            seen.add(name.value)
            _refuse_odd_keys(file, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_odd_keys(file, item)
