"""Files that say who was asked are known by their outcomes, and proposed as such."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.config.models import Config
from pipelines.sniff.sniff import sniff
from tests.sniff.test_sniff import Row, sniffed, source, written

OUTCOMES = ("answered", "answered", "no time", "busy", "wrong number")


def calls(heading: str, outcomes: tuple[str, ...]) -> list[Row]:
    rows: list[Row] = [["Date", "Client", "NPS", heading]]
    for row in range(60):
        said = outcomes[row % len(outcomes)]
        rows.append([f"2024-05-{1 + row % 28:02}", f"p{row}@example.com", row % 11 if said == "answered" else "", said])
    return rows


def test_a_table_of_calls_with_their_outcomes_is_one_of_contacts(tmp_path: Path) -> None:
    found = source(sniffed(written(tmp_path, calls("Outcome", ("answered", "answered", "busy", "wrong number")))))
    assert found["contacts"] is True
    assert found["outcome"] == {
        "column": "Outcome", "undeliverable": ["wrong number"], "delivered": ["busy"], "answered": ["answered"]
    }  # fmt: skip


@pytest.mark.parametrize("said", ["Survey completed", "Опрос пройден", "Anketa gotova"])
def test_a_text_beside_scores_alone_is_that_of_calls_that_were_answered(tmp_path: Path, said: str) -> None:
    rows = calls("Wrap-up code", ("answered", "no answer", "wrong number", "refused", "answered", "will call"))
    rows = [[*row[:3], said if row[3] == "answered" else row[3]] for row in rows]
    found = sniffed(written(tmp_path, rows))
    assert source(found)["outcome"] == {
        "column": "Wrap-up code", "undeliverable": ["wrong number"], "delivered": ["no answer"], "refused": ["refused"],
        "answered": [said],
    }  # fmt: skip
    assert "outcomes not known here count as delivered: will call" in found["entry"]
    assert "not used" not in found["entry"]
    scored = [rows[0], *([*row[:2], n % 11, row[3]] for n, row in enumerate(rows[1:]))]
    assert "contacts" not in source(sniffed(written(tmp_path, scored))), "each row is an answer"


OUTCOMES_IN_WORDS = {
    "uk": ("Опитано", "Не відповідає", "Невірний номер", "Відмова", "Передзвонити"),  # noqa: RUF001 - Ukrainian
    "hr": ("Anketirano", "Nije se javio", "Krivi broj", "Odbio", "Ponovni poziv"),
    "pl": ("Zbadany", "Nie odebrał", "Błędny numer", "Odmowa", "Oddzwonić"),
    "de": ("Befragt", "Nicht erreicht", "Falsche Nummer", "Abgelehnt", "Rückruf"),
    "es": ("Encuestado", "No contesta", "Número equivocado", "Rechazado", "Volver a llamar"),
    "fr": ("Interrogé", "Pas de réponse", "Mauvais numéro", "Refus", "Rappeler"),
}


@pytest.mark.parametrize("language", OUTCOMES_IN_WORDS)
def test_outcomes_of_calls_are_known_in_other_languages(tmp_path: Path, language: str) -> None:
    answered, delivered, undeliverable, refused, reached = OUTCOMES_IN_WORDS[language]
    rows = calls("Status", ("answered", *OUTCOMES_IN_WORDS[language][1:]))
    rows = [[*row[:3], answered if row[3] == "answered" else row[3]] for row in rows]
    found = sniffed(written(tmp_path, rows))
    assert source(found)["outcome"] == {
        "column": "Status", "undeliverable": [undeliverable], "delivered": [delivered], "reached": [reached],
        "refused": [refused], "answered": [answered],
    }  # fmt: skip
    assert "exclude" not in source(found)


def test_scores_of_calls_that_were_not_answered_are_asked_about(tmp_path: Path) -> None:
    rows = calls("Status", ("answered", "answered", "no answer", "wrong number"))
    scored = [[*row[:2], 0 if row[3] == "no answer" else row[2], row[3]] for row in rows]
    assert "no answer" in source(sniffed(written(tmp_path, scored)))["exclude"]


@pytest.mark.parametrize("heading", ["NPS", "Оценка"])
def test_calls_without_an_answer_stay_contacts_where_they_have_no_score(heading: str, tmp_path: Path) -> None:
    rows = calls("Исход", ("ответ получен", "ответ получен", "нет ответа", "занято"))
    rows = [
        [*row[:2], n % 11 if row[3] == "ответ получен" else row[3] * (n % 3 == 0), row[3]] for n, row in enumerate(rows)
    ]
    rows[0] = ["Дата", "Телефон", heading, "Исход"]
    found = source(sniffed(written(tmp_path, rows)))
    assert found["contacts"] is True
    assert "exclude" not in found


def test_to_whom_a_text_went_is_the_client_and_the_account_that_sent_it_is_not(tmp_path: Path) -> None:
    rows: list[Row] = [["AccountSid", "Sid", "To", "SentDate", "Status", "Campaign"]]
    texts = ("DELIVERED_TO_HANDSET", "UNDELIVERABLE_NOT_DELIVERED", "DELIVERED_TO_OPERATOR")
    rows += [
        ["AC1", f"SM{n}", f"+1415555{n:04}", f"2025-05-{1 + n % 28:02} 10:00", texts[n % 3], "May"] for n in range(60)
    ]
    entry = source(sniffed(written(tmp_path, rows)))
    assert entry["columns"] == {"respondent": "To"}
    assert (
        "undeliverable: ['UNDELIVERABLE_NOT_DELIVERED'], delivered: ['DELIVERED_TO_HANDSET', 'DELIVERED_TO_O"
        in entry["outcome"]
    )


def test_what_means_elsewhere_that_nobody_answered_is_an_outcome_here(tmp_path: Path) -> None:
    found = source(sniffed(written(tmp_path, calls("Outcome", ("answered", "refused", "no answer", "busy")))))
    assert (found["outcome"]["refused"], sorted(found["outcome"]["delivered"])) == (["refused"], ["busy", "no answer"])


def test_outcomes_that_nothing_knows_are_named(tmp_path: Path) -> None:
    outcomes = ("answered",) * 8 + ("busy", "wrong number") * 2 + ("no time",)
    found = sniffed(written(tmp_path, calls("Outcome", outcomes)))
    assert source(found)["contacts"] is True
    assert "outcomes not known here count as delivered: no time" in found["entry"]


def test_a_column_of_a_state_that_no_call_ends_in_is_none(tmp_path: Path) -> None:
    for texts in (("Complete", "Complete"), ("open", "closed"), ("busy", "wrong number")):
        assert "contacts" not in source(sniffed(written(tmp_path, calls("Status", texts))))


def test_a_log_of_a_known_kind_says_only_that_it_is_one(tmp_path: Path) -> None:
    rows: list[Row] = [["Call ID", "Phone", "Call time", "Score", "Result", "Reason"]]
    for row in range(60):
        is_answered = row % 3 == 0
        time = f"2024-05-{1 + row % 28:02} 10:00"
        said = "answered" if is_answered else "busy"
        rows.append([f"c{row}", f"+38591555{row:04}", time, row % 11 if is_answered else "", said, ""])
    told = sniffed(written(tmp_path, rows))
    found = source(told)
    assert (found["kind"], found["contacts"], "outcome" in found) == ("operator", True, False)
    assert "not used" not in told["entry"]


def test_letters_without_answers_ask_where_these_stand(tmp_path: Path) -> None:
    rows: list[Row] = [["contactId", "distributionId", "status", "sentAt", "responseStartedAt"]]
    rows += [[f"CID_{row}", "EMD_1", "Email Sent", f"2024-03-{1 + row % 28:02}T10:00:00Z", ""] for row in range(40)]
    found: dict[str, Any] = sniffed(written(tmp_path, rows))
    assert source(found)["preset"] == "qualtrics_history"
    assert [question for question in found["questions"] if "in which source do the answers stand" in question]


LISTS = {
    "en": ("Invitation;E-mail;Sent at;Status;Opened at", ("Delivered", "Opened", "Bounced", "Completed")),
    "hr": ("Pozivnica;E-mail;Poslano;Stanje;Otvoreno", ("Poslano", "Otvoreno", "Nije isporučeno", "Odgovoreno")),
    "de": ("Einladung;E-Mail;Gesendet am;Status;Geöffnet", ("Zugestellt", "Geöffnet", "Unzustellbar", "Abgemeldet")),
    "ru": ("Приглашение;Почта;Отправлено;Статус;Открыто", ("Доставлено", "Открыто", "Не доставлено", "Отписался")),  # noqa: RUF001 - Russian
    "uk": ("Запрошення;Пошта;Надіслано;Стан;Відкрито", ("Доставлено", "Відкрито", "Не доставлено", "Заповнено")),  # noqa: RUF001 - Ukrainian
    "pl": ("Zaproszenie;E-mail;Wysłano;Status;Otwarto", ("Dostarczono", "Otwarto", "Odbity", "Ukończono")),
    "es": ("Invitación;Correo;Enviado el;Estado;Abierto", ("Entregado", "Abierto", "Rebotado", "Completado")),
    "fr": ("Invitation;E-mail;Envoyé le;Statut;Ouvert", ("Envoyé", "Ouvert", "Rejeté", "Terminé")),
}


def letters(language: str, **changed: str) -> list[Row]:
    headings, texts = LISTS[language]
    rows: list[Row] = [[changed.get(heading, heading) for heading in headings.split(";")]]
    for row in range(60):
        sent = f"{1 + row % 28:02}.05.2025 10:00"
        opened = f"{1 + row % 28:02}.05.2025 12:00" if row % 4 == 1 else ""
        rows.append([f"I{row}", f"p{row}@example.com", sent, texts[row % 4], opened])
    return rows


@pytest.mark.parametrize("language", LISTS)
def test_a_list_of_letters_is_known_and_asks_what_its_texts_mean(tmp_path: Path, language: str) -> None:
    found = sniffed(written(tmp_path, letters(language)))
    heading, texts = LISTS[language]
    names = heading.split(";")
    entry = source(found)
    assert entry["contacts"] is True
    assert entry["columns"] == {"respondent": names[1]}
    assert entry["asked"]["at"] == names[2]
    assert entry["asked"]["answered_in"].startswith("? in which source")
    assert all(f"'{text}' (15)" in entry["outcome"] for text in texts)
    assert entry["dates"] == {"formats": ["%d.%m.%Y %H:%M"]}
    assert len(found["questions"]) == 2, "where answers stand, and what the texts mean"
    pasted = entry["outcome"].partition("it seems that ")[2].partition(". What is not")[0]
    seems = yaml.safe_load(pasted)
    assert (seems["column"], seems["undeliverable"], seems["opened"]) == (names[3], [texts[2]], [texts[1]])
    settled = {**entry, "outcome": seems, "asked": {**entry["asked"], "answered_in": "web"}}
    web = {"kind": "csv", "metric": "nps", "delivery": "snapshot", "files": "landing/web/*.csv",
           "columns": {"respondent": "E-mail", "responded_at": "Date", "score": "Score"}}  # fmt: skip
    Config.model_validate({"timezone": "UTC", "sources": {"web": web, "letters": settled}})


@pytest.mark.parametrize("heading", ["Message ID", "messageId", "id_poziva", "ID приглашения", "Nachrichten-ID"])
def test_by_what_letters_are_counted_and_what_each_is_called_is_proposed(heading: str, tmp_path: Path) -> None:
    rows = [
        [*row, *(("Branch", "Channel", heading) if at == 0 else (f"ZG-{at % 3}", ("sms", "e-mail")[at % 2], f"m{at}"))]
        for at, row in enumerate(letters("en"))
    ]
    columns = source(sniffed(written(tmp_path, rows)))["columns"]
    assert columns == {"response_id": heading, "respondent": "E-mail", "branch": "Branch", "channel": "Channel"}
    rows[2][-1] = rows[1][-1]
    assert "response_id" not in source(sniffed(written(tmp_path, rows)))["columns"], "of what repeats nothing is known"


@pytest.mark.parametrize(
    ("headings", "yes", "no"),
    [("Sent at,Bounced,Opened,Clicked", "Yes", "No"), ("Poslano,Neisporučeno,Otvoreno,Kliknuto", "da", "ne"),
     ("Sent at,Bounced,Opened,Clicked", "1", "0")],
)  # fmt: skip
def test_letters_with_a_column_for_each_step_are_known_by_those_that_came_back(
    headings: str, yes: str, no: str, tmp_path: Path
) -> None:
    steps = [(yes, no, no), (no, yes, no), (no, yes, yes), (no, no, no)]
    rows = [f"p{i}@x.com,2024-03-{1 + i:02} 10:00,{','.join(steps[i % 4])}" for i in range(24)]
    (tmp_path / "letters.csv").write_text("\n".join([f"Email,{headings}", *rows]) + "\n", "utf-8")
    found = sniff(tmp_path / "letters.csv")
    bounced, *others = headings.split(",")[1:]
    [asked] = [each for each in found.questions if ".outcome:" in each]
    assert f"{{column: '{bounced}', undeliverable: [" in asked
    assert all(f"'{each}'" in asked for each in others)
    assert "contacts: true" in found.entry
    assert "score" not in found.entry


def test_answers_and_lists_with_a_state_are_no_letters(tmp_path: Path) -> None:
    scored = letters("en")
    for row, cells in enumerate(scored):
        cells.append("How likely are you to recommend us? (0-10)" if row == 0 else row % 11)
    assert "asked" not in source(sniffed(written(tmp_path, scored)))
    maybe = [[*cells[:4], "Score" if row == 0 else ""] for row, cells in enumerate(letters("en"))]
    assert "asked" not in source(sniffed(written(tmp_path, maybe)))
    rated = [[*cells[:4], "Rating of staff" if row == 0 else row % 10] for row, cells in enumerate(letters("en"))]
    assert "answered_in" not in sniffed(written(tmp_path, rated))["entry"]
    orders: list[Row] = [["Customer", "E-mail", "Date", "Status"]]
    orders += [
        [f"c{row}", f"p{row}@x.hr", f"2025-05-{1 + row % 28:02}", ("sent", "opened")[row % 2]] for row in range(40)
    ]
    assert "answered_in" not in sniffed(written(tmp_path, orders))["entry"], "nothing says that these are invitations"


def test_which_of_several_columns_names_the_client_is_asked(tmp_path: Path) -> None:
    rows = letters("en")
    named = [[*row, "Customer ID" if at == 0 else f"C{at}"] for at, row in enumerate(rows)]
    asked = source(sniffed(written(tmp_path, named)))["columns"]["respondent"]
    assert (
        asked == f"? which column names clients as the answers do: 'Customer ID' or '{rows[0][1]}'? Write its heading"
    )


def test_letters_to_testers_are_asked_about(tmp_path: Path) -> None:
    named = [[*row, "Test" if at == 0 else ("yes" if at % 9 == 0 else "no")] for at, row in enumerate(letters("en"))]
    asked = source(sniffed(written(tmp_path, named)))["exclude"]
    assert "'Test' says \"yes\" in 6 rows" in asked


#: A heading of when it was sent; then undeliverable, delivered, opened, and answered.
SAID_OF_PEOPLE = {
    "ru": ("Дата отправки", "Не доставлено", "Не открыл", "Перешел по ссылке", "Прошел опрос"),  # noqa: RUF001 - Cyrillic
    "uk": ("Дата відправки", "Не доставлено", "Не відкрив", "Перейшов за посиланням", "Пройшов опитування"),  # noqa: RUF001 - Cyrillic
    "hr": ("Datum slanja", "Nije isporučeno", "Nije otvorio", "Kliknuo", "Ispunio anketu"),
    "pl": ("Data wysłania", "Zwrot", "Nie otworzył", "Kliknął w link", "Wypełniona"),
    "de": ("Versanddatum", "Zustellung fehlgeschlagen", "Nicht geöffnet", "Link geklickt", "Umfrage abgeschlossen"),
}


@pytest.mark.parametrize("language", SAID_OF_PEOPLE)
def test_what_lists_of_recipients_say_of_people_is_known(tmp_path: Path, language: str) -> None:
    sent, *said = SAID_OF_PEOPLE[language]
    rows: list[Row] = [["E-mail", sent, "Status"]]
    rows += [[f"p{n}@x.hr", f"{n % 28 + 1:02}.03.2025 10:00", said[n % 4]] for n in range(24)]
    found = sniffed(written(tmp_path, rows))
    assert source(found)["asked"]["at"] == sent
    steps = ("undeliverable", "delivered", "opened", "answered")
    wanted = ", ".join(f"{step}: ['{text}']" for step, text in zip(steps, said, strict=True))
    assert wanted in source(found)["outcome"].replace('"', "'")


def test_an_invitation_list_with_a_day_of_answers_and_no_scores_is_no_campaign_of_answers(tmp_path: Path) -> None:
    said = SAID_OF_PEOPLE["ru"][1:]
    rows: list[Row] = [["ID", "E-mail", "Дата отправки", "Дата прохождения", "Статус"]]
    rows += [
        [n, f"p{n}@x.hr", f"{n % 28 + 1:02}.03.2025", f"{n % 28 + 1:02}.03.2025" if n % 4 == 3 else "", said[n % 4]]
        for n in range(1, 25)
    ]
    found = source(sniffed(written(tmp_path, rows)))
    assert (found["kind"], found["contacts"]) == ("table", True)
    assert found["asked"]["at"] == "Дата отправки"
    assert "answered: ['Прошел опрос']" in found["outcome"].replace('"', "'")


MAILINGS = {
    "Mailchimp": (
        "Email,Name,Status,Opens,Clicks,Send date",
        ("sent", "hard", "soft"),
        "undeliverable: ['hard', 'soft']",
    ),
    "UniSender": (
        "email,Имя,Статус,Прочитано,Переход по ссылке,Время отправки",
        ("ok_delivered", "ok_link_visited", "err_user_unknown", "ok_unsubscribed"),
        "undeliverable: ['err_user_unknown'], delivered: ['ok_delivered'], opened: ['ok_link_visited'], refused: [",
    ),
}


@pytest.mark.parametrize("tool", MAILINGS)
def test_reports_of_mailing_tools_are_letters(tmp_path: Path, tool: str) -> None:
    headings, states, seems = MAILINGS[tool]
    rows: list[Row] = [headings.split(",")]
    rows += [
        [f"p{n}@example.com", "Ana", states[n % len(states)], n % 3, "", f"2024-05-{1 + n:02} 10:00"] for n in range(24)
    ]
    found = sniffed(written(tmp_path, rows))
    assert source(found)["contacts"] is True
    assert seems in source(found)["outcome"]


def test_who_unsubscribes_from_letters_is_no_client_who_left(tmp_path: Path) -> None:
    rows: list[Row] = [["Email Address", "Opens", "Clicks", "Last Opened", "Unsubscribed", "Bounced"]]
    rows += [[f"p{n}@example.com", n % 4, n % 2, f"2024-05-{1 + n:02} 10:00", "", ""] for n in range(24)]
    assert "cancel" not in sniffed(written(tmp_path, rows))["entry"]


@pytest.mark.parametrize("language", OUTCOMES_IN_WORDS)
def test_a_log_of_calls_without_scores_is_one_of_contacts_whose_answers_stand_elsewhere(
    tmp_path: Path, language: str
) -> None:
    said = OUTCOMES_IN_WORDS[language]
    rows: list[Row] = [["Interaction ID", "Start Time", "Queue", "Wrap-up Code", "ANI"]]
    rows += [
        [f"g{n}", f"2024-05-{1 + n % 28:02} 10:{n % 60:02}", f"Q{n % 2}", said[n % len(said)], f"+38591{n:07}"]
        for n in range(60)
    ]
    found = sniffed(written(tmp_path, rows))
    [proposed] = yaml.safe_load(found["entry"])["sources"].values()
    assert proposed["contacts"] is True
    assert proposed["columns"] == {"response_id": "Interaction ID", "respondent": "ANI"}
    assert proposed["asked"]["at"] == "Start Time"
    assert all(f"'{text}' (12)" in proposed["outcome"] for text in said)


def test_a_list_of_orders_that_were_refused_or_not_is_no_log_of_calls(tmp_path: Path) -> None:
    rows: list[Row] = [["Order", "Date", "Status", "Phone", "Total"]]
    rows += [
        [f"o{n}", f"2024-05-{1 + n % 28:02}", ("completed", "refused", "pending")[n % 3], f"+38591{n:07}", 20 + n]
        for n in range(60)
    ]
    assert "contacts" not in sniffed(written(tmp_path, rows))["entry"]
