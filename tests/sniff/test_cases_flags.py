"""Columns that say of a row that it is no answer, or several: tests, deleted answers, counts."""
# ruff: noqa: RUF001 - texts in the languages of the files

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle


def written(folder: Path, heading: str, values: Sequence[str]) -> Path:
    """Twenty-two answers, two on each number, with what a column of `heading` says in turn."""
    rows = [f"2024-01-{1 + i},{i // 2},{values[i % len(values)]}" for i in range(22)]
    (folder / "x.csv").write_text("\n".join([f"Date,Score,{heading}", *rows]) + "\n", "utf-8")
    return folder / "x.csv"


@pytest.mark.parametrize(
    ("heading", "states"),
    [
        ("Status", ("Responded", "Delivered", "Opened", "Bounced")), ("Email status", ("replied", "sent")),
        ("Status der Einladung", ("beantwortet", "zugestellt")), ("Status ankiete", ("Odgovoreno", "Poslano", "Otvoreno")),
        ("Статус", ("Отвечено", "Доставлено")), ("Status", ("Wypełniono", "Wysłano", "Dostarczono")),
    ],
)  # fmt: skip
def test_zeros_of_letters_that_nobody_answered_are_asked_about(
    heading: str, states: Sequence[str], tmp_path: Path
) -> None:
    answered, *others = states

    def asked(zero: int) -> list[str]:
        rows = [f"2024-01-{1 + i % 28},{i // 2 % 11},{answered}" for i in range(44)]
        rows += [f"2024-01-{1 + i},{zero * (i % 11)},{others[i % len(others)]}" for i in range(22)]
        (tmp_path / "x.csv").write_text("\n".join([f"Date,Score,{heading}", *rows]) + "\n", "utf-8")
        return [each for each in sniff(tmp_path / "x.csv").questions if "exclude" in each]

    [found] = asked(zero=0)
    assert f"{{incomplete: {{column: '{heading}', values: [" in found
    assert all(f"'{each}'" in found for each in others)
    assert not asked(zero=1), "those who scored have answered, whatever became of a letter"


def test_a_zero_amid_other_numbers_is_a_score_and_no_mark_of_an_unfinished_answer(tmp_path: Path) -> None:
    """`Displayed` is said of answers that were shown, and of what is displayed of them."""
    rows = [f"2024-01-{1 + i},Question,{i // 2}" for i in range(22)]
    (tmp_path / "x.csv").write_text("\n".join(["Date,Answers/Question,Answers/Displayed", *rows]) + "\n", "utf-8")
    assert [each for each in sniff(tmp_path / "x.csv").questions if "exclude" in each] == []


@pytest.mark.parametrize(
    ("heading", "values", "rule"),
    [
        ("dispcode", ("31", "31", "22"), "incomplete: {column: 'dispcode', values: [\"22\"]}"),
        ("lastpage", ("3", "3", "1"), "incomplete: {column: 'lastpage', values: [\"1\"]}"),
        ("quality_flag", ("ok", "ok", "bad"), "flagged: {column: 'quality_flag', values: ['bad']}"),
        (
            "excluded_from_calculations",
            ("false", "false", "true"),
            "flagged: {column: 'excluded_from_calculations', values: [",
        ),
        ("Included in NPS scoring", ("yes", "no"), "incomplete: {column: 'Included in NPS scoring', values: ["),
        ("Imputed", ("no", "yes"), "flagged: {column: 'Imputed', values: [\"yes\"]}"),
        ("Data source", ("Survey", "Model"), "flagged: {column: 'Data source', values: ['Model']}"),
        ("Izvor podataka", ("anketa", "procjena"), "flagged: {column: 'Izvor podataka', values: ['procjena']}"),
        ("Тип данных", ("опрос", "прогноз"), "flagged: {column: 'Тип данных', values: ['прогноз']}"),
        ("Completed by", ("Customer", "Agent"), "flagged: {column: 'Completed by', values: ['Agent']}"),
        ("Score type", ("estimated",), "flagged: {column: 'Score type', values: ['estimated']}"),
        ("Environment", ("production", "staging"), "flagged: {column: 'Environment', values: ['staging']}"),
        ("Row type", ("Detail", "Subtotal"), "flagged: {column: 'Row type', values: ['Subtotal']}"),
        ("Status", ("Final", "Draft"), "incomplete: {column: 'Status', values: ['Draft']}"),
        ("Važeće", ("Da", "Ne"), "incomplete: {column: 'Važeće', values: ['Ne']}"),
        ("Учитывать в NPS", ("да", "нет"), "incomplete: {column: 'Учитывать в NPS', values: ['нет']}"),
        ("livemode", ("true", "false"), "incomplete: {column: 'livemode', values: [\"false\"]}"),
        ("Is active", ("1", "0"), "incomplete: {column: 'Is active', values: [\"0\"]}"),
        ("Branch", ("Split", "Zadar", "Test branch"), "test: {column: 'Branch', values: ['Test branch']}"),
        ("Page", ("https://x.hr/s", "https://x.hr/s?preview=true"), "preview: {column: 'Page', values: ["),
        ("Page", ("https://x.hr/s", "https://staging.x.hr/s"), "flagged: {column: 'Page', values: ["),
        ("Comment", ("TEST", *map(str, range(20))), "test: {column: 'Comment', values: ['TEST']}"),
        ("Don't know", ("", "1"), 'flagged: {column: "Don\'t know", values: ["1"]}'),
        (
            "Einwilligung Auswertung",
            ("ja", "ja", "nein"),
            "flagged: {column: 'Einwilligung Auswertung', values: ['nein']}",
        ),
        ("Zgoda na badanie", ("tak", "nie"), "flagged: {column: 'Zgoda na badanie', values: ['nie']}"),
        (
            "Suglasnost za obradu podataka",
            ("da", "ne"),
            "flagged: {column: 'Suglasnost za obradu podataka', values: ['ne']}",
        ),
        ("timed_out", ("0", "0", "1"), "flagged: {column: 'timed_out', values: [\"1\"]}"),
        ("Skipped", ("no", "yes"), "flagged: {column: 'Skipped', values: [\"yes\"]}"),
        ("NPS question shown", ("yes", "no"), "incomplete: {column: 'NPS question shown', values: [\"no\"]}"),
        ("Is test", ("no", "yes"), "test: {column: 'Is test', values: [\"yes\"]}"),
        ("Удалён", ("нет", "да"), "flagged: {column: 'Удалён', values: ['да']}"),
        ("Duplikat", ("", "x", "", ""), "flagged: {column: 'Duplikat', values: ['x']}"),
        ("Status", ("IP Address", "Survey Preview"), "preview: {column: 'Status', values: ['Survey Preview']}"),
        ("Stan", ("zakończona", "zakończona", "testowa"), "test: {column: 'Stan', values: ['testowa']}"),
        ("State", ("active", "active", "deleted"), "flagged: {column: 'State', values: ['deleted']}"),
        ("Status", ("Complete", "Partial", "Complete"), "incomplete: {column: 'Status', values: ['Partial']}"),
        ("Outcome", ("Qualified", "Screened out"), "incomplete: {column: 'Outcome', values: ['Screened out']}"),
        (
            "Status der Antwort",
            ("vollständig", "unvollständig"),
            "incomplete: {column: 'Status der Antwort', values: [",
        ),
        ("Finished", ("TRUE", "TRUE", "FALSE"), "incomplete: {column: 'Finished', values: [\"FALSE\"]}"),
        ("Answered", ("yes", "yes", "no"), "incomplete: {column: 'Answered', values: [\"no\"]}"),
        ("is_latest", ("true", "true", "false"), "incomplete: {column: 'is_latest', values: [\"false\"]}"),
        ("Include in NPS", ("Yes", "No"), "incomplete: {column: 'Include in NPS', values: [\"No\"]}"),
        ("GDPR consent", ("yes", "yes", "no"), "flagged: {column: 'GDPR consent', values: [\"no\"]}"),
        ("Einwilligung", ("ja", "nein"), "flagged: {column: 'Einwilligung', values: ['nein']}"),
        ("Consent", ("Given", "Given", "Withdrawn"), "flagged: {column: 'Consent', values: ['Withdrawn']}"),
        ("Datenschutz", ("akzeptiert", "widerrufen"), "flagged: {column: 'Datenschutz', values: ['widerrufen']}"),
        ("Персональные данные", ("согласие", "отказ от обработки данных"), "values: ['отказ от обработки данных']"),
        ("Согласие на обработку данных", ("да", "нет"), "flagged: {column: 'Согласие на обработку данных'"),
        ("Privola", ("Da", "Ne"), "flagged: {column: 'Privola', values: ['Ne']}"),
        ("Opt-out", ("0", "0", "1"), "flagged: {column: 'Opt-out', values: [\"1\"]}"),
        ("Speeder", ("no", "yes"), "flagged: {column: 'Speeder', values: [\"yes\"]}"),
        ("Team", ("Alpha", "Beta", "TEST"), "test: {column: 'Team', values: ['TEST']}"),
        ("Q_RecaptchaScore", ("0.9", "0.1"), "bot: {column: 'Q_RecaptchaScore', values: [\"0.1\"]}"),
        ("Q_RelevantIDFraudScore", ("0", "5", "115"), "bot: {column: 'Q_RelevantIDFraudScore', values: [\"115\"]}"),
        (
            "Q_RelevantIDDuplicateScore",
            ("0", "80"),
            "duplicate: {column: 'Q_RelevantIDDuplicateScore', values: [\"80\"]}",
        ),
        ("Q_RelevantIDDuplicate", ("", "true"), "duplicate: {column: 'Q_RelevantIDDuplicate', values: [\"true\"]}"),
        ("Q_DuplicateRespondent", ("", "true"), "duplicate: {column: 'Q_DuplicateRespondent', values: [\"true\"]}"),
        ("Suspected bot", ("no", "yes"), "bot: {column: 'Suspected bot', values: [\"yes\"]}"),
        ("Status", ("", "Partial"), "incomplete: {column: 'Status', values: ['Partial']}"),
        ("Check", ("ok", "likely bot"), "flagged: {column: 'Check', values: ['likely bot']}"),
        ("e_is_test_yn", ("No", "Yes"), "test: {column: 'e_is_test_yn', values: [\"Yes\"]}"),
        ("Is_Test__c", ("f", "t"), "test: {column: 'Is_Test__c', values: ['t']}"),
        ("delete_flag", ("N", "Y"), "flagged: {column: 'delete_flag', values: ['Y']}"),
        ("ПометкаУдаления", ("Нет", "Да"), "flagged: {column: 'ПометкаУдаления', values: ['Да']}"),
        ("Oznaka brisanja", ("N", "D"), "flagged: {column: 'Oznaka brisanja', values: ['D']}"),
        ("테스트 여부", ("아니요", "예"), "values: ['예']}"),
        ("是否测试", ("否", "是"), "values: ['是']}"),
        ("テスト", ("いいえ", "はい"), "values: ['はい']}"),
        ("개인정보 동의", ("예", "아니요"), "flagged: {column: '개인정보 동의', values: ['아니요']}"),
        ("Löschkennzeichen", ("", "X"), "flagged: {column: 'Löschkennzeichen', values: ['X']}"),
        ("Indicateur de suppression", ("N", "O"), "flagged: {column: 'Indicateur de suppression', values: ['O']}"),
        ("current_flag", ("Y", "N"), "incomplete: {column: 'current_flag', values: ['N']}"),
        ("feedback_survey_complete", ("2", "1", "0"), "incomplete: {column: 'feedback_survey_complete', values: ["),
        ("completion_rate", ("1", "0.4"), "incomplete: {column: 'completion_rate', values: ["),
        ("Progress", ("100", *map(str, range(40, 60))), "incomplete: {column: 'Progress', values: ["),
        ("Entry status", ("active", "trash"), "flagged: {column: 'Entry status', values: ['trash']}"),
        ("Status", ("complete", "quotafull"), "incomplete: {column: 'Status', values: ['quotafull']}"),
        ("End reason", ("digit", "HANGUP"), "flagged: {column: 'End reason', values: ['HANGUP']}"),
        ("Причина завершения", ("ввод", "таймаут"), "flagged: {column: 'Причина завершения', values: ['таймаут']}"),
    ],
)
def test_rows_that_are_marked_as_no_answers_are_asked_about(
    tmp_path: Path, heading: str, values: Sequence[str], rule: str
) -> None:
    [asked] = sniff(written(tmp_path, heading, values)).questions
    assert rule in asked


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Is test", ("no",)),
        ("Deleted", ("", "2024-01-01")),
        ("Would buy again", ("yes", "no")),
        ("Answers", ("a", "b")),
        ("Status", ("Complete", "Closed")),
        ("Case", ("Rejected", "Zagreb", "Complete")),
        ("Finished", ("TRUE",)),
        ("GDPR consent", ("yes",)),
        ("May we contact you?", ("yes", "no")),
        ("Marketing consent by e-mail", ("yes", "no")),
        ("Privacy", ("notice 1", "notice 2")),
        ("Test", ("driving test", "written test")),
        ("Captcha score", ("0.9", "0.7")),
        ("Fraud score of the card", ("0", "80")),
        ("Reason", ("Low quality", "Price")),
        ("Active customer", ("yes", "no")),
        ("Staff", ("0", "1")),
        ("Employee", ("1", "0")),
        ("Published", ("no", "yes")),
        ("Size", ("S", "M")),
        ("Progress", ("2", "3")),
        ("valid_to", ("9999-12-31",)),
    ],
)
def test_columns_that_mark_nothing_are_no_question(tmp_path: Path, heading: str, values: Sequence[str]) -> None:
    assert sniff(written(tmp_path, heading, values)).questions == []


def test_marked_rows_without_a_score_are_no_question(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + i},{i // 2},Complete\n2024-01-{1 + i},,Partial\n" for i in range(22))
    (tmp_path / "x.csv").write_text(f"Date,Score,Status\n{rows}", "utf-8")
    assert sniff(tmp_path / "x.csv").questions == []


def test_checks_of_an_export_whose_preset_leaves_out_other_rows_are_asked_about(tmp_path: Path) -> None:
    heading = (
        "StartDate,EndDate,Status,Progress,Finished,RecordedDate,ResponseId,NPS,Q_RecaptchaScore,Q_RelevantIDDuplicate"
    )
    names = heading.replace("NPS", "How likely are you to recommend us?")
    ids = ",".join(f'"{{""ImportId"":""x{at}""}}"' for at in range(10))
    rows = [
        f"2024-01-{at % 9 + 1:02} 10:00:00,2024-01-{at % 9 + 1:02} 10:01:00,IP Address,100,True,2024-01-01 10:01:00,"
        f"R_{at:05},{at % 11},{'0.1' if at % 5 == 0 else '0.9'},{'true' if at % 7 == 0 else ''}"
        for at in range(44)
    ]
    (tmp_path / "q.csv").write_text("\n".join([heading, names, ids, *rows, ""]), "utf-8")
    bot, twice = "{column: 'Q_RecaptchaScore', values: ['0.1']}", "{column: 'Q_RelevantIDDuplicate', values: ['true']}"
    rule = f"{{bot: {bot}, duplicate: {twice}}}"
    settled = settle(tmp_path / "home", tmp_path / "q.csv", answers={"exclude": rule})
    assert settled.unanswered == []
    assert settled.counts() == {"rows_read": 44, "accepted": 30, "unanswered": 0, "excluded": 14, "rejected": 0}


def test_two_columns_that_mark_other_rows_are_left_out_by_two_rules(tmp_path: Path) -> None:
    told = ("Live,Complete", "Deleted,Complete", "Live,Spam", "Deleted,Complete")
    [asked] = sniff(written(tmp_path, "State,Status", told)).questions
    assert "flagged: {column: 'State', values: ['Deleted']}, incomplete: {column: 'Status', values: ['Spam']}" in asked
    [asked] = sniff(written(tmp_path, "State,Status", ("Live,Complete", "Deleted,Spam"))).questions
    assert "{flagged: {column: 'State', values: ['Deleted']}}" in asked


def test_a_mark_that_stands_in_the_second_file_only_is_asked_about_too(tmp_path: Path) -> None:
    files = [tmp_path / f"calls_{month}.csv" for month in ("01", "02")]
    for path, values in zip(files, (("Live",), ("Live", "Test")), strict=True):
        rows = [f"2024-{path.stem[-2:]}-{1 + i},{i // 2},{values[i % len(values)]}" for i in range(22)]
        path.write_text("\n".join(["Date,Score,Mode", *rows]) + "\n", "utf-8")
    settled = settle(tmp_path / "home", *files, answers={})
    assert any("values: [''Test'']" in asked for asked in settled.asked), settled.asked


def test_what_is_marked_is_left_out_by_the_answer_that_can_be_pasted(tmp_path: Path) -> None:
    settled = settle(
        tmp_path / "home",
        written(tmp_path, "Test", ("0", "1")),
        answers={"exclude": "{test: {column: 'Test', values: ['1']}}"},
    )
    assert settled.counts() == {"rows_read": 22, "accepted": 11, "unanswered": 0, "excluded": 11, "rejected": 0}


def test_addresses_of_testers_are_asked_about_and_not_shown(tmp_path: Path) -> None:
    values = ["test1@firma.hr", *(f"testa.rossi{i}@firma.hr" for i in range(21))]
    [question] = sniff(written(tmp_path, "E-mail", values)).questions
    assert "1 addresses in 'E-mail' begin with test" in question
    assert "firma" not in question


@pytest.mark.parametrize("heading", ["Responses", "Qty", "Количество ответов", "Broj odgovora", "Anzahl"])
def test_a_table_of_counts_is_asked_about(tmp_path: Path, heading: str) -> None:
    [asked] = sniff(written(tmp_path, heading, ("3", "12", "7"))).questions
    assert "how many answers a row stands for" in asked


@pytest.mark.parametrize(("heading", "values"), [("Weight", ("0.8", "1.2", "1")), ("Ponder", ('"0,75"', '"1,25"'))])
def test_weights_are_proposed(tmp_path: Path, heading: str, values: Sequence[str]) -> None:
    found = sniff(written(tmp_path, heading, values))
    assert found.questions == []
    assert f"weight: {heading}" in found.entry


def test_a_number_that_may_weigh_something_else_is_asked_about(tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, "Weight", ("81.5", "64"))).questions
    assert "'Weight' is 72.8 on average" in asked
    assert "weight: " not in sniff(written(tmp_path, "Weight", ("1", "1.0"))).entry


def test_scores_that_were_made_of_answers_are_no_answers(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + i},{value}\n" for i, value in enumerate((-33, 12, 45.5, 67, 0, -10, 100, 50)))
    (tmp_path / "x.csv").write_text(f"Date,NPS\n{rows}", "utf-8")
    assert any(
        "as scores are that were made of several answers" in each for each in sniff(tmp_path / "x.csv").questions
    )


def test_an_export_that_was_appended_to_itself_is_asked_about(tmp_path: Path) -> None:
    once = [f"2024-01-{1 + i % 9},{i % 11},they said {i}\n" for i in range(22)]
    for name, rows, asks in (("once", once, False), ("twice", once * 2, True), ("shuffled", once + once[5:9], False)):
        path = tmp_path / f"{name}.csv"
        path.write_text("Date,Score,Comment\n" + "".join(rows), "utf-8")
        assert bool(sniff(path).questions) == asks, name
        assert not asks or "22 rows, from row 24 to 45, are those above them again" in sniff(path).questions[0]


@pytest.mark.parametrize(
    "values", [("Client", "Employee"), ("Mitarbeiter", "Kunden"), ("Customer", "Prospect"), ("клиенты", "сотрудники")]
)
def test_rows_of_clients_and_of_employees_are_asked_about(tmp_path: Path, values: Sequence[str]) -> None:
    assert "which of them are this question" in sniff(written(tmp_path, "Who", values)).questions[0]


@pytest.mark.parametrize(
    ("heading", "asks"),
    [
        ("Recommend us? (0 = extremely likely; 10 = not at all likely)", True),
        ("Weiterempfehlung (0 - sehr wahrscheinlich)", True),
        ("Recommend us? (0 = not at all likely; 10 = extremely likely)", False),
        ("Würden Sie uns weiterempfehlen? (0 = auf jeden Fall, 10 = auf keinen Fall)", True),
        ("Würden Sie uns weiterempfehlen? (0 = auf keinen Fall, 10 = auf jeden Fall)", False),
        ("How likely are you to recommend us? (0 is best, 10 is worst)", True),
        ("Recommend us? From 0 (very likely) to 10 (not at all likely)", True),
        ("Recommend us? Very likely (0), not at all (10)", True),
        ("Порекомендуете ли вы нас? (0 — точно да, 10 — точно нет)", True),
        ("Ci consiglieresti? (0 = sicuramente sì, 10 = sicuramente no)", True),
        ("Recomandați? (0 = cu siguranță nu, 10 = cel mai probabil)", False),
        ("Weiterempfehlung (0 = sehr gut, 10 = sehr schlecht)", True),
        ("Recommend us, 0 to 10 (not required)", False),
        ("Recommend us? (0 very likely, 10 very unlikely)", True),
        ("Recommend us? (0 very unlikely, 10 very likely)", False),
        ("Would you recommend us to 1 friend or 10 colleagues?", False),
        ("Πόσο πιθανό είναι να μας συστήσετε; (0 = σίγουρα, 10 = καθόλου)", True),
        ("Πόσο πιθανό είναι να μας συστήσετε; (0 καθόλου πιθανό - 10 πολύ πιθανό)", False),
        ("Каква е вероятността да ни препоръчате? (0 = със сигурност, 10 = никога)", True),
        ("Каква е вероятността да ни препоръчате? (0 = никога, 10 = със сигурност)", False),
        ("Kiek tikėtina, kad mus rekomenduosite? (0 = tikrai taip, 10 = tikrai ne)", True),
        ("Cik iespējams, ka ieteiktu mūs? (0 = noteikti, 10 = nekad)", True),
        ("Kui tõenäoliselt soovitaksite meid? (0 = kindlasti, 10 = mitte kunagi)", True),
        ("Bizi tavsiye etme olasılığınız nedir? (0 çok olası - 10 hiç olası değil)", True),
        ("Bizi tavsiye etme olasılığınız nedir? (0 hiç olası değil - 10 çok olası)", False),
        ("Qual a probabilidade de nos recomendar? (0 muito provável, 10 nada provável)", True),
    ],
)
def test_a_scale_that_a_heading_turns_round_is_asked_about(tmp_path: Path, heading: str, asks: bool) -> None:
    rows = "".join(f"2024-01-{1 + i},{i // 2}\n" for i in range(22))
    (tmp_path / "x.csv").write_text(f'Date,"{heading}"\n{rows}', "utf-8")
    assert [("the lowest number the best answer" in asked) for asked in sniff(tmp_path / "x.csv").questions] == [
        True
    ] * asks


@pytest.mark.parametrize("says", ["no answer", "Nicht erreicht", "не дозвонились", "Bez odgovora", "brak odpowiedzi"])
def test_calls_without_an_answer_that_have_a_score_all_the_same_are_asked_about(says: str, tmp_path: Path) -> None:
    questions = sniff(written(tmp_path, "Outcome", ("rated", says))).questions
    assert any("if these are no answers of people" in asked and says in asked for asked in questions)


def test_the_worst_answer_is_10_where_words_of_the_other_end_are_not_known(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(
        "Date,Recommend us? 0=Hooray 10=Not at all\n"
        + "".join(f"2024-01-{1 + i},{i // 2}\n" for i in range(22)), "utf-8"
    )  # fmt: skip
    [question] = sniff(tmp_path / "x.csv").questions
    assert "its heading calls 10 the worst answer: is it the other way round" in question


@pytest.mark.parametrize("heading", ["Promoters", "Krytycy", "Пассивные"])
def test_counts_of_a_group_are_counts(heading: str, tmp_path: Path) -> None:
    asked = sniff(written(tmp_path, heading, ("7", "3"))).questions
    assert any("how many answers a row stands for" in each for each in asked)


@pytest.mark.parametrize(
    "heading", ["Broj ispitanika", "Häufigkeit", "Число респондентов", "Frecuencia", "Nb réponses", "Antal svar"]
)
def test_counts_of_people_are_counts_in_every_language(heading: str, tmp_path: Path) -> None:
    assert any(
        "how many answers a row stands for" in each for each in sniff(written(tmp_path, heading, ("7", "3"))).questions
    )


@pytest.mark.parametrize(
    ("second", "asks"),
    [
        ("Date,Satisfied (0-10),Recommend us? (0-10)", True),
        ("date,Recommend us? (0-10),Effort", True),
        ("Date,Recommend us? (0-10),Satisfied (0-10)", False),
    ],
)
def test_another_table_below_the_first_is_asked_about(second: str, asks: bool, tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + i},{i},3\n" for i in range(11))
    (tmp_path / "x.csv").write_text(f"Date,Recommend us? (0-10),Satisfied (0-10)\n{rows}\n{second}\n{rows}", "utf-8")
    questions = sniff(tmp_path / "x.csv").questions
    assert any("row 14 holds headings again" in each for each in questions) == asks


@pytest.mark.parametrize(
    ("first", "second", "asks"),
    [
        ("Branch: Split;;", "Branch: Zagreb;;", True),
        (";Poslovnica Split;", ";Poslovnica Zagreb;", True),
        ("Филиал Москва;;", "Филиал Тверь;;", True),
        # Somebody who said nothing else, twice; one title alone; ids without answers; dates.
        ("anonymous;;", "anonymous;;", False),
        ("Branch: Split;;", "2024-01-05;K7;8", False),
        (";K1;", ";K6;", False),
        ("2024-01-01;;", "2024-01-02;;", False),
    ],
)
def test_rows_that_are_headings_of_those_below_them_are_asked_about(
    first: str, second: str, asks: bool, tmp_path: Path
) -> None:
    rows = "".join(f"2024-01-{1 + i:02};K{i};{i}\n" for i in range(11))
    (tmp_path / "x.csv").write_text(f"Date;Client;Recommend us? (0-10)\n{first}\n{rows}{second}\n{rows}", "utf-8")
    questions = sniff(tmp_path / "x.csv").questions
    assert any("rows 2, 14 hold one text each" in each for each in questions) == asks


@pytest.mark.parametrize(
    ("heading", "values", "asks"),
    [
        ("Scale", ("0-10", "1-5"), True),
        ("Max score", ("10", "5"), True),
        ("Шкала", ("1-5",), True),
        ("Scale", ("0-10",), False),
        ("Max score", ("10",), False),
        ("Scale", ("large", "small"), False),
    ],
)
def test_rows_of_several_scales_are_asked_about(
    heading: str, values: Sequence[str], asks: bool, tmp_path: Path
) -> None:
    questions = sniff(written(tmp_path, heading, values)).questions
    assert [each for each in questions if ".scale: " in each and f"'{heading}' says" in each] == questions
    assert bool(questions) == asks


@pytest.mark.parametrize(("first", "second", "asks"), [("2", "1", True), ("1", "2", False)])
def test_an_older_version_below_a_newer_one_is_asked_about(first: str, second: str, asks: bool, tmp_path: Path) -> None:
    rows = "".join(
        f"R-{at},{first},2024-01-{1 + at:02},{at % 11}\nR-{at},{second},2024-01-{1 + at:02},3\n" for at in range(5)
    )
    alone = "".join(f"S-{at},1,2024-01-{1 + at:02},{at % 11}\n" for at in range(25))
    (tmp_path / "x.csv").write_text(f"Response ID,Version,Date,NPS\n{rows}{alone}", "utf-8")
    assert [("of 5 it is of a lower 'Version'" in each) for each in sniff(tmp_path / "x.csv").questions] == [
        True
    ] * asks


@pytest.mark.parametrize(
    "heading", ["deleted_at", "Exclusion reason", "Deleted on", "Datum brisanja", "Gelöscht am", "Дата удаления"]
)
def test_rows_that_were_deleted_at_some_time_are_asked_about(heading: str, tmp_path: Path) -> None:
    rows = [f"2024-01-{1 + at % 28:02},{at % 11},{'2024-03-01' if at % 5 == 0 else ''}" for at in range(55)]
    (tmp_path / "x.csv").write_text("\n".join([f"date,nps,{heading}", *rows, ""]), "utf-8")
    [asked] = [each for each in sniff(tmp_path / "x.csv").questions if "exclude: " in each]
    assert f"'{heading}' is filled in 11 of 55 rows" in asked


@pytest.mark.parametrize(
    ("heading", "odd", "usual"),
    [
        ("void", "1", "0"),
        ("is_removed", "true", "false"),
        ("Type", "Internal tester", "Customer"),
        ("Progress", "45", "100"),
    ],
)
def test_rows_that_are_void_of_testers_or_unfinished_are_asked_about(
    heading: str, odd: str, usual: str, tmp_path: Path
) -> None:
    rows = [f"2024-01-{1 + at % 28:02},{at % 11},{odd if at % 5 == 0 else usual}" for at in range(55)]
    (tmp_path / "x.csv").write_text("\n".join([f"date,nps,{heading}", *rows, ""]), "utf-8")
    [asked] = sniff(tmp_path / "x.csv").questions
    assert "exclude: " in asked
    assert "in 11 rows" in asked


def test_a_column_of_deletions_in_which_nothing_stands_is_not(tmp_path: Path) -> None:
    rows = [f"2024-01-{1 + at % 28:02},{at % 11}," for at in range(55)]
    (tmp_path / "x.csv").write_text("\n".join(["date,nps,deleted_at", *rows, ""]), "utf-8")
    assert sniff(tmp_path / "x.csv").questions == []


@pytest.mark.parametrize(
    ("heading", "scores", "reversed_to", "straight"),
    [
        (
            "Recommend us? (1 = excellent, 5 = terrible)",
            range(1, 6),
            "highest: 1, promoter_from: 1, passive_from: 2",
            "1-5",
        ),
        ("Známka (1 = výborně, 5 = nedostatečně): doporučil/a byste nás?", range(1, 6), "lowest: 5, highest: 1", "1-5"),
        ("Recommend us? 1 is excellent, 10 is terrible", range(1, 11), "promoter_from: 2, passive_from: 4", "1-10"),
        (
            "Recommend us? (1 = excellent)",
            range(1, 8),
            "lowest: 7, highest: 1, promoter_from: 2, passive_from: 3",
            "1-7",
        ),
        (
            "How likely are you to NOT recommend us?",
            range(11),
            "lowest: 10, highest: 0, promoter_from: 1, passive_from: 3",
            "0-10",
        ),
    ],
)
def test_a_scale_the_other_way_round_is_offered_with_its_own_ends(
    heading: str, scores: range, reversed_to: str, straight: str, tmp_path: Path
) -> None:
    rows = "".join(f'2024-01-{1 + i:02},"{scores[i % len(scores)]}"\n' for i in range(22))
    (tmp_path / "x.csv").write_text(f'Date,"{heading}"\n{rows}', "utf-8")
    [question] = [each for each in sniff(tmp_path / "x.csv").questions if "the other way round" in each]
    assert reversed_to in question
    assert straight in question.rpartition("if not, write ")[2]


@pytest.mark.parametrize(
    ("heading", "values", "asked"),
    [
        ("Record type", ("Original", "Original", "Correction"), "'Record type' says 'Correction' in 7 rows"),
        ("Replaces", ("", "", "", "A1"), "'Replaces' is filled in 5 of 22 rows"),
        ("Op", ("c", "c", "u"), "'Op' says 'u' in 7 rows"),
    ],
)
def test_rows_that_correct_others_are_asked_about(
    tmp_path: Path, heading: str, values: Sequence[str], asked: str
) -> None:
    assert any(asked in each for each in sniff(written(tmp_path, heading, values)).questions)


def test_the_id_that_a_row_shares_with_its_correction_is_named(tmp_path: Path) -> None:
    rows = [
        f"2024-01-{1 + i:02},{i % 11},S-{i:03},{kind}" for i in range(25) for kind in ("New", "Storno")[: 1 + (i == 7)]
    ]
    (tmp_path / "x.csv").write_text("\n".join(["Date,Score,Survey no,Entry", *rows]) + "\n", "utf-8")
    assert any("write response_id: 'Survey no' under columns" in each for each in sniff(tmp_path / "x.csv").questions)


def test_texts_that_a_kind_of_exports_does_not_list_are_asked_about(tmp_path: Path) -> None:
    rows = [f"{i};{1 + i % 28:02}.03.2024;{('Завершена', 'Отменена')[i % 4 == 0]};{i % 11}" for i in range(40)]
    head = "ID анкеты;Дата окончания;Статус;Вероятно ли, что Вы порекомендуете нас?"
    (tmp_path / "x.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert found.found.opened.kind == "anketolog"
    assert any("'Статус' says 'Отменена' in 10 rows" in each for each in found.questions)


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("dbt_valid_to", ("", "2024-03-01 10:00:00")),
        ("valid_to", ("9999-12-31", "2024-03-01")),
        ("gültig bis", ("", "x")),
    ],
)
def test_older_versions_of_rows_beside_newer_ones_are_asked_about(
    tmp_path: Path, heading: str, values: Sequence[str]
) -> None:
    [asked] = sniff(written(tmp_path, heading, values)).questions
    assert f"'{heading}' says in 11 of 22 rows until when they held" in asked


@pytest.mark.parametrize("heading", ["Account type", "Contact type", "Account status"])
def test_employees_and_prospects_among_clients_are_asked_about_whatever_says_so(tmp_path: Path, heading: str) -> None:
    found = sniff(written(tmp_path, heading, ("Customer", "Customer", "Prospect", "Employee")))
    assert f"where: '{heading}' says".replace("'", "") in found.questions[0].replace("'", "")
    assert "account: Account" not in found.entry
