"""Texts that mark rows as no answers, language by language. Looked at without a file: what is asked is another test's."""
# ruff: noqa: RUF001 - texts in the languages of the files

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipelines.adapters.row_marks import corrections, strays, ticks, unfinished
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
