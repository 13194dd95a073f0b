"""What statistics of many languages say of a text's encoding: a second opinion beside that of its letters.

Here: asking chardet, and what of its answers to believe. Not here: what letters say (`alphabets`), the decision
(`detection`). It knows alphabets that this house does not, and guesses boldly from a few letters: an answer in which
words mix scripts is passed over for its next.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

import chardet

from pipelines.adapters.encodings.alphabets import WORD, looks_broken

#: Encodings that people's programs write. chardet knows rarer ones, and takes a few letters for them.
_POSSIBLE: Final = (
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859-2", "iso8859-4", "iso8859-5",
    "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-13", "iso8859-15", "koi8-r", "koi8-u", "cp737", "cp775", "cp850",
    "cp852", "cp855", "cp857", "cp862", "cp866", "cp874", "mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek",
    "mac-turkish", "gb18030", "big5", "cp932", "euc-jp", "cp949",
)  # fmt: skip
#: What stands between texts that are told once: `Client 1` and `Client 2` are not two that speak for an encoding.
_BETWEEN: Final = re.compile(rb"[;,\t|\r\n\d]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
#: Control characters of ISO 8859, lines of boxes and private use: nobody writes them.
_NO_TEXT: Final = re.compile("[\x80-\x9f\u2500-\u259f\ue000-\uf8ff]")
_EAST_ASIAN: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "FULLWIDTH"})
_MIXED: Final = 0.1
_HALF: Final = 0.5
_WINDOWS: Final = re.compile(r"cp(125\d)")
_ISO: Final = re.compile(r"iso8859-(\d+)")
_WIDER: Final = {"big5hkscs": "big5", "euc_jis_2004": "euc-jp"}


def second_opinion(sample: bytes) -> dict[str, float]:
    """The encodings that statistics allow, by names that Python knows, the likeliest first, with what speaks for each."""
    fields = dict.fromkeys(field.strip() for field in _BETWEEN.split(sample) if not field.isascii())
    text = b"\n".join(fields)
    found = chardet.detect_all(text, include_encodings=_POSSIBLE, compat_names=False, ignore_threshold=True)
    marks = {str(each["encoding"]): each["confidence"] for each in found if each["encoding"]}
    return {_plain(name): mark for name, mark in marks.items() if _is_sane(text, name)}


def _is_sane(content: bytes, encoding: str) -> bool:
    """Whether its words are each of one script, and other scripts than Latin do not only stand between Latin words."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    if _NO_TEXT.search(text) or (len(text) == len(content) and _is_nearly_all_broken(text)):
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    mixed = sum(len(_scripts(word)) > 1 for word in words)
    letters = Counter(_script(letter) == "LATIN" for letter in text if letter.isalpha())
    is_latin = not letters[False] or all(_script(letter) == "LATIN" for word in words for letter in word)
    return mixed <= _MIXED * len(words) and (is_latin or letters[False] >= _HALF * letters.total())


def _is_nearly_all_broken(text: str) -> bool:
    words = {word for word in WORD.findall(text) if not word.isascii()}
    return sum(map(looks_broken, words)) > _HALF * len(words)


def _scripts(word: str) -> set[str]:
    """The scripts of a word; where words are written without spaces, names in ASCII stand within them."""
    found = {_script(letter) for letter in word}
    return {_script(letter) for letter in word if not letter.isascii()} if "CJK" in found else found


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]
    return "CJK" if name in _EAST_ASIAN else name


def _plain(name: str) -> str:
    """The name as people know it: `windows-1250`, `iso-8859-2`."""
    name = _WIDER.get(name, name)
    windows, iso = _WINDOWS.fullmatch(name), _ISO.fullmatch(name)
    return f"windows-{windows[1]}" if windows else f"iso-8859-{iso[1]}" if iso else name
