"""What a source may be called, from the name of a file.

Here: that name. Not here: which names there may be (`pipelines.config.models`).
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from pipelines.config.models import RESERVED

_CYRILLIC: Final = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэєіґё", "abvgdeziyklmnoprstufyeeige", strict=True)),
        "ж": "zh",
        "\u0445": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sch",
        "ю": "yu",
        "я": "ya",
        "ї": "yi",
        "ъ": "",
        "ь": "",
    }
)
_NO_LETTER: Final = re.compile(r"[^a-z0-9]+")
_ONLY_DIGITS: Final = re.compile(r"\d+")
_LONGEST: Final = 40


def source_name(path: Path) -> str:
    """What a source of such files may be called: the words of the file's name, without numbers and dates around them."""
    stem = unicodedata.normalize("NFC", path.stem).casefold().translate(_CYRILLIC)
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    words = [word for word in _NO_LETTER.split(plain) if word and not _ONLY_DIGITS.fullmatch(word)]
    name = "_".join(words)[:_LONGEST].strip("_")
    if not name or not name[0].isalpha():
        name = f"survey_{name}".strip("_")
    return f"{name}_file" if name in RESERVED else name
