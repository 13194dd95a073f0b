"""Every encoding that files arrive in becomes UTF-8, or the file is refused: no character is ever replaced."""
# ruff: noqa: RUF001 - texts in the languages of the files

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.adapters.detection import detect
from pipelines.adapters.encoding import to_utf8
from pipelines.errors import FileRefusedError

TEXTS = {
    "Russian": ("windows-1251", "Оценка;Отзыв\n9;Очень доволен, спасибо! Ёлки — «лучший» №5\n3;Долго ждал в очереди\n"),
    "Russian, one word": ("windows-1251", "score;comment\n9;спасибо\n"),
    "Russian, capitals": ("windows-1251", "ОТДЕЛЕНИЕ;ОЦЕНКА\nМОСКВА;9\n"),
    "Ukrainian": ("windows-1251", "Оцінка;Відгук\n9;Дуже задоволений обслуговуванням, дякую\n"),
    "Serbian": ("windows-1251", "Оцена;Коментар\n9;Веома задовољан услугом, хвала вам\n"),
    "Croatian": ("windows-1250", "Ocjena;Komentar\n9;Sve je bilo odlično, čekao sam kraće nego što sam mislio\n"),
    "Croatian names": ("windows-1250", "ime;ocjena\nIvan Đurić;9\nAna Kovačević;8\nŽeljko Šarić;7\n"),
    "Polish": ("windows-1250", "Ocena;Komentarz\n9;Bardzo dobra obsługa, dziękuję\n3;Zbyt długo czekałem, źle\n"),
    "Polish towns": ("windows-1250", "score;city\n9;Łódź\n8;Kraków\n7;Wrocław\n"),
    "Czech": ("windows-1250", "Hodnocení;Komentář\n9;Příjemná obsluha, děkuji, žádné čekání\n"),
    "Hungarian": ("windows-1250", "score;comment\n9;Köszönöm, nagyon elégedett vagyok, gyors ügyintézés, őszintén\n"),
    "French": ("windows-1252", "score;comment\n9;Très bien, merci à l’équipe, déjà recommandé\n"),
    "Spanish": ("windows-1252", "score;comentario\n9;Atención muy rápida, señor muy amable, gestión excelente\n"),
    "German": ("windows-1252", "Bewertung;Kommentar\n9;Schöne Grüße, sehr freundlich für Gäste\n"),
    "Portuguese towns": ("windows-1252", "score;city\n9;São Paulo\n8;Málaga\n"),
    "Swedish": ("windows-1252", "score;komentar\n9;Mycket bra bemötande från början, åkte hem nöjd\n"),
    "English with a word processor's quotes": ("windows-1252", "score;comment\n9;It’s “great” – really\n"),
    "Polish, Latin-2": ("iso-8859-2", "Ocena;Komentarz\n9;Bardzo dobra obsługa, dziękuję, ślicznie, żadnych uwag\n"),
    "Croatian, DOS": ("cp852", "Ocjena;Komentar\n9;Sve je bilo odlično, čekao sam kraće nego što sam mislio\n"),
    "Russian, DOS": ("cp866", "Оценка;Комментарий\n9;Очень доволен обслуживанием\n3;Долго ждал в очереди\n"),
    "French, DOS": ("cp850", "score;comment\n9;Très bien, merci à l'équipe, déjà recommandé\n"),
    "French, Mac": ("mac-roman", "score;comment\n9;Très bien, merci à l'équipe, déjà recommandé\n"),
    "Russian, Unix": ("koi8-r", "Оценка;Комментарий\n9;Очень доволен обслуживанием\n3;Долго ждал в очереди\n"),
}


def written(folder: Path, content: bytes) -> Path:
    path = folder / "x.csv"
    path.write_bytes(content)
    return path


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


@pytest.mark.parametrize("language", TEXTS)
def test_short_texts_are_recognised(language: str, tmp_path: Path) -> None:
    encoding, text = TEXTS[language]
    copy, _ = to_utf8(written(tmp_path, text.encode(encoding)), None, tmp_path / "scratch")
    assert read(copy) == text


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), min_size=1), marked=st.booleans())
def test_utf8_is_used_in_place(text: str, marked: bool, tmp_path: Path) -> None:
    path = written(tmp_path, text.encode("utf-8-sig" if marked else "utf-8"))
    assert to_utf8(path, None, tmp_path / "scratch") == (path, "utf-8")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be"])
def test_a_byte_order_mark_decides_even_against_what_is_declared(encoding: str, tmp_path: Path) -> None:
    text = "score;comment\r\n9;odlično\r\n"
    content = text.encode(encoding) if encoding != "utf-16-be" else ("\ufeff" + text).encode(encoding)
    copy, found = to_utf8(written(tmp_path, content), "windows-1250", tmp_path / "scratch")
    assert read(copy) == text
    assert found.startswith(encoding)


def test_what_is_declared_overrides_what_the_letters_say(tmp_path: Path) -> None:
    path = written(tmp_path, "a\nспасибо\n".encode("windows-1251"))
    copy, encoding = to_utf8(path, "koi8-r", tmp_path / "scratch")
    assert encoding == "koi8-r"
    assert read(copy) != "a\nспасибо\n"


def test_a_character_across_two_chunks_is_one(tmp_path: Path) -> None:
    text = "x" * ((1 << 20) - 1) + "čšž\n"
    path = written(tmp_path, text.encode("utf-8"))
    assert to_utf8(path, None, tmp_path)[0] == path
    copy, _ = to_utf8(written(tmp_path, text.encode("utf-16")), None, tmp_path)
    assert read(copy) == text


def test_text_that_no_encoding_explains_is_refused(tmp_path: Path) -> None:
    assert detect(bytes(range(128, 256))) is None
    with pytest.raises(FileRefusedError, match=r"byte 2.*Declare it in nps\.yaml") as refused:
        to_utf8(written(tmp_path, b"a\n" + bytes(range(128, 256)) * 4), None, tmp_path / "scratch")
    assert refused.value.reason == "file_encoding"


def test_a_byte_outside_the_declared_encoding_is_named_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="cannot be read as windows-1251: byte 7 ") as refused:
        to_utf8(written(tmp_path, b"a,b\n1,x\x98\n"), "windows-1251", tmp_path / "scratch")
    assert refused.value.reason == "file_encoding"
    assert not list((tmp_path / "scratch").iterdir())


def test_declared_utf8_must_be_utf8(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="cannot be read as utf-8: byte 3 "):
        to_utf8(written(tmp_path, "caféé,b\n".encode("windows-1252")), "utf-8", tmp_path / "scratch")


@pytest.mark.parametrize(
    "content",
    [
        "odlično, jako dobro čekanje žao".encode() + "škoda\n".encode("windows-1250"),
        "čšž, odlično".encode()[:-1] + b"\xc4",
    ],
)
def test_a_file_of_two_encodings_or_cut_within_a_character_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="UTF-8 for the most part") as refused:
        to_utf8(written(tmp_path, content), None, tmp_path / "scratch")
    assert refused.value.reason == "file_encoding"


def test_binary_zeros_are_no_text(tmp_path: Path) -> None:
    for declared in (None, "windows-1250"):
        with pytest.raises(FileRefusedError, match="binary zeros") as refused:
            to_utf8(written(tmp_path, b"a,b\n1,\x00\n"), declared, tmp_path / "scratch")
        assert refused.value.reason == "file_unreadable"


def test_utf16_without_a_mark_can_be_declared(tmp_path: Path) -> None:
    copy, _ = to_utf8(written(tmp_path, "a;b\n1;č\n".encode("utf-16-le")), "utf-16-le", tmp_path / "scratch")
    assert read(copy) == "a;b\n1;č\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "mac-roman"])
def test_line_ends_of_cr_alone_become_lf(encoding: str, tmp_path: Path) -> None:
    text = 'note;why\r9;"déjà\nvu"\r8;très bien\r'
    copy, _ = to_utf8(written(tmp_path, text.encode(encoding)), None, tmp_path / "scratch")
    assert read(copy) == text.replace("\r", "\n")


def test_a_few_crs_within_cells_stay(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\n1,"x\ry"\n2,z\n')
    assert to_utf8(path, None, tmp_path / "scratch")[0] == path
