"""Binary zeros in files of text: a few are dirt, many say that it is no text, or UTF-16 that nothing marks.

Here: telling these apart, and making the few visible. Not here: encodings (`utf8`, `detection`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

#: What stands for a zero within a cell: the sign of Unicode for it.
ZERO: Final = "\u2400"
_WINDOW: Final = 1 << 16
#: Which share of control characters no text has, and of zeros in every second byte UTF-16 has for its digits and signs.
_NO_TEXT: Final = 0.05
_UTF16: Final = 0.1
_CONTROLS: Final = bytes({*range(32), 0x7F} - set(b"\t\n\v\f\r\x1b"))
#: Some programs fill cells up to a fixed length with zeros.
_PADDING: Final = re.compile(r"\0+(?=[,;\t|\"\r\n])")


def refuse_zeros(path: Path, at: int) -> None:
    """Raise `FileRefusedError` (file_unreadable) where the zero at a byte is one of many: then it is no text to be read."""
    with path.open("rb") as file:
        file.seek(max(0, at - _WINDOW // 2) & ~3)
        _refuse_binary(file.read(_WINDOW), at, path.name)


def _refuse_binary(window: bytes, at: int, name: str) -> None:
    for encoding, zeros, others in (("utf-16-le", window[1::2], window[::2]), ("utf-16-be", window[::2], window[1::2])):
        if zeros.count(0) > _UTF16 * len(zeros) and others.count(0) < _NO_TEXT * len(others):
            raise FileRefusedError(
                Reason.FILE_UNREADABLE,
                f"{name} looks like UTF-16 without a byte-order mark (binary zeros near byte {at:,}): if it is, "
                f"declare encoding: {encoding} in nps.yaml, or export it as UTF-8.",
                [encoding],
            )
    if len(window) - len(window.translate(None, _CONTROLS)) > _NO_TEXT * len(window):
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{name} is no text: it holds binary zeros (near byte {at:,}). If a spreadsheet program opens it, "
            "export it from there as CSV.",
        )


def with_visible_zeros(texts: Iterator[str], path: Path) -> Iterator[str]:
    """The same text without zeros at the end of cells, and with signs for those within.

    Raises `FileRefusedError` as `refuse_zeros` does; `path` is for the message.
    """
    read = 0
    before = ""
    for text in texts:
        if before or "\0" in text:
            if read == 0 or len(text) >= _WINDOW:  # of a few characters at the end, one would be a large share
                _refuse_binary(text[:_WINDOW].encode("latin-1", "replace"), read, path.name)
            whole = before + text
            rest = whole.rstrip("\0")
            before = whole[len(rest) :]
            yield _PADDING.sub("", rest).replace("\0", ZERO)
        else:
            yield text
        read += len(text)
