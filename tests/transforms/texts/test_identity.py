"""Who answered: keyed pseudonyms that anybody with the key can check, and masks through which nobody is seen."""

from __future__ import annotations

import hashlib
import hmac
import re
import string
from collections.abc import Sequence
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.texts.identity import PSEUDONYM_LENGTH, THEN, keyed, mask, pseudonym, rotations, without_contacts

KEY = "a key of the tests, of 32 characters or more"


def keys(identifiers: Sequence[str | None], key: str = KEY) -> list[str | None]:
    frame = pl.DataFrame({"identifier": identifiers}, schema={"identifier": pl.String})
    return frame.select(pseudonym(pl.col("identifier"), key)).to_series().to_list()


def shown(*values: str | None) -> list[str | None]:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    return frame.select(mask(pl.col("value"))).to_series().to_list()


# Pseudonyms

IDENTIFIERS = st.one_of(
    st.emails(), st.text(string.ascii_letters + string.digits + "čćđšžЖаяéß漢 .+-_'", min_size=1)
).filter(str.strip)


@law(20)
@given(st.lists(IDENTIFIERS, min_size=1, max_size=5))
def test_pseudonyms_of_a_former_key_become_those_of_now_by_what_followed(people: list[str]) -> None:
    chain = THEN.join([KEY, "b" * 40, "c" * 40])
    for former, since in rotations(chain).items():
        made = pl.DataFrame({"key": keys(people, former)})
        now = made.select(keyed(pl.col("key"), since)).to_series().to_list() if since else made["key"].to_list()
        assert now == keys(people, chain)
    assert rotations(KEY) == {KEY: ""}


@law(80)
@given(known=st.lists(st.from_regex(r"\A[A-Za-z]{0,3}[0-9]{1,9}\Z"), min_size=1, max_size=5), other=IDENTIFIERS)
def test_who_somebody_is_does_not_depend_on_who_stands_in_the_same_piece(known: list[str], other: str) -> None:
    alone = [key for each in (*known, other) for key in keys([each])]
    assert keys([*known, other]) == alone
    assert keys(known) == alone[:-1]


@law(60)
@given(IDENTIFIERS, st.text(string.ascii_letters + string.digits + "é", min_size=32, max_size=90))
def test_a_pseudonym_is_the_hmac_of_the_identifier(identifier: str, key: str) -> None:
    """A key longer than a block of SHA-256 is hashed first (RFC 2104)."""
    assume(not identifier.strip().startswith("'") and not letters_count(identifier))
    message = identifier.strip().lower().encode()
    expected = hmac.new(key.encode(), message, hashlib.sha256).hexdigest()[:PSEUDONYM_LENGTH]
    assert keys([identifier], key) == [expected]


def test_the_hmac_is_that_of_the_standard() -> None:
    """Test case 2 of RFC 4231."""
    assert keys(["what do ya want for nothing?"], "Jefe") == [
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"[:PSEUDONYM_LENGTH]
    ]


def test_an_apostrophe_in_front_makes_no_other_person() -> None:
    """Exports put it there, so that a spreadsheet reads a text."""
    assert keys(["'+385 1 000001", "'0911"]) == keys(["+385 1 000001", "0911"])
    assert keys(["'tom"]) == keys(["tom"])


CASE_TELLS = ["0035g00000XyZaB", "0035g00000XyZab", "0035g00000xyZaB", "003500000000ABC", "003500000000abc",
              "dQw4w9WgXcQ", "dQw4w9WgxcQ", "Yx8-f_K2pQm1", "Yx8-f_k2pQm1"]  # fmt: skip
WORDS = ["Ana.Horvat1985", "Ana@Example.com", "ANA HORVAT 1985x", "Ana Horvat 1985aB", "HR12345678901", "3F2504E0-4F89-41D3",
         "McDonald's Graz", "ИП Иванов-2024", "User12aB"]  # fmt: skip


def letters_count(identifier: str) -> bool:
    """Whether its capitals may tell it from others."""
    text = identifier.strip()
    return (
        len(text) > 10 and bool(re.search(r"\d", text)) and any(map(str.islower, text)) and any(map(str.isupper, text))
    )


def test_ids_that_differ_only_in_capitals_are_different_people() -> None:
    assert len(set(keys(CASE_TELLS))) == len(CASE_TELLS)
    assert keys([f"  '{each} " for each in CASE_TELLS]) == keys(CASE_TELLS)


def test_names_addresses_and_numbers_of_one_case_are_one_person_in_any_case() -> None:
    assert keys([each.upper() for each in WORDS]) == keys(WORDS) == keys([each.lower() for each in WORDS])


@law(40)
@given(IDENTIFIERS, st.sampled_from(["", " ", "\t", "  \n"]))
def test_case_and_space_around_make_no_other_person(identifier: str, space: str) -> None:
    assume(identifier.upper().lower() == identifier.lower() and not letters_count(identifier))
    variants = [identifier, identifier.upper(), f"{space}{identifier}{space}"]
    assert len(set(keys(variants))) == 1


@law(40)
@given(st.lists(IDENTIFIERS, min_size=2, max_size=6, unique_by=lambda text: text.strip().removeprefix("'").lower()))
def test_different_identifiers_are_different_people(identifiers: list[str]) -> None:
    assert len(set(keys(identifiers))) == len(identifiers)


def test_another_key_makes_other_people() -> None:
    assert keys(["ana@example.com"]) != keys(["ana@example.com"], KEY[::-1])


def test_nobody_is_nobody() -> None:
    assert keys([None, "", " ", "\t\n", "\N{NO-BREAK SPACE}"]) == [None] * 5


def test_a_pseudonym_says_nothing_of_the_identifier() -> None:
    [key] = keys(["ana@example.com"])
    assert key is not None
    assert re.fullmatch(rf"[0-9a-f]{{{PSEUDONYM_LENGTH}}}", key)
    assert PSEUDONYM_LENGTH * 4 >= 96


# Masks

LETTERS = "abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZčćđšžéßЖдяאب漢"
"""All but x, which is what a mask makes of letters."""
SEPARATORS = st.sampled_from(["", " ", "-", ".", "/"])


@law(80)
@given(st.text(LETTERS + " .,'-0123456789", min_size=1, max_size=60))
def test_no_letter_of_a_name_comes_through(name: str) -> None:
    [seen] = shown(name)
    assert seen is not None
    assert not any(letter in seen for letter in LETTERS)


@law(80)
@given(st.emails())
def test_of_an_address_only_its_shape_is_seen(mail: str) -> None:
    [seen] = shown(mail)
    assert seen is not None
    assert not re.search(r"[^\W\dx_]", seen)


@law(150)
@given(
    st.lists(st.from_regex(r"[0-9]{1,5}", fullmatch=True), min_size=2, max_size=6),
    SEPARATORS,
    st.sampled_from(["", "+", "("]),
)
@example(["01", "23", "45", "67", "89"], ".", "")
@example(["555", "12", "1234"], "-", "")
@example(["091", "55", "5012"], "-", "")
@example(["10", "77", "66", "55"], ".", "")
def test_no_telephone_number_comes_through(groups: list[str], separator: str, front: str) -> None:
    assume(sum(map(len, groups)) >= 5)
    number = front + separator.join(groups)
    assume(not is_date(number))
    [seen] = shown(number)
    assert seen is not None
    assert set(re.findall(r"\d", seen)) == {"9"}


def is_date(text: str) -> bool:
    """Whether a number with separators could be a day: nobody can tell 12.10.2024 from a number."""
    parts = re.split(r"[./-]", text)
    years = re.compile(r"(19|20)?\d\d")
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 4 for part in parts):
        return False
    year, others = (parts[0], parts[1:]) if len(parts[0]) == 4 else (parts[2], parts[:2])
    return years.fullmatch(year) is not None and all(len(part) <= 2 for part in others)


@pytest.mark.parametrize(
    "value",
    [
        "2024-01-05 tel 0915550123",
        "tel. 091/555-0123",
        "0915550123 2024-01-05",
        "5.1.2024. 0915550123",
        "id 12345 from Ana",
    ],
)
def test_a_number_beside_a_date_or_words_does_not_come_through(value: str) -> None:
    [seen] = shown(value)
    assert seen is not None
    assert set(re.findall(r"\d", seen)) == {"9"}


@law(30)
@given(st.ip_addresses(v=4).map(str))
def test_no_internet_address_comes_through(address: str) -> None:
    [seen] = shown(address)
    assert seen == re.sub(r"\d", "9", address)


@law(80)
@given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y.", "%m/%d/%Y", "%Y/%m/%d"]),
)
def test_a_date_is_seen(day: date, fmt: str) -> None:
    assert shown(f"{day:{fmt}}") == [f"{day:{fmt}}"]


@law(40)
@given(st.datetimes(datetime(1950, 1, 1), datetime(2049, 12, 31)))  # noqa: DTZ001 - as text
def test_the_time_of_a_date_is_seen(at: datetime) -> None:
    written = [f"{at:%d.%m.%Y %H:%M}", f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%Y-%m-%d %H:%M:%S.%f}"]
    assert shown(*written) == written
    assert shown(f"{at:%Y-%m-%dT%H:%M:%S+02:00}") == [f"{at:%Y-%m-%dx%H:%M:%S+02:00}"]


def test_an_impossible_date_is_seen_for_what_it_is() -> None:
    impossible = ["31.02.2024", "2024-13-45", "30/02/24", "0.0.2000"]
    assert shown(*impossible) == impossible


@law(40)
@given(st.integers(-9999, 9999), st.sampled_from(["{}", "{}.5", " {} ", "{},5"]))
def test_a_small_number_is_seen(number: int, form: str) -> None:
    text = form.format(number)
    assume(sum(map(str.isdigit, text)) < 5)
    assert shown(text) == [text]


def test_a_score_is_seen_beside_its_masked_label() -> None:
    assert shown("7.5", "11", "Very likely - 11", "10, 9") == ["7.5", "11", "xxxx xxxxxx - 11", "10, 9"]


def test_a_long_text_is_cut_and_nothing_stays_nothing() -> None:
    assert shown("y" * 1000, None, "") == ["x" * 40, None, ""]


# What people write


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Zovite 091 234 5678 ili ana.ban@mail.hr, hvala", "Zovite [telephone] ili [e-mail], hvala"),
        ("(091) 234-5678/0912345678", "[telephone]/[telephone]"),
        ("+385 (91) 234-56-78, 00385912345678", "[telephone], [telephone]"),
        ("01 234 5678; 01.23.45.67.89", "[telephone]; [telephone]"),
        ("0711 123456 und 030/123456", "[telephone] und [telephone]"),
        ("8 (916) 123-45-67, (212) 555-0123", "8 [telephone], [telephone]"),
        ("<иван@почта.рф>", "<[e-mail]>"),
        ("601 234 567", "[telephone]"),
    ],
)
def test_addresses_and_telephone_numbers_are_left_out_of_what_people_write(written: str, kept: str) -> None:
    assert pl.select(without_contacts(pl.lit(written))).item() == kept


@pytest.mark.parametrize(
    "written",
    [
        "05-03-2024, 05.03.2024 10:05, 05/03/2024, 2024-03-05 10:05:00, 2023-2024",
        "order 12345678, 10 000 000 kn, 1.000.000,50, 1 234 567, 0.75, 007",
        "@ana said a@b; 9/10, 24/7, 10-12 minutes, 3 x 100, +1, +10 000",
    ],
)
def test_dates_amounts_and_numbers_of_orders_stay(written: str) -> None:
    assert pl.select(without_contacts(pl.lit(written))).item() == written
