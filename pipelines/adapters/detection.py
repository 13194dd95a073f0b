"""Which 8-bit encoding a text was written in, where nothing declares it.

Here: evidence from letters. Not here: reading or rewriting files (`encoding`).
Detectors that compare statistics confuse Central with Western European text of few letters: charset-normalizer was
wrong on 8 of 28 short samples in ten languages (`señor` became `seńor`), and surveys have few such letters. But such a
letter belongs to few languages: the right encoding is the one in which all of them belong to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import charset_normalizer

#: Letters of a language outside ASCII; in other scripts the frequent ones stand before the bar.
_WESTERN: Final = (
    "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíóúñü", "àáâãçéêíóôõúü", "àèéìòù", "åäöé", "æøåéò", "áéëïíóöüè", "àçéèíïòóúü",
    "áðéíóúýþæö",
)  # fmt: skip
_CENTRAL: Final = ("ąćęłńóśźż", "čćđšž", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ")
_CYRILLIC: Final = (
    "оеаинтслвркмдпуя|ыьгзбчйхжшюцщэфъё", "оаинвірелткмдсу|пяьзгбчйхжшюцщєїґф", "аеионтрсвлкдпмз|ябугчъцжщхюйшфьѝ",
    "аиоентсрјкувдмплз|гбчшцњжћхљфђџ",
)  # fmt: skip
_TURKISH: Final = ("çğıİöşüâîû",)
_GREEK: Final = ("αοιετσνηυρπκμλς|ωγδχθφβξζψάέήίόύώϊϋΐΰ",)

#: The encodings looked for; of equal evidence the first wins.
_LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    "windows-1252": _WESTERN,
    "windows-1250": _CENTRAL,
    "windows-1251": _CYRILLIC,
    "iso-8859-2": _CENTRAL,
    "cp852": _CENTRAL,
    "cp850": _WESTERN,
    "cp866": _CYRILLIC,
    "mac-roman": _WESTERN,
    "koi8-r": _CYRILLIC,
    "windows-1254": _TURKISH,
    "windows-1253": _GREEK,
}
_TYPOGRAPHY: Final = frozenset("«»„“”‘’–—…№")  # noqa: RUF001 - the very characters that word processors put in
_SYMBOLS: Final = frozenset("\u00a0\u00ad‚‹›•€£§©®™°ºª²³½¼¾·¿¡´×±")  # noqa: RUF001 - the same
_VOWELS: Final = frozenset("аеиоуыэюяёієїѝјрαοιεηυωάέήίόύώ")
_WORD: Final = re.compile(r"[A-Za-z\u0080-\U0010ffff]+")
_ASCII_LETTER: Final = re.compile("[A-Za-z]")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_UTF8_SEQUENCE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

_CERTAIN_ENOUGH: Final = 0.75
_NO_EVIDENCE: Final = 0.76
_FITTING_TYPOGRAPHY: Final = 0.95
_SISTER_LANGUAGE: Final = 0.8
_RARE_LETTER: Final = 0.6
#: In Cyrillic and Greek, where every letter is outside ASCII, most are small; a wrong encoding often swaps the cases.
_CAPITAL: Final = 0.9


@dataclass(frozen=True)
class Detected:
    """An encoding, by a name that Python knows, and how much of the evidence speaks for it, 0 to 1."""

    encoding: str
    confidence: float


def detect(sample: bytes) -> Detected | None:
    """Find the encoding that the bytes outside ASCII speak for; None where no encoding makes sense of them.

    `sample` is text that is not UTF-8, best only the lines that hold such bytes.
    """
    found = [Detected(encoding, _plausibility(sample, encoding)) for encoding in _LANGUAGES]
    best = max(found, key=lambda each: each.confidence)
    if best.confidence >= _CERTAIN_ENOUGH:
        return best
    other = charset_normalizer.from_bytes(sample).best()
    if other is None or other.encoding.replace("_", "-") in _LANGUAGES or other.language == "Unknown":
        return None
    return Detected(other.encoding, 1 - other.chaos)


def utf8_share(sample: bytes) -> float:
    """Measure which share of the bytes outside ASCII are whole UTF-8 characters: much of it means a damaged file."""
    outside = len(_NOT_ASCII.findall(sample))
    return sum(len(sequence) for sequence in _UTF8_SEQUENCE.findall(sample)) / outside if outside else 1.0


def _plausibility(sample: bytes, encoding: str) -> float:
    """How well the characters outside ASCII fit the best of the encoding's languages, 0 to 1."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    family = _LANGUAGES[encoding]
    marks = _latin_marks if family in (_WESTERN, _CENTRAL, _TURKISH) else _other_script_marks
    return max(_mean(each for word in words for each in marks(word, alphabet, "".join(family))) for alphabet in family)


def _mean(marks: Iterator[float]) -> float:
    given = list(marks)
    return sum(given) / len(given) if given else _NO_EVIDENCE


def _outside_ascii(word: str) -> Iterator[tuple[str, str, str]]:
    """Each character outside ASCII with its neighbours."""
    return (
        (before, letter, after)
        for before, letter, after in zip(" " + word, word, word[1:] + " ", strict=False)
        if not letter.isascii()
    )


def _sign_mark(before: str, sign: str, after: str) -> float | None:
    """What a sign between words says: typography fits where it stands well, symbols only disturb inside words."""
    inside = before.isalpha() and after.isalpha()
    if sign in _TYPOGRAPHY:
        return _FITTING_TYPOGRAPHY if inside == (sign in "‘’") or sign == "’" else 0.0  # noqa: RUF001 - apostrophes
    return 0.0 if after.isalpha() and sign not in "\u00a0\u00ad·¿¡" else None


def _latin_marks(word: str, alphabet: str, sisters: str) -> Iterator[float]:
    """One mark for each character outside ASCII; none for words without ASCII letters, which prove nothing."""
    if word.isalpha() and not _ASCII_LETTER.search(word):
        return
    for before, letter, after in _outside_ascii(word):
        if letter in _TYPOGRAPHY or letter in _SYMBOLS:
            mark = _sign_mark(before, letter, after)
            if mark is not None:
                yield mark
        elif letter.isupper() and before.islower():
            yield 0.0
        elif letter in alphabet or letter.lower() in alphabet:
            yield 1.0
        else:
            yield _SISTER_LANGUAGE if letter.lower() in sisters else 0.0


def _other_script_marks(word: str, alphabet: str, sisters: str) -> Iterator[float]:
    """The same for scripts without ASCII letters: a word that mixes the two, or has no vowel, is wrong altogether."""
    frequent, _, rare = alphabet.partition("|")
    letters = word.strip("".join(_TYPOGRAPHY | _SYMBOLS))
    wrong = _ASCII_LETTER.search(letters) is not None or not _VOWELS.intersection(letters.lower())
    for before, letter, _ in _outside_ascii(letters):
        small = letter.lower()
        if wrong or small not in sisters or (letter.isupper() and before.islower()):
            yield 0.0
            continue
        known = 1.0 if small in frequent else _RARE_LETTER if small in rare else _RARE_LETTER * _SISTER_LANGUAGE
        yield known * (_CAPITAL if letter.isupper() else 1.0)
