"""nps.yaml: what it may say is taken as it is meant, and every mistake is told with its line, key, value and remedy."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pipelines.config.columns import Matches
from pipelines.config.create import FOLDERS, create_workspace, prepare_folders
from pipelines.config.load import json_schema, load_config
from pipelines.config.models import Config
from pipelines.config.workspace import (
    CONFIG_FILE,
    KEY_FILE,
    Workspace,
    find_home,
    new_key,
    open_workspace,
)
from pipelines.errors import UserError
from transforms.scores.scales import SCALES
from transforms.texts.identity import THEN

ROOT = Path(__file__).parents[2]

GOOD = """\
timezone: Europe/Zagreb
sources:
  shops:
    kind: csv
    metric: nps
    files: landing/shops/*.csv
    delivery: snapshot
    columns:
      score: How likely is it?
      responded_at: 2
"""


def load(folder: Path, text: str | bytes) -> Config:
    file = folder / CONFIG_FILE
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_config(file)


def mistakes(folder: Path, text: str | bytes) -> str:
    """What is said about a configuration that cannot be taken."""
    with pytest.raises(UserError) as found:
        load(folder, text)
    assert str(folder / CONFIG_FILE) in str(found.value)
    return str(found.value)


def source(folder: Path, **settings: Any) -> Any:  # noqa: ANN401 - as the model has it
    """A good source with other settings, as it is understood."""
    tree = yaml.safe_load(GOOD)
    tree["sources"]["shops"].update(settings)
    return load(folder, yaml.safe_dump(tree)).sources["shops"]


# What may be said


def test_a_source_may_be_short(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD)
    shops = config.sources["shops"]
    assert (shops.files, shops.scale, shops.columns["responded_at"]) == (["landing/shops/*.csv"], "0-10", 2)
    assert (config.one_answer, config.minimum_group, config.history_start.isoformat()) == ("latest", 5, "2000-01-01")


TEXTS = [
    "007",
    "1:30",
    "2025_01",
    "1.10",
    "0x1F",
    "1e3",
    "no",
    "NO",
    "on",
    "True",
    "+5",
    "-0",
    "12",
    "0.5",
    "2025-01-01",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_what_is_written_though_yaml_knows_numbers_and_truths(tmp_path: Path, text: str) -> None:
    config = load(tmp_path, f"{GOOD}    defaults: {{branch: {text}}}\nscales: {{own: {{words: {{{text}: 10}}}}}}\n")
    assert config.sources["shops"].defaults["branch"] == text
    assert config.scales["own"].words == {text: 10}


@pytest.mark.parametrize(("text", "number"), [("010", 10), ("1_000", 1000), ("+7", 7)])
def test_a_number_is_decimal(tmp_path: Path, text: str, number: int) -> None:
    assert load(tmp_path, f"{GOOD}minimum_group: {text}\n").minimum_group == number


def test_a_column_is_named_by_heading_position_or_pattern(tmp_path: Path) -> None:
    columns = {"score": "7", "responded_at": 7, "comment": {"matches": "(?i)comment"}}
    found = source(tmp_path, columns=columns).columns
    assert found == {"score": "7", "responded_at": 7, "comment": Matches(matches="(?i)comment")}


@pytest.mark.parametrize("period", [2018, "2018-Q3", "2018-06"])
def test_a_date_for_all_answers_is_taken_as_it_is_written(tmp_path: Path, period: object) -> None:
    found = source(tmp_path, columns={"score": 1}, defaults={"responded_at": period, "branch": 7})
    assert found.defaults == {"responded_at": str(period), "branch": "7"}
    assert found.dates_are_periods


def test_a_day_that_yaml_reads_as_a_date_is_taken_as_it_is_written(tmp_path: Path) -> None:
    text = GOOD.replace("      responded_at: 2\n", "    defaults: {responded_at: 2018-06-15}\n")
    assert load(tmp_path, text).sources["shops"].defaults == {"responded_at": "2018-06-15"}


def test_the_name_of_a_file_may_say_when(tmp_path: Path) -> None:
    found = source(tmp_path, columns={"score": 1}, file_name=r"_(?P<branch>[A-Z]+)_(?P<responded_at>\d{4}-\d{2})")
    assert found.file_name_groups == {"branch", "responded_at"}


def test_a_tab_is_written_as_a_word(tmp_path: Path) -> None:
    assert source(tmp_path, delimiter="tab").delimiter == "\t"
    assert source(tmp_path, delimiter=";").delimiter == ";"


def test_a_file_with_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == load(tmp_path, GOOD)


def test_an_anchor_may_be_used_again(tmp_path: Path) -> None:
    text = (
        GOOD
        + "  calls:\n    <<: &again {kind: csv, metric: nps, delivery: snapshot, columns: {score: 1, responded_at: 2}}\n"
    )
    assert set(load(tmp_path, text + "    files: x\n  more: {<<: *again, files: y}\n").sources) == {
        "shops",
        "calls",
        "more",
    }


def test_a_source_may_ask_on_a_scale_of_its_own(tmp_path: Path) -> None:
    own = "scales: {faces: {lowest: 1, highest: 3, promoter_from: 3, passive_from: 2, words: {Great: 3, ok: 2}}}\n"
    config = load(tmp_path, f"{GOOD}    scale: faces\n{own}")
    scale = config.scale_of(config.sources["shops"])
    assert (scale.name, scale.answers, scale.words) == ("faces", {1: 0, 2: 8, 3: 10}, {"great": 3, "ok": 2})
    assert validated(f"{GOOD}    scale: faces\n{own}") == []


def test_words_alone_leave_the_scale_what_it_is(tmp_path: Path) -> None:
    config = load(tmp_path, f"{GOOD}    scale: keys\nscales: {{keys: {{words: {{'*': 10}}}}}}\n")
    scale = config.scale_of(config.sources["shops"])
    assert (scale.name, scale.words) == ("0-10", {"*": 10})


# Mistakes

WRONG: dict[str, tuple[str, str]] = {
    "timezone: Europe/Zagreb": ("timezone: Zagreb", "line 1: timezone: 'Zagreb' is no IANA time zone"),
    "kind: csv": (
        "kind: cvs",
        "line 4: sources.shops.kind: 'cvs' is not allowed: it should be 'anketolog', 'crm', 'csv'",
    ),
    "metric: nps": (
        "metric: csat",
        "line 5: sources.shops.metric: 'csat' is not allowed: it should be 'nps' or 'enps'",
    ),
    "delivery: snapshot": ("delivery: full", "line 7: sources.shops.delivery: 'full' is not allowed"),
    "    kind: csv\n": ("", "line 3: sources.shops.kind: is missing"),
    "responded_at: 2": ("responded_at: 0", "line 10: sources.shops.columns.responded_at: 0 names no column"),
    "      responded_at: 2": (
        "      responded_at: {matches: (}",
        "line 10: sources.shops.columns.responded_at: '(' is no regular expression that can be used: ",
    ),
    "  shops:": ("  Shops 1:", "line 2: sources: 'Shops 1' cannot be a source's name: use lower-case letters"),
    "sources:\n  shops:": ("sources:\n  facts:", "'facts' cannot be a source's name"),
    "      score: How likely is it?\n": ("", "line 3: sources.shops: columns must name the score"),
    "      responded_at: 2\n": ("", "line 3: sources.shops: nothing says when the answers were given"),
    "\n      responded_at: 2\n": (
        "\n    dates: {clock: Time}\n    defaults: {responded_at: 2024}\n",
        "sources.shops: dates.clock is the time of day beside the day in columns.responded_at, which is not named",
    ),
    "      score:": ("      scores: 1\n      score:", "line 9: sources.shops.columns.scores: 'scores' is not allowed"),
}
ADDED: dict[str, str] = {
    "colour: red": "line 11: colour: is no setting known here",
    "histroy_from: 2024-01": "line 11: histroy_from: is no setting known here; did you mean history_from?",
    "max_reject_share: 0.1": "line 11: max_reject_share: is no setting known here; did you mean gates.max_reject_share?",
    "history_from: 2024-01-15": "line 11: history_from: 2024-01-15 is not allowed: it should be a text",
    "language: yes": "line 11: language: 'yes' is not allowed",
    "minimum_group:": "line 11: minimum_group: what is blank is not allowed",
    "history_from: 2024": "line 11: history_from: 2024 is not allowed: it should be a text",
    "history_from: 2024-13": "line 11: history_from: '2024-13' is no month",
    "one_answer: last": "line 11: one_answer: 'last' is not allowed: it should be 'latest', 'first' or 'all'",
    "minimum_group: 2": "line 11: minimum_group: 2 is not allowed: it should be greater than or equal to 3",
    "targets: [{nps: 40, valid_from: 2025-01-01, branch: A, region: B}]": "line 11: targets.0: a target is of one branch",
    "benchmarks: [{nps: 4, year: 2024, source: x}, {nps: 5, year: 2024, source: y}]": "2 benchmarks of all are of 2024",
    "targets: [{nps: 4, valid_from: 2024-01-01}, {nps: 5, valid_from: 2024-01-01}]": "2 targets of all begin on 2024-01-01",
    "benchmarks: [{nps: 4, year: 2024, source: x, industry: IT}, {nps: 5, year: 2024, source: y, industry: it}]": (
        "2 benchmarks of it are of 2024"
    ),
    "targets: [{nps: 4, valid_from: 2024-01-01, branch: ZG}, {nps: 5, valid_from: 2024-01-01, branch: zg}]": (
        "2 targets of branch zg begin on 2024-01-01"
    ),
    "bands: {good: 101}": "line 11: bands.good: 101 is not allowed",
    "gates: {max_reject_share: 20}": "line 11: gates.max_reject_share: 20 is not allowed: it should be less than",
    "gates: {max_reject_share: 20%}": "'20%' is not allowed: it should be a number, such as 0.2",
    "minimum_group: five": "minimum_group: 'five' is not allowed: it should be a whole number, such as 5",
    "gates: 0.5": "line 11: gates: 0.5 is not allowed: here should stand keys with their values",
    "publish: {keep: 0}": "line 11: publish.keep: 0 is not allowed",
    "publish: {storage_version: latest}": "line 11: publish.storage_version: 'latest' is not allowed",
    "nightly: {cron: at night}": "line 11: nightly.cron: 'at night' is no cron schedule; one looks like '0 2 * * *'",
    "nightly: {cron: 0 25 * * *}": "line 11: nightly.cron: '0 25 * * *' is no cron schedule",
    "enps: {close_after: 1000000}": "line 11: enps.close_after: 1000000 is not allowed: it should be less than",
    "follow_up: {due: {hours: .inf}}": "line 11: follow_up.due.hours: inf is not allowed: it should be less than",
    "limits: {max_night_hours: 1.0e+308}": "line 11: limits.max_night_hours: '1.0e+308' is not allowed",
    f"low_sample: 1{'0' * 30}": "line 11: low_sample: no number of nps.yaml is as large as this one",
    f"nps: {{minimum_group: 1{'0' * 400}}}": "line 11: nps.minimum_group: no number",
    f"minimum_group: {hex(1 << 40_000)}": "is not allowed: it should be a whole number",
    f"one_answer: 1{'0' * 1_000}": f"line 11: one_answer: 1{'0' * 59} is not allowed",
    f"low_sample: 1{'0' * 10_000}": "nps.yaml is no valid YAML: Exceeds the limit",
    "minimum_group: 1:30": "line 11: minimum_group: '1:30' is not allowed: it should be a whole number, such as 5",
    "gates: {max_restatement: .inf}": "line 11: gates.max_restatement: no number of nps.yaml is as large as this one",
    "referral: {per_detractor: -.inf, source: x}": "line 11: referral.per_detractor: no number of nps.yaml",
    "tariffs: {x: {currency: EUR, vat: included, valid_from: 2025-01-01, charge: called, per_call: 1.0e+308}}": (
        "line 11: tariffs.x.per_call: 1.0E+308 is no price; one looks like 0.42"
    ),
    "tariffs: {x: {currency: EUR, vat: included, valid_from: 2025-01-01, charge: called, per_call: 123456789012}}": (
        "line 11: tariffs.x.per_call: 123456789012 is no price; one looks like 0.42"
    ),
    "limits: {memory_mb: 1}": "line 11: limits.memory_mb: 1 is not allowed",
    "industries: {synonyms: {it: IT}}": "line 11: industries.synonyms.it: 'IT' is not allowed: here should stand a list",
    "industries: {synonyms: {Retail: [shop], Stores: [shop]}}": "'shop' is a spelling of Retail and of Stores",
    "dimensions: {cities: {kind: csv}}": "line 11: dimensions.cities: 'cities' is not allowed",
    "dimensions: {branches: {kind: csv, files: x, columns: {name: n}}}": (
        "dimensions.branches: branches.columns must name branch"
    ),
    "dimensions: {agents: {kind: csv, files: x, columns: {agent: n}}}": "agents.columns must name code",
    "dimensions: {extra: [age_band, branch]}": "'branch' has a meaning here already",
    "dimensions: {extra: [responses]}": "'responses' has a meaning here already",
    "dimensions: {extra: [select]}": "'select' has a meaning here already",
    "dimensions: {extra: [Age band]}": "'Age band' cannot be a dimension's name",
    "enps: {groups: [Age band]}": "'Age band' cannot be a group's name",
    f"dimensions: {{extra: [{'o' * 65}]}}": "starting with a letter, no more than 64",
    "enps: {groups: [manager, manager]}": "'manager' cannot be a group's name",
    "enps: {groups: [responses]}": "'responses' has a meaning here already",
    "tariffs: {x: {currency: EUR, vat: included, valid_from: 2025-01-01, charge: called, per_call: '2,20'}}": (
        "has a mistake:\n  line 11: tariffs.x.per_call: '2,20' is no price; one looks like 0.42, without a currency"
    ),
    'own_brands: ["A\\ud83d\\ude00"]': r"line 11: A\ud83d\ude00 holds half a character",
    "timezone: UTC": "line 11: timezone stands here a second time. Keep one, or rename",
}
OF_A_SOURCE: dict[str, str] = {
    "scale: 1-6": "line 11: sources.shops.scale: '1-6' is no scale; allowed: 0-10, 1-10, 1-5, 1-7, 0-100, "
    "or one of your own under scales",
    "scale: 10": "line 11: sources.shops.scale: 10 is not allowed: it should be a text",
    "encoding: utf-9": "line 11: sources.shops.encoding: 'utf-9' is no known encoding; try utf-8",
    "encoding: rot13": "line 11: sources.shops.encoding: 'rot13' is no known encoding",
    "encoding: [utf-8, utf-16]": "line 11: sources.shops.encoding: 'utf-16' cannot be one of several encodings",
    "encoding: [windows-1251, utf-8]": "line 11: sources.shops.encoding: utf-8 must be the first of several encodings",
    "encoding: [utf-8, klingon]": "line 11: sources.shops.encoding: 'klingon' is no known encoding",
    "delimiter: ;;": "line 11: sources.shops.delimiter: ';;' must be one character",
    "sheet: 0": "line 11: sources.shops.sheet: 0 names no sheet: give its name, its position from 1, or {matches: pattern}",
    "skip_rows: -1": "line 11: sources.shops.skip_rows: -1 is not allowed",
    "header_rows: 9": "line 11: sources.shops.header_rows: 9 is not allowed",
    "file_name: (": "line 11: sources.shops.file_name: '(' is no regular expression",
    "file_name: (?P<city>x)": "file_name has groups ['city']; allowed: score, responded_at",
    "dates: {formats: [dd.mm.yyyy]}": "line 11: sources.shops.dates.formats.0: 'dd.mm.yyyy' is no date format",
    "dates: {formats: ['%d.%m.%Y %H:%M %p']}": "'%d.%m.%Y %H:%M %p' reads no time: %p, the half of the day, goes with %I",
    "dates: {formats: ['%d.%m.%Y %I:%M']}": "reads no time",
    "dates: {formats: ['%d.%m.']}": "'%d.%m.' reads no date, for it has no year",
    "dates: {formats: ['%d.%m.%Y %Z']}": "the name of a zone (%Z) says too little; give dates.timezone, or %z",
    "date_format: '%Y'": "line 11: sources.shops.date_format: is no setting known here; did you mean dates.formats?",
    "formats: ['%Y']": "line 11: sources.shops.formats: is no setting known here; did you mean dates.formats?",
    "dates: {timezone: CEST}": "line 11: sources.shops.dates.timezone: 'CEST' is no IANA time zone",
    "defaults: {responded_at: soon}": "defaults.responded_at: 'soon' is no year, quarter, month or day",
    "defaults: {colour: red}": "line 11: sources.shops.defaults.colour: 'colour' is not allowed",
    "defaults: {brnch: Graz}": "'brnch' is not allowed: dimensions.extra declares no such dimension",
    "defaults: {brnach: Graz}": "; did you mean branch?",
    "exclude: {spam: {column: x, values: [y]}}": "line 11: sources.shops.exclude.spam: 'spam' is not allowed",
    "exclude: {test: {column: x, values: []}}": "line 11: sources.shops.exclude.test.values: this is not allowed",
    "asked: {answered_in: web}": "line 11: sources.shops.asked.answered_in: 'web' is no source; there are: none",
    "extras: Region": "line 11: sources.shops.extras: 'Region' is not allowed: here should stand a list",
    "kind: csv": "line 11: kind stands here a second time",
}
OF_A_SCALE: dict[str, str] = {
    "{}": "a scale needs lowest, highest, promoter_from and passive_from, or words for 0-10",
    "{lowest: 1, highest: 5}": "promoter_from and passive_from must be given too",
    "{lowest: 1, highest: 1, promoter_from: 1, passive_from: 1}": "must be 1 to 1,000 steps apart",
    "{lowest: 0, highest: 100000, promoter_from: 9, passive_from: 7}": "must be 1 to 1,000 steps apart",
    "{lowest: 1, highest: 7, promoter_from: 5, passive_from: 6}": "promoter_from no worse than passive_from",
    "{lowest: 1, highest: 7, promoter_from: 8, passive_from: 6}": "from 1 (worst) to 7 (best)",
    "{lowest: 1, highest: 7, promoter_from: 6, passive_from: 1}": "passive_from must be better than 1",
    "{lowest: 7, highest: 1, promoter_from: 6, passive_from: 5}": "from 7 (worst) to 1 (best)",
    "{lowest: 1.5}": "line 11: scales.own.lowest: 1.5 is not allowed",
    "{words: {'*': 11}}": "words: '*' means 11, which is not on the scale",
    "{words: {Top: 10, top: 9}}": "each must be a text of its own",
    "{words: {'': 10}}": "each must be a text of its own",
    "{words: {top: ten}}": "line 11: scales.own.words.top: 'ten' is not allowed",
    "{best: 5}": "line 11: scales.own.best: is no setting known here",
}
NO_YAML: dict[str, str] = {
    "a: 1\n<<<<<<< HEAD\nb: 5\n=======\nb: 6\n>>>>>>> b": "line 2: two versions of this file were merged",
    "timezone: [": "line 1, column 12: this is no valid YAML",
    "timezone: UTC\n\tsources: {}": "line 2, column 1: this is no valid YAML",
    "timezone: UTC\n\tsource: {}": "Indent with spaces: tabs are not allowed",
    "a:\n  b: 1\n c: 2": "line 3, column 2: this is no valid YAML: expected <block end>, but found '<block mapping start>'. "
    "This line is indented otherwise",
    'a: "x" y': "put all of it in quotes",
    "a: How likely: 0-10": "line 1, column 14: this is no valid YAML: mapping values are not allowed here. A text with",
    "a: 'x": "A quote that is opened above is not closed",
    "a: {b: 1": "A bracket that is opened above is not closed",
    'a: "x\nb: "*"': "A quote that is opened above is not closed",
    "a: *x": "A text that begins with * or & stands in quotes",
    "a: %d.%m.%Y": "A text that begins with such a sign stands in quotes",
    'a: "\\d+"': "use single quotes",
    "timezone: !secret zone": "line 1, column 11: this is no valid YAML",
    "timezone: UTC\n---\ntimezone: UTC": "line 2, column 1: this is no valid YAML",
    "timezone: {{ zone }}": "line 1: a key must be a plain text. Put a text that begins with { or [ in quotes",
    "history_from: 2024-13-45": "is no valid YAML: month must be in 1..12",
    "sources: &all {x: *all}": "something in it refers to itself",
    f"sources: {'[' * 3000}": "is nested too deeply",
    "\n".join(
        ["a0: &a0 [x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))]
    ): "its aliases (*name) repeat so much that it holds over 100,000 values",
    "timezone: \x07": "is no valid YAML",
    "Zagreb": "line 1: the file: 'Zagreb' is not allowed: here should stand keys with their values",
    "- timezone": "line 1: the file: this is not allowed: here should stand keys",
    "": "line 1: timezone: is missing",
}


@pytest.mark.parametrize("good", WRONG)
def test_a_mistake_is_told_with_line_key_value_and_what_is_allowed(tmp_path: Path, good: str) -> None:
    wrong, sentence = WRONG[good]
    assert GOOD.count(good) == 1
    assert sentence in mistakes(tmp_path, GOOD.replace(good, wrong))


@pytest.mark.parametrize("line", ADDED)
def test_a_mistake_of_the_whole_configuration_is_told(tmp_path: Path, line: str) -> None:
    assert ADDED[line] in mistakes(tmp_path, f"{GOOD}{line}\n")


@pytest.mark.parametrize("line", OF_A_SOURCE)
def test_a_mistake_of_a_source_is_told(tmp_path: Path, line: str) -> None:
    assert OF_A_SOURCE[line] in mistakes(tmp_path, f"{GOOD}    {line}\n")


@pytest.mark.parametrize("declared", OF_A_SCALE)
def test_a_mistake_of_a_scale_is_told(tmp_path: Path, declared: str) -> None:
    assert OF_A_SCALE[declared] in mistakes(tmp_path, f"{GOOD}scales: {{own: {declared}}}\n")


def test_a_known_scale_is_not_declared_again(tmp_path: Path) -> None:
    own = "scales: {1-5: {lowest: 1, highest: 5, promoter_from: 5, passive_from: 4}}\n"
    assert "line 11: scales: '1-5' is known here: only words may stand under it" in mistakes(tmp_path, GOOD + own)
    wrong = f"{GOOD}scales: {{1-5: {{words: {{six: 6}}}}}}\n"
    assert "1-5.words: 'six' means 6, which is not on the scale" in mistakes(tmp_path, wrong)


def test_words_may_stand_beside_a_usual_scale(tmp_path: Path) -> None:
    config = load(tmp_path, f"{GOOD}    scale: 0-100\nscales: {{0-100: {{words: {{Half: 50}}}}}}\n")
    scale = config.scale_of(config.sources["shops"])
    assert (scale.name, scale.answers, scale.words) == ("0-100", SCALES["0-100"].answers, {"half": 50})


@pytest.mark.parametrize("text", NO_YAML)
def test_what_is_no_yaml_is_told(tmp_path: Path, text: str) -> None:
    assert NO_YAML[text] in mistakes(tmp_path, text)


@pytest.mark.parametrize("wrong", ["{{wanted: 1}}", "'? which of them'"])
def test_of_many_mistakes_or_questions_the_first_are_told(tmp_path: Path, wrong: str) -> None:
    """What is wrong in each of thirty scales fills no more than a screen."""
    scales = "".join(f"  own_{number}: {wrong.format()}\n" for number in range(30))
    said = mistakes(tmp_path, f"{GOOD}scales:\n{scales}").splitlines()
    assert len(said) == 1 + 20 + 1
    assert "scales.own_0" in said[1]
    assert said[-1].endswith("more; they are told when these are mended")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    said = mistakes(tmp_path, GOOD.replace("csv\n", "cvs\n", 1).replace("snapshot", "full") + "minimum_group: 1\n")
    assert "has 3 mistakes" in said
    assert [line.split(":")[0].strip() for line in said.splitlines()[1:]] == ["line 11", "line 4", "line 7"]


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in mistakes(tmp_path, GOOD.encode("utf-16"))
    with pytest.raises(UserError, match="cannot be read"):
        load_config(tmp_path)


@pytest.mark.parametrize(
    "pattern",
    [
        "/etc/passwd",
        "../other/*.csv",
        "landing/../../x",
        "landing/..",
        "C:/exports/*.csv",
        "\\\\server\\share",
        "..\\x",
        "",
    ],
)
def test_a_pattern_of_files_that_leads_outside_the_workspace_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(UserError, match=r"line \d+: sources.shops.files"):
        source(tmp_path, files=pattern)
    with pytest.raises(UserError, match=r"line \d+: sources.shops.files"):
        source(tmp_path, files=["landing/*.csv", pattern])


# Documents


def test_the_template_of_a_new_workspace_is_valid(tmp_path: Path) -> None:
    create_workspace(tmp_path)
    assert open_workspace(tmp_path).config == Config(timezone="UTC")


def test_the_template_is_valid_with_everything_in_it_that_is_commented_out(tmp_path: Path) -> None:
    template = (ROOT / "pipelines" / "config" / "template.yaml").read_text("utf-8")
    lines = []
    for line in template.splitlines():
        bare = line.removeprefix("#").removeprefix(" ") if line.startswith("# ") else line.removeprefix("#")
        lines.append(bare if is_setting(bare) else line)
    full = "\n".join(lines).replace("sources: {}", "sources:").replace("dimensions: {}", "dimensions:")
    config = load(tmp_path, full)
    assert set(config.sources) == {"shops"}
    assert set(config.dimensions.lists) == {"branches", "accounts"}
    assert config.industries.synonyms
    assert validated(full) == []


def is_setting(line: str) -> bool:
    """Whether a line that was a comment is one of settings: a key and a colon."""
    key, colon, _ = line.strip().partition(":")
    return bool(colon) and key.replace("_", "").isalpha() and " " not in key


def validated(text: str) -> list[str]:
    """What an editor would say about a configuration."""
    checker = jsonschema.Draft202012Validator(json.loads(json_schema()))
    return [error.message for error in checker.iter_errors(yaml.safe_load(text))]


def test_the_schema_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(json_schema()))


def test_the_schema_accepts_what_is_accepted_here(tmp_path: Path) -> None:
    example = (ROOT / "examples" / "nps.yaml").read_text("utf-8")
    assert load_config(ROOT / "examples" / "nps.yaml").sources
    assert validated(example) == []
    assert validated(GOOD) == []
    for line in ("defaults: {responded_at: 2018, branch: ZG}", "encoding: [utf-8, windows-1252]", "sheet: {matches: ^20}",
                 "sheet: 2", "skip_rows: 3", "dates: {formats: [excel]}"):  # fmt: skip
        assert validated(f"{GOOD}    {line}\n") == []
        assert source(tmp_path, **yaml.safe_load(line))


@pytest.mark.parametrize("line", ["colour: red", "one_answer: last", "minimum_group: 2", "history_from: 2024-13"])
def test_the_schema_refuses_what_is_refused_here(line: str) -> None:
    assert validated(f"{GOOD}{line}\n")


# The workspace and its key


def test_a_new_workspace_has_its_folders_and_a_key_of_its_own(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "one")
    create_workspace(tmp_path / "two")
    assert all((tmp_path / "one" / name).exists() for name in made)
    assert {f"{name}/" for name in FOLDERS} < set(made)
    keys = [open_workspace(tmp_path / name).key() for name in ("one", "two")]
    assert keys[0] != keys[1]
    assert min(map(len, keys)) >= 32


def test_a_workspace_is_not_made_over_another(tmp_path: Path) -> None:
    create_workspace(tmp_path)
    (tmp_path / CONFIG_FILE).write_text("mine")
    with pytest.raises(UserError, match="There already is a workspace"):
        create_workspace(tmp_path)
    assert (tmp_path / CONFIG_FILE).read_text() == "mine"


def test_the_key_is_readable_by_its_owner_alone_and_stays_as_it_is(tmp_path: Path) -> None:
    create_workspace(tmp_path)
    key = tmp_path / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_text()
    prepare_folders(tmp_path)
    assert key.read_text() == before


def test_several_lines_are_one_key_unless_one_says_that_it_followed(tmp_path: Path) -> None:
    create_workspace(tmp_path)
    for text, keys in (
        ("a" * 64 + "\n" + "b" * 24 + "\n", ["a" * 64 + "\n" + "b" * 24]),
        ("a" * 64 + "\r\n  then  " + "b" * 64 + "\n\n", ["a" * 64, "b" * 64]),
    ):
        (tmp_path / KEY_FILE).write_text(text)
        assert open_workspace(tmp_path).key().split(THEN) == keys


def test_the_key_of_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_workspace(tmp_path)
    given = new_key()
    monkeypatch.setenv("NPS_KEY", f" {given}\n")
    assert open_workspace(tmp_path).key() == given


def test_without_a_key_the_way_to_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPS_KEY", raising=False)
    workspace = Workspace(tmp_path, Config(timezone="UTC"))
    with pytest.raises(UserError, match=r"no key for pseudonyms\. Set NPS_KEY .*by nps init; else openssl"):
        workspace.key()


@pytest.mark.parametrize("key", ["", "   ", "x" * 31, " " * 40 + "short"])
def test_a_short_key_is_refused_wherever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    create_workspace(tmp_path)
    monkeypatch.setenv("NPS_KEY", key)
    with pytest.raises(UserError, match="in NPS_KEY is too short: it needs at least 32"):
        open_workspace(tmp_path).key()
    monkeypatch.delenv("NPS_KEY")
    (tmp_path / KEY_FILE).write_text(key)
    with pytest.raises(UserError, match=r"identity\.key is too short: .* from a backup"):
        open_workspace(tmp_path).key()


def test_a_key_that_is_no_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPS_KEY", raising=False)
    create_workspace(tmp_path)
    (tmp_path / KEY_FILE).write_bytes(bytes(range(128, 192)))
    with pytest.raises(UserError, match="is no text"):
        open_workspace(tmp_path).key()


@pytest.mark.parametrize("do", [create_workspace, open_workspace])
def test_a_file_is_no_workspace(tmp_path: Path, do: Callable[[Path], object]) -> None:
    file = tmp_path / "nps.yaml"
    file.write_text("timezone: UTC\n", "utf-8")
    with pytest.raises(UserError, match=r"nps\.yaml is a file, and a workspace is a folder"):
        do(file)


def test_a_folder_without_configuration_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no workspace in .*nps\.yaml is missing.*nps init"):
        open_workspace(tmp_path)


@pytest.mark.parametrize("name", ["a[1]", "day=1", "50%25", "a\\b", "a\nb"])
def test_a_folder_whose_name_the_lake_cannot_bear_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="Choose a folder without"):
        create_workspace(tmp_path / name)
    with pytest.raises(UserError, match="Choose a folder without"):
        open_workspace(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_folder_whose_path_is_too_long_for_sqlite_is_refused_as_that(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["deep" * 40] * 3)
    with pytest.raises(UserError, match="more than 400 bytes"):
        create_workspace(deep)
    with pytest.raises(UserError, match="more than 400 bytes"):
        open_workspace(deep)


def test_the_home_is_the_given_one_or_that_of_the_environment_or_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NPS_HOME", raising=False)
    assert find_home() == tmp_path.resolve() / "workspace"
    monkeypatch.setenv("NPS_HOME", "")
    assert find_home() == tmp_path.resolve() / "workspace"
    monkeypatch.setenv("NPS_HOME", str(tmp_path / "elsewhere"))
    assert find_home() == tmp_path.resolve() / "elsewhere"
    assert find_home(tmp_path / "given") == tmp_path.resolve() / "given"


CASES = """\
follow_up: {due: {hours: 48}}
cases: {kind: csv, files: landing/crm/*.csv, columns: {%s}%s}
"""


@pytest.mark.parametrize(
    ("columns", "beside", "says"),
    [
        ("owner: Agent", "", "cases.columns must name response_id"),
        ("owner: Agent", "", "respondent or account, as answers name them, and opened_at"),
        ("respondent: E-mail", "", "opened_at is missing in cases.columns"),
        ("response_id: ID, account: Client", "", "ticket that names the account is of the one in the 30 days before"),
        ("response_id: ID", ", within_days: 14", "within_days is of tickets that name the client alone"),
        ("respondent: E-mail, opened_at: Opened", ", within_days: -1", "within_days: -1"),
        ("account: Client, opened_at: Opened", "", "no source of clients says the account of an answer"),
        ("email: E-mail, opened_at: Opened", "", "'email'"),
    ],
)
def test_tickets_that_could_be_of_no_case_are_a_mistake(tmp_path: Path, columns: str, beside: str, says: str) -> None:
    assert says in mistakes(tmp_path, GOOD + CASES % (columns, beside))


def test_tickets_may_name_the_client_where_answers_do(tmp_path: Path) -> None:
    good = f"{GOOD}      respondent: Mail\n{CASES % ('respondent: E-mail, opened_at: Opened', ', within_days: 14')}"
    cases = load(tmp_path, good).cases
    assert cases is not None
    assert (cases.known_by, cases.clients, cases.within_days) == ("respondent", ("respondent",), 14)


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "nps.yaml"
    file.write_bytes(b"timezone: UTC\nsources: {}  # Du\xe6an\n")
    with pytest.raises(
        UserError, match=r"nps\.yaml cannot be read from line 2 on: it is no UTF-8\. Save it anew as UTF-8\."
    ):
        load_config(file)
