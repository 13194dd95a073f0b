"""The demo's sample exports: the same bytes everywhere, and every mess that such files have is really in them."""

import csv
import functools
import hashlib
import io
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import yaml

from examples import staff
from examples.calls import CALLED_BRANCHES, ENCODING
from examples.crm import SPELLINGS
from examples.demo import write_demo
from examples.mood import MONTHS
from examples.population import BRANCHES, INDUSTRIES, group
from examples.staff import CLIENT_QUESTION, ENPS_QUESTION
from examples.web import ANCHORS, BRANCH_QUESTION, SCORE_QUESTION, TEST_COLLECTOR
from pipelines.config.load import load_config
from pipelines.config.models import Config
from pipelines.errors import UserError
from pipelines.stages.volume import ANSWERS as NEVER_TOO_MANY
from transforms.dates.instants import DateReading, instant
from transforms.scores.scales import SCALES, verdict

Rows = list[list[str]]
WEB_SCORE, WEB_BRANCH, WEB_COMMENT = 9, 11, 10
CALL_SCORE, CARD_SCORE, HR_SCORE = 5, 4, 7
HUNG_UP = "\u0441\u0431\u0440\u043e\u0441"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    write_demo(folder)
    return folder


@pytest.fixture(scope="module")
def config(home: Path) -> Config:
    return load_config(home / "nps.yaml")


@functools.cache
def rows_of(home: Path, pattern: str, encoding: str, delimiter: str, headings: int = 1) -> Rows:
    """The data rows of all files of a pattern, one after the other."""
    found: Rows = []
    for file in sorted(home.glob(pattern)):
        text = io.StringIO(file.read_bytes().decode(encoding), newline="")
        found += list(csv.reader(text, delimiter=delimiter))[headings:]
    return found


def web_rows(home: Path, export: str = "*") -> Rows:
    return rows_of(home, f"landing/web/{export}.csv", "utf-8-sig", ",", headings=2)


def call_rows(home: Path, name: str = "*") -> Rows:
    return rows_of(home, f"landing/calls/calls_{name}.txt", ENCODING, ";")


def card_rows(home: Path) -> Rows:
    return rows_of(home, "landing/crm/client_cards_*.csv", "utf-8-sig", ";")


def hr_rows(home: Path) -> Rows:
    return rows_of(home, "landing/hr/*.tsv", "utf-8", "\t")


def verdicts(config: Config, source: str, texts: list[str]) -> pl.DataFrame:
    """Each score text as the pipeline will read it: `score` and `problem`."""
    settings = config.sources[source]
    read = verdict(pl.col("text"), SCALES[settings.scale], tuple(settings.unanswered))
    return pl.DataFrame({"text": texts}).select(read.struct.unnest())


def problems(config: Config, source: str, texts: list[str]) -> Counter[str]:
    return Counter(verdicts(config, source, texts).get_column("problem").drop_nulls().to_list())


def answers(config: Config, source: str, texts: list[str]) -> int:
    return verdicts(config, source, texts).get_column("score").drop_nulls().len()


def fingerprint(folder: Path) -> str:
    """Names, bytes and times of all files of a folder."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    parts = [
        (file.relative_to(folder).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest(), landed_at(folder, file))
        for file in files
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def landed_at(folder: Path, file: Path) -> int:
    """When a file came, in nanoseconds; of nps.yaml it does not matter."""
    return 0 if file.parent == folder else file.stat().st_mtime_ns


def test_another_seed_gives_other_answers() -> None:
    first_waves = [next(staff.exports(group(seed), seed)).content for seed in (7, 7, 8)]
    assert first_waves[0] == first_waves[1] != first_waves[2]


def test_the_bytes_are_those_that_every_machine_gets(home: Path) -> None:
    contents = sorted((file.name, file.read_bytes()) for file in (home / "landing").rglob("*") if file.is_file())
    digest = hashlib.sha256(b"".join(content for _, content in contents)).hexdigest()
    assert digest[:16] == "30e030ba1f7b924d"


def test_files_to_practise_with_lie_beside_landing(home: Path) -> None:
    files = {file.relative_to(home / "practice").as_posix(): file for file in (home / "practice").rglob("*.*")}
    cut, whole, opened = (
        rows_of(home / "practice", f"{name}/calls_*.txt", ENCODING, ";", headings=0)
        for name in ("1-cut", "2-whole", "3-new-branch")
    )
    assert whole[1:] == cut
    assert whole[0] == opened[0] == rows_of(home, "landing/calls/calls_SA_2026-06.txt", ENCODING, ";", headings=0)[0]
    assert {row[1][3:10] for row in (*cut, *opened[1:])} == {"07.2026"}
    people = {row[2] for row in call_rows(home)}
    assert not people & {row[2] for row in opened}
    assert files["4-opened/branches.csv"].read_text("utf-8-sig").endswith("TS;Trieste;Adriatic\n")


def test_the_new_branch_to_practise_with_fails_the_gate_of_known_branches_and_is_not_held_before(
    home: Path, config: Config
) -> None:
    known, new = (
        answers(
            config, "call_centre", [row[CALL_SCORE] for row in rows_of(home, f"practice/{name}/*.txt", ENCODING, ";")]
        )
        for name in ("2-whole", "3-new-branch")
    )
    assert new > 1.5 * (1 - config.gates.min_match_rate) * (known + new)
    assert new <= NEVER_TOO_MANY


def test_a_workspace_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "nps.yaml").write_text("timezone: UTC\n")
    with pytest.raises(UserError, match=r"own nps\.yaml"):
        write_demo(tmp_path)
    assert not (tmp_path / "landing").exists()


def test_a_second_demo_is_the_same_to_the_byte_and_the_second(home: Path) -> None:
    before = fingerprint(home)
    write_demo(home)
    assert fingerprint(home) == before


def test_the_configuration_is_valid_and_shows_what_can_be_set(config: Config) -> None:
    columns = [column for source in config.sources.values() for column in source.columns.values()]
    assert {type(column).__name__ for column in columns} == {"str", "int", "Matches"}
    sources = config.sources.values()
    assert {source.scale for source in sources} == {"0-10", "1-10"}
    assert {source.metric for source in sources} == {"nps", "enps"}
    assert {source.delivery for source in sources} == {"snapshot", "incremental"}
    assert {"accounts", "branches"} == set(config.dimensions.lists)
    shown = config.model_dump(exclude_unset=True)
    assert {"industries", "gates", "history_from", "one_answer", "minimum_group"} <= set(shown)
    in_sources = {key for source in shown["sources"].values() for key in source}
    assert {"file_name", "dates", "defaults", "unanswered", "exclude", "extras", "max_reject_share"} <= in_sources


def test_every_file_of_landing_belongs_to_one_source_or_dimension(home: Path, config: Config) -> None:
    lists = [each for each in (config.cases, config.clients) if each]
    layouts = [*config.sources.values(), *config.dimensions.lists.values(), *config.activity.values(), *lists]
    taken = Counter(file for layout in layouts for pattern in layout.files for file in home.glob(pattern))
    assert set(taken) == {file for file in (home / "landing").rglob("*") if file.is_file()}
    assert set(taken.values()) == {1}


def test_every_file_name_gives_its_values(home: Path, config: Config) -> None:
    for layout in [*config.sources.values(), *config.dimensions.lists.values()]:
        if layout.file_name:
            files = [file for pattern in layout.files for file in home.glob(pattern)]
            assert all(re.search(layout.file_name, file.name) for file in files)


def test_it_is_about_forty_thousand_answers_over_24_months(home: Path, config: Config) -> None:
    web = [row for export in ("*_2025-07-03", "*_2026-07-03") for row in web_rows(home, export)]
    calls = {row[0]: row for row in call_rows(home)}.values()
    cards = {tuple(row) for row in card_rows(home)}
    counted = (
        answers(config, "web", [row[WEB_SCORE] for row in web])
        + answers(config, "call_centre", [row[CALL_SCORE] for row in calls])
        + answers(config, "crm_cards", [row[CARD_SCORE] for row in cards])
        + answers(config, "hr", [row[HR_SCORE] for row in hr_rows(home)])
    )
    assert 38_000 < counted < 42_000
    months = {(row[3][6:10], row[3][:2]) for row in web}
    assert len(months) == MONTHS
    assert (min(months), max(months)) == (("2024", "07"), ("2026", "06"))


def test_twelve_branches_and_six_industries_all_occur(home: Path) -> None:
    assert {row[WEB_BRANCH] for row in web_rows(home)} - {""} == {branch.name for branch in BRANCHES}
    accounts = rows_of(home, "landing/crm/accounts_*.csv", "utf-8-sig", ";")
    assert {row[3] for row in accounts} == {branch.code for branch in BRANCHES}
    assert {row[2] for row in accounts} == {spelling for spellings in SPELLINGS.values() for spelling in spellings}
    assert (len(BRANCHES), len(INDUSTRIES)) == (12, 6)


def test_no_file_has_so_many_wrong_rows_that_it_would_be_held_back(home: Path, config: Config) -> None:
    for name, encoding, headings, column in (
        ("web", "utf-8-sig", 2, WEB_SCORE),
        ("call_centre", ENCODING, 1, CALL_SCORE),
        ("crm_cards", "utf-8-sig", 1, CARD_SCORE),
        ("hr", "utf-8", 1, HR_SCORE),
    ):
        source = config.sources[name]
        files = [*home.glob(source.files[0])]
        assert files
        for file in files:
            rows = rows_of(home, str(file.relative_to(home)), encoding, source.delimiter or ",", headings)
            wrong = problems(config, name, [row[column] for row in rows])
            del wrong["unanswered"]
            assert wrong.total() / len(rows) < config.gates.max_reject_share / 2


def test_the_survey_tool_writes_two_rows_of_headings_and_anchors_at_both_ends(home: Path) -> None:
    for file in (home / "landing/web").iterdir():
        first, second = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))[:2]
        assert (first[0], second[0]) == ("Respondent ID", "")
        assert (first[WEB_SCORE], second[WEB_SCORE]) == (SCORE_QUESTION, "Response")
        assert (first[WEB_BRANCH], second[WEB_COMMENT]) == (BRANCH_QUESTION, "Open-Ended Response")
        assert first[-2:] == ["", ""]
    texts = Counter(row[WEB_SCORE] for row in web_rows(home))
    assert set(texts) == {"", *ANCHORS.values(), *map(str, range(1, 10))}
    assert min(texts.values()) > 100


def test_comments_break_careless_readers(home: Path) -> None:
    comments = "".join(row[WEB_COMMENT] for row in web_rows(home))
    assert all(mess in comments for mess in ("\n", '"', ",", ";", "👏", "=never", "č"))
    lines = sum(len(file.read_text("utf-8-sig").splitlines()) for file in (home / "landing/web").iterdir())
    assert lines > len(web_rows(home)) + 100


def test_identity_stands_in_the_export_and_belongs_to_nobody(home: Path) -> None:
    people = [row for row in web_rows(home) if row[5]]
    assert all(row[5].endswith("@example.com") and row[4].startswith("203.0.113.") for row in people)
    assert 0 < sum(row[5] == "" for row in web_rows(home)) < len(people)
    emails = {contact.email for account in group(7).accounts for contact in account.contacts}
    assert len(emails) == sum(len(account.contacts) for account in group(7).accounts)


def test_the_first_export_lies_there_under_two_names(home: Path) -> None:
    digests = Counter(hashlib.sha256(file.read_bytes()).hexdigest() for file in (home / "landing").rglob("*.csv"))
    assert sorted(digests.values())[-2:] == [1, 2]


def test_a_later_export_has_more_answers_some_changed_and_a_few_gone(home: Path) -> None:
    for early, late in (("*-2024_*2025-01-07", "*-2024_*2025-07-03"), ("*-2025_*2026-01-07", "*-2025_*2026-07-03")):
        before = {row[0]: row for row in web_rows(home, early)}
        after = {row[0]: row for row in web_rows(home, late)}
        gone = before.keys() - after.keys()
        changed = [number for number in before.keys() & after.keys() if before[number] != after[number]]
        assert 0 < len(gone) < 30
        assert 10 < len(changed) < 100
        assert len(after) > 1.5 * len(before)


def test_exports_come_in_an_order_that_their_times_show(home: Path) -> None:
    arrived = {file.name: file.stat().st_mtime for file in (home / "landing/web").iterdir()}
    first, copy, second = (
        arrived[f"client-survey-2024_exported_{name}.csv"] for name in ("2025-01-07", "2025-01-07 (1)", "2025-07-03")
    )
    assert first < copy < second
    correction = (home / "landing/calls/calls_BG_2025-03_correction.txt").stat().st_mtime
    assert correction > (home / "landing/calls/calls_BG_2025-04.txt").stat().st_mtime


def test_our_own_clicks_are_marked_as_tests(home: Path) -> None:
    assert sum(row[1] == TEST_COLLECTOR for row in web_rows(home, "*_2025-07-03")) == 6


def test_one_person_answers_twice_in_a_month(home: Path) -> None:
    answered = Counter((row[5], row[3][:2]) for row in web_rows(home, "*_2025-07-03") if row[5])
    assert sum(times > 1 for times in answered.values()) > 100


def test_the_call_centre_writes_windows_1251_and_nothing_else_reads_it(home: Path) -> None:
    files = list((home / "landing/calls").iterdir())
    assert len(files) == len(CALLED_BRANCHES) * MONTHS + 1
    for file in files:
        with pytest.raises(UnicodeDecodeError):
            file.read_bytes().decode("utf-8")
    comments = "".join(row[6] for row in call_rows(home))
    assert all(letter in comments for letter in ("љ", "ћ", "ё", "ы", '"', ";"))


def test_calls_end_without_an_answer_in_every_way(home: Path, config: Config) -> None:
    texts = [row[CALL_SCORE] for row in call_rows(home)]
    assert {"", "нет ответа", HUNG_UP, "0", "11", "7,5", "8.5", "пять", *map(str, range(1, 11))} <= set(texts)
    found = problems(config, "call_centre", texts)
    assert found["unanswered"] > 1_000
    assert min(found[kind] for kind in ("score_out_of_scale", "score_fractional", "score_unreadable")) > 3


def test_dates_of_calls_are_local_and_a_few_are_none(home: Path, config: Config) -> None:
    dates = config.sources["call_centre"].dates
    texts = [row[1] for row in call_rows(home)]
    read = instant(pl.col("text"), DateReading(tuple(dates.formats), dates.timezone or ""))
    frame = pl.DataFrame({"text": texts}).with_columns(at=read)
    assert set(frame.filter(pl.col("at").is_null()).get_column("text")) == {"", "31.02.2025 10:15"}
    assert frame.filter(pl.col("at").dt.year() == 2062).height > 0


def test_calls_come_again_with_another_score(home: Path) -> None:
    rows = call_rows(home)
    assert sum(times > 1 for times in Counter(map(tuple, rows)).values()) > 10, "the same line twice in one file"
    scores: dict[str, set[str]] = {}
    for row in rows:
        scores.setdefault(row[0], set()).add(row[CALL_SCORE])
    assert sum(len(given) > 1 for given in scores.values()) > 150
    late = {row[0] for row in call_rows(home, "BG_2025-03_correction")}
    assert late < {row[0] for row in call_rows(home, "BG_2025-03")}


def test_cards_repeat_until_somebody_asks_again(home: Path) -> None:
    assert max(Counter(map(tuple, card_rows(home))).values()) == 8


def test_cards_hold_decimal_commas_typing_errors_and_scores_that_are_none(home: Path, config: Config) -> None:
    rows = card_rows(home)
    texts = [row[CARD_SCORE] for row in rows]
    assert {"9,00", "7,50", "12,00", "n/a", "call back", ""} <= set(texts)
    found = problems(config, "crm_cards", texts)
    assert min(found[kind] for kind in ("score_out_of_scale", "score_fractional", "score_unreadable")) > 3
    assert any(row[CARD_SCORE] == "9,00" and not row[5] for row in rows), "a score without its date"
    assert any(row[5] and row[5] < config.history_from for row in rows), "a score from before the history"
    assert any(row[2] == "TEST" for row in rows)
    assert any(row[5].endswith("-31 22:30:00") for row in rows), "the new month here, the old one in UTC"


def test_some_cards_belong_to_accounts_that_nobody_knows(home: Path) -> None:
    known = {row[0] for row in rows_of(home, "landing/crm/accounts_*.csv", "utf-8-sig", ";")}
    assert 0.002 < sum(row[0] not in known for row in card_rows(home)) / len(card_rows(home)) < 0.03
    assert all(re.fullmatch(r"0\d{5}", account) for account in known), "leading zeros"


def test_every_spelling_of_an_industry_is_in_the_configuration(config: Config) -> None:
    synonyms = config.industries.synonyms
    assert set(synonyms) == set(INDUSTRIES)
    for industry, spellings in SPELLINGS.items():
        known = {industry, *(spelling.lower() for spelling in synonyms[industry])}
        assert {spelling.lower() for spelling in spellings} <= known


def test_accounts_change_branch_and_industry_between_the_dumps(home: Path) -> None:
    before, after = (
        {row[0]: row for row in rows_of(home, f"landing/crm/accounts_{day}.csv", "utf-8-sig", ";")}
        for day in ("2024-06-30", "2025-07-01")
    )
    assert before.keys() == after.keys()
    assert sum(before[account][3] != after[account][3] for account in before) > 50
    assert sum(before[account][2] != after[account][2] for account in before) > 50


def test_the_employee_survey_asks_two_questions_on_the_same_scale(home: Path, config: Config) -> None:
    headings = (home / "landing/hr/employees_2024-10.tsv").read_text("utf-8").splitlines()[0].split("\t")
    assert headings[HR_SCORE : HR_SCORE + 2] == [ENPS_QUESTION, CLIENT_QUESTION]
    rows = hr_rows(home)
    assert config.sources["hr"].columns["score"] == ENPS_QUESTION
    assert sum(row[HR_SCORE] != row[HR_SCORE + 1] for row in rows) > len(rows) / 3
    assert {row[6] for row in rows} == {"Complete", "Partial", "Not started"}
    assert all(re.fullmatch(r"\d{1,2}\.(4|10)\.202[456]\.", row[5]) for row in rows if row[6] != "Not started")


def test_hr_lists_everybody_so_that_it_can_be_seen_how_many_were_asked(home: Path) -> None:
    silent = [row for row in hr_rows(home) if row[6] == "Not started"]
    assert 0 < len(silent) < len(hr_rows(home)) / 5
    assert {value for row in silent for value in row[5:] if value != "Not started"} == {""}


def test_the_market_survey_asks_about_the_company_and_its_rivals_every_quarter(home: Path, config: Config) -> None:
    files = list((home / "landing/market").iterdir())
    assert len(files) == MONTHS // 3
    rows = rows_of(home, "landing/market/*.csv", "utf-8", ",")
    assert {row[3] for row in rows} == {*config.own_brands, "Alfa", "Delta"}
    assert {row[2] for row in rows} == {branch.name for branch in BRANCHES}


def test_some_departments_are_too_small_to_publish(home: Path, config: Config) -> None:
    wave = rows_of(home, "landing/hr/employees_2025-10.tsv", "utf-8", "\t")
    answered = Counter((row[1], row[3]) for row in wave)
    assert 0 < sum(people < config.minimum_group for people in answered.values()) < len(answered) / 2


def test_one_branch_slides_and_another_recovers(home: Path, config: Config) -> None:
    def nps(branch: str, export: str) -> float:
        texts = [row[WEB_SCORE] for row in web_rows(home, export) if row[WEB_BRANCH] == branch]
        given: list[int] = verdicts(config, "web", texts).get_column("score").drop_nulls().to_list()
        promoters, detractors = sum(score >= 9 for score in given), sum(score <= 6 for score in given)
        return 100.0 * (promoters - detractors) / len(given)

    first_year, second_year = "*_2025-07-03", "*_2026-07-03"
    assert nps("Osijek", second_year) < nps("Osijek", first_year) - 30
    assert nps("Rijeka", second_year) > nps("Rijeka", first_year) + 15
    assert abs(nps("Zagreb", second_year) - nps("Zagreb", first_year)) < 10


def test_the_configuration_in_the_repository_is_the_one_that_is_written(home: Path) -> None:
    text = (Path(__file__).parents[2] / "examples/nps.yaml").read_text("utf-8")
    assert yaml.safe_load(text) == yaml.safe_load((home / "nps.yaml").read_text("utf-8"))
