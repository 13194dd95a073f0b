"""The outer files agree with the code: what README, docs and the lock say is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.main
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipelines.config.kinds import kinds, systems
from pipelines.config.models import Config
from pipelines.config.reference import reference
from transforms.dimensions import APART, CANONICAL, MANAGER
from transforms.tables import StagedAnswer
from warehouse.marts import marts as all_marts
from warehouse.published.publish import DECLARED, TABLES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = (ROOT / "docs/commands.md").read_text("utf-8")
SOURCES = (ROOT / "docs/sources.md").read_text("utf-8")
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

META_OF_ASKED = {"meta.contact_matches", "meta.unpriced_contacts"}

FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
COMMAND = re.compile(r"(?:^ *|/bin/)nps ([a-z][a-z-]*)", re.MULTILINE)
OPTION = re.compile(r"(?:^ *|/bin/)nps ([a-z][a-z-]*)[^\n]*?(--[a-z0-9-]+)", re.MULTILINE)
#: Options of most commands, which the document says once.
COMMON = {"--home", "--json"}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)


@cache
def commands() -> dict[str, set[str]]:
    """Each command with its options."""
    from pipelines.cli.main import app  # noqa: PLC0415 - the command line, only for the tests that ask for it

    found = typer.main.get_group(app).commands
    return {
        name: {option for each in found[name].params for option in each.opts if option.startswith("--")}
        for name in found
    }


def code_of(text: str) -> Iterator[str]:
    """Everything that a document sets as code: blocks and spans."""
    yield from (block for _, block in FENCED.findall(text))
    yield from INLINE.findall(FENCED.sub("", text))


def pinned() -> dict[str, list[tuple[str, str]]]:
    """Each package of the lock with its versions (several where markers choose), and the rest of the entry."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, version, rest in PINNED.findall(LOCK):
        found.setdefault(canonicalize_name(name), []).append((version, rest))
    return found


def tracked_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("only git says which files are tracked, and this is no clone")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    files = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [file for file in files if file.is_file()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_command_and_option_that_a_document_names_exists(document: Path) -> None:
    codes = list(code_of(document.read_text("utf-8")))
    assert {name for code in codes for name in COMMAND.findall(code)} <= commands().keys()
    typed = [call for code in codes for call in OPTION.findall(code)]
    assert [call for call in typed if call[1] not in commands()[call[0]]] == []


def test_every_command_and_option_is_in_the_table_of_commands() -> None:
    rows = dict(re.findall(r"^\| `nps ([a-z-]+)[^|]*`( \|.*)\|$", COMMANDS, re.MULTILINE))
    assert rows.keys() == commands().keys()
    for name, row in rows.items():
        assert set(re.findall(r"(--[a-z0-9-]+)", row)) - {"--json"} == commands()[name] - COMMON, name


def test_the_readme_is_short_and_leads_to_every_document() -> None:
    assert len(README.split()) < 1000
    documents = {f"docs/{file.name}" for file in ROOT.glob("docs/*.md")}
    assert documents <= set(LINK.findall(README))


def test_every_make_target_that_is_named_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        named = {name for code in code_of(document.read_text("utf-8")) for name in re.findall(r"\bmake ([a-z]+)", code)}
        assert named <= targets, document.name


def test_the_configuration_in_documents_is_valid() -> None:
    texts = [document.read_text("utf-8") for document in DOCUMENTS]
    blocks = [
        textwrap.dedent(block) for text in texts for language, block in FENCED.findall(text) if language == "yaml"
    ]
    assert blocks
    for block in blocks:
        Config.model_validate(yaml.safe_load(block))


def test_the_reference_of_settings_is_as_it_is_made() -> None:
    assert (ROOT / "docs/nps-yaml.md").read_text("utf-8") == reference(), "make docs writes it anew"


def test_every_kind_system_and_canonical_column_stands_in_the_document_of_sources() -> None:
    of_kinds, _, of_columns = SOURCES.partition("## What columns mean")
    first = re.compile(r"(?m)^\| (`.*?) \|")
    assert set(re.findall(r"`(\w+)`", " ".join(first.findall(of_kinds)))) - {"kind"} == set(kinds())
    assert set(systems()) <= set(re.findall(r"[\w]+", SOURCES))
    assert set(re.findall(r"`(\w+)`", " ".join(first.findall(of_columns)))) == set(CANONICAL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_published_table_that_a_document_names_exists(document: Path) -> None:
    meta = {f"meta.{file.stem}" for file in ROOT.glob("warehouse/models/meta/*.sql")} | {
        "meta.contact_matches",
        "meta.unpriced_contacts",
        "meta.clients_followed",
        "meta.activity_files",
        "meta.ticket_matches",
    }
    marts = {f"marts.{name}" for name in (*TABLES, *DECLARED, *(mart.name for mart in all_marts(APART, [MANAGER])))}
    named = {
        name for code in code_of(document.read_text("utf-8")) for name in re.findall(r"\b((?:meta|marts)\.\w+)", code)
    }
    assert named - {"marts.md", "marts.py"} <= meta | marts


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_link_in_a_document_leads_somewhere(document: Path) -> None:
    targets = [target for target in LINK.findall(document.read_text("utf-8")) if "://" not in target]
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_file_of_the_code_that_a_document_names_exists(document: Path) -> None:
    folders = (
        "pipelines/",
        "transforms/",
        "warehouse/",
        "expectations/",
        "examples/",
        "benchmarks/",
        "proofs/",
        "tests/",
        "docs/",
    )
    named = [code for code in INLINE.findall(document.read_text("utf-8")) if code.startswith(folders)]
    made_up = re.compile(r"[<>*]|test_x\.py")
    assert [name for name in named if not made_up.search(name) and not (ROOT / name).exists()] == []
    bare = [
        name for name in INLINE.findall(document.read_text("utf-8")) if re.fullmatch(r"\w+\.(?:py|sql|yaml|html)", name)
    ]
    there = {file.name for file in tracked_files()} | {
        "nps.yaml",
        "dagster.yaml",
        "branches.sql",
    }  # those of workspaces and sites
    assert [name for name in bare if not made_up.search(name) and name not in there] == []


def test_every_name_that_the_architecture_places_in_a_file_stands_there() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    placed = re.findall(r"`(\w+)`\s+in\s+`((?:pipelines|transforms|warehouse|expectations)/[\w/]+\.(?:py|sql))`", text)
    assert len(placed) >= 8
    assert [name for name, file in placed if not re.search(rf"\b{name}\b", (ROOT / file).read_text("utf-8"))] == []


@cache
def names_in(module: Path) -> set[str]:
    return set(re.findall(r"\w+", module.read_text("utf-8")))


def is_there(name: str) -> bool:
    """Whether a name such as `transforms.reasons.Reason` is a folder, a module, or stands in one."""
    path, inside = ROOT.joinpath(*name.split(".")), list[str]()
    while not path.exists() and not path.with_suffix(".py").exists():
        path, inside = path.parent, [path.name, *inside]
    module = path.with_suffix(".py")
    return {*inside} <= names_in(module) if module.exists() else not inside


@pytest.mark.parametrize("package", ["pipelines", "transforms", "warehouse", "expectations"])
def test_every_module_that_the_code_speaks_of_exists(package: str) -> None:
    spoken = re.compile(r"`((?:pipelines|transforms|warehouse|expectations)(?:\.\w+)+)`")
    files = [file for file in tracked_files() if file.is_relative_to(ROOT / package) and file.suffix in {".py", ".sql"}]
    named = {(file.name, name) for file in files for name in spoken.findall(file.read_text("utf-8"))}
    assert named
    assert [each for each in sorted(named) if not is_there(each[1])] == []


def test_every_decision_is_listed_in_the_architecture() -> None:
    listed = set(re.findall(r"\(adr/([^)]+)\)", (ROOT / "docs/architecture.md").read_text("utf-8")))
    assert listed == {file.name for file in ROOT.glob("docs/adr/*.md")}


def test_every_package_in_the_lock_has_hashes() -> None:
    assert pinned()
    assert [name for name, entries in pinned().items() for _, rest in entries if "--hash=sha256:" not in rest] == []


def test_the_lock_holds_no_addresses() -> None:
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links| @ ", LOCK) == []


def test_the_lock_gives_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    versions = {name: [version for version, _ in entries] for name, entries in pinned().items()}
    for requirement in map(Requirement, asked):
        given = versions.get(canonicalize_name(requirement.name), [])
        assert any(version in requirement.specifier for version in given), f"{requirement}: make lock"


def test_every_canonical_column_of_the_configuration_is_one_of_cleaning() -> None:
    columns = Config.model_json_schema()["$defs"]["Source"]["properties"]["columns"]["propertyNames"]
    assert columns["anyOf"][0]["enum"] == [*CANONICAL]


def test_every_canonical_column_is_kept_in_the_lake_or_kept_out_on_purpose() -> None:
    stored_as_pseudonyms = {"respondent", "account", "agent", "manager"}
    kept = set(StagedAnswer.column_names())
    assert set(CANONICAL) - kept == stored_as_pseudonyms
    assert {f"{name}_key" for name in stored_as_pseudonyms} <= kept


def test_no_tracked_file_names_a_folder_of_somebodys_machine() -> None:
    homes = re.compile(rb"(?<![\w.])/(?:home|root|Users)/[A-Za-z0-9_.-]+")
    for file in tracked_files():
        assert homes.search(file.read_bytes()) is None, file.relative_to(ROOT)


# What is declared in YAML


def keys(node: yaml.Node) -> Iterator[tuple[str, ...]]:
    """The keys of each mapping of a document."""
    if isinstance(node, yaml.MappingNode):
        yield tuple(key.value for key, _ in node.value)
        for _, value in node.value:
            yield from keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from keys(value)


@pytest.mark.parametrize(
    "file", sorted([*ROOT.glob("pipelines/**/*.yaml"), *ROOT.glob("warehouse/**/*.yaml")]), ids=str
)
def test_no_key_stands_twice_of_which_the_first_would_count_for_nothing(file: Path) -> None:
    document = yaml.compose(file.read_text("utf-8"))
    twice = [key for each in keys(document) for key in set(each) if each.count(key) > 1] if document else []
    assert twice == []
