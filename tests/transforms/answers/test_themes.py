"""What a comment is about depends on its words alone: neither on their order nor on case or marks."""

from __future__ import annotations

import unicodedata
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.answers.themes import Theme, literals, says, words

THEMES = (
    Theme(
        "wait",
        {"uk": ["чекав*", "черг*"], "ru": ["ждал*", "очеред*"], "hr": ["ček*", "red*"], "pl": ["czek*", "kolejk*"]},
    ),
    Theme(
        "service", {"de": ["Straße*"], "pl": ["obsług*"], "es": ["señor*"], "fr": ["accueil*"], "en": ["call* back"]}
    ),
    Theme("delivery", {"en": ["*mail*"], "hr": ["dostav*"]}),
)
WORDS = ["Čekao", "reda", "czekam", "Kolejka", "obsługa", "strasse", "señora", "CALL", "back", "e-mail", "voicemails",
         "dostava", "їх", "чекала", "очередь", "accueillir", "dobro", "predugo", "đak", "🙂", "ждала", "чергу"]  # fmt: skip


def about(comment: str | None, language: str | None = None) -> set[str]:
    said = says(
        pl.DataFrame(
            {"comment": [comment], "language": [language]}, schema=dict.fromkeys(("comment", "language"), pl.String)
        ),
        THEMES,
    )
    return {theme.name for theme in THEMES if said.item(0, theme.name)}


@given(st.lists(st.sampled_from(WORDS), max_size=6), st.randoms(use_true_random=False))
@law(60)
def test_order_case_and_marks_make_no_difference(said: list[str], chance: object) -> None:
    comment = " ".join(said)
    other = said[:]
    chance.shuffle(other)  # type: ignore[attr-defined]
    bare = "".join(each for each in unicodedata.normalize("NFD", " ".join(other)) if not unicodedata.combining(each))
    found = about(comment)
    assert about(bare.upper()) == about(unicodedata.normalize("NFC", bare.lower())) == found
    assert about("; ".join(other)) == found


@given(st.permutations(THEMES), st.text(st.sampled_from("čekaored мчпау"), max_size=20))
@law(30)
def test_the_order_in_which_themes_are_declared_makes_no_difference(themes: list[Theme], comment: str) -> None:
    frame = pl.DataFrame({"comment": [comment], "language": [None]}, schema_overrides={"language": pl.String})
    names = sorted(theme.name for theme in themes)
    assert says(frame, themes).select(names).rows() == says(frame, THEMES).select(names).rows()


@pytest.mark.parametrize(
    ("comment", "language", "themes"),
    [
        ("Predugo sam čekao u redu", None, {"wait"}),
        ("CEKAO, cekala", None, {"wait"}),
        ("They reduced my rate", None, {"wait"}),  # without a language, stems of all are looked for
        ("They reduced my rate", "en-GB", set()),
        ("Nobody called me back", "EN", {"service"}),
        ("I went back", None, set()),
        ("Voicemail", None, {"delivery"}),
        ("Черги!", "UA", {"wait"}),
        ("Černi gori", "hr", set()),
        ("Страшна черга", "sr", {"wait"}),  # a language without any words says nothing about which to look for
        (None, None, set()),
        ("-", None, set()),
    ],
)
def test_a_comment_is_about_what_its_words_say(comment: str | None, language: str | None, themes: set[str]) -> None:
    assert about(comment, language) == themes


def test_a_term_is_looked_for_as_words_or_beginnings_of_words() -> None:
    assert literals("Ček*") == [" cek"]
    assert literals("call back") == [" call ", " back "]
    assert literals("*mail*") == ["mail"]
    assert literals("e-mail*") == [" e ", " mail"]
    assert literals("зв'язк*") == literals("зв’язк*") == [" звязк"]  # noqa: RUF001 - apostrophes as they are typed
    assert literals(" - ") == []


def test_a_word_counts_once_in_an_answer_and_a_person_once_in_a_month() -> None:
    said = [(1, "Sporo, sporo!"), (1, "sporo i skupo"), (None, "Sporo."), (None, "Bilo je sporo; Marko zna")]
    month = date(2025, 1, 1)
    rows = pl.DataFrame([(month, *each) for each in said], schema=["month", "person", "comment"], orient="row")
    found = {word: counts for word, *counts in words(rows).drop("month").iter_rows()}
    assert found["sporo"] == [4, 3, 0, 3]
    assert found["marko"] == [1, 1, 1, 0] or found["marko"] == [1, 1, 0, 0]
    assert "je" not in found
