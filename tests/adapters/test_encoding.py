"""Every encoding that files arrive in becomes UTF-8, or the file is refused: no character is ever replaced."""
# ruff: noqa: RUF001 - texts in the languages of the files

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.adapters.encodings.detection import detect, speaks_against
from pipelines.adapters.encodings.notes import encoding_notes, text_notes
from pipelines.adapters.encodings.utf8 import to_utf8
from pipelines.errors import FileRefusedError
from tests.support.laws import law

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


@law(60)
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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf16_and_utf32_without_a_mark_can_be_declared(encoding: str, tmp_path: Path) -> None:
    copy, _ = to_utf8(written(tmp_path, "a;b\n1;č\n".encode(encoding)), encoding, tmp_path / "scratch")
    assert read(copy) == "a;b\n1;č\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "mac-roman"])
def test_line_ends_of_cr_alone_become_lf(encoding: str, tmp_path: Path) -> None:
    text = 'note;why\r9;"déjà\nvu"\r8;très bien\r'
    copy, _ = to_utf8(written(tmp_path, text.encode(encoding)), None, tmp_path / "scratch")
    assert read(copy) == text.replace("\r", "\n")


def test_a_few_crs_within_cells_stay(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\n1,"x\ry"\n2,z\n')
    assert to_utf8(path, None, tmp_path / "scratch")[0] == path


MIXED = "score;comment\n9;señor\n8;plain\n7;čekanje, žao\n".encode() + "6;señor de España\n5;Málaga\n".encode(
    "windows-1252"
)


def test_lines_of_another_encoding_are_named_with_what_to_write_into_nps_yaml(tmp_path: Path) -> None:
    for declared in (None, "utf-8"):
        with pytest.raises(FileRefusedError) as refused:
            to_utf8(written(tmp_path, MIXED), declared, tmp_path / "scratch")
        assert refused.value.reason == "file_encoding"
        assert "UTF-8 in lines 2, 4, but not in lines 5, 6, which look like windows-1252" in refused.value.detail
        assert "encoding: [utf-8, windows-1252]" in refused.value.detail


def test_a_single_line_of_utf8_among_others_makes_a_mixture_too(tmp_path: Path) -> None:
    content = ("9;Очень доволен, спасибо\n" * 50_000).encode("windows-1251") + "9;спасибо\n".encode()
    with pytest.raises(FileRefusedError, match=r"UTF-8 in line 50,001, but not in lines 1, 2, 3, 4, 5 and 49,995 more"):
        to_utf8(written(tmp_path, content), None, tmp_path / "scratch")


def test_capitals_before_signs_are_no_utf8(tmp_path: Path) -> None:
    text = "score;comment\n9;ПРИЁМ\n8;«ЦЕНТР» №5, ИЁ\n7;ИЁ\n6;Очень доволен\n"
    copy, encoding = to_utf8(written(tmp_path, text.encode("windows-1251")), None, tmp_path / "scratch")
    assert (encoding, read(copy)) == ("windows-1251", text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_of_several_declared_encodings_each_line_is_read_in_the_first_that_it_fits(
    end: str, mark: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.adapters.encodings.lines._CHUNK", 1_000)
    content = mark + MIXED.replace(b"\n", end.encode()) * 200
    copy, encoding = to_utf8(written(tmp_path, content), ["utf-8", "windows-1252"], tmp_path / "scratch")
    expected = "score;comment\n9;señor\n8;plain\n7;čekanje, žao\n6;señor de España\n5;Málaga\n" * 200
    assert read(copy) == expected.replace("\n", "\r\n" if end == "\r\n" else "\n")
    assert encoding == "utf-8, windows-1252"


def test_a_file_that_the_first_declared_encoding_fits_is_used_in_place(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n1;č\n".encode())
    assert to_utf8(path, ["utf-8", "windows-1250"], tmp_path / "scratch") == (path, "utf-8")


def test_a_line_that_fits_no_declared_encoding_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="line 3 fits none of them") as refused:
        to_utf8(written(tmp_path, b"a\n1\n\x98\n"), ["utf-8", "windows-1251"], tmp_path / "scratch")
    assert refused.value.reason == "file_encoding"
    assert not list((tmp_path / "scratch").iterdir())


@law(60)
@given(
    lines=st.lists(
        st.tuples(st.text("abc;«»№Ёёяюжспасибо ИДМОЕ", min_size=3), st.sampled_from(["utf-8", "windows-1251"])),
        min_size=1,
    )
)
def test_a_declared_mixture_reads_back_as_it_was_written(lines: list[tuple[str, str]], tmp_path: Path) -> None:
    content = b"\n".join(text.encode(encoding) for text, encoding in lines)
    assume(not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)))  # яю, which begin no word
    copy, _ = to_utf8(written(tmp_path, content), ["utf-8", "windows-1251"], tmp_path / "scratch")
    for found, (text, encoding) in zip(read(copy).split("\n"), lines, strict=True):
        assert found == text or is_utf8(text.encode(encoding))


def is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_a_cut_within_a_character_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="cut off within a character") as refused:
        to_utf8(written(tmp_path, "9;čšž\n8;odlično\n7;š".encode()[:-1]), None, tmp_path / "scratch")
    assert refused.value.reason == "file_encoding"


def notes(folder: Path, content: bytes, declared: str | list[str] | None = None) -> tuple[str, ...]:
    path = written(folder, content)
    return text_notes(path, declared, to_utf8(path, declared, folder / "scratch")[0])


@pytest.mark.parametrize(
    ("text", "through"),
    [
        ("España, señor", "windows-1252"),
        ("à la carte", "windows-1252"),
        ("it’s – great", "windows-1252"),
        ("it’s – great", "latin-1"),
        ("ekipa je žao", "windows-1250"),
        ("łódź", "windows-1250"),
        ("čekanje", "latin-1"),
        ("Спасибо за все", "windows-1251"),
        ("Спасибо за все", "latin-1"),
    ],
)
def test_text_that_was_encoded_twice_is_told_with_its_lines(text: str, through: str, tmp_path: Path) -> None:
    damaged = text.encode().decode(through)
    [said] = notes(tmp_path, f"score;why\n9;good\n8;{damaged}\n".encode() * 3)
    assert "encoded twice" in said
    assert "in lines 3, 6, 9." in said


@pytest.mark.parametrize("language", TEXTS)
def test_sound_text_gets_no_notes(language: str, tmp_path: Path) -> None:
    encoding, text = TEXTS[language]
    assert notes(tmp_path, text.encode()) == ()
    assert notes(tmp_path, text.encode(encoding)) == ()


def test_characters_lost_before_are_told_with_their_lines(tmp_path: Path) -> None:
    content = b"a;b\n" + "9;se\ufffdor\n8;x\n".encode() * 200_000
    [said] = notes(tmp_path, content)
    assert "U+FFFD) stands in lines 2, 4, 6, 8, 10 and 199,995 more" in said


def test_a_declaration_against_the_byte_order_mark_is_told(tmp_path: Path) -> None:
    assert ["says windows-1250, but the file's byte-order mark says utf-8" in note
            for note in notes(tmp_path, "a;č\n".encode("utf-8-sig"), "windows-1250")] == [True]  # fmt: skip
    assert notes(tmp_path, "a;č\n".encode("utf-16"), "utf-16") == ()
    assert notes(tmp_path, "a;č\n".encode("utf-8-sig"), ["utf-8", "windows-1250"]) == ()
    assert notes(tmp_path, "a;č\n".encode(), "windows-1250") != ()


def test_mixed_line_ends_are_all_line_ends(tmp_path: Path) -> None:
    path = written(tmp_path, b"score;why\r\n9;a\n8;b\r\n")
    assert to_utf8(path, None, tmp_path / "scratch") == (path, "utf-8")


def test_the_words_to_look_at_are_told_in_the_order_of_the_text() -> None:
    found = detect("score;comment\n9;čekao sam kraće nego što sam želio\n".encode("windows-1250"))
    assert found is not None
    assert found.encoding == "windows-1250"
    assert "'čekao', 'kraće', 'što', 'želio'" in found.hint


def test_what_stands_in_each_row_beside_a_number_speaks_for_an_encoding_once() -> None:
    rows = "".join(f"ООО {at};Москва;{at % 11};Нет\n" for at in range(60))
    heading = "Контрагент;Подразделение;Оценка;Пометка удаления\n"
    found = detect((heading + rows).encode("cp1251"))
    assert found is not None
    assert (found.encoding, found.is_settled) == ("windows-1251", True)


OTHERS = (
    "windows-1250", "windows-1251", "windows-1252", "iso-8859-1", "iso-8859-2", "iso-8859-15", "cp850", "cp852", "cp866",
    "koi8-r", "mac-roman", "iso-8859-5", "windows-1257", "windows-1254", "windows-1253", "iso-8859-7",
)  # fmt: skip


def test_the_right_encoding_is_never_spoken_against_and_another_one_mostly_is() -> None:
    told = []
    for encoding, text in TEXTS.values():
        content = text.encode(encoding)
        for declared in (encoding, *OTHERS):
            try:
                read = content.decode(declared)
            except UnicodeDecodeError:
                continue
            found = speaks_against(content, declared)
            if read == text:
                assert found is None, (declared, text)
            else:
                told.append(found is not None)
    assert sum(told) > 0.9 * len(told)  # the others are few letters that fit both


def test_a_declared_encoding_that_gives_other_words_is_noted_with_them(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("score;branch\n9;Čakovec\n8;Čakovec\n7;Šibenik\n6;Đakovo\n9;Đakovo\n".encode("windows-1250"))
    [note] = encoding_notes(file, "windows-1252", "windows-1252")
    assert "by which it holds 'Èakovec', 'Ðakovo'; read as windows-1250 it holds 'Čakovec', 'Đakovo'" in note
    assert encoding_notes(file, "windows-1250", "windows-1250") == ()
    assert encoding_notes(file, ["windows-1252", "cp850"], "windows-1252") == ()
