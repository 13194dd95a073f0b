"""How well the letters outside ASCII of a text fit the languages of an 8-bit encoding.

Here: the alphabets, and what they say of bytes. Not here: deciding which encoding it is (`detection`), what statistics
say (`second_opinion`). Detectors that compare statistics confuse Central with Western European text of few letters, and
surveys have few such letters. But such a letter belongs to few languages: the right encoding is one in which all of
them belong to one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

#: Letters of a language outside ASCII; in other scripts the frequent ones stand before the bar.
_WESTERN: Final = (
    "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíóúñü", "àáâãçéêíóôõúü", "àèéìòù", "åäöé", "æøåéò", "áéëïíóöüè", "àçéèíïòóúü",
    "áðéíóúýþæö", "äöõüšž",
)  # fmt: skip
_CENTRAL: Final = ("ąćęłńóśźż", "čćđšž", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ")
_BALTIC: Final = ("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž")
_CYRILLIC: Final = (
    "оеаинтслвркмдпуя|ыьгзбчйхжшюцщэфъё", "оаинвірелткмдсу|пяьзгбчйхжшюцщєїґф", "аеионтрсвлкдпмз|ябугчъцжщхюйшфьѝ",
    "аиоентсрјкувдмплз|гбчшцњжћхљфђџ",
)  # fmt: skip
_TURKISH: Final = ("çğıİöşüâîû",)
_GREEK: Final = ("αοιετσνηυρπκμλς|ωγδχθφβξζψάέήίόύώϊϋΐΰ",)

#: The encodings looked for; of equal evidence the first wins.
LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
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
    "iso-8859-5": _CYRILLIC,
    "koi8-u": _CYRILLIC,
    "mac-cyrillic": _CYRILLIC,
    "iso-8859-7": _GREEK,
    "cp737": _GREEK,
    "cp857": _TURKISH,
    "windows-1257": _BALTIC,
    "iso-8859-4": _BALTIC,
    "cp775": _BALTIC,
    "mac-latin2": _CENTRAL,
}
_LATIN: Final = (_WESTERN, _CENTRAL, _TURKISH, _BALTIC)
_TYPOGRAPHY: Final = frozenset("«»„“”‘’–—…№")  # noqa: RUF001 - the very characters that word processors put in
_SYMBOLS: Final = frozenset("\u00a0\u00ad‚‹›•€£§©®™°ºª²³½¼¾·¿¡´×±")  # noqa: RUF001 - the same
_AROUND: Final = "".join(_TYPOGRAPHY | _SYMBOLS)
#: What people put between words without a space.
_WITHIN: Final = frozenset("‘’–—…\u00a0\u00ad")  # noqa: RUF001 - the same
_VOWELS: Final = frozenset("аеиоуыэюяёієїѝјрαοιεηυωάέήίόύώ")
WORD: Final = re.compile(r"[A-Za-z\u0080-\U0010ffff]+")
_ASCII_LETTER: Final = re.compile("[A-Za-z]")

NO_EVIDENCE: Final = 0.76
_FITTING_TYPOGRAPHY: Final = 0.95
_SISTER_LANGUAGE: Final = 0.8
_RARE_LETTER: Final = 0.6
#: In Cyrillic and Greek, where every letter is outside ASCII, most are small; a wrong encoding often swaps the cases.
_CAPITAL: Final = 0.9


def plausibility(sample: bytes, encoding: str) -> float:
    """How well the characters outside ASCII fit the best of the encoding's languages, 0 to 1."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    words = {word for word in WORD.findall(text) if not word.isascii()}
    family = LANGUAGES[encoding]
    sisters = "".join(family)
    return max(_mean(each for word in words for each in _marks(word, alphabet, family, sisters)) for alphabet in family)


def word_marks(line: bytes, encoding: str) -> float:
    """How well the words of a line outside ASCII fit an encoding, 0 to 1; an unknown one proves nothing."""
    name = next((each for each in LANGUAGES if codecs.lookup(each).name == codecs.lookup(encoding).name), None)
    try:
        words = [word for word in WORD.findall(line.decode(encoding)) if not word.isascii()]
    except UnicodeDecodeError:
        return 0.0
    if name is None:
        return NO_EVIDENCE
    whole = plausibility(line, name)
    return 0.0 if not words else whole * sum(not looks_broken(word) for word in words) / len(words)


def looks_broken(word: str) -> bool:
    """Whether a word cannot be right in any language: signs or capitals within it, or characters that are none."""
    text = word.strip(_AROUND)
    return any(
        not (letter.isalpha() or letter in _WITHIN) or (letter.isupper() and before.islower())
        for before, letter, _ in _outside_ascii(text)
    )


def _marks(word: str, alphabet: str, family: tuple[str, ...], sisters: str) -> Iterator[float]:
    return (_latin_marks if family in _LATIN else _other_script_marks)(word, alphabet, sisters)


def _mean(marks: Iterator[float]) -> float:
    given = list(marks)
    return sum(given) / len(given) if given else NO_EVIDENCE


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
    letters = word.strip(_AROUND)
    wrong = _ASCII_LETTER.search(letters) is not None or not _VOWELS.intersection(letters.lower())
    for before, letter, _ in _outside_ascii(letters):
        small = letter.lower()
        if wrong or small not in sisters or (letter.isupper() and before.islower()):
            yield 0.0
            continue
        known = 1.0 if small in frequent else _RARE_LETTER if small in rare else _RARE_LETTER * _SISTER_LANGUAGE
        yield known * (_CAPITAL if letter.isupper() else 1.0)
