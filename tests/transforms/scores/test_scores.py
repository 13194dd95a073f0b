"""What a score's text means: nothing is lost, nothing is guessed, and a scale keeps the three groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.scores.scales import SCALES, STANDARD, CutPoints, Scale, category, scale_of, verdict
from transforms.scores.texts import UNANSWERED, stated, written

Reading = tuple[int | None, str | None]
"""The score on 0-10, and what is wrong where there is none."""

ASKED_0_10, ASKED_1_10 = SCALES["0-10"], SCALES["1-10"]
UNREADABLE: Reading = (None, "score_unreadable")

BETTER = [
    "Extremely likely",
    "VERY LIKELY",
    "Muy probable",
    "Äußerst wahrscheinlich",
    "sehr wahrscheinlich",
    "Très probable",
    "Vrlo vjerojatno!",
    "Bardzo prawdopodobne",
    "Очень вероятно",
    "Дуже ймовірно",
    "Velmi pravděpodobné",
    "Určite by som odporučil",
    "非常有可能",
    "Would recommend (most likely)",
]
WORSE = [
    "Not at all likely",
    "Not likely",
    "extremely unlikely",
    "Pas du tout probable",
    "Точно не порекомендую",
    "совсем не вероятно",
    "Зовсім не ймовірно",
    "Uopće nije vjerojatno",
    "Nada probable",
    "überhaupt nicht wahrscheinlich",
    "w ogóle nieprawdopodobne",
    "Vůbec nepravděpodobné",
    "Vôbec nie",
    "Určitě nedoporučím",
]
BETWEEN = ["Neutral", "Somewhat likely", "eher unwahrscheinlich", "Spíše ne", "Skôr áno", "Нейтрально", "points"]


def labels(number: int) -> list[str]:
    """The known labels that may stand beside a number of 0-10."""
    return [*BETWEEN, *(BETTER if number >= 5 else []), *(WORSE if number < 7 else [])]


DASHES = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}"


def read(texts: Sequence[str | None], scale: Scale = ASKED_0_10, unanswered: tuple[str, ...] = ()) -> list[Reading]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(found=verdict(pl.col("text"), scale, unanswered)).unnest("found").rows()


def problems(texts: Sequence[str | None]) -> set[str | None]:
    """What is wrong with texts of which none is a score."""
    found = read(texts)
    assert [(text, score) for text, (score, _) in zip(texts, found, strict=True) if score is not None] == []
    return {problem for _, problem in found}


def on_scale(scale: Scale, numbers: Iterable[int]) -> list[int | None]:
    frame = pl.DataFrame({"number": list(numbers)}, schema={"number": pl.Int64})
    return frame.select(scale.on_0_10(pl.col("number"))).to_series().to_list()


# Numbers


@law(50)
@given(
    st.integers(0, 10),
    st.sampled_from(["", " ", "\t", "\N{NO-BREAK SPACE}", "\n"]),
    st.sampled_from(["", "0", "+", "00"]),
    st.sampled_from(["", ".", ".0", ",0", ",00", ".000000"]),
)
def test_a_whole_number_is_itself_however_it_is_written(number: int, space: str, front: str, tail: str) -> None:
    assert read([f"{space}{front}{number}{tail}{space}"]) == [(number, None)]


def test_a_zero_is_a_score_not_a_blank() -> None:
    assert read(["0", "0.0", "0,0", " 0 ", "00", "0 - Not likely", "Not at all likely - 0"]) == [(0, None)] * 7


@law(50)
@given(st.one_of(st.integers(11, 10**18 - 1), st.integers(-(10**18) + 1, -1)))
def test_a_number_outside_its_scale_is_none_of_it(number: int) -> None:
    assert read([str(number)]) == [(None, "score_out_of_scale")]


@law(50)
@given(st.integers(-20, 20), st.sampled_from(".,"), st.from_regex(r"[0-9]{0,3}[1-9][0-9]{0,3}", fullmatch=True))
def test_a_fraction_is_never_rounded_to_a_score(whole: int, point: str, digits: str) -> None:
    assert read([f"{whole}{point}{digits}"]) == [(None, "score_fractional")]


@pytest.mark.parametrize("text", ["7.5", "7,5", ".5", ",5"])
def test_seven_and_a_half_is_not_seventy_five(text: str) -> None:
    assert read([text]) == [(None, "score_fractional")]


def test_a_sign_of_percent_is_read_on_0_100_alone() -> None:
    texts = ["80%", "80 %", "100%", "0%", "90,0%", "8%"]
    assert [score for score, _ in read(texts, SCALES["0-100"])] == [
        score for score, _ in read(["80", "80", "100", "0", "90", "8"], SCALES["0-100"])
    ]
    assert [score for score, _ in read(["87.5%", "%", "101%", "5%%"], SCALES["0-100"])] == [None] * 4
    assert [score for score, _ in read(["8%", "10%", "80%"])] == [None] * 3


def test_what_is_more_or_other_than_one_number_is_not_read() -> None:
    doubtful = ["10, 9", "10; 9", "1e1", "0x5", "0b1", "1_0", "9 000", "9%", "--9", "+-9", "9-", "''9", "=SUM(9)"]
    foreign = ["\N{SUPERSCRIPT NINE}", "\N{ROMAN NUMERAL NINE}"]
    huge = ["9" * 19, "9" * 20, "9" * 400, "-" + "9" * 40]
    words = ["ten", "likely", "true", "inf", "-inf", "★★★", "10 ★"]
    assert problems([*doubtful, *foreign, *huge, *words]) == {"score_unreadable"}


def test_a_minus_of_any_kind_does_not_get_lost() -> None:
    assert problems([f"{dash}{number}" for dash, number in product(DASHES, range(1, 11))]) == {
        "score_out_of_scale",
        "score_unreadable",
    }


# Anchored labels


def test_an_anchor_may_stand_first() -> None:
    between = [" - ", "-", ": ", ". ", ") ", " ", *(f"{dash}" for dash in DASHES), *(f" {dash} " for dash in DASHES)]
    for number in range(11):
        texts = [f"{number}{gap}{label}" for gap, label in product(between, labels(number))]
        texts += [f"{number} ({label})" for label in labels(number)]
        assert set(zip(texts, read(texts), strict=True)) == {(text, (number, None)) for text in texts}


def test_an_anchor_may_stand_last() -> None:
    between = [" - ", ": ", " ", *(f"{dash}" for dash in DASHES), *(f" {dash} " for dash in DASHES)]
    for number in range(11):
        texts = [f"{label}{gap}{number}" for gap, label in product(between, labels(number))]
        texts += [f"{label} ({number})" for label in labels(number)]
        assert set(zip(texts, read(texts), strict=True)) == {(text, (number, None)) for text in texts}


def test_the_ends_of_the_scale_are_kept_where_only_they_have_labels() -> None:
    """A pattern such as ^[0-9]+ loses exactly the 0s and the 10s."""
    options = ["Not at all likely - 0", *map(str, range(1, 10)), "Extremely likely - 10"]
    assert read(options) == [(number, None) for number in range(11)]


@pytest.mark.parametrize(("best", "worst"), [
    ("Mycket troligt", "Inte alls troligt"), ("Meget sandsynligt", "Slet ikke sandsynligt"),
    ("Svært sannsynlig", "Ikke i det hele tatt"), ("Erittäin todennäköisesti", "En lainkaan todennäköisesti"),
    ("Nagyon valószínű", "Egyáltalán nem valószínű"), ("Foarte probabil", "Deloc probabil"),
    ("Много вероятно", "Изобщо невероятно"), ("Zelo verjetno", "Sploh ni verjetno"),
    ("Врло вероватно", "Уопште није вероватно"), ("Kesinlikle tavsiye ederim", "Asla tavsiye etmem"),
    ("Πάρα πολύ πιθανό", "Καθόλου πιθανό"), ("Väga tõenäoline", "Üldse mitte tõenäoline"),
    ("Ļoti iespējams", "Nemaz nav iespējams"), ("Labai tikėtina", "Visai netikėtina"),
    ("Molto probabile", "Per niente probabile"), ("非常に薦めたい", "全く薦めたくない"),
    ("极有可能", "毫无可能"), ("Bardzo prawdopodobne", "Zupełnie nieprawdopodobne"),
])  # fmt: skip
def test_the_ends_have_labels_in_many_languages(best: str, worst: str) -> None:
    assert read([f"10 - {best}", f"{best} (10)", f"0 - {worst}", f"{worst} - 0"]) == [(10, None)] * 2 + [(0, None)] * 2
    assert {problem for _, problem in read([f"10 - {worst}", f"0 - {best}"])} == {"score_unreadable"}


@pytest.mark.parametrize("text", [
    "k. A.", "NSP", "Sans réponse", "NS/NC", "No sabe", "Non so", "Não sei", "weet niet", "Vet ej", "ved ikke", "EOS",
    "brak danych", "Nevím", "neviem", "nem tudja", "nu știu", "не знам", "ne vem", "bilmiyorum", "δεν ξέρω", "ei tea",
    "nezinu", "Nežinau", "わからない", "不知道", "Prefer not to say", "без ответа", "важко сказати",
])  # fmt: skip
def test_who_does_not_know_has_not_answered_in_many_languages(text: str) -> None:
    assert read([text]) == [(None, "unanswered")]


def test_an_anchor_outside_the_scale_is_out_of_it() -> None:
    assert set(read(["11 - Extremely likely", "Extremely likely - 100"])) == {(None, "score_out_of_scale")}
    assert read(["0 - Not at all likely"], ASKED_1_10) == [(None, "score_out_of_scale")]


@law(60)
@given(
    st.emails(),
    st.integers(0, 10),
    st.sampled_from(["{mail}", "{n} {mail}", "{mail} {n}", "{mail}-{n}", "{n}: {mail}"]),
)
def test_an_address_is_never_a_score(mail: str, number: int, form: str) -> None:
    assert read([form.format(mail=mail, n=number)]) == [UNREADABLE]


DATE_FORMATS = [
    "%d.%m.%Y", "%d.%m.%Y.", "%Y-%m-%d", "%d/%m/%y", "%Y-%m-%dT%H:%M:%SZ", "%d %B %Y", "%B %d, %Y", "%d-%b", "%b %d",
    "%d %B", "%B %d", "%d. %b", "%d.%b", "%H:%M", "%I %p", "%I:%M %p", "%A, %d %B %Y", "%b-%d",
]  # fmt: skip


@law(60)
@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - a date as text has no zone
def test_a_date_or_time_is_never_a_score(day: datetime) -> None:
    """Spreadsheets make a date of the option 9-10: 10-Sep."""
    assert problems([day.strftime(fmt) for fmt in DATE_FORMATS]) <= {"score_unreadable", "score_fractional"}


def test_a_telephone_number_is_never_a_score() -> None:
    assert problems(["555-0142", "+385 91 555 0123", "tel. 091 555 012", "call 0800 10", "phone: 555-10"]) <= {
        "score_unreadable",
        "score_out_of_scale",
    }


def test_a_reply_that_begins_or_ends_with_a_number_is_no_score() -> None:
    replies = [
        "10 minutes on hold, never again",
        "9. I waited nine weeks",
        "10 years",
        "10 out of ten it was not",
        "9 lat czekania",
        "10 минут на линии",
        "10 - marvellous, not",
        "2 months without internet",
        "I have been a client since 10",
        "I would recommend you if you answered within 10",
        "9 definitely not answering the phone",
        "10: Split",
    ]
    assert read(replies) == [UNREADABLE] * len(replies)


def test_a_label_that_contradicts_its_number_makes_it_no_score() -> None:
    turned = ["10 - Not at all likely", "0 - Extremely likely", "9 (would not recommend)", "Sehr wahrscheinlich: 1"]
    assert read(turned) == [UNREADABLE] * len(turned)
    best_is_one = scale_of("marks", CutPoints(lowest=6, highest=1, promoter_from=1, passive_from=2))
    assert read(["1 - Sehr wahrscheinlich", "6 - Sehr unwahrscheinlich"], best_is_one) == [(10, None), (0, None)]
    assert read(["2 - Slightly likely", "5 - Extremely likely"], SCALES["1-5"]) == [(3, None), (10, None)]


def test_labels_of_its_own_are_declared_as_words() -> None:
    stars = scale_of("0-10", CutPoints(0, 10, 9, 7), {"3 \N{WHITE MEDIUM STAR}": 3, "10 - Fan": 10, "hater": 0})
    assert read(["3 \N{WHITE MEDIUM STAR}", "10 - fan", "0 - Hater", "4 \N{WHITE MEDIUM STAR}", "9 - Fan"], stars) == [
        (3, None),
        (10, None),
        (0, None),
        UNREADABLE,
        UNREADABLE,
    ]


# What an answer was given of, and what stands around it


@pytest.mark.parametrize(
    "of", ["/", " / ", " of ", " out of ", " из ", " z ", " od ", " von ", " sur ", " de ", " OUT OF "]
)
def test_an_answer_may_say_what_it_was_given_of(of: str) -> None:
    assert read([f"{number}{of}10" for number in range(11)]) == [(number, None) for number in range(11)]
    assert read([f"9{of}5", f"9{of}100", f"4{of}5"]) == [UNREADABLE] * 3
    assert read([f"4{of}5", f"9{of}10"], SCALES["1-5"]) == [(8, None), UNREADABLE]
    assert read([f"7.5{of}10", f"9,0{of}10", f"11{of}10"]) == [
        (None, "score_fractional"),
        (9, None),
        (None, "score_out_of_scale"),
    ]


def test_what_nobody_sees_makes_no_difference() -> None:
    unseen = "\u200b \u200c \u200d \u200e \u200f \u202a \u202c \u2060 \u2066 \u2069 \ufeff \u00ad \u061c".split(" ")  # noqa: SIM905
    texts = [form.format(mark) for mark in unseen for form in ("9{}", "{}9", "{0}9{0}", " {0} 9 {0}")]
    assert set(read(texts)) == {(9, None)}
    assert read([f"{mark} " for mark in unseen]) == [(None, "unanswered")] * len(unseen)
    assert read(["1\u200b0", "\u200e10 - Extremely\u200b likely"]) == [(10, None)] * 2


def test_digits_of_other_scripts_are_digits() -> None:
    texts = [
        "\uff10",
        "\uff11\uff10",
        "\uff19\uff0e\uff10",
        "\uff17\uff0f\uff11\uff10",
        "\u0669",
        "\u0661\u0660",
        "\u06f8",
        "\u096d",
    ]
    assert read(texts) == [(0, None), (10, None), (9, None), (7, None), (9, None), (10, None), (8, None), (7, None)]


def test_pictures_of_keys_are_their_digits() -> None:
    key = "\ufe0f\u20e3"
    assert read([f"0{key}", "9\u20e3", f"1{key}0{key}", "\U0001f51f"]) == [(0, None), (9, None), (10, None), (10, None)]


def test_what_keeps_a_number_a_text_in_a_spreadsheet_is_no_part_of_it() -> None:
    assert read(["'9", '="9"', '"9"', "=9", '="10 - Extremely likely"', "'0", '=""', "'"]) == [
        *[(9, None)] * 4,
        (10, None),
        (0, None),
        *[(None, "unanswered")] * 2,
    ]


# Unanswered


def test_blank_texts_of_many_languages_are_unanswered() -> None:
    blank = [None, "", " ", "\t\n", "\\N", "NA", "n/a", "N/A", "NaN", "null", "None", *DASHES, "--", ".", "?"]
    said = ["Don't know", "don\N{RIGHT SINGLE QUOTATION MARK}t know", "DO NOT KNOW", "no answer", "Skipped", "Time-out"]
    foreign = ["Не знаю", "нет ответа", "Nie wiem", "Ne znam", "No sé", "keine Angabe", "Weiß nicht", "ne sait pas"]  # noqa: RUF001 - Cyrillic on purpose
    texts = [*blank, *said, *foreign]
    assert read(texts) == [(None, "unanswered")] * len(texts)


def test_every_usual_token_is_met_in_any_case_and_with_space_around() -> None:
    texts = [f" {change(token)} " for token in UNANSWERED for change in (str.lower, str.capitalize)]
    assert read(texts) == [(None, "unanswered")] * len(texts)


def test_a_source_adds_texts_of_its_own() -> None:
    assert read(["Hung up", "HUNG UP ", "99", "9", "na"], unanswered=(" hung up", "99")) == [
        (None, "unanswered"),
        (None, "unanswered"),
        (None, "unanswered"),
        (9, None),
        (None, "unanswered"),
    ]
    assert read(["Hung up", "99"]) == [UNREADABLE, (None, "score_out_of_scale")]


# Laws of every text

TEXTS = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["9", "0", "7.5", "11", "n/a", "10 - Yes", "No: 0"]))


@law(100)
@given(TEXTS)
def test_every_text_is_a_score_or_has_one_problem(text: str | None) -> None:
    [(score, problem)] = read([text])
    assert (score is None) != (problem is None)
    assert score is None or 0 <= score <= 10


@law(50)
@given(st.lists(TEXTS, max_size=8))
def test_a_text_means_the_same_whatever_stands_around_it(texts: list[str | None]) -> None:
    assert read(texts) == [read([text])[0] for text in texts]


# Scales and groups


def test_zero_to_ten_is_what_it_is() -> None:
    assert on_scale(ASKED_0_10, range(11)) == list(range(11))


def scores_by_category() -> dict[int, str]:
    """The category of every score on 0-10."""
    scores = pl.DataFrame({"score": range(11)}, schema={"score": pl.Int8})
    return dict(scores.select("score", category(pl.col("score"))).iter_rows())


def test_one_to_ten_keeps_the_three_groups_and_the_order() -> None:
    mapped = on_scale(ASKED_1_10, range(1, 11))
    assert mapped == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    group = scores_by_category()
    assert [group[score] for score in mapped if score is not None] == [group[asked] for asked in range(1, 11)]


def test_one_to_ten_is_the_nearest_whole_number_to_its_formula() -> None:
    assert on_scale(ASKED_1_10, range(1, 11)) == [round((asked - 1) * 10 / 9) for asked in range(1, 11)]


@law(50)
@given(st.sampled_from(list(SCALES.values())), st.integers(-(2**62), 2**62))
def test_nothing_outside_a_scale_is_mapped(scale: Scale, number: int) -> None:
    [score] = on_scale(scale, [number])
    assert (score is not None) == (number in scale.answers)


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_a_scale_names_every_score_that_it_can_give(scale: Scale) -> None:
    assert scale.scores() == set(on_scale(scale, scale.answers))


@st.composite
def cut_points(draw: st.DrawFn) -> CutPoints:
    """Any scale of at least two answers, the best at either end."""
    worst, direction = draw(st.integers(-50, 50)), draw(st.sampled_from([1, -1]))
    passive = draw(st.integers(1, 60))
    promoter = draw(st.integers(passive, passive + 30))
    best = draw(st.integers(promoter, promoter + 30))
    return CutPoints(worst, *(worst + direction * steps for steps in (best, promoter, passive)))


@law(150)
@given(cut_points())
def test_every_scale_keeps_the_three_groups_and_the_order(cuts: CutPoints) -> None:
    direction = 1 if cuts.highest > cuts.lowest else -1
    answers = range(cuts.lowest, cuts.highest + direction, direction)
    mapped = on_scale(scale_of("own", cuts), answers)
    better = [(answer - cuts.lowest) * direction for answer in answers]
    promoter, passive = ((cut - cuts.lowest) * direction for cut in (cuts.promoter_from, cuts.passive_from))
    asked = ["promoter" if at >= promoter else "passive" if at >= passive else "detractor" for at in better]
    scores = [score for score in mapped if score is not None]
    assert [scores_by_category()[score] for score in scores] == asked
    assert scores == sorted(scores)
    assert (scores[0], scores[-1]) == (0, 10)


@law(50)
@given(cut_points(), st.integers(-200, 200))
def test_what_is_not_on_a_scale_is_no_score(cuts: CutPoints, number: int) -> None:
    inside = min(cuts.lowest, cuts.highest) <= number <= max(cuts.lowest, cuts.highest)
    assert (read([str(number)], scale_of("own", cuts)) == [(None, "score_out_of_scale")]) is not inside


USUAL = {
    "1-5": [0, 3, 6, 8, 10],
    "1-7": [0, 2, 4, 6, 8, 9, 10],
}


@pytest.mark.parametrize("name", USUAL)
def test_the_usual_scales_are_known(name: str) -> None:
    assert on_scale(SCALES[name], SCALES[name].answers) == USUAL[name]
    assert name not in STANDARD


def test_a_hundred_points_are_known() -> None:
    groups = [scores_by_category()[score] for score in on_scale(SCALES["0-100"], range(101)) if score is not None]
    assert (groups.count("detractor"), groups.count("passive"), groups.count("promoter")) == (70, 20, 11)
    assert groups[69:71] == ["detractor", "passive"]
    assert groups[89:91] == ["passive", "promoter"]


def test_a_scale_whose_best_answer_is_one_is_turned_round() -> None:
    marks = scale_of("marks", CutPoints(lowest=6, highest=1, promoter_from=1, passive_from=2))
    assert on_scale(marks, range(1, 7)) == [10, 8, 6, 4, 2, 0]


def test_a_standard_scale_stays_what_it_is_under_any_name() -> None:
    stars = scale_of("stars", CutPoints(1, 10, 9, 7), {"max": 10})
    assert (stars.name, stars.answers) == ("1-10", ASKED_1_10.answers)
    assert read(["MAX", "1", "max."], stars) == [(10, None), (0, None), UNREADABLE]


def test_words_come_before_what_blank_texts_mean() -> None:
    keys = scale_of("keys", CutPoints(0, 10, 9, 7), {"*": 10, "-": 0, " Yes ": 9})
    assert read(["*", " - ", "yes", "7", "", "n/a"], keys) == [
        (10, None),
        (0, None),
        (9, None),
        (7, None),
        (None, "unanswered"),
        (None, "unanswered"),
    ]


def test_a_zero_on_one_to_ten_is_out_of_scale() -> None:
    assert read(["0", "1", "10"], ASKED_1_10) == [(None, "score_out_of_scale"), (0, None), (10, None)]


def test_nine_is_a_promoter_seven_a_passive_and_six_a_detractor() -> None:
    expected = (
        dict.fromkeys(range(7), "detractor") | dict.fromkeys((7, 8), "passive") | dict.fromkeys((9, 10), "promoter")
    )
    assert scores_by_category() == expected


def test_no_score_has_no_group() -> None:
    assert pl.select(group=category(pl.lit(None, pl.Int8))).item() is None


@law(300)
@given(
    st.lists(
        st.sampled_from(["9", "10 - Very likely", "\uff19", "\u200b9", "7.0", "8 of 10", "", "%", "Likely", "9/10"])
    )
)
def test_a_score_is_written_and_stated_alike_alone_and_beside_others(texts: list[str]) -> None:
    """What is in ASCII is left as it is where a whole column is, and labels are looked for where numbers alone are not."""
    column = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    together = column.select(written(pl.col("text"))).to_series().to_list()
    alone = [pl.select(written(pl.lit(text))).item() for text in texts]
    assert together == alone
    assert stated(column["text"]).to_list() == [stated(pl.Series([text]))[0] for text in texts]
