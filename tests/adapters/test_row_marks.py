"""Texts that mark rows as no answers, language by language. Looked at without a file: what is asked is another test's."""
# ruff: noqa: RUF001 - texts in the languages of the files

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipelines.adapters.row_marks import corrections, left_early, of_no_client, strays, ticks, unfinished
from pipelines.adapters.words import named, said


@pytest.mark.parametrize(
    ("heading", "texts", "marks"),
    [
        ("Status", ("Complete response", "Partial response"), ["Partial response"]),
        ("Status", ("Vollständig ausgefüllt", "Teilweise ausgefüllt"), ["Teilweise ausgefüllt"]),
        ("Статус", ("Заполнена полностью", "Заполнена частично"), ["Заполнена частично"]),
        ("Stan", ("Wypełniona", "Częściowo wypełniona"), ["Częściowo wypełniona"]),
        ("Stato", ("Completata", "Parziale", "Annullata"), ["Parziale", "Annullata"]),
        ("Situação", ("Concluído", "Não concluído", "Em andamento"), ["Não concluído", "Em andamento"]),
        ("Stav", ("Dokončeno", "Nedokončeno", "Rozpracováno"), ["Nedokončeno", "Rozpracováno"]),
        ("Stav", ("Vyplnené", "Čiastočne vyplnené"), ["Čiastočne vyplnené"]),
        ("Status", ("Voltooid", "Gedeeltelijk", "Afgebroken"), ["Gedeeltelijk", "Afgebroken"]),
        ("Status", ("Slutförd", "Ej slutförd", "Avbruten"), ["Ej slutförd", "Avbruten"]),
        ("Status", ("Gennemført", "Ufuldstændig"), ["Ufuldstændig"]),
        ("Tila", ("Valmis", "Kesken", "Keskeytetty"), ["Kesken", "Keskeytetty"]),
        ("Állapot", ("Befejezett", "Félbehagyott", "Részleges"), ["Félbehagyott", "Részleges"]),
        ("Stare", ("Finalizat", "Nefinalizat", "Întrerupt"), ["Nefinalizat", "Întrerupt"]),
        ("Durum", ("Tamamlandı", "Yarım kaldı", "İptal edildi"), ["Yarım kaldı", "İptal edildi"]),
        ("Stanje", ("Dokončana", "Nedokončana"), ["Nedokončana"]),
        ("Статус", ("Завршена", "Делимична"), ["Делимична"]),
        ("Статус", ("Завършена", "Незавършена"), ["Незавършена"]),
        ("Κατάσταση", ("Ολοκληρωμένη", "Ημιτελής"), ["Ημιτελής"]),
        ("Status", ("Kompletna", "Niekompletna"), ["Niekompletna"]),
        ("Status", ("Potpuno", "Nepotpuno"), ["Nepotpuno"]),
        ("ステータス", ("完了", "未完了"), ["未完了"]),
        ("状态", ("已完成", "未完成"), ["未完成"]),
        ("상태", ("완료", "미완료"), ["미완료"]),
        ("Completata", ("Sì", "No"), ["No"]),
        ("Válida", ("Sim", "Não"), ["Não"]),
        ("Platná", ("Ano", "Ne"), ["Ne"]),
        ("Voltooid", ("Ja", "Nee"), ["Nee"]),
        ("Hyväksytty", ("Kyllä", "Ei"), ["Ei"]),
        ("Érvényes", ("Igen", "Nem"), ["Nem"]),
        ("Geçerli mi", ("Evet", "Hayır"), ["Hayır"]),
        ("Abgeschlossen", ("WAHR", "FALSCH"), ["FALSCH"]),
        ("Souhlas", ("Ano", "Ne"), ["Ne"]),
        ("Toestemming", ("ja", "nee"), ["nee"]),
        ("Disposition", ("Full interview", "Breakoff"), ["Breakoff"]),
        ("Attention check", ("Pass", "Fail"), ["Fail"]),
        ("dispcode", ("31", "32", "22", "37"), ["22", "37"]),
        ("dispcode", ("31", "32"), []),
        ("dispcode", ("1", "2"), []),
        ("Status", ("Completed", "Paused"), ["Paused"]),
        ("Durum", ("Aktif müşteri", "Kayıp müşteri"), []),
    ],
)
def test_rows_that_came_to_no_end_are_known(heading: str, texts: Sequence[str], marks: Sequence[str]) -> None:
    assert unfinished([heading], texts) == marks


@pytest.mark.parametrize(
    ("heading", "texts", "marks"),
    [
        ("Is Bogus", ("false", "true"), ["true"]),
        ("Unvollständig", ("nein", "ja"), ["ja"]),
        ("Di prova", ("No", "Sì"), ["Sì"]),
        ("Teste", ("Não", "Sim"), ["Sim"]),
        ("Duplicitní", ("ne", "ano"), ["ano"]),
        ("Verwijderd", ("nee", "ja"), ["ja"]),
        ("Raderad", ("nej", "ja"), ["ja"]),
        ("Poistettu", ("Ei", "Kyllä"), ["Kyllä"]),
        ("Teszt", ("nem", "igen"), ["igen"]),
        ("Șters", ("nu", "da"), ["da"]),
        ("Silindi", ("hayır", "evet"), ["evet"]),
        ("Дупликат", ("не", "да"), ["да"]),
        ("Supprimé", ("FAUX", "VRAI"), ["VRAI"]),
        ("Διαγραμμένο", ("Όχι", "Ναι"), ["Ναι"]),
    ],
)
def test_boxes_of_other_languages_are_ticked(heading: str, texts: Sequence[str], marks: Sequence[str]) -> None:
    assert ticks([heading], texts) == marks


@pytest.mark.parametrize(
    ("heading", "texts", "marks"),
    [
        ("Tipo", ("Reale", "Di prova"), ["Di prova"]),
        ("Loja", ("Porto", "Loja teste"), ["Loja teste"]),
        ("Záznam", ("ostrý", "testovací"), ["testovací"]),
        ("Filiaal", ("Breda", "Testfiliaal"), ["Testfiliaal"]),
        ("Rivi", ("oikea", "Testi"), ["Testi"]),
        ("Kayıt", ("gerçek", "Deneme"), ["Deneme"]),
        ("Esito", ("Risposto", "Non risponde"), ["Non risponde"]),
        ("Výsledek hovoru", ("hotovo", "Nezvedl"), ["Nezvedl"]),
        ("Uitkomst", ("gesprek", "Geen gehoor"), ["Geen gehoor"]),
        ("Puhelun tulos", ("vastasi", "Ei vastannut"), ["Ei vastannut"]),
        ("Hívás eredménye", ("sikeres", "Nem vette fel"), ["Nem vette fel"]),
        ("Arama sonucu", ("görüşüldü", "Meşgul"), ["Meşgul"]),
        ("Исход позива", ("разговор", "Не јавља се"), ["Не јавља се"]),
        ("Αποτέλεσμα κλήσης", ("απάντησε", "Δεν απάντησε"), ["Δεν απάντησε"]),
        ("Κατάστημα", ("Πάτρα", "Δοκιμή"), ["Δοκιμή"]),
        ("ステータス", ("有効", "テスト"), ["テスト"]),
        ("状态", ("有效", "已删除"), ["已删除"]),
        ("상태", ("활성", "삭제됨"), ["삭제됨"]),
        ("Sample", ("Main", "Pilot"), ["Pilot"]),
        ("Fonte", ("Pesquisa", "Estimativa"), ["Estimativa"]),
        ("Compilato da", ("Cliente", "Operatore"), ["Operatore"]),
        ("Ambiente", ("Produção", "Homologação"), ["Homologação"]),
        ("Comune", ("Roma", "Bari"), []),
        ("Produkt", ("Leben", "Invalidität"), []),
        ("Contact reason", ("Cancellation", "Complaint", "Elimination diet"), []),
    ],
)
def test_rows_that_are_no_answers_are_known(heading: str, texts: Sequence[str], marks: Sequence[str]) -> None:
    assert strays([heading], texts) == marks


@pytest.mark.parametrize(
    ("heading", "texts", "marks"),
    [
        ("Record type", ("Original", "Correction"), ["Correction"]),
        ("Buchungsart", ("Erfassung", "Storno"), ["Storno"]),
        ("Typ", ("nowa", "Korekta"), ["Korekta"]),
        ("Тип записи", ("первичная", "Исправление"), ["Исправление"]),
        ("Vrsta zapisa", ("novi", "Ispravak"), ["Ispravak"]),
        ("Tipo", ("nuova", "Rettifica"), ["Rettifica"]),
        ("op", ("I", "U", "D"), ["U", "D"]),
        ("Team", ("I", "U", "D"), []),
        ("Change type", ("insert", "update_postimage", "delete"), ["update_postimage", "delete"]),
    ],
)
def test_rows_that_correct_others_are_known(heading: str, texts: Sequence[str], marks: Sequence[str]) -> None:
    assert corrections([heading], texts) == marks


@pytest.mark.parametrize(
    "heading",
    [
        "Data di acquisto", "Data da compra", "Datum nákupu", "Dátum zmluvy", "Besteldatum", "Köpdatum", "Købsdato",
        "Ostopäivä", "Vásárlás dátuma", "Data comenzii", "Sipariş tarihi", "Datum naročila",
        "Датум куповине", "Дата на поръчка", "Transaction date", "Buchungsdatum", "İşlem tarihi", "Foglalás dátuma",
    ],
)  # fmt: skip
def test_days_of_purchases_and_orders_are_known_to_be_none_of_answers(heading: str) -> None:
    assert said("not_answered_at", heading)


@pytest.mark.parametrize("heading", ["Marca", "Značka", "Merk", "Varumärke", "Marka", "Бренд", "Blagovna znamka"])
def test_columns_of_brands_are_known(heading: str) -> None:
    assert named("brand", heading)


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("e_responsedate", "answered_at"), ("surveydate", "answered_at"), ("startdate", "created_at"),
        ("orderdate", "not_answered_at"), ("RESP_DT", "answered_at"), ("Dispatch date", "not_answered_at"),
        ("Verzenddatum", "not_answered_at"), ("Data chiusura", "matter_at"), ("Uzavřeno", "matter_at"),
        ("Gewijzigd op", "updated_at"), ("İlk yanıt", "replied_at"),
    ],
)  # fmt: skip
def test_headings_of_dates_are_known(heading: str, topic: str) -> None:
    assert said(topic, heading)


@pytest.mark.parametrize(
    ("heading", "texts", "marks"),
    [
        ("quality_flag", ("ok", "bad", "suspicious"), ["bad", "suspicious"]),
        ("Datenqualität", ("gut", "auffällig"), ["auffällig"]),
        ("Качество ответа", ("хорошее", "низкое"), ["низкое"]),
        ("Kontrola kvalitete", ("dobra", "loša"), ["loša"]),
        ("Qualità della risposta", ("buona", "scarsa"), ["scarsa"]),
        ("Quality", ("good", "bad"), []),
        ("Service", ("good", "bad"), []),
        ("Status", ("IP-Adresse", "Umfragevorschau"), ["Umfragevorschau"]),
        ("Statut", ("Adresse IP", "Aperçu de l'enquête"), ["Aperçu de l'enquête"]),
        ("Stato", ("Indirizzo IP", "Anteprima sondaggio"), ["Anteprima sondaggio"]),
    ],
)
def test_answers_of_low_quality_and_previews_are_known(
    heading: str, texts: Sequence[str], marks: Sequence[str]
) -> None:
    assert strays([heading], texts) == marks


@pytest.mark.parametrize(
    ("heading", "texts", "marks"),
    [
        ("lastpage", ("3", "2", "1"), ["2", "1"]),
        ("Letzte Seite", ("4", "4"), []),
        ("lastpage", ("2871", "2872"), []),
        ("pages", ("3", "2"), []),
    ],
)
def test_who_went_away_before_the_last_page_is_known(heading: str, texts: Sequence[str], marks: Sequence[str]) -> None:
    assert left_early([heading], texts) == marks


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Competitor: Telemax", True),
        ("Korisnici konkurencije", True),
        ("Клиенты конкурентов", True),
        ("Kunden der Konkurrenz", True),
        ("Former customer", True),
        ("Own customers", False),
        ("I went to a competitor since the price was better", False),
    ],
)
def test_who_is_no_client_is_known(text: str, *, is_so: bool) -> None:
    assert of_no_client(text) == is_so


@pytest.mark.parametrize(
    ("heading", "is_so"),
    [
        ("How likely are you to recommend your doctor to friends?", True),
        ("Koliko je vjerojatno da biste preporučili svog liječnika?", True),
        ("Würden Sie Ihren Arzt weiterempfehlen?", True),
        ("Готовы ли вы порекомендовать своего врача?", True),
        ("¿Recomendaría a su médico?", True),
        ("Recommanderiez-vous votre conseiller ?", True),
        ("Consiglierebbe il suo medico?", False),
        ("Based on your agent, how likely are you to recommend us?", False),
        ("How likely are you to recommend us to your doctor?", False),
    ],
)
def test_a_person_who_serves_is_known_from_the_company(heading: str, *, is_so: bool) -> None:
    assert (said("served_person", heading) is not None) == is_so


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("flight_date", "not_answered_at"), ("Discharge date", "not_answered_at"), ("Checkout date", "not_answered_at"),
        ("Datum otpusta", "not_answered_at"), ("Abreisedatum", "not_answered_at"), ("Дата выписки", "not_answered_at"),
        ("Fecha de envío", "not_answered_at"), ("Date d'envoi", "not_answered_at"), ("Data wypisu", "not_answered_at"),
        ("Дата редактирования", "updated_at"), ("Last edited", "updated_at"), ("Letzte Änderung", "updated_at"),
        ("nps.csv.bak", "file_of_part"), ("nps (partial).csv", "file_of_part"), ("anketa_djelomično.csv", "file_of_part"),
        ("Quanto è probabile che ci consigli?", "score_certain"), ("Kui tõenäoliselt soovitaksite meid?", "score_certain"),
    ],
)  # fmt: skip
def test_days_of_other_events_and_files_put_aside_are_known(heading: str, topic: str) -> None:
    assert said(topic, heading)


@pytest.mark.parametrize("heading", ["Survey date", "Visit date", "Date", "Fecha de respuesta", "Date de réponse"])
def test_days_of_answers_are_no_other_events(heading: str) -> None:
    assert not said("not_answered_at", heading)
    assert not said("updated_at", heading)
