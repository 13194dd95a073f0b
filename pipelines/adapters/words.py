"""What headings say: their words, topic by topic and language by language, as the files of `topics` list them.

A phrase is words that follow one another anywhere in a heading; `*` is any ending, `...` any words between. Where words
are written without spaces, as in Japanese and Chinese, `*` stands before and within them too. Upper case, accents,
punctuation and underscores make no difference. Of branches, regions and the like the first phrase of each language is what
they are called themselves. To teach a word, add it to its topic.

Here: comparing a heading with those phrases. Not here: what follows for a column (`ids`, `pipelines.sniff`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from transforms.own_yaml import own_parts

_PACKAGE: Final = "pipelines.adapters"
_FOLDER: Final = "topics"

#: `Q5_NPS` and `Qrecommend` are names of questions; `Quality` and `Qty` are not.
_QUESTION: Final = re.compile(r"\bQ\d*[._]?(?=[a-tv-z])(?!ty\b)")
#: A small letter, then a capital of the Latin or the Russian alphabet.
_CAMEL: Final = re.compile("(?<=[a-z\u00df-\u00ff\u0430-\u044f])(?=[A-Z\u0410-\u042f])")
_NO_WORD: Final = re.compile(r"[\W_]+")
#: Letters that do not come apart into a plain one and its mark.
_LETTERS: Final = str.maketrans(
    dict(zip("łđøıŁĐØæœÆŒ", ("l", "d", "o", "i", "L", "D", "O", "ae", "oe", "AE", "OE"), strict=True))
)
_BETWEEN: Final = "..."
#: Where a phrase leaves open what stands there.
_OPEN: Final = re.compile(r"\*|\.\.\.")
#: Matches nowhere.
_NOTHING: Final = r"(?!)"
_LONGEST: Final = 1_000
#: `0-10`, `from 1 to 10`
_NUMBERS: Final = re.compile(r"\b(?:(?:from|von|od|от|від|de) )?\d+(?: (?:to|bis|do|до|a|al|по))?\b")


def plain(text: str) -> str:
    """The words of a heading: small, without marks on letters, each apart: `LikelyToRecommend` is three words.

    Only its beginning is looked at: over a text without end, patterns of several words would take as long.
    """
    return _plain(text[:_LONGEST])


@lru_cache(maxsize=1 << 14)  # each heading and cell is held against dozens of topics
def _plain(text: str) -> str:
    if text.isascii():
        return _NO_WORD.sub(" ", _CAMEL.sub(" ", _QUESTION.sub("", text)).lower()).strip()
    apart = _CAMEL.sub(" ", _QUESTION.sub("", text)).translate(_LETTERS)
    unmarked = "".join(each for each in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(each))
    return _NO_WORD.sub(" ", unmarked.casefold()).strip()


def said(topic: str, *headings: str) -> str | None:
    """The words of a heading that speak of a topic, as they stand; None where no heading does."""
    return next((found for heading in headings if (found := _said(topic, plain(heading)))), None)


@lru_cache(maxsize=1 << 16)  # a look at a file asks the same of a heading in many places
def _said(topic: str, words: str) -> str | None:
    found = _pattern(topic, words).search(words)
    return found[0] if found else None


def named(topic: str, heading: str) -> bool:
    """Whether a heading is nothing but a phrase of a topic, numbers beside it left out: `Score`, `Ocjena (0-10)`."""
    words = " ".join(_NUMBERS.sub(" ", plain(heading)).split())
    return _pattern(topic, words).fullmatch(words) is not None


def marked_as(topic: str, text: str) -> bool:
    """The same of what marks rows, with words around it that any such mark may wear: `e_is_test_yn`, `Deleted__c`."""
    words = plain(text)
    return named(topic, text) or named(topic, _pattern("mark_affix", words).sub(" ", words))


def calls(topic: str, *headings: str) -> bool:
    """Whether a heading speaks of a topic by the first phrase of a language for it, which is its own name."""
    return any(_pattern(topic, words, 1).search(words) for words in map(plain, headings))


def ending_of(topic: str, words: str) -> str | None:
    """What plain words say beside a phrase of a topic at their end or beginning: `call` of `call time`; None without one.

    Where words are put together, as in `anrufzeit`, it may be the end of one.
    """
    phrases = {plain(phrase) for language in topics()[topic]().values() for phrase in language}
    for phrase in sorted(phrases, key=len, reverse=True):
        if words.endswith(phrase):
            return words.removesuffix(phrase).strip()
        if words.startswith(f"{phrase} "):
            return words.removeprefix(phrase).strip()
    return None


def _pattern(topic: str, words: str, most: int | None = None) -> re.Pattern[str]:
    """What finds phrases of a topic in plain words: of those alone that may stand there, for there are hundreds of them."""
    return re.compile(
        "|".join(_phrase(each) for certain, each in _phrases(topic, most) if certain in words) or _NOTHING
    )


@cache
def _phrases(topic: str, most: int | None) -> list[tuple[str, str]]:
    """Phrases, the longest first, each after letters that stand wherever it does."""
    phrases = {phrase for language in topics()[topic]().values() for phrase in language[:most]}
    return [(_certain(phrase), phrase) for phrase in sorted(phrases, key=lambda each: (-len(each), each))]


def _certain(phrase: str) -> str:
    return max((plain(part) for part in _OPEN.split(phrase)), key=len)


@cache
def _phrase(phrase: str) -> str:
    """The pattern of a phrase over plain words."""
    parts = [" ".join(_word(word) for word in part.split()) for part in phrase.split(_BETWEEN)]
    return r"\b" + r" (?:\S+ )*?".join(parts) + r"\b"


def _word(word: str) -> str:
    return r"\w*".join(re.escape(plain(part)) for part in word.split("*"))


@cache
def topics() -> dict[str, Callable[[], dict[str, list[str]]]]:
    """By topic, what gives its phrases in each language."""
    here = resources.files(_PACKAGE).joinpath(_FOLDER).iterdir()
    files = sorted(file.name for file in here if file.name.endswith(".yaml"))
    return {topic: read for file in files for topic, read in own_parts(_PACKAGE, _FOLDER, file).items()}
