"""Which spellings of a name are one."""

import unicodedata

import pytest

from transforms.texts.spelling import key


@pytest.mark.parametrize("names", [("İZMİR", "İzmir", "izmir"), ("IĞDIR", "Iğdır", "ığdır"), ("STRASSE", "Straße")])  # noqa: RUF001
def test_capitals_are_the_same_letters_in_turkish_too(names: tuple[str, ...]) -> None:
    assert len({key(form) for name in names for form in (name, unicodedata.normalize("NFD", name))}) == 1


def test_a_dot_that_makes_another_letter_stays() -> None:
    assert key("Ėriškės") != key("Eriškės")
    assert key("Żory") != key("Zory")
